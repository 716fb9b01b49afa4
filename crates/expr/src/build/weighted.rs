//! Quantiles of elements that count with weights: NumPy's method `inverted_cdf`.

use super::along::rows;
use super::index::{Item, index};
use super::quantile::merged;
use super::reduction::sorted_axes;
use super::summary::beside;
use super::take::{known, take_along_axis};
use super::{
    Operand, along, astype, broadcast_to, constant, expand_dims, map, operate, reshape, squeeze,
    transpose,
};
use crate::attr::Along;
use crate::node::Expr;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape, Slice};

/// The least element at or below which a fraction of all weight lies, along `axes` (all without), for
/// each fraction along a new first axis. Weights have the array's shape, or that of the axes in their
/// order. With `skip_nan` NaN weighs nothing.
///
/// # Errors
/// [`Kind::Axis`] for bad axes; [`Kind::Shape`] for weights of another shape; [`Kind::Value`] for a
/// negative weight that is written out, or no elements.
pub fn weighted_quantile(
    x: &Expr,
    fractions: &Expr,
    weights: &Expr,
    axes: Option<&[i64]>,
    skip_nan: bool,
    keepdims: bool,
) -> Result<Expr> {
    check(weights)?;
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
    let share = map("divide", &[sums.clone(), end(&sums, axis)?])?;
    // What weighs nothing at the start is never chosen, not even by 0.
    let none = map("equal", &[share.clone(), zero])?;
    let share = operate("where", &[none.into(), Operand::Float(-1.0), share.into()])?;
    let mut shape = Shape::from_slice(x.shape());
    shape[axis] = fractions.elements();
    let wanted = broadcast_to(&astype(&reshape(fractions, &[-1])?, DType::F64)?, &shape)?;
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
    let front: Vec<i64> = std::iter::once(axis as i64).chain(0..axis as i64).collect();
    let found = transpose(&found, Some(&front))?;
    let found = if fractions.shape().is_empty() {
        squeeze(&found, Some(&[0]))?
    } else {
        found
    };
    if !keepdims {
        return Ok(found);
    }
    let lead = usize::from(!fractions.shape().is_empty());
    let places: Vec<i64> = sorted.iter().map(|&k| (k + lead) as i64).collect();
    expand_dims(&found, &places)
}

fn check(weights: &Expr) -> Result<()> {
    let negative = known(weights).is_some_and(|w| w.iter().any(|w| w.to_f64() < 0.0));
    match negative {
        true => Err(Error::new(Kind::Value, "a weight below 0").way_out("weights of 0 or more")),
        false => Ok(()),
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
