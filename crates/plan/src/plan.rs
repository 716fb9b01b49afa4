//! What is a plan? Plain data.
//!
//! Stages in order; each reads sources and earlier stages' outputs, runs one kernel per task and
//! stores its outputs. A task is a pure, idempotent function of (plan, stage, tile), so it can run
//! on this thread, in another process or on another machine. Absent: closures, open files, clocks,
//! threads.

use crate::affine::Affine;
use crate::tile::Tiling;
use serde::{Deserialize, Serialize};
use tilewright_core::error::Refusal;
use tilewright_core::{AxisGrid, AxisRange, DType, Grid, Scalar, Shape};
use tilewright_expr::attr::Access;
use tilewright_expr::blocks::BlockCuts;
use tilewright_kernel::fold::Finish;
use tilewright_kernel::{Fold, Kernel};

/// Version of the wire format; a plan of another one is refused.
pub const VERSION: u32 = 10;

/// What a run needs to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`VERSION`].
    pub version: u32,
    /// Arrays that are read.
    pub sources: Vec<Source>,
    /// Passes, each after those it reads.
    pub stages: Vec<Stage>,
    /// The results, in the order in which they were asked for.
    pub roots: Vec<StageOutput>,
}

/// An array that is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Where it is.
    pub place: Place,
    /// Element type.
    pub dtype: DType,
    /// Shape of the whole.
    pub shape: Shape,
}

/// Where a source is.
#[allow(clippy::large_enum_variant, reason = "a plan has a handful of sources")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// A file or store.
    Stored {
        /// Its name.
        uri: String,
        /// What it was when the plan was made.
        identity: String,
        /// Stored chunks of the whole.
        grid: Grid,
        /// Upper bound of the bytes decoding one chunk takes beside its result.
        decode_bytes: u64,
        /// How its elements are come by; kernels read what is mapped where it is.
        access: Access,
        /// Position in [`crate::Handles::sources`] of a source of the user's, which the name does
        /// not tell. A plan with one does not travel.
        user: Option<usize>,
    },
    /// An array of this process. A plan with one does not travel.
    Memory {
        /// Position in [`crate::Handles::arrays`].
        handle: usize,
    },
    /// Elements in the plan, C order.
    Literal {
        /// Native little-endian bytes.
        bytes: Vec<u8>,
    },
}

/// One output of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StageOutput {
    /// Position in [`Plan::stages`].
    pub stage: usize,
    /// Position in [`Stage::outputs`].
    pub output: usize,
}

/// What an operand reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// Position in [`Plan::sources`].
    Source(usize),
    /// An earlier stage's output: C order, in memory.
    Stage(StageOutput),
}

/// An array as a stage reads it: one piece, or several end to end along one coordinate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operand {
    /// Element type.
    pub dtype: DType,
    /// The coordinate along which pieces follow each other; meaningless for one piece.
    pub along: Affine,
    /// The pieces, in order of `from`.
    pub pieces: Vec<Piece>,
}

/// The part of an operand that one array gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Piece {
    /// The array.
    pub input: Input,
    /// Shape under which it is indexed: its own, or `[n]` for a C-order array indexed linearly.
    pub shape: Shape,
    /// Index along each axis of `shape`; meaningless for those that are looked up.
    pub maps: Vec<Affine>,
    /// Axes of `shape` whose index other arrays hold.
    pub lookups: Vec<Lookup>,
    /// The coordinates `[from, to)` that it covers.
    pub from: i64,
    /// End of them.
    pub to: i64,
}

/// An axis of a piece whose index is an element of another array, which is in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lookup {
    /// The axis.
    pub axis: usize,
    /// The array of i64 that holds the indices; negative ones count from the end.
    pub input: Input,
    /// Its shape.
    pub shape: Shape,
    /// Index along each of its axes.
    pub maps: Vec<Affine>,
    /// The points of the axis that the indices count.
    pub points: AxisRange,
    /// What is said of an index out of range, where there is more to say than that.
    pub refusal: Option<Refusal>,
}

/// An output of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Element type.
    pub dtype: DType,
    /// Shape.
    pub shape: Shape,
    /// Chunks, where it is stored.
    pub grid: Grid,
    /// For a reduction: what is kept and what becomes of it.
    pub fold: Option<(Fold, Finish)>,
    /// Value where nothing is reduced.
    pub empty: Scalar,
}

