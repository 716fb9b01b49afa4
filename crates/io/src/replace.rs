//! May an array that is a directory go to this place, and how does it?
//!
//! Absent: what stands there unfinished, which is `staging`'s.

use crate::fault;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use tilewright_core::Result;

/// The target is free, or something that may be replaced: `is` tells what is `what`, and nothing else
/// is ever removed.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if not.
pub fn check(
    uri: &str,
    target: &Path,
    overwrite: bool,
    (what, is): (&str, impl Fn(&Path) -> bool),
) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(target) else {
        return Ok(());
    };
    let empty = || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if found.is_dir() && empty() {
        return Ok(());
    }
    if !found.is_dir() || !is(target) {
        return Err(
            fault::sink(uri, format!("something that is no {what} stands there"))
                .fact("path", target.display().to_string())
                .way_out("another name, or remove it"),
        );
    }
    if !overwrite {
        return Err(
            fault::sink(uri, "the array exists already").way_out("--overwrite, or another name")
        );
    }
    Ok(())
}

/// Gives a directory the target's name; another directory that stands there, and may be replaced, goes to
/// its own, in one step where the file system can. Says whether one did.
///
/// # Errors
/// If it cannot be renamed.
pub fn exchange(directory: &Path, target: &Path, overwrite: bool) -> std::io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match fs::rename(directory, target) {
        Err(error) if overwrite && is_taken(&error) => {}
        result => return result.map(|()| false),
    }
    match renameat_with(CWD, directory, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => {
            let aside = directory.with_extension("old");
            fs::rename(target, &aside)?;
            if let Err(error) = fs::rename(directory, target) {
                let _ = fs::rename(&aside, target);
                return Err(error);
            }
            fs::rename(&aside, directory)?;
        }
        result => result?,
    }
    Ok(true)
}

/// Whether a directory with something in it stands where one would go.
fn is_taken(error: &std::io::Error) -> bool {
    let kind = error.kind();
    matches!(
        kind,
        ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists
    )
}
