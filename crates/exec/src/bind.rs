//! Where does a kernel find an operand?
//!
//! Arrays in memory are read where they are, through strides. Stored arrays, and arrays laid end to
//! end, are gathered into a tile buffer whose innermost axis is the lane axis.

use crate::account::Held;
use crate::gather::{self, Layout};
use crate::run::{Context, Opened};
use crate::segments::{Segment, segments};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tilewright_core::{AxisRange, Error, Kind, Result, Shape, c_strides};
use tilewright_io::Source;
use tilewright_plan::affine::Affine;
use tilewright_plan::{Input, Operand, Piece, Stage, memory};

/// An array in memory.
pub struct Resident<'a> {
    /// The bytes that hold it.
    pub bytes: &'a [u8],
    /// Element 0 and strides, in elements.
    pub layout: Layout,
}

/// The iterations a kernel call covers, in the stage's iteration space.
#[derive(Clone, Debug)]
pub struct Box_ {
    /// First index along each axis.
    pub from: Shape,
    /// Extent along each axis.
    pub len: Shape,
}

impl Context<'_> {
    /// The array behind an input, if it is in memory; `shape` is the one it is indexed under.
    ///
    /// # Errors
    /// [`Kind::Internal`] if a stage reads what is not there.
    pub fn resident(&self, input: Input, shape: &[i64]) -> Result<Option<Resident<'_>>> {
        let plain = |bytes| Resident {
            bytes,
            layout: Layout {
                start: 0,
                strides: c_strides(shape),
            },
        };
        match input {
            Input::Stage(output) => {
                let block = self
                    .outputs
                    .get(output.stage)
                    .and_then(|o| o.get(output.output));
                match block {
                    Some(Some(block)) => Ok(Some(plain(block.data.as_bytes()))),
                    _ => Err(Error::new(
                        Kind::Internal,
                        "a stage reads what is not there",
                    )),
                }
            }
            Input::Source(k) => Ok(match &self.sources[k] {
                Opened::Literal(bytes) => Some(plain(bytes)),
                Opened::Memory(array) => {
                    let itemsize = self.planned.plan.sources[k].dtype.itemsize();
                    let bytes = array.bytes().get(array.offset % itemsize..).unwrap_or(&[]);
                    let start = (array.offset / itemsize) as i64;
                    Some(Resident {
                        bytes,
                        layout: Layout {
                            start,
                            strides: array.strides.clone(),
                        },
                    })
                }
                Opened::Stored(_) => None,
            }),
        }
    }

    /// The bytes and the element map of an operand that is read where it is.
    ///
    /// # Errors
    /// [`Kind::Internal`] if it is not in memory.
    pub fn direct(&self, operand: &Operand, axes: usize) -> Result<(&[u8], Affine)> {
        let piece = operand
            .pieces
            .first()
            .ok_or_else(|| Error::new(Kind::Internal, "an operand without pieces"))?;
        let resident = self
            .resident(piece.input, &piece.shape)?
            .ok_or_else(|| Error::new(Kind::Internal, "a stored array is read in place"))?;
        let map = Affine::linear(&piece.maps, &resident.layout.strides, axes);
        Ok((resident.bytes, map.scaled(1, resident.layout.start)))
    }

    /// Gathers the elements of an operand that a box of iterations reads; gives the stride of each
    /// iteration axis in the tile buffer.
    ///
    /// # Errors
    /// [`Kind::Source`] if reading fails.
    pub fn gather(
        &self,
        stage: &Stage,
        operand: &Operand,
        of: &Box_,
        into: &mut Held,
        chunk: &mut Held,
    ) -> Result<Shape> {
        let axes = of.len.len();
        let used: Vec<bool> = (0..axes)
            .map(|axis| memory::depends(operand, axis))
            .collect();
        // The lane axis innermost.
        let mut order: Vec<usize> = (0..axes)
            .filter(|&k| used[k] && k != stage.tiling.lane)
            .collect();
        order.extend(Some(stage.tiling.lane).filter(|&k| k < axes && used[k]));
        let mut strides = Shape::from_elem(0, axes);
        let mut size = 1;
        for &axis in order.iter().rev() {
            strides[axis] = size;
            size *= of.len[axis];
        }
        into.resize(size as usize * operand.itemsize());
        for piece in &operand.pieces {
            let Some(part) = part_of(operand, piece, of)? else {
                continue;
            };
            let start = (0..axes)
                .map(|k| (part.from[k] - of.from[k]) * strides[k])
                .sum();
            let to = Layout {
                start,
                strides: strides.clone(),
            };
            let mut shape = part.len.clone();
            for axis in (0..axes).filter(|&axis| !used[axis]) {
                shape[axis] = 1;
            }
            let target = Target {
                bytes: into.bytes_mut(),
                itemsize: operand.itemsize(),
                layout: to,
                shape,
            };
            if piece.lookups.is_empty() {
                self.fill(piece, &part, target, chunk)?;
            } else {
                self.look_up(piece, &part, target, chunk)?;
            }
        }
        Ok(strides)
    }

    fn fill(&self, piece: &Piece, part: &Box_, target: Target<'_>, chunk: &mut Held) -> Result<()> {
        let itemsize = target.itemsize;
        if let Some(resident) = self.resident(piece.input, &piece.shape)? {
            let from = strided(piece, part, &resident.layout);
            let Target {
                bytes,
                layout,
                shape,
                ..
            } = target;
            return gather::copy(&shape, itemsize, resident.bytes, &from, bytes, &layout);
        }
        let Input::Source(number) = piece.input else {
            return Err(Error::new(
                Kind::Internal,
                "a stage's output is not in memory",
            ));
        };
        let Opened::Stored(source) = &self.sources[number] else {
            return Err(Error::new(
                Kind::Internal,
                "an array in memory is not in memory",
            ));
        };
        if let Some((bytes, array)) = mapped(source) {
            let from = strided(piece, part, &array);
            let Target {
                bytes: into,
                layout,
                shape,
                ..
            } = target;
            self.count_in_place(shape.iter().product::<i64>() as u64 * itemsize as u64);
            return gather::copy(&shape, itemsize, bytes, &from, into, &layout);
        }
        self.fill_from_chunks(number, source, piece, part, target, chunk)
    }

    /// Counts bytes read from a source that lies open in memory.
    pub(crate) fn count_in_place(&self, bytes: u64) {
        self.counters.chunks_read.fetch_add(1, Ordering::Relaxed);
        self.counters.bytes_read.fetch_add(bytes, Ordering::Relaxed);
        self.counters
            .bytes_decoded
            .fetch_add(bytes, Ordering::Relaxed);
    }

    /// What `use_it` makes of a stored chunk, which comes out of the cache if that keeps it.
    pub(crate) fn with_chunk(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        index: &[i64],
        bytes: usize,
        chunk: &mut Held,
        use_it: impl FnOnce(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let read = |into: &mut [u8]| source.read_chunk(index, into, &self.counters);
        if self.cache.keeps(bytes) {
            let held = self.cache.get(number, index, bytes, read)?;
            return use_it(held.bytes());
        }
        chunk.resize(bytes);
        read(chunk.bytes_mut())?;
        use_it(chunk.bytes())
    }

    /// Copies what each stored chunk gives.
    fn fill_from_chunks(
        &self,
        number: usize,
        source: &Arc<dyn Source>,
        piece: &Piece,
        part: &Box_,
        target: Target<'_>,
        chunk: &mut Held,
    ) -> Result<()> {
        let grid = &source.info().grid;
        let itemsize = source.info().dtype.itemsize();
        let axes: Vec<Vec<Segment>> = piece
            .maps
            .iter()
            .zip(&grid.axes)
            .map(|(map, axis)| segments(map, axis, part))
            .collect::<Result<_>>()?;
        each_choice(&axes, |chosen| {
            let index: Shape = chosen.iter().map(|s| s.chunk).collect();
            let lengths: Shape = chosen.iter().map(|s| s.chunk_len).collect();
            let bytes = lengths.iter().product::<i64>() as usize * itemsize;
            let taken = chosen.iter().zip(&piece.maps);
            let (low, taken): (Shape, Shape) = taken.map(|(s, map)| s.taken(map)).unzip();
            // A chunk that several tasks read is rather kept.
            let in_part = taken != lengths && !self.cache.keeps(bytes) && {
                chunk.resize(taken.iter().product::<i64>() as usize * itemsize);
                source.read_part(&index, &low, &taken, chunk.bytes_mut(), &self.counters)?
            };
            let strides = c_strides(if in_part { &taken } else { &lengths });
            let mut from = Layout {
                start: 0,
                strides: Shape::from_elem(0, part.len.len()),
            };
            let mut to = target.layout.clone();
            let mut shape = target.shape.clone();
            let axes = chosen.iter().zip(&piece.maps).zip(strides.iter().zip(&low));
            for ((segment, map), (stride, low)) in axes {
                from.start += (segment.offset - if in_part { *low } else { 0 }) * stride;
                if let Some(axis) = segment.axis {
                    from.strides[axis] = map.coefs[axis] * stride;
                    to.start += segment.first * to.strides[axis];
                    shape[axis] = segment.count;
                }
            }
            if in_part {
                let (bytes, into) = (chunk.bytes(), &mut *target.bytes);
                return gather::copy(&shape, itemsize, bytes, &from, into, &to);
            }
            self.with_chunk(number, source, &index, bytes, chunk, |bytes| {
                gather::copy(&shape, itemsize, bytes, &from, target.bytes, &to)
            })
        })
    }
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

/// The bytes and the layout of a source that lies open in memory.
pub(crate) fn mapped(source: &Arc<dyn Source>) -> Option<(&[u8], Layout)> {
    let mapped = source.in_place()?;
    let itemsize = source.info().dtype.itemsize();
    let layout = Layout {
        start: (mapped.offset / itemsize) as i64,
        strides: mapped.strides,
    };
    let bytes = mapped.bytes.get(mapped.offset % itemsize..).unwrap_or(&[]);
    Some((bytes, layout))
}

/// Part of a tile buffer.
pub(crate) struct Target<'a> {
    /// The buffer.
    pub bytes: &'a mut [u8],
    /// Bytes of an element.
    pub itemsize: usize,
    /// Where the part lies in it.
    pub layout: Layout,
    /// Extents along the iteration axes; 1 where the operand does not depend on one.
    pub shape: Shape,
}

/// The iterations of a box that a piece covers.
fn part_of(operand: &Operand, piece: &Piece, of: &Box_) -> Result<Option<Box_>> {
    if operand.pieces.len() == 1 {
        return Ok(Some(of.clone()));
    }
    let start = operand.along.at(&of.from);
    let mut part = of.clone();
    match operand.along.only_axis() {
        None if operand.along.is_constant() => {
            let inside = (piece.from..piece.to).contains(&start);
            Ok(inside.then_some(part))
        }
        Some(axis) => {
            let range = AxisRange::new(start, operand.along.coefs[axis], of.len[axis]);
            let (first, end) = range.positions_within(piece.from, piece.to);
            part.from[axis] += first;
            part.len[axis] = end - first;
            Ok((end > first).then_some(part))
        }
        None => Err(Error::new(
            Kind::Internal,
            "arrays laid end to end along a split axis",
        )),
    }
}

/// The layout of a part within an array of these strides.
fn strided(piece: &Piece, part: &Box_, array: &Layout) -> Layout {
    let map = Affine::linear(&piece.maps, &array.strides, part.len.len());
    Layout {
        start: map.at(&part.from) + array.start,
        strides: map.coefs,
    }
}
