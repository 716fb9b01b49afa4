//! What does a slice pass of functions of rows?

use super::slice::slice;
use super::{Class, On, Rule, below, region, row};
use crate::graph::Graph;
use tilewright_core::{AxisRange, Region};
use tilewright_expr::attr::Along;
use tilewright_expr::op::{AlongRow, Length, MoveKind, Role};
use tilewright_expr::{Attr, Expr, Family, build};

/// The functions of rows below a slice.
fn rows_below<'g>(
    graph: &'g Graph,
    node: &Expr,
) -> impl Iterator<Item = (&'g Expr, &'static AlongRow, Along)> + use<'g> {
    below(graph, node).filter_map(|x| match (&x.op().family, x.attr()) {
        (Family::Along(row), Attr::Along(rows)) if !rows.chunked => Some((x, row, *rows)),
        _ => None,
    })
}

/// The function with each argument cut: along the rows as `along` says for its role, elsewhere as
/// the region does.
fn cut(
    x: &Expr,
    row: &AlongRow,
    rows: Along,
    r: &Region,
    along: impl Fn(Role, i64) -> AxisRange,
) -> Option<Expr> {
    let args = x.args().iter().zip(row.roles).map(|(arg, role)| {
        let mut ranges = r.axes.clone();
        ranges[rows.axis] = along(*role, arg.shape()[rows.axis]);
        slice(arg, ranges)
    });
    let args: Option<_> = args.collect();
    Expr::new(x.op_id(), Attr::Along(rows), args?).ok()
}

fn slice_through_along(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    rows_below(graph, node).find_map(|(x, row, rows)| {
        let here = r.axes[rows.axis];
        let follows = row.length == Length::Each;
        let kept = Region {
            axes: (r.axes.iter().enumerate())
                .map(|(k, range)| match k == rows.axis && !follows {
                    true => AxisRange::full(x.shape()[k]),
                    false => *range,
                })
                .collect(),
        };
        if kept.is_full(x.shape()) {
            return None;
        }
        let len = if follows { here.len } else { rows.len };
        let rows = Along { len, ..rows };
        let inner = cut(x, row, rows, &kept, |role, n| match role {
            Role::Each => here,
            Role::Row | Role::Side => AxisRange::full(n),
        })?;
        let mut rest = Region::full(inner.shape());
        if !follows {
            rest.axes[rows.axis] = here;
        }
        build::slice(&inner, rest).ok()
    })
}

fn slice_to_window(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    rows_below(graph, node).find_map(|(x, row, rows)| {
        let range = r.axes[rows.axis];
        let (low, high) = range.hull();
        if row.length != Length::Window || range.len == 0 || high - low == rows.len {
            return None;
        }
        let part = Along {
            len: high - low,
            parameter: rows.parameter + low,
            ..rows
        };
        let args = x.args().iter().cloned().collect();
        let window = Expr::new(x.op_id(), Attr::Along(part), args).ok()?;
        let mut rest = r.clone();
        rest.axes[rows.axis].start -= low;
        build::slice(&window, rest).ok()
    })
}

fn slice_through_prefix(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    rows_below(graph, node).find_map(|(x, row, rows)| {
        let range = r.axes[rows.axis];
        let end = range.hull().1;
        if !row.prefix || range.len == 0 || end == rows.len {
            return None;
        }
        let first = |_: Role, _: i64| AxisRange::new(0, 1, end);
        let full = Region::full(x.shape());
        let shorter = cut(x, row, Along { len: end, ..rows }, &full, first)?;
        build::slice(&shorter, r.clone()).ok()
    })
}

const SLICES: On = On::Moves(MoveKind::Slice);

pub(crate) static RULES: &[Rule] = &[
    row(
        "slice-through-along",
        Class::E,
        SLICES,
        "rows are taken one by one: those that are not asked for are not computed",
        slice_through_along,
    ),
    row(
        "slice-to-window",
        Class::E,
        SLICES,
        "a part of a sorted row is selected without sorting the rest of it",
        slice_to_window,
    ),
    row(
        "slice-through-prefix",
        Class::E,
        SLICES,
        "a scan goes left to right: its first elements need no later ones",
        slice_through_prefix,
    ),
];
