//! Rows: shifts and divisors of integers.

use super::arithmetic::{promote, promote_no_bool};
use super::{Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::reference::digits;
use tilewright_core::DType;
use tilewright_kernel::ir::BinaryOp;
use tilewright_kernel::{ElementFn, SliceFn};

/// Bool counts as int8; floats are refused.
fn shifts(inputs: &[DType]) -> Option<Signature> {
    promote_no_bool(inputs).filter(|s| !s.output.is_float())
}

/// Integers; bool beside an integer counts as one.
fn integers(inputs: &[DType]) -> Option<Signature> {
    promote(inputs).filter(|s| s.output.is_integer())
}

/// `a << b`.
pub static LEFT_SHIFT: OpDef = OpDef {
    name: "left_shift",
    family: Family::Map(MapRow {
        signature: shifts,
        eval: digits::left_shift,
        lower: |_, _| Step::Binary(BinaryOp::Shl),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a * 2^b, wrapped",
        edges: "0 where b is negative or at least the width; floats are refused",
        source: "NumPy 2 left_shift",
    },
};

/// `a >> b`.
pub static RIGHT_SHIFT: OpDef = OpDef {
    name: "right_shift",
    family: Family::Map(MapRow {
        signature: shifts,
        eval: digits::right_shift,
        lower: |_, _| Step::Binary(BinaryOp::Shr),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "floor(a / 2^b)",
        edges: "0 or -1 where b is negative or at least the width; floats are refused",
        source: "NumPy 2 right_shift",
    },
};

/// Greatest common divisor.
pub static GCD: OpDef = OpDef {
    name: "gcd",
    family: Family::Map(MapRow {
        signature: integers,
        eval: digits::gcd,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Gcd, dtype)),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "the greatest integer that divides |a| and |b|",
        edges: "gcd(0, 0) is 0; bool alone and floats are refused",
        source: "Knuth, TAOCP 2, §4.5.2; NumPy 2 gcd",
    },
};

/// Least common multiple.
pub static LCM: OpDef = OpDef {
    name: "lcm",
    family: Family::Map(MapRow {
        signature: integers,
        eval: digits::lcm,
        lower: |dtype, _| Step::Slice(SliceFn::Element(ElementFn::Lcm, dtype)),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "|a * b| / gcd(a, b)",
        edges: "0 where one is 0; wraps; bool alone and floats are refused",
        source: "Knuth, TAOCP 2, §4.5.2; NumPy 2 lcm",
    },
};
