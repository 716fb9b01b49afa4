//! Which elements do two arrays have in common?
//!
//! Sorted, each once, as sets are. How many they are is counted when they are computed; the elements
//! of both must fit the memory, as for a sort.

use crate::rows::binary;
use crate::{Array, Item, Outside, concatenate};
use tilewright_expr::build;

/// What two arrays have in common, and where; made by [`Array::intersect1d`].
#[derive(Clone, Debug)]
pub struct Intersection {
    /// The elements.
    pub values: Array,
    /// Where each stands first in the one array.
    pub first: Array,
    /// … in the other.
    pub second: Array,
}

/// Where a mask of one axis is true.
fn selected(x: &Array, mask: &Array) -> Array {
    x.slice([Item::from(mask.clone())])
}

/// Everything of one axis but its last element.
fn before(x: &Array) -> Array {
    x.slice([Item::slice(None, Some(-1), None)])
}

/// Everything of one axis but its first element.
fn behind(x: &Array) -> Array {
    x.slice([Item::slice(Some(1), None, None)])
}

/// Positions in two arrays one after the other, as those in the second.
fn beyond(places: &Array, first: &Array) -> Array {
    binary(places, first, |places, first| {
        let before = build::Operand::Int(first.elements().into());
        build::operate("subtract", &[places.clone().into(), before])
    })
}

/// The elements of both arrays one after the other, each once in its array.
fn side_by_side(a: &Array, b: &Array, assume_unique: bool) -> Array {
    let each = |x: &Array| match assume_unique {
        true => x.ravel(),
        false => x.unique(true).values,
    };
    concatenate(&[each(a), each(b)], 0)
}

impl Array {
    /// Whether each element is one of `among`; NaN is none.
    ///
    /// ```
    /// let x = tilewright::array([3i64, 1, 2], [3]);
    /// let found = x.isin(&tilewright::array([1i64, 2, 7], [3]));
    /// assert_eq!(found.compute()?.to_vec::<bool>()?, [false, true, true]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn isin(&self, among: &Array) -> Array {
        binary(self, among, build::isin)
    }

    /// The elements of either.
    #[must_use]
    #[track_caller]
    pub fn union1d(&self, other: &Array) -> Array {
        concatenate(&[self.ravel(), other.ravel()], 0)
            .unique(true)
            .values
    }

    /// The elements of both. With `assume_unique` each array is taken to hold each element once.
    ///
    /// ```
    /// let (a, b) = (tilewright::array([3i64, 1, 2, 3], [4]), tilewright::array([3i64, 2, 9], [3]));
    /// assert_eq!(a.intersect1d(&b, false).values.compute()?.to_vec::<i64>()?, [2, 3]);
    /// assert_eq!(a.setdiff1d(&b, false).compute()?.to_vec::<i64>()?, [1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn intersect1d(&self, other: &Array, assume_unique: bool) -> Intersection {
        let all = side_by_side(self, other, assume_unique);
        let (sorted, order) = (all.sort(0), all.argsort(0));
        let twice = behind(&sorted).equal(before(&sorted));
        let (first, second) = (
            selected(&before(&order), &twice),
            selected(&behind(&order), &twice),
        );
        let values = selected(&before(&sorted), &twice);
        if assume_unique {
            let second = beyond(&second, self);
            return Intersection {
                values,
                first,
                second,
            };
        }
        let (own, others) = (self.unique(true), other.unique(true));
        let second = beyond(&second, &own.values);
        Intersection {
            values,
            first: own.index.take(&first, Some(0), Outside::Raise),
            second: others.index.take(&second, Some(0), Outside::Raise),
        }
    }

    /// The elements of this that are not in `other`: sorted and each once, or with `assume_unique` as
    /// they stand.
    #[must_use]
    #[track_caller]
    pub fn setdiff1d(&self, other: &Array, assume_unique: bool) -> Array {
        let own = match assume_unique {
            true => self.ravel(),
            false => self.unique(true).values,
        };
        selected(&own, &!own.isin(other))
    }

    /// The elements of one of the two that are not in the other. With `assume_unique` each array is
    /// taken to hold each element once.
    #[must_use]
    #[track_caller]
    pub fn setxor1d(&self, other: &Array, assume_unique: bool) -> Array {
        let sorted = side_by_side(self, other, assume_unique).sort(0);
        selected(&sorted, &sorted.then(build::unpaired))
    }
}
