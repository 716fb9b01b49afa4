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
pub use rows::{moments_leaf_rows, moments_leaf_rows_at};

/// Lanes of a reduction leaf.
pub const LANES: usize = 8;

/// The most elements that a reduction leaf of the canonical tree has.
pub const LEAF: usize = 512;

use crate::lanes::two_sum;

/// The lanes of a sum combined in the fixed order.
#[inline(always)]
fn combine(lanes: [f64; LANES]) -> f64 {
    let [l0, l1, l2, l3, l4, l5, l6, l7] = lanes;
    ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7))
}

/// A sum with the errors of its additions beside it.
#[derive(Clone, Copy)]
struct Exact {
    sum: f64,
    error: f64,
}

impl Exact {
    const ZERO: Exact = Exact {
        sum: 0.0,
        error: 0.0,
    };

    #[inline(always)]
    fn add(self, value: f64) -> Exact {
        let (sum, error) = two_sum(self.sum, value);
        Exact {
            sum,
            error: self.error + error,
        }
    }

    /// The lanes combined in the fixed order, with errors carried, then rounded to one float.
    #[inline(always)]
    fn combine(lanes: [Exact; LANES]) -> f64 {
        let [l0, l1, l2, l3, l4, l5, l6, l7] = lanes;
        let join = |a: Exact, b: Exact| {
            let joined = a.add(b.sum);
            Exact {
                sum: joined.sum,
                error: joined.error + b.error,
            }
        };
        let all = join(
            join(join(l0, l4), join(l2, l6)),
            join(join(l1, l5), join(l3, l7)),
        );
        // An infinite sum has a NaN error.
        if all.sum.is_infinite() {
            all.sum
        } else {
            all.sum + all.error
        }
    }
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
