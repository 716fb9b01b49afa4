//! One turn: workers that take tasks of its stages until none is left.

use crate::merge::Merges;
use crate::progress::Meter;
use crate::raw::{Code, Shared};
use crate::run::Context;
use crate::stats::Counts;
use crate::task;
use crate::turns::{Turn, Turns};
use crate::worker::Worker;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tilewright_core::error::panic_text;
use tilewright_core::{Error, Kind, Result};
use tilewright_io::Sink;
use tilewright_plan::lower::Layout;
use tilewright_plan::{Input, Stage, Tasks};

/// A stage that runs.
pub struct Running<'a> {
    /// The run.
    pub context: &'a Context<'a>,
    /// Its position in the plan.
    pub number: usize,
    /// The stage.
    pub stage: &'a Stage,
    /// The stages that are computed within its tasks.
    pub parts: Vec<Running<'a>>,
    /// Its tasks.
    pub tasks: Tasks<'a>,
    /// Its kernel's argument order.
    pub layout: Layout,
    /// Its kernel's code.
    pub code: Code,
    /// Its outputs in memory; none where it streams.
    pub outputs: Vec<Shared>,
    /// Where it streams its output.
    pub streamed: Option<Arc<dyn Sink>>,
    /// Partial states.
    pub merges: Merges,
}

impl<'a> Running<'a> {
    /// A stage by itself, whose output goes nowhere yet.
    pub fn new(context: &'a Context<'a>, (number, stage): (usize, &'a Stage), code: Code) -> Self {
        Running {
            context,
            number,
            stage,
            parts: Vec::new(),
            tasks: Tasks::new(stage),
            layout: layout(stage),
            code,
            outputs: Vec::new(),
            streamed: None,
            merges: Merges::default(),
        }
    }

    /// Whether its tasks read a source of the plan.
    pub(crate) fn reads(&self, source: usize) -> bool {
        let mut pieces = self.stage.operands.iter().flat_map(|o| &o.pieces);
        pieces.any(|piece| piece.input == Input::Source(source))
            || self.parts.iter().any(|part| part.reads(source))
    }
}

fn layout(stage: &Stage) -> Layout {
    Layout {
        axes: stage.domain.len(),
        operands: stage.operands.len(),
        affines: stage.affines.len(),
        outputs: stage.stored(),
    }
}

/// What workers share.
struct Queue {
    turns: Mutex<Turns>,
    failed: AtomicBool,
    /// The error of the first task that failed, in the order of tasks.
    error: Mutex<Option<(i64, Error)>>,
}

/// Runs all tasks of stages of one context, `workers` at once, while `readers` fetch what they will
/// take; one worker runs on the calling thread.
///
/// # Errors
/// The error of the first task that failed, [`Kind::Cancelled`] if the run was stopped.
pub fn run(
    running: &[Running<'_>],
    helpers: Option<&rayon::ThreadPool>,
    (workers, readers): (u64, u64),
    meter: &Meter,
) -> Result<()> {
    let queue = Queue {
        turns: Mutex::new(Turns::new(running)),
        failed: AtomicBool::new(false),
        error: Mutex::new(None),
    };
    let Some(first) = running.first() else {
        return Ok(());
    };
    let count = running.iter().map(|stage| stage.tasks.count().max(0));
    let count = count.fold(0, i64::saturating_add);
    let workers = workers.min(count.max(1) as u64);
    let tasks = || match helpers.filter(|_| workers > 1) {
        None => work(running, &queue, meter),
        Some(helpers) => helpers.in_place_scope(|scope| {
            for _ in 1..workers {
                scope.spawn(|_| work(running, &queue, meter));
            }
            work(running, &queue, meter);
        }),
    };
    match readers {
        0 => tasks(),
        _ => first.context.ahead.beside(running, readers, tasks),
    }
    let error = queue
        .error
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    error.map_or(Ok(()), |(_, error)| Err(error))
}

fn work(stages: &[Running<'_>], queue: &Queue, meter: &Meter) {
    let mut workers: Vec<Option<Worker>> = stages.iter().map(|_| None).collect();
    let next = || {
        let mut turns = queue.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.take()
    };
    while !queue.failed.load(Ordering::Relaxed) {
        let Some(Turn { place, stage, task }) = next() else {
            return;
        };
        let running = &stages[stage];
        let Some(next) = running.tasks.get(task) else {
            continue;
        };
        let worker = workers[stage].get_or_insert_with(|| Worker::new(running));
        let run = || {
            running.context.stop.check()?;
            task::run(running, worker, &next)
        };
        let result =
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(&*panic)));
        if stages.len() > 1 {
            // The next task is another stage's, and takes this memory.
            workers[stage] = None;
        }
        match result {
            Ok(()) => {
                Counts::add(&running.context.counts.tasks, 1);
                let read = &running.context.counters.bytes_read;
                let total = running.stage.iterations(&running.stage.domain) as f64;
                let count = running.tasks.count() as f64;
                meter.advance(total / count, Counts::get(read));
            }
            Err(error) => {
                queue.failed.store(true, Ordering::Relaxed);
                let mut first = queue.error.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(k, _)| place < *k) {
                    let error = error.fact("stage", &running.stage.label);
                    *first = Some((place, error));
                }
            }
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic_text(panic);
    Error::new(Kind::Internal, format!("a task panicked: {text}"))
}
