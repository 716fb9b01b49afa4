//! Where do an array's files stand until they are shown?
//!
//! In a hidden directory beside the target, `.NAME.*.partial`. A mark in it says what is being
//! written; its writer keeps it locked, so that what a killed process left is told from what is
//! being written. A finished array keeps a mark too, from which its reader knows that no chunk may
//! be missing. Absent: what the files are, which is the format's.

use crate::{Counters, fault, hidden, replace};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tilewright_core::{Error, Result};

/// The name of the mark; no key of a zarr store begins with a dot.
pub const MARK: &str = ".tilewright";

/// Longest mark that is read.
pub const LONGEST: u64 = 64 << 10;

/// How often a hidden directory is made anew if another process sweeps it away at once.
const TRIES: usize = 16;

/// What a mark says of the directory it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Chunks are being written.
    Unfinished,
    /// A part of an array is complete, and its files are being moved into the array.
    Moving,
    /// An array into which files are being moved.
    Changing,
    /// A finished array; none of its chunks may be missing.
    Complete,
}

/// What stands in a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What the directory is.
    pub state: State,
    /// What its elements come from, if that can be told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Whether an array that is changing was complete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
}

impl Mark {
    /// A mark that says this alone.
    pub fn new(state: State) -> Mark {
        Mark {
            state,
            origin: None,
            complete: false,
        }
    }

    /// Whether it is of an unfinished array that the same expression would finish.
    pub fn can_go_on(&self) -> bool {
        self.state == State::Unfinished && self.origin.is_some()
    }

    /// Whether no chunk may be missing from the array, now or once it is changed.
    pub fn is_complete(&self) -> bool {
        self.state == State::Complete || self.complete
    }

    /// The mark of a directory; `None` if it has none that can be read.
    pub fn of(directory: &Path) -> Option<Mark> {
        File::open(directory.join(MARK)).ok().and_then(read)
    }

    /// What a mark's text says; `None` if that is nothing.
    pub fn parse(text: &[u8]) -> Option<Mark> {
        serde_json::from_slice(text).ok()
    }

    /// The mark's text.
    pub fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn read(file: impl Read) -> Option<Mark> {
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text).ok()?;
    Mark::parse(&text)
}

/// A hidden directory; dropping it removes it.
pub struct Staging {
    path: PathBuf,
    /// Locked.
    mark: File,
    said: Mark,
    /// Whether an interrupted store has written into it before.
    pub resumed: bool,
    /// Whether it stays when dropped.
    kept: bool,
    /// Makes temporary names differ.
    serial: AtomicU64,
}

impl Staging {
    /// The hidden directory, in `base`, of what comes from `origin`: the one that an interrupted
    /// store of it left, or a new one. What else killed processes left there is removed.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if the same is being stored by another process, something
    /// else was left unfinished and is not to be replaced, or the directory cannot be written to.
    pub fn open(
        uri: &str,
        base: &Path,
        target: &Path,
        origin: Option<String>,
        overwrite: bool,
    ) -> Result<Staging> {
        let said = Mark {
            origin,
            ..Mark::new(State::Unfinished)
        };
        let mut resumed = None;
        for left in hidden::places(base, target) {
            match Left::at(&left) {
                Left::Written(mark) if same(&mark, &said) => return Err(busy(uri)),
                Left::Written(_) | Left::Foreign => {}
                Left::Marked(file, mark) if same(&mark, &said) => {
                    resumed = Some(Staging::over(left, file, said.clone(), true));
                }
                Left::Marked(_, mark) if mark.can_go_on() && !overwrite => {
                    return Err(unfinished(uri, &left.display().to_string()));
                }
                Left::Marked(..) | Left::Nothing => {
                    let _ = fs::remove_dir_all(&left);
                }
            }
        }
        match resumed {
            Some(staging) => {
                sweep(&staging.path);
                Ok(staging)
            }
            None => {
                create(base, target, &said).map_err(|error| fault::writing(uri, target, &error))
            }
        }
    }

