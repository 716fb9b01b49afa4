//! Where does a kernel find an operand?
//!
//! Arrays in memory, and files that lie open there, are read where they are, through strides; a stored
//! chunk that is just what a task wants, where it was decoded. Else stored arrays, and arrays laid
//! end to end, are gathered into a tile buffer whose innermost axis is the lane axis.

use crate::account::Held;
use crate::boxes::Box_;
use crate::gather::{self, Layout};
use crate::opened::Opened;
use crate::parts::Part;
use crate::raw;
use crate::run::Context;
use crate::worker::Tile;
use std::sync::Arc;
use tilewright_core::{AxisRange, Error, Kind, Result, Shape, c_strides};
use tilewright_io::Source;
use tilewright_kernel::interp::RawBuffer;
use tilewright_plan::affine::Affine;
use tilewright_plan::{Input, Operand, Piece, Stage, memory};

/// An array in memory.
pub struct Resident<'a> {
    /// The bytes that hold it.
    pub bytes: &'a [u8],
    /// Element 0 and strides, in elements.
    pub layout: Layout,
}

/// What a task finds its operands in.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The run.
    pub context: &'a Context<'a>,
    /// What the task has made itself.
    pub parts: &'a [Part],
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
                Opened::Mapped(source) => Some(still_mapped(source)?),
                Opened::Stored(_) => None,
            }),
        }
    }

    /// Counts elements that are read of an input, if it is a file that lies open in memory.
    pub(crate) fn count_in_place(&self, input: Input, elements: i64) {
        let Input::Source(number) = input else {
            return;
        };
        if let Opened::Mapped(source) = &self.sources[number] {
            let bytes = elements as usize * source.info().dtype.itemsize();
            self.counters.read_in_place(bytes);
        }
    }
}

impl<'a> View<'a> {
    /// The array behind an input, if it is in memory, or the part of it that the task has made.
    fn resident(&self, input: Input, shape: &[i64]) -> Result<Option<Resident<'a>>> {
        if let Input::Stage(output) = input
            && let Some(part) = self.parts.iter().find(|part| part.stage == output.stage)
        {
            return Ok(Some(part.resident()));
        }
        self.context.resident(input, shape)
    }

    /// The memory and the element map of an operand for a box of iterations; what is copied, or
    /// decoded, goes into `tile`.
    ///
    /// # Errors
    /// [`Kind::Source`] if reading fails.
    pub fn place(
        &self,
        stage: &Stage,
        operand: &Operand,
        of: &Box_,
        tile: &mut Tile,
        chunk: &mut Held,
    ) -> Result<(RawBuffer, Affine)> {
        tile.shared = None;
        let resides = !memory::is_buffered(&self.context.planned.plan.sources, operand);
        if let Some(piece) = only_piece(operand, of)? {
            let lies = |map: &Affine| resides || lies_as_gathered(stage, operand, map);
            if let Some((bytes, map)) = self.direct(piece, of)?.filter(|(_, map)| lies(map)) {
                let read = (0..of.len.len()).filter(|&axis| memory::depends(operand, axis));
                self.context
                    .count_in_place(piece.input, read.map(|axis| of.len[axis]).product());
                return Ok((raw::readable(bytes), map));
            }
            if let Some(map) = self.context.decode(stage, operand, piece, of, tile)? {
                return Ok((raw::readable(tile.bytes()), map));
            }
        }
        let map = self.gather(stage, operand, of, &mut tile.own, chunk)?;
        Ok((raw::readable(tile.bytes()), map))
    }

    /// The bytes and the element map of a piece that is in memory.
    fn direct(&self, piece: &Piece, of: &Box_) -> Result<Option<(&'a [u8], Affine)>> {
        let resident = self.resident(piece.input, &piece.shape)?;
        Ok(resident.map(|resident| {
            let map = Affine::linear(&piece.maps, &resident.layout.strides, of.len.len());
            (resident.bytes, map.scaled(1, resident.layout.start))
        }))
    }

    /// Gathers the elements of an operand that a box of iterations reads; gives their map in the
    /// tile buffer, whose innermost axis is the lane axis.
    fn gather(
        &self,
        stage: &Stage,
        operand: &Operand,
        of: &Box_,
        into: &mut Held,
        chunk: &mut Held,
    ) -> Result<Affine> {
        let axes = of.len.len();
        let order = order(stage, operand);
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
            for axis in (0..axes).filter(|axis| !order.contains(axis)) {
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
                self.context.look_up(piece, &part, target, chunk)?;
            }
        }
        let start = strides.iter().zip(&of.from);
        Ok(Affine {
            base: -start.map(|(stride, from)| stride * from).sum::<i64>(),
            coefs: strides,
        })
    }

    fn fill(&self, piece: &Piece, part: &Box_, target: Target<'_>, chunk: &mut Held) -> Result<()> {
        if let Some(resident) = self.resident(piece.input, &piece.shape)? {
            let from = strided(piece, part, &resident.layout);
            let Target {
                bytes,
                itemsize,
                layout,
                shape,
            } = target;
            self.context
                .count_in_place(piece.input, shape.iter().product());
            return gather::copy(&shape, itemsize, resident.bytes, &from, bytes, &layout);
        }
        let Input::Source(number) = piece.input else {
            return Err(Error::new(
                Kind::Internal,
                "a stage's output is not in memory",
            ));
        };
        let Opened::Stored(source) = &self.context.sources[number] else {
            return Err(Error::new(
                Kind::Internal,
                "an array in memory is not in memory",
            ));
        };
        self.context
            .fill_from_chunks(number, source, piece, part, target, chunk)
    }
}

