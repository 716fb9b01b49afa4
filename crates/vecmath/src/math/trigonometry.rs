//! sin x and cos x within 0.79 ULP, tan x within 0.95 ULP for every finite x.
//!
//! x = n·π/2 + r with r as high + low: up to 2^40 by three parts of π/2 with fma (Cody & Waite 1980),
//! above by `payne_hanek`, lane by lane. Both polynomials are evaluated and n chooses.

use super::payne_hanek;
use crate::lanes::{ROUND, fast_two_sum, fma, polynomial, quotient, select, two_product, two_sum};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Above this the three parts of π/2 would not do.
const MODERATE: f64 = 1_099_511_627_776.0;

/// π/2 − FRAC_PI_2, rounded, and what is left after it.
pub(super) const HALF_PI_LOW: f64 = 6.123_233_995_736_766e-17;
const HALF_PI_LAST: f64 = -1.497_384_904_859_169_8e-33;

/// (sin r − r)/r³ in r², relative error of sin r below 2^-56 for |r| ≤ π/4 + 0.01.
const SIN_TAIL: [f64; 6] = [
    -0.16666666666666627,
    0.008333333333320956,
    -0.00019841269828599735,
    2.7557313260348364e-06,
    -2.5050688829515403e-08,
    1.5892691755264158e-10,
];

/// The same with one term more, for quotients: below 2^-57.
const SIN_TAIL_LONG: [f64; 7] = [
    -0.16666666666666666,
    0.008333333333333321,
    -0.00019841269841253158,
    2.755731921318972e-06,
    -2.5052104648798513e-08,
    1.6058332915726635e-10,
    -7.577016862479544e-13,
];

/// (cos r − 1 + r²/2)/r⁴ in r², error of cos r below 2^-61.
const COS_TAIL: [f64; 6] = [
    0.04166666666666659,
    -0.0013888888888872154,
    2.480158728820671e-05,
    -2.755731397236495e-07,
    2.0875670237899633e-09,
    -1.1356837795697432e-11,
];

/// An argument reduced: x ≡ quadrant·π/2 + high + low (mod 2π); only two bits of quadrant count.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    /// n mod 4 in the two low bits.
    pub quadrant: u64,
    /// The remainder, |high| ≤ π/4 + 0.01, rounded.
    pub high: f64,
    /// Its error.
    pub low: f64,
}

/// For |x| ≤ 2^40. NaN and ±inf give a NaN remainder.
#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let shifted = fma(x, FRAC_2_PI, ROUND);
    let n = shifted - ROUND;
    // Exact: a multiple of ulp(FRAC_PI_2) below 1.
    let first = fma(-n, FRAC_PI_2, x);
    let (second, second_low) = two_product(n, HALF_PI_LOW);
    let (high, low) = two_sum(first, -second);
    let low = fma(-n, HALF_PI_LAST, low - second_low);
    Reduced {
        quadrant: shifted.to_bits(),
        high,
        low,
    }
}

/// cos r as high + low, given r² as z + z_low.
#[inline(always)]
fn cos_parts(r: Reduced, z: f64, z_low: f64) -> (f64, f64) {
    let half = 0.5 * z;
    let near = 1.0 - half;
    let near_low = (1.0 - near) - half;
    let low = near_low - fma(0.5, z_low, r.high * r.low);
    (near, fma(z * z, polynomial(z, &COS_TAIL), low))
}

/// sin(r + quadrant·π/2).
#[inline(always)]
pub(super) fn sin_reduced(r: Reduced) -> f64 {
    let (z, z_low) = two_product(r.high, r.high);
    let rest = fma(-0.5 * z, r.low, r.low);
    let sin = r.high + fma(r.high * z, polynomial(z, &SIN_TAIL), rest);
    let (near, near_low) = cos_parts(r, z, z_low);
    let value = select(r.quadrant & 1 == 0, sin, near + near_low);
    f64::from_bits(value.to_bits() ^ ((r.quadrant & 2) << 62))
}

/// tan(r + quadrant·π/2).
#[inline(always)]
fn tan_reduced(r: Reduced) -> f64 {
    let (z, z_low) = two_product(r.high, r.high);
    let rest = fma(-0.5 * z, r.low, r.low);
    let rest = fma(r.high * z, polynomial(z, &SIN_TAIL_LONG), rest);
    let (sin, sin_low) = fast_two_sum(r.high, rest);
    let (near, near_low) = cos_parts(r, z, z_low);
    let (cos, cos_low) = fast_two_sum(near, near_low);
    let odd = r.quadrant & 1 == 1;
    let (value, rest) = quotient(
        select(odd, -cos, sin),
        select(odd, -cos_low, sin_low),
        select(odd, sin, cos),
        select(odd, sin_low, cos_low),
    );
    value + rest
}

/// `function` of x + quarter_turns·π/2. Two loops, so that the rare huge angles are mended between
/// them.
#[inline(always)]
fn lanes<const N: usize>(
    x: &[f64; N],
    out: &mut [f64; N],
    quarter_turns: u64,
    function: impl Fn(Reduced) -> f64,
) {
    let (mut quadrant, mut high, mut low) = ([0; N], [0.0; N], [0.0; N]);
    let mut huge = 0;
    for i in 0..N {
        let r = reduce(x[i]);
        (quadrant[i], high[i], low[i]) = (r.quadrant, r.high, r.low);
        huge |= u64::from(x[i].abs() > MODERATE);
    }
    if huge != 0 {
        for i in (0..N).filter(|&i| x[i].abs() > MODERATE) {
            let r = payne_hanek::reduce(x[i]);
            (quadrant[i], high[i], low[i]) = (r.quadrant, r.high, r.low);
        }
    }
    for i in 0..N {
        let quadrant = quadrant[i].wrapping_add(quarter_turns);
        out[i] = function(Reduced {
            quadrant,
            high: high[i],
            low: low[i],
        });
    }
}

/// sin x, sign of zero kept; NaN at ±inf.
#[inline(always)]
pub(super) fn sin<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    lanes(x, out, 0, sin_reduced);
    keep_zeros(x, out);
}

/// cos x; NaN at ±inf.
#[inline(always)]
pub(super) fn cos<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    lanes(x, out, 1, sin_reduced);
}

/// tan x, sign of zero kept; NaN at ±inf.
#[inline(always)]
pub(super) fn tan<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    lanes(x, out, 0, tan_reduced);
    keep_zeros(x, out);
}

/// The sum of a reduction loses the sign of zero.
#[inline(always)]
fn keep_zeros<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = select(x == 0.0, x, *out);
    }
}
