//! The moments of each column of a row-major leaf: the bits of [`moments_leaf`] without a transpose.
//!
//! [`moments_leaf`]: crate::moments_leaf
//!
//! A few cache lines of columns at a time, lane by lane: each lane walks its own rows with the
//! accumulators of all these columns in registers. The second pass, which computes most, asks
//! memory for the next columns.

use super::{LANES, add_exactly, combine, combine_exactly, finish, moments_leaf_at};
use crate::level::{self, Level, Work};
use crate::prefetch;

/// Where the columns of a leaf lie in its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Elements of each.
    pub rows: usize,
    /// How many there are, side by side.
    pub width: usize,
    /// Elements from a row to the next.
    pub stride: usize,
}

impl Columns {
    /// Elements from the first to the last.
    pub fn extent(self) -> usize {
        if self.rows == 0 || self.width == 0 {
            return 0;
        }
        (self.rows - 1)
            .saturating_mul(self.stride)
            .saturating_add(self.width)
    }

    /// As many of the rows as `held` elements have whole.
    fn within(self, held: usize) -> Columns {
        let whole = match held.checked_sub(self.width) {
            None => 0,
            Some(left) => (left.checked_div(self.stride)).map_or(self.rows, |rows| rows + 1),
        };
        Columns {
            rows: self.rows.min(whole),
            ..self
        }
    }
}

/// Columns at a time where there are as many left: four cache lines.
const COLUMNS: usize = 32;

/// mean\[c\], mean_low\[c\], m2\[c\] = the moments of column c of `x`, bit for bit those of the same column
/// gathered. Rows beyond the data and columns beyond any output are left out; no rows give zeros.
pub fn moments_leaf_rows(
    x: &[f64],
    columns: Columns,
    mean: &mut [f64],
    mean_low: &mut [f64],
    m2: &mut [f64],
) {
    moments_leaf_rows_at(level::best(), x, columns, mean, mean_low, m2);
}

/// [`moments_leaf_rows`] at `level` (or at the machine's best if lower): for tests and measurements,
/// the bits are the same.
pub fn moments_leaf_rows_at(
    level: Level,
    x: &[f64],
    columns: Columns,
    mean: &mut [f64],
    mean_low: &mut [f64],
    m2: &mut [f64],
) {
    let columns = columns.within(x.len());
    let rows = columns.rows;
    let width = columns
        .width
        .min(mean.len())
        .min(mean_low.len())
        .min(m2.len());
    // A single element is its own mean; NaN and infinities leave NaN.
    if rows == 1 {
        let outputs = mean.iter_mut().zip(mean_low).zip(m2);
        for (((mean, low), m2), &x) in outputs.zip(&x[..width]) {
            #[allow(clippy::eq_op, reason = "0, but NaN where x is not finite")]
            let nothing = x - x;
            (*mean, *low, *m2) = (x + nothing, nothing, nothing);
        }
        return;
    }
    // A contiguous column walks its own lanes at once.
    if columns.stride == 1 && width == 1 {
        let moments = moments_leaf_at(level, &x[..rows]);
        (mean[0], mean_low[0], m2[0]) = (moments.mean, moments.mean_low, moments.m2);
        return;
    }
    level::at(
        level,
        Rows {
            x,
            rows,
            stride: columns.stride,
            width,
            mean,
            mean_low,
            m2,
        },
    );
}

struct Rows<'a> {
    x: &'a [f64],
    rows: usize,
    stride: usize,
    /// Columns that are wanted.
    width: usize,
    mean: &'a mut [f64],
    mean_low: &'a mut [f64],
    m2: &'a mut [f64],
}

impl Work for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let mut column = 0;
        while column + COLUMNS <= self.width {
            self.columns_at::<COLUMNS>(column);
            column += COLUMNS;
        }
        while column + LANES <= self.width {
            self.columns_at::<LANES>(column);
            column += LANES;
        }
        while column < self.width {
            self.columns_at::<1>(column);
            column += 1;
        }
    }
}

impl Rows<'_> {
    /// Columns `first..first + W`, which lie inside the rows and the outputs.
    #[inline(always)]
    fn columns_at<const W: usize>(&mut self, first: usize) {
        let (x, stride) = (self.x, self.stride);
        let row = |i: usize| -> [f64; W] {
            let mut row = [0.0; W];
            row.copy_from_slice(&x[i * stride + first..][..W]);
            row
        };
        if self.rows == 0 {
            for outputs in [&mut *self.mean, &mut *self.mean_low, &mut *self.m2] {
                outputs[first..first + W].fill(0.0);
            }
            return;
        }
        let n = self.rows as f64;
        let origin = row(0);

        let mut lanes = [[-0.0; W]; LANES];
        for (l, lane) in lanes.iter_mut().enumerate() {
            let mut sums = *lane;
            for i in (l..self.rows).step_by(LANES) {
                let row = row(i);
                for c in 0..W {
                    sums[c] += row[c] - origin[c];
                }
            }
            *lane = sums;
        }
        let mut pivot = origin;
        for (c, pivot) in pivot.iter_mut().enumerate() {
            *pivot += combine(at(&lanes, c)) / n;
        }

        let mut s1 = [[-0.0; W]; LANES];
        let mut s2 = [[0.0; W]; LANES];
        let mut s2_error = [[0.0; W]; LANES];
        for l in 0..LANES {
            let (mut sums, mut squares, mut errors) = (s1[l], s2[l], s2_error[l]);
            for i in (l..self.rows).step_by(LANES) {
                prefetch::elements::<COLUMNS>(x, i * stride + first + W);
                let row = row(i);
                for c in 0..W {
                    let d = row[c] - pivot[c];
                    sums[c] += d;
                    add_exactly(&mut squares[c], &mut errors[c], d * d);
                }
            }
            (s1[l], s2[l], s2_error[l]) = (sums, squares, errors);
        }
        for (c, &pivot) in pivot.iter().enumerate() {
            let s2 = combine_exactly(at(&s2, c), at(&s2_error, c));
            let moments = finish(n, pivot, combine(at(&s1, c)), s2);
            self.mean[first + c] = moments.mean;
            self.mean_low[first + c] = moments.mean_low;
            self.m2[first + c] = moments.m2;
        }
    }
}

/// The lanes of one column. A plain loop: `array::from_fn` need not be inlined.
#[inline(always)]
fn at<const W: usize>(lanes: &[[f64; W]; LANES], column: usize) -> [f64; LANES] {
    let mut out = [0.0; LANES];
    for (out, lane) in out.iter_mut().zip(lanes) {
        *out = lane[column];
    }
    out
}