/// What a stage costs, in closed form from shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Iterations of the body.
    pub elements: f64,
    /// Random numbers drawn.
    pub drawn: f64,
    /// Bytes of outputs.
    pub bytes_stored: f64,
    /// Bytes of operands in memory, each element once.
    pub bytes_loaded: f64,
    /// Stored chunks to read, an upper bound.
    pub chunks: f64,
    /// Decoded bytes to read, an upper bound.
    pub bytes_read: f64,
}

/// One pass: the same kernel over every tile of an iteration box.
///
/// Iteration axes are the kept axes in the outputs' order, then the reduced axes in the order in
/// which they are flattened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What it does, for people.
    pub label: String,
    /// Lengths of the iteration axes.
    pub domain: Shape,
    /// How many of them are kept; all, but for a reduction.
    pub kept: usize,
    /// Chunk grid over the iteration axes; of reduced axes it fixes the tree.
    pub grid: Grid,
    /// What it reads.
    pub operands: Vec<Operand>,
    /// Index computations the kernel takes as arguments: draws' counters, indices.
    pub affines: Vec<Affine>,
    /// The kernel's scalar arguments.
    pub scalars: Vec<Scalar>,
    /// What it stores.
    pub outputs: Vec<Output>,
    /// For functions of rows: which rows, and their buffers.
    pub rows: Option<Rows>,
    /// For functions of blocks: which function, and which blocks.
    pub blocks: Option<Blocks>,
    /// How it is cut into tasks.
    pub tiling: Tiling,
    /// The stage within whose tasks it is computed; none where it has tasks of its own.
    pub within: Option<Within>,
    /// The earlier stage whose tasks its own alternate with; none where they run by themselves, after
    /// those of the stages before.
    pub abreast: Option<usize>,
    /// What a task runs.
    pub kernel: Kernel,
    /// Bytes that writing one chunk of its output to a store takes; 0 if it goes to none.
    pub store_bytes: u64,
    /// What it costs.
    pub work: Work,
}

/// Where a stage is computed that has no tasks: each task of another one computes the part that it
/// reads, in memory of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// The position of that stage, a later one.
    pub stage: usize,
    /// For each axis of the output, the least index that an iteration of that stage reads.
    pub maps: Vec<Affine>,
    /// How far behind it the greatest is.
    pub reach: Vec<i64>,
}

impl Within {
    /// First index and extent along each axis of an output of this shape that a box of iterations
    /// reads.
    pub fn part(&self, from: &[i64], len: &[i64], shape: &[i64]) -> (Shape, Shape) {
        let along = |((map, reach), &end): ((&Affine, &i64), &i64)| {
            let (low, high) = map.range(from, len);
            let (first, last) = (low.max(0), high.saturating_add(*reach).min(end - 1));
            (first, last.saturating_sub(first).saturating_add(1).max(0))
        };
        let axes = self.maps.iter().zip(&self.reach).zip(shape);
        axes.map(along).unzip()
    }

    /// Extents of the longest part that boxes of these extents read.
    pub fn longest(&self, extents: &[i64], shape: &[i64]) -> Shape {
        let axes = self.maps.iter().zip(&self.reach).zip(shape);
        axes.map(|((map, reach), &all)| {
            let steps = map.coefs.iter().zip(extents);
            let reached = steps.fold(*reach, |n, (coef, len)| {
                n.saturating_add(coef.saturating_abs().saturating_mul((len - 1).max(0)))
            });
            reached.saturating_add(1).min(all)
        })
        .collect()
    }
}

/// What a stage of functions of rows does beside its kernel.
///
/// Its iteration axes are those of the result that tiles cut, in their order, then the axes that
/// only arguments have: the row's, and that of a row beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// The result's axis that each iteration axis walks; of the row's, the one its result lies
    /// along; none where the result knows no such axis.
    pub walks: Vec<Option<usize>>,
    /// Elements of the result that one call makes, where they do not lie along an iteration axis.
    pub made: Option<i64>,
    /// How many iteration axes make a row, from the first that is not kept on.
    pub axes: usize,
    /// Memory beside operands and output that one task needs, longest rows: dtype and elements.
    pub buffers: Vec<(DType, i64)>,
}

