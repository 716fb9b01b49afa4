//! Which functions of elements have no instruction?
//!
//! Plain loops over a block, for what Cranelift cannot say and no one computes in polynomials.
//! Absent: their meaning on one element (`arith`), transcendentals (`tilewright_vecmath`).

use serde::{Deserialize, Serialize};
use tilewright_core::DType;

/// A function of one or two elements of one dtype; the result has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ElementFn {
    /// Float `a // b` as NumPy's.
    FloorDivide,
    /// Float `a % b` as NumPy's.
    Remainder,
    /// Integer `a ** b`, wrapping; a negative exponent gives the quotient `1 / a**|b|` rounded
    /// toward 0 (±1 for `a` of ±1, else 0).
    Power,
    /// The remainder with the dividend's sign, exact; of integers by 0, 0.
    Fmod,
    /// The greatest common divisor of integers, of their magnitudes.
    Gcd,
    /// The least common multiple of integers, of their magnitudes; wraps.
    Lcm,
    /// The float beside `a` on the side of `b`.
    NextAfter,
    /// `a·2^b`, rounded once, for whole floats `b`.
    Scale,
    /// The float in ±[0.5, 1) that is `a` but for a power of two; 0, ±inf and NaN themselves.
    Mantissa,
    /// That power, as a float; 0 for 0, ±inf and NaN.
    Exponent,
}

impl ElementFn {
    /// All of them.
    pub const ALL: [ElementFn; 10] = [
        ElementFn::FloorDivide,
        ElementFn::Remainder,
        ElementFn::Power,
        ElementFn::Fmod,
        ElementFn::Gcd,
        ElementFn::Lcm,
        ElementFn::NextAfter,
        ElementFn::Scale,
        ElementFn::Mantissa,
        ElementFn::Exponent,
    ];

    /// Name in kernels' text.
    pub fn name(self) -> &'static str {
        match self {
            ElementFn::FloorDivide => "floor_divide",
            ElementFn::Remainder => "remainder",
            ElementFn::Power => "integer_power",
            ElementFn::Fmod => "fmod",
            ElementFn::Gcd => "gcd",
            ElementFn::Lcm => "lcm",
            ElementFn::NextAfter => "nextafter",
            ElementFn::Scale => "scale",
            ElementFn::Mantissa => "mantissa",
            ElementFn::Exponent => "exponent",
        }
    }

    /// Number of arguments.
    pub fn arity(self) -> usize {
        match self {
            ElementFn::Mantissa | ElementFn::Exponent => 1,
            _ => 2,
        }
    }

    /// Whether it is defined for this dtype.
    pub fn takes(self, dtype: DType) -> bool {
        match self {
            ElementFn::Power | ElementFn::Gcd | ElementFn::Lcm => dtype.is_integer(),
            ElementFn::Fmod => dtype != DType::Bool && dtype.computed() == dtype,
            ElementFn::NextAfter => dtype.is_float(),
            _ => dtype.is_float() && dtype.computed() == dtype,
        }
    }
}
