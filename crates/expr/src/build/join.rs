//! Calls that put arrays together, written in `concatenate`.

use super::shape::{atleast, ravel};
use super::{concatenate, expand_dims, reshape};
use crate::node::Expr;
use tilewright_core::{Error, Kind, Result};

/// Arrays side by side along their second axis, vectors along their only one.
///
/// # Errors
/// As [`concatenate`].
pub fn hstack(parts: &[Expr]) -> Result<Expr> {
    let parts = with_axes(parts, 1)?;
    let flat = parts.first().is_some_and(|part| part.shape().len() == 1);
    concatenate(&parts, if flat { 0 } else { 1 })
}

/// Arrays one below the other; a vector is a row.
///
/// # Errors
/// As [`concatenate`].
pub fn vstack(parts: &[Expr]) -> Result<Expr> {
    concatenate(&with_axes(parts, 2)?, 0)
}

/// Arrays one behind the other, along a third axis.
///
/// # Errors
/// As [`concatenate`].
pub fn dstack(parts: &[Expr]) -> Result<Expr> {
    concatenate(&with_axes(parts, 3)?, 2)
}

fn with_axes(parts: &[Expr], ndim: usize) -> Result<Vec<Expr>> {
    parts.iter().map(|part| atleast(part, ndim)).collect()
}

/// Vectors as columns, beside arrays of two axes.
///
/// # Errors
/// As [`concatenate`].
pub fn column_stack(parts: &[Expr]) -> Result<Expr> {
    let column = |part: &Expr| match part.shape().len() {
        0 => reshape(part, &[1, 1]),
        1 => expand_dims(part, &[1]),
        _ => Ok(part.clone()),
    };
    concatenate(&parts.iter().map(column).collect::<Result<Vec<_>>>()?, 1)
}

/// `values` behind the elements of an array; in C order, both, without an axis.
///
/// # Errors
/// As [`concatenate`].
pub fn append(x: &Expr, values: &Expr, axis: Option<i64>) -> Result<Expr> {
    match axis {
        Some(axis) => concatenate(&[x.clone(), values.clone()], axis),
        None => concatenate(&[ravel(x)?, ravel(values)?], 0),
    }
}

/// Arrays in nested lists.
#[derive(Clone, Debug)]
pub enum Blocks {
    /// An array.
    Array(Expr),
    /// What stands side by side, along the last axis for the innermost lists.
    List(Vec<Blocks>),
}

impl Blocks {
    /// How deep the lists are; `None` if not equally deep everywhere, or empty.
    fn depth(&self) -> Option<usize> {
        match self {
            Blocks::Array(_) => Some(0),
            Blocks::List(items) => {
                let depth = items.first()?.depth()?;
                let even = items.iter().all(|item| item.depth() == Some(depth));
                even.then_some(depth + 1)
            }
        }
    }

    /// The most axes of an array.
    fn ndim(&self) -> usize {
        match self {
            Blocks::Array(x) => x.shape().len(),
            Blocks::List(items) => items.iter().map(Blocks::ndim).max().unwrap_or(0),
        }
    }

    fn joined(&self, ndim: usize, depth: usize) -> Result<Expr> {
        match self {
            Blocks::Array(x) => {
                let new = (ndim - x.shape().len()) as i64;
                expand_dims(x, &(0..new).collect::<Vec<_>>())
            }
            Blocks::List(items) => {
                let parts = items.iter().map(|item| item.joined(ndim, depth - 1));
                concatenate(&parts.collect::<Result<Vec<_>>>()?, -(depth as i64))
            }
        }
    }
}

/// Arrays put together as nested lists show them.
///
/// # Errors
/// [`Kind::Value`] for lists that are empty or not equally deep, else as [`concatenate`].
pub fn block(blocks: &Blocks) -> Result<Expr> {
    let depth = blocks.depth().ok_or_else(|| {
        Error::new(
            Kind::Value,
            "block of lists that are empty or not equally deep",
        )
        .way_out("lists of equal depth with an array in each")
    })?;
    blocks.joined(blocks.ndim().max(depth), depth)
}
