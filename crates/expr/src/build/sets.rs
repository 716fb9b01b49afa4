//! Which elements of one array are in another, and which are not twice there?

use super::take::{Outside, take};
use super::{
    Operand, along, array, astype, broadcast_to, concatenate, constant, map, operate, ravel,
    searchsorted, slice,
};
use crate::node::Expr;
use tilewright_core::dtype::Class;
use tilewright_core::{AxisRange, DType, Grid, Region, Result, Scalar};

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
    // Of signed and unsigned integers of 64 bits each is found among its like, or not at all.
    let signed = |dtype: DType| dtype.class() == Class::Signed;
    let (dtype, within) = match (x.dtype(), among.dtype()) {
        (DType::U64, other) if signed(other) => {
            let most = Operand::Int(i64::MAX.into());
            (
                DType::I64,
                Some(operate("less_equal", &[x.clone().into(), most])?),
            )
        }
        (own, DType::U64) if signed(own) => {
            let least = [x.clone().into(), Operand::Int(0)];
            (DType::U64, Some(operate("greater_equal", &least)?))
        }
        (own, other) => (DType::promote(own, other), None),
    };
    let x = astype(x, dtype)?;
    let sorted = along("sort", &astype(&ravel(among)?, dtype)?, Some(0))?;
    let place = searchsorted(&sorted, &x, false)?;
    let place = operate("minimum", &[place.into(), Operand::Int(i128::from(n) - 1)])?;
    let found = take(&sorted, &place, Some(0), Outside::Raise)?;
    let found = map("equal", &[found, x])?;
    match within {
        Some(within) => map("bitwise_and", &[found, within]),
        None => Ok(found),
    }
}

/// Which elements of a sorted array of one axis equal neither neighbour; NaN equals none.
///
/// # Errors
/// None for an array of one axis.
pub fn unpaired(sorted: &Expr) -> Result<Expr> {
    let n = sorted.elements();
    if n == 0 {
        return map("not_equal", &[sorted.clone(), sorted.clone()]);
    }
    let part = |x: &Expr, start: i64| {
        let len = x.elements() - 1;
        let axes = [AxisRange::new(start, 1, len)].into_iter().collect();
        slice(x, Region { axes })
    };
    let differs = map("not_equal", &[part(sorted, 1)?, part(sorted, 0)?])?;
    let end = array(vec![Scalar::from(true)], DType::Bool, Grid::whole(&[1]))?;
    let edges = concatenate(&[end.clone(), differs, end], 0)?;
    map("bitwise_and", &[part(&edges, 1)?, part(&edges, 0)?])
}
