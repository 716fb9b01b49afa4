//! Rows: arithmetic.

use super::{Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::reference::element;
use tilewright_core::DType;
use tilewright_core::dtype::Class;
use tilewright_kernel::ir::{BinaryOp, UnaryOp};
use tilewright_kernel::{ElementFn, SliceFn};
use tilewright_vecmath::MathFn;

/// Both arguments and the result have the promoted dtype.
pub(super) fn promote(inputs: &[DType]) -> Option<Signature> {
    let dtype = inputs.iter().copied().reduce(DType::promote)?;
    Some(Signature {
        inputs: [dtype; 3],
        output: dtype,
    })
}

/// As [`promote`], with bool computed as int8.
pub(super) fn promote_no_bool(inputs: &[DType]) -> Option<Signature> {
    let dtype = inputs.iter().copied().reduce(DType::promote)?;
    let dtype = if dtype == DType::Bool {
        DType::I8
    } else {
        dtype
    };
    Some(Signature {
        inputs: [dtype; 3],
        output: dtype,
    })
}

/// As [`promote`]; bool is refused.
pub(super) fn promote_refuse_bool(inputs: &[DType]) -> Option<Signature> {
    promote(inputs).filter(|s| s.output != DType::Bool)
}

/// Integers and bool give f64.
fn true_divide(inputs: &[DType]) -> Option<Signature> {
    let dtype = inputs.iter().copied().reduce(DType::promote)?;
    let dtype = if dtype.is_float() { dtype } else { DType::F64 };
    Some(Signature {
        inputs: [dtype; 3],
        output: dtype,
    })
}

/// Sum.
pub static ADD: OpDef = OpDef {
    name: "add",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::add,
        lower: |_, _| Step::Binary(BinaryOp::Add),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a + b",
        edges: "integers wrap; of bool, logical or",
        source: "IEEE 754-2019 §5.4.1; NumPy 2 add",
    },
};

/// Difference.
pub static SUBTRACT: OpDef = OpDef {
    name: "subtract",
    family: Family::Map(MapRow {
        signature: promote_refuse_bool,
        eval: element::subtract,
        lower: |_, _| Step::Binary(BinaryOp::Sub),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a - b",
        edges: "integers wrap; bool is refused (use ^)",
        source: "IEEE 754-2019 §5.4.1; NumPy 2 subtract",
    },
};

/// Product.
pub static MULTIPLY: OpDef = OpDef {
    name: "multiply",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::multiply,
        lower: |_, _| Step::Binary(BinaryOp::Mul),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a * b",
        edges: "integers wrap; of bool, logical and",
        source: "IEEE 754-2019 §5.4.1; NumPy 2 multiply",
    },
};

/// Quotient.
pub static DIVIDE: OpDef = OpDef {
    name: "divide",
    family: Family::Map(MapRow {
        signature: true_divide,
        eval: element::divide,
        lower: |_, _| Step::Binary(BinaryOp::Div),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a / b",
        edges: "x/0 is ±inf, 0/0 is NaN; integers give f64",
        source: "IEEE 754-2019 §5.4.1; NumPy 2 divide",
    },
};

/// Quotient rounded down.
pub static FLOOR_DIVIDE: OpDef = OpDef {
    name: "floor_divide",
    family: Family::Map(MapRow {
        signature: promote_no_bool,
        eval: element::floor_divide,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Slice(SliceFn::Element(ElementFn::FloorDivide, dtype))
            } else {
                Step::Binary(BinaryOp::FloorDiv)
            }
        },
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "floor(a / b)",
        edges: "integer x//0 is 0; INT_MIN//-1 wraps; float x//0 is ±inf or NaN",
        source: "NumPy 2 floor_divide",
    },
};

/// Remainder with the divisor's sign.
pub static REMAINDER: OpDef = OpDef {
    name: "remainder",
    family: Family::Map(MapRow {
        signature: promote_no_bool,
        eval: element::remainder,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Slice(SliceFn::Element(ElementFn::Remainder, dtype))
            } else {
                Step::Binary(BinaryOp::Rem)
            }
        },
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a - floor(a / b) * b",
        edges: "integer x%0 is 0; float x%0 is NaN; the sign is the divisor's",
        source: "NumPy 2 remainder",
    },
};

/// Power.
pub static POWER: OpDef = OpDef {
    name: "power",
    family: Family::Map(MapRow {
        signature: promote_no_bool,
        eval: element::power,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Slice(SliceFn::Math(MathFn::Pow, dtype))
            } else {
                Step::Slice(SliceFn::Element(ElementFn::Power, dtype))
            }
        },
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "a ** b",
        edges: "integers wrap; x**0 is 1, also for NaN; float error at most 2 ULP; to a negative \
                integer power, 1 and -1 are themselves (or 1), any other integer is 0 (NumPy \
                refuses)",
        source: "ISO C17 F.10.4.4; NumPy 2 power",
    },
};

/// Negation.
pub static NEGATIVE: OpDef = OpDef {
    name: "negative",
    family: Family::Map(MapRow {
        signature: promote_refuse_bool,
        eval: element::negative,
        lower: |_, _| Step::Unary(UnaryOp::Neg),
        facts: Facts::NONE,
    }),
    params: &["a"],
    options: &[],
    doc: Doc {
        formula: "-a",
        edges: "integers wrap; bool is refused (use ~)",
        source: "IEEE 754-2019 §5.5.1; NumPy 2 negative",
    },
};

/// Absolute value.
pub static ABSOLUTE: OpDef = OpDef {
    name: "absolute",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::absolute,
        lower: |dtype, _| match dtype.class() {
            Class::Bool | Class::Unsigned => Step::Same,
            _ => Step::Unary(UnaryOp::Abs),
        },
        facts: Facts {
            idempotent: true,
            ..Facts::NONE
        },
    }),
    params: &["a"],
    options: &[],
    doc: Doc {
        formula: "|a|",
        edges: "abs(-0.0) is 0.0; abs(INT_MIN) is INT_MIN",
        source: "IEEE 754-2019 §5.5.1; NumPy 2 absolute",
    },
};

/// Square.
pub static SQUARE: OpDef = OpDef {
    name: "square",
    family: Family::Map(MapRow {
        signature: promote_no_bool,
        eval: element::square,
        lower: |_, _| Step::Twice(BinaryOp::Mul),
        facts: Facts::NONE,
    }),
    params: &["a"],
    options: &[],
    doc: Doc {
        formula: "a * a",
        edges: "integers wrap",
        source: "NumPy 2 square",
    },
};

/// The smaller of two.
pub static MINIMUM: OpDef = OpDef {
    name: "minimum",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::minimum,
        lower: |_, _| Step::Binary(BinaryOp::Min),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "min(a, b)",
        edges: "NaN wins; minimum(-0.0, 0.0) is -0.0",
        source: "IEEE 754-2019 §9.6 minimum",
    },
};

/// The larger of two.
pub static MAXIMUM: OpDef = OpDef {
    name: "maximum",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::maximum,
        lower: |_, _| Step::Binary(BinaryOp::Max),
        facts: Facts::COMMUTATIVE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "max(a, b)",
        edges: "NaN wins; maximum(-0.0, 0.0) is 0.0",
        source: "IEEE 754-2019 §9.6 maximum",
    },
};
