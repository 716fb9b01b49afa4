//! Which products of arrays are there?
//!
//! All multiply and sum: axes that run together are contracted, of any dtype, in the order of a
//! reduction, so that the bits depend on neither threads nor memory.

use crate::Array;
use crate::rows::binary;
use tilewright_core::DType;
use tilewright_expr::build;

impl Array {
    /// The product of matrices in the last two axes; the others broadcast.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for lengths that disagree or an array without axes.
    ///
    /// ```
    /// let a = tilewright::array([1i64, 2, 3, 4], [2, 2]);
    /// assert_eq!(a.matmul(&a).compute()?.to_vec::<i64>()?, [7, 10, 15, 22]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn matmul(&self, other: &Array) -> Array {
        binary(self, other, build::matmul)
    }

    /// The last axis of this with the last but one of `other`, all others side by side.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for lengths that disagree.
    #[must_use]
    #[track_caller]
    pub fn dot(&self, other: &Array) -> Array {
        binary(self, other, build::dot)
    }

    /// The last axes of both contracted, all others side by side.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for lengths that disagree.
    #[must_use]
    #[track_caller]
    pub fn inner(&self, other: &Array) -> Array {
        binary(self, other, build::inner)
    }

    /// The elements of both in C order, multiplied and summed.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if their numbers differ.
    #[must_use]
    #[track_caller]
    pub fn vdot(&self, other: &Array) -> Array {
        binary(self, other, build::vdot)
    }

    /// Every product of an element of this and one of `other`, as a matrix.
    #[must_use]
    #[track_caller]
    pub fn outer(&self, other: &Array) -> Array {
        binary(self, other, build::outer)
    }

    /// The Kronecker product: blocks of `other`, one for each element of this.
    #[must_use]
    #[track_caller]
    pub fn kron(&self, other: &Array) -> Array {
        binary(self, other, build::kron)
    }

    /// Pairs of axes contracted: `axes.0` of this with `axes.1` of `other`.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for bad axes, [`Kind::Shape`](crate::Kind::Shape) for
    /// lengths that disagree.
    #[must_use]
    #[track_caller]
    pub fn tensordot(&self, other: &Array, axes: (&[i64], &[i64])) -> Array {
        let axes = (axes.0.to_vec(), axes.1.to_vec());
        binary(self, other, move |a, b| {
            build::tensordot(a, b, (&axes.0, &axes.1))
        })
    }

    /// The last `count` axes of this contracted with the first of `other`.
    ///
    /// # Errors
    /// As [`Array::tensordot`].
    #[must_use]
    #[track_caller]
    pub fn tensordot_last(&self, other: &Array, count: i64) -> Array {
        binary(self, other, move |a, b| build::tensordot_last(a, b, count))
    }

    /// The covariance of variables: rows are variables, columns observations.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for more than two axes or other numbers of weights;
    /// [`Kind::Value`](crate::Kind::Value) for a weight below 0 that is written out;
    /// [`Kind::DType`](crate::Kind::DType) for repeats that are not whole.
    ///
    /// ```
    /// use tilewright::{Covariance, array};
    ///
    /// let x = array([1.0, 2.0, 4.0], [3]);
    /// let twice = Covariance {
    ///     repeats: Some(array([1i64, 2, 1], [3])),
    ///     ..Covariance::default()
    /// };
    /// let same = array([1.0, 2.0, 2.0, 4.0], [4]).cov(&Covariance::default());
    /// assert_eq!(x.cov(&twice).compute()?.item::<f64>()?, same.compute()?.item::<f64>()?);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn cov(&self, how: &Covariance) -> Array {
        self.covariance(None, how)
    }

    /// As [`Array::cov`], with the variables of `other` below these.
    ///
    /// # Errors
    /// As [`Array::cov`], and for other numbers of observations.
    #[must_use]
    #[track_caller]
    pub fn cov_with(&self, other: &Array, how: &Covariance) -> Array {
        self.covariance(Some(other), how)
    }

    #[track_caller]
    fn covariance(&self, other: Option<&Array>, how: &Covariance) -> Array {
        let given = [other, how.repeats.as_ref(), how.weights.as_ref()];
        let there = given.map(|part| part.is_some());
        let plain: build::Covariance = how.with(None, None);
        let arrays = [Some(self)].into_iter().chain(given).flatten();
        Array::join(arrays, move |exprs| {
            let (x, rest) = exprs
                .split_first()
                .ok_or_else(|| crate::internal("a covariance of nothing"))?;
            let mut rest = rest.iter();
            let [other, repeats, weights] = there.map(|there| match there {
                true => rest.next().cloned(),
                false => None,
            });
            build::cov(x, other.as_ref(), &plain.with(repeats, weights))
        })
    }

    /// The correlation of variables, from −1 to 1.
    ///
    /// # Errors
    /// As [`Array::cov`].
    #[must_use]
    #[track_caller]
    pub fn corrcoef(&self, rowvar: bool, dtype: DType) -> Array {
        self.then(move |x| build::corrcoef(x, None, rowvar, dtype))
    }

    /// As [`Array::corrcoef`], with the variables of `other` below these.
    ///
    /// # Errors
    /// As [`Array::cov_with`].
    #[must_use]
    #[track_caller]
    pub fn corrcoef_with(&self, other: &Array, rowvar: bool, dtype: DType) -> Array {
        binary(self, other, move |x, y| {
            build::corrcoef(x, Some(y), rowvar, dtype)
        })
    }
}

/// How a covariance is taken.
pub type Covariance = build::Covariance<Array>;

/// Einstein's summation: `einsum("ij,jk->ik", &[&a, &b])`.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) for subscripts that cannot be read or do not fit,
/// [`Kind::Shape`](crate::Kind::Shape) for lengths that disagree; held by the array.
///
/// ```
/// use tilewright::{arange, einsum};
///
/// let x = arange(0, 4, 1).reshape([2, 2]);
/// assert_eq!(einsum("ij->j", &[&x]).compute()?.to_vec::<i64>()?, [2, 4]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn einsum(subscripts: &str, operands: &[&Array]) -> Array {
    let subscripts = subscripts.to_owned();
    Array::join(operands.iter().copied(), move |exprs| {
        build::einsum(&subscripts, exprs)
    })
}
