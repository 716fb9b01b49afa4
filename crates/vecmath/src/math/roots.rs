//! ∛x and √(x² + y²): within 0.51 ULP.
//!
//! An approximation and one step of Newton's method whose residual is exact.

use crate::lanes::{ROUND, fast_two_sum, fma, polynomial, power_of_two, root, select, two_product};

/// m^(-1/3) on [1, 2], relative error below 2^-14.
const INVERSE_CUBE_ROOT: [f64; 5] = [
    1.6700078215576695,
    -1.1728832213372464,
    0.6954856906380734,
    -0.22123919948938195,
    0.02859124226726873,
];

/// 2^(-1/3) and 2^(-2/3).
const INVERSE_CUBE_ROOT_2: f64 = 0.7937005259840998;
const INVERSE_CUBE_ROOT_4: f64 = 0.6299605249474366;

/// ∛x; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn cbrt(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    let a = x.abs();
    let subnormal = a < f64::MIN_POSITIVE;
    let bits = select(subnormal, a * 18_014_398_509_481_984.0, a).to_bits();
    let exponent = f64::from_bits(bits >> 52 | TWO_52.to_bits()) - (TWO_52 + 1023.0);
    // exponent = 3·third + rest with rest 0, 1 or 2.
    let third = fma(exponent - 1.0, 1.0 / 3.0, ROUND) - ROUND;
    let rest = fma(-3.0, third, exponent);
    let m = f64::from_bits(bits & MANTISSA | 1.0f64.to_bits());
    let inverse = polynomial(m, &INVERSE_CUBE_ROOT)
        * select(
            rest == 0.0,
            1.0,
            select(rest == 1.0, INVERSE_CUBE_ROOT_2, INVERSE_CUBE_ROOT_4),
        );
    let m = m * select(rest == 0.0, 1.0, select(rest == 1.0, 2.0, 4.0));

    let error = fma(-m * inverse * inverse, inverse, 1.0);
    let inverse = fma(inverse * error, fma(2.0 / 9.0, error, 1.0 / 3.0), inverse);
    let square = inverse * inverse;
    let y = m * square;
    let (y2, y2_low) = two_product(y, y);
    let (y3, y3_low) = two_product(y2, y);
    let residual = (m - y3) - fma(y2_low, y, y3_low);
    let near = fma(residual, square * (1.0 / 3.0), y);
    let result = near * power_of_two(third - select(subnormal, 18.0, 0.0));
    let itself = (a == 0.0) | (a == f64::INFINITY) | a.is_nan();
    select(itself, a, result).copysign(x)
}

/// √(x² + y²) without overflow in between; inf if either is infinite, even beside NaN.
#[inline(always)]
pub(super) fn hypot(x: f64, y: f64) -> f64 {
    const UP: f64 = 4.149_515_568_880_993e180;
    let (x, y) = (x.abs(), y.abs());
    let first = x > y;
    let (a, b) = (select(first, x, y), select(first, y, x));
    // Squares within the range, and their errors too.
    let small = a < 1e-130;
    let factor = select(small, UP, select(a > 1e150, 1.0 / UP, 1.0));
    let back = select(small, 1.0 / UP, select(a > 1e150, UP, 1.0));
    let (a2, a2_low) = two_product(a * factor, a * factor);
    let (b2, b2_low) = two_product(b * factor, b * factor);
    let (sum, sum_low) = fast_two_sum(a2, b2);
    let (high, low) = root(sum, sum_low + (a2_low + b2_low));
    let result = (high + low) * back;
    let result = select(x.is_nan() | y.is_nan(), f64::NAN, result);
    let infinite = (x == f64::INFINITY) | (y == f64::INFINITY);
    select(infinite, f64::INFINITY, result)
}
