//! Calls that turn, name and number axes, written in the moves that there are.

use super::index::{Item, index};
use super::{broadcast_shapes, broadcast_to, expand_dims, normalize_axes, reshape, transpose};
use crate::node::Expr;
use tilewright_core::{Error, Kind, Result, Slice};

/// The same elements in C order along one axis.
///
/// # Errors
/// None for a valid expression.
pub fn ravel(x: &Expr) -> Result<Expr> {
    reshape(x, &[x.elements()])
}

/// Axes `source` moved to the places `destination`; the others keep their order.
///
/// # Errors
/// [`Kind::Axis`] if one is out of range or named twice; [`Kind::Value`] if their numbers differ.
pub fn moveaxis(x: &Expr, source: &[i64], destination: &[i64]) -> Result<Expr> {
    let ndim = x.shape().len();
    let (from, to) = (
        normalize_axes(source, ndim)?,
        normalize_axes(destination, ndim)?,
    );
    if from.len() != to.len() {
        return Err(Error::new(
            Kind::Value,
            format!("moveaxis of {} axes to {} places", from.len(), to.len()),
        )
        .way_out("a place for each axis"));
    }
    let mut rest = (0..ndim).filter(|axis| !from.contains(axis));
    let order: Vec<i64> = (0..ndim)
        .filter_map(|place| match to.iter().position(|&t| t == place) {
            Some(k) => Some(from[k]),
            None => rest.next(),
        })
        .map(|axis| axis as i64)
        .collect();
    transpose(x, Some(&order))
}

/// Two axes exchanged.
///
/// # Errors
/// [`Kind::Axis`] if one is out of range.
pub fn swapaxes(x: &Expr, a: i64, b: i64) -> Result<Expr> {
    let ndim = x.shape().len();
    let (a, b) = (
        normalize_axes(&[a], ndim)?[0],
        normalize_axes(&[b], ndim)?[0],
    );
    let mut order: Vec<i64> = (0..ndim as i64).collect();
    order.swap(a, b);
    transpose(x, Some(&order))
}

/// An axis moved to stand before the one at `start`.
///
/// # Errors
/// [`Kind::Axis`] if `axis` is out of range, or `start` by more than one.
pub fn rollaxis(x: &Expr, axis: i64, start: i64) -> Result<Expr> {
    let ndim = x.shape().len() as i64;
    let axis = normalize_axes(&[axis], x.shape().len())?[0] as i64;
    let before = if start < 0 { start + ndim } else { start };
    if !(0..=ndim).contains(&before) {
        return Err(Error::new(
            Kind::Axis,
            format!("rollaxis to {start} in an array of {ndim} dimensions"),
        )
        .way_out(format!("a place from {} to {ndim}", -ndim)));
    }
    let place = if axis < before { before - 1 } else { before };
    moveaxis(x, &[axis], &[place])
}

/// These axes backwards; all without `axes`.
///
/// # Errors
/// [`Kind::Axis`] if one is out of range or named twice.
pub fn flip(x: &Expr, axes: Option<&[i64]>) -> Result<Expr> {
    let ndim = x.shape().len();
    let flipped = match axes {
        None => (0..ndim).collect(),
        Some(axes) => normalize_axes(axes, ndim)?,
    };
    let item = |axis| {
        Item::Slice(Slice {
            step: flipped.contains(&axis).then_some(-1),
            ..Slice::default()
        })
    };
    index(x, &(0..ndim).map(item).collect::<Vec<_>>())
}

/// Turned by 90 degrees `k` times in the plane of two axes, from the first towards the second.
///
/// # Errors
/// [`Kind::Axis`] if the axes are equal or out of range.
pub fn rot90(x: &Expr, k: i64, axes: [i64; 2]) -> Result<Expr> {
    let [a, b] = axes;
    normalize_axes(&axes, x.shape().len())?;
    match k.rem_euclid(4) {
        0 => Ok(x.clone()),
        1 => swapaxes(&flip(x, Some(&[b]))?, a, b),
        2 => flip(x, Some(&axes)),
        _ => flip(&swapaxes(x, a, b)?, Some(&[b])),
    }
}

/// With `ndim` axes at least, 1 to 3, as NumPy's `atleast_1d` and its kin place the new ones.
///
/// # Errors
/// None for a valid expression.
pub fn atleast(x: &Expr, ndim: usize) -> Result<Expr> {
    let new: &[i64] = match (x.shape().len(), ndim) {
        (0, 1) | (1, 2) => &[0],
        (0, 2) => &[0, 1],
        (0, 3) => &[0, 1, 2],
        (1, 3) => &[0, 2],
        (2, 3) => &[2],
        _ => &[],
    };
    expand_dims(x, new)
}

/// The arrays, broadcast to each other.
///
/// # Errors
/// [`Kind::Shape`] if they do not broadcast.
pub fn broadcast_arrays(arrays: &[Expr]) -> Result<Vec<Expr>> {
    let shape = broadcast_shapes("broadcast_arrays", arrays)?;
    arrays.iter().map(|x| broadcast_to(x, &shape)).collect()
}
