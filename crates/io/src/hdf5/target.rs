//! Which dataset is a part written of, and what does it become?
//!
//! A dataset in chunks, of any kind of index; it gets one of the first kind, which knows chunks by where
//! they start, however long the axes are. Absent: how that goes into the file.

use super::continued::{Continued, continued};
use super::dataset::{self, Description, Refusal, Storage};
use super::file::File;
use super::header::Header;
use super::index::{Chunked, Place};
use super::members;
use super::message::{self, LAYOUT, Message, UNLIMITED};
use super::pile::Chunks;
use super::tree::{Entry, tree};
use crate::hash;
use crate::location::Location;
use crate::part;
use crate::{Part, fault};
use tilewright_core::{Error, Grid, Result, Shape};

/// The number of the message of the lengths of axes.
const SPACE: u8 = 1;

/// A dataset that exists.
pub struct Target {
    /// Where its header stands.
    pub address: u64,
    pub described: Description,
    /// Its name.
    key: String,
    header: Header,
}

impl Target {
    /// The dataset that a location names.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if there is none that is known.
    pub fn find(file: &File, location: &Location) -> Result<Target> {
        let key = file.key(location)?;
        let address = members::dataset(file, &key).map_err(|error| {
            let missing = part::missing(&location.uri).fact("dataset", &*key);
            missing.fact("because", error)
        })?;
        let read = || {
            let header = file.header(address);
            let header = header.map_err(|error| (error, dataset::DAMAGED.to_owned()))?;
            Ok((dataset::describe(file, address, &header)?, header))
        };
        let (described, header) = read().map_err(|refusal| refused(location, &key, refusal))?;
        Ok(Target {
            address,
            described,
            key,
            header,
        })
    }

    /// An error about it.
    pub fn refused(&self, location: &Location, refusal: Refusal) -> Error {
        refused(location, &self.key, refusal)
    }

    /// Its chunks.
    ///
    /// # Errors
    /// If it has none.
    pub fn chunked(&self) -> Result<&Chunked, Refusal> {
        match &self.described.storage {
            Storage::Chunked(chunked) => Ok(chunked),
            Storage::Inline(_) | Storage::Contiguous(_) | Storage::Nowhere => Err((
                "the dataset stands in one piece, and is not written in part".into(),
                "tilewright convert it into a dataset of chunks, or h5repack -l".into(),
            )),
        }
    }

    /// Whether it may become so long.
    ///
    /// # Errors
    /// If not.
    pub fn check_room(&self, part: &Part, shape: &[i64]) -> Result<(), Refusal> {
        let Part::Append(axis) = *part else {
            return Ok(());
        };
        let most = self.chunked()?.most.as_ref();
        let have = self.described.shape[axis] as u64;
        let most = most
            .and_then(|most| most.get(axis))
            .copied()
            .unwrap_or(have);
        let wanted = shape[axis] as u64;
        if most == UNLIMITED || wanted <= most {
            return Ok(());
        }
        Err((
            format!("the dataset has room for {most} elements along axis {axis}, not {wanted}"),
            "one whose axis may grow (maxshape=None of h5py, an unlimited dimension of netCDF); or a .zarr array".into(),
        ))
    }

    /// The places of its chunks.
    fn places(&self, file: &File) -> Result<Vec<Place>, Refusal> {
        let chunked = self.chunked()?;
        let places = file.ask_counted(|file| chunked.places(file, &grid(chunked, &chunked.shape)));
        let damaged = |error| (error, dataset::DAMAGED.to_owned());
        places.map(|(places, _)| places).map_err(damaged)
    }

    /// A number that changes where its header or the places of its chunks do.
    ///
    /// # Errors
    /// If its index is damaged.
    pub fn identity(&self, file: &File) -> Result<u64, Refusal> {
        let mut is = hash::hash(&self.address.to_le_bytes());
        for message in &self.header.messages {
            is = hash::go_on(is, &[message.kind]);
            is = hash::go_on(is, &message.data);
        }
        for place in self.places(file)? {
            for number in [place.number, place.address, place.len, place.skip.into()] {
                is = hash::go_on(is, &number.to_le_bytes());
            }
        }
        Ok(is)
    }

