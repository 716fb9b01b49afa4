//! Which messages stand in an object's header, byte for byte?
//!
//! In headers of both versions, with the blocks that continue them. Absent: what the messages say.
//!
//! **Source** HDF5 File Format Specification 3.0, section IV.A.1.

use super::file::File;
use super::message::Message;

/// First bytes of a header of version 2.
const NEW: &[u8] = b"OHDR";

/// Bytes before and behind the messages of a block that continues a header of version 2: a
/// signature, and a checksum.
const AROUND: u64 = 4;

/// Bytes before the messages of a header of version 1.
const OLD: usize = 16;

/// Numbers of messages.
const CONTINUATION: u8 = 16;
const REFERENCES: u8 = 22;

/// Most bytes of messages that are read, and most blocks of them.
const LONGEST: u64 = 1 << 20;
const MOST: usize = 64;

/// A header.
pub struct Header {
    /// What version 2 says of itself; 0 in version 1.
    pub flags: u8,
    /// Times, and when attributes move to an index of their own, as far as the flags say.
    pub more: Vec<u8>,
    /// How many links lead to the object.
    pub references: u64,
    /// The messages, but for those that hold the header together.
    pub messages: Vec<Message>,
}

impl Header {
    /// The header of the object at `address`.
    ///
    /// # Errors
    /// A sentence, if it cannot be walked.
    pub fn read(file: &File, address: u64) -> Result<Header, String> {
        let sizes = file.ask(|library| {
            let superblock = library.superblock();
            Ok([superblock.offset_size, superblock.length_size].map(usize::from))
        })?;
        let header = walk(|at, len| file.bytes(at, len), address, sizes);
        header.ok_or_else(|| "the header of an object is damaged".into())
    }

    /// The first message of a kind.
    pub fn find(&self, kind: u8) -> Option<&[u8]> {
        let mut found = self.messages.iter().filter(|message| message.kind == kind);
        found.next().map(|message| &message.data[..])
    }
}

fn walk(
    read: impl Fn(u64, u64) -> Option<Vec<u8>>,
    address: u64,
    [offset_size, length_size]: [usize; 2],
) -> Option<Header> {
    let start = read(address, OLD as u64).or_else(|| read(address, 6))?;
    let mut header = Header {
        flags: 0,
        more: Vec::new(),
        references: 1,
        messages: Vec::new(),
    };
    let is_new = start.starts_with(NEW);
    let mut blocks = if is_new {
        header.flags = start[5];
        let times = if header.flags & 0x20 != 0 { 16 } else { 0 };
        let more = times + if header.flags & 0x10 != 0 { 4 } else { 0 };
        header.more = read(address.checked_add(6)?, more)?;
        let at = address.checked_add(6 + more)?;
        let width = 1 << (header.flags & 3);
        vec![(at.checked_add(width)?, number(&read(at, width)?))]
    } else {
        let [1, ..] = start[..] else { return None };
        header.references = number(start.get(4..8)?);
        let len = number(start.get(8..12)?);
        vec![(address.checked_add(OLD as u64)?, len)]
    };
    let (mut done, mut total) = (0, 0u64);
    while let Some(&(at, len)) = blocks.get(done) {
        done += 1;
        total = total.checked_add(len)?;
        if done > MOST || total > LONGEST {
            return None;
        }
        let bytes = read(at, len)?;
        let mut rest = &bytes[..];
        while let Some((message, next)) = Message::split(rest, is_new, header.flags) {
            rest = next?;
            match message.kind {
                CONTINUATION => {
                    let (around, both) = if is_new { (AROUND, 2 * AROUND) } else { (0, 0) };
                    let at = number(message.data.get(..offset_size)?).checked_add(around)?;
                    let len = message.data.get(offset_size..offset_size + length_size)?;
                    blocks.push((at, number(len).checked_sub(both)?));
                }
                // It may be left over.
                0 => {}
                REFERENCES => header.references = number(message.data.get(1..5)?),
                _ => header.messages.push(message),
            }
        }
    }
    Some(header)
}

/// A little-endian number.
pub fn number(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0, |number, &byte| number << 8 | u64::from(byte))
}
