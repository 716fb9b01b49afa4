//! e^x and 2^x: within 0.65 ULP for normal results, 1 ULP for subnormal ones.
//!
//! x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r is a polynomial of degree 12 whose leading terms 1 + r are
//! added with their rounding error kept.

use crate::lanes::{ROUND, fast_two_sum, fma, polynomial, select, two_product, two_sum};
use std::f64::consts::LN_2;

pub(super) const INVERSE_LN_2: f64 = std::f64::consts::LOG2_E;

/// The first 32 bits of ln 2: n times it is exact for |n| < 2^21.
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;

/// ln 2 − [`LN_2_HIGH`], rounded.
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// ln 2 − `LN_2`, rounded.
const LN_2_REST: f64 = 2.3190468138462996e-17;

/// (e^r − 1 − r)/r², relative error of e^r below 2^-60.
const TAIL: [f64; 11] = [
    0.5,
    0.16666666666666682,
    0.041666666666666095,
    0.008333333333317035,
    0.001388888888911562,
    0.0001984126989638299,
    2.4801586926642154e-05,
    2.7557234862592103e-06,
    2.755758184387098e-07,
    2.511203664357419e-08,
    2.0826627779573423e-09,
];

/// e^x: 0 at −inf, inf above 709.78, gradual underflow down to −745.13.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // Both bounds are past the range of results and inside that of the scaling; NaN passes.
    let x = select(x > 710.0, 710.0, x);
    let x = select(x < -746.0, -746.0, x);
    let shifted = fma(x, INVERSE_LN_2, ROUND);
    let n = shifted - ROUND;
    let high = fma(n, -LN_2_HIGH, x);
    let (r, low) = fast_two_sum(high, -(n * LN_2_LOW));
    let (high, low) = mantissa(r, low);
    scale(high + low, shifted)
}

/// Whether [`exp_moderate`] may take the place of [`exp`].
#[inline(always)]
pub(super) fn is_moderate(x: f64) -> bool {
    (x.abs() < 700.0) | x.is_nan()
}

/// The bits of [`exp`] for moderate x: its result is far from the ends of the range.
#[inline(always)]
pub(super) fn exp_moderate(x: f64) -> f64 {
    let shifted = fma(x, INVERSE_LN_2, ROUND);
    let n = shifted - ROUND;
    let high = fma(n, -LN_2_HIGH, x);
    let (r, low) = fast_two_sum(high, -(n * LN_2_LOW));
    let (high, low) = mantissa(r, low);
    let biased = shifted.to_bits().wrapping_sub(ROUND.to_bits() - 1023);
    (high + low) * f64::from_bits(biased << 52)
}

/// 2^x: 0 at −inf, inf from 1024 on; exact where x is whole.
#[inline(always)]
pub(super) fn exp2(x: f64) -> f64 {
    let x = select(x > 1100.0, 1100.0, x);
    let x = select(x < -1200.0, -1200.0, x);
    let shifted = x + ROUND;
    let (r, low) = two_product(x - (shifted - ROUND), LN_2);
    let (high, low) = mantissa(r, fma(r, LN_2_REST, low));
    scale(high + low, shifted)
}

/// e^(high + low) for a double-double argument with |low| ≤ ulp(high)·2^10.
#[inline(always)]
pub(super) fn exp_double(high: f64, low: f64) -> f64 {
    let (high, low, shifted) = exp_parts(high, low);
    scale(high + low, shifted)
}

/// [`exp_double`] before its power of two: m between 0.7 and 1.5 as high + low with relative error below
/// 2^-55, and n for [`scale`].
#[inline(always)]
pub(super) fn exp_parts(high: f64, low: f64) -> (f64, f64, f64) {
    let low = select(high.abs() < 800.0, low, 0.0);
    let high = select(high > 800.0, 800.0, high);
    let high = select(high < -800.0, -800.0, high);
    let shifted = fma(high, INVERSE_LN_2, ROUND);
    let n = shifted - ROUND;
    let (r, first) = fast_two_sum(fma(n, -LN_2_HIGH, high), -(n * LN_2_LOW));
    let (r, second) = two_sum(r, low);
    let (high, low) = mantissa(r, first + second);
    (high, low, shifted)
}

/// e^(r + low) for |low| ≤ ulp(r), as high + low.
#[inline(always)]
fn mantissa(r: f64, low: f64) -> (f64, f64) {
    let (sum, error) = fast_two_sum(1.0, r);
    let tail = fma(r * r, polynomial(r, &TAIL), fma(low, sum, error));
    (sum, tail)
}

/// x·2^n for n = `shifted` − [`ROUND`], |n| < 2000, rounded once: in two factors, since one alone
/// cannot hold the exponent of a subnormal result.
#[inline(always)]
pub(super) fn scale(x: f64, shifted: f64) -> f64 {
    let n = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(2048);
    let half = n >> 1;
    let first = f64::from_bits(half.wrapping_sub(1) << 52);
    let second = f64::from_bits(n.wrapping_sub(half).wrapping_sub(1) << 52);
    x * first * second
}
