//! log2 x, log10 x, ln(1+x), and the inverse hyperbolic functions, which are logarithms: within
//! 0.6 ULP.
//!
//! With x = 2^k·m, ln m = 2·atanh((m−1)/(m+1)); the quotient keeps what its rounding leaves, so that
//! operands may come as high + low. Small arguments of asinh have a polynomial.

use super::exp::{LN_2_HIGH, LN_2_LOW};
use super::log::{SERIES, ends, split, split_normal};
use crate::lanes::{
    fast_two_sum, fma, polynomial, power_of_two, quotient, root, select, two_product, two_sum,
};
use std::f64::consts::{LOG2_E, LOG10_E, SQRT_2};

/// What the constants of std leave of 1/ln 2 and 1/ln 10.
const LOG2_E_LOW: f64 = 2.0355273740931033e-17;
const LOG10_E_LOW: f64 = 1.098319650216765e-17;

/// The first 32 bits of log10 2, and what they leave.
const LOG10_2_HIGH: f64 = 0.3010299955494702;
const LOG10_2_LOW: f64 = 1.1451100898021838e-10;

/// (asinh a − a)/a³ in a², relative error of asinh a below 2^-58 for a ≤ ½.
const ASINH_TAIL: [f64; 12] = [
    -0.1666666666666661,
    0.07499999999984619,
    -0.044642857127994165,
    0.030381943722928975,
    -0.022372138510949227,
    0.017352389200054094,
    -0.013960253884408278,
    0.011513122624247212,
    -0.009534727217979853,
    0.007467161294471541,
    -0.004749904421850434,
    0.0017196852077373149,
];

/// Up to this, 1 + x has what is left of it within the range.
const BETWEEN: f64 = 1.0e18;

/// Above this, √(x² ± 1) is x.
const LARGE: f64 = 1.0e18;

/// 2·atanh(a/b) as high + low, for operands as high + low with |a/b| ≤ 0.172.
#[inline(always)]
fn atanh_twice(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let (s, s_low) = quotient(a, a_low, b, b_low);
    let z = s * s;
    (2.0 * s, fma(s * z, polynomial(z, &SERIES), 2.0 * s_low))
}

/// ln(1 + f + f_low) as high + low, for m = 1 + f + f_low in [√½, √2).
#[inline(always)]
fn log_near_1(f: f64, f_low: f64) -> (f64, f64) {
    let (b, b_low) = fast_two_sum(2.0, f);
    atanh_twice(f, f_low, b, b_low + f_low)
}

/// k·unit + high + low, where a multiple of `unit` (the first 32 bits of it and the rest) by a small
/// whole number is exact.
#[inline(always)]
fn combine(k: f64, unit: (f64, f64), high: f64, low: f64) -> f64 {
    let (sum, error) = fast_two_sum(k * unit.0, high);
    sum + (error + fma(k, unit.1, low))
}

/// ln m·(factor as high + low) + k·unit.
#[inline(always)]
fn log_to_base((k, m): (f64, f64), unit: (f64, f64), factor: (f64, f64)) -> f64 {
    let (high, low) = log_near_1(m - 1.0, 0.0);
    let (product, error) = two_product(high, factor.0);
    let rest = fma(high, factor.1, fma(low, factor.0, error));
    combine(k, unit, product, rest)
}

#[inline(always)]
fn log2_of(parts: (f64, f64)) -> f64 {
    log_to_base(parts, (1.0, 0.0), (LOG2_E, LOG2_E_LOW))
}

#[inline(always)]
fn log10_of(parts: (f64, f64)) -> f64 {
    log_to_base(parts, (LOG10_2_HIGH, LOG10_2_LOW), (LOG10_E, LOG10_E_LOW))
}

/// log2 x: −inf at ±0, NaN below 0; exact for powers of two.
#[inline(always)]
pub(super) fn log2(x: f64) -> f64 {
    ends(x, log2_of(split(x)))
}

/// The bits of [`log2`] for ordinary x.
#[inline(always)]
pub(super) fn log2_ordinary(x: f64) -> f64 {
    log2_of(split_normal(x))
}

/// log10 x: −inf at ±0, NaN below 0; exact for powers of ten.
#[inline(always)]
pub(super) fn log10(x: f64) -> f64 {
    ends(x, log10_of(split(x)))
}

/// The bits of [`log10`] for ordinary x.
#[inline(always)]
pub(super) fn log10_ordinary(x: f64) -> f64 {
    log10_of(split_normal(x))
}

/// ln(u + u_low) for u_low below the last place of u; where u is nearer to 1 than √½ or √2, ln(1 + y +
/// y_low), the same number.
#[inline(always)]
fn log_of_sum(u: f64, u_low: f64, doublings: f64, y: f64, y_low: f64) -> f64 {
    let (k, m) = split(u);
    // 2^-k of the largest u is beyond the range, but nothing is left of u there.
    let scaled = select(
        k > 100.0,
        0.0,
        u_low * power_of_two(-select(k > 100.0, 0.0, k)),
    );
    log_of_parts((k, m, scaled), doublings, y, y_low)
}

