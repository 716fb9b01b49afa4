//! How does a file appear whole or not at all?
//!
//! It is written in a hidden directory beside its name, `.NAME.*.partial`, and renamed in the end. Absent:
//! who writes there, and what a killed process left, which are `staging`'s.

use crate::fault;
use std::fs::{File, Permissions, TryLockError};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tilewright_core::{Error, Result};

/// Whether a file may be written under a name.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if a directory stands there, or a file that is not to be replaced.
pub fn check(uri: &str, path: &Path, overwrite: bool) -> Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Err(fault::sink(
            uri,
            "a directory stands where the file would go",
        )
        .way_out("another name")),
        Ok(_) if !overwrite => Err(exists(uri)),
        _ => Ok(()),
    }
}

/// The target exists.
fn exists(uri: &str) -> Error {
    fault::sink(uri, "the file exists already").way_out("--overwrite, or another name")
}

/// Where the file goes.
pub fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// What ends the name of a hidden place.
pub const SUFFIX: &str = ".partial";

/// What begins the name of a hidden place of this target.
pub fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.")
}

/// The hidden places of this target in a directory: being written, or left by a killed process.
pub fn places(directory: &Path, target: &Path) -> Vec<PathBuf> {
    let prefix = prefix(target);
    let is_place = |name: &str| {
        let middle = name.strip_prefix(&prefix);
        let middle = middle.and_then(|rest| rest.strip_suffix(SUFFIX));
        middle.is_some_and(|middle| !middle.is_empty() && !middle.contains('.'))
    };
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_place))
        .map(|entry| entry.path())
        .collect()
}

/// Whether nobody else holds the lock of a file; it is held until the file is closed. Where there
/// are no locks, nobody seems to.
pub fn lock(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Another file beside one in a hidden directory, with which it goes.
///
/// # Errors
/// If the directory cannot be written to.
pub fn beside(path: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".")
        .suffix(SUFFIX)
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory(path))
}

/// Makes what stands below a directory last, before anything says that it is whole.
///
/// # Errors
/// If something that was written before could not be.
pub fn flush(directory: &Path) -> std::io::Result<()> {
    // One call for a whole file system: a call for each of many chunks took twenty times as long.
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(File::open(directory)?)?;
    #[cfg(not(target_os = "linux"))]
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            flush(&path)?;
        } else {
            File::open(&path)?.sync_all()?;
        }
    }
    Ok(())
}

/// Shows a hidden file under its name.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if that fails, or a file has appeared there that is not to be
/// replaced; the hidden file is gone then.
pub fn show(uri: &str, path: &Path, hidden: NamedTempFile, overwrite: bool) -> Result<()> {
    match show_or_give_back(uri, path, hidden, overwrite)? {
        None => Ok(()),
        Some(_) => Err(exists(uri)),
    }
}

/// Shows a hidden file under its name; gives it back if a file has appeared there that is not to be
/// replaced.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if that fails; the hidden file is gone then.
pub fn show_or_give_back(
    uri: &str,
    path: &Path,
    hidden: NamedTempFile,
    overwrite: bool,
) -> Result<Option<NamedTempFile>> {
    let failed = |error: std::io::Error| fault::writing(uri, path, &error);
    hidden.as_file().sync_all().map_err(failed)?;
    let shown = match overwrite {
        true => hidden.persist(path),
        false => hidden.persist_noclobber(path),
    };
    match shown {
        Ok(_) => {}
        Err(back) if !overwrite && back.error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Ok(Some(back.file));
        }
        Err(back) => return Err(failed(back.error)),
    }
    // Makes the new name last; a directory that cannot be flushed still holds the file.
    if let Ok(directory) = File::open(directory(path)) {
        let _ = directory.sync_all();
    }
    Ok(None)
}
