//! How is a box copied between two layouts?
//!
//! A layout is a byte stride per axis. The walk follows the first layout's memory order and joins
//! neighbouring axes, so that a copy which is contiguous in both is one piece. Absent: negative
//! strides, which no stored layout has.

use tilewright_core::{DType, Result, Shape};

/// `count` pieces of `bytes` bytes; piece `i` is at `a + i·a_step` and at `b + i·b_step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Offset in the first layout.
    pub a: usize,
    /// Offset in the second layout.
    pub b: usize,
    /// Number of pieces.
    pub count: usize,
    /// Distance of the pieces in the first layout.
    pub a_step: usize,
    /// Distance of the pieces in the second layout.
    pub b_step: usize,
    /// Bytes of a piece.
    pub bytes: usize,
}

/// Byte strides of a contiguous array in C order, or in Fortran order; saturating.
pub fn strides(shape: &[i64], itemsize: usize, fortran: bool) -> Vec<usize> {
    let mut strides = vec![itemsize; shape.len()];
    let mut step = itemsize;
    let mut set = |axis: usize| {
        strides[axis] = step;
        step = step.saturating_mul(usize::try_from(shape[axis].max(1)).unwrap_or(usize::MAX));
    };
    if fortran {
        (0..shape.len()).for_each(&mut set);
    } else {
        (0..shape.len()).rev().for_each(&mut set);
    }
    strides
}

/// Where the element at `index` is.
pub fn offset(index: &[i64], strides: &[usize]) -> usize {
    let terms = index.iter().zip(strides);
    terms.fold(0, |at, (&i, &stride)| {
        at.saturating_add((i as usize).saturating_mul(stride))
    })
}

/// An axis of a box: its length, and the bytes between neighbours on either side.
pub type Axis = (usize, usize, usize);

/// The axes of a box that have neighbours, those that lie farthest apart on the first side first.
pub fn axes(lens: &[i64], a_strides: &[usize], b_strides: &[usize]) -> Vec<Axis> {
    let strides = a_strides.iter().zip(b_strides);
    let mut axes: Vec<Axis> = (lens.iter().zip(strides))
        .filter(|(len, _)| **len > 1)
        .map(|(&len, (&a, &b))| (len as usize, a, b))
        .collect();
    axes.sort_by_key(|&(_, a, _)| std::cmp::Reverse(a));
    axes
}

/// Walks a box of `lens` items of `itemsize` bytes.
///
/// # Errors
/// The first one `visit` returns.
pub fn for_each_run(
    lens: &[i64],
    itemsize: usize,
    a_strides: &[usize],
    b_strides: &[usize],
    mut visit: impl FnMut(Run) -> Result<()>,
) -> Result<()> {
    if lens.iter().any(|&len| len <= 0) {
        return Ok(());
    }
    let mut axes = axes(lens, a_strides, b_strides);
    // The innermost piece grows while it stays contiguous in both layouts.
    let mut bytes = itemsize;
    while let Some(&(len, a, b)) = axes.last()
        && a == bytes
        && b == bytes
    {
        bytes *= len;
        axes.pop();
    }
    let (count, a_step, b_step) = axes.pop().unwrap_or((1, 0, 0));
    let mut index = Shape::from_elem(0, axes.len());
    loop {
        let at = index.iter().zip(&axes);
        let (a, b) = at.fold((0, 0), |(a, b), (&i, &(_, a_stride, b_stride))| {
            (a + i as usize * a_stride, b + i as usize * b_stride)
        });
        visit(Run {
            a,
            b,
            count,
            a_step,
            b_step,
            bytes,
        })?;
        let mut axis = axes.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            index[axis] += 1;
            if (index[axis] as usize) < axes[axis].0 {
                break;
            }
            index[axis] = 0;
        }
    }
}

/// Copies the pieces of one run; `from` and `to` start at the run's offsets, and both hold it.
pub fn copy_run(run: Run, from: &[u8], to: &mut [u8]) {
    match run.bytes {
        1 => copy_items::<1>(run, from, to),
        2 => copy_items::<2>(run, from, to),
        4 => copy_items::<4>(run, from, to),
        8 => copy_items::<8>(run, from, to),
        bytes => {
            for i in 0..run.count {
                let (a, b) = (i * run.a_step, i * run.b_step);
                to[b..b + bytes].copy_from_slice(&from[a..a + bytes]);
            }
        }
    }
}

