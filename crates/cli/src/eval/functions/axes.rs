//! How are functions of the order and number of axes called?

use super::creation::made;
use super::moves::{array, parameters};
use super::{Bound, Form, Function, joins};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use tilewright::{Array, DType, broadcast_arrays};

/// One array after the other.
const ARRAYS: super::Parameters = super::Parameters {
    packed: Some(0),
    ..parameters(&["args"], 1)
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["moveaxis"],
        parameters: parameters(&["a", "source", "destination"], 3),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let source = convert::axes(&bound.need("source")?)?;
            let destination = convert::axes(&bound.need("destination")?)?;
            made(&bound, a.moveaxis(source, destination))
        },
        about: "axes moved to other places; the others keep their order",
    },
    Function {
        names: &["swapaxes"],
        parameters: parameters(&["a", "axis1", "axis2"], 3),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let axes = [int(&mut bound, "axis1", 0)?, int(&mut bound, "axis2", 0)?];
            made(&bound, a.swapaxes(axes[0], axes[1]))
        },
        about: "two axes exchanged",
    },
    Function {
        names: &[
            "lib.stride_tricks.sliding_window_view",
            "sliding_window_view",
        ],
        parameters: parameters(&["x", "window_shape", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let x = convert::array(&bound.need("x")?)?;
            let windows = convert::axes(&bound.need("window_shape")?)?;
            let axes = bound.take("axis").map(|axes| convert::axes(&axes));
            let axes = axes.transpose()?;
            made(&bound, x.sliding_window_view(windows, axes.as_deref()))
        },
        about: "windows along axes, as new axes behind the others; reductions of them double",
    },
    Function {
        names: &["matrix_transpose"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            made(&bound, a.swapaxes(-2, -1))
        },
        about: "the last two axes exchanged",
    },
    Function {
        names: &["rollaxis"],
        parameters: parameters(&["a", "axis", "start"], 2),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let (axis, start) = (int(&mut bound, "axis", 0)?, int(&mut bound, "start", 0)?);
            made(&bound, a.rollaxis(axis, start))
        },
        about: "an axis moved to stand before the one at start",
    },
    Function {
        names: &["roll"],
        parameters: parameters(&["a", "shift", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let shifts = convert::axes(&bound.need("shift")?)?;
            let axes = bound
                .take("axis")
                .map(|axis| convert::axes(&axis))
                .transpose()?;
            match axes {
                // Along no axis nothing moves.
                Some(axes) if axes.is_empty() => Ok(Value::Array(a)),
                axes => made(&bound, a.roll(shifts, axes.as_deref())),
            }
        },
        about: "elements moved along axes, around the end; in C order without axis",
    },
    Function {
        names: &["flip"],
        parameters: parameters(&["a", "axis"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            match bound
                .take("axis")
                .map(|axis| convert::axes(&axis))
                .transpose()?
            {
                Some(axes) if axes.is_empty() => Ok(Value::Array(a)),
                axes => made(&bound, a.flip(axes.unwrap_or_default())),
            }
        },
        about: "axes backwards; all of them without axis",
    },
    Function {
        names: &["flipud"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            made(&bound, a.flip([0]))
        },
        about: "the first axis backwards",
    },
    Function {
        names: &["fliplr"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            made(&bound, a.flip([1]))
        },
        about: "the second axis backwards",
    },
    Function {
        names: &["rot90"],
        parameters: parameters(&["a", "k", "axes"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let k = int(&mut bound, "k", 1)?;
            let axes = match bound.take("axes") {
                None => vec![0, 1],
                Some(axes) => convert::axes(&axes)?,
            };
            let [first, second] = axes[..] else {
                return Err(bound.refused("axes", "are not two", "(0, 1)"));
            };
            made(&bound, a.rot90(k, [first, second]))
        },
        about: "turned by 90 degrees k times, from the first of two axes towards the second",
    },
    Function {
        names: &["atleast_1d"],
        parameters: ARRAYS,
        form: Form::Function,
        call: |bound| atleast(bound, 1),
        about: "with one axis at least",
    },
    Function {
        names: &["atleast_2d"],
        parameters: ARRAYS,
        form: Form::Function,
        call: |bound| atleast(bound, 2),
        about: "with two axes at least: a vector is a row",
    },
    Function {
        names: &["atleast_3d"],
        parameters: ARRAYS,
        form: Form::Function,
        call: |bound| atleast(bound, 3),
        about: "with three axes at least",
    },
    Function {
        names: &["ix_"],
        parameters: ARRAYS,
        form: Form::Function,
        call: open_mesh,
        about: "indices along one axis each, as arrays that broadcast to all their combinations: \
                x[ix_([0, 2], [1, 3])]",
    },
    Function {
        names: &["ndim"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let shape = shape(&mut bound)?;
            Ok(Value::Int(shape.len() as i128))
        },
        about: "the number of axes",
    },
    Function {
        names: &["shape"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let lengths = shape(&mut bound)?;
            let lengths = lengths.into_iter().map(|length| Value::Int(length.into()));
            Ok(Value::Tuple(lengths.collect()))
        },
        about: "the lengths of the axes",
    },
    Function {
        names: &["size"],
        parameters: parameters(&["a", "axis"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let span = bound.span;
            let wrong = |error| EvalError::new(span, error);
            let elements = a.size().map_err(wrong)?;
            let Some(axis) = joins::axis(&mut bound)? else {
                return Ok(Value::Int(elements.into()));
            };
            let length = a.moveaxis([axis], [0]).shape().map_err(wrong)?[0];
            Ok(Value::Int(length.into()))
        },
        about: "the number of elements, or the length of an axis",
    },
    Function {
        names: &["broadcast_arrays"],
        parameters: ARRAYS,
        form: Form::Function,
        call: |mut bound| {
            let arrays = convert::list(&bound.need("args")?)?;
            all(&bound, broadcast_arrays(&arrays), Value::Tuple)
        },
        about: "the arrays, broadcast to each other",
    },
];

fn shape(bound: &mut Bound) -> Result<Vec<i64>> {
    let a = array(bound)?;
    let lengths = a.shape().map(<[i64]>::to_vec);
    lengths.map_err(|error| EvalError::new(bound.span, error))
}

fn open_mesh(mut bound: Bound) -> Result<Value> {
    let given = convert::list(&bound.need("args")?)?;
    let count = given.len();
    let along = given.iter().enumerate().map(|(k, indices)| {
        let wrong = |error| EvalError::new(bound.span, error);
        if indices.ndim().map_err(wrong)? != 1 {
            let what = format!("number {k} has not one axis");
            return Err(bound.refused("args", &what, "lists of indices: ix_([0, 2], [1])"));
        }
        let indices = match indices.dtype().map_err(wrong)? {
            DType::Bool => indices.flatnonzero(),
            // An empty list is one of no indices.
            _ if indices.shape().is_ok_and(|shape| shape == [0]) => indices.astype(DType::I64),
            _ => indices.clone(),
        };
        let others: Vec<i64> = (0..count as i64).filter(|&axis| axis != k as i64).collect();
        Ok(indices.expand_dims(others))
    });
    let along = along.collect::<Result<Vec<_>>>()?;
    all(&bound, along, Value::Tuple)
}

/// An integer argument, or what it is if left out.
pub(super) fn int(bound: &mut Bound, name: &str, or: i64) -> Result<i64> {
    bound
        .take_given(name)
        .map_or(Ok(or), |value| convert::int(&value))
}

/// Of several arrays a tuple.
fn atleast(mut bound: Bound, ndim: usize) -> Result<Value> {
    let arrays = convert::list(&bound.need("args")?)?;
    match &arrays[..] {
        [one] => made(&bound, one.atleast(ndim)),
        several => {
            let several = several.iter().map(|a| a.atleast(ndim)).collect();
            all(&bound, several, Value::Tuple)
        }
    }
}

/// Several arrays that a call gives, if they could be built.
pub(super) fn all(
    bound: &Bound,
    arrays: Vec<Array>,
    make: fn(Vec<Value>) -> Value,
) -> Result<Value> {
    let arrays = arrays.into_iter().map(|array| made(bound, array));
    arrays.collect::<Result<Vec<_>>>().map(make)
}
