//! How does a file become memory?

use crate::cut::{self, Watch};
use std::fs::File;
use std::io;

/// The bytes of a file.
#[derive(Debug)]
pub struct Map {
    map: memmap2::Mmap,
    watch: &'static Watch,
}

impl Map {
    /// Maps the first `len` bytes of a file for reading.
    ///
    /// # Errors
    /// If the system refuses.
    #[allow(
        unsafe_code,
        reason = "a mapping can be changed from outside; see Source::in_place"
    )]
    pub fn new(file: &File, len: usize) -> io::Result<Map> {
        // SAFETY: the map is read-only, and its bytes are only ever read as plain numbers, of
        // which every bit pattern is valid. That another process changes the file meanwhile
        // cannot be excluded; `Source::check_identity` tells it, and `read_chunk` does not use
        // the map.
        let map = unsafe { memmap2::MmapOptions::new().len(len).map(file)? };
        let watch = cut::watch(map.as_ptr() as usize, map.len());
        Ok(Map { map, watch })
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Whether zeros have taken the place of the bytes, since these cannot be read any more.
    pub fn is_cut(&self) -> bool {
        self.watch.is_cut()
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        self.watch.end();
    }
}
