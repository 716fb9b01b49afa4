//! Sorted rows, and the positions that sort them.
//!
//! Both take a window of the sorted row, and sort no more than that. Absent: the order itself.

use super::order::Ordered;
use std::cmp::Ordering;

/// Elements `from..from + result.len()` of the sorted row; equal ones in the order in which they
/// came, NaN last.
pub(crate) fn sort<T: Ordered>(result: &mut [T], row: &[T], from: usize) {
    if result.len() == row.len() {
        result.copy_from_slice(row);
        T::sort(result);
    } else {
        let mut copy = row.to_vec();
        let part = window(&mut copy, from, result.len(), T::total);
        result.copy_from_slice(part);
    }
    zeros_as_they_came(result, row, from);
}

/// The positions of these elements in the row.
pub(crate) fn argsort<T: Ordered>(result: &mut [i64], row: &[T], from: usize) {
    let order = |&a: &i64, &b: &i64| row[a as usize].by_value(&row[b as usize]).then(a.cmp(&b));
    if result.len() == row.len() {
        (result.iter_mut().zip(0..)).for_each(|(place, k)| *place = k);
        result.sort_unstable_by(order);
    } else {
        let mut positions: Vec<i64> = (0..row.len() as i64).collect();
        let part = window(&mut positions, from, result.len(), order);
        result.copy_from_slice(part);
    }
}

/// Sorts a window of what sorting all would give.
fn window<T>(
    all: &mut [T],
    from: usize,
    len: usize,
    order: impl Fn(&T, &T) -> Ordering + Copy,
) -> &[T] {
    let from = from.min(all.len());
    let mut rest = &mut all[..];
    if 0 < from && from < rest.len() {
        rest.select_nth_unstable_by(from, order);
    }
    rest = &mut rest[from..];
    if 0 < len && len < rest.len() {
        rest.select_nth_unstable_by(len - 1, order);
    }
    let len = len.min(rest.len());
    rest[..len].sort_unstable_by(order);
    &rest[..len]
}

/// Sorting has put −0 before +0, which NumPy's order holds equal: zeros go back into the order of
/// the row.
fn zeros_as_they_came<T: Ordered>(result: &mut [T], row: &[T], from: usize) {
    let Some(first) = result.iter().position(T::is_zero) else {
        return;
    };
    let zero = result[first];
    let below = row.iter().filter(|x| x.by_value(&zero).is_lt()).count();
    let came = row
        .iter()
        .filter(|x| x.is_zero())
        .skip(from + first - below);
    for (place, zero) in result[first..].iter_mut().zip(came) {
        *place = *zero;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [f64; 9] = [
        0.0,
        f64::NAN,
        -0.0,
        f64::INFINITY,
        0.0,
        -1.5,
        f64::NEG_INFINITY,
        -0.0,
        3.0,
    ];

    /// A stable sort by value.
    fn plainly(row: &[f64]) -> Vec<(i64, u64)> {
        let mut sorted: Vec<(i64, f64)> = (0..).zip(row.iter().copied()).collect();
        sorted.sort_by(|a, b| a.1.by_value(&b.1));
        sorted.iter().map(|(k, x)| (*k, x.to_bits())).collect()
    }

    #[test]
    fn every_window_is_the_one_of_a_stable_sort() {
        let want = plainly(&HOSTILE);
        for from in 0..=HOSTILE.len() {
            for len in 0..=HOSTILE.len() - from {
                let (mut values, mut places) = (vec![0.0; len], vec![0; len]);
                sort(&mut values, &HOSTILE, from);
                argsort(&mut places, &HOSTILE, from);
                let want = &want[from..from + len];
                let got: Vec<u64> = values.iter().map(|x| x.to_bits()).collect();
                assert_eq!(got, want.iter().map(|w| w.1).collect::<Vec<_>>());
                assert_eq!(places, want.iter().map(|w| w.0).collect::<Vec<_>>());
            }
        }
    }
}
