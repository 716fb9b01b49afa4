//! What is f(a, b) to 90 bits or more?
//!
//! A second, slow implementation that shares no code or coefficients with the crate: Taylor series in
//! double-double arithmetic (Dekker 1971), logarithms by Newton's method on exp.

use tilewright_vecmath::MathFn;

/// A value: the nearest f64 and what is left, in units of its last place.
pub struct Exact {
    pub near: f64,
    pub rest: f64,
}

#[derive(Clone, Copy)]
struct Double(f64, f64);

fn sum(a: f64, b: f64) -> Double {
    let s = a + b;
    let t = s - a;
    Double(s, (a - (s - t)) + (b - t))
}

impl Double {
    fn add(self, other: Double) -> Double {
        let high = sum(self.0, other.0);
        let low = sum(self.1, other.1);
        let first = sum(high.0, high.1 + low.0);
        sum(first.0, first.1 + low.1)
    }

    fn multiply(self, other: Double) -> Double {
        let high = self.0 * other.0;
        let low = self.0.mul_add(other.0, -high);
        sum(high, low + (self.0 * other.1 + self.1 * other.0))
    }

    fn divide(self, by: f64) -> Double {
        let quotient = self.0 / by;
        let rest = (-quotient).mul_add(by, self.0) + self.1;
        sum(quotient, rest / by)
    }

    fn scale(self, by: f64) -> Double {
        Double(self.0 * by, self.1 * by)
    }

    /// For normal values.
    fn exact(self) -> Exact {
        let near = self.0 + self.1;
        let left = (self.0 - near) + self.1;
        let unit = f64::from_bits((near.to_bits() & (0x7ff << 52)).saturating_sub(52 << 52));
        // Just inside a power of two the units are half as large.
        let inside = near.to_bits() << 12 == 0 && left * near < 0.0;
        Exact {
            near,
            rest: if inside {
                2.0 * left / unit
            } else {
                left / unit
            },
        }
    }
}

/// ln 2, and π/2 in three parts.
const LN_2: Double = Double(std::f64::consts::LN_2, 2.3190468138462996e-17);
const HALF_PI: [f64; 3] = [
    std::f64::consts::FRAC_PI_2,
    6.123233995736766e-17,
    -1.4973849048591698e-33,
];

/// e^x as (mantissa, power of two).
fn exp(x: Double) -> (Double, i32) {
    let n = (x.0 / LN_2.0).round();
    let shift = LN_2.multiply(Double(-n, 0.0));
    // e^(r/256) by 12 terms, then squared eight times; e^r − 1 is kept to save its digits.
    let r = x.add(shift).scale(1.0 / 256.0);
    let mut term = r;
    let mut total = r;
    for k in 2..13 {
        term = term.multiply(r).divide(f64::from(k));
        total = total.add(term);
    }
    for _ in 0..8 {
        total = total.multiply(total).add(total.scale(2.0));
    }
    (Double(1.0, 0.0).add(total), n as i32)
}

fn power_of_two(n: i32) -> f64 {
    f64::from_bits(((1023 + n) as u64) << 52)
}

/// ln x for normal x.
fn log(x: f64) -> Double {
    let exponent = ((x.to_bits() >> 52) as i32) - 1023;
    let m = x * power_of_two(-exponent / 2) * power_of_two(-exponent - -exponent / 2);
    let (m, exponent) = if m > 1.4 {
        (m / 2.0, exponent + 1)
    } else {
        (m, exponent)
    };
    let f = m - 1.0;
    if f.abs() < 1e-3 && exponent == 0 {
        let (mut power, mut total) = (Double(f, 0.0), Double(f, 0.0));
        for k in 2..14 {
            power = power.multiply(Double(-f, 0.0));
            total = total.add(power.divide(f64::from(k)));
        }
        return total;
    }
    // Newton: y + (m·e^-y − 1); the error is of the order of the cube of the library's.
    let y = m.ln();
    let (inverse, n) = exp(Double(-y, 0.0));
    let correction = Double(m, 0.0)
        .multiply(inverse.scale(power_of_two(n)))
        .add(Double(-1.0, 0.0));
    let square = correction.multiply(correction).scale(-0.5);
    Double(y, 0.0)
        .add(correction)
        .add(square)
        .add(LN_2.multiply(Double(f64::from(exponent), 0.0)))
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
    let quadrant = (n as i64 + turns).rem_euclid(4);
    let square = r.multiply(r);
    let odd = quadrant % 2 == 0;
    let mut term = if odd { r } else { Double(1.0, 0.0) };
    let mut total = term;
    let first = if odd { 2 } else { 1 };
    for k in (first..32).step_by(2) {
        term = term.multiply(square).divide(-f64::from(k * (k + 1)));
        total = total.add(term);
    }
    if quadrant >= 2 {
        total.scale(-1.0)
    } else {
        total
    }
}

/// The exact value, or none where this arithmetic does not reach: results that are subnormal, zero or
/// not finite, logarithms of subnormals, angles above 2^40, negative bases.
pub fn reference(f: MathFn, a: f64, b: f64) -> Option<Exact> {
    let power = |x: Double| {
        if x.0.is_nan() || x.0.abs() >= 708.0 {
            return None;
        }
        let (mantissa, n) = exp(x);
        let Exact { near, rest } = mantissa.exact();
        Some(Exact {
            near: near * power_of_two(n / 2) * power_of_two(n - n / 2),
            rest,
        })
    };
    match f {
        MathFn::Exp => power(Double(a, 0.0)),
        MathFn::Log => {
            (a >= f64::MIN_POSITIVE && a.is_finite() && a != 1.0).then(|| log(a).exact())
        }
        MathFn::Sin | MathFn::Cos => {
            let moderate = a != 0.0 && a.abs() <= 1_099_511_627_776.0;
            moderate.then(|| sin(a, i64::from(f == MathFn::Cos)).exact())
        }
        MathFn::Pow => {
            let positive = a >= f64::MIN_POSITIVE && a.is_finite() && b.is_finite();
            if positive {
                power(log(a).multiply(Double(b, 0.0)))
            } else {
                None
            }
        }
    }
}
