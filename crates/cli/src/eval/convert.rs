//! How is a value read as an axis, a shape, chunks, a dtype, …?

use super::elements::{Element, flatten, natural_dtype};
use super::error::{EvalError, Result};
use super::expression::uncalled;
use super::value::Value;
use crate::parse::{Span, Spanned};
use tilewright::{Array, AxisChunks, Chunks, DType, Error, Item, Kind, Operand, Scalar};

type Given = Spanned<Value>;

/// Refuses a value of the wrong kind.
fn unfit(value: &Given, wanted: &str, way_out: &str) -> EvalError {
    if let Value::Function(name) = &value.node {
        return uncalled(name, value.span);
    }
    EvalError::wrong(
        value.span,
        format!("{} where {wanted} is wanted", value.node.kind()),
        way_out,
    )
}

/// An array of a number, or of one axis of few, whose elements follow from what is written: as plain
/// numbers, which NumPy takes it for where lengths, axes and the like are wanted.
pub(super) fn plain(value: &Given) -> Given {
    let number = |scalar: &Scalar| match scalar.as_i128() {
        Some(truth) if scalar.dtype() == DType::Bool => Value::Bool(truth != 0),
        Some(whole) => Value::Int(whole),
        None => Value::Float(scalar.to_f64()),
    };
    let found = match &value.node {
        Value::Array(array) if array.ndim().is_ok_and(|ndim| ndim < 2) => array.written(),
        _ => None,
    };
    let Some(elements) = found else {
        return value.clone();
    };
    let whole = matches!(&value.node, Value::Array(array) if array.ndim().is_ok_and(|n| n == 0));
    let node = match &elements[..] {
        [only] if whole => number(only),
        elements => Value::List(elements.iter().map(number).collect()),
    };
    Spanned::new(node, value.span)
}

/// An integer of 64 bits.
pub(super) fn int(value: &Given) -> Result<i64> {
    let value = &plain(value);
    let whole = match value.node {
        Value::Int(whole) => whole,
        Value::Bool(truth) => i128::from(truth),
        _ => return Err(unfit(value, "an int", "a whole number")),
    };
    i64::try_from(whole).map_err(|_| {
        EvalError::wrong(
            value.span,
            format!("{whole} does not fit 64 bits"),
            "a smaller number",
        )
    })
}

/// A float.
pub(super) fn float(value: &Given) -> Result<f64> {
    let value = &plain(value);
    match value.node {
        Value::Float(number) => Ok(number),
        Value::Int(whole) => Ok(whole as f64),
        Value::Bool(truth) => Ok(f64::from(u8::from(truth))),
        _ => Err(unfit(value, "a number", "a number")),
    }
}

/// A bool.
pub(super) fn bool(value: &Given) -> Result<bool> {
    match value.node {
        Value::Bool(truth) => Ok(truth),
        Value::Int(whole @ (0 | 1)) => Ok(whole == 1),
        _ => Err(unfit(value, "True or False", "True or False")),
    }
}

/// A string.
pub(super) fn text(value: &Given) -> Result<&str> {
    match &value.node {
        Value::Str(text) => Ok(text),
        _ => Err(unfit(value, "a string", "text in quotes")),
    }
}

/// A dtype, by name or itself.
pub(super) fn dtype(value: &Given) -> Result<DType> {
    match &value.node {
        Value::DType(dtype) => Ok(*dtype),
        Value::Str(name) => DType::parse(name).ok_or_else(|| {
            EvalError::new(
                value.span,
                Error::new(Kind::DType, format!("unknown dtype {name:?}")).way_out(dtype_names()),
            )
        }),
        _ => Err(unfit(value, "a dtype", "float64, 'f4', int8, …")),
    }
}

/// Every dtype's name.
fn dtype_names() -> String {
    DType::ALL.map(DType::name).join(", ")
}

/// One axis or several.
pub(super) fn axes(value: &Given) -> Result<Vec<i64>> {
    let value = &plain(value);
    match &value.node {
        Value::Tuple(items) | Value::List(items) => items
            .iter()
            .map(|item| match item {
                Value::Int(_) | Value::Array(_) => int(&Spanned::new(item.clone(), value.span)),
                _ => Err(unfit(value, "an axis", "a whole number or a tuple of them")),
            })
            .collect(),
        Value::Int(_) => Ok(vec![int(value)?]),
        _ => Err(unfit(value, "an axis", "a whole number or a tuple of them")),
    }
}

