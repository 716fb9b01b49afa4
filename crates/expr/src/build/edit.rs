//! Calls that leave elements out or put some in between.

use super::index::{Item, index};
use super::shape::{moveaxis, ravel};
use super::take::{positions, take};
use super::{Outside, astype, broadcast_to, concatenate, expand_dims, normalize_axes};
use crate::node::Expr;
use tilewright_core::region::point;
use tilewright_core::{Error, Kind, Result, Shape, Slice};

/// Which points of an axis are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Points {
    /// One.
    One(i64),
    /// Those of a slice.
    Slice(Slice),
    /// These.
    List(Vec<i64>),
    /// Those where it is true.
    Mask(Vec<bool>),
}

/// A stretch of an axis.
fn stretch(x: &Expr, axis: usize, start: i64, stop: i64) -> Result<Expr> {
    let mut items = vec![Item::all(); axis];
    items.push(Item::Slice(Slice {
        start: Some(start),
        stop: Some(stop),
        step: None,
    }));
    index(x, &items)
}

/// An array without these points of an axis; of the array in C order without an axis.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for a point out of range.
pub fn delete(x: &Expr, points: &Points, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        return delete(&ravel(x)?, points, Some(0));
    };
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[axis];
    let mut gone = match points {
        Points::One(at) => vec![point(*at, len, &format!("axis {axis}"))?],
        Points::Slice(slice) => {
            let range = slice.resolve(len)?;
            (0..range.len).map(|k| range.at(k)).collect()
        }
        Points::List(list) => (list.iter())
            .map(|&at| point(at, len, &format!("axis {axis}")))
            .collect::<Result<Vec<_>>>()?,
        Points::Mask(mask) if mask.len() as i64 == len => {
            (0..len).filter(|&at| mask[at as usize]).collect()
        }
        Points::Mask(mask) => {
            return Err(Error::new(
                Kind::Index,
                format!("a mask of {} for an axis of length {len}", mask.len()),
            )
            .way_out("a mask as long as the axis"));
        }
    };
    gone.sort_unstable();
    gone.dedup();
    // What is left between the points that go.
    let (mut runs, mut start) = (Vec::new(), 0);
    for &at in gone.iter().chain([&len]) {
        if at > start {
            runs.push((start, at));
        }
        start = at + 1;
    }
    const MOST_RUNS: usize = 8;
    if runs.len() > MOST_RUNS {
        let kept = runs.iter().flat_map(|&(from, to)| from..to);
        return take(x, &positions(kept)?, Some(axis as i64), Outside::Raise);
    }
    let parts = runs.iter().map(|&(from, to)| stretch(x, axis, from, to));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    match parts.is_empty() {
        true => stretch(x, axis, 0, 0),
        false => concatenate(&parts, axis as i64),
    }
}

/// An array with `values`, in its dtype, before these points of an axis; of the array in C order
/// without an axis.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for a point out of range, [`Kind::Shape`] if the
/// values do not broadcast.
pub fn insert(x: &Expr, points: &Points, values: &Expr, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        return insert(&ravel(x)?, points, values, Some(0));
    };
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[axis];
    // A place may be behind the last element.
    let place = |at: i64| match at == len {
        true => Ok(at),
        false => point(at, len, &format!("axis {axis}")),
    };
    let list = match points {
        Points::One(at) => {
            let values = spread(x, values, axis, None)?;
            let at = place(*at)?;
            let parts = [stretch(x, axis, 0, at)?, values, stretch(x, axis, at, len)?];
            let kept: Vec<Expr> = parts.into_iter().filter(|p| p.shape()[axis] > 0).collect();
            return match kept.is_empty() {
                true => Ok(x.clone()),
                false => concatenate(&kept, axis as i64),
            };
        }
        Points::List(list) if list.len() == 1 => vec![place(list[0])?],
        Points::List(list) => list
            .iter()
            .map(|&at| place(at))
            .collect::<Result<Vec<_>>>()?,
        Points::Slice(slice) => {
            let range = slice.resolve(len)?;
            (0..range.len).map(|k| range.at(k)).collect()
        }
        Points::Mask(mask) => (0..mask.len() as i64)
            .filter(|&at| mask[at as usize])
            .collect(),
    };
    let values = spread(x, values, axis, Some(list.len() as i64))?;
    // Those before equal places keep their order.
    let mut order: Vec<usize> = (0..values.shape()[axis] as usize).collect();
    let at = |k: usize| list[k.min(list.len() - 1)];
    order.sort_by_key(|&k| at(k));
    let (mut indices, mut next) = (Vec::new(), 0);
    for k in order {
        indices.extend(next..at(k));
        next = at(k);
        indices.push(len + k as i64);
    }
    indices.extend(next..len);
    let both = concatenate(&[x.clone(), values], axis as i64)?;
    take(
        &both,
        &positions(indices)?,
        Some(axis as i64),
        Outside::Raise,
    )
}

/// The values to insert at so many places of an axis, one for each; one place takes all that there are
/// along the axis, and a plain one those along the first axis of what is given.
pub(super) fn spread(x: &Expr, values: &Expr, axis: usize, places: Option<i64>) -> Result<Expr> {
    let ndim = x.shape().len();
    let values = astype(values, x.dtype())?;
    let lead = ndim.saturating_sub(values.shape().len()) as i64;
    let values = expand_dims(&values, &(0..lead).collect::<Vec<_>>())?;
    let values = match places {
        None => moveaxis(&values, &[0], &[axis as i64])?,
        Some(_) => values,
    };
    let mut shape = Shape::from_slice(x.shape());
    shape[axis] = match places {
        None | Some(1) => values.shape().get(axis).copied().unwrap_or(1),
        Some(places) => places,
    };
    broadcast_to(&values, &shape)
}
