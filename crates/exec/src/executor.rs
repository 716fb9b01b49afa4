//! What lives longer than a run: threads, compiled kernels, memory that came back.

use crate::progress::{Callback, CancelToken};
use crate::raw::Given;
use crate::run::{self, Outcome};
use std::sync::Arc;
use std::time::Instant;
use tilewright_core::{Error, Kind, Result, Spare};
use tilewright_io::{Sink, Source};
use tilewright_jit::Cache;
use tilewright_plan::Planned;

/// Bytes of memory kept between buffers: three quarters of what a process may hold beside what it
/// computes with.
const SPARE: usize = 48 << 20;

/// Threads of our own, the kernel cache, and memory that came back.
pub struct Executor {
    threads: usize,
    /// All threads but the caller's; `None` where that is the only one.
    helpers: Option<rayon::ThreadPool>,
    kernels: Cache,
    spare: Arc<Spare>,
}

/// Where a root goes.
pub enum Target<'a> {
    /// Into memory.
    Memory,
    /// Into a store.
    Sink(Arc<dyn Sink>),
    /// Into memory of the caller's; for the only root of a plan.
    Given(Given<'a>),
}

/// What runs kernels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Machine code; the interpreter where compiling takes longer than that.
    #[default]
    Auto,
    /// Machine code.
    Jit,
    /// The plain interpreter.
    Interpreter,
}

/// Opens a stored source by URI and the identity it had when the plan was made.
pub type Open = Arc<dyn Fn(&str, &str) -> Result<Arc<dyn Source>> + Send + Sync>;

/// How to run a plan.
#[derive(Clone)]
pub struct RunOptions {
    /// Bytes that the run may hold.
    pub memory: u64,
    /// What runs kernels.
    pub engine: Engine,
    /// Stops the run.
    pub cancel: CancelToken,
    /// Stops the run at a time.
    pub deadline: Option<Instant>,
    /// Told now and then how far the run is.
    pub progress: Option<Callback>,
    /// Opens stored sources.
    pub open: Open,
}

impl Executor {
    /// An executor of this many threads, the one that calls it among them.
    ///
    /// # Errors
    /// [`Kind::Internal`] if the threads cannot be started.
    pub fn new(threads: usize) -> Result<Executor> {
        let threads = threads.max(1);
        let helpers = (threads > 1).then(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads - 1)
                .thread_name(|k| format!("tilewright-{}", k + 1))
                .build()
        });
        let helpers = helpers.transpose().map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("{threads} threads cannot be started: {error}"),
            )
        })?;
        Ok(Executor {
            threads,
            helpers,
            kernels: Cache::new(),
            spare: Arc::new(Spare::new(SPARE)),
        })
    }

    /// Tasks that run at once at most.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Compiled kernels.
    pub fn kernels(&self) -> &Cache {
        &self.kernels
    }

    pub(crate) fn helpers(&self) -> Option<&rayon::ThreadPool> {
        self.helpers.as_ref()
    }

    pub(crate) fn spare(&self) -> &Arc<Spare> {
        &self.spare
    }

    /// Runs a plan; one target per root, memory where there is none.
    ///
    /// # Errors
    /// [`Kind::Budget`] before anything is read if a stage cannot fit; [`Kind::Source`],
    /// [`Kind::Sink`] and [`Kind::Cancelled`] from its tasks.
    pub fn run(
        &self,
        planned: &Planned,
        targets: Vec<Target<'_>>,
        options: &RunOptions,
    ) -> Result<Outcome> {
        let outcome = run::run(self, planned, &targets, options);
        if outcome.is_err() {
            for target in &targets {
                if let Target::Sink(sink) = target {
                    sink.abort();
                }
            }
        }
        outcome
    }
}
