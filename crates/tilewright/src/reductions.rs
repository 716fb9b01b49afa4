//! How are axes folded away?
//!
//! Every reduction takes what to reduce in one argument: `x.sum(..)` everything, `x.sum(axis(0))`,
//! `x.sum(axes([0, 1]).keepdims())`; the variances also `axes([0]).ddof(1)`.

use crate::Array;
use std::ops::RangeFull;
use tilewright_expr::build;

/// Which axes to reduce, and whether they stay as length 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    axes: Option<Vec<i64>>,
    keepdims: bool,
}

/// [`Axes`], and the delta degrees of freedom of a variance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    axes: Axes,
    ddof: f64,
}

/// One axis; a negative one counts from the end.
pub fn axis(axis: i64) -> Axes {
    axes([axis])
}

/// These axes; negative ones count from the end. No axis reduces nothing.
///
/// ```
/// use tilewright::{axes, ones};
///
/// let x = ones([2, 3, 4]).std(axes([0, -1]).keepdims().ddof(1));
/// assert_eq!(x.shape()?, [1, 3, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn axes(axes: impl Into<Vec<i64>>) -> Axes {
    Axes {
        axes: Some(axes.into()),
        keepdims: false,
    }
}

/// Every axis; `..` for short.
pub fn all_axes() -> Axes {
    Axes::default()
}

impl Axes {
    /// Reduced axes stay as length 1.
    #[must_use]
    pub fn keepdims(mut self) -> Axes {
        self.keepdims = true;
        self
    }

    /// The divisor of a variance is `n - ddof`, at least 0.
    #[must_use]
    pub fn ddof(self, ddof: impl Into<f64>) -> Spread {
        Spread {
            axes: self,
            ddof: ddof.into(),
        }
    }

    pub(crate) fn named(&self) -> Option<&[i64]> {
        self.axes.as_deref()
    }

    pub(crate) fn keeps(&self) -> bool {
        self.keepdims
    }
}

impl Spread {
    /// Reduced axes stay as length 1.
    #[must_use]
    pub fn keepdims(mut self) -> Spread {
        self.axes.keepdims = true;
        self
    }
}

impl From<RangeFull> for Axes {
    fn from(_: RangeFull) -> Axes {
        all_axes()
    }
}

impl From<RangeFull> for Spread {
    fn from(_: RangeFull) -> Spread {
        Spread::default()
    }
}

impl From<Axes> for Spread {
    fn from(axes: Axes) -> Spread {
        axes.ddof(0)
    }
}

impl Array {
    #[track_caller]
    pub(crate) fn reduce(&self, name: &str, axes: Axes) -> Array {
        self.then(|x| build::reduce(name, x, axes.named(), axes.keepdims))
    }

    #[track_caller]
    pub(crate) fn statistic(&self, name: &str, spread: Spread) -> Array {
        let Spread { axes, ddof } = spread;
        self.then(|x| build::statistic(name, x, axes.named(), ddof, axes.keepdims))
    }

    /// Sum along `axes`, in the canonical order: the same bits for any number of threads.
    ///
    /// * **Dtype** floats keep theirs; signed integers and bool give i64, unsigned u64, and wrap.
    /// * **Empty** an axis of length 0 gives 0.
    ///
    /// ```
    /// use tilewright::{arange, axis};
    ///
    /// let x = arange(0, 6, 1).reshape([2, 3]);
    /// assert_eq!(x.sum(..).compute()?.item::<i64>()?, 15);
    /// assert_eq!(x.sum(axis(0)).compute()?.to_vec::<i64>()?, [3, 5, 7]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn sum(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("sum", axes.into())
    }

    /// Product along `axes`; dtypes as [`Array::sum`]; empty gives 1.
    #[must_use]
    #[track_caller]
    pub fn prod(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("prod", axes.into())
    }

    /// Minimum along `axes`; NaN wins, −0 is below 0; an empty axis is refused.
    #[must_use]
    #[track_caller]
    pub fn min(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("min", axes.into())
    }

    /// Maximum along `axes`; NaN wins, −0 is below 0; an empty axis is refused.
    #[must_use]
    #[track_caller]
    pub fn max(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("max", axes.into())
    }

    /// Whether any element along `axes` is not 0; NaN is true.
    #[must_use]
    #[track_caller]
    pub fn any(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("any", axes.into())
    }

    /// Whether every element along `axes` is not 0; NaN is true.
    #[must_use]
    #[track_caller]
    pub fn all(&self, axes: impl Into<Axes>) -> Array {
        self.reduce("all", axes.into())
    }

    /// Mean along `axes`.
    ///
    /// `mean(x)[k] = (1/n) Σ_i x[i, k]`, where `i` runs over the `n` positions of `axes`.
    ///
    /// * **Dtype** floats keep theirs (f32 is summed in f64); integers and bool give f64, exact
    ///   and rounded once.  **Units** those of x.  **Chunks** kept axes keep theirs.
    /// * **Empty** an axis of length 0 gives NaN.
    /// * **Accuracy** error at most γ_d·Σ|x|/n; the same bits for any number of threads.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    ///
    /// ```
    /// use tilewright::{axis, random, s, shape};
    ///
    /// let x = random::seed(1).normal(0, 1, shape([1000, 1000]).chunks([100, 100]));
    /// // Only the ten columns are drawn.
    /// let mean = x.mean(axis(0)).slice(s![0..10]).compute()?;
    /// assert!(mean.to_vec::<f64>()?.iter().all(|mean| mean.abs() < 0.2));
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn mean(&self, axes: impl Into<Axes>) -> Array {
        self.statistic("mean", axes.into().into())
    }

    /// Variance along `axes`, in one pass; never negative, 0 for constant data; the divisor is
    /// `n - ddof`.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn var(&self, axes: impl Into<Spread>) -> Array {
        self.statistic("var", axes.into())
    }

    /// Standard deviation along `axes`: the square root of [`Array::var`].
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn std(&self, axes: impl Into<Spread>) -> Array {
        self.statistic("std", axes.into())
    }
}
