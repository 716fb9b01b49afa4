//! sin x and cos x: within 0.79 ULP for every finite x.
//!
//! x = n·π/2 + r with r as high + low: up to 2^40 by three parts of π/2 with fma (Cody & Waite 1980),
//! above by `payne_hanek`, lane by lane. Both polynomials are evaluated and n chooses.

use super::payne_hanek;
use crate::lanes::{ROUND, fma, polynomial, select, two_product, two_sum};
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

/// sin(r + quadrant·π/2).
#[inline(always)]
fn kernel(
    Reduced {
        quadrant,
        high,
        low,
    }: Reduced,
) -> f64 {
    let (z, z_low) = two_product(high, high);
    let half = 0.5 * z;
    let sin = high + fma(high * z, polynomial(z, &SIN_TAIL), fma(-half, low, low));
    let near = 1.0 - half;
    let near_low = (1.0 - near) - half;
    let cos_low = near_low - fma(0.5, z_low, high * low);
    let cos = near + fma(z * z, polynomial(z, &COS_TAIL), cos_low);
    let value = select(quadrant & 1 == 0, sin, cos);
    f64::from_bits(value.to_bits() ^ ((quadrant & 2) << 62))
}

/// sin(x + quarter_turns·π/2). Two loops, so that the rare huge angles are mended between them.
#[inline(always)]
fn lanes<const N: usize>(x: &[f64; N], out: &mut [f64; N], quarter_turns: u64) {
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
        out[i] = kernel(Reduced {
            quadrant,
            high: high[i],
            low: low[i],
        });
    }
}

/// sin x, sign of zero kept; NaN at ±inf.
#[inline(always)]
pub(super) fn sin<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    lanes(x, out, 0);
    for (out, &x) in out.iter_mut().zip(x) {
        *out = select(x == 0.0, x, *out);
    }
}

/// cos x; NaN at ±inf.
#[inline(always)]
pub(super) fn cos<const N: usize>(x: &[f64; N], out: &mut [f64; N]) {
    lanes(x, out, 1);
}
