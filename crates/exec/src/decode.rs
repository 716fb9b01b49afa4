//! What does a task take of stored chunks?
//!
//! A chunk of which it takes one box, element for element, is decoded into the tile buffer, and the
//! kernel reads it there; of other chunks it copies what it takes. Chunks that other tasks or stages
//! take, too, are kept, and those of distant sources have come before.

use crate::account::Held;
use crate::ahead::{Arrived, Want};
use crate::bind::{Target, lies_as_gathered, order, part_of};
use crate::boxes::Box_;
use crate::gather::{self, Layout};
use crate::opened::Opened;
use crate::run::Context;
use crate::segments::{Segment, segments};
use crate::worker::Tile;
use std::sync::Arc;
use tilewright_core::{Error, Kind, Result, Shape, c_strides};
use tilewright_io::{Counters, Source};
use tilewright_plan::affine::Affine;
use tilewright_plan::{Input, Operand, Piece, Stage};

impl Context<'_> {
    /// Decodes what a box of iterations reads of a piece into `tile`, if it is of one chunk and lies
    /// there as if it were gathered: in a chunk that is kept, or in a box of one as large as the
    /// tile. Gives the map of its elements; `None` if it is to be gathered.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if reading fails.
    pub(crate) fn decode(
        &self,
        stage: &Stage,
        operand: &Operand,
        piece: &Piece,
        of: &Box_,
        tile: &mut Tile,
    ) -> Result<Option<Affine>> {
        let Some((number, source)) = self.stored(piece) else {
            return Ok(None);
        };
        if of.len.contains(&0) {
            return Ok(None);
        }
        let segments = segments_of(piece, source, of)?;
        if segments.iter().any(|along| along.len() != 1) {
            return Ok(None);
        }
        let chosen: Vec<&Segment> = segments.iter().flatten().collect();
        let part = Part::of(&chosen, &piece.maps);
        // The map of a box of the chunk from `low` on, if it lies so.
        let lies = |lens: &[i64], low: &[i64]| {
            let strides = c_strides(lens);
            let map = Affine::linear(&piece.maps, &strides, of.len.len());
            let starts = chosen.iter().zip(low).zip(&strides);
            let start = starts.map(|((segment, low), stride)| (segment.low + low) * stride);
            let lies = lies_as_gathered(stage, operand, &map);
            lies.then(|| map.scaled(1, -start.sum::<i64>()))
        };
        let itemsize = operand.itemsize();
        let whole_bytes = bytes(&part.lengths, itemsize);
        if self.is_shared(number, &part, whole_bytes) {
            let whole = Shape::from_elem(0, part.lengths.len());
            let Some(map) = lies(&part.lengths, &whole) else {
                return Ok(None);
            };
            if let Some(held) = self.shared(number, source, &part.index, whole_bytes)? {
                tile.shared = Some(held);
                return Ok(Some(map));
            }
        }
        let order = order(stage, operand);
        let elements: i64 = order.iter().map(|&axis| of.len[axis]).product();
        let as_large = part.taken.iter().product::<i64>() == elements;
        let Some(map) = lies(&part.taken, &part.low).filter(|_| as_large) else {
            return Ok(None);
        };
        if part.is_whole() {
            let own = &mut tile.own;
            match self.arrived(number, source, &part.index, Some(own))? {
                Some(arrived) => *own = arrived.held,
                None => {
                    own.resize(bytes(&part.taken, itemsize));
                    source.read_chunk(&part.index, own.bytes_mut(), &self.counters)?;
                }
            }
            return Ok(Some(map));
        }
        if source.info().distant {
            // What has come may be the whole.
            return Ok(None);
        }
        tile.own.resize(bytes(&part.taken, itemsize));
        let read = part.read(source, &mut tile.own, &self.counters)?;
        Ok(Some(map).filter(|_| read))
    }

    /// Whether a chunk is taken from those that are kept, and read whole for them.
    fn is_shared(&self, number: usize, part: &Part, bytes: usize) -> bool {
        self.cache.keeps(number, bytes)
            || self.kept.holds(number, &part.index)
            || part.is_whole() && self.kept.keeps(number, bytes)
    }

    /// A chunk among those that are kept for other tasks or stages, read first if need be; `None` if
    /// there is no room.
    ///
    /// # Errors
    /// [`Kind::Source`] if reading fails.
    fn shared(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        index: &[i64],
        bytes: usize,
    ) -> Result<Option<Arc<Held>>> {
        let read = || match self.arrived(number, source, index, None)? {
            Some(arrived) => Ok(arrived.held),
            None => {
                let mut held = self.account.buffer(bytes);
                source.read_chunk(index, held.bytes_mut(), &self.counters)?;
                Ok(held)
            }
        };
        for cache in [self.kept, &self.cache] {
            if cache.keeps(number, bytes)
                && let Some(held) = cache.get(number, index, bytes, read)?
            {
                return Ok(Some(held));
            }
        }
        Ok(None)
    }

    /// What a box of iterations takes of the chunks of distant sources.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Internal`] for a defect.
    pub(crate) fn wants(&self, operand: &Operand, of: &Box_) -> Result<Vec<Want>> {
        let mut wants = Vec::new();
        for piece in operand
            .pieces
            .iter()
            .filter(|piece| piece.lookups.is_empty())
        {
            let stored = self
                .stored(piece)
                .filter(|(_, source)| source.info().distant);
            let (Some((number, source)), Some(part)) = (stored, part_of(operand, piece, of)?)
            else {
                continue;
            };
            each_choice(&segments_of(piece, source, &part)?, |chosen| {
                let taken = Part::of(chosen, &piece.maps);
                if !self.kept.holds(number, &taken.index) {
                    let whole = taken.is_whole();
                    wants.push(Want {
                        bytes: bytes(&taken.lengths, operand.itemsize()),
                        key: (number, taken.index),
                        part: (!whole).then_some((taken.low, taken.taken)),
                    });
                }
                Ok(())
            })?;
        }
        Ok(wants)
    }

    /// Reads and decodes what is wanted of a chunk, the whole of it where parts cannot be read.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if reading fails.
    pub(crate) fn fetch(&self, want: &Want) -> Result<Arrived> {
        let (number, index) = &want.key;
        let Opened::Stored(source) = &self.sources[*number] else {
            return Err(Error::new(Kind::Internal, "a chunk of what has none"));
        };
        let (info, counters) = (source.info(), &self.counters);
        if let Some((low, taken)) = &want.part {
            let mut held = self.account.buffer(bytes(taken, info.dtype.itemsize()));
            if source.read_part(index, low, taken, held.bytes_mut(), counters)? {
                let in_part = true;
                return Ok(Arrived { held, in_part });
            }
        }
        let mut held = self.account.buffer(want.bytes);
        source.read_chunk(index, held.bytes_mut(), counters)?;
        let in_part = false;
        Ok(Arrived { held, in_part })
    }

    /// What was fetched ahead of a chunk; it may take the room of what the task had in its place.
    ///
    /// # Errors
    /// [`Kind::Source`] if fetching failed.
    fn arrived(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        index: &[i64],
        room: Option<&mut Held>,
    ) -> Result<Option<Arrived>> {
        if !(source.info().distant && self.ahead.is_on()) {
            return Ok(None);
        }
        if let Some(room) = room {
            room.give_back();
        }
        self.ahead.take(number, index)
    }

    /// The source of a piece, if it is read chunk by chunk.
    fn stored(&self, piece: &Piece) -> Option<(usize, &Arc<dyn Source>)> {
        let Input::Source(number) = piece.input else {
            return None;
        };
        match &self.sources[number] {
            Opened::Stored(source) => Some((number, source)),
            _ => None,
        }
    }

    /// What `use_it` makes of a stored chunk, which is one that is kept or is read into `chunk`.
    ///
    /// # Errors
    /// [`Kind::Source`] if reading fails; those of `use_it`.
    pub(crate) fn with_chunk(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        index: &[i64],
        bytes: usize,
        chunk: &mut Held,
        use_it: impl FnOnce(&[u8]) -> Result<()>,
    ) -> Result<()> {
        if let Some(held) = self.shared(number, source, index, bytes)? {
            return use_it(held.bytes());
        }
        chunk.resize(bytes);
        source.read_chunk(index, chunk.bytes_mut(), &self.counters)?;
        use_it(chunk.bytes())
    }

    /// Copies what each stored chunk gives.
    pub(crate) fn fill_from_chunks(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        piece: &Piece,
        part: &Box_,
        target: Target<'_>,
        chunk: &mut Held,
    ) -> Result<()> {
        let itemsize = source.info().dtype.itemsize();
        each_choice(&segments_of(piece, source, part)?, |chosen| {
            let taken = Part::of(chosen, &piece.maps);
            let bytes = bytes(&taken.lengths, itemsize);
            // A chunk that others read, too, is rather kept.
            let mut shared = match self.is_shared(number, &taken, bytes) {
                true => self.shared(number, source, &taken.index, bytes)?,
                false => None,
            };
            let arrived = match shared {
                Some(_) => None,
                None => self.arrived(number, source, &taken.index, Some(chunk))?,
            };
            let in_part = match (&shared, &arrived) {
                (_, Some(arrived)) => arrived.in_part,
                (Some(_), None) => false,
                (None, None) if taken.is_whole() => false,
                (None, None) => {
                    chunk.resize(self::bytes(&taken.taken, itemsize));
                    let read = taken.read(source, chunk, &self.counters)?;
                    if !read {
                        // What is read as a whole may be of use to others.
                        shared = self.shared(number, source, &taken.index, bytes)?;
                    }
                    read
                }
            };
            let strides = c_strides(match in_part {
                true => &taken.taken,
                false => &taken.lengths,
            });
            let mut from = Layout {
                start: 0,
                strides: Shape::from_elem(0, part.len.len()),
            };
            let mut to = target.layout.clone();
            let mut shape = target.shape.clone();
            let axes = chosen
                .iter()
                .zip(&piece.maps)
                .zip(strides.iter().zip(&taken.low));
            for ((segment, map), (stride, low)) in axes {
                from.start += (segment.offset - if in_part { *low } else { 0 }) * stride;
                if let Some(axis) = segment.axis {
                    from.strides[axis] = map.coefs[axis] * stride;
                    to.start += segment.first * to.strides[axis];
                    shape[axis] = segment.count;
                }
            }
            let mut copy =
                |bytes: &[u8]| gather::copy(&shape, itemsize, bytes, &from, target.bytes, &to);
            match (shared, arrived) {
                (Some(held), _) => copy(held.bytes()),
                (None, Some(arrived)) => copy(arrived.held.bytes()),
                (None, None) if in_part => copy(chunk.bytes()),
                (None, None) => {
                    chunk.resize(bytes);
                    source.read_chunk(&taken.index, chunk.bytes_mut(), &self.counters)?;
                    copy(chunk.bytes())
                }
            }
        })
    }
}

