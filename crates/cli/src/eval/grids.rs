//! What do `r_[1:4, 0]`, `c_[a, b]`, `mgrid[0:3, 0:2]`, `ogrid` and `s_` mean?
//!
//! NumPy's notations that are indexed and no arrays. Absent: steps that are numbers of points, which
//! NumPy writes as imaginary numbers, and directives in strings.

use super::arguments::Arguments;
use super::convert;
use super::error::{EvalError, Result};
use super::expression::Evaluator;
use super::functions;
use super::number::Number;
use super::subscript::slice_bound;
use super::value::Value;
use crate::parse::ast::IndexItem;
use crate::parse::{Span, Spanned, SpannedExpr};
use tilewright::{Array, DType, Slice, concatenate, stack};

/// A notation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// Arrays, ranges and numbers end to end.
    Rows,
    /// The same as columns side by side.
    Columns,
    /// The coordinates of every point.
    Full,
    /// The same, with one long axis each.
    Open,
    /// The index itself.
    Index,
}

const NAMES: &[(&str, Notation)] = &[
    ("r_", Notation::Rows),
    ("c_", Notation::Columns),
    ("mgrid", Notation::Full),
    ("ogrid", Notation::Open),
    ("s_", Notation::Index),
    ("index_exp", Notation::Index),
];

/// The notation of a name.
pub(super) fn notation(name: &str) -> Option<Notation> {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, notation)| *notation)
}

/// What a notation means between these brackets.
///
/// # Errors
/// Items that it does not take, and whatever arrays refuse.
pub(super) fn indexed(
    evaluator: &Evaluator,
    notation: Notation,
    items: &[Spanned<IndexItem>],
    span: Span,
) -> Result<Value> {
    match notation {
        Notation::Rows => joined(evaluator, items, span, |x| x.atleast(1), 0),
        Notation::Columns => joined(evaluator, items, span, column, -1),
        Notation::Full | Notation::Open => coordinates(evaluator, notation, items, span),
        Notation::Index => index(evaluator, items),
    }
}

fn unfit(span: Span, message: &str) -> EvalError {
    EvalError::wrong(
        span,
        message,
        "ranges, start:stop:step, with commas between them",
    )
}

/// The plain number that a bound is, or another where it is left out.
fn bound(evaluator: &Evaluator, bound: &Option<SpannedExpr>, or: Number) -> Result<Number> {
    let Some(expr) = bound else { return Ok(or) };
    let value = evaluator.spanned(expr)?;
    let number = Number::of(&value.node);
    number.ok_or_else(|| unfit(value.span, "a bound of a range is a plain number"))
}

fn call(name: &str, positional: Vec<Value>, more: &[(&str, Value)], span: Span) -> Result<Value> {
    let at = |value: Value| Spanned::new(value, span);
    let keyword =
        |(name, value): &(&str, Value)| (Spanned::new((*name).to_owned(), span), at(value.clone()));
    let arguments = Arguments {
        name: name.to_owned(),
        span,
        positional: positional.into_iter().map(at).collect(),
        keywords: more.iter().map(keyword).collect(),
        method: false,
    };
    functions::call(&Spanned::new(name.to_owned(), span), arguments)
}

/// Items end to end along an axis, each in a form.
fn joined(
    evaluator: &Evaluator,
    items: &[Spanned<IndexItem>],
    span: Span,
    form: fn(&Array) -> Array,
    axis: i64,
) -> Result<Value> {
    let values = items.iter().map(|item| match &item.node {
        IndexItem::Slice { lower, upper, step } => {
            let (zero, one) = (Number::Int(0), Number::Int(1));
            let bounds = [(lower, zero), (upper, zero), (step, one)];
            let bounds = bounds.map(|(given, or)| bound(evaluator, given, or).map(Value::from));
            call(
                "arange",
                bounds.into_iter().collect::<Result<_>>()?,
                &[],
                item.span,
            )
        }
        IndexItem::Index(expr) => match evaluator.spanned(expr)? {
            Spanned {
                node: Value::Str(_),
                span,
            } => Err(unfit(span, "directives in strings are not known here")),
            value => Ok(value.node),
        },
        _ => Err(unfit(item.span, "no part of an array")),
    });
    let values: Vec<Value> = values.collect::<Result<_>>()?;
    let parts = functions::together(values.clone(), span)?;
    let parts = values.into_iter().zip(parts).map(|(value, part)| {
        // A number that the dtype does not hold is refused.
        let part = match (value, part.dtype()) {
            (value @ Value::Int(_), Ok(dtype)) => {
                convert::typed_array(&Spanned::new(value, span), Some(dtype))?
            }
            _ => part,
        };
        Ok(form(&part))
    });
    let parts = parts.collect::<Result<Vec<Array>>>()?;
    convert::checked(span, concatenate(&parts, axis)).map(Value::Array)
}

