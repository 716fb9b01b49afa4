//! How is a chunk of a zarr array read?
//!
//! One file (or a part of one, in a shard) is read, its steps are undone into the destination, or
//! into a buffer of the whole chunk where the chunk hangs over the array's edge or is transposed.
//! Absent: a cache of decoded chunks.

use super::metadata::Metadata;
use super::shard::Place;
use super::{decode, metadata, node};
use crate::file::{self, Input};
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, runs};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{DType, Error, Grid, Result, Shape, element_count};

/// Most directory entries visited to sum up the stored bytes.
const MOST_ENTRIES: usize = 1000;

struct ZarrSource {
    info: SourceInfo,
    metadata: Metadata,
    directory: PathBuf,
    /// Where the metadata document is, and its size and mtime.
    document: (PathBuf, String),
    /// Lengths of a chunk that is decoded, before clipping.
    chunk: Shape,
    /// Inner chunks along each axis of a shard; all 1 without shards.
    counts: Shape,
    /// Byte strides of a decoded chunk, along the array's axes.
    strides: Vec<usize>,
    /// Bytes of a decoded chunk, before clipping.
    bytes: usize,
    /// The most bytes that an encoded chunk can have.
    most: usize,
}

/// Opens the array in a directory.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none, or none that can be read.
pub fn open(uri: &str, directory: &Path) -> Result<Arc<dyn Source>> {
    let document = node::find(uri, directory)?;
    let mut metadata = metadata::read(&document)?;
    let format = if document.version == 3 {
        "zarr v3"
    } else {
        "zarr v2"
    };
    if document.version == 2 {
        metadata.attributes = version_2_attributes(uri, directory)?;
    }
    let (dtype, chain) = (metadata.dtype, &metadata.chain);
    let (chunk, counts) = match chain.shard() {
        Some(shard) => (
            shard.chunks.clone(),
            shard
                .counts(&metadata.chunks)
                .unwrap_or_else(|| metadata.chunks.clone()),
        ),
        None => (
            metadata.chunks.clone(),
            Shape::from_elem(1, metadata.chunks.len()),
        ),
    };
    let bytes = element_count(&chunk).unwrap_or(0) as usize * dtype.itemsize();
    let stored: Shape = chain.order.iter().map(|&axis| chunk[axis]).collect();
    let mut strides = vec![0; chunk.len()];
    for (&axis, stride) in chain
        .order
        .iter()
        .zip(runs::strides(&stored, dtype.itemsize(), false))
    {
        strides[axis] = stride;
    }
    let most = decode::lengths(&chain.steps, bytes)
        .last()
        .map_or(0, |length| length.most());
    let clipped = metadata
        .shape
        .iter()
        .zip(&chunk)
        .any(|(len, chunk)| len % chunk != 0);
    let direct = !clipped && chain.is_c_order();
    let plain = chain.steps.is_empty();
    let parts = [
        if direct && plain { 0 } else { most },
        if direct || plain { 0 } else { bytes },
        decode::working_bytes(&chain.steps, bytes),
        chain
            .shard()
            .map_or(0, |shard| shard.working_bytes(&counts)),
    ];
    let decode_bytes = parts
        .iter()
        .fold(0u64, |sum, &part| sum.saturating_add(part as u64));
    let info = SourceInfo {
        uri: uri.into(),
        format,
        shape: metadata.shape.clone(),
        dtype,
        grid: Grid::regular(&metadata.shape, &chunk),
        fill: metadata.fill,
        codecs: chain.names.clone(),
        attributes: std::mem::take(&mut metadata.attributes),
        dimension_names: metadata.dimension_names.take(),
        stored_bytes: stored_bytes(directory),
        identity: format!(
            "{}, hash {:016x}",
            document.input.identity,
            hash(&document.text)
        ),
        decode_bytes,
    };
    Ok(Arc::new(ZarrSource {
        info,
        metadata,
        directory: directory.into(),
        document: (document.input.path, document.input.identity),
        chunk,
        counts,
        strides,
        bytes,
        most,
    }))
}

/// The user's attributes, which version 2 keeps in a file of their own.
fn version_2_attributes(uri: &str, directory: &Path) -> Result<Map<String, Value>> {
    let Some((input, text)) = node::read_document(uri, &directory.join(".zattrs"))? else {
        return Ok(Map::new());
    };
    serde_json::from_slice(&text).map_err(|error| {
        input
            .fault(format!("the attributes are damaged: {error}"))
            .way_out("remove the file, or write the array again")
    })
}

