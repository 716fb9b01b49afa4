//! Counts in bins: `histogram`, `histogram2d`, `digitize`.

use super::along::rows;
use super::{
    Operand, astype, broadcast_to, concatenate, constant, full, iota, linspace, map, operate,
    reduce, reshape, searchsorted, slice,
};
use crate::attr::{Along, Attr, LeafKind};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region, Result, Scalar};

/// The bins of a histogram.
#[derive(Clone, Debug)]
pub enum Bins {
    /// So many of equal width.
    Count(i64),
    /// Between these edges.
    Edges(Expr),
}

fn refuse(message: impl Into<String>, way_out: &str) -> Error {
    Error::new(Kind::Value, message).way_out(way_out)
}

/// Element `k` of an array of one axis, without axes.
fn at(x: &Expr, k: i64) -> Result<Expr> {
    let part = slice(
        x,
        Region {
            axes: [AxisRange::new(k, 1, 1)].into_iter().collect(),
        },
    )?;
    reshape(&part, &[])
}

/// The elements of a literal, if the array is one.
fn known(x: &Expr) -> Option<&[Scalar]> {
    match x.attr() {
        Attr::Leaf(leaf) if leaf.at.is_full(&leaf.whole) => match &leaf.kind {
            LeafKind::Literal(elements) => Some(elements),
            _ => None,
        },
        _ => None,
    }
}

/// The edges of bins over `x`, whose extremes are the outer ones without `range`.
///
/// # Errors
/// [`Kind::Value`] for no bins, a range that is not one, edges that decrease where they are known;
/// [`Kind::Shape`] for edges of more than one axis.
pub fn edges(x: &Expr, bins: &Bins, range: Option<(f64, f64)>) -> Result<Expr> {
    let count = match bins {
        Bins::Edges(edges) => {
            if edges.shape().len() != 1 {
                let message = format!("bins of shape {}", show_shape(edges.shape()));
                return Err(Error::new(Kind::Shape, message).way_out("edges along one axis"));
            }
            let values = known(edges).unwrap_or(&[]);
            if values
                .windows(2)
                .any(|pair| pair[0].to_f64() > pair[1].to_f64())
            {
                return Err(refuse("bins that decrease", "edges in ascending order"));
            }
            return Ok(edges.clone());
        }
        Bins::Count(count) if *count < 1 => {
            return Err(refuse(format!("{count} bins"), "one bin or more"));
        }
        Bins::Count(count) => *count,
    };
    let dtype = match x.dtype() {
        dtype if dtype.is_float() => dtype,
        _ => DType::F64,
    };
    let range = range.or((x.elements() == 0).then_some((0.0, 1.0)));
    if let Some((low, high)) = range {
        if low > high {
            return Err(refuse(
                format!("the range ({low}, {high})"),
                "a range whose end is not below its start",
            ));
        }
        if !low.is_finite() || !high.is_finite() {
            return Err(refuse(
                format!("the range ({low}, {high})"),
                "a finite range",
            ));
        }
        let (low, high) = if low == high {
            (low - 0.5, high + 0.5)
        } else {
            (low, high)
        };
        return linspace(low, high, count + 1, true, dtype, |shape| {
            Ok(Grid::whole(shape))
        });
    }
    between_extremes(x, count, dtype)
}

/// Edges at equal distances from the least to the greatest element, in the order of operations of
/// NumPy 2's `linspace`.
fn between_extremes(x: &Expr, count: i64, dtype: DType) -> Result<Expr> {
    let extreme = |name: &str| astype(&reduce(name, x, None, false)?, dtype);
    let (low, high) = (extreme("min")?, extreme("max")?);
    let same = map("equal", &[low.clone(), high.clone()])?;
    let widen = |x: &Expr, by: f64| {
        let moved = operate("add", &[x.clone().into(), Operand::Float(by)])?;
        map("where", &[same.clone(), moved, x.clone()])
    };
    let (low, high) = (widen(&low, -0.5)?, widen(&high, 0.5)?);
    let apart = map("subtract", &[high.clone(), low.clone()])?;
    let steps = astype(&iota(0, Grid::whole(&[count]))?, dtype)?;
    let step = operate(
        "divide",
        &[apart.clone().into(), Operand::Float(count as f64)],
    )?;
    let none = operate("equal", &[step.clone().into(), Operand::Float(0.0)])?;
    let small = operate(
        "divide",
        &[steps.clone().into(), Operand::Float(count as f64)],
    )?;
    let small = map("multiply", &[small, apart])?;
    let usual = map("multiply", &[steps, step])?;
    let inner = map("where", &[none, small, usual])?;
    let inner = map("add", &[inner, low])?;
    concatenate(&[inner, reshape(&high, &[1])?], 0)
}

