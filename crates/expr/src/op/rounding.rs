//! Rows: rounding to whole numbers and to decimals.

use super::arithmetic::promote;
use super::math::float;
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Step};
use crate::build::{self, Operand};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::reference::digits;
use tilewright_core::{DType, Error, Kind, Result};
use tilewright_kernel::ir::UnaryOp;

/// The whole number toward 0.
pub static TRUNC: OpDef = OpDef {
    name: "trunc",
    family: Family::Map(MapRow {
        signature: promote,
        eval: digits::trunc,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Unary(UnaryOp::Trunc)
            } else {
                Step::Same
            }
        },
        facts: Facts {
            idempotent: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x without its fraction",
        edges: "keeps the sign of zero; integers and bool stay as they are; also fix",
        source: "IEEE 754-2019 §5.9; NumPy 2.1 trunc",
    },
};

/// The nearest whole number.
pub static RINT: OpDef = OpDef {
    name: "rint",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::rint,
        lower: |_, _| Step::Unary(UnaryOp::Rint),
        facts: Facts {
            idempotent: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "the whole number nearest to x",
        edges: "halves go to even numbers; keeps the sign of zero; integers become floats",
        source: "IEEE 754-2019 §5.9 roundToIntegralTiesToEven; NumPy 2 rint",
    },
};

fn round(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(a), decimals, ..] = args else {
        return Err(Error::new(Kind::Internal, "round of nothing"));
    };
    let decimals = match decimals {
        None => 0,
        Some(Operand::Int(decimals)) => {
            let bounds = (i128::from(i64::MIN), i128::from(i64::MAX));
            (*decimals).clamp(bounds.0, bounds.1) as i64
        }
        Some(_) => {
            return Err(
                Error::new(Kind::Value, "round: decimals is not a plain integer")
                    .way_out("round(x, 2)"),
            );
        }
    };
    let x = build::alone(a)?;
    if x.dtype() == DType::Bool && decimals != 0 {
        return Err(refuse_dtypes(&ROUND, &[x]));
    }
    build::round(&x, decimals, None)
}

/// Rounding to decimals.
pub static ROUND: OpDef = OpDef {
    name: "round",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: round,
    }),
    params: &["x", "decimals"],
    options: &[],
    doc: Doc {
        formula: "rint(x * 10^decimals) / 10^decimals",
        edges: "halves go to even numbers; negative decimals round before the point; integers stay \
                integers; bool has no decimals",
        source: "NumPy 2 round",
    },
};
