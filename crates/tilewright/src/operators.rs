//! Which signs may stand between arrays?
//!
//! `+ - * / % & | ^ << >>`, unary `-` and `!`, for arrays, references and plain numbers on either side
//! (on the left i64 and f64 alone, so that the type of a literal is clear: `(1 - &x).sum(..)`).
//! Comparisons are methods (`x.lt(y)`), since Rust's give one bool.

use crate::elementwise::operate;
use crate::{Array, Operand};
use std::ops;

macro_rules! binary {
    ($($op:ident $method:ident $name:literal),* $(,)?) => {$(
        impl<R: Into<Operand>> ops::$op<R> for Array {
            type Output = Array;
            #[track_caller]
            fn $method(self, right: R) -> Array {
                operate($name, &[self.into(), right.into()])
            }
        }
        impl<R: Into<Operand>> ops::$op<R> for &Array {
            type Output = Array;
            #[track_caller]
            fn $method(self, right: R) -> Array {
                operate($name, &[self.into(), right.into()])
            }
        }
        binary!(numbers $op $method $name: i64 f64);
    )*};
    (numbers $op:ident $method:ident $name:literal: $($t:ty)*) => {$(
        impl ops::$op<Array> for $t {
            type Output = Array;
            #[track_caller]
            fn $method(self, right: Array) -> Array {
                operate($name, &[self.into(), right.into()])
            }
        }
        impl ops::$op<&Array> for $t {
            type Output = Array;
            #[track_caller]
            fn $method(self, right: &Array) -> Array {
                operate($name, &[self.into(), right.into()])
            }
        }
    )*};
}
binary!(
    Add add "add",
    Sub sub "subtract",
    Mul mul "multiply",
    Div div "divide",
    Rem rem "remainder",
    BitAnd bitand "bitwise_and",
    BitOr bitor "bitwise_or",
    BitXor bitxor "bitwise_xor",
    Shl shl "left_shift",
    Shr shr "right_shift",
);

macro_rules! unary {
    ($($op:ident $method:ident $name:literal),* $(,)?) => {$(
        impl ops::$op for Array {
            type Output = Array;
            #[track_caller]
            fn $method(self) -> Array {
                operate($name, &[self.into()])
            }
        }
        impl ops::$op for &Array {
            type Output = Array;
            #[track_caller]
            fn $method(self) -> Array {
                operate($name, &[self.into()])
            }
        }
    )*};
}
unary!(Neg neg "negative", Not not "invert");
