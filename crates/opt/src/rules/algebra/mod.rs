//! Fewer and cheaper element-wise operators, bit for bit.
//!
//! Each rule keeps NaN-ness, infinities and the sign of zero, or says which proved fact or integer
//! dtype it needs.
//!
//! | file | question |
//! |---|---|
//! | [`constant`] | what is known when an argument is a constant, or both are the same? |
//! | [`arithmetic`] | which arithmetic undoes or repeats other arithmetic? |
//! | [`logic`] | which comparisons, masks and bits are simpler than they look? |

pub(crate) mod arithmetic;
pub(crate) mod constant;
pub(crate) mod logic;

use super::{Apply, Class, Group, On, Rule, never};
use crate::facts::is;
use crate::graph::Graph;
use tilewright_core::{DType, Scalar};
use tilewright_expr::{Attr, Expr, OpDef, build};

/// The argument's forms that are nodes of a row.
fn forms_of<'g>(
    graph: &'g Graph,
    arg: &Expr,
    row: &'static OpDef,
) -> impl Iterator<Item = &'g Expr> + use<'g> {
    let forms = graph.forms(arg).iter().map(|form| &form.expr);
    forms.filter(move |x| is(x, row))
}

fn constant_of(graph: &Graph, x: &Expr) -> Option<Scalar> {
    graph.facts(x).constant
}

fn is_value(graph: &Graph, x: &Expr, value: f64) -> bool {
    constant_of(graph, x).is_some_and(|s| s == Scalar::from_f64(s.dtype(), value))
}

fn is_int(x: &Expr) -> bool {
    !x.dtype().is_float()
}

/// Not bool, whose sum is `or`.
fn is_number(x: &Expr) -> bool {
    x.dtype() != DType::Bool
}

fn same(graph: &Graph, x: &Expr, y: &Expr) -> bool {
    graph.class(x) == graph.class(y)
}

fn full_like(node: &Expr, value: Scalar) -> Option<Expr> {
    build::full(value.cast(node.dtype()), node.grid().clone()).ok()
}

/// One value everywhere in place of another constant, as a single broadcast value where its grid
/// allows.
fn constant_like(x: &Expr, value: Scalar) -> Option<Expr> {
    let broadcast = build::broadcast_to(&build::constant(value).ok()?, x.shape()).ok()?;
    if broadcast.grid() == x.grid() {
        return Some(broadcast);
    }
    full_like(x, value)
}

/// The node of a row over arguments that have its loop dtype and shape.
fn make(row: &'static OpDef, args: &[&Expr]) -> Option<Expr> {
    let args = args.iter().map(|&x| x.clone()).collect();
    Expr::new(row.id(), Attr::None, args).ok()
}

/// The other argument of a commuting node of which one has this constant value.
fn beside<'e>(graph: &Graph, node: &'e Expr, value: f64) -> Option<&'e Expr> {
    match node.args() {
        [x, y] if is_value(graph, y, value) => Some(x),
        [y, x] if is_value(graph, y, value) => Some(x),
        _ => None,
    }
}

/// A row of the table.
const fn row(
    name: &'static str,
    class: Class,
    on: On,
    because: &'static str,
    apply: Apply,
) -> Rule {
    Rule {
        name,
        group: Group::Algebra,
        class,
        on,
        because,
        apply,
    }
}
