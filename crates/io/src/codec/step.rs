//! How is one step undone without trusting the bytes?
//!
//! Every decoder writes into a buffer whose length is what the metadata say, and stops there.

use super::filters;
use super::image::{self, Rows};
use crate::fault::guarded;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use zarrs::array::BytesRepresentation;
use zarrs::array::codec::api::{BytesToBytesCodecTraits, CodecOptions};
use zarrs::array::codec::{
    BloscCodec, BloscCompressionLevel, BloscCompressor, BloscShuffleMode, Crc32cCodec, GzipCodec,
    ZlibCodec, ZstdCodec,
};

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
    /// Blosc, version 1.
    Blosc(Arc<dyn BytesToBytesCodecTraits>),
    /// A checksum, before or after the bytes.
    Crc32c(Arc<dyn BytesToBytesCodecTraits>),
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

/// Bytes of a crc32c.
const CHECKSUM: usize = 4;

/// Bytes of a blosc header.
const BLOSC_HEADER: usize = 16;

/// Largest block of a blosc chunk. Blosc's own choice is at most a few MiB; the header may say
/// anything, and the memory must be known before.
const LARGEST_BLOCK: usize = 16 << 20;

/// What blosc and the compressors within it take beside their blocks.
const BLOSC_SLACK: usize = 512 << 10;

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
            Step::Crc32c(codec)
        } else {
            return None;
        })
    }

    /// The step of a blosc chunk, which says itself how it is packed.
    ///
    /// # Errors
    /// If the library has none.
    pub fn blosc() -> Result<Step, String> {
        let level = BloscCompressionLevel::try_from(1).map_err(|error| error.to_string())?;
        let shuffle = BloscShuffleMode::NoShuffle;
        let codec = BloscCodec::new(BloscCompressor::LZ4, level, None, shuffle, None);
        Ok(Step::Blosc(Arc::new(
            codec.map_err(|error| error.to_string())?,
        )))
    }

    /// The name, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Zstd => "zstd",
            Step::Gzip => "gzip",
            Step::Zlib => "zlib",
            Step::Blosc(_) => "blosc",
            Step::Crc32c(_) => "crc32c",
            Step::Shuffle(_) => "shuffle",
            Step::Fletcher32 => "fletcher32",
            Step::Lzf => "lzf",
            Step::Lzw => "lzw",
            Step::Packbits => "packbits",
            Step::Differences(_) => "differences",
            Step::FloatDifferences(_) => "float differences",
            Step::Foreign(name, _) => name,
        }
    }

    /// Whether the length of what it makes is known to the byte.
    pub fn is_exact(&self) -> bool {
        matches!(
            self,
            Step::Crc32c(_)
                | Step::Shuffle(_)
                | Step::Fletcher32
                | Step::Differences(_)
                | Step::FloatDifferences(_)
        )
    }

    /// How many bytes this step makes of `decoded` bytes.
    ///
    /// What a compressor adds to bytes that do not compress: zstd 1/256 (`ZSTD_compressBound`),
    /// deflate 1/8 + 1/64 (`deflateBound`), lzf 1/32 (a control byte for 32 literals), blosc its
    /// header; and 4 KiB for frames.
    pub fn encoded(&self, decoded: Length) -> Length {
        let n = decoded.most();
        let added = match self {
            Step::Crc32c(_) | Step::Fletcher32 => CHECKSUM,
            Step::Shuffle(_) | Step::Differences(_) | Step::FloatDifferences(_) => 0,
            // A code of up to 12 bits for a byte.
            Step::Lzw => n / 2 + 4096,
            Step::Packbits => n / 64 + 4096,
            Step::Lzf => n / 32 + 4096,
            Step::Foreign(..) => n / 8 + 4096,
            Step::Zstd => n / 64 + 4096,
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
    /// bits (RFC 1951, 3.2.5). Blosc may hold zstd. Lzf: 264 bytes in 3. Lzw: a string of the table in
    /// 9 bits. Packbits: 128 in 2. HDF5's own filters can
    /// say of a whole chunk that it is constant.
    pub fn ratio(&self) -> usize {
        match self {
            Step::Zstd | Step::Blosc(_) => 32768,
            Step::Gzip | Step::Zlib => 1032,
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
            // The library returns a buffer of its own; blosc has three of a block's size.
            Step::Blosc(_) => {
                let blocks = 3 * decoded.most().min(LARGEST_BLOCK) + BLOSC_SLACK;
                decoded.most().saturating_add(blocks)
            }
            Step::Crc32c(_) | Step::Foreign(..) => decoded.most(),
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
            Step::Gzip => {
                let mut reader = flate2::bufread::MultiGzDecoder::new(encoded);
                let decoded = fill(&mut reader, into)?;
                Ok(decoded)
            }
            Step::Zlib => {
                let mut reader = flate2::bufread::ZlibDecoder::new(encoded);
                let decoded = fill(&mut reader, into)?;
                let mut rest = reader.into_inner();
                match rest.fill_buf() {
                    Ok([]) => Ok(decoded),
                    _ => Err("bytes follow the end of the stream".into()),
                }
            }
            Step::Blosc(codec) => {
                check_blosc(encoded, into.len())?;
                through_library(&**codec, encoded, into)
            }
            Step::Crc32c(codec) => through_library(&**codec, encoded, into),
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
            Step::Foreign(_, undo) => put(&undo(encoded, into.len())?, into),
        }
    }
}

/// Reads a stream to its end, which must come within `into`.
fn fill(reader: &mut impl Read, into: &mut [u8]) -> Result<usize, String> {
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

/// Whether blosc's header agrees with the bytes that are there and the room.
fn check_blosc(encoded: &[u8], room: usize) -> Result<(), String> {
    let word = |at: usize| {
        let bytes = encoded
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| u32::from_le_bytes(bytes) as usize)
    };
    let (Some(decoded), Some(block), Some(len)) = (word(4), word(8), word(12)) else {
        return Err(format!("{} bytes are no blosc header", encoded.len()));
    };
    if len != encoded.len() || len < BLOSC_HEADER {
        let have = encoded.len();
        return Err(format!(
            "the header says {len} encoded bytes, there are {have}"
        ));
    }
    if block > LARGEST_BLOCK {
        return Err(format!(
            "its blocks of {block} bytes are larger than {LARGEST_BLOCK}"
        ));
    }
    if decoded > room {
        return Err(format!("the header says {decoded} bytes, more than {room}"));
    }
    Ok(())
}

/// Undoes a step by the library, on this thread.
fn through_library(
    codec: &dyn BytesToBytesCodecTraits,
    encoded: &[u8],
    into: &mut [u8],
) -> Result<usize, String> {
    let options = CodecOptions::default()
        .with_validate_checksums(true)
        .with_concurrent_target(1);
    let representation = BytesRepresentation::BoundedSize(into.len() as u64);
    let decoded = guarded("zarr", || {
        codec
            .decode(Cow::Borrowed(encoded), &representation, &options)
            .map_err(|error| error.to_string())
    })?;
    put(&decoded, into)
}

/// Copies decoded bytes to the start of `into`.
pub fn put(decoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let room = into.len();
    let start = into.get_mut(..decoded.len());
    let start = start.ok_or_else(|| format!("it decodes to more than {room} bytes"))?;
    start.copy_from_slice(decoded);
    Ok(decoded.len())
}
