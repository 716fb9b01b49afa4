//! Arrays made from an index or a value, and arrays read.

use super::{map, node, operate};
use crate::attr::{Attr, Leaf, LeafKind, SourceRef};
use crate::build::elementwise::Operand;
use crate::build::{astype, reshape};
use crate::node::Expr;
use std::sync::Arc;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Grid, Kind, Region, Result, Scalar, Shape, element_count};

/// A leaf over all of its whole.
pub(super) fn leaf(
    name: &str,
    kind: LeafKind,
    dtype: DType,
    grid: Grid,
    args: &[Expr],
) -> Result<Expr> {
    let whole = grid.shape();
    if whole.iter().any(|&len| len < 0) {
        return Err(Error::new(
            Kind::Shape,
            format!("negative length in {}", show_shape(&whole)),
        )
        .way_out("lengths of 0 or more"));
    }
    let at = Region::full(&whole);
    let leaf = Leaf {
        kind,
        dtype,
        whole,
        at,
        grid,
    };
    node(name, Attr::Leaf(Arc::new(leaf)), args.iter().cloned())
}

/// An array of no dimensions.
///
/// # Errors
/// None.
pub fn constant(value: Scalar) -> Result<Expr> {
    full(value, Grid::whole(&[]))
}

/// One value everywhere.
///
/// # Errors
/// [`Kind::Shape`] for a negative length or 2^63 bytes and more.
pub fn full(value: Scalar, grid: Grid) -> Result<Expr> {
    leaf("full", LeafKind::Full(value), value.dtype(), grid, &[])
}

/// The index along `axis`, i64.
///
/// # Errors
/// [`Kind::Axis`] if there is no such axis.
pub fn iota(axis: usize, grid: Grid) -> Result<Expr> {
    if axis >= grid.axes.len() {
        let ndim = grid.axes.len();
        return Err(Error::new(
            Kind::Axis,
            format!("no axis {axis} in an array of {ndim} dimensions"),
        )
        .way_out("an axis below the number of dimensions"));
    }
    leaf("iota", LeafKind::Iota(axis), DType::I64, grid, &[])
}

/// `start, start + step, …` up to and without `stop`.
///
/// The number of elements is `ceil((stop - start) / step)`; floats are `start + i·step`.
///
/// # Errors
/// [`Kind::Value`] for a step of 0 or bounds that are not finite.
pub fn arange(
    start: Scalar,
    stop: Scalar,
    step: Scalar,
    dtype: DType,
    chunks: impl FnOnce(&[i64]) -> Result<Grid>,
) -> Result<Expr> {
    let refuse = |what: &str| {
        Error::new(Kind::Value, format!("arange: {what}"))
            .fact("start", start.to_string())
            .fact("stop", stop.to_string())
            .fact("step", step.to_string())
            .way_out("a finite range with a step other than 0")
    };
    let len = match (start.as_i128(), stop.as_i128(), step.as_i128()) {
        (_, _, Some(0)) => return Err(refuse("the step is 0")),
        (Some(start), Some(stop), Some(step)) => {
            let span = (stop - start) * step.signum();
            if span <= 0 {
                0
            } else {
                (span - 1) / step.abs() + 1
            }
        }
        _ => {
            let len = ((stop.to_f64() - start.to_f64()) / step.to_f64()).ceil();
            if !len.is_finite() {
                return Err(refuse("the length is not finite"));
            }
            len.max(0.0) as i128
        }
    };
    let len = i64::try_from(len).map_err(|_| refuse("the length does not fit 63 bits"))?;
    if dtype == DType::Bool && len > 2 {
        let message = format!("arange: {len} elements of bool, which has two values");
        return Err(Error::new(Kind::DType, message).way_out("an integer dtype"));
    }
    let index = iota(0, chunks(&[len])?)?;
    // NumPy computes the step from the first two elements, in the result's dtype.
    if dtype.is_float() {
        let delta = Scalar::from_f64(dtype, start.to_f64() + step.to_f64()).to_f64()
            - Scalar::from_f64(dtype, start.to_f64()).to_f64();
        let wide = dtype.computed();
        let number = |value: Scalar| constant(value.cast(dtype).cast(wide));
        let scaled = map(
            "multiply",
            &[
                astype(&index, wide)?,
                constant(Scalar::from_f64(wide, delta))?,
            ],
        )?;
        return astype(&map("add", &[scaled, number(start)?])?, dtype);
    }
    let scaled = map("multiply", &[index, constant(step.cast(DType::I64))?])?;
    let shifted = map("add", &[scaled, constant(start.cast(DType::I64))?])?;
    astype(&shifted, dtype)
}

