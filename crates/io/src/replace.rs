//! May an array that is a directory go to this place?
//!
//! Absent: what stands there unfinished, which is `staging`'s.

use crate::fault;
use std::fs;
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
