//! e^x − 1, sinh x, cosh x, tanh x: within 0.9 ULP.
//!
//! x = n·ln 2 + r with |r| ≤ ln 2 / 2. From cosh r − 1 and sinh r − r, two short polynomials, and from
//! powers of two follow all four, with leading terms that keep their rounding errors.

use super::exp::{INVERSE_LN_2, LN_2_HIGH, LN_2_LOW, scale};
use crate::lanes::{
    ROUND, fast_two_sum, fma, polynomial, power_of_two, quotient, select, two_product, two_sum,
};

/// (sinh r − r)/r³ in r², relative error of sinh r below 2^-60.
const SINH_TAIL: [f64; 5] = [
    0.16666666666666677,
    0.008333333333321615,
    0.0001984126988615902,
    2.7557244181201635e-06,
    2.510904519436927e-08,
];

/// (cosh r − 1 − r²/2)/r⁴ in r², error of cosh r below 2^-67.
const COSH_TAIL: [f64; 5] = [
    0.041666666666666685,
    0.0013888888888873476,
    2.4801587348764072e-05,
    2.7557252229986095e-07,
    2.092163362283978e-09,
];

/// An argument reduced, and its functions but for their leading terms.
struct Reduced {
    /// n + [`ROUND`].
    shifted: f64,
    n: f64,
    r: f64,
    /// cosh − 1, and sinh − r.
    even: f64,
    odd: f64,
}

/// For |x| < 2000; NaN passes.
#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let shifted = fma(x, INVERSE_LN_2, ROUND);
    let n = shifted - ROUND;
    let (r, low) = fast_two_sum(fma(n, -LN_2_HIGH, x), -(n * LN_2_LOW));
    let z = r * r;
    let even = fma(z * z, polynomial(z, &COSH_TAIL), 0.5 * z);
    let odd = fma(r * z, polynomial(z, &SINH_TAIL), fma(low, even, low));
    let even = fma(low, r, even);
    Reduced {
        shifted,
        n,
        r,
        even,
        odd,
    }
}

/// e^x − 1: −1 at −inf; the sign of zero is kept.
#[inline(always)]
pub(crate) fn expm1(x: f64) -> f64 {
    let bounded = select(x > 710.0, 710.0, x);
    let bounded = select(bounded < -40.0, -40.0, bounded);
    let Reduced {
        shifted,
        n,
        r,
        even,
        odd,
    } = reduce(bounded);
    // 2^n·((1 − 2^-n) + r + …).
    let (one, one_low) = two_sum(1.0, -power_of_two(-select(n > 100.0, 100.0, n)));
    let (sum, error) = fast_two_sum(one, r);
    let result = scale(sum + ((even + odd) + (error + one_low)), shifted);
    select(x == 0.0, x, result)
}

/// The sums 2^n·e^r ± 2^-n·e^-r, each over 2^n and as high + low.
struct Sums {
    shifted: f64,
    sinh: (f64, f64),
    cosh: (f64, f64),
}

/// For 0 ≤ a < 2000.
#[inline(always)]
fn sums(a: f64) -> Sums {
    let Reduced {
        shifted,
        n,
        r,
        even,
        odd,
    } = reduce(a);
    let inverse = power_of_two(-2.0 * select(n > 100.0, 100.0, n));
    let (minus, minus_low) = fast_two_sum(1.0, -inverse);
    let (plus, plus_low) = fast_two_sum(1.0, inverse);
    // lead + slope·r + lead·(cosh r − 1) + slope·(sinh r − r).
    let part = |lead: f64, lead_low: f64, slope: f64, slope_low: f64| {
        let (product, product_low) = two_product(slope, r);
        let (sum, error) = fast_two_sum(lead, product);
        let low = fma(lead, even, fma(slope, odd, fma(slope_low, r, lead_low)));
        (sum, low + (product_low + error))
    };
    Sums {
        shifted,
        sinh: part(minus, minus_low, plus, plus_low),
        cosh: part(plus, plus_low, minus, minus_low),
    }
}

/// |x|, or what is past the range of results.
#[inline(always)]
fn size(x: f64) -> f64 {
    select(x.abs() > 712.0, 712.0, x.abs())
}

/// sinh x; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn sinh(x: f64) -> f64 {
    let Sums { shifted, sinh, .. } = sums(size(x));
    scale(0.5 * (sinh.0 + sinh.1), shifted).copysign(x)
}

/// cosh x.
#[inline(always)]
pub(super) fn cosh(x: f64) -> f64 {
    let Sums { shifted, cosh, .. } = sums(size(x));
    scale(0.5 * (cosh.0 + cosh.1), shifted)
}

/// tanh x; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn tanh(x: f64) -> f64 {
    let Sums { sinh, cosh, .. } = sums(size(x));
    let (a, a_low) = fast_two_sum(sinh.0, sinh.1);
    let (b, b_low) = fast_two_sum(cosh.0, cosh.1);
    let (ratio, rest) = quotient(a, a_low, b, b_low);
    (ratio + rest).copysign(x)
}
