//! Where do chunks stand until they are shown?
//!
//! One behind the other in a hidden file, in the order in which they come. Absent: what is said of
//! them, and where they go.

use super::message::SUPERBLOCK;
use crate::{Counters, fault};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;
use tilewright_core::{Result, Shape};

/// Chunks by index: bytes, and where they start.
pub type Chunks = BTreeMap<Shape, (u32, u64)>;

/// A hidden file of chunks, with room before them for the first bytes of a file.
pub struct Pile {
    /// The file; dropping it removes it.
    pub file: NamedTempFile,
    end: AtomicU64,
    chunks: Mutex<Chunks>,
}

impl Pile {
    /// The first chunk stands here.
    pub const START: u64 = SUPERBLOCK;

    /// A pile in this file, which is empty.
    pub fn new(file: NamedTempFile) -> Pile {
        Pile {
            file,
            end: AtomicU64::new(Pile::START),
            chunks: Mutex::default(),
        }
    }

    /// Adds what `encode` gives, and counts it.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if that fails, with the chunk; the disk may be full.
    pub fn put(
        &self,
        (uri, chunk): (&str, &[i64]),
        counters: &Counters,
        encode: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<()> {
        let put = || {
            let encoded = encode()?;
            let at = (self.end).fetch_add(encoded.len() as u64, Ordering::Relaxed);
            self.file.as_file().write_all_at(&encoded, at)?;
            self.lock().insert(chunk.into(), (encoded.len() as u32, at));
            counters.wrote(encoded.len());
            Ok(())
        };
        let failed = |error| fault::writing(uri, self.file.path(), &error);
        put().map_err(|error| fault::at_chunk(failed(error), chunk))
    }

    /// Shows its file; gives the pile back if `show` gives the file back.
    ///
    /// # Errors
    /// What `show` gives.
    pub fn show(
        self,
        show: impl FnOnce(NamedTempFile) -> Result<Option<NamedTempFile>>,
    ) -> Result<Option<Pile>> {
        let Pile { file, end, chunks } = self;
        Ok(show(file)?.map(|file| Pile { file, end, chunks }))
    }

    /// The chunks that stand.
    pub fn chunks(&self) -> MutexGuard<'_, Chunks> {
        self.lock()
    }

    /// Where the last one ends.
    pub fn end(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// The file, and the place and number of the bytes of chunks.
    pub fn bytes(&self) -> (&File, u64, u64) {
        (self.file.as_file(), Pile::START, self.end() - Pile::START)
    }

    fn lock(&self) -> MutexGuard<'_, Chunks> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
