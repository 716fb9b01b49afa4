//! How are the chunks of an array packed that exists?
//!
//! As far as we write so: what another program packed in another way is read, and not written.

use super::blosc;
use super::encode::Encoder;
use super::metadata::Metadata;
use crate::sink::{Codecs, Compression};
use serde::Deserialize;
use tilewright_core::Shape;
use zarrs::metadata::v3::MetadataV3;

/// What a codec is told, of what matters here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    endian: Option<String>,
    level: i32,
    chunk_shape: Vec<i64>,
    codecs: Vec<MetadataV3>,
    index_codecs: Vec<MetadataV3>,
    index_location: Option<String>,
}

impl Told {
    fn of(codec: &MetadataV3) -> Option<Told> {
        match codec.configuration() {
            Some(configuration) => configuration.to_typed().ok(),
            None => Some(Told::default()),
        }
    }
}

/// What packs chunks as those of this array are; `None` if nothing does.
pub fn encoder(metadata: &Metadata) -> Option<Encoder> {
    let (codecs, inner) = match &metadata.codecs[..] {
        [only] if only.name() == "sharding_indexed" => {
            let told = Told::of(only)?;
            let (plain, _) = chain(&told.index_codecs)?;
            let at_end = told.index_location.as_deref().is_none_or(|at| at == "end");
            if plain != Compression::None || told.index_codecs.len() != 2 || !at_end {
                return None;
            }
            (chain(&told.codecs)?, Some(Shape::from(told.chunk_shape)))
        }
        plain => (chain(plain)?, None),
    };
    let (compression, checksum) = codecs;
    Some(Encoder {
        whole: metadata.chunks.clone(),
        fill: metadata.fill.bits().to_le_bytes()[..metadata.dtype.itemsize()].to_vec(),
        codecs: Codecs {
            compression,
            checksum,
            shards: inner.is_some().then(|| metadata.chunks.clone()),
            zarr_version: 3,
        },
        inner,
    })
}

/// Little-endian bytes, compressed or not, sealed or not.
fn chain(codecs: &[MetadataV3]) -> Option<(Compression, bool)> {
    let (bytes, rest) = codecs.split_first()?;
    let little = Told::of(bytes)?
        .endian
        .is_none_or(|endian| endian == "little");
    if bytes.name() != "bytes" || !little {
        return None;
    }
    let compression = |codec: &MetadataV3| {
        if codec.name() == "blosc" {
            let configuration = codec.configuration()?.clone();
            let how = blosc::told(serde_json::to_value(configuration).ok()?)?;
            return Some(Compression::Blosc(how));
        }
        let level = Told::of(codec)?.level;
        match codec.name() {
            "zstd" => Some(Compression::Zstd(level)),
            "gzip" => Some(Compression::Gzip(level.unsigned_abs().min(9))),
            _ => None,
        }
    };
    let sealed = |codec: &MetadataV3| codec.name() == "crc32c";
    match rest {
        [] => Some((Compression::None, false)),
        [only] if sealed(only) => Some((Compression::None, true)),
        [only] => Some((compression(only)?, false)),
        [first, last] if sealed(last) => Some((compression(first)?, true)),
        _ => None,
    }
}
