//! What the user sees meanwhile, and how to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tilewright_core::{Error, Kind, Result};

/// Stops a run from another thread or a signal handler.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks the run to stop; tasks that run finish first.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether that was asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Stages finished.
    pub stage: usize,
    /// Stages in all.
    pub stages: usize,
    /// Iterations done.
    pub done: f64,
    /// Iterations in all.
    pub total: f64,
    /// Since the run began.
    pub elapsed: Duration,
    /// Encoded bytes read so far.
    pub bytes_read: u64,
}

/// Called with the progress now and then, from whichever thread finished a task.
pub type Callback = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Time between two calls.
const INTERVAL: Duration = Duration::from_millis(50);

/// Counts iterations and calls back.
pub struct Meter {
    callback: Option<Callback>,
    stages: usize,
    total: f64,
    /// Iterations, as bits of an f64 under the lock's protection.
    done: Mutex<(f64, Instant)>,
    stage: AtomicU64,
    started: Instant,
}

impl Meter {
    /// A meter of `total` iterations over `stages` stages.
    pub fn new(callback: Option<Callback>, stages: usize, total: f64) -> Meter {
        let now = Instant::now();
        Meter {
            callback,
            stages,
            total,
            done: Mutex::new((0.0, now)),
            stage: AtomicU64::new(0),
            started: now,
        }
    }

    /// A stage is finished.
    pub fn finish_stage(&self, bytes_read: u64) {
        self.stage.fetch_add(1, Ordering::Relaxed);
        if let (Some(callback), Ok(done)) = (&self.callback, self.done.lock()) {
            callback(&self.progress(done.0, bytes_read));
        }
    }

    /// A task of so many iterations is finished.
    pub fn advance(&self, iterations: f64, bytes_read: u64) {
        let Some(callback) = &self.callback else {
            return;
        };
        // A thread that is calling back already reports for the others.
        let Ok(mut done) = self.done.lock() else {
            return;
        };
        done.0 += iterations;
        if done.1.elapsed() >= INTERVAL {
            done.1 = Instant::now();
            callback(&self.progress(done.0, bytes_read));
        }
    }

    fn progress(&self, done: f64, bytes_read: u64) -> Progress {
        Progress {
            stage: self.stage.load(Ordering::Relaxed) as usize,
            stages: self.stages,
            done,
            total: self.total,
            elapsed: self.started.elapsed(),
            bytes_read,
        }
    }
}

/// When a run must stop.
pub struct Stop {
    /// Asked by the user.
    pub cancel: CancelToken,
    /// Past this time.
    pub deadline: Option<Instant>,
}

impl Stop {
    /// # Errors
    /// [`Kind::Cancelled`] if the run was cancelled or is past its deadline.
    pub fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::new(Kind::Cancelled, "the run was cancelled"));
        }
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline)
        {
            return Err(Error::new(Kind::Cancelled, "the run is past its deadline")
                .way_out("a later deadline, or a slice of the result"));
        }
        Ok(())
    }
}
