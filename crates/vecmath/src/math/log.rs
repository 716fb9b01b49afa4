//! ln x: within 0.67 ULP; and as a double-double for `pow`.
//!
//! x = 2^k·m with m in [√½, √2); ln m = 2·atanh(s) with s = (m−1)/(m+1). In the single version the
//! leading terms f − f²/2 (f = m − 1) and the sum with k·ln 2 keep their rounding errors.

use super::exp::{LN_2_HIGH, LN_2_LOW};
use crate::lanes::{fast_two_sum, fma, polynomial, select, two_product};

/// (ln(1+f) − f + s·f)/(s·z) = 2/3 + 2/5·z + …, z = s², relative error below 2^-58 of z·(…).
pub(super) const SERIES: [f64; 7] = [
    0.6666666666666735,
    0.3999999999941132,
    0.28571428743220284,
    0.22222198479827288,
    0.1818356955922502,
    0.15313907496057444,
    0.14797468130866107,
];

/// (atanh(s)/s − 1 − z/3)/z² = 1/5 + z/7 + …, error of the whole below 2^-66.
const DOUBLE_SERIES: [f64; 9] = [
    0.2,
    0.14285714285714188,
    0.1111111111114515,
    0.09090909084639397,
    0.07692308376040458,
    0.0666662022319835,
    0.058843373833507434,
    0.05211434158861051,
    0.055068454965694465,
];

const THIRD_HIGH: f64 = 1.0 / 3.0;

/// 1/3 − [`THIRD_HIGH`], rounded.
const THIRD_LOW: f64 = 1.850371707708594e-17;

/// 2^52 with the bits of a biased exponent below it: see `split`.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// (k, m) with x = 2^k·m, m in [√½, √2), for positive finite x; anything for other x.
#[inline(always)]
pub(super) fn split(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let (k, m) = split_normal(select(subnormal, x * 18_014_398_509_481_984.0, x));
    (k - select(subnormal, 54.0, 0.0), m)
}

/// [`split`] for normal x.
#[inline(always)]
pub(super) fn split_normal(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const BIAS: u64 = 1023;
    let bits = x.to_bits();
    // Biased so that the shift is of an unsigned number: AVX2 has no signed 64-bit shift.
    let biased = bits.wrapping_sub(SQRT_HALF).wrapping_add(BIAS << 52) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(biased.wrapping_sub(BIAS) << 52));
    let k = f64::from_bits(biased | TWO_52.to_bits()) - (TWO_52 + BIAS as f64);
    (k, m)
}

/// ln x: −inf at ±0, NaN below 0, inf at inf.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    let (k, m) = split(x);
    ends(x, of_parts(k, m))
}

/// Whether x is positive, normal and finite: logarithms have nothing to mend then.
#[inline(always)]
#[allow(
    clippy::manual_range_contains,
    reason = "both sides are compared, without a branch"
)]
pub(super) fn is_ordinary(x: f64) -> bool {
    (x >= f64::MIN_POSITIVE) & (x < f64::INFINITY)
}

/// The bits of [`log`] for ordinary x.
#[inline(always)]
pub(crate) fn log_ordinary(x: f64) -> f64 {
    let (k, m) = split_normal(x);
    of_parts(k, m)
}

/// ln(2^k·m).
#[inline(always)]
fn of_parts(k: f64, m: f64) -> f64 {
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let half = 0.5 * f;
    let (square, square_low) = two_product(half, f);
    let (near, near_low) = fast_two_sum(f, -square);
    let series = s * fma(z, polynomial(z, &SERIES), square);
    let (sum, sum_low) = fast_two_sum(k * LN_2_HIGH, near);
    sum + (fma(k, LN_2_LOW, sum_low + (near_low - square_low)) + series)
}

/// `result`, the logarithm of x, or what it is where x is not positive and finite.
#[inline(always)]
pub(super) fn ends(x: f64, result: f64) -> f64 {
    let result = select(x == f64::INFINITY, x, result);
    let result = select(x == 0.0, f64::NEG_INFINITY, result);
    select(x >= 0.0, result, f64::NAN)
}

/// ln x as high + low with relative error below 2^-64, for positive finite x; anything for other x.
#[inline(always)]
pub(super) fn log_double(x: f64) -> (f64, f64) {
    let (k, m) = split(x);
    let f = m - 1.0;
    let (t, t_low) = fast_two_sum(2.0, f);
    let inverse = 1.0 / t;
    let s = f * inverse;
    let s_low = (fma(-s, t, f) - s * t_low) * inverse;
    let (z, z_low) = two_product(s, s);
    let z_low = fma(2.0 * s, s_low, z_low);
    // w = z/3 + z²·(1/5 + …), as high + low.
    let (third, third_low) = two_product(z, THIRD_HIGH);
    let third_low = third_low + fma(z, THIRD_LOW, z_low * THIRD_HIGH);
    let (w, w_low) = fast_two_sum(third, z * z * polynomial(z, &DOUBLE_SERIES));
    let w_low = w_low + third_low;
    // atanh(s) = s + s·w.
    let (sw, sw_low) = two_product(s, w);
    let sw_low = fma(s, w_low, fma(s_low, w, sw_low));
    let (u, u_low) = fast_two_sum(s, sw);
    let u_low = u_low + (sw_low + s_low);
    let (sum, sum_low) = fast_two_sum(k * LN_2_HIGH, 2.0 * u);
    fast_two_sum(sum, sum_low + fma(k, LN_2_LOW, 2.0 * u_low))
}
