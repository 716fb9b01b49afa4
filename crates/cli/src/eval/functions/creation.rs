//! How are arrays made called?

use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Chunks, DType, Layout, Scalar};

pub(super) const fn parameters(
    names: &'static [&'static str],
    positional: usize,
    required: usize,
) -> Parameters {
    Parameters {
        names,
        positional,
        required,
        packed: None,
        out: Place::Any,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["full"],
        parameters: parameters(&["shape", "fill_value", "dtype", "order", "chunks"], 4, 2),
        form: Form::Function,
        call: |mut bound| {
            let value = bound.need("fill_value")?;
            let shape = shape(&mut bound)?;
            full(&mut bound, shape, &value, None)
        },
        about: "one value everywhere",
    },
    Function {
        names: &["zeros", "empty"],
        parameters: parameters(&["shape", "dtype", "order", "chunks"], 3, 1),
        form: Form::Function,
        call: |bound| constant(bound, 0.0),
        about: "zeros, float64 unless dtype says otherwise",
    },
    Function {
        names: &["ones"],
        parameters: parameters(&["shape", "dtype", "order", "chunks"], 3, 1),
        form: Form::Function,
        call: |bound| constant(bound, 1.0),
        about: "ones, float64 unless dtype says otherwise",
    },
    Function {
        names: &["full_like"],
        parameters: parameters(
            &[
                "a",
                "fill_value",
                "dtype",
                "order",
                "subok",
                "shape",
                "chunks",
            ],
            6,
            2,
        ),
        form: Form::Function,
        call: |mut bound| {
            let value = bound.need("fill_value")?;
            like(bound, &value)
        },
        about: "one value everywhere, in the shape, dtype and chunks of a",
    },
    Function {
        names: &["zeros_like", "empty_like"],
        parameters: parameters(&["a", "dtype", "order", "subok", "shape", "chunks"], 5, 1),
        form: Form::Function,
        call: |bound| {
            let zero = Spanned::new(Value::Int(0), bound.span);
            like(bound, &zero)
        },
        about: "zeros in the shape, dtype and chunks of a",
    },
    Function {
        names: &["ones_like"],
        parameters: parameters(&["a", "dtype", "order", "subok", "shape", "chunks"], 5, 1),
        form: Form::Function,
        call: |bound| {
            let one = Spanned::new(Value::Int(1), bound.span);
            like(bound, &one)
        },
        about: "ones in the shape, dtype and chunks of a",
    },
    Function {
        names: &["arange"],
        parameters: parameters(&["start", "stop", "step", "dtype", "chunks"], 4, 0),
        form: Form::Function,
        call: arange,
        about: "start, start + step, ... without stop; arange(n) is 0 ... n - 1",
    },
    Function {
        names: &["array"],
        parameters: parameters(
            &[
                "object", "dtype", "copy", "order", "subok", "ndmin", "chunks",
            ],
            2,
            1,
        ),
        form: Form::Function,
        call: array,
        about: "numbers in nested lists, or an array itself",
    },
    Function {
        names: &["asarray", "asanyarray"],
        parameters: parameters(&["a", "dtype", "order", "copy", "chunks"], 3, 1),
        form: Form::Function,
        call: array,
        about: "numbers in nested lists, or an array itself",
    },
    Function {
        names: &["ascontiguousarray"],
        parameters: parameters(&["a", "dtype", "chunks"], 2, 1),
        form: Form::Function,
        call: |bound| match array(bound)? {
            Value::Array(whole) => Ok(Value::Array(whole.atleast(1))),
            other => Ok(other),
        },
        about: "as asarray, with one axis at least",
    },
];

fn shape(bound: &mut Bound) -> Result<Vec<i64>> {
    convert::shape(&bound.need("shape")?)
}

/// The chunks asked for, or those chosen for us.
pub(super) fn chunks(bound: &mut Bound) -> Result<Chunks> {
    bound
        .take("chunks")
        .map_or(Ok(Chunks::Auto), |value| convert::chunks(&value))
}

/// The dtype asked for.
pub(super) fn dtype(bound: &mut Bound) -> Result<Option<DType>> {
    bound
        .take("dtype")
        .map(|value| convert::dtype(&value))
        .transpose()
}

/// A shape with the chunks and the dtype asked for.
pub(super) fn layout(bound: &mut Bound, shape: Vec<i64>, own: DType) -> Result<Layout> {
    ignore_layout(bound)?;
    let dtype = dtype(bound)?.unwrap_or(own);
    Ok(tilewright::shape(shape).chunks(chunks(bound)?).dtype(dtype))
}

/// Where elements lie in memory is no part of an array here: an order is checked and read past.
///
/// What is like another array, or made of one, may lie as that one does.
fn ignore_layout(bound: &mut Bound) -> Result<()> {
    let follows = bound.any(&["a", "object"], |_| true) || bound.name.ends_with("_like");
    let Some(order) = bound.take("order") else {
        return Ok(());
    };
    check_order(&order)?;
    match convert::text(&order)? {
        "A" | "K" if !follows => {
            let message = format!("{} has no other array's order", bound.name);
            Err(EvalError::wrong(order.span, message, "order='C'"))
        }
        _ => Ok(()),
    }
}

