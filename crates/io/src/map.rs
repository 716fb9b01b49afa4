//! How does a file become memory?
//!
//! The only unsafe code of this package.

use std::fs::File;
use std::io;

/// The bytes of a file.
#[derive(Debug)]
pub struct Map {
    map: memmap2::Mmap,
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
        Ok(Map { map })
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }
}
