//! What does a metadata document say?
//!
//! Version 2 is read as the version 3 that means the same. Everything is checked here, before a
//! chunk is touched: the number of axes, lengths, products, names. Absent: files.

use super::attributes::Text;
use super::codecs::Chain;
use super::node::Document;
use super::{missing, numcodecs, small};
use crate::Attributes;
use crate::codec::LARGEST_CHUNK;
use crate::fault::{self, guarded};
use crate::source::MOST_AXES;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;
use tilewright_core::{DType, Error, Result, Scalar, Shape, element_count};
use zarrs::array::{ChunkKeyEncoding, DataType};
use zarrs::metadata::v2::{ArrayMetadataV2, ArrayMetadataV2Order, DataTypeMetadataV2};
use zarrs::metadata::v3::{ArrayMetadataV3, MetadataV3};

/// What a document says.
pub struct Metadata {
    /// Lengths of the axes.
    pub shape: Shape,
    /// Chunk lengths; of shards, where there are any.
    pub chunks: Shape,
    /// Element type.
    pub dtype: DType,
    /// What a missing chunk holds.
    pub fill: Scalar,
    /// Whether the document says so.
    pub fill_is_told: bool,
    /// How a chunk (or a shard's inner chunk) is encoded.
    pub chain: Chain,
    /// The same as the document has it.
    pub codecs: Vec<MetadataV3>,
    /// How a chunk's place is spelled.
    pub keys: ChunkKeyEncoding,
    /// What the user stored beside the array (version 2 keeps it in another file).
    pub attributes: Attributes,
    /// Names of the axes.
    pub dimension_names: Option<Vec<Option<String>>>,
}

#[derive(Deserialize)]
struct RegularGrid {
    chunk_shape: Vec<u64>,
}

/// What version 2 says of the dtype.
#[derive(Deserialize)]
struct Named {
    dtype: Value,
}

/// Reads a document.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is not that of an array that can be read.
pub fn read(document: &Document) -> Result<Metadata> {
    let refuse = |message: String| document.input.fault(message);
    if !small::is_small(&document.text) {
        let message = format!("the metadata are too long for an array of at most {MOST_AXES} axes");
        return Err(refuse(message).way_out(REWRITE));
    }
    let broken = |error| damaged(refuse(format!("the metadata is damaged: {error}")));
    let (text, attributes) = split(&document.text).map_err(broken)?;
    let mut fill_is_told = true;
    let v3 = if document.version == 3 {
        serde_json::from_slice(&text).map_err(broken)?
    } else {
        // Asked first, since the library takes only some spellings of structured dtypes.
        let named: Option<Named> = serde_json::from_slice(&text).ok();
        if named.is_some_and(|named| named.dtype.is_array()) {
            return Err(
                refuse("the dtype is structured, which is not supported".into())
                    .way_out("store each field as an array of its own"),
            );
        }
        let v2: ArrayMetadataV2 = serde_json::from_slice(&text).map_err(broken)?;
        fill_is_told = !v2.fill_value.is_null();
        from_version_2(v2).map_err(|(message, way_out)| refuse(message).way_out(way_out))?
    };
    let metadata = interpret(v3).map_err(|(message, way_out)| refuse(message).way_out(way_out))?;
    Ok(Metadata {
        attributes: missing::read_3(attributes, metadata.dtype),
        fill_is_told,
        ..metadata
    })
}

/// What may be of any size in a document.
#[derive(Deserialize)]
struct Long<'a> {
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    consolidated_metadata: Option<&'a RawValue>,
}

/// A document without what may be of any size, and the attributes.
fn split(text: &[u8]) -> serde_json::Result<(Vec<u8>, Attributes)> {
    let long: Long<'_> = serde_json::from_slice(text)?;
    let mut left = Vec::new();
    let mut parts: Vec<&str> = [long.attributes, long.consolidated_metadata]
        .into_iter()
        .flatten()
        .map(RawValue::get)
        .collect();
    parts.sort_by_key(|part| part.as_ptr());
    let mut rest = text;
    for part in parts {
        let from = part.as_ptr().addr() - rest.as_ptr().addr();
        left.extend(&rest[..from]);
        left.extend(b"{}");
        rest = &rest[from + part.len()..];
    }
    left.extend(rest);
    let attributes = match long.attributes {
        None => Attributes::default(),
        Some(kept) => Attributes::kept(Arc::new(Text::new(kept.get().as_bytes().into())?)),
    };
    Ok((left, attributes))
}

