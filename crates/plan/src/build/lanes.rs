//! Along which axis do a kernel's lanes run?
//!
//! Along the one on which the most operands lie contiguous and runs are long. Knows strides, not
//! operators.

use super::Planner;
use crate::affine::Affine;
use crate::lower::map::Across;
use crate::memory;
use crate::plan::{Input, Operand, Piece, Place};
use crate::program::{Op, Program, Value};
use tilewright_core::{DType, Grid, Shape, c_strides};
use tilewright_expr::attr::Access;

/// Elements between neighbours up to which kernels have the distance in their code.
const NEAR: i64 = 8;

/// Elements between neighbours whose distance is not known.
const APART: i64 = 1 << 20;

/// Where each operand's neighbours lie in memory, in elements; `None` for tile buffers, whose
/// order follows the lanes.
pub(super) struct Strides {
    operands: Vec<Option<Affine>>,
    /// Where the others' neighbours lie where they come from.
    origins: Vec<Option<Affine>>,
    depends: Vec<Vec<bool>>,
}

impl Strides {
    pub fn new(planner: &Planner, program: &Program, axes: usize) -> Strides {
        let lies = |operand: &Operand| {
            let piece = operand.pieces.first()?;
            Some(Affine::linear(&piece.maps, &planner.strides(piece), axes))
        };
        let buffered = |operand: &Operand| memory::is_buffered(&planner.sources, operand);
        let operands =
            (program.operands.iter()).map(|operand| lies(operand).filter(|_| !buffered(operand)));
        let origins =
            (program.operands.iter()).map(|operand| lies(operand).filter(|_| buffered(operand)));
        let depends = program
            .operands
            .iter()
            .map(|o| (0..axes).map(|axis| memory::depends(o, axis)).collect())
            .collect();
        Strides {
            operands: operands.collect(),
            origins: origins.collect(),
            depends,
        }
    }

    /// The iteration axis along which the most operands are contiguous.
    pub fn best_lane(&self, program: &Program, domain: &[i64], kept: usize, grid: &Grid) -> usize {
        let axes = domain.len();
        let reduces = kept < axes;
        let score = |axis: usize| {
            let jumps = |map: &Affine| i64::from(map.coefs[axis].abs() > 1);
            let direct = self.operands.iter().flatten().map(jumps).sum::<i64>() * 4;
            let drawn = program.affines.iter().map(jumps).sum::<i64>();
            let output = i64::from(!reduces && axis + 1 != axes) * 4;
            let run = if axis < kept {
                domain[axis]
            } else {
                grid.axes[kept..]
                    .iter()
                    .fold(1, |n: i64, a| n.saturating_mul(a.longest()))
            };
            let short = i64::from(run < 32) * 6 + i64::from(run < 8) * 6;
            let nearest = |map: &Affine| {
                let apart = (0..axes).rev().filter(|&k| map.coefs[k] != 0);
                apart.min_by_key(|&k| map.coefs[k].abs())
            };
            let nearest = self.origins.iter().flatten().filter_map(nearest);
            let gathers = nearest.filter(|&nearest| nearest != axis).count() as i64;
            direct + drawn + output + short + gathers
        };
        let candidates: Vec<usize> = if reduces {
            (0..kept).chain([axes - 1]).collect()
        } else {
            (0..axes).collect()
        };
        candidates
            .into_iter()
            .rev()
            .min_by_key(|&axis| score(axis))
            .unwrap_or(0)
    }

    /// The kept axes of a reduction, those first along which what is read lies nearer.
    pub fn kept_order(&self, kept: usize) -> Vec<usize> {
        let maps = || self.operands.iter().chain(&self.origins).flatten();
        let apart = |axis: usize| maps().map(|map| map.coefs[axis].unsigned_abs()).max();
        let mut order: Vec<usize> = (0..kept).rev().collect();
        order.sort_by_key(|&axis| apart(axis));
        order
    }

    /// An axis along which some operand is contiguous that jumps along the lanes, and all such
    /// operands.
    pub fn across(&self, lane: usize, domain: &[i64]) -> Option<Across> {
        let jumps = |map: &Affine| map.coefs.get(lane).is_some_and(|c| c.abs() > 1);
        let along = |map: &Affine, axis: usize| axis != lane && map.coefs[axis].abs() == 1;
        let long = |axis: usize| domain[axis] > 16;
        let turned = || self.operands.iter().flatten().filter(|map| jumps(map));
        let axis = turned().find_map(|map| (0..domain.len()).find(|&k| along(map, k) && long(k)));
        let axis = axis.filter(|_| long(lane))?;
        let operands = self.operands.iter().enumerate().filter_map(|(k, map)| {
            let map = map.as_ref().filter(|map| jumps(map) && along(map, axis))?;
            Some((k, Some(map.coefs[axis]).filter(|&stride| stride == 1)))
        });
        Some(Across {
            axis,
            operands: operands.collect(),
        })
    }

    /// Strides along the lanes that kernels may rely on.
    pub fn known(&self, lane: usize) -> Vec<Option<i64>> {
        self.operands
            .iter()
            .zip(&self.depends)
            .map(|(operand, depends)| match operand {
                None => Some(i64::from(depends.get(lane).copied().unwrap_or(false))),
                Some(map) => {
                    let stride = map.coefs.get(lane).copied().unwrap_or(0);
                    Some(stride).filter(|s| (0..=NEAR).contains(s))
                }
            })
            .collect()
    }

    /// The operand of f64 that a value is, if a leaf of one reduced axis can be read as it lies in it:
    /// contiguous along the lanes and not backwards along the axis.
    pub fn in_place(
        &self,
        program: &Program,
        value: Value,
        lane: usize,
        kept: usize,
    ) -> Option<usize> {
        let &Op::Load(operand) = &program.ops[value] else {
            return None;
        };
        let fits = program.operands[operand].dtype == DType::F64
            && self.depends[operand].len() == kept + 1
            && self.known(lane)[operand] == Some(1)
            && self.forward(operand);
        fits.then_some(operand)
    }

    /// Whether no stride of an operand is negative.
    pub fn forward(&self, operand: usize) -> bool {
        let forward = |map: &Affine| map.coefs.iter().all(|&stride| stride >= 0);
        self.operands[operand].as_ref().is_none_or(forward)
    }

    /// Whether an operand's elements differ along an iteration axis.
    pub fn depends_on(&self, operand: usize, axis: usize) -> bool {
        self.depends[operand][axis]
    }
}

impl Planner {
    /// Elements between neighbours along each axis of a piece.
    fn strides(&self, piece: &Piece) -> Shape {
        let k = match piece.input {
            Input::Source(k) => k,
            // Of a part only the last axis lies as in the whole.
            Input::Stage(output) if self.may_be_part(output) => {
                let mut strides = Shape::from_elem(APART, piece.shape.len());
                strides
                    .iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|last| *last = 1);
                return strides;
            }
            Input::Stage(_) => return c_strides(&piece.shape),
        };
        let strides = match &self.sources[k].place {
            Place::Memory { handle } => (self.handles.arrays.get(*handle)).map(|a| &a.strides),
            Place::Stored {
                access: Access::Mapped { strides, .. },
                ..
            } => Some(strides),
            Place::Stored { .. } | Place::Literal { .. } => None,
        };
        strides.map_or_else(|| c_strides(&piece.shape), Shape::clone)
    }
}
