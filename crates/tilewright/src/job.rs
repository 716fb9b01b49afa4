//! One run: what it computes, where results go, and how it is stopped.

use crate::computed::Computed;
use crate::counted::{self, Lengths, Resolved};
use crate::explain::{self, Explanation};
use crate::prepare::Prepared;
use crate::session::{Engine, OnProgress, PlanKey};
use crate::template::Template;
use crate::{Array, Session, Stats, Store, open, origin, reference, stats};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tilewright_core::{Error, Kind, Result};
use tilewright_exec::{CancelToken, Given, Outcome, Progress, RunOptions, StageStats, Target};
use tilewright_expr::Expr;
use tilewright_expr::print::one_line;
use tilewright_io::{Sink, SinkInfo};
use tilewright_plan::SinkShape;

/// A run that has not started; made by [`Session::job`].
///
/// ```
/// use tilewright::{CancelToken, Kind, Session, ones};
///
/// let session = Session::builder().threads(1).build()?;
/// let cancel = CancelToken::default();
/// cancel.cancel();
/// let error = session.job([&ones([10]).sum(..)]).cancel(cancel).run().unwrap_err();
/// assert_eq!(error.kind(), Kind::Cancelled);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
pub struct Job {
    session: Session,
    arrays: Vec<Array>,
    stores: BTreeMap<usize, Store>,
    cancel: CancelToken,
    deadline: Option<Instant>,
    progress: Option<OnProgress>,
}

/// What a run gave.
#[derive(Debug)]
pub struct Finished {
    /// One per array; `None` where it was stored.
    pub results: Vec<Option<Computed>>,
    /// What the run did.
    pub stats: Stats,
}

impl Job {
    pub(crate) fn new(session: Session, arrays: Vec<Array>) -> Job {
        let progress = session.settings().progress.clone();
        Job {
            session,
            arrays,
            stores: BTreeMap::new(),
            cancel: CancelToken::default(),
            deadline: None,
            progress,
        }
    }

    /// Stops when this token is cancelled; tasks that run finish first.
    pub fn cancel(mut self, cancel: CancelToken) -> Job {
        self.cancel = cancel;
        self
    }

    /// Stops at this time.
    pub fn deadline(mut self, deadline: Instant) -> Job {
        self.deadline = Some(deadline);
        self
    }

    /// Called with the progress, in place of the session's callback.
    pub fn progress(mut self, progress: impl Fn(&Progress) + Send + Sync + 'static) -> Job {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Stores array number `k` instead of keeping it in memory.
    pub fn store(mut self, k: usize, store: impl Into<Store>) -> Job {
        self.stores.insert(k, store.into());
        self
    }

    /// Runs it.
    ///
    /// # Errors
    /// What building the arrays met; [`Kind::Budget`] if no plan fits the memory,
    /// [`Kind::Source`] and [`Kind::Sink`] if storage fails, [`Kind::Cancelled`] if it was
    /// stopped. Whatever happens, no partial result appears under a store's name.
    pub fn run(&self) -> Result<Finished> {
        let started = Instant::now();
        let mut finished = self.results(None)?;
        self.close(&mut finished.stats, started);
        Ok(finished)
    }

    /// As [`Job::run`], without what only a look at the process tells; the only array may go into
    /// memory of the caller's.
    pub(crate) fn results(&self, given: Option<Given<'_>>) -> Result<Finished> {
        let (roots, counting) = self.counted_roots()?;
        let sinks = self.open_sinks(&roots)?;
        let mut finished = self.execute(&roots, sinks, given)?;
        finished.stats = finished.stats.after(&counting);
        Ok(finished)
    }

    /// Runs these roots.
    fn execute(&self, roots: &[Expr], sinks: Sinks, given: Option<Given<'_>>) -> Result<Finished> {
        if self.session.settings().engine != Engine::Reference {
            return Ok(self.ran(roots, sinks, given)?.finished);
        }
        self.check_stopped()?;
        let run = reference::run(roots, &sinks, self.session.memory())?;
        self.check_stopped()?;
        Ok(run)
    }

    /// The roots; lengths that data decide are counted first, and what that took.
    fn counted_roots(&self) -> Result<(Vec<Expr>, Stats)> {
        let (mut lengths, mut counting) = (Lengths::default(), Stats::default());
        loop {
            let counts = match lengths.resolve(&self.arrays)? {
                Resolved::All(roots) => return Ok((roots, counting)),
                Resolved::Wanted(counts) => counts,
            };
            let sinks = counts.iter().map(|_| None).collect();
            let finished = self.execute(&counts, sinks, None)?;
            counting = finished.stats.after(&counting);
            let found = finished.results.iter().flatten();
            let found = found.map(|count| count.item::<i64>());
            lengths.learn(counts, found.collect::<Result<Vec<_>>>()?);
        }
    }

    /// What it would do, stores among it; nothing is read or written.
    ///
    /// # Errors
    /// As [`Job::run`], as far as can be told before.
    pub fn explain(&self) -> Result<Explanation> {
        let roots = counted::longest(&self.arrays)?;
        let template = Template::of(&roots)?;
        let sinks = self.for_stores(&roots, |store, root| store.describe(root))?;
        let (prepared, _) = self
            .session
            .prepare(key(template.roots, sinks.iter().map(Option::as_ref)))?;
        let settings = self.session.settings();
        let mut explanation = explain::build((&roots, &sinks), &prepared, settings);
        if let Resolved::Wanted(counts) = Lengths::default().resolve(&self.arrays)? {
            explanation.counts = counts.iter().map(one_line).collect();
        }
        Ok(explanation)
    }

    /// Runs it and sets what was measured beside what was estimated.
    ///
    /// # Errors
    /// As [`Job::run`]; [`Kind::Value`] for the reference engine, which has no stages.
    pub fn analyze(&self) -> Result<(Explanation, Finished)> {
        if self.session.settings().engine == Engine::Reference {
            return Err(
                Error::new(Kind::Value, "the reference engine has no stages to analyze")
                    .way_out("the jit or the interpreter"),
            );
        }
        let started = Instant::now();
        let (roots, counting) = self.counted_roots()?;
        let sinks = self.open_sinks(&roots)?;
        let infos = sinks.iter().map(|sink| Some(sink.as_ref()?.info().clone()));
        let infos: Vec<_> = infos.collect();
        let mut ran = self.ran(&roots, sinks, None)?;
        ran.finished.stats = ran.finished.stats.after(&counting);
        self.close(&mut ran.finished.stats, started);
        let settings = self.session.settings();
        let mut explanation = explain::build((&roots, &infos), &ran.prepared, settings);
        explanation.measure(&ran.stages, &ran.finished.stats);
        Ok((explanation, ran.finished))
    }

    /// What is known when everything is done.
    fn close(&self, stats: &mut Stats, started: Instant) {
        stats.threads = self.session.threads() as u64;
        stats.peak_rss_bytes = stats::peak_rss();
        stats.wall_s = started.elapsed().as_secs_f64();
    }

    /// Where the roots go.
    fn open_sinks(&self, roots: &[Expr]) -> Result<Sinks> {
        let math = self.session.settings().math;
        self.for_stores(roots, |store, root| {
            store.create(root, origin::origin(root, math))
        })
    }

    /// What is to be had of the stores: for each root that has one.
    fn for_stores<T>(
        &self,
        roots: &[Expr],
        of: impl Fn(&Store, &Expr) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        if let Some((k, store)) = self.stores.iter().find(|&(&k, _)| k >= roots.len()) {
            return Err(Error::new(
                Kind::Value,
                format!("there is no array number {k} to store"),
            )
            .fact("store", store.name())
            .way_out(format!("0 to {}", roots.len().saturating_sub(1))));
        }
        let one = |(k, root)| self.stores.get(&k).map(|store| of(store, root)).transpose();
        roots.iter().enumerate().map(one).collect()
    }

    fn check_stopped(&self) -> Result<()> {
        let late = self
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline);
        if self.cancel.is_cancelled() || late {
            return Err(Error::new(Kind::Cancelled, "the run was cancelled"));
        }
        Ok(())
    }

