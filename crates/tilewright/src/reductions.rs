//! How are axes folded away?
//!
//! Every reduction takes what to reduce in one argument: `x.sum(..)` everything, `x.sum(axis(0))`,
//! `x.sum(axes([0, 1]).keepdims())`, `x.std(axis(0).ddof(1))`, `x.max(axis(0).only(&mask).initial(0))`.

use crate::operand::combine;
use crate::ops::Form;
use crate::{Array, Operand};
use std::ops::RangeFull;
use tilewright_core::DType;
use tilewright_expr::build;

/// Which axes to reduce, and whether they stay as length 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    axes: Option<Vec<i64>>,
    keepdims: bool,
}

/// [`Axes`], and what else a reduction is asked for. What it does not take it refuses.
#[derive(Clone, Debug, Default)]
pub struct Reduction {
    axes: Axes,
    dtype: Option<DType>,
    only: Option<Array>,
    initial: Option<Operand>,
    ddof: Option<f64>,
    mean: Option<Operand>,
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
    pub fn ddof(self, ddof: impl Into<f64>) -> Reduction {
        Reduction::from(self).ddof(ddof)
    }

    /// Computed in this dtype: sums, products, means and variances.
    #[must_use]
    pub fn dtype(self, dtype: DType) -> Reduction {
        Reduction::from(self).dtype(dtype)
    }

    /// Only the elements count where a mask is true (NumPy's `where`); it broadcasts to the array.
    ///
    /// ```
    /// use tilewright::{arange, axis};
    ///
    /// let x = arange(0, 6, 1).reshape([2, 3]);
    /// let even = (&x % 2).equal(0);
    /// assert_eq!(x.sum(axis(1).only(&even)).compute()?.to_vec::<i64>()?, [2, 4]);
    /// assert_eq!(x.max(axis(1).only(&even).initial(-1)).compute()?.to_vec::<i64>()?, [2, 4]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    pub fn only(self, mask: &Array) -> Reduction {
        Reduction::from(self).only(mask)
    }

    /// The value that a sum, product, minimum or maximum begins with.
    #[must_use]
    pub fn initial(self, value: impl Into<Operand>) -> Reduction {
        Reduction::from(self).initial(value)
    }

    /// What the deviations of a variance are from, instead of the mean: an array that broadcasts to the
    /// one that is folded, or a number. For a mean that is already known.
    ///
    /// ```
    /// use tilewright::{arange, axis};
    ///
    /// let x = arange(0, 6, 1).reshape([2, 3]);
    /// let mean = x.mean(axis(1).keepdims());
    /// assert_eq!(x.var(axis(1).mean(&mean)).compute()?.to_vec::<f64>()?, [2.0 / 3.0, 2.0 / 3.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    pub fn mean(self, mean: impl Into<Operand>) -> Reduction {
        Reduction::from(self).mean(mean)
    }

    pub(crate) fn named(&self) -> Option<&[i64]> {
        self.axes.as_deref()
    }

    pub(crate) fn keeps(&self) -> bool {
        self.keepdims
    }
}

impl Reduction {
    /// Reduced axes stay as length 1.
    #[must_use]
    pub fn keepdims(mut self) -> Reduction {
        self.axes.keepdims = true;
        self
    }

    /// As [`Axes::ddof`].
    #[must_use]
    pub fn ddof(mut self, ddof: impl Into<f64>) -> Reduction {
        self.ddof = Some(ddof.into());
        self
    }

    /// As [`Axes::dtype`].
    #[must_use]
    pub fn dtype(mut self, dtype: DType) -> Reduction {
        self.dtype = Some(dtype);
        self
    }

    /// As [`Axes::only`].
    #[must_use]
    pub fn only(mut self, mask: &Array) -> Reduction {
        self.only = Some(mask.clone());
        self
    }

    /// As [`Axes::initial`].
    #[must_use]
    pub fn initial(mut self, value: impl Into<Operand>) -> Reduction {
        self.initial = Some(value.into());
        self
    }

    /// As [`Axes::mean`].
    #[must_use]
    pub fn mean(mut self, mean: impl Into<Operand>) -> Reduction {
        self.mean = Some(mean.into());
        self
    }
}

impl From<RangeFull> for Axes {
    fn from(_: RangeFull) -> Axes {
        all_axes()
    }
}

impl From<RangeFull> for Reduction {
    fn from(_: RangeFull) -> Reduction {
        Reduction::default()
    }
}

impl From<Axes> for Reduction {
    fn from(axes: Axes) -> Reduction {
        Reduction {
            axes,
            ..Reduction::default()
        }
    }
}

