//! What does a result become that is to lie in an array there is?
//!
//! NumPy's `out=` and `where=` as values: a new array of the dtype and shape of the one that holds it.

use super::{astype, broadcast_shapes, broadcast_to, map};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result};

/// `result`, broadcast and in the dtype of `out`; where a mask is given and false, the elements of
/// `out`.
///
/// # Errors
/// [`Kind::DType`] if the dtype is of another kind than results are cast to, or the mask no mask;
/// [`Kind::Shape`] if the result or the mask does not broadcast into `out`.
pub fn hold(result: &Expr, out: &Expr, only: Option<&Expr>) -> Result<Expr> {
    if !result.dtype().casts_within_kind(out.dtype()) {
        let message = format!(
            "{} does not hold {}",
            out.dtype().name(),
            result.dtype().name()
        );
        return Err(Error::new(Kind::DType, message).way_out("astype of the result first"));
    }
    let all: Vec<Expr> = [result, out].into_iter().chain(only).cloned().collect();
    let shape = broadcast_shapes("out", &all)?;
    if shape[..] != *out.shape() {
        let message = format!(
            "an array of shape {} does not hold a result",
            show_shape(out.shape())
        );
        return Err(Error::new(Kind::Shape, message)
            .fact("result", show_shape(&shape))
            .way_out("an array of the result's shape"));
    }
    let held = astype(result, out.dtype())?;
    match only {
        None => broadcast_to(&held, &shape),
        Some(only) if only.dtype() != DType::Bool => {
            let message = format!("a mask of {}, not bool", only.dtype().name());
            Err(Error::new(Kind::DType, message).way_out("a comparison, or astype(bool)"))
        }
        Some(only) => map("where", &[only.clone(), held, out.clone()]),
    }
}
