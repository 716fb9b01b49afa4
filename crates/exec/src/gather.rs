//! Copying boxes between layouts.
//!
//! What is contiguous on both sides is copied in runs; else element by element, in squares along the
//! nearest neighbours of either side, so that each cache line is used whole on both.

use tilewright_core::{Block, Error, Kind, Result, Shape, c_strides};

/// A box of elements within some bytes.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Element 0 of the box, in elements from the start of the bytes.
    pub start: i64,
    /// Elements between neighbours along each axis.
    pub strides: Shape,
}

/// Calls `run(from, to, count)` for every run of elements that lies contiguous in both layouts,
/// with the offsets in elements.
///
/// # Errors
/// The first one of `run`.
pub fn runs(
    shape: &[i64],
    from: &Layout,
    to: &Layout,
    mut run: impl FnMut(i64, i64, i64) -> Result<()>,
) -> Result<()> {
    if shape.contains(&0) {
        return Ok(());
    }
    // The axis that is contiguous on both sides makes runs; without one, runs are single elements.
    let inner = (0..shape.len()).find(|&k| is_run(shape, from, to, k));
    let outer: Vec<usize> = (0..shape.len()).filter(|&k| Some(k) != inner).collect();
    let count = inner.map_or(1, |k| shape[k]);
    let mut index = vec![0i64; outer.len()];
    let (mut a, mut b) = (from.start, to.start);
    loop {
        run(a, b, count)?;
        let mut position = outer.len();
        loop {
            if position == 0 {
                return Ok(());
            }
            position -= 1;
            let axis = outer[position];
            index[position] += 1;
            a += from.strides[axis];
            b += to.strides[axis];
            if index[position] < shape[axis] {
                break;
            }
            a -= from.strides[axis] * shape[axis];
            b -= to.strides[axis] * shape[axis];
            index[position] = 0;
        }
    }
}

/// Whether several elements along an axis are neighbours on both sides.
fn is_run(shape: &[i64], from: &Layout, to: &Layout, axis: usize) -> bool {
    shape[axis] > 1 && from.strides[axis] == 1 && to.strides[axis] == 1
}

/// Copies a box.
///
/// # Errors
/// [`Kind::Internal`] if it reaches outside either side.
pub fn copy(
    shape: &[i64],
    itemsize: usize,
    source: &[u8],
    from: &Layout,
    target: &mut [u8],
    to: &Layout,
) -> Result<()> {
    if !(0..shape.len()).any(|k| is_run(shape, from, to, k)) {
        let elements = (source.len() / itemsize, target.len() / itemsize);
        if !(from.is_within(shape, elements.0) && to.is_within(shape, elements.1)) {
            return Err(outside());
        }
        match itemsize {
            1 => copy_apart::<1>(shape, source, from, target, to),
            2 => copy_apart::<2>(shape, source, from, target, to),
            4 => copy_apart::<4>(shape, source, from, target, to),
            _ => copy_apart::<8>(shape, source, from, target, to),
        }
        return Ok(());
    }
    runs(shape, from, to, |a, b, count| {
        copy_run(itemsize, source, a, target, b, count)
    })
}

impl Layout {
    /// Whether a box is among this many elements.
    fn is_within(&self, shape: &[i64], elements: usize) -> bool {
        let reach = |ahead: bool| {
            let axes = shape.iter().zip(&self.strides);
            let far = axes.filter(|(_, stride)| (**stride > 0) == ahead);
            far.fold(self.start, |at, (&len, &stride)| {
                at.saturating_add((len - 1).max(0).saturating_mul(stride))
            })
        };
        shape.contains(&0) || reach(false) >= 0 && (reach(true) as u64) < elements as u64
    }

    /// The axis of several elements along which neighbours lie nearest.
    fn nearest(&self, shape: &[i64]) -> Option<usize> {
        let several = (0..shape.len()).filter(|&k| shape[k] > 1);
        several.min_by_key(|&k| self.strides[k].unsigned_abs())
    }
}

/// Edge of a square.
const SQUARE: i64 = 32;

/// Copies a box, which lies within both sides, element by element.
fn copy_apart<const N: usize>(
    shape: &[i64],
    source: &[u8],
    from: &Layout,
    target: &mut [u8],
    to: &Layout,
) {
    let near = [from.nearest(shape), to.nearest(shape)];
    // An axis on its own is a square of one column.
    let axis =
        |k: Option<usize>| k.map_or((1, 0, 0), |k| (shape[k], from.strides[k], to.strides[k]));
    let (long, a_long, b_long) = axis(near[1]);
    let (wide, a_wide, b_wide) = axis(near[0].filter(|_| near[0] != near[1]));
    let mut outer = shape.to_vec();
    near.into_iter().flatten().for_each(|k| outer[k] = 1);
    let each = runs(&outer, from, to, |a, b, _| {
        for first in (0..long).step_by(SQUARE as usize) {
            for row in 0..wide {
                for k in first..(first + SQUARE).min(long) {
                    let at = (a + row * a_wide + k * a_long) as usize * N;
                    let into = (b + row * b_wide + k * b_long) as usize * N;
                    target[into..into + N].copy_from_slice(&source[at..at + N]);
                }
            }
        }
        Ok(())
    });
    debug_assert!(each.is_ok());
}

