//! Exponentials, logarithms, angles and roots.

use super::{Double, power_of_two, sum};
use tilewright_vecmath::MathFn;

/// ln 2, ln 10, and π/2 in three parts.
const LN_2: Double = Double(std::f64::consts::LN_2, 2.3190468138462996e-17);
const LN_10: Double = Double(std::f64::consts::LN_10, -2.1707562233822494e-16);
const HALF_PI: [f64; 3] = [
    std::f64::consts::FRAC_PI_2,
    6.123233995736766e-17,
    -1.4973849048591698e-33,
];
pub(super) const PI: Double = Double(2.0 * HALF_PI[0], 2.0 * HALF_PI[1]);
const ONE: Double = Double(1.0, 0.0);

/// e^x as (e^r − 1, power of two); the 1 is left off to save digits.
fn exp_less_one(x: Double) -> (Double, i32) {
    let n = (x.0 / LN_2.0).round();
    // e^(r/256) by 12 terms, then squared eight times.
    let r = x.add(LN_2.multiply(Double(-n, 0.0))).scale(1.0 / 256.0);
    let mut term = r;
    let mut total = r;
    for k in 2..13 {
        term = term.multiply(r).divide(f64::from(k));
        total = total.add(term);
    }
    for _ in 0..8 {
        total = total.multiply(total).add(total.scale(2.0));
    }
    (total, n as i32)
}

/// e^x as (mantissa, power of two).
pub(super) fn exp(x: Double) -> (Double, i32) {
    let (less_one, n) = exp_less_one(x);
    (ONE.add(less_one), n)
}

/// e^x − 1 for |x| < 700.
fn expm1(x: Double) -> Double {
    match exp_less_one(x) {
        (value, 0) => value,
        (value, n) => ONE.add(value).scale(power_of_two(n)).minus(ONE),
    }
}

/// ln(1 + f).
pub(super) fn log1p(f: Double) -> Double {
    if f.0.abs() >= 1e-3 {
        return log(ONE.add(f));
    }
    let (mut power, mut total) = (f, f);
    for k in 2..14 {
        power = power.multiply(f.scale(-1.0));
        total = total.add(power.divide(f64::from(k)));
    }
    total
}

/// ln x for normal x.
pub(super) fn log(x: Double) -> Double {
    let exponent = ((x.0.to_bits() >> 52) as i32) - 1023;
    let m = x
        .scale(power_of_two(-exponent / 2))
        .scale(power_of_two(-exponent - -exponent / 2));
    let (m, exponent) = if m.0 > 1.4 {
        (m.scale(0.5), exponent + 1)
    } else {
        (m, exponent)
    };
    let f = m.minus(ONE);
    if f.0.abs() < 1e-3 && exponent == 0 {
        return log1p(f);
    }
    // Newton: y + (m·e^-y − 1); the error is of the order of the cube of the library's.
    let y = m.0.ln();
    let (inverse, n) = exp(Double(-y, 0.0));
    let correction = m.multiply(inverse.scale(power_of_two(n))).minus(ONE);
    let square = correction.multiply(correction).scale(-0.5);
    Double(y, 0.0)
        .add(correction)
        .add(square)
        .add(LN_2.multiply(Double(f64::from(exponent), 0.0)))
}

/// sin(r + quadrant·π/2) for |r| ≤ 0.8.
pub(super) fn sin_reduced(r: Double, quadrant: i64) -> Double {
    let quadrant = quadrant.rem_euclid(4);
    let square = r.multiply(r);
    let even = quadrant % 2 == 0;
    let mut term = if even { r } else { ONE };
    let mut total = term;
    let first = if even { 2 } else { 1 };
    for k in (first..30).step_by(2) {
        term = term.multiply(square).divide(-f64::from(k * (k + 1)));
        total = total.add(term);
    }
    if quadrant >= 2 {
        total.scale(-1.0)
    } else {
        total
    }
}

/// sin(x + turns·π/2) for |x| ≤ 2^40.
fn sin(x: f64, turns: i64) -> Double {
    let n = (x / HALF_PI[0]).round();
    let mut r = Double(0.0, 0.0);
    for part in HALF_PI {
        let high = -n * part;
        let low = (-n).mul_add(part, -high);
        r = r.add(if part == HALF_PI[0] {
            sum(x, high).add(Double(low, 0.0))
        } else {
            Double(high, low)
        });
    }
    sin_reduced(r, n as i64 + turns)
}

/// The angle in [0, π/2] whose tangent is x ≥ 0.
fn atan(x: Double) -> Double {
    if x.0 > 1e17 {
        return PI.scale(0.5).minus(ONE.over(x));
    }
    // tan(y + d) = x, with d so small that it is its tangent.
    let y = x.0.atan();
    let (sin, cos) = (sin(y, 0), sin(y, 1));
    let d = x.multiply(cos).minus(sin).over(cos.add(x.multiply(sin)));
    Double(y, 0.0).add(d)
}

/// √(1 − a²).
fn side(a: f64) -> Double {
    sum(1.0, -a).multiply(sum(1.0, a)).root()
}

