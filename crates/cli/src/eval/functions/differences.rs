//! How are differences of neighbours called?

use super::along::{array, function, int_or, parameters};
use super::creation::made;
use super::{Bound, Form, Function, Parameters};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::Edges;

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        &["diff"],
        parameters(&["a", "n", "axis", "prepend", "append"], 1),
        Form::Function,
        |mut bound| {
            let a = array(&mut bound)?;
            let n = int_or(&mut bound, "n", 1)?;
            let axis = int_or(&mut bound, "axis", -1)?;
            let edges = edges(&mut bound, ["prepend", "append"])?;
            made(&bound, a.diff_with(n, axis, &edges))
        },
        "the n-th differences of neighbours along an axis (the last)",
    ),
    function(
        &["ediff1d"],
        parameters(&["a", "to_end", "to_begin"], 1),
        Form::Function,
        |mut bound| {
            let a = array(&mut bound)?;
            let edges = edges(&mut bound, ["to_begin", "to_end"])?;
            made(&bound, a.ediff1d(&edges))
        },
        "differences of neighbours in C order",
    ),
    function(
        &["gradient"],
        Parameters {
            positional: 5,
            ..parameters(&["f", "h0", "h1", "h2", "h3", "axis", "edge_order"], 1)
        },
        Form::Function,
        gradient,
        "second-order differences along every axis, or these; distances or coordinates after f",
    ),
];

/// What stands before and behind an array.
fn edges(bound: &mut Bound, [before, after]: [&str; 2]) -> Result<Edges> {
    let mut side = |name| {
        bound
            .take(name)
            .map(|value| convert::array(&value))
            .transpose()
    };
    Ok(Edges {
        before: side(before)?,
        after: side(after)?,
    })
}

fn gradient(mut bound: Bound) -> Result<Value> {
    let f = convert::array(&bound.need("f")?)?;
    let ndim = f.ndim();
    let ndim = ndim.map_err(|error| EvalError::new(bound.span, error))? as i64;
    let named = bound.take("axis");
    let one = matches!(&named, Some(axis) if matches!(axis.node, Value::Int(_))) || ndim == 1;
    let along = match &named {
        None => (0..ndim).collect(),
        Some(axis) => convert::axes(axis)?,
    };
    let place = |axis: i64| if axis < 0 { axis + ndim } else { axis };
    let again = along.iter().enumerate().any(|(k, &axis)| {
        let mut before = along[..k].iter();
        before.any(|&other| place(other) == place(axis))
    });
    if again {
        return Err(bound.refused("axis", "is named twice", "each axis once"));
    }
    let order = int_or(&mut bound, "edge_order", 1)?;
    let spacings: Vec<Spanned<Value>> = ["h0", "h1", "h2", "h3"]
        .into_iter()
        .filter_map(|name| bound.take(name))
        .collect();
    if !matches!(spacings.len(), 0 | 1) && spacings.len() != along.len() {
        let message = format!("{} distances for {} axes", spacings.len(), along.len());
        return Err(EvalError::wrong(
            bound.span,
            message,
            "one for all, or one for each axis",
        ));
    }
    let each = along.iter().enumerate().map(|(k, &axis)| {
        let spacing = spacings.get(k).or(spacings.first());
        let result = match spacing {
            None => f.gradient(1.0, axis, order),
            Some(value) => match convert::float(value) {
                Ok(step) => f.gradient(step, axis, order),
                Err(_) => f.gradient_at(&convert::array(value)?, axis, order),
            },
        };
        convert::checked(bound.span, result).map(Value::Array)
    });
    let mut results = each.collect::<Result<Vec<Value>>>()?;
    match results.pop() {
        Some(only) if one && results.is_empty() => Ok(only),
        last => {
            results.extend(last);
            Ok(Value::Tuple(results))
        }
    }
}
