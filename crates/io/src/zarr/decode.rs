//! How is one step undone without trusting the bytes?
//!
//! Every decoder writes into a buffer whose length is what the metadata say, and stops there. A
//! buffer is taken only if the format can at all hold that much in the bytes that are there.

use super::guarded;
use crate::file;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use zarrs::array::BytesRepresentation;
use zarrs::array::codec::api::{BytesToBytesCodecTraits, CodecOptions};
use zarrs::array::codec::{BloscCodec, Crc32cCodec, GzipCodec, ZlibCodec, ZstdCodec};

/// A step from bytes to bytes.
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
    fn fits(self, bytes: usize) -> bool {
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

    /// The name, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Zstd => "zstd",
            Step::Gzip => "gzip",
            Step::Zlib => "zlib",
            Step::Blosc(_) => "blosc",
            Step::Crc32c(_) => "crc32c",
        }
    }

    /// How many bytes this step makes of `decoded` bytes.
    ///
    /// What a compressor adds to bytes that do not compress: zstd 1/256 (`ZSTD_compressBound`),
    /// deflate 1/8 + 1/64 (`deflateBound`), blosc its header; and 4 KiB for frames.
    pub fn encoded(&self, decoded: Length) -> Length {
        let n = decoded.most();
        let added = match self {
            Step::Crc32c(_) => CHECKSUM,
            Step::Zstd => n / 64 + 4096,
            Step::Gzip | Step::Zlib => n / 8 + n / 64 + 4096,
            Step::Blosc(_) => 4096,
        };
        match (self, decoded) {
            (Step::Crc32c(_), Length::Exactly(_)) => Length::Exactly(n.saturating_add(added)),
            _ => Length::AtMost(n.saturating_add(added)),
        }
    }

    /// The most bytes that this step's format can make of one byte.
    ///
    /// zstd: a run of 128 KiB in a block of 4 bytes (RFC 8878, 3.1.1.2). Deflate: 258 bytes in 2
    /// bits (RFC 1951, 3.2.5). Blosc may hold zstd.
    fn ratio(&self) -> usize {
        match self {
            Step::Zstd | Step::Blosc(_) => 32768,
            Step::Gzip | Step::Zlib => 1032,
            Step::Crc32c(_) => 1,
        }
    }

    /// Bytes that undoing this step allocates beside its output.
    fn working(&self, decoded: Length) -> usize {
        match self {
            Step::Zstd => 256 << 10,
            Step::Gzip | Step::Zlib => 64 << 10,
            // The library returns a buffer of its own; blosc has three of a block's size.
            Step::Blosc(_) => {
                let blocks = 3 * decoded.most().min(LARGEST_BLOCK) + BLOSC_SLACK;
                decoded.most().saturating_add(blocks)
            }
            Step::Crc32c(_) => decoded.most(),
        }
    }

    /// Undoes the step: fills the start of `into`, and returns how many bytes that were.
    fn decode(&self, encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
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
    let decoded = guarded(|| {
        codec
            .decode(Cow::Borrowed(encoded), &representation, &options)
            .map_err(|error| error.to_string())
    })?;
    let room = into.len();
    let start = into.get_mut(..decoded.len());
    let start = start.ok_or_else(|| format!("it decodes to more than {room} bytes"))?;
    start.copy_from_slice(&decoded);
    Ok(decoded.len())
}

/// How many bytes each step's input has, the decoded chunk's first: one more than steps.
pub fn lengths(steps: &[Step], decoded: usize) -> Vec<Length> {
    let mut lengths = vec![Length::Exactly(decoded)];
    for step in steps {
        let last = lengths.last().copied().unwrap_or(Length::Exactly(decoded));
        lengths.push(step.encoded(last));
    }
    lengths
}

/// Upper bound of the bytes that [`undo`] allocates for a chunk of `decoded` bytes.
pub fn working_bytes(steps: &[Step], decoded: usize) -> usize {
    let lengths = lengths(steps, decoded);
    let between = lengths.iter().skip(1).rev().skip(1);
    let between = between.fold(0, |sum: usize, length| sum.saturating_add(length.most()));
    let most = steps
        .iter()
        .zip(&lengths)
        .map(|(step, &length)| step.working(length))
        .max();
    between.saturating_add(most.unwrap_or(0))
}

/// Undoes all steps: fills `into`, or says what is wrong. Ask [`check_claim`] first.
///
/// # Errors
/// A sentence: which step failed and why.
pub fn undo(steps: &[Step], encoded: &[u8], into: &mut [u8]) -> Result<(), String> {
    let lengths = lengths(steps, into.len());
    let mut current = Cow::Borrowed(encoded);
    for (k, step) in steps.iter().enumerate().rev() {
        let tell = |error: String| format!("{} cannot be undone: {error}", step.name());
        if k == 0 {
            let len = step.decode(&current, into).map_err(tell)?;
            if len != into.len() {
                return Err(format!("it decodes to {len} bytes, not {}", into.len()));
            }
            return Ok(());
        }
        let most = lengths[k].most().min(limit(step, current.len()));
        let mut room = file::buffer("", most).map_err(|error| error.message().to_owned())?;
        let len = step.decode(&current, &mut room).map_err(tell)?;
        if !lengths[k].fits(len) {
            return Err(tell(format!("it gives {len} bytes")));
        }
        room.truncate(len);
        current = Cow::Owned(room);
    }
    if current.len() != into.len() {
        return Err(format!(
            "it has {} bytes, not {}",
            current.len(),
            into.len()
        ));
    }
    into.copy_from_slice(&current);
    Ok(())
}

/// The most that a step can make of so many bytes.
fn limit(step: &Step, encoded: usize) -> usize {
    encoded.saturating_add(4).saturating_mul(step.ratio())
}

/// Whether `encoded` bytes can at all hold `decoded` bytes; to be asked before taking memory.
///
/// # Errors
/// A sentence, if not.
pub fn check_claim(steps: &[Step], encoded: usize, decoded: usize) -> Result<(), String> {
    let most = steps
        .iter()
        .rev()
        .fold(encoded, |len, step| limit(step, len));
    let least = if steps.iter().all(|step| matches!(step, Step::Crc32c(_))) {
        // Nothing is compressed: the length is known to the byte.
        let exact = lengths(steps, decoded)
            .last()
            .map_or(decoded, |length| length.most());
        encoded == exact
    } else {
        decoded <= most
    };
    if least {
        return Ok(());
    }
    Err(format!(
        "{encoded} stored bytes cannot hold a chunk of {decoded} bytes"
    ))
}
