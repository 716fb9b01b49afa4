//! Products of arrays: `matmul`, `dot`, `inner`, `outer`, `tensordot`, `kron`.
//!
//! All are one thing: axes bear labels, equal labels run together, and what the result does not
//! name is summed. Here it is multiplication and a sum, of any dtype, in the order of a reduction.

use super::{
    astype, broadcast_to, constant, expand_dims, map, normalize_axes, reduce_axes, reshape,
    transpose,
};
use crate::attr::Axes;
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape};

/// A label of an axis.
pub type Label = u32;

/// An array and the labels of its axes.
pub type Labelled<'a> = (&'a Expr, Vec<Label>);

/// The sum over all labels that `output` does not name of the products of the operands.
///
/// # Errors
/// [`Kind::Shape`] if axes of one label have different lengths, none of them 1, or one operand
/// names a label twice.
pub fn contract(name: &str, operands: &[Labelled<'_>], output: &[Label]) -> Result<Expr> {
    let mut order: Vec<Label> = output.to_vec();
    let mut lengths: Vec<i64> = vec![1; order.len()];
    for (x, labels) in operands {
        for (&label, &len) in labels.iter().zip(x.shape()) {
            let place = order.iter().position(|&known| known == label);
            let place = place.unwrap_or_else(|| {
                order.push(label);
                lengths.push(1);
                order.len() - 1
            });
            let mine = &mut lengths[place];
            if *mine == 1 {
                *mine = len;
            } else if len != 1 && len != *mine {
                return Err(disagree(name, operands, *mine, len));
            }
        }
    }
    let dtype = DType::promote_all(operands.iter().map(|(x, _)| x.dtype())).ok_or_else(|| {
        Error::new(Kind::Value, format!("{name} of no arrays")).way_out("an array")
    })?;
    let mut product: Option<Expr> = None;
    for (x, labels) in operands {
        let aligned = astype(&align(name, x, labels, &order)?, dtype.computed())?;
        product = Some(match product {
            None => aligned,
            Some(product) => map("multiply", &[product, aligned])?,
        });
    }
    let product = product.ok_or_else(|| Error::new(Kind::Internal, "a product of nothing"))?;
    let product = broadcast_to(&product, &lengths)?;
    let summed: Axes = (output.len()..order.len()).collect();
    if summed.is_empty() {
        // Sums begin at 0.0, also those of one product.
        let sums = operands.len() > 1 && !matches!(name, "outer" | "kron");
        return match sums && dtype.is_float() {
            true => astype(&from_zero(&product)?, dtype),
            false => astype(&product, dtype),
        };
    }
    // A sum of truths is whether there is one; sums of integers widen and wrap back.
    let fold = if dtype == DType::Bool { "any" } else { "sum" };
    astype(&reduce_axes(fold, &product, summed)?, dtype)
}

/// A product as a sum of it alone: none is -0.0.
fn from_zero(product: &Expr) -> Result<Expr> {
    match product.dtype().is_float() {
        true => map(
            "add",
            &[product.clone(), constant(Scalar::zero(product.dtype()))?],
        ),
        false => Ok(product.clone()),
    }
}

/// The array with its axes in the order of the labels, new ones of length 1 where it has none.
fn align(name: &str, x: &Expr, labels: &[Label], order: &[Label]) -> Result<Expr> {
    let mut places = Vec::new();
    let mut missing = Vec::new();
    for (k, label) in order.iter().enumerate() {
        match labels.iter().position(|known| known == label) {
            Some(place) => places.push(place as i64),
            None => missing.push(k as i64),
        }
    }
    if places.len() != labels.len() {
        return Err(Error::new(
            Kind::Shape,
            format!("{name} of a diagonal: one array names a label twice"),
        )
        .way_out("a label once for each array"));
    }
    expand_dims(&transpose(x, Some(&places))?, &missing)
}

fn disagree(name: &str, operands: &[Labelled<'_>], a: i64, b: i64) -> Error {
    let mut error = Error::new(
        Kind::Shape,
        format!("{name} of axes of lengths {a} and {b}"),
    );
    for ((x, _), label) in operands.iter().zip(["a", "b", "c"]) {
        error = error.fact(label, format!("{}{}", x.dtype(), show_shape(x.shape())));
    }
    error.way_out("axes of one length where they are multiplied")
}

fn labels(from: usize, count: usize) -> Vec<Label> {
    (from..from + count).map(|k| k as Label).collect()
}

/// Refuses arrays whose last and last but one axes, which are summed, differ (no axis of length 1
/// repeats here).
fn same_length(name: &str, a: &Expr, b: &Expr, axes: (usize, usize)) -> Result<()> {
    let (n, m) = (a.shape()[axes.0], b.shape()[axes.1]);
    if n == m {
        return Ok(());
    }
    Err(disagree(name, &[(a, vec![]), (b, vec![])], n, m))
}

/// `a @ b`: matrices in the last two axes, the others broadcast; one axis stands for a row on the
/// left and a column on the right, and goes.
///
/// # Errors
/// [`Kind::Shape`] for an array without axes or lengths that disagree.
pub fn matmul(a: &Expr, b: &Expr) -> Result<Expr> {
    let (p, q) = (a.shape().len(), b.shape().len());
    if p == 0 || q == 0 {
        return Err(Error::new(Kind::Shape, "matmul of an array without axes").way_out("multiply"));
    }
    same_length("matmul", a, b, (p - 1, q.saturating_sub(2)))?;
    // Labels: 0 rows, 1 summed, 2 columns, then batches from the last one on.
    let batch = |n: usize| -> Vec<Label> { (0..n).rev().map(|k| 3 + k as Label).collect() };
    let (left, right) = (p.saturating_sub(2), q.saturating_sub(2));
    let mut first = batch(left);
    first.extend(if p > 1 { vec![0, 1] } else { vec![1] });
    let mut second = batch(right);
    second.extend(if q > 1 { vec![1, 2] } else { vec![1] });
    let mut output = batch(left.max(right));
    output.extend((p > 1).then_some(0));
    output.extend((q > 1).then_some(2));
    contract("matmul", &[(a, first), (b, second)], &output)
}

/// NumPy's `dot`: the last axis of `a` with the last but one of `b`, all others side by side.
///
/// # Errors
/// [`Kind::Shape`] for lengths that disagree.
pub fn dot(a: &Expr, b: &Expr) -> Result<Expr> {
    let (p, q) = (a.shape().len(), b.shape().len());
    if p == 0 || q == 0 {
        return from_zero(&map("multiply", &[a.clone(), b.clone()])?);
    }
    let axis = q.saturating_sub(2);
    same_length("dot", a, b, (p - 1, axis))?;
    pairs("dot", a, b, &[p - 1], &[axis])
}

/// The last axes of both summed, all others side by side.
///
/// # Errors
/// [`Kind::Shape`] for lengths that disagree.
pub fn inner(a: &Expr, b: &Expr) -> Result<Expr> {
    let (p, q) = (a.shape().len(), b.shape().len());
    if p == 0 || q == 0 {
        return from_zero(&map("multiply", &[a.clone(), b.clone()])?);
    }
    same_length("inner", a, b, (p - 1, q - 1))?;
    pairs("inner", a, b, &[p - 1], &[q - 1])
}

/// The elements of both in C order, multiplied and summed.
///
/// # Errors
/// [`Kind::Shape`] if their numbers differ.
pub fn vdot(a: &Expr, b: &Expr) -> Result<Expr> {
    let (a, b) = (reshape(a, &[-1])?, reshape(b, &[-1])?);
    same_length("vdot", &a, &b, (0, 0))?;
    pairs("vdot", &a, &b, &[0], &[0])
}

/// Every product of an element of `a` and one of `b`, as a matrix.
///
/// # Errors
/// None for valid arrays.
pub fn outer(a: &Expr, b: &Expr) -> Result<Expr> {
    let (a, b) = (reshape(a, &[-1])?, reshape(b, &[-1])?);
    pairs("outer", &a, &b, &[], &[])
}

/// The sum over pairs of axes, the others of `a` and then of `b` side by side.
///
/// # Errors
/// [`Kind::Axis`] for bad axes, [`Kind::Shape`] for lengths that disagree.
pub fn tensordot(a: &Expr, b: &Expr, axes: (&[i64], &[i64])) -> Result<Expr> {
    let first = normalize_axes(axes.0, a.shape().len())?;
    let second = normalize_axes(axes.1, b.shape().len())?;
    if first.len() != second.len() {
        return Err(Error::new(
            Kind::Axis,
            format!("tensordot of {} and {} axes", first.len(), second.len()),
        )
        .way_out("as many axes of the one as of the other"));
    }
    for (&i, &j) in first.iter().zip(&second) {
        same_length("tensordot", a, b, (i, j))?;
    }
    pairs("tensordot", a, b, &first, &second)
}

/// The last `count` axes of `a` and the first of `b` in pairs.
///
/// # Errors
/// As [`tensordot`].
pub fn tensordot_last(a: &Expr, b: &Expr, count: i64) -> Result<Expr> {
    let ndim = a.shape().len() as i64;
    let first: Vec<i64> = (ndim - count.max(0)..ndim).collect();
    let second: Vec<i64> = (0..count.max(0)).collect();
    if first.first().is_some_and(|&axis| axis < 0) {
        return Err(
            Error::new(Kind::Axis, format!("tensordot over {count} axes of {ndim}"))
                .way_out("no more axes than there are"),
        );
    }
    tensordot(a, b, (&first, &second))
}

/// These axes in pairs are summed, the others stand side by side.
fn pairs(name: &str, a: &Expr, b: &Expr, first: &[usize], second: &[usize]) -> Result<Expr> {
    let (p, q) = (a.shape().len(), b.shape().len());
    let left = labels(0, p);
    let mut right = labels(p, q);
    for (&i, &j) in first.iter().zip(second) {
        right[j] = left[i];
    }
    let kept = |labels: &[Label], gone: &[usize]| -> Vec<Label> {
        let kept = labels.iter().enumerate().filter(|(k, _)| !gone.contains(k));
        kept.map(|(_, &label)| label).collect()
    };
    let mut output = kept(&left, first);
    output.extend(kept(&right, second));
    contract(name, &[(a, left), (b, right)], &output)
}

/// The Kronecker product: blocks of `b`, one for each element of `a`.
///
/// # Errors
/// [`Kind::Shape`] beyond 2^63 elements.
pub fn kron(a: &Expr, b: &Expr) -> Result<Expr> {
    let ndim = a.shape().len().max(b.shape().len());
    let lead = |x: &Expr| {
        let axes: Vec<i64> = (0..(ndim - x.shape().len()) as i64).collect();
        expand_dims(x, &axes)
    };
    let (a, b) = (lead(a)?, lead(b)?);
    let (left, right) = (labels(0, ndim), labels(ndim, ndim));
    let output: Vec<Label> = left
        .iter()
        .zip(&right)
        .flat_map(|(&i, &j)| [i, j])
        .collect();
    let table = contract("kron", &[(&a, left), (&b, right)], &output)?;
    let lengths: Option<Shape> = (a.shape().iter().zip(b.shape()))
        .map(|(n, m)| n.checked_mul(*m))
        .collect();
    let lengths = lengths.ok_or_else(|| {
        Error::new(Kind::Shape, "kron beyond 2^63 elements").way_out("smaller arrays")
    })?;
    reshape(&table, &lengths)
}
