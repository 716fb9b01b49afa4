//! Standard normals by the inverse of their distribution: AS241, PPND16 (Wichura 1988).
//!
//! A rational function for the central 85 % of the probability, in all lanes; the tails, which need a
//! logarithm and a root, are packed first, so that their lanes are full too.

#![allow(clippy::excessive_precision, reason = "coefficients as published")]

use super::draw::{Key, Run, first_pair};
use crate::lanes::{polynomial, select};
use crate::level::Work;
use crate::math::log_ordinary;

/// Elements per block: enough for the packed tails to fill several vectors.
const BLOCK: usize = 256;

/// Tails at a time.
const PACKED: usize = 16;

/// |u − ½| up to which the central approximation holds.
const CENTRAL: f64 = 0.425;

/// √(−ln p) up to which the middle approximation holds: p ≥ e^-25.
const MIDDLE: f64 = 5.0;

const A: [f64; 8] = [
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
];
const B: [f64; 8] = [
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
];
const C: [f64; 8] = [
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
];
const D: [f64; 8] = [
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
];
const E: [f64; 8] = [
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
];
const F: [f64; 8] = [
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
];

/// Fills `dst` with normals, one counter each.
pub(super) struct Normal<'a> {
    pub key: Key,
    pub run: Run,
    pub dst: &'a mut [f64],
}

impl Work for Normal<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Normal { key, run, dst } = self;
        let mut centered = [0.0; BLOCK];
        for (block, dst) in dst.chunks_mut(BLOCK).enumerate() {
            let centered = &mut centered[..dst.len()];
            let run = run.from(block * BLOCK);
            for (k, q) in centered.iter_mut().enumerate() {
                *q = center(first_pair(key.words(run.index(k))) >> 11);
            }
            quantiles(centered, dst);
        }
    }
}

/// The standard normal quantile of (j + ½)·2^-53.
#[inline(always)]
pub(super) fn quantile(j: u64) -> f64 {
    let mut out = [0.0];
    quantiles(&[center(j)], &mut out);
    out[0]
}

/// u − ½ for u = (j + ½)·2^-53, exact: j + ½ − 2^52 is a multiple of ½ of size at most 2^52.
#[inline(always)]
fn center(j: u64) -> f64 {
    const TWO_52: f64 = (1u64 << 52) as f64;
    (j as f64 - TWO_52 + 0.5) * (0.5 / TWO_52)
}

/// dst\[i\] = the standard normal quantile of ½ + q\[i\], at most [`BLOCK`] elements.
#[inline(always)]
fn quantiles(q: &[f64], dst: &mut [f64]) {
    for (dst, &q) in dst.iter_mut().zip(q) {
        *dst = central(q);
    }
    // A loop of its own, with a store in any case: the one above is vectorised, this one not.
    let mut outer = [0u8; BLOCK];
    let mut count = 0;
    for (i, q) in q.iter().enumerate() {
        outer[count % BLOCK] = i as u8;
        count += usize::from(q.abs() > CENTRAL);
    }
    for places in outer[..count.min(BLOCK)].chunks(PACKED) {
        let mut packed = [0.45; PACKED];
        for (packed, &i) in packed.iter_mut().zip(places) {
            *packed = q[usize::from(i)];
        }
        let tails = tails(&packed);
        for (&i, &tail) in places.iter().zip(&tails) {
            dst[usize::from(i)] = tail;
        }
    }
}

/// For |q| ≤ 0.425.
#[inline(always)]
fn central(q: f64) -> f64 {
    let r = 0.180625 - q * q;
    q * (polynomial(r, &A) / polynomial(r, &B))
}

/// For |q| > 0.425.
#[inline(always)]
fn tails(q: &[f64; PACKED]) -> [f64; PACKED] {
    let mut root = [0.0; PACKED];
    let mut out = [0.0; PACKED];
    let mut far = 0;
    for i in 0..PACKED {
        // At least 2^-54.
        root[i] = (-log_ordinary(0.5 - q[i].abs())).sqrt();
        let r = root[i] - 1.6;
        out[i] = (polynomial(r, &C) / polynomial(r, &D)).copysign(q[i]);
        far |= u64::from(root[i] > MIDDLE);
    }
    if far != 0 {
        for i in 0..PACKED {
            let r = root[i] - MIDDLE;
            let value = (polynomial(r, &E) / polynomial(r, &F)).copysign(q[i]);
            out[i] = select(root[i] > MIDDLE, value, out[i]);
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(q: f64) -> f64 {
        let mut out = [0.0];
        quantiles(&[q], &mut out);
        out[0]
    }

    /// PPND16 promises about 1 part in 10^16; rounding adds a few units.
    #[test]
    fn quantiles_are_right_to_sixteen_digits() {
        let parse = |hex| f64::from_bits(u64::from_str_radix(hex, 16).unwrap());
        let (mut count, mut worst) = (0, 0.0f64);
        for line in include_str!("../../tests/reference.txt").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if words[0] == "quantile" {
                let (q, expected) = (parse(words[1]), parse(words[2]));
                worst = worst.max(((of(q) - expected) / expected).abs());
                assert_eq!(of(-q), -of(q));
                count += 1;
            }
        }
        assert!(count > 150 && worst < 2e-15, "relative error {worst:e}");
    }

    #[test]
    fn the_probability_is_exact_symmetric_and_never_0_or_1() {
        let last = (1u64 << 53) - 1;
        for j in [0, 1, 2, 12345, 1 << 51, (1 << 52) - 1] {
            let q = center(j);
            assert_eq!(q, -center(last - j));
            assert!(q.abs() < 0.5);
            // 2^54·q is an odd integer.
            assert_eq!(
                q * (1u64 << 54) as f64,
                (2 * j as i64 + 1 - (1 << 53)) as f64
            );
        }
        assert!((of(center(0)) + 8.292_361_075_813_595).abs() < 1e-14);
    }
}
