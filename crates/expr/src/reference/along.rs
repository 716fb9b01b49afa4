//! What do functions of whole rows mean?
//!
//! One row of each argument at a time, as vectors of scalars; the positions of quantiles and singular
//! values are `tilewright_vecmath`'s.

use super::moves::points;
use super::{element, elements};
use crate::attr::Along;
use crate::op::{AlongRow, Role};
use std::cmp::Ordering;
use tilewright_core::{
    AxisGrid, AxisRange, Block, DType, Grid, Region, Result, Scalar, Shape, c_strides,
};
use tilewright_kernel::rows::Asked;
use tilewright_vecmath::quantile::{Method, Position};
use tilewright_vecmath::singular_values;

/// Applies a row to every row of its arguments; `cuts` are those of all rows, where chunks are
/// rows.
pub(super) fn along(
    row: &AlongRow,
    rows: &Along,
    args: &[&Block],
    cuts: &Grid,
    shape: &[i64],
) -> Result<Block> {
    let mut out = Block::zeros(rows.dtype, shape)?;
    let values: Vec<Vec<Scalar>> = args.iter().map(|arg| elements(arg).collect()).collect();
    if rows.chunked {
        for (number, piece) in pieces(row, rows, args, &values, cuts)
            .into_iter()
            .enumerate()
        {
            let start = number * piece.len();
            let placed = (start..).zip(piece);
            placed.for_each(|(place, value)| out.set(place, value));
        }
        return Ok(out);
    }
    let mut kept = Shape::from_slice(shape);
    kept[rows.axis] = 1;
    for point in points(&Region::full(&kept)) {
        // Element `i` of one row of an array of this shape.
        let place = |shape: &[i64], i: usize| {
            let strides = c_strides(shape);
            let start: i64 = point.iter().zip(&strides).map(|(a, b)| a * b).sum();
            (start + i as i64 * strides[rows.axis]) as usize
        };
        let of = |(arg, values): (&&Block, &Vec<Scalar>)| {
            let len = arg.shape[rows.axis] as usize;
            (0..len).map(|i| values[place(&arg.shape, i)]).collect()
        };
        let whole: Vec<Vec<Scalar>> = args.iter().zip(&values).map(of).collect();
        for (i, value) in (row.eval)(&whole, rows).into_iter().enumerate() {
            out.set(place(shape, i), value);
        }
    }
    Ok(out)
}

/// What each chunk gives.
fn pieces(
    row: &AlongRow,
    rows: &Along,
    args: &[&Block],
    values: &[Vec<Scalar>],
    cuts: &Grid,
) -> Vec<Vec<Scalar>> {
    let counts: Shape = cuts.axes.iter().map(AxisGrid::chunks).collect();
    let len = rows.len / cuts.chunks().max(1);
    let chunk = |number: Shape| {
        let range = |(axis, &k): (&AxisGrid, &i64)| {
            let (from, to) = axis.bounds(k);
            AxisRange::new(from, 1, to - from)
        };
        let region = Region {
            axes: cuts.axes.iter().zip(&number).map(range).collect(),
        };
        let of = |((arg, values), role): ((&&Block, &Vec<Scalar>), &Role)| {
            if *role != Role::Row {
                return values.clone();
            }
            let strides = c_strides(&arg.shape);
            let place = |point: Shape| point.iter().zip(&strides).map(|(a, b)| a * b).sum::<i64>();
            points(&region)
                .map(|point| values[place(point) as usize])
                .collect()
        };
        let whole: Vec<Vec<Scalar>> = args.iter().zip(values).zip(row.roles).map(of).collect();
        (row.eval)(&whole, &Along { len, ..*rows })
    };
    points(&Region::full(&counts)).map(chunk).collect()
}

fn is_nan(x: &Scalar) -> bool {
    x.dtype().is_float() && x.to_f64().is_nan()
}

/// NumPy's order: by value, −0 equal to 0, NaN last.
fn order(a: &Scalar, b: &Scalar) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => {
            let values = a.to_f64().partial_cmp(&b.to_f64());
            values.unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
        }
    }
}

/// The positions of a row's elements in sorted order, equal ones as they came.
fn sorted(row: &[Scalar]) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..row.len()).collect();
    positions.sort_by(|&a, &b| order(&row[a], &row[b]));
    positions
}

fn window<T>(all: Vec<T>, rows: &Along) -> impl Iterator<Item = T> {
    let part = all.into_iter().skip(rows.parameter as usize);
    part.take(rows.len as usize)
}

/// Row `sort`.
pub fn sort(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let positions = window(sorted(&args[0]), rows);
    positions.map(|k| args[0][k]).collect()
}

/// Row `argsort`.
pub fn argsort(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let positions = window(sorted(&args[0]), rows);
    positions.map(|k| Scalar::from(k as i64)).collect()
}

fn scan(row: &[Scalar], f: fn(&[Scalar], DType) -> Scalar) -> Vec<Scalar> {
    let mut result: Vec<Scalar> = Vec::with_capacity(row.len());
    for &x in row {
        let next = result.last().map_or(x, |&total| f(&[total, x], x.dtype()));
        result.push(next);
    }
    result
}

