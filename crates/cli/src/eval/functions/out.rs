//! What becomes of a result that is to lie in an array there is?
//!
//! Names are values here: `out=z` gives what would lie in z, and leaves z what it is. Absent: the
//! keywords of element-wise functions, which have masks, too (`keywords`).

use super::Bound;
use super::dtypes;
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::{Span, Spanned};
use tilewright::{Array, DType};

/// Functions that cast what they put there as NumPy's rule of this name allows; the others cast to
/// whatever dtype is there.
const RULES: &[(&str, &[&str])] = &[
    (
        "same_kind",
        &[
            "std",
            "nanstd",
            "nanvar",
            "nanmean",
            "ptp",
            "quantile",
            "percentile",
            "concatenate",
            "concat",
            "stack",
            "matmul",
            "outer",
            "vecdot",
            "matvec",
            "vecmat",
        ],
    ),
    ("safe", &["einsum"]),
    ("no", &["dot"]),
];

/// Functions that compute in the float that is there, of integers.
const WITHIN: &[&str] = &[
    "sum",
    "prod",
    "nansum",
    "nanprod",
    "cumsum",
    "cumprod",
    "nancumsum",
    "nancumprod",
    "cumulative_sum",
    "cumulative_prod",
    "trace",
];

/// Functions that give indices, which the dtype there must convert to and not the other way round.
const INDICES: &[&str] = &["argmin", "argmax", "nanargmin", "nanargmax"];

/// What a call gives, in the array of its argument `out` if that was given.
///
/// # Errors
/// Whatever the call refuses; an array of another shape, or of a dtype that results are not cast to.
pub(super) fn called(mut bound: Bound, call: impl FnOnce(Bound) -> Result<Value>) -> Result<Value> {
    if bound.knows("out1") {
        // A loop of two results has two places.
        return call(bound);
    }
    let Some(given) = bound.take("out") else {
        return call(bound);
    };
    let out = place(&given)?;
    let (name, casting) = (bound.name.clone(), bound.given("casting").cloned());
    let there = out
        .dtype()
        .map_err(|error| EvalError::new(given.span, error))?;
    let whole = ["a", "x"].into_iter().any(|name| {
        let x = bound.given(name).map(|x| &x.node);
        matches!(x, Some(Value::Array(x)) if x.dtype().is_ok_and(|dtype| !dtype.is_float()))
    });
    if WITHIN.contains(&name.as_str()) && there.is_float() && whole {
        bound.suggest("dtype", Spanned::new(Value::DType(there), given.span));
    }
    let Value::Array(result) = call(bound)? else {
        let message = format!("{name} of several results has no one place for them");
        return Err(EvalError::wrong(given.span, message, "leave out out"));
    };
    let wrong = |error| EvalError::new(given.span, error);
    let (from, to) = (result.dtype().map_err(wrong)?, there);
    if INDICES.contains(&name.as_str()) && to.promote(DType::I64) != DType::I64 {
        let message = format!("{name}: indices as {}", to.name());
        return Err(EvalError::wrong(given.span, message, "an array of int64"));
    }
    let rule = RULES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    let result = match (casting, rule) {
        (Some(casting), _) => dtypes::cast(&result, to, Some(&casting), given.span)?,
        (None, Some((rule, _))) => dtypes::cast_by(rule, &result, to, given.span)?,
        (None, None) if from == to => result,
        (None, None) => result.astype(to),
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
