//! How are arrays called that are formulas of an index?

use super::axes::all;
use super::creation::{chunks, dtype, layout, made, parameters};
use super::{Bound, Form, Function, Parameters, apply, dtypes};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, DType, Layout, Operand};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["linspace"],
        parameters: parameters(
            &[
                "start", "stop", "num", "endpoint", "retstep", "dtype", "axis", "chunks",
            ],
            7,
            2,
        ),
        form: Form::Function,
        call: linspace,
        about: "num numbers from start to stop, 50 unless said otherwise; of arrays, lines along axis",
    },
    Function {
        names: &["logspace"],
        parameters: parameters(
            &[
                "start", "stop", "num", "endpoint", "base", "dtype", "axis", "chunks",
            ],
            7,
            2,
        ),
        form: Form::Function,
        call: |mut bound| {
            if of_arrays(&bound) {
                let base = bound.take("base");
                let base = base.map_or(Ok(Operand::Float(10.0)), |base| convert::operand(&base))?;
                return between(bound, |start, stop, num, endpoint, dtype| {
                    tilewright::logspace_between(start, stop, num, endpoint, base.clone(), dtype)
                });
            }
            let (ends, num, endpoint) = span(&mut bound)?;
            let base = bound
                .take("base")
                .map_or(Ok(10.0), |value| convert::float(&value))?;
            let dtype = dtype(&mut bound)?.unwrap_or(DType::F64);
            let chunks = chunks(&mut bound)?;
            let [start, stop] = ends;
            made(
                &bound,
                tilewright::logspace(start, stop, num, endpoint, base, dtype, chunks),
            )
        },
        about: "base to the power of num exponents from start to stop; of arrays, lines along axis",
    },
    Function {
        names: &["geomspace"],
        parameters: parameters(
            &[
                "start", "stop", "num", "endpoint", "dtype", "axis", "chunks",
            ],
            6,
            2,
        ),
        form: Form::Function,
        call: |mut bound| {
            if of_arrays(&bound) {
                return between(bound, tilewright::geomspace_between);
            }
            let (ends, num, endpoint) = span(&mut bound)?;
            let dtype = dtype(&mut bound)?.unwrap_or(DType::F64);
            let chunks = chunks(&mut bound)?;
            let [start, stop] = ends;
            made(
                &bound,
                tilewright::geomspace(start, stop, num, endpoint, dtype, chunks),
            )
        },
        about: "num numbers from start to stop, each the same multiple of the one before; of arrays, \
                lines along axis",
    },
    Function {
        names: &["tri"],
        parameters: parameters(&["N", "M", "k", "dtype", "chunks"], 4, 1),
        form: Form::Function,
        // Of fewer than no rows NumPy makes none.
        call: |bound| square(bound, 0, tilewright::tri),
        about: "1 on the diagonal k and below it, else 0",
    },
    Function {
        names: &["meshgrid"],
        parameters: Parameters {
            packed: Some(0),
            ..parameters(&["xi", "copy", "sparse", "indexing"], 1, 1)
        },
        form: Form::Function,
        call: meshgrid,
        about: "coordinates of the points of a grid; indexing='ij' or 'xy', sparse=True keeps one long \
                axis each",
    },
    Function {
        names: &["indices"],
        parameters: parameters(&["dimensions", "dtype", "sparse", "chunks"], 3, 1),
        form: Form::Function,
        call: |mut bound| {
            let lengths = bound.need("dimensions")?;
            if matches!(lengths.node, Value::Int(_)) {
                return Err(bound.refused("dimensions", "is no tuple", "indices((4,))"));
            }
            let lengths = convert::shape(&lengths)?;
            let sparse = bound.take("sparse").map(|value| convert::bool(&value));
            let sparse = sparse.transpose()? == Some(true);
            let layout = layout(&mut bound, lengths, DType::I64)?;
            let parts = tilewright::indices(layout, sparse);
            match sparse {
                true => all(&bound, parts, Value::Tuple),
                false => made(&bound, tilewright::stack(&parts, 0)),
            }
        },
        about: "the index along each axis of an array; sparse=True keeps one long axis each",
    },
    Function {
        names: &["fromfunction"],
        parameters: parameters(&["function", "shape", "dtype", "chunks"], 2, 2),
        form: Form::Function,
        call: fromfunction,
        about: "a function's value for the indices of each element: fromfunction(lambda i, j: i + j, (2, 3)), \
                fromfunction(add, (2, 3)); the indices are float64 unless dtype says otherwise",
    },
    Function {
        names: &["eye"],
        parameters: parameters(&["N", "M", "k", "dtype", "order", "chunks"], 5, 1),
        form: Form::Function,
        call: |bound| square(bound, i64::MIN, tilewright::eye),
        about: "1 on the diagonal k, else 0",
    },
    Function {
        names: &["identity"],
        parameters: parameters(&["n", "dtype", "chunks"], 2, 1),
        form: Form::Function,
        call: |mut bound| {
            let n = convert::int(&bound.need("n")?)?;
            let layout = layout(&mut bound, vec![n, n], DType::F64)?;
            made(&bound, tilewright::eye(layout, 0))
        },
        about: "1 on the diagonal of a square, else 0",
    },
];

