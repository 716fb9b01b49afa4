//! Rows: logic of truth values; anything but 0 is true.

use super::{ComposedRow, Doc, Family, OpDef};
use crate::build::{self, Operand};
use crate::node::Expr;
use tilewright_core::{DType, Result};

/// An operator of the truth of its arguments.
fn of_truth(name: &str, args: &[Option<Operand>]) -> Result<Expr> {
    let truths = args
        .iter()
        .flatten()
        .map(|operand| build::astype(&build::alone(operand)?, DType::Bool));
    build::map(name, &truths.collect::<Result<Vec<_>>>()?)
}

/// And.
pub static LOGICAL_AND: OpDef = OpDef {
    name: "logical_and",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: |args| of_truth("bitwise_and", args),
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "whether a and b are not 0",
        edges: "NaN is true",
        source: "NumPy 2 logical_and",
    },
};

/// Or.
pub static LOGICAL_OR: OpDef = OpDef {
    name: "logical_or",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: |args| of_truth("bitwise_or", args),
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "whether a or b is not 0",
        edges: "NaN is true",
        source: "NumPy 2 logical_or",
    },
};

/// Exclusive or.
pub static LOGICAL_XOR: OpDef = OpDef {
    name: "logical_xor",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: |args| of_truth("bitwise_xor", args),
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "whether one of a and b is not 0",
        edges: "NaN is true",
        source: "NumPy 2 logical_xor",
    },
};

/// Not.
pub static LOGICAL_NOT: OpDef = OpDef {
    name: "logical_not",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: |args| of_truth("invert", args),
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "whether x is 0",
        edges: "NaN is true",
        source: "NumPy 2 logical_not",
    },
};
