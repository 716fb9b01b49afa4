//! What does a URI name?
//!
//! `[SCHEME://]path[?name=value&…][#key]`: where files stand, a path there, what must be said of a
//! file that says nothing of itself, and the place of an array within a file that holds several. A
//! path on a disk that exists as it is written is taken so, whatever it contains. Absent: which
//! format it is.

use crate::files::{self, Files};
use crate::within;
use std::path::{Component, Path, PathBuf};
use tilewright_core::{Error, Result};

/// What a URI names.
#[derive(Clone, Debug)]
pub struct Location {
    /// The URI as it was given.
    pub uri: String,
    /// Where its files stand.
    pub files: Files,
    /// The file or directory.
    pub path: PathBuf,
    /// What stands behind `#`.
    pub key: Option<String>,
    /// What stands behind `?`.
    pub query: Option<String>,
}

impl Location {
    /// Reads a URI; `fault` says whether it is read from or written to.
    ///
    /// # Errors
    /// If it names no file, with `formats` as the way out.
    pub fn parse(uri: &str, formats: &str, fault: fn(&str, String) -> Error) -> Result<Location> {
        let refuse = |message: String| Err(fault(uri, message).way_out(formats));
        let (files, text) = match uri.split_once("://") {
            Some(("file", rest)) if rest.starts_with('/') => (Files::OnDisk, rest),
            Some((scheme, rest)) => files::of_scheme(scheme, rest)
                .map_err(|(message, way_out)| fault(uri, message).way_out(way_out))?,
            None => (Files::OnDisk, uri),
        };
        let decode = uri.contains("://");
        let whole = !decode && Path::new(text).exists();
        let split = |text: &str, mark: char| match text.rsplit_once(mark) {
            Some((before, after)) if !whole => (before.to_owned(), Some(after.to_owned())),
            _ => (text.to_owned(), None),
        };
        let (rest, key) = split(text, '#');
        let (path, query) = split(&rest, '?');
        let path = if decode {
            percent_decode(&path)
        } else {
            Some(path)
        };
        let Some(path) = path.filter(|path| !path.is_empty() && !path.contains('\0')) else {
            return refuse("this names no file".into());
        };
        let path = PathBuf::from(path);
        // Below a store stand keys, and no key has an empty or a dotted part.
        let parts: Vec<Component<'_>> = path.components().collect();
        let store = parts.iter().position(is_store);
        if store.is_some_and(|at| parts[at..].contains(&Component::ParentDir)) {
            return refuse("a key within a zarr store has the part ..".into());
        }
        Ok(Location {
            uri: uri.to_owned(),
            files,
            path,
            key,
            query,
        })
    }

    /// Whether the path leads into a zarr store by its name.
    pub fn in_store(&self) -> bool {
        self.path.components().any(|part| is_store(&part))
    }

    /// Whether the file's name ends so, in either case.
    pub fn ends_with(&self, endings: &[&str]) -> bool {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_ascii_lowercase();
        endings.iter().any(|ending| name.ends_with(ending))
    }
}

/// Whether a part of a path is a zarr store by its name.
fn is_store(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(name) if within::is_store(&name.to_string_lossy()))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::fault;

    fn parse(uri: &str) -> Result<Location> {
        Location::parse(uri, "x.npy", fault::source)
    }

    #[test]
    fn a_uri_has_a_path_a_query_and_a_key() {
        let is = |uri: &str, path: &str, query: Option<&str>, key: Option<&str>| {
            let location = parse(uri).unwrap();
            assert_eq!(location.path, Path::new(path), "{uri}");
            assert_eq!(location.query.as_deref(), query, "{uri}");
            assert_eq!(location.key.as_deref(), key, "{uri}");
        };
        is("a/x.npy", "a/x.npy", None, None);
        is("x.h5#/g/a", "x.h5", None, Some("/g/a"));
        is("x.raw?shape=3", "x.raw", Some("shape=3"), None);
        is("file:///a%20b/x.h5#g", "/a b/x.h5", None, Some("g"));
        is("memory://a/x.zarr", "a/x.zarr", None, None);
        for bad in [
            "",
            "#x",
            "gopher://x",
            "http://",
            "s3:///x",
            "memory://",
            "file://x",
            "file:///%zz",
            "a\0b",
            "x.zarr/../y",
            "file:///x.zarr/a/%2e%2e/%2e%2e/y",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_that_exists_is_taken_as_it_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a#b?c");
        std::fs::write(&path, "").unwrap();
        let location = parse(path.to_str().unwrap()).unwrap();
        assert_eq!((location.path, location.key), (path, None));
    }
}