/// Row `cumsum`.
pub fn cumsum(args: &[Vec<Scalar>], _: &Along) -> Vec<Scalar> {
    scan(&args[0], element::add)
}

/// Row `cumprod`.
pub fn cumprod(args: &[Vec<Scalar>], _: &Along) -> Vec<Scalar> {
    scan(&args[0], element::multiply)
}

/// Row `minimum.accumulate`.
pub fn cummin(args: &[Vec<Scalar>], _: &Along) -> Vec<Scalar> {
    scan(&args[0], element::minimum)
}

/// Row `maximum.accumulate`.
pub fn cummax(args: &[Vec<Scalar>], _: &Along) -> Vec<Scalar> {
    scan(&args[0], element::maximum)
}

/// Row `searchsorted`: by bisection, so that rows that are not sorted give what they give.
pub fn search(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let [table, values] = args else {
        return Vec::new();
    };
    let place = |value: &Scalar| {
        let count = table.partition_point(|x| match order(x, value) {
            Ordering::Less => true,
            Ordering::Equal => rows.parameter != 0,
            Ordering::Greater => false,
        });
        Scalar::from(count as i64)
    };
    values.iter().map(place).collect()
}

/// The bin that holds a value.
fn bin(edges: &[Scalar], value: &Scalar) -> Option<usize> {
    if is_nan(value) {
        return None;
    }
    let bins = edges.len().checked_sub(1)?;
    (0..bins).find(|&k| {
        let above = order(value, &edges[k + 1]);
        let below = above == Ordering::Less || (k + 1 == bins && above == Ordering::Equal);
        order(value, &edges[k]) != Ordering::Less && below
    })
}

/// Row `histogram_counts`.
pub fn histogram(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let mut counts = vec![0i64; rows.len as usize];
    for value in &args[0] {
        if let Some(k) = bin(&args[1], value) {
            counts[k] += 1;
        }
    }
    counts.into_iter().map(Scalar::from).collect()
}

/// Row `histogram_weights`.
pub fn weighted_histogram(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let mut sums = vec![0f64; rows.len as usize];
    for (value, weight) in args[0].iter().zip(&args[2]) {
        if let Some(k) = bin(&args[1], value) {
            sums[k] += weight.to_f64();
        }
    }
    sums.into_iter().map(Scalar::from).collect()
}

/// Row `quantile`: NumPy's `_lerp`, from the nearer of two elements.
pub fn quantile(args: &[Vec<Scalar>], rows: &Along) -> Vec<Scalar> {
    let to = rows.dtype;
    let Some(asked) = Asked::of(rows.parameter) else {
        return Vec::new();
    };
    let Asked {
        method, skip_nan, ..
    } = asked;
    let mut row: Vec<Scalar> = sorted(&args[0]).into_iter().map(|k| args[0][k]).collect();
    // Where zeros of both kinds stand in a quantile's place, −0 is before 0.
    row.sort_by(|a, b| order(a, b).then_with(|| negative_zero(b).cmp(&negative_zero(a))));
    let known = row.iter().take_while(|x| !is_nan(x)).count();
    let one = |q: &Scalar| {
        if known == 0 || (known < row.len() && !skip_nan) {
            return Scalar::from_f64(to, f64::NAN);
        }
        let Position {
            previous,
            next,
            weights,
        } = method.position(known, q.to_f64(), asked.float);
        let (a, b) = (row[previous], row[next]);
        let call = |f: fn(&[Scalar], DType) -> Scalar, x: Scalar, y: Scalar| f(&[x, y], to);
        let Some([rest, weight]) = weights else {
            return a.cast(to);
        };
        let number = |value: f64| Scalar::from_f64(to, value);
        if method == Method::Median {
            // A mean is a sum from 0 on.
            let alone = call(element::add, number(0.0), a.cast(to));
            if previous == next {
                return alone;
            }
            let sum = call(element::add, alone, b.cast(to));
            return call(element::divide, sum, number(2.0));
        }
        let apart = element::subtract(&[b, a], a.dtype()).cast(to);
        if weight >= 0.5 {
            let back = call(element::multiply, apart, number(rest));
            call(element::subtract, b.cast(to), back)
        } else {
            let on = call(element::multiply, apart, number(weight));
            call(element::add, a.cast(to), on)
        }
    };
    args[1].iter().map(one).collect()
}

fn negative_zero(x: &Scalar) -> bool {
    x.dtype().is_float() && x.to_f64() == 0.0 && x.to_f64().is_sign_negative()
}

/// Row `svdvals`.
pub fn svdvals(rows: &[Vec<Scalar>], call: &Along) -> Vec<Scalar> {
    let mut matrix: Vec<f64> = rows[0].iter().map(|x| x.to_f64()).collect();
    let mut values = vec![0.0; call.len as usize];
    singular_values(&mut values, &mut matrix, call.parameter as usize);
    values.into_iter().map(Scalar::from).collect()
}
