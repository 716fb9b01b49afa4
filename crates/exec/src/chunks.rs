//! Decoded chunks that several tasks, or several stages, read.
//!
//! A chunk that tasks of a stage share is fetched by the first and waits for the others while the cache
//! has room; the oldest go first. So do those that stages of one turn leave to each other. For later
//! stages the first ones stay: of what is read once more from the start, the oldest would go just before
//! they are wanted. Absent: chunks that one task alone reads, which go to its own buffer.

use crate::account::Held;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tilewright_core::{Result, Shape};

/// A chunk of a source of the plan.
pub(crate) type Key = (usize, Shape);
type Slot = Arc<OnceLock<Result<Arc<Held>>>>;

/// Chunks by source and index.
pub struct ChunkCache {
    capacity: u64,
    /// The sources whose chunks are kept; `None` for any.
    only: Option<Vec<usize>>,
    /// Whether they stay; else old ones make room for new ones.
    stay: bool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: HashMap<Key, (Slot, u64)>,
    order: VecDeque<Key>,
    bytes: u64,
}

impl ChunkCache {
    /// A cache that holds at most `capacity` bytes; 0 keeps nothing.
    pub fn new(capacity: u64) -> ChunkCache {
        ChunkCache {
            capacity,
            only: None,
            stay: false,
            inner: Mutex::default(),
        }
    }

    /// One of these sources alone.
    pub fn of(sources: Vec<usize>, capacity: u64) -> ChunkCache {
        ChunkCache {
            only: Some(sources),
            ..ChunkCache::new(capacity)
        }
    }

    /// One of these sources, whose chunks stay until [`ChunkCache::forget`].
    pub fn staying(sources: Vec<usize>, capacity: u64) -> ChunkCache {
        ChunkCache {
            stay: true,
            ..ChunkCache::of(sources, capacity)
        }
    }

    /// Whether the chunk is here, or on its way.
    pub fn holds(&self, source: usize, chunk: &[i64]) -> bool {
        self.capacity > 0 && self.lock().slots.contains_key(&(source, chunk.into()))
    }

    /// Drops the chunks of a source.
    pub fn forget(&self, source: usize) {
        let inner = &mut *self.lock();
        inner.order.retain(|key| key.0 != source);
        let gone = inner.slots.extract_if(|key, _| key.0 == source);
        let freed: u64 = gone.map(|(_, (_, bytes))| bytes).sum();
        inner.bytes -= freed;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a chunk of this source and size is worth asking for here.
    pub fn keeps(&self, source: usize, bytes: usize) -> bool {
        let of = |sources: &Vec<usize>| sources.contains(&source);
        bytes as u64 <= self.capacity && self.only.as_ref().is_none_or(of)
    }

    /// The chunk, read by `read` if it is not here; other threads that want it wait for that. `None` if
    /// there is no room.
    ///
    /// # Errors
    /// Those of `read`, remembered.
    pub fn get(
        &self,
        source: usize,
        chunk: &[i64],
        bytes: usize,
        read: impl FnOnce() -> Result<Held>,
    ) -> Result<Option<Arc<Held>>> {
        let Some(slot) = self.slot((source, chunk.into()), bytes as u64) else {
            return Ok(None);
        };
        let found = slot.get_or_init(|| read().map(Arc::new));
        found.clone().map(Some)
    }

    fn slot(&self, key: Key, bytes: u64) -> Option<Slot> {
        let inner = &mut *self.lock();
        if let Some((slot, _)) = inner.slots.get(&key) {
            return Some(slot.clone());
        }
        if self.stay && inner.bytes + bytes > self.capacity {
            return None;
        }
        while inner.bytes + bytes > self.capacity {
            let Some(oldest) = inner.order.pop_front() else {
                break;
            };
            if let Some((_, freed)) = inner.slots.remove(&oldest) {
                inner.bytes -= freed;
            }
        }
        let slot = Slot::default();
        inner.bytes += bytes;
        inner.order.push_back(key.clone());
        inner.slots.insert(key, (slot.clone(), bytes));
        Some(slot)
    }
}
