//! How do the files of a part go into the array that exists?
//!
//! The chunks first, the document last. Meanwhile the array is marked as changing, and no reader
//! opens it; a process killed meanwhile leaves the mark, and whoever stores into the array next
//! begins again. Absent: who may write to the array, and when a part is complete.

use crate::hidden;
use crate::staging::{self, Left, MARK, Mark, State};
use std::fs;
use std::path::{Path, PathBuf};

/// Moves what killed processes left to move into the array at `target`, from the hidden places in
/// `base`; gives what it came from.
///
/// # Errors
/// Those of [`carry_over`].
pub fn settle(base: &Path, target: &Path) -> std::io::Result<Vec<Option<String>>> {
    let mut settled = Vec::new();
    for left in hidden::places(base, target) {
        if let Left::Marked(_lock, mark) = Left::at(&left)
            && mark.state == State::Moving
        {
            carry_over(&left, target)?;
            settled.push(mark.origin);
        }
    }
    Ok(settled)
}

/// Moves the files of a complete part into the array, the document last, and removes the part's
/// directory. What was moved before is not there any more, so that it may begin again.
///
/// # Errors
/// If a file cannot be moved; those that are left are moved by the next call.
pub fn carry_over(place: &Path, target: &Path) -> std::io::Result<()> {
    let complete = Mark::of(target).is_some_and(|mark| mark.is_complete());
    let changing = Mark {
        complete,
        ..Mark::new(State::Changing)
    };
    let mark = target.join(MARK);
    staging::put(&mark, &[&changing.text()], 0)?;
    let mut documents = Vec::new();
    move_files(place, place, target, &mut documents)?;
    for name in documents {
        fs::rename(place.join(&name), target.join(&name))?;
    }
    hidden::flush(target)?;
    if complete {
        staging::put(&mark, &[&Mark::new(State::Complete).text()], 0)?;
    } else {
        fs::remove_file(&mark)?;
    }
    fs::remove_dir_all(place)
}

/// Moves the chunks below a directory; the documents are named.
fn move_files(
    below: &Path,
    place: &Path,
    target: &Path,
    documents: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(below)? {
        let entry = entry?;
        let path = entry.path();
        let Ok(key) = path.strip_prefix(place) else {
            continue;
        };
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(target.join(key))?;
            move_files(&path, place, target, documents)?;
        } else if key == Path::new("zarr.json") || key == Path::new(".zarray") {
            documents.push(key.to_owned());
        } else if key != Path::new(MARK) {
            fs::rename(&path, target.join(key))?;
        }
    }
    Ok(())
}
