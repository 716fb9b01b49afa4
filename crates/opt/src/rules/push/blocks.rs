//! What does a slice pass of functions of blocks?

use super::{Class, On, Rule, below, region, row};
use crate::graph::Graph;
use std::sync::Arc;
use tilewright_core::{AxisGrid, AxisRange};
use tilewright_expr::blocks::Blocks;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr, build};

/// The blocks `[first, end)` of an axis in which a range has points.
fn touched(cuts: &AxisGrid, range: AxisRange) -> (i64, i64) {
    let (low, high) = range.hull();
    (cuts.chunk_of(low), cuts.chunk_of(high - 1) + 1)
}

fn slice_through_blocks(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    if r.shape().contains(&0) {
        return None;
    }
    below(graph, node).find_map(|x| {
        let Attr::Blocks(blocks) = x.attr() else {
            return None;
        };
        let cuts = &blocks.cuts;
        let wanted = cuts.made.axes.iter().zip(&r.axes);
        let wanted: Vec<(i64, i64)> = wanted.map(|(cuts, &range)| touched(cuts, range)).collect();
        let all = |(&(first, end), count): (&(i64, i64), &i64)| first == 0 && end == *count;
        if wanted.iter().zip(&cuts.counts()).all(all) {
            return None;
        }
        let (part, taken) = cuts.part(&wanted, x.args().first()?.shape());
        let args = x.args().iter().map(|arg| build::slice(arg, taken.clone()));
        let args = args.collect::<Result<_, _>>().ok()?;
        let part = Blocks {
            cuts: part,
            ..(**blocks).clone()
        };
        let inner = Expr::new(x.op_id(), Attr::Blocks(Arc::new(part)), args).ok()?;
        let mut rest = r.clone();
        for (axis, range) in rest.axes.iter_mut().enumerate() {
            range.start -= cuts.made.axes[axis].bounds(wanted[axis].0).0;
        }
        build::slice(&inner, rest).ok()
    })
}

pub(crate) static RULES: &[Rule] = &[row(
    "slice-through-blocks",
    Class::E,
    On::Moves(MoveKind::Slice),
    "a block is made of its own arguments: blocks without a point of the region are not made",
    slice_through_blocks,
)];