/// A vector or a number as a column.
fn column(x: &Array) -> Array {
    match x.ndim() {
        Ok(0 | 1) => x.reshape([-1, 1]),
        _ => x.clone(),
    }
}

/// The coordinates that ranges make.
fn coordinates(
    evaluator: &Evaluator,
    notation: Notation,
    items: &[Spanned<IndexItem>],
    span: Span,
) -> Result<Value> {
    let ranges = items.iter().map(|item| match &item.node {
        IndexItem::Slice { lower, upper, step } => Ok([
            bound(evaluator, lower, Number::Int(0))?,
            bound(evaluator, upper, Number::Int(0))?,
            bound(evaluator, step, Number::Int(1))?,
        ]),
        _ => Err(unfit(item.span, "a grid is made of ranges")),
    });
    let ranges: Vec<[Number; 3]> = ranges.collect::<Result<_>>()?;
    let float = |number: &Number| matches!(number, Number::Float(_));
    let dtype = match ranges.iter().flatten().any(float) {
        true => DType::F64,
        false => DType::I64,
    };
    let lines = ranges.iter().map(|[start, stop, step]| {
        let count = (stop.as_float() - start.as_float()) / step.as_float();
        if !count.is_finite() {
            return Err(unfit(span, "a range of a grid ends, and its step is not 0"));
        }
        let whole = Value::Int(count.ceil().clamp(0.0, 1e18) as i128);
        let numbers = call(
            "arange",
            vec![whole],
            &[("dtype", Value::DType(dtype))],
            span,
        )?;
        let [start, step] = [*start, *step].map(|number| Spanned::new(Value::from(number), span));
        let numbers = convert::array(&Spanned::new(numbers, span))?;
        let scaled = numbers * convert::operand(&step)? + convert::operand(&start)?;
        convert::checked(span, scaled).map(Value::Array)
    });
    let mut lines: Vec<Value> = lines.collect::<Result<_>>()?;
    if let ([line], 1) = (&mut lines[..], items.len()) {
        return Ok(std::mem::replace(line, Value::None));
    }
    let how = [
        ("indexing", Value::Str("ij".to_owned())),
        ("sparse", Value::Bool(notation == Notation::Open)),
    ];
    let parts = call("meshgrid", lines, &how, span)?;
    if notation == Notation::Open {
        return Ok(parts);
    }
    let parts = convert::list(&Spanned::new(parts, span))?;
    convert::checked(span, stack(&parts, 0)).map(Value::Array)
}

/// The index that stands between the brackets, as a value.
fn index(evaluator: &Evaluator, items: &[Spanned<IndexItem>]) -> Result<Value> {
    let each = items.iter().map(|item| match &item.node {
        IndexItem::Slice { lower, upper, step } => {
            let bound = |bound: &Option<SpannedExpr>| match bound {
                Some(expr) => slice_bound(&evaluator.spanned(expr)?),
                None => Ok(None),
            };
            Ok(Value::Slice(Slice {
                start: bound(lower)?,
                stop: bound(upper)?,
                step: bound(step)?,
            }))
        }
        IndexItem::Index(expr) => evaluator.value(expr),
        IndexItem::Ellipsis => Ok(Value::Ellipsis),
        IndexItem::NewAxis => Ok(Value::None),
    });
    let mut each: Vec<Value> = each.collect::<Result<_>>()?;
    match &mut each[..] {
        [only] => Ok(std::mem::replace(only, Value::None)),
        _ => Ok(Value::Tuple(each)),
    }
}
