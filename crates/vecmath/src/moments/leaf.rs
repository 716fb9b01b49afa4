//! Mean and sum of squared deviations of one contiguous leaf: corrected two-pass.
//!
//! 1. t_i = x_i − x_0; pivot = x_0 + (lane sum of t)/n. So constant data give the pivot x_0 exactly.
//! 2. d_i = x_i − pivot; s1 = lane sum of d; s2 = lane sum of d², with the errors of its additions
//!    (Knuth's two-sum) summed beside it and added at the end: values that recur, such as masks,
//!    would otherwise round the same way each time.
//! 3. m2 = max(s2 − s1·(s1/n), 0), NaN kept; mean + mean_low = pivot + s1/n, rounded by two-sum.
//!
//! Sum lanes start from −0.0, the lanes of s2 from 0. No fma.

use super::{LANES, add_exactly, combine, combine_exactly, finish};
use crate::level::{self, Level, Work};
use crate::prefetch;

/// Mean and spread of some elements. No elements: all zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The mean, rounded.
    pub mean: f64,
    /// What rounding the mean left: mean + mean_low is the mean.
    pub mean_low: f64,
    /// Sum of squared deviations from the mean; never negative.
    pub m2: f64,
}

/// The moments of `x`, any length. NaN or ±inf in `x`, or a range that overflows, give NaN.
pub fn moments_leaf(x: &[f64]) -> Moments {
    moments_leaf_at(level::best(), x)
}

/// [`moments_leaf`] at `level` (or at the machine's best if lower): for tests and measurements, the
/// bits are the same.
pub fn moments_leaf_at(level: Level, x: &[f64]) -> Moments {
    level::at(level, Leaf { x })
}

struct Leaf<'a> {
    x: &'a [f64],
}

impl Work for Leaf<'_> {
    type Output = Moments;

    #[inline(always)]
    fn run(self) -> Moments {
        let x = self.x;
        let Some(&origin) = x.first() else {
            return Moments::default();
        };
        let n = x.len() as f64;
        let (whole, rest) = x.as_chunks::<LANES>();

        let mut lanes = [-0.0; LANES];
        for group in whole {
            for (lane, x) in lanes.iter_mut().zip(group) {
                *lane += x - origin;
            }
        }
        for (lane, x) in lanes.iter_mut().zip(rest) {
            *lane += x - origin;
        }
        let pivot = origin + combine_apart(&lanes) / n;

        let mut s1 = [-0.0; LANES];
        let (mut s2, mut s2_error) = ([0.0; LANES], [0.0; LANES]);
        for (k, group) in whole.iter().enumerate() {
            // The next leaf, while there is much to compute.
            prefetch::elements::<LANES>(x, x.len() + k * LANES);
            for l in 0..LANES {
                let d = group[l] - pivot;
                s1[l] += d;
                add_exactly(&mut s2[l], &mut s2_error[l], d * d);
            }
        }
        for (l, x) in rest.iter().enumerate() {
            let d = x - pivot;
            s1[l] += d;
            add_exactly(&mut s2[l], &mut s2_error[l], d * d);
        }
        finish(
            n,
            pivot,
            combine_apart(&s1),
            combine_exactly_apart(&s2, &s2_error),
        )
    }
}

/// [`combine`] out of line: seen together with the loops, its order makes the compiler shuffle lanes
/// in them instead of at the end.
#[inline(never)]
fn combine_apart(lanes: &[f64; LANES]) -> f64 {
    combine(*lanes)
}

/// [`combine_exactly`] out of line, for the same reason.
#[inline(never)]
fn combine_exactly_apart(sums: &[f64; LANES], errors: &[f64; LANES]) -> f64 {
    combine_exactly(*sums, *errors)
}
