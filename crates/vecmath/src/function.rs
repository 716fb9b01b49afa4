//! Which functions are there?
//!
//! The names only; what they compute is in `math`. A new function is a variant here, a row in
//! `math::apply`, and lane code in the file of its family.

use serde::{Deserialize, Serialize};

/// A function of one or two floats, computed slice by slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MathFn {
    /// e to the power `a`.
    Exp,
    /// Natural logarithm of `a`: −inf at ±0, NaN below 0.
    Log,
    /// Sine of `a` radians; NaN at ±inf.
    Sin,
    /// Cosine of `a` radians; NaN at ±inf.
    Cos,
    /// `a` to the power `b`, special cases as C99 annex F.10.4.4 (and NumPy).
    Pow,
}

impl MathFn {
    /// Every function, in declaration order.
    pub const ALL: &'static [MathFn] = &[
        MathFn::Exp,
        MathFn::Log,
        MathFn::Sin,
        MathFn::Cos,
        MathFn::Pow,
    ];

    /// How many operands it takes: 1 or 2.
    pub const fn arity(self) -> usize {
        match self {
            MathFn::Exp | MathFn::Log | MathFn::Sin | MathFn::Cos => 1,
            MathFn::Pow => 2,
        }
    }

    /// Its lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            MathFn::Exp => "exp",
            MathFn::Log => "log",
            MathFn::Sin => "sin",
            MathFn::Cos => "cos",
            MathFn::Pow => "pow",
        }
    }
}
