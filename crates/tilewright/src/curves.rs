//! Which functions of vectors and of points on a line are there?

use crate::operand::combine;
use crate::rows::binary;
use crate::{Array, Operand};
use tilewright_expr::build;
pub use tilewright_expr::build::{CrossAxes, Ends, Overlap};

impl Array {
    /// The products of vectors along an axis of each, summed; the other axes broadcast.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis, [`Kind::Shape`](crate::Kind::Shape) for
    /// vectors of different lengths.
    #[must_use]
    #[track_caller]
    pub fn vecdot(&self, other: &Array, axis: i64) -> Array {
        binary(self, other, move |a, b| build::vecdot(a, b, axis))
    }

    /// Matrices in the last two axes times vectors in the last of `vectors`.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for lengths that do not go together, or no matrices.
    #[must_use]
    #[track_caller]
    pub fn matvec(&self, vectors: &Array) -> Array {
        binary(self, vectors, build::matvec)
    }

    /// Vectors in the last axis times matrices in the last two of `matrices`.
    ///
    /// # Errors
    /// As [`Array::matvec`].
    #[must_use]
    #[track_caller]
    pub fn vecmat(&self, matrices: &Array) -> Array {
        binary(self, matrices, build::vecmat)
    }

    /// The cross product of vectors of three components, or of two, whose third is 0; of two such
    /// ones the third component alone. The other axes broadcast.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis, [`Kind::Shape`](crate::Kind::Shape) for
    /// vectors of another length.
    ///
    /// ```
    /// use tilewright::{CrossAxes, array};
    ///
    /// let (x, y) = (array([1i64, 0, 0], [3]), array([0i64, 1, 0], [3]));
    /// let z = x.cross(&y, CrossAxes { a: -1, b: -1, c: -1 });
    /// assert_eq!(z.compute()?.to_vec::<i64>()?, [0, 0, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn cross(&self, other: &Array, axes: CrossAxes) -> Array {
        binary(self, other, move |a, b| build::cross(a, b, axes))
    }

    /// The sums over n of `self[n] * other[k - n]`, of two vectors, for each k where they overlap.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for other than vectors, or empty ones.
    ///
    /// ```
    /// use tilewright::{Overlap, array};
    ///
    /// let x = array([1i64, 2, 3], [3]).convolve(&array([0i64, 1, 5], [3]), Overlap::Full);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [0, 1, 7, 13, 15]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn convolve(&self, other: &Array, overlap: Overlap) -> Array {
        binary(self, other, move |a, v| build::convolve(a, v, overlap))
    }

    /// The sums over n of `self[n + k] * other[n]`, of two vectors, for each place k where they overlap.
    ///
    /// # Errors
    /// As [`Array::convolve`].
    #[must_use]
    #[track_caller]
    pub fn correlate(&self, other: &Array, overlap: Overlap) -> Array {
        binary(self, other, move |a, v| build::correlate(a, v, overlap))
    }

    /// The powers of each element of a vector along a new axis, from 0 on if they are `increasing`,
    /// else down to 0.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for other than a vector, or a negative `count`.
    #[must_use]
    #[track_caller]
    pub fn vander(&self, count: i64, increasing: bool) -> Array {
        self.then(move |x| build::vander(x, count, increasing))
    }

    /// The integral along an axis by the trapezoid rule, of points that lie `dx` apart: a number, or
    /// an array that broadcasts to the gaps.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis.
    #[must_use]
    #[track_caller]
    pub fn trapezoid(&self, dx: impl Into<Operand>, axis: i64) -> Array {
        combine(&[self.into(), dx.into()], move |given| match given {
            [build::Operand::Array(y), dx] => build::trapezoid(y, dx.clone(), axis),
            _ => Err(crate::internal("an integral of no array")),
        })
    }

    /// As [`Array::trapezoid`], of points at these places: of the axis alone, or broadcast.
    ///
    /// # Errors
    /// As [`Array::trapezoid`]; [`Kind::Shape`](crate::Kind::Shape) for places of another number.
    #[must_use]
    #[track_caller]
    pub fn trapezoid_at(&self, places: &Array, axis: i64) -> Array {
        binary(self, places, move |y, x| build::trapezoid_at(y, x, axis))
    }

    /// The value at each element on the lines between known points, whose places ascend; float64.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for points that are not two vectors of one length, or
    /// none.
    ///
    /// ```
    /// use tilewright::{Ends, array};
    ///
    /// let (places, values) = (array([0.0, 1.0, 2.0], [3]), array([3.0, 4.0, 1.0], [3]));
    /// let y = array([0.5, 1.5, 9.0], [3]).interp(&places, &values, Ends::default());
    /// assert_eq!(y.compute()?.to_vec::<f64>()?, [3.5, 2.5, 1.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn interp(&self, places: &Array, values: &Array, ends: Ends) -> Array {
        Array::join([self, places, values], move |exprs| match exprs {
            [x, places, values] => build::interp(x, places, values, ends),
            _ => Err(crate::internal("interp of other than three arrays")),
        })
    }

    /// As [`Array::interp`], of a curve that repeats after `period`; places need not ascend.
    ///
    /// # Errors
    /// As [`Array::interp`]; [`Kind::Value`](crate::Kind::Value) for a period of 0.
    #[must_use]
    #[track_caller]
    pub fn interp_periodic(&self, places: &Array, values: &Array, period: f64) -> Array {
        Array::join([self, places, values], move |exprs| match exprs {
            [x, places, values] => build::interp_periodic(x, places, values, period),
            _ => Err(crate::internal("interp of other than three arrays")),
        })
    }
}
