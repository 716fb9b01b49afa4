//! Where in the file is a chunk?
//!
//! Every kind of index becomes one list, in C order of the chunks. Absent: chunks beyond the
//! array's shape, which a file keeps after it was made smaller.

use super::btree::Tree;
use super::file::File;
use super::header::number;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::layout::ChunkIndexing;
use hdf5_reader::{btree_v1, chunk_index, extensible_array, fixed_array};
use tilewright_core::Grid;

/// What records of chunks are, without filters and with them.
const BARE: u8 = 10;
const FILTERED: u8 = 11;

/// Where a chunk's bytes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the chunk in C order.
    pub number: u64,
    /// Where its bytes start, behind the user block.
    pub address: u64,
    /// How many there are.
    pub len: u64,
    /// Bit `k` is set where filter `k` was left out.
    pub skip: u32,
}

/// A chunked dataset's storage.
#[derive(Clone, Debug)]
pub struct Chunked {
    /// Where the index is.
    pub address: u64,
    /// Its kind; `None` for the first one there was.
    pub kind: Option<ChunkIndexing>,
    /// Chunk lengths.
    pub chunks: Vec<u32>,
    /// Lengths of the axes.
    pub shape: Vec<u64>,
    /// What they may grow to.
    pub most: Option<Vec<u64>>,
    /// Bytes of a decoded chunk.
    pub bytes: u64,
    /// Whether chunks are filtered.
    pub filtered: bool,
    /// Whether those at the edges are not.
    pub bare_edges: bool,
}

impl Chunked {
    /// Upper bound of the bytes that looking up the places takes, and keeping them: an entry of the
    /// library's with its offsets for each chunk, its copy while the list grows, and a place.
    pub fn table_bytes(&self, grid: &Grid) -> u64 {
        let offsets = 8 * (self.shape.len() as u64 + 1);
        let entry = size_of::<chunk_index::ChunkEntry>() as u64;
        let each = 3 * entry + offsets + size_of::<Place>() as u64;
        let chunks = grid.chunks().max(0) as u64;
        let read = match self.kind {
            Some(ChunkIndexing::FixedArray { .. }) => {
                let axes = self.largest().into_iter().zip(&self.chunks);
                let counts = axes.map(|(len, &chunk)| len.div_ceil(u64::from(chunk).max(1)));
                chunks.max(counts.fold(1, u64::saturating_mul))
            }
            _ => chunks,
        };
        read.saturating_mul(each)
    }

    /// The lengths of the axes once all have grown as far as they may. The indices whose length never
    /// changes number the chunks of that array, not those of the array as it is.
    fn largest(&self) -> Vec<u64> {
        let most = self.most.iter().flatten().copied();
        let most = most.chain(std::iter::repeat(0));
        let axes = self.shape.iter().zip(most);
        axes.map(|(&len, most)| len.max(most)).collect()
    }

    /// The places of all chunks that are stored, by number.
    ///
    /// # Errors
    /// A sentence, if the index is damaged.
    pub fn places(&self, file: &File, grid: &Grid) -> Result<Vec<Place>, String> {
        let entries = self.entries(file)?;
        let mut places = Vec::new();
        places
            .try_reserve_exact(entries.len())
            .map_err(|error| error.to_string())?;
        for entry in entries {
            if entry.offsets.len() < self.shape.len() {
                return Err("a chunk lacks an axis".into());
            }
            let axes = entry
                .offsets
                .iter()
                .zip(self.shape.iter().zip(&self.chunks));
            if axes.clone().any(|(at, (len, _))| at >= len) {
                continue;
            }
            if axes
                .clone()
                .any(|(at, (_, &chunk))| at % u64::from(chunk) != 0)
            {
                return Err(format!("a chunk starts at {:?}", entry.offsets));
            }
            let number = axes
                .zip(&grid.axes)
                .fold(0, |number, ((at, (_, &chunk)), axis)| {
                    number * axis.chunks() as u64 + at / u64::from(chunk)
                });
            let len = if self.filtered {
                entry.size
            } else {
                self.bytes
            };
            places.push(Place {
                number,
                address: entry.address,
                len,
                skip: entry.filter_mask,
            });
        }
        places.sort_unstable_by_key(|place| place.number);
        if places
            .windows(2)
            .any(|pair| pair[0].number == pair[1].number)
        {
            return Err("a chunk is stored twice".into());
        }
        Ok(places)
    }

