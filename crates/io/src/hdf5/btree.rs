//! Which records stand in a tree of the second kind?
//!
//! They index links, attributes and chunks. They are shown one by one: nothing is kept of them, and no
//! more is read than the file holds, however often nodes lead to one another. Absent: what a record
//! says; changing a tree.
//!
//! **Source** HDF5 File Format Specification 3.0, section III.A.2.

use super::file::File;
use super::header::number;
use hdf5_reader::checksum::jenkins_lookup3;
use std::ops::RangeInclusive;

/// Bytes of a node beside records and what leads to other nodes: a signature, a version, the kind
/// of its records, a checksum.
const START: usize = 6;
const CHECKSUM: usize = 4;

/// Deepest tree seen.
const DEPTH: u64 = 16;

/// What is done with a record.
type Show<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), String>;

/// A tree.
pub struct Tree<'a> {
    file: &'a File,
    /// What its records are.
    pub kind: u8,
    /// Bytes of a record.
    pub record: usize,
    node: u64,
    depth: u64,
    root: (u64, u64),
    /// The first numbers of the records that are wanted, where the tree is in their order.
    wanted: RangeInclusive<u64>,
    /// Bytes that nodes may still have.
    left: u64,
}

impl<'a> Tree<'a> {
    /// The tree whose header stands at `address`.
    ///
    /// # Errors
    /// A sentence, if it is damaged.
    pub fn open(file: &'a File, address: u64) -> Result<Tree<'a>, String> {
        let offset = file.sizes().offset as u64;
        let len = 16 + offset + 2 + file.sizes().length as u64;
        let header = file.sealed(address, len, b"BTHD")?;
        let at = |start: usize, len: usize| number(&header[start..start + len]);
        let tree = Tree {
            file,
            kind: header[5],
            record: at(10, 2) as usize,
            node: at(6, 4),
            depth: at(12, 2),
            root: (at(16, offset as usize), at(16 + offset as usize, 2)),
            wanted: 0..=u64::MAX,
            left: file.input.len,
        };
        let fits = tree.record > 0 && tree.node > (START + CHECKSUM) as u64;
        match fits && tree.depth <= DEPTH {
            true => Ok(tree),
            false => Err(damaged()),
        }
    }

    /// Those records alone that start with this number of four bytes, which they stand in the order of.
    pub fn only(mut self, first: u32) -> Tree<'a> {
        self.wanted = first.into()..=first.into();
        self
    }

    /// Shows the records.
    ///
    /// # Errors
    /// What `show` says; and a sentence, if the tree is damaged.
    pub fn show(mut self, show: Show<'_>) -> Result<(), String> {
        let (root, records) = self.root;
        match records {
            0 => Ok(()),
            _ => self.node(root, records, self.depth, show),
        }
    }

    fn node(&mut self, at: u64, records: u64, depth: u64, show: Show<'_>) -> Result<(), String> {
        self.left = self.left.checked_sub(self.node).ok_or_else(damaged)?;
        let (signature, pointer) = match depth {
            0 => (b"BTLF", 0),
            _ => (b"BTIN", self.pointer(depth)),
        };
        let children = if depth == 0 { 0 } else { records as usize + 1 };
        let (start, end) = (START, START + records as usize * self.record);
        let len = end + children * pointer;
        if (len + CHECKSUM) as u64 > self.node {
            return Err(damaged());
        }
        let bytes = self.file.sealed(at, len as u64, signature)?;
        if bytes[5] != self.kind {
            return Err(damaged());
        }
        let mut found = bytes[start..end].chunks_exact(self.record);
        let first = |record: &[u8]| number(&record[..record.len().min(4)]);
        let mut before = 0;
        for k in 0..children.max(records as usize) {
            let record = found.next();
            let after = record.map_or(u64::MAX, first);
            if children > 0 && before <= *self.wanted.end() && after >= *self.wanted.start() {
                let child = &bytes[end + k * pointer..][..pointer];
                let (address, rest) = child.split_at(self.file.sizes().offset);
                let held = number(&rest[..self.counts(depth).0]);
                self.node(number(address), held, depth - 1, show)?;
            }
            if let Some(record) = record.filter(|record| self.wanted.contains(&first(record))) {
                show(record)?;
            }
            before = after;
        }
        Ok(())
    }

    /// Bytes of what leads to a node below.
    fn pointer(&self, depth: u64) -> usize {
        let (held, below) = self.counts(depth);
        self.file.sizes().offset + held + below
    }

    /// Bytes of the number of records in a node below one of this depth, and of those below it in all:
    /// as many as the most there can be take.
    fn counts(&self, depth: u64) -> (usize, usize) {
        let bytes = |most: u64| (most.max(1).ilog2() / 8 + 1) as usize;
        let room = self.node - (START + CHECKSUM) as u64;
        let mut most = room / self.record as u64;
        let (held, mut below) = (bytes(most), 0);
        for _ in 1..depth {
            let pointer = (self.file.sizes().offset + held + below) as u64;
            let records = room.saturating_sub(pointer) / (self.record as u64 + pointer);
            most = (records + 1).saturating_mul(most).saturating_add(records);
            below = bytes(most);
        }
        (held, below)
    }
}

impl File {
    /// The `len` bytes at an address, which start with a signature and end before a checksum that
    /// fits.
    fn sealed(&self, at: u64, len: u64, signature: &[u8]) -> Result<Vec<u8>, String> {
        let bytes = self.bytes(at, len + CHECKSUM as u64);
        let mut bytes = bytes.filter(|bytes| bytes.starts_with(signature));
        let checksum = bytes.as_mut().map(|bytes| bytes.split_off(len as usize));
        match (bytes, checksum) {
            (Some(bytes), Some(checksum))
                if jenkins_lookup3(&bytes).to_le_bytes() == checksum[..] =>
            {
                Ok(bytes)
            }
            _ => Err(damaged()),
        }
    }
}

fn damaged() -> String {
    "an index is damaged".into()
}
