//! Quantiles and medians along axes.

use super::along::rows;
use super::{
    Reduction, astype, broadcast_to, constant, fold, normalize_axes, reshape, squeeze, transpose,
};
use crate::attr::{Along, Axes};
use crate::node::Expr;
use tilewright_core::error::Refusal;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Shape, element_count};
use tilewright_kernel::rows::Asked;
pub use tilewright_vecmath::quantile::Method;

/// A fraction, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Fractions {
    /// One: the result has no axis for it, and floats keep their dtype.
    One(f64),
    /// Several along a new first axis.
    Many(Vec<f64>),
    /// Whole numbers 0 and 1: the extremes themselves, in their dtype.
    Ends(Vec<i64>, bool),
}

/// How quantiles are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// Between which elements, and how.
    pub method: Method,
    /// Whether NaN counts as missing.
    pub skip_nan: bool,
    /// Whether reduced axes stay as length 1.
    pub keepdims: bool,
}

/// NumPy's method of this name.
///
/// # Errors
/// [`Kind::Value`] if there is none.
pub fn method(name: &str) -> Result<Method> {
    let known = || Method::ALL.into_iter().filter(|m| *m != Method::Median);
    known().find(|method| method.name() == name).ok_or_else(|| {
        let names: Vec<&str> = known().map(Method::name).collect();
        Error::new(Kind::Value, format!("{name:?} is no method of quantiles"))
            .way_out(names.join(", "))
    })
}

/// The array with these axes made one, which is last.
pub(super) fn merged(x: &Expr, axes: &Axes) -> Result<Expr> {
    let ndim = x.shape().len();
    let kept: Vec<usize> = (0..ndim).filter(|k| !axes.contains(k)).collect();
    let order: Vec<i64> = kept.iter().chain(axes).map(|&k| k as i64).collect();
    let mut shape: Shape = kept.iter().map(|&k| x.shape()[k]).collect();
    let gone: Shape = axes.iter().map(|&k| x.shape()[k]).collect();
    shape.push(element_count(&gone).unwrap_or(0));
    reshape(&transpose(x, Some(&order))?, &shape)
}

/// The fractions as numbers, and whether it is one.
fn numbers(fractions: &Fractions) -> Result<(Vec<f64>, bool)> {
    let (values, one): (Vec<f64>, bool) = match fractions {
        Fractions::One(q) => (vec![*q], true),
        Fractions::Many(q) => (q.clone(), false),
        Fractions::Ends(q, one) => (q.iter().map(|&q| q as f64).collect(), *one),
    };
    match values.iter().find(|q| !(0.0..=1.0).contains(*q)) {
        None => Ok((values, one)),
        Some(q) => Err(outside(*q)),
    }
}

/// The fractions as an array: without axes if it is one.
///
/// # Errors
/// [`Kind::Value`] for a fraction outside 0 to 1.
pub fn fractions(fractions: &Fractions) -> Result<Expr> {
    let (values, one) = numbers(fractions)?;
    let list = literal(&values)?;
    if one { squeeze(&list, None) } else { Ok(list) }
}

/// Quantiles of `x` along `axes` (all without), at fractions between 0 and 1.
///
/// # Errors
/// [`Kind::Value`] for a fraction outside, or for no elements; [`Kind::DType`] for bool where
/// values are interpolated; [`Kind::Axis`] for bad axes.
pub fn quantile(
    x: &Expr,
    fractions: &Fractions,
    axes: Option<&[i64]>,
    how: Quantiles,
) -> Result<Expr> {
    let (values, one) = numbers(fractions)?;
    if how.skip_nan && x.elements() == 0 {
        return of_nothing(x, axes, how.keepdims);
    }
    let ends = matches!(fractions, Fractions::Ends(..)) && how.method == Method::Linear;
    let method = if ends { Method::Lower } else { how.method };
    let dtype = match x.dtype() {
        dtype if method.picks() => dtype,
        DType::Bool => return Err(no_interpolation()),
        dtype if one && dtype.is_float() => dtype,
        _ => DType::F64,
    };
    let values = literal(&values)?;
    let how = Quantiles { method, ..how };
    taken(x, &values, one, axes, dtype, how, DType::F64)
}

/// What NumPy gives for no elements where NaN counts as missing: one mean, however many fractions there
/// are.
fn of_nothing(x: &Expr, axes: Option<&[i64]>, keepdims: bool) -> Result<Expr> {
    let mean = Reduction {
        axes: axes.map(<[i64]>::to_vec),
        keepdims,
        skip_nan: true,
        ..Reduction::default()
    };
    fold("mean", x, &mean)
}

/// As [`quantile`], at fractions that are an array, whose axes stand first in the result.
///
/// # Errors
/// As [`quantile`]. One outside 0 to 1 is an error of the run where it is not written out.
pub fn quantile_at(
    x: &Expr,
    fractions: &Expr,
    axes: Option<&[i64]>,
    how: Quantiles,
) -> Result<Expr> {
    let line = checked(fractions)?;
    if how.skip_nan && x.elements() == 0 {
        return of_nothing(x, axes, how.keepdims);
    }
    let whole = !fractions.dtype().is_float();
    let float = if whole { DType::F64 } else { fractions.dtype() };
    let method = match how.method {
        Method::Linear if whole => Method::Lower,
        method => method,
    };
    let dtype = match x.dtype() {
        dtype if method.picks() => dtype,
        DType::Bool => return Err(no_interpolation()),
        _ if whole && !x.dtype().is_float() => DType::F64,
        dtype => dtype.promote(float),
    };
    // Narrow integers are computed in the narrow float that holds them.
    let x = match dtype {
        DType::F32 | DType::F16 if !x.dtype().is_float() => &astype(x, dtype)?,
        _ => x,
    };
    let how = Quantiles { method, ..how };
    let result = taken(x, &line, false, axes, dtype, how, float)?;
    under(&result, fractions)
}

