//! Differences of neighbours: `diff`, `ediff1d`, `gradient`. All are slices and arithmetic.

use super::{
    Operand, astype, broadcast_to, concatenate, map, normalize_axes, operate, reshape, slice,
};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{AxisRange, DType, Error, Kind, Region, Result, Shape};

/// The part of an array that a range takes of one axis.
fn cut(x: &Expr, axis: usize, range: AxisRange) -> Result<Expr> {
    let mut region = Region::full(x.shape());
    region.axes[axis] = range;
    slice(x, region)
}

/// Elements `[from, to)` along an axis.
pub(super) fn span(x: &Expr, axis: usize, from: i64, to: i64) -> Result<Expr> {
    cut(x, axis, AxisRange::new(from, 1, to - from))
}

/// The `n`-th differences along `axis`, with arrays that stand before and after `x` first.
///
/// # Errors
/// [`Kind::Value`] for a negative `n`, [`Kind::Axis`] for a bad axis or an array without axes,
/// [`Kind::Shape`] if what stands before or after does not fit.
pub fn diff(
    x: &Expr,
    n: i64,
    axis: i64,
    before: Option<&Expr>,
    after: Option<&Expr>,
) -> Result<Expr> {
    if n == 0 {
        return Ok(x.clone());
    }
    if n < 0 {
        return Err(
            Error::new(Kind::Value, format!("differences of order {n}")).way_out("an order from 0")
        );
    }
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    // One value stands along the whole edge.
    let edge = |e: &Expr| {
        if !e.shape().is_empty() {
            return Ok(e.clone());
        }
        let mut shape = Shape::from_slice(x.shape());
        shape[axis] = 1;
        broadcast_to(e, &shape)
    };
    let mut parts = Vec::new();
    parts.extend(before.map(edge).transpose()?);
    parts.push(x.clone());
    parts.extend(after.map(edge).transpose()?);
    let mut result = concatenate(&parts, axis as i64)?;
    for _ in 0..n {
        let len = result.shape()[axis];
        if len == 0 {
            break;
        }
        let (low, high) = (
            span(&result, axis, 0, len - 1)?,
            span(&result, axis, 1, len)?,
        );
        let name = match result.dtype() {
            DType::Bool => "not_equal",
            _ => "subtract",
        };
        result = map(name, &[high, low])?;
    }
    Ok(result)
}

/// Differences of the elements in C order, with arrays that stand before and after them; these
/// must be of a dtype that `x` holds.
///
/// # Errors
/// [`Kind::DType`] if one is not.
pub fn ediff1d(x: &Expr, begin: Option<&Expr>, end: Option<&Expr>) -> Result<Expr> {
    let flat = reshape(x, &[-1])?;
    let differences = if flat.shape()[0] == 0 {
        flat
    } else if flat.dtype() == DType::Bool {
        return Err(
            Error::new(Kind::DType, "subtract does not take bool and bool")
                .way_out("astype(int8) first, or diff"),
        );
    } else {
        diff(&flat, 1, 0, None, None)?
    };
    let side = |part: &Expr| {
        if !part.dtype().casts_within_kind(x.dtype()) {
            let message = format!("{} does not hold {}", x.dtype().name(), part.dtype().name());
            return Err(Error::new(Kind::DType, message).way_out("astype first"));
        }
        reshape(&astype(part, x.dtype())?, &[-1])
    };
    let mut parts = Vec::new();
    parts.extend(begin.map(side).transpose()?);
    parts.push(differences);
    parts.extend(end.map(side).transpose()?);
    concatenate(&parts, 0)
}

