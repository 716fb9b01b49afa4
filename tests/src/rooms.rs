//! Do all the ways to compute a case agree, bit for bit?
//!
//! The reference on the expressions as they were built, against: optimized on one thread and on
//! eight, interpreted, the identity plan, results that are stored chunk by chunk, and a plan under
//! the smallest memory that is accepted.
//! All NaNs count as one.

use crate::program::{Built, Program};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tilewright_core::{Block, Error, Grid, Kind, Result};
use tilewright_exec::{CancelToken, Engine, Executor, RunOptions, Target};
use tilewright_expr::{Expr, print, reference};
use tilewright_io::memory::MemorySink;
use tilewright_opt::{Options as Optimizing, Report, identity, optimize};
use tilewright_plan::build::SinkShape;
use tilewright_plan::{Options as Planning, Planned, budget, memory, plan};

/// Executors that cases share, so that kernels are compiled once.
pub struct Rooms {
    one: Executor,
    eight: Executor,
}

/// A way to compute that does not agree.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which way.
    pub room: String,
    /// What happened.
    pub message: String,
    /// The stages and kernels it ran, if it came so far.
    pub plan: String,
}

/// Peaks of a run: measured and projected.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peaks {
    /// Bytes handed out at once.
    pub measured: u64,
    /// The bound from planning.
    pub projected: u64,
}

const PLENTY: u64 = 1 << 32;

impl Rooms {
    /// Fresh executors.
    ///
    /// # Errors
    /// If threads cannot be started.
    pub fn new() -> Result<Rooms> {
        Ok(Rooms {
            one: Executor::new(1)?,
            eight: Executor::new(8)?,
        })
    }

    /// Whether every way agrees; the optimizer's report.
    ///
    /// # Errors
    /// The first way that does not, also if it panics.
    pub fn agree(&self, program: &Program, built: &Built) -> Result<Report, Failure> {
        let roots = program.roots_of(built);
        self.agree_roots(&roots, built)
    }

