//! Slices, transposes, reshapes and rechunks move towards the sources.
//!
//! Each rule moves one level; the walk that made the inner move visits it next, so that a region
//! travels the whole way. Of a node's rules the first that applies is enough: a slice of a slice,
//! say, is pushed on as the one slice that both are. Regions of reduced axes and factorisations
//! that a region does not respect stay where they are.
//!
//! | file | question |
//! |---|---|
//! | [`along`] | what does a slice pass of functions of rows? |
//! | [`blocks`] | what does a slice pass of functions of blocks? |
//! | [`moves`] | what do the other moves pass, and when are they nothing? |
//! | [`mod@slice`] | what does a slice pass? |
//! | [`lookup`] | what do lookups by index arrays pass, and when are they slices? |
//! | [`factor`] | which region of the array before a reshape is a region after it? |

pub(crate) mod along;
pub(crate) mod blocks;
mod factor;
pub(crate) mod lookup;
pub(crate) mod moves;
pub(crate) mod slice;

use super::{Apply, Class, Group, On, Rule};
use crate::graph::Graph;
use tilewright_core::Region;
use tilewright_expr::attr::Axes;
use tilewright_expr::build;
use tilewright_expr::op::MoveKind;
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

/// The node with other arguments.
fn with_args(node: &Expr, args: impl IntoIterator<Item = Option<Expr>>) -> Option<Expr> {
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
        group: Group::Push,
        class,
        on,
        because,
        apply,
    }
}
