//! Slices, transposes, reshapes and rechunks move towards the sources.
//!
//! Each rule moves one level; the walk that made the inner move visits it next, so that a region
//! travels the whole way. Regions of reduced axes and factorisations that a region does not respect
//! stay where they are.

use super::{Class, Group, On, Rule};
use crate::facts::is;
use crate::graph::Graph;
use std::sync::Arc;
use tilewright_core::{AxisRange, Grid, Region, Scalar, Shape};
use tilewright_expr::attr::{Axes, Leaf, LeafKind};
use tilewright_expr::build;
use tilewright_expr::op::{MoveKind, create};
use tilewright_expr::{Attr, Expr, Family};

/// The argument's forms, oldest first.
fn below<'g>(graph: &'g Graph, node: &Expr) -> impl Iterator<Item = &'g Expr> + use<'g> {
    let forms = node.args().first().map_or(&[][..], |arg| graph.forms(arg));
    forms.iter().map(|form| &form.expr)
}

/// A slice's region.
fn region(node: &Expr) -> Option<&Region> {
    match node.attr() {
        Attr::Region(region) => Some(region),
        _ => None,
    }
}

fn move_kind(expr: &Expr) -> Option<MoveKind> {
    match expr.op().family {
        Family::Move(kind) => Some(kind),
        _ => None,
    }
}

fn axes(expr: &Expr) -> Option<&Axes> {
    match expr.attr() {
        Attr::Axes(axes) => Some(axes),
        _ => None,
    }
}

fn slice(x: &Expr, axes: impl IntoIterator<Item = AxisRange>) -> Option<Expr> {
    let axes = axes.into_iter().collect();
    build::slice(x, Region { axes }).ok()
}

/// The node with other arguments.
pub(super) fn with_args(node: &Expr, args: impl IntoIterator<Item = Option<Expr>>) -> Option<Expr> {
    let args: Option<_> = args.into_iter().collect();
    Expr::new(node.op_id(), node.attr().clone(), args?).ok()
}

/// The expression on the grid of another; only the grid may differ.
fn on_grid_of(x: Expr, node: &Expr) -> Option<Expr> {
    if x.shape() == node.shape() {
        build::rechunk(&x, node.grid().clone()).ok()
    } else {
        None
    }
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

/// Runs of axes of a reshape that hold the same number of elements on both sides.
fn factors(
    from: &[i64],
    to: &[i64],
) -> Option<Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>> {
    let (mut groups, mut i, mut j) = (Vec::new(), 0, 0);
    while i < from.len() || j < to.len() {
        let (begin_i, begin_j) = (i, j);
        let (mut a, mut b) = (1i64, 1i64);
        if i < from.len() {
            a = from[i];
            i += 1;
        }
        if j < to.len() {
            b = to[j];
            j += 1;
        }
        while a != b {
            if a < b {
                a = a.checked_mul(*from.get(i)?)?;
                i += 1;
            } else {
                b = b.checked_mul(*to.get(j)?)?;
                j += 1;
            }
        }
        groups.push((begin_i..i, begin_j..j));
    }
    Some(groups)
}

/// The elements that ranges take of axes of these lengths as one run `[start, start + len)` in C
/// order, if they are one: inner axes whole, one axis a stretch, outer axes single points.
fn run_of(ranges: &[AxisRange], lens: &[i64]) -> Option<(i64, i64)> {
    let (mut start, mut count, mut weight) = (0i64, 1i64, 1i64);
    let mut broken = false;
    for (range, &len) in ranges.iter().zip(lens).rev() {
        if range.step != 1 || (broken && range.len != 1) {
            return None;
        }
        broken |= !range.is_full(len);
        start = start.checked_add(range.start.checked_mul(weight)?)?;
        count = count.checked_mul(range.len)?;
        weight = weight.checked_mul(len)?;
    }
    Some((start, count))
}

/// The ranges of axes of these lengths that take the run, if they exist.
fn ranges_of((start, count): (i64, i64), lens: &[i64]) -> Option<Vec<AxisRange>> {
    let mut ranges = vec![AxisRange::full(1); lens.len()];
    let (mut first, mut left) = (start, count);
    for (range, &len) in ranges.iter_mut().zip(lens).rev() {
        let at = first % len;
        *range = if at == 0 && left % len == 0 {
            left /= len;
            AxisRange::full(len)
        } else if at + left <= len {
            let taken = AxisRange::new(at, 1, left);
            left = 1;
            taken
        } else {
            return None;
        };
        first /= len;
    }
    Some(ranges)
}

fn slice_through_reshape(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    if node.elements() == 0 {
        return None;
    }
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Reshape))
        .find_map(|x| {
            let arg = &x.args()[0];
            let mut ranges = vec![AxisRange::full(1); arg.shape().len()];
            for (from, to) in factors(arg.shape(), x.shape())? {
                if from.len() == 1 && to.len() == 1 {
                    ranges[from.start] = r.axes[to.start];
                    continue;
                }
                let run = run_of(&r.axes[to.clone()], &x.shape()[to])?;
                ranges.splice(from.clone(), ranges_of(run, &arg.shape()[from])?);
            }
            let taken = slice(arg, ranges)?;
            on_grid_of(build::reshape(&taken, node.shape()).ok()?, node)
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

fn reshape_through_map(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Map(_)))
        .find_map(|x| {
            let args = x.args().iter();
            with_args(x, args.map(|arg| build::reshape(arg, node.shape()).ok()))
        })
}

