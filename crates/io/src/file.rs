//! How are bytes read from a file of unknown length?
//!
//! A file is opened only if it is a regular one (a pipe would block) and read only up to a limit
//! that the caller derives from what it expects. Absent: what the bytes mean; how an object is found,
//! which is `files`'.

use crate::fault;
use crate::files::{Files, Object, Objects, Reach};
use crate::location::Location;
use crate::map::Map;
use rustix::buffer::spare_capacity;
use rustix::io::Errno;
use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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

/// A regular file, or an object, open for reading.
pub struct Input {
    /// The URI of the array it belongs to.
    pub uri: String,
    /// Where it is.
    pub path: PathBuf,
    /// Where it stands.
    files: Files,
    /// What is read, if not an object there.
    file: Option<File>,
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
            files: Files::OnDisk,
            file: Some(file),
            len: metadata.len(),
            identity: identity(&metadata),
        }))
    }

    /// An object that was found.
    pub fn of_object(uri: &str, path: &Path, objects: &Arc<dyn Objects>, object: Object) -> Input {
        Input {
            uri: uri.to_owned(),
            path: path.to_owned(),
            files: Files::Objects(objects.clone()),
            file: None,
            len: object.len,
            identity: object.identity,
        }
    }

    /// The first `len` bytes of another file in place of this one's; the identity stays this one's.
    pub fn with_bytes_of(&self, file: File, len: u64) -> Input {
        Input {
            uri: self.uri.clone(),
            path: self.path.clone(),
            files: self.files.clone(),
            file: Some(file),
            len,
            identity: self.identity.clone(),
        }
    }

    /// Opens the file that a location names.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if there is none, it is no regular file or may not be
    /// read.
    pub fn of(location: &Location) -> Result<Input> {
        let found = location.files.open(&location.uri, &location.path)?;
        found.ok_or_else(|| {
            let name = location.files.name(&location.path);
            fault::reading(&location.uri, Path::new(&name), &ErrorKind::NotFound.into())
        })
    }

    /// What reading takes.
    pub fn reach(&self) -> Reach {
        match (&self.file, &self.files) {
            (None, Files::Objects(objects)) => objects.reach(),
            _ => Reach::NEAR,
        }
    }

    /// An error about this file.
    pub fn fault(&self, message: impl Into<String>) -> Error {
        fault::source(&self.uri, message).fact("file", self.files.name(&self.path))
    }

    /// The first `len` bytes as memory; `None` where they do not stand on a disk, or the system
    /// refuses.
    pub fn map(&self, len: usize) -> Option<Map> {
        self.file.as_ref().and_then(|file| Map::new(file, len).ok())
    }

    /// Whether the open file still has at least `len` bytes.
    pub fn still_has(&self, len: usize) -> bool {
        let now = self.file.as_ref().and_then(|file| file.metadata().ok());
        now.is_some_and(|now| now.len() >= len as u64)
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
        let room = usize::try_from(len).unwrap_or(usize::MAX);
        let Some(file) = &self.file else {
            let mut bytes = buffer(&self.uri, room)?;
            self.read_at(&mut bytes, offset)?;
            return Ok(bytes);
        };
        let failed = |error: std::io::Error| self.failed(&error);
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(room)
            .map_err(|_| self.fault(format!("{room} bytes of memory were refused")))?;
        while bytes.len() < room {
            let at = offset.saturating_add(bytes.len() as u64);
            match rustix::io::pread(file, spare_capacity(&mut bytes), at) {
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
        match (&self.file, &self.files) {
            (Some(file), _) => std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
                .map_err(|error| self.failed(&error)),
            (None, Files::Objects(objects)) if self.holds(offset, into.len()) => {
                let object = Object {
                    len: self.len,
                    identity: self.identity.clone(),
                };
                objects.read(&self.uri, &self.path, &object, offset, into)
            }
            (None, _) => Err(self.failed(&ErrorKind::UnexpectedEof.into())),
        }
    }

    /// Whether so many bytes from `offset` on are within it.
    fn holds(&self, offset: u64, bytes: usize) -> bool {
        let end = offset.checked_add(bytes as u64);
        end.is_some_and(|end| end <= self.len)
    }

    /// Reading failed.
    fn failed(&self, error: &std::io::Error) -> Error {
        fault::reading(&self.uri, Path::new(&self.files.name(&self.path)), error)
    }

    /// Whether the file under this path is still the one that was opened.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is not.
    pub fn check_identity(&self) -> Result<()> {
        self.files
            .check_identity(&self.uri, &self.path, &self.identity)
    }

    /// As [`Input::check_identity`], where reading does not say so itself: what is read of an object
    /// is of the one that was found, or an error.
    ///
    /// # Errors
    /// As [`Input::check_identity`].
    pub fn check_before_reading(&self) -> Result<()> {
        match &self.files {
            Files::OnDisk => self.check_identity(),
            Files::Objects(_) => Ok(()),
        }
    }
}

/// The identity of the file at `path`.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none.
pub fn identity_at(uri: &str, path: &Path) -> Result<String> {
    let metadata = std::fs::metadata(path).map_err(|error| fault::reading(uri, path, &error))?;
    Ok(identity(&metadata))
}

/// Size and mtime.
fn identity(metadata: &Metadata) -> String {
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
