//! The modified Bessel function I0: within 6 ULP.
//!
//! Up to 8 a polynomial in x²/4, whose terms are all positive; above, e^x/√x and a polynomial in 1/x.

use super::exp::{exp_parts, scale};
use crate::lanes::{fma, polynomial, select};

/// Where one polynomial ends and the other begins.
const MIDDLE: f64 = 8.0;

/// (I0(x) − 1)/(x²/4) in x²/4, relative error below 2^-57 for |x| ≤ 8.
const NEAR: [f64; 16] = [
    1.0,
    0.25,
    0.027777777777777773,
    0.0017361111111111223,
    6.944444444443019e-05,
    1.9290123456898303e-06,
    3.9367598886093524e-08,
    6.1511873446105e-10,
    7.594058005863507e-12,
    7.594065634866409e-14,
    6.275991879699222e-16,
    4.359196927627003e-18,
    2.573705460385106e-20,
    1.339319576364625e-22,
    5.151885519202381e-25,
    3.4722688493967884e-27,
];

/// I0(x)·√x·e^-x in 1/x, relative error below 2^-52 from 8 on.
const FAR: [f64; 22] = [
    0.39894228040143265,
    0.0498677850505228,
    0.028050628664004727,
    0.02921961552829716,
    0.04468746925731591,
    0.09930633197642694,
    -0.691725277783449,
    69.06185621139608,
    -3705.6012068851874,
    150647.43732784098,
    -4666456.602650196,
    111510667.04872544,
    -2068433618.133053,
    29831128367.386715,
    -333499009070.45215,
    2867019350999.923,
    -18686292690088.16,
    90262734076033.47,
    -311612056968800.44,
    723153187675317.4,
    -1004169293856065.8,
    624702446482029.4,
];

/// I0 of x, an even function.
#[inline(always)]
pub(super) fn i0(x: f64) -> f64 {
    let a = x.abs();
    let quarter = 0.25 * (a * a);
    let near = fma(quarter, polynomial(quarter, &NEAR), 1.0);
    // Past the range of results, and the range of the polynomial.
    let bounded = select(a > 720.0, 720.0, select(a < MIDDLE, MIDDLE, a));
    let (power, power_low, shifted) = exp_parts(bounded, 0.0);
    let factor = polynomial(1.0 / bounded, &FAR) / bounded.sqrt();
    let far = scale((power + power_low) * factor, shifted);
    // inf · 0, as NumPy has it.
    let far = select(a > f64::MAX, f64::NAN, far);
    select(a < MIDDLE, near, far)
}
