//! How are functions called that repeat, pad, cut triangles, insert and delete?

use super::axes::int;
use super::creation::made;
use super::joins::axis;
use super::moves::{array, ndim, parameters};
use super::{Bound, Form, Function};
use crate::eval::convert;
use crate::eval::error::Result;
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Pad, Points, Repeats, Scalar};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["repeat"],
        parameters: parameters(&["a", "repeats", "axis"], 2),
        form: Form::Both,
        call: |mut bound| {
            let (a, repeats) = (array(&mut bound)?, bound.need("repeats")?);
            let repeats = match &repeats.node {
                Value::Array(counts) => {
                    let axis = axis(&mut bound)?;
                    return made(&bound, a.repeat_by(counts, axis));
                }
                Value::Int(_) => Repeats::Each(convert::int(&repeats)?),
                _ => Repeats::Counts(convert::axes(&repeats)?),
            };
            let axis = axis(&mut bound)?;
            made(&bound, a.repeat(&repeats, axis))
        },
        about: "each element repeated along an axis; in C order without axis",
    },
    Function {
        names: &["tile"],
        parameters: parameters(&["a", "reps"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, reps) = (array(&mut bound)?, convert::axes(&bound.need("reps")?)?);
            made(&bound, a.tile(reps))
        },
        about: "the array itself repeated along each axis, the last ones first",
    },
    Function {
        names: &["resize"],
        parameters: parameters(&["a", "new_shape"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, shape) = (
                array(&mut bound)?,
                convert::shape(&bound.need("new_shape")?)?,
            );
            made(&bound, a.resize(shape))
        },
        about: "the elements in C order, repeated or cut to fill a shape",
    },
    Function {
        names: &["pad"],
        parameters: parameters(
            &[
                "a",
                "pad_width",
                "mode",
                "constant_values",
                "end_values",
                "stat_length",
                "reflect_type",
            ],
            2,
        ),
        form: Form::Function,
        call: pad,
        about: "elements more around an array: mode constant, edge, empty, linear_ramp, maximum, mean, \
                median, minimum, reflect, symmetric or wrap",
    },
    Function {
        names: &["tril"],
        parameters: parameters(&["a", "k"], 1),
        form: Form::Function,
        call: |mut bound| {
            let (a, k) = (array(&mut bound)?, int(&mut bound, "k", 0)?);
            made(&bound, a.tril(k))
        },
        about: "0 above the diagonal k places right of the main one",
    },
    Function {
        names: &["triu"],
        parameters: parameters(&["a", "k"], 1),
        form: Form::Function,
        call: |mut bound| {
            let (a, k) = (array(&mut bound)?, int(&mut bound, "k", 0)?);
            made(&bound, a.triu(k))
        },
        about: "0 below the diagonal k places right of the main one",
    },
    Function {
        names: &["diag"],
        parameters: parameters(&["a", "k"], 1),
        form: Form::Function,
        call: |mut bound| {
            let (a, k) = (array(&mut bound)?, int(&mut bound, "k", 0)?);
            made(&bound, a.diag(k))
        },
        about: "a vector on a diagonal of zeros; of a matrix, that diagonal",
    },
    Function {
        names: &["diagflat"],
        parameters: parameters(&["a", "k"], 1),
        form: Form::Function,
        call: |mut bound| {
            let (a, k) = (array(&mut bound)?, int(&mut bound, "k", 0)?);
            made(&bound, a.ravel().diag(k))
        },
        about: "the elements in C order on a diagonal of zeros",
    },
    Function {
        names: &["diagonal"],
        parameters: parameters(&["a", "offset", "axis1", "axis2"], 1),
        form: Form::Both,
        call: |mut bound| {
            let (a, offset) = (array(&mut bound)?, int(&mut bound, "offset", 0)?);
            let axes = [int(&mut bound, "axis1", 0)?, int(&mut bound, "axis2", 1)?];
            made(&bound, a.diagonal(offset, axes[0], axes[1]))
        },
        about: "the elements where two axes have the same index",
    },
    Function {
        names: &["fill_diagonal"],
        parameters: parameters(&["a", "val", "wrap"], 2),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let value = convert::fitting(&bound.need("val")?, &a)?;
            let wrap = bound
                .take("wrap")
                .map(|wrap| convert::bool(&wrap))
                .transpose()?;
            made(&bound, a.fill_diagonal(&value, wrap.unwrap_or(false)))
        },
        about: "a new array with val on the main diagonal",
    },
    Function {
        names: &["delete"],
        parameters: parameters(&["a", "obj", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, obj) = (array(&mut bound)?, bound.need("obj")?);
            let axis = axis(&mut bound)?;
            match &obj.node {
                Value::Array(points) => made(&bound, a.delete_at(points, axis)),
                _ => made(&bound, a.delete(&points(&obj)?, axis)),
            }
        },
        about: "an array without these points of an axis",
    },
    Function {
        names: &["insert"],
        parameters: parameters(&["a", "obj", "values", "axis"], 3),
        form: Form::Function,
        call: |mut bound| {
            let (a, obj) = (array(&mut bound)?, bound.need("obj")?);
            let values = convert::fitting(&bound.need("values")?, &a)?;
            let axis = axis(&mut bound)?;
            match &obj.node {
                Value::Array(points) => made(&bound, a.insert_at(points, &values, axis)),
                _ => made(&bound, a.insert(&points(&obj)?, &values, axis)),
            }
        },
        about: "an array with values before these points of an axis",
    },
];

