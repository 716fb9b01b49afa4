//! How are the steps of images undone?
//!
//! **Source** TIFF revision 6.0, sections 9 (PackBits), 13 (LZW) and 14 (differencing predictor);
//! Adobe's TIFF Technical Note 3 (floating-point predictor).

/// What is told of rows whose samples are stored as differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Bytes of a row.
    pub row: usize,
    /// Bytes of a sample.
    pub size: usize,
    /// Samples of a pixel: each is the difference to the same sample of the pixel before.
    pub samples: usize,
    /// Whether samples are big-endian.
    pub big_endian: bool,
}

/// Why something cannot be undone.
type Result<T> = std::result::Result<T, String>;

/// Runs of literals and of repetitions.
pub fn decode_packbits(encoded: &[u8], into: &mut [u8]) -> Result<usize> {
    let room = into.len();
    let full = || format!("it decodes to more than {room} bytes");
    let ends = || "the stream ends within a run".to_owned();
    let (mut rest, mut at) = (encoded, 0);
    while let Some((&head, tail)) = rest.split_first() {
        rest = tail;
        match head as i8 {
            -128 => {}
            head @ 0.. => {
                let count = head as usize + 1;
                let (run, tail) = rest.split_at_checked(count).ok_or_else(ends)?;
                into.get_mut(at..at + count)
                    .ok_or_else(full)?
                    .copy_from_slice(run);
                (rest, at) = (tail, at + count);
            }
            head => {
                let count = 1 - isize::from(head);
                let (&byte, tail) = rest.split_first().ok_or_else(ends)?;
                let end = at + count.unsigned_abs();
                into.get_mut(at..end).ok_or_else(full)?.fill(byte);
                (rest, at) = (tail, end);
            }
        }
    }
    Ok(at)
}

const CLEAR: usize = 256;
const END: usize = 257;
const MOST_CODES: usize = 4096;