/// Copies `count` neighbours.
///
/// # Errors
/// [`Kind::Internal`] if they reach outside either side.
pub(crate) fn copy_run(
    itemsize: usize,
    source: &[u8],
    from: i64,
    target: &mut [u8],
    to: i64,
    count: i64,
) -> Result<()> {
    let (bytes, a, b) = (
        count as usize * itemsize,
        place(from, itemsize),
        place(to, itemsize),
    );
    let source = a.and_then(|a| source.get(a..a.checked_add(bytes)?));
    let target = b.and_then(|b| target.get_mut(b..b.checked_add(bytes)?));
    match (source, target) {
        (Some(source), Some(target)) => {
            target.copy_from_slice(source);
            Ok(())
        }
        _ => Err(outside()),
    }
}

fn place(element: i64, itemsize: usize) -> Option<usize> {
    usize::try_from(element).ok()?.checked_mul(itemsize)
}

fn outside() -> Error {
    Error::new(Kind::Internal, "a copied box reaches outside its array")
}

/// Copies a box into an output that tasks share.
///
/// # Errors
/// [`Kind::Internal`] if it reaches outside either side.
pub(crate) fn copy_shared(
    shape: &[i64],
    source: &[u8],
    from: &Layout,
    target: &crate::raw::Shared,
    to: &Layout,
) -> Result<()> {
    let itemsize = target.itemsize();
    runs(shape, from, to, |a, b, count| {
        let bytes = count as usize * itemsize;
        let source = place(a, itemsize).and_then(|a| source.get(a..a.checked_add(bytes)?));
        let at = place(b, itemsize).ok_or_else(outside)?;
        target.write(at, source.ok_or_else(outside)?)
    })
}

/// Copies a whole block into an output that tasks share.
///
/// # Errors
/// As [`copy_shared`].
pub(crate) fn fill_shared(block: &Block, target: &crate::raw::Shared) -> Result<()> {
    let layout = |strides| Layout { start: 0, strides };
    let (from, to) = (
        layout(c_strides(&block.shape)),
        layout(target.strides().clone()),
    );
    copy_shared(&block.shape, block.data.as_bytes(), &from, target, &to)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Strides of a box whose axes follow each other in this order, the last one nearest.
    fn strides(shape: &[i64], order: &[usize]) -> Shape {
        let mut strides = Shape::from_elem(0, shape.len());
        let mut size = 1;
        for &axis in order.iter().rev() {
            strides[axis] = size;
            size *= shape[axis];
        }
        strides
    }

    #[test]
    fn boxes_arrive_from_every_order_in_every_other() {
        let orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]];
        for shape in [[3, 40, 70], [1, 5, 1], [70, 1, 33], [2, 0, 3], [1, 1, 1]] {
            let count = shape.iter().product::<i64>();
            for (a, b) in orders.iter().flat_map(|a| orders.map(|b| (a, b))) {
                for itemsize in [1, 2, 4, 8] {
                    let source: Vec<u8> = (0..count as usize * itemsize)
                        .map(|k| (k % 251) as u8)
                        .collect();
                    let mut target = vec![0; source.len()];
                    let from = Layout {
                        start: 0,
                        strides: strides(&shape, a),
                    };
                    // Along the first axis backwards.
                    let mut to = Layout {
                        start: 0,
                        strides: strides(&shape, &b),
                    };
                    to.start = (shape[0] - 1) * to.strides[0];
                    to.strides[0] = -to.strides[0];
                    copy(&shape, itemsize, &source, &from, &mut target, &to).unwrap();
                    for k in 0..count {
                        let index = [
                            k / (shape[1] * shape[2]),
                            k / shape[2] % shape[1],
                            k % shape[2],
                        ];
                        let at = |layout: &Layout| {
                            let terms = index.iter().zip(&layout.strides);
                            (layout.start + terms.map(|(i, s)| i * s).sum::<i64>()) as usize
                                * itemsize
                        };
                        let (from, to) = (at(&from), at(&to));
                        assert_eq!(
                            source[from..from + itemsize],
                            target[to..to + itemsize],
                            "{shape:?} {index:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn boxes_outside_either_side_are_refused() {
        let inside = Layout {
            start: 0,
            strides: Shape::from_slice(&[1, 4]),
        };
        let turned = Layout {
            start: 0,
            strides: Shape::from_slice(&[3, 1]),
        };
        let shape = [4, 3];
        let (source, mut target) = ([0; 24], [0; 24]);
        assert!(copy(&shape, 2, &source, &inside, &mut target, &turned).is_ok());
        for (start, steps) in [(1, [3, 1]), (-1, [3, 1]), (0, [4, 1]), (0, [-3, 1])] {
            let outside = Layout {
                start,
                strides: Shape::from_slice(&steps),
            };
            assert!(copy(&shape, 2, &source, &inside, &mut target, &outside).is_err());
            assert!(copy(&shape, 2, &source, &outside, &mut target, &inside).is_err());
        }
    }
}
