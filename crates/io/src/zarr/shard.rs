//! Where in a shard is an inner chunk?
//!
//! A shard's index has two numbers for each inner chunk, in C order: offset and length, both
//! 2^64 - 1 where the chunk is missing. Absent: codecs of the index that change its length.
//!
//! **Source** the Zarr `sharding_indexed` codec, version 1.0.

use super::codecs::Chain;
use crate::codec::{self, Step};
use crate::file::{self, Input};
use crate::runs;
use std::sync::{Arc, Mutex, PoisonError};
use tilewright_core::{Result, Shape, element_count};
use zarrs::metadata_ext::codec::sharding::{ShardingCodecConfigurationV1, ShardingIndexLocation};

/// Indices that are kept: neighbours in a shard are read one after another, by several threads.
const KEPT: usize = 8;

/// Bytes of an entry.
const ENTRY: usize = 16;

/// The layout of every shard of an array.
pub struct Shard {
    /// Lengths of an inner chunk.
    pub chunks: Shape,
    index: Chain,
    at_end: bool,
    kept: Mutex<Vec<Kept>>,
}

/// The index of one shard.
struct Kept {
    /// The shard's place and its file's identity when the index was read.
    key: (Shape, String),
    entries: Arc<[u8]>,
}

/// Where an inner chunk's bytes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset in the shard.
    pub offset: u64,
    /// Number of bytes.
    pub len: u64,
}

impl Shard {
    /// Reads the options of `sharding_indexed`.
    ///
    /// # Errors
    /// If the index is encoded in a way that is not supported, or the chunks are of another number
    /// of axes.
    pub fn new(
        configuration: &ShardingCodecConfigurationV1,
        index: Chain,
        axes: usize,
    ) -> Result<Shard, (String, &'static str)> {
        let plain = |step: &Step| matches!(step, Step::Checksum(_));
        if !index.is_c_order() || !index.steps.iter().all(plain) || index.steps.len() > 8 {
            let message = "the shards' index is encoded by more than bytes and crc32c";
            return Err((message.into(), super::metadata::WITH_OUR_CODECS));
        }
        let lens = configuration
            .chunk_shape
            .iter()
            .map(|len| i64::try_from(len.get()));
        let chunks: Shape = lens.collect::<Result<_, _>>().map_err(|_| {
            (
                "the inner chunks are too large to count".to_owned(),
                super::metadata::WITH_OUR_CODECS,
            )
        })?;
        if chunks.len() != axes {
            let message = format!("inner chunks have {} axes, the array {axes}", chunks.len());
            return Err((message, "write the array again"));
        }
        Ok(Shard {
            chunks,
            index,
            at_end: configuration.index_location == ShardingIndexLocation::End,
            kept: Mutex::default(),
        })
    }

    /// Inner chunks along each axis of a shard; `None` if they do not divide it.
    pub fn counts(&self, shard: &[i64]) -> Option<Shape> {
        let pairs = shard.iter().zip(&self.chunks);
        let counts: Shape = pairs
            .map(|(&shard, &chunk)| (shard % chunk == 0).then_some(shard / chunk))
            .collect::<Option<_>>()?;
        element_count(&counts)?.checked_mul(2 * ENTRY as i64)?;
        Some(counts)
    }

    /// Bytes of a shard's index as it is stored.
    fn index_bytes(&self, count: i64) -> usize {
        let lengths = codec::lengths(&self.index.steps, count as usize * ENTRY);
        lengths.last().map_or(0, |length| length.most())
    }

    /// Upper bound of the bytes that [`Shard::place`] allocates.
    pub fn working_bytes(&self, counts: &[i64]) -> usize {
        let count = element_count(counts).unwrap_or(i64::MAX / 32);
        self.index_bytes(count).saturating_mul(3)
    }

    /// Where the inner chunk at `within` stands in the shard at `shard`, and how many bytes were
    /// read to know it; `None` if it is missing.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the index is damaged.
    pub fn place(
        &self,
        input: &Input,
        shard: &[i64],
        counts: &[i64],
        within: &[i64],
    ) -> Result<(Option<Place>, usize)> {
        let (entries, read) = self.entries(input, shard, counts)?;
        let at = runs::offset(within, &runs::strides(counts, ENTRY, false));
        let number = |at: usize| {
            let bytes = entries
                .get(at..at + 8)
                .and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(u64::MAX, u64::from_le_bytes)
        };
        let place = Place {
            offset: number(at),
            len: number(at + 8),
        };
        if (place.offset, place.len) == (u64::MAX, u64::MAX) {
            return Ok((None, read));
        }
        if place
            .offset
            .checked_add(place.len)
            .is_none_or(|end| end > input.len)
        {
            return Err(input
                .fault(format!(
                    "the shard's index points to {} bytes at {}, the file has {}",
                    place.len, place.offset, input.len
                ))
                .way_out("the shard is damaged: write the array again"));
        }
        Ok((Some(place), read))
    }

    /// The index of a shard, little-endian, and how many bytes were read.
    fn entries(&self, input: &Input, shard: &[i64], counts: &[i64]) -> Result<(Arc<[u8]>, usize)> {
        let key = (Shape::from(shard), input.identity.clone());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|kept| kept.key == key) {
            kept[..=at].rotate_right(1);
            return Ok((kept[0].entries.clone(), 0));
        }
        drop(kept);
        let count = element_count(counts).unwrap_or(0);
        let bytes = self.index_bytes(count);
        if input.len < bytes as u64 {
            return Err(input
                .fault(format!(
                    "the shard has {} bytes, its index alone {bytes}",
                    input.len
                ))
                .way_out("the shard is truncated: write the array again"));
        }
        let mut encoded = file::buffer(&input.uri, bytes)?;
        let offset = if self.at_end {
            input.len - bytes as u64
        } else {
            0
        };
        input.read_at(&mut encoded, offset)?;
        let mut entries = file::buffer(&input.uri, count as usize * ENTRY)?;
        codec::undo(&self.index.steps, &encoded, &mut entries).map_err(|error| {
            input
                .fault(format!("the shard's index is damaged: {error}"))
                .way_out("write the array again")
        })?;
        if self.index.big_endian {
            runs::swap_bytes(&mut entries, 8);
        }
        let entries: Arc<[u8]> = entries.into();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.insert(
            0,
            Kept {
                key,
                entries: entries.clone(),
            },
        );
        Ok((entries, bytes))
    }
}