    /// Plans, unless the plan is there, and runs.
    fn ran(&self, roots: &[Expr], sinks: Sinks, given: Option<Given<'_>>) -> Result<Ran> {
        let template = Template::of(roots)?;
        let infos = sinks
            .iter()
            .map(|sink| sink.as_ref().map(|sink| sink.info()));
        let (prepared, made) = self.session.prepare(key(template.roots, infos))?;
        let mut targets: Vec<Target<'_>> = sinks
            .into_iter()
            .map(|sink| sink.map_or(Target::Memory, Target::Sink))
            .collect();
        if let (Some(given), [target]) = (given, &mut targets[..]) {
            *target = Target::Given(given);
        }
        let planned = prepared.planned.bind(&template.handles);
        let executor = self.session.executor();
        let outcome = executor.run(&planned, targets, &self.options())?;
        Ok(self.finished(prepared, outcome, made))
    }

    fn options(&self) -> RunOptions {
        let settings = self.session.settings();
        RunOptions {
            memory: settings.memory,
            engine: settings.engine.of_kernels(),
            cancel: self.cancel.clone(),
            deadline: self.deadline,
            progress: self.progress.clone(),
            open: Arc::new(open::reopen),
        }
    }

    fn finished(&self, prepared: Arc<Prepared>, outcome: Outcome, made: bool) -> Ran {
        let run = outcome.stats;
        let stats = Stats {
            plan_s: if made {
                prepared.took.as_secs_f64()
            } else {
                0.0
            },
            compile_s: run.compile_s,
            kernels: run.kernels,
            kernel_cache_hits: run.kernel_cache_hits,
            tasks: run.tasks,
            chunks_read: run.chunks_read,
            bytes_read: run.bytes_read,
            bytes_decoded: run.bytes_decoded,
            elements_generated: run.elements_generated,
            elements_computed: run.elements_computed,
            bytes_written: run.bytes_written,
            projected_peak_bytes: prepared.projected_peak(self.session.settings()),
            peak_bytes: run.peak_bytes,
            spilled_bytes: run.spilled_bytes,
            interpreted_kernels: run.interpreted_kernels,
            ..Stats::default()
        };
        let results = outcome
            .results
            .into_iter()
            .map(|block| block.map(Computed::from))
            .collect();
        Ran {
            prepared,
            finished: Finished { results, stats },
            stages: outcome.stages,
        }
    }
}

/// A run of a plan, and its plan.
struct Ran {
    prepared: Arc<Prepared>,
    finished: Finished,
    stages: Vec<StageStats>,
}

/// Where each root goes: into memory where there is none.
type Sinks = Vec<Option<Arc<dyn Sink>>>;

/// What a plan is made for.
fn key<'a>(roots: Vec<Expr>, sinks: impl Iterator<Item = Option<&'a SinkInfo>>) -> PlanKey {
    let shape = |sink: &SinkInfo| SinkShape {
        grid: sink.grid.clone(),
        encode_bytes: sink.encode_bytes,
    };
    (roots, sinks.map(|sink| sink.map(shape)).collect())
}