fn reshape_of_reshape(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Reshape))
        .find_map(|x| on_grid_of(build::reshape(&x.args()[0], node.shape()).ok()?, node))
}

fn reshape_into_leaf(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node).find_map(|x| {
        let Attr::Leaf(leaf) = x.attr() else {
            return None;
        };
        let linear = matches!(leaf.kind, LeafKind::Draw(..) | LeafKind::Literal(_));
        if !linear || !leaf.at.is_full(&leaf.whole) {
            return None;
        }
        let whole = Shape::from_slice(node.shape());
        let part = Leaf {
            at: Region::full(&whole),
            whole,
            grid: node.grid().clone(),
            ..(**leaf).clone()
        };
        let args: Option<_> = (x.args().iter())
            .map(|arg| build::reshape(arg, node.shape()).ok())
            .collect();
        Expr::new(x.op_id(), Attr::Leaf(Arc::new(part)), args?).ok()
    })
}

fn transpose_through_map(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Map(_)))
        .find_map(|x| {
            let args = x.args().iter();
            with_args(x, args.map(|arg| with_args(node, [Some(arg.clone())])))
        })
}

fn transpose_of_transpose(graph: &Graph, node: &Expr) -> Option<Expr> {
    let outer = axes(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Transpose))
        .find_map(|x| {
            let inner = axes(x)?;
            let order: Vec<i64> = outer.iter().map(|&axis| inner[axis] as i64).collect();
            build::transpose(&x.args()[0], Some(&order)).ok()
        })
}

fn reduce_of_transpose(graph: &Graph, node: &Expr) -> Option<Expr> {
    let reduced = axes(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Transpose))
        .find_map(|x| {
            let order = axes(x)?;
            let source: Axes = reduced.iter().map(|&axis| order[axis]).collect();
            // Kept axes come out in the operand's order and are put back into the transpose's.
            let kept: Vec<usize> = (0..order.len())
                .filter(|axis| !source.contains(axis))
                .collect();
            let back: Option<Vec<i64>> = (0..order.len())
                .filter(|axis| !reduced.contains(axis))
                .map(|axis| {
                    kept.iter()
                        .position(|&k| k == order[axis])
                        .map(|k| k as i64)
                })
                .collect();
            let args = [x.args()[0].clone()].into_iter().collect();
            let result = Expr::new(node.op_id(), Attr::Axes(source), args).ok()?;
            build::transpose(&result, Some(&back?)).ok()
        })
}

fn rechunk_of_rechunk(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Rechunk))
        .find_map(|x| on_grid_of(x.args()[0].clone(), node))
}

