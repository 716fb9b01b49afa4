//! Is a directory an array, a group or neither?
//!
//! Absent: consolidated metadata, which no array needs to be opened; they are `consolidated`'s.

use super::consolidated;
use crate::file::Input;
use crate::files::Files;
use crate::location::Location;
use crate::{fault, within};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::{Error, Result};

/// Longest metadata document that is read.
const LONGEST_DOCUMENT: u64 = 16 << 20;

/// Most directories visited when a group's arrays are listed.
const VISITS: usize = 500;

/// Most arrays named.
const NAMES: usize = 8;

/// Deepest level seen.
const DEPTH: usize = 6;

/// The document of an array.
pub struct Document {
    /// 2 or 3.
    pub version: u8,
    /// Its file.
    pub input: Input,
    /// Its text.
    pub text: Vec<u8>,
}

impl Document {
    /// Its file's name.
    pub fn name(&self) -> &'static str {
        match self.version {
            2 => ".zarray",
            _ => "zarr.json",
        }
    }
}

/// What both versions say of a node.
#[derive(Deserialize)]
struct Kind {
    node_type: Option<String>,
}

/// Reads a metadata document of a directory; `None` if there is none.
///
/// # Errors
/// If it cannot be read, is longer than 16 MiB, or stands outside the store.
pub fn read_document(
    files: &Files,
    uri: &str,
    directory: &Path,
    name: &str,
) -> Result<Option<(Input, Vec<u8>)>> {
    let (store, path) = (within::store(directory), directory.join(name));
    let Some(input) = files.open_within(uri, store, &path)? else {
        return Ok(None);
    };
    let text = input.read_all(LONGEST_DOCUMENT)?;
    // One pass without memory: only a whole document is then built.
    serde_json::from_slice::<serde::de::IgnoredAny>(&text).map_err(|error| {
        input
            .fault(format!("the metadata is no JSON: {error}"))
            .way_out("it is damaged or still being written: write the array again")
    })?;
    Ok(Some((input, text)))
}

/// The document of the array at `path`.
///
/// # Errors
/// If there is no array, naming those that are near.
pub fn find(files: &Files, uri: &str, path: &Path) -> Result<Document> {
    if let Some((input, text)) = read_document(files, uri, path, "zarr.json")? {
        let kind: Kind = serde_json::from_slice(&text).map_err(|error| {
            input
                .fault(format!("the metadata is not that of an array: {error}"))
                .way_out("write the array again")
        })?;
        if kind.node_type.as_deref() == Some("group") {
            return Err(group(files, uri, path));
        }
        return Ok(Document {
            version: 3,
            input,
            text,
        });
    }
    if let Some((input, text)) = read_document(files, uri, path, ".zarray")? {
        return Ok(Document {
            version: 2,
            input,
            text,
        });
    }
    if files.open(uri, &path.join(".zgroup"))?.is_some() {
        return Err(group(files, uri, path));
    }
    let on_disk = matches!(files, Files::OnDisk);
    let message = if on_disk && path.exists() {
        "this directory is no zarr array: it has neither zarr.json nor .zarray"
    } else {
        "there is no such array"
    };
    let is_near = |path: &&Path| on_disk && path.is_dir();
    let near = path.ancestors().find(is_near).unwrap_or(path);
    Err(suggest(files, fault::source(uri, message), near))
}

/// A group was named where an array is wanted.
fn group(files: &Files, uri: &str, path: &Path) -> Error {
    suggest(
        files,
        fault::source(uri, "this is a zarr group, not an array"),
        path,
    )
}

/// The arrays below the group that a location names.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is no such directory, or its place does not tell.
pub fn list(location: &Location) -> Result<Vec<String>> {
    let (files, uri, path) = (&location.files, location.uri.as_str(), &location.path);
    let found = match files {
        Files::OnDisk if !path.is_dir() => {
            let missing = std::io::ErrorKind::NotFound.into();
            return Err(fault::reading(uri, path, &missing));
        }
        Files::OnDisk => None,
        Files::Objects(_) => consolidated::arrays(files, uri, path)?,
    };
    let found = match found {
        Some(found) => found,
        None => arrays_below(files, uri, path, usize::MAX)?,
    };
    Ok(found.iter().map(|path| files.uri(path)).collect())
}

/// Names the arrays below a directory as the way out; of objects those that a group names itself,
/// since asking for others takes a journey for each.
fn suggest(files: &Files, error: Error, directory: &Path) -> Error {
    let arrays = match files {
        Files::OnDisk => arrays_below(files, "", directory, NAMES).ok(),
        Files::Objects(_) => consolidated::arrays(files, "", directory).ok().flatten(),
    };
    let arrays = arrays.unwrap_or_default();
    if arrays.is_empty() {
        return error.way_out("check the path: an array of a zarr store is a directory");
    }
    let names = arrays.iter().take(NAMES).map(|path| files.name(path));
    error.way_out(names.collect::<Vec<String>>().join(", "))
}

/// Some of the arrays below a directory, at most `most`, in the order of their names.
fn arrays_below(files: &Files, uri: &str, directory: &Path, most: usize) -> Result<Vec<PathBuf>> {
    let (mut found, mut visits) = (Vec::new(), 0);
    let mut waiting = vec![(directory.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        visits += 1;
        if visits > VISITS || found.len() == most {
            break;
        }
        if depth > 0 && holds_array(files, &path) {
            found.push(path);
            continue;
        }
        if depth == DEPTH {
            continue;
        }
        let mut below = directories_below(files, uri, &path)?;
        below.sort_by(|a, b| b.cmp(a));
        waiting.extend(below.into_iter().map(|path| (path, depth + 1)));
    }
    Ok(found)
}

/// Some of the directories in a directory.
fn directories_below(files: &Files, uri: &str, path: &Path) -> Result<Vec<PathBuf>> {
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
        .take(VISITS)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    Ok(directories.map(|entry| entry.path()).collect())
}

/// Whether a directory on a disk holds an array's metadata.
pub fn is_array(path: &Path) -> bool {
    holds_array(&Files::OnDisk, path)
}

/// Whether a directory on a disk holds a group's metadata.
pub fn is_group(path: &Path) -> bool {
    let stands = |name: &str| path.join(name).is_file();
    (stands("zarr.json") || stands(".zgroup")) && !is_array(path)
}

/// Whether a directory holds an array's metadata.
pub fn holds_array(files: &Files, path: &Path) -> bool {
    let kind = |(_, text): (Input, Vec<u8>)| {
        let kind: Option<Kind> = serde_json::from_slice(&text).ok();
        kind.and_then(|kind| kind.node_type)
            .is_some_and(|kind| kind == "array")
    };
    let version_2 = files.open("", &path.join(".zarray"));
    version_2.is_ok_and(|found| found.is_some())
        || read_document(files, "", path, "zarr.json").is_ok_and(|found| found.is_some_and(kind))
}
