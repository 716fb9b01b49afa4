//! Which element goes where?
//!
//! Every move is a view or a concatenation of `ndarray`, whose index arithmetic is not ours.

use super::{internal, with_bits};
use crate::attr::Attr;
use crate::op::MoveKind;
use ndarray::{ArrayD, ArrayViewD, Axis, CowArray, Dimension, IxDyn, Slice};
use tilewright_core::{AxisRange, Block, Element, Region, Result, Shape};

/// The result of a move of this shape.
pub(super) fn rearrange(
    kind: MoveKind,
    attr: &Attr,
    args: &[&Block],
    shape: &[i64],
) -> Result<Block> {
    let x = args.first().ok_or_else(|| internal("a move of nothing"))?;
    let mut out = Block::zeros(x.dtype, shape)?;
    if out.is_empty() {
        return Ok(out);
    }
    with_bits!(x.dtype, T => {
        let misfit = || internal("a move that does not fit its array");
        let views = args.iter().map(|arg| view::<T>(arg).ok_or_else(misfit));
        let views = views.collect::<Result<Vec<_>>>()?;
        let moved = apply(kind, attr, views, shape).ok_or_else(misfit)?;
        out.data.as_slice_mut::<T>().iter_mut().zip(&moved).for_each(|(to, from)| *to = *from);
    });
    Ok(out)
}

/// The region of an array.
pub(super) fn slice(x: &Block, region: &Region) -> Result<Block> {
    rearrange(
        MoveKind::Slice,
        &Attr::Region(region.clone()),
        &[x],
        &region.shape(),
    )
}

fn lengths(shape: &[i64]) -> IxDyn {
    IxDyn(&shape.iter().map(|&len| len as usize).collect::<Vec<_>>())
}

fn view<T: Element>(x: &Block) -> Option<ArrayViewD<'_, T>> {
    ArrayViewD::from_shape(lengths(&x.shape), x.data.as_slice()).ok()
}

fn apply<'a, T: Element>(
    kind: MoveKind,
    attr: &Attr,
    mut views: Vec<ArrayViewD<'a, T>>,
    shape: &[i64],
) -> Option<CowArray<'a, T, IxDyn>> {
    if let (MoveKind::Concatenate, Attr::Index(axis)) = (kind, attr) {
        return ndarray::concatenate(Axis(*axis), &views)
            .ok()
            .map(CowArray::from);
    }
    let x = views.pop()?;
    if let (MoveKind::Windows, Attr::Windows(windows)) = (kind, attr) {
        let element = |place: IxDyn| {
            let mut of: Vec<usize> = place.slice()[..x.ndim()].to_vec();
            let walked = windows.iter().zip(&place.slice()[x.ndim()..]);
            walked.for_each(|(&(axis, _), &step)| of[axis] += step);
            x[IxDyn(&of)]
        };
        return Some(CowArray::from(ArrayD::from_shape_fn(
            lengths(shape),
            element,
        )));
    }
    let view = match (kind, attr) {
        (MoveKind::Slice, Attr::Region(region)) => slice_view(x, region),
        (MoveKind::Transpose, Attr::Axes(order)) => x.permuted_axes(&order[..]),
        (MoveKind::ExpandDims, Attr::Axes(new)) => {
            let mut new = new.clone();
            new.sort_unstable();
            new.iter().fold(x, |x, &axis| x.insert_axis(Axis(axis)))
        }
        (MoveKind::Squeeze, Attr::Axes(gone)) => {
            let mut gone = gone.clone();
            gone.sort_unstable();
            gone.iter()
                .rev()
                .fold(x, |x, &axis| x.index_axis_move(Axis(axis), 0))
        }
        (MoveKind::Broadcast, _) => {
            return Some(CowArray::from(x.broadcast(lengths(shape))?.to_owned()));
        }
        (MoveKind::Reshape, _) => x.into_shape_with_order(lengths(shape)).ok()?,
        (MoveKind::Rechunk, _) => x,
        _ => return None,
    };
    Some(CowArray::from(view))
}

/// `ndarray` cuts `[low, high)` first and then walks it, from its end if the step is negative.
fn slice_view<'a, T>(mut x: ArrayViewD<'a, T>, region: &Region) -> ArrayViewD<'a, T> {
    for (axis, range) in region.axes.iter().enumerate() {
        let (low, high) = range.hull();
        let part = Slice::new(low as isize, Some(high as isize), range.step as isize);
        x.slice_axis_inplace(Axis(axis), part);
    }
    x
}

/// The points of a region in C order, as indices of the whole.
pub(super) fn points(region: &Region) -> impl Iterator<Item = Shape> + '_ {
    let shape = region.shape();
    let count = tilewright_core::element_count(&shape).unwrap_or(0);
    let mut position = Shape::from_elem(0, shape.len());
    (0..count).map(move |_| {
        let at = |(range, &i): (&AxisRange, &i64)| range.at(i);
        let point = region.axes.iter().zip(&position).map(at).collect();
        // The last axis runs fastest; one that is through starts anew and moves the one before.
        for (i, &len) in position.iter_mut().zip(&shape).rev() {
            *i += 1;
            if *i < len {
                break;
            }
            *i = 0;
        }
        point
    })
}