/// A source that lay open in memory when it was opened.
///
/// # Errors
/// [`Kind::Source`] if it does so no more: its file was cut short.
fn still_mapped(source: &Arc<dyn Source>) -> Result<Resident<'_>> {
    if let Some(resident) = mapped(source) {
        return Ok(resident);
    }
    source.check_identity()?;
    let error = Error::new(Kind::Source, "the file can be read through its map no more");
    Err(error
        .fact("array", source.info().uri.as_str())
        .way_out("open it again when nothing writes to it"))
}

/// A source that lies open in memory.
fn mapped(source: &Arc<dyn Source>) -> Option<Resident<'_>> {
    let place = source.in_place()?;
    let itemsize = source.info().dtype.itemsize();
    Some(Resident {
        bytes: place.bytes.get(place.offset % itemsize..).unwrap_or(&[]),
        layout: Layout {
            start: (place.offset / itemsize) as i64,
            strides: place.strides,
        },
    })
}

/// The iteration axes that an operand depends on, in the order of its tile buffer: the lane axis
/// innermost.
pub(crate) fn order(stage: &Stage, operand: &Operand) -> Vec<usize> {
    let used = (0..stage.domain.len()).filter(|&axis| memory::depends(operand, axis));
    let (lane, mut order): (Vec<usize>, Vec<usize>) =
        used.partition(|&axis| axis == stage.tiling.lane);
    order.extend(lane);
    order
}

/// Whether elements lie as kernels take them from a tile buffer: forward, its innermost axis
/// contiguous.
pub(crate) fn lies_as_gathered(stage: &Stage, operand: &Operand, map: &Affine) -> bool {
    let order = order(stage, operand);
    map.coefs.iter().all(|&stride| stride >= 0)
        && order.last().is_none_or(|&axis| map.coefs[axis] == 1)
}

/// The piece that alone covers a box of iterations, if it looks nothing up.
fn only_piece<'a>(operand: &'a Operand, of: &Box_) -> Result<Option<&'a Piece>> {
    for piece in &operand.pieces {
        if let Some(part) = part_of(operand, piece, of)? {
            let alone = part.len == of.len && piece.lookups.is_empty();
            return Ok(Some(piece).filter(|_| alone));
        }
    }
    Ok(None)
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
pub(crate) fn part_of(operand: &Operand, piece: &Piece, of: &Box_) -> Result<Option<Box_>> {
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
