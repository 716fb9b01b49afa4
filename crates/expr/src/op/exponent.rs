//! Rows: neighbours of floats, and powers of two taken apart and put together.

use super::math::{float, float_of};
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Step};
use crate::build::{self, Operand};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::reference::digits;
use tilewright_core::{DType, Error, Kind, Result};
use tilewright_kernel::{ElementFn, SliceFn};

/// The next float.
pub static NEXTAFTER: OpDef = OpDef {
    name: "nextafter",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::nextafter,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::NextAfter, dtype)),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "the float beside a on the side of b",
        edges: "b where they are equal, in f16 a; integers become floats",
        source: "ISO C17 F.10.8.3; NumPy 2 nextafter",
    },
};

/// A float times a power of two.
pub static SCALEB: OpDef = OpDef {
    name: "scaleb",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::scaleb,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Scale, dtype)),
        facts: Facts::NONE,
    }),
    params: &["x", "n"],
    options: &[],
    doc: Doc {
        formula: "x * 2^n for whole floats n, rounded once",
        edges: "ldexp is built on it; powers beyond ±4096 count as that",
        source: "IEEE 754-2019 §5.3.3 scaleB",
    },
};

/// More than any exponent of a float apart.
const FARTHEST: i128 = 4096;

fn ldexp(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(x), Some(n)] = args else {
        return Err(Error::new(Kind::Internal, "ldexp of other than two"));
    };
    // NumPy takes a plain integer beside an array for the narrowest float.
    let weak = matches!(
        (x, n),
        (Operand::Int(_) | Operand::Bool(_), Operand::Array(_))
    );
    let (x, n) = (build::alone(x)?, build::alone(n)?);
    if n.dtype().is_float() || n.dtype() == DType::U64 {
        return Err(refuse_dtypes(&LDEXP, &[x, n]));
    }
    let n = build::astype(&n, DType::I64)?;
    let n = build::operate("minimum", &[n.into(), Operand::Int(FARTHEST)])?;
    let n = build::operate("maximum", &[n.into(), Operand::Int(-FARTHEST)])?;
    let dtype = if weak {
        DType::F16
    } else {
        float_of(x.dtype())
    };
    build::map(
        "scaleb",
        &[build::astype(&x, dtype)?, build::astype(&n, dtype)?],
    )
}

/// A number times an integer power of two.
pub static LDEXP: OpDef = OpDef {
    name: "ldexp",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: ldexp,
    }),
    params: &["x", "n"],
    options: &[],
    doc: Doc {
        formula: "x * 2^n, rounded once",
        edges: "n is an integer or bool; float and uint64 powers are refused",
        source: "ISO C17 F.10.3.6; NumPy 2 ldexp",
    },
};

/// The first of `frexp`.
pub static FREXP_MANTISSA: OpDef = OpDef {
    name: "frexp_mantissa",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::mantissa,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Mantissa, dtype)),
        facts: Facts {
            idempotent: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "m of x = m * 2^n with |m| in [0.5, 1)",
        edges: "0, ±inf and NaN are themselves; frexp(x) gives m and n",
        source: "ISO C17 F.10.3.4; NumPy 2 frexp",
    },
};

/// The second of `frexp`, as a float.
pub static FREXP_EXPONENT: OpDef = OpDef {
    name: "frexp_exponent",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::exponent,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Exponent, dtype)),
        facts: Facts::NONE,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "n of x = m * 2^n with |m| in [0.5, 1), as a float",
        edges: "0 for 0, ±inf and NaN; frexp(x) gives m and n, n as int32",
        source: "ISO C17 F.10.3.4; NumPy 2 frexp",
    },
};
