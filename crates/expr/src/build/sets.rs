//! Which elements of one array are in another?

use super::take::{Outside, take};
use super::{Operand, along, astype, broadcast_to, constant, map, operate, ravel, searchsorted};
use crate::node::Expr;
use tilewright_core::{DType, Result, Scalar};

/// Whether each element is one of `among`; NaN is none. The elements of `among` must fit the memory,
/// as for a sort.
///
/// # Errors
/// None for valid expressions.
pub fn isin(x: &Expr, among: &Expr) -> Result<Expr> {
    let n = among.elements();
    if n == 0 {
        return broadcast_to(&constant(Scalar::from(false))?, x.shape());
    }
    let dtype = DType::promote(x.dtype(), among.dtype());
    let x = astype(x, dtype)?;
    let sorted = along("sort", &astype(&ravel(among)?, dtype)?, Some(0))?;
    let place = searchsorted(&sorted, &x, false)?;
    let place = operate("minimum", &[place.into(), Operand::Int(i128::from(n) - 1)])?;
    map(
        "equal",
        &[take(&sorted, &place, Some(0), Outside::Raise)?, x],
    )
}
