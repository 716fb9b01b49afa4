//! Where do chunks stand until they are shown?
//!
//! In a hidden file. Those that are packed stand one behind the other in the order in which they come, and are
//! copied from there in the order of their indices, so that a file has the same bytes whichever thread was
//! first. Those that are not all have one length, and stand in that order from the first on. Absent: what is said
//! of them, and where they go.

use super::message::SUPERBLOCK;
use crate::location::Location;
use crate::staged::{Piece, Staged};
use crate::{ArraySpec, Counters, fault, hash};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::NamedTempFile;
use tilewright_core::{Result, Shape};

/// Chunks by index: bytes, and where they start.
pub type Chunks = BTreeMap<Shape, (u32, u64)>;

/// A hidden file of chunks.
pub struct Pile {
    uri: String,
    staged: Staged,
    order: Order,
}

/// In which order chunks stand in it.
enum Order {
    /// That in which they come; the next one goes to this byte.
    Coming(AtomicU64),
    /// That of their indices, with room for each.
    Indices { counts: Shape, bytes: u64 },
}

impl Pile {
    /// The first chunk stands here, if all have one length: a file's first bytes go before it.
    pub const START: u64 = SUPERBLOCK;

    /// The pile of a dataset that comes from the spec's origin and `said`, beside the file that it goes into:
    /// an empty one, or what an interrupted store of the same left. If all chunks have one length, it is
    /// told with their number along each axis.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] as [`Staged::open`].
    pub fn open(
        location: &Location,
        path: &Path,
        (spec, said): (&ArraySpec, &str),
        each: Option<(Shape, u64)>,
    ) -> Result<Pile> {
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
            order: match each {
                None => Order::Coming(AtomicU64::new(end)),
                Some((counts, bytes)) => Order::Indices { counts, bytes },
            },
        })
    }

    /// The file with room for its first bytes, if the chunks stand where they stay.
    ///
    /// # Errors
    /// If there are no more handles of files.
    pub fn as_it_stands(&self) -> io::Result<Option<NamedTempFile>> {
        match self.order {
            Order::Coming(_) => Ok(None),
            Order::Indices { .. } => self.staged.named().map(Some),
        }
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
            let at = match &self.order {
                Order::Coming(end) => end.fetch_add(len, Ordering::Relaxed),
                Order::Indices { counts, bytes } => {
                    let axes = chunk.iter().zip(counts);
                    let number = axes.fold(0, |number, (k, count)| number * count + k);
                    Pile::START + number as u64 * bytes
                }
            };
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

    /// How many bytes the chunks take.
    pub fn len(&self) -> u64 {
        match &self.order {
            Order::Coming(_) => self.staged.pieces().values().map(|piece| piece.len).sum(),
            Order::Indices { counts, bytes } => counts.iter().product::<i64>() as u64 * bytes,
        }
    }

    /// The chunks as they are copied to `address`, in the order of their indices.
    pub fn laid(&self, address: u64) -> Chunks {
        let (pieces, mut place) = (self.staged.pieces(), self.places(address));
        let lay =
            |(index, piece): (&Shape, &Piece)| (index.clone(), (piece.len as u32, place(piece)));
        pieces.iter().map(lay).collect()
    }

    /// Copies the chunks into a file, from byte `at` on.
    ///
    /// # Errors
    /// If one cannot be read or written.
    pub fn copy(&self, into: &File, at: u64) -> io::Result<()> {
        let mut place = self.places(at);
        for piece in self.staged.pieces().values() {
            into.write_all_at(&self.read(piece)?, place(piece))?;
        }
        Ok(())
    }

    /// Where each chunk goes, one after the other, if the first goes to `start`.
    fn places(&self, start: u64) -> impl FnMut(&Piece) -> u64 {
        let mut next = start;
        move |piece| match self.order {
            Order::Coming(_) => {
                let at = next;
                next += piece.len;
                at
            }
            Order::Indices { .. } => start + (piece.at - Pile::START),
        }
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
