//! Stages: what shares a pass and what is stored.
//!
//! These are choices of extraction (`extract`), which adds the chosen stages to the e-graph as
//! `fused` and `get` nodes; the rows name and explain them.

use super::{Class, Group, On, Rule, never};

/// A row of the table.
const fn row(name: &'static str, class: Class, because: &'static str) -> Rule {
    Rule {
        name,
        group: Group::Fuse,
        class,
        on: On::Choice,
        because,
        apply: never,
    }
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "fuse-map",
        Class::E,
        "fusing an element-wise chain: one pass computes it, no array in between is stored",
    ),
    row(
        "tree-reduce",
        Class::O,
        "a reduction becomes a merge tree over per-chunk partials, fused with its producer",
    ),
    row(
        "share-pass",
        Class::O,
        "sibling reductions of one shape and grid read what they share once, each with its own accumulators",
    ),
    row(
        "fuse-shared",
        Class::E,
        "computing it again in each consumer costs less than storing and loading it",
    ),
    row(
        "store-shared",
        Class::E,
        "storing it once costs less than computing it again where it is used",
    ),
];
