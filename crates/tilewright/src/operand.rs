//! What may stand beside an array?
//!
//! Arrays, whose dtype counts, and plain numbers, which take the dtype of the arrays beside them
//! as Python's do (NEP 50): `x_f32 * 2.0` stays f32, `x_i8 + 1` stays i8.

use crate::{Array, selected};
use tilewright_core::Result;
use tilewright_expr::{Expr, build};

/// An argument of an element-wise operation.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array, whose dtype counts.
    Array(Array),
    /// A bool.
    Bool(bool),
    /// An integer without a dtype of its own.
    Int(i128),
    /// A float without a dtype of its own; beside integers it makes f64.
    Float(f64),
}

impl From<Array> for Operand {
    fn from(array: Array) -> Operand {
        Operand::Array(array)
    }
}

impl From<&Array> for Operand {
    fn from(array: &Array) -> Operand {
        Operand::Array(array.clone())
    }
}

impl From<bool> for Operand {
    fn from(value: bool) -> Operand {
        Operand::Bool(value)
    }
}

macro_rules! numbers {
    ($($t:ty => $variant:ident($wide:ty)),* $(,)?) => {$(
        impl From<$t> for Operand {
            fn from(value: $t) -> Operand {
                Operand::$variant(<$wide>::from(value))
            }
        }
    )*};
}
numbers!(i8 => Int(i128), i16 => Int(i128), i32 => Int(i128), i64 => Int(i128), u8 => Int(i128),
         u16 => Int(i128), u32 => Int(i128), u64 => Int(i128), i128 => Int(i128),
         f32 => Float(f64), f64 => Float(f64));

/// What an element-wise call makes of these operands; the first array that failed stays.
#[track_caller]
pub(crate) fn each(
    operands: &[Operand],
    build: impl Fn(&[build::Operand]) -> Result<Expr> + Send + Sync + 'static,
) -> Array {
    let failed = operands
        .iter()
        .any(|operand| matches!(operand, Operand::Array(array) if array.error().is_some()));
    match selected::elementwise(operands, &build).filter(|_| !failed) {
        Some(Ok(selection)) => Array::of_selection(selection),
        Some(Err(error)) => Array::new(Err(error)),
        None => combine(operands, build),
    }
}

/// What `build` makes of these operands; the first array that failed stays.
#[track_caller]
pub(crate) fn combine(
    operands: &[Operand],
    build: impl Fn(&[build::Operand]) -> Result<Expr> + Send + Sync + 'static,
) -> Array {
    let arrays = operands.iter().filter_map(|operand| match operand {
        Operand::Array(array) => Some(array),
        _ => None,
    });
    let plain: Vec<Option<build::Operand>> = operands.iter().map(Operand::plain).collect();
    Array::join(arrays, move |exprs| {
        let mut exprs = exprs.iter().cloned();
        let next = |plain: &Option<build::Operand>| match plain {
            Some(plain) => Some(plain.clone()),
            None => exprs.next().map(build::Operand::Array),
        };
        build(&plain.iter().filter_map(next).collect::<Vec<_>>())
    })
}

/// Operands that are arrays all.
pub(crate) fn arrays(operands: &[build::Operand]) -> Result<Vec<Expr>> {
    let each = operands.iter().map(|operand| match operand {
        build::Operand::Array(x) => Ok(x.clone()),
        _ => Err(crate::internal("a number where an array is wanted")),
    });
    each.collect()
}

impl Operand {
    /// The plain number that it is; `None` for an array.
    pub(crate) fn plain(&self) -> Option<build::Operand> {
        Some(match self {
            Operand::Array(_) => return None,
            Operand::Bool(value) => build::Operand::Bool(*value),
            Operand::Int(value) => build::Operand::Int(*value),
            Operand::Float(value) => build::Operand::Float(*value),
        })
    }
}
