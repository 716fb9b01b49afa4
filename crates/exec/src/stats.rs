//! What was done, counted where it happened. Never copied from a plan.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Seconds spent compiling kernels, summed over threads.
    pub compile_s: f64,
    /// Kernels compiled.
    pub kernels: u64,
    /// Kernels found compiled.
    pub kernel_cache_hits: u64,
    /// Stages whose kernel did not compile and was interpreted.
    pub interpreted_kernels: u64,
    /// Tasks run.
    pub tasks: u64,
    /// Stored chunks fetched.
    pub chunks_read: u64,
    /// Encoded bytes fetched.
    pub bytes_read: u64,
    /// Bytes decoded.
    pub bytes_decoded: u64,
    /// Encoded bytes stored.
    pub bytes_written: u64,
    /// Random numbers drawn.
    pub elements_generated: u64,
    /// Elements that kernels computed: iterations, summed over kernel calls.
    pub elements_computed: u64,
    /// Most bytes handed out at once.
    pub peak_bytes: u64,
    /// Bytes written to temporary storage for want of memory.
    pub spilled_bytes: u64,
}

/// What one stage took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StageStats {
    /// Seconds from its first task to its last.
    pub wall_s: f64,
    /// Tasks run.
    pub tasks: u64,
    /// Elements that kernels computed.
    pub elements_computed: u64,
    /// Random numbers drawn.
    pub elements_generated: u64,
    /// Stored chunks fetched.
    pub chunks_read: u64,
    /// Bytes decoded.
    pub bytes_decoded: u64,
    /// Most bytes handed out at once while it ran.
    pub peak_bytes: u64,
    /// Tasks that ran at once.
    pub workers: u64,
    /// Seconds in kernels, summed over threads.
    pub kernel_s: f64,
}

/// Counters that workers share.
#[derive(Debug, Default)]
pub struct Counts {
    /// Tasks run.
    pub tasks: AtomicU64,
    /// Elements computed.
    pub computed: AtomicU64,
    /// Numbers drawn.
    pub drawn: AtomicU64,
    /// Nanoseconds in kernels.
    pub kernel_ns: AtomicU64,
}

impl Counts {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// Reads a counter.
    pub fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}
