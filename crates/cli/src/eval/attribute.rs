//! What follows a dot, without a call?

use super::convert::checked;
use super::error::{EvalError, Result};
use super::expression::unknown;
use super::value::Value;
use super::{functions, limits};
use crate::parse::{Span, Spanned};
use tilewright::{Array, DType, Grid};

/// Attributes of arrays.
const NAMES: &[&str] = &[
    "T",
    "mT",
    "flat",
    "real",
    "imag",
    "shape",
    "ndim",
    "size",
    "dtype",
    "itemsize",
    "nbytes",
    "chunks",
    "chunksize",
    "numblocks",
    "npartitions",
];

/// Chunks that `chunks` lists at most.
const MOST_CHUNKS: i64 = 100_000;

/// `value.name`.
pub(super) fn attribute(
    value: &Spanned<Value>,
    name: &Spanned<String>,
    span: Span,
) -> Result<Value> {
    let found = match &value.node {
        Value::Array(array) => of_array(array, &name.node, span)?,
        Value::DType(dtype) => match name.node.as_str() {
            "itemsize" => Some(Value::Int(dtype.itemsize() as i128)),
            "name" => Some(Value::Str(dtype.name().to_owned())),
            "kind" => Some(Value::Str(kind(*dtype).to_owned())),
            _ => None,
        },
        Value::Limits(dtype) => limits::attribute(*dtype, &name.node, span)?,
        // NumPy's attributes of plain numbers are seldom wanted: they are arrays of no dimensions.
        _ => None,
    };
    found.ok_or_else(|| missing(value, name))
}

/// NumPy's letter for a kind of numbers.
pub(super) fn kind(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "b",
        dtype if dtype.is_float() => "f",
        dtype if dtype.name().starts_with('u') => "u",
        _ => "i",
    }
}

fn of_array(array: &Array, name: &str, span: Span) -> Result<Option<Value>> {
    let wrap = |error| EvalError::new(span, error);
    let dtype = array.dtype().map_err(wrap)?;
    match name {
        // What needs no length.
        "ndim" => return Ok(Some(Value::Int(array.ndim().map_err(wrap)? as i128))),
        "dtype" => return Ok(Some(Value::DType(dtype))),
        "itemsize" => return Ok(Some(Value::Int(dtype.itemsize() as i128))),
        "T" => return checked(span, array.t()).map(|array| Some(Value::Array(array))),
        "mT" => {
            let turned = checked(span, array.swapaxes(-2, -1))?;
            return Ok(Some(Value::Array(turned)));
        }
        // Its elements in C order, as NumPy's iterator is indexed.
        "flat" => return checked(span, array.ravel()).map(|array| Some(Value::Array(array))),
        "real" => return Ok(Some(Value::Array(array.clone()))),
        "imag" => return checked(span, array.imag()).map(|array| Some(Value::Array(array))),
        _ => {}
    }
    let shape = array.shape().map_err(wrap)?;
    let grid = array.grid().map_err(wrap)?;
    let size = i128::from(array.size().map_err(wrap)?);
    let ints = |lengths: &[i64]| {
        Value::Tuple(
            lengths
                .iter()
                .map(|&len| Value::Int(i128::from(len)))
                .collect(),
        )
    };
    Ok(Some(match name {
        "shape" => ints(shape),
        "size" => Value::Int(size),
        "nbytes" => Value::Int(size * dtype.itemsize() as i128),
        "chunks" => chunks(grid, span)?,
        "chunksize" => ints(&grid.longest()),
        "numblocks" => ints(
            &grid
                .axes
                .iter()
                .map(|axis| axis.chunks())
                .collect::<Vec<_>>(),
        ),
        "npartitions" => Value::Int(i128::from(grid.chunks())),
        _ => return Ok(None),
    }))
}

/// The sizes of all chunks along each axis.
fn chunks(grid: &Grid, span: Span) -> Result<Value> {
    let axes = grid.axes.iter().map(|axis| {
        if axis.chunks() > MOST_CHUNKS {
            let message = format!("an axis has {} chunks", axis.chunks());
            return Err(EvalError::wrong(span, message, "chunksize or numblocks"));
        }
        let bounds = (0..axis.chunks()).map(|k| axis.bounds(k));
        Ok(Value::Tuple(
            bounds
                .map(|(from, to)| Value::Int(i128::from(to - from)))
                .collect(),
        ))
    });
    axes.collect::<Result<_>>().map(Value::Tuple)
}

fn missing(value: &Spanned<Value>, name: &Spanned<String>) -> EvalError {
    if matches!(value.node, Value::Array(_)) {
        if functions::is_method(&name.node) {
            return EvalError::wrong(
                name.span,
                format!("{} is a method", name.node),
                format!(".{}(...)", name.node),
            );
        }
        return unknown("attribute", &name.node, name.span, NAMES.iter().copied());
    }
    EvalError::wrong(
        name.span,
        format!("{} has no attribute {}", value.node.kind(), name.node),
        "attributes of arrays, such as x.shape",
    )
}
