//! How are functions of dtypes called?

use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::{Span, Spanned};
use tilewright::{Array, DType};

const fn parameters(names: &'static [&'static str]) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required: names.len(),
        packed: None,
        out: Place::Any,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["dtype"],
        parameters: parameters(&["dtype"]),
        form: Form::Function,
        call: |mut bound| convert::dtype(&bound.need("dtype")?).map(Value::DType),
        about: "the element type of this name",
    },
    Function {
        names: &["finfo"],
        parameters: parameters(&["dtype"]),
        form: Form::Function,
        call: |mut bound| {
            let given = bound.need("dtype")?;
            match of_number(&given)? {
                dtype if dtype.is_float() => Ok(Value::Limits(dtype)),
                other => Err(no_limits(&bound, other, "a float dtype, or iinfo")),
            }
        },
        about: "the limits of a float dtype: finfo(float32).eps, and max min tiny smallest_normal \
                smallest_subnormal epsneg resolution precision bits nmant nexp maxexp minexp dtype",
    },
    Function {
        names: &["iinfo"],
        parameters: parameters(&["dtype"]),
        form: Form::Function,
        call: |mut bound| {
            let given = bound.need("dtype")?;
            match of_number(&given)? {
                dtype if dtype.is_integer() && dtype != DType::Bool => Ok(Value::Limits(dtype)),
                other => Err(no_limits(&bound, other, "an integer dtype, or finfo")),
            }
        },
        about: "the limits of an integer dtype: iinfo(int8).max, and min bits kind dtype",
    },
    Function {
        names: &["promote_types"],
        parameters: parameters(&["type1", "type2"]),
        form: Form::Function,
        call: |mut bound| {
            let a = convert::dtype(&bound.need("type1")?)?;
            let b = convert::dtype(&bound.need("type2")?)?;
            Ok(Value::DType(a.promote(b)))
        },
        about: "the smallest dtype that both convert to",
    },
    Function {
        names: &["result_type"],
        parameters: Parameters {
            packed: Some(0),
            ..parameters(&["arrays_and_dtypes"])
        },
        form: Form::Function,
        call: result_type,
        about: "the dtype that arrays, dtypes and plain numbers have together",
    },
];

/// A dtype, or that of a number.
fn of_number(given: &Spanned<Value>) -> Result<DType> {
    match (&given.node, weak(&given.node)) {
        (_, Some(dtype)) => Ok(dtype),
        (Value::Array(x), None) if x.ndim().is_ok_and(|ndim| ndim == 0) => {
            x.dtype().map_err(|error| EvalError::new(given.span, error))
        }
        _ => convert::dtype(given),
    }
}

fn no_limits(bound: &Bound, dtype: DType, way_out: &str) -> EvalError {
    bound.refused("dtype", &format!("is {}", dtype.name()), way_out)
}

/// The dtype of plain numbers alone; beside arrays they only say of which class it is at least.
fn weak(value: &Value) -> Option<DType> {
    match value {
        Value::Bool(_) => Some(DType::Bool),
        Value::Int(_) => Some(DType::I64),
        Value::Float(_) => Some(DType::F64),
        _ => None,
    }
}

fn result_type(mut bound: Bound) -> Result<Value> {
    let given = bound.need("arrays_and_dtypes")?;
    let Value::Tuple(values) = given.node else {
        return Err(bound.refused("arrays_and_dtypes", "is no list", "result_type(x, int8)"));
    };
    let (mut strong, mut plain) = (Vec::new(), Vec::new());
    for value in values {
        match weak(&value) {
            Some(dtype) => plain.push(dtype),
            None => strong.push(strong_dtype(value, given.span)?),
        }
    }
    let dtype = common(strong, plain).ok_or_else(|| {
        EvalError::wrong(bound.span, "result_type of nothing", "result_type(x, int8)")
    })?;
    Ok(Value::DType(dtype))
}

/// What arrays and plain numbers of these dtypes have together.
fn common(strong: Vec<DType>, plain: Vec<DType>) -> Option<DType> {
    match (DType::promote_all(strong), DType::promote_all(plain)) {
        (Some(strong), Some(plain)) if plain.class() > strong.class() => Some(plain),
        (Some(strong), _) => Some(strong),
        (None, plain) => plain,
    }
}

/// An array in another dtype, where NumPy's rule of casts allows it: `same_kind` without one.
pub(super) fn cast(
    x: &Array,
    to: DType,
    casting: Option<&Spanned<Value>>,
    span: Span,
) -> Result<Array> {
    cast_by(casting.map_or(Ok("same_kind"), convert::text)?, x, to, span)
}

/// As [`cast`], by the rule of this name.
pub(in crate::eval) fn cast_by(rule: &str, x: &Array, to: DType, span: Span) -> Result<Array> {
    let from = x.dtype().map_err(|error| EvalError::new(span, error))?;
    check(rule, from, to, span)?;
    Ok(x.astype(to))
}

/// Refuses a rule of casts that is none, also where nothing is cast.
pub(super) fn check_rule(rule: &Spanned<Value>) -> Result<()> {
    check(convert::text(rule)?, DType::Bool, DType::Bool, rule.span)
}

/// Refuses a cast that the rule of this name does not allow.
pub(super) fn check(rule: &str, from: DType, to: DType, span: Span) -> Result<()> {
    let allowed = match rule {
        "unsafe" => true,
        "same_kind" => from.casts_within_kind(to),
        "safe" => from.promote(to) == to,
        "no" | "equiv" => from == to,
        other => {
            let message = format!("the rule of casts {other:?}");
            let way_out = "no, equiv, safe, same_kind or unsafe";
            return Err(EvalError::wrong(span, message, way_out));
        }
    };
    match allowed {
        true => Ok(()),
        false => {
            let message = format!("{} as {}", from.name(), to.name());
            Err(EvalError::wrong(span, message, "astype first"))
        }
    }
}

/// Arrays that become one; plain numbers among them take the dtype that they have together.
pub(in crate::eval) fn together(values: Vec<Value>, span: Span) -> Result<Vec<Array>> {
    let plain: Vec<Option<DType>> = values.iter().map(weak).collect();
    let arrays = convert::list(&Spanned::new(Value::List(values), span))?;
    let both = arrays.iter().zip(&plain);
    let strong = both.clone().filter(|(_, plain)| plain.is_none());
    let strong = strong.filter_map(|(array, _)| array.dtype().ok()).collect();
    let dtype = common(strong, plain.iter().flatten().copied().collect());
    Ok(both
        .map(|(array, plain)| match dtype.filter(|_| plain.is_some()) {
            Some(dtype) => array.astype(dtype),
            None => array.clone(),
        })
        .collect())
}

fn strong_dtype(value: Value, span: Span) -> Result<DType> {
    match &value {
        Value::Array(array) => array.dtype().map_err(|error| EvalError::new(span, error)),
        _ => convert::dtype(&Spanned::new(value, span)),
    }
}
