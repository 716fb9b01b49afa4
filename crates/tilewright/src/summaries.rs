//! Which summaries of axes are expressions of reductions?
//!
//! Reductions where NaN does not count, counts, ranges, weighted means, moments, norms and traces.

use crate::{Array, Axes, Reduction};
use tilewright_core::DType;
use tilewright_expr::build;
pub use tilewright_expr::build::Order as NormOrder;

macro_rules! without_nan {
    ($($(#[$doc:meta])* $name:ident $plain:literal;)*) => {
        impl Array {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// As the form without `nan`.
            #[must_use]
            #[track_caller]
            pub fn $name(&self, axes: impl Into<Reduction>) -> Array {
                self.fold($plain, axes.into(), true)
            }
        )*}
    };
}

without_nan! {
    /// Sum along `axes` of what is not NaN; of nothing 0.
    ///
    /// ```
    /// let x = tilewright::array([1.0, f64::NAN, 2.0], [3]);
    /// assert_eq!(x.nansum(..).compute()?.item::<f64>()?, 3.0);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    nansum "sum";
    /// Product along `axes` of what is not NaN; of nothing 1.
    nanprod "prod";
    /// Minimum along `axes` of what is not NaN; NaN where nothing else is.
    nanmin "min";
    /// Maximum along `axes` of what is not NaN; NaN where nothing else is.
    nanmax "max";
    /// Mean along `axes` of what is not NaN; of nothing NaN.
    nanmean "mean";
    /// Variance along `axes` of what is not NaN; NaN for too few degrees of freedom. Two passes: the
    /// mean is taken first.
    nanvar "var";
    /// The square root of [`Array::nanvar`].
    nanstd "std";
}

impl Array {
    /// The singular values of the matrices in the last two axes, in descending order.
    ///
    /// * **Dtype** floats keep theirs, computed in f64; others give f64.  **Memory** a task holds a matrix
    ///   whole.
    /// * **Accuracy** each within 64 k^1.5 u of the largest, k the shorter side; the same bits on any
    ///   machine. NaN alone where an element is not finite.
    ///
    /// ```
    /// let x = tilewright::array([3.0, 0.0, 0.0, -4.0], [2, 2]);
    /// assert_eq!(x.svdvals().compute()?.to_vec::<f64>()?, [4.0, 3.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for fewer than two axes,
    /// [`Kind::DType`](crate::Kind::DType) for float16.
    #[must_use]
    #[track_caller]
    pub fn svdvals(&self) -> Array {
        self.then(build::svdvals)
    }

    /// How many elements along `axes` are not 0, i64; NaN is not.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if an axis is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn count_nonzero(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::count_nonzero(x, axes.named(), axes.keeps()))
    }

    /// The largest element along `axes` less the smallest; integers wrap.
    ///
    /// # Errors
    /// As [`Array::max`]; [`Kind::DType`](crate::Kind::DType) for bool.
    #[must_use]
    #[track_caller]
    pub fn ptp(&self, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::ptp(x, axes.named(), axes.keeps()))
    }

    /// Mean along `axes` with weights: as many as elements, or of the shape of the axes in the order
    /// in which they are named. Weights whose sum is 0 give NaN or infinity.
    ///
    /// # Errors
    /// As [`Array::mean`]; [`Kind::Shape`](crate::Kind::Shape) for weights of another shape.
    ///
    /// ```
    /// use tilewright::{array, axis};
    ///
    /// let x = array([1.0, 2.0, 3.0, 6.0], [2, 2]);
    /// let mean = x.average(axis(1), &array([3.0, 1.0], [2]));
    /// assert_eq!(mean.compute()?.to_vec::<f64>()?, [1.25, 3.75]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn average(&self, axes: impl Into<Axes>, weights: &Array) -> Array {
        let axes = axes.into();
        Array::join([self, weights], move |arrays| match arrays {
            [x, weights] => {
                build::average(x, axes.named(), Some(weights), axes.keeps()).map(|(mean, _)| mean)
            }
            _ => Err(crate::internal("average of other than two arrays")),
        })
    }

    /// The sum of the weights of each mean that [`Array::average`] gives; the number of elements
    /// without weights.
    ///
    /// # Errors
    /// As [`Array::average`].
    #[must_use]
    #[track_caller]
    pub fn average_weights(&self, axes: impl Into<Axes>, weights: Option<&Array>) -> Array {
        let axes = axes.into();
        Array::join([Some(self), weights].into_iter().flatten(), move |arrays| {
            let (x, weights) = arrays
                .split_first()
                .ok_or_else(|| crate::internal("average of nothing"))?;
            let sum = build::average(x, axes.named(), weights.first(), axes.keeps())?;
            Ok(sum.1)
        })
    }

    /// The central moment of this order along `axes`: the mean of the powers of the deviations from
    /// the mean. Two passes: the mean is taken first.
    ///
    /// # Errors
    /// As [`Array::mean`]; [`Kind::Value`](crate::Kind::Value) for a negative order.
    #[must_use]
    #[track_caller]
    pub fn moment(&self, order: i64, axes: impl Into<Axes>, ddof: f64) -> Array {
        let axes = axes.into();
        self.then(move |x| build::moment(x, order, axes.named(), ddof, axes.keeps()))
    }

    /// The norm of vectors along one axis or of matrices along two; `..` is for an array of one or
    /// two axes, or, with [`NormOrder::Usual`], for all elements.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for bad axes, [`Kind::Value`](crate::Kind::Value) for an
    /// order that is none here, [`Kind::DType`](crate::Kind::DType) for singular values of float16.
    #[must_use]
    #[track_caller]
    pub fn norm(&self, order: NormOrder, axes: impl Into<Axes>) -> Array {
        let axes = axes.into();
        self.then(move |x| build::norm(x, order, axes.named(), axes.keeps()))
    }

    /// The sum along a diagonal of two axes, `offset` above the main one; in a dtype as
    /// [`Array::sum`].
    ///
    /// # Errors
    /// As [`Array::diagonal`].
    #[must_use]
    #[track_caller]
    pub fn trace(&self, offset: i64, axis1: i64, axis2: i64, dtype: Option<DType>) -> Array {
        self.then(move |x| build::trace(x, offset, axis1, axis2, dtype))
    }
}
