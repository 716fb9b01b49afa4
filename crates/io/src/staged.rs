//! What of a file that was being written outlives a killed process?
//!
//! It stands in a hidden directory beside its name, with a journal of the chunks that are in it.
//! A chunk is entered when its bytes are written, with their checksum: the next store of the same takes
//! those whose bytes still have it, whatever has happened to the machine meanwhile. Absent: which bytes
//! a chunk has, and how the file is completed; those are the format's.

use crate::staging::Staging;
use crate::{fault, hidden};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::{NamedTempFile, TempPath};
use tilewright_core::{Result, Shape};

/// Names within the hidden directory.
const FILE: &str = "file";
const JOURNAL: &str = "journal";

/// Where a chunk's bytes stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub at: u64,
    pub len: u64,
    /// Their crc32c.
    pub checksum: u32,
}

/// Chunks by index.
pub type Pieces = BTreeMap<Shape, Piece>;

/// A file that is being written; dropping it removes it.
pub struct Staged {
    pub file: File,
    /// Of what can go on.
    journal: Option<File>,
    /// What a killed process entered, and nobody has looked at.
    left: Mutex<Pieces>,
    standing: Mutex<Pieces>,
    /// Its directory.
    staging: Staging,
}

impl Staged {
    /// The file of what comes from `origin`, an array of `axes` axes: the one that an interrupted store of
    /// it left, or an empty one. What else killed processes left there is removed.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] as [`Staging::open`].
    pub fn open(
        (uri, target): (&str, &Path),
        axes: usize,
        origin: Option<String>,
        overwrite: bool,
    ) -> Result<Staged> {
        let goes_on = origin.is_some();
        let base = hidden::directory(target);
        let staging = Staging::open(uri, base, target, origin, overwrite)?;
        let open = || {
            let mut options = OpenOptions::new();
            options.read(true).create(true);
            let path = staging.path().join(FILE);
            let file = options.clone().write(true).truncate(false).open(path)?;
            let mut left = Pieces::new();
            let mut journal = None;
            if goes_on {
                let name = staging.path().join(JOURNAL);
                let entered = match staging.resumed {
                    true => fs::read(&name).unwrap_or_default(),
                    false => Vec::new(),
                };
                let whole = entries(&entered, axes, &mut left);
                let file = options.append(true).open(&name)?;
                file.set_len(whole as u64)?;
                journal = Some(file);
            }
            Ok((file, journal, left))
        };
        let (file, journal, left) =
            open().map_err(|error: io::Error| fault::writing(uri, target, &error))?;
        Ok(Staged {
            file,
            journal,
            left: Mutex::new(left),
            standing: Mutex::default(),
            staging,
        })
    }

    /// Its hidden name, in a directory of its own.
    pub fn path(&self) -> PathBuf {
        self.staging.path().join(FILE)
    }

    /// Says that a chunk's bytes are written.
    ///
    /// # Errors
    /// If that cannot be written; the disk may be full.
    pub fn enter(&self, chunk: &[i64], piece: Piece) -> io::Result<()> {
        if let Some(mut journal) = self.journal.as_ref() {
            journal.write_all(&entry(chunk, piece))?;
        }
        lock(&self.standing).insert(chunk.into(), piece);
        Ok(())
    }

    /// Whether a chunk's bytes are written; `checksum` gives that of the bytes as they stand.
    pub fn stands(&self, chunk: &[i64], checksum: impl FnOnce(&Piece) -> io::Result<u32>) -> bool {
        if lock(&self.standing).contains_key(chunk) {
            return true;
        }
        let left = lock(&self.left).remove(chunk);
        let Some(piece) = left.filter(|piece| checksum(piece).ok() == Some(piece.checksum)) else {
            return false;
        };
        lock(&self.standing).insert(chunk.into(), piece);
        true
    }

