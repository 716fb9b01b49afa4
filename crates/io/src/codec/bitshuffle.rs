//! How is a chunk undone whose bits were put together?
//!
//! Blocks of elements have the first bits of all elements first, then the second ones, and so on; each may be
//! compressed by itself. Fewer than eight elements at the end stand as they are.
//!
//! **Source** the bitshuffle filter's own description, version 0.5 (github.com/kiyo-masui/bitshuffle).

use super::streams::block_of_lz4;
use crate::file;

/// What a block is compressed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inner {
    /// Nothing.
    Nothing,
    /// LZ4.
    Lz4,
    /// Zstandard.
    Zstd,
}

/// How a chunk's bits were put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bitshuffle {
    /// Bytes of an element.
    pub size: usize,
    /// Elements of a block, where nothing else says so; 0 for the usual ones.
    pub block: usize,
    /// What blocks are compressed by.
    pub inner: Inner,
}

/// Elements that are always put together.
const EIGHT: usize = 8;

/// Bytes of a usual block, and its fewest elements.
const USUAL: usize = 8192;
const FEWEST: usize = 128;

impl Bitshuffle {
    /// Undoes a chunk.
    ///
    /// # Errors
    /// A sentence, if it is damaged.
    pub fn decode(self, encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
        let room = into.len();
        let (len, block, mut rest) = match self.inner {
            Inner::Nothing => (encoded.len(), self.usual() * self.size, encoded),
            _ => {
                let (len, rest) = big_endian::<8>(encoded)?;
                let (block, rest) = big_endian::<4>(rest)?;
                (len, block, rest)
            }
        };
        let into = into
            .get_mut(..len)
            .ok_or_else(|| format!("it has {len} bytes, more than {room}"))?;
        let eight = EIGHT * self.size;
        if block == 0 || !block.is_multiple_of(eight) {
            return Err(format!("its blocks have {block} bytes"));
        }
        let (whole, left) = into.split_at_mut(len - len % eight);
        let scratch = match self.inner {
            Inner::Nothing => 0,
            _ => block.min(whole.len()),
        };
        let mut scratch = file::buffer("", scratch).map_err(|error| error.message().to_owned())?;
        for made in whole.chunks_mut(block) {
            if self.inner == Inner::Nothing {
                let (bits, tail) = rest.split_at_checked(made.len()).ok_or_else(ends)?;
                rest = tail;
                self.take_apart(bits, made);
                continue;
            }
            let (packed, tail) = big_endian::<4>(rest)?;
            let (packed, tail) = tail.split_at_checked(packed).ok_or_else(ends)?;
            rest = tail;
            let bits = &mut scratch[..made.len()];
            match self.inner {
                Inner::Zstd => {
                    let mut context = zstd::bulk::Decompressor::new();
                    let decoded = context
                        .as_mut()
                        .map_err(|error| error.to_string())?
                        .decompress_to_buffer(packed, bits)
                        .map_err(|error| error.to_string())?;
                    if decoded != made.len() {
                        return Err(format!("a block has {decoded} bytes"));
                    }
                }
                _ => block_of_lz4(packed, bits)?,
            }
            self.take_apart(bits, made);
        }
        if rest.len() != left.len() {
            return Err(format!("{} bytes are left over", rest.len()));
        }
        left.copy_from_slice(rest);
        Ok(len)
    }

    /// Elements of a block.
    fn usual(self) -> usize {
        match self.block {
            0 => (USUAL / self.size / EIGHT * EIGHT).max(FEWEST),
            block => block,
        }
    }

    /// The elements of a block.
    fn take_apart(self, bits: &[u8], made: &mut [u8]) {
        // Bytes of the same bit of all elements.
        let row = made.len() / self.size / 8;
        made.fill(0);
        for (k, bytes) in bits.chunks_exact(row.max(1)).enumerate() {
            let (byte, bit) = (k / 8, k % 8);
            for (eight, &together) in bytes.iter().enumerate() {
                for element in 0..EIGHT {
                    let at = (eight * EIGHT + element) * self.size + byte;
                    made[at] |= (together >> element & 1) << bit;
                }
            }
        }
    }
}

fn ends() -> String {
    "the stream ends within a block".into()
}

/// A number of N bytes, and what follows.
pub fn big_endian<const N: usize>(bytes: &[u8]) -> Result<(usize, &[u8]), String> {
    let (number, rest) = bytes.split_at_checked(N).ok_or_else(ends)?;
    let number = number
        .iter()
        .fold(0u64, |number, &byte| number << 8 | u64::from(byte));
    let number = usize::try_from(number).map_err(|_| format!("it says {number} bytes"))?;
    Ok((number, rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const BARE: Bitshuffle = Bitshuffle {
        size: 2,
        block: 8,
        inner: Inner::Nothing,
    };

    #[test]
    fn bits_of_eight_elements_are_taken_apart_and_what_is_left_stands_as_it_is() {
        // The lowest bits of all elements, and the highest one of the second.
        let mut bits = [0; 18];
        bits[0] = 0xff;
        bits[15] = 0b10;
        bits[16..].copy_from_slice(&[7, 9]);
        let mut into = [0; 18];
        assert_eq!(BARE.decode(&bits, &mut into).unwrap(), 18);
        assert_eq!(into[..6], [1, 0, 1, 0x80, 1, 0]);
        assert_eq!(into[16..], [7, 9]);
        BARE.decode(&bits, &mut into[..17]).unwrap_err();
    }

    #[test]
    fn nonsense_is_an_error() {
        let mut into = [0; 64];
        for inner in [Inner::Lz4, Inner::Zstd] {
            let packed = Bitshuffle { inner, ..BARE };
            for bytes in [&[][..], &[0; 11], &[0xff; 40]] {
                packed.decode(bytes, &mut into).unwrap_err();
            }
            // 16 bytes in blocks of 16, of which the first goes beyond the end.
            let header = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16];
            let bytes = [&header[..], &[0, 0, 0, 9, 1]].concat();
            packed.decode(&bytes, &mut into).unwrap_err();
        }
    }
}
