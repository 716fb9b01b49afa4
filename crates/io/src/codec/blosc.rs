//! How is a chunk of blosc undone?
//!
//! By the library, once the header agrees with what is there. Absent: version 2.

use super::step::put;
use crate::fault::guarded;
use std::borrow::Cow;
use std::sync::Arc;
use zarrs::array::BytesRepresentation;
use zarrs::array::codec::api::{BytesToBytesCodecTraits, CodecOptions};
use zarrs::array::codec::{BloscCodec, BloscCompressionLevel, BloscCompressor, BloscShuffleMode};

/// The library's codec.
pub type Codec = Arc<dyn BytesToBytesCodecTraits>;

/// Bytes of a blosc header.
const BLOSC_HEADER: usize = 16;

/// Largest block of a blosc chunk. Blosc's own choice is at most a few MiB; the header may say
/// anything, and the memory must be known before.
const LARGEST_BLOCK: usize = 16 << 20;

/// What blosc and the compressors within it take beside their blocks.
const BLOSC_SLACK: usize = 512 << 10;

/// The codec of a chunk that says itself how it is packed.
///
/// # Errors
/// If the library has none.
pub fn codec() -> Result<Codec, String> {
    let level = BloscCompressionLevel::try_from(1).map_err(|error| error.to_string())?;
    let shuffle = BloscShuffleMode::NoShuffle;
    let codec = BloscCodec::new(BloscCompressor::LZ4, level, None, shuffle, None);
    Ok(Arc::new(codec.map_err(|error| error.to_string())?))
}

/// Bytes that undoing a chunk allocates beside its output: a buffer of the library's own, and three of
/// a block's size.
pub fn working(decoded: usize) -> usize {
    let blocks = 3 * decoded.min(LARGEST_BLOCK) + BLOSC_SLACK;
    decoded.saturating_add(blocks)
}

/// Undoes a chunk, on this thread.
pub fn decode(
    codec: &dyn BytesToBytesCodecTraits,
    encoded: &[u8],
    into: &mut [u8],
) -> Result<usize, String> {
    check(encoded, into.len())?;
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

/// Whether blosc's header agrees with the bytes that are there and the room.
fn check(encoded: &[u8], room: usize) -> Result<(), String> {
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
