//! Where do files stand?
//!
//! On a disk; or as objects, which have names and bytes but no directories, no locks and nothing
//! that is renamed. What reads files reads either. Absent: what the bytes mean; writing to a disk,
//! which is `hidden`'s and `staging`'s.
//!
//! | file | question |
//! |---|---|
//! | `memory` | what are objects, in the plainest way? |
//! | `remote` | how are objects read and written over a network? |

mod memory;
#[cfg(feature = "remote")]
pub mod remote;

use crate::file::{self, Input};
use crate::within;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// An object, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its bytes.
    pub len: u64,
    /// Changes when it is replaced.
    pub identity: String,
}

/// What reading takes, beside the bytes that are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Bytes between neighbours that are read rather than passed over: a call costs as much.
    pub gap: usize,
    /// Most bytes of a piece that does not go to its place at once.
    pub piece: usize,
    /// Most bytes that a read holds beside where they go.
    pub beside: usize,
    /// Whether a read is waited for.
    pub distant: bool,
}

impl Reach {
    /// That of a disk, or of memory.
    pub const NEAR: Reach = Reach {
        gap: 4 << 10,
        piece: 64 << 10,
        beside: 0,
        distant: false,
    };
}

/// A place of objects. Every error names the array (`uri`) and the object.
pub trait Objects: Debug + Send + Sync {
    /// How an object is named in messages.
    fn name(&self, path: &Path) -> String;

    /// A URI that names an object.
    fn uri(&self, path: &Path) -> String {
        self.name(path)
    }

    /// What reading takes.
    fn reach(&self) -> Reach;

    /// The object at a path, `None` if there is none; `fresh` if what is known of it does not count.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the place does not say.
    fn find(&self, uri: &str, path: &Path, fresh: bool) -> Result<Option<Object>>;

    /// The object at a path and its bytes, asked for at once; without these if they are more than
    /// `most`. `None` if there is none.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it cannot be read.
    fn fetch(&self, uri: &str, path: &Path, most: u64) -> Result<Option<(Object, Vec<u8>)>>;

    /// Fills `into` with the bytes from `offset` on of an object that was found.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is another one by now, or cannot be read.
    fn read(
        &self,
        uri: &str,
        path: &Path,
        object: &Object,
        offset: u64,
        into: &mut [u8],
    ) -> Result<()>;

    /// What stands directly below a path: names that go on, and objects. `None` where a place cannot
    /// say.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it should say, and does not.
    fn below(&self, uri: &str, path: &Path) -> Result<Option<Below>>;

    /// Writes an object, as a whole or not at all.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if it cannot be written.
    fn put(&self, uri: &str, path: &Path, bytes: &[u8]) -> Result<()>;

    /// Writes an object that has the bytes of another, which do not come here.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if it cannot be written.
    fn copy(&self, uri: &str, from: &Path, to: &Path) -> Result<()>;

    /// Removes an object, if it is there.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if it cannot be removed.
    fn remove(&self, uri: &str, path: &Path) -> Result<()>;

    /// Why nothing can be written here, with a way out; `None` if it can.
    fn is_read_only(&self) -> Option<(&'static str, &'static str)> {
        None
    }
}

/// What stands directly below a path, in the order of the names.
#[derive(Debug, Default)]
pub struct Below {
    /// Paths below which there is more.
    pub directories: Vec<PathBuf>,
    /// Objects, and their bytes.
    pub objects: Vec<(PathBuf, u64)>,
}

/// Where the files of a URI stand.
#[derive(Clone, Debug)]
pub enum Files {
    /// On a disk.
    OnDisk,
    /// In a place of objects.
    Objects(Arc<dyn Objects>),
}

/// A place, and what of `SCHEME://REST` is the path within it; `asked` goes to its server with every
/// request.
///
/// # Errors
/// A sentence and a way out, if the scheme is not known or the place cannot be reached so.
pub fn of_scheme<'a>(
    scheme: &str,
    rest: &'a str,
    asked: Option<&str>,
) -> Result<(Files, &'a str), (String, &'static str)> {
    match scheme {
        "memory" => Ok((Files::Objects(memory::objects()), rest)),
        "http" | "https" | "s3" => remote_files(scheme, rest, asked),
        _ => Err((
            format!("{} is no scheme that is read", crate::fault::quote(scheme)),
            "a path, or file://, http://, https://, s3:// or memory://",
        )),
    }
}

#[cfg(feature = "remote")]
use remote::files as remote_files;

#[cfg(not(feature = "remote"))]
fn remote_files<'a>(
    scheme: &str,
    _rest: &'a str,
    _asked: Option<&str>,
) -> Result<(Files, &'a str), (String, &'static str)> {
    Err((
        format!("{scheme}:// is read only if Tilewright is built with its feature remote"),
        "cargo build --release --features remote, or a copy of the file on this machine",
    ))
}

impl Files {
    /// Opens a file; `None` if there is none.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it is no regular file or may not be read.
    pub fn open(&self, uri: &str, path: &Path) -> Result<Option<Input>> {
        match self {
            Files::OnDisk => Input::open(uri, path),
            Files::Objects(objects) => {
                let found = objects.find(uri, path, false)?;
                Ok(found.map(|object| Input::of_object(uri, path, objects, object)))
            }
        }
    }

    /// Opens a file below a store; `None` if there is none.
    ///
    /// # Errors
    /// As [`Files::open`], and if a link leads out of the store.
    pub fn open_within(&self, uri: &str, store: &Path, path: &Path) -> Result<Option<Input>> {
        if let Files::OnDisk = self {
            within::check(uri, store, path, crate::fault::source)?;
        }
        self.open(uri, path)
    }

    /// How a file is named in messages.
    pub fn name(&self, path: &Path) -> String {
        match self {
            Files::OnDisk => path.display().to_string(),
            Files::Objects(objects) => objects.name(path),
        }
    }

    /// A URI that names a file.
    pub fn uri(&self, path: &Path) -> String {
        match self {
            Files::OnDisk => path.display().to_string(),
            Files::Objects(objects) => objects.uri(path),
        }
    }

    /// Whether the file at `path` still has this identity.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it has not.
    pub fn check_identity(&self, uri: &str, path: &Path, was: &str) -> Result<()> {
        let is = match self {
            Files::OnDisk => file::identity_at(uri, path)?,
            Files::Objects(objects) => {
                let found = objects.find(uri, path, true)?;
                found.map_or("gone".into(), |object| object.identity)
            }
        };
        if is == was {
            return Ok(());
        }
        Err(changed(uri, &self.name(path), was, &is))
    }
}

/// A file is not the one any more that was opened.
pub fn changed(uri: &str, name: &str, was: &str, is: &str) -> Error {
    crate::fault::source(uri, "the file has changed since it was opened")
        .fact("file", name)
        .fact("was", was)
        .fact("is", is)
        .way_out("open it again when nothing writes to it")
}
