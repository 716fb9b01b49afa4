//! Which members has a group, as the messages that link to them?
//!
//! They stand in the group's header, in a heap of their own, or as the entries of a symbol table,
//! from which messages are made. Absent: where a link leads.
//!
//! **Source** HDF5 File Format Specification 3.0, sections III.A to III.G and IV.A.2.

use super::file::File;
use super::header::{Header, number};
use super::heaps;
use super::message::{self, LINK, LINK_INFO, Target};
use hdf5_reader::checksum::jenkins_lookup3;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::link::{self, LinkMessage};

/// The number of the message that leads to a symbol table.
pub const SYMBOLS: u8 = 17;

/// How an entry says that it is a soft link.
const SOFT: u64 = 2;

/// Deepest tree of a symbol table.
const DEPTH: u8 = 16;

/// What is done with a link: its bytes, and what they say.
type Show<'a> = &'a mut dyn FnMut(&[u8], LinkMessage) -> Result<(), String>;

/// Shows the links to the members of the group with this header; where only one name is wanted, and
/// it is found sooner, not all of them.
///
/// # Errors
/// What `show` says; and a sentence, if they cannot be read.
pub fn show(
    file: &File,
    header: &Header,
    wanted: Option<&str>,
    show: Show<'_>,
) -> Result<(), String> {
    let sizes = file.sizes();
    let mut said = |bytes: &[u8], offset: usize| {
        let link = link::parse(&mut Cursor::new(bytes), offset as u8, 8, bytes.len());
        show(bytes, link.map_err(|error| error.to_string())?)
    };
    if let Some(symbols) = header.find(SYMBOLS) {
        let places = symbols.get(..2 * sizes.offset).ok_or_else(damaged)?;
        let (tree, heap) = places.split_at(sizes.offset);
        let names = names(file, number(heap)).ok_or_else(damaged)?;
        let mut table = Table {
            file,
            names,
            left: file.input.len,
        };
        // Links that are made have addresses of 8 bytes.
        return table.node(number(tree), None, &mut |bytes| said(bytes, 8));
    }
    for message in header.messages.iter().filter(|m| m.kind == LINK) {
        said(&message.data, sizes.offset)?;
    }
    let Some(info) = header.find(LINK_INFO) else {
        return Ok(());
    };
    let order = if info.get(1).is_some_and(|flags| flags & 1 != 0) {
        8
    } else {
        0
    };
    let places = info
        .get(2 + order..2 + order + 2 * sizes.offset)
        .ok_or_else(damaged)?;
    let (heap, index) = places.split_at(sizes.offset);
    if heap.iter().all(|&byte| byte == 0xff) {
        return Ok(());
    }
    let hash = wanted.map(|name| jenkins_lookup3(name.as_bytes()));
    heaps::objects(file, (number(heap), number(index)), hash, |bytes| {
        said(bytes, sizes.offset)
    })
}

/// The texts that the entries of a symbol table have in common.
fn names(file: &File, heap: u64) -> Option<Vec<u8>> {
    let sizes = file.sizes();
    let start = file.bytes(heap, (8 + 2 * sizes.length + sizes.offset) as u64)?;
    let rest = start.strip_prefix(b"HEAP\0")?.get(3..)?;
    let address = number(&rest[2 * sizes.length..]);
    file.bytes(address, number(&rest[..sizes.length]))
}

/// A symbol table.
struct Table<'a> {
    file: &'a File,
    names: Vec<u8>,
    /// Bytes that nodes and names may still have.
    left: u64,
}

impl Table<'_> {
    fn take(&mut self, bytes: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(damaged)?;
        Ok(())
    }

    /// Shows the links below a node of the tree, which is of this level if it is known.
    fn node(
        &mut self,
        at: u64,
        level: Option<u8>,
        show: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let sizes = self.file.sizes();
        let start = 8 + 2 * sizes.offset;
        let head = self.file.bytes(at, start as u64).ok_or_else(damaged)?;
        let (kind, is) = (head[4], head[5]);
        let fits = head.starts_with(b"TREE") && kind == 0 && is < DEPTH;
        if !fits || level.is_some_and(|level| level != is) {
            return Err(damaged());
        }
        let each = sizes.length + sizes.offset;
        let len = number(&head[6..8]) as usize * each;
        self.take(start + len)?;
        let children = self.file.bytes(at + start as u64, len as u64);
        for child in children.ok_or_else(damaged)?.chunks_exact(each) {
            let child = number(&child[sizes.length..]);
            match is {
                0 => self.leaf(child, show)?,
                _ => self.node(child, Some(is - 1), show)?,
            }
        }
        Ok(())
    }

    /// Shows the links of a leaf.
    fn leaf(
        &mut self,
        at: u64,
        show: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let offset = self.file.sizes().offset;
        let head = self
            .file
            .bytes(at, 8)
            .filter(|head| head.starts_with(b"SNOD\x01"));
        let count = number(&head.ok_or_else(damaged)?[6..8]) as usize;
        // Where the name is, the address, how the entry is to be taken, four bytes, the place of
        // what a soft link says, twelve bytes.
        let each = 2 * offset + 24;
        self.take(8 + count * each)?;
        let entries = self.file.bytes(at + 8, (count * each) as u64);
        for entry in entries.ok_or_else(damaged)?.chunks_exact(each) {
            let (name, rest) = entry.split_at(offset);
            let (address, rest) = rest.split_at(offset);
            let name = self.text(number(name))?;
            let link = if number(&rest[..4]) == SOFT {
                let path = self.text(number(&rest[8..12]))?;
                message::link(&name, None, Target::Path(&path))
            } else {
                message::link(&name, None, Target::Object(number(address)))
            };
            show(&link)?;
        }
        Ok(())
    }

    fn text(&mut self, at: u64) -> Result<String, String> {
        let rest = usize::try_from(at).ok().and_then(|at| self.names.get(at..));
        let len = rest.and_then(|rest| rest.iter().position(|&byte| byte == 0));
        let (Some(rest), Some(len)) = (rest, len) else {
            return Err(damaged());
        };
        let text = String::from_utf8_lossy(&rest[..len]).into_owned();
        self.take(len)?;
        Ok(text)
    }
}

fn damaged() -> String {
    "a group is damaged".into()
}
