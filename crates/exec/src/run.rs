//! A plan, turn after turn: of a stage, or of several whose tasks alternate.

use crate::account::{Account, Held};
use crate::ahead::Ahead;
use crate::chunks::ChunkCache;
use crate::code;
use crate::executor::{Engine, Executor, RunOptions, Target};
use crate::gather;
use crate::opened::{self, Opened};
use crate::progress::{Meter, Stop};
use crate::raw::{Given, Shared};
use crate::stage::{self, Running};
use crate::stats::{Counts, StageStats, Stats};
use crate::store;
use std::sync::Arc;
use std::time::Instant;
use tilewright_core::{Block, Error, Kind, Result};
use tilewright_io::{Counters, Sink};
use tilewright_plan::{Plan, Planned, Stage, abreast, budget, memory, shared};

/// What the tasks of a stage share.
pub struct Context<'a> {
    /// The plan.
    pub planned: &'a Planned,
    /// Its sources, opened.
    pub sources: &'a [Opened],
    /// Outputs of earlier stages; `None` once nobody reads them any more.
    pub outputs: &'a [Vec<Option<Arc<Block>>>],
    /// Bytes handed out.
    pub account: Arc<Account>,
    /// Bytes moved.
    pub counters: Arc<Counters>,
    /// Work done.
    pub counts: Arc<Counts>,
    /// When to stop.
    pub stop: &'a Stop,
    /// Decoded chunks for tasks of the same stages.
    pub cache: ChunkCache,
    /// Decoded chunks for later stages, or for those of the same turn.
    pub kept: &'a ChunkCache,
    /// Chunks on their way.
    pub ahead: Ahead,
}

/// What a run gives.
#[derive(Debug)]
pub struct Outcome {
    /// The roots in order; `None` where a sink or memory of the caller's took it.
    pub results: Vec<Option<Arc<Block>>>,
    /// What was done.
    pub stats: Stats,
    /// The same for each stage.
    pub stages: Vec<StageStats>,
}

