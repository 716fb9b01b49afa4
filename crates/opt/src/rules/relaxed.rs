//! Error bounds instead of bits: only where the caller asks for them, and in a run of their own,
//! since one inexact union would make a whole class inexact.

use super::{Class, Group, On, Rule};
use crate::graph::Graph;
use tilewright_core::Scalar;
use tilewright_expr::op::arithmetic as a;
use tilewright_expr::{Attr, Expr, build};

fn constant_like(graph: &Graph, x: &Expr, map: fn(f64) -> f64) -> Option<Expr> {
    let value = graph.facts(x).constant?;
    let new = Scalar::from_f64(value.dtype(), map(value.to_f64()));
    let normal = |s: Scalar| s.to_f64().is_normal() && s.to_f32().is_normal();
    if !normal(value) || !normal(new) {
        return None;
    }
    build::full(new, x.grid().clone()).ok()
}

fn divide_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    let inverse = constant_like(graph, y, |c| 1.0 / c)?;
    let args = [x.clone(), inverse].into_iter().collect();
    Expr::new(a::MULTIPLY.id(), Attr::None, args).ok()
}

fn cube(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    let three = graph.facts(y).constant?;
    if !x.dtype().is_float() || three.to_f64() != 3.0 {
        return None;
    }
    let square = Expr::new(
        a::SQUARE.id(),
        Attr::None,
        [x.clone()].into_iter().collect(),
    )
    .ok()?;
    let args = [square, x.clone()].into_iter().collect();
    Expr::new(a::MULTIPLY.id(), Attr::None, args).ok()
}

pub(crate) static RULES: &[Rule] = &[
    Rule {
        name: "relaxed-divide-constant",
        group: Group::Relaxed,
        class: Class::R,
        on: On::Rows(&[&a::DIVIDE]),
        because: "x * (1/c) is within 1.5 ULP of x / c where nothing overflows or is subnormal",
        apply: divide_constant,
    },
    Rule {
        name: "relaxed-cube",
        group: Group::Relaxed,
        class: Class::R,
        on: On::Rows(&[&a::POWER]),
        because: "x*x*x is within 1 ULP of x**3, which itself is within 2",
        apply: cube,
    },
];
