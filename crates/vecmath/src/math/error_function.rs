//! erf x within 0.95 ULP, erfc x within 1.5 ULP (4 promised).
//!
//! A polynomial for small x; above, erfc x = e^(−x²)·g(x) with x² as high + low, so that large x lose
//! nothing. g varies slowly: a polynomial in (x − 2)/(x + 2).

use super::exp::{exp_parts, scale};
use crate::lanes::{double_product, fast_two_sum, fma, polynomial, quotient, select, two_product};

/// Up to here erf x is x plus a little.
const NEAR: f64 = 0.8125;

/// erf(x)/x − 1 in x², error below 2^-56 up to [`NEAR`]: the first terms, and the rest.
const ERF_FIRST: f64 = 0.1283791670955126;
const ERF_SECOND: f64 = -0.3761263890318375;
const ERF_REST: [f64; 10] = [
    0.11283791670954944,
    -0.02686617064507991,
    0.0052239776246888504,
    -0.0008548326958188558,
    0.0001205532939380968,
    -1.4925520275997843e-05,
    1.6458958883377562e-06,
    -1.6315015681971326e-07,
    1.428232311947393e-08,
    -9.092599102382347e-10,
];

/// What x is increased by where erfc is divided by it, so that the quotient varies least.
const OFFSET: f64 = 0.375;

/// e^(x²)·erfc(x)·(x + OFFSET) in (x − 2)/(x + 2), relative error below 2^-54 from [`NEAR`] to 28: the first
/// term, and the rest.
const ERFC_FIRST: f64 = 0.6065647312374511;
const ERFC_REST: [f64; 20] = [
    0.007016317633871633,
    -0.11322247308794457,
    0.0918979626437153,
    -0.02757661204740224,
    -0.004891690259605179,
    0.0044672198770572295,
    0.0007584166106979336,
    -0.000733852059783069,
    -0.0002489650021914999,
    9.974954478138496e-05,
    7.89563468731151e-05,
    9.552172205354072e-07,
    -1.8296114458974083e-05,
    -7.145758158295811e-06,
    1.3447152540595217e-06,
    2.7939715895869964e-06,
    1.4176090730765457e-06,
    -9.870009274959504e-07,
    -5.479796613103133e-07,
    2.87456116608668e-07,
];

/// erf(x) − x up to [`NEAR`].
#[inline(always)]
fn near(x: f64) -> f64 {
    let z = x * x;
    let rest = fma(z, polynomial(z, &ERF_REST), ERF_SECOND);
    x * fma(z, rest, ERF_FIRST)
}

/// erfc a from [`NEAR`] on; 0 from 27.3 on.
#[inline(always)]
fn tail(a: f64) -> f64 {
    let a = select(a > 28.0, 28.0, a);
    let (square, square_low) = two_product(a, a);
    let (power, power_low, shifted) = exp_parts(-square, -square_low);
    let t = 1.0 - 4.0 / (a + 2.0);
    let (factor, factor_low) = fast_two_sum(ERFC_FIRST, t * polynomial(t, &ERFC_REST));
    let (product, product_low) = double_product(power, power_low, factor, factor_low);
    let (divisor, divisor_low) = fast_two_sum(a, OFFSET);
    let (value, rest) = quotient(product, product_low, divisor, divisor_low);
    scale(value + rest, shifted)
}

/// erf x; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn erf(x: f64) -> f64 {
    let a = x.abs();
    select(a < NEAR, a + near(a), 1.0 - tail(a)).copysign(x)
}

/// erfc x = 1 − erf x: 2 at −inf, 0 at inf.
#[inline(always)]
pub(super) fn erfc(x: f64) -> f64 {
    let (sum, error) = fast_two_sum(1.0, -x);
    let far = tail(x.abs());
    let far = select(x < 0.0, 2.0 - far, far);
    select(x.abs() < NEAR, sum + (error - near(x)), far)
}
