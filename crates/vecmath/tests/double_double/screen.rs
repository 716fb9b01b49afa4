//! What is f(a, b) to about 50 bits, quickly?
//!
//! A third implementation, the `libm` crate's. For results in single precision it says whether they
//! are clearly within half a place; the slow reference is asked about the others only.

use tilewright_vecmath::MathFn;

/// The value; none for functions that are composed of others.
pub fn screen(f: MathFn, a: f64, b: f64) -> Option<f64> {
    Some(match f {
        MathFn::Exp => libm::exp(a),
        MathFn::Exp2 => libm::exp2(a),
        MathFn::Expm1 => libm::expm1(a),
        MathFn::Log => libm::log(a),
        MathFn::Log2 => libm::log2(a),
        MathFn::Log10 => libm::log10(a),
        MathFn::Log1p => libm::log1p(a),
        MathFn::Pow => libm::pow(a, b),
        MathFn::Cbrt => libm::cbrt(a),
        MathFn::Hypot => libm::hypot(a, b),
        MathFn::Sin => libm::sin(a),
        MathFn::Cos => libm::cos(a),
        MathFn::Tan => libm::tan(a),
        MathFn::Asin => libm::asin(a),
        MathFn::Acos => libm::acos(a),
        MathFn::Atan => libm::atan(a),
        MathFn::Atan2 => libm::atan2(a, b),
        MathFn::Sinh => libm::sinh(a),
        MathFn::Cosh => libm::cosh(a),
        MathFn::Tanh => libm::tanh(a),
        MathFn::Asinh => libm::asinh(a),
        // Of numbers about -2^26 the library gives some logarithm.
        MathFn::Acosh if a < 1.0 => f64::NAN,
        MathFn::Acosh => libm::acosh(a),
        MathFn::Atanh => libm::atanh(a),
        MathFn::Erf => libm::erf(a),
        MathFn::Erfc => libm::erfc(a),
        MathFn::Gamma => libm::tgamma(a),
        MathFn::Gammaln => libm::lgamma(a),
        _ => return None,
    })
}
