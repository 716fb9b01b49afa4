//! What does each element-wise operator mean for one element?
//!
//! One function per row: arguments of the loop dtypes, a result of the given dtype. Integers are
//! computed exactly in 128 bits and wrapped once, floats in their own width; this shares no code
//! with the kernel language, so that the two check each other. Absent: broadcasting and promotion.
//!
//! A call with another number of arguments than the row has gives 0.

use super::float::{double, single};
use tilewright_core::{DType, Scalar};
use tilewright_vecmath::MathFn;

/// A function of one argument: of integers and bool, of f32, of f64.
pub(super) fn unary(
    args: &[Scalar],
    out: DType,
    integer: fn(i128) -> i128,
    single: fn(f32) -> f32,
    double: fn(f64) -> f64,
) -> Scalar {
    let [a] = args else { return Scalar::zero(out) };
    match (a.dtype(), a.as_i128()) {
        (DType::F32, _) => single(a.to_f32()).into(),
        (_, None) => double(a.to_f64()).into(),
        (_, Some(value)) => Scalar::from_i128(out, integer(value)),
    }
}

/// A function of two arguments of one dtype: of integers and bool, of f32, of f64.
pub(super) fn binary(
    args: &[Scalar],
    out: DType,
    integer: fn(i128, i128) -> i128,
    single: fn(f32, f32) -> f32,
    double: fn(f64, f64) -> f64,
) -> Scalar {
    let [a, b] = args else {
        return Scalar::zero(out);
    };
    match (a.dtype(), a.as_i128().zip(b.as_i128())) {
        (DType::F32, _) => single(a.to_f32(), b.to_f32()).into(),
        (_, None) => double(a.to_f64(), b.to_f64()).into(),
        (_, Some((a, b))) => Scalar::from_i128(out, integer(a, b)),
    }
}

/// A bit operation; floats have none.
pub(super) fn bits(args: &[Scalar], out: DType, integer: fn(i128, i128) -> i128) -> Scalar {
    binary(args, out, integer, |_, _| 0.0, |_, _| 0.0)
}

/// Row `add`: of bool, 1 + 1 is true.
pub fn add(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, |a, b| a + b, |a, b| a + b, |a, b| a + b)
}

/// Row `subtract`.
pub fn subtract(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, |a, b| a - b, |a, b| a - b, |a, b| a - b)
}

/// Row `multiply`: u64 products wrap at 128 bits, which leaves the low 64 right.
pub fn multiply(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, i128::wrapping_mul, |a, b| a * b, |a, b| a * b)
}

/// Row `divide`: its loops are floats.
pub fn divide(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, |_, _| 0, |a, b| a / b, |a, b| a / b)
}

fn integer_floor_divide(a: i128, b: i128) -> i128 {
    if b == 0 {
        return 0;
    }
    let down = a % b != 0 && (a < 0) != (b < 0);
    a / b - i128::from(down)
}

/// Row `floor_divide`.
pub fn floor_divide(args: &[Scalar], out: DType) -> Scalar {
    let (single, double) = (single::floor_divide, double::floor_divide);
    binary(args, out, integer_floor_divide, single, double)
}

/// Row `remainder`.
pub fn remainder(args: &[Scalar], out: DType) -> Scalar {
    let integer = |a, b| match b {
        0 => 0,
        _ => a - integer_floor_divide(a, b) * b,
    };
    binary(args, out, integer, single::remainder, double::remainder)
}

/// `a ** b` in 64 bits, which holds every narrower result too; for a negative `b`, the exact
/// quotient cut toward 0, and 0 for 0.
fn integer_power(a: i128, b: i128) -> i128 {
    if b < 0 {
        return match a {
            1 => 1,
            -1 => 1 - 2 * (b & 1),
            _ => 0,
        };
    }
    let (mut power, mut square, mut left) = (1u64, a as u64, b as u64);
    while left > 0 {
        if left & 1 == 1 {
            power = power.wrapping_mul(square);
        }
        square = square.wrapping_mul(square);
        left >>= 1;
    }
    i128::from(power)
}

