//! How do an array's files go to a place of objects?
//!
//! Under their own names, since nothing can be renamed there. The document goes last: without it there
//! is no array. Meanwhile a mark says what is being written, so that what a killed process left goes on
//! with the same expression, or goes away. Where an array is replaced, they go under other names beside it
//! first, and are copied by the place itself when they are all there; only then is the old array gone,
//! and the new one not there yet. Absent: parts of arrays, which are `delivery`'s; locks, since objects know none: one process at a time may
//! store an array.

use super::{document, node};
use crate::files::{Files, Objects};
use crate::hidden::{self, SUFFIX};
use crate::location::Location;
use crate::staging::{self, MARK, Mark, State};
use crate::{Counters, fault, within};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::Result;

/// Deepest level of an array's chunks: one for each axis.
pub const DEPTH: usize = crate::source::MOST_AXES + 2;

/// What may tell of an array.
const DOCUMENTS: [&str; 3] = ["zarr.json", ".zarray", ".zattrs"];

/// An array's files, until it is shown; dropping them removes them.
pub struct Deposit {
    pub uri: String,
    pub objects: Arc<dyn Objects>,
    pub target: PathBuf,
    /// Where the files are put: the target, or beside an array that is replaced or written in part.
    pub place: PathBuf,
    pub said: Mark,
    /// Groups above the array that do not exist yet, outermost first.
    pub groups: Vec<PathBuf>,
    /// Chunks that an interrupted store has written.
    pub standing: BTreeSet<PathBuf>,
    /// Whether they stay when it is dropped.
    pub kept: bool,
}

impl Deposit {
    /// Begins an array of what comes from `origin`, or goes on with one that was interrupted.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if something stands there, and as the place says.
    pub fn open(
        location: &Location,
        objects: &Arc<dyn Objects>,
        origin: Option<String>,
        overwrite: bool,
    ) -> Result<Deposit> {
        let (uri, target) = (location.uri.as_str(), location.path.as_path());
        let said = Mark {
            origin,
            ..Mark::new(State::Unfinished)
        };
        let groups = groups_above(location)?;
        let stands = node::holds_array(&location.files, target);
        if stands && !overwrite {
            return Err(fault::sink(uri, "the array exists already")
                .way_out("--overwrite, or another name"));
        }
        let beside = target.with_file_name(format!("{}new{SUFFIX}", hidden::prefix(target)));
        let place = match stands {
            true => beside.as_path(),
            false => {
                // What a killed process left that would have replaced one.
                remove_all(&**objects, uri, &beside)?;
                target
            }
        };
        let left = all_below(&**objects, uri, place, DEPTH)?;
        if ["zarr.json", ".zgroup"]
            .iter()
            .any(|name| left.contains(&place.join(name)))
        {
            return Err(fault::sink(uri, "a zarr group stands there")
                .way_out("a name within it, or another name"));
        }
        let mark = mark(&location.files, uri, place)?;
        let standing = match mark {
            Some(mark) if staging::same(&mark, &said) => left,
            Some(mark) if mark.can_go_on() && !overwrite => {
                return Err(staging::unfinished(uri, &location.files.name(place)));
            }
            None if !left.is_empty() => {
                return Err(
                    fault::sink(uri, "something that is no zarr array stands there")
                        .fact("path", location.files.name(target))
                        .way_out("another name, or remove it"),
                );
            }
            _ => {
                left.iter().try_for_each(|path| objects.remove(uri, path))?;
                BTreeSet::new()
            }
        };
        objects.put(uri, &place.join(MARK), &said.text())?;
        Ok(Deposit {
            uri: uri.to_owned(),
            objects: objects.clone(),
            target: target.to_owned(),
            place: place.to_owned(),
            said,
            groups,
            standing,
            kept: false,
        })
    }

    /// Whether a chunk stands from an interrupted store.
    pub fn stands(&self, key: &str) -> bool {
        self.standing.contains(&self.place.join(key))
    }

    /// Encodes and writes a chunk.
    ///
    /// # Errors
    /// If either fails, naming the chunk.
    pub fn put_chunk(
        &self,
        (chunk, key): (&[i64], &str),
        counters: &Counters,
        encode: impl FnOnce() -> std::io::Result<Vec<u8>>,
    ) -> Result<()> {
        let failed = |error: std::io::Error| {
            let at = self.objects.name(&self.place.join(key));
            fault::writing(&self.uri, Path::new(&at), &error)
        };
        let put = encode().map_err(failed).and_then(|encoded| {
            self.objects
                .put(&self.uri, &self.place.join(key), &encoded)?;
            counters.wrote(encoded.len());
            Ok(())
        });
        put.map_err(|error| fault::at_chunk(error, chunk))
    }