    fn over(path: PathBuf, mark: File, said: Mark, resumed: bool) -> Staging {
        Staging {
            path,
            mark,
            said,
            resumed,
            kept: false,
            serial: AtomicU64::new(0),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file stands in it from an interrupted store.
    pub fn stands(&self, key: &str) -> bool {
        let file = || fs::metadata(self.path.join(key));
        self.resumed && file().is_ok_and(|file| file.is_file() && file.len() > 0)
    }

    /// Writes a file, under another name first: a task may run twice, or be killed.
    ///
    /// # Errors
    /// If that fails; the disk may be full.
    pub fn put(&self, key: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.put_all(key, &[bytes])
    }

    fn put_all(&self, key: &str, pieces: &[&[u8]]) -> std::io::Result<()> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        put(&self.path.join(key), pieces, serial)
    }

    /// Writes a chunk's file, of the pieces that `encode` gives, and counts it.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if that fails, with the chunk; the disk may be full.
    pub fn put_chunk<P: AsRef<[u8]>>(
        &self,
        (uri, chunk, key): (&str, &[i64], &str),
        counters: &Counters,
        encode: impl FnOnce() -> std::io::Result<Vec<P>>,
    ) -> Result<()> {
        let write = || {
            let pieces = encode()?;
            let pieces: Vec<&[u8]> = pieces.iter().map(P::as_ref).collect();
            self.put_all(key, &pieces)?;
            counters.wrote(pieces.iter().map(|piece| piece.len()).sum());
            Ok(())
        };
        let failed = |error| fault::writing(uri, &self.path.join(key), &error);
        write().map_err(|error| fault::at_chunk(failed(error), chunk))
    }

    /// Says something else of it.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn say(&mut self, state: State) -> std::io::Result<()> {
        self.said.state = state;
        let (text, mut file) = (self.said.text(), &self.mark);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&text)?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    }

    /// Shows it under the target's name, marked as complete or not at all. What stands there goes away if
    /// it may be replaced.
    ///
    /// # Errors
    /// If it cannot be renamed, or something has appeared there that may not be replaced.
    pub fn show(mut self, target: &Path, overwrite: bool, complete: bool) -> std::io::Result<()> {
        if complete {
            self.say(State::Complete)?;
        }
        if !replace::exchange(&self.path, target, overwrite)? {
            self.keep();
        }
        if !complete {
            // Not before: without a mark it would be taken for what a killed process left.
            let removed = fs::remove_file(target.join(MARK));
            removed.or_else(|error| match error.kind() {
                ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
        }
        Ok(())
    }

    /// Leaves it when dropped: it was renamed, or holds what must not be lost.
    pub fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Writes a file under another name, then renames it.
///
/// # Errors
/// If that fails.
pub fn put(path: &Path, pieces: &[&[u8]], serial: u64) -> std::io::Result<()> {
    let temporary = path.with_file_name(format!(".{serial}{}", hidden::SUFFIX));
    let write = || {
        let mut file = File::create(&temporary)?;
        pieces.iter().try_for_each(|piece| file.write_all(piece))?;
        drop(file);
        fs::rename(&temporary, path)
    };
    let result = match (write(), path.parent()) {
        (Err(error), Some(parent)) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(parent).and_then(|()| write())
        }
        (result, _) => result,
    };
    if result.is_err() {
        // The whole directory goes in the end; this frees space at once on a full disk.
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Whether a place holds what comes from the same, finished or not.
pub fn same(mark: &Mark, said: &Mark) -> bool {
    let whole = matches!(mark.state, State::Unfinished | State::Complete);
    whole && said.origin.is_some() && mark.origin == said.origin
}

/// What stands at the name of a hidden directory.
pub enum Left {
    /// Its writer lives.
    Written(Mark),
    /// Left by a killed process; the lock is ours now.
    Marked(File, Mark),
    /// Left by a killed process, before or after it meant anything.
    Nothing,
    /// No directory of ours.
    Foreign,
}

impl Left {
    /// Looks at a hidden directory, and takes its lock.
    pub fn at(path: &Path) -> Left {
        if !path.is_dir() {
            return Left::Foreign;
        }
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path.join(MARK));
        let file = match open {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // Empty, it may be about to get its mark: removing it then makes its writer try
                // again.
                return match fs::remove_dir(path) {
                    Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Left::Nothing,
                    _ => Left::Foreign,
                };
            }
            Err(_) => return Left::Foreign,
        };
        let free = hidden::lock(&file);
        match (read(&file), free) {
            (Some(mark), true) => Left::Marked(file, mark),
            (Some(mark), false) => Left::Written(mark),
            (None, true) => Left::Nothing,
            (None, false) => Left::Foreign,
        }
    }
}

/// A new hidden directory with a mark that is locked.
fn create(base: &Path, target: &Path, said: &Mark) -> std::io::Result<Staging> {
    for _ in 0..TRIES {
        let directory = tempfile::Builder::new()
            .prefix(&hidden::prefix(target))
            .suffix(hidden::SUFFIX)
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777))
            .tempdir_in(base)?;
        let place = directory.path().join(MARK);
        let made = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&place);
        let mut mark = match made {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            made => made?,
        };
        let free = hidden::lock(&mark);
        mark.write_all(&said.text())?;
        if free && place.exists() {
            return Ok(Staging::over(directory.keep(), mark, said.clone(), false));
        }
    }
    Err(ErrorKind::ResourceBusy.into())
}

/// Removes the files that were being written when the process was killed.
fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sweep(&entry.path());
        } else if name.starts_with('.') && name.ends_with(hidden::SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Another process stores the same.
pub fn busy(uri: &str) -> Error {
    fault::sink(uri, "another process is writing to this array")
        .way_out("wait until it is done, or another name")
}

/// What stands there could go on.
pub fn unfinished(uri: &str, place: &str) -> Error {
    fault::sink(
        uri,
        "an unfinished array of another expression stands there",
    )
    .fact("path", place)
    .way_out("store the same expression again to finish it, or --overwrite to give it up")
}
