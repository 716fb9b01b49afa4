//! How are Python's own functions of plain numbers called?
//!
//! `abs`, `min`, `max`, `pow` and `divmod` are NumPy's for arrays and Python's for plain numbers.

use super::{Arguments, Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::number::{self, Number};
use crate::eval::subscript::slice_bound;
use crate::eval::value::Value;
use crate::parse::ast::{BinaryOp, CompareOp, UnaryOp};
use tilewright::DType;

const fn parameters(names: &'static [&'static str]) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required: 1,
        packed: None,
        out: Place::Any,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["len"],
        parameters: parameters(&["x"]),
        form: Form::Function,
        call: len,
        about: "length of the first axis, or number of items",
    },
    Function {
        names: &["slice"],
        parameters: parameters(&["start", "stop", "step"]),
        form: Form::Function,
        call: slice,
        about: "start:stop:step as a value, for an index; slice(stop) starts at the first",
    },
];

fn slice(mut bound: Bound) -> Result<Value> {
    let mut given = |name| bound.take_given(name).map(|value| slice_bound(&value));
    let (start, stop) = (given("start").transpose()?, given("stop").transpose()?);
    let step = given("step").transpose()?.flatten();
    let (start, stop) = match (start.flatten(), stop) {
        (stop, None) => (None, stop),
        (start, Some(stop)) => (start, stop),
    };
    Ok(Value::Slice(tilewright::Slice { start, stop, step }))
}

fn len(mut bound: Bound) -> Result<Value> {
    let x = bound.need("x")?;
    let length = match &x.node {
        Value::Tuple(items) | Value::List(items) => items.len() as i64,
        Value::Str(text) => text.chars().count() as i64,
        Value::Array(array) => {
            let shape = array
                .shape()
                .map_err(|error| EvalError::new(x.span, error))?;
            *shape.first().ok_or_else(|| {
                EvalError::wrong(x.span, "an array of no dimensions has no length", "x.size")
            })?
        }
        other => {
            let message = format!("{} has no length", other.kind());
            return Err(EvalError::wrong(
                x.span,
                message,
                "an array, a tuple or a list",
            ));
        }
    };
    Ok(Value::Int(i128::from(length)))
}

/// The call of a function that Python has too, if every argument is a plain number.
pub(super) fn builtin(name: &str, arguments: &Arguments) -> Option<Result<Value>> {
    if !arguments.keywords.is_empty() {
        return None;
    }
    let numbers = arguments
        .positional
        .iter()
        .map(|value| Number::of(&value.node));
    let numbers: Vec<Number> = numbers.collect::<Option<_>>()?;
    let wrap = |outcome: std::result::Result<Number, &'static str>| {
        let wrong = |message| EvalError::wrong(arguments.span, message, "floats, or arrays");
        Some(outcome.map(Value::from).map_err(wrong))
    };
    match (name, &numbers[..]) {
        ("abs", [x]) => {
            let negative = number::compare(CompareOp::Lt, *x, Number::Int(0));
            wrap(match (*x, negative) {
                (Number::Float(x), _) => Ok(Number::Float(x.abs())),
                (x, true) => number::unary(UnaryOp::Neg, x),
                (x, false) => number::unary(UnaryOp::Pos, x),
            })
        }
        ("pow", [a, b]) => wrap(number::binary(BinaryOp::Pow, *a, *b)),
        ("divmod", [a, b]) => {
            let parts = [BinaryOp::FloorDiv, BinaryOp::Mod].map(|op| number::binary(op, *a, *b));
            let wrong = |message| EvalError::wrong(arguments.span, message, "floats, or arrays");
            let parts = parts.into_iter().map(|part| part.map(Value::from));
            let parts: std::result::Result<Vec<Value>, _> = parts.collect();
            Some(parts.map(Value::Tuple).map_err(wrong))
        }
        ("min" | "max", [first, _, ..]) => {
            let better = if name == "min" {
                CompareOp::Lt
            } else {
                CompareOp::Gt
            };
            let best = numbers.iter().fold(*first, |best, &x| {
                if number::compare(better, x, best) {
                    x
                } else {
                    best
                }
            });
            wrap(Ok(best))
        }
        _ => None,
    }
}

/// A dtype called as a function: Python's `int`, `float` and `bool` give plain numbers, the others
/// arrays of no dimensions; an array is converted.
pub(crate) fn convert(dtype: DType, arguments: Arguments) -> Result<Value> {
    let name = arguments.name.clone();
    let parameters = Parameters {
        names: &["x"],
        positional: 1,
        required: 0,
        packed: None,
        out: Place::Any,
    };
    let mut bound = arguments.bind(&parameters)?;
    let x = bound
        .take_given("x")
        .unwrap_or(crate::parse::Spanned::new(Value::Int(0), bound.span));
    let number = match (&x.node, name.as_str()) {
        (Value::Array(_), "int" | "float" | "bool") => {
            let message = format!("{name} of an array needs its elements");
            return Err(EvalError::wrong(
                x.span,
                message,
                format!(".astype({name})"),
            ));
        }
        (Value::List(_) | Value::Tuple(_) | Value::None, "int" | "float") => {
            let message = format!("{name} of {}", x.node.kind());
            return Err(EvalError::wrong(x.span, message, "a plain number"));
        }
        (Value::List(items) | Value::Tuple(items), "bool") => Some(Number::Bool(!items.is_empty())),
        (Value::None, "bool") => Some(Number::Bool(false)),
        (value, "int" | "float" | "bool") => Number::of(value),
        _ => None,
    };
    Ok(match (number, name.as_str()) {
        (Some(number), "float") => Value::Float(number.as_float()),
        (Some(number), "bool") => {
            Value::Bool(number::compare(CompareOp::Ne, number, Number::Int(0)))
        }
        (Some(Number::Float(float)), _) => {
            let whole = float.trunc();
            if !(-1e38..=1e38).contains(&whole) {
                return Err(EvalError::wrong(
                    x.span,
                    "the float has no 128-bit integer",
                    "//",
                ));
            }
            Value::Int(whole as i128)
        }
        (Some(number), _) => number::unary(UnaryOp::Pos, number)
            .map(Value::from)
            .unwrap_or(Value::None),
        (None, _) => Value::Array(convert::typed_array(&x, Some(dtype))?),
    })
}
