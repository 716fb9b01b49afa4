//! `sliding_window_view`, and what folds its windows.
//!
//! A window of `w` elements is folded by doubling: the fold of `2k` elements is that of the first
//! `k` with that of the next `k`, on the canonical tree of `w` elements, whatever the chunks. Each
//! of the `log2 w` steps is one operator of two shifted slices, so that no window is looked at as a
//! whole and nothing that left one is subtracted. Absent: axes that are not windows, which fold
//! after them.

use super::moments::moments;
use super::{astype, broadcast_to, constant, full, map, node, normalize_axes, rechunk, slice};
use crate::attr::{Attr, Axes, Windows};
use crate::node::Expr;
use crate::op::{Family, MoveKind, OpId, statistics};
use std::collections::{HashMap, HashSet};
use tilewright_core::error::show_shape;
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region, Result, Scalar, Shape};
use tilewright_kernel::{Fold, FoldOp};

/// The array whose last axes are windows along axes of `x`: `y[.., i, .., w] = x[.., i + w, ..]`.
/// Without axes, one window for each axis.
///
/// # Errors
/// [`Kind::Axis`] for an axis out of range, or another number of axes than windows;
/// [`Kind::Value`] for a window of negative length, or longer than its axis.
pub fn sliding_window_view(x: &Expr, windows: &[i64], axes: Option<&[i64]>) -> Result<Expr> {
    const NAME: &str = "sliding_window_view";
    let axes: Vec<usize> = match axes {
        None => (0..x.shape().len()).collect(),
        // An axis may be named more than once.
        Some(axes) => {
            let each = axes
                .iter()
                .map(|&axis| normalize_axes(&[axis], x.shape().len()));
            let each: Vec<Axes> = each.collect::<Result<_>>()?;
            each.into_iter().flatten().collect()
        }
    };
    if axes.len() != windows.len() {
        return Err(Error::new(
            Kind::Axis,
            format!("{} windows along {} axes", windows.len(), axes.len()),
        )
        .fact("x", show_shape(x.shape()))
        .way_out("a length for each axis"));
    }
    if let Some(length) = windows.iter().find(|&&length| length < 0) {
        return Err(
            Error::new(Kind::Value, format!("a window of {length} elements"))
                .way_out("1 element or more"),
        );
    }
    let pairs: Windows = axes.into_iter().zip(windows.iter().copied()).collect();
    let mut left = Shape::from_slice(x.shape());
    for &(axis, length) in &pairs {
        if length > left[axis] {
            return Err(Error::new(
                Kind::Value,
                format!(
                    "a window of {length} elements along an axis of {}",
                    left[axis]
                ),
            )
            .fact("x", show_shape(x.shape()))
            .way_out(format!("at most {} along axis {axis}", left[axis])));
        }
        left[axis] -= length - 1;
    }
    if windows.contains(&0) {
        left.extend(windows.iter().copied());
        let grid = Grid::automatic(&left, x.dtype().itemsize());
        return full(Scalar::zero(x.dtype()), grid);
    }
    if pairs.is_empty() {
        return Ok(x.clone());
    }
    node(NAME, Attr::Windows(pairs), [x.clone()])
}

/// The reduction `name` of windows along some axes; `None` where no window folds.
pub(super) fn reduce(name: &str, x: &Expr, axes: &Axes) -> Result<Option<Expr>> {
    let Some(folding) = Folding::of(x, axes)? else {
        return Ok(None);
    };
    match folded(name, &folding.source, &folding.windows)? {
        Some((folded, output)) => {
            let result = folding.rest.reduce(name, folded)?;
            astype(&result, output).map(Some)
        }
        None => Ok(None),
    }
}

/// The reduction `name` of these windows, and the dtype that its result is cast to; `None` if its
/// states are more than a value.
fn folded(name: &str, source: &Expr, windows: &Windows) -> Result<Option<(Expr, DType)>> {
    let def = OpId::named(name).ok_or_else(|| super::unknown(name))?.def();
    let Family::Reduce(row) = &def.family else {
        return Ok(None);
    };
    let Some(accumulator) = (row.accumulator)(source.dtype()) else {
        return Ok(None);
    };
    let (dtype, output) = (accumulator.computed(), (row.output)(accumulator));
    let Fold::Op(op, _) = (row.fold)(dtype) else {
        return Ok(None);
    };
    let step = match op {
        FoldOp::Add => "add",
        FoldOp::Mul => "multiply",
        FoldOp::Min => "minimum",
        FoldOp::Max => "maximum",
        FoldOp::And => "bitwise_and",
        FoldOp::Or => "bitwise_or",
    };
    let merge = |[a]: [Expr; 1], [b]: [Expr; 1], _| Ok([map(step, &[a, b])?]);
    let mut state = [astype(source, dtype)?];
    for &(axis, length) in windows {
        state = double(state, axis, length, merge)?;
    }
    let [mut folded] = state;
    if op == FoldOp::Add && dtype.is_float() {
        // A sum begins at 0.
        folded = map("add", &[constant(Scalar::zero(dtype))?, folded])?;
    }
    Ok(Some((folded, output)))
}

