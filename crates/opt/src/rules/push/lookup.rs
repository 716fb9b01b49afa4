//! What do lookups by index arrays pass, and when are they slices?

use super::slice::slice;
use super::{Class, On, Rule, axes, below, move_kind, row, with_args};
use crate::graph::Graph;
use tilewright_core::AxisRange;
use tilewright_core::region::point;
use tilewright_expr::attr::{LeafKind, Lookup};
use tilewright_expr::build;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr, Family};

fn lookup(node: &Expr) -> Option<(&Lookup, &Expr, &[Expr])> {
    let (array, indices) = node.args().split_first()?;
    match node.attr() {
        Attr::Lookup(how) => Some((how, array, indices)),
        _ => None,
    }
}

/// The lookup in another array.
fn look_up(array: &Expr, how: Lookup, indices: &[Expr]) -> Option<Expr> {
    build::lookup(array, how, indices).ok()
}

fn take_through_map(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (how, _, indices) = lookup(node)?;
    below(graph, node)
        .filter(|x| matches!(x.op().family, Family::Map(_)))
        .find_map(|x| {
            let args = x.args().iter();
            with_args(x, args.map(|arg| look_up(arg, how.clone(), indices)))
        })
}

fn take_through_transpose(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (how, _, indices) = lookup(node)?;
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Transpose))
        .find_map(|x| {
            let order = axes(x)?;
            let mut source = how.clone();
            for (k, &axis) in order.iter().enumerate() {
                source.axes[axis] = how.axes[k];
            }
            // Index arrays come in the order of the axes that they look up.
            let looked_up: Vec<usize> = order
                .iter()
                .zip(&how.axes)
                .filter(|(_, result)| result.is_none())
                .map(|(&axis, _)| axis)
                .collect();
            let mut sorted: Vec<usize> = (0..looked_up.len()).collect();
            sorted.sort_by_key(|&k| looked_up[k]);
            let indices: Vec<Expr> = sorted.iter().map(|&k| indices[k].clone()).collect();
            look_up(&x.args()[0], source, &indices)
        })
}

fn take_of_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (_, array, indices) = lookup(node)?;
    let value = graph.facts(array).constant?;
    // Indices that are not written out may lie outside, which is an error of the run.
    let written = indices
        .iter()
        .all(|index| build::take::known(index).is_some());
    let scalar = build::constant(value).ok()?;
    let all = build::broadcast_to(&scalar, node.shape()).ok()?;
    written.then_some(())?;
    build::rechunk(&all, node.grid().clone()).ok()
}

/// The axis of the result along which an index array runs, and its points, if it is a line of even
/// steps that is written out.
fn even_steps(index: &Expr, len: i64) -> Option<(usize, AxisRange)> {
    let mut index = index.clone();
    // The axis of the result that each axis of `index` is.
    let mut place: Vec<usize> = (0..index.shape().len()).collect();
    loop {
        let x = index.args().first().cloned();
        match (&index.op().family, index.attr()) {
            (Family::Move(MoveKind::Broadcast), _) => {
                let x = x?;
                place = place.split_off(place.len() - x.shape().len());
                index = x;
            }
            (Family::Move(MoveKind::ExpandDims), Attr::Axes(new)) => {
                let kept = place.iter().enumerate().filter(|(k, _)| !new.contains(k));
                place = kept.map(|(_, &axis)| axis).collect();
                index = x?;
            }
            (Family::Create, Attr::Leaf(leaf)) => {
                let LeafKind::Literal(elements) = &leaf.kind else {
                    return None;
                };
                let ([axis], [range]) = (&place[..], &leaf.at.axes[..]) else {
                    return None;
                };
                let at = |k: i64| {
                    let value = elements.get(range.at(k) as usize)?.as_i128()?;
                    point(i64::try_from(value).ok()?, len, "an axis").ok()
                };
                let first = at(0)?;
                let step = if range.len > 1 { at(1)? - first } else { 1 };
                let line = AxisRange::new(first, step, range.len);
                let even = step != 0 && (0..range.len).all(|k| at(k) == Some(line.at(k)));
                return even.then_some((*axis, line));
            }
            _ => return None,
        }
    }
}

fn take_is_slice(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (how, array, indices) = lookup(node)?;
    let axes = &how.axes;
    let looked_up: Vec<usize> = (0..axes.len()).filter(|&a| axes[a].is_none()).collect();
    // One index array at a time; the rule comes again for the others.
    let found = indices.iter().enumerate().find_map(|(k, index)| {
        let forms = graph.forms(index).iter();
        let lines = forms.filter_map(|form| even_steps(&form.expr, array.shape()[looked_up[k]]));
        lines
            .filter(|(result, _)| !axes.contains(&Some(*result)))
            .map(|(result, line)| (k, result, line))
            .next()
    });
    let (k, result, line) = found?;
    let axis = looked_up[k];
    let mut ranges: Vec<AxisRange> = array.shape().iter().map(|&n| AxisRange::full(n)).collect();
    ranges[axis] = line;
    let part = slice(array, ranges)?;
    let mut how = how.clone();
    how.axes[axis] = Some(result);
    let rest: Vec<Expr> = (indices.iter().enumerate())
        .filter(|(other, _)| *other != k)
        .map(|(_, index)| index.clone())
        .collect();
    let new = if rest.is_empty() {
        plain(&part, &how.axes, node.shape())?
    } else {
        look_up(&part, how, &rest)?
    };
    super::on_grid_of(new, node)
}

/// A lookup without index arrays: axes in another order, and repeated.
fn plain(array: &Expr, axes: &[Option<usize>], shape: &[i64]) -> Option<Expr> {
    let results: Vec<usize> = axes.iter().copied().collect::<Option<_>>()?;
    let mut order: Vec<usize> = (0..results.len()).collect();
    order.sort_by_key(|&axis| results[axis]);
    let order: Vec<i64> = order.iter().map(|&axis| axis as i64).collect();
    let turned = build::transpose(array, Some(&order)).ok()?;
    let new: Vec<i64> = (0..shape.len())
        .filter(|result| !results.contains(result))
        .map(|result| result as i64)
        .collect();
    build::broadcast_to(&build::expand_dims(&turned, &new).ok()?, shape).ok()
}

const LOOKUPS: On = On::Lookups;

pub(crate) static RULES: &[Rule] = &[
    row(
        "take-is-slice",
        Class::E,
        LOOKUPS,
        "indices in even steps along one axis are a range: the same points in the same order",
        take_is_slice,
    ),
    row(
        "take-of-constant",
        Class::E,
        LOOKUPS,
        "every element is the same, wherever indices that are known point",
        take_of_constant,
    ),
    row(
        "take-through-map",
        Class::E,
        LOOKUPS,
        "element by element: what is not taken need not be computed",
        take_through_map,
    ),
    row(
        "take-through-transpose",
        Class::E,
        LOOKUPS,
        "the axes that are followed and looked up are permuted with the array's",
        take_through_transpose,
    ),
];
