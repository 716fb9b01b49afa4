//! Arrays made by formulas of an index: lines between arrays, geometric progressions, powers, triangles
//! of ones, grids of points.

use super::create::check_number;
use super::repeat::count;
use super::{
    Operand, along, astype, broadcast_arrays, broadcast_to, concatenate, constant, expand_dims,
    flip, full, iota, linspace, map, operate, reduce, require, reshape,
};
use crate::node::Expr;
use crate::op::{Family, OpId};
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar};

/// `num` arrays from `start` to `stop` along a new first axis, evenly apart, in the float of both
/// or in `dtype`; `stop` is the last with `endpoint`.
///
/// # Errors
/// [`Kind::Value`] if `num` is negative, [`Kind::Shape`] if the ends do not broadcast.
pub fn lines(
    [start, stop]: [&Expr; 2],
    num: i64,
    endpoint: bool,
    dtype: Option<DType>,
) -> Result<Expr> {
    check_number("linspace", num)?;
    let natural = Some(start.dtype().promote(stop.dtype())).filter(|dtype| dtype.is_float());
    let natural = natural.unwrap_or(DType::F64);
    let (start, stop) = (astype(start, natural)?, astype(stop, natural)?);
    let delta = map("subtract", &[stop.clone(), start.clone()])?;
    let behind: Vec<i64> = (1..=delta.shape().len() as i64).collect();
    let places = expand_dims(&count(num)?, &behind)?;
    let index = astype(&places, natural)?;
    let gaps = if endpoint { num - 1 } else { num };
    let divided = |x: &Expr| operate("divide", &[x.clone().into(), Operand::Float(gaps as f64)]);
    let scaled = if gaps > 0 {
        // As NumPy: where a step is too small to be told from 0, all are multiplied last.
        let step = divided(&delta)?;
        let none = operate("equal", &[step.clone().into(), Operand::Float(0.0)])?;
        let last = map("multiply", &[divided(&index)?, delta])?;
        let first = map("multiply", &[index, step])?;
        map("where", &[reduce("any", &none, None, false)?, last, first])?
    } else {
        map("multiply", &[index, delta])?
    };
    let line = map("add", &[scaled, start])?;
    let line = if endpoint && num > 1 {
        let last = operate("equal", &[places.into(), Operand::Int(i128::from(num - 1))])?;
        map("where", &[last, stop, line])?
    } else {
        line
    };
    let dtype = dtype.unwrap_or(natural);
    let line = if dtype.is_integer() {
        map("floor", &[line])?
    } else {
        line
    };
    astype(&line, dtype)
}

/// `base` to the power of evenly spaced exponents; the last is `stop` with `endpoint`.
///
/// # Errors
/// As [`linspace`].
pub fn logspace(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    base: f64,
    dtype: DType,
    chunks: impl FnOnce(&[i64]) -> Result<Grid>,
) -> Result<Expr> {
    check_number("logspace", num)?;
    let exponents = linspace(start, stop, num, endpoint, DType::F64, chunks)?;
    let powers = operate("power", &[Operand::Float(base), exponents.into()])?;
    astype(&powers, dtype)
}

/// `num` numbers from `start` to `stop` of equal quotients; `stop` is the last with `endpoint`.
///
/// # Errors
/// As [`linspace`]; [`Kind::Value`] if an end is 0.
pub fn geomspace(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    dtype: DType,
    chunks: impl FnOnce(&[i64]) -> Result<Grid>,
) -> Result<Expr> {
    check_number("geomspace", num)?;
    if start == 0.0 || stop == 0.0 {
        return Err(
            Error::new(Kind::Value, "a geometric progression holds no 0").way_out("ends beside 0"),
        );
    }
    let sign = 1f64.copysign(start);
    let ends = [log10(start * sign)?, log10(stop * sign)?];
    let line = logspace(ends[0], ends[1], num, endpoint, 10.0, DType::F64, chunks)?;
    // The ends are themselves, not powers of their logarithms.
    let index = iota(0, line.grid().clone())?;
    let set = |line: &Expr, place: i64, value: f64| {
        let here = operate(
            "equal",
            &[index.clone().into(), Operand::Int(i128::from(place))],
        )?;
        operate(
            "where",
            &[here.into(), Operand::Float(value), line.clone().into()],
        )
    };
    let mut line = set(&line, 0, start * sign)?;
    if endpoint && num > 1 {
        line = set(&line, num - 1, stop * sign)?;
    }
    // NumPy converts before it gives the sign back.
    let line = astype(&line, dtype)?;
    match sign < 0.0 {
        true => map("negative", &[line]),
        false => Ok(line),
    }
}

/// `base` to the power of what [`lines`] gives, in its dtype or in `dtype`; a base of more axes than the
/// ends gives them these.
///
/// # Errors
/// As [`lines`].
pub fn power_lines(
    [start, stop]: [&Expr; 2],
    num: i64,
    endpoint: bool,
    base: &Operand,
    dtype: Option<DType>,
) -> Result<Expr> {
    check_number("logspace", num)?;
    let axes = match base {
        Operand::Array(base) => base.shape().len(),
        _ => 0,
    };
    let end = |x: &Expr| {
        let missing = axes.saturating_sub(x.shape().len()) as i64;
        expand_dims(x, &(0..missing).collect::<Vec<_>>())
    };
    let exponents = lines([&end(start)?, &end(stop)?], num, endpoint, None)?;
    let powers = operate("power", &[base.clone(), exponents.into()])?;
    match dtype {
        Some(dtype) => astype(&powers, dtype),
        None => Ok(powers),
    }
}

