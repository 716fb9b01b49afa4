//! Summaries along axes that are expressions of reductions: counts, ranges, weighted means, moments,
//! norms, traces.

use super::reduction::{keep, reduce_axes, sorted_axes};
use super::{
    Operand, astype, broadcast_to, constant, diagonal, expand_dims, full, map, operate, transpose,
};
use super::{normalize_axes, reduce, singular, statistic};
use crate::node::Expr;
use crate::op::statistics::{count, output};
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Scalar};

/// How many elements along `axes` are not 0.
///
/// # Errors
/// As [`reduce`].
pub fn count_nonzero(x: &Expr, axes: Option<&[i64]>, keepdims: bool) -> Result<Expr> {
    reduce("sum", &astype(x, DType::Bool)?, axes, keepdims)
}

/// The largest element along `axes` less the smallest.
///
/// # Errors
/// As [`reduce`]; [`Kind::DType`] for bool.
pub fn ptp(x: &Expr, axes: Option<&[i64]>, keepdims: bool) -> Result<Expr> {
    let extreme = |name| reduce(name, x, axes, keepdims);
    map("subtract", &[extreme("max")?, extreme("min")?])
}

/// The mean along `axes` with weights, and the sum of the weights for each: these are of the shape of
/// `x`, or of the axes in their order; 1 without.
///
/// # Errors
/// As [`statistic`]; [`Kind::Shape`] for weights of another shape.
pub fn average(
    x: &Expr,
    axes: Option<&[i64]>,
    weights: Option<&Expr>,
    keepdims: bool,
) -> Result<(Expr, Expr)> {
    let Some(weights) = weights else {
        let mean = statistic("mean", x, axes, 0.0, keepdims)?;
        let number = count(x, &sorted_axes(x, axes)?) as f64;
        let number = constant(Scalar::from_f64(mean.dtype(), number))?;
        let number = broadcast_to(&number, mean.shape())?;
        return Ok((mean, number));
    };
    let own = if x.dtype().is_float() {
        x.dtype()
    } else {
        x.dtype().promote(DType::F64)
    };
    let dtype = own.promote(weights.dtype());
    let weights = if weights.shape() == x.shape() {
        weights.clone()
    } else {
        beside("average", x, axes, weights)?
    };
    let (x, weights) = (astype(x, dtype)?, astype(&weights, dtype)?);
    let sum = |x: &Expr| reduce("sum", x, axes, keepdims);
    let total = sum(&map("multiply", &[x, weights.clone()])?)?;
    let weight = sum(&weights)?;
    let mean = map("divide", &[total, weight.clone()])?;
    let weight = broadcast_to(&weight, mean.shape())?;
    Ok((mean, weight))
}

/// Weights of some axes of `x` with its number of axes.
pub(super) fn beside(name: &str, x: &Expr, axes: Option<&[i64]>, weights: &Expr) -> Result<Expr> {
    let disagree = || {
        Error::new(
            Kind::Shape,
            format!(
                "{name} of {} with weights of {}",
                show_shape(x.shape()),
                show_shape(weights.shape())
            ),
        )
        .way_out("weights of the array's shape, or of that of the axes that are named")
    };
    let named = normalize_axes(axes.ok_or_else(disagree)?, x.shape().len())?;
    let fits = named.len() == weights.shape().len()
        && (named.iter().zip(weights.shape())).all(|(&axis, &len)| x.shape()[axis] == len);
    if !fits {
        return Err(disagree());
    }
    let mut order: Vec<usize> = (0..named.len()).collect();
    order.sort_by_key(|&k| named[k]);
    let order: Vec<i64> = order.into_iter().map(|k| k as i64).collect();
    let kept = (0..x.shape().len()).filter(|axis| !named.contains(axis));
    let kept: Vec<i64> = kept.map(|axis| axis as i64).collect();
    expand_dims(&transpose(weights, Some(&order))?, &kept)
}

/// The central moment of an order along `axes`: the mean is taken first, in a pass of its own; the
/// divisor is `n - ddof`.
///
/// # Errors
/// As [`statistic`]; [`Kind::Value`] for a negative order.
pub fn moment(
    x: &Expr,
    order: i64,
    axes: Option<&[i64]>,
    ddof: f64,
    keepdims: bool,
) -> Result<Expr> {
    if order < 0 {
        return Err(
            Error::new(Kind::Value, format!("a moment of order {order}"))
                .way_out("an order from 0"),
        );
    }
    let axes = sorted_axes(x, axes)?;
    let wide = astype(x, DType::F64)?;
    let number = |value: f64| constant(Scalar::from(value));
    let places: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let mean = statistic("mean", &wide, Some(&places), 0.0, true)?;
    let result = if order < 2 {
        let grid = reduce_axes("sum", &wide, axes.clone())?.grid().clone();
        full(Scalar::from(1.0 - order as f64), grid)?
    } else {
        let deviations = map("subtract", &[wide.clone(), mean])?;
        let powers = operate(
            "power",
            &[deviations.into(), Operand::Int(i128::from(order))],
        )?;
        let divisor = number(count(&wide, &axes) as f64 - ddof)?;
        map(
            "divide",
            &[reduce_axes("sum", &powers, axes.clone())?, divisor],
        )?
    };
    keep(astype(&result, output(x.dtype()))?, &axes, keepdims)
}