/// A shape: one length or several.
pub(super) fn shape(value: &Given) -> Result<Vec<i64>> {
    let value = &plain(value);
    match &value.node {
        Value::Tuple(items) | Value::List(items) => items
            .iter()
            .map(|item| match item {
                Value::Int(_) | Value::Array(_) => int(&Spanned::new(item.clone(), value.span)),
                _ => Err(EvalError::wrong(
                    value.span,
                    format!("{} where a length is wanted", item.kind()),
                    "whole numbers; // divides them",
                )),
            })
            .collect(),
        Value::Int(_) => Ok(vec![int(value)?]),
        _ => Err(unfit(value, "a shape", "a tuple of lengths")),
    }
}

/// What a dictionary says of each of so many axes; `None` for those that it does not name.
pub(super) fn by_axis(
    pairs: &[(Value, Value)],
    ndim: usize,
    span: Span,
) -> Result<Vec<Option<Value>>> {
    let mut all = vec![None; ndim];
    for (key, value) in pairs {
        let axis = int(&Spanned::new(key.clone(), span))?;
        let place = if axis < 0 { axis + ndim as i64 } else { axis };
        let slot = usize::try_from(place).ok().and_then(|k| all.get_mut(k));
        let Some(slot) = slot else {
            let message = format!("axis {axis} is out of range for an array of {ndim} dimensions");
            return Err(EvalError::wrong(span, message, "axes that the array has"));
        };
        *slot = Some(value.clone());
    }
    Ok(all)
}

/// Chunks as Dask writes them, of an array of so many axes: a dictionary leaves those that it does not
/// name.
pub(super) fn chunks_of(value: &Given, ndim: usize) -> Result<Chunks> {
    let Value::Dict(pairs) = &value.node else {
        return chunks(value);
    };
    let axes = by_axis(pairs, ndim, value.span)?.into_iter();
    let axes =
        axes.map(|item| item.map_or(Ok(AxisChunks::Keep), |item| axis_chunks(&item, value.span)));
    Ok(Chunks::Axes(axes.collect::<Result<_>>()?))
}

/// Chunks as Dask writes them.
pub fn chunks(value: &Given) -> Result<Chunks> {
    Ok(match &value.node {
        Value::None => Chunks::Auto,
        Value::Str(text) if text == "auto" => Chunks::Auto,
        Value::Int(_) => Chunks::from(int(value)?),
        Value::Tuple(items) | Value::List(items) => {
            let axes = items.iter().map(|item| axis_chunks(item, value.span));
            Chunks::Axes(axes.collect::<Result<_>>()?)
        }
        _ => return Err(unfit(value, "chunks", CHUNKS)),
    })
}

/// How chunks are written.
const CHUNKS: &str = "a size, a tuple of sizes, -1 for a whole axis, or 'auto'";

fn axis_chunks(item: &Value, span: Span) -> Result<AxisChunks> {
    let given = Spanned::new(item.clone(), span);
    Ok(match item {
        Value::None => AxisChunks::Keep,
        Value::Str(text) if text == "auto" => AxisChunks::Auto,
        Value::Int(_) => AxisChunks::from(int(&given)?),
        Value::Tuple(_) | Value::List(_) => AxisChunks::Sizes(shape(&given)?),
        _ => return Err(unfit(&given, "the chunks of an axis", CHUNKS)),
    })
}

/// A seed.
pub(super) fn seed(value: &Given) -> Result<u64> {
    match value.node {
        Value::Int(seed) => u64::try_from(seed).map_err(|_| {
            EvalError::wrong(
                value.span,
                format!("the seed {seed}"),
                "a seed from 0 to 2**64 - 1",
            )
        }),
        _ => Err(unfit(value, "a seed", "a whole number of 0 or more")),
    }
}

/// An operand of an element-wise operator: an array, a number, or a nested list of numbers.
pub(super) fn operand(value: &Given) -> Result<Operand> {
    match value.node.operand() {
        Some(operand) => Ok(operand),
        None => array(value).map(Operand::Array),
    }
}

/// An array: itself, a number, or a nested list of numbers.
pub(super) fn array(value: &Given) -> Result<Array> {
    typed_array(value, None)
}

/// An array of whole numbers: of a list of none, int64.
pub(super) fn whole_numbers(value: &Given) -> Result<Array> {
    match &value.node {
        Value::List(items) | Value::Tuple(items) if items.is_empty() => {
            typed_array(value, Some(DType::I64))
        }
        _ => array(value),
    }
}

