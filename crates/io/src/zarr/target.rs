//! Which groups stand above an array?
//!
//! Absent: whether the array may go there, which is `replace`'s to say.

use super::node;
use crate::{fault, within};
use std::path::{Path, PathBuf};
use tilewright_core::Result;

/// The groups above a target that do not exist yet, outermost first, and the directory that does.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is none, or an array stands there.
pub fn groups_above(uri: &str, target: &Path) -> Result<(Vec<PathBuf>, PathBuf)> {
    let is_store = |path: &Path| {
        let name = path.file_name();
        name.is_some_and(|name| within::is_store(&name.to_string_lossy()))
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
