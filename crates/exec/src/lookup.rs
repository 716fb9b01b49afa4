//! What do index arrays take, chunk by chunk?
//!
//! The points that the indices of a box mean are found first, and refused if they lie outside.
//! From an array in memory each element is copied to where it is wanted; of a stored one the places
//! are taken in the order of its chunks, so that each chunk is read once. Absent: kernels, which
//! see a tile buffer like any other.

use crate::account::Held;
use crate::bind::Target;
use crate::boxes::Box_;
use crate::decode::each_choice;
use crate::gather::{self, Layout};
use crate::opened::Opened;
use crate::run::Context;
use crate::segments::{Segment, segments};
use std::sync::Arc;
use tilewright_core::region::point;
use tilewright_core::{Error, Kind, Result, Shape, c_strides};
use tilewright_io::Source;
use tilewright_plan::affine::Affine;
use tilewright_plan::{Input, Lookup, Piece};

/// The places of a box that differ in their indices, in C order.
struct Places {
    /// The iteration axes along which they lie.
    axes: Vec<usize>,
    /// For each axis of the array its point at every place; `None` where a place takes a range.
    points: Vec<Option<Vec<i64>>>,
    /// Where in the target each place begins.
    to: Vec<i64>,
    /// Counts the memory of all of this.
    _held: Held,
}

/// An array, or a chunk of one, as places find their elements in it.
struct From<'a> {
    bytes: &'a [u8],
    /// Element 0 of a place at point 0, and strides of the iteration axes.
    layout: Layout,
    /// Elements between neighbours along each axis of the array.
    weights: Shape,
}