/// Which norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// Of vectors the root of the sum of squares; of matrices too.
    Usual,
    /// The root of the sum of squares of a matrix.
    Frobenius,
    /// The sum of the singular values of a matrix.
    Nuclear,
    /// Of a vector `(Σ|x|^p)^(1/p)`: for ±inf the largest or smallest magnitude, for 0 the number of
    /// elements that are not 0. Of a matrix ±1, ±2 and ±inf alone: the largest or smallest sum of
    /// magnitudes of a column (1) or row (inf), or singular value (2).
    Power(f64),
}

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Order::Usual => f.write_str("None"),
            Order::Frobenius => f.write_str("'fro'"),
            Order::Nuclear => f.write_str("'nuc'"),
            Order::Power(p) => write!(f, "{p}"),
        }
    }
}

/// The norm of vectors along one axis or of matrices along two; without axes that of an array of one
/// or two axes, or, with [`Order::Usual`], of all elements.
///
/// # Errors
/// [`Kind::Axis`] for bad axes or another number of them; [`Kind::Value`] for an order that is none;
/// [`Kind::DType`] for singular values of float16.
pub fn norm(x: &Expr, order: Order, axes: Option<&[i64]>, keepdims: bool) -> Result<Expr> {
    let x = &astype(x, output(x.dtype()))?;
    let whole = axes.is_none();
    let axes = match axes {
        Some(axes) => normalize_axes(axes, x.shape().len())?,
        None => (0..x.shape().len()).collect(),
    };
    let places: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let sum = |x: &Expr| reduce("sum", x, Some(&places), keepdims);
    let root = || map("sqrt", &[sum(&map("square", std::slice::from_ref(x))?)?]);
    let size = || map("absolute", std::slice::from_ref(x));
    let none = |what: &str| {
        Err(Error::new(
            Kind::Value,
            format!("{what} have no norm of the order {order}"),
        )
        .way_out("None, 1, 2, inf, or of vectors any number, of matrices 'fro' or 'nuc'"))
    };
    match (order, &axes[..]) {
        (Order::Usual, _) if whole || matches!(axes.len(), 1 | 2) => root(),
        (Order::Frobenius, [_, _]) => root(),
        (Order::Frobenius, [_]) => none("vectors"),
        (Order::Power(p), [_]) if p.is_infinite() => {
            let least = reduce("min", &size()?, Some(&places), keepdims);
            if p < 0.0 {
                least
            } else {
                largest(&size()?, &places, keepdims)
            }
        }
        (Order::Power(p), [_]) => {
            if p == 0.0 {
                let present = map(
                    "not_equal",
                    &[x.clone(), constant(Scalar::zero(x.dtype()))?],
                )?;
                return sum(&astype(&present, x.dtype())?);
            }
            if p == 1.0 {
                return sum(&size()?);
            }
            if p == 2.0 {
                return root();
            }
            let powers = operate("power", &[size()?.into(), Operand::Float(p)])?;
            operate("power", &[sum(&powers)?.into(), Operand::Float(1.0 / p)])
        }
        (Order::Power(p), &[rows, columns]) if p.abs() == 1.0 || p.is_infinite() => {
            let (along, over) = if p.abs() == 1.0 {
                (rows, columns)
            } else {
                (columns, rows)
            };
            let sums = reduce("sum", &size()?, Some(&[along as i64]), true)?;
            let over = [over as i64];
            let extreme = if p > 0.0 {
                largest(&sums, &over, true)?
            } else {
                reduce("min", &sums, Some(&over), true)?
            };
            if keepdims {
                Ok(extreme)
            } else {
                super::squeeze(&extreme, Some(&places))
            }
        }
        (Order::Power(2.0), &[rows, columns]) => {
            singular::norm("max", Some(0.0), x, [rows, columns], keepdims)
        }
        (Order::Power(-2.0), &[rows, columns]) => {
            singular::norm("min", None, x, [rows, columns], keepdims)
        }
        (Order::Nuclear, &[rows, columns]) => {
            singular::norm("sum", None, x, [rows, columns], keepdims)
        }
        (Order::Nuclear, [_]) => none("vectors"),
        (Order::Power(_), [_, _]) => none("matrices"),
        _ => Err(
            Error::new(Kind::Axis, format!("a norm along {} axes", axes.len()))
                .way_out("one axis for vectors, two for matrices"),
        ),
    }
}

/// The largest of magnitudes, 0 of none.
fn largest(x: &Expr, axes: &[i64], keepdims: bool) -> Result<Expr> {
    let asked = super::Reduction {
        axes: Some(axes.to_vec()),
        keepdims,
        initial: Some(Operand::Float(0.0)),
        ..Default::default()
    };
    super::fold("max", x, &asked)
}

/// The sum along a diagonal.
///
/// # Errors
/// As [`diagonal`].
pub fn trace(x: &Expr, offset: i64, axis1: i64, axis2: i64, dtype: Option<DType>) -> Result<Expr> {
    let asked = super::Reduction {
        axes: Some(vec![-1]),
        dtype,
        ..Default::default()
    };
    super::fold("sum", &diagonal(x, offset, axis1, axis2)?, &asked)
}
