//! Which argument of a kernel is what?
//!
//! Every kernel of a plan takes its integers in one order, so that whoever runs it can fill them
//! without knowing how it was lowered: extents of the iteration axes; for a reduction the flattened
//! range `[from, to)` of the chunk, the distance between state components and the elements of a
//! leaf; then `base` and one
//! coefficient per iteration axis for every operand, every affine and every output. Buffers are the
//! operands, then the outputs.

use crate::affine::Affine;
use tilewright_kernel::Index;

/// The argument order of a stage's kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Iteration axes.
    pub axes: usize,
    /// Operands.
    pub operands: usize,
    /// Index computations.
    pub affines: usize,
    /// Outputs.
    pub outputs: usize,
}

/// Integers between the extents and the first operand.
const RANGE: usize = 4;

/// What a reduction's kernel takes of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// First element of the flattened reduced index; a multiple of `leaf`.
    pub from: i64,
    /// The end of them.
    pub to: i64,
    /// Elements between the components of an output's state.
    pub component_stride: i64,
    /// Elements of a leaf: the tiling's, or a chunk's where many short chunks are one run.
    pub leaf: i64,
}

impl Layout {
    /// Number of integer arguments.
    pub fn ints(&self) -> usize {
        self.axes + RANGE + (self.operands + self.affines + self.outputs) * (self.axes + 1)
    }

    /// The extent of an iteration axis: of the tile, or of the chunk where it is reduced.
    pub fn extent(&self, axis: usize) -> Index {
        Index::Arg(axis as u32)
    }

    /// First element of the chunk's flattened reduced index to take.
    pub fn from(&self) -> Index {
        Index::Arg(self.axes as u32)
    }

    /// The end of them.
    pub fn to(&self) -> Index {
        Index::Arg(self.axes as u32 + 1)
    }

    /// Elements between the components of an output's state.
    pub fn component_stride(&self) -> Index {
        Index::Arg(self.axes as u32 + 2)
    }

    /// Elements of a leaf.
    pub fn leaf(&self) -> Index {
        Index::Arg(self.axes as u32 + 3)
    }

    fn group(&self, k: usize) -> u32 {
        (self.axes + RANGE + k * (self.axes + 1)) as u32
    }

    fn operand(&self, k: usize) -> u32 {
        self.group(k)
    }

    fn affine(&self, k: usize) -> u32 {
        self.group(self.operands + k)
    }

    fn output(&self, k: usize) -> u32 {
        self.group(self.operands + self.affines + k)
    }

    /// The coefficient of an operand along an axis, in elements.
    pub fn operand_coef(&self, k: usize, axis: usize) -> Index {
        Index::Arg(self.operand(k) + 1 + axis as u32)
    }

    /// The value of an affine that is the same everywhere.
    pub fn affine_base(&self, k: usize) -> Index {
        Index::Arg(self.affine(k))
    }

    /// The coefficient of an affine along an axis.
    pub fn affine_coef(&self, k: usize, axis: usize) -> Index {
        Index::Arg(self.affine(k) + 1 + axis as u32)
    }

    /// The coefficient of an output along an axis, in elements.
    pub fn output_coef(&self, k: usize, axis: usize) -> Index {
        Index::Arg(self.output(k) + 1 + axis as u32)
    }

    /// The element of an operand at a point.
    pub fn operand_at(&self, k: usize, point: &[Index]) -> Index {
        self.at(self.operand(k), point)
    }

    /// The value of an affine at a point.
    pub fn affine_at(&self, k: usize, point: &[Index]) -> Index {
        self.at(self.affine(k), point)
    }

    /// The element of an output at a point.
    pub fn output_at(&self, k: usize, point: &[Index]) -> Index {
        self.at(self.output(k), point)
    }

    fn at(&self, group: u32, point: &[Index]) -> Index {
        point
            .iter()
            .enumerate()
            .fold(Index::Arg(group), |sum, (axis, index)| {
                sum + index.clone() * Index::Arg(group + 1 + axis as u32)
            })
    }

    /// The buffer of an output.
    pub fn output_buffer(&self, k: usize) -> u32 {
        (self.operands + k) as u32
    }

    /// All integers in order; `maps` are those of operands, affines and outputs.
    pub fn fill(&self, extents: &[i64], range: Range, maps: &[Affine]) -> Vec<i64> {
        let mut ints = Vec::with_capacity(self.ints());
        ints.extend_from_slice(extents);
        ints.extend([range.from, range.to, range.component_stride, range.leaf]);
        for map in maps {
            ints.push(map.base);
            ints.extend_from_slice(&map.coefs);
        }
        ints
    }
}