    /// As [`Rooms::agree`], for expressions.
    ///
    /// # Errors
    /// The first way that does not agree.
    pub fn agree_roots(&self, roots: &[Expr], built: &Built) -> Result<Report, Failure> {
        let read = |leaf: &_| built.read(leaf);
        let want = guarded("reference", || reference::evaluate(roots, &read))?;
        let optimized = guarded("optimize", || optimize(roots, &Optimizing::default()))?;
        let planned = guarded("plan", || plan(&optimized.roots, &Planning::default()))
            .map_err(|failure| with_stages(failure, &optimized.roots))?;
        let room = |name: &'static str, executor: &Executor, planned: &Planned, engine, memory| {
            self.compare(name, executor, planned, engine, memory, &want, built)
                .map_err(|failure| match self.blame(&optimized.roots, &want, built) {
                    Some(failure) => failure,
                    None => with_stages(failure, &optimized.roots),
                })
        };
        room("jit, 1 thread", &self.one, &planned, Engine::Jit, PLENTY)?;
        room("jit, 8 threads", &self.eight, &planned, Engine::Jit, PLENTY)?;
        room(
            "interpreter",
            &self.one,
            &planned,
            Engine::Interpreter,
            PLENTY,
        )?;
        let plain = guarded("identity", || identity(roots))?;
        let unoptimized = guarded("plan of identity", || plan(&plain, &Planning::default()))
            .map_err(|failure| with_stages(failure, &plain))?;
        self.compare(
            "identity",
            &self.one,
            &unoptimized,
            Engine::Jit,
            PLENTY,
            &want,
            built,
        )
        .map_err(|failure| with_stages(failure, &plain))?;
        self.stored(&optimized.roots, &want, built)
            .map_err(|failure| with_stages(failure, &optimized.roots))?;
        let (tight, budget) = guarded("small memory", || smallest(&optimized.roots))?;
        room("small memory", &self.eight, &tight, Engine::Jit, budget)?;
        Ok(optimized.report)
    }

    /// The optimizer's own failure, if the reference of its result differs already.
    fn blame(&self, roots: &[Expr], want: &[Block], built: &Built) -> Option<Failure> {
        let read = |leaf: &_| built.read(leaf);
        let room = "optimize (the reference of its result differs)";
        let got = guarded(room, || reference::evaluate(roots, &read));
        let failure = match got {
            Err(failure) => failure,
            Ok(got) => Failure {
                room: room.into(),
                message: got.iter().zip(want).find_map(|(g, w)| difference(g, w))?,
                plan: String::new(),
            },
        };
        Some(with_stages(failure, roots))
    }

    /// Every second root, the first among them, in a store whose chunks are not the root's own.
    fn stored(&self, roots: &[Expr], want: &[Block], built: &Built) -> Result<(), Failure> {
        let (mut sinks, mut targets, mut stores) = (Vec::new(), Vec::new(), Vec::new());
        for (k, root) in roots.iter().enumerate() {
            if k % 2 == 1 {
                targets.push(Target::Memory);
                stores.push(None);
                sinks.push(None);
                continue;
            }
            let sizes: Vec<i64> = root.shape().iter().map(|len| (len / 3).max(1)).collect();
            let grid = Grid::regular(root.shape(), &sizes);
            let sink = guarded("a sink", || MemorySink::new(root.dtype(), grid.clone()))?;
            let sink = Arc::new(sink);
            targets.push(Target::Sink(sink.clone()));
            stores.push(Some(SinkShape {
                grid,
                encode_bytes: 0,
            }));
            sinks.push(Some(sink));
        }
        let options = Planning {
            memory: None,
            stores,
        };
        let room = "stored";
        let planned = guarded("plan of a store", || plan(roots, &options))?;
        let options = self::options(Engine::Jit, PLENTY, built);
        let outcome = guarded(room, || self.eight.run(&planned, targets, &options))?;
        let fail = |message: String| Failure {
            room: room.into(),
            message,
            plan: kernels(&planned),
        };
        for (k, want) in want.iter().enumerate() {
            let taken = sinks[k].as_ref().and_then(|sink| sink.take());
            let kept = outcome.results.get(k).and_then(|r| r.as_deref());
            let Some(got) = taken.as_ref().or(kept) else {
                return Err(fail(format!("root {k} has no result")));
            };
            if let Some(message) = difference(got, want) {
                return Err(fail(format!("root {k}: {message}")));
            }
        }
        let sunk: Vec<bool> = sinks.iter().map(Option::is_some).collect();
        let stages = memory::stages(&planned.plan, &sunk);
        // Known: the chunk that is cut out of a root kept in memory too is in no stage's bound.
        let uncounted = roots.iter().map(chunk_bytes).max().unwrap_or(0);
        let projected = budget::peak(&stages, 8, PLENTY).0 + uncounted;
        let measured = outcome.stats.peak_bytes;
        if measured > projected {
            return Err(fail(format!("{measured} bytes, {projected} projected")));
        }
        Ok(())
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one place says what a run is compared on"
    )]
    fn compare(
        &self,
        room: &'static str,
        executor: &Executor,
        planned: &Planned,
        engine: Engine,
        memory: u64,
        want: &[Block],
        built: &Built,
    ) -> Result<(), Failure> {
        let fail = |message: String| Failure {
            room: room.into(),
            message,
            plan: kernels(planned),
        };
        let options = options(engine, memory, built);
        let outcome = guarded(room, || executor.run(planned, vec![], &options))
            .map_err(|failure| fail(failure.message))?;
        for (k, want) in want.iter().enumerate() {
            let Some(Some(got)) = outcome.results.get(k) else {
                return Err(fail(format!("root {k} has no result")));
            };
            if let Some(message) = difference(got, want) {
                return Err(fail(format!("root {k}: {message}")));
            }
        }
        if outcome.stats.interpreted_kernels != 0 {
            return Err(fail(format!(
                "{} kernels did not compile",
                outcome.stats.interpreted_kernels
            )));
        }
        let peaks = Peaks {
            measured: outcome.stats.peak_bytes,
            projected: projected(planned, executor.threads(), memory),
        };
        if peaks.measured > peaks.projected {
            return Err(fail(format!("more memory than projected: {peaks:?}")));
        }
        Ok(())
    }
}