/// Points of an axis, as `delete` and `insert` take them.
fn points(obj: &Spanned<Value>) -> Result<Points> {
    let bools = |items: &[Value]| -> Option<Vec<bool>> {
        let truth = |item: &Value| match item {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        };
        items.iter().map(truth).collect()
    };
    Ok(match &obj.node {
        Value::Int(_) => Points::One(convert::int(obj)?),
        Value::List(items) if !items.is_empty() && bools(items).is_some() => {
            Points::Mask(bools(items).unwrap_or_default())
        }
        Value::Slice(slice) => Points::Slice(*slice),
        _ => Points::List(convert::axes(obj)?),
    })
}

fn pad(mut bound: Bound) -> Result<Value> {
    let a = array(&mut bound)?;
    let widths = widths(&mut bound, &a)?;
    let mode = bound.take("mode");
    let mode = mode
        .as_ref()
        .map_or(Ok("constant"), convert::text)?
        .to_owned();
    let values = |bound: &mut Bound, name: &str| -> Result<Vec<(Scalar, Scalar)>> {
        let zero = Scalar::from(0i64);
        Ok(pairs(bound, name, scalar)?.unwrap_or(vec![(zero, zero)]))
    };
    if let Some(given) = bound.given("constant_values") {
        convert::fitting(given, &a)?;
    }
    let statistic = |bound: &mut Bound, name| -> Result<Pad> {
        let lengths = pairs(bound, "stat_length", convert::int)?;
        let mut all = lengths.iter().flatten();
        if all.any(|(before, after)| *before.min(after) < 0) {
            return Err(bound.refused("stat_length", "is negative", "0 or more elements"));
        }
        Ok(Pad::Statistic(name, lengths))
    };
    let mirror = |bound: &mut Bound, even: Pad| -> Result<Pad> {
        let symmetric = even == Pad::Symmetric;
        let kind = bound.take("reflect_type");
        match kind.as_ref().map_or(Ok("even"), convert::text)? {
            "even" => Ok(even),
            "odd" => Ok(Pad::Odd { symmetric }),
            other => Err(bound.refused(
                "reflect_type",
                &format!("{other:?} is unknown"),
                "even or odd",
            )),
        }
    };
    let mode = match mode.as_str() {
        "constant" => Pad::Constant(values(&mut bound, "constant_values")?),
        // Of no account in NumPy; zeros, as `empty` gives.
        "empty" => Pad::Constant(vec![(Scalar::from(0i64), Scalar::from(0i64))]),
        "linear_ramp" => Pad::LinearRamp(values(&mut bound, "end_values")?),
        "maximum" => statistic(&mut bound, "max")?,
        "minimum" => statistic(&mut bound, "min")?,
        "mean" => statistic(&mut bound, "mean")?,
        "median" => statistic(&mut bound, "median")?,
        "edge" => Pad::Edge,
        "reflect" => mirror(&mut bound, Pad::Reflect)?,
        "symmetric" => mirror(&mut bound, Pad::Symmetric)?,
        "wrap" => Pad::Wrap,
        other => {
            let what = format!("{other:?} is unknown");
            return Err(bound.refused(
                "mode",
                &what,
                "constant, edge, empty, linear_ramp, maximum, mean, median, minimum, reflect, \
                 symmetric, wrap",
            ));
        }
    };
    // Those of other modes.
    bound.refuse(&[
        "constant_values",
        "end_values",
        "stat_length",
        "reflect_type",
    ])?;
    made(&bound, a.pad(widths, &mode))
}

