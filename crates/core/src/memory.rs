//! Where does a buffer's memory come from?
//!
//! Short memory from the heap, long memory from the system: the first write to a fresh page costs
//! a fault, and a huge page makes one fault of 512. Absent: reuse, which is exec's.

use memmap2::MmapMut;

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
}
