//! How do the files of a part go into an array of objects?
//!
//! As on a disk: they stand beside the array until all of them are there, and are then copied into it by the
//! place itself, the document last. Meanwhile the array is marked as changing, and nothing opens it;
//! what a killed process left to copy is copied before anything else. Absent: locks, since objects know
//! none: one process at a time may write to an array.

use super::deposit::{self, DEPTH, Deposit, all_below, remove_all};
use crate::files::{Files, Objects};
use crate::hidden::{self, SUFFIX};
use crate::location::Location;
use crate::staging::{self, MARK, Mark, State};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// Where the files of a part stand.
fn beside(target: &Path) -> PathBuf {
    target.with_file_name(format!("{}part{SUFFIX}", hidden::prefix(target)))
}

/// Copies what a killed process left to copy into the array; gives what it came from.
///
/// # Errors
/// As the place says.
pub fn settle(location: &Location, objects: &dyn Objects) -> Result<Vec<Option<String>>> {
    let (files, uri, place) = (&location.files, &location.uri, beside(&location.path));
    match deposit::mark(files, uri, &place)? {
        Some(mark) if mark.state == State::Moving => {
            carry_over(files, objects, uri, (&place, &location.path))?;
            Ok(vec![mark.origin])
        }
        _ => Ok(Vec::new()),
    }
}

impl Deposit {
    /// Begins a part of what comes from `origin`, or goes on with one that was interrupted.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if another one is unfinished, and as the place says.
    pub fn of_part(
        location: &Location,
        objects: &Arc<dyn Objects>,
        origin: Option<String>,
        overwrite: bool,
    ) -> Result<Deposit> {
        let (files, uri, place) = (&location.files, &location.uri, beside(&location.path));
        let said = Mark {
            origin,
            ..Mark::new(State::Unfinished)
        };
        let standing = match deposit::mark(files, uri, &place)? {
            Some(mark) if staging::same(&mark, &said) => all_below(&**objects, uri, &place, DEPTH)?,
            Some(mark) if mark.can_go_on() && !overwrite => {
                return Err(staging::unfinished(uri, &files.name(&place)));
            }
            _ => {
                remove_all(&**objects, uri, &place)?;
                BTreeSet::new()
            }
        };
        objects.put(uri, &place.join(MARK), &said.text())?;
        Ok(Deposit {
            uri: uri.clone(),
            objects: objects.clone(),
            target: location.path.clone(),
            place,
            said,
            groups: Vec::new(),
            standing,
            kept: false,
        })
    }

    /// Puts the part into the array, with this document.
    ///
    /// # Errors
    /// As the place says. Once all of the part is there, the next store into the array copies the rest.
    pub fn deliver(mut self, files: &Files, (name, text): (&str, &[u8])) -> Result<()> {
        let put =
            |key: &str, bytes: &[u8]| self.objects.put(&self.uri, &self.place.join(key), bytes);
        put(name, text)?;
        self.said.state = State::Moving;
        put(MARK, &self.said.text())?;
        self.kept = true;
        let moved = carry_over(
            files,
            &*self.objects,
            &self.uri,
            (&self.place, &self.target),
        );
        moved.map_err(|error: Error| {
            error.fact("left", "the next store into the array moves the rest")
        })
    }
}

/// Copies the files of a complete part into the array, the document last, and removes them where they
/// stood. It may begin again.
fn carry_over(
    files: &Files,
    objects: &dyn Objects,
    uri: &str,
    (place, target): (&Path, &Path),
) -> Result<()> {
    let complete = deposit::mark(files, uri, target)?.is_some_and(|mark| mark.is_complete());
    let changing = Mark {
        complete,
        ..Mark::new(State::Changing)
    };
    let mark = target.join(MARK);
    objects.put(uri, &mark, &changing.text())?;
    let is_document = |key: &Path| key == Path::new("zarr.json") || key == Path::new(".zarray");
    let all = all_below(objects, uri, place, DEPTH)?;
    let keys = all.iter().filter_map(|path| path.strip_prefix(place).ok());
    let keys = keys.filter(|key| *key != Path::new(MARK));
    let (documents, chunks): (Vec<&Path>, Vec<&Path>) = keys.partition(|key| is_document(key));
    for key in chunks.into_iter().chain(documents) {
        objects.copy(uri, &place.join(key), &target.join(key))?;
    }
    match complete {
        true => objects.put(uri, &mark, &Mark::new(State::Complete).text())?,
        false => objects.remove(uri, &mark)?,
    }
    remove_all(objects, uri, place)
}
