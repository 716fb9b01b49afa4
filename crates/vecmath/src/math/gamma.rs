//! Γ(x) within 3 ULP (4 promised); ln |Γ(x)| within 4 ULP, for negative x within 2^-50 where that is
//! more.
//!
//! Stirling's series from 8 on, ln Γ(y) = (y − ½)·ln y − y + ½·ln 2π + c(1/y²)/y, with logarithm and
//! products as high + low. Below 8, Γ(a) = Γ(a+8)/(a·(a+1)···(a+7)); the product pairs its factors,
//! (a+j)·(a+7−j) = a·(a+7) + j·(7−j). Below 0, Γ(−a) = −π/(a·sin(πa)·Γ(a)). ln Γ near its zeros 1
//! and 2 has a polynomial.

use super::exp::{exp_parts, scale};
use super::log::log_double;
use super::logarithms::log1p;
use super::trigonometry::{Reduced, sin_reduced};
use crate::lanes::{
    ROUND, double_product, fast_two_sum, fma, polynomial, quotient, select, two_product, two_sum,
};
use std::f64::consts::PI;

/// What std's π leaves.
const PI_LOW: f64 = 1.2246467991473532e-16;

/// ½·ln 2π, and what it leaves.
const HALF_LN_2_PI: f64 = 0.9189385332046728;
const HALF_LN_2_PI_LOW: f64 = -3.8782941580672414e-17;

/// Stirling's c in 1/y², error below 2^-57 for y ≥ 8.
const STIRLING: [f64; 7] = [
    0.08333333333333333,
    -0.0027777777777740994,
    0.0007936507898352744,
    -0.0005952366070732767,
    0.0008414728651364523,
    -0.0018905408926090902,
    0.00506926968010596,
];

/// ln Γ(2+t)/t, error below 2^-56 for |t| ≤ 0.2.
const NEAR_2: [f64; 13] = [
    0.42278433509846713,
    0.32246703342411315,
    -0.06735230105319792,
    0.02058080842782556,
    -0.007385551028737428,
    0.0028905103225496313,
    -0.001192753903159071,
    0.0005096702256354816,
    -0.00022315531296054835,
    9.942839555196305e-05,
    -4.4907602133803025e-05,
    2.1086129261280598e-05,
    -9.751533437067468e-06,
];

/// From here on a float is a whole number.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// ln Γ(x) overflows above.
const LARGEST: f64 = 2.556348163871691e305;

/// Up to here Stirling's series is applied to a + 8.
const SMALL: f64 = 8.0;

/// ln Γ(y) as high + low, y = a from [`SMALL`] on, else a + 8.
#[inline(always)]
fn stirling(a: f64) -> (f64, f64) {
    let small = a < SMALL;
    let (shifted, error) = fast_two_sum(SMALL, a);
    let (y, y_low) = (select(small, shifted, a), select(small, error, 0.0));
    let (log, log_low) = log_double(y);
    let (product, product_low) = two_product(y - 0.5, log);
    let (main, main_low) = fast_two_sum(product, -y);
    let inverse = 1.0 / y;
    let series = inverse * polynomial(inverse * inverse, &STIRLING);
    let (constant, constant_low) = fast_two_sum(HALF_LN_2_PI, series);
    let (sum, sum_low) = fast_two_sum(main, constant);
    // The derivative is ln y − 1/(2y) − ….
    let slope = fma(-0.5, inverse, log);
    let low = fma(y_low, slope, fma(y - 0.5, log_low, product_low));
    (
        sum,
        low + (main_low + sum_low + (constant_low + HALF_LN_2_PI_LOW)),
    )
}

/// (a+1)·(a+2)···(a+7) as high + low for a < 8.
#[inline(always)]
fn rising(a: f64) -> (f64, f64) {
    let (mut product, mut low) = fast_two_sum(7.0, a);
    let (pair, error) = two_product(a, product);
    let pair_low = fma(a, low, error);
    for constant in [6.0, 10.0, 12.0] {
        let (factor, error) = two_sum(pair, constant);
        let factor_low = error + pair_low;
        let (high, error) = two_product(product, factor);
        low = fma(product, factor_low, fma(low, factor, error));
        product = high;
    }
    fast_two_sum(product, low)
}

/// sin(πa) for 0 ≤ a < 2^52.
#[inline(always)]
fn sin_pi(a: f64) -> f64 {
    // Modulo 2, then modulo ½: both exact.
    let a = fma(-2.0, fma(a, 0.5, ROUND) - ROUND, a);
    let shifted = fma(a, 2.0, ROUND);
    let r = fma(-0.5, shifted - ROUND, a);
    let (high, low) = two_product(r, PI);
    sin_reduced(Reduced {
        quadrant: shifted.to_bits(),
        high,
        low: fma(r, PI_LOW, low),
    })
}