/// Bytes of the largest chunk that [`Rooms::stored`] writes of a root.
fn chunk_bytes(root: &Expr) -> u64 {
    let lens = root.shape().iter().map(|len| (len / 3).max(1) as u64);
    lens.product::<u64>() * root.dtype().itemsize() as u64
}

/// How a case is run.
pub fn options(engine: Engine, memory: u64, built: &Built) -> RunOptions {
    let files = built.files.clone();
    RunOptions {
        memory,
        engine,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(move |uri, _| match files.get(uri) {
            Some(file) => Ok(file.clone()),
            None => Err(Error::new(Kind::Source, format!("no stored array {uri}"))),
        }),
    }
}

/// The bound of a plan's peak with this many threads.
pub fn projected(planned: &Planned, threads: usize, budget: u64) -> u64 {
    let sinks = vec![false; planned.plan.roots.len()];
    budget::peak(
        &memory::stages(&planned.plan, &sinks),
        threads as u64,
        budget,
    )
    .0
}

/// What one task of each stage needs, with what stays in memory meanwhile: the least budget.
pub fn need(planned: &Planned) -> u64 {
    let sinks = vec![false; planned.plan.roots.len()];
    let stages = memory::stages(&planned.plan, &sinks);
    // A task takes a slot even where it needs no byte of its own.
    let each = stages.iter().map(|s| s.live + s.outputs + s.task.max(1));
    each.max().unwrap_or(0).max(1)
}

/// The plan that takes a fraction of its plain need, or else all of it.
fn smallest(roots: &[Expr]) -> Result<(Planned, u64)> {
    let plain = need(&plan(roots, &Planning::default())?);
    for budget in [plain / 4, plain / 2, plain - plain / 8] {
        let options = Planning {
            memory: Some(budget),
            stores: vec![],
        };
        match plan(roots, &options) {
            Ok(planned) => {
                let least = need(&planned);
                return Ok((planned, least.min(budget)));
            }
            Err(error) if error.kind() == Kind::Budget => {}
            Err(error) => return Err(error),
        }
    }
    let options = Planning {
        memory: Some(plain),
        stores: vec![],
    };
    Ok((plan(roots, &options)?, plain))
}

/// The result, or a failure also for a panic.
fn guarded<T>(room: &str, run: impl FnOnce() -> Result<T>) -> Result<T, Failure> {
    let message = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => format!("{error:?}"),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            format!("panic: {}", text.unwrap_or_default())
        }
    };
    Err(Failure {
        room: room.into(),
        message,
        plan: String::new(),
    })
}

/// Bits of an element, all NaNs the same.
fn bits(block: &Block, k: usize) -> Option<u64> {
    let scalar = block.get(k)?;
    let nan = scalar.dtype().is_float() && scalar.to_f64().is_nan();
    Some(if nan { u64::MAX } else { scalar.bits() })
}

/// Where two arrays first differ; `None` if they have the same type and bits.
pub fn difference(got: &Block, want: &Block) -> Option<String> {
    if (got.dtype, &got.shape) != (want.dtype, &want.shape) {
        return Some(format!(
            "{}{:?}, not {}{:?}",
            got.dtype, got.shape, want.dtype, want.shape
        ));
    }
    let differs = |&k: &usize| bits(got, k) != bits(want, k);
    let at = (0..want.len()).find(differs)?;
    let count = (0..want.len()).filter(differs).count();
    let (g, w) = (got.get(at), want.get(at));
    Some(format!(
        "element {at} of {:?} is {g:?}, not {w:?} ({count} of {} differ)",
        want.shape,
        want.len()
    ))
}

fn with_stages(mut failure: Failure, roots: &[Expr]) -> Failure {
    let tree = catch_unwind(AssertUnwindSafe(|| print::table(&print::tree(roots))));
    failure.plan = format!("{}\n{}", tree.unwrap_or_default(), failure.plan);
    failure
}

/// Labels and kernels of every stage.
fn kernels(planned: &Planned) -> String {
    let mut out = String::new();
    for (k, stage) in planned.plan.stages.iter().enumerate() {
        let _ = writeln!(out, "stage {k} {}\n{}", stage.label, stage.kernel);
    }
    out
}
