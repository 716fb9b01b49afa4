//! Covariance and correlation: products of centred variables.

use super::products::contract;
use super::take::known;
use super::{Operand, astype, map, operate, reduce, reduce_axes, reshape, transpose};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar};

/// How a covariance is taken; `W` are arrays of weights.
#[derive(Clone, Debug)]
pub struct Covariance<W = Expr> {
    /// Whether rows are variables, and columns observations.
    pub rowvar: bool,
    /// What is taken from the number of observations, or from the sum of their weights.
    pub ddof: f64,
    /// How often each observation counts: NumPy's `fweights`.
    pub repeats: Option<W>,
    /// What each observation weighs: NumPy's `aweights`.
    pub weights: Option<W>,
    /// Element type of the result.
    pub dtype: DType,
}

impl<W> Default for Covariance<W> {
    fn default() -> Covariance<W> {
        Covariance {
            rowvar: true,
            ddof: 1.0,
            repeats: None,
            weights: None,
            dtype: DType::F64,
        }
    }
}

impl<W> Covariance<W> {
    /// The same with other arrays of weights.
    pub fn with<V>(&self, repeats: Option<V>, weights: Option<V>) -> Covariance<V> {
        Covariance {
            rowvar: self.rowvar,
            ddof: self.ddof,
            repeats,
            weights,
            dtype: self.dtype,
        }
    }
}

impl Covariance {
    /// The weight of each observation, all together.
    fn together(&self, observations: i64) -> Result<Option<Expr>> {
        if let Some(repeats) = &self.repeats {
            let whole = |x: Scalar| x.to_f64().fract() == 0.0;
            let written = known(repeats).is_some_and(|all| all.iter().all(|&x| whole(x)));
            if repeats.dtype().is_float() && !written {
                return Err(
                    Error::new(Kind::DType, "how often an observation counts is no float")
                        .way_out("integers, or aweights"),
                );
            }
        }
        let mut together: Option<Expr> = None;
        for part in [&self.repeats, &self.weights].into_iter().flatten() {
            if part.shape() != [observations] {
                return Err(Error::new(
                    Kind::Shape,
                    format!(
                        "weights of shape {} for {observations} observations",
                        show_shape(part.shape())
                    ),
                )
                .way_out("one weight for each observation"));
            }
            if known(part).is_some_and(|all| all.iter().any(|x| x.to_f64() < 0.0)) {
                return Err(
                    Error::new(Kind::Value, "a weight below 0").way_out("weights of 0 or more")
                );
            }
            let part = astype(part, DType::F64)?;
            together = Some(match together {
                None => part,
                Some(together) => map("multiply", &[together, part])?,
            });
        }
        Ok(together)
    }

    /// The divisor, given the weights and their sum.
    fn divisor(&self, weights: &Expr, sum: Expr) -> Result<Expr> {
        let less = |x: Expr| operate("multiply", &[x.into(), Operand::Float(self.ddof)]);
        let divisor = match &self.weights {
            _ if self.ddof == 0.0 => sum,
            None => operate("subtract", &[sum.into(), Operand::Float(self.ddof)])?,
            Some(own) => {
                let squares = map("multiply", &[weights.clone(), astype(own, DType::F64)?])?;
                let squares = less(reduce("sum", &squares, None, false)?)?;
                map("subtract", &[sum.clone(), map("divide", &[squares, sum])?])?
            }
        };
        operate("maximum", &[divisor.into(), Operand::Float(0.0)])
    }
}

/// The covariance of variables, with those of `y` below those of `x`; of no variables in `x` nothing, in
/// f64.
///
/// # Errors
/// [`Kind::Shape`] for more than two axes or other numbers of observations or weights;
/// [`Kind::Value`] for weights below 0 that are written out; [`Kind::DType`] for repeats that are
/// not whole.
pub fn cov(x: &Expr, y: Option<&Expr>, how: &Covariance) -> Result<Expr> {
    let table = |x: &Expr, turns: bool| {
        let x = astype(x, how.dtype)?;
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
    let mut rows = vec![table(x, !how.rowvar)?];
    if rows[0].shape()[0] == 0 {
        return super::full(Scalar::from(0.0), Grid::whole(&[0, 0]));
    }
    // One row is one variable, as NumPy has it for the second array alone.
    let turned = |y: &Expr| table(y, !how.rowvar && y.shape().first() != Some(&1));
    rows.extend(y.map(turned).transpose()?);
    let x = super::concatenate(&rows, 0)?;
    let weights = how.together(x.shape()[1])?;
    let (mean, _) = super::average(&x, Some(&[1]), weights.as_ref(), true)?;
    let centred = map("subtract", &[x.clone(), mean])?;
    let (other, factor) = match &weights {
        None => {
            let divisor = (x.shape()[1] as f64 - how.ddof).max(0.0);
            (centred.clone(), Operand::Float(1.0 / divisor))
        }
        Some(weights) => {
            let divisor = how.divisor(weights, reduce("sum", weights, None, false)?)?;
            let factor = operate("divide", &[Operand::Int(1), divisor.into()])?;
            (
                map("multiply", &[centred.clone(), weights.clone()])?,
                factor.into(),
            )
        }
    };
    let pair = [(&centred, vec![0, 2]), (&other, vec![1, 2])];
    let sums = contract("cov", &pair, &[0, 1])?;
    let result = operate("multiply", &[sums.into(), factor])?;
    super::squeeze(&astype(&result, how.dtype)?, None)
}

/// The correlation of variables: their covariance over the product of their standard deviations,
/// between −1 and 1.
///
/// # Errors
/// As [`cov`].
pub fn corrcoef(x: &Expr, y: Option<&Expr>, rowvar: bool, dtype: DType) -> Result<Expr> {
    let how = Covariance {
        rowvar,
        dtype,
        ..Covariance::default()
    };
    let c = cov(x, y, &how)?;
    if c.shape().is_empty() {
        return map("divide", &[c.clone(), c]);
    }
    let n = c.shape()[0];
    // The diagonal: what is left of the rows where the other index is the same.
    let unit = super::eye(0, DType::Bool, c.grid().clone())?;
    let zero = super::constant(Scalar::zero(dtype))?;
    let diagonal = reduce_axes(
        "sum",
        &map("where", &[unit, c.clone(), zero])?,
        [1usize].into_iter().collect(),
    )?;
    let spread = map("sqrt", &[diagonal])?;
    let c = map("divide", &[c, reshape(&spread, &[n, 1])?])?;
    let c = map("divide", &[c, reshape(&spread, &[1, n])?])?;
    let low = operate("maximum", &[c.into(), Operand::Float(-1.0)])?;
    operate("minimum", &[low.into(), Operand::Float(1.0)])
}