fn damaged(error: Error) -> Error {
    error.way_out("write the array again")
}

/// A sentence and a way out.
type Refusal = (String, &'static str);

/// What to do about a document that contradicts itself.
const REWRITE: &str = "write the array again";

/// The version 3 document that means the same.
fn from_version_2(mut v2: ArrayMetadataV2) -> Result<ArrayMetadataV3, Refusal> {
    check_axes(v2.shape.len(), v2.chunks.len())?;
    match &v2.dtype {
        DataTypeMetadataV2::Simple(name) if version_2_dtype(name).is_none() => {
            let message = format!("the dtype {} is not supported", fault::quote(name));
            return Err((message, fault::DTYPES));
        }
        _ => {}
    }
    // With no or one axis, both orders are one; the library has no permutation of no axes.
    if v2.shape.len() < 2 {
        v2.order = ArrayMetadataV2Order::C;
    }
    // Filters make bytes of bytes there, whatever they count with, and stand before the compressor.
    let filters = v2.filters.take().unwrap_or_default();
    let packed = v2.compressor.take_if(|codec| !is_common(codec.id()));
    let v3 = guarded("zarr", || {
        zarrs::convert::array_metadata_v2_to_v3(&v2).map_err(|error| error.to_string())
    });
    let mut v3 = v3.map_err(|error| {
        // The library goes on with the codec's settings, as it keeps them.
        let what = error
            .split(" with configuration ")
            .next()
            .unwrap_or_default();
        let message = format!("the metadata is not supported: {what}");
        (message, WITH_OUR_CODECS)
    })?;
    let behind = v3.codecs.len() - usize::from(v2.compressor.is_some());
    let filters = filters.iter().chain(&packed).map(numcodecs::renamed);
    v3.codecs.splice(behind..behind, filters);
    Ok(v3)
}

/// Whether version 3 has a codec of this id, too.
fn is_common(id: &str) -> bool {
    matches!(id, "blosc" | "gzip" | "zlib" | "zstd")
}

/// What to do about a codec that is not supported.
pub const WITH_OUR_CODECS: &str = "write the array again with zstd, gzip, blosc or no compressor";

/// Whether version 2 spells one of our dtypes so.
fn version_2_dtype(name: &str) -> Option<DType> {
    let (order, rest) = (name.get(..1)?, name.get(1..)?);
    let dtype = DType::parse(rest).filter(|_| rest.len() == 2)?;
    let itemsize: usize = rest[1..].parse().ok()?;
    let fits = dtype.itemsize() == itemsize && (order != "|" || itemsize == 1);
    (matches!(order, "<" | ">" | "|") && fits).then_some(dtype)
}

/// The number of axes is one we read, and the chunks have as many.
fn check_axes(axes: usize, chunk_axes: usize) -> Result<(), Refusal> {
    if axes > MOST_AXES {
        return Err((
            format!("the array has {axes} axes, more than {MOST_AXES}"),
            REWRITE,
        ));
    }
    if axes != chunk_axes {
        let message = format!("the array has {axes} axes and its chunks have {chunk_axes}");
        return Err((message, REWRITE));
    }
    Ok(())
}

/// The meaning of a version 3 document.
fn interpret(v3: ArrayMetadataV3) -> Result<Metadata, Refusal> {
    let name = v3.data_type.name();
    let dtype = DType::ALL
        .into_iter()
        .find(|dtype| dtype.name() == name)
        .ok_or_else(|| {
            (
                format!("the dtype {} is not supported", fault::quote(name)),
                fault::DTYPES,
            )
        })?;
    if let Some((name, _)) = v3
        .additional_fields
        .iter()
        .find(|(_, field)| field.must_understand())
    {
        let message = format!("the metadata has the unknown field {}", fault::quote(name));
        return Err((message, REWRITE));
    }
    if !v3.storage_transformers.is_empty() {
        return Err(("storage transformers are not supported".into(), REWRITE));
    }
    let chunks = chunk_shape(&v3.chunk_grid)?;
    check_axes(v3.shape.len(), chunks.len())?;
    if v3
        .dimension_names
        .as_ref()
        .is_some_and(|names| names.len() != v3.shape.len())
    {
        return Err((
            "there are not as many dimension names as axes".into(),
            REWRITE,
        ));
    }
    let shape = lengths(&v3.shape)?;
    let chunks = lengths(&chunks)?;
    let bytes = |shape: &[i64]| {
        element_count(shape).and_then(|count| count.checked_mul(dtype.itemsize() as i64))
    };
    if bytes(&shape).is_none() {
        return Err((
            format!("an array of shape {shape:?} is too large to count"),
            REWRITE,
        ));
    }
    if chunks.contains(&0) {
        return Err((
            format!("a chunk of shape {chunks:?} holds nothing"),
            REWRITE,
        ));
    }
    let fill = guarded("zarr", || {
        let data_type = DataType::from_metadata(&v3.data_type).map_err(|e| e.to_string())?;
        data_type
            .fill_value_v3(&v3.fill_value)
            .map_err(|e| e.to_string())
    });
    let fill = fill
        .ok()
        .filter(|fill| fill.as_ne_bytes().len() == dtype.itemsize());
    let Some(fill) = fill else {
        let text = serde_json::to_string(&v3.fill_value).unwrap_or_default();
        let message = format!("the fill value {} is none of {dtype}", fault::quote(&text));
        return Err((message, REWRITE));
    };
    let chain = Chain::from_metadata(&v3.codecs, chunks.len(), dtype)?;
    let (inner, kind) = match chain.shard() {
        Some(shard) => (&shard.chunks, "an inner chunk"),
        None => (&chunks, "a chunk"),
    };
    if bytes(inner).is_none_or(|bytes| bytes > LARGEST_CHUNK) {
        let message = format!("{kind} of shape {inner:?} has more than {LARGEST_CHUNK} bytes");
        return Err((message, "store the array in smaller chunks"));
    }
    if let Some(shard) = chain.shard()
        && shard.counts(&chunks).is_none()
    {
        let message = format!(
            "inner chunks of {:?} do not divide shards of {chunks:?}",
            inner
        );
        return Err((message, REWRITE));
    }
    Ok(Metadata {
        keys: key_encoding(&v3.chunk_key_encoding)?,
        fill: Scalar::from_bytes(dtype, fill.as_ne_bytes()),
        fill_is_told: true,
        shape,
        chunks,
        dtype,
        chain,
        codecs: v3.codecs,
        attributes: Attributes::default(),
        dimension_names: v3.dimension_names,
    })
}

/// Lengths as we count them.
fn lengths(lengths: &[u64]) -> Result<Shape, Refusal> {
    let count = |&len: &u64| i64::try_from(len);
    lengths
        .iter()
        .map(count)
        .collect::<Result<_, _>>()
        .map_err(|_| {
            (
                format!("lengths of {lengths:?} are too large to count"),
                REWRITE,
            )
        })
}

/// The chunk lengths of a regular grid.
fn chunk_shape(grid: &MetadataV3) -> Result<Vec<u64>, Refusal> {
    if grid.name() != "regular" {
        let message = format!(
            "the chunk grid {} is not supported",
            fault::quote(grid.name())
        );
        return Err((message, "write the array again with a regular grid"));
    }
    let shape = grid
        .configuration()
        .map(|configuration| configuration.to_typed::<RegularGrid>());
    match shape {
        Some(Ok(grid)) => Ok(grid.chunk_shape),
        Some(Err(error)) => Err((format!("the chunk grid is damaged: {error}"), REWRITE)),
        None => Err(("the chunk grid has no chunk shape".into(), REWRITE)),
    }
}

/// How a chunk's place is spelled. Only the two encodings of the specification: others may take
/// any text into a path.
fn key_encoding(metadata: &MetadataV3) -> Result<ChunkKeyEncoding, Refusal> {
    if !matches!(metadata.name(), "default" | "v2") {
        let name = fault::quote(metadata.name());
        return Err((
            format!("the chunk key encoding {name} is not supported"),
            REWRITE,
        ));
    }
    guarded("zarr", || {
        ChunkKeyEncoding::from_metadata(metadata).map_err(|error| error.to_string())
    })
    .map_err(|error| {
        (
            format!("the chunk key encoding is damaged: {error}"),
            REWRITE,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_2_spells_dtypes_with_an_order() {
        assert_eq!(version_2_dtype("<f8"), Some(DType::F64));
        assert_eq!(version_2_dtype(">i2"), Some(DType::I16));
        assert_eq!(version_2_dtype("|b1"), Some(DType::Bool));
        assert_eq!(version_2_dtype("|u1"), Some(DType::U8));
        assert_eq!(version_2_dtype("<f2"), Some(DType::F16));
        for name in [
            "", "f8", "|i2", "|O", "<f3", "<U4", "<c8", "<M8[ns]", "é", "<é", "<i9",
        ] {
            assert_eq!(version_2_dtype(name), None, "{name}");
        }
    }
}