/// Pieces of a length known to the compiler: a load and a store each.
fn copy_items<const N: usize>(run: Run, from: &[u8], to: &mut [u8]) {
    for i in 0..run.count {
        let (a, b) = (i * run.a_step, i * run.b_step);
        to[b..b + N].copy_from_slice(&from[a..a + N]);
    }
}

/// Copies a box of `lens` items from one buffer to another; both start at the box's first item
/// and hold it.
///
/// # Errors
/// None; the type is that of [`for_each_run`].
pub fn copy_box(
    lens: &[i64],
    itemsize: usize,
    from: &[u8],
    from_strides: &[usize],
    to: &mut [u8],
    to_strides: &[usize],
) -> Result<()> {
    for_each_run(lens, itemsize, from_strides, to_strides, |run| {
        copy_run(run, &from[run.a..], &mut to[run.b..]);
        Ok(())
    })
}

/// Fills a buffer with copies of one element.
pub fn fill(into: &mut [u8], element: &[u8]) {
    if element.iter().all(|&byte| byte == 0) {
        into.fill(0);
        return;
    }
    for item in into.chunks_exact_mut(element.len()) {
        item.copy_from_slice(element);
    }
}

/// Reverses the bytes of every element.
pub fn swap_bytes(elements: &mut [u8], itemsize: usize) {
    fn swap<const N: usize>(elements: &mut [u8]) {
        for item in elements.as_chunks_mut::<N>().0 {
            item.reverse();
        }
    }
    match itemsize {
        2 => swap::<2>(elements),
        4 => swap::<4>(elements),
        8 => swap::<8>(elements),
        _ => {}
    }
}

/// Turns stored elements to native ones: byte order; for bool every non-zero byte to 1, as NumPy
/// reads it.
pub fn make_native(dtype: DType, big_endian: bool, elements: &mut [u8]) {
    if big_endian {
        swap_bytes(elements, dtype.itemsize());
    }
    if dtype == DType::Bool {
        for byte in elements {
            *byte = u8::from(*byte != 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn contiguous_boxes_are_one_run() {
        let strides = strides(&[4, 5, 6], 8, false);
        let mut runs = Vec::new();
        for_each_run(&[2, 5, 6], 8, &strides, &strides, |run| {
            runs.push(run);
            Ok(())
        })
        .unwrap();
        assert_eq!(runs.len(), 1);
        assert_eq!((runs[0].count, runs[0].bytes), (1, 2 * 5 * 6 * 8));
    }

    #[test]
    fn every_item_of_every_box_arrives() {
        let shape = [3, 4, 5];
        let from: Vec<u8> = (0..60u16).flat_map(u16::to_le_bytes).collect();
        for fortran in [false, true] {
            let a = strides(&shape, 2, fortran);
            for lens in [
                [3, 4, 5],
                [1, 4, 5],
                [2, 1, 5],
                [2, 3, 1],
                [1, 1, 1],
                [3, 0, 5],
            ] {
                let count: i64 = lens.iter().product();
                let mut to = vec![0xff; 2 * count as usize];
                let b = strides(&lens, 2, false);
                copy_box(&lens, 2, &from, &a, &mut to, &b).unwrap();
                let mut at = 0;
                for i in 0..lens[0] {
                    for j in 0..lens[1] {
                        for k in 0..lens[2] {
                            let want = offset(&[i, j, k], &a) as u16 / 2;
                            assert_eq!(to[at..at + 2], want.to_le_bytes(), "{lens:?} {fortran}");
                            at += 2;
                        }
                    }
                }
                assert_eq!(at, to.len());
            }
        }
    }

    #[test]
    fn swapping_twice_is_nothing() {
        let bytes: Vec<u8> = (0..16).collect();
        for size in [1, 2, 4, 8] {
            let mut turned = bytes.clone();
            swap_bytes(&mut turned, size);
            assert_eq!(turned[0], size as u8 - 1);
            swap_bytes(&mut turned, size);
            assert_eq!(turned, bytes);
        }
    }
}
