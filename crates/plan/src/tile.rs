//! How is a stage cut into tasks?
//!
//! Kept axes are cut by a tile grid; what is reduced is cut at nodes of the canonical tree, so that
//! no cut changes a bit: many small chunks make one task, a large chunk many. A stage that reads
//! stored chunks follows them. Knows nothing of threads: a tile may depend on the budget, never on
//! the number of workers.

use serde::{Deserialize, Serialize};
use tilewright_core::tree::{self, LEAF};
use tilewright_core::{AxisGrid, Grid};

/// How a stage is cut into tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tiling {
    /// Tiles of each kept axis.
    pub kept: Vec<AxisGrid>,
    /// What a task takes of the reduced axes.
    pub span: Span,
    /// What a kernel folds before it combines lanes.
    pub leaves: Leaves,
    /// Iteration axis along which the kernel's lanes run.
    pub lane: usize,
    /// Why it is cut so, for people.
    pub because: String,
}

/// What a task takes of the reduced axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// Nothing is reduced.
    None,
    /// Whole rows: a chunk of the row's axis.
    Rows,
    /// Whole rows, so many elements of each at a time, from first to last.
    Parts(i64),
    /// A node of this level of a chunk's tree of leaves.
    Leaves(u32),
    /// A node of this level of the tree of chunks.
    Chunks(u32),
}

/// What a kernel takes for a leaf of a reduction's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leaves {
    /// The tree's own: up to [`LEAF`] elements of a chunk.
    Own,
    /// [`LEAF`] chunks of one element each, which are a tree by themselves.
    Single,
    /// As many elements as there are: no order changes a bit.
    Any,
}

impl Leaves {
    /// The most elements of one.
    pub fn elements(self) -> i64 {
        match self {
            Leaves::Own | Leaves::Single => LEAF,
            Leaves::Any => LONG_LEAF,
        }
    }
}

/// What the choice of tiles looks at.
pub struct Question<'a> {
    /// Lengths of the iteration axes.
    pub domain: &'a [i64],
    /// How many are kept.
    pub kept: usize,
    /// Chunks over the iteration axes.
    pub grid: &'a Grid,
    /// Whether stored chunks are read.
    pub stored: bool,
    /// Stored chunks of the output, where it goes to a store.
    pub align: Option<&'a Grid>,
    /// The lane axis.
    pub lane: usize,
    /// The kept axes in the order in which a tile grows along them, behind the lane axis.
    pub order: Vec<usize>,
    /// An axis walked in squares with the lane axis.
    pub across: Option<usize>,
    /// The axis of the lines of a product of matrices, whose columns run along the lane axis.
    pub lines: Option<usize>,
    /// What a kernel takes for a leaf.
    pub leaves: Leaves,
    /// Whether axes that are not kept are whole rows.
    pub rows: bool,
    /// Iterations a task should have.
    pub target: i64,
}

/// Iterations of a task of wide elements: about 1 MiB of f64 for each operand, a fraction of a second-level cache,
/// and some 30 µs of the cheapest work, so that handing out tasks costs a few percent at most.
pub const TARGET: i64 = 1 << 17;
/// Outputs at least of a task whose reduction runs row by row: rows of 8 KiB.
const ROW: i64 = 1 << 10;
/// Highest level of a node of leaves: what the kernel's stack holds.
const MOST_LEAVES: u32 = 16;
/// Iterations above which a task takes part of a chunk even of a stored one.
const MOST_STORED: i64 = 1 << 24;
/// Elements of a leaf whose order does not matter; half sums of integers hold more.
const LONG_LEAF: i64 = 1 << 24;
/// Lines and columns of a tile of a product of matrices: a million products for each 64 that are added.
const PRODUCTS: [i64; 2] = [64, 256];
/// Edge of the square sub-tiles in which operands that run across each other are walked: a square
/// of f64 is 32 KiB, and each cache line is used whole before it leaves.
pub const SQUARE: i64 = 64;

/// The tiling of a stage.
pub fn tiling(question: &Question<'_>) -> Tiling {
    let (kept, mut because) = kept_tiles(question);
    let outputs: i64 = kept.iter().map(|axis| axis.longest().max(1)).product();
    let span = span(question, outputs);
    match span {
        Span::None => {}
        Span::Rows | Span::Parts(_) => because += "; whole rows",
        Span::Leaves(level) => {
            because += &format!("; {} of a chunk's elements a task", LEAF << level);
        }
        Span::Chunks(0) => because += "; a chunk a task",
        Span::Chunks(level) => because += &format!("; {} chunks a task", 1i64 << level),
    }
    Tiling {
        kept,
        span,
        leaves: question.leaves,
        lane: question.lane,
        because,
    }
}

