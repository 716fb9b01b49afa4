//! Where does a value belong in a sorted row?

use super::order::{Ordered, before};

/// For each value the number of elements of the sorted row before it, with `right` also of those
/// equal to it.
pub(crate) fn search<T: Ordered>(result: &mut [i64], row: &[T], values: &[T], right: bool) {
    for (place, value) in result.iter_mut().zip(values) {
        let count = if right {
            row.partition_point(|x| !before(value, x))
        } else {
            row.partition_point(|x| before(x, value))
        };
        *place = count as i64;
    }
}
