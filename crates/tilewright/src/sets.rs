//! Which elements do two arrays have in common?
//!
//! Sorted, each once, as sets are. How many they are is counted when they are computed; the elements
//! of both must fit the memory, as for a sort.

use crate::rows::binary;
use crate::{Array, Item, Unique, concatenate};
use tilewright_core::DType;
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

/// The distinct elements, and which of them are in another array.
fn against(x: &Array, other: &Array) -> (Unique, Array) {
    let unique = x.unique(true);
    let common = unique.values.isin(other);
    (unique, common)
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

    /// The elements of both.
    ///
    /// ```
    /// let (a, b) = (tilewright::array([3i64, 1, 2, 3], [4]), tilewright::array([3i64, 2, 9], [3]));
    /// assert_eq!(a.intersect1d(&b).values.compute()?.to_vec::<i64>()?, [2, 3]);
    /// assert_eq!(a.setdiff1d(&b).compute()?.to_vec::<i64>()?, [1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn intersect1d(&self, other: &Array) -> Intersection {
        let (first, second) = (against(self, other), against(other, self));
        let dtype = self.dtype().and_then(|a| Ok(a.promote(other.dtype()?)));
        let values = selected(&first.0.values, &first.1);
        Intersection {
            values: values.astype(dtype.unwrap_or(DType::F64)),
            first: selected(&first.0.index, &first.1),
            second: selected(&second.0.index, &second.1),
        }
    }

    /// The elements of this that are not in `other`.
    #[must_use]
    #[track_caller]
    pub fn setdiff1d(&self, other: &Array) -> Array {
        let (unique, common) = against(self, other);
        selected(&unique.values, &!common)
    }

    /// The elements of one of the two that are not in the other.
    #[must_use]
    #[track_caller]
    pub fn setxor1d(&self, other: &Array) -> Array {
        let parts = [self.setdiff1d(other), other.setdiff1d(self)];
        concatenate(&parts, 0).sort(0)
    }
}