/// The array with jumps between neighbours along an axis that are greater than `most` (half a period
/// without) taken back by whole periods: integers keep an integer period.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Value`] for a period that is an array.
pub fn unwrap(x: &Expr, most: Option<f64>, axis: i64, period: &Operand) -> Result<Expr> {
    let at = normalize_axes(&[axis], x.shape().len())?[0];
    let jumps = diff(x, 1, axis, None, None)?;
    let dtype = operate("add", &[jumps.clone().into(), period.clone()])?.dtype();
    let number = match period {
        Operand::Int(period) => *period as f64,
        Operand::Float(period) => *period,
        _ => {
            return Err(
                Error::new(Kind::Value, "unwrap by a period that is no plain number")
                    .way_out("a number: 6.28"),
            );
        }
    };
    let (low, half, even) = match period {
        Operand::Int(period) if !dtype.is_float() => {
            let half = period.div_euclid(2);
            (Operand::Int(-half), Operand::Int(half), period % 2 == 0)
        }
        _ => (
            Operand::Float(-number / 2.0),
            Operand::Float(number / 2.0),
            true,
        ),
    };
    let most = most.unwrap_or(number / 2.0);
    let shifted = operate("subtract", &[jumps.clone().into(), low.clone()])?;
    let within = operate("remainder", &[shifted.into(), period.clone()])?;
    let mut within = operate("add", &[within.into(), low.clone()])?;
    if even {
        // A jump of half a period keeps its direction.
        let lowest = operate("equal", &[within.clone().into(), low])?;
        let up = operate("greater", &[jumps.clone().into(), Operand::Int(0)])?;
        let both = map("bitwise_and", &[lowest, up])?;
        within = operate("where", &[both.into(), half, within.into()])?;
    }
    let correction = map("subtract", &[within, jumps.clone()])?;
    let size = map("absolute", &[jumps])?;
    let small = operate("less", &[size.into(), Operand::Float(most)])?;
    let correction = operate("where", &[small.into(), Operand::Int(0), correction.into()])?;
    let len = x.shape()[at];
    if len == 0 {
        return astype(x, dtype);
    }
    let total = super::along("cumsum", &correction, Some(axis))?;
    let rest = map("add", &[span(x, at, 1, len)?, total])?;
    let first = astype(&span(x, at, 0, 1)?, dtype)?;
    concatenate(&[first, astype(&rest, dtype)?], axis)
}

/// How far apart the points of an axis are.
#[derive(Clone, Debug)]
pub enum Spacing {
    /// All equally.
    Even(f64),
    /// At these coordinates, one for each point.
    At(Expr),
}

/// Second-order differences along `axis`; at both ends of the order `edge_order`, 1 or 2.
///
/// # Errors
/// [`Kind::Shape`] for fewer than `edge_order + 1` points or coordinates of another number,
/// [`Kind::Value`] for another order, [`Kind::DType`] for bool.
pub fn gradient(x: &Expr, spacing: &Spacing, axis: i64, edge_order: i64) -> Result<Expr> {
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[axis];
    if !(1..=2).contains(&edge_order) {
        return Err(Error::new(Kind::Value, format!("edge_order {edge_order}"))
            .way_out("edge_order 1 or 2"));
    }
    if len < edge_order + 1 {
        return Err(Error::new(
            Kind::Shape,
            format!("the gradient along axis {axis} of {} points", len),
        )
        .way_out(format!("at least {} points", edge_order + 1)));
    }
    if x.dtype() == DType::Bool {
        return Err(
            Error::new(Kind::DType, "subtract does not take bool and bool")
                .way_out("astype(int8) first"),
        );
    }
    let float = if x.dtype().is_float() {
        x.clone()
    } else {
        astype(x, DType::F64)?
    };
    let parts = match spacing {
        Spacing::Even(step) => even(&float, *step, axis, edge_order)?,
        Spacing::At(points) => uneven(&float, points, axis, edge_order)?,
    };
    concatenate(&parts, axis as i64)
}

/// `a·x + b·y + …` from left to right, for factors that broadcast along an axis.
fn weighted(terms: &[(Operand, Expr)]) -> Result<Expr> {
    let mut total: Option<Expr> = None;
    for (factor, x) in terms {
        let term = operate("multiply", &[factor.clone(), x.clone().into()])?;
        total = Some(match total {
            None => term,
            Some(total) => map("add", &[total, term])?,
        });
    }
    total.ok_or_else(|| Error::new(Kind::Internal, "a sum of nothing"))
}

