//! Where are errors measured, and how large are they?
//!
//! Points are a pure function of (function, index): index i lies in stratum i modulo their number,
//! each a range of operands in which the lane code takes another way or loses other digits.

use super::{Exact, reference, screen::screen};
use tilewright_vecmath::{MathFn, apply_f32, apply_f64};

/// A range of one operand.
#[derive(Clone, Copy)]
enum Range {
    /// Evenly between two numbers.
    Even(f64, f64),
    /// Either sign, the size's logarithm to the base 2 evenly between two.
    Sizes(f64, f64),
    /// The same, positive.
    Positive(f64, f64),
    /// A number, and [`Range::Sizes`] from it.
    Near(f64, f64, f64),
    /// Either sign, 1 less [`Range::Positive`].
    Inside(f64, f64),
    /// 1 and [`Range::Positive`].
    Above(f64, f64),
}
use Range::{Above, Even, Inside, Near, Positive, Sizes};

/// Strata of functions of one operand.
fn strata(f: MathFn) -> &'static [Range] {
    match f {
        MathFn::Exp => &[Sizes(-55.0, 0.0), Even(-2.0, 2.0), Even(-708.0, 709.7)],
        MathFn::Exp2 => &[Sizes(-55.0, 0.0), Even(-2.0, 2.0), Even(-1022.0, 1023.9)],
        MathFn::Expm1 => &[
            Sizes(-900.0, 0.0),
            Sizes(-12.0, 1.0),
            Even(-3.0, 3.0),
            Even(-40.0, 700.0),
        ],
        MathFn::Log | MathFn::Log2 | MathFn::Log10 => &[
            Even(0.5, 2.0),
            Near(1.0, -50.0, -2.0),
            Even(0.0, 100.0),
            Positive(-900.0, 900.0),
        ],
        MathFn::Log1p => &[
            Sizes(-60.0, -0.1),
            Even(-0.99, 3.0),
            Even(-0.5, 0.5),
            Positive(-2.0, 900.0),
        ],
        MathFn::Cbrt => &[Even(-8.0, 8.0), Sizes(-900.0, 900.0)],
        MathFn::Sin | MathFn::Cos | MathFn::Tan => &[
            Even(-0.8, 0.8),
            Even(-7.0, 7.0),
            Sizes(-20.0, 20.0),
            Sizes(-5.0, 39.9),
        ],
        MathFn::Asin | MathFn::Acos | MathFn::Atanh => &[
            Even(-1.0, 1.0),
            Even(-0.6, 0.6),
            Sizes(-60.0, -0.01),
            Inside(-50.0, -2.0),
        ],
        MathFn::Atan => &[Even(-3.0, 3.0), Even(-0.5, 0.5), Sizes(-60.0, 60.0)],
        MathFn::Sinh | MathFn::Cosh | MathFn::Tanh => &[
            Even(-1.2, 1.2),
            Sizes(-60.0, 4.0),
            Even(-20.0, 20.0),
            Even(-709.0, 709.0),
        ],
        MathFn::Asinh => &[Even(-0.6, 0.6), Even(-4.0, 4.0), Sizes(-60.0, 450.0)],
        MathFn::Acosh => &[
            Even(1.0, 1.5),
            Above(-50.0, -1.0),
            Even(1.0, 20.0),
            Positive(0.0, 450.0),
        ],
        MathFn::Erf => &[Even(-1.1, 1.1), Even(-6.0, 6.0), Sizes(-60.0, 1.0)],
        MathFn::Erfc => &[
            Even(-1.1, 1.1),
            Even(-6.0, 6.0),
            Even(1.0, 26.0),
            Sizes(-60.0, 1.0),
        ],
        MathFn::Gamma => &[
            Even(0.0, 9.0),
            Even(-9.0, 0.0),
            Even(0.0, 171.6),
            Even(-170.0, 0.0),
            Sizes(-100.0, 3.0),
        ],
        MathFn::Gammaln => &[
            Even(0.0, 9.0),
            Near(1.0, -22.0, -1.5),
            Near(2.0, -22.0, -1.5),
            Even(0.0, 200.0),
            Positive(-60.0, 600.0),
        ],
        _ => &[Even(0.0, 1.0)],
    }
}

/// A counter-based hash (Steele, Lea & Flood 2014) as a source of numbers in [0, 1).
struct Numbers(u64);

impl Numbers {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn of(&mut self, range: Range) -> f64 {
        match range {
            Even(low, high) => low + (high - low) * self.unit(),
            Sizes(low, high) => {
                let size = self.of(Positive(low, high));
                if self.unit() < 0.5 { -size } else { size }
            }
            Positive(low, high) => self.of(Even(low, high)).exp2(),
            Inside(low, high) => {
                let x = 1.0 - self.of(Positive(low, high));
                if self.unit() < 0.5 { -x } else { x }
            }
            Above(low, high) => 1.0 + self.of(Positive(low, high)),
            Near(center, low, high) => center + self.of(Sizes(low, high)),
        }
    }
}

