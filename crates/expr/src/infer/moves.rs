//! Of which shape and grid is a move's result?

use super::{check_axes, without};
use crate::attr::Attr;
use crate::node::{Expr, Type};
use crate::op::MoveKind;
use smallvec::SmallVec;
use tilewright_core::{
    AxisGrid, AxisRange, DType, Error, Grid, Kind, Region, Result, Shape, element_count,
};

/// Whether a region is in normal form and takes points of an array of this shape alone.
pub(super) fn lies_inside(region: &Region, shape: &[i64]) -> bool {
    let inside = |(range, &len): (&AxisRange, &i64)| {
        if range.len <= 0 {
            return *range == AxisRange::full(0);
        }
        let span = range.step.checked_mul(range.len - 1);
        let last = span.and_then(|span| range.start.checked_add(span));
        let normal = range.step != 0 && (range.len > 1 || range.step == 1);
        normal
            && (0..len).contains(&range.start)
            && last.is_some_and(|last| (0..len).contains(&last))
    };
    region.axes.len() == shape.len() && region.axes.iter().zip(shape).all(inside)
}

/// The type of a move of these arguments.
pub(super) fn movement(kind: MoveKind, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let x = args
        .first()
        .ok_or_else(|| Error::new(Kind::Internal, "a move of nothing"))?;
    let (shape, cuts) = (x.shape(), &x.grid().axes);
    let internal = || {
        Error::new(
            Kind::Internal,
            format!("a {kind:?} node with a foreign attribute"),
        )
    };
    let too_long = || Error::new(Kind::Shape, "an axis has 2^63 elements or more");
    let (shape, axes) = match (kind, attr) {
        (MoveKind::Slice, Attr::Region(region)) if lies_inside(region, shape) => {
            let axes = cuts
                .iter()
                .zip(&region.axes)
                .map(|(cut, &range)| cut.slice(range))
                .collect();
            (region.shape(), axes)
        }
        (MoveKind::Transpose, Attr::Axes(order)) if order.len() == shape.len() => {
            check_axes(order, shape.len())?;
            order.iter().map(|&k| (shape[k], cuts[k].clone())).unzip()
        }
        (MoveKind::Broadcast, Attr::Shape(to)) if to.len() >= shape.len() => {
            let lead = to.len() - shape.len();
            let axis = |k: usize| match k.checked_sub(lead) {
                Some(from) if shape[from] == to[k] => Ok((to[k], cuts[from].clone())),
                Some(from) if shape[from] != 1 => Err(internal()),
                _ => Ok((to[k], AxisGrid::whole(to[k]))),
            };
            let axes: Vec<_> = (0..to.len()).map(axis).collect::<Result<_>>()?;
            axes.into_iter().unzip()
        }
        (MoveKind::ExpandDims, Attr::Axes(new)) => {
            check_axes(new, shape.len() + new.len())?;
            let mut old = shape.iter().zip(cuts);
            let axis = |k: usize| match (new.contains(&k), k) {
                (false, _) => old.next().map(|(&len, cut)| (len, cut.clone())),
                _ => Some((1, AxisGrid::whole(1))),
            };
            (0..shape.len() + new.len()).filter_map(axis).unzip()
        }
        (MoveKind::Squeeze, Attr::Axes(gone)) => {
            check_axes(gone, shape.len())?;
            if let Some(&axis) = gone.iter().find(|&&axis| shape[axis] != 1) {
                return Err(Error::new(
                    Kind::Axis,
                    format!("squeeze of axis {axis}, which has length {}", shape[axis]),
                )
                .way_out("an axis of length 1, or an index"));
            }
            let ty = without(x.ty(), gone, x.dtype());
            (ty.shape, ty.grid.axes)
        }
        (MoveKind::Reshape, Attr::Shape(to)) => {
            if element_count(to) != element_count(shape) {
                return Err(internal());
            }
            (to.clone(), reshape_grid(x.ty(), to))
        }
        (MoveKind::Concatenate, Attr::Index(axis)) if *axis < shape.len() => {
            let mut shape = Shape::from_slice(shape);
            let mut axes = cuts.clone();
            for arg in &args[1..] {
                if arg.shape().len() != shape.len() || arg.dtype() != x.dtype() {
                    return Err(internal());
                }
                shape[*axis] = shape[*axis]
                    .checked_add(arg.shape()[*axis])
                    .ok_or_else(too_long)?;
                for (k, mine) in axes.iter_mut().enumerate().filter(|(k, _)| k != axis) {
                    if arg.shape()[k] != shape[k] {
                        return Err(internal());
                    }
                    *mine = mine.union(&arg.grid().axes[k]);
                }
            }
            let parts: Vec<AxisGrid> = args
                .iter()
                .map(|arg| arg.grid().axes[*axis].clone())
                .collect();
            axes[*axis] = AxisGrid::concatenate(&parts);
            (shape, axes)
        }
        (MoveKind::Windows, Attr::Windows(windows)) if !windows.is_empty() => {
            let (mut lengths, mut axes) = (Shape::from_slice(shape), cuts.clone());
            for &(axis, length) in windows {
                let left = lengths.get(axis).map(|&len| len - length + 1);
                let left = left
                    .filter(|&left| length > 0 && left > 0)
                    .ok_or_else(internal)?;
                lengths[axis] = left;
                axes[axis] = axes[axis].slice(AxisRange::new(0, 1, left));
            }
            for &(_, length) in windows {
                lengths.push(length);
                axes.push(AxisGrid::whole(length));
            }
            (lengths, axes)
        }
        (MoveKind::Rechunk, Attr::Grid(grid)) if grid.shape()[..] == *shape => {
            (shape.into(), grid.axes.clone())
        }
        _ => return Err(internal()),
    };
    Ok(Type {
        dtype: x.dtype(),
        shape,
        grid: Grid { axes },
    })
}

/// Axes that a reshape leaves alone at either end keep their cuts; the others get the automatic
/// grid of the new shape. It depends on shape and kept cuts alone, so it commutes with maps.
fn reshape_grid(from: &Type, to: &[i64]) -> SmallVec<[AxisGrid; 4]> {
    let same = |a: &i64, b: &i64| a == b;
    let head = from
        .shape
        .iter()
        .zip(to)
        .take_while(|(a, b)| same(a, b))
        .count();
    let room = from.shape.len().min(to.len()) - head;
    let tail = from.shape.iter().rev().zip(to.iter().rev()).take(room);
    let tail = tail.take_while(|(a, b)| same(a, b)).count();
    let automatic = Grid::automatic(to, DType::F64.itemsize());
    (0..to.len())
        .map(|k| {
            if k < head {
                from.grid.axes[k].clone()
            } else if k >= to.len() - tail {
                from.grid.axes[k + from.shape.len() - to.len()].clone()
            } else {
                automatic.axes[k].clone()
            }
        })
        .collect()
}