fn even(x: &Expr, step: f64, axis: usize, edge_order: i64) -> Result<Vec<Expr>> {
    let len = x.shape()[axis];
    let at = |k: i64| span(x, axis, k, k + 1);
    let over = |x: &Expr, by: f64| operate("divide", &[x.clone().into(), Operand::Float(by)]);
    let rise = |a: Expr, b: Expr| map("subtract", &[a, b]);
    let inner = rise(span(x, axis, 2, len.max(2))?, span(x, axis, 0, len - 2)?)?;
    let inner = over(&inner, 2.0 * step)?;
    if edge_order == 1 {
        let first = over(&rise(at(1)?, at(0)?)?, step)?;
        let last = over(&rise(at(len - 1)?, at(len - 2)?)?, step)?;
        return Ok(vec![first, inner, last]);
    }
    let edge = |k: [i64; 3], factors: [f64; 3]| {
        let term = |j: usize| Ok((Operand::Float(factors[j]), at(k[j])?));
        weighted(&[term(0)?, term(1)?, term(2)?])
    };
    let first = edge([0, 1, 2], [-1.5 / step, 2.0 / step, -0.5 / step])?;
    let last = edge(
        [len - 3, len - 2, len - 1],
        [0.5 / step, -2.0 / step, 1.5 / step],
    )?;
    Ok(vec![first, inner, last])
}

/// Factors from the distances of neighbouring points, as NumPy 2 writes them.
fn uneven(x: &Expr, points: &Expr, axis: usize, edge_order: i64) -> Result<Vec<Expr>> {
    let len = x.shape()[axis];
    if points.shape() != [len] {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "coordinates of shape {} for {len} points",
                show_shape(points.shape())
            ),
        )
        .way_out("one coordinate for each point of the axis"));
    }
    let points = if points.dtype().is_float() {
        points.clone()
    } else {
        astype(points, DType::F64)?
    };
    let distances = diff(&points, 1, 0, None, None)?;
    // Along the axis of x, or one value.
    let mut shape = Shape::from_elem(1, x.shape().len());
    let mut along = |d: &Expr| {
        shape[axis] = d.shape()[0];
        reshape(d, &shape)
    };
    let all = along(&distances)?;
    let count = len - 1;
    let distance = |k: i64| span(&all, axis, k, k + 1);
    let part = |from: i64, to: i64| span(&all, axis, from, to);
    let at = |k: i64| span(x, axis, k, k + 1);
    let op = |name: &str, a: &Expr, b: &Expr| map(name, &[a.clone(), b.clone()]);
    let (left, right) = (part(0, count - 1)?, part(1, count)?);
    let sum = op("add", &left, &right)?;
    let negated = |x: &Expr| map("negative", std::slice::from_ref(x));
    let a = op("divide", &negated(&right)?, &op("multiply", &left, &sum)?)?;
    let b = op(
        "divide",
        &op("subtract", &right, &left)?,
        &op("multiply", &left, &right)?,
    )?;
    let c = op("divide", &left, &op("multiply", &right, &sum)?)?;
    let inner = weighted(&[
        (a.into(), span(x, axis, 0, len - 2)?),
        (b.into(), span(x, axis, 1, len - 1)?),
        (c.into(), span(x, axis, 2, len.max(2))?),
    ])?;
    if edge_order == 1 {
        let first = op("divide", &op("subtract", &at(1)?, &at(0)?)?, &distance(0)?)?;
        let last = op(
            "divide",
            &op("subtract", &at(len - 1)?, &at(len - 2)?)?,
            &distance(count - 1)?,
        )?;
        return Ok(vec![first, inner, last]);
    }
    let two = |x: &Expr| operate("multiply", &[Operand::Float(2.0), x.clone().into()]);
    let (d1, d2) = (distance(0)?, distance(1)?);
    let both = op("add", &d1, &d2)?;
    let a = op(
        "divide",
        &negated(&op("add", &two(&d1)?, &d2)?)?,
        &op("multiply", &d1, &both)?,
    )?;
    let b = op("divide", &both, &op("multiply", &d1, &d2)?)?;
    let c = op("divide", &negated(&d1)?, &op("multiply", &d2, &both)?)?;
    let first = weighted(&[(a.into(), at(0)?), (b.into(), at(1)?), (c.into(), at(2)?)])?;
    let (d1, d2) = (distance(count - 2)?, distance(count - 1)?);
    let both = op("add", &d1, &d2)?;
    let a = op("divide", &d2, &op("multiply", &d1, &both)?)?;
    let b = op("divide", &negated(&both)?, &op("multiply", &d1, &d2)?)?;
    let c = op(
        "divide",
        &op("add", &two(&d2)?, &d1)?,
        &op("multiply", &d2, &both)?,
    )?;
    let last = weighted(&[
        (a.into(), at(len - 3)?),
        (b.into(), at(len - 2)?),
        (c.into(), at(len - 1)?),
    ])?;
    Ok(vec![first, inner, last])
}
