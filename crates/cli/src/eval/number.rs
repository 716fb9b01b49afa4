//! What is arithmetic on plain numbers?
//!
//! Python's: integers do not wrap (and are refused beyond 128 bits), `/` gives a float, `//` and
//! `%` floor, a division by zero is an error.
//!
//! **Source** Python language reference §6.5 to §6.10; `float_divmod` of CPython.

use super::value::Value;
use crate::parse::ast::{BinaryOp, CompareOp, UnaryOp};
use std::cmp::Ordering;

/// A plain number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Bool(bool),
    Int(i128),
    Float(f64),
}

use Number::{Bool, Float, Int};

/// What an operation gives, or why it does not.
type Outcome = Result<Number, &'static str>;

const TOO_LARGE: &str = "the integer does not fit 128 bits";
const BY_ZERO: &str = "division by zero";

impl Number {
    /// The number that a value is.
    pub fn of(value: &Value) -> Option<Number> {
        Some(match value {
            Value::Bool(value) => Bool(*value),
            Value::Int(value) => Int(*value),
            Value::Float(value) => Float(*value),
            _ => return None,
        })
    }

    fn as_int(self) -> Option<i128> {
        match self {
            Bool(value) => Some(i128::from(value)),
            Int(value) => Some(value),
            Float(_) => None,
        }
    }

