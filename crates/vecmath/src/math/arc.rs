//! asin x, acos x, atan x, atan2(y, x): within 0.8 ULP.
//!
//! Arguments are reduced without a table: of atan by angles of π/4 and π/2, of asin and acos by halving
//! the angle; a polynomial does the rest, and leading terms keep their rounding errors.

use crate::lanes::{fast_two_sum, fma, polynomial, quotient, root, select, two_product, two_sum};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// What the constants of std leave of π/4, π/2 and π.
const QUARTER_PI_LOW: f64 = 3.061616997868383e-17;
const HALF_PI_LOW: f64 = 2.0 * QUARTER_PI_LOW;
const PI_LOW: f64 = 4.0 * QUARTER_PI_LOW;

/// tan(π/8) and tan(3π/8).
const TAN_EIGHTH: f64 = std::f64::consts::SQRT_2 - 1.0;
const TAN_THREE_EIGHTHS: f64 = std::f64::consts::SQRT_2 + 1.0;

/// (atan t − t)/t³ in t², relative error of atan t below 2^-58 for |t| ≤ tan(π/8).
const ATAN_TAIL: [f64; 11] = [
    -0.333333333333332,
    0.1999999999995405,
    -0.1428571428024491,
    0.11111110785943612,
    -0.09090897830509592,
    0.07692061525905457,
    -0.0666311906316699,
    0.05847998933389359,
    -0.050397989938622996,
    0.038077103100911135,
    -0.017920909014284492,
];

/// (asin s − s)/s³ in s², relative error of asin s below 2^-58 for |s| ≤ ½.
const ASIN_TAIL: [f64; 13] = [
    0.16666666666666763,
    0.07499999999970274,
    0.044642857175111676,
    0.030381942684004144,
    0.022372215650413516,
    0.017351600255854936,
    0.013980959614683023,
    0.011397790133891668,
    0.010786454035123233,
    0.0036833110594055333,
    0.021762875697048056,
    -0.02107645007433,
    0.03267638604198541,
];

/// The angle of the point (x, y) with x, y ≥ 0, not both 0: quarters·π/4 + t + low.
#[inline(always)]
fn angle(y: f64, x: f64) -> (f64, f64, f64) {
    let steep = y > TAN_THREE_EIGHTHS * x;
    let middle = !steep & (y > TAN_EIGHTH * x);
    let (difference, difference_low) = two_sum(y, -x);
    let (sum, sum_low) = two_sum(y, x);
    let (t, t_low) = quotient(
        select(steep, -x, select(middle, difference, y)),
        select(middle, difference_low, 0.0),
        select(steep, y, select(middle, sum, x)),
        select(middle, sum_low, 0.0),
    );
    let z = t * t;
    let low = fma(t * z, polynomial(z, &ATAN_TAIL), fma(-t_low, z, t_low));
    let quarters = select(steep, 2.0, select(middle, 1.0, 0.0));
    (quarters, t, low)
}

/// atan x: ±π/2 at ±inf; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn atan(x: f64) -> f64 {
    // Above the bound the rest of π/2 is below half a place.
    let (quarters, t, low) = angle(select(x.abs() > 1e18, 1e18, x.abs()), 1.0);
    let (sum, error) = fast_two_sum(quarters * FRAC_PI_4, t);
    (sum + fma(quarters, QUARTER_PI_LOW, error + low)).copysign(x)
}

/// The angle of the point (x, y), special cases as C99 annex F.10.1.4.
#[inline(always)]
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    let (a, b) = (y.abs(), x.abs());
    let (steep, flat) = (
        a == f64::INFINITY,
        (b == f64::INFINITY) | ((a == 0.0) & (b == 0.0)),
    );
    let limit = steep | flat;
    let (p, q) = (
        select(limit, select(steep, 1.0, 0.0), a),
        select(limit, select(flat, 1.0, 0.0), b),
    );
    // Away from the ends of the range, so that no rest of the quotient is lost.
    let larger = select(p > q, p, q);
    const UP: f64 = 2.037_035_976_334_486e90;
    let factor = select(larger < 1e60, UP, select(larger > 1e150, 1.0 / UP, 1.0));
    let (quarters, t, low) = angle(p * factor, q * factor);
    let behind = x.is_sign_negative();
    let quarters = select(behind, 4.0 - quarters, quarters);
    let (t, low) = (select(behind, -t, t), select(behind, -low, low));
    let (turn, turn_low) = two_product(quarters, FRAC_PI_4);
    let (sum, error) = fast_two_sum(turn, t);
    let low = fma(quarters, QUARTER_PI_LOW, turn_low) + (error + low);
    let result = (sum + low).copysign(y);
    select(x.is_nan() | y.is_nan(), f64::NAN, result)
}

/// |x| ≤ ½ (then true) or √((1 − |x|)/2), s, as high and low; asin of it is s + low.
#[inline(always)]
fn halved(x: f64) -> (bool, f64, f64) {
    let a = x.abs();
    let small = a <= 0.5;
    let z = select(small, a * a, 0.5 * (1.0 - a));
    let (s, s_low) = root(z, 0.0);
    let s = select(small, a, s);
    let s_low = select(small, 0.0, s_low);
    (small, s, fma(s * z, polynomial(z, &ASIN_TAIL), s_low))
}

/// asin x: NaN beyond ±1; odd, so the sign of zero is kept.
#[inline(always)]
pub(super) fn asin(x: f64) -> f64 {
    let (small, s, low) = halved(x);
    // π/2 − 2·asin s.
    let (sum, error) = fast_two_sum(FRAC_PI_2, -2.0 * s);
    let far = sum + (error + fma(-2.0, low, HALF_PI_LOW));
    select(small, s + low, far).copysign(x)
}

/// acos x: NaN beyond ±1.
#[inline(always)]
pub(super) fn acos(x: f64) -> f64 {
    let (small, s, low) = halved(x);
    let negative = x < 0.0;
    // π/2 − asin x; π − 2·asin s; 2·asin s.
    let base = select(small, FRAC_PI_2, select(negative, PI, 0.0));
    let base_low = select(small, HALF_PI_LOW, select(negative, PI_LOW, 0.0));
    let factor = select(small, 1.0, 2.0);
    let factor = select(small == negative, factor, -factor);
    let (sum, error) = fast_two_sum(base, factor * s);
    sum + (error + fma(factor, low, base_low))
}
