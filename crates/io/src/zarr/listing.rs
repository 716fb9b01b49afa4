//! What stands below a group?
//!
//! Directories are visited in the order of their names, as far as there is time for. Absent: what an
//! array's document says.

use super::attributes::Text;
use super::{consolidated, node, source};
use crate::files::Files;
use crate::listing::{Group, Listed, Listing};
use crate::location::Location;
use crate::{Attributes, fault};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// Most directories visited: to list them, and where each is a journey, or one array is looked for.
const LISTED: usize = 100_000;
const VISITS: usize = 500;

/// Most arrays named in a way out.
const NAMES: usize = 8;

/// Deepest level seen.
const DEPTH: usize = 6;

/// What was found below a directory.
#[derive(Default)]
struct Found {
    arrays: Vec<PathBuf>,
    groups: Vec<PathBuf>,
    is_cut: bool,
}

/// What stands below the group that a location names.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is no such directory, or its place does not tell.
pub fn list(location: &Location) -> Result<Listing> {
    let (files, uri, path) = (&location.files, location.uri.as_str(), &location.path);
    let told = match files {
        Files::OnDisk if !path.is_dir() => {
            let missing = std::io::ErrorKind::NotFound.into();
            return Err(fault::reading(uri, path, &missing));
        }
        Files::OnDisk => None,
        Files::Objects(_) => consolidated::arrays(files, uri, path)?,
    };
    let found = match told {
        Some(arrays) => Found {
            arrays,
            groups: vec![path.clone()],
            is_cut: false,
        },
        None => {
            let visits = match files {
                Files::OnDisk => LISTED,
                Files::Objects(_) => VISITS,
            };
            below(files, uri, path, (usize::MAX, visits))?
        }
    };
    let within = |found: &Path| {
        let rest = found.strip_prefix(path).unwrap_or(found);
        rest.to_string_lossy().into_owned()
    };
    let array = |path: &PathBuf| Listed::named(files.uri(path), within(path));
    let group = |path: &PathBuf| {
        Some(Group {
            path: within(path),
            attributes: attributes(files, uri, path)?,
        })
    };
    Ok(Listing {
        arrays: found.arrays.iter().map(array).collect(),
        groups: found.groups.iter().filter_map(group).collect(),
        is_cut: found.is_cut,
    })
}

/// The attributes of the group in a directory; `None` if there is none, or its document is damaged.
fn attributes(files: &Files, uri: &str, path: &Path) -> Option<Attributes> {
    #[derive(Deserialize)]
    struct Said<'a> {
        #[serde(borrow)]
        attributes: Option<&'a RawValue>,
    }
    if let Some((_, text)) = node::read_document(files, uri, path, "zarr.json").ok()? {
        let said: Said<'_> = serde_json::from_slice(&text).ok()?;
        let text = said.attributes.map(|text| text.get().as_bytes().into());
        let text = text.map(Text::new).transpose().ok()?;
        return Some(
            text.map_or_else(Attributes::default, |text| Attributes::kept(Arc::new(text))),
        );
    }
    let said = node::read_document(files, uri, path, ".zgroup").ok()?;
    said.and_then(|_| source::version_2_attributes(files, uri, path).ok())
}

/// Names the arrays below a directory as the way out; of objects those that a group names itself,
/// since asking for others takes a journey for each.
pub fn suggest(files: &Files, error: Error, directory: &Path) -> Error {
    let arrays = match files {
        Files::OnDisk => below(files, "", directory, (NAMES, VISITS)).map(|found| found.arrays),
        Files::Objects(_) => {
            consolidated::arrays(files, "", directory).map(Option::unwrap_or_default)
        }
    };
    let arrays = arrays.unwrap_or_default();
    if arrays.is_empty() {
        return error.way_out("check the path: an array of a zarr store is a directory");
    }
    let names = arrays.iter().take(NAMES).map(|path| files.name(path));
    error.way_out(names.collect::<Vec<String>>().join(", "))
}

/// What stands below a directory, at most so many arrays and visits, in the order of names.
fn below(
    files: &Files,
    uri: &str,
    directory: &Path,
    (most, visits): (usize, usize),
) -> Result<Found> {
    let (mut found, mut visited) = (Found::default(), 0);
    let mut waiting = vec![(directory.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        visited += 1;
        if visited > visits || found.arrays.len() == most {
            found.is_cut = true;
            break;
        }
        if depth > 0 && node::holds_array(files, &path) {
            found.arrays.push(path);
            continue;
        }
        if depth == DEPTH {
            continue;
        }
        let mut below = directories_below(files, uri, &path, visits)?;
        below.sort_by(|a, b| b.cmp(a));
        waiting.extend(below.into_iter().map(|path| (path, depth + 1)));
        found.groups.push(path);
    }
    Ok(found)
}

/// The directories in a directory, or some of them.
fn directories_below(files: &Files, uri: &str, path: &Path, most: usize) -> Result<Vec<PathBuf>> {
    if let Files::Objects(objects) = files {
        let below = objects.below(uri, path)?.ok_or_else(|| {
            fault::source(uri, "what is in a group cannot be listed here")
                .fact("group", files.name(path))
                .way_out("name the array; or consolidate the group's metadata where it is written")
        })?;
        return Ok(below.directories);
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let directories = entries
        .take(most)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    Ok(directories.map(|entry| entry.path()).collect())
}
