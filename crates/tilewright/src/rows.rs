//! What can be done with whole rows along an axis?
//!
//! Sorting, running folds, places in sorted arrays, differences. An axis may be left out
//! where NumPy allows it (`None`): then the elements are taken in C order. A row along the axis is
//! taken whole, so that it must fit the memory; rows of different indices on the other axes are
//! computed apart from each other, a tile of them at a time.

use crate::operand::combine;
use crate::{Array, Axes, Operand};
use tilewright_core::Result;
use tilewright_expr::{Expr, build};

/// Which of several equal elements a place is sought beside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Before the first of them.
    #[default]
    Left,
    /// Behind the last.
    Right,
}

/// What stands at the edges of [`Array::diff`].
#[derive(Clone, Debug, Default)]
pub struct Edges {
    /// Before the first element.
    pub before: Option<Array>,
    /// Behind the last.
    pub after: Option<Array>,
}

impl Array {
    #[track_caller]
    fn rows(&self, name: &'static str, axis: Option<i64>) -> Array {
        self.then(move |x| build::along(name, x, axis))
    }

    /// The elements along `axis` in ascending order; equal ones stay in their order, NaN is last.
    ///
    /// A slice of it sorts no more than it takes: `x.sort(0).slice(s![0..10])` selects ten.
    ///
    /// ```
    /// let x = tilewright::array([3.0, f64::NAN, 1.0], [3]);
    /// let sorted = x.sort(-1).compute()?.to_vec::<f64>()?;
    /// assert_eq!(sorted[..2], [1.0, 3.0]);
    /// assert_eq!(x.argsort(-1).compute()?.to_vec::<i64>()?, [2, 0, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn sort(&self, axis: impl Into<Option<i64>>) -> Array {
        self.rows("sort", axis.into())
    }

    /// The positions of the elements of [`Array::sort`]; of equal ones the first comes first.
    #[must_use]
    #[track_caller]
    pub fn argsort(&self, axis: impl Into<Option<i64>>) -> Array {
        self.rows("argsort", axis.into())
    }

    /// Elements rearranged so that those at `kth` stand where sorting puts them: here, sorted.
    ///
    /// # Errors
    /// [`Kind::Index`](crate::Kind::Index) for a `kth` out of range.
    #[must_use]
    #[track_caller]
    pub fn partition(&self, kth: impl AsRef<[i64]>, axis: impl Into<Option<i64>>) -> Array {
        let (kth, axis) = (kth.as_ref().to_vec(), axis.into());
        self.then(move |x| build::partition("sort", x, &kth, axis))
    }

    /// The positions of the elements of [`Array::partition`].
    ///
    /// # Errors
    /// As [`Array::partition`].
    #[must_use]
    #[track_caller]
    pub fn argpartition(&self, kth: impl AsRef<[i64]>, axis: impl Into<Option<i64>>) -> Array {
        let (kth, axis) = (kth.as_ref().to_vec(), axis.into());
        self.then(move |x| build::partition("argsort", x, &kth, axis))
    }

    /// The `k` largest elements along `axis` in descending order; for a negative `k` the smallest
    /// in ascending order.
    #[must_use]
    #[track_caller]
    pub fn topk(&self, k: i64, axis: i64) -> Array {
        self.then(move |x| build::top("sort", x, k, axis))
    }

    /// The positions of the elements of [`Array::topk`].
    #[must_use]
    #[track_caller]
    pub fn argtopk(&self, k: i64, axis: i64) -> Array {
        self.then(move |x| build::top("argsort", x, k, axis))
    }

    /// Running sum along `axis`, left to right; dtypes as [`Array::sum`].
    ///
    /// ```
    /// let x = tilewright::array([1, 2, 3], [3]).cumsum(0);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [1, 3, 6]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn cumsum(&self, axis: impl Into<Option<i64>>) -> Array {
        self.rows("cumsum", axis.into())
    }

    /// Running product along `axis`, left to right; dtypes as [`Array::sum`].
    #[must_use]
    #[track_caller]
    pub fn cumprod(&self, axis: impl Into<Option<i64>>) -> Array {
        self.rows("cumprod", axis.into())
    }

    /// Running minimum along `axis`, in the array's dtype; NaN from the first one on. NumPy's
    /// `minimum.accumulate`.
    ///
    /// ```
    /// let x = tilewright::array([3i64, 1, 2], [3]).cummin(0);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [3, 1, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn cummin(&self, axis: impl Into<Option<i64>>) -> Array {
        self.extremes("minimum.accumulate", axis.into())
    }

    /// Running maximum along `axis`; as [`Array::cummin`].
    #[must_use]
    #[track_caller]
    pub fn cummax(&self, axis: impl Into<Option<i64>>) -> Array {
        self.extremes("maximum.accumulate", axis.into())
    }

    #[track_caller]
    fn extremes(&self, name: &'static str, axis: Option<i64>) -> Array {
        self.then(move |x| build::astype(&build::along(name, x, axis)?, x.dtype()))
    }

    /// As [`Array::cumsum`], with NaN taken as 0.
    #[must_use]
    #[track_caller]
    pub fn nancumsum(&self, axis: impl Into<Option<i64>>) -> Array {
        let axis = axis.into();
        self.then(move |x| build::along_without_nan("cumsum", x, axis, 0))
    }

    /// As [`Array::cumprod`], with NaN taken as 1.
    #[must_use]
    #[track_caller]
    pub fn nancumprod(&self, axis: impl Into<Option<i64>>) -> Array {
        let axis = axis.into();
        self.then(move |x| build::along_without_nan("cumprod", x, axis, 1))
    }

    /// The index along an axis, or in C order of all for `..`, of the smallest element: the first NaN,
    /// else the first of equals.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for an empty axis, [`Kind::Axis`](crate::Kind::Axis) for one
    /// that is not there.
    #[must_use]
    #[track_caller]
    pub fn argmin(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::argument("min", x, axes.named(), false, axes.keeps()))
    }

    /// The index along an axis, or in C order of all for `..`, of the largest element: the first NaN,
    /// else the first of equals.
    ///
    /// # Errors
    /// As [`Array::argmin`].
    #[must_use]
    #[track_caller]
    pub fn argmax(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::argument("max", x, axes.named(), false, axes.keeps()))
    }

    /// As [`Array::argmin`], passing over NaN; 0 where there is nothing else.
    ///
    /// # Errors
    /// As [`Array::argmin`].
    #[must_use]
    #[track_caller]
    pub fn nanargmin(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::argument("min", x, axes.named(), true, axes.keeps()))
    }

    /// As [`Array::argmax`], passing over NaN; 0 where there is nothing else.
    ///
    /// # Errors
    /// As [`Array::argmin`].
    #[must_use]
    #[track_caller]
    pub fn nanargmax(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::argument("max", x, axes.named(), true, axes.keeps()))
    }

    /// For every one of `values` the number of elements of this sorted array below it.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if this has not one axis.
    #[must_use]
    #[track_caller]
    pub fn searchsorted(&self, values: &Array, side: Side) -> Array {
        binary(self, values, move |sorted, values| {
            build::searchsorted(sorted, values, side == Side::Right)
        })
    }

    /// The array, of one axis, in the order of `sorter`: of [`Array::argsort`], to be searched in.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for other than one position for each element.
    #[must_use]
    #[track_caller]
    pub fn in_order(&self, sorter: &Array) -> Array {
        binary(self, sorter, build::in_order)
    }

    /// The bin of each element among sorted `bins`, 0 below the first edge; with [`Side::Right`]
    /// bins hold their upper edges instead of their lower ones.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for bins that are known and not sorted.
    #[must_use]
    #[track_caller]
    pub fn digitize(&self, bins: &Array, side: Side) -> Array {
        binary(self, bins, move |x, bins| {
            build::digitize(x, bins, side == Side::Right)
        })
    }

    /// The `n`-th differences of neighbours along `axis`.
    ///
    /// ```
    /// let x = tilewright::array([1i64, 4, 9], [3]);
    /// assert_eq!(x.diff(1, 0).compute()?.to_vec::<i64>()?, [3, 5]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn diff(&self, n: i64, axis: i64) -> Array {
        self.diff_with(n, axis, &Edges::default())
    }

    /// As [`Array::diff`], with arrays that stand before and behind this one first.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if they do not fit.
    #[must_use]
    #[track_caller]
    pub fn diff_with(&self, n: i64, axis: i64, edges: &Edges) -> Array {
        let given = [&edges.before, &edges.after].map(Option::as_ref);
        let arrays = std::iter::once(self).chain(given.into_iter().flatten());
        let given = given.map(|side| side.is_some());
        Array::join(arrays, move |exprs| {
            let mut rest = exprs[1..].iter();
            let [before, after] = given.map(|side| if side { rest.next() } else { None });
            build::diff(&exprs[0], n, axis, before, after)
        })
    }

    /// Differences of the elements in C order, with arrays before and behind them.
    ///
    /// # Errors
    /// [`Kind::DType`](crate::Kind::DType) if these are of a dtype that this one does not hold.
    #[must_use]
    #[track_caller]
    pub fn ediff1d(&self, edges: &Edges) -> Array {
        let given = [&edges.before, &edges.after].map(Option::as_ref);
        let arrays = std::iter::once(self).chain(given.into_iter().flatten());
        let given = given.map(|side| side.is_some());
        Array::join(arrays, move |exprs| {
            let mut rest = exprs[1..].iter();
            let [before, after] = given.map(|side| if side { rest.next() } else { None });
            build::ediff1d(&exprs[0], before, after)
        })
    }

    /// The array with jumps between neighbours along `axis` that are greater than `most` (half a period
    /// without) taken back by whole periods. Of integers an integer period leaves integers.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis; [`Kind::Value`](crate::Kind::Value) for a
    /// period that is an array.
    ///
    /// ```
    /// let x = tilewright::array([0i64, 1, 2, 0, 1], [5]).unwrap(None, 0, 3i64);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [0, 1, 2, 3, 4]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn unwrap(&self, most: Option<f64>, axis: i64, period: impl Into<Operand>) -> Array {
        combine(&[self.into(), period.into()], move |given| match given {
            [build::Operand::Array(x), period] => build::unwrap(x, most, axis, period),
            _ => Err(crate::internal("unwrap of no array")),
        })
    }

    /// Second-order differences along `axis` of points `spacing` apart; at the ends of the order
    /// `edge_order`, 1 or 2.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for fewer than `edge_order + 1` points.
    #[must_use]
    #[track_caller]
    pub fn gradient(&self, spacing: f64, axis: i64, edge_order: i64) -> Array {
        let spacing = build::differences::Spacing::Even(spacing);
        self.then(move |x| build::gradient(x, &spacing, axis, edge_order))
    }

    /// As [`Array::gradient`], for points at these coordinates.
    ///
    /// # Errors
    /// As [`Array::gradient`], and for coordinates of another number than points.
    #[must_use]
    #[track_caller]
    pub fn gradient_at(&self, points: &Array, axis: i64, edge_order: i64) -> Array {
        binary(self, points, move |x, points| {
            let spacing = build::differences::Spacing::At(points.clone());
            build::gradient(x, &spacing, axis, edge_order)
        })
    }
}

/// The positions along `axis` that sort by the last of some keys, by the one before where it is equal,
/// and so on.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) for no keys, [`Kind::Shape`](crate::Kind::Shape) for keys of
/// different shapes.
///
/// ```
/// use tilewright::{array, lexsort};
///
/// let (second, first) = (array([9i64, 4, 0], [3]), array([1i64, 5, 1], [3]));
/// assert_eq!(lexsort(&[second, first], -1).compute()?.to_vec::<i64>()?, [2, 0, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn lexsort(keys: &[Array], axis: i64) -> Array {
    Array::join(keys, move |keys| build::lexsort(keys, axis))
}

/// What `build` makes of two arrays; the first failure stays.
#[track_caller]
pub(crate) fn binary(
    a: &Array,
    b: &Array,
    build: impl Fn(&Expr, &Expr) -> Result<Expr> + Send + Sync + 'static,
) -> Array {
    Array::join([a, b], move |exprs| build(&exprs[0], &exprs[1]))
}
