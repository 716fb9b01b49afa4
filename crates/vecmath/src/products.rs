//! Sums of products of the lines of one matrix with the columns of another, over one leaf.
//!
//! The leaf of a reduction of `a[i, m]·b[i, n]` over i, for all m and n at once: every product is rounded,
//! lane l adds those with i mod 8 = l in increasing order from −0.0, and lanes combine as
//! ((0+4)+(2+6))+((1+5)+(3+7)). A block of both outputs stays in registers while its lane is walked.
//! No fma: the bits are those of a multiplication and a sum.

use crate::level::{self, Level, Work};
use crate::moments::LANES;
use std::ops::{Add, Mul};

/// Lines of a block.
const LINES: usize = 4;

/// Columns of a block of f32, two vectors of AVX2; of f64 it has half as many.
const WIDEST: usize = 16;

/// Where the elements of both matrices lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Products {
    /// Products that each sum has.
    pub rows: usize,
    /// Lines of the result: m.
    pub lines: usize,
    /// Columns of the result: n.
    pub columns: usize,
    /// Elements of `a` from one i, and from one m, to the next.
    pub a: [usize; 2],
    /// Elements of `b` from one i, and from one n, to the next.
    pub b: [usize; 2],
}

impl Products {
    /// Elements of `a` from the first to the last.
    pub fn extent_of_a(self) -> usize {
        extent([self.rows, self.lines], self.a)
    }

    /// Elements of `b` from the first to the last.
    pub fn extent_of_b(self) -> usize {
        extent([self.rows, self.columns], self.b)
    }

    /// Elements that each matrix takes where it is packed, in whole blocks.
    pub fn packed(self) -> [usize; 2] {
        let whole = |count: usize, block| self.rows.saturating_mul(count.next_multiple_of(block));
        [whole(self.lines, LINES), whole(self.columns, WIDEST)]
    }
}

fn extent(counts: [usize; 2], strides: [usize; 2]) -> usize {
    if counts.contains(&0) {
        return 0;
    }
    let reach = |k: usize| (counts[k] - 1).saturating_mul(strides[k]);
    reach(0).saturating_add(reach(1)).saturating_add(1)
}

/// A float that is multiplied and added.
pub trait Real: Copy + Add<Output = Self> + Mul<Output = Self> {
    /// What a sum starts from.
    const MINUS_ZERO: Self;
}

impl Real for f64 {
    const MINUS_ZERO: f64 = -0.0;
}

impl Real for f32 {
    const MINUS_ZERO: f32 = -0.0;
}

/// `out[m, n] = Σ_i a[i, m]·b[i, n]`, row-major; `packed` is overwritten. Nothing where a slice is
/// shorter than `shape` says.
pub fn products_leaf<T: Real>(
    out: &mut [T],
    a: &[T],
    b: &[T],
    packed: [&mut [T]; 2],
    shape: Products,
) {
    products_leaf_at(level::best(), out, a, b, packed, shape);
}

/// [`products_leaf`] at `level` (or at the machine's best if lower): for tests and measurements, the
/// bits are the same.
pub fn products_leaf_at<T: Real>(
    level: Level,
    out: &mut [T],
    a: &[T],
    b: &[T],
    packed: [&mut [T]; 2],
    shape: Products,
) {
    let outputs = shape.lines.saturating_mul(shape.columns);
    let room = packed
        .iter()
        .zip(shape.packed())
        .all(|(packed, wanted)| packed.len() >= wanted);
    let held = a.len() >= shape.extent_of_a() && b.len() >= shape.extent_of_b();
    if room && held && out.len() >= outputs {
        level::at(
            level,
            Leaf {
                out,
                a,
                b,
                packed,
                shape,
            },
        );
    }
}

struct Leaf<'a, T> {
    out: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    packed: [&'a mut [T]; 2],
    shape: Products,
}

impl<T: Real> Work for Leaf<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match size_of::<T>() {
            8 => self.blocks::<{ WIDEST / 2 }>(),
            _ => self.blocks::<WIDEST>(),
        }
    }
}

