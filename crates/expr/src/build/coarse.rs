//! Coarser arrays: each axis as blocks of a factor's length, which a reduction folds.

use super::{normalize_axes, rechunk, reshape, slice};
use crate::attr::Axes;
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{AxisGrid, AxisRange, Error, Grid, Kind, Region, Result, Shape};

/// The axes of an array of `ndim` axes that these factors are of, in order, with their factors.
fn coarse_axes(ndim: usize, factors: &[(i64, i64)]) -> Result<Vec<(usize, i64)>> {
    let names: Vec<i64> = factors.iter().map(|factor| factor.0).collect();
    if let Some(bad) = factors.iter().find(|factor| factor.1 < 1) {
        return Err(Error::new(
            Kind::Value,
            format!("a factor of {} along axis {}", bad.1, bad.0),
        )
        .way_out("1 or more"));
    }
    let axes = normalize_axes(&names, ndim)?;
    let mut pairs: Vec<(usize, i64)> = axes.into_iter().zip(factors.iter().map(|f| f.1)).collect();
    pairs.sort_unstable();
    Ok(pairs)
}

/// The array with an axis of blocks and one within them for each axis that has a factor, and the
/// axes within blocks. Blocks are cut where their first elements were; each lies in one chunk.
///
/// # Errors
/// [`Kind::Axis`] for an axis out of range or named twice; [`Kind::Value`] for a factor below 1;
/// [`Kind::Shape`] for one that does not divide its axis, unless what is left over is cut off.
pub fn coarse(x: &Expr, factors: &[(i64, i64)], trim_excess: bool) -> Result<(Expr, Axes)> {
    let factors = coarse_axes(x.shape().len(), factors)?;
    let mut whole = Region::full(x.shape());
    let (mut shape, mut cuts, mut within) = (Shape::new(), Vec::new(), Axes::new());
    for (axis, &len) in x.shape().iter().enumerate() {
        let grid = &x.grid().axes[axis];
        let Some(&(_, factor)) = factors.iter().find(|factor| factor.0 == axis) else {
            shape.push(len);
            cuts.push(grid.clone());
            continue;
        };
        if len % factor != 0 && !trim_excess {
            return Err(Error::new(
                Kind::Shape,
                format!("a factor of {factor} along an axis of {len} elements"),
            )
            .fact("x", show_shape(x.shape()))
            .way_out("a factor that divides it, or trim_excess"));
        }
        let blocks = len / factor;
        whole.axes[axis] = AxisRange::new(0, 1, blocks * factor);
        shape.push(blocks);
        cuts.push(grid.slice(AxisRange::new(0, factor, blocks)));
        within.push(shape.len());
        shape.push(factor);
        cuts.push(AxisGrid::whole(factor));
    }
    let blocks = reshape(&slice(x, whole)?, &shape)?;
    let grid = Grid { axes: cuts.into() };
    Ok((rechunk(&blocks, grid)?, within))
}
