//! Which region of the array before a reshape is a region after it?

use super::slice::slice;
use super::{below, move_kind, on_grid_of, region};
use crate::graph::Graph;
use tilewright_core::AxisRange;
use tilewright_expr::Expr;
use tilewright_expr::build;
use tilewright_expr::op::MoveKind;

/// Runs of axes of a reshape that hold the same number of elements on both sides.
fn factors(
    from: &[i64],
    to: &[i64],
) -> Option<Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>> {
    let (mut groups, mut i, mut j) = (Vec::new(), 0, 0);
    while i < from.len() || j < to.len() {
        let (begin_i, begin_j) = (i, j);
        let (mut a, mut b) = (1i64, 1i64);
        if i < from.len() {
            a = from[i];
            i += 1;
        }
        if j < to.len() {
            b = to[j];
            j += 1;
        }
        while a != b {
            if a < b {
                a = a.checked_mul(*from.get(i)?)?;
                i += 1;
            } else {
                b = b.checked_mul(*to.get(j)?)?;
                j += 1;
            }
        }
        groups.push((begin_i..i, begin_j..j));
    }
    Some(groups)
}

/// The elements that ranges take of axes of these lengths as one run `[start, start + len)` in C
/// order, if they are one: inner axes whole, one axis a stretch, outer axes single points.
fn run_of(ranges: &[AxisRange], lens: &[i64]) -> Option<(i64, i64)> {
    let (mut start, mut count, mut weight) = (0i64, 1i64, 1i64);
    let mut broken = false;
    for (range, &len) in ranges.iter().zip(lens).rev() {
        if range.step != 1 || (broken && range.len != 1) {
            return None;
        }
        broken |= !range.is_full(len);
        start = start.checked_add(range.start.checked_mul(weight)?)?;
        count = count.checked_mul(range.len)?;
        weight = weight.checked_mul(len)?;
    }
    Some((start, count))
}

/// The ranges of axes of these lengths that take the run, if they exist.
fn ranges_of((start, count): (i64, i64), lens: &[i64]) -> Option<Vec<AxisRange>> {
    let mut ranges = vec![AxisRange::full(1); lens.len()];
    let (mut first, mut left) = (start, count);
    for (range, &len) in ranges.iter_mut().zip(lens).rev() {
        let at = first % len;
        *range = if at == 0 && left % len == 0 {
            left /= len;
            AxisRange::full(len)
        } else if at + left <= len {
            let taken = AxisRange::new(at, 1, left);
            left = 1;
            taken
        } else {
            return None;
        };
        first /= len;
    }
    Some(ranges)
}

pub(super) fn slice_through_reshape(graph: &Graph, node: &Expr) -> Option<Expr> {
    let r = region(node)?;
    if node.elements() == 0 {
        return None;
    }
    below(graph, node)
        .filter(|x| move_kind(x) == Some(MoveKind::Reshape))
        .find_map(|x| {
            let arg = &x.args()[0];
            let mut ranges = vec![AxisRange::full(1); arg.shape().len()];
            for (from, to) in factors(arg.shape(), x.shape())? {
                if from.len() == 1 && to.len() == 1 {
                    ranges[from.start] = r.axes[to.start];
                    continue;
                }
                let run = run_of(&r.axes[to.clone()], &x.shape()[to])?;
                ranges.splice(from.clone(), ranges_of(run, &arg.shape()[from])?);
            }
            let taken = slice(arg, ranges)?;
            on_grid_of(build::reshape(&taken, node.shape()).ok()?, node)
        })
}
