//! How are bytes read from a file of unknown length?
//!
//! A file is opened only if it is a regular one (a pipe would block) and read only up to a limit
//! that the caller derives from what it expects. Absent: what the bytes mean.

use crate::location::Location;
use crate::{fault, within};
use rustix::buffer::spare_capacity;
use rustix::io::Errno;
use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tilewright_core::{Error, Result};

/// Room for `bytes` bytes, zeroed; a refusal of memory is an error, not an abort.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if the memory is refused.
pub fn buffer(uri: &str, bytes: usize) -> Result<Vec<u8>> {
    let mut room = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| {
        fault::source(uri, format!("{bytes} bytes of memory were refused"))
            .way_out("store the array in smaller chunks")
    })?;
    room.resize(bytes, 0);
    Ok(room)
}

/// A regular file, open for reading.
pub struct Input {
    /// The URI of the array it belongs to.
    pub uri: String,
    /// Where it is.
    pub path: PathBuf,
    /// The file.
    pub file: File,
    /// Its length in bytes when it was opened.
    pub len: u64,
    /// Its size and mtime when it was opened.
    pub identity: String,
}

impl Input {
    /// Opens a file; `None` if there is none.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is no regular file or may not be read.
    pub fn open(uri: &str, path: &Path) -> Result<Option<Input>> {
        let fail = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
            _ => Err(fault::reading(uri, path, &error)),
        };
        match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                return Err(fault::source(uri, "this is no regular file")
                    .fact("file", path.display().to_string())
                    .way_out("name a file"));
            }
            Ok(_) => {}
            Err(error) => return fail(error),
        }
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return fail(error),
        };
        let metadata = file
            .metadata()
            .map_err(|error| fault::reading(uri, path, &error))?;
        Ok(Some(Input {
            uri: uri.to_owned(),
            path: path.to_owned(),
            file,
            len: metadata.len(),
            identity: identity(&metadata),
        }))
    }

    /// Opens a file below a store; `None` if there is none.
    ///
    /// # Errors
    /// As [`Input::open`], and if a link leads out of the store.
    pub fn open_within(uri: &str, store: &Path, path: &Path) -> Result<Option<Input>> {
        within::check(uri, store, path, fault::source)?;
        Input::open(uri, path)
    }

    /// Opens the file that a location names.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if there is none, it is no regular file or may not be
    /// read.
    pub fn of(location: &Location) -> Result<Input> {
        let missing = || fault::reading(&location.uri, &location.path, &ErrorKind::NotFound.into());
        Input::open(&location.uri, &location.path)?.ok_or_else(missing)
    }

    /// An error about this file.
    pub fn fault(&self, message: impl Into<String>) -> Error {
        fault::source(&self.uri, message).fact("file", self.path.display().to_string())
    }

    /// The whole file, which holds at most `limit` bytes.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is longer or cannot be read.
    pub fn read_all(&self, limit: u64) -> Result<Vec<u8>> {
        if self.len > limit {
            return Err(self
                .fault(format!(
                    "the file has {} bytes, and at most {limit} are possible here",
                    self.len
                ))
                .way_out("it is damaged or of another array: write it again"));
        }
        self.read_range(0, self.len)
    }

    /// The `len` bytes from `offset`, in memory that is not filled before.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the file ends before, or cannot be read.
    pub fn read_range(&self, offset: u64, len: u64) -> Result<Vec<u8>> {
        let failed = |error: std::io::Error| fault::reading(&self.uri, &self.path, &error);
        let mut bytes = Vec::new();
        let room = usize::try_from(len).unwrap_or(usize::MAX);
        bytes
            .try_reserve_exact(room)
            .map_err(|_| self.fault(format!("{room} bytes of memory were refused")))?;
        while bytes.len() < room {
            let at = offset.saturating_add(bytes.len() as u64);
            match rustix::io::pread(&self.file, spare_capacity(&mut bytes), at) {
                Ok(0) => return Err(failed(ErrorKind::UnexpectedEof.into())),
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(failed(error.into())),
            }
        }
        // There may be more room than was asked for.
        bytes.truncate(room);
        Ok(bytes)
    }

    /// Fills `into` from `offset`.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the file ends before, or cannot be read.
    pub fn read_at(&self, into: &mut [u8], offset: u64) -> Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, into, offset)
            .map_err(|error| fault::reading(&self.uri, &self.path, &error))
    }

    /// Whether the file under this path is still the one that was opened.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is not.
    pub fn check_identity(&self) -> Result<()> {
        check_identity(&self.uri, &self.path, &self.identity)
    }
}

/// Whether the file at `path` still has this identity.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it has not.
pub fn check_identity(uri: &str, path: &Path, was: &str) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| fault::reading(uri, path, &error))?;
    let is = identity(&metadata);
    if is == was {
        return Ok(());
    }
    Err(
        fault::source(uri, "the file has changed since it was opened")
            .fact("file", path.display().to_string())
            .fact("was", was)
            .fact("is", is)
            .way_out("open it again when nothing writes to it"),
    )
}

/// Size and mtime.
pub fn identity(metadata: &Metadata) -> String {
    let mtime = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    format!(
        "{} bytes, mtime {}.{:09}",
        metadata.len(),
        mtime.as_secs(),
        mtime.subsec_nanos()
    )
}