    /// The chunks whose bytes are written.
    pub fn pieces(&self) -> MutexGuard<'_, Pieces> {
        lock(&self.standing)
    }

    /// The file by its hidden name, which it loses when it is shown or dropped.
    ///
    /// # Errors
    /// If there are no more handles of files.
    pub fn named(&self) -> io::Result<NamedTempFile> {
        let path = TempPath::try_from_path(self.path())?;
        Ok(NamedTempFile::from_parts(self.file.try_clone()?, path))
    }
}

fn lock(pieces: &Mutex<Pieces>) -> MutexGuard<'_, Pieces> {
    pieces.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of the journal: a chunk's index and its piece, in 8 bytes each, but for two checksums in 4: that of
/// the piece, and of all before it.
fn entry(chunk: &[i64], piece: Piece) -> Vec<u8> {
    let mut entry = Vec::with_capacity(entry_len(chunk.len()));
    for index in chunk {
        entry.extend(index.to_le_bytes());
    }
    entry.extend(piece.at.to_le_bytes());
    entry.extend(piece.len.to_le_bytes());
    entry.extend(piece.checksum.to_le_bytes());
    entry.extend(crc32c::crc32c(&entry).to_le_bytes());
    entry
}

fn entry_len(axes: usize) -> usize {
    8 * axes + 24
}

/// The entries before the first that is not whole, and how many bytes they are.
fn entries(journal: &[u8], axes: usize, pieces: &mut Pieces) -> usize {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b));
    let mut whole = 0;
    for bytes in journal.chunks_exact(entry_len(axes)) {
        let (index, rest) = bytes.split_at(8 * axes);
        let piece = Piece {
            at: number(&rest[..8]),
            len: number(&rest[8..16]),
            checksum: number(&rest[16..20]) as u32,
        };
        let index: Shape = index.chunks_exact(8).map(|b| number(b) as i64).collect();
        if entry(&index, piece) != bytes {
            break;
        }
        pieces.insert(index, piece);
        whole += bytes.len();
    }
    whole
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(target: &Path, origin: &str) -> Staged {
        Staged::open(("x", target), 2, Some(origin.into()), false).unwrap()
    }

    #[test]
    fn entries_are_taken_up_to_the_first_that_is_torn() {
        let piece = Piece {
            at: 1 << 40,
            len: 7,
            checksum: u32::MAX,
        };
        let two = [entry(&[0, 3], piece), entry(&[2, 1], piece)].concat();
        let mut pieces = Pieces::new();
        assert_eq!(entries(&two, 2, &mut pieces), two.len());
        assert_eq!(pieces[&Shape::from_slice(&[2, 1])], piece);
        for k in 0..two.len() {
            let mut torn = two.clone();
            torn[k] ^= 4;
            let whole = if k < two.len() / 2 { 0 } else { two.len() / 2 };
            assert_eq!(entries(&torn, 2, &mut Pieces::new()), whole);
            assert_eq!(entries(&two[..k], 2, &mut Pieces::new()), whole);
        }
    }

    #[test]
    fn what_a_killed_process_entered_stands_if_its_bytes_do() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("x");
        let first = of(&target, "a");
        let piece = |at: u64| Piece {
            at,
            len: 4,
            checksum: 9,
        };
        first.enter(&[0, 0], piece(0)).unwrap();
        first.enter(&[0, 1], piece(4)).unwrap();
        // As a killed process leaves it: the lock is gone, and nothing is removed.
        let left = first.staging.path().to_owned();
        let aside = directory.path().join("aside");
        fs::create_dir(&aside).unwrap();
        for entry in fs::read_dir(&left).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, aside.join(path.file_name().unwrap())).unwrap();
        }
        drop(first);
        fs::rename(&aside, &left).unwrap();
        let again = of(&target, "a");
        assert!(again.stands(&[0, 0], |_| Ok(9)) && again.stands(&[0, 0], |_| Ok(8)));
        assert!(!again.stands(&[0, 1], |_| Ok(8)) && !again.stands(&[0, 1], |_| Ok(9)));
        assert!(!again.stands(&[1, 0], |_| Ok(9)));
        assert_eq!(again.pieces().len(), 1);
    }
}
