//! How are medians and quantiles called?

use super::along::{array, flag, function, parameters};
use super::creation::made;
use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Axes, Fractions, QuantileMethod, all_axes, axes};

const MEDIAN: &[&str] = &["a", "axis", "out", "overwrite_input", "keepdims"];
const QUANTILE: &[&str] = &[
    "a",
    "q",
    "axis",
    "out",
    "overwrite_input",
    "method",
    "keepdims",
    "weights",
];

const NANQUANTILES: Parameters = parameters(QUANTILE, 2);
const QUANTILES: Parameters = Parameters {
    out: Place::Cast("same_kind"),
    ..NANQUANTILES
};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        &["median"],
        parameters(MEDIAN, 1),
        Form::Function,
        |bound| median(bound, Array::median),
        "the middle element along axes, or the mean of the two",
    ),
    function(
        &["nanmedian"],
        parameters(MEDIAN, 1),
        Form::Function,
        |bound| median(bound, Array::nanmedian),
        "the median of what is not NaN",
    ),
    function(
        &["quantile"],
        QUANTILES,
        Form::Function,
        |bound| quantile(bound, 1.0, false),
        "the values below which fractions q of the elements along axes lie",
    ),
    function(
        &["percentile"],
        QUANTILES,
        Form::Function,
        |bound| quantile(bound, 100.0, false),
        "as quantile, of percentages",
    ),
    function(
        &["nanquantile"],
        NANQUANTILES,
        Form::Function,
        |bound| quantile(bound, 1.0, true),
        "the quantiles of what is not NaN",
    ),
    function(
        &["nanpercentile"],
        NANQUANTILES,
        Form::Function,
        |bound| quantile(bound, 100.0, true),
        "the percentiles of what is not NaN",
    ),
];

/// The axes that are reduced, and whether they stay.
fn along(bound: &mut Bound) -> Result<Axes> {
    // Nothing here is changed in place.
    bound.take("overwrite_input");
    let along = match bound.take("axis") {
        None => all_axes(),
        Some(value) => axes(convert::axes(&value)?),
    };
    Ok(match flag(bound, "keepdims")? {
        true => along.keepdims(),
        false => along,
    })
}

fn median(mut bound: Bound, median: fn(&Array, Axes) -> Array) -> Result<Value> {
    let (a, along) = (array(&mut bound)?, along(&mut bound)?);
    made(&bound, median(&a, along))
}

fn quantile(mut bound: Bound, whole: f64, skip_nan: bool) -> Result<Value> {
    let a = array(&mut bound)?;
    let given = bound.need("q")?;
    let q = wanted(&given, whole)?;
    let method = method(&mut bound)?;
    let along = along(&mut bound)?;
    let Some(weights) = bound.take("weights") else {
        let how = along.method(method);
        let result = match (q, skip_nan) {
            (Wanted::Array(q), true) => a.nanquantile_at(&q, how),
            (Wanted::Array(q), false) => a.quantile_at(&q, how),
            (Wanted::Written(q), true) => a.nanquantile(q, how),
            (Wanted::Written(q), false) => a.quantile(q, how),
        };
        return made(&bound, result);
    };
    if method != QuantileMethod::InvertedCdf {
        let what = "go with method=\"inverted_cdf\" alone";
        return Err(bound.refused("weights", what, "method=\"inverted_cdf\""));
    }
    let weights = convert::array(&weights)?;
    let result = match q {
        Wanted::Array(q) => a.weighted_quantile_at(&q, along, &weights, skip_nan),
        Wanted::Written(q) => a.weighted_quantile(q, along, &weights, skip_nan),
    };
    made(&bound, result)
}

fn method(bound: &mut Bound) -> Result<QuantileMethod> {
    match bound.take("method") {
        None => Ok(QuantileMethod::Linear),
        Some(name) => {
            let text = convert::text(&name)?;
            tilewright::quantile_method(text).map_err(|error| EvalError::new(name.span, error))
        }
    }
}

/// The fractions that are asked for.
enum Wanted {
    /// An array.
    Array(Array),
    /// A number, or a list of them.
    Written(Fractions),
}

/// Fractions out of `whole`.
fn wanted(given: &Spanned<Value>, whole: f64) -> Result<Wanted> {
    let list = |value: &Value| matches!(value, Value::List(_) | Value::Tuple(_) | Value::Array(_));
    let array = match &given.node {
        Value::Array(q) => q.clone(),
        Value::List(items) | Value::Tuple(items) if items.iter().any(list) => {
            convert::array(given)?
        }
        _ => return fractions(given, whole).map(Wanted::Written),
    };
    // Percentages are divided in any case, and so are floats.
    Ok(Wanted::Array(if whole == 1.0 {
        array
    } else {
        array / whole
    }))
}

/// Numbers, or a list of them, out of `whole`.
fn fractions(given: &Spanned<Value>, whole: f64) -> Result<Fractions> {
    let number = |value: &Value| convert::float(&Spanned::new(value.clone(), given.span));
    let integer = |value: &Value| matches!(value, Value::Int(_) | Value::Bool(_));
    let ends = |values: &[Value]| whole == 1.0 && values.iter().all(integer);
    let (values, one) = match &given.node {
        Value::List(items) | Value::Tuple(items) => (&items[..], false),
        value => (std::slice::from_ref(value), true),
    };
    if ends(values) && !values.is_empty() {
        let whole = values
            .iter()
            .map(|q| convert::int(&Spanned::new(q.clone(), given.span)));
        return Ok(Fractions::Ends(whole.collect::<Result<_>>()?, one));
    }
    let numbers = values.iter().map(|q| number(q).map(|q| q / whole));
    let numbers: Vec<f64> = numbers.collect::<Result<_>>()?;
    Ok(match (one, &numbers[..]) {
        (true, [q]) => Fractions::One(*q),
        _ => Fractions::Many(numbers),
    })
}
