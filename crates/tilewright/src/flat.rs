//! How do positions in C order and an index for each axis turn into each other?

use crate::shapes::several;
use crate::{Array, Layout};
use tilewright_core::DType;
use tilewright_expr::build;
pub use tilewright_expr::build::Outside;

/// The positions of elements of an array of this shape, given an index array for each axis, with a
/// rule for each axis for those that lie outside. With `first_fastest` the first axis runs fastest.
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) for other than one index array and one rule for each axis;
/// [`Kind::Value`](crate::Kind::Value), perhaps of the run, for an index that lies outside.
///
/// ```
/// use tilewright::{Outside, array, ravel_multi_index};
///
/// let (rows, columns) = (array([1i64, 0], [2]), array([2i64, 1], [2]));
/// let flat = ravel_multi_index(&[&rows, &columns], [2, 3], &[Outside::Raise; 2], false);
/// assert_eq!(flat.compute()?.to_vec::<i64>()?, [5, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn ravel_multi_index(
    indices: &[&Array],
    shape: impl AsRef<[i64]>,
    outside: &[Outside],
    first_fastest: bool,
) -> Array {
    let (shape, outside) = (shape.as_ref().to_vec(), outside.to_vec());
    Array::join(indices.iter().copied(), move |exprs| {
        build::ravel_multi_index(exprs, &shape, &outside, first_fastest)
    })
}

/// An index array for each axis of an array of this shape, given positions in it.
///
/// # Errors
/// As [`ravel_multi_index`].
#[must_use]
#[track_caller]
pub fn unravel_index(
    positions: &Array,
    shape: impl AsRef<[i64]>,
    first_fastest: bool,
) -> Vec<Array> {
    several(&[positions], |exprs| {
        build::unravel_index(&exprs[0], shape.as_ref(), first_fastest)
    })
}

/// The index along each axis of an array, i64 unless the layout says otherwise; with `sparse` each is
/// of one long axis.
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) for a negative length.
///
/// ```
/// let [rows, columns] = &tilewright::indices([2, 2], false)[..] else { unreachable!() };
/// assert_eq!(rows.compute()?.to_vec::<i64>()?, [0, 0, 1, 1]);
/// assert_eq!(columns.compute()?.to_vec::<i64>()?, [0, 1, 0, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn indices(layout: impl Into<Layout>, sparse: bool) -> Vec<Array> {
    let layout = layout.into();
    let dtype = layout.dtype_or(DType::I64);
    several(&[], |_| {
        let all = build::indices(&layout.grid(dtype)?, sparse)?;
        all.iter().map(|x| build::astype(x, dtype)).collect()
    })
}
