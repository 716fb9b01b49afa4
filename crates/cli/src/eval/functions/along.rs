//! How are functions along an axis called: sorting, running sums, extremes, places in sorted arrays?

use super::creation::made;
use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Axes, DType, Side};

pub(super) const fn parameters(names: &'static [&'static str], required: usize) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
        out: Place::Any,
    }
}

const SORT: &[&str] = &["a", "axis", "kind", "order", "stable"];
const PARTITION: &[&str] = &["a", "kth", "axis", "kind", "order"];
const SCAN: Parameters = Parameters {
    out: Place::Within,
    ..parameters(&["a", "axis", "dtype", "out"], 1)
};
const CUMULATIVE: Parameters = Parameters {
    out: Place::Within,
    ..parameters(&["a", "axis", "dtype", "out", "include_initial"], 1)
};
const ARGUMENT: Parameters = Parameters {
    out: Place::Indices,
    ..parameters(&["a", "axis", "out", "keepdims", "split_every"], 1)
};

/// A row of the table.
pub(super) const fn function(
    names: &'static [&'static str],
    parameters: Parameters,
    form: Form,
    call: fn(Bound) -> Result<Value>,
    about: &'static str,
) -> Function {
    Function {
        names,
        parameters,
        form,
        call,
        about,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        &["sort"],
        parameters(SORT, 1),
        Form::Both,
        |bound| sorted(bound, Array::sort),
        "the elements along an axis (the last) in ascending order; NaN is last",
    ),
    function(
        &["argsort"],
        parameters(SORT, 1),
        Form::Both,
        |bound| sorted(bound, Array::argsort),
        "the positions of the elements of sort(a); of equal ones the first comes first",
    ),
    function(
        &["partition"],
        parameters(PARTITION, 2),
        Form::Both,
        |bound| partitioned(bound, Array::partition),
        "elements so that those at kth stand where sorting puts them: sorted",
    ),
    function(
        &["argpartition"],
        parameters(PARTITION, 2),
        Form::Both,
        |bound| partitioned(bound, Array::argpartition),
        "the positions of the elements of partition(a, kth)",
    ),
    function(
        &["topk"],
        parameters(&["a", "k", "axis", "split_every"], 2),
        Form::Both,
        |bound| top(bound, Array::topk),
        "the k largest along an axis in descending order; the smallest for a negative k",
    ),
    function(
        &["argtopk"],
        parameters(&["a", "k", "axis", "split_every"], 2),
        Form::Both,
        |bound| top(bound, Array::argtopk),
        "the positions of the elements of topk(a, k)",
    ),
    function(
        &["cumsum"],
        SCAN,
        Form::Both,
        |bound| scanned(bound, Array::cumsum),
        "running sum along an axis, or in C order without one",
    ),
    function(
        &["cumprod"],
        SCAN,
        Form::Both,
        |bound| scanned(bound, Array::cumprod),
        "running product along an axis, or in C order without one",
    ),
    function(
        &["cumulative_sum"],
        CUMULATIVE,
        Form::Function,
        |bound| cumulative(bound, Array::cumsum, 0.0),
        "running sum along an axis; with include_initial 0 stands before it",
    ),
    function(
        &["cumulative_prod"],
        CUMULATIVE,
        Form::Function,
        |bound| cumulative(bound, Array::cumprod, 1.0),
        "running product along an axis; with include_initial 1 stands before it",
    ),
    function(
        &["nancumsum"],
        SCAN,
        Form::Function,
        |bound| scanned(bound, Array::nancumsum),
        "running sum with NaN taken as 0",
    ),
    function(
        &["nancumprod"],
        SCAN,
        Form::Function,
        |bound| scanned(bound, Array::nancumprod),
        "running product with NaN taken as 1",
    ),
    function(
        &["minimum.accumulate"],
        SCAN,
        Form::Function,
        |bound| scanned(bound, Array::cummin),
        "running minimum along an axis, the first without one; NaN from the first one on",
    ),
    function(
        &["maximum.accumulate"],
        SCAN,
        Form::Function,
        |bound| scanned(bound, Array::cummax),
        "running maximum along an axis, the first without one; NaN from the first one on",
    ),
    function(
        &["lexsort"],
        parameters(&["keys", "axis"], 1),
        Form::Function,
        |mut bound| {
            let keys = convert::list(&bound.need("keys")?)?;
            let axis = int_or(&mut bound, "axis", -1)?;
            let numbers = keys
                .iter()
                .all(|key| key.ndim().is_ok_and(|ndim| ndim == 0));
            if numbers && !keys.is_empty() {
                // Of one place each.
                return made(&bound, tilewright::full(tilewright::shape([]), 0i64));
            }
            made(&bound, tilewright::lexsort(&keys, axis))
        },
        "the positions that sort by the last of some keys, by the one before where it is equal, and so on",
    ),
    function(
        &["argmin"],
        ARGUMENT,
        Form::Both,
        |bound| argument(bound, Array::argmin),
        "the index of the smallest element: the first NaN, else the first of equals",
    ),
    function(
        &["argmax"],
        ARGUMENT,
        Form::Both,
        |bound| argument(bound, Array::argmax),
        "the index of the largest element: the first NaN, else the first of equals",
    ),
    function(
        &["nanargmin"],
        ARGUMENT,
        Form::Function,
        |bound| argument(bound, Array::nanargmin),
        "the index of the smallest element that is not NaN",
    ),
    function(
        &["nanargmax"],
        ARGUMENT,
        Form::Function,
        |bound| argument(bound, Array::nanargmax),
        "the index of the largest element that is not NaN",
    ),
    function(
        &["searchsorted"],
        parameters(&["a", "v", "side", "sorter"], 2),
        Form::Both,
        |mut bound| {
            let (a, v) = (array(&mut bound)?, convert::array(&bound.need("v")?)?);
            let a = match bound.take("sorter") {
                None => a,
                Some(sorter) => a.in_order(&convert::array(&sorter)?),
            };
            let side = match bound.take("side") {
                None => Side::Left,
                Some(given) => match convert::text(&given)? {
                    "left" => Side::Left,
                    "right" => Side::Right,
                    other => {
                        let message = format!("the side {other:?}");
                        return Err(EvalError::wrong(
                            given.span,
                            message,
                            "\"left\" or \"right\"",
                        ));
                    }
                },
            };
            made(&bound, a.searchsorted(&v, side))
        },
        "for each of v the number of elements of sorted a below it",
    ),
    function(
        &["digitize"],
        parameters(&["x", "bins", "right"], 2),
        Form::Function,
        |mut bound| {
            let x = convert::array(&bound.need("x")?)?;
            let bins = convert::array(&bound.need("bins")?)?;
            let side = match flag(&mut bound, "right")? {
                true => Side::Right,
                false => Side::Left,
            };
            made(&bound, x.digitize(&bins, side))
        },
        "the bin of each element among sorted bins, 0 below the first edge",
    ),
];

