//! How many elements fall into each bin?
//!
//! Bin `k` holds what is at least edge `k` and below edge `k + 1`, the last one its upper edge too.
//! What lies outside, and NaN, counts nowhere.

/// The bin of a value.
fn bin<T: PartialOrd>(edges: &[T], value: &T) -> Option<usize> {
    let last = edges.len().checked_sub(1)?;
    let reached = edges.partition_point(|edge| edge <= value);
    if reached <= last {
        reached.checked_sub(1)
    } else {
        // At the last edge or beyond it.
        last.checked_sub(1).filter(|_| edges[last] == *value)
    }
}

/// The number of elements in each bin.
pub(crate) fn histogram<T: PartialOrd>(result: &mut [i64], row: &[T], edges: &[T]) {
    result.fill(0);
    for value in row {
        if let Some(k) = bin(edges, value) {
            result[k] += 1;
        }
    }
}

/// The sum of the weights of the elements in each bin, left to right.
pub(crate) fn weighted<T: PartialOrd>(result: &mut [f64], row: &[T], edges: &[T], weights: &[f64]) {
    result.fill(0.0);
    for (value, weight) in row.iter().zip(weights) {
        if let Some(k) = bin(edges, value) {
            result[k] += weight;
        }
    }
}
