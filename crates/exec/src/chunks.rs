//! Decoded chunks that several tasks, or several stages, read.
//!
//! A chunk that tasks of a stage share is fetched by the first and waits for the others while the cache
//! has room; the oldest go first. So do those that stages of one turn leave to each other, but for those
//! that one of them has not taken yet: its task may be late. For later
//! stages the first ones stay: of what is read once more from the start, the oldest would go just before
//! they are wanted. Absent: chunks that one task alone reads, which go to its own buffer.

use crate::account::Held;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tilewright_core::{Result, Shape};

/// A chunk of a source of the plan.
pub(crate) type Key = (usize, Shape);
type Slot = Arc<OnceLock<Result<Arc<Held>>>>;

/// A chunk that is here, or on its way.
struct Entry {
    slot: Slot,
    bytes: u64,
    /// How often it was taken.
    taken: usize,
}

/// Chunks by source and index.
pub struct ChunkCache {
    capacity: u64,
    /// The sources whose chunks are kept; `None` for any.
    only: Option<Vec<usize>>,
    /// Whether they stay; else old ones make room for new ones.
    stay: bool,
    /// How often each is taken; those that were go first.
    times: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: HashMap<Key, Entry>,
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
            times: 0,
            inner: Mutex::default(),
        }
    }

    /// One of these sources alone, whose chunks are each taken so many times.
    pub fn passing(sources: Vec<usize>, times: usize, capacity: u64) -> ChunkCache {
        ChunkCache {
            only: Some(sources),
            times,
            ..ChunkCache::new(capacity)
        }
    }

    /// One of these sources alone, whose chunks stay until [`ChunkCache::forget`].
    pub fn staying(sources: Vec<usize>, capacity: u64) -> ChunkCache {
        ChunkCache {
            only: Some(sources),
            stay: true,
            ..ChunkCache::new(capacity)
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
        let freed: u64 = gone.map(|(_, entry)| entry.bytes).sum();
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
        if let Some(entry) = inner.slots.get_mut(&key) {
            entry.taken += 1;
            return Some(entry.slot.clone());
        }
        if self.stay && inner.bytes + bytes > self.capacity {
            return None;
        }
        while inner.bytes + bytes > self.capacity {
            let spent = |key: &Key| inner.slots[key].taken >= self.times;
            let oldest = inner.order.iter().position(spent).unwrap_or(0);
            let Some(oldest) = inner.order.remove(oldest) else {
                break;
            };
            if let Some(gone) = inner.slots.remove(&oldest) {
                inner.bytes -= gone.bytes;
            }
        }
        let slot = Slot::default();
        inner.bytes += bytes;
        inner.order.push_back(key.clone());
        let entry = Entry {
            slot: slot.clone(),
            bytes,
            taken: 1,
        };
        inner.slots.insert(key, entry);
        Some(slot)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::account::Account;

    /// Takes a chunk of 10 bytes; whether it was there.
    fn take(cache: &ChunkCache, chunk: i64) -> bool {
        let (account, mut there) = (Arc::new(Account::default()), true);
        let read = || {
            there = false;
            Ok(account.buffer(10))
        };
        cache.get(0, &[chunk], 10, read).unwrap().unwrap();
        there
    }

    #[test]
    fn the_oldest_go_first_unless_somebody_has_not_taken_them_yet() {
        let cache = ChunkCache::new(30);
        (0..3).for_each(|k| assert!(!take(&cache, k)));
        assert!(take(&cache, 0) && !take(&cache, 3));
        assert!(!take(&cache, 0) && take(&cache, 2));

        // One of two is late at chunk 0, while others are taken by both.
        let cache = ChunkCache::passing(vec![0], 2, 30);
        assert!(!take(&cache, 0));
        for k in 1..9 {
            assert!(!take(&cache, k) && take(&cache, k));
        }
        assert!(take(&cache, 0));
        // If all are late the oldest goes.
        let cache = ChunkCache::passing(vec![0], 2, 30);
        (0..4).for_each(|k| assert!(!take(&cache, k)));
        assert!(take(&cache, 1) && !take(&cache, 0));
    }
}