/// Refuses what is no order of elements.
pub(super) fn check_order(order: &Spanned<Value>) -> Result<()> {
    if ["C", "F", "A", "K"].contains(&convert::text(order)?) {
        return Ok(());
    }
    let message = "this is no order of elements";
    Err(EvalError::wrong(order.span, message, "order='C'"))
}

fn constant(mut bound: Bound, value: f64) -> Result<Value> {
    let shape = shape(&mut bound)?;
    let layout = layout(&mut bound, shape, DType::F64)?;
    made(&bound, tilewright::full(layout, value))
}

/// `value` everywhere; of the dtype asked for, else of `own`, else of the value's.
fn full(
    bound: &mut Bound,
    shape: Vec<i64>,
    value: &Spanned<Value>,
    own: Option<DType>,
) -> Result<Value> {
    ignore_layout(bound)?;
    let dtype = dtype(bound)?.or(own);
    // Integers must fit; all else is cast, as arrays are.
    let literal = match value.node {
        Value::Int(_) => convert::typed_array(value, dtype)?,
        _ => {
            let literal = convert::array(value)?;
            dtype.map_or(literal.clone(), |dtype| literal.astype(dtype))
        }
    };
    let natural = literal
        .dtype()
        .map_err(|error| EvalError::new(value.span, error))?;
    let scalar = match value.node {
        Value::Bool(truth) => Scalar::from(truth),
        Value::Int(whole) => Scalar::from_i128(natural, whole),
        Value::Float(number) => Scalar::from(number),
        _ => {
            // An array as the value: repeat it.
            let whole = literal.broadcast_to(shape);
            let chunks = bound
                .take("chunks")
                .map(|value| convert::chunks(&value))
                .transpose()?;
            let whole = chunks.map_or(whole.clone(), |chunks| whole.rechunk(chunks));
            return made(bound, whole);
        }
    };
    let layout = tilewright::shape(shape)
        .chunks(chunks(bound)?)
        .dtype(natural);
    made(bound, tilewright::full(layout, scalar))
}

fn like(mut bound: Bound, value: &Spanned<Value>) -> Result<Value> {
    let given = bound.need("a")?;
    let a = convert::array(&given)?;
    let wrap = |error| EvalError::new(given.span, error);
    let (shape, own) = (a.shape().map_err(wrap)?, a.dtype().map_err(wrap)?);
    let grid = a.grid().map_err(wrap)?.clone();
    let asked = bound.take("chunks");
    let other = bound
        .take("shape")
        .map(|shape| convert::shape(&shape))
        .transpose()?;
    let keeps = other.is_none();
    let shape = other.unwrap_or(shape.to_vec());
    let whole = full(&mut bound, shape, value, Some(own))?;
    let Value::Array(whole) = whole else {
        return Ok(whole);
    };
    let whole = match asked {
        Some(asked) => whole.rechunk(convert::chunks(&asked)?),
        None if keeps => whole.rechunk_to(grid),
        None => whole,
    };
    made(&bound, whole)
}

fn arange(mut bound: Bound) -> Result<Value> {
    let number = |value: Option<Spanned<Value>>| value.map(|value| scalar(&value)).transpose();
    let (start, stop) = (number(bound.take("start"))?, number(bound.take("stop"))?);
    let (start, stop) = match (start, stop) {
        (Some(stop), None) => (Scalar::from(0i64), stop),
        (start, Some(stop)) => (start.unwrap_or(Scalar::from(0i64)), stop),
        (None, None) => {
            return Err(EvalError::wrong(
                bound.span,
                "arange needs the argument stop",
                "arange(10)",
            ));
        }
    };
    let step = number(bound.take("step"))?.unwrap_or(Scalar::from(1i64));
    let float = [start, stop, step]
        .iter()
        .any(|bound| bound.dtype().is_float());
    let natural = if float { DType::F64 } else { DType::I64 };
    let dtype = dtype(&mut bound)?.unwrap_or(natural);
    let chunks = chunks(&mut bound)?;
    made(
        &bound,
        tilewright::arange_as(start, stop, step, dtype, chunks),
    )
}

/// A number as an int64 or float64.
fn scalar(value: &Spanned<Value>) -> Result<Scalar> {
    match value.node {
        Value::Float(number) => Ok(number.into()),
        _ => convert::int(value).map(Scalar::from),
    }
}

fn array(mut bound: Bound) -> Result<Value> {
    ignore_layout(&mut bound)?;
    let object = match bound.take_given("a") {
        Some(a) => a,
        None => bound.need("object")?,
    };
    let dtype = dtype(&mut bound)?;
    let mut array = convert::typed_array(&object, dtype)?;
    if let Some(least) = bound.take("ndmin") {
        let shape = array.shape().map_err(|e| EvalError::new(object.span, e))?;
        let missing = convert::int(&least)?.clamp(0, 32) - shape.len() as i64;
        if missing > 0 {
            let longer = [&vec![1; missing as usize], shape].concat();
            array = array.reshape(longer);
        }
    }
    let chunks = bound
        .take("chunks")
        .map(|value| convert::chunks(&value))
        .transpose()?;
    made(
        &bound,
        chunks.map_or(array.clone(), |chunks| array.rechunk(chunks)),
    )
}

/// The array, if it could be built.
pub(super) fn made(bound: &Bound, array: Array) -> Result<Value> {
    convert::checked(bound.span, array).map(Value::Array)
}
