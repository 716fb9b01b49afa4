//! Is a directory an array, a group or neither?
//!
//! Absent: consolidated metadata, which no array needs to be opened; they are `consolidated`'s.

use super::listing;
use crate::file::Input;
use crate::files::Files;
use crate::{fault, within};
use serde::Deserialize;
use std::path::Path;
use tilewright_core::{Error, Result};

/// Longest metadata document that is read.
const LONGEST_DOCUMENT: u64 = 16 << 20;

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
    Err(listing::suggest(files, fault::source(uri, message), near))
}

/// A group was named where an array is wanted.
fn group(files: &Files, uri: &str, path: &Path) -> Error {
    listing::suggest(
        files,
        fault::source(uri, "this is a zarr group, not an array"),
        path,
    )
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