/// FNV-1a, 64 bits: a hash that is the same in every process and version.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Bytes of all files below a directory; `None` if there are too many to look at.
fn stored_bytes(directory: &Path) -> Option<u64> {
    let (mut sum, mut entries) = (0, 0);
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).ok()? {
            let entry = entry.ok()?;
            entries += 1;
            if entries > MOST_ENTRIES {
                return None;
            }
            let metadata = entry.metadata().ok()?;
            if metadata.is_dir() {
                waiting.push(entry.path());
            } else {
                sum += metadata.len();
            }
        }
    }
    Some(sum)
}

impl ZarrSource {
    /// Where a chunk's bytes are; `None` if it is missing.
    fn locate(&self, chunk: &[i64], counters: &Counters) -> Result<Option<(Input, Place)>> {
        let info = &self.info;
        let outer: Shape = chunk.iter().zip(&self.counts).map(|(k, n)| k / n).collect();
        let indices: Vec<u64> = outer.iter().map(|&k| k as u64).collect();
        let key = self.metadata.keys.encode(&indices);
        let Some(input) = Input::open(&info.uri, &self.directory.join(key.as_str()))? else {
            return Ok(None);
        };
        let place = match self.metadata.chain.shard() {
            None => Place {
                offset: 0,
                len: input.len,
            },
            Some(shard) => {
                let within: Shape = chunk.iter().zip(&self.counts).map(|(k, n)| k % n).collect();
                let (place, read) = shard.place(&input, &outer, &self.counts, &within)?;
                counters.read_index(read);
                let Some(place) = place else {
                    return Ok(None);
                };
                place
            }
        };
        if place.len > self.most as u64 {
            let message = format!(
                "the stored chunk has {} bytes, and at most {} are possible",
                place.len, self.most
            );
            return Err(input
                .fault(message)
                .way_out("the store is damaged at this chunk: copy or write it again"));
        }
        Ok(Some((input, place)))
    }

    /// Reads and decodes a chunk of lengths `lens`, of which there is one.
    fn fetch(&self, input: &Input, place: Place, lens: &[i64], into: &mut [u8]) -> Result<()> {
        let (chain, itemsize) = (&self.metadata.chain, self.info.dtype.itemsize());
        let damaged = |error: String| {
            input
                .fault(format!("a chunk is damaged: {error}"))
                .way_out("the store is damaged at this chunk: copy or write it again")
        };
        let direct = chain.is_c_order() && *self.chunk == *lens;
        let encoded = place.len as usize;
        decode::check_claim(&chain.steps, encoded, self.bytes).map_err(damaged)?;
        if direct && chain.steps.is_empty() {
            input.read_at(into, place.offset)?;
        } else {
            let stored = input.read_range(place.offset, place.len)?;
            if direct {
                decode::undo(&chain.steps, &stored, into).map_err(damaged)?;
            } else {
                let whole = if chain.steps.is_empty() {
                    stored
                } else {
                    let mut whole = file::buffer(&self.info.uri, self.bytes)?;
                    decode::undo(&chain.steps, &stored, &mut whole).map_err(damaged)?;
                    whole
                };
                let to = runs::strides(lens, itemsize, false);
                runs::copy_box(lens, itemsize, &whole, &self.strides, into, &to)?;
            }
        }
        if chain.big_endian {
            runs::swap_bytes(into, itemsize);
        }
        if self.info.dtype == DType::Bool {
            runs::normalize_bool(into);
        }
        Ok(())
    }
}

impl Source for ZarrSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let at_chunk = |error: Error| error.fact("chunk", format!("{chunk:?}"));
        let Some((input, place)) = self.locate(chunk, counters).map_err(at_chunk)? else {
            let itemsize = info.dtype.itemsize();
            runs::fill(into, &info.fill.bits().to_le_bytes()[..itemsize]);
            return Ok(());
        };
        self.fetch(&input, place, &lens, into).map_err(at_chunk)?;
        counters.read_chunk(place.len as usize, self.bytes);
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        let (path, was) = &self.document;
        file::check_identity(&self.info.uri, path, was)
    }
}
