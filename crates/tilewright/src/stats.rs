//! What did a run do?
//!
//! Counters count where the thing happens; nothing is copied from a plan but the projected peak.

use serde::{Deserialize, Serialize};
use std::fs;

/// What a run did: seconds, bytes and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Seconds from the call to the last byte of the result, planning and compiling included.
    pub wall_s: f64,
    /// Seconds spent optimizing and planning; 0 for a plan used again.
    pub plan_s: f64,
    /// Seconds spent compiling kernels, summed over threads.
    pub compile_s: f64,
    /// Kernels compiled.
    pub kernels: u64,
    /// Kernels found compiled.
    pub kernel_cache_hits: u64,
    /// Tasks run.
    pub tasks: u64,
    /// Stored chunks (or inner chunks of shards) fetched.
    pub chunks_read: u64,
    /// Encoded bytes fetched.
    pub bytes_read: u64,
    /// Bytes of elements decoded.
    pub bytes_decoded: u64,
    /// Random numbers drawn.
    pub elements_generated: u64,
    /// Elements that kernels computed.
    pub elements_computed: u64,
    /// Encoded bytes stored.
    pub bytes_written: u64,
    /// The bound on `peak_bytes` that was computed before the run.
    pub projected_peak_bytes: u64,
    /// Most bytes of arrays and buffers at once.
    pub peak_bytes: u64,
    /// Most resident memory this process ever had, as the system tells; 0 where it does not.
    pub peak_rss_bytes: u64,
    /// Bytes written to temporary storage for want of memory.
    pub spilled_bytes: u64,
    /// Threads of the session.
    pub threads: u64,
    /// Stages whose kernel did not compile and was interpreted.
    pub interpreted_kernels: u64,
}

impl Stats {
    /// One JSON object.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Most resident memory of this process so far, in bytes; 0 where the system does not tell.
pub(crate) fn peak_rss() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    kibibytes.unwrap_or(0u64).saturating_mul(1024)
}
