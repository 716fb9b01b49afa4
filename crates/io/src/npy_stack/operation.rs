//! Of which operations does a pickle consist?
//!
//! Absent: what they build.

use std::collections::BTreeSet;

/// An operation.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// Which one it is.
    pub code: u8,
    /// What stands behind its code: a number, a text, the lines of a name.
    pub said: &'a [u8],
}

impl<'a> Operation<'a> {
    /// Takes the next one from what is left of a pickle.
    ///
    /// # Errors
    /// A sentence, if there is none, or it is not known here.
    pub fn next(rest: &mut &'a [u8]) -> Result<Operation<'a>, String> {
        let code = take(rest, 1)?[0];
        let said = match code {
            // The protocol and a frame's length; places among what is remembered; numbers.
            0x80 | b'q' | b'h' | b'K' => take(rest, 1)?,
            b'M' => take(rest, 2)?,
            b'r' | b'j' | b'J' => take(rest, 4)?,
            0x95 => take(rest, 8)?,
            // What says its length: numbers, texts, bytes.
            0x8a | 0x8c | b'C' => counted(rest, 1)?,
            b'X' | b'B' => counted(rest, 4)?,
            b'c' => lines(rest)?,
            b'.' | b'(' | b')' | b'}' | b't' | b's' | b'u' | b'R' | b'b' | b'N' => &[],
            0x85..=0x89 | 0x93 | 0x94 => &[],
            code => return Err(format!("it does what is not known here ({code:#04x})")),
        };
        Ok(Operation { code, said })
    }

    /// The number that stands behind the code.
    pub fn number(&self) -> u64 {
        little_endian(self.said)
    }
}

/// The places among what is remembered that a pickle refers to; at most `most` of them.
///
/// # Errors
/// A sentence, if an operation is not known, or there are more.
pub fn referred(mut rest: &[u8], most: usize) -> Result<BTreeSet<u64>, String> {
    let mut places = BTreeSet::new();
    loop {
        let operation = Operation::next(&mut rest)?;
        match operation.code {
            b'.' => return Ok(places),
            b'h' | b'j' => places.insert(operation.number()),
            _ => continue,
        };
        if places.len() > most {
            return Err("it refers to too much".into());
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], String> {
    let (taken, left) = rest.split_at_checked(len).ok_or("it ends too early")?;
    *rest = left;
    Ok(taken)
}

/// Bytes whose count stands before them, in so many bytes.
fn counted<'a>(rest: &mut &'a [u8], width: usize) -> Result<&'a [u8], String> {
    let len = little_endian(take(rest, width)?);
    take(rest, len as usize)
}

/// Two lines.
fn lines<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let mut ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let (end, _) = ends.nth(1).ok_or("it ends too early")?;
    take(rest, end + 1)
}

/// A number of up to 8 bytes.
pub fn little_endian(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(8).rev();
    bytes.fold(0u64, |n, &byte| n << 8 | u64::from(byte))
}
