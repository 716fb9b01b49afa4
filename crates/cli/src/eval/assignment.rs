//! What does an assignment do?
//!
//! It gives a name another value; the value that was there does not change, whoever else holds it.

use super::convert::{self, checked, operand, typed_array};
use super::error::{EvalError, Result};
use super::expression::Evaluator;
use super::functions::cast_by;
use super::value::Value;
use super::{operators, subscript};
use crate::parse::ast::{Assignment, BinaryOp, IndexItem, Target};
use crate::parse::{Span, Spanned};
use tilewright::Item;

/// Carries out an assignment.
pub(super) fn assign(evaluator: &mut Evaluator, assignment: &Assignment) -> Result<()> {
    let value = evaluator.spanned(&assignment.value)?;
    match &assignment.target {
        Target::Name(name) => {
            let value = match assignment.op {
                None => {
                    let array = evaluator.makes_array(&assignment.value);
                    evaluator.tell(&name.node, array);
                    value.node
                }
                Some(op) => {
                    let array = evaluator.is_array(&name.node);
                    in_place(op, evaluator.variable(name)?, array, name.span, value)?
                }
            };
            evaluator.assign(name.node.clone(), value);
        }
        Target::Part(name, items) => {
            let value = with_part(evaluator, name, items, assignment.op, value)?;
            evaluator.assign(name.node.clone(), value);
        }
        Target::Names(names) => {
            for (name, part) in names.iter().zip(unpacked(&value, names.len())?) {
                evaluator.tell(&name.node, false);
                evaluator.assign(name.node.clone(), part);
            }
        }
    }
    Ok(())
}

/// The array of a name with another value at some items.
fn with_part(
    evaluator: &Evaluator,
    name: &Spanned<String>,
    items: &[Spanned<IndexItem>],
    op: Option<BinaryOp>,
    value: Spanned<Value>,
) -> Result<Value> {
    let variable = evaluator.variable(name)?;
    let Value::Array(array) = &variable else {
        return Err(EvalError::wrong(
            name.span,
            format!("{} has no parts to assign", variable.kind()),
            "an array: array([1, 2])",
        ));
    };
    let index: Vec<Item> = subscript::items(evaluator, items)?;
    let value = match op {
        None => value,
        Some(op) => {
            let part = checked(name.span, array.slice(index.clone()))?;
            let span = value.span;
            let part = in_place(op, Value::Array(part), false, name.span, value)?;
            Spanned::new(part, span)
        }
    };
    let value = match &value.node {
        Value::List(_) | Value::Tuple(_) => {
            let dtype = array
                .dtype()
                .map_err(|error| EvalError::new(name.span, error))?;
            typed_array(&value, Some(dtype))?.into()
        }
        _ => operand(&value)?,
    };
    checked(name.span, array.assign(index, value)).map(Value::Array)
}

/// What `x += value` and its kin make of a value: of an array one of its shape and dtype.
///
/// One of NumPy's numbers, which reductions give, is replaced; it is no `array`.
fn in_place(
    op: BinaryOp,
    x: Value,
    array: bool,
    place: Span,
    value: Spanned<Value>,
) -> Result<Value> {
    let span = Span::new(place.start, value.span.end);
    let result = operators::binary(op, Spanned::new(x.clone(), place), value, span)?;
    let (Value::Array(x), Value::Array(new)) = (&x, &result) else {
        return Ok(result);
    };
    if !array && x.ndim().is_ok_and(|ndim| ndim == 0) {
        return Ok(result);
    }
    if let (Ok(own), Ok(shape)) = (x.shape(), new.shape())
        && own != shape
    {
        let message = format!("a result of shape {shape:?} in an array of {own:?}");
        let way_out = format!("x = x {} ..., a new array", op.symbol());
        return Err(EvalError::wrong(span, message, way_out));
    }
    match (x.dtype(), new.dtype()) {
        (Ok(own), Ok(_)) => cast_by("same_kind", new, own, span).map(Value::Array),
        _ => Ok(result),
    }
}

/// The parts of a value that go to so many names.
fn unpacked(value: &Spanned<Value>, count: usize) -> Result<Vec<Value>> {
    let unfit = |has: String| {
        let message = format!("{has} for {count} names");
        EvalError::wrong(value.span, message, "a name for each part")
    };
    let parts: Vec<Value> = match &value.node {
        Value::Tuple(parts) | Value::List(parts) => parts.clone(),
        Value::Array(array) => {
            let rows = convert::parts(array, value.span)?;
            rows.into_iter().map(Value::Array).collect()
        }
        other => return Err(unfit(other.kind().to_owned())),
    };
    if parts.len() != count {
        return Err(unfit(format!("{} parts", parts.len())));
    }
    Ok(parts)
}
