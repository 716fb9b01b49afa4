//! What was moved, counted where it happens?
//!
//! Absent: anything estimated or copied from a plan.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of one run. All start at 0 and only grow.
#[derive(Debug, Default)]
pub struct Counters {
    /// Stored chunks (or the inner chunks of shards) fetched; a missing chunk is not fetched.
    pub chunks_read: AtomicU64,
    /// Encoded bytes fetched, shard indices included.
    pub bytes_read: AtomicU64,
    /// Bytes of elements decoded, before clipping to the array's shape.
    pub bytes_decoded: AtomicU64,
    /// Encoded bytes stored.
    pub bytes_written: AtomicU64,
}

impl Counters {
    /// One chunk of `decoded` bytes was fetched as `encoded` bytes.
    pub fn read_chunk(&self, encoded: usize, decoded: usize) {
        self.chunks_read.fetch_add(1, Ordering::Relaxed);
        self.bytes_read.fetch_add(encoded as u64, Ordering::Relaxed);
        self.bytes_decoded
            .fetch_add(decoded as u64, Ordering::Relaxed);
    }

    /// This many bytes of elements were read where they lie open in memory, which fetches no chunk.
    pub fn read_in_place(&self, bytes: usize) {
        self.bytes_read.fetch_add(bytes as u64, Ordering::Relaxed);
        self.bytes_decoded
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// This many bytes of a shard's index were fetched.
    pub(crate) fn read_index(&self, bytes: usize) {
        self.bytes_read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// This many encoded bytes were stored.
    pub fn wrote(&self, bytes: usize) {
        self.bytes_written
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }
}
