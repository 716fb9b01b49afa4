//! What do the tags of a page say, and where is the next page?
//!
//! Every count is checked against the file's length before it is read. Absent: what tags mean.

use crate::file::{self, Input};
use tilewright_core::{Error, Result};

/// Most entries of a directory.
const ENTRIES: u64 = 4096;

/// A file whose byte order and width are known.
pub struct Tags<'a> {
    /// The file.
    pub input: &'a Input,
    /// Whether numbers are big-endian.
    pub big_endian: bool,
    /// Whether addresses have 8 bytes.
    wide: bool,
}

/// A tag with a number of values.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub tag: u16,
    kind: u16,
    count: u64,
    /// The values, if they fit, or where they are.
    value: [u8; 8],
}

impl Tags<'_> {
    /// Reads the first bytes of a file: it, and where its first page is.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if they are not those of a TIFF file.
    pub fn of(input: &Input) -> Result<(Tags<'_>, u64)> {
        let mut start = [0; 16];
        let len = input.len.min(16) as usize;
        input.read_at(&mut start[..len], 0)?;
        let big_endian = start.starts_with(b"MM");
        let mut tags = Tags {
            input,
            big_endian,
            wide: false,
        };
        tags.wide = tags.number(&start[2..4]) == 43;
        let first = if tags.wide {
            tags.number(&start[8..16])
        } else {
            tags.number(&start[4..8])
        };
        if first == 0 || (tags.wide && tags.number(&start[4..6]) != 8) {
            return Err(tags.damaged("it has no page"));
        }
        Ok((tags, first))
    }

    /// The file is damaged.
    pub fn damaged(&self, message: &str) -> Error {
        self.input
            .fault(format!("the TIFF file is damaged: {message}"))
            .way_out("copy or write the file again; it may be truncated")
    }

    /// The tags of the page at `at`, and where the next page is; 0 if this is the last.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if they stand outside the file.
    pub fn page(&self, at: u64) -> Result<(Vec<Entry>, u64)> {
        let (count_len, entry_len, next_len) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(&self.bytes(at, count_len)?);
        if count > ENTRIES {
            return Err(self.damaged(&format!("a page has {count} tags")));
        }
        let len = count * entry_len + next_len;
        let bytes = self.bytes(at.saturating_add(count_len), len)?;
        let (entries, next) = bytes.split_at((count * entry_len) as usize);
        let entry = |bytes: &[u8]| {
            let split = if self.wide { 12 } else { 8 };
            let mut value = [0; 8];
            value[..bytes.len() - split].copy_from_slice(&bytes[split..]);
            Entry {
                tag: self.number(&bytes[..2]) as u16,
                kind: self.number(&bytes[2..4]) as u16,
                count: self.number(&bytes[4..split]),
                value,
            }
        };
        let entries = entries.chunks_exact(entry_len as usize).map(entry);
        Ok((entries.collect(), self.number(next)))
    }

    /// The bytes of a tag's values.
    fn values(&self, entry: &Entry) -> Result<(usize, Vec<u8>)> {
        let size: u64 = match entry.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            _ => 8,
        };
        let len = entry.count.checked_mul(size);
        let len = len.ok_or_else(|| self.damaged("a tag has too many values"))?;
        let room = if self.wide { 8 } else { 4 };
        if len <= room {
            return Ok((size as usize, entry.value[..len as usize].to_vec()));
        }
        let at = self.number(&entry.value[..room as usize]);
        Ok((size as usize, self.bytes(at, len)?))
    }

    /// A tag's whole numbers.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if they stand outside the file.
    pub fn numbers(&self, entry: &Entry) -> Result<Vec<u64>> {
        let (size, bytes) = self.values(entry)?;
        Ok(bytes
            .chunks_exact(size)
            .map(|bytes| self.number(bytes))
            .collect())
    }

    /// A tag's text.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it stands outside the file.
    pub fn text(&self, entry: &Entry) -> Result<String> {
        let (_, bytes) = self.values(entry)?;
        let text = bytes.split(|&byte| byte == 0).next().unwrap_or(&[]);
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    fn bytes(&self, at: u64, len: u64) -> Result<Vec<u8>> {
        if at.checked_add(len).is_none_or(|end| end > self.input.len) {
            return Err(self.damaged("a tag points outside the file"));
        }
        let mut bytes = file::buffer(&self.input.uri, len as usize)?;
        self.input.read_at(&mut bytes, at)?;
        Ok(bytes)
    }

    /// A whole number of up to 8 bytes.
    fn number(&self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.big_endian {
            bytes.iter().fold(0, add)
        } else {
            bytes.iter().rev().fold(0, add)
        }
    }
}