/// How many elements of `x` lie between neighbouring `edges`, or what their `weights` add up to;
/// with `density` divided by the bins' widths and the total.
///
/// # Errors
/// [`Kind::Shape`] if the weights have another shape.
pub fn histogram(x: &Expr, edges: &Expr, weights: Option<&Expr>, density: bool) -> Result<Expr> {
    if let Some(weights) = weights.filter(|weights| weights.shape() != x.shape()) {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "weights of shape {} for an array of shape {}",
                show_shape(weights.shape()),
                show_shape(x.shape())
            ),
        )
        .way_out("one weight for each element"));
    }
    let counts = counted(x, edges, weights)?;
    let counts = match weights {
        Some(weights) if weights.dtype() != DType::Bool => astype(&counts, weights.dtype())?,
        _ => counts,
    };
    if !density {
        return Ok(counts);
    }
    let widths = super::diff(edges, 1, 0, None, None)?;
    let total = reduce("sum", &counts, None, false)?;
    map("divide", &[map("divide", &[counts, widths])?, total])
}

/// Chunk by chunk, then the sum over chunks.
fn counted(x: &Expr, edges: &Expr, weights: Option<&Expr>) -> Result<Expr> {
    // An array without axes has no chunks.
    let axes = |x: &Expr| match x.shape() {
        [] => reshape(x, &[1]),
        _ => Ok(x.clone()),
    };
    let x = axes(x)?;
    let bins = (edges.shape()[0] - 1).max(0);
    let dtype = match DType::promote(x.dtype(), edges.dtype()) {
        dtype if dtype.is_float() => DType::F64,
        DType::U64 => DType::U64,
        _ => DType::I64,
    };
    let counts = if weights.is_some() {
        DType::F64
    } else {
        DType::I64
    };
    if x.elements() == 0 || bins == 0 {
        return full(Scalar::zero(counts), Grid::whole(&[bins]));
    }
    let mut args = vec![astype(&x, dtype)?, astype(edges, dtype)?];
    let name = match weights {
        None => "histogram_counts",
        Some(weights) => {
            let weights = astype(&axes(weights)?, DType::F64)?;
            args.push(super::rechunk(&weights, x.grid().clone())?);
            "histogram_weights"
        }
    };
    let pieces = x.grid().chunks();
    let len = pieces.checked_mul(bins).ok_or_else(|| {
        Error::new(Kind::Shape, "bins times chunks is beyond 2^63")
            .way_out("larger chunks (rechunk)")
    })?;
    let call = Along {
        axis: 0,
        len,
        dtype: counts,
        parameter: 0,
        chunked: true,
    };
    let parts = rows(name, &args, call)?;
    reduce("sum", &reshape(&parts, &[pieces, bins])?, Some(&[0]), false)
}

/// The bin of each element: `0..n` for `n + 1` edges, the last one with its upper edge; `n` or
/// more, or negative, for what lies outside.
fn bin_of(x: &Expr, edges: &Expr) -> Result<Expr> {
    let bins = edges.shape()[0] - 1;
    let below = searchsorted(edges, x, true)?;
    let bin = operate("subtract", &[below.into(), Operand::Int(1)])?;
    let dtype = DType::promote(x.dtype(), edges.dtype());
    let last = astype(&at(edges, bins)?, dtype)?;
    let on_edge = map("equal", &[astype(x, dtype)?, last])?;
    let top = constant(Scalar::from(bins - 1))?;
    map("where", &[on_edge, top, bin])
}

