//! Which calls make a new array of one there is and of another that is computed?
//!
//! How long a result is shows when the counts are computed, or the points that are left. Absent:
//! points that are written out (`shapes`).

use crate::Array;
use tilewright_expr::{Expr, build};

impl Array {
    /// What NumPy's `out=` and `where=` leave in `out`, as a value: this, broadcast and in the dtype of
    /// `out`, and the elements of `out` where a mask is given and false.
    ///
    /// ```
    /// use tilewright::{arange, zeros};
    ///
    /// let x = arange(-1, 3, 1);
    /// let roots = x.sqrt().held_by(&zeros([4]), Some(&x.gt(0)));
    /// assert_eq!(roots.compute()?.to_vec::<f64>()?, [0.0, 0.0, 1.0, 2f64.sqrt()]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::DType`](crate::Kind::DType) if the dtype of `out` is of another kind than results are cast
    /// to, or the mask is no mask; [`Kind::Shape`](crate::Kind::Shape) if this or the mask does not
    /// broadcast into `out`.
    #[must_use]
    #[track_caller]
    pub fn held_by(&self, out: &Array, only: Option<&Array>) -> Array {
        let arrays = [self, out].into_iter().chain(only);
        Array::join(arrays, |exprs| {
            build::hold(&exprs[0], &exprs[1], exprs.get(2))
        })
    }

    /// Each element along an axis, or in C order without one, as often as `counts` says.
    ///
    /// ```
    /// use tilewright::{arange, array};
    ///
    /// let x = arange(0, 3, 1);
    /// let counts = &x + 1;
    /// assert_eq!(x.repeat_by(&counts, None).compute()?.to_vec::<i64>()?, [0, 1, 1, 2, 2, 2]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis, [`Kind::DType`](crate::Kind::DType) for counts
    /// that are no integers, [`Kind::Shape`](crate::Kind::Shape) for others than one for each element.
    /// A count below 0 is an error of the run.
    #[must_use]
    #[track_caller]
    pub fn repeat_by(&self, counts: &Array, axis: Option<i64>) -> Array {
        let repeated = move |exprs: &[Expr]| build::Repeated::new(&exprs[0], &exprs[1], axis);
        let totals = move |exprs: &[Expr]| {
            let total = repeated(exprs)?.total()?;
            // Nothing bounds it; one of each stands for that.
            Ok(total
                .map(|total| (total, exprs[0].elements()))
                .into_iter()
                .collect())
        };
        Array::recipe([self, counts], totals, move |exprs, lengths| {
            repeated(exprs)?.elements(lengths.first().copied())
        })
    }

    /// Without the points of an axis, or of the array in C order, that are in an array of positions or
    /// true in a mask.
    ///
    /// # Errors
    /// As [`Array::delete`]; a position that is computed and out of range is an error of the run.
    #[must_use]
    #[track_caller]
    pub fn delete_at(&self, points: &Array, axis: Option<i64>) -> Array {
        let counts = move |exprs: &[Expr]| match build::delete_written(&exprs[0], &exprs[1], axis) {
            Some(_) => Ok(Vec::new()),
            None => Ok(vec![crate::selected::counted(&build::kept(
                &exprs[0], &exprs[1], axis,
            )?)?]),
        };
        Array::recipe([self, points], counts, move |exprs, lengths| {
            let (x, points) = (&exprs[0], &exprs[1]);
            match (lengths, build::delete_written(x, points, axis)) {
                ([left, ..], _) => build::compress(x, &build::kept(x, points, axis)?, *left, axis),
                ([], Some(deleted)) => deleted,
                ([], None) => Err(crate::internal(
                    "points that are neither counted nor written",
                )),
            }
        })
    }

    /// With `values`, in its dtype, before the points of an axis, or of the array in C order, that are
    /// in an array of positions or true in a mask.
    ///
    /// # Errors
    /// As [`Array::insert`]; a position that is computed and out of range is an error of the run.
    #[must_use]
    #[track_caller]
    pub fn insert_at(&self, points: &Array, values: &Array, axis: Option<i64>) -> Array {
        let mask = points
            .dtype()
            .is_ok_and(|dtype| dtype == crate::DType::Bool);
        let points = if mask {
            points.flatnonzero()
        } else {
            points.clone()
        };
        Array::join([self, &points, values], move |exprs| {
            build::insert_at(&exprs[0], &exprs[1], &exprs[2], axis)
        })
    }
}
