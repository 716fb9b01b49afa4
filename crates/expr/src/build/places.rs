//! Where is a mask true, once it is known how often?
//!
//! The positions of its true elements in C order: for each of them the first place where the
//! running count reaches its number. Absent: the count, which is computed before.

use super::index::{Item, index};
use super::shape::ravel;
use super::take::{Outside, take, with_axis};
use super::{
    Selection, along, astype, constant, full, iota, map, normalize_axes, searchsorted, stack,
};
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, c_strides};

/// Where a mask that is true `count` times is true, in C order, an index array for each axis.
///
/// # Errors
/// None for a mask and its count.
pub fn places(mask: &Expr, count: i64) -> Result<Vec<Expr>> {
    let flat = flat_places(mask, count)?;
    let lengths = mask.shape().iter().zip(c_strides(mask.shape()));
    let along = |(&len, stride): (&i64, i64)| {
        let line = with("floor_divide", &flat, stride.max(1))?;
        with("remainder", &line, len.max(1))
    };
    match mask.shape() {
        [_] => Ok(vec![flat]),
        _ => lengths.map(along).collect(),
    }
}

/// Where a mask that is true `count` times is true, as positions in C order.
///
/// # Errors
/// None for a mask and its count.
pub fn flat_places(mask: &Expr, count: i64) -> Result<Expr> {
    let turns = with("add", &iota(0, Grid::automatic(&[count], 8))?, 1)?;
    if count == 0 {
        return Ok(turns);
    }
    let reached = along("cumsum", &ravel(mask)?, Some(0))?;
    searchsorted(&reached, &turns, false)
}

/// Where a mask that is true `count` times is true: a line of indices for each place, of no index
/// where the mask has no axes.
///
/// # Errors
/// None for a mask and its count.
pub fn argwhere(mask: &Expr, count: i64) -> Result<Expr> {
    match mask.shape() {
        [] => full(Scalar::from(0i64), Grid::whole(&[count, 0])),
        _ => stack(&places(mask, count)?, 1),
    }
}

/// Where elements are not 0; NaN is not.
///
/// # Errors
/// None for a valid expression.
pub fn truth(x: &Expr) -> Result<Expr> {
    astype(x, DType::Bool)
}

/// The elements of a selection that counts so many.
///
/// # Errors
/// None for the count of its mask.
pub fn elements(selection: &Selection, count: i64) -> Result<Expr> {
    let mut items = vec![Item::all(); selection.axis];
    items.extend(places(&selection.mask, count)?.into_iter().map(Item::Array));
    index(&selection.x, &items)
}

/// The lines along an axis, of the array in C order without one, where a mask of one axis that is
/// true `count` times is true.
///
/// # Errors
/// [`Kind::Shape`] for a mask of other than one axis, [`Kind::Index`] for one that is longer than
/// the axis.
pub fn compress(x: &Expr, mask: &Expr, count: i64, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        return compress(&ravel(x)?, mask, count, Some(0));
    };
    let x = &with_axis(x)?;
    let along = normalize_axes(&[axis], x.shape().len())?[0];
    let [given] = *mask.shape() else {
        return Err(Error::new(
            Kind::Shape,
            format!("a condition of {} axes", mask.shape().len()),
        )
        .way_out("a condition of one axis, or x[mask]"));
    };
    let len = x.shape()[along];
    if given > len {
        return Err(Error::new(
            Kind::Index,
            format!("a condition of {given} for an axis of length {len}"),
        )
        .way_out("a condition that is no longer than the axis"));
    }
    take(x, &flat_places(mask, count)?, Some(axis), Outside::Raise)
}

pub(super) fn with(name: &str, x: &Expr, number: i64) -> Result<Expr> {
    map(name, &[x.clone(), constant(number.into())?])
}
