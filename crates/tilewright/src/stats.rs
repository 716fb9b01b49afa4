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
    /// Those of two runs, one after the other: times and counts add up, peaks do not.
    pub(crate) fn after(self, first: &Stats) -> Stats {
        Stats {
            wall_s: self.wall_s + first.wall_s,
            plan_s: self.plan_s + first.plan_s,
            compile_s: self.compile_s + first.compile_s,
            kernels: self.kernels + first.kernels,
            kernel_cache_hits: self.kernel_cache_hits + first.kernel_cache_hits,
            tasks: self.tasks + first.tasks,
            chunks_read: self.chunks_read + first.chunks_read,
            bytes_read: self.bytes_read + first.bytes_read,
            bytes_decoded: self.bytes_decoded + first.bytes_decoded,
            elements_generated: self.elements_generated + first.elements_generated,
            elements_computed: self.elements_computed + first.elements_computed,
            bytes_written: self.bytes_written + first.bytes_written,
            projected_peak_bytes: self.projected_peak_bytes.max(first.projected_peak_bytes),
            peak_bytes: self.peak_bytes.max(first.peak_bytes),
            peak_rss_bytes: self.peak_rss_bytes.max(first.peak_rss_bytes),
            spilled_bytes: self.spilled_bytes + first.spilled_bytes,
            threads: self.threads.max(first.threads),
            interpreted_kernels: self.interpreted_kernels + first.interpreted_kernels,
        }
    }

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