/// Row `power`.
pub fn power(args: &[Scalar], out: DType) -> Scalar {
    let single = |a, b| single::math(MathFn::Pow, a, b);
    let double = |a, b| double::math(MathFn::Pow, a, b);
    binary(args, out, integer_power, single, double)
}

/// Row `negative`.
pub fn negative(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |a| -a, |a| -a, |a| -a)
}

/// Row `absolute`.
pub fn absolute(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, i128::abs, f32::abs, f64::abs)
}

/// Row `square`.
pub fn square(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |a| a.wrapping_mul(a), |a| a * a, |a| a * a)
}

/// Row `minimum`.
pub fn minimum(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, i128::min, single::minimum, double::minimum)
}

/// Row `maximum`.
pub fn maximum(args: &[Scalar], out: DType) -> Scalar {
    binary(args, out, i128::max, single::maximum, double::maximum)
}

/// A comparison; f64 holds every f32.
fn compare(
    args: &[Scalar],
    integer: fn(i128, i128) -> bool,
    float: fn(f64, f64) -> bool,
) -> Scalar {
    let [a, b] = args else { return false.into() };
    match a.as_i128().zip(b.as_i128()) {
        Some((a, b)) => integer(a, b).into(),
        None => float(a.to_f64(), b.to_f64()).into(),
    }
}

/// Row `equal`.
pub fn equal(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a == b, |a, b| a == b)
}

/// Row `not_equal`.
pub fn not_equal(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a != b, |a, b| a != b)
}

/// Row `less`.
pub fn less(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a < b, |a, b| a < b)
}

/// Row `less_equal`.
pub fn less_equal(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a <= b, |a, b| a <= b)
}

/// Row `greater`.
pub fn greater(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a > b, |a, b| a > b)
}

/// Row `greater_equal`.
pub fn greater_equal(args: &[Scalar], _: DType) -> Scalar {
    compare(args, |a, b| a >= b, |a, b| a >= b)
}

/// Row `bitwise_and`.
pub fn bitwise_and(args: &[Scalar], out: DType) -> Scalar {
    bits(args, out, |a, b| a & b)
}

/// Row `bitwise_or`.
pub fn bitwise_or(args: &[Scalar], out: DType) -> Scalar {
    bits(args, out, |a, b| a | b)
}

/// Row `bitwise_xor`.
pub fn bitwise_xor(args: &[Scalar], out: DType) -> Scalar {
    bits(args, out, |a, b| a ^ b)
}

/// Row `invert`: of bool, the logical complement.
pub fn invert(args: &[Scalar], out: DType) -> Scalar {
    match (args, out) {
        ([a], DType::Bool) => (!a.truth()).into(),
        _ => unary(args, out, |a| !a, |_| 0.0, |_| 0.0),
    }
}

/// Row `where`.
pub fn choose(args: &[Scalar], out: DType) -> Scalar {
    match args {
        [mask, a, b] => *(if mask.truth() { a } else { b }),
        _ => Scalar::zero(out),
    }
}

/// Row `sqrt`.
pub fn sqrt(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |_| 0, f32::sqrt, f64::sqrt)
}

/// Rows of slice functions: the function itself, which is what they mean.
pub fn math(f: MathFn, args: &[Scalar], out: DType) -> Scalar {
    let [a, .., b] = args else {
        return args.first().map_or(Scalar::zero(out), |a| match a.dtype() {
            DType::F32 => single::math(f, a.to_f32(), 0.0).into(),
            _ => double::math(f, a.to_f64(), 0.0).into(),
        });
    };
    match a.dtype() {
        DType::F32 => single::math(f, a.to_f32(), b.to_f32()).into(),
        _ => double::math(f, a.to_f64(), b.to_f64()).into(),
    }
}

/// Row `floor`.
pub fn floor(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |a| a, f32::floor, f64::floor)
}

/// Row `ceil`.
pub fn ceil(args: &[Scalar], out: DType) -> Scalar {
    unary(args, out, |a| a, f32::ceil, f64::ceil)
}

/// Row `astype`.
pub fn astype(args: &[Scalar], out: DType) -> Scalar {
    args.first().map_or(Scalar::zero(out), |a| a.cast(out))
}
