//! What may stand between square brackets?

use super::convert;
use super::error::{EvalError, Result};
use super::expression::Evaluator;
use super::value::Value;
use crate::parse::ast::IndexItem;
use crate::parse::{Expr, Span, Spanned, SpannedExpr};
use tilewright::{Item, NewAxis};

/// `value[items]`.
pub(super) fn subscript(
    evaluator: &Evaluator,
    value: Spanned<Value>,
    items: &[Spanned<IndexItem>],
    span: Span,
) -> Result<Value> {
    match &value.node {
        Value::Array(array) => {
            let index = self::items(evaluator, items)?;
            convert::checked(span, array.slice(index)).map(Value::Array)
        }
        Value::Tuple(parts) => part(evaluator, parts, items, span, Value::Tuple),
        Value::List(parts) => part(evaluator, parts, items, span, Value::List),
        other => Err(EvalError::wrong(
            value.span,
            format!("{} has no index", other.kind()),
            "an array, a tuple or a list",
        )),
    }
}

/// What the items between the brackets mean.
pub(super) fn items(evaluator: &Evaluator, items: &[Spanned<IndexItem>]) -> Result<Vec<Item>> {
    let mut index = Vec::with_capacity(items.len());
    if let [only] = items
        && let IndexItem::Index(expr) = &only.node
        && !matches!(expr.node, Expr::Tuple(_))
    {
        // A value that is a tuple is the index by itself; a tuple that is written there is a list.
        let value = evaluator.spanned(expr)?;
        let Value::Tuple(parts) = value.node else {
            index.push(index_value(&value)?);
            return Ok(index);
        };
        for part in parts {
            index.push(index_value(&Spanned::new(part, value.span))?);
        }
        return Ok(index);
    }
    for item in items {
        index.push(index_item(evaluator, item)?);
    }
    Ok(index)
}

/// What an item means in an array's index.
fn index_item(evaluator: &Evaluator, item: &Spanned<IndexItem>) -> Result<Item> {
    match &item.node {
        IndexItem::Ellipsis => Ok(Item::ELLIPSIS),
        IndexItem::NewAxis => Ok(NewAxis.into()),
        IndexItem::Slice { lower, upper, step } => {
            let bound = |bound: &Option<SpannedExpr>| bound_of(evaluator, bound);
            Ok(Item::slice(bound(lower)?, bound(upper)?, bound(step)?))
        }
        IndexItem::Index(expr) => index_value(&evaluator.spanned(expr)?),
    }
}

/// A value between the brackets.
fn index_value(value: &Spanned<Value>) -> Result<Item> {
    Ok(match &value.node {
        Value::Int(_) => convert::int(value)?.into(),
        Value::None => NewAxis.into(),
        Value::Ellipsis => Item::ELLIPSIS,
        Value::Slice(slice) => Item::slice(slice.start, slice.stop, slice.step),
        Value::Bool(truth) => (*truth).into(),
        // An empty list is one of no indices, an empty array of floats is none.
        Value::Array(array) if array.dtype().is_ok_and(|dtype| dtype.is_float()) => {
            let message = "an array of floats is not an index";
            let way_out = "astype(int64), or // for whole numbers";
            return Err(EvalError::wrong(value.span, message, way_out));
        }
        Value::List(_) | Value::Tuple(_) | Value::Array(_) => convert::array(value)?.into(),
        other => {
            let message = format!("{} is not an index here", other.kind());
            let way_out = "an integer, a slice, ... or None";
            return Err(EvalError::wrong(value.span, message, way_out));
        }
    })
}

/// A bound of a slice. Python clips bounds to the axis, so any integer is one.
fn bound_of(evaluator: &Evaluator, bound: &Option<SpannedExpr>) -> Result<Option<i64>> {
    let Some(expr) = bound else { return Ok(None) };
    slice_bound(&evaluator.spanned(expr)?)
}

/// The bound of a slice that a value is.
pub(super) fn slice_bound(value: &Spanned<Value>) -> Result<Option<i64>> {
    match &value.node {
        Value::None => Ok(None),
        Value::Int(at) => Ok(Some(
            (*at).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64,
        )),
        other => Err(EvalError::wrong(
            value.span,
            format!("{} where a slice's bound is wanted", other.kind()),
            "an integer; // divides to one",
        )),
    }
}

/// A part of a tuple or list.
fn part(
    evaluator: &Evaluator,
    parts: &[Value],
    items: &[Spanned<IndexItem>],
    span: Span,
    make: fn(Vec<Value>) -> Value,
) -> Result<Value> {
    let len = parts.len() as i64;
    match items {
        [
            Spanned {
                node: IndexItem::Index(expr),
                ..
            },
        ] => {
            let at = convert::int(&evaluator.spanned(expr)?)?;
            let place = if at < 0 { at.saturating_add(len) } else { at };
            let found = usize::try_from(place)
                .ok()
                .and_then(|place| parts.get(place));
            found.cloned().ok_or_else(|| {
                EvalError::wrong(
                    expr.span,
                    format!("index {at} is out of range for {len} items"),
                    format!("an index from {} to {}", -len, len - 1),
                )
            })
        }
        [
            Spanned {
                node: IndexItem::Slice { lower, upper, step },
                ..
            },
        ] => {
            let bound = |bound: &Option<SpannedExpr>| bound_of(evaluator, bound);
            let slice = tilewright::Slice {
                start: bound(lower)?,
                stop: bound(upper)?,
                step: bound(step)?,
            };
            let range = slice
                .resolve(len)
                .map_err(|error| EvalError::new(span, error))?;
            let taken = (0..range.len).filter_map(|i| parts.get(range.at(i) as usize).cloned());
            Ok(make(taken.collect()))
        }
        _ => Err(EvalError::wrong(
            span,
            "this index is not one of a tuple",
            "one integer or slice",
        )),
    }
}
