//! Which messages stand in an object's header, byte for byte?
//!
//! In headers of both versions, with the blocks that continue them. Absent: what the messages say; how
//! bytes are read.
//!
//! **Source** HDF5 File Format Specification 3.0, section IV.A.1.

use super::message::Message;

/// First bytes of a header of version 2.
pub const NEW: &[u8] = b"OHDR";

/// Bytes before and behind the messages of a block that continues a header of version 2: a
/// signature, and a checksum.
const AROUND: u64 = 4;

/// Bytes before the messages of a header of version 1.
pub const OLD: usize = 16;

/// Numbers of messages.
pub const CONTINUATION: u8 = 16;
pub const REFERENCES: u8 = 22;

/// Most bytes of messages that are read, and most blocks of them.
pub const LONGEST: u64 = 1 << 20;
const MOST: usize = 1024;

/// Bytes of an address and of a length.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub offset: usize,
    pub length: usize,
}

/// What the first bytes of a header say.
pub struct Said {
    /// Whether it is of version 2.
    pub is_new: bool,
    /// What version 2 says of itself; 0 in version 1.
    pub flags: u8,
    /// Times, and when attributes move to an index of their own, as far as the flags say.
    pub more: Vec<u8>,
    /// How many links lead to the object.
    pub references: u64,
    /// How many messages there are; 0 in version 2.
    pub messages: u64,
}

/// A header.
pub struct Header {
    /// What its first bytes say, and a message of links.
    pub said: Said,
    /// The messages, but for those that hold the header together.
    pub messages: Vec<Message>,
}

impl Header {
    /// The header of the object at `address`.
    ///
    /// # Errors
    /// A sentence, if it cannot be walked.
    pub fn read(
        read: impl Fn(u64, u64) -> Option<Vec<u8>>,
        address: u64,
        sizes: Sizes,
    ) -> Result<Header, String> {
        let mut messages = Vec::new();
        let mut references = None;
        let said = walk(read, address, sizes, |message| match message.kind {
            // It may be left over.
            0 | CONTINUATION => {}
            REFERENCES => references = message.data.get(1..5).map(number),
            _ => messages.push(message),
        });
        let mut said = said.ok_or("the header of an object is damaged")?;
        said.references = references.unwrap_or(said.references);
        Ok(Header { said, messages })
    }

    /// The first message of a kind.
    pub fn find(&self, kind: u8) -> Option<&[u8]> {
        let mut found = self.messages.iter().filter(|message| message.kind == kind);
        found.next().map(|message| &message.data[..])
    }
}

/// Shows the messages of the header at `address`; `None` if it cannot be walked to its end.
pub fn walk(
    read: impl Fn(u64, u64) -> Option<Vec<u8>>,
    address: u64,
    sizes: Sizes,
    mut show: impl FnMut(Message),
) -> Option<Said> {
    let start = read(address, OLD as u64).or_else(|| read(address, 6))?;
    let is_new = start.starts_with(NEW);
    let mut said = Said {
        is_new,
        flags: 0,
        more: Vec::new(),
        references: 1,
        messages: 0,
    };
    let mut blocks = if is_new {
        said.flags = start[5];
        let times = if said.flags & 0x20 != 0 { 16 } else { 0 };
        let more = times + if said.flags & 0x10 != 0 { 4 } else { 0 };
        said.more = read(address.checked_add(6)?, more)?;
        let at = address.checked_add(6 + more)?;
        let width = 1 << (said.flags & 3);
        vec![(at.checked_add(width)?, number(&read(at, width)?))]
    } else {
        let [1, ..] = start[..] else { return None };
        said.messages = number(start.get(2..4)?);
        said.references = number(start.get(4..8)?);
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
        while let Some((message, next)) = Message::split(rest, is_new, said.flags) {
            rest = next?;
            if message.kind == CONTINUATION {
                let (around, both) = if is_new { (AROUND, 2 * AROUND) } else { (0, 0) };
                let (at, len) = message.data.split_at_checked(sizes.offset)?;
                let at = number(at).checked_add(around)?;
                let len = number(len.get(..sizes.length)?);
                blocks.push((at, len.checked_sub(both)?));
            }
            show(message);
        }
    }
    Some(said)
}

/// A little-endian number.
pub fn number(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0, |number, &byte| number << 8 | u64::from(byte))
}
