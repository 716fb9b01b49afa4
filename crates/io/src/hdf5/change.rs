//! How does a dataset of a file that exists become another?
//!
//! New chunks, their index and the messages of the header go behind the end of the file, and are on the disk
//! before the first bytes tell of the new end. Last, one write replaces the first bytes of the header, so
//! that the dataset is at every moment what it was, or what it becomes. Where these bytes
//! stand on two pages, which the system may write one without the other, a copy of the file is changed,
//! and takes its name. Absent: giving back the space of what is replaced.

use super::existing::Existing;
use super::pile::Pile;
use crate::{fault, hidden};
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use tilewright_core::Result;

/// Bytes that are written at once or not at all, if they start at a multiple of so many.
const PAGE: u64 = 4096;

/// What is written into a file.
pub struct Change<'a> {
    /// The chunks.
    pub pile: &'a Pile,
    /// What goes behind them.
    pub bytes: Vec<u8>,
    /// Where the header stands in the file, and what takes the place of its first bytes.
    pub header: (u64, Vec<u8>),
}

impl Existing {
    /// Makes a change.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if the file cannot be written. It is then what it was.
    pub fn change(&self, change: &Change<'_>) -> Result<()> {
        let (uri, path) = (&self.location.uri, &self.location.path);
        let failed = |error: io::Error| fault::writing(uri, path, &error);
        let (at, start) = &change.header;
        let last = at + start.len() as u64 - 1;
        if at / PAGE == last / PAGE {
            return self.make(change, &self.file).map_err(failed);
        }
        let copy = || {
            let copy = hidden::beside(&change.pile.path())?;
            let (mut from, mut to) = (&self.file, copy.as_file());
            to.set_permissions(self.file.metadata()?.permissions())?;
            from.seek(SeekFrom::Start(0))?;
            io::copy(&mut from, &mut to)?;
            self.make(change, copy.as_file())?;
            Ok(copy)
        };
        let copy = copy().map_err(failed)?;
        // A link leads to the new file, too.
        let path = fs::canonicalize(path).map_err(failed)?;
        hidden::show(uri, &path, copy, true)
    }

    /// Makes a change of the file, or of a copy of it.
    fn make(&self, change: &Change<'_>, file: &File) -> io::Result<()> {
        let old_end = self.said.superblock().eof_address;
        let behind = || -> io::Result<u64> {
            // What a killed process left.
            file.set_len(old_end)?;
            change.pile.copy(file, old_end)?;
            let len = change.pile.len();
            file.write_all_at(&change.bytes, old_end + len)?;
            file.sync_all()?;
            Ok(old_end + len + change.bytes.len() as u64)
        };
        let end = behind().inspect_err(|_| {
            let _ = file.set_len(old_end);
        })?;
        file.write_all_at(&self.ended(end)?, self.said.base())?;
        file.sync_all()?;
        let (at, start) = &change.header;
        file.write_all_at(start, *at)?;
        file.sync_all()
    }
}
