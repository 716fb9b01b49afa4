//! Where does a buffer's memory come from?
//!
//! Short memory from the heap, long memory from the system: the first write to a fresh page costs
//! a fault, and a huge page makes one fault of 512. What came back costs none. Absent: who keeps
//! memory, and how much, which is exec's to say.

use memmap2::MmapMut;
use std::sync::{Mutex, PoisonError};

/// Bytes from which memory is the system's own pages: two huge ones.
const LONG: usize = 4 << 20;

/// Zeroed bytes, aligned to 8.
pub(crate) enum Memory {
    /// Of the heap.
    Heap(Vec<u64>),
    /// Of the system.
    Pages(MmapMut),
}

impl Memory {
    /// At least this many zero bytes.
    pub(crate) fn zeroed(bytes: usize) -> Memory {
        if bytes >= LONG
            && let Ok(pages) = MmapMut::map_anon(bytes)
        {
            // Advice: where it is not taken, faults are small and many.
            #[cfg(target_os = "linux")]
            let _ = pages.advise(memmap2::Advice::HugePage);
            return Memory::Pages(pages);
        }
        Memory::Heap(vec![0; bytes.div_ceil(8)])
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Memory::Heap(words) => bytemuck::cast_slice(words),
            Memory::Pages(pages) => pages,
        }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Memory::Heap(words) => bytemuck::cast_slice_mut(words),
            Memory::Pages(pages) => pages,
        }
    }
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::Heap(Vec::new())
    }
}

/// Bytes from which memory is worth keeping.
const KEPT: usize = 16 << 10;

/// Memory that came back, for whoever wants some next.
#[derive(Default)]
pub struct Spare {
    /// The one that came back last stands last.
    kept: Mutex<Vec<Memory>>,
    /// Bytes of all of them at most.
    limit: usize,
}

impl Spare {
    /// Nothing yet; at most `limit` bytes.
    pub fn new(limit: usize) -> Spare {
        Spare {
            kept: Mutex::default(),
            limit,
        }
    }

    /// At least this many bytes of any content.
    pub(crate) fn take(&self, bytes: usize) -> Memory {
        let found = (bytes >= KEPT).then(|| self.find(bytes)).flatten();
        let mut memory = found.unwrap_or_else(|| Memory::zeroed(bytes));
        // Whoever counts on zeros is found by the tests.
        if cfg!(debug_assertions) {
            memory.bytes_mut()[..bytes].fill(0xa5);
        }
        memory
    }

    /// The shortest of those that suffice and are not twice as long.
    fn find(&self, bytes: usize) -> Option<Memory> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |memory: &Memory| (bytes..=2 * bytes).contains(&memory.bytes().len());
        let fitting = kept.iter().enumerate().filter(|(_, memory)| fits(memory));
        let (place, _) = fitting.min_by_key(|(_, memory)| memory.bytes().len())?;
        Some(kept.remove(place))
    }

    /// Keeps memory, in the place of what came back first where there is too much.
    pub(crate) fn give(&self, memory: Memory) {
        let bytes = memory.bytes().len();
        if !(KEPT..=self.limit).contains(&bytes) {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(memory);
        let mut all: usize = kept.iter().map(|memory| memory.bytes().len()).sum();
        while all > self.limit {
            all -= kept.remove(0).bytes().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_memory_is_as_zero_and_as_long_as_short_memory() {
        for bytes in [0, 1, 7, 8, LONG - 1, LONG, LONG + 3] {
            let mut memory = Memory::zeroed(bytes);
            assert!(memory.bytes().len() >= bytes, "{bytes}");
            assert!(memory.bytes().iter().all(|&byte| byte == 0), "{bytes}");
            assert_eq!(memory.bytes().as_ptr().align_offset(8), 0, "{bytes}");
            memory.bytes_mut().fill(1);
        }
    }

    #[test]
    fn what_came_back_is_taken_where_it_fits() {
        let spare = Spare::new(1 << 20);
        let address = |memory: &Memory| memory.bytes().as_ptr();
        let (long, short) = (spare.take(600 << 10), spare.take(300 << 10));
        let (at_long, at_short) = (address(&long), address(&short));
        spare.give(long);
        spare.give(short);
        assert_ne!(address(&spare.take(100 << 10)), at_short);
        let again = spare.take(290 << 10);
        assert_eq!(address(&again), at_short);
        let again = spare.take(310 << 10);
        assert_eq!(address(&again), at_long);
        // The limit holds: what came back first leaves first.
        spare.give(again);
        for _ in 0..3 {
            spare.give(Memory::zeroed(300 << 10));
        }
        assert_eq!(spare.kept.lock().map(|kept| kept.len()).ok(), Some(3));
        spare.give(Memory::zeroed(2 << 20));
        assert_eq!(spare.kept.lock().map(|kept| kept.len()).ok(), Some(3));
    }
}
