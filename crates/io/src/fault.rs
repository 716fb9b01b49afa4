//! How is a failure told?
//!
//! Every message names the array; text that comes from a file is quoted and cut short. Absent:
//! the choice of the way out, which is the caller's.

use std::io;
use std::path::Path;
use tilewright_core::{Error, Kind};

/// Longest text quoted from a file.
const LONGEST_QUOTE: usize = 80;

/// Reading failed.
pub fn source(uri: &str, message: impl Into<String>) -> Error {
    Error::new(Kind::Source, message).fact("array", uri)
}

/// Writing failed.
pub fn sink(uri: &str, message: impl Into<String>) -> Error {
    Error::new(Kind::Sink, message).fact("array", uri)
}

/// An operation on a file failed while reading.
pub fn reading(uri: &str, path: &Path, error: &io::Error) -> Error {
    let way_out = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied => "check who may read the file",
        io::ErrorKind::UnexpectedEof => "the file is shorter than it should be: write it again",
        _ => "check the storage",
    };
    source(uri, format!("reading failed: {error}"))
        .fact("file", path.display().to_string())
        .way_out(way_out)
}

/// An operation on a file failed while writing.
pub fn writing(uri: &str, path: &Path, error: &io::Error) -> Error {
    let way_out = match error.kind() {
        io::ErrorKind::NotFound => "create the directory first",
        io::ErrorKind::NotADirectory => "another path: a file stands where a directory would",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose a directory you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "free some space, or write elsewhere"
        }
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => {
            "--overwrite, or another name: something has appeared there meanwhile"
        }
        _ => "check the storage",
    };
    // A library adds the hidden name that the file has meanwhile.
    let text = error.to_string();
    let text = text.split(" at path \"").next().unwrap_or_default();
    sink(uri, format!("writing failed: {text}"))
        .fact("file", path.display().to_string())
        .way_out(way_out)
}

/// Runs a library on data from a file. It should not panic; if it does, that is a message.
///
/// # Errors
/// What `run` says, or that it panicked.
pub fn guarded<T>(library: &str, run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(format!("the {library} library gave up on it")))
}

/// Text from a file, for a message.
pub fn quote(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_QUOTE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

/// Which dtypes there are, for a way out.
pub const DTYPES: &str = "convert it to bool, int8…int64, uint8…uint64, float16, float32 or float64 where it was written";

/// An error of a chunk.
pub fn at_chunk(error: Error, chunk: &[i64]) -> Error {
    error.fact("chunk", format!("{chunk:?}"))
}