/// As [`array`]; lists and numbers become this dtype.
pub(super) fn typed_array(value: &Given, dtype: Option<DType>) -> Result<Array> {
    if let Value::Array(array) = &value.node {
        return Ok(match dtype {
            Some(dtype) => array.astype(dtype),
            None => array.clone(),
        });
    }
    if let Value::List(items) | Value::Tuple(items) = &value.node
        && items.iter().any(|item| matches!(item, Value::Array(_)))
    {
        let parts = list(value)?;
        let stacked = tilewright::stack(&parts, 0);
        return checked(
            value.span,
            dtype.map_or(stacked.clone(), |dtype| stacked.astype(dtype)),
        );
    }
    if let Value::Function(name) = &value.node {
        return Err(uncalled(name, value.span));
    }
    let (mut elements, mut shape) = (Vec::new(), Vec::new());
    flatten(&value.node, 0, &mut shape, &mut elements).map_err(|message| {
        EvalError::wrong(value.span, message, "numbers in lists of equal length")
    })?;
    let natural = || {
        natural_dtype(&elements).ok_or_else(|| {
            EvalError::wrong(
                value.span,
                "an integer does not fit 64 bits",
                "a float: 1e30",
            )
        })
    };
    let to = dtype.map_or_else(natural, Ok)?;
    let range = to.integer_range().filter(|_| to != DType::Bool);
    let scalars = elements.iter().map(|element| match *element {
        Element::Bool(truth) => Ok(Scalar::from(truth).cast(to)),
        Element::Float(number) if range.is_some() && !number.is_finite() => {
            let message = format!("{number} is no {}", to.name());
            Err(EvalError::new(
                value.span,
                Error::new(Kind::DType, message).way_out("a float dtype"),
            ))
        }
        Element::Float(number) => Ok(Scalar::from_f64(to, number)),
        Element::Int(whole) if range.is_none_or(|(low, high)| (low..=high).contains(&whole)) => {
            Ok(Scalar::from_i128(to, whole))
        }
        Element::Int(whole) => {
            let message = format!("{whole} does not fit {}", to.name());
            Err(EvalError::new(
                value.span,
                Error::new(Kind::DType, message).way_out("a wider dtype"),
            ))
        }
    });
    let scalars = scalars.collect::<Result<Vec<_>>>()?;
    checked(
        value.span,
        tilewright::array(scalars, tilewright::shape(shape).dtype(to)),
    )
}

/// An array of elements that go to one of this dtype: numbers and lists of them must fit it.
pub(super) fn fitting(value: &Given, other: &Array) -> Result<Array> {
    let arrays = |items: &[Value]| items.iter().any(|item| matches!(item, Value::Array(_)));
    match (&value.node, other.dtype()) {
        (Value::List(items) | Value::Tuple(items), _) if arrays(items) => array(value),
        (Value::Array(_), _) | (_, Err(_)) => array(value),
        (_, Ok(dtype)) => typed_array(value, Some(dtype)),
    }
}

/// Several arrays.
pub(super) fn list(value: &Given) -> Result<Vec<Array>> {
    match &value.node {
        Value::List(items) | Value::Tuple(items) => items
            .iter()
            .map(|item| array(&Spanned::new(item.clone(), value.span)))
            .collect(),
        // An array is the list of its parts along the first axis, as in NumPy.
        Value::Array(whole) => parts(whole, value.span),
        _ => Err(unfit(
            value,
            "a list of arrays",
            "[a, b], or read(\"*.npy\")",
        )),
    }
}

/// Parts that an array is taken for at most.
const MOST_PARTS: i64 = 10_000;

/// The parts of an array along its first axis.
///
/// # Errors
/// An array without axes, one whose length is not known yet, and one of very many parts.
pub(super) fn parts(array: &Array, span: Span) -> Result<Vec<Array>> {
    let shape = array.shape().map_err(|error| EvalError::new(span, error))?;
    match shape.first() {
        None => Err(EvalError::wrong(
            span,
            "an array without axes has no parts",
            "[a, b], a list of arrays",
        )),
        Some(&length) if length > MOST_PARTS => Err(EvalError::wrong(
            span,
            format!("{length} parts of one array, each taken for an array"),
            "reshape or transpose, which take it whole",
        )),
        Some(&length) => (0..length)
            .map(|at| checked(span, array.slice([Item::from(at)])))
            .collect(),
    }
}

/// The array, if it could be built.
pub(super) fn checked(span: Span, array: Array) -> Result<Array> {
    match array.error() {
        None => Ok(array),
        Some(error) => Err(EvalError::new(span, error.clone())),
    }
}
