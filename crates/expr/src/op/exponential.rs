//! Rows: exponentials, logarithms, roots that are not square.

use super::slice::{float, slice_rows};
use super::{Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::reference::element;
use tilewright_core::DType;
use tilewright_kernel::SliceFn;
use tilewright_vecmath::MathFn;

/// Never negative.
const NON_NEGATIVE: Facts = Facts {
    non_negative: true,
    ..Facts::NONE
};

slice_rows! {
    /// Exponential.
    EXP "exp" Exp("x") {
        signature: float,
        facts: NON_NEGATIVE,
        formula: "e^x",
        edges: "exp(-inf) is 0, exp(inf) is inf; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Power of 2.
    EXP2 "exp2" Exp2("x") {
        signature: float,
        facts: NON_NEGATIVE,
        formula: "2^x",
        edges: "exact for whole x; exp2(-inf) is 0; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Exponential less 1.
    EXPM1 "expm1" Expm1("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "e^x - 1",
        edges: "no digits are lost near 0; expm1(-inf) is -1; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Natural logarithm.
    LOG "log" Log("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with e^y = x",
        edges: "log(0) is -inf; below 0 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Logarithm to the base 2.
    LOG2 "log2" Log2("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with 2^y = x",
        edges: "exact for powers of 2; log2(0) is -inf; below 0 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Logarithm to the base 10.
    LOG10 "log10" Log10("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with 10^y = x",
        edges: "exact for powers of 10; log10(0) is -inf; below 0 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Logarithm of 1 + x.
    LOG1P "log1p" Log1p("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with e^y = 1 + x",
        edges: "no digits are lost near 0; log1p(-1) is -inf; below -1 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Logarithm of a sum of exponentials.
    LOGADDEXP "logaddexp" LogAddExp("a", "b") {
        signature: float,
        facts: Facts::COMMUTATIVE,
        formula: "log(e^a + e^b)",
        edges: "computed as max(a, b) + log1p(e^(-|a - b|)): near 0 the error is absolute; 8-bit integers give f16",
        source: "NumPy 2 logaddexp",
    }
    /// Logarithm of a sum of powers of 2.
    LOGADDEXP2 "logaddexp2" LogAddExp2("a", "b") {
        signature: float,
        facts: Facts::COMMUTATIVE,
        formula: "log2(2^a + 2^b)",
        edges: "computed as max(a, b) + log2(1 + 2^(-|a - b|)): near 0 the error is absolute; 8-bit integers give f16",
        source: "NumPy 2 logaddexp2",
    }
    /// Cube root.
    CBRT "cbrt" Cbrt("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with y^3 = x",
        edges: "keeps the sign; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Length of a vector.
    HYPOT "hypot" Hypot("a", "b") {
        signature: float,
        facts: Facts {
            commutative: true,
            non_negative: true,
            ..Facts::NONE
        },
        formula: "sqrt(a^2 + b^2)",
        edges: "no overflow in between; inf if either is infinite, even beside NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
}

/// Whatever the arguments are, in f64.
fn wide(_: &[DType]) -> Option<Signature> {
    Some(Signature {
        inputs: [DType::F64; 3],
        output: DType::F64,
    })
}

/// Power in f64.
pub static FLOAT_POWER: OpDef = OpDef {
    name: "float_power",
    family: Family::Map(MapRow {
        signature: wide,
        eval: element::power,
        lower: |dtype, _| Step::Slice(SliceFn::Math(MathFn::Pow, dtype)),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a ** b, computed in float64",
        edges: "x**0 is 1, also for NaN; error at most 2 ULP",
        source: "ISO C17 F.10.4.4; NumPy 2 float_power",
    },
};
