//! x^y: within 1.1 ULP (2 promised), special cases as C99 annex F.10.4.4.
//!
//! e^(y·ln |x|) with ln in double-double; the sign and the special cases are selects on top. Cubes,
//! the power that physics takes most after squares, are products: within 0.51 ULP.

use super::exp::exp_double;
use super::log::log_double;
use crate::lanes::{fma, select, two_product};

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Sizes between which neither a cube nor the error of a square leaves the normal numbers.
const CUBED: std::ops::Range<f64> = 1e-100..1e100;

/// Whether x^y is computed as a cube.
#[inline(always)]
fn is_cube(x: f64, y: f64) -> bool {
    let size = x.abs();
    (y == 3.0) & (size > CUBED.start) & (size < CUBED.end)
}

/// x³ from the exact square.
#[inline(always)]
fn cube(x: f64) -> f64 {
    let (square, low) = two_product(x, x);
    fma(square, x, low * x)
}

/// x to the power y. Three loops: each keeps several vectors in flight, the last is rarely needed.
#[inline(always)]
pub(super) fn pow<const N: usize>(x: &[f64; N], y: &[f64; N], out: &mut [f64; N]) {
    let mut cubes = 0;
    for i in 0..N {
        cubes += u64::from(is_cube(x[i], y[i]));
    }
    if cubes == N as u64 {
        for i in 0..N {
            out[i] = cube(x[i]);
        }
        return;
    }
    let (mut product, mut product_low) = ([0.0; N], [0.0; N]);
    let mut special = 0;
    for i in 0..N {
        let (log, log_low) = log_double(x[i].abs());
        let (high, low) = two_product(y[i], log);
        (product[i], product_low[i]) = (high, fma(y[i], log_low, low));
        let ordinary = (x[i] > 0.0) & (x[i] < f64::INFINITY) & (y[i].abs() < f64::INFINITY);
        special |= u64::from(!ordinary);
    }
    for i in 0..N {
        out[i] = exp_double(product[i], product_low[i]);
    }
    if special != 0 {
        for i in 0..N {
            out[i] = mend(x[i], y[i], out[i]);
        }
    }
    if cubes != 0 {
        for i in 0..N {
            out[i] = select(is_cube(x[i], y[i]), cube(x[i]), out[i]);
        }
    }
}

/// x^y from `result`, |x|^y as far as x and y are finite and not 0. Lanes with x > 0 and both finite
/// keep it: ln 1 is 0 and y·0 is 0, so x^0 and 1^y are exact already.
#[inline(always)]
fn mend(x: f64, y: f64, mut result: f64) -> f64 {
    let (x_size, y_size) = (x.abs(), y.abs());
    let infinite = y_size == f64::INFINITY;
    // Zeros and infinities, of either operand.
    let limit = select((x_size > 1.0) == (y > 0.0), f64::INFINITY, 0.0);
    result = select(
        (x_size == 0.0) | (x_size == f64::INFINITY) | infinite,
        limit,
        result,
    );
    result = select((x_size == 1.0) & infinite, 1.0, result);

    // Adding 2^52 leaves the integer part in the mantissa; above it floats are integers, above 2^53
    // even ones.
    let shifted = y_size + TWO_52;
    let large = y_size >= TWO_52;
    let integer = large | (shifted - TWO_52 == y_size);
    let units = if large {
        y.to_bits()
    } else {
        shifted.to_bits()
    };
    let odd = integer & (y_size < 2.0 * TWO_52) & (units & 1 == 1);
    result = select(odd & x.is_sign_negative(), -result, result);
    result = select(
        (x < 0.0) & (x_size < f64::INFINITY) & !integer,
        f64::NAN,
        result,
    );
    result = select(x.is_nan() | y.is_nan(), f64::NAN, result);
    select((y == 0.0) | (x == 1.0), 1.0, result)
}
