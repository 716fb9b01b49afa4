//! What do `add.reduce`, `add.accumulate`, `add.reduceat` and `add.outer` mean?
//!
//! The methods of NumPy's element-wise functions: other names of reductions and running folds, which
//! go along the first axis here, and an operator of every pair. Absent: `at`.

use super::creation::made;
use super::{Arguments, Bound, Parameters, call, dtypes, moves, out, rows};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, DType, Reduction, ops};

/// Functions, their methods, and what these are called otherwise.
const METHODS: &[(&str, &str, &str)] = &[
    ("add", "reduce", "sum"),
    ("add", "accumulate", "cumsum"),
    ("add", "reduceat", "sum"),
    ("multiply", "reduce", "prod"),
    ("multiply", "accumulate", "cumprod"),
    ("multiply", "reduceat", "prod"),
    ("minimum", "reduce", "min"),
    ("minimum", "accumulate", "minimum.accumulate"),
    ("minimum", "reduceat", "min"),
    ("maximum", "reduce", "max"),
    ("maximum", "accumulate", "maximum.accumulate"),
    ("maximum", "reduceat", "max"),
    ("logical_and", "reduce", "all"),
    ("logical_and", "accumulate", "minimum.accumulate"),
    ("logical_and", "reduceat", "all"),
    ("logical_or", "reduce", "any"),
    ("logical_or", "accumulate", "maximum.accumulate"),
    ("logical_or", "reduceat", "any"),
    ("fmin", "reduce", "nanmin"),
    ("fmax", "reduce", "nanmax"),
];

/// Functions whose `reduce` folds by halves, and what they give of nothing.
const HALVES: &[(&str, Option<i64>)] = &[
    ("bitwise_and", Some(-1)),
    ("bitwise_or", Some(0)),
    ("bitwise_xor", Some(0)),
    ("logical_xor", Some(0)),
    ("gcd", Some(0)),
    ("lcm", None),
];

const HALVED: Parameters = moves::parameters(&["a", "axis", "dtype", "out", "keepdims"], 1);
const PARTS: Parameters = moves::parameters(&["a", "indices", "axis", "dtype", "out"], 2);

/// What a method of the function of this name gives.
///
/// # Errors
/// A method that there is not, and whatever the function that it stands for refuses.
pub(in crate::eval) fn method(
    function: &str,
    name: &Spanned<String>,
    mut arguments: Arguments,
) -> Result<Value> {
    let row = rows::row(function);
    if name.node == "outer" && rows::takes_two(function) {
        return outer(function, name, arguments);
    }
    arguments.rename("array", "a");
    if let (Some((row, nothing)), "reduce") = (
        HALVES.iter().find(|(own, _)| *own == row),
        name.node.as_str(),
    ) {
        arguments.name = format!("{function}.reduce");
        let bound = arguments.bind(&HALVED)?;
        return out::called(bound, |bound| halved(row, *nothing, bound));
    }
    let known = METHODS
        .iter()
        .find(|(own, method, _)| *own == row && *method == name.node);
    let Some((_, _, other)) = known else {
        let message = format!("{function} has no method {}", name.node);
        let own: Vec<String> = METHODS
            .iter()
            .filter(|(own, ..)| *own == row)
            .map(|(own, method, _)| format!("{own}.{method}"))
            .collect();
        let way_out = match own.is_empty() {
            true => format!("{function}(...)"),
            false => format!("{}, {row}.outer", own.join(", ")),
        };
        return Err(EvalError::wrong(name.span, message, way_out));
    };
    if name.node == "reduceat" {
        arguments.name = format!("{function}.reduceat");
        let bound = arguments.bind(&PARTS)?;
        return out::called(bound, |bound| parts(other, bound));
    }
    let axis = |(keyword, _): &(Spanned<String>, Spanned<Value>)| keyword.node == "axis";
    if arguments.positional.len() < 2 && !arguments.keywords.iter().any(axis) {
        let axis = Spanned::new("axis".to_owned(), name.span);
        let first = Spanned::new(Value::Int(0), name.span);
        arguments.keywords.push((axis, first));
    }
    if name.node == "accumulate" {
        running(function, row, &mut arguments)?;
    }
    arguments.name = (*other).to_owned();
    call(&Spanned::new((*other).to_owned(), name.span), arguments)
}

