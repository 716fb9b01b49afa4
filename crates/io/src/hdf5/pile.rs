//! Where do chunks stand until they are shown?
//!
//! One behind the other in a hidden file, in the order in which they come; from there they are copied in
//! the order of their indices, so that a file has the same bytes whichever thread was first. Absent: what is
//! said of them, and where they go.

use crate::location::Location;
use crate::staged::{Piece, Staged};
use crate::{ArraySpec, Counters, fault, hash};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tilewright_core::{Result, Shape};

/// Chunks by index: bytes, and where they start.
pub type Chunks = BTreeMap<Shape, (u32, u64)>;

/// A hidden file of chunks.
pub struct Pile {
    uri: String,
    staged: Staged,
    end: AtomicU64,
}

impl Pile {
    /// The pile of a dataset that comes from the spec's origin and `said`, beside the file that it goes into:
    /// an empty one, or what an interrupted store of the same left.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] as [`Staged::open`].
    pub fn open(location: &Location, path: &Path, spec: &ArraySpec, said: &str) -> Result<Pile> {
        let uri = &location.uri;
        let key = location.key.as_deref().unwrap_or_default();
        let origin = spec.origin.as_ref();
        let origin =
            origin.map(|origin| format!("{origin}, {key} {:016x}", hash::hash(said.as_bytes())));
        // Other datasets of the file have piles of their own.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let key = hash::hash(key.trim_matches('/').as_bytes());
        let target = path.with_file_name(format!("{name}#{key:016x}"));
        let staged = Staged::open((uri, &target), spec.shape.len(), origin, spec.overwrite)?;
        let len = staged.file.metadata().map(|file| file.len());
        let end = len.map_err(|error| fault::writing(uri, path, &error))?;
        Ok(Pile {
            uri: uri.clone(),
            staged,
            end: AtomicU64::new(end),
        })
    }

    /// Its hidden name, in a directory of its own.
    pub fn path(&self) -> PathBuf {
        self.staged.path()
    }

    /// Adds what `encode` gives, and counts it.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if that fails, with the chunk; the disk may be full.
    pub fn put(
        &self,
        chunk: &[i64],
        counters: &Counters,
        encode: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<()> {
        let put = || {
            let encoded = encode()?;
            let len = encoded.len() as u64;
            let at = (self.end).fetch_add(len, Ordering::Relaxed);
            self.staged.file.write_all_at(&encoded, at)?;
            let checksum = crc32c::crc32c(&encoded);
            self.staged.enter(chunk, Piece { at, len, checksum })?;
            counters.wrote(encoded.len());
            Ok(())
        };
        let failed = |error| fault::writing(&self.uri, &self.staged.path(), &error);
        put().map_err(|error| fault::at_chunk(failed(error), chunk))
    }

    /// Whether a chunk is there.
    pub fn stands(&self, chunk: &[i64]) -> bool {
        self.staged
            .stands(chunk, |piece| Ok(crc32c::crc32c(&self.read(piece)?)))
    }

    /// How many bytes the chunks have.
    pub fn len(&self) -> u64 {
        self.staged.pieces().values().map(|piece| piece.len).sum()
    }

    /// The chunks as they are copied to `address`, in the order of their indices.
    pub fn laid(&self, mut address: u64) -> Chunks {
        let pieces = self.staged.pieces();
        let lay = |(index, piece): (&Shape, &Piece)| {
            let at = address;
            address += piece.len;
            (index.clone(), (piece.len as u32, at))
        };
        pieces.iter().map(lay).collect()
    }

    /// Copies the chunks into a file, from byte `at` on.
    ///
    /// # Errors
    /// If one cannot be read or written.
    pub fn copy(&self, into: &File, mut at: u64) -> io::Result<()> {
        for piece in self.staged.pieces().values() {
            into.write_all_at(&self.read(piece)?, at)?;
            at += piece.len;
        }
        Ok(())
    }

    fn read(&self, piece: &Piece) -> io::Result<Vec<u8>> {
        let file = &self.staged.file;
        if piece.at.saturating_add(piece.len) > file.metadata()?.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; piece.len as usize];
        file.read_exact_at(&mut bytes, piece.at)?;
        Ok(bytes)
    }
}