/// What a stage of a function of blocks does beside its kernel.
///
/// Its iteration axes are those of the arguments, which the kernel stores block by block; the
/// result's axes are as many, and tiles cut those.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blocks {
    /// Number of a handle: a function of this process. A plan with one does not travel.
    pub function: usize,
    /// What it is called.
    pub name: String,
    /// Which blocks.
    pub cuts: BlockCuts,
    /// Element types of the arguments.
    pub dtypes: Vec<DType>,
    /// Bytes that one call takes for itself.
    pub bytes: u64,
}

impl Blocks {
    /// Bytes of the longest blocks of arguments of this shape, of each argument.
    pub fn argument_bytes(&self, shape: &[i64]) -> Vec<u64> {
        let elements = product(&self.cuts.longest(shape));
        let size = |dtype: &DType| elements.saturating_mul(dtype.itemsize() as u64);
        self.dtypes.iter().map(size).collect()
    }

    /// Elements of the longest block of the result.
    pub fn made(&self) -> u64 {
        product(&self.cuts.made.longest())
    }

    /// Elements of the longest array that the function gives for arguments of this shape, of which
    /// a halo may be cut off.
    pub fn given(&self, shape: &[i64]) -> u64 {
        self.made().max(product(&self.cuts.longest(shape)))
    }
}

fn product(lengths: &[i64]) -> u64 {
    let lengths = lengths.iter().map(|&len| len.max(0) as u64);
    lengths.fold(1, u64::saturating_mul)
}

impl Rows {
    /// Whether tiles cut the result along the rows.
    pub fn follows(&self) -> bool {
        self.made.is_none()
    }
}

impl Plan {
    /// The stages that are computed within the tasks of another, in their order.
    pub fn parts(&self, of: usize) -> impl Iterator<Item = (usize, &Stage, &Within)> {
        let stages = self.stages.iter().enumerate();
        stages.filter_map(move |(k, stage)| {
            let within = stage.within.as_ref().filter(|w| w.stage == of)?;
            Some((k, stage, within))
        })
    }
}

impl Stage {
    /// The position of the stage whose tasks read what it reads: its own, which is `k`, or that within
    /// which it is computed.
    pub fn reader(&self, k: usize) -> usize {
        self.within.as_ref().map_or(k, |within| within.stage)
    }

    /// Iterations of a body of these extents: what only rows beside the row count is left out.
    pub fn iterations(&self, extents: &[i64]) -> i64 {
        let counted = match &self.rows {
            Some(rows) if rows.follows() => self.kept,
            Some(rows) => self.kept + rows.axes,
            None => extents.len(),
        };
        let counted = &extents[..counted.min(extents.len())];
        counted.iter().fold(1i64, |n, &len| n.saturating_mul(len))
    }

    /// Arrays that its kernel stores.
    pub fn stored(&self) -> usize {
        self.blocks
            .as_ref()
            .map_or(self.outputs.len(), |blocks| blocks.dtypes.len())
    }

    /// How tasks cut a kept axis of what they read.
    pub fn read_cuts(&self, axis: usize) -> &AxisGrid {
        let own = self.blocks.as_ref().map(|blocks| &blocks.cuts.own.axes);
        own.and_then(|own| own.get(axis))
            .unwrap_or(&self.tiling.kept[axis])
    }

    /// Whether axes fold away.
    pub fn reduces(&self) -> bool {
        self.outputs.iter().any(|output| output.fold.is_some())
    }
}

impl Operand {
    /// Bytes per element.
    pub fn itemsize(&self) -> usize {
        self.dtype.itemsize()
    }
}

impl Piece {
    /// The arrays that it reads: its own, and those that hold its indices.
    pub fn inputs(&self) -> impl Iterator<Item = Input> + '_ {
        std::iter::once(self.input).chain(self.lookups.iter().map(|lookup| lookup.input))
    }

    /// Whether its indices along these iteration axes are looked up.
    pub fn looks_up(&self, axis: usize) -> bool {
        let mut maps = self.lookups.iter().flat_map(|lookup| &lookup.maps);
        maps.any(|map| map.coefs[axis] != 0)
    }
}