/// What is taken of one chunk.
struct Part {
    /// The chunk.
    index: Shape,
    /// Its lengths.
    lengths: Shape,
    /// The first element taken, within the chunk.
    low: Shape,
    /// The least box of elements that holds what is taken.
    taken: Shape,
}

impl Part {
    fn of(chosen: &[&Segment], maps: &[Affine]) -> Part {
        let taken = chosen.iter().zip(maps);
        let (low, taken) = taken.map(|(segment, map)| segment.taken(map)).unzip();
        Part {
            index: chosen.iter().map(|segment| segment.chunk).collect(),
            lengths: chosen.iter().map(|segment| segment.chunk_len).collect(),
            low,
            taken,
        }
    }

    fn is_whole(&self) -> bool {
        self.taken == self.lengths
    }

    /// Reads the box alone, where the source can.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if reading fails.
    fn read(&self, source: &Arc<dyn Source>, into: &mut Held, counters: &Counters) -> Result<bool> {
        let into = into.bytes_mut();
        source.read_part(&self.index, &self.low, &self.taken, into, counters)
    }
}

/// Bytes of a box.
fn bytes(lens: &[i64], itemsize: usize) -> usize {
    lens.iter().product::<i64>() as usize * itemsize
}

/// What a box of iterations takes of the chunks of a source, along each of its axes.
fn segments_of(piece: &Piece, source: &Arc<dyn Source>, of: &Box_) -> Result<Vec<Vec<Segment>>> {
    let along = piece.maps.iter().zip(&source.info().grid.axes);
    along.map(|(map, axis)| segments(map, axis, of)).collect()
}

/// Calls `run` with one segment of each axis, for all combinations, the last axis fastest.
///
/// # Errors
/// The first one of `run`.
pub(crate) fn each_choice(
    axes: &[Vec<Segment>],
    mut run: impl FnMut(&[&Segment]) -> Result<()>,
) -> Result<()> {
    if axes.iter().any(Vec::is_empty) {
        return Ok(());
    }
    let mut pick = vec![0usize; axes.len()];
    loop {
        let chosen: Vec<&Segment> = axes.iter().zip(&pick).map(|(a, &k)| &a[k]).collect();
        run(&chosen)?;
        let mut axis = axes.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            pick[axis] += 1;
            if pick[axis] < axes[axis].len() {
                break;
            }
            pick[axis] = 0;
        }
    }
}
