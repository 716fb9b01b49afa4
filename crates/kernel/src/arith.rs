//! What does one operation mean on one element?
//!
//! Plain Rust, one method per operation, for the interpreter, the merging of states and the slice
//! functions. Bool has no arithmetic of its own: it is the u8 operation that
//! [`BinaryOp::on_bool`](crate::BinaryOp::on_bool) names. Absent: dispatch on dtypes.

use tilewright_core::Element;
use tilewright_core::half::{self, f16};

/// What integers and floats share.
pub(crate) trait Number: Element + PartialOrd {
    fn neg(self) -> Self;
    fn abs(self) -> Self;
    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    fn minimum(self, b: Self) -> Self;
    fn maximum(self, b: Self) -> Self;
    fn fmod(self, b: Self) -> Self;
}

/// What integers alone do; everything wraps.
pub(crate) trait Integer: Number {
    fn not(self) -> Self;
    fn floor_div(self, b: Self) -> Self;
    fn rem(self, b: Self) -> Self;
    fn and(self, b: Self) -> Self;
    fn or(self, b: Self) -> Self;
    fn xor(self, b: Self) -> Self;
    fn shl(self, b: Self) -> Self;
    fn shr(self, b: Self) -> Self;
    fn power(self, b: Self) -> Self;
    fn gcd(self, b: Self) -> Self;
    fn lcm(self, b: Self) -> Self;
}

