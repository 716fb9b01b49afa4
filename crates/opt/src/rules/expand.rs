//! Statistics become the operators that define them.

use super::{Class, Group, On, Rule};
use crate::graph::Graph;
use tilewright_expr::op::statistics;
use tilewright_expr::{Expr, Family};

fn definition(_: &Graph, node: &Expr) -> Option<Expr> {
    match &node.op().family {
        Family::Derived(row) => (row.expand)(node).ok(),
        _ => None,
    }
}

pub(crate) static RULES: &[Rule] = &[
    Rule {
        name: "expand-mean",
        group: Group::Expand,
        class: Class::E,
        on: On::Rows(&[&statistics::MEAN]),
        because: "mean(x, a) is sum(x, a) / count(x, a), by definition",
        apply: definition,
    },
    Rule {
        name: "expand-var",
        group: Group::Expand,
        class: Class::E,
        on: On::Rows(&[&statistics::VAR]),
        because: "var(x, a) is squared_deviations(x, a) / (count(x, a) - ddof), by definition",
        apply: definition,
    },
    Rule {
        name: "expand-std",
        group: Group::Expand,
        class: Class::E,
        on: On::Rows(&[&statistics::STD]),
        because: "std becomes sqrt(var): the square root is taken once per output element, above the merge",
        apply: definition,
    },
];
