//! How does a file appear whole or not at all?
//!
//! It is written under a hidden name beside its own, `.NAME.*.partial`, and renamed in the end.
//! Absent: directories, which zarr's sink renames itself.

use crate::fault;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
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
fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// A hidden file beside the target.
///
/// # Errors
/// If the directory cannot be written to.
pub fn create(path: &Path) -> std::io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".partial")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory(path))
}

/// Shows a hidden file under its name.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if that fails, or a file has appeared there that is not to be
/// replaced; the hidden file is gone then.
pub fn show(uri: &str, path: &Path, hidden: NamedTempFile, overwrite: bool) -> Result<()> {
    let failed = |error: std::io::Error| fault::writing(uri, path, &error);
    hidden.as_file().sync_all().map_err(failed)?;
    if overwrite {
        hidden.persist(path).map_err(|error| failed(error.error))?;
    } else {
        hidden.persist_noclobber(path).map_err(|error| {
            if error.error.kind() == std::io::ErrorKind::AlreadyExists {
                exists(uri)
            } else {
                failed(error.error)
            }
        })?;
    }
    // Makes the new name last; a directory that cannot be flushed still holds the file.
    if let Ok(directory) = File::open(directory(path)) {
        let _ = directory.sync_all();
    }
    Ok(())
}