/// What floats alone do.
pub(crate) trait Float: Number {
    fn sqrt(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn div(self, b: Self) -> Self;
    fn trunc(self) -> Self;
    fn rint(self) -> Self;
    fn copy_sign(self, b: Self) -> Self;
    fn floor_divide(self, b: Self) -> Self;
    fn remainder(self, b: Self) -> Self;
    fn scale(self, b: Self) -> Self;
    fn mantissa(self) -> Self;
    fn exponent(self) -> Self;
}

/// The float beside another.
pub(crate) trait Neighbour {
    fn next_after(self, b: Self) -> Self;
}

/// Conversion as [`crate::LaneOp::Cast`] documents it.
pub(crate) trait CastTo<T> {
    fn cast(self) -> T;
}

macro_rules! integers {
    ($($t:ty, $abs:expr, $negative:expr;)*) => {$(
        impl Number for $t {
            fn neg(self) -> Self { self.wrapping_neg() }
            fn abs(self) -> Self { $abs(self) }
            fn add(self, b: Self) -> Self { self.wrapping_add(b) }
            fn sub(self, b: Self) -> Self { self.wrapping_sub(b) }
            fn mul(self, b: Self) -> Self { self.wrapping_mul(b) }
            fn minimum(self, b: Self) -> Self { Ord::min(self, b) }
            fn maximum(self, b: Self) -> Self { Ord::max(self, b) }
            fn fmod(self, b: Self) -> Self {
                if b == 0 { 0 } else { self.wrapping_rem(b) }
            }
        }

        impl Integer for $t {
            fn not(self) -> Self { !self }
            fn floor_div(self, b: Self) -> Self {
                if b == 0 { return 0; }
                let quotient = self.wrapping_div(b);
                let remainder = self.wrapping_rem(b);
                let inexact = remainder != 0 && $negative(remainder) != $negative(b);
                quotient.wrapping_sub(inexact as $t)
            }
            fn rem(self, b: Self) -> Self {
                if b == 0 { return 0; }
                let remainder = self.wrapping_rem(b);
                let other_sign = remainder != 0 && $negative(remainder) != $negative(b);
                if other_sign { remainder.wrapping_add(b) } else { remainder }
            }
            fn and(self, b: Self) -> Self { self & b }
            fn or(self, b: Self) -> Self { self | b }
            fn xor(self, b: Self) -> Self { self ^ b }
            fn shl(self, b: Self) -> Self {
                u32::try_from(b).ok().and_then(|b| self.checked_shl(b)).unwrap_or(0)
            }
            fn shr(self, b: Self) -> Self {
                let beyond = if $negative(self) { !0 } else { 0 };
                u32::try_from(b).ok().and_then(|b| self.checked_shr(b)).unwrap_or(beyond)
            }
            fn power(self, b: Self) -> Self {
                let mut left = b.abs_diff(0) as u64;
                let (mut square, mut power): ($t, $t) = (self, 1);
                while left != 0 {
                    if left & 1 == 1 { power = power.wrapping_mul(square); }
                    square = square.wrapping_mul(square);
                    left >>= 1;
                }
                if !$negative(b) { return power; }
                // The quotient 1 / a**|b|, toward 0: only 1 and -1 have one that is not 0.
                let unit = self == 1 || self.wrapping_add(1) == 0;
                if unit { power } else { 0 }
            }
            fn gcd(self, b: Self) -> Self {
                let (mut a, mut b) = (self.abs_diff(0), b.abs_diff(0));
                while b != 0 {
                    (a, b) = (b, a % b);
                }
                a as $t
            }
            fn lcm(self, b: Self) -> Self {
                let common = self.gcd(b).abs_diff(0);
                if common == 0 { return 0; }
                (self.abs_diff(0) / common).wrapping_mul(b.abs_diff(0)) as $t
            }
        }
    )*};
}

integers! {
    i8, i8::wrapping_abs, i8::is_negative;
    i16, i16::wrapping_abs, i16::is_negative;
    i32, i32::wrapping_abs, i32::is_negative;
    i64, i64::wrapping_abs, i64::is_negative;
    u8, std::convert::identity, |_| false;
    u16, std::convert::identity, |_| false;
    u32, std::convert::identity, |_| false;
    u64, std::convert::identity, |_| false;
}

/// Any subnormal number times this power of two is a normal one.
const SUBNORMAL: u64 = 1 << 60;

macro_rules! floats {
    ($($t:ident $bits:ident;)*) => {$(
        impl Number for $t {
            fn neg(self) -> Self { -self }
            fn abs(self) -> Self { $t::abs(self) }
            fn add(self, b: Self) -> Self { self + b }
            fn sub(self, b: Self) -> Self { self - b }
            fn mul(self, b: Self) -> Self { self * b }
            fn minimum(self, b: Self) -> Self {
                if self.is_nan() || b.is_nan() { return $t::NAN; }
                let first = self < b || (self == b && self.is_sign_negative());
                if first { self } else { b }
            }
            fn maximum(self, b: Self) -> Self {
                if self.is_nan() || b.is_nan() { return $t::NAN; }
                let first = self > b || (self == b && self.is_sign_positive());
                if first { self } else { b }
            }
            fn fmod(self, b: Self) -> Self { self % b }
        }

        impl Float for $t {
            fn sqrt(self) -> Self { $t::sqrt(self) }
            fn floor(self) -> Self { $t::floor(self) }
            fn ceil(self) -> Self { $t::ceil(self) }
            fn trunc(self) -> Self { $t::trunc(self) }
            fn rint(self) -> Self { $t::round_ties_even(self) }
            fn div(self, b: Self) -> Self { self / b }
            fn copy_sign(self, b: Self) -> Self {
                // A NaN's sign differs between machines: it counts as positive.
                $t::copysign(self, if b.is_nan() { 0.0 } else { b })
            }

            // NumPy's divmod: the remainder is exact (fmod) but for one last addition where the
            // signs differ, and the quotient is the integer nearest to what that leaves.
            // Source: `npy_divmod`, `npy_floor_divide`, `npy_remainder` of NumPy 2's npymath.
            fn floor_divide(self, b: Self) -> Self {
                if b == 0.0 { return self / b; }
                let remainder = self % b;
                let mut quotient = (self - remainder) / b;
                if remainder != 0.0 && (b < 0.0) != (remainder < 0.0) {
                    quotient -= 1.0;
                }
                if quotient == 0.0 {
                    return $t::copysign(0.0, self / b);
                }
                let below = quotient.floor();
                if quotient - below > 0.5 { below + 1.0 } else { below }
            }
            fn remainder(self, b: Self) -> Self {
                let remainder = self % b;
                if b == 0.0 { return remainder; }
                if remainder == 0.0 { return $t::copysign(0.0, b); }
                if (b < 0.0) != (remainder < 0.0) { remainder + b } else { remainder }
            }
            fn scale(self, b: Self) -> Self {
                let power = |k: i32| {
                    $t::from_bits(((k + $t::MAX_EXP - 1) as $bits) << ($t::MANTISSA_DIGITS - 1))
                };
                if b.is_nan() { return b; }
                if self == 0.0 || !self.is_finite() { return self; }
                let significand = self.mantissa() * 2.0;
                let to = self.exponent() as i32 - 1 + b.clamp(-4096.0, 4096.0) as i32;
                if to >= $t::MAX_EXP { return $t::INFINITY.copysign(self); }
                if to >= $t::MIN_EXP - 1 { return significand * power(to); }
                // Below the normal numbers one product rounds; the one before it is exact.
                let rest = (to - ($t::MIN_EXP - 1)).max($t::MIN_EXP - 1);
                significand * power($t::MIN_EXP - 1) * power(rest)
            }
            fn mantissa(self) -> Self {
                if self == 0.0 || !self.is_finite() { return self; }
                let digits = $t::MANTISSA_DIGITS - 1;
                let half = (($t::MAX_EXP - 2) as $bits) << digits;
                let exponents = ((1 as $bits) << (<$bits>::BITS - 1 - digits)) - 1;
                let bits = if self.is_subnormal() { (self * SUBNORMAL as $t).to_bits() } else { self.to_bits() };
                $t::from_bits((bits & !(exponents << digits)) | half)
            }
            fn exponent(self) -> Self {
                if self == 0.0 || !self.is_finite() { return 0.0; }
                let (x, below) = match self.is_subnormal() {
                    true => (self * SUBNORMAL as $t, SUBNORMAL.ilog2() as i32),
                    false => (self, 0),
                };
                let biased = (x.abs().to_bits() >> ($t::MANTISSA_DIGITS - 1)) as i32;
                (biased - ($t::MAX_EXP - 2) - below) as $t
            }
        }
    )*};
}
floats! { f32 u32; f64 u64; }

macro_rules! neighbours {
    ($($t:ident $first:literal;)*) => {$(
        impl Neighbour for $t {
            fn next_after(self, b: Self) -> Self {
                let zero = $t::default();
                if self.is_nan() || b.is_nan() { return $t::NAN; }
                if self == b { return if $first { self } else { b }; }
                if self == zero { return $t::from_bits(1).copysign(b); }
                // Floats of one sign are ordered as their bits are.
                let outward = (self < b) == (self > zero);
                let bits = self.to_bits();
                $t::from_bits(if outward { bits + 1 } else { bits - 1 })
            }
        }
    )*};
}
// NumPy's own of float16 gives the first of two zeros, C's functions the second.
neighbours! { f16 true; f32 false; f64 false; }

macro_rules! casts {
    ($($from:ident)*) => {$( casts!(@ $from i8 i16 i32 i64 u8 u16 u32 u64 f32 f64); )*};
    (@ $from:ident $($to:ident)*) => {$(
        impl CastTo<$to> for $from {
            // Rust's `as` wraps, rounds once, truncates and saturates as documented.
            fn cast(self) -> $to { self as $to }
        }
    )*};
}
casts!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

macro_rules! half_casts {
    ($($t:ident)*) => {$(
        impl CastTo<f16> for $t {
            // Integers beyond 2^53 are infinite either way.
            fn cast(self) -> f16 { half::from_f64(self as f64) }
        }
        impl CastTo<$t> for f16 {
            fn cast(self) -> $t { half::to_f32(self) as $t }
        }
    )*};
}
half_casts!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

impl CastTo<f16> for f16 {
    fn cast(self) -> f16 {
        self
    }
}

/// Runs `$body` with `$t` the Rust type of an integer dtype, or of bool (`u8`); else `$other`.
macro_rules! with_integer {
    ($dtype:expr, $t:ident => $body:expr, else $other:expr) => {
        match $dtype {
            DType::I8 => {
                type $t = i8;
                $body
            }
            DType::I16 => {
                type $t = i16;
                $body
            }
            DType::I32 => {
                type $t = i32;
                $body
            }
            DType::I64 => {
                type $t = i64;
                $body
            }
            DType::Bool | DType::U8 => {
                type $t = u8;
                $body
            }
            DType::U16 => {
                type $t = u16;
                $body
            }
            DType::U32 => {
                type $t = u32;
                $body
            }
            DType::U64 => {
                type $t = u64;
                $body
            }
            _ => $other,
        }
    };
}

/// Runs `$body` with `$t` the Rust type of a float dtype; else `$other`.
macro_rules! with_float {
    ($dtype:expr, $t:ident => $body:expr, else $other:expr) => {
        match $dtype {
            DType::F32 => {
                type $t = f32;
                $body
            }
            DType::F64 => {
                type $t = f64;
                $body
            }
            _ => $other,
        }
    };
}

/// Runs `$body` with `$t` the Rust type of a dtype that is computed in; bool is `u8`.
macro_rules! with_number {
    ($dtype:expr, $t:ident => $body:expr, else $other:expr) => {
        with_integer!($dtype, $t => $body, else with_float!($dtype, $t => $body, else $other))
    };
}

/// Runs `$body` with `$t` the Rust type of any dtype; bool is `u8`.
macro_rules! with_element {
    ($dtype:expr, $t:ident => $body:expr, else $other:expr) => {
        with_number!($dtype, $t => $body, else match $dtype {
            DType::F16 => {
                type $t = f16;
                $body
            }
            _ => $other,
        })
    };
}

/// Runs `$body` with `$t` the Rust type of a dtype and `$f` the function that `$op`, the
/// `Option<BinaryOp>` of a fold on that dtype, names; else `$other`.
macro_rules! with_fold {
    ($op:expr, $dtype:expr, |$t:ident, $f:ident| $body:expr, else $other:expr) => {
        match $op {
            Some(BinaryOp::Add) => with_fold!(@ with_number, $dtype, $t, $f, Number::add, $body, $other),
            Some(BinaryOp::Mul) => with_fold!(@ with_number, $dtype, $t, $f, Number::mul, $body, $other),
            Some(BinaryOp::Min) => with_fold!(@ with_number, $dtype, $t, $f, Number::minimum, $body, $other),
            Some(BinaryOp::Max) => with_fold!(@ with_number, $dtype, $t, $f, Number::maximum, $body, $other),
            Some(BinaryOp::And) => with_fold!(@ with_integer, $dtype, $t, $f, Integer::and, $body, $other),
            Some(BinaryOp::Or) => with_fold!(@ with_integer, $dtype, $t, $f, Integer::or, $body, $other),
            _ => $other,
        }
    };
    (@ $with:ident, $dtype:expr, $t:ident, $f:ident, $function:path, $body:expr, $other:expr) => {
        $with!($dtype, $t => { let $f: fn($t, $t) -> $t = $function; $body }, else $other)
    };
}

pub(crate) use {with_element, with_float, with_fold, with_integer, with_number};
