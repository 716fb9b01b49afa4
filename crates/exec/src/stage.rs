//! One stage: workers that take tasks until none is left.

use crate::merge::Merges;
use crate::progress::Meter;
use crate::raw::{Code, Shared};
use crate::run::Context;
use crate::stats::Counts;
use crate::task;
use crate::worker::Worker;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tilewright_core::error::panic_text;
use tilewright_core::{Error, Kind, Result};
use tilewright_io::Sink;
use tilewright_plan::lower::Layout;
use tilewright_plan::{Stage, Tasks};

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
    next: AtomicI64,
    failed: AtomicBool,
    /// The error of the task with the lowest number.
    error: Mutex<Option<(i64, Error)>>,
}

/// Runs all tasks of a stage, `workers` at once, while `readers` fetch what they will take; one worker
/// runs on the calling thread.
///
/// # Errors
/// The error of the first task that failed, [`Kind::Cancelled`] if the run was stopped.
pub fn run(
    running: &Running<'_>,
    helpers: Option<&rayon::ThreadPool>,
    (workers, readers): (u64, u64),
    meter: &Meter,
) -> Result<()> {
    let queue = Queue {
        next: AtomicI64::new(0),
        failed: AtomicBool::new(false),
        error: Mutex::new(None),
    };
    let workers = workers.min(running.tasks.count().max(1) as u64);
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
        _ => running.context.ahead.beside(running, readers, tasks),
    }
    let error = queue
        .error
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    error.map_or(Ok(()), |(_, error)| Err(error))
}

fn work(running: &Running<'_>, queue: &Queue, meter: &Meter) {
    let mut worker = None;
    let count = running.tasks.count();
    let total = running.stage.iterations(&running.stage.domain) as f64;
    while !queue.failed.load(Ordering::Relaxed) {
        let number = queue.next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return;
        }
        let Some(next) = running.tasks.get(number) else {
            continue;
        };
        let worker = worker.get_or_insert_with(|| Worker::new(running));
        let run = || {
            running.context.stop.check()?;
            task::run(running, worker, &next)
        };
        let result =
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(&*panic)));
        match result {
            Ok(()) => {
                Counts::add(&running.context.counts.tasks, 1);
                let read = &running.context.counters.bytes_read;
                meter.advance(total / count as f64, Counts::get(read));
            }
            Err(error) => {
                queue.failed.store(true, Ordering::Relaxed);
                let mut first = queue.error.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(k, _)| number < *k) {
                    let error = error.fact("stage", &running.stage.label);
                    *first = Some((number, error));
                }
            }
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic_text(panic);
    Error::new(Kind::Internal, format!("a task panicked: {text}"))
}
