//! Rows: division beside the four operations.

use super::arithmetic::promote_no_bool;
use super::sign::{choose, compare, only};
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Step};
use crate::build::{self, Operand};
use crate::node::Expr;
use crate::reference::digits;
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Result};
use tilewright_kernel::{ElementFn, SliceFn};

/// Remainder with the dividend's sign.
pub static FMOD: OpDef = OpDef {
    name: "fmod",
    family: Family::Map(MapRow {
        signature: promote_no_bool,
        eval: digits::fmod,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Fmod, dtype)),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a - trunc(a / b) * b, exact",
        edges: "integers by 0 give 0, floats NaN; the sign is the dividend's",
        source: "ISO C17 F.10.7.1; NumPy 2 fmod",
    },
};

fn reciprocal(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    let x = if x.dtype() == DType::Bool {
        build::astype(&x, DType::I8)?
    } else {
        x
    };
    if x.dtype().is_float() {
        return build::operate("divide", &[Operand::Int(1), x.into()]);
    }
    // Only 1 and -1 have a reciprocal that is not cut to 0.
    let mut unit = compare("equal", &x, Operand::Int(1))?;
    if x.dtype().class() == Class::Signed {
        let minus = compare("equal", &x, Operand::Int(-1))?;
        unit = build::map("bitwise_or", &[unit, minus])?;
    }
    choose(unit, x, Operand::Int(0))
}

/// One by x.
pub static RECIPROCAL: OpDef = OpDef {
    name: "reciprocal",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: reciprocal,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "1 / x",
        edges: "of integers cut toward 0, of 0 the integer 0; of float 0 ±inf",
        source: "IEEE 754-2019 §5.4.1; NumPy 2 reciprocal",
    },
};
