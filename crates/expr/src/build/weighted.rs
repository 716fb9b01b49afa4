//! Quantiles of elements that count with weights: NumPy's method `inverted_cdf`.

use super::along::rows;
use super::index::{Item, index};
use super::quantile::{self, merged};
use super::reduction::sorted_axes;
use super::summary::beside;
use super::take::{known, take_along_axis};
use super::{Operand, along, astype, broadcast_to, constant, map, operate, reduce, require};
use crate::attr::Along;
use crate::node::Expr;
use tilewright_core::error::Refusal;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape, Slice};

/// The least element at or below which a fraction of all weight lies, along `axes` (all without), for
/// each fraction, whose axes stand first. Weights have the array's shape, or that of the axes in their
/// order. With `skip_nan` NaN weighs nothing.
///
/// # Errors
/// [`Kind::Axis`] for bad axes; [`Kind::Shape`] for weights of another shape; [`Kind::Value`] for no
/// elements, and for weights below 0 or without a positive finite sum: of the run, where the weights
/// are not written out.
pub fn weighted_quantile(
    x: &Expr,
    fractions: &Expr,
    weights: &Expr,
    axes: Option<&[i64]>,
    skip_nan: bool,
    keepdims: bool,
) -> Result<Expr> {
    let line = quantile::checked(fractions)?;
    let checked = check(weights, skip_nan)?;
    let valid = not_negative(weights)?;
    let sorted = sorted_axes(x, axes)?;
    let weights = match weights.shape() == x.shape() {
        true => weights.clone(),
        false => broadcast_to(&beside("quantile", x, axes, weights)?, x.shape())?,
    };
    let (x, weights) = (merged(x, &sorted)?, merged(&weights, &sorted)?);
    let axis = x.shape().len() - 1;
    let n = x.shape()[axis];
    if n == 0 {
        return Err(
            Error::new(Kind::Value, "a quantile of no elements has no value")
                .way_out("an axis that is not empty"),
        );
    }
    let last = Some(axis as i64);
    let order = along("argsort", &x, last)?;
    let x = take_along_axis(&x, &order, last)?;
    let mut weights = take_along_axis(&astype(&weights, DType::F64)?, &order, last)?;
    let zero = constant(Scalar::from(0.0))?;
    let nan = map("isnan", std::slice::from_ref(&x))?;
    if skip_nan {
        weights = map("where", &[nan.clone(), zero.clone(), weights])?;
    }
    let sums = along("cumsum", &weights, last)?;
    let total = end(&sums, axis)?;
    let share = map("divide", &[sums, total.clone()])?;
    // What weighs nothing at the start is never chosen, not even by 0.
    let none = map("equal", &[share.clone(), zero])?;
    let share = operate("where", &[none.into(), Operand::Float(-1.0), share.into()])?;
    let mut shape = Shape::from_slice(x.shape());
    shape[axis] = line.elements();
    let wanted = broadcast_to(&line, &shape)?;
    let call = Along {
        axis,
        len: shape[axis],
        dtype: DType::I64,
        parameter: 0,
        chunked: false,
    };
    let place = rows("searchsorted", &[share, wanted], call)?;
    let place = operate("minimum", &[place.into(), Operand::Int(i128::from(n) - 1)])?;
    let mut found = take_along_axis(&x, &place, last)?;
    if x.dtype().is_float() && !skip_nan {
        let nan = end(&nan, axis)?;
        let value = constant(Scalar::from_f64(x.dtype(), f64::NAN))?;
        found = map("where", &[nan, value, found])?;
    }
    if !checked {
        let share = map("divide", &[total.clone(), total])?;
        let mut weighs = map("equal", &[share.clone(), share])?;
        if skip_nan {
            // Of nothing but NaN the quantile is NaN.
            weighs = map(
                "bitwise_or",
                &[weighs, reduce("all", &nan, Some(&[axis as i64]), true)?],
            )?;
        }
        let weighs = reduce("all", &weighs, None, false)?;
        let condition = map("bitwise_and", &[weighs, valid])?;
        found = require(&found, &condition, refusal())?;
    }
    let found = quantile::in_front(&found, false, &sorted, keepdims)?;
    quantile::under(&found, fractions)
}

/// What becomes of weights that are none.
fn refusal() -> Refusal {
    Refusal {
        message: "weights below 0, or whose sum is 0 or not finite".to_owned(),
        way_out: "weights of 0 or more, one of them above 0".to_owned(),
    }
}

fn not_negative(weights: &Expr) -> Result<Expr> {
    let negative = operate("less", &[weights.clone().into(), Operand::Int(0)])?;
    map("invert", &[reduce("any", &negative, None, false)?])
}

/// Refuses weights that are written out and none; whether that says all of them.
fn check(weights: &Expr, skip_nan: bool) -> Result<bool> {
    let Some(elements) = known(weights) else {
        return Ok(false);
    };
    let whole = weights.shape().len() == 1 && !skip_nan;
    let sum: f64 = elements.iter().map(|weight| weight.to_f64()).sum();
    let nothing = whole && !(sum.is_finite() && sum != 0.0);
    match nothing || elements.iter().any(|weight| weight.to_f64() < 0.0) {
        true => {
            let Refusal { message, way_out } = refusal();
            Err(Error::new(Kind::Value, message).way_out(way_out))
        }
        false => Ok(whole),
    }
}

/// The last element along an axis, which stays.
fn end(x: &Expr, axis: usize) -> Result<Expr> {
    let mut items = vec![Item::all(); axis];
    items.push(Item::Slice(Slice {
        start: Some(-1),
        stop: None,
        step: None,
    }));
    index(x, &items)
}
