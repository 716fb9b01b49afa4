//! How are operators of the table called?

use super::loops::Loop;
use super::{Arguments, Parameters, Place, reductions};
use crate::eval::error::Result;
use crate::eval::value::Value;
use tilewright::ops::{self, Form};

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
const METHODS: &[&str] = &["clip"];

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

/// Whether it is an element-wise function of two arguments.
pub(super) fn takes_two(name: &str) -> bool {
    match form(name) {
        Some(Form::Map(params) | Form::Composed(params, 2)) => params.len() == 2,
        _ => false,
    }
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
pub(super) fn call(name: &str, mut arguments: Arguments) -> Result<Value> {
    let all = |names: &'static [&'static str], required| Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
        out: Place::Any,
    };
    match form(name) {
        Some(Form::Map(params)) => {
            let asked = Loop::of(&mut arguments, params.len())?;
            let mut bound = arguments.bind(&all(params, params.len()))?;
            let operands = params.iter().map(|param| asked.cast(&bound.need(param)?));
            let operands = operands.collect::<Result<Vec<_>>>()?;
            asked.check(row(name), &operands)?;
            asked.held(0, ops::map(row(name), &operands))
        }
        Some(Form::Composed(params, required)) => {
            let asked = Loop::of(&mut arguments, params.len())?;
            let mut bound = arguments.bind(&all(params, required))?;
            let operands = params.iter().map(|param| {
                let value = bound.take(param);
                value.map(|value| asked.cast(&value)).transpose()
            });
            let operands = operands.collect::<Result<Vec<_>>>()?;
            asked.held(0, ops::compose(row(name), &operands))
        }
        _ => reductions::call(row(name), arguments),
    }
}
