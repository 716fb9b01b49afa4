//! Where are the extremes? `argmin`, `argmax`.

use super::along::only_axis;
use super::{broadcast_to, constant, expand_dims, iota, map, normalize_axes, reduce_axes, reshape};
use crate::attr::Axes;
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{Error, Kind, Result, Scalar, Shape, c_strides};

/// The index along an axis, or in C order of all without `axes`, of the smallest (`name` "min") or largest
/// ("max") element: the first NaN if there is one, else the first of equals. With `skip_nan` NaN
/// is passed over; where there is nothing else the index is 0.
///
/// # Errors
/// [`Kind::Axis`] if an axis is out of range or named twice, [`Kind::Value`] for no elements.
pub fn argument(
    name: &str,
    x: &Expr,
    axes: Option<&[i64]>,
    skip_nan: bool,
    keepdims: bool,
) -> Result<Expr> {
    let ndim = x.shape().len();
    let axes: Axes = match axes {
        None => (0..ndim).collect(),
        Some([axis]) if only_axis(x, Some(*axis)) => Axes::new(),
        Some(axes) => normalize_axes(axes, ndim)?,
    };
    if axes.iter().any(|&axis| x.shape()[axis] == 0) {
        return Err(Error::new(
            Kind::Value,
            format!("arg{name} of no elements has no value"),
        )
        .fact("x", show_shape(x.shape()))
        .way_out("an axis that is not empty"));
    }
    let places: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let float = x.dtype().is_float();
    let is_nan = |x: &Expr| map("not_equal", &[x.clone(), x.clone()]);
    let passed = if float && skip_nan {
        let worst = if name == "min" {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        };
        let worst = constant(Scalar::from_f64(x.dtype(), worst))?;
        map("where", &[is_nan(x)?, worst, x.clone()])?
    } else {
        x.clone()
    };
    let extreme = expand_dims(&reduce_axes(name, &passed, axes.clone())?, &places)?;
    let mut found = map("equal", &[passed.clone(), extreme])?;
    if float && !skip_nan {
        found = map("bitwise_or", &[found, is_nan(x)?])?;
    }
    let index = position(x, &axes)?;
    let beyond = constant(Scalar::from(x.elements()))?;
    let first = reduce_axes("min", &map("where", &[found, index, beyond])?, axes)?;
    if keepdims {
        expand_dims(&first, &places)
    } else {
        Ok(first)
    }
}

/// Each element's place among those of the axes, in C order.
fn position(x: &Expr, axes: &Axes) -> Result<Expr> {
    let lengths: Shape = axes.iter().map(|&axis| x.shape()[axis]).collect();
    let mut total: Option<Expr> = None;
    for (&axis, &stride) in axes.iter().zip(&c_strides(&lengths)) {
        let index = iota(axis, x.grid().clone())?;
        let scaled = map("multiply", &[index, constant(Scalar::from(stride))?])?;
        total = Some(match total {
            None => scaled,
            Some(total) => map("add", &[total, scaled])?,
        });
    }
    match total {
        Some(total) => Ok(total),
        None => broadcast_to(&reshape(&constant(Scalar::from(0i64))?, &[])?, x.shape()),
    }
}
