//! What does a stored element stand for?
//!
//! Factors, offsets and marks of missing values become ordinary expressions, which fuse into the
//! first kernel that reads them. Absent: calendars, units, `valid_range`, bounds.
//!
//! **Source** the CF conventions 1.11, 2.5.1 (missing data) and 8.1 (packed data); NetCDF best
//! practices, "Unsigned Data".

use crate::{Array, Operand, Scale, SourceInfo};
use serde_json::Value;
use tilewright_core::{DType, Error, Kind, Result};

/// The array times a factor plus an offset, if there is one.
#[track_caller]
pub(crate) fn scaled(array: Array, scale: Option<Scale>) -> Array {
    let Some(Scale { factor, offset }) = scale else {
        return array;
    };
    let mut array = array.astype(DType::F64);
    if factor != 1.0 {
        array = array * factor;
    }
    if offset != 0.0 {
        array = array + offset;
    }
    array
}

/// The array as its attributes say by the CF conventions.
///
/// # Errors
/// [`Kind::Value`] if one of them is no number.
#[track_caller]
pub(crate) fn conventions(array: Array, info: &SourceInfo) -> Result<Array> {
    let mut stored = array;
    let unsigned = match (info.attributes.get("_Unsigned"), info.dtype) {
        (Some(Value::String(said)), dtype) if said == "true" => unsigned(dtype),
        _ => None,
    };
    if let Some(unsigned) = unsigned {
        stored = stored.astype(unsigned);
    }
    let dtype = unsigned.unwrap_or(info.dtype);
    let mut missing = numbers(info, "_FillValue")?;
    missing.extend(numbers(info, "missing_value")?);
    let one = |name: &str, usual: f64| -> Result<f64> {
        Ok(numbers(info, name)?.first().map_or(usual, Number::float))
    };
    let scale = Scale {
        factor: one("scale_factor", 1.0)?,
        offset: one("add_offset", 0.0)?,
    };
    let is_scaled = (scale.factor, scale.offset) != (1.0, 0.0);
    missing.retain(|number| number.can_be(dtype));
    if missing.is_empty() && !is_scaled {
        return Ok(stored);
    }
    let is_missing = missing
        .iter()
        .map(|number| stored.equal(number.operand(dtype)))
        .reduce(|a, b| a | b);
    let decoded = if is_scaled || dtype != DType::F32 {
        scaled(stored.astype(DType::F64), is_scaled.then_some(scale))
    } else {
        stored
    };
    Ok(match is_missing {
        Some(is_missing) => is_missing.where_(f64::NAN, decoded),
        None => decoded,
    })
}

/// The unsigned integer of the same width.
fn unsigned(dtype: DType) -> Option<DType> {
    Some(match dtype {
        DType::I8 => DType::U8,
        DType::I16 => DType::U16,
        DType::I32 => DType::U32,
        DType::I64 => DType::U64,
        _ => return None,
    })
}

/// A number in an attribute.
enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    fn float(&self) -> f64 {
        match *self {
            Number::Int(whole) => whole as f64,
            Number::Float(float) => float,
        }
    }

    /// Whether an element of this dtype can have this value; NaN is missing by itself.
    fn can_be(&self, dtype: DType) -> bool {
        match (self, dtype.integer_range()) {
            (Number::Float(float), _) => !float.is_nan(),
            (Number::Int(whole), Some((low, high))) => {
                (low..=high).contains(whole) || (low == 0 && (-high / 2 - 1..0).contains(whole))
            }
            (Number::Int(_), None) => true,
        }
    }

    /// What stands beside an array of this dtype: a mark may be written with its sign for an
    /// unsigned integer.
    fn operand(&self, dtype: DType) -> Operand {
        match *self {
            Number::Int(whole) => match dtype.integer_range() {
                Some((0, high)) if whole < 0 => Operand::Int(whole + high + 1),
                _ => Operand::Int(whole),
            },
            Number::Float(float) => Operand::Float(float),
        }
    }
}

/// The numbers of an attribute, one or several; none if there is no such attribute.
fn numbers(info: &SourceInfo, name: &str) -> Result<Vec<Number>> {
    let number = |value: &Value| {
        if let Some(whole) = value.as_i64() {
            return Ok(Number::Int(whole.into()));
        }
        if let Some(whole) = value.as_u64() {
            return Ok(Number::Int(whole.into()));
        }
        let float = match value {
            Value::Number(float) => float.as_f64(),
            // JSON has no NaN, and zarr spells it so.
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        float.map(Number::Float).ok_or_else(|| {
            Error::new(
                Kind::Value,
                format!("the attribute {name} is no number: {value}"),
            )
            .fact("array", info.uri.clone())
            .way_out("read it without decode")
        })
    };
    match info.attributes.get(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(number).collect(),
        Some(value) => Ok(vec![number(&value)?]),
    }
}
