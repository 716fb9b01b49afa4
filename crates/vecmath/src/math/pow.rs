//! x^y: within 1 ULP (2 promised), special cases as C99 annex F.10.4.4.
//!
//! e^(y·ln |x|) with ln in double-double; the sign and the special cases are selects on top.

use super::exp::exp_double;
use super::log::log_double;
use crate::lanes::{fma, select, two_product};

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// x to the power y.
#[inline(always)]
pub(super) fn pow(x: f64, y: f64) -> f64 {
    let size = x.abs();
    let (log, log_low) = log_double(size);
    let (product, product_low) = two_product(y, log);
    let mut result = exp_double(product, fma(y, log_low, product_low));

    let y_size = y.abs();
    let infinite = y_size == f64::INFINITY;
    // Zeros and infinities, of either operand.
    let limit = select((size > 1.0) == (y > 0.0), f64::INFINITY, 0.0);
    result = select(
        (size == 0.0) | (size == f64::INFINITY) | infinite,
        limit,
        result,
    );
    result = select((size == 1.0) & infinite, 1.0, result);

    // Adding 2^52 leaves the integer part in the mantissa; above it floats are integers, above 2^53 even.
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
        (x < 0.0) & (size < f64::INFINITY) & !integer,
        f64::NAN,
        result,
    );
    result = select(x.is_nan() | y.is_nan(), f64::NAN, result);
    select((y == 0.0) | (x == 1.0), 1.0, result)
}
