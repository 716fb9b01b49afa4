//! Which blocks does a stage of a function of blocks take, and which do its tasks make?

use super::Planner;
use super::inputs::intern;
use crate::plan::Blocks;
use crate::tile::{Leaves, Span, Tiling};
use tilewright_core::{AxisGrid, Grid};
use tilewright_expr::blocks;
use tilewright_expr::{Attr, Expr};

impl Planner {
    /// The blocks of a stage's root; `None` if it is no function of blocks.
    pub(super) fn blocks(&mut self, root: &Expr) -> Option<Blocks> {
        let Attr::Blocks(node) = root.attr() else {
            return None;
        };
        let blocks::Blocks {
            function,
            bytes,
            cuts,
            ..
        } = &**node;
        Some(Blocks {
            function: intern(&mut self.handles.functions, function.clone()),
            name: function.name.to_string(),
            cuts: cuts.clone(),
            dtypes: root.args().iter().map(Expr::dtype).collect(),
            bytes: *bytes,
        })
    }
}

/// A task makes a block, or the blocks that stored chunks of the result are made of.
pub(super) fn tiling(blocks: &Blocks, align: Option<&Grid>, lane: usize) -> Tiling {
    let made = &blocks.cuts.made.axes;
    let tile = |(axis, cuts): (usize, &AxisGrid)| match align.map(|grid| &grid.axes[axis]) {
        None => cuts.clone(),
        Some(chunks) => whole(cuts, chunks),
    };
    let mut kept: Vec<AxisGrid> = made.iter().enumerate().map(tile).collect();
    // An array without axes is one block.
    if kept.is_empty() {
        kept.push(AxisGrid::whole(1));
    }
    Tiling {
        kept,
        span: Span::None,
        leaves: Leaves::Any,
        lane,
        because: match align {
            None => "a block a task",
            Some(_) => "whole blocks, following the chunks that are written",
        }
        .to_owned(),
    }
}

/// Tiles of whole blocks and whole chunks: the coarser of both, or the axis.
fn whole(blocks: &AxisGrid, chunks: &AxisGrid) -> AxisGrid {
    let both = blocks.union(chunks);
    match (both == *blocks, both == *chunks) {
        (true, _) => chunks.clone(),
        (_, true) => blocks.clone(),
        _ => AxisGrid::whole(blocks.len()),
    }
}
