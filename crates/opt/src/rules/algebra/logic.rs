//! Which comparisons, masks and bits are simpler than they look?

use super::{Class, On, Rule, constant_of, forms_of, full_like, is_int, make, row, same};
use crate::facts::is;
use crate::graph::Graph;
use tilewright_core::DType;
use tilewright_expr::op::{arithmetic as a, classify, compare as c};
use tilewright_expr::{Expr, OpDef};

fn where_same(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [_, x, y] = node.args() else { return None };
    same(graph, x, y).then(|| x.clone())
}

fn where_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [condition, x, y] = node.args() else {
        return None;
    };
    let holds = constant_of(graph, condition)?.truth();
    Some(if holds { x } else { y }.clone())
}

fn where_inverted(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [condition, x, y] = node.args() else {
        return None;
    };
    let inner = forms_of(graph, condition, &c::INVERT).next()?;
    make(&c::WHERE, &[&inner.args()[0], y, x])
}

fn invert_equality(graph: &Graph, node: &Expr) -> Option<Expr> {
    let arg = &node.args()[0];
    if arg.dtype() != DType::Bool {
        return None;
    }
    [(&c::EQUAL, &c::NOT_EQUAL), (&c::NOT_EQUAL, &c::EQUAL)]
        .into_iter()
        .find_map(|(from, to)| {
            let inner = forms_of(graph, arg, from).next()?;
            let [x, y] = inner.args() else { return None };
            make(to, &[x, y])
        })
}

/// An order comparison and its opposite on numbers that are never NaN.
static OPPOSITES: &[(&OpDef, &OpDef)] = &[
    (&c::LESS, &c::GREATER_EQUAL),
    (&c::LESS_EQUAL, &c::GREATER),
    (&c::GREATER, &c::LESS_EQUAL),
    (&c::GREATER_EQUAL, &c::LESS),
];

fn invert_order(graph: &Graph, node: &Expr, allowed: fn(&Graph, &Expr) -> bool) -> Option<Expr> {
    let arg = &node.args()[0];
    OPPOSITES.iter().find_map(|&(from, to)| {
        let inner = forms_of(graph, arg, from).next()?;
        let [x, y] = inner.args() else { return None };
        (allowed(graph, x) && allowed(graph, y)).then(|| make(to, &[x, y]))?
    })
}

fn invert_order_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    invert_order(graph, node, |_, x| is_int(x))
}

fn invert_order_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    invert_order(graph, node, |graph, x| {
        !is_int(x) && graph.facts(x).never_nan
    })
}

fn compare_self(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    if !same(graph, x, y) || !graph.facts(x).never_nan {
        return None;
    }
    let holds = [&c::EQUAL, &c::LESS_EQUAL, &c::GREATER_EQUAL]
        .into_iter()
        .any(|row| is(node, row));
    full_like(node, holds.into())
}

fn isnan_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let never = graph.facts(&node.args()[0]).never_nan;
    never.then(|| full_like(node, false.into()))?
}

fn double_invert(graph: &Graph, node: &Expr) -> Option<Expr> {
    let inner = forms_of(graph, &node.args()[0], &c::INVERT).next()?;
    Some(inner.args()[0].clone())
}

fn same_arguments(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    same(graph, x, y).then(|| x.clone())
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "double-invert",
        Class::E,
        On::Rows(&[&c::INVERT]),
        "every bit flips twice",
        double_invert,
    ),
    row(
        "same-arguments",
        Class::E,
        On::Rows(&[&a::MINIMUM, &a::MAXIMUM, &c::BITWISE_AND, &c::BITWISE_OR]),
        "the smaller, larger, common or joined bits of x and x are x",
        same_arguments,
    ),
    row(
        "where-same",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "both branches are the same array",
        where_same,
    ),
    row(
        "where-constant",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "the condition is the same everywhere; the other branch is not computed",
        where_constant,
    ),
    row(
        "where-inverted",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "a negated condition exchanges the branches",
        where_inverted,
    ),
    row(
        "invert-equality",
        Class::E,
        On::Rows(&[&c::INVERT]),
        "!= is the negation of ==, also for NaN",
        invert_equality,
    ),
    row(
        "invert-order-integer",
        Class::I,
        On::Rows(&[&c::INVERT]),
        "integers are totally ordered (with NaN neither a < b nor a >= b holds)",
        invert_order_integer,
    ),
    row(
        "invert-order-proved",
        Class::V,
        On::Rows(&[&c::INVERT]),
        "neither side is ever NaN, so that the order is total",
        invert_order_proved,
    ),
    row(
        "compare-self",
        Class::V,
        On::Rows(&[
            &c::EQUAL,
            &c::NOT_EQUAL,
            &c::LESS,
            &c::LESS_EQUAL,
            &c::GREATER,
            &c::GREATER_EQUAL,
        ]),
        "x is proved never NaN, so that it equals itself",
        compare_self,
    ),
    row(
        "isnan-proved",
        Class::V,
        On::Rows(&[&classify::ISNAN]),
        "x is proved never NaN, as integers are",
        isnan_proved,
    ),
];