    /// Writes a file of the array that is shown.
    fn put(&self, key: &str, bytes: &[u8]) -> Result<()> {
        self.objects.put(&self.uri, &self.target.join(key), bytes)
    }

    /// Shows the array: groups, then what is said beside the document, then the document.
    ///
    /// # Errors
    /// As the place says; everything is removed then.
    pub fn show(
        mut self,
        documents: &[(&'static str, String)],
        version: u8,
        complete: bool,
    ) -> Result<()> {
        for group in &self.groups {
            let (name, text) = document::group(version);
            let text = text.to_string();
            self.objects
                .put(&self.uri, &group.join(name), text.as_bytes())?;
        }
        if self.place != self.target {
            self.replace()?;
        }
        if complete {
            self.said.state = State::Complete;
            self.put(MARK, &self.said.text())?;
        }
        for (name, text) in documents.iter().rev() {
            self.put(name, text.as_bytes())?;
        }
        self.kept = true;
        if !complete {
            self.objects.remove(&self.uri, &self.target.join(MARK))?;
        }
        match self.place == self.target {
            true => Ok(()),
            false => remove_all(&*self.objects, &self.uri, &self.place),
        }
    }

    /// Puts the chunks in the place of the array that stands there.
    fn replace(&self) -> Result<()> {
        // A process that is killed now leaves nothing that could be gone on with.
        self.put(MARK, &Mark::new(State::Changing).text())?;
        let (objects, uri) = (&*self.objects, &self.uri);
        for name in DOCUMENTS {
            objects.remove(uri, &self.target.join(name))?;
        }
        let mark = self.target.join(MARK);
        let old = all_below(objects, uri, &self.target, DEPTH)?;
        let old = old.iter().filter(|path| **path != mark);
        old.into_iter()
            .try_for_each(|path| objects.remove(uri, path))?;
        for from in all_below(objects, uri, &self.place, DEPTH)? {
            match from.strip_prefix(&self.place) {
                Ok(key) if key != Path::new(MARK) => {
                    objects.copy(uri, &from, &self.target.join(key))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for Deposit {
    fn drop(&mut self) {
        if !self.kept {
            let _ = remove_all(&*self.objects, &self.uri, &self.place);
        }
    }
}

/// Removes every object below a path.
pub fn remove_all(objects: &dyn Objects, uri: &str, path: &Path) -> Result<()> {
    let left = all_below(objects, uri, path, DEPTH)?.into_iter();
    let (mark, chunks): (Vec<PathBuf>, Vec<PathBuf>) = left.partition(|path| path.ends_with(MARK));
    // The mark last: while it stands, what is left is known for what it is.
    let mut done = Ok(());
    for path in chunks.iter().chain(&mark) {
        let removed = objects.remove(uri, path);
        done = done.and(removed);
    }
    done
}

/// What the mark below a path says.
///
/// # Errors
/// As the place says.
pub fn mark(files: &Files, uri: &str, target: &Path) -> Result<Option<Mark>> {
    let found = files.open(uri, &target.join(MARK))?;
    let Some(found) = found.filter(|found| found.len <= staging::LONGEST) else {
        return Ok(None);
    };
    Ok(Mark::parse(&found.read_all(staging::LONGEST)?))
}

/// The groups above a target that do not exist yet, outermost first.
fn groups_above(location: &Location) -> Result<Vec<PathBuf>> {
    let (files, uri) = (&location.files, location.uri.as_str());
    let store = within::store(&location.path);
    let mut missing = Vec::new();
    let above = location.path.ancestors().skip(1);
    for group in above.take_while(|path| path.starts_with(store)) {
        if node::holds_array(files, group) {
            return Err(
                fault::sink(uri, "an array cannot be stored within an array")
                    .fact("array", files.name(group))
                    .way_out("a name beside it"),
            );
        }
        let stands = |name: &str| Ok(files.open(uri, &group.join(name))?.is_some());
        if !stands("zarr.json")? && !stands(".zgroup")? {
            missing.insert(0, group.to_owned());
        }
    }
    Ok(missing)
}

/// Every object below a path.
pub fn all_below(
    objects: &dyn Objects,
    uri: &str,
    path: &Path,
    depth: usize,
) -> Result<BTreeSet<PathBuf>> {
    let below = objects.below(uri, path)?.unwrap_or_default();
    let mut all: BTreeSet<PathBuf> = below.objects.into_iter().map(|(path, _)| path).collect();
    if depth > 0 {
        for directory in &below.directories {
            all.append(&mut all_below(objects, uri, directory, depth - 1)?);
        }
    }
    Ok(all)
}
