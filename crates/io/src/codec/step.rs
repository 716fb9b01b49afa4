//! How is one step undone without trusting the bytes?
//!
//! Every decoder writes into a buffer whose length is what the metadata say, and stops there.

use super::bitshuffle::Bitshuffle;
use super::blosc;
use super::checksum::{Checksum, Sum};
use super::filters;
use super::image::{self, Rows};
use super::numbers::{self, Recount};
use super::streams::{self, fill};
use std::io::BufRead;
use std::sync::Arc;
use zarrs::array::codec::api::BytesToBytesCodecTraits;
use zarrs::array::codec::{BloscCodec, Crc32cCodec, GzipCodec, ZlibCodec, ZstdCodec};

/// Undoes a filter by a library: the encoded bytes, and at most how many they become.
pub type Undo = dyn Fn(&[u8], usize) -> Result<Vec<u8>, String> + Send + Sync;

/// A step from bytes to bytes.
#[derive(Clone)]
pub enum Step {
    /// Zstandard.
    Zstd,
    /// Deflate with gzip's frame.
    Gzip,
    /// Deflate with zlib's frame.
    Zlib,
    /// Bzip2.
    Bzip2,
    /// LZMA in xz's frame.
    Xz,
    /// LZMA in the frame that was before it.
    Lzma,
    /// A block of LZ4 behind its decoded length in four bytes.
    Lz4,
    /// Blocks of LZ4, as HDF5 has them.
    Lz4Blocks,
    /// The bits of elements put together.
    Bitshuffle(Bitshuffle),
    /// Blosc, version 1.
    Blosc(blosc::Codec),
    /// A checksum.
    Checksum(Checksum),
    /// The first bytes of all elements (of so many bytes), then the second ones, and so on.
    Shuffle(usize),
    /// HDF5's checksum, after the bytes.
    Fletcher32,
    /// LibLZF.
    Lzf,
    /// LZW as TIFF has it.
    Lzw,
    /// Runs of equal bytes, as TIFF has them.
    Packbits,
    /// Samples as differences to the pixel before.
    Differences(Rows),
    /// Bytes of floats as differences, the highest ones first.
    FloatDifferences(Rows),
    /// Elements of another dtype, or other numbers.
    Recount(Recount),
    /// Eight bools in a byte, behind the number of bits to spare.
    Bits,
    /// Eight bools in a byte, in rows of so many bools.
    RowsOfBits(usize),
    /// A filter that its format's library undoes, by name.
    Foreign(&'static str, Arc<Undo>),
}

/// How many bytes a step's input or output has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many.
    Exactly(usize),
    /// So many or fewer.
    AtMost(usize),
}

impl Length {
    /// The most.
    pub fn most(self) -> usize {
        match self {
            Length::Exactly(bytes) | Length::AtMost(bytes) => bytes,
        }
    }

    /// Whether so many are possible.
    pub fn fits(self, bytes: usize) -> bool {
        match self {
            Length::Exactly(exact) => bytes == exact,
            Length::AtMost(most) => bytes <= most,
        }
    }
}

impl Step {
    /// The step of one of the library's codecs; `None` if it is none of ours.
    pub fn from_codec(codec: Arc<dyn BytesToBytesCodecTraits>) -> Option<Step> {
        let any = codec.as_any();
        Some(if any.is::<ZstdCodec>() {
            Step::Zstd
        } else if any.is::<GzipCodec>() {
            Step::Gzip
        } else if any.is::<ZlibCodec>() {
            Step::Zlib
        } else if any.is::<BloscCodec>() {
            Step::Blosc(codec)
        } else if any.is::<Crc32cCodec>() {
            Step::Checksum(Checksum::last(Sum::Crc32c))
        } else {
            return None;
        })
    }

    /// The step of a blosc chunk, which says itself how it is packed.
    ///
    /// # Errors
    /// If the library has none.
    pub fn blosc() -> Result<Step, String> {
        blosc::codec().map(Step::Blosc)
    }

