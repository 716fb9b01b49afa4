//! Where is an array not 0, and which values does it hold?
//!
//! How many places or values there are is counted when it is computed.

use crate::Array;
use crate::selected::counted;
use tilewright_core::{Error, Kind, Result};
use tilewright_expr::{Expr, build};

/// The distinct elements of an array, and where they stand; made by [`Array::unique`].
#[derive(Clone, Debug)]
pub struct Unique {
    /// The elements in ascending order, each once.
    pub values: Array,
    /// Where each stands first in the array in C order.
    pub index: Array,
    /// For each element of the array, in its shape, the number of its value.
    pub inverse: Array,
    /// How often each stands in the array.
    pub counts: Array,
}

/// How often an array is not 0.
fn truths(exprs: &[Expr]) -> Result<Vec<crate::counted::Count>> {
    Ok(vec![counted(&build::truth(&exprs[0])?)?])
}

impl Array {
    /// Where it is not 0, in C order: an index array for each axis.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for an array without axes, in an array of its own.
    ///
    /// ```
    /// let x = tilewright::array([0, 3, 0, 5], [2, 2]);
    /// let [rows, columns] = &x.nonzero()[..] else { unreachable!() };
    /// assert_eq!(rows.compute()?.to_vec::<i64>()?, [0, 1]);
    /// assert_eq!(columns.compute()?.to_vec::<i64>()?, [1, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn nonzero(&self) -> Vec<Array> {
        match self.ndim() {
            Ok(0) => vec![Array::new(Err(Error::new(
                Kind::Shape,
                "nonzero of an array of 0 dimensions",
            )
            .way_out("an array of one axis or more")))],
            Ok(ndim) => (0..ndim).map(|axis| self.nonzero_along(axis)).collect(),
            Err(_) if self.error().is_some() => vec![self.clone()],
            Err(error) => vec![Array::new(Err(error))],
        }
    }

    #[track_caller]
    fn nonzero_along(&self, axis: usize) -> Array {
        Array::recipe([self], truths, move |exprs, lengths| {
            let places = build::places(&build::truth(&exprs[0])?, lengths[0])?;
            places
                .get(axis)
                .cloned()
                .ok_or_else(|| crate::internal("an axis that is not there"))
        })
    }

    /// Where it is not 0, as positions in C order.
    #[must_use]
    #[track_caller]
    pub fn flatnonzero(&self) -> Array {
        Array::recipe([self], truths, |exprs, lengths| {
            build::flat_places(&build::truth(&exprs[0])?, lengths[0])
        })
    }

    /// Where it is not 0: a line of indices for each place.
    #[must_use]
    #[track_caller]
    pub fn argwhere(&self) -> Array {
        Array::recipe([self], truths, |exprs, lengths| {
            build::argwhere(&build::truth(&exprs[0])?, lengths[0])
        })
    }

    /// The lines along an axis where a condition of one axis is not 0; of the array in C order
    /// without an axis. The condition may be shorter than the axis.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for a condition of other than one axis,
    /// [`Kind::Index`](crate::Kind::Index) for one that is longer than the axis.
    #[must_use]
    #[track_caller]
    pub fn compress(&self, condition: &Array, axis: Option<i64>) -> Array {
        Array::recipe([condition, self], truths, move |exprs, lengths| {
            let mask = build::truth(&exprs[0])?;
            build::compress(&exprs[1], &mask, lengths[0], axis)
        })
    }

    /// Its distinct elements, sorted; every NaN is one of them if `equal_nan`. The elements must
    /// fit the memory, as for a sort.
    ///
    /// ```
    /// let x = tilewright::array([3i64, 1, 3, 2], [4]).unique(true);
    /// assert_eq!(x.values.compute()?.to_vec::<i64>()?, [1, 2, 3]);
    /// assert_eq!(x.counts.compute()?.to_vec::<i64>()?, [1, 1, 2]);
    /// assert_eq!(x.inverse.compute()?.to_vec::<i64>()?, [2, 0, 2, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn unique(&self, equal_nan: bool) -> Unique {
        let inverse = self.then(move |x| build::Unique::new(x, equal_nan)?.inverse(x.shape()));
        self.distinct(move |x| build::Unique::new(x, equal_nan), inverse)
    }

    /// Its distinct lines along an axis, in the order of their elements; a line with NaN equals none.
    /// `inverse` has the number of each line.
    ///
    /// ```
    /// let x = tilewright::array([2i64, 1, 0, 5, 2, 1], [3, 2]).unique_lines(0);
    /// assert_eq!(x.values.compute()?.to_vec::<i64>()?, [0, 5, 2, 1]);
    /// assert_eq!(x.inverse.compute()?.to_vec::<i64>()?, [1, 0, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) for a bad axis, in every part.
    #[must_use]
    #[track_caller]
    pub fn unique_lines(&self, axis: i64) -> Unique {
        let lines = move |x: &Expr| build::Unique::of_lines(x, axis);
        let inverse = self.then(move |x| {
            let place = build::normalize_axes(&[axis], x.shape().len())?[0];
            lines(x)?.inverse(&[x.shape()[place]])
        });
        self.distinct(lines, inverse)
    }

    /// The parts of what is distinct, of which the inverse is known.
    #[track_caller]
    fn distinct(
        &self,
        of: impl Fn(&Expr) -> Result<build::Unique> + Copy + Send + Sync + 'static,
        inverse: Array,
    ) -> Unique {
        let part = |part: fn(&build::Unique, i64) -> Result<Expr>| {
            let counts = move |exprs: &[Expr]| Ok(vec![counted(&of(&exprs[0])?.first)?]);
            Array::recipe([self], counts, move |exprs, lengths| {
                part(&of(&exprs[0])?, lengths[0])
            })
        };
        Unique {
            values: part(build::Unique::values),
            index: part(build::Unique::index),
            counts: part(build::Unique::counts),
            inverse,
        }
    }
}
