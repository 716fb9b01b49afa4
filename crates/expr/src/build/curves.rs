//! Functions of points on a line: integrals and values between known ones.

use super::differences::diff;
use super::index::{Item, index};
use super::take::{Outside, take};
use super::{
    Operand, astype, constant, map, normalize_axes, operate, reduce, reshape, searchsorted,
};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Slice};

/// The integral along an axis by the trapezoid rule, of points that lie so far apart: a number, or an
/// array that broadcasts to the gaps.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Shape`] for gaps that do not broadcast.
pub fn trapezoid(y: &Expr, apart: Operand, axis: i64) -> Result<Expr> {
    let at = normalize_axes(&[axis], y.shape().len())?[0];
    let part = |start: Option<i64>, stop: Option<i64>| {
        let step = None;
        let mut items = vec![Item::all(); at];
        items.push(Item::Slice(Slice { start, stop, step }));
        index(y, &items)
    };
    let pairs = map("add", &[part(Some(1), None)?, part(None, Some(-1))?])?;
    let doubled = operate("multiply", &[apart, pairs.into()])?;
    let areas = operate("divide", &[doubled.into(), Operand::Float(2.0)])?;
    reduce("sum", &areas, Some(&[axis]), false)
}

/// As [`trapezoid`], of points at these places: of the axis alone, or an array that broadcasts.
///
/// # Errors
/// As [`trapezoid`].
pub fn trapezoid_at(y: &Expr, x: &Expr, axis: i64) -> Result<Expr> {
    let ndim = y.shape().len();
    let at = normalize_axes(&[axis], ndim)?[0];
    if x.shape().len() != 1 {
        return trapezoid(y, diff(x, 1, axis, None, None)?.into(), axis);
    }
    let mut shape = vec![1; ndim];
    shape[at] = (x.shape()[0] - 1).max(0);
    let apart = reshape(&diff(x, 1, 0, None, None)?, &shape)?;
    trapezoid(y, apart.into(), axis)
}

/// What stands left and right of the known points; the first and last value without.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ends {
    /// Before the first point.
    pub left: Option<f64>,
    /// After the last.
    pub right: Option<f64>,
}

/// The value at each `x` on the lines between known points, whose places ascend; float64.
///
/// # Errors
/// [`Kind::Shape`] for points that are not two vectors of one length, or none.
pub fn interp(x: &Expr, points: &Expr, values: &Expr, ends: Ends) -> Result<Expr> {
    let ([n], [m]) = (points.shape(), values.shape()) else {
        return Err(vectors(points, values));
    };
    if n != m || *n == 0 {
        return Err(vectors(points, values));
    }
    let last = n - 1;
    let wide = |x: &Expr| astype(x, DType::F64);
    let (x, points, values) = (wide(x)?, wide(points)?, wide(values)?);
    let at = |y: &Expr, k: &Expr| take(y, k, Some(0), Outside::Raise);
    let pick = |y: &Expr, k: i64| index(y, &[Item::Int(k)]);
    // The point at or before each x; the last but one at most, so that one follows.
    let after = searchsorted(&points, &x, true)?;
    let first = operate("subtract", &[after.into(), Operand::Int(1)])?;
    let most = Operand::Int(i128::from((last - 1).max(0)));
    let first = operate("clip", &[first.into(), Operand::Int(0), most])?;
    let second = operate(
        "add",
        &[first.clone().into(), Operand::Int(last.min(1).into())],
    )?;
    let (x0, y0) = (at(&points, &first)?, at(&values, &first)?);
    let (x1, y1) = (at(&points, &second)?, at(&values, &second)?);
    let op = |name: &str, a: &Expr, b: &Expr| map(name, &[a.clone(), b.clone()]);
    let slope = op(
        "divide",
        &op("subtract", &y1, &y0)?,
        &op("subtract", &x1, &x0)?,
    )?;
    let line = |x0: &Expr, y0: &Expr| {
        op(
            "add",
            &op("multiply", &slope, &op("subtract", &x, x0)?)?,
            y0,
        )
    };
    // As NumPy: where one end gives NaN the other is tried, then their common value.
    let or = |value: Expr, condition: Expr, instead: Expr| {
        let wanted = map(
            "bitwise_and",
            &[map("isnan", std::slice::from_ref(&value))?, condition],
        )?;
        map("where", &[wanted, instead, value])
    };
    let always = constant(Scalar::from(true))?;
    let value = or(line(&x0, &y0)?, always, line(&x1, &y1)?)?;
    let value = or(value, op("equal", &y0, &y1)?, y0.clone())?;
    let on = op("equal", &x, &x0)?;
    let value = map("where", &[on, y0, value])?;
    let (low, high) = (pick(&points, 0)?, pick(&points, last)?);
    let end = |given: Option<f64>, k: i64| match given {
        Some(value) => constant(Scalar::from(value)),
        None => pick(&values, k),
    };
    let value = map(
        "where",
        &[op("equal", &x, &high)?, pick(&values, last)?, value],
    )?;
    let value = map(
        "where",
        &[op("greater", &x, &high)?, end(ends.right, last)?, value],
    )?;
    let value = map("where", &[op("less", &x, &low)?, end(ends.left, 0)?, value])?;
    map(
        "where",
        &[map("isnan", std::slice::from_ref(&x))?, x, value],
    )
}

fn vectors(points: &Expr, values: &Expr) -> Error {
    Error::new(
        Kind::Shape,
        format!(
            "interp between points of shape {} and values of shape {}",
            show_shape(points.shape()),
            show_shape(values.shape())
        ),
    )
    .way_out("two vectors of one length, at least 1")
}

/// As [`interp`], of a curve that repeats after `period`: points need not ascend.
///
/// # Errors
/// As [`interp`]; [`Kind::Value`] for a period of 0.
pub fn interp_periodic(x: &Expr, points: &Expr, values: &Expr, period: f64) -> Result<Expr> {
    if period == 0.0 {
        return Err(Error::new(Kind::Value, "interp of a period of 0").way_out("another period"));
    }
    if points.shape().len() != 1 || points.shape() != values.shape() || points.elements() == 0 {
        return Err(vectors(points, values));
    }
    let period = period.abs();
    let wrapped = |x: &Expr| {
        let x = astype(x, DType::F64)?;
        operate("remainder", &[x.into(), Operand::Float(period)])
    };
    let points = wrapped(points)?;
    let order = super::along("argsort", &points, Some(0))?;
    let sorted = |y: &Expr| take(y, &order, Some(0), Outside::Raise);
    let (points, values) = (sorted(&points)?, sorted(&astype(values, DType::F64)?)?);
    let end = |y: &Expr, last: bool| {
        let (start, stop) = if last {
            (Some(-1), None)
        } else {
            (None, Some(1))
        };
        index(
            y,
            &[Item::Slice(Slice {
                start,
                stop,
                step: None,
            })],
        )
    };
    let moved = |y: Expr, by: f64| operate("add", &[y.into(), Operand::Float(by)]);
    let before = moved(end(&points, true)?, -period)?;
    let after = moved(end(&points, false)?, period)?;
    let points = super::concatenate(&[before, points, after], 0)?;
    let values = super::concatenate(
        &[end(&values, true)?, values.clone(), end(&values, false)?],
        0,
    )?;
    interp(&wrapped(x)?, &points, &values, Ends::default())
}
