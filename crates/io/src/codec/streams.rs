//! How is a compressed stream undone?
//!
//! Into a buffer of the length that the metadata say. Absent: writing.

use super::bitshuffle::big_endian;
use crate::fault::guarded;
use lzma_rust2::{LzmaReader, XzReader};
use std::io::{self, Read};

/// Bytes that undoing bzip2 takes: four for each of the 900,000 of a block, and tables.
pub const BZIP2: usize = 4 << 20;

/// Tables of LZMA's probabilities, at most.
const PROBABILITIES: usize = 8 << 20;

/// Bytes that undoing LZMA takes: its window grows with what is decoded, by doubling.
pub fn lzma_working(decoded: usize) -> usize {
    decoded.saturating_mul(3).saturating_add(PROBABILITIES)
}

/// LZMA in xz's frame.
pub fn decode_xz(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    guarded("lzma", || fill(&mut XzReader::new(encoded, true), into))
}

/// LZMA in the frame that was before it.
pub fn decode_lzma(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    guarded("lzma", || {
        let reader = LzmaReader::new_mem_limit(encoded, u32::MAX, None);
        let mut reader = reader.map_err(|error| error.to_string())?;
        let decoded = fill(&mut reader, into)?;
        let (rest, taken) = reader.into_parts();
        match rest.is_empty() && taken.is_empty() {
            true => Ok(decoded),
            false => Err("bytes follow the end of the stream".into()),
        }
    })
}

/// A block of LZ4 behind its decoded length.
pub fn decode_lz4(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let Some((len, block)) = encoded.split_first_chunk() else {
        return Err(format!("{} bytes hold no length", encoded.len()));
    };
    let len = u32::from_le_bytes(*len) as usize;
    let room = into.len();
    let into = into
        .get_mut(..len)
        .ok_or_else(|| format!("it says {len} bytes, more than {room}"))?;
    block_of_lz4(block, into).map(|()| len)
}

/// A block of LZ4, which must fill `into`.
pub fn block_of_lz4(block: &[u8], into: &mut [u8]) -> Result<(), String> {
    let decoded =
        lz4_flex::block::decompress_into(block, into).map_err(|error| error.to_string())?;
    match decoded == into.len() {
        true => Ok(()),
        false => Err(format!("it says {} bytes, and holds {decoded}", into.len())),
    }
}

/// Blocks of LZ4 as HDF5 has them: the decoded length and that of a block, then each behind its own
/// length; one that did not become shorter stands as it was.
pub fn decode_lz4_blocks(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let (len, rest) = big_endian::<8>(encoded)?;
    let (block, mut rest) = big_endian::<4>(rest)?;
    let room = into.len();
    let into = into
        .get_mut(..len)
        .ok_or_else(|| format!("it says {len} bytes, more than {room}"))?;
    for made in into.chunks_mut(block.max(1)) {
        let (packed, tail) = big_endian::<4>(rest)?;
        let packed = tail.split_at_checked(packed);
        let (packed, tail) = packed.ok_or("the stream ends within a block")?;
        rest = tail;
        match packed.len() == made.len() {
            true => made.copy_from_slice(packed),
            false => block_of_lz4(packed, made)?,
        }
    }
    match rest.len() {
        0 => Ok(len),
        more => Err(format!("{more} bytes follow the end")),
    }
}

/// Reads a stream to its end, which must come within `into`.
pub fn fill(reader: &mut impl Read, into: &mut [u8]) -> Result<usize, String> {
    let mut len = 0;
    loop {
        // One byte more than there is room for tells a stream that goes on, and lets the decoder
        // see its own trailer.
        let mut beyond = [0];
        let full = len == into.len();
        let room = if full {
            &mut beyond[..]
        } else {
            &mut into[len..]
        };
        match reader.read(room) {
            Ok(0) => return Ok(len),
            Ok(_) if full => return Err(format!("it decodes to more than {len} bytes")),
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_lz4_fills_the_length_that_it_says() {
        // A literal, then a copy of nine bytes from one byte back, and five literals at the end.
        let block = [0x15, b'a', 1, 0, 0x50, b'b', b'b', b'b', b'b', b'b'];
        let encoded = [&15u32.to_le_bytes()[..], &block].concat();
        let mut into = [0; 16];
        assert_eq!(decode_lz4(&encoded, &mut into).unwrap(), 15);
        assert_eq!(into[..15], *b"aaaaaaaaaabbbbb");
        decode_lz4(&encoded, &mut into[..14]).unwrap_err();
        for len in 0..encoded.len() {
            decode_lz4(&encoded[..len], &mut into).unwrap_err();
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        let mut into = [0; 64];
        for bytes in [&b"BZh9"[..], b"\xfd7zXZ\0\0\x04", &[0x5d; 40], &[0; 13]] {
            decode_xz(bytes, &mut into).unwrap_err();
            assert_ne!(decode_lzma(bytes, &mut into), Ok(64));
            fill(&mut bzip2::bufread::MultiBzDecoder::new(bytes), &mut into).unwrap_err();
        }
    }
}