pub(super) fn array(bound: &mut Bound) -> Result<Array> {
    convert::array(&bound.need("a")?)
}

pub(super) fn flag(bound: &mut Bound, name: &str) -> Result<bool> {
    let given = bound.take(name).map(|value| convert::bool(&value));
    given.transpose().map(|value| value.unwrap_or(false))
}

pub(super) fn int_or(bound: &mut Bound, name: &str, otherwise: i64) -> Result<i64> {
    bound
        .take_given(name)
        .map_or(Ok(otherwise), |value| convert::int(&value))
}

/// The axis: the last one if it was left out, none if it is `None`.
fn axis_or_last(bound: &mut Bound) -> Result<Option<i64>> {
    match bound.take_given("axis") {
        None => Ok(Some(-1)),
        Some(Spanned {
            node: Value::None, ..
        }) => Ok(None),
        Some(value) => convert::int(&value).map(Some),
    }
}

fn axis(bound: &mut Bound) -> Result<Option<i64>> {
    let given = bound.take("axis").map(|value| convert::int(&value));
    given.transpose()
}

fn sorted(mut bound: Bound, sort: fn(&Array, Option<i64>) -> Array) -> Result<Value> {
    // Every sort here is stable.
    let stable = bound.take("stable");
    if let Some(kind) = bound.take("kind") {
        let known = ["quicksort", "mergesort", "heapsort", "stable"];
        if stable.is_some() {
            return Err(bound.refused("kind", "and stable are one thing", "stable=True"));
        }
        if !known.contains(&convert::text(&kind)?) {
            let what = format!("{} is unknown", kind.node);
            return Err(bound.refused("kind", &what, &known.join(", ")));
        }
    }
    bound.refuse(&["order"])?;
    let (a, axis) = (array(&mut bound)?, axis_or_last(&mut bound)?);
    made(&bound, sort(&a, axis))
}

