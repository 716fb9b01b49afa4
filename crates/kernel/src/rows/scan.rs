//! Running sums, products, minima and maxima.
//!
//! Left to right, one element after the other: the order of a scan is that of its axis, whatever
//! the chunks, and the bits of a float scan are NumPy's.

/// `result[i] = f(result[i - 1], row[i])`, from `before` on; without it the first element is as it is.
/// Gives the last one, or `before` of no elements.
pub(crate) fn scan<T: Copy>(
    result: &mut [T],
    row: &[T],
    before: Option<T>,
    f: impl Fn(T, T) -> T,
) -> Option<T> {
    let mut total = before;
    for (place, &x) in result.iter_mut().zip(row) {
        let next = total.map_or(x, |total| f(total, x));
        *place = next;
        total = Some(next);
    }
    total
}