/// Refuses what has no running fold, and takes truths where a fold is of them.
fn running(function: &str, row: &str, arguments: &mut Arguments) -> Result<()> {
    let span = arguments.span;
    let keyword = |name: &str| {
        let mut all = arguments.keywords.iter();
        all.find(|(own, _)| own.node == name)
            .map(|(_, value)| value)
    };
    let given = arguments.positional.first().or(keyword("a"));
    let axis = arguments.positional.get(1).or(keyword("axis"));
    let Some(a) = given.map(convert::array).transpose()? else {
        return Ok(());
    };
    let none = axis.is_some_and(|axis| matches!(axis.node, Value::None));
    let refused = match a.ndim() {
        Ok(0) => Some("an array without axes"),
        Ok(2..) if none => Some("several axes"),
        _ => None,
    };
    if let Some(what) = refused {
        let message = format!("{function}.accumulate along {what}");
        return Err(EvalError::wrong(
            span,
            message,
            "axis=0 of an array that has it",
        ));
    }
    if matches!(row, "logical_and" | "logical_or") {
        let truth = Value::Array(a.astype(DType::Bool));
        match arguments.positional.first_mut() {
            Some(first) => first.node = truth,
            None => arguments.positional.push(Spanned::new(truth, span)),
        }
        arguments.keyword("a");
    }
    Ok(())
}

/// The axes that a fold goes along: the first one if none is named.
fn along(bound: &mut Bound, a: &Array) -> Result<Vec<i64>> {
    match bound.take_given("axis") {
        None => Ok(vec![0]),
        Some(axis) if matches!(axis.node, Value::None) => {
            let ndim = a.ndim();
            Ok((0..ndim.map_err(|error| EvalError::new(axis.span, error))? as i64).collect())
        }
        Some(axis) => convert::axes(&axis),
    }
}

/// The array in the dtype that is asked for.
fn in_dtype(bound: &mut Bound) -> Result<Array> {
    let a = convert::array(&bound.need("a")?)?;
    match bound.take("dtype") {
        None => Ok(a),
        Some(dtype) => dtypes::cast(&a, convert::dtype(&dtype)?, None, dtype.span),
    }
}

