//! How do arrays turn, repeat, grow and fall apart?
//!
//! NumPy's functions around axes and edges, each a composition of moves and lookups, so that a slice
//! of the result reads and computes what it takes alone.

use crate::{Array, Outside};
use tilewright_core::{Error, Kind, Result};
use tilewright_expr::{Expr, build};

pub use tilewright_expr::build::{Cuts, Pad, Points, Repeats};

/// One of several arrays that a call gives.
#[track_caller]
pub(crate) fn several(
    arrays: &[&Array],
    build: impl FnOnce(&[Expr]) -> Result<Vec<Expr>>,
) -> Vec<Array> {
    if let Some(failed) = arrays.iter().find(|array| array.error().is_some()) {
        return vec![(*failed).clone()];
    }
    let exprs: Result<Vec<Expr>> = arrays.iter().map(|array| array.expr().cloned()).collect();
    let none = || Error::new(Kind::Value, "a call that gives no array");
    match exprs.and_then(|exprs| build(&exprs)) {
        Ok(made) if made.is_empty() => {
            vec![Array::new(Err(none().way_out("an axis that is not empty")))]
        }
        Ok(made) => made.into_iter().map(Array::from_expr).collect(),
        Err(error) => vec![Array::new(Err(error))],
    }
}

impl Array {
    /// The same elements in C order along one axis.
    #[must_use]
    #[track_caller]
    pub fn ravel(&self) -> Array {
        self.then(build::ravel)
    }