fn kept_tiles(question: &Question<'_>) -> (Vec<AxisGrid>, String) {
    let reduced: i64 = question.grid.axes[question.kept..]
        .iter()
        .fold(1, |n, axis| n.saturating_mul(axis.longest().max(1)));
    // Row by row wants long rows; leaf by leaf wants one leaf run to fill the task.
    let rows = question.lane < question.kept && question.kept < question.domain.len();
    let target = match (question.kept == question.domain.len(), rows) {
        (true, _) => question.target,
        (false, true) if question.rows => question.target,
        (false, true) => {
            // Few rows leave room for longer ones, all chunks of them in one task.
            let chunks = question.grid.axes[question.kept..]
                .iter()
                .fold(1i64, |n, axis| n.saturating_mul(axis.chunks().max(1)));
            let rows = reduced.saturating_mul(1i64 << tree::root_level(chunks).min(62));
            (question.target / rows).clamp(ROW.min(question.target), question.target)
        }
        (false, false) => (question.target / reduced.max(1)).max(1),
    };
    if let Some(grid) = question.align {
        let mut tiles = coarsen(&grid.axes, target, None);
        // An array without axes is one iteration.
        tiles.resize(question.kept, AxisGrid::whole(1));
        return (tiles, "tiles follow the chunks that are written".to_owned());
    }
    if question.stored {
        let tiles = coarsen(&question.grid.axes[..question.kept], target, Some(reduced));
        return (tiles, "tiles follow the chunks that are read".to_owned());
    }
    if let Some(lines) = question.lines {
        let edges = [(lines, PRODUCTS[0]), (question.lane, PRODUCTS[1])];
        let tile = |axis: usize| {
            let edge = edges.iter().find(|edge| edge.0 == axis);
            AxisGrid::regular(question.domain[axis], edge.map_or(1, |edge| edge.1))
        };
        let because = format!(
            "a product of matrices: {} lines by {} columns",
            PRODUCTS[0], PRODUCTS[1]
        );
        return ((0..question.kept).map(tile).collect(), because);
    }
    if let Some(across) = question.across {
        let edge = (target as f64).sqrt() as i64;
        let edge = if edge > SQUARE {
            edge / SQUARE * SQUARE
        } else {
            edge
        };
        let tile = |axis: usize| {
            let len = question.domain[axis];
            AxisGrid::regular(
                len,
                if axis == across || axis == question.lane {
                    edge
                } else {
                    1
                },
            )
        };
        let because = format!(
            "square tiles: axes {across} and {} run across",
            question.lane
        );
        return ((0..question.kept).map(tile).collect(), because);
    }
    let mut sizes = vec![1; question.kept];
    let mut size = 1i64;
    let lane_first = (question.order.iter().copied()).filter(|&axis| axis != question.lane);
    let order = Some(question.lane)
        .filter(|&lane| lane < question.kept)
        .into_iter();
    for axis in order.chain(lane_first) {
        let len = question.domain[axis].max(1);
        sizes[axis] = len.min((target / size).max(1));
        size = size.saturating_mul(sizes[axis]);
    }
    let cut = |(axis, &size): (usize, &i64)| AxisGrid::regular(question.domain[axis], size);
    (
        sizes.iter().enumerate().map(cut).collect(),
        format!("{target} outputs a tile, rows first"),
    )
}

/// The grid with several neighbouring chunks in one tile, last axis first, up to `target`
/// elements; `more` is what each of them stands for.
fn coarsen(axes: &[AxisGrid], target: i64, more: Option<i64>) -> Vec<AxisGrid> {
    let longest = |axis: &AxisGrid| axis.longest().max(1);
    let mut size = axes
        .iter()
        .fold(more.unwrap_or(1), |n, axis| n.saturating_mul(longest(axis)));
    let mut tiles = axes.to_vec();
    for axis in tiles.iter_mut().rev() {
        let times = (target / size.max(1)).clamp(1, axis.chunks());
        size = size.saturating_mul(times);
        *axis = axis.coarsen(times);
    }
    tiles
}

fn span(question: &Question<'_>, outputs: i64) -> Span {
    if question.rows {
        return Span::Rows;
    }
    if question.kept == question.domain.len() {
        return Span::None;
    }
    let reduced = &question.grid.axes[question.kept..];
    let chunk: i64 = reduced
        .iter()
        .fold(1, |n, axis| n.saturating_mul(axis.longest().max(1)));
    let leaves = (chunk - 1) / LEAF + 1;
    let limit = if question.stored || question.lines.is_some() {
        MOST_STORED.max(question.target)
    } else {
        2 * question.target
    };
    let too_large = outputs.saturating_mul(chunk) > limit && leaves > 1;
    if too_large || tree::root_level(leaves) > MOST_LEAVES {
        let wanted = (question.target / outputs.max(1) / LEAF).max(1);
        return Span::Leaves(wanted.ilog2().min(MOST_LEAVES));
    }
    let chunks = reduced
        .iter()
        .fold(1i64, |n, axis| n.saturating_mul(axis.chunks()));
    let wanted = (question.target / outputs.saturating_mul(chunk).max(1)).max(1);
    Span::Chunks(
        wanted
            .ilog2()
            .min(tree::root_level(chunks))
            .min(MOST_LEAVES),
    )
}
