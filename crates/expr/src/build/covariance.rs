//! Covariance and correlation: products of centred variables.

use super::products::contract;
use super::{astype, map, reduce_axes, reshape, transpose};
use crate::node::Expr;
use tilewright_core::{DType, Error, Kind, Result};

/// The covariance of variables, which are the rows of `x` (its columns without `rowvar`), with
/// those of `y` below them; the divisor is the number of observations less `ddof`.
///
/// # Errors
/// [`Kind::Shape`] for more than two axes or other numbers of observations.
pub fn cov(x: &Expr, y: Option<&Expr>, rowvar: bool, ddof: f64) -> Result<Expr> {
    let table = |x: &Expr, turns: bool| {
        let x = astype(x, DType::F64)?;
        match x.shape().len() {
            0 | 1 => reshape(&x, &[1, x.elements()]),
            2 if turns => transpose(&x, None),
            2 => Ok(x),
            n => Err(
                Error::new(Kind::Shape, format!("the covariance of {n} axes"))
                    .way_out("at most two axes: variables and observations"),
            ),
        }
    };
    let mut rows = vec![table(x, !rowvar)?];
    // One row is one variable, as NumPy has it for the second array alone.
    let turned = |y: &Expr| table(y, !rowvar && y.shape().first() != Some(&1));
    rows.extend(y.map(turned).transpose()?);
    let x = super::concatenate(&rows, 0)?;
    let mean = super::statistic("mean", &x, Some(&[1]), 0.0, true)?;
    let centred = map("subtract", &[x.clone(), mean])?;
    let sums = contract(
        "cov",
        &[(&centred, vec![0, 2]), (&centred, vec![1, 2])],
        &[0, 1],
    )?;
    let divisor = (x.shape()[1] as f64 - ddof).max(0.0);
    let factor = super::Operand::Float(1.0 / divisor);
    let result = super::operate("multiply", &[sums.into(), factor])?;
    super::squeeze(&result, None)
}

/// The correlation of variables: their covariance over the product of their standard deviations,
/// between −1 and 1.
///
/// # Errors
/// As [`cov`].
pub fn corrcoef(x: &Expr, y: Option<&Expr>, rowvar: bool) -> Result<Expr> {
    let c = cov(x, y, rowvar, 1.0)?;
    if c.shape().is_empty() {
        return map("divide", &[c.clone(), c]);
    }
    let n = c.shape()[0];
    // The diagonal: what is left of the rows where the other index is the same.
    let unit = super::eye(0, DType::Bool, c.grid().clone())?;
    let zero = super::constant(tilewright_core::Scalar::from(0.0))?;
    let diagonal = reduce_axes(
        "sum",
        &map("where", &[unit, c.clone(), zero])?,
        [1usize].into_iter().collect(),
    )?;
    let spread = map("sqrt", &[diagonal])?;
    let c = map("divide", &[c, reshape(&spread, &[n, 1])?])?;
    let c = map("divide", &[c, reshape(&spread, &[1, n])?])?;
    let low = super::operate("maximum", &[c.into(), super::Operand::Float(-1.0)])?;
    super::operate("minimum", &[low.into(), super::Operand::Float(1.0)])
}
