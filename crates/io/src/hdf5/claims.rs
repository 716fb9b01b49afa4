//! Do the messages of a header hold as much as they say?
//!
//! The library makes room for what a message counts before it has seen it; so counts are compared
//! with the bytes behind them first. Absent: whether what stands there makes sense, which the library
//! says.
//!
//! **Source** HDF5 File Format Specification 3.0, section IV.A.2.

use super::header::{self, Sizes};
use super::message::Message;

/// Messages that may be said and not be there.
const SPARE: u64 = 64;

/// Bytes that the library makes of a message at most, beside what stands in it; and those of which it
/// may make them, however short the file is.
const MESSAGE: u64 = 160;
const FEW: u64 = 64 << 10;

/// Deepest datatype within a datatype.
const DEPTH: usize = 32;

/// Whether the header of the object at `address`, in a file of so many bytes, holds what it says, as far
/// as it can be walked.
pub fn are_held(
    read: impl Fn(u64, u64) -> Option<Vec<u8>>,
    address: u64,
    sizes: Sizes,
    file: u64,
) -> bool {
    let (mut found, mut held) = (0, true);
    let said = header::walk(read, address, sizes, |message| {
        found += 1;
        held &= is_held(&message);
    });
    let few = found * MESSAGE <= FEW.saturating_add(file);
    said.is_some_and(|said| held && few && said.messages <= found + SPARE)
}

/// Whether an attribute holds what it says.
pub fn is_attribute_held(bytes: &[u8]) -> bool {
    Bytes(bytes).attribute().is_some()
}

fn is_held(message: &Message) -> bool {
    let mut data = Bytes(&message.data);
    let held = match message.kind {
        // It stands in the header of an object; or in a heap of messages, which is not looked into.
        _ if message.flags & 2 != 0 => (message.data.get(..2) != Some(&[3, 1])).then_some(()),
        3 => data.datatype(0),
        7 => data.external_files(),
        11 => data.filters(),
        12 => data.attribute(),
        _ => Some(()),
    };
    held.is_some()
}

/// Bytes that are not looked at yet.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, len: usize) -> Option<usize> {
        self.take(len).map(|bytes| header::number(bytes) as usize)
    }

    /// A text that ends with a zero, and fills bytes by eights in old versions.
    fn name(&mut self, version: u8) -> Option<()> {
        let len = self.0.iter().position(|&byte| byte == 0)? + 1;
        let padded = len.next_multiple_of(8);
        self.take(if version < 3 { padded } else { len }).map(drop)
    }

    fn datatype(&mut self, depth: usize) -> Option<()> {
        let head = self.take(8)?;
        let (class, version) = (head[0] & 15, head[0] >> 4);
        let count = header::number(&head[1..3]);
        let size = header::number(&head[4..8]) as usize;
        let more = match class {
            _ if depth > DEPTH => return None,
            0 | 4 => 4,
            1 => 12,
            2 => 2,
            5 => usize::from(head[1]).next_multiple_of(8),
            6 => {
                let place = match (version, size) {
                    (1, _) => 4 + 28,
                    (2, _) | (_, 0x100_0000..) => 4,
                    (_, 0..=0xff) => 1,
                    (_, 0x100..=0xffff) => 2,
                    _ => 3,
                };
                for _ in 0..count {
                    self.name(version)?;
                    self.take(place)?;
                    self.datatype(depth + 1)?;
                }
                0
            }
            8 => {
                self.datatype(depth + 1)?;
                for _ in 0..count {
                    self.name(version)?;
                }
                size.checked_mul(count as usize)?
            }
            9 => return self.datatype(depth + 1),
            10 => {
                let rank = self.number(1)?;
                self.take(if version < 3 { 3 + 8 * rank } else { 4 * rank })?;
                return self.datatype(depth + 1);
            }
            _ => 0,
        };
        self.take(more).map(drop)
    }

    fn external_files(&mut self) -> Option<()> {
        self.take(6)?;
        let used = self.number(2)?;
        // Three lengths of at least two bytes.
        self.take(6 * used).map(drop)
    }

    fn filters(&mut self) -> Option<()> {
        let (version, count) = (self.number(1)?, self.number(1)?);
        let is_old = version == 1;
        self.take(if is_old { 6 } else { 0 })?;
        for _ in 0..count {
            let number = self.number(2)?;
            let is_named = is_old || number >= 256;
            let name = self.number(if is_named { 2 } else { 0 })?;
            self.take(2)?;
            let values = self.number(2)?;
            let odd = values % 2;
            let (name, values) = match is_old {
                true => (name.next_multiple_of(8), values + odd),
                false => (name, values),
            };
            self.take(name + 4 * values)?;
        }
        Some(())
    }

    fn attribute(&mut self) -> Option<()> {
        let (version, flags) = (self.number(1)?, self.number(1)?);
        let (name, datatype) = (self.number(2)?, self.number(2)?);
        self.take(if version == 3 { 3 } else { 2 })?;
        let padded = name.next_multiple_of(8);
        self.take(if version == 1 { padded } else { name })?;
        // Its datatype may stand elsewhere.
        let is_here = version == 1 || flags & 1 == 0;
        match is_here {
            true => Bytes(self.take(datatype)?).datatype(0),
            false => Some(()),
        }
    }
}
