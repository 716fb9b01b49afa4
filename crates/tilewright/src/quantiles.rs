//! Medians and quantiles: along which axes, and how between two elements?
//!
//! The rows that the axes make are taken whole; with few fractions they are not sorted.

use crate::rows::binary;
use crate::{Array, Axes};
use tilewright_core::Result;
use tilewright_expr::build;
pub use tilewright_expr::build::quantile::{Fractions, Method as QuantileMethod};

/// Axes, and how a quantile between two elements is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileAxes {
    axes: Axes,
    method: QuantileMethod,
}

impl Axes {
    /// How a quantile between two elements is chosen; linear without.
    #[must_use]
    pub fn method(self, method: QuantileMethod) -> QuantileAxes {
        QuantileAxes { axes: self, method }
    }
}

impl QuantileAxes {
    /// Reduced axes stay as length 1.
    #[must_use]
    pub fn keepdims(mut self) -> QuantileAxes {
        self.axes = self.axes.keepdims();
        self
    }

    fn how(&self, skip_nan: bool) -> build::quantile::Quantiles {
        build::quantile::Quantiles {
            method: self.method,
            skip_nan,
            keepdims: self.axes.keeps(),
        }
    }
}

impl From<Axes> for QuantileAxes {
    fn from(axes: Axes) -> QuantileAxes {
        axes.method(QuantileMethod::Linear)
    }
}

impl From<std::ops::RangeFull> for QuantileAxes {
    fn from(_: std::ops::RangeFull) -> QuantileAxes {
        crate::all_axes().into()
    }
}

/// NumPy's method of this name.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) if there is none.
pub fn quantile_method(name: &str) -> Result<QuantileMethod> {
    build::quantile::method(name)
}

impl Array {
    /// Median along `axes`: the middle element, or the mean of the two; NaN gives NaN.
    ///
    /// ```
    /// use tilewright::axis;
    ///
    /// let x = tilewright::array([4.0, 1.0, 3.0, 2.0], [4]);
    /// assert_eq!(x.median(axis(0)).compute()?.item::<f64>()?, 2.5);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn median(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::median(x, axes.named(), false, axes.keeps()))
    }

    /// As [`Array::median`], passing over NaN.
    #[must_use]
    #[track_caller]
    pub fn nanmedian(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::median(x, axes.named(), true, axes.keeps()))
    }

    /// The values below which fractions `q` of the elements along `axes` lie.
    ///
    /// * **Shape** several fractions stand along a new first axis.  **Dtype** f64; one fraction of
    ///   f32 stays f32, and methods that pick an element keep its dtype.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for a fraction outside 0 to 1 or no elements.
    ///
    /// ```
    /// use tilewright::{Fractions, QuantileMethod, axis};
    ///
    /// let x = tilewright::array([1.0, 2.0, 3.0, 4.0], [4]);
    /// let q = x.quantile(Fractions::One(0.25), axis(0));
    /// assert_eq!(q.compute()?.item::<f64>()?, 1.75);
    /// let q = x.quantile(Fractions::One(0.25), axis(0).method(QuantileMethod::Lower));
    /// assert_eq!(q.compute()?.item::<f64>()?, 1.0);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn quantile(&self, q: Fractions, axes: impl Into<QuantileAxes>) -> Array {
        self.quantiles(&q, axes.into(), false)
    }

    /// As [`Array::quantile`], passing over NaN.
    ///
    /// # Errors
    /// As [`Array::quantile`].
    #[must_use]
    #[track_caller]
    pub fn nanquantile(&self, q: Fractions, axes: impl Into<QuantileAxes>) -> Array {
        self.quantiles(&q, axes.into(), true)
    }

    /// As [`Array::quantile`], at fractions that are an array: its axes stand first in the result, which
    /// is in the float that both have together unless the method picks elements.
    ///
    /// ```
    /// use tilewright::{arange, axis};
    ///
    /// let x = tilewright::array([1.0, 2.0, 3.0, 4.0, 5.0], [5]);
    /// let q = x.quantile_at(&(arange(0, 3, 1) / 2), axis(0));
    /// assert_eq!(q.compute()?.to_vec::<f64>()?, [1.0, 3.0, 5.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Array::quantile`]. One outside 0 to 1 is an error of the run where it is not written out.
    #[must_use]
    #[track_caller]
    pub fn quantile_at(&self, q: &Array, axes: impl Into<QuantileAxes>) -> Array {
        self.quantiles_at(q, axes.into(), false)
    }

    /// As [`Array::quantile_at`], passing over NaN.
    ///
    /// # Errors
    /// As [`Array::quantile_at`].
    #[must_use]
    #[track_caller]
    pub fn nanquantile_at(&self, q: &Array, axes: impl Into<QuantileAxes>) -> Array {
        self.quantiles_at(q, axes.into(), true)
    }

    #[track_caller]
    fn quantiles_at(&self, q: &Array, axes: QuantileAxes, skip_nan: bool) -> Array {
        let how = axes.how(skip_nan);
        binary(self, q, move |x, q| {
            build::quantile_at(x, q, axes.axes.named(), how)
        })
    }

    /// The least elements along `axes` at or below which fractions `q` of all weight lie: NumPy's
    /// method `inverted_cdf`. Weights have this array's shape, or that of the axes in their order;
    /// with `skip_nan` NaN weighs nothing.
    ///
    /// # Errors
    /// As [`Array::quantile`]; [`Kind::Shape`](crate::Kind::Shape) for weights of another shape.
    ///
    /// ```
    /// use tilewright::{Fractions, axis};
    ///
    /// let x = tilewright::array([3i64, 1, 2], [3]);
    /// let weights = tilewright::array([1i64, 1, 5], [3]);
    /// let q = x.weighted_quantile(Fractions::One(0.5), axis(0), &weights, false);
    /// assert_eq!(q.compute()?.item::<i64>()?, 2);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn weighted_quantile(
        &self,
        q: Fractions,
        axes: impl Into<Axes>,
        weights: &Array,
        skip_nan: bool,
    ) -> Array {
        match build::quantile::fractions(&q) {
            Ok(q) => self.weighted_quantile_at(&Array::from_expr(q), axes, weights, skip_nan),
            Err(error) => Array::new(Err(error)),
        }
    }

    /// As [`Array::weighted_quantile`], at fractions that are an array: its axes stand first.
    ///
    /// # Errors
    /// As [`Array::weighted_quantile`] and [`Array::quantile_at`].
    #[must_use]
    #[track_caller]
    pub fn weighted_quantile_at(
        &self,
        q: &Array,
        axes: impl Into<Axes>,
        weights: &Array,
        skip_nan: bool,
    ) -> Array {
        let axes = axes.into();
        let (named, keeps) = (axes.named().map(<[i64]>::to_vec), axes.keeps());
        Array::join([self, q, weights], move |exprs| match exprs {
            [x, q, weights] => {
                build::weighted_quantile(x, q, weights, named.as_deref(), skip_nan, keeps)
            }
            _ => Err(crate::internal("a quantile of other than three arrays")),
        })
    }

    #[track_caller]
    fn quantiles(&self, q: &Fractions, axes: QuantileAxes, skip_nan: bool) -> Array {
        let how = axes.how(skip_nan);
        let q = q.clone();
        self.then(move |x| build::quantile(x, &q, axes.axes.named(), how))
    }
}