impl Context<'_> {
    /// Copies the elements that a box of iterations looks up.
    ///
    /// # Errors
    /// [`Kind::Index`] for an index out of range, [`Kind::Source`] if reading fails.
    pub(crate) fn look_up(
        &self,
        piece: &Piece,
        part: &Box_,
        mut target: Target<'_>,
        chunk: &mut Held,
    ) -> Result<()> {
        if target.shape.contains(&0) {
            return Ok(());
        }
        let places = self.places(piece, part, &target)?;
        for &axis in &places.axes {
            target.shape[axis] = 1;
        }
        let all: Vec<usize> = (0..places.to.len()).collect();
        let resident = self.resident(piece.input, &piece.shape)?;
        if let Some(resident) = resident {
            let elements = target.shape.iter().product::<i64>() * all.len() as i64;
            self.count_in_place(piece.input, elements);
            let from = whole(&places, piece, part, resident.bytes, &resident.layout);
            return places.copy(&all, &from, &mut target);
        }
        let Input::Source(number) = piece.input else {
            return Err(internal("a stage's output is not in memory"));
        };
        let Opened::Stored(source) = &self.sources[number] else {
            return Err(internal("an array in memory is not in memory"));
        };
        self.copy_from_chunks(number, source, &places, piece, part, target, chunk)
    }

    /// The places of a box, and the points that indices mean there.
    fn places(&self, piece: &Piece, part: &Box_, target: &Target<'_>) -> Result<Places> {
        let axes: Vec<usize> = (0..part.len.len())
            .filter(|&axis| piece.looks_up(axis))
            .collect();
        let lens: Shape = axes.iter().map(|&axis| part.len[axis]).collect();
        let count = lens.iter().product::<i64>() as u64;
        let held = self
            .account
            .reserve(8 * (piece.maps.len() as u64 + 3) * count);
        let along = |strides: &[i64]| -> Shape { axes.iter().map(|&axis| strides[axis]).collect() };
        let mut points = Vec::new();
        for (axis, map) in piece.maps.iter().enumerate() {
            let lookup = piece.lookups.iter().find(|lookup| lookup.axis == axis);
            let fixed = map.is_constant() || axes.iter().any(|&k| map.coefs[k] != 0);
            points.push(match lookup {
                Some(lookup) => Some(self.indices(lookup, part, &axes, &lens)?),
                None if fixed => Some(values(&lens, map.at(&part.from), &along(&map.coefs))),
                None => None,
            });
        }
        Ok(Places {
            to: values(&lens, target.layout.start, &along(&target.layout.strides)),
            axes,
            points,
            _held: held,
        })
    }

    /// The points that an index array means at every place.
    fn indices(
        &self,
        lookup: &Lookup,
        part: &Box_,
        axes: &[usize],
        lens: &[i64],
    ) -> Result<Vec<i64>> {
        let resident = self
            .resident(lookup.input, &lookup.shape)?
            .ok_or_else(|| internal("indices are not in memory"))?;
        let strides = &resident.layout.strides;
        let map = Affine::linear(&lookup.maps, strides, part.len.len());
        let start = map.at(&part.from) + resident.layout.start;
        let coefs: Shape = axes.iter().map(|&axis| map.coefs[axis]).collect();
        let mut found = values(lens, start, &coefs);
        for at in &mut found {
            let bytes = usize::try_from(*at).ok().and_then(|at| {
                let from = at.checked_mul(8)?;
                resident
                    .bytes
                    .get(from..from.checked_add(8)?)?
                    .try_into()
                    .ok()
            });
            let bytes: [u8; 8] = bytes.ok_or_else(|| internal("indices outside their array"))?;
            let index = i64::from_le_bytes(bytes);
            let point = point(index, lookup.points.len, "an axis");
            let refused = |error| match &lookup.refusal {
                Some(refusal) => refusal.error(),
                None => error,
            };
            *at = (lookup.points).at(point.map_err(refused)?);
        }
        Ok(found)
    }

    /// Reads each chunk that a place falls into once.
    #[allow(clippy::too_many_arguments, reason = "what a copy needs, each once")]
    fn copy_from_chunks(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        places: &Places,
        piece: &Piece,
        part: &Box_,
        mut target: Target<'_>,
        chunk: &mut Held,
    ) -> Result<()> {
        let grid = &source.info().grid;
        // The chunk of each place, as a number; places in the order of their chunks.
        let mut keys = vec![0i64; places.to.len()];
        for (points, axis) in places.points.iter().zip(&grid.axes) {
            for (key, &point) in keys.iter_mut().zip(points.iter().flatten()) {
                *key = key
                    .wrapping_mul(axis.chunks())
                    .wrapping_add(axis.chunk_of(point));
            }
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|&place| keys[place]);
        for together in order.chunk_by(|&a, &b| keys[a] == keys[b]) {
            let first = together[0];
            let mut axes = Vec::new();
            for ((map, axis), points) in piece.maps.iter().zip(&grid.axes).zip(&places.points) {
                axes.push(match points {
                    Some(points) => vec![Segment::at(axis, points[first])],
                    None => segments(map, axis, part)?,
                });
            }
            each_choice(&axes, |chosen| {
                let lengths: Shape = chosen.iter().map(|s| s.chunk_len).collect();
                let weights = c_strides(&lengths);
                let mut layout = Layout {
                    start: 0,
                    strides: Shape::from_elem(0, part.len.len()),
                };
                let (kept, start) = (target.shape.clone(), target.layout.start);
                for (k, segment) in chosen.iter().enumerate() {
                    match segment.axis {
                        Some(axis) => {
                            layout.start += segment.offset * weights[k];
                            layout.strides[axis] = piece.maps[k].coefs[axis] * weights[k];
                            target.layout.start += segment.first * target.layout.strides[axis];
                            target.shape[axis] = segment.count;
                        }
                        // Points count from the start of the array.
                        None => layout.start -= segment.low * weights[k],
                    }
                }
                let shift = target.layout.start - start;
                let index: Shape = chosen.iter().map(|s| s.chunk).collect();
                let bytes =
                    lengths.iter().product::<i64>() as usize * source.info().dtype.itemsize();
                self.with_chunk(number, source, &index, bytes, chunk, |bytes| {
                    let from = From {
                        bytes,
                        layout: layout.clone(),
                        weights: weights.clone(),
                    };
                    places.copy_shifted(together, &from, &mut target, shift)
                })?;
                (target.shape, target.layout.start) = (kept, start);
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl Places {
    /// Copies what these places take.
    fn copy(&self, which: &[usize], from: &From<'_>, target: &mut Target<'_>) -> Result<()> {
        self.copy_shifted(which, from, target, 0)
    }

    /// The same, so many elements further in the target.
    fn copy_shifted(
        &self,
        which: &[usize],
        from: &From<'_>,
        target: &mut Target<'_>,
        shift: i64,
    ) -> Result<()> {
        let itemsize = target.itemsize;
        let at = |place: usize| {
            let fixed = self.points.iter().zip(&from.weights);
            let terms = fixed.filter_map(|(points, weight)| Some(points.as_ref()?[place] * weight));
            from.layout.start + terms.sum::<i64>()
        };
        let single = target.shape.iter().product::<i64>() == 1;
        let mut next = 0;
        while next < which.len() {
            let first = which[next];
            let (start, to) = (at(first), self.to[first] + shift);
            next += 1;
            if !single {
                let from_layout = Layout {
                    start,
                    strides: from.layout.strides.clone(),
                };
                let to_layout = Layout {
                    start: to,
                    strides: target.layout.strides.clone(),
                };
                let shape = &target.shape;
                gather::copy(
                    shape,
                    itemsize,
                    from.bytes,
                    &from_layout,
                    target.bytes,
                    &to_layout,
                )?;
                continue;
            }
            // Places whose elements follow each other on both sides are copied together.
            let mut count = 1;
            while next < which.len()
                && self.to[which[next]] + shift == to + count
                && at(which[next]) == start + count
            {
                (count, next) = (count + 1, next + 1);
            }
            gather::copy_run(itemsize, from.bytes, start, target.bytes, to, count)?;
        }
        Ok(())
    }
}

/// An array that lies whole in memory.
fn whole<'a>(
    places: &Places,
    piece: &Piece,
    part: &Box_,
    bytes: &'a [u8],
    array: &Layout,
) -> From<'a> {
    let mut layout = Layout {
        start: array.start,
        strides: Shape::from_elem(0, part.len.len()),
    };
    for ((map, points), weight) in piece.maps.iter().zip(&places.points).zip(&array.strides) {
        if points.is_none() {
            layout.start += map.at(&part.from) * weight;
            for (stride, coef) in layout.strides.iter_mut().zip(&map.coefs) {
                *stride += coef * weight;
            }
        }
    }
    From {
        bytes,
        layout,
        weights: array.strides.clone(),
    }
}

/// `start + Σ coefs[k]·i_k` at every point of a box, in C order.
fn values(lens: &[i64], start: i64, coefs: &[i64]) -> Vec<i64> {
    let mut values = vec![start];
    for (&len, &coef) in lens.iter().zip(coefs) {
        values = values
            .iter()
            .flat_map(|&at| (0..len).map(move |i| at + coef * i))
            .collect();
    }
    values
}

fn internal(message: &str) -> Error {
    Error::new(Kind::Internal, message)
}
