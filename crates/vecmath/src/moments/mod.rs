//! The state of a variance: how is it made of one leaf, and how are two merged?
//!
//! A leaf is at most [`LEAF`] elements in [`LANES`] lanes: lane l takes elements i with i mod 8 = l in
//! increasing order, and lanes combine as ((0∘4)∘(2∘6))∘((1∘5)∘(3∘7)). Which leaves there are and in
//! what order states merge is the caller's canonical tree.

mod leaf;
mod merge;
mod rows;

pub use leaf::{Moments, moments_leaf, moments_leaf_at};
pub use merge::moments_merge;
pub use rows::{Columns, moments_leaf_rows, moments_leaf_rows_at};

/// Lanes of a reduction leaf.
pub const LANES: usize = 8;

/// The most elements that a reduction leaf of the canonical tree has.
pub const LEAF: usize = 512;

use crate::lanes::{select, two_sum};

/// The lanes of a sum combined in the fixed order.
#[inline(always)]
fn combine(lanes: [f64; LANES]) -> f64 {
    let [l0, l1, l2, l3, l4, l5, l6, l7] = lanes;
    ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7))
}

/// `sum += value`, the error of the addition added to `error`.
#[inline(always)]
fn add_exactly(sum: &mut f64, error: &mut f64, value: f64) {
    let (total, rest) = two_sum(*sum, value);
    *sum = total;
    *error += rest;
}

/// The lanes of a sum with its errors combined in the fixed order, then rounded to one float.
#[inline(always)]
fn combine_exactly(mut sums: [f64; LANES], mut errors: [f64; LANES]) -> f64 {
    for (into, from) in [(0, 4), (2, 6), (0, 2), (1, 5), (3, 7), (1, 3), (0, 1)] {
        let value = sums[from];
        add_exactly(&mut sums[into], &mut errors[into], value);
        errors[into] += errors[from];
    }
    // An infinite sum has a NaN error.
    select(sums[0].is_infinite(), sums[0], sums[0] + errors[0])
}

/// The last step of a leaf of n > 0 elements: from the pivot, Σd and Σd² to the state.
#[inline(always)]
fn finish(n: f64, pivot: f64, s1: f64, s2: f64) -> Moments {
    let correction = s1 / n;
    let m2 = s2 - s1 * correction;
    let (mean, mean_low) = two_sum(pivot, correction);
    // Written so that NaN stays: a rounding error below zero becomes zero.
    Moments {
        mean,
        mean_low,
        m2: if m2 < 0.0 { 0.0 } else { m2 },
    }
}