fn partitioned(
    mut bound: Bound,
    partition: fn(&Array, Vec<i64>, Option<i64>) -> Array,
) -> Result<Value> {
    if let Some(kind) = bound.take("kind")
        && convert::text(&kind)? != "introselect"
    {
        let what = format!("{} is unknown", kind.node);
        return Err(bound.refused("kind", &what, "introselect"));
    }
    bound.refuse(&["order"])?;
    let a = array(&mut bound)?;
    let kth = convert::axes(&bound.need("kth")?)?;
    let axis = axis_or_last(&mut bound)?;
    made(&bound, partition(&a, kth, axis))
}

fn top(mut bound: Bound, top: fn(&Array, i64, i64) -> Array) -> Result<Value> {
    bound.take("split_every");
    let a = array(&mut bound)?;
    let k = convert::int(&bound.need("k")?)?;
    let axis = int_or(&mut bound, "axis", -1)?;
    made(&bound, top(&a, k, axis))
}

fn dtype(bound: &mut Bound) -> Result<Option<DType>> {
    let given = bound.take("dtype").map(|value| convert::dtype(&value));
    given.transpose()
}

/// A scan in a dtype; what it widens to is cast back.
fn scan_as(
    a: &Array,
    axis: Option<i64>,
    to: Option<DType>,
    scan: fn(&Array, Option<i64>) -> Array,
) -> Array {
    match to {
        None => scan(a, axis),
        Some(to) => scan(&a.astype(to), axis).astype(to),
    }
}

fn scanned(mut bound: Bound, scan: fn(&Array, Option<i64>) -> Array) -> Result<Value> {
    let (a, axis, to) = (array(&mut bound)?, axis(&mut bound)?, dtype(&mut bound)?);
    made(&bound, scan_as(&a, axis, to, scan))
}

fn cumulative(
    mut bound: Bound,
    scan: fn(&Array, Option<i64>) -> Array,
    initial: f64,
) -> Result<Value> {
    let (a, axis, to) = (array(&mut bound)?, axis(&mut bound)?, dtype(&mut bound)?);
    let initial_stands = flag(&mut bound, "include_initial")?;
    let a = convert::checked(bound.span, a)?;
    let shape = a
        .shape()
        .map_err(|error| EvalError::new(bound.span, error))?;
    let axis = match (axis, shape.len()) {
        (Some(axis), _) => axis,
        (None, 0 | 1) => 0,
        (None, n) => {
            let message = format!("{} of {n} axes without axis", bound.name);
            return Err(EvalError::wrong(bound.span, message, "axis=0"));
        }
    };
    let result = scan_as(&a, Some(axis), to, scan);
    if !initial_stands {
        return made(&bound, result);
    }
    let result = convert::checked(bound.span, result)?;
    let wrap = |error| EvalError::new(bound.span, error);
    let mut edge = result.shape().map_err(wrap)?.to_vec();
    let at = if axis < 0 {
        axis + edge.len() as i64
    } else {
        axis
    };
    if let Some(len) = edge.get_mut(at as usize) {
        *len = 1;
    }
    let dtype = result.dtype().map_err(wrap)?;
    let first = tilewright::full(tilewright::shape(edge).dtype(dtype), initial);
    made(&bound, tilewright::concatenate(&[first, result], axis))
}

fn argument(mut bound: Bound, argument: fn(&Array, Axes) -> Array) -> Result<Value> {
    bound.take("split_every");
    let (a, axis) = (array(&mut bound)?, axis(&mut bound)?);
    let axes = axis.map_or_else(tilewright::all_axes, tilewright::axis);
    let axes = match flag(&mut bound, "keepdims")? {
        true => axes.keepdims(),
        false => axes,
    };
    made(&bound, argument(&a, axes))
}