/// A mean or variance of windows along some axes, the divisor `n - ddof`; `None` where no window
/// folds, or other axes do, or sums of integers are not exact.
pub(super) fn statistic(name: &str, x: &Expr, axes: &Axes, ddof: f64) -> Result<Option<Expr>> {
    let folding = Folding::of(x, axes)?;
    let Some(folding) = folding.filter(|folding| folding.rest.is_nothing()) else {
        return Ok(None);
    };
    let (source, windows) = (&folding.source, &folding.windows);
    let count: i64 = windows.iter().map(|window| window.1).product();
    let divided = |x: Expr, by: f64| map("divide", &[x, constant(Scalar::from(by))?]);
    let result = match name {
        "mean" => {
            let float = source.dtype().is_float();
            if !float && !exact(source.dtype(), count) {
                return Ok(None);
            }
            let wide = if float { DType::F64 } else { DType::I64 };
            match folded("sum", &astype(source, wide)?, windows)? {
                Some((sum, _)) => divided(astype(&sum, DType::F64)?, count as f64)?,
                None => return Ok(None),
            }
        }
        _ => {
            let divisor = (count as f64 - ddof).max(0.0);
            let variance = divided(deviations(source, windows)?, divisor)?;
            match name {
                "std" => map("sqrt", &[variance])?,
                _ => variance,
            }
        }
    };
    astype(&result, statistics::output(source.dtype())).map(Some)
}

/// Whether sums of so many elements of this dtype are exact as integers and as floats.
fn exact(dtype: DType, count: i64) -> bool {
    let (low, high) = dtype.integer_range().unwrap_or((0, 1));
    let largest = high.max(-low).checked_mul(i128::from(count));
    largest.is_some_and(|largest| largest <= 1 << 53)
}

/// The sums of squared deviations from the means of windows.
fn deviations(source: &Expr, windows: &Windows) -> Result<Expr> {
    let mean = astype(source, DType::F64)?;
    let zero = broadcast_to(&constant(Scalar::from(0.0))?, mean.shape())?;
    let zero = rechunk(&zero, mean.grid().clone())?;
    let mut state = [mean, zero.clone(), zero];
    let mut each = 1;
    for &(axis, length) in windows {
        let merge = |a, b, (n, m): (i64, i64)| moments(a, b, (n * each, m * each));
        state = double(state, axis, length, merge)?;
        each *= length;
    }
    let [_, _, squares] = state;
    Ok(squares)
}

/// A reduction of windows: of which array, and what is left to do.
struct Folding {
    /// The array that the windows are of.
    source: Expr,
    /// Windows that fold: the axis and the length of each.
    windows: Windows,
    rest: Rest,
}

/// What is left of a reduction when windows are folded.
struct Rest {
    /// Windows that stay.
    windows: Windows,
    /// Other axes that fold, of the array without the folded windows.
    axes: Axes,
}

impl Folding {
    /// The reduction of these axes; `None` where no window folds.
    fn of(x: &Expr, axes: &Axes) -> Result<Option<Folding>> {
        let Some((source, windows)) = lifted(x)? else {
            return Ok(None);
        };
        let ndim = source.shape().len();
        let mut folding = Folding {
            source,
            windows: Windows::new(),
            rest: Rest {
                windows: Windows::new(),
                axes: axes.iter().copied().filter(|&axis| axis < ndim).collect(),
            },
        };
        for (k, &window) in windows.iter().enumerate() {
            match axes.contains(&(ndim + k)) {
                true => folding.windows.push(window),
                false => folding.rest.windows.push(window),
            }
        }
        Ok((!folding.windows.is_empty()).then_some(folding))
    }
}

impl Rest {
    fn is_nothing(&self) -> bool {
        self.windows.is_empty() && self.axes.is_empty()
    }

    /// Folds the other axes of the windows that stay.
    fn reduce(self, name: &str, mut folded: Expr) -> Result<Expr> {
        if !self.windows.is_empty() {
            folded = node("sliding_window_view", Attr::Windows(self.windows), [folded])?;
        }
        match self.axes.is_empty() {
            true => Ok(folded),
            false => super::reduce_axes(name, &folded, self.axes),
        }
    }
}

