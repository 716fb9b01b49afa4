//! What becomes of a result that is to lie in an array there is?
//!
//! Names are values here: `out=z` gives what would lie in z, and leaves z what it is. Absent: the
//! keywords of element-wise functions, which have masks, too (`loops`); which arrays a function takes
//! there, which its parameters say.

use super::dtypes;
use super::{Bound, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::{Span, Spanned};
use tilewright::{Array, DType};

/// What a call gives, in the array of its argument `out` if that was given.
///
/// # Errors
/// Whatever the call refuses; an array of another shape, or of a dtype that results are not cast to.
pub(super) fn called(mut bound: Bound, call: impl FnOnce(Bound) -> Result<Value>) -> Result<Value> {
    if bound.out == Place::Own {
        return call(bound);
    }
    let Some(given) = bound.take("out") else {
        return call(bound);
    };
    let out = place(&given)?;
    let (name, rule) = (bound.name.clone(), bound.out);
    let casting = bound.given("casting").cloned();
    let there = out
        .dtype()
        .map_err(|error| EvalError::new(given.span, error))?;
    let whole = ["a", "x"].into_iter().any(|name| {
        let x = bound.given(name).map(|x| &x.node);
        matches!(x, Some(Value::Array(x)) if x.dtype().is_ok_and(|dtype| !dtype.is_float()))
    });
    if rule == Place::Within && there.is_float() && whole {
        bound.suggest("dtype", Spanned::new(Value::DType(there), given.span));
    }
    let Value::Array(result) = call(bound)? else {
        let message = format!("{name} of several results has no one place for them");
        return Err(EvalError::wrong(given.span, message, "leave out out"));
    };
    let wrong = |error| EvalError::new(given.span, error);
    let (from, to) = (result.dtype().map_err(wrong)?, there);
    if rule == Place::Indices && to.promote(DType::I64) != DType::I64 {
        let message = format!("{name}: indices as {}", to.name());
        return Err(EvalError::wrong(given.span, message, "an array of int64"));
    }
    let result = match (casting, rule) {
        (Some(casting), _) => dtypes::cast(&result, to, Some(&casting), given.span)?,
        (None, Place::Cast(rule)) => dtypes::cast_by(rule, &result, to, given.span)?,
        (None, _) if from == to => result,
        (None, _) => result.astype(to),
    };
    if let (Ok(own), Ok(there)) = (result.shape(), out.shape())
        && own != there
    {
        let message = format!("{name}: a result of shape {own:?} in an array of {there:?}");
        return Err(EvalError::wrong(
            given.span,
            message,
            "an array of its shape",
        ));
    }
    convert::checked(given.span, result.held_by(&out, None)).map(Value::Array)
}

/// The array where a result is to lie.
///
/// # Errors
/// What is no array.
pub(super) fn place(given: &Spanned<Value>) -> Result<Array> {
    match &given.node {
        Value::Array(out) => Ok(out.clone()),
        other => Err(no_place(other, given.span)),
    }
}

fn no_place(value: &Value, span: Span) -> EvalError {
    let message = format!("{} where the array of a result is wanted", value.kind());
    EvalError::wrong(span, message, "out=zeros_like(x)")
}