/// Operands number i of f.
pub fn operands(f: MathFn, i: u64) -> (f64, f64) {
    let mut numbers = Numbers((f as u64) << 48 ^ i.wrapping_mul(4));
    match f {
        MathFn::Pow => match i % 4 {
            0 => (numbers.of(Even(0.0, 4.0)), numbers.of(Even(-5.0, 5.0))),
            1 => (
                numbers.of(Near(1.0, -30.0, -2.0)),
                numbers.of(Sizes(0.0, 11.0)),
            ),
            2 => (numbers.of(Positive(-300.0, 300.0)), 3.0),
            _ => {
                let x = numbers.of(Positive(-950.0, 950.0));
                (x, numbers.of(Even(-1021.0, 1021.0)) / x.log2())
            }
        },
        MathFn::Hypot | MathFn::Atan2 => {
            let x = numbers.of(Sizes(-400.0, 400.0));
            match i % 3 {
                0 => (numbers.of(Even(-2.0, 2.0)), numbers.of(Even(-2.0, 2.0))),
                1 => (x * numbers.of(Sizes(-3.0, 3.0)), x),
                _ => (x * numbers.of(Sizes(-60.0, 60.0)), x),
            }
        }
        _ => {
            let strata = strata(f);
            (numbers.of(strata[(i % strata.len() as u64) as usize]), 0.0)
        }
    }
}

/// Bits in the order of the numbers.
pub fn ordered(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

/// The distance of `got` from the exact value, in units in the last place of the latter.
pub fn error(got: f64, exact: &Exact) -> f64 {
    (ordered(got).wrapping_sub(ordered(exact.near)) as f64 - exact.rest).abs()
}

/// The same for f32, of normal size, subnormal, infinite or NaN. The logarithm of Γ is measured in
/// absolute terms beside its zeros between negative whole numbers.
fn single_error(f: MathFn, got: f32, operand: f64, exact: f64) -> f64 {
    let near = exact as f32;
    if near.is_infinite() || near.is_nan() || got == near && near == 0.0 {
        let same = got == near || got.is_nan() && near.is_nan();
        return if same { 0.0 } else { f64::INFINITY };
    }
    let difference = (f64::from(got) - exact).abs();
    if f == MathFn::Gammaln && operand < 0.0 && difference < 1e-15 {
        return 0.0;
    }
    let exponent = ((near.to_bits() >> 23) & 0xff).max(1) as i32 - 127;
    difference / (f64::from(exponent) - 23.0).exp2()
}

/// Half a place, less what a double's last places are worth in single precision and far more.
const CLEARLY: f64 = 0.49;

/// The largest error seen, where, and over how many points.
#[derive(Clone, Copy, Default)]
pub struct Worst {
    pub error: f64,
    pub at: (f64, f64),
    pub points: u64,
}

impl Worst {
    fn see(&mut self, error: f64, at: (f64, f64)) {
        self.points += 1;
        if error > self.error || error.is_nan() {
            (self.error, self.at) = (error, at);
        }
    }
}

/// Points computed at a time.
const BLOCK: u64 = 1024;

/// f in f64 over the operands of these numbers.
pub fn measure_f64(f: MathFn, range: std::ops::Range<u64>, worst: &mut Worst) {
    let mut start = range.start;
    while start < range.end {
        let count = BLOCK.min(range.end - start);
        let pairs = (start..start + count).map(|i| operands(f, i));
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let mut out = vec![0.0; a.len()];
        apply_f64(f, &mut out, &a, &b);
        for i in 0..a.len() {
            if let Some(exact) = reference(f, a[i], b[i]) {
                worst.see(error(out[i], &exact), (a[i], b[i]));
            }
        }
        start += count;
    }
}

/// f in f32 over these operands. [`screen`] decides about those that it puts clearly within half a place,
/// [`reference`] about the others, where it reaches.
pub fn measure_f32(f: MathFn, operands: impl Iterator<Item = (f32, f32)>, worst: &mut Worst) {
    let (a, b): (Vec<f32>, Vec<f32>) = operands.unzip();
    let mut out = vec![0.0; a.len()];
    apply_f32(f, &mut out, &a, &b);
    for i in 0..a.len() {
        let at = (f64::from(a[i]), f64::from(b[i]));
        let Some(value) = screen(f, at.0, at.1) else {
            continue;
        };
        let screened = single_error(f, out[i], at.0, value);
        let exact = (screened > CLEARLY).then(|| reference(f, at.0, at.1));
        let error = exact
            .flatten()
            .map_or(screened, |exact| single_error(f, out[i], at.0, exact.near));
        worst.see(error, at);
    }
}
