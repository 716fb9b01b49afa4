//! How patient, and how busy, is a reader?
//!
//! Absent: credentials and endpoints beside `options`, which come from the environment by the names
//! that S3's own tools know (`AWS_…`).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How objects are read over a network.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Longest time until a connection stands.
    pub connect: Duration,
    /// Longest time without a byte of an answer.
    pub stall: Duration,
    /// Longest time of an operation, with all its tries.
    pub total: Duration,
    /// How often an operation is tried again whose failure may pass: an answer of 5xx, 408 or 429, a
    /// connection that breaks, an answer that stalls or ends early.
    pub retries: usize,
    /// Time before the first retry; it doubles with every other.
    pub backoff: Duration,
    /// Most operations at once for a host or bucket.
    pub requests: usize,
    /// Options of buckets that count before the environment, by its names.
    pub options: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            connect: Duration::from_secs(5),
            stall: Duration::from_secs(20),
            total: Duration::from_secs(120),
            retries: 5,
            backoff: Duration::from_millis(100),
            requests: 8,
            options: Vec::new(),
        }
    }
}

static SETTINGS: Mutex<Option<Settings>> = Mutex::new(None);

impl Settings {
    /// The settings of hosts and buckets that are asked for the first time.
    pub fn current() -> Settings {
        let settings = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
        settings.clone().unwrap_or_default()
    }

    /// Makes these the settings of every host and bucket that this process has not asked yet.
    pub fn apply(self) {
        *SETTINGS.lock().unwrap_or_else(PoisonError::into_inner) = Some(self);
    }
}
