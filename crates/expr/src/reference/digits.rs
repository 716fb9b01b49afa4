//! What do operators on the digits of numbers mean for one element?
//!
//! As in [`element`](super::element): one function per row, arguments of the loop dtypes. Absent:
//! arithmetic, comparisons, transcendentals.

use super::element::{binary, bits, unary};
use super::float::{double, single};
use std::cmp::Ordering;
use tilewright_core::half::f16;
use tilewright_core::{DType, Scalar};

/// Row `trunc`.
pub fn trunc(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |a| a, f32::trunc, f64::trunc)
}

/// Row `rint`: its loops are floats.
pub fn rint(args: &[Scalar], out: DType) -> Scalar {
    let (single, double) = (f32::round_ties_even, f64::round_ties_even);
    unary(args, out, |_| 0, single, double)
}

/// Row `positive`.
pub fn positive(args: &[Scalar], out: DType) -> Scalar {
    args.first().copied().unwrap_or(Scalar::zero(out))
}

/// Row `isnan`.
pub fn isnan(args: &[Scalar], _: DType) -> Scalar {
    let float = args.first().filter(|a| a.dtype().is_float());
    float.is_some_and(|a| a.to_f64().is_nan()).into()
}

/// Row `copysign`: its loops are floats. The sign of a NaN counts as positive.
pub fn copysign(args: &[Scalar], out: DType) -> Scalar {
    let single = |a: f32, b: f32| a.copysign(if b.is_nan() { 0.0 } else { b });
    let double = |a: f64, b: f64| a.copysign(if b.is_nan() { 0.0 } else { b });
    binary(args, out, |_, _| 0, single, double)
}

/// Row `nextafter`: its loops are floats.
pub fn nextafter(args: &[Scalar], out: DType) -> Scalar {
    match args {
        [a, b] if out == DType::F16 => half_after(*a, *b),
        _ => binary(args, out, |_, _| 0, single::next_after, double::next_after),
    }
}

/// The float16 beside `a`: numbers are counted from 0 in both directions.
fn half_after(a: Scalar, b: Scalar) -> Scalar {
    let nan = Scalar::from_f64(DType::F16, f64::NAN);
    let sign = |x: Scalar| if x.bits() >> 15 == 0 { 1 } else { -1 };
    let place = sign(a) * (a.bits() & 0x7fff) as i16;
    match a.to_f64().partial_cmp(&b.to_f64()) {
        None => nan,
        Some(Ordering::Equal) => a,
        Some(order) => {
            let next = place - order as i16;
            let bits = next.unsigned_abs() | if next < 0 { 1 << 15 } else { 0 };
            // Down to 0 keeps the sign.
            let bits = if next == 0 {
                (a.bits() as u16) & 1 << 15
            } else {
                bits
            };
            Scalar::from(f16::from_bits(bits))
        }
    }
}

/// Row `scaleb`: its loops are floats.
pub fn scaleb(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, |_, _| 0, single::scale, double::scale)
}

/// Row `frexp_mantissa`: its loops are floats.
pub fn mantissa(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |_| 0, single::mantissa, double::mantissa)
}

/// Row `frexp_exponent`: its loops are floats.
pub fn exponent(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |_| 0, single::exponent, double::exponent)
}

/// Row `fmod`: the sign of the dividend; integers by 0 give 0.
pub fn fmod(args: &[Scalar], out: DType) -> Scalar {
    let integer = |a, b| if b == 0 { 0 } else { a % b };
    binary(args, out, integer, |a, b| a % b, |a, b| a % b)
}

/// The greatest common divisor by subtraction of halves (Stein).
fn divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    if a == 0 || b == 0 {
        return a + b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), (b - a).abs());
    }
    a << twos
}

/// Row `gcd`.
pub fn gcd(args: &[Scalar], out: DType) -> Scalar {
    bits(args, out, divisor)
}

/// Row `lcm`.
pub fn lcm(args: &[Scalar], out: DType) -> Scalar {
    bits(args, out, |a, b| match divisor(a, b) {
        0 => 0,
        common => (a.abs() / common).wrapping_mul(b.abs()),
    })
}

/// A shift by a count within the width; `beyond` elsewhere.
fn shift(
    args: &[Scalar],
    out: DType,
    within: fn(i128, i128) -> i128,
    beyond: fn(i128) -> i128,
) -> Scalar {
    let [a, count] = args else {
        return Scalar::zero(out);
    };
    let width = 8 * out.itemsize() as i128;
    match (a.as_i128(), count.as_i128()) {
        (Some(a), Some(count)) if (0..width).contains(&count) => {
            Scalar::from_i128(out, within(a, count))
        }
        (Some(a), _) => Scalar::from_i128(out, beyond(a)),
        _ => Scalar::zero(out),
    }
}

/// Row `left_shift`: 0 where the shift is negative or at least the width.
pub fn left_shift(args: &[Scalar], out: DType) -> Scalar {
    shift(args, out, |a, b| a << b, |_| 0)
}

/// Row `right_shift`: 0 or -1 where the shift is negative or at least the width.
pub fn right_shift(args: &[Scalar], out: DType) -> Scalar {
    shift(args, out, |a, b| a >> b, |a| -i128::from(a < 0))
}
