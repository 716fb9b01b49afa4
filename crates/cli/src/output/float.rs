//! How does NumPy print a float?
//!
//! Shortest digits that read back to the same number, cut at a precision.
//!
//! **Source** NumPy 2.4: `FloatingFormat` of `arrayprint.py`, and `str` of its scalars; CPython's
//! `repr` of floats.

use std::fmt::{self, Display, Formatter, LowerExp};
use tilewright::half::{self, f16};

/// Digits behind the point at most, in arrays.
const PRECISION: usize = 8;

/// A float that is printed: [`Half`], `f32` or `f64`.
pub trait Float: Copy + Display + LowerExp {
    /// Scalars of this magnitude and above are written with an exponent.
    const SCALAR_LIMIT: f64;
    /// Arrays with elements of this magnitude and above are.
    const ARRAY_LIMIT: f64;
    /// The number as an f64.
    fn wide(self) -> f64;
    /// Whether magnitudes from `least` to this lie so far apart, or so low, that an exponent is
    /// wanted; in the type's own arithmetic.
    fn spreads(self, least: Self) -> bool;
}

/// A float16.
#[derive(Clone, Copy)]
pub struct Half(pub f16);

impl Half {
    /// The number itself where digits are asked for, else the fewest that tell it apart.
    fn shown(self, f: &Formatter<'_>) -> f64 {
        match f.precision() {
            Some(_) => half::to_f32(self.0).into(),
            None => half::shortest(self.0),
        }
    }
}

impl Display for Half {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.shown(f), f)
    }
}

impl LowerExp for Half {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        LowerExp::fmt(&self.shown(f), f)
    }
}

impl Float for Half {
    const SCALAR_LIMIT: f64 = 1e3;
    const ARRAY_LIMIT: f64 = 1e3;
    fn wide(self) -> f64 {
        half::to_f32(self.0).into()
    }
    fn spreads(self, least: Half) -> bool {
        let quotient = half::from_f64((self.wide() / least.wide()).abs());
        least.wide().abs() < 0.0001 || half::to_f32(quotient) > 1000.0
    }
}

impl Float for f64 {
    const SCALAR_LIMIT: f64 = 1e16;
    const ARRAY_LIMIT: f64 = 1e8;
    fn wide(self) -> f64 {
        self
    }
    fn spreads(self, least: f64) -> bool {
        least.abs() < 0.0001 || (self / least).abs() > 1000.0
    }
}

impl Float for f32 {
    const SCALAR_LIMIT: f64 = 1e6;
    const ARRAY_LIMIT: f64 = 1e6;
    fn wide(self) -> f64 {
        f64::from(self)
    }
    fn spreads(self, least: f32) -> bool {
        least.abs() < 0.0001 || (self / least).abs() > 1000.0
    }
}

/// A scalar as `str` has it: all its digits.
pub fn repr<T: Float>(x: T) -> String {
    let wide = x.wide();
    if let Some(special) = special(wide) {
        return special.to_owned();
    }
    let magnitude = wide.abs();
    if magnitude != 0.0 && !(1e-4..T::SCALAR_LIMIT).contains(&magnitude) {
        let (whole, fraction, exponent) = scientific(x, usize::MAX);
        let point = if fraction.is_empty() { "" } else { "." };
        return format!("{whole}{point}{fraction}e{}", pad_exponent(&exponent, 2));
    }
    let (whole, fraction) = positional(x, usize::MAX);
    let fraction = if fraction.is_empty() { "0" } else { &fraction };
    format!("{whole}.{fraction}")
}

fn special(x: f64) -> Option<&'static str> {
    match x {
        x if x.is_nan() => Some("nan"),
        f64::INFINITY => Some("inf"),
        f64::NEG_INFINITY => Some("-inf"),
        _ => None,
    }
}

/// Digits before and behind the point, without trailing zeros.
fn positional<T: Float>(x: T, precision: usize) -> (String, String) {
    let split = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (whole.to_owned(), fraction.trim_end_matches('0').to_owned())
    };
    let shortest = split(&format!("{x}"));
    // Rounded anew from the number itself: rounding the shortest digits would round twice, and of
    // two shortest ones that are equally near NumPy takes the even one.
    match shortest.1.len().min(precision) {
        0 if shortest.1.is_empty() => shortest,
        digits => split(&format!("{x:.digits$}")),
    }
}

/// The digit before the point, those behind it without trailing zeros, the exponent.
fn scientific<T: Float>(x: T, precision: usize) -> (String, String, String) {
    let split = |text: &str| {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        (
            whole.to_owned(),
            fraction.trim_end_matches('0').to_owned(),
            exponent.to_owned(),
        )
    };
    let shortest = split(&format!("{x:e}"));
    let digits = shortest.1.len().min(precision);
    split(&format!("{x:.digits$e}"))
}

/// `+05`: a sign and at least `width` digits.
fn pad_exponent(exponent: &str, width: usize) -> String {
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{sign}{digits:0>width$}")
}

/// How all elements of an array are printed, so that they align.
pub struct Format {
    /// Digits of the exponent, if there is one.
    exponent: Option<usize>,
    /// Columns before the point, sign included.
    left: usize,
    /// Columns behind it.
    right: usize,
    /// Digits behind the point of a mantissa.
    precision: usize,
}

impl Format {
    /// The format of these elements.
    pub fn of<T: Float>(elements: &[T]) -> Format {
        let finite: Vec<T> = elements
            .iter()
            .copied()
            .filter(|x| x.wide().is_finite())
            .collect();
        let magnitude = |x: &T| x.wide().abs();
        let nonzero = || finite.iter().filter(|x| x.wide() != 0.0);
        let by_magnitude = |a: &&T, b: &&T| magnitude(a).total_cmp(&magnitude(b));
        let spread = nonzero()
            .max_by(by_magnitude)
            .zip(nonzero().min_by(by_magnitude));
        let exponential = spread
            .is_some_and(|(most, least)| magnitude(most) >= T::ARRAY_LIMIT || most.spreads(*least));
        let mut format = Format {
            exponent: None,
            left: 0,
            right: 0,
            precision: 0,
        };
        if exponential {
            let mut digits = 0;
            for &x in &finite {
                let (whole, fraction, exponent) = scientific(x, PRECISION);
                format.left = format.left.max(whole.len());
                format.precision = format.precision.max(fraction.len());
                digits = digits.max(pad_exponent(&exponent, 2).len() - 1);
            }
            format.exponent = Some(digits);
            format.right = digits + 2 + format.precision;
        } else {
            for &x in &finite {
                let (whole, fraction) = positional(x, PRECISION);
                format.left = format.left.max(whole.len());
                format.right = format.right.max(fraction.len());
            }
        }
        // Room for the words nan and inf.
        for x in elements.iter().filter_map(|x| special(x.wide())) {
            format.left = format.left.max(x.len().saturating_sub(format.right + 1));
        }
        format
    }

    /// One element.
    pub fn write<T: Float>(&self, x: T) -> String {
        let width = self.left + self.right + 1;
        if let Some(special) = special(x.wide()) {
            return format!("{special:>width$}");
        }
        match self.exponent {
            Some(digits) => {
                let (left, precision) = (self.left, self.precision);
                // Digits beyond those that tell the number apart are its own, not zeros.
                let text = format!("{x:.precision$e}");
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
                let exponent = pad_exponent(exponent, digits);
                format!("{whole:>left$}.{fraction}e{exponent}")
            }
            None => {
                let (whole, fraction) = positional(x, PRECISION);
                let (left, right) = (self.left, self.right);
                format!("{whole:>left$}.{fraction:<right$}")
            }
        }
    }
}
