//! How are lookups by index arrays called?

use super::axes::all;
use super::creation::made;
use super::joins::axis;
use super::moves::{array, parameters};
use super::{Bound, Form, Function};
use crate::eval::convert;
use crate::eval::error::Result;
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Outside};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["take"],
        parameters: parameters(&["a", "indices", "axis", "out", "mode"], 2),
        form: Form::Both,
        call: |mut bound| {
            let (a, indices) = (array(&mut bound)?, convert::array(&bound.need("indices")?)?);
            let axis = axis(&mut bound)?;
            let outside = outside(&mut bound)?;
            made(&bound, a.take(&indices, axis, outside))
        },
        about: "the elements at indices along an axis; in C order without axis",
    },
    Function {
        names: &["take_along_axis"],
        parameters: parameters(&["a", "indices", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, indices) = (array(&mut bound)?, convert::array(&bound.need("indices")?)?);
            // NumPy's default is the last axis; None is the array in C order.
            let axis = match bound.take_given("axis") {
                None => Some(-1),
                Some(value) if matches!(value.node, Value::None) => None,
                Some(value) => Some(convert::int(&value)?),
            };
            made(&bound, a.take_along_axis(&indices, axis))
        },
        about: "for each line along an axis the elements at that line's indices",
    },
    Function {
        names: &["ravel_multi_index"],
        parameters: parameters(&["multi_index", "dims", "mode", "order"], 2),
        form: Form::Function,
        call: |mut bound| {
            let indices = bound.need("multi_index")?;
            let indices = match &indices.node {
                Value::Array(parts) => parts.unstack(0),
                _ => convert::list(&indices)?,
            };
            let dims = convert::shape(&bound.need("dims")?)?;
            let rules = match bound.take("mode") {
                None => vec![Outside::Raise; dims.len()],
                Some(mode) => match &mode.node {
                    Value::Tuple(modes) | Value::List(modes) => modes
                        .iter()
                        .map(|one| rule(&bound, &Spanned::new(one.clone(), mode.span)))
                        .collect::<Result<_>>()?,
                    _ => vec![rule(&bound, &mode)?; dims.len()],
                },
            };
            let order = first_fastest(&mut bound, Orders::Both)?;
            let indices: Vec<&Array> = indices.iter().collect();
            made(
                &bound,
                tilewright::ravel_multi_index(&indices, dims, &rules, order),
            )
        },
        about: "positions in C order, given an index array for each axis of dims",
    },
    Function {
        names: &["unravel_index"],
        parameters: parameters(&["indices", "shape", "order"], 2),
        form: Form::Function,
        call: |mut bound| {
            let positions = convert::array(&bound.need("indices")?)?;
            let shape = convert::shape(&bound.need("shape")?)?;
            let order = first_fastest(&mut bound, Orders::Both)?;
            let parts = tilewright::unravel_index(&positions, shape, order);
            all(&bound, parts, Value::Tuple)
        },
        about: "an index array for each axis of a shape, given positions in C order",
    },
];

/// What becomes of an index that lies outside, as the argument `mode` says.
pub(super) fn outside(bound: &mut Bound) -> Result<Outside> {
    let mode = bound.take("mode");
    mode.map_or(Ok(Outside::Raise), |mode| rule(bound, &mode))
}

/// What becomes of an index that lies outside.
fn rule(bound: &Bound, mode: &Spanned<Value>) -> Result<Outside> {
    match convert::text(mode)? {
        "raise" => Ok(Outside::Raise),
        "wrap" => Ok(Outside::Wrap),
        "clip" => Ok(Outside::Clip),
        other => {
            let what = format!("{other:?} is unknown");
            Err(bound.refused("mode", &what, "raise, wrap or clip"))
        }
    }
}

/// The orders of elements that a function takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Orders {
    /// `C` and `F`.
    Both,
    /// Also `A`: that of the memory, which is C here.
    NotKept,
    /// Also `K`: as it lies in memory.
    All,
}

/// Whether the first axis runs fastest.
pub(super) fn first_fastest(bound: &mut Bound, orders: Orders) -> Result<bool> {
    let order = bound.take("order");
    match (order.as_ref().map_or(Ok("C"), convert::text)?, orders) {
        ("C", _) | ("A", Orders::NotKept | Orders::All) | ("K", Orders::All) => Ok(false),
        ("F", _) => Ok(true),
        (other, _) => {
            let what = format!("{other:?} is unknown");
            Err(bound.refused("order", &what, "C or F"))
        }
    }
}