fn acos(a: f64) -> Double {
    let angle = atan(side(a).over(Double(a.abs(), 0.0)));
    if a < 0.0 { PI.minus(angle) } else { angle }
}

/// (|y|, x) seen from the origin.
fn atan2(y: f64, x: f64) -> Option<Double> {
    let ratio = y.abs() / x.abs();
    if !(1e-280..1e280).contains(&ratio) {
        return None;
    }
    let angle = atan(Double(y.abs(), 0.0).over(Double(x.abs(), 0.0)));
    let angle = if x < 0.0 { PI.minus(angle) } else { angle };
    Some(angle.scale(1f64.copysign(y)))
}

fn cbrt(a: f64) -> Double {
    let y = Double(a.cbrt(), 0.0);
    let square = y.multiply(y);
    let residual = Double(a, 0.0).minus(square.multiply(y));
    y.add(residual.over(square.scale(2.0).add(square)))
}

/// (e^a + sign·e^-a)/2 for a > 0, as (mantissa, power of two).
fn hyperbolic(a: f64, sign: f64) -> (Double, i32) {
    if a > 100.0 {
        let (mantissa, n) = exp(Double(a, 0.0));
        return (mantissa, n - 1);
    }
    let less_one = expm1(Double(a, 0.0));
    let e = less_one.add(ONE);
    let total = if sign < 0.0 {
        less_one.add(less_one.over(e))
    } else {
        e.add(ONE.over(e))
    };
    (total.scale(0.5), 0)
}

fn tanh(a: f64) -> Double {
    let a = a.min(300.0);
    let less_one = expm1(Double(2.0 * a, 0.0));
    if a < 1.0 {
        return less_one.over(less_one.add(Double(2.0, 0.0)));
    }
    ONE.minus(Double(2.0, 0.0).over(less_one.add(Double(2.0, 0.0))))
}

fn asinh(a: f64) -> Double {
    let a = Double(a, 0.0);
    let square = a.multiply(a);
    let root = ONE.add(square).root();
    log1p(a.add(square.over(ONE.add(root))))
}

fn acosh(a: f64) -> Double {
    let t = sum(a, -1.0);
    log1p(t.add(t.multiply(t.add(Double(2.0, 0.0))).root()))
}

/// The function's value as (mantissa, power of two), if it is one of this file.
pub(super) fn value(f: MathFn, a: f64, b: f64) -> Option<(Double, i32)> {
    let x = Double(a, 0.0);
    let odd = |value: Double| value.scale(1f64.copysign(a));
    let moderate = a.abs() <= 1_099_511_627_776.0;
    let plain = match f {
        MathFn::Exp => return (a.abs() < 720.0).then(|| exp(x)),
        MathFn::Exp2 => {
            let (mantissa, n) = exp(LN_2.multiply(Double(a - a.round(), 0.0)));
            return (a.abs() < 1100.0)
                .then_some((mantissa, n + a as i32 + (a.round() - a.trunc()) as i32));
        }
        MathFn::Pow if a > 0.0 => {
            let exponent = log(x).multiply(Double(b, 0.0));
            return (exponent.0.abs() < 720.0).then(|| exp(exponent));
        }
        MathFn::Sinh if a.abs() < 712.0 => {
            let (mantissa, n) = hyperbolic(a.abs(), -1.0);
            return Some((odd(mantissa), n));
        }
        MathFn::Cosh if a.abs() < 712.0 => return Some(hyperbolic(a.abs(), 1.0)),
        MathFn::Expm1 if a < 700.0 && a > -700.0 => expm1(x),
        MathFn::Log if a > 0.0 => log(x),
        MathFn::Log2 if a > 0.0 => log(x).over(LN_2),
        MathFn::Log10 if a > 0.0 => log(x).over(LN_10),
        MathFn::Log1p if a > -1.0 => log1p(x),
        MathFn::Cbrt => cbrt(a),
        MathFn::Hypot if a.abs().max(b.abs()) < 1e140 && a.abs().max(b.abs()) > 1e-130 => x
            .multiply(x)
            .add(Double(b, 0.0).multiply(Double(b, 0.0)))
            .root(),
        MathFn::Sin if moderate => sin(a, 0),
        MathFn::Cos if moderate => sin(a, 1),
        MathFn::Tan if moderate => sin(a, 0).over(sin(a, 1)),
        MathFn::Asin if a.abs() < 1.0 => odd(atan(Double(a.abs(), 0.0).over(side(a)))),
        MathFn::Acos if a.abs() < 1.0 => acos(a),
        MathFn::Atan => odd(atan(Double(a.abs(), 0.0))),
        MathFn::Atan2 => atan2(a, b)?,
        MathFn::Tanh => odd(tanh(a.abs())),
        MathFn::Asinh if a.abs() < 1e140 => odd(asinh(a.abs())),
        MathFn::Acosh if a > 1.0 && a < 1e140 => acosh(a),
        MathFn::Atanh if a.abs() < 1.0 => {
            let a = a.abs();
            odd(log1p(Double(2.0 * a, 0.0).over(sum(1.0, -a))).scale(0.5))
        }
        _ => return None,
    };
    Some((plain, 0))
}