/// Operators between windows and what folds them that are looked through.
const MOST: usize = 64;

/// The array that `x` is windows of, and the windows, also where `x` is made element by element of
/// them and of constants: that is done to the array.
fn lifted(x: &Expr) -> Result<Option<(Expr, Windows)>> {
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    let mut found: Option<(&Windows, &Expr)> = None;
    let mut stack = vec![(x, false)];
    while let Some((node, ready)) = stack.pop() {
        if ready {
            order.push(node);
            continue;
        }
        if !seen.insert(node.address()) {
            continue;
        }
        match (&node.op().family, node.attr(), node.args()) {
            (Family::Move(MoveKind::Windows), Attr::Windows(windows), [source]) => {
                let (known, first) = *found.get_or_insert((windows, source));
                if known != windows || first.shape() != source.shape() {
                    return Ok(None);
                }
                order.push(node);
            }
            (Family::Map(_), _, args) if seen.len() <= MOST => {
                stack.push((node, true));
                let arrays = args.iter().filter(|arg| constant_of(arg).is_none());
                stack.extend(arrays.map(|arg| (arg, false)));
            }
            _ => return Ok(None),
        }
    }
    let Some((windows, first)) = found else {
        return Ok(None);
    };
    let mut done: HashMap<usize, Expr> = HashMap::new();
    for node in order {
        let lifted = match (&node.op().family, node.args()) {
            (Family::Map(_), args) => {
                let arg = |arg: &Expr| match constant_of(arg) {
                    Some(value) => broadcast_to(value, first.shape()),
                    None => done.get(&arg.address()).cloned().ok_or_else(unordered),
                };
                let args = args.iter().map(arg).collect::<Result<_>>()?;
                Expr::new(node.op_id(), node.attr().clone(), args)?
            }
            (_, [source]) => source.clone(),
            _ => return Ok(None),
        };
        done.insert(node.address(), lifted);
    }
    let source = done.remove(&x.address()).ok_or_else(unordered)?;
    Ok(Some((source, windows.clone())))
}

fn unordered() -> Error {
    Error::new(Kind::Internal, "windows before what they are of")
}

/// The single value that is repeated here.
fn constant_of(x: &Expr) -> Option<&Expr> {
    match (&x.op().family, x.args()) {
        (Family::Move(MoveKind::Broadcast), [value]) if value.shape().is_empty() => Some(value),
        _ => None,
    }
}

/// Folds windows of this length along an axis: states of one element each to states of windows.
/// `merge` takes two states and the lengths of their windows.
fn double<const N: usize, M>(
    state: [Expr; N],
    axis: usize,
    length: i64,
    merge: M,
) -> Result<[Expr; N]>
where
    M: Fn([Expr; N], [Expr; N], (i64, i64)) -> Result<[Expr; N]>,
{
    let len = state[0].shape()[axis];
    let grid = state[0].grid().clone();
    let part = |state: &[Expr; N], from: i64, window: i64| -> Result<[Expr; N]> {
        let mut parts = state.clone();
        for x in &mut parts {
            *x = shifted(x, axis, from, len - window + 1, &grid)?;
        }
        Ok(parts)
    };
    // What windows of 1, 2, 4, … give, and of the lowest bits of the length.
    let (mut power, mut size) = (state, 1);
    let (mut whole, mut done): (Option<[Expr; N]>, i64) = (None, 0);
    loop {
        if length & size != 0 {
            let together = size + done;
            whole = Some(match whole {
                None => power.clone(),
                Some(rest) => {
                    let (left, right) = (part(&power, 0, together)?, part(&rest, size, together)?);
                    merge(left, right, (size, done))?
                }
            });
            done = together;
        }
        if done == length {
            break;
        }
        let (left, right) = (part(&power, 0, 2 * size)?, part(&power, size, 2 * size)?);
        power = merge(left, right, (size, size))?;
        size *= 2;
    }
    whole.ok_or_else(|| Error::new(Kind::Internal, "a window without elements"))
}

/// The elements `[from, from + len)` along an axis, cut as the first `len` of the whole are.
fn shifted(x: &Expr, axis: usize, from: i64, len: i64, grid: &Grid) -> Result<Expr> {
    let mut region = Region::full(x.shape());
    region.axes[axis] = AxisRange::new(from, 1, len);
    let mut cuts = x.grid().clone();
    cuts.axes[axis] = grid.axes[axis].slice(AxisRange::new(0, 1, len));
    rechunk(&slice(x, region)?, cuts)
}
