//! Which members has a zip file, and where do they stand?
//!
//! The directory at the end of the file is read, then the header before a member. Every number is
//! checked against the file's length. Absent: archives of several files.

use crate::file::{self, Input};
use tilewright_core::Result;

/// Bytes of the record at the end, and the longest comment behind it.
const END: usize = 22;
const COMMENT: usize = u16::MAX as usize;

/// Bytes of a directory entry and of a member's own header, before their names.
const ENTRY: usize = 46;
const HEADER: usize = 30;

/// Largest directory that is read.
const LARGEST: u64 = 64 << 20;

/// A member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// How it is packed: 0 stored, 8 deflated.
    pub method: u16,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Bytes in the archive.
    pub packed: u64,
    /// Where its own header stands.
    header: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let found = bytes
        .get(at..at + 2)
        .and_then(|bytes| bytes.try_into().ok());
    found.map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u64 {
    let found = bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok());
    found.map_or(0, u32::from_le_bytes).into()
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let found = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(found))
}

/// The members, in the directory's order.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is no directory, or it is damaged.
pub fn members(input: &Input) -> Result<Vec<Member>> {
    let damaged = |message: &str| {
        input
            .fault(format!("the zip directory is damaged: {message}"))
            .way_out("copy or write the file again; it is truncated")
    };
    let tail_len = input.len.min((END + COMMENT) as u64);
    let mut tail = file::buffer(&input.uri, tail_len as usize)?;
    let tail_start = input.len - tail_len;
    input.read_at(&mut tail, tail_start)?;
    let end = (0..(tail.len() + 1).saturating_sub(END))
        .rev()
        .find(|&at| tail[at..].starts_with(b"PK\x05\x06"));
    let end = end.ok_or_else(|| damaged("it has no end"))?;
    let (mut len, mut start) = (u32_at(&tail, end + 12), u32_at(&tail, end + 16));
    // A larger archive has a record before, which a locator names.
    if end >= 20 && tail[end - 20..].starts_with(b"PK\x06\x07") {
        let at = u64_at(&tail, end - 12).ok_or_else(|| damaged("it has no end"))?;
        if at.checked_add(56).is_none_or(|to| to > input.len) {
            return Err(damaged("its end stands outside the file"));
        }
        let mut record = [0; 56];
        input.read_at(&mut record, at)?;
        len = u64_at(&record, 40).unwrap_or(u64::MAX);
        start = u64_at(&record, 48).unwrap_or(u64::MAX);
    }
    if start.checked_add(len).is_none_or(|to| to > input.len) || len > LARGEST {
        return Err(damaged("it stands outside the file"));
    }
    let mut directory = file::buffer(&input.uri, len as usize)?;
    input.read_at(&mut directory, start)?;
    let mut members = Vec::new();
    let mut rest = &directory[..];
    while rest.starts_with(b"PK\x01\x02") {
        let (name, extra) = (usize::from(u16_at(rest, 28)), usize::from(u16_at(rest, 30)));
        let comment = usize::from(u16_at(rest, 32));
        let whole = ENTRY + name + extra + comment;
        let Some((entry, after)) = rest.split_at_checked(whole) else {
            return Err(damaged("an entry is cut short"));
        };
        members.push(member(entry, name, extra).ok_or_else(|| damaged("an entry lacks a size"))?);
        rest = after;
    }
    Ok(members)
}

/// A directory entry with its name and its extra fields.
fn member(entry: &[u8], name: usize, extra: usize) -> Option<Member> {
    let (mut packed, mut plain) = (u32_at(entry, 20), u32_at(entry, 24));
    let mut header = u32_at(entry, 42);
    // Sizes of 4 GiB or more stand in an extra field, those that need it, in this order.
    let mut fields = &entry[ENTRY + name..ENTRY + name + extra];
    let all_ones = u64::from(u32::MAX);
    if [packed, plain, header].contains(&all_ones) {
        loop {
            let (id, len) = (u16_at(fields, 0), usize::from(u16_at(fields, 2)));
            let field = fields.get(4..4 + len)?;
            if id == 1 {
                let mut at = 0;
                for value in [&mut plain, &mut packed, &mut header] {
                    if *value == all_ones {
                        *value = u64_at(field, at)?;
                        at += 8;
                    }
                }
                break;
            }
            fields = fields.get(4 + len..)?;
        }
    }
    Some(Member {
        name: String::from_utf8_lossy(&entry[ENTRY..ENTRY + name]).into_owned(),
        method: u16_at(entry, 10),
        encrypted: u16_at(entry, 8) & 1 != 0,
        packed,
        header,
    })
}

/// Where a member's bytes start.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if that is not within the file.
pub fn start(input: &Input, member: &Member) -> Result<u64> {
    let outside = || {
        input
            .fault("a member of the archive stands outside the file")
            .fact("member", member.name.clone())
            .way_out("copy or write the file again; it is truncated")
    };
    if member
        .header
        .checked_add(HEADER as u64)
        .is_none_or(|to| to > input.len)
    {
        return Err(outside());
    }
    let mut header = [0; HEADER];
    input.read_at(&mut header, member.header)?;
    let names = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
    let start = member.header + HEADER as u64 + names;
    let end = start.checked_add(member.packed);
    if !header.starts_with(b"PK\x03\x04") || end.is_none_or(|end| end > input.len) {
        return Err(outside());
    }
    Ok(start)
}
