//! Singular values of matrices.

use super::along::rows;
use super::quantile::merged;
use super::{Operand, astype, full};
use crate::attr::{Along, Axes};
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Shape};

/// The singular values of the matrices in the last two axes, in descending order along the last one.
///
/// # Errors
/// [`Kind::Shape`] for fewer than two axes, [`Kind::DType`] for float16.
pub fn svdvals(x: &Expr) -> Result<Expr> {
    let ndim = x.shape().len();
    if ndim < 2 {
        let message = format!("singular values of an array of {ndim} dimensions");
        return Err(Error::new(Kind::Shape, message).way_out("an array of two axes or more"));
    }
    of_axes(x, [ndim - 2, ndim - 1])
}

/// Those of the matrices in two axes, along a new last one; in the float of the elements.
fn of_axes(x: &Expr, axes: [usize; 2]) -> Result<Expr> {
    let dtype = match x.dtype() {
        DType::F16 => {
            let message = "singular values of float16";
            return Err(Error::new(Kind::DType, message).way_out("astype(float32)"));
        }
        dtype if dtype.is_float() => dtype,
        _ => DType::F64,
    };
    let [first, second] = axes.map(|axis| x.shape()[axis]);
    let (axes, count, length) = match first <= second {
        true => (axes, first, second),
        false => ([axes[1], axes[0]], second, first),
    };
    let axes: Axes = axes.into_iter().collect();
    let matrices = merged(&astype(x, DType::F64)?, &axes)?;
    let axis = matrices.shape().len() - 1;
    if count == 0 {
        let mut shape = Shape::from_slice(matrices.shape());
        shape[axis] = 0;
        return full(Scalar::zero(dtype), Grid::whole(&shape));
    }
    let call = Along {
        axis,
        len: count,
        dtype: DType::F64,
        parameter: length,
        chunked: false,
    };
    astype(&rows("svdvals", &[matrices], call)?, dtype)
}

/// The fold `name` of the singular values of matrices along two axes; `initial` is that of none.
///
/// # Errors
/// [`Kind::DType`] for float16; [`Kind::Value`] where there are none and no value is for that.
pub(super) fn norm(
    name: &str,
    initial: Option<f64>,
    x: &Expr,
    axes: [usize; 2],
    keepdims: bool,
) -> Result<Expr> {
    let asked = super::Reduction {
        axes: Some(vec![-1]),
        initial: initial.map(Operand::Float),
        ..Default::default()
    };
    let norm = super::fold(name, &of_axes(x, axes)?, &asked)?;
    if !keepdims {
        return Ok(norm);
    }
    let mut places = axes.map(|axis| axis as i64);
    places.sort_unstable();
    super::expand_dims(&norm, &places)
}