    /// Axes `source` moved to the places `destination`; the others keep their order.
    ///
    /// # Errors
    /// [`Kind::Axis`] if one is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn moveaxis(&self, source: impl AsRef<[i64]>, destination: impl AsRef<[i64]>) -> Array {
        let places = [source.as_ref().to_vec(), destination.as_ref().to_vec()];
        self.then(move |x| build::moveaxis(x, &places[0], &places[1]))
    }

    /// Windows along `axes`, which stand as new axes behind the others: `y[.., i, .., w]` is
    /// `x[.., i + w, ..]`. Without axes, a window for each axis.
    ///
    /// A reduction of windows alone takes `log2` of their length many steps, in an order that the
    /// length fixes.
    ///
    /// ```
    /// use tilewright::{arange, axis};
    ///
    /// let windows = arange(0, 6, 1).sliding_window_view([4], None);
    /// assert_eq!(windows.shape()?, [3, 4]);
    /// assert_eq!(windows.sum(axis(-1)).compute()?.to_vec::<i64>()?, [6, 10, 14]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Axis`] for an axis out of range or another number of axes than windows;
    /// [`Kind::Value`] for a window that is longer than its axis, or of negative length.
    #[must_use]
    #[track_caller]
    pub fn sliding_window_view(&self, windows: impl AsRef<[i64]>, axes: Option<&[i64]>) -> Array {
        let (windows, axes) = (windows.as_ref().to_vec(), axes.map(<[i64]>::to_vec));
        self.then(move |x| build::sliding_window_view(x, &windows, axes.as_deref()))
    }

    /// Two axes exchanged.
    ///
    /// # Errors
    /// [`Kind::Axis`] if one is out of range.
    #[must_use]
    #[track_caller]
    pub fn swapaxes(&self, a: i64, b: i64) -> Array {
        self.then(move |x| build::swapaxes(x, a, b))
    }

    /// An axis moved to stand before the one at `start`.
    ///
    /// # Errors
    /// [`Kind::Axis`] if one is out of range.
    #[must_use]
    #[track_caller]
    pub fn rollaxis(&self, axis: i64, start: i64) -> Array {
        self.then(move |x| build::rollaxis(x, axis, start))
    }

    /// These axes backwards; all of them for `[]`.
    ///
    /// # Errors
    /// [`Kind::Axis`] if one is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn flip(&self, axes: impl AsRef<[i64]>) -> Array {
        let axes = axes.as_ref().to_vec();
        self.then(move |x| build::flip(x, Some(&axes[..]).filter(|axes| !axes.is_empty())))
    }

    /// Turned by 90 degrees `k` times, from the first of two axes towards the second.
    ///
    /// # Errors
    /// [`Kind::Axis`] if the axes are equal or out of range.
    #[must_use]
    #[track_caller]
    pub fn rot90(&self, k: i64, axes: [i64; 2]) -> Array {
        self.then(move |x| build::rot90(x, k, axes))
    }

    /// With `ndim` axes at least, 1 to 3, as NumPy's `atleast_1d` and its kin place the new ones.
    #[must_use]
    #[track_caller]
    pub fn atleast(&self, ndim: usize) -> Array {
        self.then(move |x| build::atleast(x, ndim))
    }

    /// Elements moved along axes by so many places, around the end; along the array in C order
    /// without axes.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Value`] if shifts and axes are not equally many.
    ///
    /// ```
    /// let x = tilewright::arange(0, 5, 1).roll([2], Some(&[0]));
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [3, 4, 0, 1, 2]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn roll(&self, shifts: impl AsRef<[i64]>, axes: Option<&[i64]>) -> Array {
        let shifts = shifts.as_ref().to_vec();
        let axes = axes.map(<[i64]>::to_vec);
        self.then(move |x| build::roll(x, &shifts, axes.as_deref()))
    }

    /// Each element repeated along an axis; along the array in C order without one.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Value`] for negative repeats.
    #[must_use]
    #[track_caller]
    pub fn repeat(&self, repeats: &Repeats, axis: Option<i64>) -> Array {
        let repeats = repeats.clone();
        self.then(move |x| build::repeat(x, &repeats, axis))
    }

    /// The array itself repeated along each axis, the last ones first.
    ///
    /// # Errors
    /// [`Kind::Value`] for negative repeats.
    #[must_use]
    #[track_caller]
    pub fn tile(&self, repeats: impl AsRef<[i64]>) -> Array {
        let repeats = repeats.as_ref().to_vec();
        self.then(move |x| build::tile(x, &repeats))
    }

    /// The elements in C order, repeated or cut to fill a shape.
    ///
    /// # Errors
    /// [`Kind::Shape`] for a negative length.
    #[must_use]
    #[track_caller]
    pub fn resize(&self, shape: impl AsRef<[i64]>) -> Array {
        let shape = shape.as_ref().to_vec();
        self.then(move |x| build::resize(x, &shape))
    }

    /// With so many elements more before and after each axis.
    ///
    /// # Errors
    /// [`Kind::Value`] for negative widths, other than one pair for each axis, or an axis without
    /// elements to repeat.
    ///
    /// ```
    /// use tilewright::{Pad, arange};
    ///
    /// let x = arange(0, 3, 1).pad([(2, 1)], &Pad::Reflect);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [2, 1, 0, 1, 2, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn pad(&self, widths: impl AsRef<[(i64, i64)]>, mode: &Pad) -> Array {
        let widths = widths.as_ref().to_vec();
        let mode = mode.clone();
        self.then(move |x| build::pad(x, &widths, &mode))
    }

    /// 0 above the diagonal `k` places right of the main one.
    ///
    /// # Errors
    /// [`Kind::Shape`] for an array without axes.
    #[must_use]
    #[track_caller]
    pub fn tril(&self, k: i64) -> Array {
        self.then(move |x| build::tril(x, k))
    }

    /// 0 below the diagonal `k` places right of the main one.
    ///
    /// # Errors
    /// [`Kind::Shape`] for an array without axes.
    #[must_use]
    #[track_caller]
    pub fn triu(&self, k: i64) -> Array {
        self.then(move |x| build::triu(x, k))
    }

    /// A vector on a diagonal of a matrix of zeros; of a matrix, that diagonal.
    ///
    /// # Errors
    /// [`Kind::Shape`] for an array of other than one or two axes.
    #[must_use]
    #[track_caller]
    pub fn diag(&self, k: i64) -> Array {
        self.then(move |x| build::diag(x, k))
    }

    /// The elements where two axes have the same index, `offset` right of the main diagonal.
    ///
    /// # Errors
    /// [`Kind::Axis`] for bad axes, [`Kind::Shape`] for fewer than two.
    #[must_use]
    #[track_caller]
    pub fn diagonal(&self, offset: i64, axis1: i64, axis2: i64) -> Array {
        self.then(move |x| build::diagonal(x, offset, axis1, axis2))
    }

    /// The array with `value`, in its dtype and repeated, on the main diagonal.
    ///
    /// # Errors
    /// [`Kind::Shape`] for fewer than two axes, or more of unequal lengths.
    #[must_use]
    #[track_caller]
    pub fn fill_diagonal(&self, value: &Array, wrap: bool) -> Array {
        Array::join([self, value], move |both| {
            build::fill_diagonal(&both[0], &both[1], wrap)
        })
    }

    /// Without these points of an axis; of the array in C order without one.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for a point out of range.
    #[must_use]
    #[track_caller]
    pub fn delete(&self, points: &Points, axis: Option<i64>) -> Array {
        let points = points.clone();
        self.then(move |x| build::delete(x, &points, axis))
    }

    /// With `values`, in its dtype, before these points of an axis.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for a point out of range, [`Kind::Shape`] if
    /// the values do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn insert(&self, points: &Points, values: &Array, axis: Option<i64>) -> Array {
        let points = points.clone();
        Array::join([self, values], move |both| {
            build::insert(&both[0], &points, &both[1], axis)
        })
    }

    /// `values` behind its elements; both in C order without an axis.
    ///
    /// # Errors
    /// As [`concatenate`](crate::concatenate).
    #[must_use]
    #[track_caller]
    pub fn append(&self, values: &Array, axis: Option<i64>) -> Array {
        Array::join([self, values], move |both| {
            build::append(&both[0], &both[1], axis)
        })
    }

    /// The elements at `indices` along an axis; along the array in C order without one.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::DType`] for indices that are no integers,
    /// [`Kind::Index`] for one out of range: when it is built if they are written out, else when
    /// it is computed.
    ///
    /// ```
    /// use tilewright::{Outside, arange, array};
    ///
    /// let x = arange(10, 20, 1).take(&array([3, -1, 3], [3]), Some(0), Outside::Raise);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [13, 19, 13]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn take(&self, indices: &Array, axis: Option<i64>, outside: Outside) -> Array {
        Array::join([self, indices], move |both| {
            build::take(&both[0], &both[1], axis, outside)
        })
    }

    /// For each line along an axis the elements at that line's indices.
    ///
    /// # Errors
    /// As [`Array::take`]; [`Kind::Shape`] if the other axes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn take_along_axis(&self, indices: &Array, axis: Option<i64>) -> Array {
        Array::join([self, indices], move |both| {
            build::take_along_axis(&both[0], &both[1], axis)
        })
    }

    /// Its parts along an axis; one array that holds the error if it cannot be taken apart so.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Value`] for parts that cannot be equal.
    #[must_use]
    #[track_caller]
    pub fn split(&self, cuts: &Cuts, axis: i64) -> Vec<Array> {
        several(&[self], |x| build::split(&x[0], cuts, axis))
    }

    /// The axis along which NumPy's `hsplit`, `vsplit` and `dsplit` take it apart.
    ///
    /// # Errors
    /// [`Kind::Shape`] for too few axes.
    pub fn split_axis(&self, name: &str) -> Result<i64> {
        build::split_axis(self.expr()?, name)
    }

    /// Its parts at each index of an axis, which goes.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Value`] for an empty one.
    #[must_use]
    #[track_caller]
    pub fn unstack(&self, axis: i64) -> Vec<Array> {
        several(&[self], |x| build::unstack(&x[0], axis))
    }
}

/// The arrays, broadcast to each other; one that holds the error if they do not.
///
/// # Errors
/// [`Kind::Shape`] if they do not broadcast.
#[must_use]
#[track_caller]
pub fn broadcast_arrays<'a>(arrays: impl IntoIterator<Item = &'a Array>) -> Vec<Array> {
    let arrays: Vec<&Array> = arrays.into_iter().collect();
    several(&arrays, build::broadcast_arrays)
}

macro_rules! joins {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// # Errors
        /// As [`concatenate`](crate::concatenate).
        #[must_use]
        #[track_caller]
        pub fn $name<'a>(arrays: impl IntoIterator<Item = &'a Array>) -> Array {
            Array::join(arrays, build::$name)
        }
    )*};
}

joins! {
    /// Arrays side by side along their second axis, vectors along their only one.
    hstack;
    /// Arrays one below the other; a vector is a row.
    vstack;
    /// Arrays one behind the other, along a third axis.
    dstack;
    /// Vectors as columns, beside arrays of two axes.
    column_stack;
}
