//! Rows: comparisons, bits and choice.

use super::arithmetic::promote;
use super::{Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::reference::element;
use tilewright_core::DType;
use tilewright_kernel::ir::{BinaryOp, UnaryOp};

/// Arguments promote; the result is bool.
fn compare(inputs: &[DType]) -> Option<Signature> {
    promote(inputs).map(|s| Signature {
        output: DType::Bool,
        ..s
    })
}

/// Integers and bool promote; floats are refused.
fn bits(inputs: &[DType]) -> Option<Signature> {
    promote(inputs).filter(|s| !s.output.is_float())
}

/// A bool mask, then two that promote.
fn choice(inputs: &[DType]) -> Option<Signature> {
    let [_, a, b] = inputs else { return None };
    let dtype = a.promote(*b);
    Some(Signature {
        inputs: [DType::Bool, dtype, dtype],
        output: dtype,
    })
}

/// `a == b`.
pub static EQUAL: OpDef = OpDef {
    name: "equal",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::equal,
        lower: |_, _| Step::Binary(BinaryOp::Eq),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a == b",
        edges: "false for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 equal",
    },
};

/// `a != b`.
pub static NOT_EQUAL: OpDef = OpDef {
    name: "not_equal",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::not_equal,
        lower: |_, _| Step::Binary(BinaryOp::Ne),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a != b",
        edges: "true for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 not_equal",
    },
};

/// `a < b`.
pub static LESS: OpDef = OpDef {
    name: "less",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::less,
        lower: |_, _| Step::Binary(BinaryOp::Lt),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a < b",
        edges: "false for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 less",
    },
};

/// `a <= b`.
pub static LESS_EQUAL: OpDef = OpDef {
    name: "less_equal",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::less_equal,
        lower: |_, _| Step::Binary(BinaryOp::Le),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a <= b",
        edges: "false for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 less_equal",
    },
};

/// `a > b`.
pub static GREATER: OpDef = OpDef {
    name: "greater",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::greater,
        lower: |_, _| Step::Swapped(BinaryOp::Lt),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a > b",
        edges: "false for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 greater",
    },
};

/// `a >= b`.
pub static GREATER_EQUAL: OpDef = OpDef {
    name: "greater_equal",
    family: Family::Map(MapRow {
        signature: compare,
        eval: element::greater_equal,
        lower: |_, _| Step::Swapped(BinaryOp::Le),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a >= b",
        edges: "false for NaN; -0.0 equals 0.0; int64 with uint64 is exact",
        source: "IEEE 754-2019 §5.11; NumPy 2 greater_equal",
    },
};

/// `a & b`, bit by bit.
pub static BITWISE_AND: OpDef = OpDef {
    name: "bitwise_and",
    family: Family::Map(MapRow {
        signature: bits,
        eval: element::bitwise_and,
        lower: |_, _| Step::Binary(BinaryOp::And),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a & b",
        edges: "of bool, logical and; floats are refused",
        source: "NumPy 2 bitwise_and",
    },
};

/// `a | b`, bit by bit.
pub static BITWISE_OR: OpDef = OpDef {
    name: "bitwise_or",
    family: Family::Map(MapRow {
        signature: bits,
        eval: element::bitwise_or,
        lower: |_, _| Step::Binary(BinaryOp::Or),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a | b",
        edges: "of bool, logical or; floats are refused",
        source: "NumPy 2 bitwise_or",
    },
};

/// `a ^ b`, bit by bit.
pub static BITWISE_XOR: OpDef = OpDef {
    name: "bitwise_xor",
    family: Family::Map(MapRow {
        signature: bits,
        eval: element::bitwise_xor,
        lower: |_, _| Step::Binary(BinaryOp::Xor),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a ^ b",
        edges: "of bool, logical exclusive or; floats are refused",
        source: "NumPy 2 bitwise_xor",
    },
};

/// Complement, bit by bit.
pub static INVERT: OpDef = OpDef {
    name: "invert",
    family: Family::Map(MapRow {
        signature: bits,
        eval: element::invert,
        lower: |_, _| Step::Unary(UnaryOp::Not),
        facts: Facts::NONE,
    }),
    params: &["a"],
    options: &[],
    doc: Doc {
        formula: "~a",
        edges: "of bool, logical not; floats are refused",
        source: "NumPy 2 invert",
    },
};

/// One of two, by a mask.
pub static WHERE: OpDef = OpDef {
    name: "where",
    family: Family::Map(MapRow {
        signature: choice,
        eval: element::choose,
        lower: |_, _| Step::Select,
        facts: Facts::NONE,
    }),
    params: &["condition", "x", "y"],
    options: &[],
    doc: Doc {
        formula: "x where condition else y",
        edges: "the condition is true where it is not 0 (NaN is true)",
        source: "NumPy 2 where",
    },
};
