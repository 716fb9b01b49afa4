//! What does a URI name?
//!
//! `[SCHEME://]path[?name=value&…][#key]`: where files stand, a path there, what must be said of a
//! file that says nothing of itself or is asked of the server it stands on, and the place of an array
//! within a file that holds several. A path on a disk that exists as it is written is taken so,
//! whatever it contains. Absent: which format it is.

use crate::files::{self, Files};
use crate::within;
use std::path::{Component, Path, PathBuf};
use tilewright_core::{Error, Result, uri};

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
    /// What is said of the file behind `?`.
    pub query: Option<String>,
}

impl Location {
    /// Reads a URI; `fault` says whether it is read from or written to.
    ///
    /// # Errors
    /// If it names no file, with `formats` as the way out.
    pub fn parse(uri: &str, formats: &str, fault: fn(&str, String) -> Error) -> Result<Location> {
        let refuse = |message: String| Err(fault(uri, message).way_out(formats));
        let Parts {
            scheme,
            path,
            key,
            query,
            asked,
        } = Parts::of(uri);
        let (files, path) = match scheme {
            None => (Files::OnDisk, Some(path.to_owned())),
            Some("file") if path.starts_with('/') => (Files::OnDisk, percent_decode(path)),
            Some(scheme) => {
                let (files, path) = files::of_scheme(scheme, path, asked.as_deref())
                    .map_err(|(message, way_out)| fault(uri, message).way_out(way_out))?;
                (files, percent_decode(path))
            }
        };
        let Some(path) = path.filter(|path| !path.is_empty() && !path.contains('\0')) else {
            return refuse("this names no file".into());
        };
        let path = PathBuf::from(path);
        // Below a store stand keys, and no key has an empty or a dotted part.
        let parts: Vec<Component<'_>> = path.components().collect();
        let store = parts.iter().position(is_store);
        if store.is_some_and(|at| parts[at..].contains(&Component::ParentDir)) {
            let message = "a key within a zarr store has the part ..".into();
            return Err(
                fault(uri, message).way_out("the path that it leads to, or one before the store")
            );
        }
        Ok(Location {
            uri: uri.to_owned(),
            files,
            path,
            key: key.map(str::to_owned),
            query,
        })
    }

    /// Whether the URI says itself, by a slash at its end, that it is no file.
    pub fn is_directory(&self) -> bool {
        self.path.as_os_str().as_encoded_bytes().ends_with(b"/")
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

/// The parts of a URI as they are written.
struct Parts<'a> {
    scheme: Option<&'a str>,
    path: &'a str,
    key: Option<&'a str>,
    /// What is said of the file.
    query: Option<String>,
    /// What its server is asked.
    asked: Option<String>,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Parts<'a> {
        let split = |text: &'a str, at: Option<usize>| match at {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        let Some((scheme, text)) = uri.split_once("://") else {
            let (rest, key) = split(uri, key_on_disk(uri));
            let said = rest.rfind('?').filter(|_| !Path::new(rest).exists());
            let (path, query) = split(rest, said);
            return Parts {
                scheme: None,
                path,
                key,
                query: query.map(str::to_owned),
                asked: None,
            };
        };
        let (rest, key) = split(text, text.find('#'));
        let (path, query) = split(rest, rest.find('?'));
        let is_server = matches!(scheme, "http" | "https");
        let parts = |of_file: bool| {
            let parts = query.into_iter().flat_map(|query| query.split('&'));
            let parts = parts.filter(|part| (!is_server || uri::is_of_file(part)) == of_file);
            let parts: Vec<&str> = parts.collect();
            (!parts.is_empty()).then(|| parts.join("&"))
        };
        Parts {
            scheme: Some(scheme),
            path,
            key,
            query: parts(true),
            asked: parts(false),
        }
    }
}

/// Where the path of a file ends and the key begins: behind the shortest path that exists, else at the
/// last `#`.
fn key_on_disk(text: &str) -> Option<usize> {
    if Path::new(text).exists() {
        return None;
    }
    let mut marks = text.match_indices('#').map(|(at, _)| at);
    let is_file = |at: &usize| Path::new(&text[..*at]).is_file();
    marks.find(is_file).or_else(|| text.rfind('#'))
}

/// Whether a part of a path is a zarr store by its name.
fn is_store(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(name) if within::is_store(&name.to_string_lossy()))
}

/// Text as it stands in a URI, where signs mean something but for those that are `kept`.
#[cfg(feature = "remote")]
pub fn percent_encode(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'%' | b'?' | b'#' | b'"' | b'<' | b'>' | 0..=b' ' | 0x7f..
                if !kept.contains(&byte) =>
            {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
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
        is(
            "file:///a%3fb?shape=3#g#?h",
            "/a?b",
            Some("shape=3"),
            Some("g#?h"),
        );
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
        assert_eq!((location.path, location.key), (path.clone(), None));
        // What stands behind a file is a key, whatever signs are in it.
        let location = parse(&format!("{}#d?e#f", path.display())).unwrap();
        let key = Some("d?e#f".to_owned());
        assert_eq!((location.path, location.key), (path, key));
    }

    #[test]
    fn what_is_not_said_of_the_file_is_asked_of_its_server() {
        let parts = |uri| {
            let parts = Parts::of(uri);
            (parts.query, parts.asked)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("https://h/x?a=b%2F=&c#k"), (None, some("a=b%2F=&c")));
        assert_eq!(
            parts("http://h/x?sig=1&shape=3&e=2&dtype=f8"),
            (some("shape=3&dtype=f8"), some("sig=1&e=2"))
        );
        assert_eq!(parts("s3://b/x?sig=1"), (some("sig=1"), None));
        assert_eq!(parts("x.raw?sig=1"), (some("sig=1"), None));
    }
}
