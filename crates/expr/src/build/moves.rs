//! Calls that move elements.

use super::{astype, node, normalize_axes};
use crate::attr::{Attr, Axes};
use crate::node::Expr;
use crate::print::one_line;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Grid, Kind, Region, Result, Shape, element_count};

/// The shape that these arrays broadcast to.
///
/// # Errors
/// [`Kind::Shape`] naming the operands and the axis that disagree.
pub fn broadcast_shapes(name: &str, args: &[Expr]) -> Result<Shape> {
    let ndim = args.iter().map(|a| a.shape().len()).max().unwrap_or(0);
    let mut shape = Shape::from_elem(1, ndim);
    for arg in args {
        let lead = ndim - arg.shape().len();
        for (k, &len) in arg.shape().iter().enumerate() {
            let mine = &mut shape[lead + k];
            if *mine == 1 {
                *mine = len;
            } else if len != 1 && len != *mine {
                return Err(no_broadcast(name, args, lead + k, *mine, len));
            }
        }
    }
    Ok(shape)
}

fn no_broadcast(name: &str, args: &[Expr], axis: usize, a: i64, b: i64) -> Error {
    let shapes: Vec<String> = args.iter().map(|arg| show_shape(arg.shape())).collect();
    let mut error = Error::new(
        Kind::Shape,
        format!("shapes {} do not broadcast", shapes.join(" and ")),
    )
    .fact("in", name);
    for (arg, label) in args.iter().zip(["a", "b", "c"]) {
        let shape = show_shape(arg.shape());
        error = error.fact(label, format!("{}  {}{shape}", one_line(arg), arg.dtype()));
    }
    let short = a.min(b);
    error
        .fact(
            format!("axis {axis}"),
            format!("{a} against {b}, and neither is 1"),
        )
        .way_out(format!(
            "a slice [0:{short}] on axis {axis}, or [:, None] for a new axis"
        ))
}

/// Axes of length 1 repeat, new ones stand before; itself if it has the shape.
///
/// # Errors
/// [`Kind::Shape`] if the shape does not broadcast to this one.
pub fn broadcast_to(x: &Expr, shape: &[i64]) -> Result<Expr> {
    if x.shape() == shape {
        return Ok(x.clone());
    }
    let fits = shape.len() >= x.shape().len()
        && x.shape()
            .iter()
            .rev()
            .zip(shape.iter().rev())
            .all(|(a, b)| *a == 1 || a == b);
    if !fits || shape.iter().any(|&len| len < 0) {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "shape {} does not broadcast to {}",
                show_shape(x.shape()),
                show_shape(shape)
            ),
        )
        .way_out("the same lengths on the last axes, or 1 where an axis repeats"));
    }
    node("broadcast_to", Attr::Shape(shape.into()), [x.clone()])
}

/// A region; itself if it is all.
///
/// # Errors
/// [`Kind::Internal`] if the region is not in normal form or not inside the array.
pub fn slice(x: &Expr, region: Region) -> Result<Expr> {
    if region.is_full(x.shape()) {
        return Ok(x.clone());
    }
    node("slice", Attr::Region(region), [x.clone()])
}

/// Axes in another order; all in reverse without `axes`.
///
/// # Errors
/// [`Kind::Axis`] if `axes` is no permutation.
pub fn transpose(x: &Expr, axes: Option<&[i64]>) -> Result<Expr> {
    let ndim = x.shape().len();
    let order = match axes {
        None => (0..ndim).rev().collect(),
        Some(axes) => normalize_axes(axes, ndim)?,
    };
    if order.len() != ndim {
        return Err(Error::new(
            Kind::Axis,
            format!("transpose of {ndim} axes names {}", order.len()),
        )
        .way_out("each axis once"));
    }
    if order.iter().enumerate().all(|(k, &axis)| k == axis) {
        return Ok(x.clone());
    }
    node("transpose", Attr::Axes(order), [x.clone()])
}

/// New axes of length 1 at these positions of the result.
///
/// # Errors
/// [`Kind::Axis`] if a position is out of range or named twice.
pub fn expand_dims(x: &Expr, axes: &[i64]) -> Result<Expr> {
    if axes.is_empty() {
        return Ok(x.clone());
    }
    let mut axes = normalize_axes(axes, x.shape().len() + axes.len())?;
    axes.sort_unstable();
    node("expand_dims", Attr::Axes(axes), [x.clone()])
}