/// The ends of a line.
fn ends(bound: &mut Bound) -> Result<[Spanned<Value>; 2]> {
    Ok([bound.need("start")?, bound.need("stop")?])
}

/// The number of points of a line, and whether the last is among them.
fn points(bound: &mut Bound) -> Result<(i64, bool)> {
    let num = bound
        .take_given("num")
        .map_or(Ok(50), |value| convert::int(&value))?;
    let endpoint = bound
        .take("endpoint")
        .map_or(Ok(true), |value| convert::bool(&value))?;
    Ok((num, endpoint))
}

/// The ends of a line of numbers, its number of points, and whether the last is among them.
fn span(bound: &mut Bound) -> Result<([f64; 2], i64, bool)> {
    if let Some(axis) = bound.take("axis")
        && !matches!(convert::int(&axis)?, 0 | -1)
    {
        return Err(bound.refused("axis", "is none of the one there is", "axis=0"));
    }
    let [start, stop] = ends(bound)?;
    let (num, endpoint) = points(bound)?;
    Ok((
        [convert::float(&start)?, convert::float(&stop)?],
        num,
        endpoint,
    ))
}

fn linspace(mut bound: Bound) -> Result<Value> {
    let wanted = bound.take("retstep").map(|value| convert::bool(&value));
    let wanted = wanted.transpose()? == Some(true);
    if of_arrays(&bound) {
        return even(bound, wanted);
    }
    let ([start, stop], num, endpoint) = span(&mut bound)?;
    let dtype = dtype(&mut bound)?.unwrap_or(DType::F64);
    let chunks = chunks(&mut bound)?;
    let line = tilewright::linspace_as(start, stop, num, endpoint, dtype, chunks);
    let line = made(&bound, line)?;
    if !wanted {
        return Ok(line);
    }
    let step = tilewright::linspace_step(start, stop, num, endpoint);
    // Without neighbours NumPy gives Python's NaN, and else an element of an array.
    let step = match step.is_nan() {
        true => Value::Float(step),
        false => {
            let step = Spanned::new(Value::Float(step), bound.span);
            Value::Array(convert::array(&step)?)
        }
    };
    Ok(Value::Tuple(vec![line, step]))
}

/// Whether an end is an array, or the base.
fn of_arrays(bound: &Bound) -> bool {
    bound.any(&["start", "stop", "base"], |end| {
        matches!(end, Value::Array(_) | Value::List(_) | Value::Tuple(_))
    })
}

/// Two ends as arrays.
fn both(bound: &mut Bound) -> Result<[Array; 2]> {
    let given = ends(bound)?.map(|end| end.node);
    match &dtypes::together(given.into(), bound.span)?[..] {
        [start, stop] => Ok([start.clone(), stop.clone()]),
        _ => Err(bound.refused("start", "and stop are two", "linspace(start, stop)")),
    }
}

