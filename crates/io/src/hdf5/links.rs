//! Which members has a group, as the messages that link to them?
//!
//! They stand in the group's header, in a heap of their own, or as the entries of a symbol table,
//! from which messages are made. Absent: where a link leads.
//!
//! **Source** HDF5 File Format Specification 3.0, sections III.A to III.G and IV.A.2.

use super::file::File;
use super::header::{Header, number};
use super::message::{self, LINK, LINK_INFO, NOWHERE, Target};
use hdf5_reader::error::Error;
use hdf5_reader::fractal_heap::{FractalHeap, FractalHeapDirectBlockCache};
use hdf5_reader::io::Cursor;
use hdf5_reader::local_heap::LocalHeap;
use hdf5_reader::symbol_table::SymbolTableNode;
use hdf5_reader::{Hdf5File, btree_v1, btree_v2};

/// The number of the message that leads to a symbol table.
pub const SYMBOLS: u8 = 17;

/// Bytes of an address, and of a length.
const SIZE: u8 = 8;

/// Bytes of an entry of a symbol table.
const ENTRY: usize = 40;

/// How an entry says that it is a soft link.
const SOFT: u32 = 2;

/// The messages that link to the members of the group with this header.
///
/// # Errors
/// A sentence, if they cannot be read.
pub fn of(file: &File, header: &Header) -> Result<Vec<Vec<u8>>, String> {
    if let Some(symbols) = header.find(SYMBOLS) {
        let (tree, heap) = symbols.split_at_checked(8).ok_or("a group is damaged")?;
        let (tree, heap) = (number(tree), number(heap));
        return file.ask(|library| of_symbols(library, tree, heap));
    }
    let compact = header.messages.iter().filter(|m| m.kind == LINK);
    let mut links: Vec<Vec<u8>> = compact.map(|message| message.data.clone()).collect();
    if let Some(info) = header.find(LINK_INFO) {
        let order = if info.get(1).is_some_and(|flags| flags & 1 != 0) {
            8
        } else {
            0
        };
        let places = info
            .get(2 + order..18 + order)
            .ok_or("a group is damaged")?;
        let (heap, index) = (number(&places[..8]), number(&places[8..]));
        if heap != NOWHERE {
            links.extend(file.ask(|library| of_heap(library, heap, index))?);
        }
    }
    Ok(links)
}

fn of_symbols(library: &Hdf5File, tree: u64, heap: u64) -> Result<Vec<Vec<u8>>, Error> {
    let storage = library.storage();
    let heap = LocalHeap::parse_at_storage(storage, heap, SIZE, SIZE)?;
    let leaves =
        btree_v1::collect_btree_v1_leaves_storage(storage, tree, SIZE, SIZE, None, &[], None)?;
    let mut links = Vec::new();
    for (_, at) in leaves {
        let start = storage.read_range(at, 8)?;
        let count = number(start.as_ref().get(6..8).unwrap_or_default()) as usize;
        let bytes = storage.read_range(at, 8 + ENTRY * count)?;
        let node = SymbolTableNode::parse(&mut Cursor::new(bytes.as_ref()), SIZE, SIZE)?;
        for entry in node.entries {
            let name = heap.get_string_storage(entry.link_name_offset, storage)?;
            links.push(if entry.cache_type == SOFT {
                let path = heap.get_string_storage(number(&entry.scratch[..4]), storage)?;
                message::link(&name, None, Target::Path(&path))
            } else {
                message::link(&name, None, Target::Object(entry.object_header_address))
            });
        }
    }
    Ok(links)
}

fn of_heap(library: &Hdf5File, heap: u64, index: u64) -> Result<Vec<Vec<u8>>, Error> {
    let storage = library.storage();
    let heap = FractalHeap::parse_at_storage(storage, heap, SIZE, SIZE)?;
    let index = btree_v2::BTreeV2Header::parse_at_storage(storage, index, SIZE, SIZE)?;
    let records =
        btree_v2::collect_btree_v2_records_storage(storage, &index, SIZE, SIZE, None, &[], None)?;
    let mut blocks = FractalHeapDirectBlockCache::default();
    let mut links = Vec::new();
    for record in &records {
        if let btree_v2::BTreeV2Record::LinkNameHash { heap_id, .. } = record {
            links.push(heap.get_object_storage_cached(
                heap_id,
                storage,
                SIZE,
                SIZE,
                &mut blocks,
            )?);
        }
    }
    Ok(links)
}