/// [`log_of_sum`] of 2^k·(m + m_low).
#[inline(always)]
fn log_of_parts((k, m, m_low): (f64, f64, f64), doublings: f64, y: f64, y_low: f64) -> f64 {
    let f = select(k == 0.0, y, m - 1.0);
    let f_low = select(k == 0.0, y_low, m_low);
    let (high, low) = log_near_1(f, f_low);
    combine(k + doublings, (LN_2_HIGH, LN_2_LOW), high, low)
}

/// ln(1+x): −inf at −1, NaN below; the sign of zero is kept.
#[inline(always)]
pub(crate) fn log1p(x: f64) -> f64 {
    let (u, u_low) = two_sum(1.0, x);
    let result = log_of_sum(u, u_low, 0.0, x, 0.0);
    let result = select(x.abs() < f64::EPSILON / 4.0, x, result);
    let result = select(x == f64::INFINITY, x, result);
    let result = select(x == -1.0, f64::NEG_INFINITY, result);
    select(x >= -1.0, result, f64::NAN)
}

/// Whether [`log1p_between`] may take the place of [`log1p`].
#[inline(always)]
pub(super) fn is_between(x: f64) -> bool {
    (x > -1.0) & (x < BETWEEN)
}

/// The bits of [`log1p`] between −1 and a large number.
#[inline(always)]
pub(super) fn log1p_between(x: f64) -> f64 {
    let (u, u_low) = two_sum(1.0, x);
    let (k, m) = split_normal(u);
    let result = log_of_parts((k, m, u_low * power_of_two(-k)), 0.0, x, 0.0);
    select(x.abs() < f64::EPSILON / 4.0, x, result)
}

/// asinh x; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let (square, square_low) = two_product(a, a);
    let near = fma(a * square, polynomial(square, &ASINH_TAIL), a);
    // ln(a + √(a² + 1)) = ln(2a) for large a.
    let (sum, sum_low) = two_sum(square, 1.0);
    let (s, s_low) = root(sum, sum_low + square_low);
    let (u, u_low) = two_sum(a, s);
    let large = a > LARGE;
    let u = select(large, a, u);
    let u_low = select(large, 0.0, u_low + s_low);
    let far = log_of_sum(u, u_low, select(large, 1.0, 0.0), u - 1.0, u_low);
    let result = select(a < 0.5, near, far);
    select(a < f64::INFINITY, result, a).copysign(x)
}

/// acosh x; NaN below 1.
#[inline(always)]
pub(super) fn acosh(x: f64) -> f64 {
    // With t = x − 1: ln(1 + (√(t·(t + 2)) + t)), and ln(2x) for large x.
    let (t, t_low) = fast_two_sum(x, -1.0);
    let (v, v_low) = fast_two_sum(x, 1.0);
    let (product, error) = two_product(t, v);
    let (s, s_low) = root(product, error + fma(t, v_low, t_low * v));
    let (y, y_low) = fast_two_sum(s, t);
    let y_low = y_low + (s_low + t_low);
    let (u, u_low) = two_sum(1.0, y);
    let large = x > LARGE;
    let u = select(large, x, u);
    let u_low = select(large, 0.0, u_low + y_low);
    let result = log_of_sum(u, u_low, select(large, 1.0, 0.0), y, y_low);
    let result = select(x == f64::INFINITY, x, result);
    select(x >= 1.0, result, f64::NAN)
}

/// atanh x: ±inf at ±1, NaN beyond; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn atanh(x: f64) -> f64 {
    // (1+a)/(1−a) = 2^k·m, so atanh a = ½·k·ln 2 + atanh of ((1+a) − 2^k·(1−a))/((1+a) + 2^k·(1−a)).
    let a = x.abs();
    let (n, n_low) = fast_two_sum(1.0, a);
    let (d, d_low) = fast_two_sum(1.0, -a);
    let (exponent, m) = split(d);
    let k = select(n > SQRT_2 * m, 1.0, 0.0) - exponent;
    let factor = power_of_two(k);
    let (d, d_low) = (d * factor, d_low * factor);
    let (sum, sum_low) = two_sum(n, d);
    let small = k == 0.0;
    let (high, low) = atanh_twice(
        select(small, a, n - d),
        select(small, 0.0, n_low - d_low),
        select(small, 1.0, sum),
        select(small, 0.0, sum_low + (n_low + d_low)),
    );
    let result = 0.5 * combine(k, (LN_2_HIGH, LN_2_LOW), high, low);
    let result = select(a == 1.0, f64::INFINITY, result);
    select(a <= 1.0, result, f64::NAN).copysign(x)
}
