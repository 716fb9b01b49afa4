//! Which stored arrays does a pattern name?
//!
//! `*` any characters, `?` one, `[ab]` and `[a-z]` one of these; none of them matches `/` or a
//! leading dot. Results are in the order of their names, so that a run of files stacks in order. Absent:
//! patterns of what is not on a disk.

use super::value::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tilewright::{Array, Error, Kind, Result};

/// Most arrays that a pattern may name.
const MOST: usize = 1_000_000;

/// The array that a URI names, or the list of arrays that a pattern names, each opened by `open`.
///
/// # Errors
/// [`Kind::Source`] if there is none, or one cannot be opened.
pub fn open_all(uri: &str, open: fn(&str) -> Array) -> Result<Value> {
    let opened = |uri: &str| {
        let array = open(uri);
        match array.error() {
            None => Ok(Value::Array(array)),
            Some(error) => Err(error.clone()),
        }
    };
    match matching(uri)? {
        None => opened(uri),
        Some(uris) => {
            let arrays = uris.iter().map(|uri| opened(uri));
            Ok(Value::List(arrays.collect::<Result<_>>()?))
        }
    }
}

/// The URIs that a pattern names; `None` if it is none.
///
/// # Errors
/// [`Kind::Source`] if there are none, or too many.
pub fn matching(uri: &str) -> Result<Option<Vec<String>>> {
    let (files, within) = split(uri);
    let far = uri.contains("://") && !uri.starts_with("file://");
    if far || !files.contains(['*', '?', '[']) || Path::new(uri).exists() {
        return Ok(None);
    }
    let refuse = |message: &str, way_out: &str| {
        Err(Error::new(Kind::Source, message)
            .fact("pattern", uri)
            .way_out(way_out))
    };
    let path = files.strip_prefix("file://").unwrap_or(files);
    let (root, rest) = match path.strip_prefix('/') {
        Some(rest) => (PathBuf::from("/"), rest),
        None => (PathBuf::new(), path),
    };
    let mut found = vec![root];
    for part in rest.split('/').filter(|part| !part.is_empty()) {
        found = found
            .iter()
            .flat_map(|path| matches_below(path, part))
            .collect();
        if found.len() > MOST {
            return refuse(
                "the pattern names more than a million files",
                "a narrower pattern",
            );
        }
    }
    if found.is_empty() {
        return refuse(
            "no file matches the pattern",
            "check the pattern, in quotes",
        );
    }
    let name = |path: &PathBuf| format!("{}{within}", path.to_string_lossy());
    Ok(Some(found.iter().map(name).collect()))
}

/// A pattern of files, and what is said of each: `?name=value…` and `#key`.
fn split(uri: &str) -> (&str, &str) {
    let key = uri.find('#').unwrap_or(uri.len());
    let said = uri[..key]
        .rfind('?')
        .filter(|&at| uri[at..key].contains('='));
    uri.split_at(said.unwrap_or(key))
}

/// What a directory holds that matches one part of a pattern, by name.
fn matches_below(directory: &Path, part: &str) -> Vec<PathBuf> {
    if !part.contains(['*', '?', '[']) {
        let path = directory.join(part);
        return if path.exists() {
            vec![path]
        } else {
            Vec::new()
        };
    }
    let here = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    let pattern: Vec<char> = part.chars().collect();
    let entries = fs::read_dir(here).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') || part.starts_with('.'))
        .filter(|name| matches(&pattern, &name.chars().collect::<Vec<_>>()))
        .collect();
    names.sort();
    names.into_iter().map(|name| directory.join(name)).collect()
}

/// Whether a name matches a pattern; a star is tried again from where it last stood, so the time
/// is at most the product of the lengths.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p + 1, n));
            p += 1;
        } else if let Some(next) = name.get(n).and_then(|&c| one(pattern, p, c)) {
            (p, n) = (next, n + 1);
        } else if p == pattern.len() && n == name.len() {
            return true;
        } else {
            match star {
                Some((after, from)) if from < name.len() => {
                    star = Some((after, from + 1));
                    (p, n) = (after, from + 1);
                }
                _ => return false,
            }
        }
    }
}

/// Where the pattern goes on if its element at `p` matches a character.
fn one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match pattern.get(p)? {
        '?' => Some(p + 1),
        '[' => match pattern[p + 1..].iter().skip(1).position(|&c| c == ']') {
            Some(more) => {
                let end = p + 2 + more;
                let set = &pattern[p + 1..end];
                let range = |k: usize| set.get(k + 1) == Some(&'-') && k + 2 < set.len();
                let mut k = 0;
                while k < set.len() {
                    let high = if range(k) { set[k + 2] } else { set[k] };
                    if (set[k]..=high).contains(&c) {
                        return Some(end + 1);
                    }
                    k += if range(k) { 3 } else { 1 };
                }
                None
            }
            None => (c == '[').then_some(p + 1),
        },
        literal => (*literal == c).then_some(p + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{matches, split};

    #[test]
    fn what_is_said_of_each_file_is_no_pattern() {
        for (uri, files, within) in [
            ("day-*.h5#/a/b", "day-*.h5", "#/a/b"),
            ("x?.npy", "x?.npy", ""),
            ("x?.raw?shape=3&dtype=f8", "x?.raw", "?shape=3&dtype=f8"),
            ("*.nc", "*.nc", ""),
        ] {
            assert_eq!(split(uri), (files, within));
        }
    }

    #[test]
    fn patterns_match_as_in_a_shell() {
        let cases = [
            ("*.npy", "a.npy", true),
            ("*.npy", "a.npz", false),
            ("run-??.npy", "run-01.npy", true),
            ("run-??.npy", "run-1.npy", false),
            ("[ab]*[0-9]", "bench7", true),
            ("[ab]*[0-9]", "cench7", false),
            ("*a*b*c", "xxaxxbxxbxc", true),
            ("*a*b*c", "xxaxxbxxbx", false),
            ("[", "[", true),
            ("*", "", true),
            ("a", "", false),
        ];
        for (pattern, name, want) in cases {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(
                matches(&chars(pattern), &chars(name)),
                want,
                "{pattern} {name}"
            );
        }
    }
}
