//! What is known when an argument is a constant, or both are the same?

use super::{Class, On, Rule, beside, constant_of, full_like, is_int, is_value, never, row, same};
use crate::graph::Graph;
use tilewright_core::Scalar;
use tilewright_expr::op::arithmetic as a;
use tilewright_expr::{Expr, Family};

fn multiply_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    beside(graph, node, 1.0).cloned()
}

fn divide_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    is_value(graph, y, 1.0).then(|| x.clone())
}

fn integer_divide_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_int(x) && is_value(graph, y, 1.0)).then(|| x.clone())
}

fn add_minus_zero(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, -0.0)?;
    x.dtype().is_float().then(|| x.clone())
}

fn subtract_zero(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    is_value(graph, y, 0.0).then(|| x.clone())
}

fn add_zero_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    is_int(x).then(|| x.clone())
}

fn add_zero_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    (x.dtype().is_float() && graph.facts(x).sign_clear).then(|| x.clone())
}

fn multiply_zero_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    (is_int(x)).then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn multiply_zero_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    let facts = graph.facts(x);
    (x.dtype().is_float() && facts.finite && facts.sign_clear)
        .then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn subtract_self_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_int(x) && same(graph, x, y)).then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn subtract_self_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (same(graph, x, y) && graph.facts(x).finite)
        .then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn fold_constants(graph: &Graph, node: &Expr) -> Option<Expr> {
    let Family::Map(row) = &node.op().family else {
        return None;
    };
    let values: Option<Vec<Scalar>> = node.args().iter().map(|x| constant_of(graph, x)).collect();
    full_like(node, (row.eval)(&values?, node.dtype()))
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "commute",
        Class::E,
        On::Choice,
        "a + b and b + a have the same bits (all NaNs are one value): computed once",
        never,
    ),
    row(
        "fold-constants",
        Class::E,
        On::Maps,
        "the operator's own meaning, applied once while planning",
        fold_constants,
    ),
    row(
        "multiply-one",
        Class::E,
        On::Rows(&[&a::MULTIPLY]),
        "x * 1 is x for every x, also NaN, ±inf and -0.0",
        multiply_one,
    ),
    row(
        "divide-one",
        Class::E,
        On::Rows(&[&a::DIVIDE]),
        "x / 1 is x for every x, also NaN, ±inf and -0.0",
        divide_one,
    ),
    row(
        "floor_divide-one",
        Class::I,
        On::Rows(&[&a::FLOOR_DIVIDE]),
        "an integer divided by 1 is itself",
        integer_divide_one,
    ),
    row(
        "add-minus-zero",
        Class::E,
        On::Rows(&[&a::ADD]),
        "-0.0 is the identity of float addition: -0.0 + -0.0 is -0.0, 0.0 + -0.0 is 0.0",
        add_minus_zero,
    ),
    row(
        "subtract-zero",
        Class::E,
        On::Rows(&[&a::SUBTRACT]),
        "x - 0 is x + -0.0, which is x, also for -0.0",
        subtract_zero,
    ),
    row(
        "add-zero-integer",
        Class::I,
        On::Rows(&[&a::ADD]),
        "integers have one zero (floats have -0.0, for which this is wrong)",
        add_zero_integer,
    ),
    row(
        "add-zero-proved",
        Class::V,
        On::Rows(&[&a::ADD]),
        "only -0.0 + 0.0 differs from its x, and x is proved never to be -0.0",
        add_zero_proved,
    ),
    row(
        "multiply-zero-integer",
        Class::I,
        On::Rows(&[&a::MULTIPLY]),
        "integers have no NaN, no infinity and one zero",
        multiply_zero_integer,
    ),
    row(
        "multiply-zero-proved",
        Class::V,
        On::Rows(&[&a::MULTIPLY]),
        "x is proved finite and not negative, so that x * 0.0 is 0.0",
        multiply_zero_proved,
    ),
    row(
        "subtract-self-integer",
        Class::I,
        On::Rows(&[&a::SUBTRACT]),
        "integers have no NaN and no infinity",
        subtract_self_integer,
    ),
    row(
        "subtract-self-proved",
        Class::V,
        On::Rows(&[&a::SUBTRACT]),
        "x is proved finite, so that x - x is 0.0",
        subtract_self_proved,
    ),
];
