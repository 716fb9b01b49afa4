//! How does blosc pack a chunk?
//!
//! It shuffles the elements' bytes or bits and packs them with another library, in blocks of its own
//! choice. Absent: unpacking, which is `codec`'s.
//!
//! **Source** the Zarr codec specification `blosc`, version 1; the Zarr storage specification version 2.

use crate::sink::{Blosc, BloscCompressor, BloscShuffle};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io;
use zarrs::array::codec::api::{BytesToBytesCodecTraits, CodecOptions};
use zarrs::array::codec::{
    BloscCodec, BloscCompressionLevel, BloscCompressor as Compressor, BloscShuffleMode,
};

/// Largest block that it chooses: at its highest level, or as long for each byte of an element.
const BLOCK: usize = 2 << 20;

/// Memory of the libraries within it at the highest level, beside their blocks.
const WITHIN: usize = 32 << 20;

/// What a document of version 3 says.
#[derive(Deserialize)]
struct Told {
    cname: BloscCompressor,
    clevel: u8,
    shuffle: BloscShuffle,
}

/// How chunks are packed by what the configuration of version 3 says; `None` if it says something else.
pub fn told(configuration: Value) -> Option<Blosc> {
    let Told {
        cname,
        clevel,
        shuffle,
    } = serde_json::from_value(configuration).ok()?;
    Some(Blosc {
        compressor: cname,
        level: clevel,
        shuffle,
    })
}

/// What a document of version 3 says of it.
pub fn version_3(blosc: Blosc, itemsize: usize) -> Value {
    json!({
        "name": "blosc",
        "configuration": {
            "cname": blosc.compressor,
            "clevel": blosc.level,
            "shuffle": blosc.shuffle,
            "typesize": itemsize,
            "blocksize": 0,
        },
    })
}

/// What a document of version 2 says of it.
pub fn version_2(blosc: Blosc) -> Value {
    json!({
        "id": "blosc",
        "cname": blosc.compressor,
        "clevel": blosc.level,
        "shuffle": blosc.shuffle as u8,
        "blocksize": 0,
    })
}

/// Upper bound of the bytes that packing so many allocates beside its result.
pub fn working_bytes(blosc: Blosc, bytes: usize) -> usize {
    let within = if blosc.level > 5 { WITHIN } else { WITHIN / 8 };
    3 * bytes.min(BLOCK) + within
}

/// A chunk's bytes, packed.
///
/// # Errors
/// What the library says.
pub fn pack(blosc: Blosc, itemsize: usize, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let level = BloscCompressionLevel::try_from(blosc.level);
    let level = level.map_err(|level| io::Error::other(format!("blosc has no level {level}")))?;
    let compressor = match blosc.compressor {
        BloscCompressor::Blosclz => Compressor::BloscLZ,
        BloscCompressor::Lz4 => Compressor::LZ4,
        BloscCompressor::Lz4hc => Compressor::LZ4HC,
        BloscCompressor::Snappy => Compressor::Snappy,
        BloscCompressor::Zlib => Compressor::Zlib,
        BloscCompressor::Zstd => Compressor::Zstd,
    };
    let shuffle = match blosc.shuffle {
        BloscShuffle::NoShuffle => BloscShuffleMode::NoShuffle,
        BloscShuffle::Shuffle => BloscShuffleMode::Shuffle,
        BloscShuffle::BitShuffle => BloscShuffleMode::BitShuffle,
    };
    let codec = BloscCodec::new(compressor, level, None, shuffle, Some(itemsize));
    let codec = codec.map_err(|error| io::Error::other(error.to_string()))?;
    let options = CodecOptions::default().with_concurrent_target(1);
    let packed = codec.encode(Cow::Borrowed(bytes), &options);
    let packed = packed.map_err(|error| io::Error::other(error.to_string()))?;
    Ok(packed.into_owned())
}
