//! What is f(a, b) to 90 bits or more?
//!
//! A second, slow implementation that shares no code or coefficients with the crate: Taylor series,
//! continued fractions and Newton's method in double-double arithmetic (Dekker 1971). `elementary`
//! and `special` have the functions, `points` where they are measured, `screen` a quick opinion.

#![allow(
    dead_code,
    reason = "each test and the example use a part of this module"
)]

mod elementary;
pub mod points;
mod screen;
mod special;

use tilewright_vecmath::MathFn;

/// A value: the nearest f64 and what is left, in units of its last place.
pub struct Exact {
    pub near: f64,
    pub rest: f64,
}

/// A number as high + low.
#[derive(Clone, Copy)]
struct Double(f64, f64);

/// a + b exactly.
fn sum(a: f64, b: f64) -> Double {
    let s = a + b;
    let t = s - a;
    Double(s, (a - (s - t)) + (b - t))
}

/// 2^n for a normal result.
fn power_of_two(n: i32) -> f64 {
    f64::from_bits(((1023 + n) as u64) << 52)
}

impl Double {
    fn add(self, other: Double) -> Double {
        let high = sum(self.0, other.0);
        let low = sum(self.1, other.1);
        let first = sum(high.0, high.1 + low.0);
        sum(first.0, first.1 + low.1)
    }

    fn minus(self, other: Double) -> Double {
        self.add(other.scale(-1.0))
    }

    fn multiply(self, other: Double) -> Double {
        let high = self.0 * other.0;
        let low = self.0.mul_add(other.0, -high);
        sum(high, low + (self.0 * other.1 + self.1 * other.0))
    }

    fn over(self, by: Double) -> Double {
        let quotient = self.0 / by.0;
        let rest = self.minus(by.multiply(Double(quotient, 0.0)));
        let second = rest.0 / by.0;
        let rest = rest.minus(by.multiply(Double(second, 0.0)));
        sum(quotient, second).add(Double(rest.0 / by.0, 0.0))
    }

    fn divide(self, by: f64) -> Double {
        let quotient = self.0 / by;
        let rest = (-quotient).mul_add(by, self.0) + self.1;
        sum(quotient, rest / by)
    }

    fn root(self) -> Double {
        if self.0 == 0.0 {
            return self;
        }
        let root = self.0.sqrt();
        let rest = self.minus(Double(root, 0.0).multiply(Double(root, 0.0)));
        sum(root, 0.0).add(Double(rest.0 / (2.0 * root), 0.0))
    }

    /// By a power of two.
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

impl From<f64> for Double {
    fn from(x: f64) -> Double {
        Double(x, 0.0)
    }
}

/// mantissa·2^n where that is normal.
fn scaled(mantissa: Double, n: i32) -> Option<Exact> {
    let Exact { near, rest } = mantissa.exact();
    let first = (n / 2).clamp(-600, 600);
    let value = near * power_of_two(first) * power_of_two((n - first).clamp(-600, 600));
    (value.abs() >= f64::MIN_POSITIVE && value.is_finite()).then_some(Exact { near: value, rest })
}

/// The exact value, or none where this arithmetic does not reach: results that are subnormal, zero or
/// not finite, and the ends of the range of operands.
pub fn reference(f: MathFn, a: f64, b: f64) -> Option<Exact> {
    let normal = |x: f64, most: f64| x.abs() >= 1e-290 && x.abs() <= most;
    let binary = matches!(f, MathFn::Pow | MathFn::Hypot | MathFn::Atan2);
    if !normal(a, 1e300) || (binary && !normal(b, 1e300)) {
        return None;
    }
    let usual = elementary::value(f, a, b).or_else(|| special::value(f, a));
    match usual? {
        (mantissa, n) if mantissa.0 != 0.0 && mantissa.0.is_finite() => scaled(mantissa, n),
        _ => None,
    }
}
