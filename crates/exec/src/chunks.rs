//! Decoded chunks that several tasks read.
//!
//! A chunk that tasks share is fetched by the first and waits for the others while the cache has
//! room; the oldest go first. Absent: chunks that one task alone reads, which go to its own buffer.

use crate::account::{Account, Held};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tilewright_core::{Result, Shape};

type Key = (usize, Shape);
type Slot = Arc<OnceLock<Result<Arc<Held>>>>;

/// Chunks by source and index.
pub struct ChunkCache {
    capacity: u64,
    account: Arc<Account>,
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
    pub fn new(capacity: u64, account: Arc<Account>) -> ChunkCache {
        ChunkCache {
            capacity,
            account,
            inner: Mutex::default(),
        }
    }

    /// Whether a chunk of this size is worth asking for here.
    pub fn keeps(&self, bytes: usize) -> bool {
        bytes as u64 <= self.capacity
    }

    /// The chunk, read by `read` if it is not here; other threads that want it wait for that.
    ///
    /// # Errors
    /// Those of `read`, remembered.
    pub fn get(
        &self,
        source: usize,
        chunk: &[i64],
        bytes: usize,
        read: impl FnOnce(&mut [u8]) -> Result<()>,
    ) -> Result<Arc<Held>> {
        let slot = self.slot((source, chunk.into()), bytes as u64);
        slot.get_or_init(|| {
            let mut held = self.account.buffer(bytes);
            read(held.bytes_mut())?;
            Ok(Arc::new(held))
        })
        .clone()
    }

    fn slot(&self, key: Key, bytes: u64) -> Slot {
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        if let Some((slot, _)) = inner.slots.get(&key) {
            return slot.clone();
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
        slot
    }
}
