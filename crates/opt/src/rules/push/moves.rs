//! What do the other moves pass, and when are they nothing?

use super::{Class, On, Rule, axes, below, move_kind, on_grid_of, row, with_args};
use crate::facts::is;
use crate::graph::Graph;
use std::sync::Arc;
use tilewright_core::{Region, Scalar, Shape};
use tilewright_expr::attr::{Axes, Leaf, LeafKind};
use tilewright_expr::build;
use tilewright_expr::op::{MoveKind, create};
use tilewright_expr::{Attr, Expr, Family};

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

const RESHAPES: On = On::Moves(MoveKind::Reshape);
const TRANSPOSES: On = On::Moves(MoveKind::Transpose);
const RECHUNKS: On = On::Moves(MoveKind::Rechunk);

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
