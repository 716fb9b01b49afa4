//! The error function and the gamma function.

use super::elementary::{PI, exp, log, sin_reduced};
use super::{Double, power_of_two, sum};
use tilewright_vecmath::MathFn;

const ONE: Double = Double(1.0, 0.0);

/// 2/√π, and ½·ln 2π.
const TWO_OVER_ROOT_PI: Double = Double(std::f64::consts::FRAC_2_SQRT_PI, 1.533545961316588e-17);
const HALF_LN_2_PI: Double = Double(0.9189385332046728, -3.8782941580672414e-17);

/// Stirling's coefficients B(2k)/(2k·(2k−1)) as fractions.
const STIRLING: [(f64, f64); 12] = [
    (1.0, 12.0),
    (-1.0, 360.0),
    (1.0, 1260.0),
    (-1.0, 1680.0),
    (1.0, 1188.0),
    (-691.0, 360_360.0),
    (1.0, 156.0),
    (-3617.0, 122_400.0),
    (43867.0, 244_188.0),
    (-174_611.0, 125_400.0),
    (77683.0, 5796.0),
    (-236_364_091.0, 1_506_960.0),
];

/// e^(−a²) as (mantissa, power of two).
fn gauss(a: f64) -> (Double, i32) {
    exp(Double(a, 0.0).multiply(Double(-a, 0.0)))
}

/// erf a for 0 ≤ a ≤ 2: 2/√π·e^(−a²)·Σ 2^k·a^(2k+1)/(1·3···(2k+1)).
fn erf(a: f64) -> Double {
    let square = Double(a, 0.0).multiply(Double(a, 0.0)).scale(2.0);
    let (mut term, mut total) = (Double(a, 0.0), Double(a, 0.0));
    let mut k = 1.0;
    while term.0 > total.0 * 1e-33 {
        term = term.multiply(square).divide(2.0 * k + 1.0);
        total = total.add(term);
        k += 1.0;
    }
    let (mantissa, n) = gauss(a);
    total
        .multiply(mantissa.scale(power_of_two(n)))
        .multiply(TWO_OVER_ROOT_PI)
}

/// erfc a for a ≥ 2: Laplace's continued fraction e^(−a²)/√π·1/(a + ½/(a + 1/(a + 3/2/(a + …)))), as
/// (mantissa, power of two).
fn erfc(a: f64) -> (Double, i32) {
    let terms = 40 + (440.0 / (a * a)) as i32;
    let mut fraction = Double(a, 0.0);
    for k in (1..=terms).rev() {
        fraction = Double(a, 0.0).add(Double(0.5 * f64::from(k), 0.0).over(fraction));
    }
    let (mantissa, n) = gauss(a);
    let value = mantissa.multiply(TWO_OVER_ROOT_PI).scale(0.5);
    (value.over(fraction), n)
}

/// ln Γ(a + n) for the least a + n ≥ 40, and a·(a+1)···(a+n−1) with its power of two.
fn shifted(a: f64) -> (Double, Double) {
    let (mut y, mut product) = (Double(a, 0.0), ONE);
    while y.0 < 40.0 {
        product = product.multiply(y);
        y = y.add(ONE);
    }
    let inverse = ONE.over(y);
    let square = inverse.multiply(inverse);
    let mut series = Double(0.0, 0.0);
    for (over, under) in STIRLING.iter().rev() {
        series = series
            .multiply(square)
            .add(Double(*over, 0.0).divide(*under));
    }
    let main = y.minus(Double(0.5, 0.0)).multiply(log(y)).minus(y);
    let log = main.add(HALF_LN_2_PI).add(series.multiply(inverse));
    (log, product)
}

/// sin(πa) for moderate a.
fn sin_pi(a: f64) -> Double {
    let n = (2.0 * a).round();
    let r = sum(a, -0.5 * n);
    sin_reduced(r.multiply(PI), n as i64)
}

/// Γ(a) for a > 0 as (mantissa, power of two).
fn gamma(a: f64) -> (Double, i32) {
    let (log, product) = shifted(a);
    let (mantissa, n) = exp(log);
    (mantissa.over(product), n)
}

/// The function's value as (mantissa, power of two), if it is one of this file.
pub(super) fn value(f: MathFn, x: f64) -> Option<(Double, i32)> {
    let a = x.abs();
    // Beyond, whole numbers are dense and the arithmetic loses digits.
    let reflected = x < 0.0 && a < 1e6 && a.fract() != 0.0 && a > 1e-100;
    let far = || {
        let (mantissa, n) = erfc(a);
        mantissa.scale(power_of_two(n))
    };
    let plain = match f {
        MathFn::Erf if a <= 2.0 => erf(a).scale(1f64.copysign(x)),
        MathFn::Erf if a < 26.0 => ONE.minus(far()).scale(1f64.copysign(x)),
        MathFn::Erfc if (-2.0..2.0).contains(&x) => ONE.minus(erf(a).scale(1f64.copysign(x))),
        MathFn::Erfc if (2.0..26.2).contains(&x) => return Some(erfc(a)),
        MathFn::Erfc if (-26.0..-2.0).contains(&x) => Double(2.0, 0.0).minus(far()),
        MathFn::Gamma if x > 1e-300 && x < 172.0 => return Some(gamma(x)),
        MathFn::Gamma if reflected && a < 180.0 => {
            let (mantissa, n) = gamma(a);
            let divisor = sin_pi(a).multiply(Double(a, 0.0)).multiply(mantissa);
            return Some((PI.over(divisor).scale(-1.0), -n));
        }
        MathFn::Gammaln if x > 1e-200 && x < 1e200 => {
            let (value, product) = shifted(x);
            let value = value.minus(log(product));
            // Nearer to its zeros too little is left.
            return (value.0.abs() > 1e-7).then_some((value, 0));
        }
        MathFn::Gammaln if reflected => {
            let (value, product) = shifted(a);
            let sin = sin_pi(a);
            let divisor = sin.scale(1f64.copysign(sin.0)).multiply(Double(a, 0.0));
            log(PI.over(divisor).multiply(product)).minus(value)
        }
        _ => return None,
    };
    Some((plain, 0))
}
