//! Products of vectors along one axis.

use super::index::{Item, index};
use super::products::contract;
use super::{
    astype, broadcast_arrays, expand_dims, map, matmul, moveaxis, normalize_axes, squeeze, stack,
};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result};

/// The products of vectors along an axis of each, summed; the other axes broadcast.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis, [`Kind::Shape`] for vectors of different lengths.
pub fn vecdot(a: &Expr, b: &Expr, axis: i64) -> Result<Expr> {
    let last = |x: &Expr| {
        normalize_axes(&[axis], x.shape().len())?;
        moveaxis(x, &[axis], &[-1])
    };
    let (a, b) = (last(a)?, last(b)?);
    let (n, m) = (a.shape().last(), b.shape().last());
    if n != m {
        return Err(disagree("vecdot", &a, &b));
    }
    let labels = |x: &Expr| -> Vec<u32> { (0..x.shape().len() as u32).rev().collect() };
    let batch = a.shape().len().max(b.shape().len()) as u32;
    let output: Vec<u32> = (1..batch).rev().collect();
    contract("vecdot", &[(&a, labels(&a)), (&b, labels(&b))], &output)
}

/// Matrices in the last two axes of `a` times vectors in the last of `b`; the others broadcast.
///
/// # Errors
/// As [`matmul`]; [`Kind::Shape`] for fewer axes.
pub fn matvec(a: &Expr, b: &Expr) -> Result<Expr> {
    matrices("matvec", a)?;
    squeeze(&matmul(a, &expand_dims(b, &[-1])?)?, Some(&[-1]))
}

/// Vectors in the last axis of `a` times matrices in the last two of `b`; the others broadcast.
///
/// # Errors
/// As [`matvec`].
pub fn vecmat(a: &Expr, b: &Expr) -> Result<Expr> {
    matrices("vecmat", b)?;
    squeeze(&matmul(&expand_dims(a, &[-2])?, b)?, Some(&[-2]))
}

/// Refuses what has no matrices in its last two axes.
fn matrices(name: &str, x: &Expr) -> Result<()> {
    match x.shape() {
        [] | [_] => Err(Error::new(
            Kind::Shape,
            format!("{name} of a matrix of shape {}", show_shape(x.shape())),
        )
        .way_out("an array of two axes or more")),
        _ => Ok(()),
    }
}

fn disagree(name: &str, a: &Expr, b: &Expr) -> Error {
    Error::new(
        Kind::Shape,
        format!("{name} of vectors of different lengths"),
    )
    .fact("a", show_shape(a.shape()))
    .fact("b", show_shape(b.shape()))
    .way_out("vectors of one length")
}

/// The axes of the vectors of a cross product: of both factors, and of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossAxes {
    /// Of the first factor.
    pub a: i64,
    /// Of the second.
    pub b: i64,
    /// Of the result, where it has vectors.
    pub c: i64,
}

/// The cross product of vectors of three components, or of two, whose third is 0; of two such ones
/// the third component alone. The other axes broadcast.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis, [`Kind::Shape`] for vectors of another length.
pub fn cross(a: &Expr, b: &Expr, axes: CrossAxes) -> Result<Expr> {
    let last = |x: &Expr, axis: i64| {
        normalize_axes(&[axis], x.shape().len())?;
        moveaxis(x, &[axis], &[-1])
    };
    let (a, b) = (last(a, axes.a)?, last(b, axes.b)?);
    let components = [&a, &b].map(|x| x.shape().last().copied().unwrap_or(0));
    if components.iter().any(|n| !matches!(n, 2 | 3)) {
        let error = Error::new(
            Kind::Shape,
            "cross of vectors that have neither two nor three components",
        );
        return Err(error
            .fact("a", show_shape(a.shape()))
            .fact("b", show_shape(b.shape()))
            .way_out("vectors of length 3"));
    }
    let dtype = DType::promote(a.dtype(), b.dtype());
    let part = |x: &Expr, k: i64| index(&astype(x, dtype)?, &[Item::Ellipsis, Item::Int(k)]);
    // The product of two components; none where one is that which vectors of two do not have.
    let product = |i: i64, j: i64| match (i < components[0], j < components[1]) {
        (true, true) => map("multiply", &[part(&a, i)?, part(&b, j)?]).map(Some),
        _ => Ok(None),
    };
    let component = |i: i64, j: i64| match (product(i, j)?, product(j, i)?) {
        (Some(plus), Some(minus)) => map("subtract", &[plus, minus]),
        (Some(plus), None) => Ok(plus),
        (None, Some(minus)) => map("negative", &[minus]),
        (None, None) => Err(Error::new(Kind::Internal, "a component of no products")),
    };
    if components == [2, 2] {
        return component(0, 1);
    }
    let parts = [component(1, 2)?, component(2, 0)?, component(0, 1)?];
    stack(&broadcast_arrays(&parts)?, axes.c)
}
