//! Which format does a URI name?
//!
//! A path, or `file://` and a path. What is there decides for reading: a directory is zarr, a file
//! npy. The name decides for writing: `x.npy`, or a path with a component that ends in `.zarr`.
//! Absent: remote stores.

use crate::{ArraySpec, Sink, Source, fault, npy, zarr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result, element_count};

/// What can be named.
const FORMATS: &str = "x.npy, x.zarr or x.zarr/group/array";

/// Opens a stored array.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none, or it is damaged or of a kind that is not
/// supported; the message names a way out.
pub fn open(uri: &str) -> Result<Arc<dyn Source>> {
    let path = path_of(uri, fault::source)?;
    if path.is_file() {
        return npy::open(uri, &path);
    }
    zarr::open(uri, &path)
}

/// Starts a new array; nothing is visible before [`Sink::finish`].
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the target exists and is not to be replaced, the format is
/// not known by the name, or the directory cannot be written to;
/// [`tilewright_core::Kind::Chunks`] if the chunk lengths do not fit the shape.
pub fn create(uri: &str, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let path = path_of(uri, fault::sink)?;
    let spec = check(uri, spec)?;
    if path.components().any(|part| is_store(&part)) {
        zarr::create(uri, &path, &spec)
    } else if path.extension().is_some_and(|extension| extension == "npy") {
        npy::create(uri, &path, &spec)
    } else {
        Err(fault::sink(uri, "the name tells no format that is written").way_out(FORMATS))
    }
}

/// The spec with every chunk length at least 1, if it describes an array.
fn check(uri: &str, spec: &ArraySpec) -> Result<ArraySpec> {
    let refuse = |message: String, way_out: &str| {
        let error = Error::new(tilewright_core::Kind::Chunks, message);
        Err(error.fact("array", uri).way_out(way_out))
    };
    let (shape, grid) = (&spec.shape, &spec.grid);
    if shape.len() != grid.len() {
        let message = format!("chunks of {grid:?} do not cut an array of shape {shape:?}");
        return refuse(message, "one chunk length for each axis");
    }
    let bytes = element_count(shape).and_then(|n| n.checked_mul(spec.dtype.itemsize() as i64));
    if shape.iter().any(|&len| len < 0) || bytes.is_none() {
        return refuse(
            format!("the shape {shape:?} is negative or too large"),
            "a smaller shape",
        );
    }
    let mut spec = spec.clone();
    spec.fill = spec.fill.cast(spec.dtype);
    for (chunk, &len) in spec.grid.iter_mut().zip(&spec.shape) {
        if *chunk < 1 {
            *chunk = len.max(1);
        }
    }
    Ok(spec)
}

/// The path that a URI names.
fn path_of(uri: &str, fault: fn(&str, String) -> Error) -> Result<PathBuf> {
    let refuse = |message: String| Err(fault(uri, message).way_out(FORMATS));
    let path = match uri.split_once("://") {
        Some(("file", rest)) if rest.starts_with('/') => percent_decode(rest),
        Some((scheme, _)) => {
            return refuse(format!(
                "{} is no scheme that is read",
                fault::quote(scheme)
            ));
        }
        None => Some(uri.to_owned()),
    };
    let Some(path) = path.filter(|path| !path.is_empty() && !path.contains('\0')) else {
        return refuse("this names no file".into());
    };
    // Below a store stand keys, and no key has an empty or a dotted part.
    let parts: Vec<Component<'_>> = Path::new(&path).components().collect();
    let store = parts.iter().position(|part| is_store(part));
    if store.is_some_and(|at| parts[at..].contains(&Component::ParentDir)) {
        return refuse("a key within a zarr store has the part ..".into());
    }
    Ok(path.into())
}

/// Whether a part of a path is a zarr store by its name.
fn is_store(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(name) if name.to_string_lossy().ends_with(".zarr"))
}

/// Replaces `%20` and its kin; `None` if that is no text.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if *byte == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}