/// Axes of length 1 go: these, or all there are.
///
/// # Errors
/// [`Kind::Axis`] if one is out of range or has another length.
pub fn squeeze(x: &Expr, axes: Option<&[i64]>) -> Result<Expr> {
    let mut axes: Axes = match axes {
        None => (0..x.shape().len())
            .filter(|&axis| x.shape()[axis] == 1)
            .collect(),
        Some(axes) => normalize_axes(axes, x.shape().len())?,
    };
    axes.sort_unstable();
    if axes.is_empty() {
        return Ok(x.clone());
    }
    node("squeeze", Attr::Axes(axes), [x.clone()])
}

/// The same elements in C order under another shape; one length may be −1.
///
/// # Errors
/// [`Kind::Shape`] if the number of elements differs.
pub fn reshape(x: &Expr, shape: &[i64]) -> Result<Expr> {
    let refuse = || {
        Error::new(
            Kind::Shape,
            format!(
                "{} elements do not fill the shape {}",
                x.elements(),
                show_shape(shape)
            ),
        )
        .fact("x", show_shape(x.shape()))
        .way_out("one -1 among the lengths")
    };
    let mut to = Shape::from_slice(shape);
    let unknown: Vec<usize> = (0..to.len()).filter(|&k| to[k] == -1).collect();
    match unknown[..] {
        [] => {}
        [axis] => {
            to[axis] = 1;
            let rest = element_count(&to).filter(|&n| n > 0).ok_or_else(refuse)?;
            to[axis] = x.elements() / rest;
        }
        _ => return Err(refuse()),
    }
    if to.iter().any(|&len| len < 0) || element_count(&to) != Some(x.elements()) {
        return Err(refuse());
    }
    if to[..] == *x.shape() {
        return Ok(x.clone());
    }
    node("reshape", Attr::Shape(to), [x.clone()])
}

/// Arrays end to end along an axis; dtypes promote.
///
/// # Errors
/// [`Kind::Shape`] if another axis differs, [`Kind::Axis`] for a bad axis.
pub fn concatenate(parts: &[Expr], axis: i64) -> Result<Expr> {
    let first = parts.first().ok_or_else(|| {
        Error::new(Kind::Value, "concatenate of no arrays").way_out("at least one array")
    })?;
    if first.shape().is_empty() {
        return Err(
            Error::new(Kind::Shape, "arrays of 0 dimensions cannot be concatenated")
                .way_out("stack"),
        );
    }
    let axis = normalize_axes(&[axis], first.shape().len())?[0];
    for (k, part) in parts.iter().enumerate().skip(1) {
        let same = part.shape().len() == first.shape().len()
            && (0..first.shape().len()).all(|a| a == axis || part.shape()[a] == first.shape()[a]);
        if !same {
            return Err(Error::new(
                Kind::Shape,
                format!(
                    "concatenate along axis {axis}: shapes {} and {} differ elsewhere",
                    show_shape(first.shape()),
                    show_shape(part.shape())
                ),
            )
            .fact("part 0", show_shape(first.shape()))
            .fact(format!("part {k}"), show_shape(part.shape()))
            .way_out("slices of equal lengths on the other axes"));
        }
    }
    if let [only] = parts {
        return Ok(only.clone());
    }
    let dtype = DType::promote_all(parts.iter().map(Expr::dtype)).unwrap_or(first.dtype());
    let parts = parts
        .iter()
        .map(|p| astype(p, dtype))
        .collect::<Result<Vec<_>>>()?;
    node("concatenate", Attr::Index(axis), parts)
}

/// Arrays of one shape side by side along a new axis.
///
/// # Errors
/// [`Kind::Shape`] if shapes differ, [`Kind::Axis`] for a bad axis.
pub fn stack(parts: &[Expr], axis: i64) -> Result<Expr> {
    if let Some(part) = parts.iter().find(|p| p.shape() != parts[0].shape()) {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "stack of shapes {} and {}",
                show_shape(parts[0].shape()),
                show_shape(part.shape())
            ),
        )
        .way_out("arrays of one shape, or concatenate"));
    }
    let parts = parts
        .iter()
        .map(|p| expand_dims(p, &[axis]))
        .collect::<Result<Vec<_>>>()?;
    concatenate(&parts, axis)
}

/// The same array under another chunk grid.
///
/// # Errors
/// [`Kind::Chunks`] if the grid is not one of this shape.
pub fn rechunk(x: &Expr, grid: Grid) -> Result<Expr> {
    if &grid == x.grid() {
        return Ok(x.clone());
    }
    if grid.shape()[..] != *x.shape() {
        return Err(Error::new(
            Kind::Chunks,
            format!(
                "chunks for {} on an array of {}",
                show_shape(&grid.shape()),
                show_shape(x.shape())
            ),
        )
        .way_out("chunk sizes that add up to each axis"));
    }
    node("rechunk", Attr::Grid(grid), [x.clone()])
}
