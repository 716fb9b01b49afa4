//! Rows: angles and their functions.

use super::Facts;
use super::slice::{float, float64, slice_rows};

/// Never negative.
const NON_NEGATIVE: Facts = Facts {
    non_negative: true,
    ..Facts::NONE
};

slice_rows! {
    /// Sine.
    SIN "sin" Sin("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "sine of x radians",
        edges: "of ±inf NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Cosine.
    COS "cos" Cos("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "cosine of x radians",
        edges: "of ±inf NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Tangent.
    TAN "tan" Tan("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "tangent of x radians",
        edges: "of ±inf NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Angle of a sine.
    ASIN "asin" Asin("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y in [-pi/2, pi/2] with sin(y) = x",
        edges: "beyond ±1 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Angle of a cosine.
    ACOS "acos" Acos("x") {
        signature: float,
        facts: NON_NEGATIVE,
        formula: "y in [0, pi] with cos(y) = x",
        edges: "beyond ±1 NaN; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Angle of a tangent.
    ATAN "atan" Atan("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "y in [-pi/2, pi/2] with tan(y) = x",
        edges: "atan(±inf) is ±pi/2; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Angle of a point.
    ATAN2 "atan2" Atan2("y", "x") {
        signature: float,
        facts: Facts::NONE,
        formula: "angle of the point (x, y) from the x axis, in [-pi, pi]",
        edges: "signs of zeros count: atan2(-0.0, -1) is -pi; error at most 1 ULP; 8-bit integers give f16",
        source: "ISO C17 F.10",
    }
    /// Radians of degrees.
    DEG2RAD "deg2rad" Radians("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "x * (pi / 180)",
        edges: "error at most 1 ULP; 8-bit integers give f16",
        source: "NumPy 2 deg2rad",
    }
    /// Degrees of radians.
    RAD2DEG "rad2deg" Degrees("x") {
        signature: float,
        facts: Facts::NONE,
        formula: "x * (180 / pi)",
        edges: "error at most 1 ULP; 8-bit integers give f16",
        source: "NumPy 2 rad2deg",
    }
    /// Normalized sine over its argument.
    SINC "sinc" Sinc("x") {
        signature: float64,
        facts: Facts::NONE,
        formula: "sin(pi x) / (pi x)",
        edges: "1 at 0; pi x is rounded, as NumPy's, so that whole x give about 1e-17 and not 0; integers give f64",
        source: "NumPy 2 sinc",
    }
}
