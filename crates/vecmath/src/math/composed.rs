//! What NumPy computes by other functions: logaddexp, logaddexp2, radians, degrees, sinc.
//!
//! By the same formulas, so that they round where NumPy's do; each is as near to its formula as the
//! functions in it.

use super::exp::{exp, exp2};
use super::logarithms::log1p;
use super::trigonometry::sin;
use crate::lanes::select;
use std::f64::consts::{LOG2_E, PI};

/// The larger of two numbers that may be infinite, and −|a − b|.
#[inline(always)]
fn larger(a: f64, b: f64) -> (f64, f64) {
    let distance = select(a == b, 0.0, -(a - b).abs());
    (select(a > b, a, b), distance)
}

/// ln(e^a + e^b).
#[inline(always)]
pub(super) fn logaddexp(a: f64, b: f64) -> f64 {
    let (larger, distance) = larger(a, b);
    larger + log1p(exp(distance))
}

/// log2(2^a + 2^b).
#[inline(always)]
pub(super) fn logaddexp2(a: f64, b: f64) -> f64 {
    let (larger, distance) = larger(a, b);
    larger + LOG2_E * log1p(exp2(distance))
}

/// x degrees in radians.
#[inline(always)]
pub(super) fn radians(x: f64) -> f64 {
    x * (PI / 180.0)
}

/// x radians in degrees.
#[inline(always)]
pub(super) fn degrees(x: f64) -> f64 {
    x * (180.0 / PI)
}

/// sin(πx)/(πx), 1 at 0.
#[inline(always)]
pub(super) fn sinc<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    let mut angle = [0.0; N];
    for i in 0..N {
        angle[i] = PI * select(x[i] == 0.0, 1e-20, x[i]);
    }
    sin(&angle, out);
    for i in 0..N {
        out[i] /= angle[i];
    }
}