fn rechunk_into_leaf(graph: &Graph, node: &Expr) -> Option<Expr> {
    below(graph, node).find_map(|x| {
        let Attr::Leaf(leaf) = x.attr() else {
            return None;
        };
        let part = Leaf {
            grid: node.grid().clone(),
            ..(**leaf).clone()
        };
        Expr::new(x.op_id(), Attr::Leaf(Arc::new(part)), x.args().into()).ok()
    })
}

fn opposite_moves(graph: &Graph, node: &Expr) -> Option<Expr> {
    let opposite = match move_kind(node)? {
        MoveKind::Squeeze => MoveKind::ExpandDims,
        MoveKind::ExpandDims => MoveKind::Squeeze,
        _ => return None,
    };
    below(graph, node)
        .filter(|x| move_kind(x) == Some(opposite) && axes(x) == axes(node))
        .map(|x| x.args()[0].clone())
        .next()
}

fn move_of_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    // A broadcast of a single value is the normal form of a constant.
    if let MoveKind::Broadcast | MoveKind::Slice = move_kind(node)? {
        return None;
    }
    let value = graph.facts(node).constant?;
    build::full(value, node.grid().clone()).ok()
}

fn nothing_to_compute(_: &Graph, node: &Expr) -> Option<Expr> {
    if node.elements() != 0 || is(node, &create::FULL) {
        return None;
    }
    build::full(Scalar::zero(node.dtype()), node.grid().clone()).ok()
}

/// A row of the table.
const fn row(
    name: &'static str,
    class: Class,
    on: On,
    because: &'static str,
    apply: super::Apply,
) -> Rule {
    Rule {
        name,
        group: Group::Push,
        class,
        on,
        because,
        apply,
    }
}

const SLICES: On = On::Moves(MoveKind::Slice);
const RESHAPES: On = On::Moves(MoveKind::Reshape);
const TRANSPOSES: On = On::Moves(MoveKind::Transpose);
const RECHUNKS: On = On::Moves(MoveKind::Rechunk);

/// Of a node's rules the first that applies is enough: a slice of a slice, say, is pushed on as the
/// one slice that both are.
pub(crate) static RULES: &[Rule] = &[
    row(
        "nothing-to-compute",
        Class::E,
        On::All,
        "an array of no elements equals any other of its type",
        nothing_to_compute,
    ),
    row(
        "move-of-constant",
        Class::E,
        On::AnyMove,
        "every element is the same, wherever it moves",
        move_of_constant,
    ),
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
        "slice-through-reshape",
        Class::E,
        SLICES,
        "the region respects the factorisation: it is a region of the array before the reshape",
        slice_through_reshape,
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
    row(
        "reshape-of-reshape",
        Class::E,
        RESHAPES,
        "C order is kept by both: the shape in between is not seen",
        reshape_of_reshape,
    ),
    row(
        "reshape-through-map",
        Class::E,
        RESHAPES,
        "element by element in C order, whatever the shape",
        reshape_through_map,
    ),
    row(
        "reshape-into-leaf",
        Class::E,
        RESHAPES,
        "literals and random numbers follow the C-order index, which a reshape keeps",
        reshape_into_leaf,
    ),
    row(
        "transpose-of-transpose",
        Class::E,
        TRANSPOSES,
        "permutations compose; a permutation and its inverse cancel",
        transpose_of_transpose,
    ),
    row(
        "transpose-through-map",
        Class::E,
        TRANSPOSES,
        "element by element, whatever the order of the axes",
        transpose_through_map,
    ),
    row(
        "reduce-of-transpose",
        Class::O,
        On::Reductions,
        "the reduction carries the order of its axes: the same elements on the same tree",
        reduce_of_transpose,
    ),
    row(
        "rechunk-of-rechunk",
        Class::E,
        RECHUNKS,
        "the last grid holds; no element changes",
        rechunk_of_rechunk,
    ),
    row(
        "rechunk-into-leaf",
        Class::E,
        RECHUNKS,
        "an array that is made, drawn or read can be cut anywhere",
        rechunk_into_leaf,
    ),
    row(
        "opposite-moves",
        Class::E,
        On::AnyMove,
        "an axis of length 1 that is added and dropped again was never there",
        opposite_moves,
    ),
];