impl Array {
    /// The reduction `name`; with `skip_nan` NaN does not count.
    #[track_caller]
    pub(crate) fn fold(&self, name: &'static str, asked: Reduction, skip_nan: bool) -> Array {
        let plain = asked.only.is_none() && asked.initial.is_none() && asked.dtype.is_none();
        let plain = plain && asked.mean.is_none();
        if let Some(chosen) = self.selection().filter(|_| plain && !skip_nan) {
            let (axes, keepdims) = (asked.axes.named(), asked.axes.keepdims);
            return Array::folded(match crate::ops::form(name) {
                Some(Form::Statistic) => {
                    chosen.statistic(name, axes, asked.ddof.unwrap_or(0.0), keepdims)
                }
                _ => chosen.reduce(name, axes, keepdims),
            });
        }
        let (masked, begins) = (asked.only.is_some(), asked.initial.is_some());
        let arrays = [Some(self), asked.only.as_ref()].into_iter().flatten();
        let values = asked.initial.into_iter().chain(asked.mean);
        let operands: Vec<Operand> = arrays.map(Operand::from).chain(values).collect();
        combine(&operands, move |given| {
            let mut given = given.iter().cloned();
            let mut array = || match given.next() {
                Some(build::Operand::Array(x)) => Ok(x),
                _ => Err(crate::internal("a reduction of no array")),
            };
            let x = array()?;
            let only = masked.then(array).transpose()?;
            let asked = build::Reduction {
                axes: asked.axes.axes.clone(),
                keepdims: asked.axes.keepdims,
                dtype: asked.dtype,
                only,
                initial: if begins { given.next() } else { None },
                ddof: asked.ddof,
                mean: given.next(),
                skip_nan,
            };
            build::fold(name, &x, &asked)
        })
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
    pub fn sum(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("sum", axes.into(), false)
    }

    /// Blocks of elements reduced to one each: along every axis of `factors`, as many neighbours as
    /// its factor says.
    ///
    /// What is left over at the end of an axis is refused, or with `trim_excess` left out. Where lengths
    /// are counted first, `reduction` is called again when they are known.
    ///
    /// ```
    /// let x = tilewright::arange(0, 12, 1).reshape([2, 6]);
    /// let coarse = x.coarsen(|blocks, within| blocks.sum(within), [(1, 3)], false);
    /// assert_eq!(coarse.compute()?.to_vec::<i64>()?, [3, 12, 21, 30]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for an axis out of range or named twice;
    /// [`Kind::Value`](crate::Kind::Value) for a factor below 1;
    /// [`Kind::Shape`](crate::Kind::Shape) for one that does not divide its axis.
    #[must_use]
    #[track_caller]
    pub fn coarsen(
        &self,
        reduction: impl Fn(&Array, Axes) -> Array + Send + Sync + 'static,
        factors: impl AsRef<[(i64, i64)]>,
        trim_excess: bool,
    ) -> Array {
        let factors = factors.as_ref().to_vec();
        self.then(move |x| {
            let (blocks, within) = build::coarse(x, &factors, trim_excess)?;
            let within: Vec<i64> = within.iter().map(|&axis| axis as i64).collect();
            let coarse = reduction(&Array::from_expr(blocks), axes(within));
            match coarse.error() {
                Some(error) => Err(error.clone()),
                None => coarse.expr().cloned(),
            }
        })
    }

    /// Product along `axes`; dtypes as [`Array::sum`]; empty gives 1.
    #[must_use]
    #[track_caller]
    pub fn prod(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("prod", axes.into(), false)
    }

    /// Minimum along `axes`; NaN wins, −0 is below 0; an empty axis is refused.
    #[must_use]
    #[track_caller]
    pub fn min(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("min", axes.into(), false)
    }

    /// Maximum along `axes`; NaN wins, −0 is below 0; an empty axis is refused.
    #[must_use]
    #[track_caller]
    pub fn max(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("max", axes.into(), false)
    }

    /// Whether any element along `axes` is not 0; NaN is true.
    #[must_use]
    #[track_caller]
    pub fn any(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("any", axes.into(), false)
    }

    /// Whether every element along `axes` is not 0; NaN is true.
    #[must_use]
    #[track_caller]
    pub fn all(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("all", axes.into(), false)
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
    pub fn mean(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("mean", axes.into(), false)
    }

    /// Variance along `axes`, in one pass; never negative, 0 for constant data; the divisor is
    /// `n - ddof`.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn var(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("var", axes.into(), false)
    }

    /// Standard deviation along `axes`: the square root of [`Array::var`].
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn std(&self, axes: impl Into<Reduction>) -> Array {
        self.fold("std", axes.into(), false)
    }
}