/// Runs a plan.
///
/// # Errors
/// [`Kind::Budget`] before anything is read if a stage cannot fit, else those of its tasks.
pub fn run(
    executor: &Executor,
    planned: &Planned,
    targets: &[Target<'_>],
    options: &RunOptions,
) -> Result<Outcome> {
    let plan = &planned.plan;
    let sinks: Vec<bool> = (0..plan.roots.len())
        .map(|k| matches!(targets.get(k), Some(Target::Sink(_))))
        .collect();
    let bytes = memory::stages(plan, &sinks);
    let threads = executor.threads() as u64;
    if let Some(k) = bytes
        .iter()
        .position(|b| budget::slots(b, 1, options.memory) == 0)
    {
        return Err(Error::new(
            Kind::Budget,
            format!(
                "stage {k} does not fit the budget of {} bytes",
                options.memory
            ),
        )
        .way_out("plan with this budget"));
    }
    let sources = opened::open(planned, options)?;
    let before = executor.kernels().counts();
    let account = Arc::new(Account::new(executor.spare().clone()));
    let counters = Arc::new(Counters::default());
    let counts = Arc::new(Counts::default());
    let stop = Stop {
        cancel: options.cancel.clone(),
        deadline: options.deadline,
    };
    let with_tasks = || plan.stages.iter().filter(|stage| stage.within.is_none());
    let total = with_tasks().map(iterations).sum();
    let meter = Meter::new(options.progress.clone(), with_tasks().count(), total);
    let mut outputs: Vec<Vec<Option<Arc<Block>>>> = vec![Vec::new(); plan.stages.len()];
    let mut resident: Vec<Option<Held>> = plan.stages.iter().map(|_| None).collect();
    let output_bytes = memory::outputs(plan, &sinks);
    let (mut interpreted, mut peak) = (0, 0);
    let last = memory::last_uses(plan);
    let several = shared::of(plan);
    let kept = ChunkCache::staying(
        several.iter().map(|s| s.source).collect(),
        budget::kept(&bytes, threads, options.memory),
    );
    let mut stages = vec![StageStats::default(); plan.stages.len()];
    for (k, bytes) in bytes.iter().enumerate() {
        stop.check()?;
        let turn: Vec<usize> = plan.in_turn(k).collect();
        if turn.is_empty() {
            continue;
        }
        let began = Instant::now();
        let mark = Mark::new(&counters, &counts);
        peak = peak.max(account.restart_peak());
        let mut code_of = |stage: &Stage| {
            let (code, fallback) = code::of(executor, stage, options.engine);
            interpreted += u64::from(fallback);
            code
        };
        // What the caller's function takes is not known.
        let small = |&k: &usize| plan.stages[k].blocks.is_none() && code::is_small(&plan.stages[k]);
        let workers = match options.engine == Engine::Auto && turn.iter().all(small) {
            true => 1,
            false => budget::slots(bytes, threads, options.memory),
        };
        let readers = budget::tasks_ahead(bytes, threads, options.memory);
        let passing = ChunkCache::passing(
            abreast::passed(plan, &turn).into_iter().collect(),
            turn.len(),
            bytes.passing.saturating_mul(workers),
        );
        let context = Context {
            planned,
            sources: &sources,
            outputs: &outputs,
            account: account.clone(),
            counters: counters.clone(),
            counts: counts.clone(),
            stop: &stop,
            cache: ChunkCache::new(budget::cache(bytes, threads, options.memory)),
            kept: if turn.len() > 1 { &passing } else { &kept },
            ahead: Ahead::new(readers * bytes.ahead.chunks),
        };
        let mut running = Vec::with_capacity(turn.len());
        for &k in &turn {
            let stage = &plan.stages[k];
            let streamed = memory::streams(plan, &sinks, k)
                .then(|| sink_of(planned, targets, k))
                .flatten();
            // The outputs' own bytes are counted while they live.
            resident[k] = streamed.is_none().then(|| account.reserve(output_bytes[k]));
            let outputs = match streamed {
                Some(_) => Vec::new(),
                None => make_outputs(stage, &given(plan, targets, k)?, &account)?,
            };
            let parts = plan.parts(k);
            let parts = parts.map(|(k, part, _)| Running::new(&context, (k, part), code_of(part)));
            running.push(Running {
                parts: parts.collect(),
                outputs,
                streamed,
                ..Running::new(&context, (k, stage), code_of(stage))
            });
        }
        stage::run(&running, executor.helpers(), (workers, readers), &meter)?;
        let made: Vec<Vec<Option<Arc<Block>>>> = running
            .into_iter()
            .map(|stage| {
                let blocks = stage.outputs.into_iter().map(|s| s.into_block());
                blocks.map(|block| block.map(Arc::new)).collect()
            })
            .collect();
        for (&k, made) in turn.iter().zip(made) {
            outputs[k] = made;
            meter.finish_stage(Counts::get(&counters.bytes_read));
        }
        let read = several.iter().filter(|s| *s.stages.end() == k);
        read.for_each(|s| kept.forget(s.source));
        for (j, &last) in last.iter().enumerate() {
            if last <= k {
                outputs[j].clear();
                resident[j] = None;
            }
        }
        stages[k] = StageStats {
            wall_s: began.elapsed().as_secs_f64(),
            peak_bytes: account.peak(),
            workers,
            ..mark.since(&counters, &counts)
        };
    }
    opened::check_identities(&sources)?;
    let results = store_roots(planned, targets, &sinks, &outputs, &account, &counters)?;
    account.raise_peak(peak);
    let after = executor.kernels().counts();
    let stats = Stats {
        compile_s: (after.compile_time - before.compile_time).as_secs_f64(),
        kernels: after.compiled - before.compiled,
        kernel_cache_hits: after.hits - before.hits,
        interpreted_kernels: interpreted,
        tasks: Counts::get(&counts.tasks),
        chunks_read: Counts::get(&counters.chunks_read),
        bytes_read: Counts::get(&counters.bytes_read),
        bytes_decoded: Counts::get(&counters.bytes_decoded),
        bytes_written: Counts::get(&counters.bytes_written),
        elements_generated: Counts::get(&counts.drawn),
        elements_computed: Counts::get(&counts.computed),
        peak_bytes: account.peak(),
        spilled_bytes: 0,
    };
    Ok(Outcome {
        results,
        stats,
        stages,
    })
}

fn iterations(stage: &Stage) -> f64 {
    stage.iterations(&stage.domain) as f64
}

/// Outputs in memory: the caller's, or blocks; those of nothing hold what that gives.
fn make_outputs(
    stage: &Stage,
    given: &[Option<&Given<'_>>],
    account: &Account,
) -> Result<Vec<Shared>> {
    let empty = stage.domain.contains(&0);
    let block = |output: &tilewright_plan::plan::Output| {
        let mut block = account.block(output.dtype, &output.shape)?;
        if empty {
            (0..block.len()).for_each(|k| block.set(k, output.empty));
        }
        Ok::<_, Error>(block)
    };
    let make = |(k, output): (usize, &tilewright_plan::plan::Output)| {
        let Some(memory) = given.get(k).copied().flatten() else {
            return Ok(Shared::new(block(output)?));
        };
        if !memory.fits(output.dtype, &output.shape) {
            return Err(Error::new(Kind::Internal, "memory of another type"));
        }
        let shared = memory.shared();
        if empty {
            gather::fill_shared(&block(output)?, &shared)?;
        }
        Ok(shared)
    };
    stage.outputs.iter().enumerate().map(make).collect()
}

/// The memory of the caller's that each output of a stage goes to.
fn given<'t, 'a>(
    plan: &Plan,
    targets: &'t [Target<'a>],
    stage: usize,
) -> Result<Vec<Option<&'t Given<'a>>>> {
    let mut given = vec![None; plan.stages[stage].outputs.len()];
    for (root, target) in plan.roots.iter().zip(targets) {
        let Target::Given(memory) = target else {
            continue;
        };
        if plan.roots.len() != 1 {
            return Err(Error::new(
                Kind::Internal,
                "memory is given for one of several roots",
            ));
        }
        if root.stage == stage {
            given[root.output] = Some(memory);
        }
    }
    Ok(given)
}

fn sink_of(planned: &Planned, targets: &[Target<'_>], stage: usize) -> Option<Arc<dyn Sink>> {
    let root = planned
        .plan
        .roots
        .iter()
        .position(|root| root.stage == stage)?;
    match targets.get(root) {
        Some(Target::Sink(sink)) => Some(sink.clone()),
        _ => None,
    }
}

/// Hands out the roots that stay, writes those that were kept in memory for a sink, and shows
/// every sink's array.
fn store_roots(
    planned: &Planned,
    targets: &[Target<'_>],
    sinks: &[bool],
    outputs: &[Vec<Option<Arc<Block>>>],
    account: &Arc<Account>,
    counters: &Counters,
) -> Result<Vec<Option<Arc<Block>>>> {
    let mut results = Vec::new();
    let mut piece = account.buffer(0);
    for (k, root) in planned.plan.roots.iter().enumerate() {
        let block = outputs
            .get(root.stage)
            .and_then(|o| o.get(root.output))
            .cloned()
            .flatten();
        match targets.get(k) {
            Some(Target::Sink(sink)) => {
                if let Some(block) =
                    block.filter(|_| !memory::streams(&planned.plan, sinks, root.stage))
                {
                    store::write_block(&**sink, &block, &mut piece, counters)?;
                }
                results.push(None);
            }
            _ => results.push(block),
        }
    }
    for target in targets {
        if let Target::Sink(sink) = target {
            sink.finish()?;
        }
    }
    Ok(results)
}

/// Counters at the start of a stage.
struct Mark(StageStats);

impl Mark {
    fn read(counters: &Counters, counts: &Counts) -> StageStats {
        StageStats {
            tasks: Counts::get(&counts.tasks),
            elements_computed: Counts::get(&counts.computed),
            elements_generated: Counts::get(&counts.drawn),
            chunks_read: Counts::get(&counters.chunks_read),
            bytes_decoded: Counts::get(&counters.bytes_decoded),
            kernel_s: Counts::get(&counts.kernel_ns) as f64 / 1e9,
            ..StageStats::default()
        }
    }

    fn new(counters: &Counters, counts: &Counts) -> Mark {
        Mark(Mark::read(counters, counts))
    }

    fn since(&self, counters: &Counters, counts: &Counts) -> StageStats {
        let now = Mark::read(counters, counts);
        StageStats {
            tasks: now.tasks - self.0.tasks,
            elements_computed: now.elements_computed - self.0.elements_computed,
            elements_generated: now.elements_generated - self.0.elements_generated,
            chunks_read: now.chunks_read - self.0.chunks_read,
            bytes_decoded: now.bytes_decoded - self.0.bytes_decoded,
            kernel_s: now.kernel_s - self.0.kernel_s,
            ..now
        }
    }
}
