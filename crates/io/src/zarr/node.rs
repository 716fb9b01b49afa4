//! Is a directory an array, a group or neither?
//!
//! Absent: consolidated metadata, which no array needs to be opened.

use crate::file::Input;
use crate::location::Location;
use crate::{fault, within};
use serde::Deserialize;
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
pub fn read_document(uri: &str, directory: &Path, name: &str) -> Result<Option<(Input, Vec<u8>)>> {
    let (store, path) = (within::store(directory), directory.join(name));
    let Some(input) = Input::open_within(uri, store, &path)? else {
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
pub fn find(uri: &str, path: &Path) -> Result<Document> {
    if let Some((input, text)) = read_document(uri, path, "zarr.json")? {
        let kind: Kind = serde_json::from_slice(&text).map_err(|error| {
            input
                .fault(format!("the metadata is not that of an array: {error}"))
                .way_out("write the array again")
        })?;
        if kind.node_type.as_deref() == Some("group") {
            return Err(group(uri, path));
        }
        return Ok(Document {
            version: 3,
            input,
            text,
        });
    }
    if let Some((input, text)) = read_document(uri, path, ".zarray")? {
        return Ok(Document {
            version: 2,
            input,
            text,
        });
    }
    if path.join(".zgroup").exists() {
        return Err(group(uri, path));
    }
    let message = if path.exists() {
        "this directory is no zarr array: it has neither zarr.json nor .zarray"
    } else {
        "there is no such array"
    };
    let near = path.ancestors().find(|path| path.is_dir());
    Err(suggest(fault::source(uri, message), near.unwrap_or(path)))
}

/// A group was named where an array is wanted.
fn group(uri: &str, path: &Path) -> Error {
    suggest(
        fault::source(uri, "this is a zarr group, not an array"),
        path,
    )
}

/// The arrays below the group that a location names.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is no such directory.
pub fn list(location: &Location) -> Result<Vec<String>> {
    if !location.path.is_dir() {
        let missing = std::io::ErrorKind::NotFound.into();
        return Err(fault::reading(&location.uri, &location.path, &missing));
    }
    let found = arrays_below(&location.path, usize::MAX);
    Ok(found
        .iter()
        .map(|path| path.display().to_string())
        .collect())
}

/// Names the arrays below a directory as the way out.
fn suggest(error: Error, directory: &Path) -> Error {
    let arrays = arrays_below(directory, NAMES);
    if arrays.is_empty() {
        return error.way_out("an .npy file, or the directory of a zarr array");
    }
    let names: Vec<String> = arrays
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    error.way_out(names.join(", "))
}

/// Some of the arrays below a directory, at most `most`, in the order of their names.
fn arrays_below(directory: &Path, most: usize) -> Vec<PathBuf> {
    let (mut found, mut visits) = (Vec::new(), 0);
    let mut waiting = vec![(directory.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        visits += 1;
        if visits > VISITS || found.len() == most {
            break;
        }
        if depth > 0 && is_array(&path) {
            found.push(path);
            continue;
        }
        if depth == DEPTH {
            continue;
        }
        let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
        let mut below: Vec<PathBuf> = entries
            .take(VISITS)
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .map(|entry| entry.path())
            .collect();
        below.sort_by(|a, b| b.cmp(a));
        waiting.extend(below.into_iter().map(|path| (path, depth + 1)));
    }
    found
}

/// Whether a directory holds an array's metadata.
pub fn is_array(path: &Path) -> bool {
    let kind = |(_, text): (Input, Vec<u8>)| {
        let kind: Option<Kind> = serde_json::from_slice(&text).ok();
        kind.and_then(|kind| kind.node_type)
            .is_some_and(|kind| kind == "array")
    };
    path.join(".zarray").is_file()
        || read_document("", path, "zarr.json").is_ok_and(|found| found.is_some_and(kind))
}
