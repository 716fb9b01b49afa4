//! Which functions are there?
//!
//! The names only; what they compute is in `math`. A new function is a line here, one in
//! `math::apply`, and lane code in the file of its family.

use serde::{Deserialize, Serialize};

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident $name:literal $arity:literal;)*) => {
        /// A function of one or two floats, computed slice by slice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum MathFn {
            $($(#[$doc])* $variant,)*
        }

        impl MathFn {
            /// Every function, in declaration order.
            pub const ALL: &'static [MathFn] = &[$(MathFn::$variant,)*];

            /// How many operands it takes: 1 or 2.
            pub const fn arity(self) -> usize {
                match self {
                    $(MathFn::$variant => $arity,)*
                }
            }

            /// Its lower-case name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(MathFn::$variant => $name,)*
                }
            }
        }
    };
}

functions! {
    /// e to the power `a`.
    Exp "exp" 1;
    /// 2 to the power `a`.
    Exp2 "exp2" 1;
    /// e to the power `a`, less 1.
    Expm1 "expm1" 1;
    /// Natural logarithm of `a`: −inf at ±0, NaN below 0.
    Log "log" 1;
    /// Logarithm of `a` to the base 2.
    Log2 "log2" 1;
    /// Logarithm of `a` to the base 10.
    Log10 "log10" 1;
    /// Natural logarithm of 1 + `a`: −inf at −1, NaN below.
    Log1p "log1p" 1;
    /// `a` to the power `b`, special cases as C99 annex F.10.4.4 (and NumPy).
    Pow "pow" 2;
    /// Cube root of `a`.
    Cbrt "cbrt" 1;
    /// Length of the vector (`a`, `b`).
    Hypot "hypot" 2;
    /// Sine of `a` radians; NaN at ±inf.
    Sin "sin" 1;
    /// Cosine of `a` radians; NaN at ±inf.
    Cos "cos" 1;
    /// Tangent of `a` radians; NaN at ±inf.
    Tan "tan" 1;
    /// Angle whose sine is `a`; NaN beyond ±1.
    Asin "asin" 1;
    /// Angle whose cosine is `a`; NaN beyond ±1.
    Acos "acos" 1;
    /// Angle in (−π/2, π/2) whose tangent is `a`.
    Atan "atan" 1;
    /// Angle of the point with ordinate `a` and abscissa `b`, special cases as C99 annex F.10.1.4.
    Atan2 "atan2" 2;
    /// Hyperbolic sine of `a`.
    Sinh "sinh" 1;
    /// Hyperbolic cosine of `a`.
    Cosh "cosh" 1;
    /// Hyperbolic tangent of `a`.
    Tanh "tanh" 1;
    /// Number whose hyperbolic sine is `a`.
    Asinh "asinh" 1;
    /// Number ≥ 0 whose hyperbolic cosine is `a`; NaN below 1.
    Acosh "acosh" 1;
    /// Number whose hyperbolic tangent is `a`: ±inf at ±1, NaN beyond.
    Atanh "atanh" 1;
    /// Error function of `a`.
    Erf "erf" 1;
    /// 1 less the error function of `a`.
    Erfc "erfc" 1;
    /// Gamma function of `a`: ±inf at ±0, NaN at negative whole numbers and −inf.
    Gamma "gamma" 1;
    /// Natural logarithm of the size of the gamma function: inf at 0 and negative whole numbers.
    Gammaln "gammaln" 1;
    /// Logarithm of e to the power `a` and e to the power `b` together.
    LogAddExp "logaddexp" 2;
    /// Logarithm to the base 2 of 2 to the power `a` and 2 to the power `b` together.
    LogAddExp2 "logaddexp2" 2;
    /// `a` degrees in radians.
    Radians "radians" 1;
    /// `a` radians in degrees.
    Degrees "degrees" 1;
    /// sin(π·`a`)/(π·`a`), 1 at 0.
    Sinc "sinc" 1;
    /// Modified Bessel function of the first kind of order 0.
    I0 "i0" 1;
}
