//! What stands in a heap, behind an index or a reference?
//!
//! Links and attributes that do not fit into a header stand in a heap of their group or dataset, and
//! texts of any length in one of the file. Objects are shown one by one, and no more of them than the
//! file has bytes, however often one is led to. Absent: heaps that are packed.
//!
//! **Source** HDF5 File Format Specification 3.0, sections III.E and III.G.

use super::btree::Tree;
use super::file::File;
use super::header::number;
use hdf5_reader::fractal_heap::{FractalHeap, FractalHeapDirectBlockCache};

/// Where the id of an object stands in a record, by the kind of the record: links by name and by
/// order, attributes by name and by order.
const IDS: [(u8, usize); 4] = [(5, 4), (6, 8), (8, 0), (9, 0)];

/// What a record of a large object is: an address, a length and a number.
const LARGE: u8 = 1;

/// Shows the objects of the heap at `heap` that the index at `index` leads to, or those alone whose
/// name has this hash.
///
/// # Errors
/// What `show` says; and a sentence, if the heap is damaged.
pub fn objects(
    file: &File,
    (heap, index): (u64, u64),
    hash: Option<u32>,
    mut show: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let sizes = file.sizes();
    let (offset, length) = (sizes.offset as u8, sizes.length as u8);
    let start = file.bytes(heap, 14 + (sizes.length + sizes.offset) as u64);
    let start = start.ok_or("a heap is damaged")?;
    if start[7..9] != [0, 0] {
        return Err("a heap is packed".into());
    }
    let bytes = number(&start[5..7]) as usize;
    let large = number(&start[14 + sizes.length..]);
    let found =
        file.ask(|library| FractalHeap::parse_at_storage(library.storage(), heap, offset, length))?;
    let mut blocks = FractalHeapDirectBlockCache::default();
    let (mut since, mut left) = (file.fetched(), file.input.len);
    let tree = Tree::open(file, index)?;
    let id = IDS.iter().find(|(kind, _)| *kind == tree.kind);
    let id = id.ok_or("an index is of another kind")?.1;
    let tree = match hash {
        Some(hash) => tree.only(hash),
        None => tree,
    };
    tree.show(&mut |record| {
        let id = record.get(id..id + bytes).filter(|id| !id.is_empty());
        let id = id.ok_or("an index is damaged")?;
        if file.fetched() - since > file.input.len {
            // No more is kept of the blocks than the file has bytes.
            (blocks, since) = (FractalHeapDirectBlockCache::default(), file.fetched());
        }
        let object = match id[0] >> 4 & 3 {
            1 => large_object(file, large, &id[1..])?,
            _ => file.ask(|library| {
                let storage = library.storage();
                found.get_object_storage_cached(id, storage, offset, length, &mut blocks)
            })?,
        };
        let rest = left.checked_sub(object.len() as u64);
        left = rest.ok_or("an index leads to more than the file holds")?;
        show(&object)
    })
}

/// An object that has a place of its own in the file: the id says where, or is a number that the index
/// at `index` knows.
fn large_object(file: &File, index: u64, id: &[u8]) -> Result<Vec<u8>, String> {
    let sizes = file.sizes();
    let place = |bytes: &[u8]| {
        let (address, len) = bytes.split_at(sizes.offset);
        (number(address), number(&len[..sizes.length]))
    };
    let both = sizes.offset + sizes.length;
    let mut found = (id.len() >= both).then(|| place(id));
    if found.is_none() {
        let tree = Tree::open(file, index)?;
        if tree.kind != LARGE || tree.record != both + sizes.length {
            return Err("an index is of another kind".into());
        }
        tree.show(&mut |record| {
            if number(&record[both..]) == number(id) {
                found = Some(place(record));
            }
            Ok(())
        })?;
    }
    let bytes = found.and_then(|(address, len)| file.bytes(address, len));
    bytes.ok_or_else(|| "a heap is damaged".into())
}

/// The heap of a file, in which texts and lists stand.
pub struct Shared<'a> {
    file: &'a File,
    /// Where the part of it that was read last stands, and its bytes.
    last: (u64, Vec<u8>),
    /// Bytes that may still be taken.
    left: u64,
}

impl<'a> Shared<'a> {
    /// The heap of a file.
    pub fn new(file: &'a File) -> Shared<'a> {
        Shared {
            file,
            last: (u64::MAX, Vec::new()),
            left: file.input.len,
        }
    }

    /// Bytes of a reference.
    pub fn reference_bytes(&self) -> usize {
        8 + self.file.sizes().offset
    }

    /// What a reference leads to: a count of 4 bytes, the address of a part, a number of 4 bytes
    /// within it. An empty one where it leads nowhere; `None` where the heap is damaged.
    pub fn object(&mut self, reference: &[u8]) -> Option<Vec<u8>> {
        let sizes = self.file.sizes();
        let (address, index) = reference.get(4..)?.split_at_checked(sizes.offset)?;
        let nowhere = address.iter().all(|&byte| byte == 0xff);
        let (address, index) = (number(address), number(index.get(..4)?));
        if nowhere || index == 0 {
            return Some(Vec::new());
        }
        if self.last.0 != address {
            let start = self.file.bytes(address, 8 + sizes.length as u64)?;
            let len = number(&start[8..]);
            // What was read before goes first.
            self.last = (u64::MAX, Vec::new());
            let part = self.file.bytes(address, len)?;
            self.last = (address, part.starts_with(b"GCOL\x01").then_some(part)?);
        }
        let mut rest = self.last.1.get(8 + sizes.length..)?;
        loop {
            let (head, behind) = rest.split_at_checked(8 + sizes.length)?;
            let len = usize::try_from(number(&head[8..])).ok()?;
            if number(&head[..2]) == 0 {
                return None;
            }
            let object = behind.get(..len)?;
            if number(&head[..2]) == index {
                self.left = self.left.checked_sub(len as u64)?;
                return Some(object.to_vec());
            }
            rest = behind.get(len.checked_next_multiple_of(8)?..)?;
        }
    }
}