/// How far each axis is padded.
fn widths(bound: &mut Bound, a: &Array) -> Result<Vec<(i64, i64)>> {
    let Some(Value::Dict(named)) = bound.given("pad_width").map(|given| given.node.clone()) else {
        return Ok(pairs(bound, "pad_width", convert::int)?.unwrap_or_default());
    };
    let each = convert::by_axis(&named, ndim(bound, a)?, bound.span)?;
    let each = each.into_iter().map(|width| {
        let Some(width) = width else {
            return Ok((0, 0));
        };
        match paired(&Spanned::new(width, bound.span), convert::int)?.as_deref() {
            Some([pair]) => Ok(*pair),
            _ => Err(bound.refused("pad_width", "do not fit the axes", "{0: (before, after)}")),
        }
    });
    each.collect()
}

fn scalar(value: &Spanned<Value>) -> Result<Scalar> {
    Ok(match value.node {
        Value::Float(number) => number.into(),
        Value::Bool(truth) => truth.into(),
        _ => convert::int(value)?.into(),
    })
}

/// What an argument gives for before and after each axis: one value, a pair, or a pair for each axis.
fn pairs<T: Copy>(
    bound: &mut Bound,
    name: &str,
    read: fn(&Spanned<Value>) -> Result<T>,
) -> Result<Option<Vec<(T, T)>>> {
    let Some(given) = bound.take(name) else {
        return Ok(None);
    };
    match paired(&given, read)? {
        Some(pairs) => Ok(Some(pairs)),
        None => Err(bound.refused(
            name,
            "do not fit the axes",
            "n, (before, after), or one pair for each axis",
        )),
    }
}

/// The pairs in a value; `None` for lists of other lengths.
fn paired<T: Copy>(
    given: &Spanned<Value>,
    read: fn(&Spanned<Value>) -> Result<T>,
) -> Result<Option<Vec<(T, T)>>> {
    let at = |item: &Value| Spanned::new(item.clone(), given.span);
    let (Value::Tuple(items) | Value::List(items)) = &given.node else {
        let value = read(given)?;
        return Ok(Some(vec![(value, value)]));
    };
    let nested = |item: &Value| matches!(item, Value::Tuple(_) | Value::List(_));
    if !items.iter().any(nested) {
        let values = items.iter().map(|item| read(&at(item)));
        return Ok(match values.collect::<Result<Vec<_>>>()?[..] {
            [both] => Some(vec![(both, both)]),
            [before, after] => Some(vec![(before, after)]),
            _ => None,
        });
    }
    let mut all = Vec::new();
    for item in items {
        match paired(&at(item), read)?.as_deref() {
            Some([pair]) => all.push(*pair),
            _ => return Ok(None),
        }
    }
    Ok(Some(all))
}
