//! What does an array fold to, and in which order?
//!
//! The canonical tree, walked plainly for one output element at a time: leaves in eight lanes, a
//! binary tree over the leaves of each chunk, then over the chunks. Integer means need no order:
//! they are exact.

use super::{element, fill};
use crate::attr::Axes;
use crate::node::Type;
use crate::op::ReduceRow;
use tilewright_core::tree::{Counter, LANES, LEAF, combine_lanes};
use tilewright_core::{
    Block, DType, Grid, Region, Result, Scalar, Shape, c_strides, element_count,
};
use tilewright_kernel::{Fold, FoldOp};
use tilewright_vecmath::{Columns, moments_leaf_rows, moments_merge};

/// Folds the axes of `x`, whose chunk grid is `grid`.
pub(super) fn reduce(
    row: &ReduceRow,
    x: &Block,
    grid: &Grid,
    axes: &Axes,
    ty: &Type,
) -> Result<Block> {
    let reduced: Shape = axes.iter().map(|&axis| x.shape[axis]).collect();
    let count = element_count(&reduced).unwrap_or(0);
    if count == 0 {
        let value = (row.empty)(x.dtype).unwrap_or(Scalar::zero(ty.dtype));
        return fill(ty.dtype, &ty.shape, |_| value.cast(ty.dtype));
    }
    let chunks = chunks(x, grid, axes);
    let kept: Vec<usize> = (0..x.shape.len())
        .filter(|axis| !axes.contains(axis))
        .collect();
    let elements: Vec<Scalar> = super::elements(x).collect();
    let mut starts = offsets(x, &kept, &Region::full(&ty.shape)).into_iter();
    fill(ty.dtype, &ty.shape, |_| {
        let start = starts.next().unwrap_or(0);
        let at = |offset: usize| elements[start + offset];
        match (row.fold)(x.dtype) {
            // A sum begins at 0.
            Fold::Op(FoldOp::Add, dtype) => {
                let sum = fold(FoldOp::Add, dtype, &chunks, at);
                element::add(&[Scalar::zero(dtype), sum], dtype)
            }
            Fold::Op(op, dtype) => fold(op, dtype, &chunks, at),
            Fold::Moments => moments(&chunks, |k| at(k).to_f64()).into(),
            Fold::Squares => {
                let elements = || chunks.iter().flatten().filter_map(|&k| at(k).as_i128());
                let sum: i128 = elements().sum();
                let squares: i128 = elements().map(|x| x * x).sum();
                mean(i128::from(count) * squares - sum * sum, count).into()
            }
            Fold::WideSum => {
                let elements = chunks.iter().flatten().filter_map(|&k| at(k).as_i128());
                mean(elements.sum(), count).into()
            }
        }
    })
}

/// Where the elements of each chunk of the reduced axes lie, from an output element's first; both
/// chunks and elements in the order of `axes`, the first slowest.
fn chunks(x: &Block, grid: &Grid, axes: &Axes) -> Vec<Vec<usize>> {
    let counts: Shape = axes.iter().map(|&axis| grid.axes[axis].chunks()).collect();
    let numbers = super::moves::points(&Region::full(&counts)).collect::<Vec<_>>();
    let region = |numbers: &Shape| {
        let ranges = axes.iter().zip(numbers).map(|(&axis, &chunk)| {
            let (from, to) = grid.axes[axis].bounds(chunk);
            tilewright_core::AxisRange::new(from, 1, to - from)
        });
        Region {
            axes: ranges.collect(),
        }
    };
    numbers
        .iter()
        .map(|numbers| offsets(x, axes, &region(numbers)))
        .collect()
}

/// The C-order positions in `x` of a region of some of its axes, 0 along the others.
fn offsets(x: &Block, axes: &[usize], region: &Region) -> Vec<usize> {
    let strides = c_strides(&x.shape);
    let position = |index: Shape| {
        axes.iter()
            .zip(index)
            .map(|(&axis, i)| strides[axis] * i)
            .sum::<i64>()
    };
    super::moves::points(region)
        .map(|index| position(index) as usize)
        .collect()
}