/// A function folded by halves along each axis.
fn halved(row: &'static str, nothing: Option<i64>, mut bound: Bound) -> Result<Value> {
    let mut a = in_dtype(&mut bound)?;
    let mut step = row;
    match row {
        "logical_xor" => {
            a = a.astype(DType::Bool);
            step = "bitwise_xor";
        }
        "gcd" | "lcm" if a.dtype().is_ok_and(|dtype| dtype == DType::Bool) => {
            return Err(bound.refused("a", "is bool", "integers: astype(int8)"));
        }
        _ => {}
    }
    let ndim = a
        .ndim()
        .map_err(|error| EvalError::new(bound.span, error))?;
    let mut axes: Vec<usize> = Vec::new();
    let named = along(&mut bound, &a)?.into_iter();
    // An array without axes is folded already.
    for axis in named.filter(|axis| ndim > 0 || !matches!(axis, 0 | -1)) {
        let place = if axis < 0 { axis + ndim as i64 } else { axis };
        match usize::try_from(place)
            .ok()
            .filter(|place| *place < ndim && !axes.contains(place))
        {
            Some(place) => axes.push(place),
            None => {
                return Err(bound.refused(
                    "axis",
                    "is none of the array's, or named twice",
                    "axis=0",
                ));
            }
        }
    }
    let keep = bound
        .take("keepdims")
        .map(|keep| convert::bool(&keep))
        .transpose()?;
    axes.sort_unstable();
    if nothing.is_none() && axes.len() > 1 {
        let what = "is not one: the order of several is no part of this function";
        return Err(bound.refused("axis", what, "axis=0"));
    }
    for axis in axes.iter().rev() {
        let empty = a.shape().is_ok_and(|shape| shape.get(*axis) == Some(&0));
        a = match nothing.filter(|_| empty) {
            // What changes nothing, in the place of the elements that there are none of.
            Some(nothing) => {
                let dtype = a
                    .dtype()
                    .map_err(|error| EvalError::new(bound.span, error))?;
                let shape = a
                    .shape()
                    .map_err(|error| EvalError::new(bound.span, error))?;
                let rest = shape.iter().enumerate().filter(|(k, _)| k != axis);
                let rest: Vec<i64> = rest.map(|(_, len)| *len).collect();
                let zeros = tilewright::zeros(tilewright::shape(rest).dtype(dtype));
                if nothing < 0 {
                    ops::map("invert", &[zeros.into()])
                } else {
                    zeros
                }
            }
            None => a.fold_halves(|a, b| ops::map(step, &[a.into(), b.into()]), *axis as i64),
        };
    }
    if row == "gcd" {
        // That of one number and 0, too.
        a = a.abs();
    }
    if keep == Some(true) {
        a = a.expand_dims(axes.iter().map(|axis| *axis as i64).collect::<Vec<_>>());
    }
    made(&bound, a)
}

/// A reduction of parts of an axis.
fn parts(row: &'static str, mut bound: Bound) -> Result<Value> {
    let a = convert::array(&bound.need("a")?)?;
    let dtype = bound
        .take("dtype")
        .map(|dtype| convert::dtype(&dtype))
        .transpose()?;
    let indices = bound.need("indices")?;
    let axis = match along(&mut bound, &a)?[..] {
        [axis] => axis,
        _ => return Err(bound.refused("axis", "is not one", "axis=0")),
    };
    let places = match convert::plain(&indices).node {
        Value::List(_) | Value::Tuple(_) => convert::axes(&indices)?,
        _ => {
            let what = "are computed, or no list of few whole numbers";
            let way_out = "indices that are written out: [0, 4, 8]";
            return Err(bound.refused("indices", what, way_out));
        }
    };
    let fold = |part: &Array, along| {
        let asked = Reduction::from(along);
        let asked = dtype.map_or(asked.clone(), |dtype| asked.dtype(dtype));
        ops::reduce(row, part, asked, false)
    };
    made(&bound, a.fold_parts(fold, &places, axis))
}

/// A function of each element of one array and each of another.
fn outer(function: &str, name: &Spanned<String>, mut arguments: Arguments) -> Result<Value> {
    let [a, b] = &arguments.positional[..] else {
        let message = format!("{function}.outer of other than two arrays");
        return Err(EvalError::wrong(name.span, message, "add.outer(a, b)"));
    };
    let axes = |value: &Spanned<Value>| -> Result<i64> {
        let ndim = convert::array(value)?.ndim();
        ndim.map(|ndim| ndim as i64)
            .map_err(|error| EvalError::new(value.span, error))
    };
    let (own, more) = (axes(a)?, axes(b)?);
    let (first, second) = (convert::array(a)?, convert::array(b)?);
    let behind: Vec<i64> = (own..own + more).collect();
    let spread = match more {
        0 => first,
        _ => convert::checked(a.span, first.expand_dims(behind))?,
    };
    // Numbers have a dtype of their own here.
    arguments.positional[0].node = Value::Array(spread);
    arguments.positional[1].node = Value::Array(second);
    arguments.name = function.to_owned();
    call(&Spanned::new(function.to_owned(), name.span), arguments)
}