    /// What the library finds.
    fn entries(&self, file: &File) -> Result<Vec<chunk_index::ChunkEntry>, String> {
        let (storage, superblock) = (file.storage(), file.superblock());
        let (offset, length) = (superblock.offset_size, superblock.length_size);
        let (address, shape, chunks) = (self.address, &self.shape, &self.chunks);
        if Cursor::is_undefined_offset(address, offset) || shape.contains(&0) {
            return Ok(Vec::new());
        }
        let axes = shape.len() as u32;
        let found = match &self.kind {
            None => {
                let leaves = btree_v1::collect_btree_v1_leaves_storage(
                    storage,
                    address,
                    offset,
                    length,
                    Some(axes),
                    chunks,
                    None,
                );
                leaves.map(|leaves| leaves.into_iter().filter_map(of_leaf).collect())
            }
            Some(ChunkIndexing::SingleChunk {
                filtered_size,
                filters,
            }) => Ok(vec![chunk_index::single_chunk_entry(
                address,
                *filtered_size,
                *filters,
                shape.len(),
            )]),
            Some(ChunkIndexing::Implicit) => {
                // The library multiplies the lengths and the size of an element; so much is known.
                let count = chunks
                    .iter()
                    .map(|&len| u64::from(len))
                    .product::<u64>()
                    .max(1);
                let size = (self.bytes / count) as usize;
                let axes = shape.iter().zip(chunks);
                let last: Vec<u64> = axes
                    .map(|(&len, &chunk)| len.div_ceil(chunk.into()).saturating_sub(1))
                    .collect();
                chunk_index::collect_implicit_chunk_entries(
                    address,
                    &self.largest(),
                    chunks,
                    size,
                    Some((&vec![0; last.len()], &last)),
                    storage.len(),
                )
            }
            Some(ChunkIndexing::FixedArray { .. }) => {
                let shape = &self.largest();
                fixed_array::collect_fixed_array_chunk_entries_storage(
                    storage, address, offset, length, shape, chunks, None,
                )
            }
            Some(ChunkIndexing::ExtensibleArray { .. }) => {
                let most = self.most.as_deref();
                extensible_array::collect_extensible_array_chunk_entries_storage(
                    storage, address, offset, length, shape, most, chunks, None,
                )
            }
            Some(ChunkIndexing::BTreeV2) => return self.of_tree(file),
        };
        found.map_err(|error| error.to_string())
    }

    /// The chunks of a tree of the second kind: an address, where they are filtered a length and which
    /// filters were left out, and how many chunks there are before it along each axis.
    fn of_tree(&self, file: &File) -> Result<Vec<chunk_index::ChunkEntry>, String> {
        let mut entries = Vec::new();
        let tree = Tree::open(file, self.address)?;
        let (offset, starts) = (file.sizes().offset, 8 * self.chunks.len());
        let beside = offset + starts + if self.filtered { 4 } else { 0 };
        let len = tree.record.checked_sub(beside);
        let kind = if self.filtered { FILTERED } else { BARE };
        let len = len.filter(|&len| tree.kind == kind && len <= 8 && (len > 0) == self.filtered);
        let len = len.ok_or("the index is of another kind")?;
        tree.show(&mut |record| {
            let (address, rest) = record.split_at(offset);
            let (size, rest) = rest.split_at(len);
            let (mask, starts) = rest.split_at(rest.len() - starts);
            let axes = starts.chunks_exact(8).zip(&self.chunks);
            let offsets: Option<Vec<u64>> = axes
                .map(|(start, &chunk)| number(start).checked_mul(chunk.into()))
                .collect();
            entries.push(chunk_index::ChunkEntry {
                address: number(address),
                size: number(size),
                filter_mask: number(mask) as u32,
                offsets: offsets.ok_or("a chunk starts beyond every axis")?,
            });
            Ok(())
        })?;
        Ok(entries)
    }
}

/// The chunk of a leaf of the first kind of index.
fn of_leaf((key, address): (btree_v1::BTreeV1Key, u64)) -> Option<chunk_index::ChunkEntry> {
    match key {
        btree_v1::BTreeV1Key::RawData {
            chunk_size,
            filter_mask,
            offsets,
        } => Some(chunk_index::ChunkEntry {
            address,
            size: u64::from(chunk_size),
            filter_mask,
            offsets,
        }),
        btree_v1::BTreeV1Key::Group { .. } => None,
    }
}