impl<T: Real> Leaf<'_, T> {
    #[inline(always)]
    fn blocks<const WIDTH: usize>(self) {
        let Leaf {
            out,
            a,
            b,
            packed: [lines, columns],
            shape,
        } = self;
        let (rows, order) = (shape.rows, Order::of(shape.rows));
        let blocks = [shape.lines.div_ceil(LINES), shape.columns.div_ceil(WIDTH)];
        let lines = &mut lines.as_chunks_mut::<LINES>().0[..blocks[0] * rows];
        for (block, packed) in lines.chunks_exact_mut(rows.max(1)).enumerate() {
            for i in 0..rows {
                for (r, packed) in packed[order.place(i)].iter_mut().enumerate() {
                    // Lines beyond the last are computed as that one, and left out.
                    let line = (block * LINES + r).min(shape.lines - 1);
                    *packed = a[i * shape.a[0] + line * shape.a[1]];
                }
            }
        }
        // Row by row, since rows may lie far apart.
        let columns = columns.as_chunks_mut::<WIDTH>().0;
        for i in 0..rows {
            for block in 0..blocks[1] {
                let column = block * WIDTH;
                let row = &b[i * shape.b[0] + column * shape.b[1]..];
                let packed = &mut columns[block * rows + order.place(i)];
                let width = WIDTH.min(shape.columns - column);
                match row.first_chunk::<WIDTH>() {
                    Some(row) if shape.b[1] == 1 && width == WIDTH => *packed = *row,
                    _ => {
                        for (c, packed) in packed[..width].iter_mut().enumerate() {
                            *packed = row[c * shape.b[1]];
                        }
                    }
                }
            }
        }
        for block in 0..blocks[1] {
            let column = block * WIDTH;
            let width = WIDTH.min(shape.columns - column);
            let columns = &columns[block * rows..][..rows];
            for block in 0..blocks[0] {
                let sums = sums(&lines[block * rows..][..rows], columns, &order);
                let line = block * LINES;
                for r in 0..LINES.min(shape.lines - line) {
                    let out = &mut out[(line + r) * shape.columns + column..][..width];
                    out.copy_from_slice(&sums[r][..width]);
                }
            }
        }
    }
}

/// Rows lane by lane, so that a lane walks through memory.
struct Order {
    /// The first place of each lane, and the end of the last.
    starts: [usize; LANES + 1],
}

impl Order {
    fn of(rows: usize) -> Order {
        let mut starts = [0; LANES + 1];
        for lane in 0..LANES {
            starts[lane + 1] = starts[lane] + (rows + LANES - 1 - lane) / LANES;
        }
        Order { starts }
    }

    #[inline(always)]
    fn place(&self, row: usize) -> usize {
        self.starts[row % LANES] + row / LANES
    }
}

/// The sums of one block, of rows lane by lane.
#[inline(always)]
fn sums<T: Real, const WIDTH: usize>(
    a: &[[T; LINES]],
    b: &[[T; WIDTH]],
    order: &Order,
) -> [[T; WIDTH]; LINES] {
    let mut lanes = [[[T::MINUS_ZERO; WIDTH]; LINES]; LANES];
    for (l, lane) in lanes.iter_mut().enumerate() {
        let range = order.starts[l]..order.starts[l + 1];
        let mut sums = *lane;
        for (x, row) in a[range.clone()].iter().zip(&b[range]) {
            for r in 0..LINES {
                for c in 0..WIDTH {
                    sums[r][c] = sums[r][c] + x[r] * row[c];
                }
            }
        }
        *lane = sums;
    }
    let [l0, l1, l2, l3, l4, l5, l6, l7] = &lanes;
    let mut total = *l0;
    for r in 0..LINES {
        for c in 0..WIDTH {
            let at = |lane: &[[T; WIDTH]; LINES]| lane[r][c];
            total[r][c] =
                ((at(l0) + at(l4)) + (at(l2) + at(l6))) + ((at(l1) + at(l5)) + (at(l3) + at(l7)));
        }
    }
    total
}