/// Lines between arrays, along an axis.
fn between(
    mut bound: Bound,
    lines: impl Fn(&Array, &Array, i64, bool, Option<DType>) -> Array,
) -> Result<Value> {
    let axis = bound
        .take("axis")
        .map_or(Ok(0), |axis| convert::int(&axis))?;
    let [start, stop] = both(&mut bound)?;
    let (num, endpoint) = points(&mut bound)?;
    let dtype = dtype(&mut bound)?;
    let lines = convert::checked(bound.span, lines(&start, &stop, num, endpoint, dtype))?;
    let lines = if axis == 0 {
        lines
    } else {
        lines.moveaxis([0], [axis])
    };
    let lines = match bound.take("chunks") {
        None => lines,
        Some(asked) => lines.rechunk(convert::chunks(&asked)?),
    };
    made(&bound, lines)
}

/// Evenly apart between arrays, and how far if it is `wanted`.
fn even(bound: Bound, wanted: bool) -> Result<Value> {
    let mut own = bound.clone();
    let lines = between(bound, tilewright::linspace_between)?;
    if !wanted {
        return Ok(lines);
    }
    let [start, stop] = both(&mut own)?;
    let (num, endpoint) = points(&mut own)?;
    let gaps = if endpoint { num - 1 } else { num };
    if gaps <= 0 {
        return Ok(Value::Tuple(vec![lines, Value::Float(f64::NAN)]));
    }
    let natural = tilewright::linspace_between(&start, &stop, num, endpoint, None).dtype();
    let natural = natural.map_err(|error| EvalError::new(own.span, error))?;
    let apart = stop.astype(natural) - start.astype(natural);
    let step = made(&own, apart / gaps as f64)?;
    Ok(Value::Tuple(vec![lines, step]))
}

/// A matrix made from its diagonal `k`, of this length at least along both axes.
fn square(mut bound: Bound, least: i64, make: fn(Layout, i64) -> Array) -> Result<Value> {
    let rows = convert::int(&bound.need("N")?)?;
    let columns = bound
        .take("M")
        .map_or(Ok(rows), |value| convert::int(&value))?;
    let k = bound
        .take("k")
        .map_or(Ok(0), |value| convert::int(&value))?;
    let shape = vec![rows.max(least), columns.max(least)];
    let layout = layout(&mut bound, shape, DType::F64)?;
    made(&bound, make(layout, k))
}

fn fromfunction(mut bound: Bound) -> Result<Value> {
    let function = bound.need("function")?;
    let shape = bound.need("shape")?;
    if matches!(shape.node, Value::Int(_)) {
        return Err(bound.refused("shape", "is no tuple", "shape=(4,)"));
    }
    let layout = layout(&mut bound, convert::shape(&shape)?, DType::F64)?;
    let index = tilewright::indices(layout, false).into_iter();
    let index = index.map(|x| convert::checked(bound.span, x).map(Value::Array));
    apply(&function, index.collect::<Result<_>>()?, bound.span)
}

fn meshgrid(mut bound: Bound) -> Result<Value> {
    // Nothing here is changed in place, so copying or not is the same.
    bound.take("copy");
    let arrays = convert::list(&bound.need("xi")?)?;
    let matrix = match bound.take("indexing") {
        None => false,
        Some(value) => match convert::text(&value)? {
            "ij" => true,
            "xy" => false,
            other => {
                let message = format!("the indexing {other:?}");
                return Err(EvalError::wrong(value.span, message, "'ij' or 'xy'"));
            }
        },
    };
    let sparse = bound
        .take("sparse")
        .map_or(Ok(false), |value| convert::bool(&value))?;
    let points = tilewright::meshgrid(&arrays, matrix, sparse);
    all(&bound, points, Value::Tuple)
}