/// Codes of 9 to 12 bits, the highest bits first, each for a string that came before and one byte.
/// A string is held as its place in what is decoded.
pub fn decode_lzw(encoded: &[u8], into: &mut [u8]) -> Result<usize> {
    let room = into.len();
    // Where the string of a code stands, and how long it is.
    let mut strings: Vec<(usize, usize)> = Vec::with_capacity(MOST_CODES);
    let clear = |strings: &mut Vec<(usize, usize)>| {
        strings.clear();
        strings.resize(END + 1, (0, 1));
    };
    clear(&mut strings);
    let (mut bits, mut held, mut width) = (0u32, 0u32, 9u32);
    let (mut at, mut last) = (0, None);
    let mut bytes = encoded.iter();
    loop {
        while held < width {
            match bytes.next() {
                Some(&byte) => (bits, held) = (bits << 8 | u32::from(byte), held + 8),
                // Some writers leave out the end.
                None => return Ok(at),
            }
        }
        held -= width;
        let code = (bits >> held & ((1 << width) - 1)) as usize;
        match code {
            CLEAR => {
                clear(&mut strings);
                (width, last) = (9, None);
                continue;
            }
            END => return Ok(at),
            _ => {}
        }
        let (from, len) = match (strings.get(code), last) {
            _ if code < CLEAR => (usize::MAX, 1),
            (Some(&string), _) => string,
            // The string that is being made: the last one and its own first byte.
            (None, Some((from, len))) if code == strings.len() => (from, len + 1),
            _ => return Err(format!("code {code} is not known yet")),
        };
        if at + len > room {
            // What follows the last sample is of no use.
            let whole = room - at;
            repeat(into, at, from, whole, code);
            return if whole < len && at + whole == room {
                Ok(room)
            } else {
                Err(format!("it decodes to more than {room} bytes"))
            };
        }
        repeat(into, at, from, len, code);
        if let Some((from, len)) = last
            && strings.len() < MOST_CODES
        {
            strings.push((from, len + 1));
        }
        last = Some((at, len));
        at += len;
        width = match strings.len() + 1 {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
}

/// Writes `len` bytes: of the string that stands at `from`, or the byte that a low code is.
fn repeat(into: &mut [u8], at: usize, from: usize, len: usize, code: usize) {
    if code < CLEAR {
        if len > 0 {
            into[at] = code as u8;
        }
        return;
    }
    for k in 0..len {
        into[at + k] = into[from + k];
    }
}

/// One bool of each bit, the highest first, in rows of `row` bools that start with a byte.
pub fn unpack_rows(row: usize, encoded: &[u8], into: &mut [u8]) -> Result<usize> {
    let stored = row.div_ceil(8).max(1);
    let (len, room) = ((encoded.len() / stored).saturating_mul(row), into.len());
    let made = into
        .get_mut(..len)
        .ok_or_else(|| format!("it has {len} samples, more than {room}"))?;
    let rows = made.chunks_exact_mut(row.max(1));
    for (made, bits) in rows.zip(encoded.chunks_exact(stored)) {
        for (k, made) in made.iter_mut().enumerate() {
            *made = bits[k / 8] >> (7 - k % 8) & 1;
        }
    }
    Ok(len)
}

/// Adds up differences along rows.
pub fn add_up(rows: Rows, bytes: &mut [u8]) {
    match rows.size {
        1 => add::<1>(rows, bytes),
        2 => add::<2>(rows, bytes),
        4 => add::<4>(rows, bytes),
        _ => add::<8>(rows, bytes),
    }
}

fn add<const N: usize>(rows: Rows, bytes: &mut [u8]) {
    let read = |bytes: &[u8]| {
        let mut sample = [0; 8];
        sample[..N].copy_from_slice(&bytes[..N]);
        if rows.big_endian {
            sample[..N].reverse();
        }
        u64::from_le_bytes(sample)
    };
    for row in bytes.chunks_mut(rows.row.max(1)) {
        let count = row.len() / N;
        for k in rows.samples..count {
            let before = read(&row[(k - rows.samples) * N..]);
            let sum = before.wrapping_add(read(&row[k * N..]));
            let mut sample = sum.to_le_bytes();
            if rows.big_endian {
                sample[..N].reverse();
            }
            row[k * N..(k + 1) * N].copy_from_slice(&sample[..N]);
        }
    }
}

/// Adds up the differences of a row's bytes, and puts together floats whose highest bytes stand
/// first, then the next ones; they come out in the byte order that samples have.
pub fn join_floats(rows: Rows, bytes: &mut [u8]) {
    let mut planes = vec![0; rows.row];
    for row in bytes.chunks_mut(rows.row.max(1)) {
        for k in rows.samples..row.len() {
            row[k] = row[k].wrapping_add(row[k - rows.samples]);
        }
        let planes = &mut planes[..row.len()];
        planes.copy_from_slice(row);
        let count = row.len() / rows.size.max(1);
        for (k, sample) in row.chunks_exact_mut(rows.size.max(1)).enumerate() {
            for (byte, plane) in sample.iter_mut().zip(planes.chunks_exact(count)) {
                *byte = plane[k];
            }
            if !rows.big_endian {
                sample.reverse();
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn packbits_of_the_specification() {
        let encoded = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7,
            0xaa,
        ];
        let mut into = [0; 24];
        assert_eq!(decode_packbits(&encoded, &mut into).unwrap(), 24);
        assert_eq!(into[..8], [0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0xaa, 0xaa]);
        assert_eq!(into[14..], [0xaa; 10]);
        decode_packbits(&encoded, &mut into[1..]).unwrap_err();
        decode_packbits(&encoded[..14], &mut into).unwrap_err();
    }

    #[test]
    fn each_row_of_bits_starts_with_a_byte() {
        let mut into = [9; 20];
        let bits = [0x80, 0x40, 0x01, 0xc0];
        assert_eq!(unpack_rows(10, &bits, &mut into).unwrap(), 20);
        assert_eq!(into[..10], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(into[10..], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
        unpack_rows(10, &bits, &mut into[1..]).unwrap_err();
    }

    #[test]
    fn nonsense_is_an_error_or_bytes_and_never_more_than_there_is_room_for() {
        let mut seed = 1u32;
        for len in 0..300 {
            let bytes: Vec<u8> = (0..len)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            let mut into = vec![0; 64];
            let _ = decode_lzw(&bytes, &mut into);
            let _ = decode_packbits(&bytes, &mut into);
        }
    }
}
