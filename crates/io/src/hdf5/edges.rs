//! Are the chunks at the edges of a dataset filtered?
//!
//! Layouts of version 4 and later may leave filters out of the chunks that hang over an edge
//! (`H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS`). The library passes over the flag that says so; the
//! messages of the header are walked here for it. Absent: headers of version 1, which hold older
//! layouts; every other message.
//!
//! **Source** HDF5 File Format Specification 3.0, sections IV.A.1.b and IV.A.2.i.

use super::file::File;

/// First bytes of a header of version 2.
const HEADER: &[u8] = b"OHDR";

/// Bytes before and behind the messages of a block that continues a header: a signature, and a
/// checksum.
const AROUND: u64 = 4;

/// Numbers of messages.
const LAYOUT: u8 = 8;
const CONTINUATION: u8 = 16;

/// Longest block of messages that is read, and most of them.
const LONGEST: u64 = 1 << 20;
const MOST: usize = 64;

/// Whether filters are left out of the chunks at the edges of the dataset at `address`.
///
/// # Errors
/// A sentence, if the header cannot be walked.
pub fn are_bare(file: &File, address: u64) -> Result<bool, String> {
    let sizes = file.ask(|library| {
        let superblock = library.superblock();
        Ok([superblock.offset_size, superblock.length_size].map(usize::from))
    })?;
    let read = |at: u64, len: u64| {
        let at = file.base().saturating_add(at);
        file.input.read_range(at, len).ok()
    };
    walk(read, address, sizes).ok_or_else(|| "the header is damaged".into())
}

fn walk(
    read: impl Fn(u64, u64) -> Option<Vec<u8>>,
    address: u64,
    [offset_size, length_size]: [usize; 2],
) -> Option<bool> {
    let start = read(address, 6)?;
    if !start.starts_with(HEADER) {
        return Some(false);
    }
    let flags = start[5];
    // Times, and when attributes move to an index of their own.
    let more = if flags & 0x20 != 0 { 16 } else { 0 } + if flags & 0x10 != 0 { 4 } else { 0 };
    let width = 1 << (flags & 3);
    let at = address.checked_add(6 + more)?;
    let len = number(&read(at, width)?);
    // Behind its kind, length and flags, a message may have its place in the order of creation.
    let head = if flags & 4 != 0 { 6 } else { 4 };
    let mut blocks = vec![(at.checked_add(width)?, len)];
    for _ in 0..MOST {
        let (at, len) = blocks.pop()?;
        let bytes = read(at, (len <= LONGEST).then_some(len)?)?;
        let mut rest = &bytes[..];
        while let Some((start, behind)) = rest.split_at_checked(head) {
            let size = number(&start[1..3]) as usize;
            let (data, next) = behind.split_at_checked(size)?;
            if start[0] == LAYOUT {
                let [version, class, flags, ..] = *data else {
                    return None;
                };
                return Some(version >= 4 && class == 2 && flags & 1 == 1);
            }
            if start[0] == CONTINUATION {
                let at = number(data.get(..offset_size)?).checked_add(AROUND)?;
                let len = number(data.get(offset_size..offset_size + length_size)?);
                blocks.push((at, len.checked_sub(2 * AROUND)?));
            }
            rest = next;
        }
    }
    None
}

/// A little-endian number.
fn number(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0, |number, &byte| number << 8 | u64::from(byte))
}
