//! What does a writer promise?
//!
//! Nothing is visible under the target's name before `finish`, so an interrupted run leaves no
//! half array; what it leaves is hidden, and goes on or goes away with the next store of that
//! name. Absent: the order of chunks; any order, any thread, and a chunk may be written twice.

use crate::Counters;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tilewright_core::{DType, Grid, Result, Scalar, Shape, Slice};

/// What is to be stored.
#[derive(Clone, Debug)]
pub struct ArraySpec {
    /// Lengths of the axes.
    pub shape: Shape,
    /// Element type.
    pub dtype: DType,
    /// Chunk lengths along each axis; a length below 1 stands for the whole axis.
    pub grid: Shape,
    /// Whether somebody asked for these chunks, so that a format that cannot have them refuses.
    pub chunks_told: bool,
    /// Whether an existing array is replaced.
    pub overwrite: bool,
    /// How chunks are packed; `None` for what the format does by itself.
    pub codecs: Option<Codecs>,
    /// What missing elements are (zarr; npy has none).
    pub fill: Scalar,
    /// Stored beside the array (zarr; refused where the format has no place for them).
    pub attributes: Map<String, Value>,
    /// Names of the axes (zarr; ignored by npy).
    pub dimension_names: Option<Vec<Option<String>>>,
    /// Where it goes in the target; `shape` is that of the part.
    pub part: Part,
    /// Whether every chunk is written before [`Sink::finish`]; one that is missing later is then
    /// damage, and not a fill value (zarr).
    pub complete: bool,
    /// What the elements come from, as text that is the same in every process: an array whose
    /// store was interrupted is taken up again where it is the same. `None` begins anew.
    pub origin: Option<String>,
}

/// Which part of a target is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// A new array.
    #[default]
    Whole,
    /// What these slices of step 1, one for each axis, take of an existing array.
    Region(Vec<Slice>),
    /// What is added to an existing array behind the end of this axis.
    Append(usize),
}

impl ArraySpec {
    /// An array with these chunk lengths, fill 0, no attributes, that replaces nothing.
    pub fn new(shape: &[i64], dtype: DType, grid: &[i64]) -> ArraySpec {
        ArraySpec {
            shape: shape.into(),
            dtype,
            grid: grid.into(),
            chunks_told: false,
            overwrite: false,
            codecs: None,
            fill: Scalar::zero(dtype),
            attributes: Map::new(),
            dimension_names: None,
            part: Part::Whole,
            complete: false,
            origin: None,
        }
    }

    /// Replaces an existing array.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> ArraySpec {
        self.overwrite = overwrite;
        self
    }
}

/// How chunks are packed, for the formats that can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codecs {
    /// What makes them smaller.
    pub compression: Compression,
    /// Whether each is sealed with a checksum.
    pub checksum: bool,
    /// Lengths of shards, which hold several chunks each; whole multiples of chunks.
    pub shards: Option<Shape>,
    /// The version of zarr: 2 or 3.
    pub zarr_version: u8,
}

/// What makes chunks smaller, with its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Nothing.
    None,
    /// Zstandard.
    Zstd(i32),
    /// Deflate: with gzip's frame in zarr, after a shuffle in HDF5.
    Gzip(u32),
    /// Blosc (zarr).
    Blosc(Blosc),
}

/// How blosc packs a chunk: several times as fast as the same library packs floats alone, and hardly less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blosc {
    /// What packs the shuffled elements.
    pub compressor: BloscCompressor,
    /// 0 (nothing is packed) to 9.
    pub level: u8,
    /// What is shuffled.
    pub shuffle: BloscShuffle,
}

impl Default for Blosc {
    /// zstd at its fastest, of shuffled bits.
    fn default() -> Blosc {
        Blosc {
            compressor: BloscCompressor::Zstd,
            level: 1,
            shuffle: BloscShuffle::BitShuffle,
        }
    }
}

/// The libraries within blosc.
#[allow(missing_docs, reason = "the names of libraries")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BloscCompressor {
    Blosclz,
    Lz4,
    Lz4hc,
    Snappy,
    Zlib,
    Zstd,
}

/// What blosc does with elements before they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BloscShuffle {
    /// Nothing.
    NoShuffle,
    /// The first bytes of all elements stand together, then the second ones, and so on.
    Shuffle,
    /// The same of bits.
    BitShuffle,
}

impl Default for Codecs {
    /// zstd's fastest level that still compresses (a store waits for the disk, not for the ratio),
    /// a checksum, no shards, version 3.
    fn default() -> Codecs {
        Codecs {
            compression: Compression::Zstd(1),
            checksum: true,
            shards: None,
            zarr_version: 3,
        }
    }
}

/// What a sink takes.
#[derive(Clone, Debug)]
pub struct SinkInfo {
    /// The URI as it was given.
    pub uri: String,
    /// `npy`, `zarr v3` or `memory`.
    pub format: &'static str,
    /// Lengths of the axes.
    pub shape: Shape,
    /// Element type.
    pub dtype: DType,
    /// The chunks that [`Sink::write_chunk`] takes.
    pub grid: Grid,
    /// Upper bound of the bytes that [`Sink::write_chunk`] allocates beside its input.
    pub encode_bytes: u64,
}

/// An array that is being written.
///
/// Dropping a sink that was not finished aborts it. A process that is killed leaves a hidden
/// `.NAME.*.partial` beside the target, which no reader takes for an array; the next store of that
/// name goes on with it or removes it.
pub trait Sink: Send + Sync {
    /// What the sink takes.
    fn info(&self) -> &SinkInfo;

    /// Stores one chunk: C order, native byte order, clipped to the array's shape.
    ///
    /// Any thread, any order. A chunk may be written again with the same elements, also at the
    /// same time: a repeated task does no harm.
    ///
    /// # Errors
    /// [`Kind::Sink`](tilewright_core::Kind::Sink) if it cannot be stored (a full disk, say), or
    /// the sink is finished or aborted;
    /// [`Kind::Chunks`](tilewright_core::Kind::Chunks) if there is no such chunk or `elements`
    /// has not its length.
    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()>;

    /// Whether a chunk stands already, from a store that was interrupted: it need not be written. One that
    /// nobody asks for is not taken.
    fn stands(&self, _chunk: &[i64]) -> bool {
        false
    }

    /// Shows the array under its name; chunks that were not written hold the fill value (0 in
    /// npy). Calling it again does nothing.
    ///
    /// # Errors
    /// [`Kind::Sink`](tilewright_core::Kind::Sink) if that fails, the sink was aborted, or a chunk
    /// failed and was not written since; every temporary is removed.
    fn finish(&self) -> Result<()>;

    /// Removes every temporary; nothing appears under the array's name. Does nothing once
    /// finished.
    fn abort(&self);
}