/// The canonical tree over leaves and chunks.
fn tree<T>(
    chunks: &[Vec<usize>],
    leaf: impl Fn(&[usize]) -> T,
    merge: impl Fn(T, T) -> T,
) -> Option<T> {
    let mut over_chunks = Counter::default();
    for chunk in chunks {
        let mut over_leaves = Counter::default();
        for elements in chunk.chunks(LEAF as usize) {
            over_leaves.push(leaf(elements), &merge);
        }
        if let Some(root) = over_leaves.finish(&merge) {
            over_chunks.push(root, &merge);
        }
    }
    over_chunks.finish(&merge)
}

/// A fold of scalars by the meaning of the element-wise operator of the same name.
fn fold(op: FoldOp, dtype: DType, chunks: &[Vec<usize>], at: impl Fn(usize) -> Scalar) -> Scalar {
    let meaning = match op {
        FoldOp::Add => element::add,
        FoldOp::Mul => element::multiply,
        FoldOp::Min => element::minimum,
        FoldOp::Max => element::maximum,
        FoldOp::And => element::bitwise_and,
        FoldOp::Or => element::bitwise_or,
    };
    let merge = |a, b| meaning(&[a, b], dtype);
    let leaf = |elements: &[usize]| {
        let mut lanes = [op.identity(dtype); LANES];
        for (k, &element) in elements.iter().enumerate() {
            lanes[k % LANES] = merge(lanes[k % LANES], at(element));
        }
        combine_lanes(lanes, merge)
    };
    tree(chunks, leaf, merge).unwrap_or(op.identity(dtype))
}

/// Count, mean, what the mean lacks, and the sum of squared deviations.
type Moments = (f64, [f64; 3]);

/// The sum of squared deviations from the mean.
fn moments(chunks: &[Vec<usize>], at: impl Fn(usize) -> f64) -> f64 {
    let leaf = |elements: &[usize]| -> Moments {
        let x: Vec<f64> = elements.iter().map(|&k| at(k)).collect();
        let (mut mean, mut low, mut m2) = ([0.0], [0.0], [0.0]);
        let column = Columns {
            rows: x.len(),
            width: 1,
            stride: 1,
        };
        moments_leaf_rows(&x, column, &mut mean, &mut low, &mut m2);
        (x.len() as f64, [mean[0], low[0], m2[0]])
    };
    let merge = |(n, a): Moments, (m, b): Moments| -> Moments {
        let [mut mean, mut low, mut m2] = a.map(|part| [part]);
        moments_merge(
            n,
            &mut mean,
            &mut low,
            &mut m2,
            m,
            &b[0..1],
            &b[1..2],
            &b[2..3],
        );
        (n + m, [mean[0], low[0], m2[0]])
    };
    tree(chunks, leaf, merge).map_or(0.0, |(_, [_, _, m2])| m2)
}

/// `sum / count`, rounded once, half to even: by long division to more bits than f64 has.
fn mean(sum: i128, count: i64) -> f64 {
    let divisor = u128::from(count.unsigned_abs());
    let (mut quotient, mut rest) = (sum.unsigned_abs() / divisor, sum.unsigned_abs() % divisor);
    let mut scale = 1.0;
    // Two bits more than the significand: one to round by, one that says whether anything is below.
    while rest != 0 && quotient < 1 << 54 {
        (quotient, rest, scale) = (2 * quotient, 2 * rest, scale / 2.0);
        if rest >= divisor {
            (quotient, rest) = (quotient + 1, rest - divisor);
        }
    }
    let magnitude = (quotient | u128::from(rest != 0)) as f64 * scale;
    if sum < 0 { -magnitude } else { magnitude }
}
