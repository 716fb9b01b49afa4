//! Quantiles and medians.
//!
//! The element types' own arithmetic, in the order of operations of NumPy 2's `_lerp`. Absent:
//! positions, which are `tilewright_vecmath::quantile`'s.

use super::Asked;
use super::order::Ordered;
use tilewright_vecmath::quantile::{Method, Position};

/// What interpolation needs of the element type `Self` to give an `R`.
pub(crate) trait Interpolate<R>: Ordered {
    /// The element itself.
    fn pick(self) -> R;
    /// A value between two elements, whose weights these are.
    fn between(self, next: Self, weights: [f64; 2]) -> R;
    /// The mean of both: a sum from 0 on, so that none is −0.
    fn middle(self, next: Self) -> R;
    /// The mean of it alone.
    fn alone(self) -> R;
    /// The value for a row that has none.
    fn missing() -> R;
}

macro_rules! interpolate {
    ($t:ident => $r:ident, $subtract:path) => {
        impl Interpolate<$r> for $t {
            fn pick(self) -> $r {
                self as $r
            }
            fn between(self, next: $t, [rest, weight]: [f64; 2]) -> $r {
                let apart = $subtract(next, self) as $r;
                // From the nearer end, so that both ends are met exactly.
                if weight >= 0.5 {
                    next as $r - apart * rest as $r
                } else {
                    self as $r + apart * weight as $r
                }
            }
            fn middle(self, next: $t) -> $r {
                let alone: $r = self.alone();
                (alone + next as $r) / 2.0
            }
            fn alone(self) -> $r {
                0.0 + self as $r
            }
            fn missing() -> $r {
                $r::NAN
            }
        }
    };
}
interpolate!(f32 => f32, std::ops::Sub::sub);
interpolate!(f32 => f64, std::ops::Sub::sub);
interpolate!(f64 => f64, std::ops::Sub::sub);

macro_rules! integers {
    ($($t:ident)*) => {$(
        interpolate!($t => f64, $t::wrapping_sub);

        /// Methods that pick an element keep the integers' type; no other asks for it.
        impl Interpolate<$t> for $t {
            fn pick(self) -> $t { self }
            fn between(self, _: $t, _: [f64; 2]) -> $t { self }
            fn middle(self, _: $t) -> $t { self }
            fn alone(self) -> $t { self }
            fn missing() -> $t { 0 }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

/// So few quantiles are selected one by one, without sorting the row.
const FEW: usize = 3;

/// The elements at two neighbouring positions of the sorted row.
fn at<T: Ordered>(row: &mut [T], previous: usize, next: usize, sorted: bool) -> (T, T) {
    if sorted {
        return (row[previous], row[next]);
    }
    let (_, &mut low, above) = row.select_nth_unstable_by(previous, T::total);
    let high = above.iter().copied().min_by(T::total);
    (low, high.filter(|_| next > previous).unwrap_or(low))
}

/// Moves NaN behind all else; gives the number of other elements.
fn missing_last<T: Ordered>(row: &mut [T]) -> usize {
    let mut known = 0;
    for k in 0..row.len() {
        if !row[k].is_missing() {
            row.swap(known, k);
            known += 1;
        }
    }
    known
}

/// The quantiles of a row, which is rearranged on the way; where NaN is skipped, of what is not NaN in
/// it, else NaN where one is.
pub(crate) fn quantile<T: Interpolate<R>, R: Copy>(
    result: &mut [R],
    row: &mut [T],
    quantiles: &[f64],
    asked: Asked,
) {
    let known = missing_last(row);
    if known == 0 || (known < row.len() && !asked.skip_nan) {
        return result.fill(T::missing());
    }
    let row = &mut row[..known];
    let sorted = quantiles.len() > FEW;
    if sorted {
        T::sort(row);
    }
    for (place, &q) in result.iter_mut().zip(quantiles) {
        let Position {
            previous,
            next,
            weights,
        } = asked.method.position(known, q, asked.float);
        let (low, high) = at(row, previous, next, sorted);
        *place = match weights {
            None => low.pick(),
            Some(_) if asked.method == Method::Median && previous == next => low.alone(),
            Some(_) if asked.method == Method::Median => low.middle(high),
            Some(weights) => low.between(high, weights),
        };
    }
}