/// Γ(x): ±inf at ±0, NaN at negative whole numbers and −inf.
#[inline(always)]
pub(super) fn gamma(x: f64) -> f64 {
    let negative = x < 0.0;
    // The bound is past the range of results.
    let a = select(x.abs() > 200.0, 200.0, x.abs());
    let small = a < SMALL;
    let (high, low) = stirling(a);
    let (power, power_low, shifted) = exp_parts(high, low);
    let (power, power_low) = fast_two_sum(power, power_low);
    let (rising, rising_low) = rising(a);
    let (rising, rising_low) = (select(small, rising, 1.0), select(small, rising_low, 0.0));
    // Γ(a) = power/(a·rising)·2^n, or power·2^n from 8 on.
    let (above, above_low) = double_product(select(small, a, 1.0), 0.0, rising, rising_low);
    // Of x itself: its sign is that of a result of 0, too.
    let sin = sin_pi(x.abs()) * select(small, 1.0, a);
    let (below, below_low) = double_product(sin, 0.0, power, power_low);
    let (pi, pi_low) = double_product(PI, PI_LOW, rising, rising_low);
    let (value, rest) = quotient(
        select(negative, -pi, power),
        select(negative, -pi_low, power_low),
        select(negative, below, above),
        select(negative, below_low, above_low),
    );
    let value = value + rest;
    let shifted = select(negative, 2.0 * ROUND - shifted, shifted);
    let result = scale(value, shifted);
    let result = select(x == 0.0, f64::INFINITY.copysign(x), result);
    let whole = (x.abs() >= WHOLE) | ((x.abs() + WHOLE) - WHOLE == x.abs());
    select((negative & whole) | x.is_nan(), f64::NAN, result)
}

/// ln |Γ(x)|: inf at 0, negative whole numbers and ±inf.
#[inline(always)]
pub(crate) fn gammaln<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    let mut near = 0;
    for i in 0..N {
        out[i] = far(x[i]);
        near |= u64::from((x[i] - 1.5).abs() < 0.7);
    }
    if near != 0 {
        for i in 0..N {
            out[i] = near_zeros(x[i], out[i]);
        }
    }
}

/// [`gammaln`] but near 1 and 2.
#[inline(always)]
fn far(x: f64) -> f64 {
    let negative = x < 0.0;
    let whole = (x.abs() >= WHOLE) | ((x.abs() + WHOLE) - WHOLE == x.abs());
    let a = x.abs();
    let small = a < SMALL;
    // There Γ(x) is 1/x.
    let tiny = a < f64::EPSILON / 8.0;
    let (high, low) = stirling(a);
    let (rising, rising_low) = rising(a);
    let (rising, rising_low) = (select(small, rising, 1.0), select(small, rising_low, 0.0));
    // Γ(a) = e^(high + low)/divisor, 1/Γ(−a) = −e^(high + low)·divisor.
    let (above, above_low) = double_product(select(small, a, 1.0), 0.0, rising, rising_low);
    let below = sin_pi(a).abs() * select(small, 1.0, a) / (PI * rising);
    let divisor = select(negative, below, above);
    let divisor = select(tiny, a, divisor);
    let divisor_low = select(negative | tiny, 0.0, above_low);
    let (log, log_low) = log_double(divisor);
    let log_low = log_low + divisor_low / divisor;
    let sign = select(negative, -1.0, 1.0);
    let (sum, error) = two_sum(select(tiny, 0.0, sign * high), -log);
    let result = sum + (error + (select(tiny, 0.0, sign * low) - log_low));
    let infinite = (x == 0.0) | (negative & whole) | (x > LARGEST);
    select(
        x.is_nan(),
        f64::NAN,
        select(infinite, f64::INFINITY, result),
    )
}

/// ln Γ(x) near 1 and 2, else `result`.
#[inline(always)]
fn near_zeros(x: f64, result: f64) -> f64 {
    let near_1 = (x - 1.0).abs() < 0.2;
    let near_2 = (x - 2.0).abs() < 0.2;
    let t = x - select(near_1, 1.0, 2.0);
    // Γ(1+t) = Γ(2+t)/(1+t).
    let value = fma(t, polynomial(t, &NEAR_2), select(near_1, -log1p(t), 0.0));
    select(near_1 | near_2, value, result)
}