/// The counts (or sums of weights) of pairs in the bins of two arrays, `[first, second]`.
///
/// # Errors
/// [`Kind::Shape`] if the arrays are not of one axis and one length.
pub fn histogram2d(
    pair: [&Expr; 2],
    edges: [&Expr; 2],
    weights: Option<&Expr>,
    density: bool,
) -> Result<Expr> {
    let [x, y] = pair;
    if x.shape().len() != 1 || x.shape() != y.shape() {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "a histogram of pairs from shapes {} and {}",
                show_shape(x.shape()),
                show_shape(y.shape())
            ),
        )
        .way_out("two arrays of one axis and one length"));
    }
    let counts = [0, 1].map(|k: usize| edges[k].shape()[0] - 1);
    let (i, j) = (bin_of(x, edges[0])?, bin_of(y, edges[1])?);
    let inside = |bin: &Expr, bins: i64| {
        let low = operate("greater_equal", &[bin.clone().into(), Operand::Int(0)])?;
        let high = operate("less", &[bin.clone().into(), Operand::Int(bins.into())])?;
        map("bitwise_and", &[low, high])
    };
    let both = map(
        "bitwise_and",
        &[inside(&i, counts[0])?, inside(&j, counts[1])?],
    )?;
    let row = operate("multiply", &[i.into(), Operand::Int(counts[1].into())])?;
    let linear = map("add", &[row, j])?;
    let linear = map("where", &[both, linear, constant(Scalar::from(-1i64))?])?;
    let cells = counts[0]
        .checked_mul(counts[1])
        .ok_or_else(|| Error::new(Kind::Shape, "bins beyond 2^63").way_out("fewer bins"))?;
    let numbers = iota(0, Grid::whole(&[cells + 1]))?;
    let flat = counted(&linear, &numbers, weights)?;
    let table = astype(&reshape(&flat, &counts)?, DType::F64)?;
    if !density {
        return Ok(table);
    }
    let total = reduce("sum", &table, None, false)?;
    let width =
        |k: usize, shape: [i64; 2]| reshape(&super::diff(edges[k], 1, 0, None, None)?, &shape);
    let table = map("divide", &[table, width(0, [-1, 1])?])?;
    let table = map("divide", &[table, width(1, [1, -1])?])?;
    map("divide", &[table, total])
}

/// The number of the bin that each element lies in, 0 below the first edge; bins may decrease.
///
/// # Errors
/// [`Kind::Shape`] for bins of more than one axis; [`Kind::Value`] for bins that are known and
/// neither increase nor decrease.
pub fn digitize(x: &Expr, bins: &Expr, right: bool) -> Result<Expr> {
    let rising = |pair: &[Scalar]| pair[0].to_f64() <= pair[1].to_f64();
    let falling = |pair: &[Scalar]| pair[0].to_f64() >= pair[1].to_f64();
    let values = known(bins);
    let up = values.map(|v| v.windows(2).all(rising));
    let down = values.map(|v| v.windows(2).all(falling));
    let forward = || searchsorted(bins, x, !right);
    let backward = || {
        let len = bins.shape()[0];
        let mut region = Region::full(bins.shape());
        if len > 0 {
            region.axes[0] = AxisRange::new(len - 1, -1, len);
        }
        let found = searchsorted(&slice(bins, region)?, x, !right)?;
        operate("subtract", &[Operand::Int(len.into()), found.into()])
    };
    if bins.shape().len() != 1 || up == Some(true) || bins.shape()[0] < 2 {
        return forward();
    }
    if down == Some(true) {
        return backward();
    }
    if up.is_some() {
        return Err(refuse(
            "bins that neither increase nor decrease",
            "sorted bins",
        ));
    }
    let (first, last) = (at(bins, 0)?, at(bins, bins.shape()[0] - 1)?);
    let up = broadcast_to(&map("less_equal", &[first, last])?, x.shape())?;
    map("where", &[up, forward()?, backward()?])
}
