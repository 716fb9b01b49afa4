//! May an array go to this place?
//!
//! Absent: what stands there unfinished, which is `staging`'s.

use super::node;
use crate::fault;
use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::{Error, Result};

/// The target is free, or an array that may be replaced. Nothing but an array is ever removed.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if not.
pub fn check(uri: &str, target: &Path, overwrite: bool) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(target) else {
        return Ok(());
    };
    let empty = || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if found.is_dir() && empty() {
        return Ok(());
    }
    if !found.is_dir() || !node::is_array(target) {
        return Err(
            fault::sink(uri, "something that is no zarr array stands there")
                .fact("path", target.display().to_string())
                .way_out("another name, or remove it"),
        );
    }
    if !overwrite {
        return Err(exists(uri));
    }
    Ok(())
}

/// The target exists.
fn exists(uri: &str) -> Error {
    fault::sink(uri, "the array exists already").way_out("--overwrite, or another name")
}

/// The groups above a target that do not exist yet, outermost first, and the directory that does.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is none, or an array stands there.
pub fn groups_above(uri: &str, target: &Path) -> Result<(Vec<PathBuf>, PathBuf)> {
    let is_store = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "zarr")
    };
    let store = target.ancestors().skip(1).find(|path| is_store(path));
    let mut missing = Vec::new();
    let mut above = target.parent();
    while let Some(path) = above {
        let here = if path == Path::new("") {
            Path::new(".")
        } else {
            path
        };
        let group = here.join("zarr.json").exists() || here.join(".zgroup").exists();
        let within = store.is_some_and(|store| path.starts_with(store));
        if within && node::is_array(here) {
            return Err(
                fault::sink(uri, "an array cannot be stored within an array")
                    .fact("array", here.display().to_string())
                    .way_out("a name beside it"),
            );
        }
        if within && !group {
            missing.insert(0, here.to_owned());
        }
        if here.is_dir() {
            return Ok((missing, here.to_owned()));
        }
        if !within || here.exists() {
            break;
        }
        above = path.parent();
    }
    let directory = target.parent().unwrap_or(target);
    Err(fault::sink(uri, "there is no such directory")
        .fact("path", directory.display().to_string())
        .way_out("create the directory first"))
}
