//! Calls that take the axes of an array in an order that a formula gives: rolled, repeated, tiled.
//!
//! One index array for each axis, as long as that axis of the result: no copies in between, and a
//! slice of the result makes only the indices that it needs.

use super::differences::span;
use super::shape::ravel;
use super::take::{outer, positions, take, with_axis};
use super::{
    Operand, Outside, concatenate, expand_dims, full, iota, normalize_axes, operate, reshape,
};
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, element_count};

/// `0, 1, …` below `len`.
pub(super) fn count(len: i64) -> Result<Expr> {
    iota(0, Grid::automatic(&[len], DType::I64.itemsize()))
}

/// An integer step of indices.
pub(super) fn with(name: &str, indices: Expr, number: i64) -> Result<Expr> {
    operate(name, &[indices.into(), Operand::Int(i128::from(number))])
}

/// Elements moved along axes by so many places; what leaves at one end comes in at the other.
/// Without axes, along the array in C order.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Value`] if shifts and axes are not equally many.
pub fn roll(x: &Expr, shifts: &[i64], axes: Option<&[i64]>) -> Result<Expr> {
    let Some(axes) = axes else {
        let line = roll(&ravel(x)?, shifts, Some(&vec![0; shifts.len()]))?;
        return reshape(&line, x.shape());
    };
    let most = shifts.len().max(axes.len());
    let fits = |len: usize| len == most || len == 1;
    if !fits(shifts.len()) || !fits(axes.len()) {
        return Err(Error::new(
            Kind::Value,
            format!("roll by {} shifts along {} axes", shifts.len(), axes.len()),
        )
        .way_out("a shift for each axis, or one for all"));
    }
    let mut total = vec![0i64; x.shape().len()];
    for k in 0..most {
        // An axis may be named more than once: its shifts add up.
        let axis = normalize_axes(&[axes[k % axes.len()]], x.shape().len())?[0];
        let len = x.shape()[axis].max(1);
        total[axis] = (total[axis] + shifts[k % shifts.len()].rem_euclid(len)) % len;
    }
    // What leaves at the end comes before the rest.
    (total.iter().zip(x.shape()).enumerate())
        .filter(|(_, (shift, _))| **shift != 0)
        .try_fold(x.clone(), |x, (axis, (&shift, &len))| {
            let end = span(&x, axis, len - shift, len)?;
            let rest = span(&x, axis, 0, len - shift)?;
            concatenate(&[end, rest], axis as i64)
        })
}

/// How often elements are repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// All equally often.
    Each(i64),
    /// Each as often as its number says.
    Counts(Vec<i64>),
}

/// Each element repeated along an axis; along the array in C order without one.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Value`] for negative repeats, or as many as the axis is
/// not long.
pub fn repeat(x: &Expr, repeats: &Repeats, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        return repeat(&ravel(x)?, repeats, Some(0));
    };
    let x = &with_axis(x)?;
    let place = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[place];
    let counts = match repeats {
        Repeats::Counts(counts) if counts.len() != 1 => counts,
        Repeats::Each(times) => return repeat_each(x, place, *times),
        Repeats::Counts(counts) => return repeat_each(x, place, counts[0]),
    };
    if counts.len() as i64 != len {
        return Err(Error::new(
            Kind::Shape,
            format!("{} repeats along an axis of length {len}", counts.len()),
        )
        .way_out("a number for each element, or one for all"));
    }
    if let Some(negative) = counts.iter().find(|&&count| count < 0) {
        return Err(negative_repeats(*negative));
    }
    let each = counts.iter().zip(0..);
    let list = each.flat_map(|(&count, k)| std::iter::repeat_n(k, count as usize));
    take(x, &positions(list)?, Some(axis), Outside::Raise)
}

fn negative_repeats(count: i64) -> Error {
    Error::new(Kind::Value, format!("repeat {count} times")).way_out("0 times or more")
}

fn repeat_each(x: &Expr, axis: usize, times: i64) -> Result<Expr> {
    if times < 0 {
        return Err(negative_repeats(times));
    }
    let len = product(x.shape()[axis], times)?;
    if times == 1 {
        return Ok(x.clone());
    }
    let mut indices = vec![None; x.shape().len()];
    indices[axis] = Some(with("floor_divide", count(len)?, times)?);
    outer(x, &indices)
}

fn product(a: i64, b: i64) -> Result<i64> {
    a.checked_mul(b).filter(|&n| n < 1 << 62).ok_or_else(|| {
        Error::new(Kind::Shape, format!("an axis of {a} times {b} elements"))
            .way_out("fewer repeats")
    })
}

/// The array itself repeated along each axis, the last ones first; new axes stand before.
///
/// # Errors
/// [`Kind::Value`] for negative repeats.
pub fn tile(x: &Expr, repeats: &[i64]) -> Result<Expr> {
    if let Some(negative) = repeats.iter().find(|&&times| times < 0) {
        return Err(negative_repeats(*negative));
    }
    let more = repeats.len().saturating_sub(x.shape().len());
    let x = expand_dims(x, &(0..more as i64).collect::<Vec<_>>())?;
    let lead = x.shape().len() - repeats.len();
    let along = |(axis, &len): (usize, &i64)| {
        let times = axis.checked_sub(lead).map_or(1, |k| repeats[k]);
        if times == 1 || (len == 0 && times > 0) {
            return Ok(None);
        }
        let indices = count(product(len, times)?)?;
        // An axis of one element has index 0 throughout.
        with("remainder", indices, len.max(1)).map(Some)
    };
    let indices = x.shape().iter().enumerate().map(along);
    outer(&x, &indices.collect::<Result<Vec<_>>>()?)
}

/// The elements in C order, repeated or cut to fill a shape; zeros if there are none.
///
/// # Errors
/// [`Kind::Shape`] for a negative length.
pub fn resize(x: &Expr, shape: &[i64]) -> Result<Expr> {
    let total = element_count(shape).filter(|_| shape.iter().all(|&len| len >= 0));
    let total = total.ok_or_else(|| {
        Error::new(Kind::Shape, format!("resize to {shape:?}")).way_out("lengths of 0 or more")
    })?;
    let grid = Grid::automatic(shape, x.dtype().itemsize());
    if x.elements() == 0 || total == 0 {
        return full(Scalar::zero(x.dtype()), grid);
    }
    let indices = with("remainder", count(total)?, x.elements())?;
    reshape(&take(x, &indices, None, Outside::Raise)?, shape)
}
