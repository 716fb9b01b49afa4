//! Reductions and statistics.

use super::{astype, expand_dims, node, normalize_axes, windows};
use crate::attr::{Attr, Axes};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::statistics::output;
use crate::op::{Family, OpId};
use tilewright_core::{DType, Error, Kind, Result, Scalar};

pub(super) fn sorted_axes(x: &Expr, axes: Option<&[i64]>) -> Result<Axes> {
    let mut axes = match axes {
        None => (0..x.shape().len()).collect(),
        Some(axes) => normalize_axes(axes, x.shape().len())?,
    };
    axes.sort_unstable();
    Ok(axes)
}

pub(super) fn keep(x: Expr, axes: &Axes, keepdims: bool) -> Result<Expr> {
    if !keepdims {
        return Ok(x);
    }
    expand_dims(
        &x,
        &axes.iter().map(|&axis| axis as i64).collect::<Vec<_>>(),
    )
}

/// The reduction `name` along `axes` (all without), which stay as length 1 with `keepdims`.
///
/// # Errors
/// [`Kind::Axis`] for bad axes, [`Kind::DType`] if the dtype is refused, [`Kind::Value`] for a
/// minimum or maximum of no elements.
pub fn reduce(name: &str, x: &Expr, axes: Option<&[i64]>, keepdims: bool) -> Result<Expr> {
    let axes = sorted_axes(x, axes)?;
    keep(folded_axes(name, x, &axes)?, &axes, keepdims)
}

/// The reduction `name` along axes: windows by doubling, anything else on the canonical tree.
pub(crate) fn folded_axes(name: &str, x: &Expr, axes: &Axes) -> Result<Expr> {
    match windows::reduce(name, x, axes)? {
        Some(folded) => Ok(folded),
        None => reduce_axes(name, x, axes.clone()),
    }
}

/// The reduction `name` along axes in the order in which they are flattened.
///
/// # Errors
/// As [`reduce`].
pub fn reduce_axes(name: &str, x: &Expr, axes: Axes) -> Result<Expr> {
    let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
    let Family::Reduce(row) = &op.def().family else {
        return Err(Error::new(
            Kind::Internal,
            format!("{name} is no reduction"),
        ));
    };
    let dtype = (row.accumulator)(x.dtype())
        .ok_or_else(|| refuse_dtypes(op.def(), std::slice::from_ref(x)))?;
    let folded = node(name, Attr::Axes(axes), [astype(x, dtype.computed())?])?;
    astype(&folded, (row.output)(dtype))
}

/// `mean`, `var` or `std` along `axes` (all without); the divisor is `n - ddof`.
///
/// # Errors
/// [`Kind::Axis`] for bad axes.
pub fn statistic(
    name: &str,
    x: &Expr,
    axes: Option<&[i64]>,
    ddof: f64,
    keepdims: bool,
) -> Result<Expr> {
    let axes = sorted_axes(x, axes)?;
    if let Some(of_windows) = windows::statistic(name, x, &axes, ddof)? {
        return keep(of_windows, &axes, keepdims);
    }
    let attr = Attr::Statistic {
        axes: axes.clone(),
        ddof: Scalar::from(ddof),
    };
    // What is not computed in takes part as float64, so that the result is rounded once.
    let wide = match x.dtype() {
        dtype if dtype.computed() == dtype => x.clone(),
        _ => astype(x, DType::F64)?,
    };
    let result = astype(&node(name, attr, [wide])?, output(x.dtype()))?;
    keep(result, &axes, keepdims)
}