/// The first axis of quantiles as those of the fractions.
pub(super) fn under(quantiles: &Expr, fractions: &Expr) -> Result<Expr> {
    let rest = quantiles.shape().iter().skip(1);
    let shape: Vec<i64> = fractions.shape().iter().chain(rest).copied().collect();
    reshape(quantiles, &shape)
}

/// Fractions of any shape along one axis, in float64.
///
/// # Errors
/// [`Kind::Value`] for one outside 0 to 1; of the run, where it is not written out.
pub(super) fn checked(fractions: &Expr) -> Result<Expr> {
    let wide = astype(fractions, DType::F64)?;
    if let Some(values) = super::take::known(&wide) {
        let mut values = values.iter().map(|q| q.to_f64());
        if let Some(q) = values.find(|q| !(0.0..=1.0).contains(q)) {
            return Err(outside(q));
        }
        return super::ravel(&wide);
    }
    let valid = super::map(
        "bitwise_and",
        &[
            super::operate("greater_equal", &[wide.clone().into(), 0.0.into()])?,
            super::operate("less_equal", &[wide.clone().into(), 1.0.into()])?,
        ],
    )?;
    let refusal = Refusal {
        message: "a quantile outside of 0 to 1".to_owned(),
        way_out: "fractions from 0 to 1".to_owned(),
    };
    let valid = super::reduce("all", &valid, None, false)?;
    super::ravel(&super::require(&wide, &valid, refusal)?)
}

fn no_interpolation() -> Error {
    Error::new(Kind::DType, "bool cannot be interpolated")
        .way_out("astype(int8), or method=\"nearest\"")
}

fn outside(q: f64) -> Error {
    Error::new(Kind::Value, format!("the quantile {q}")).way_out("a fraction from 0 to 1")
}

/// The median along `axes` (all without): the middle element, or the mean of the two.
///
/// # Errors
/// [`Kind::Axis`] for bad axes.
pub fn median(x: &Expr, axes: Option<&[i64]>, skip_nan: bool, keepdims: bool) -> Result<Expr> {
    let x = astype(
        x,
        match x.dtype() {
            DType::Bool => DType::F64,
            dtype => dtype,
        },
    )?;
    let dtype = if x.dtype().is_float() {
        x.dtype()
    } else {
        DType::F64
    };
    let how = Quantiles {
        method: Method::Median,
        skip_nan,
        keepdims,
    };
    taken(&x, &literal(&[0.5])?, true, axes, dtype, how, DType::F64)
}

/// Quantiles at these values, whose positions are computed in a float.
fn taken(
    x: &Expr,
    values: &Expr,
    one: bool,
    axes: Option<&[i64]>,
    dtype: DType,
    how: Quantiles,
    float: DType,
) -> Result<Expr> {
    let ndim = x.shape().len();
    let mut axes: Axes = match axes {
        None => (0..ndim).collect(),
        Some(axes) => normalize_axes(axes, ndim)?,
    };
    axes.sort_unstable();
    let rows_of = merged(&astype(x, x.dtype().computed())?, &axes)?;
    let axis = rows_of.shape().len() - 1;
    let mut shape = Shape::from_slice(rows_of.shape());
    let empty = shape[axis] == 0;
    shape[axis] = values.elements();
    let result = if empty && how.method == Method::Median {
        broadcast_to(&constant(Scalar::from_f64(dtype, f64::NAN))?, &shape)?
    } else if empty && !shape.contains(&0) {
        return Err(
            Error::new(Kind::Value, "a quantile of no elements has no value")
                .way_out("an axis that is not empty"),
        );
    } else {
        let asked = Asked {
            method: how.method,
            skip_nan: how.skip_nan,
            float,
        };
        let call = Along {
            axis,
            len: shape[axis],
            dtype: dtype.computed(),
            parameter: asked.parameter(),
            chunked: false,
        };
        let wanted = broadcast_to(values, &shape)?;
        astype(&rows("quantile", &[rows_of, wanted], call)?, dtype)?
    };
    in_front(&result, one, &axes, how.keepdims)
}

/// The last axis, that of the fractions, first, or gone where it is one; then the kept axes.
pub(super) fn in_front(result: &Expr, one: bool, axes: &Axes, keepdims: bool) -> Result<Expr> {
    let axis = result.shape().len() as i64 - 1;
    let front: Vec<i64> = std::iter::once(axis).chain(0..axis).collect();
    let result = transpose(result, Some(&front))?;
    let result = if one {
        squeeze(&result, Some(&[0]))?
    } else {
        result
    };
    if !keepdims {
        return Ok(result);
    }
    let lead = usize::from(!one);
    let places: Vec<i64> = axes.iter().map(|&k| (k + lead) as i64).collect();
    super::expand_dims(&result, &places)
}

/// The fractions as an array.
fn literal(values: &[f64]) -> Result<Expr> {
    let elements = values.iter().map(|&q| Scalar::from(q)).collect();
    super::array(elements, DType::F64, Grid::whole(&[values.len() as i64]))
}
