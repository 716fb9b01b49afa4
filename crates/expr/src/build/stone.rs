//! How wide are bins that Stone's estimate of the risk finds best?
//!
//! For each number of bins the estimate is (2 - (n + 1) sum p_k^2) / width, where p_k is the share of bin
//! k: Stone 1984, "An asymptotically optimal histogram selection rule". All numbers are tried at
//! once: the edges of all are sorted, and the elements counted between them in one pass.

use super::take::{Outside, take};
use super::{
    Operand, along, argument, astype, concatenate, constant, histogram, iota, map, operate, ravel,
    reduce, searchsorted,
};
use crate::node::Expr;
use tilewright_core::{DType, Grid, Result, Scalar};

/// So many bins are tried at least.
const LEAST: i64 = 100;

/// A sample whose bins are sought.
pub(super) struct Sought<'a> {
    /// In float64; NaN where an element does not count.
    pub values: &'a Expr,
    /// How many elements count.
    pub size: &'a Expr,
    /// The greatest less the least.
    pub spread: &'a Expr,
    /// Where the first bin begins, and the last one ends.
    pub bounds: &'a [Expr; 2],
}

fn apply(name: &str, a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[a.into(), b.into()])
}

/// The width of as many bins as the estimate is least for; 0 where it says nothing.
///
/// # Errors
/// None for valid expressions.
pub(super) fn width(sought: &Sought<'_>) -> Result<Expr> {
    let Sought {
        values,
        size,
        spread,
        bounds: [low, high],
    } = *sought;
    // NumPy's bound, for as many elements as there may be.
    let most = LEAST.max(values.elements().isqrt());
    let wide = |x: &Expr| astype(x, DType::F64);
    let bins = apply("add", wide(&iota(0, Grid::whole(&[most, 1]))?)?, 1.0)?;
    let place = wide(&iota(1, Grid::whole(&[1, most + 1]))?)?;
    let beyond = map("greater_equal", &[place.clone(), bins.clone()])?;
    // The edges of every number of bins, the last one repeated.
    let step = apply(
        "divide",
        map("subtract", &[high.clone(), low.clone()])?,
        bins.clone(),
    )?;
    let inner = apply("add", apply("multiply", place, step)?, low.clone())?;
    let edges = map("where", &[beyond.clone(), high.clone(), inner])?;
    let sorted = along("sort", &ravel(&edges)?, Some(0))?;
    let counts = histogram(values, &sorted, None, false)?;
    let none = super::full(Scalar::from(0i64), Grid::whole(&[1]))?;
    let before = concatenate(&[none, along("cumsum", &counts, Some(0))?], 0)?;
    let below = wide(&take(
        &before,
        &searchsorted(&sorted, &edges, false)?,
        Some(0),
        Outside::Raise,
    )?)?;
    let below = map("where", &[beyond, size.clone(), below])?;
    let share = apply(
        "divide",
        super::diff(&below, 1, 1, None, None)?,
        size.clone(),
    )?;
    let squares = reduce("sum", &map("square", &[share])?, Some(&[1]), false)?;
    let bins = ravel(&bins)?;
    let risk = apply("multiply", apply("add", size.clone(), 1.0)?, squares)?;
    let risk = apply("subtract", 2.0, risk)?;
    let risk = apply(
        "divide",
        risk,
        apply("divide", spread.clone(), bins.clone())?,
    )?;
    let bound = operate("floor", &[operate("sqrt", &[size.clone().into()])?.into()])?;
    let bound = apply("maximum", bound, LEAST as f64)?;
    let tried = map("less_equal", &[bins, bound])?;
    let risk = operate("where", &[tried.into(), risk.into(), f64::INFINITY.into()])?;
    let best = apply(
        "add",
        wide(&argument("min", &risk, None, false, false)?)?,
        1.0,
    )?;
    let some = map(
        "bitwise_and",
        &[
            apply("greater", size.clone(), 1.0)?,
            apply("greater", spread.clone(), 0.0)?,
        ],
    )?;
    let width = apply("divide", spread.clone(), best)?;
    map("where", &[some, width, constant(Scalar::from(0.0))?])
}