    /// What is written for it to have this shape, and `new` chunks: bytes that go to address `at`, and what
    /// takes the place of its header's first ones.
    ///
    /// # Errors
    /// If its index is damaged, or its header of an uncommon kind.
    pub fn changed(
        &self,
        file: &File,
        shape: &[i64],
        new: &Chunks,
        at: u64,
    ) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
        let chunked = self.chunked()?;
        let entries = entries(chunked, self.places(file)?, new, &self.described);
        let (mut bytes, root) = tree(entries, &chunked.chunks, at);
        let layout = message::chunked(root, &chunked.chunks, self.described.dtype.itemsize());
        let uncommon = |what: &str| {
            let way_out = "h5repack the file, or tilewright convert the dataset".to_owned();
            (format!("the dataset's header {what}"), way_out)
        };
        let mut messages = Vec::with_capacity(self.header.messages.len());
        for message in &self.header.messages {
            let data = match message.kind {
                SPACE | LAYOUT if message.flags & 2 != 0 => {
                    return Err(uncommon("shares its messages with others"));
                }
                SPACE => lengths(&message.data, shape).ok_or_else(|| uncommon("is damaged"))?,
                LAYOUT => layout.data.clone(),
                _ => message.data.clone(),
            };
            messages.push(Message {
                data,
                ..message.clone()
            });
        }
        let block_at = at + bytes.len() as u64;
        let Continued { block, start } =
            continued(&self.header.said, messages, block_at).map_err(|error| uncommon(&error))?;
        bytes.extend(block);
        Ok((bytes, start))
    }
}

/// The grid of chunks of an array of these lengths.
fn grid(chunked: &Chunked, shape: &[u64]) -> Grid {
    let shape: Shape = shape.iter().map(|&len| len as i64).collect();
    let chunks: Shape = chunked.chunks.iter().map(|&len| i64::from(len)).collect();
    Grid::regular(&shape, &chunks)
}

/// The chunks that were there and the new ones, in order.
fn entries(
    chunked: &Chunked,
    places: Vec<Place>,
    new: &Chunks,
    described: &Description,
) -> Vec<Entry> {
    let counts = grid(chunked, &chunked.shape);
    let bare = ((1u64 << described.filters.len().min(32)) - 1) as u32;
    let old = places.into_iter().filter_map(|place| {
        let mut rest = place.number as i64;
        let mut index = Shape::from_elem(0, counts.axes.len());
        for (k, axis) in index.iter_mut().zip(&counts.axes).rev() {
            *k = rest % axis.chunks();
            rest /= axis.chunks();
        }
        if new.contains_key(&index) {
            return None;
        }
        let start = start(&index, chunked);
        // What the layout says of chunks at the edges, each says of itself.
        let ends = start.iter().zip(&chunked.chunks).zip(&chunked.shape);
        let hangs_over = ends
            .clone()
            .any(|((at, len), end)| at + u64::from(*len) > *end);
        Some(Entry {
            start,
            len: place.len as u32,
            mask: match chunked.bare_edges && hangs_over {
                true => bare,
                false => place.skip,
            },
            address: place.address,
        })
    });
    let new = new.iter().map(|(index, (len, address))| Entry {
        start: start(index, chunked),
        len: *len,
        mask: 0,
        address: *address,
    });
    let mut entries: Vec<Entry> = old.chain(new).collect();
    entries.sort_unstable_by(|a, b| a.start.cmp(&b.start));
    entries
}

/// The first element of a chunk.
fn start(index: &[i64], chunked: &Chunked) -> Vec<u64> {
    let axes = index.iter().zip(&chunked.chunks);
    axes.map(|(&k, &len)| k as u64 * u64::from(len)).collect()
}

/// The message of the lengths of axes, with other ones.
fn lengths(space: &[u8], shape: &[i64]) -> Option<Vec<u8>> {
    let mut space = space.to_vec();
    let first = match space.first()? {
        1 => 8,
        _ => 4,
    };
    let lens = space.get_mut(first..first + 8 * shape.len())?;
    for (at, len) in lens.chunks_exact_mut(8).zip(shape) {
        at.copy_from_slice(&len.to_le_bytes());
    }
    Some(space)
}

fn refused(location: &Location, key: &str, (message, way_out): Refusal) -> Error {
    fault::sink(&location.uri, message)
        .fact("file", location.path.display().to_string())
        .fact("dataset", key)
        .way_out(way_out)
}
