//! Rows: square root, rounding, conversion.

use super::arithmetic::promote;
use super::{Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::reference::element;
use tilewright_core::DType;
use tilewright_kernel::ir::UnaryOp;

/// The float that holds a dtype: up to 8 bits f16, 16 bits f32, wider f64.
pub(crate) fn float_of(dtype: DType) -> DType {
    match dtype {
        _ if dtype.is_float() => dtype,
        _ => match dtype.itemsize() {
            1 => DType::F16,
            2 => DType::F32,
            _ => DType::F64,
        },
    }
}

/// Arguments compute in the widest of the floats that hold each.
pub(super) fn float(inputs: &[DType]) -> Option<Signature> {
    let dtype = inputs
        .iter()
        .copied()
        .map(float_of)
        .reduce(DType::promote)?;
    Some(Signature {
        inputs: [dtype; 3],
        output: dtype,
    })
}

/// Any dtype; the node's attribute names the result's.
fn any(inputs: &[DType]) -> Option<Signature> {
    promote(inputs)
}

/// Square root.
pub static SQRT: OpDef = OpDef {
    name: "sqrt",
    family: Family::Map(MapRow {
        signature: float,
        eval: element::sqrt,
        lower: |_, _| Step::Unary(UnaryOp::Sqrt),
        facts: Facts {
            non_negative: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "the non-negative y with y*y = x",
        edges: "correctly rounded; below 0 NaN; sqrt(-0.0) is -0.0",
        source: "IEEE 754-2019 §5.4.1",
    },
};

/// Largest integer not above.
pub static FLOOR: OpDef = OpDef {
    name: "floor",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::floor,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Unary(UnaryOp::Floor)
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
        formula: "floor(x)",
        edges: "keeps the sign of zero; integers and bool stay as they are",
        source: "IEEE 754-2019 §5.9; NumPy 2.1 floor",
    },
};

/// Smallest integer not below.
pub static CEIL: OpDef = OpDef {
    name: "ceil",
    family: Family::Map(MapRow {
        signature: promote,
        eval: element::ceil,
        lower: |dtype, _| {
            if dtype.is_float() {
                Step::Unary(UnaryOp::Ceil)
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
        formula: "ceil(x)",
        edges: "keeps the sign of zero; integers and bool stay as they are",
        source: "IEEE 754-2019 §5.9; NumPy 2.1 ceil",
    },
};

/// Conversion.
pub static ASTYPE: OpDef = OpDef {
    name: "astype",
    family: Family::Map(MapRow {
        signature: any,
        eval: element::astype,
        lower: |_, _| Step::Cast,
        facts: Facts::NONE,
    }),
    params: &["x"],
    options: &["dtype"],
    doc: Doc {
        formula: "x in another dtype",
        edges: "integers wrap; floats round once; float to integer truncates and saturates, NaN gives 0; to bool is x != 0",
        source: "NumPy 2 astype; saturation as WebAssembly trunc_sat",
    },
};
