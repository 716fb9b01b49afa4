//! Which kernels are compiled already?
//!
//! A concurrent cache keyed by the kernel itself. Each key is compiled at most once while it
//! stays; other threads that want it meanwhile wait for that one. Absent: expressions, plans.

use crate::compiled::{Compiled, Options, compile_with};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tilewright_core::Result;
use tilewright_kernel::Kernel;

/// Kernels kept by default. Each holds a few pages of memory maps, of which a process may have
/// 65,530 on Linux.
const CAPACITY: usize = 2048;

/// A kernel's code, or why there is none; empty while it compiles.
type Slot = Arc<OnceLock<Result<Arc<Compiled>>>>;

/// Compiled kernels by structure.
#[derive(Debug)]
pub struct Cache {
    entries: Mutex<Entries>,
    capacity: usize,
    options: Options,
    compiled: AtomicU64,
    failed: AtomicU64,
    hits: AtomicU64,
    nanoseconds: AtomicU64,
}

#[derive(Debug, Default)]
struct Entries {
    slots: HashMap<Kernel, (Slot, u64)>,
    /// Counts requests: the time by which entries age.
    clock: u64,
}

/// What a cache has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Kernels compiled.
    pub compiled: u64,
    /// Kernels that did not compile.
    pub failed: u64,
    /// Requests answered without compiling.
    pub hits: u64,
    /// Time spent compiling, summed over threads.
    pub compile_time: Duration,
}

impl Default for Cache {
    fn default() -> Cache {
        Cache::with_capacity(CAPACITY)
    }
}

impl Cache {
    /// An empty cache.
    pub fn new() -> Cache {
        Cache::default()
    }

    /// An empty cache that keeps at most `capacity` kernels (at least one); the least recently
    /// wanted go first. Code in use stays until its last user lets go.
    pub fn with_capacity(capacity: usize) -> Cache {
        Cache {
            entries: Mutex::default(),
            capacity: capacity.max(1),
            options: Options::default(),
            compiled: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            nanoseconds: AtomicU64::new(0),
        }
    }

    /// The code of a kernel, compiled now if it is not there.
    ///
    /// # Errors
    /// As [`crate::compile`]; the failure is remembered too.
    pub fn get(&self, kernel: &Kernel) -> Result<Arc<Compiled>> {
        let slot = self.slot(kernel);
        let mut fresh = false;
        let result = slot.get_or_init(|| {
            fresh = true;
            self.compile(kernel)
        });
        if !fresh {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        result.clone()
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        Counts {
            compiled: self.compiled.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            hits: self.hits.load(Ordering::Relaxed),
            compile_time: Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)),
        }
    }

    fn compile(&self, kernel: &Kernel) -> Result<Arc<Compiled>> {
        let result = compile_with(kernel, self.options);
        let counter = if result.is_ok() {
            &self.compiled
        } else {
            &self.failed
        };
        counter.fetch_add(1, Ordering::Relaxed);
        let time = result
            .as_ref()
            .map_or(Duration::ZERO, Compiled::compile_time);
        self.nanoseconds
            .fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        result.map(Arc::new)
    }

    fn slot(&self, kernel: &Kernel) -> Slot {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.clock += 1;
        let now = entries.clock;
        if let Some((slot, wanted)) = entries.slots.get_mut(kernel) {
            *wanted = now;
            return slot.clone();
        }
        if entries.slots.len() >= self.capacity {
            // A quarter at a time, so that the search is paid once in a while.
            let mut ages: Vec<u64> = entries.slots.values().map(|(_, wanted)| *wanted).collect();
            ages.sort_unstable();
            let oldest = ages[self.capacity / 4];
            entries.slots.retain(|_, (_, wanted)| *wanted > oldest);
        }
        let slot = Slot::default();
        entries.slots.insert(kernel.clone(), (slot.clone(), now));
        slot
    }
}
