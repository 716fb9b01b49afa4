//! Which bytes stand around the only member of an archive?
//!
//! Its lengths have eight bytes before it, as NumPy writes them, and behind it where four are not
//! enough.
//!
//! **Source** PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.

/// Longest name of a member.
pub const LONGEST_NAME: usize = 1 << 15;

/// Where the checksum stands.
pub const CHECKSUM: u64 = 14;

/// What the start of a member is a multiple of, as that of the elements in an npy file.
const ALIGNED: usize = 64;

/// The version of the format that knows lengths of eight bytes.
const VERSION: u16 = 45;

/// The first day that there is: the first of January 1980.
const DAY: u16 = 1 << 5 | 1;

/// Numbers of extra fields: long lengths, and one that is passed over.
const LONG: u16 = 1;
const PADDING: u16 = 0xd935;

/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// What four bytes say where eight are needed.
const MANY: u64 = u32::MAX as u64;

/// Two bytes each.
fn twos(out: &mut Vec<u8>, numbers: &[u16]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

/// Four bytes each; all ones for what is more.
fn fours(out: &mut Vec<u8>, numbers: &[u64]) {
    let fitting = numbers.iter().map(|&number| number.min(MANY) as u32);
    out.extend(fitting.flat_map(u32::to_le_bytes));
}

/// What stands before a member of `len` bytes; its checksum is not known yet.
pub fn header(name: &str, len: u64) -> Vec<u8> {
    let mut extra = Vec::new();
    twos(&mut extra, &[LONG, 16]);
    extra.extend([len, len].iter().flat_map(|len| len.to_le_bytes()));
    let bare = 30 + name.len() + extra.len() + 4;
    let padding = bare.next_multiple_of(ALIGNED) - bare;
    twos(&mut extra, &[PADDING, padding as u16]);
    extra.resize(extra.len() + padding, 0);
    let mut out = b"PK\x03\x04".to_vec();
    twos(&mut out, &[VERSION, UTF8, 0, 0, DAY]);
    fours(&mut out, &[0, MANY, MANY]);
    twos(&mut out, &[name.len() as u16, extra.len() as u16]);
    out.extend(name.as_bytes());
    out.extend(extra);
    out
}

/// What stands behind the member, which ends at `at`.
pub fn directory(name: &str, checksum: u32, len: u64, at: u64) -> Vec<u8> {
    let mut extra = Vec::new();
    if len >= MANY {
        twos(&mut extra, &[LONG, 16]);
        extra.extend([len, len].iter().flat_map(|len| len.to_le_bytes()));
    }
    let mut out = b"PK\x01\x02".to_vec();
    twos(&mut out, &[3 << 8 | VERSION, VERSION, UTF8, 0, 0, DAY]);
    fours(&mut out, &[checksum.into(), len, len]);
    twos(&mut out, &[name.len() as u16, extra.len() as u16, 0, 0, 0]);
    // A file that its owner reads and writes; it stands at the start.
    fours(&mut out, &[0o100_600 << 16, 0]);
    out.extend(name.as_bytes());
    out.extend(extra);
    let bytes = out.len() as u64;
    if at >= MANY {
        let end = at + bytes;
        out.extend(b"PK\x06\x06");
        out.extend(44u64.to_le_bytes());
        twos(&mut out, &[3 << 8 | VERSION, VERSION]);
        fours(&mut out, &[0, 0]);
        let numbers = [1, 1, bytes, at];
        out.extend(numbers.iter().flat_map(|number: &u64| number.to_le_bytes()));
        out.extend(b"PK\x06\x07");
        fours(&mut out, &[0]);
        out.extend(end.to_le_bytes());
        fours(&mut out, &[1]);
    }
    out.extend(b"PK\x05\x06");
    twos(&mut out, &[0, 0, 1, 1]);
    fours(&mut out, &[bytes, at]);
    twos(&mut out, &[0]);
    out
}