/// Refuses a negative number of points.
pub(super) fn check_number(name: &str, num: i64) -> Result<()> {
    match num < 0 {
        true => Err(Error::new(Kind::Value, format!("{name} of {num} numbers"))
            .way_out("0 or more numbers")),
        false => Ok(()),
    }
}

/// How far neighbours of [`linspace`] lie apart; NaN of fewer than two points.
pub fn gap(start: f64, stop: f64, num: i64, endpoint: bool) -> f64 {
    let gaps = if endpoint { num - 1 } else { num };
    match gaps > 0 {
        true => (stop - start) / gaps as f64,
        false => f64::NAN,
    }
}

/// `num` numbers from `start` to `stop`, evenly apart; `stop` is the last with `endpoint`.
///
/// # Errors
/// [`Kind::Value`] if `num` is negative.
pub fn linspace(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    dtype: DType,
    chunks: impl FnOnce(&[i64]) -> Result<Grid>,
) -> Result<Expr> {
    check_number("linspace", num)?;
    let index = iota(0, chunks(&[num])?)?;
    let wide = astype(&index, DType::F64)?;
    let gaps = if endpoint { num - 1 } else { num };
    let delta = stop - start;
    let step = gap(start, stop, num, endpoint);
    let scaled = if gaps <= 0 {
        operate("multiply", &[wide.into(), Operand::Float(delta)])?
    } else if step == 0.0 {
        let part = operate("divide", &[wide.into(), Operand::Float(gaps as f64)])?;
        operate("multiply", &[part.into(), Operand::Float(delta)])?
    } else {
        operate("multiply", &[wide.into(), Operand::Float(step)])?
    };
    let line = operate("add", &[scaled.into(), Operand::Float(start)])?;
    let line = if endpoint && num > 1 {
        let last = operate("equal", &[index.into(), Operand::Int(i128::from(num - 1))])?;
        operate("where", &[last.into(), Operand::Float(stop), line.into()])?
    } else {
        line
    };
    // NumPy rounds down to integers, where a cast would truncate.
    let line = if dtype.is_integer() {
        map("floor", &[line])?
    } else {
        line
    };
    astype(&line, dtype)
}

/// 1 on the diagonal `k`, else 0.
///
/// # Errors
/// [`Kind::Shape`] for a negative length.
pub fn eye(k: i64, dtype: DType, grid: Grid) -> Result<Expr> {
    if grid.axes.len() != 2 {
        let ndim = grid.axes.len();
        return Err(
            Error::new(Kind::Shape, format!("eye has two dimensions, not {ndim}"))
                .way_out("a number of rows and one of columns"),
        );
    }
    let row = operate(
        "add",
        &[iota(0, grid.clone())?.into(), Operand::Int(i128::from(k))],
    )?;
    astype(&map("equal", &[row, iota(1, grid)?])?, dtype)
}

/// Elements as they are written, in C order.
///
/// # Errors
/// [`Kind::Shape`] if their number is not that of the shape; [`Kind::DType`] if dtypes are mixed.
pub fn array(elements: Vec<Scalar>, dtype: DType, grid: Grid) -> Result<Expr> {
    let shape: Shape = grid.shape();
    if element_count(&shape) != Some(elements.len() as i64) {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "{} elements do not fill the shape {}",
                elements.len(),
                show_shape(&shape)
            ),
        )
        .way_out("as many elements as the shape has"));
    }
    let elements: Vec<Scalar> = elements.into_iter().map(|e| e.cast(dtype)).collect();
    // A literal is linear in its C-order index; its reshape is another literal.
    if shape.is_empty() {
        let line = leaf(
            "array",
            LeafKind::Literal(elements.into()),
            dtype,
            Grid::whole(&[1]),
            &[],
        )?;
        return reshape(&line, &[]);
    }
    leaf(
        "array",
        LeafKind::Literal(elements.into()),
        dtype,
        grid,
        &[],
    )
}

/// A stored or in-memory array, cut into `grid`.
///
/// # Errors
/// [`Kind::Shape`] for 2^63 bytes and more; [`Kind::Source`] if an in-memory array reaches beyond
/// its bytes.
pub fn read(source: SourceRef, dtype: DType, grid: Grid) -> Result<Expr> {
    if let SourceRef::Memory(array) = &source
        && !array.holds(&grid.shape(), dtype)
    {
        return Err(Error::new(
            Kind::Source,
            format!(
                "a memory array of shape {} and strides {} reaches beyond its bytes",
                show_shape(&grid.shape()),
                show_shape(&array.strides)
            ),
        )
        .fact("bytes", array.bytes().len().to_string())
        .way_out("strides in elements and an offset in bytes that stay inside"));
    }
    leaf("read", LeafKind::Source(source), dtype, grid, &[])
}
