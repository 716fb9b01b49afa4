//! How are moves and conversions called?

use super::creation::made;
use super::lookup::{Orders, first_fastest};
use super::{Bound, Form, Function, Parameters, Place, dtypes};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Chunks, concatenate, stack};

pub(super) const fn parameters(names: &'static [&'static str], required: usize) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
        out: Place::Any,
    }
}

const JOIN: Parameters = Parameters {
    positional: 3,
    out: Place::Cast("same_kind"),
    ..parameters(&["arrays", "axis", "out", "dtype", "casting"], 1)
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["astype"],
        parameters: Parameters {
            positional: 2,
            ..parameters(&["a", "dtype", "copy", "casting", "order"], 2)
        },
        form: Form::Both,
        call: |mut bound| {
            // Nothing here is changed in place, so copying or not is the same.
            bound.take("copy");
            bound.take("order");
            let (a, dtype) = (array(&mut bound)?, bound.need("dtype")?);
            let to = convert::dtype(&dtype)?;
            match bound.take("casting") {
                None => made(&bound, a.astype(to)),
                casting => dtypes::cast(&a, to, casting.as_ref(), dtype.span).map(Value::Array),
            }
        },
        about: "a in another dtype; integers wrap, floats truncate and saturate",
    },
    Function {
        names: &["transpose", "permute_dims"],
        parameters: parameters(&["a", "axes"], 1),
        form: Form::Packing,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let moved = match bound.take("axes") {
                None => a.t(),
                Some(axes) => a.transpose(convert::axes(&axes)?),
            };
            made(&bound, moved)
        },
        about: "axes in another order; all in reverse without axes",
    },
    Function {
        names: &["reshape"],
        parameters: parameters(&["a", "shape", "order"], 2),
        form: Form::Packing,
        call: |mut bound| {
            let (a, shape) = (array(&mut bound)?, bound.need("shape")?);
            // NumPy takes any negative length for the one that is left.
            let shape = convert::shape(&shape)?.into_iter();
            let mut shape: Vec<i64> = shape.map(|length| length.max(-1)).collect();
            if !first_fastest(&mut bound, Orders::NotKept)? {
                return made(&bound, a.reshape(shape));
            }
            shape.reverse();
            made(&bound, a.t().reshape(shape).t())
        },
        about: "the same elements in C order, or with order='F' the first axis fastest, under another \
                shape; one length may be -1",
    },
    Function {
        names: &["ravel", "flatten"],
        parameters: parameters(&["a", "order"], 1),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let a = if first_fastest(&mut bound, Orders::All)? {
                a.t()
            } else {
                a
            };
            made(&bound, a.reshape([-1]))
        },
        about: "the same elements along one axis, in C order, or with order='F' the first axis fastest",
    },
    Function {
        names: &["broadcast_to"],
        parameters: parameters(&["a", "shape", "chunks"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, shape) = (array(&mut bound)?, bound.need("shape")?);
            let whole = a.broadcast_to(convert::shape(&shape)?);
            let chunks = bound
                .take("chunks")
                .map(|chunks| convert::chunks(&chunks))
                .transpose()?;
            made(
                &bound,
                chunks.map_or(whole.clone(), |chunks| whole.rechunk(chunks)),
            )
        },
        about: "axes of length 1 repeat, new ones stand before",
    },
    Function {
        names: &["squeeze"],
        parameters: parameters(&["a", "axis"], 1),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let axes = bound
                .take("axis")
                .map(|axis| convert::axes(&axis))
                .transpose()?;
            let whole = a.ndim().is_ok_and(|ndim| ndim == 0);
            match axes {
                // No axis at all names none, where the library's empty list names every one.
                Some(axes) if axes.is_empty() => Ok(Value::Array(a)),
                // NumPy takes an array without axes for one of one here.
                Some(axes) if whole && matches!(axes[..], [0 | -1]) => Ok(Value::Array(a)),
                axes => made(&bound, a.squeeze(axes.unwrap_or_default())),
            }
        },
        about: "without axes of length 1",
    },
    Function {
        names: &["expand_dims"],
        parameters: parameters(&["a", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, axis) = (array(&mut bound)?, bound.need("axis")?);
            made(&bound, a.expand_dims(convert::axes(&axis)?))
        },
        about: "new axes of length 1 at these positions of the result",
    },
    Function {
        names: &["concatenate", "concat"],
        parameters: JOIN,
        form: Form::Function,
        call: |bound| {
            join(bound, |arrays, axis| match axis {
                Some(axis) => concatenate(arrays, axis),
                None => concatenate(&arrays.iter().map(Array::ravel).collect::<Vec<_>>(), 0),
            })
        },
        about: "arrays end to end along an axis; in C order with axis=None",
    },
    Function {
        names: &["stack"],
        parameters: JOIN,
        form: Form::Function,
        call: |bound| {
            if bound
                .given("axis")
                .is_some_and(|axis| matches!(axis.node, Value::None))
            {
                return Err(bound.refused("axis", "is None", "axis=0"));
            }
            join(bound, |arrays, axis| stack(arrays, axis.unwrap_or(0)))
        },
        about: "arrays of one shape side by side along a new axis",
    },
    Function {
        names: &["rechunk"],
        parameters: parameters(&["a", "chunks"], 1),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let chunks = match bound.take("chunks") {
                None => Chunks::Auto,
                Some(chunks) => convert::chunks_of(&chunks, ndim(&bound, &a)?)?,
            };
            made(&bound, a.rechunk(chunks))
        },
        about: "the same array under other chunks",
    },
    Function {
        names: &["conj", "conjugate"],
        parameters: parameters(&["a"], 1),
        form: Form::Method,
        call: |mut bound| array(&mut bound).map(Value::Array),
        about: "the array itself: no number here has an imaginary part",
    },
    Function {
        names: &["copy", "persist", "view"],
        parameters: parameters(&["a", "order", "subok"], 1),
        form: Form::Both,
        call: |mut bound| {
            first_fastest(&mut bound, Orders::All)?;
            array(&mut bound).map(Value::Array)
        },
        about: "the array itself: nothing is changed in place",
    },
];

/// How many axes an array has.
pub(super) fn ndim(bound: &Bound, a: &Array) -> Result<usize> {
    a.ndim().map_err(|error| EvalError::new(bound.span, error))
}

pub(super) fn array(bound: &mut Bound) -> Result<Array> {
    convert::array(&bound.need("a")?)
}

fn join(mut bound: Bound, join: fn(&[Array], Option<i64>) -> Array) -> Result<Value> {
    let arrays = bound.need("arrays")?;
    let axis = match bound.take_given("axis") {
        None => Some(0),
        Some(axis) if matches!(axis.node, Value::None) => None,
        Some(axis) => Some(convert::int(&axis)?),
    };
    let mut arrays = match (axis, arrays.node) {
        (None, Value::List(parts) | Value::Tuple(parts)) => dtypes::together(parts, arrays.span)?,
        (_, node) => convert::list(&Spanned::new(node, arrays.span))?,
    };
    if arrays.is_empty() {
        let message = format!("{} of no arrays", bound.name);
        return Err(EvalError::wrong(bound.span, message, "at least one array"));
    }
    let casting = bound.take("casting");
    if let Some(casting) = &casting {
        dtypes::check_rule(casting)?;
    }
    if let Some(dtype) = bound.take("dtype") {
        let to = convert::dtype(&dtype)?;
        for array in &mut arrays {
            *array = dtypes::cast(array, to, casting.as_ref(), dtype.span)?;
        }
    }
    made(&bound, join(&arrays, axis))
}