    pub fn as_float(self) -> f64 {
        match self {
            Bool(value) => f64::from(u8::from(value)),
            Int(value) => value as f64,
            Float(value) => value,
        }
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Value {
        match number {
            Bool(value) => Value::Bool(value),
            Int(value) => Value::Int(value),
            Float(value) => Value::Float(value),
        }
    }
}

/// A sign before a number.
pub(super) fn unary(op: UnaryOp, x: Number) -> Outcome {
    match (op, x.as_int()) {
        (UnaryOp::Neg, Some(x)) => x.checked_neg().map(Int).ok_or(TOO_LARGE),
        (UnaryOp::Pos, Some(x)) => Ok(Int(x)),
        (UnaryOp::Invert, Some(x)) => Ok(Int(!x)),
        (UnaryOp::Neg, None) => Ok(Float(-x.as_float())),
        (UnaryOp::Pos, None) => Ok(x),
        (UnaryOp::Invert, None) => Err("~ of a float"),
    }
}

/// An operator between two numbers.
pub(super) fn binary(op: BinaryOp, a: Number, b: Number) -> Outcome {
    if let (Bool(a), Bool(b)) = (a, b) {
        match op {
            BinaryOp::BitAnd => return Ok(Bool(a & b)),
            BinaryOp::BitOr => return Ok(Bool(a | b)),
            BinaryOp::BitXor => return Ok(Bool(a ^ b)),
            _ => {}
        }
    }
    match (a.as_int(), b.as_int()) {
        (Some(a), Some(b)) => integers(op, a, b),
        _ => floats(op, a.as_float(), b.as_float()),
    }
}

fn integers(op: BinaryOp, a: i128, b: i128) -> Outcome {
    let fits = |value: Option<i128>| value.map(Int).ok_or(TOO_LARGE);
    match op {
        BinaryOp::Add => fits(a.checked_add(b)),
        BinaryOp::Sub => fits(a.checked_sub(b)),
        BinaryOp::Mul => fits(a.checked_mul(b)),
        BinaryOp::Div if b == 0 => Err(BY_ZERO),
        BinaryOp::Div => Ok(Float(divide(a, b))),
        BinaryOp::FloorDiv | BinaryOp::Mod if b == 0 => Err(BY_ZERO),
        BinaryOp::FloorDiv => {
            let quotient = a.checked_div(b);
            let inexact = a.checked_rem(b).is_some_and(|rest| rest != 0);
            fits(quotient.map(|q| q - i128::from(inexact && (a < 0) != (b < 0))))
        }
        BinaryOp::Mod => {
            let rest = a.wrapping_rem(b);
            Ok(Int(if rest != 0 && (rest < 0) != (b < 0) {
                rest + b
            } else {
                rest
            }))
        }
        BinaryOp::Pow if b < 0 => floats(op, a as f64, b as f64),
        BinaryOp::Pow => fits(power(a, b)),
        BinaryOp::BitAnd => Ok(Int(a & b)),
        BinaryOp::BitOr => Ok(Int(a | b)),
        BinaryOp::BitXor => Ok(Int(a ^ b)),
        BinaryOp::LeftShift | BinaryOp::RightShift if b < 0 => Err("a negative shift"),
        BinaryOp::LeftShift if a == 0 => Ok(Int(0)),
        BinaryOp::LeftShift => {
            let factor = u32::try_from(b)
                .ok()
                .filter(|&b| b < 127)
                .map(|b| 1i128 << b);
            fits(factor.and_then(|factor| a.checked_mul(factor)))
        }
        BinaryOp::RightShift => Ok(Int(a >> b.min(127))),
        BinaryOp::MatMul => Err("@ of plain numbers"),
    }
}

/// `a ** b`; small bases have any exponent.
fn power(a: i128, b: i128) -> Option<i128> {
    match (a, u32::try_from(b)) {
        (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
        (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
        (_, Ok(exponent)) => a.checked_pow(exponent),
        (_, Err(_)) => None,
    }
}

/// `a / b`, rounded once.
fn divide(a: i128, b: i128) -> f64 {
    const EXACT: u128 = 1 << 53;
    let (x, y) = (a.unsigned_abs(), b.unsigned_abs());
    let sign = if (a < 0) == (b < 0) { 1.0 } else { -1.0 };
    if x < EXACT && y < EXACT {
        return sign * (x as f64 / y as f64);
    }
    // A quotient of at least 66 bits, with a last bit that tells whether anything is left: rounding
    // it once to 53 bits is rounding the true quotient.
    let (mut quotient, mut rest) = (x / y, x % y);
    let mut scale = 0i32;
    while quotient < 1 << 66 && (rest != 0 || quotient == 0) {
        // `rest < y <= 2^127`, so doubling it fits.
        rest <<= 1;
        quotient = quotient << 1 | u128::from(rest >= y);
        rest -= if rest >= y { y } else { 0 };
        scale -= 1;
        if x == 0 {
            break;
        }
    }
    let sticky = quotient | u128::from(rest != 0);
    sign * (sticky as f64) * f64::powi(2.0, scale)
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Outcome {
    Ok(Float(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod if b == 0.0 => return Err(BY_ZERO),
        BinaryOp::Div => a / b,
        BinaryOp::FloorDiv => floor_divide(a, b).0,
        BinaryOp::Mod => floor_divide(a, b).1,
        BinaryOp::Pow if a == 0.0 && b < 0.0 => return Err("zero to a negative power"),
        BinaryOp::Pow if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 => {
            return Err("a negative number to a broken power is complex");
        }
        BinaryOp::Pow => match a.powf(b) {
            infinite if infinite.is_infinite() && a.is_finite() && b.is_finite() => {
                return Err("the power is too large for a float");
            }
            power => power,
        },
        BinaryOp::MatMul => return Err("@ of plain numbers"),
        BinaryOp::LeftShift
        | BinaryOp::RightShift
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor => return Err("a bitwise operator on a float"),
    }))
}

/// Quotient rounded down and remainder with the divisor's sign.
fn floor_divide(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0f64.copysign(b);
    }
    let floor = if quotient == 0.0 {
        0.0f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    };
    (floor, rest)
}

/// Whether two numbers compare so, exactly.
pub(super) fn compare(op: CompareOp, a: Number, b: Number) -> bool {
    let order = match (a.as_int(), b.as_int()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => int_with_float(a, b.as_float()),
        (None, Some(b)) => int_with_float(b, a.as_float()).map(Ordering::reverse),
        (None, None) => a.as_float().partial_cmp(&b.as_float()),
    };
    match (op, order) {
        (CompareOp::Ne, order) => order != Some(Ordering::Equal),
        (_, None) => false,
        (CompareOp::Eq, Some(order)) => order.is_eq(),
        (CompareOp::Lt, Some(order)) => order.is_lt(),
        (CompareOp::Le, Some(order)) => order.is_le(),
        (CompareOp::Gt, Some(order)) => order.is_gt(),
        (CompareOp::Ge, Some(order)) => order.is_ge(),
    }
}

/// Compares without rounding the integer.
fn int_with_float(a: i128, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    // 2^127 is exact; beyond it every integer is on one side.
    if b >= 1.7014118346046923e38 {
        return Some(Ordering::Less);
    }
    if b < -1.7014118346046923e38 {
        return Some(Ordering::Greater);
    }
    let whole = b.floor();
    Some(a.cmp(&(whole as i128)).then(if b > whole {
        Ordering::Less
    } else {
        Ordering::Equal
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn integers_are_pythons() {
        // (a, b, a // b, a % b) as CPython gives them.
        for (a, b, quotient, rest) in [
            (7, 2, 3, 1),
            (-7, 2, -4, 1),
            (7, -2, -4, -1),
            (-7, -2, 3, -1),
            (-8, 2, -4, 0),
        ] {
            assert_eq!(
                binary(BinaryOp::FloorDiv, Int(a), Int(b)),
                Ok(Int(quotient))
            );
            assert_eq!(binary(BinaryOp::Mod, Int(a), Int(b)), Ok(Int(rest)));
        }
        assert_eq!(binary(BinaryOp::Pow, Int(2), Int(100)), Ok(Int(1 << 100)));
        assert_eq!(binary(BinaryOp::Pow, Int(2), Int(-1)), Ok(Float(0.5)));
        assert_eq!(binary(BinaryOp::Pow, Int(-1), Int(i128::MAX)), Ok(Int(-1)));
        assert_eq!(binary(BinaryOp::Pow, Int(10), Int(39)), Err(TOO_LARGE));
        assert_eq!(binary(BinaryOp::FloorDiv, Int(1), Int(0)), Err(BY_ZERO));
        assert_eq!(
            binary(BinaryOp::FloorDiv, Int(i128::MIN), Int(-1)),
            Err(TOO_LARGE)
        );
        assert_eq!(binary(BinaryOp::LeftShift, Int(-3), Int(4)), Ok(Int(-48)));
        assert_eq!(binary(BinaryOp::RightShift, Int(-3), Int(400)), Ok(Int(-1)));
        assert_eq!(
            binary(BinaryOp::BitAnd, Bool(true), Bool(false)),
            Ok(Bool(false))
        );
        assert_eq!(unary(UnaryOp::Neg, Bool(true)), Ok(Int(-1)));
    }

    #[test]
    fn true_division_rounds_once() {
        // CPython: (2**64 + 1) / 3, (2**53 + 1) / 1, 1 / (2**60 + 1), -(10**30) / 7.
        let cases = [
            ((1 << 64) + 1, 3, 6148914691236517205.0),
            ((1 << 53) + 1, 1, 9007199254740992.0),
            ((1 << 54) + 3, 1, 18014398509481988.0),
            (1, (1 << 60) + 1, 8.673617379884035e-19),
            (-(10i128.pow(30)), 7, -1.4285714285714286e29),
            (0, 1 << 60, 0.0),
        ];
        for (a, b, want) in cases {
            assert_eq!(
                binary(BinaryOp::Div, Int(a), Int(b)),
                Ok(Float(want)),
                "{a} / {b}"
            );
        }
    }

    #[test]
    fn floats_are_pythons() {
        // (a, b, a // b, a % b) as CPython gives them.
        for (a, b, quotient, rest) in [
            (7.5, 2.0, 3.0, 1.5),
            (-7.5, 2.0, -4.0, 0.5),
            (7.5, -2.0, -4.0, -0.5),
            (1.0, 0.1, 9.0, 0.09999999999999995),
            (0.1, 0.01, 10.0, 3.469446951953614e-18),
            (1e300, 1e-5, 1e305, 6.148232504163852e-06),
        ] {
            assert_eq!(floor_divide(a, b), (quotient, rest), "{a} // {b}");
        }
        assert_eq!(binary(BinaryOp::Div, Float(1.0), Int(0)), Err(BY_ZERO));
        assert!(binary(BinaryOp::Pow, Float(-8.0), Float(0.5)).is_err());
        assert!(binary(BinaryOp::Pow, Float(10.0), Int(400)).is_err());
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let big = (1i128 << 53) + 1;
        assert!(!compare(CompareOp::Eq, Int(big), Float(big as f64)));
        assert!(compare(CompareOp::Gt, Int(big), Float(big as f64)));
        assert!(compare(CompareOp::Lt, Int(2), Float(2.5)));
        assert!(compare(CompareOp::Gt, Int(-2), Float(-2.5)));
        assert!(compare(CompareOp::Lt, Int(i128::MAX), Float(f64::INFINITY)));
        assert!(compare(CompareOp::Ne, Int(1), Float(f64::NAN)));
        assert!(!compare(CompareOp::Ge, Int(1), Float(f64::NAN)));
    }
}
