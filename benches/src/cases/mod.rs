//! Which comparisons are there, group by group?

pub mod compile;
pub mod elementwise;
pub mod io;
pub mod optimize;
pub mod random;
pub mod reduce;

use crate::case::Case;
use ndarray::{Array, ArrayD, Dimension};
use std::path::Path;

/// A group: its name, and what makes its cases (with a directory for files).
pub type Group = (&'static str, fn(&Path) -> Vec<Case>);

/// Every group, in the order of the documentation.
pub const GROUPS: [Group; 6] = [
    ("optimize", optimize::cases),
    ("compile", compile::cases),
    ("elementwise", elementwise::cases),
    ("reduce", reduce::cases),
    ("random", random::cases),
    ("io", io::cases),
];

/// One eager result.
fn one<D: Dimension>(array: Array<f64, D>) -> Vec<ArrayD<f64>> {
    vec![array.into_dyn()]
}

/// One eager number.
fn number(value: f64) -> Vec<ArrayD<f64>> {
    one(ndarray::arr0(value))
}
