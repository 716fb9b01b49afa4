//! What does a slice pass?

use super::factor::slice_through_reshape;
use super::{Class, On, Rule, axes, below, move_kind, on_grid_of, region, row, with_args};
use crate::graph::Graph;
use std::sync::Arc;
use tilewright_core::{AxisRange, Grid, Region};
use tilewright_expr::attr::{Leaf, LeafKind};
use tilewright_expr::build;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr, Family};

pub(super) fn slice(x: &Expr, axes: impl IntoIterator<Item = AxisRange>) -> Option<Expr> {
    let axes = axes.into_iter().collect();
    build::slice(x, Region { axes }).ok()
}

fn slice_of_slice(graph: &Graph, node: &Expr) -> Option<Expr> {
    let outer = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Slice))
        .find_map(|x| build::slice(&x.args()[0], region(x)?.compose(outer)).ok())
}

fn slice_through_map(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Map(_)))
        .find_map(|x| {
            with_args(
                x,
                x.args().iter().map(|arg| build::slice(arg, r.clone()).ok()),
            )
        })
}

fn slice_through_reduce(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Reduce(_)))
        .find_map(|x| {
            let (operand, reduced) = (&x.args()[0], axes(x)?);
            let mut kept = r.axes.iter();
            let mut ranges = Vec::new();
            for (axis, &len) in operand.shape().iter().enumerate() {
                ranges.push(if reduced.contains(&axis) {
                    AxisRange::full(len)
                } else {
                    *kept.next()?
                });
            }
            with_args(x, [slice(operand, ranges)])
        })
}

fn slice_through_transpose(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Transpose))
        .find_map(|x| {
            let order = axes(x)?;
            let mut ranges = r.axes.clone();
            for (k, &source) in order.iter().enumerate() {
                ranges[source] = r.axes[k];
            }
            with_args(x, [slice(&x.args()[0], ranges)])
        })
}

fn slice_through_broadcast(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Broadcast))
        .find_map(|x| {
            let arg = &x.args()[0];
            let lead = x.shape().len() - arg.shape().len();
            let ranges = arg.shape().iter().enumerate().map(|(k, &len)| {
                // A repeated axis holds one element whatever is taken of it.
                if len == 1 {
                    AxisRange::full(1)
                } else {
                    r.axes[lead + k]
                }
            });
            build::broadcast_to(&slice(arg, ranges)?, &r.shape()).ok()
        })
}

fn slice_through_expand_dims(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::ExpandDims))
        .find_map(|x| {
            let new = axes(x)?;
            if new.iter().any(|&axis| r.axes[axis].len != 1) {
                return None;
            }
            let kept = (0..r.axes.len()).filter(|axis| !new.contains(axis));
            with_args(x, [slice(&x.args()[0], kept.map(|axis| r.axes[axis]))])
        })
}

fn slice_through_squeeze(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Squeeze))
        .find_map(|x| {
            let gone = axes(x)?;
            let mut kept = r.axes.iter();
            let mut ranges = Vec::new();
            for axis in 0..x.args()[0].shape().len() {
                ranges.push(if gone.contains(&axis) {
                    AxisRange::full(1)
                } else {
                    *kept.next()?
                });
            }
            with_args(x, [slice(&x.args()[0], ranges)])
        })
}

fn slice_through_concatenate(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Concatenate))
        .find_map(|x| {
            let Attr::Index(axis) = *x.attr() else {
                return None;
            };
            let along = r.axes[axis];
            let (mut parts, mut offset) = (Vec::new(), 0);
            for part in x.args() {
                let len = part.shape()[axis];
                let (from, to) = along.positions_within(offset, offset + len);
                if to > from {
                    let inside = AxisRange::new(along.at(from) - offset, along.step, to - from);
                    parts.push((from, part, inside));
                }
                offset += len;
            }
            // A negative step takes the parts in reverse.
            parts.sort_by_key(|(from, ..)| *from);
            let cut = |part: &Expr, range: AxisRange| {
                let mut axes = r.axes.clone();
                axes[axis] = range;
                slice(part, axes)
            };
            let parts: Option<Vec<Expr>> = parts
                .into_iter()
                .map(|(_, part, inside)| cut(part, inside))
                .collect();
            let joined = build::concatenate(&parts?, axis as i64).ok()?;
            on_grid_of(joined, node)
        })
}

fn slice_through_rechunk(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Rechunk))
        .find_map(|x| on_grid_of(build::slice(&x.args()[0], r.clone()).ok()?, node))
}

fn slice_through_take(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Index))
        .find_map(|x| {
            let Attr::Lookup(lookup) = x.attr() else {
                return None;
            };
            let (array, indices) = x.args().split_first()?;
            let ranges = lookup.axes.iter().zip(array.shape());
            let ranges = ranges.map(|(result, &len)| match result {
                Some(result) => r.axes[*result],
                None => AxisRange::full(len),
            });
            let indices = indices.iter().map(|i| build::slice(i, r.clone()).ok());
            let array = slice(array, ranges);
            with_args(x, [array].into_iter().chain(indices))
        })
}

