//! Rows: hyperbolic functions and their inverses.

use super::Facts;
use super::slice::{float, slice_rows};

/// Never negative.
const NON_NEGATIVE: Facts = Facts {
    non_negative: true,
    ..Facts::NONE
};

slice_rows! {
    /// Hyperbolic sine.
    SINH "sinh" Sinh("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "(e^x - e^-x) / 2",
        edges: "error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Hyperbolic cosine.
    COSH "cosh" Cosh("x") {
        signature: float,
        facts: NON_NEGATIVE,
        formula: "(e^x + e^-x) / 2",
        edges: "error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Hyperbolic tangent.
    TANH "tanh" Tanh("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "sinh(x) / cosh(x)",
        edges: "tanh(±inf) is ±1; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Inverse hyperbolic sine.
    ASINH "asinh" Asinh("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with sinh(y) = x",
        edges: "error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Inverse hyperbolic cosine.
    ACOSH "acosh" Acosh("x") {
        signature: float,
        facts: NON_NEGATIVE,
        formula: "y >= 0 with cosh(y) = x",
        edges: "below 1 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Inverse hyperbolic tangent.
    ATANH "atanh" Atanh("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y with tanh(y) = x",
        edges: "atanh(±1) is ±inf; beyond NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
}