/// `num` arrays from `start` to `stop` along a new first axis, each the one before it times the same, in
/// the float of both or in `dtype`; `stop` is the last with `endpoint`.
///
/// # Errors
/// As [`lines`]. An end that is 0 is an error of the run.
pub fn geometric_lines(
    [start, stop]: [&Expr; 2],
    num: i64,
    endpoint: bool,
    dtype: Option<DType>,
) -> Result<Expr> {
    check_number("geomspace", num)?;
    let natural = DType::promote_all([start.dtype(), stop.dtype()].into_iter().chain(dtype));
    let natural = natural
        .filter(|dtype| dtype.is_float())
        .unwrap_or(DType::F64);
    let natural = natural.promote(DType::F64);
    let end = |x: &Expr| {
        let refusal = Refusal {
            message: "a geometric progression holds no 0".to_owned(),
            way_out: "ends beside 0".to_owned(),
        };
        let x = astype(x, natural)?;
        let some = operate("not_equal", &[x.clone().into(), Operand::Float(0.0)])?;
        require(&x, &reduce("all", &some, None, false)?, refusal)
    };
    let (start, stop) = (end(start)?, end(stop)?);
    let sign = operate("sign", &[start.clone().into()])?;
    let [start, stop] = [start, stop].map(|x| map("divide", &[x, sign.clone()]));
    let (start, stop) = (start?, stop?);
    let [first, last] = [&start, &stop].map(|x| map("log10", std::slice::from_ref(x)));
    let exponents = lines([&first?, &last?], num, endpoint, None)?;
    let line = operate("power", &[Operand::Float(10.0), exponents.into()])?;
    // The ends are themselves, not powers of their logarithms.
    let behind: Vec<i64> = (1..line.shape().len() as i64).collect();
    let places = expand_dims(&count(num)?, &behind)?;
    let set = |line: Expr, place: i64, end: &Expr| {
        let place = Operand::Int(i128::from(place));
        let here = operate("equal", &[places.clone().into(), place])?;
        map("where", &[here, end.clone(), line])
    };
    let mut line = set(line, 0, &start)?;
    if endpoint && num > 1 {
        line = set(line, num - 1, &stop)?;
    }
    astype(&map("multiply", &[line, sign])?, dtype.unwrap_or(natural))
}

/// The bits that the operator has.
fn log10(x: f64) -> Result<f64> {
    match OpId::named("log10").map(|op| &op.def().family) {
        Some(Family::Map(row)) => Ok((row.eval)(&[Scalar::from(x)], DType::F64).to_f64()),
        _ => Err(super::unknown("log10")),
    }
}

/// 1 on the diagonal `k` and below it, else 0.
///
/// # Errors
/// [`Kind::Shape`] for other than two axes.
pub fn tri(k: i64, dtype: DType, grid: Grid) -> Result<Expr> {
    if grid.axes.len() != 2 {
        let ndim = grid.axes.len();
        return Err(
            Error::new(Kind::Shape, format!("tri has two dimensions, not {ndim}"))
                .way_out("a number of rows and one of columns"),
        );
    }
    let row = iota(0, grid.clone())?;
    let row = map("add", &[row, constant(Scalar::from(k))?])?;
    astype(&map("greater_equal", &[row, iota(1, grid)?])?, dtype)
}

/// The powers of each element of a vector along a new axis, from 0 on if they are `increasing`, else
/// down to 0; each is the one before times the element. Integers are int64, floats float64.
///
/// # Errors
/// [`Kind::Shape`] for other than a vector, or a negative number of powers.
pub fn vander(x: &Expr, count: i64, increasing: bool) -> Result<Expr> {
    let [len] = *x.shape() else {
        return Err(Error::new(
            Kind::Shape,
            format!("vander of shape {}", show_shape(x.shape())),
        )
        .way_out("an array of one axis"));
    };
    let x = astype(x, x.dtype().promote(DType::I64))?;
    let some = |count: i64| full(Scalar::from_i128(x.dtype(), 1), Grid::whole(&[len, count]));
    let powers = match count {
        ..=1 => some(count)?,
        _ => {
            let same = broadcast_to(&expand_dims(&x, &[1])?, &[len, count - 1])?;
            concatenate(&[some(1)?, along("cumprod", &same, Some(1))?], 1)?
        }
    };
    match increasing {
        true => Ok(powers),
        false => flip(&powers, Some(&[1])),
    }
}

/// Coordinates of the points of a grid whose axes are the elements of these arrays. With `matrix`
/// the first axis is that of the first array, else the second (`ij` and `xy` of NumPy); with
/// `sparse` each array has one long axis.
///
/// # Errors
/// [`Kind::Shape`] if the grid has too many points.
pub fn meshgrid(arrays: &[Expr], matrix: bool, sparse: bool) -> Result<Vec<Expr>> {
    let ndim = arrays.len();
    let lines = arrays.iter().enumerate().map(|(k, x)| {
        let axis = match k {
            0 | 1 if !matrix && ndim > 1 => 1 - k,
            _ => k,
        };
        let mut shape = vec![1; ndim];
        shape[axis] = x.elements();
        reshape(x, &shape)
    });
    let lines = lines.collect::<Result<Vec<_>>>()?;
    if sparse {
        Ok(lines)
    } else {
        broadcast_arrays(&lines)
    }
}