/// The leaf with a part of its region.
fn sliced_leaf(x: &Expr, r: &Region) -> Option<Expr> {
    let Attr::Leaf(leaf) = x.attr() else {
        return None;
    };
    let grid = Grid {
        axes: (leaf.grid.axes.iter().zip(&r.axes))
            .map(|(cuts, &range)| cuts.slice(range))
            .collect(),
    };
    if let LeafKind::Full(value) = leaf.kind {
        return build::full(value, grid).ok();
    }
    let part = Leaf {
        at: leaf.at.compose(r),
        grid,
        ..(**leaf).clone()
    };
    let args: Option<_> = (x.args().iter())
        .map(|arg| build::slice(arg, r.clone()).ok())
        .collect();
    Expr::new(x.op_id(), Attr::Leaf(Arc::new(part)), args?).ok()
}

fn slice_into(graph: &Graph, node: &Expr, family: fn(&Family) -> bool) -> Option<Expr> {
    below(graph, node)
        .filter(|x| family(&x.op().family))
        .find_map(|x| sliced_leaf(x, region(node)?))
}

fn slice_into_random(graph: &Graph, node: &Expr) -> Option<Expr> {
    slice_into(graph, node, |family| matches!(family, Family::Random))
}

fn slice_into_create(graph: &Graph, node: &Expr) -> Option<Expr> {
    slice_into(graph, node, |family| matches!(family, Family::Create))
}

fn slice_into_read(graph: &Graph, node: &Expr) -> Option<Expr> {
    slice_into(graph, node, |family| matches!(family, Family::Source))
}

fn slice_through_windows(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    if r.shape().contains(&0) {
        return None;
    }
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Windows))
        .find_map(|x| {
            let (Attr::Windows(windows), [source]) = (x.attr(), x.args()) else {
                return None;
            };
            let (kept, walked) = r.axes.split_at(source.shape().len());
            let mut hulls: Vec<(i64, i64)> = kept.iter().map(AxisRange::hull).collect();
            let (mut shorter, mut rest) = (windows.clone(), r.clone());
            for (range, hull) in rest.axes.iter_mut().zip(&hulls) {
                range.start -= hull.0;
            }
            for (k, range) in walked.iter().enumerate() {
                let (axis, (low, high)) = (windows[k].0, range.hull());
                shorter[k].1 = high - low;
                rest.axes[kept.len() + k].start -= low;
                hulls[axis] = (hulls[axis].0 + low, hulls[axis].1 + high - 1);
            }
            let all = |(hull, &len): (&(i64, i64), &i64)| *hull == (0, len);
            if hulls.iter().zip(source.shape()).all(all) {
                return None;
            }
            let ranges = hulls
                .iter()
                .map(|(low, high)| AxisRange::new(*low, 1, high - low));
            let args = [slice(source, ranges)?].into_iter().collect();
            let part = Expr::new(x.op_id(), Attr::Windows(shorter), args).ok()?;
            on_grid_of(build::slice(&part, rest).ok()?, node)
        })
}

const SLICES: On = On::Moves(MoveKind::Slice);

pub(crate) static RULES: &[Rule] = &[
    row(
        "slice-of-slice",
        Class::E,
        SLICES,
        "regions compose: a slice of a slice is one slice",
        slice_of_slice,
    ),
    row(
        "slice-through-map",
        Class::E,
        SLICES,
        "element by element: what is not asked for need not be computed",
        slice_through_map,
    ),
    row(
        "slice-through-reduce",
        Class::O,
        SLICES,
        "only kept axes are cut: each output reads the same elements in the same order",
        slice_through_reduce,
    ),
    row(
        "slice-through-transpose",
        Class::E,
        SLICES,
        "the region's axes are permuted with the array's",
        slice_through_transpose,
    ),
    row(
        "slice-through-broadcast",
        Class::E,
        SLICES,
        "a repeated axis holds one element whatever is taken of it",
        slice_through_broadcast,
    ),
    row(
        "slice-through-expand_dims",
        Class::E,
        SLICES,
        "a new axis of length 1 is taken whole; the others keep their ranges",
        slice_through_expand_dims,
    ),
    row(
        "slice-through-squeeze",
        Class::E,
        SLICES,
        "a dropped axis has length 1; the others keep their ranges",
        slice_through_squeeze,
    ),
    row(
        "slice-through-concatenate",
        Class::E,
        SLICES,
        "each part gives the points that lie in it; parts that hold none vanish",
        slice_through_concatenate,
    ),
    row(
        "slice-through-take",
        Class::E,
        SLICES,
        "an element that is looked up depends on its own indices: those that are not asked for go",
        slice_through_take,
    ),
    row(
        "slice-through-reshape",
        Class::E,
        SLICES,
        "the region respects the factorisation: it is a region of the array before the reshape",
        slice_through_reshape,
    ),
    row(
        "slice-through-windows",
        Class::E,
        SLICES,
        "a window is what it walks over: those that are taken, and their length less one, are enough",
        slice_through_windows,
    ),
    row(
        "slice-through-rechunk",
        Class::E,
        SLICES,
        "cuts map pointwise: slicing and cutting commute",
        slice_through_rechunk,
    ),
    row(
        "slice-into-random",
        Class::E,
        SLICES,
        "a random number is a pure function of (seed, index in the whole array)",
        slice_into_random,
    ),
    row(
        "slice-into-create",
        Class::E,
        SLICES,
        "an element that is made depends on its index alone",
        slice_into_create,
    ),
    row(
        "slice-into-read",
        Class::E,
        SLICES,
        "only the stored chunks that the region touches are read",
        slice_into_read,
    ),
];
