//! The state of two sets of elements from their states (Chan, Golub & LeVeque 1979, eq. 2.1).
//!
//! Means are high + low, so that the difference of two large means keeps its digits. Plain IEEE
//! operations element by element, no fma: compiled kernels may inline the same sequence.

use crate::lanes::{fast_two_sum, two_sum};

/// a := the state of a's `na` and b's `nb` elements together, for each element of all six slices. A
/// side with count 0 gives the other, bit for bit; counts are at least 0.
///
/// With n = na + nb, w = nb/n: δ = (b_mean − a_mean) + (b_low − a_low);
/// m2 = (a_m2 + b_m2) + (δ·δ)·(na·w); mean = two-sum of a_mean and δ·w, its error plus a_low, and a
/// fast two-sum of the pair.
#[allow(
    clippy::too_many_arguments,
    reason = "two states of three arrays and their counts"
)]
pub fn moments_merge(
    na: f64,
    a_mean: &mut [f64],
    a_low: &mut [f64],
    a_m2: &mut [f64],
    nb: f64,
    b_mean: &[f64],
    b_low: &[f64],
    b_m2: &[f64],
) {
    if nb == 0.0 {
        return;
    }
    let a = a_mean.iter_mut().zip(a_low).zip(a_m2);
    let b = b_mean.iter().zip(b_low).zip(b_m2);
    if na == 0.0 {
        for (((a_mean, a_low), a_m2), ((&b_mean, &b_low), &b_m2)) in a.zip(b) {
            (*a_mean, *a_low, *a_m2) = (b_mean, b_low, b_m2);
        }
        return;
    }
    let weight = nb / (na + nb);
    let spread = na * weight;
    for (((a_mean, a_low), a_m2), ((b_mean, b_low), b_m2)) in a.zip(b) {
        let delta = (b_mean - *a_mean) + (b_low - *a_low);
        *a_m2 = (*a_m2 + b_m2) + delta * delta * spread;
        let (high, error) = two_sum(*a_mean, delta * weight);
        (*a_mean, *a_low) = fast_two_sum(high, error + *a_low);
    }
}
