//! Rows: shifts and divisors of integers.

use super::arithmetic::{promote, promote_no_bool};
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::build::{self, Operand};
use crate::node::Expr;
use crate::reference::digits;
use tilewright_core::{DType, Error, Kind, Result};
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

/// The sums of two, four, then eight neighbouring bits, then of all bytes.
///
/// **Source** Warren 2013, "Hacker's Delight", figure 5-2.
fn bitwise_count(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(x)] = args else {
        return Err(Error::new(Kind::Internal, "bitwise_count of nothing"));
    };
    let x = build::alone(x)?;
    let (size, dtype) = match x.dtype().itemsize() {
        _ if x.dtype().is_float() => {
            let message = format!("bitwise_count does not take {}", x.dtype().name());
            return Err(Error::new(Kind::DType, message).way_out("integers: astype(int64)"));
        }
        1 => (1, DType::U8),
        2 => (2, DType::U16),
        4 => (4, DType::U32),
        _ => (8, DType::U64),
    };
    let whole = match x.dtype() {
        DType::Bool => x,
        _ => build::map("absolute", &[x])?,
    };
    let x: Operand = build::astype(&whole, dtype)?.into();
    // A byte in every byte.
    let each = |byte: u64| Operand::Int(i128::from((u64::MAX / 255 * byte) >> (64 - 8 * size)));
    let op = |name: &str, a: &Operand, b: Operand| {
        build::operate(name, &[a.clone(), b]).map(Operand::from)
    };
    let masked = |x: &Operand, byte: u64| op("bitwise_and", x, each(byte));
    let moved = |x: &Operand, by: i128| op("right_shift", x, Operand::Int(by));
    let twos = op("subtract", &x, masked(&moved(&x, 1)?, 0x55)?)?;
    let fours = op(
        "add",
        &masked(&twos, 0x33)?,
        masked(&moved(&twos, 2)?, 0x33)?,
    )?;
    let mut bytes = masked(&op("add", &fours, moved(&fours, 4)?)?, 0x0f)?;
    if size > 1 {
        // The product's highest byte has the sum.
        bytes = moved(&op("multiply", &bytes, each(1))?, 8 * size - 8)?;
    }
    build::astype(&build::alone(&bytes)?, DType::U8)
}

/// The number of bits that are 1.
pub static BITWISE_COUNT: OpDef = OpDef {
    name: "bitwise_count",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: bitwise_count,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "the number of ones among the binary digits of |x|",
        edges: "uint8; of the least integer 1; floats are refused",
        source: "NumPy 2 bitwise_count",
    },
};
