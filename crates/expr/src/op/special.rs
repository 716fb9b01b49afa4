//! Rows: the error function, the gamma function, a Bessel function.

use super::slice::{float64, slice_rows};
use super::{Facts, Signature};
use tilewright_core::DType;

/// Never negative.
const NON_NEGATIVE: Facts = Facts {
    non_negative: true,
    ..Facts::NONE
};

/// SciPy's: float32 stays, everything else is computed in float64.
fn double(inputs: &[DType]) -> Option<Signature> {
    let dtype = match inputs {
        [DType::F32] => DType::F32,
        _ => DType::F64,
    };
    Some(Signature {
        inputs: [dtype; 3],
        output: dtype,
    })
}

slice_rows! {
    /// Error function.
    ERF "erf" Erf("x") {
        signature: double,
        facts: Facts::NONE,
        formula: "2 / sqrt(pi) * integral of e^(-t^2) from 0 to x",
        edges: "erf(±inf) is ±1; error at most 1 ULP; f32 stays, all else gives f64",
        source: "ISO C17 F.10",
    }
    /// Complementary error function.
    ERFC "erfc" Erfc("x") {
        signature: double,
        facts: NON_NEGATIVE,
        formula: "1 - erf(x)",
        edges: "no digits are lost for large x; error at most 4 ULP; f32 stays, all else gives f64",
        source: "ISO C17 F.10",
    }
    /// Gamma function; the plain name is the random one.
    GAMMA "special.gamma" Gamma("x") {
        signature: double,
        facts: Facts::NONE,
        formula: "integral of t^(x - 1) e^-t from 0 to inf",
        edges: "±inf at ±0; NaN at negative whole numbers and -inf; error at most 4 ULP; f32 stays, all else gives f64",
        source: "ISO C17 F.10",
    }
    /// Logarithm of the gamma function.
    GAMMALN "gammaln" Gammaln("x") {
        signature: double,
        facts: Facts::NONE,
        formula: "log(|gamma(x)|)",
        edges: "inf at 0 and negative whole numbers; error at most 4 ULP, for negative x 1e-15 where that is more; f32 stays, all else gives f64",
        source: "ISO C17 F.10",
    }
    /// Modified Bessel function of order 0.
    I0 "i0" I0("x") {
        signature: float64,
        facts: NON_NEGATIVE,
        formula: "1/pi * integral of e^(x cos t) from 0 to pi",
        edges: "even; i0(±inf) is NaN, as NumPy's; error at most 6 ULP; integers give f64",
        source: "Abramowitz & Stegun 9.6.16",
    }
}
