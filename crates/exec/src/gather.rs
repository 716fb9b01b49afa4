//! Copying boxes between layouts.

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
    let inner = (0..shape.len()).find(|&k| from.strides[k] == 1 && to.strides[k] == 1);
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
    runs(shape, from, to, |a, b, count| {
        copy_run(itemsize, source, a, target, b, count)
    })
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
