//! Does a file of a store stand within it?
//!
//! A store may come from anywhere, and a link in it may name any file of the reader's. Links that
//! stay within the store are followed. Absent: links above the store, which are the user's own.

use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::{Error, Result};

/// Whether a name is that of a store.
pub fn is_store(name: &str) -> bool {
    name.ends_with(".zarr")
}

/// The outermost store that a directory stands in, by its name; the directory itself if there is
/// none.
pub fn store(directory: &Path) -> &Path {
    let named = |path: &&Path| {
        let name = path.file_name();
        name.is_some_and(|name| is_store(&name.to_string_lossy()))
    };
    directory
        .ancestors()
        .filter(named)
        .last()
        .unwrap_or(directory)
}

/// Refuses a path below a store that a link leads out of it; `fault` says whether it is read from
/// or written to.
///
/// # Errors
/// If there is such a link, naming it.
pub fn check(uri: &str, store: &Path, path: &Path, fault: fn(&str, String) -> Error) -> Result<()> {
    let Some((link, leads)) = way_out(store, path) else {
        return Ok(());
    };
    Err(fault(uri, "a link leads out of the store".into())
        .fact("link", link.display().to_string())
        .fact("leads to", leads.display().to_string())
        .way_out("put what it leads to in its place, or name that itself"))
}

/// The first link between a store and a path below it that leads out of the store, and where to.
fn way_out(store: &Path, path: &Path) -> Option<(PathBuf, PathBuf)> {
    let mut at = store.to_owned();
    for part in path.strip_prefix(store).ok()?.components() {
        at.push(part);
        if !fs::symlink_metadata(&at).ok()?.is_symlink() {
            continue;
        }
        let inside = |leads: &PathBuf| {
            let store = fs::canonicalize(store);
            store.is_ok_and(|store| leads.starts_with(store))
        };
        // One that leads nowhere is not taken for a file that is missing.
        let leads = fs::canonicalize(&at).or_else(|_| fs::read_link(&at));
        match leads {
            Ok(leads) if inside(&leads) => {}
            leads => return Some((at, leads.unwrap_or_default())),
        }
    }
    None
}
