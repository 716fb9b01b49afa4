//! How are operators of the table called?

use super::{Arguments, Parameters};
use crate::eval::arguments::Bound;
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::expression::map;
use crate::eval::value::Value;
use tilewright::ops::{self, Form};
use tilewright::{Array, Axes, DType, all_axes, axes};

/// NumPy's other names of rows.
const ALIASES: &[(&str, &str)] = &[
    ("abs", "absolute"),
    ("mod", "remainder"),
    ("pow", "power"),
    ("true_divide", "divide"),
    ("bitwise_not", "invert"),
    ("bitwise_invert", "invert"),
    ("bitwise_left_shift", "left_shift"),
    ("bitwise_right_shift", "right_shift"),
    ("fix", "trunc"),
    ("around", "round"),
    ("conj", "conjugate"),
    // NumPy's longer names, and those below SciPy's `special`.
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
    ("arctan2", "atan2"),
    ("arcsinh", "asinh"),
    ("arccosh", "acosh"),
    ("arctanh", "atanh"),
    ("radians", "deg2rad"),
    ("degrees", "rad2deg"),
    ("special.erf", "erf"),
    ("special.erfc", "erfc"),
    ("special.gammaln", "gammaln"),
    ("special.i0", "i0"),
    ("amin", "min"),
    ("amax", "max"),
];

/// Element-wise functions that are methods of arrays too.
const METHODS: &[&str] = &["round", "clip", "conj", "conjugate"];

/// Reductions whose third argument is a dtype.
const WITH_DTYPE: &[&str] = &["sum", "prod"];

/// Keywords of Dask and NumPy that change nothing here, or are refused.
const REDUCE: &[&str] = &["a", "axis", "out", "keepdims", "split_every"];
const REDUCE_AS: &[&str] = &["a", "axis", "dtype", "out", "keepdims", "split_every"];
const SPREAD: &[&str] = &[
    "a",
    "axis",
    "dtype",
    "out",
    "ddof",
    "keepdims",
    "split_every",
];

/// The row that a name means.
pub(super) fn row(name: &str) -> &str {
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map_or(name, |(_, row)| row)
}

/// How the row of a name is called here; `None` for rows with functions of their own.
fn form(name: &str) -> Option<Form> {
    // Rows that no one writes: the parts of means and variances.
    let hidden = ["wide_mean", "squared_deviations"].contains(&name);
    ops::form(row(name)).filter(|form| *form != Form::Other && !hidden)
}

pub(super) fn exists(name: &str) -> bool {
    form(name).is_some()
}

pub(super) fn is_method(name: &str) -> bool {
    let reduces = matches!(form(name), Some(Form::Reduce | Form::Statistic)) && row(name) == name;
    reduces || METHODS.contains(&name)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    ops::names().chain(aliases).filter(|name| exists(name))
}

/// Calls the row of a name that [`exists`].
pub(super) fn call(name: &str, arguments: Arguments) -> Result<Value> {
    let span = arguments.span;
    let all = |names: &'static [&'static str], required| Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
    };
    match form(name) {
        Some(Form::Map(params)) => {
            let mut bound = arguments.bind(&all(params, params.len()))?;
            let values = params
                .iter()
                .map(|param| bound.need(param))
                .collect::<Result<Vec<_>>>()?;
            map(row(name), &values, span)
        }
        Some(Form::Composed(params, required)) => {
            let mut bound = arguments.bind(&all(params, required))?;
            let operands = params.iter().map(|param| {
                let value = bound.take(param);
                value.map(|value| convert::operand(&value)).transpose()
            });
            let operands = operands.collect::<Result<Vec<_>>>()?;
            convert::checked(span, ops::compose(row(name), &operands)).map(Value::Array)
        }
        Some(Form::Statistic) => {
            let mut bound = arguments.bind(&all(SPREAD, 1))?;
            let (x, along) = common(&mut bound)?;
            let to = bound
                .take("dtype")
                .map(|value| convert::dtype(&value))
                .transpose()?;
            if let Some(to) = to.filter(|dtype| !dtype.is_float()) {
                let message = format!("{name} in {}", to.name());
                return Err(EvalError::wrong(span, message, "dtype=float32 or float64"));
            }
            let ddof = bound
                .take("ddof")
                .map(|value| convert::float(&value))
                .transpose()?;
            let x = to.map_or(x.clone(), |dtype| x.astype(dtype));
            let result = ops::statistic(row(name), &x, along.ddof(ddof.unwrap_or(0.0)));
            finish(span, result, to)
        }
        _ => {
            let with_dtype = WITH_DTYPE.contains(&row(name));
            let mut bound = arguments.bind(&all(if with_dtype { REDUCE_AS } else { REDUCE }, 1))?;
            let (x, along) = common(&mut bound)?;
            let to = bound
                .take("dtype")
                .map(|value| convert::dtype(&value))
                .transpose()?;
            let x = to.map_or(x.clone(), |dtype| x.astype(dtype));
            finish(span, ops::reduce(row(name), &x, along), to)
        }
    }
}

/// What is reduced, and along what.
fn common(bound: &mut Bound) -> Result<(Array, Axes)> {
    let x = convert::array(&bound.need("a")?)?;
    bound.refuse(&["out"])?;
    // How Dask groups chunks; the order of a reduction is fixed here.
    bound.take("split_every");
    let along = match bound.take("axis") {
        None => all_axes(),
        // NumPy takes a list of axes elsewhere, but not where it reduces.
        Some(value) if matches!(value.node, Value::List(_)) => {
            let message = "a list where an axis or a tuple of axes is wanted";
            return Err(EvalError::wrong(value.span, message, "axis=(0, 1)"));
        }
        Some(value) => axes(convert::axes(&value)?),
    };
    let keep = bound
        .take("keepdims")
        .map(|value| convert::bool(&value))
        .transpose()?;
    Ok((
        x,
        if keep == Some(true) {
            along.keepdims()
        } else {
            along
        },
    ))
}

fn finish(span: crate::parse::Span, result: Array, to: Option<DType>) -> Result<Value> {
    let result = to.map_or(result.clone(), |dtype| result.astype(dtype));
    convert::checked(span, result).map(Value::Array)
}
