//! Which rewrites are there?
//!
//! | group | table | what it does |
//! |---|---|---|
//! | expand | [`expand`] | statistics become the operators that define them |
//! | push | [`push`] | slices, transposes, reshapes and rechunks move towards the sources |
//! | algebra | [`algebra`] | fewer and cheaper element-wise operators |
//! | reduce | [`reduce`] | reductions of constants, of few elements, of reductions |
//! | fuse | [`fuse`] | stages: what shares a pass and what is stored |
//! | relaxed | [`relaxed`] | error bounds instead of bits; a run of its own, only on demand |
//!
//! A rule gives an expression equal to a node, of the same type; a *because* says why. Matching is
//! by family except in rule text. Not here, since not exact: `x + 0 -> x`, `x * 0 -> 0`,
//! `x - x -> 0`, `x / c -> x * (1/c)`, `not (a < b) -> a >= b`, `-(a - b) -> b - a`, distribution,
//! `sqrt(x*x) -> |x|`, `x**3 -> x*x*x` and `(x*c).sum() -> c * x.sum()` on floats.

pub(crate) mod algebra;
pub(crate) mod expand;
pub(crate) mod fuse;
pub(crate) mod push;
pub(crate) mod reduce;
pub(crate) mod relaxed;

use crate::graph::Graph;
use std::fmt;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Expr, Family, OpDef};

/// What a rewrite keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Exact: the same bits for all inputs.
    E,
    /// Integer-exact: exact modulo 2^w.
    I,
    /// Order: a float reduction on the same canonical tree.
    O,
    /// Value-range: exact under a proved fact.
    V,
    /// Relaxed: an error bound instead of the bits.
    R,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// When a rewrite runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Before the others, alone, and only where bits may change.
    Relaxed,
    /// Statistics become their definitions.
    Expand,
    /// Moves travel to the sources.
    Push,
    /// Element-wise simplification.
    Algebra,
    /// Reductions.
    Reduce,
    /// Stages.
    Fuse,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum On {
    /// Nodes of these rows.
    Rows(&'static [&'static OpDef]),
    /// Element-wise nodes.
    Maps,
    /// Moves of this kind.
    Moves(MoveKind),
    /// Any move.
    AnyMove,
    /// Lookups by index arrays.
    Lookups,
    /// Reductions.
    Reductions,
    /// Every node.
    All,
    /// Not a node: a choice of extraction, or a property of the graph.
    Choice,
}

/// Gives an equal of the node, if the rule applies.
pub(crate) type Apply = fn(&Graph, &Expr) -> Option<Expr>;

/// A rewrite.
pub(crate) struct Rule {
    /// Name, as `explain` prints it.
    pub name: &'static str,
    /// When it runs.
    pub group: Group,
    /// What it keeps.
    pub class: Class,
    /// What it looks at.
    pub on: On,
    /// Why it is right.
    pub because: &'static str,
    /// Guard and replacement.
    pub apply: Apply,
}

/// A rule as documentation and `explain` show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleDoc {
    /// Name.
    pub name: &'static str,
    /// What it keeps.
    pub class: Class,
    /// When it runs.
    pub group: Group,
    /// Why it is right.
    pub because: &'static str,
}

/// Every table, in the order in which they run.
pub(crate) static TABLES: &[&[Rule]] = &[
    relaxed::RULES,
    expand::RULES,
    push::moves::RULES,
    push::slice::RULES,
    push::along::RULES,
    push::blocks::RULES,
    push::lookup::RULES,
    algebra::constant::RULES,
    algebra::arithmetic::RULES,
    algebra::logic::RULES,
    reduce::RULES,
    fuse::RULES,
];

/// Every rule, in the order of the tables.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// Every rule's name, class, group and reason, for documentation and `explain`.
pub fn rules() -> &'static [RuleDoc] {
    static DOCS: std::sync::OnceLock<Vec<RuleDoc>> = std::sync::OnceLock::new();
    DOCS.get_or_init(|| {
        all()
            .map(|rule| RuleDoc {
                name: rule.name,
                class: rule.class,
                group: rule.group,
                because: rule.because,
            })
            .collect()
    })
}

impl Rule {
    /// Whether the rule looks at nodes of this row.
    pub fn looks_at(&self, row: &'static OpDef) -> bool {
        match (self.on, &row.family) {
            (On::All, _) => !matches!(row.family, Family::Stage(_)),
            (On::Rows(rows), _) => rows.iter().any(|r| std::ptr::eq(*r, row)),
            (On::Maps, Family::Map(_)) => true,
            (On::Moves(kind), Family::Move(mine)) => kind == *mine,
            (On::AnyMove, Family::Move(_)) => true,
            (On::Lookups, Family::Index) => true,
            (On::Reductions, Family::Reduce(_)) => true,
            _ => false,
        }
    }
}

/// The replacement of a rule that is a choice of extraction.
fn never(_: &Graph, _: &Expr) -> Option<Expr> {
    None
}