    /// The name, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Zstd => "zstd",
            Step::Gzip => "gzip",
            Step::Zlib => "zlib",
            Step::Bzip2 => "bzip2",
            Step::Xz | Step::Lzma => "lzma",
            Step::Lz4 | Step::Lz4Blocks => "lz4",
            Step::Bitshuffle(_) => "bitshuffle",
            Step::Blosc(_) => "blosc",
            Step::Checksum(checksum) => checksum.name(),
            Step::Shuffle(_) => "shuffle",
            Step::Fletcher32 => "fletcher32",
            Step::Lzf => "lzf",
            Step::Lzw => "lzw",
            Step::Packbits => "packbits",
            Step::Differences(_) => "differences",
            Step::FloatDifferences(_) => "float differences",
            Step::Recount(_) => "a filter of numbers",
            Step::Bits => "packbits",
            Step::RowsOfBits(_) => "bits",
            Step::Foreign(name, _) => name,
        }
    }

    /// Whether the length of what it makes is known to the byte.
    pub fn is_exact(&self) -> bool {
        matches!(
            self,
            Step::Checksum(_)
                | Step::Shuffle(_)
                | Step::Fletcher32
                | Step::Differences(_)
                | Step::FloatDifferences(_)
                | Step::Recount(_)
                | Step::Bits
                | Step::RowsOfBits(_)
        )
    }

    /// How many bytes this step makes of `decoded` bytes.
    ///
    /// What a compressor adds to bytes that do not compress: zstd 1/256 (`ZSTD_compressBound`),
    /// deflate 1/8 + 1/64 (`deflateBound`), bzip2 1/100, lz4 1/255, lzma a few bytes for 64 KiB, lzf
    /// 1/32 (a control byte for 32 literals), blosc its header; and 4 KiB for frames.
    pub fn encoded(&self, decoded: Length) -> Length {
        let n = match self {
            Step::Recount(recount) => recount.stored_len(decoded.most()),
            Step::Bits => decoded.most().div_ceil(8),
            Step::RowsOfBits(row) => decoded.most() / row.max(&1) * row.div_ceil(8),
            _ => decoded.most(),
        };
        let added = match self {
            Step::Checksum(_) | Step::Fletcher32 => Checksum::LEN,
            Step::Bits => 1,
            Step::Recount(_) | Step::RowsOfBits(_) => 0,
            // A length for each block, the shortest of which has 128 bytes.
            Step::Lz4Blocks | Step::Bitshuffle(_) => n / 16 + 4096,
            Step::Shuffle(_) | Step::Differences(_) | Step::FloatDifferences(_) => 0,
            // A code of up to 12 bits for a byte.
            Step::Lzw => n / 2 + 4096,
            Step::Packbits => n / 64 + 4096,
            Step::Lzf => n / 32 + 4096,
            Step::Foreign(..) => n / 8 + 4096,
            Step::Zstd | Step::Bzip2 | Step::Xz | Step::Lzma | Step::Lz4 => n / 64 + 4096,
            Step::Gzip | Step::Zlib => n / 8 + n / 64 + 4096,
            Step::Blosc(_) => 4096,
        };
        match (self, decoded) {
            (step, Length::Exactly(_)) if step.is_exact() => {
                Length::Exactly(n.saturating_add(added))
            }
            _ => Length::AtMost(n.saturating_add(added)),
        }
    }

    /// The most bytes that this step's format can make of one byte.
    ///
    /// zstd: a run of 128 KiB in a block of 4 bytes (RFC 8878, 3.1.1.2). Deflate: 258 bytes in 2
    /// bits (RFC 1951, 3.2.5). Bzip2: 900,000 bytes, of which five may stand for 259, in a block of
    /// 32. LZMA: 273 bytes in about 14 decisions of 0.02 bits each. Blosc may hold zstd. Lz4: 255 bytes in one. Lzf: 264
    /// bytes in 3. Lzw: a string of the table in 9 bits. Packbits: 128 in 2. HDF5's own filters can
    /// say of a whole chunk that it is constant.
    pub fn ratio(&self) -> usize {
        match self {
            Step::Zstd | Step::Blosc(_) | Step::Bitshuffle(_) => 32768,
            Step::Gzip | Step::Zlib => 1032,
            Step::Bzip2 => 1 << 21,
            Step::Xz | Step::Lzma => 1 << 14,
            Step::Lz4 | Step::Lz4Blocks => 256,
            Step::Recount(_) | Step::Bits | Step::RowsOfBits(_) => 8,
            Step::Lzf => 88,
            Step::Lzw => 4096,
            Step::Packbits => 64,
            Step::Foreign(..) => usize::MAX,
            // The exact ones.
            _ => 1,
        }
    }

    /// Bytes that undoing this step allocates beside its output.
    pub fn working(&self, decoded: Length) -> usize {
        match self {
            Step::Zstd => 256 << 10,
            Step::Gzip | Step::Zlib => 64 << 10,
            Step::Bzip2 => streams::BZIP2,
            Step::Xz | Step::Lzma => streams::lzma_working(decoded.most()),
            Step::Blosc(_) => blosc::working(decoded.most()),
            // The library returns a buffer of its own.
            Step::Foreign(..) | Step::Bitshuffle(_) => decoded.most().saturating_add(256 << 10),
            Step::Lzw => 64 << 10,
            Step::FloatDifferences(rows) => rows.row,
            _ => 0,
        }
    }

    /// Undoes the step: fills the start of `into`, and returns how many bytes that were.
    ///
    /// # Errors
    /// A sentence: why it cannot be undone.
    pub fn decode(&self, encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
        match self {
            Step::Zstd => zstd::bulk::Decompressor::new()
                .and_then(|mut context| context.decompress_to_buffer(encoded, into))
                .map_err(|error| error.to_string()),
            Step::Gzip => fill(&mut flate2::bufread::MultiGzDecoder::new(encoded), into),
            Step::Zlib => {
                let mut reader = flate2::bufread::ZlibDecoder::new(encoded);
                let decoded = fill(&mut reader, into)?;
                let mut rest = reader.into_inner();
                match rest.fill_buf() {
                    Ok([]) => Ok(decoded),
                    _ => Err("bytes follow the end of the stream".into()),
                }
            }
            Step::Bzip2 => fill(&mut bzip2::bufread::MultiBzDecoder::new(encoded), into),
            Step::Xz => streams::decode_xz(encoded, into),
            Step::Lzma => streams::decode_lzma(encoded, into),
            Step::Lz4 => streams::decode_lz4(encoded, into),
            Step::Lz4Blocks => streams::decode_lz4_blocks(encoded, into),
            Step::Bitshuffle(bits) => bits.decode(encoded, into),
            Step::Blosc(codec) => blosc::decode(&**codec, encoded, into),
            Step::Checksum(checksum) => put(checksum.check(encoded)?, into),
            Step::Shuffle(size) => filters::unshuffle(*size, encoded, into),
            Step::Fletcher32 => filters::check_fletcher32(encoded, into),
            Step::Lzf => filters::decode_lzf(encoded, into),
            Step::Lzw => image::decode_lzw(encoded, into),
            Step::Packbits => image::decode_packbits(encoded, into),
            Step::Differences(rows) => {
                let len = put(encoded, into)?;
                image::add_up(*rows, &mut into[..len]);
                Ok(len)
            }
            Step::FloatDifferences(rows) => {
                let len = put(encoded, into)?;
                image::join_floats(*rows, &mut into[..len]);
                Ok(len)
            }
            Step::Recount(recount) => recount.decode(encoded, into),
            Step::Bits => numbers::unpack_bits(encoded, into),
            Step::RowsOfBits(row) => image::unpack_rows(*row, encoded, into),
            Step::Foreign(_, undo) => put(&undo(encoded, into.len())?, into),
        }
    }
}

/// Copies decoded bytes to the start of `into`.
pub fn put(decoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let room = into.len();
    let start = into.get_mut(..decoded.len());
    let start = start.ok_or_else(|| format!("it decodes to more than {room} bytes"))?;
    start.copy_from_slice(decoded);
    Ok(decoded.len())
}
