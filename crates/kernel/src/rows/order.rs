//! In which order do elements stand?
//!
//! NumPy's: numbers by value, −0 equal to +0, NaN after all. A sort needs more, so that it may take
//! any road to one result: `total` tells every two elements apart but for NaNs and equal bits.

use std::cmp::Ordering;

/// An element that can be sorted.
pub(crate) trait Ordered: Copy {
    /// By value: −0 equals +0, NaN is last and equals itself.
    fn by_value(&self, other: &Self) -> Ordering;
    /// By value, −0 before +0.
    fn total(&self, other: &Self) -> Ordering;
    /// Sorts by the total order.
    fn sort(row: &mut [Self]);
    /// Whether it is NaN.
    fn is_missing(&self) -> bool;
    /// Whether it is a zero.
    fn is_zero(&self) -> bool;
}

macro_rules! integers {
    ($($t:ty)*) => {$(
        impl Ordered for $t {
            fn by_value(&self, other: &Self) -> Ordering { self.cmp(other) }
            fn total(&self, other: &Self) -> Ordering { self.cmp(other) }
            fn sort(row: &mut [$t]) { row.sort_unstable() }
            fn is_missing(&self) -> bool { false }
            // Zeros of one kind need no order.
            fn is_zero(&self) -> bool { false }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! floats {
    ($($t:ident $bits:ident)*) => {$(
        impl Ordered for $t {
            fn by_value(&self, other: &Self) -> Ordering {
                self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
            }
            fn total(&self, other: &Self) -> Ordering {
                match (self.is_nan(), other.is_nan()) {
                    (false, false) => self.total_cmp(other),
                    (a, b) => a.cmp(&b),
                }
            }
            // Integers in the same order sort without branches.
            fn sort(row: &mut [$t]) {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                let keys: &mut [$bits] = bytemuck::cast_slice_mut(row);
                for key in &mut *keys {
                    *key = match ($t::from_bits(*key).is_nan(), *key & SIGN) {
                        (true, _) => $bits::MAX,
                        (false, 0) => *key | SIGN,
                        (false, _) => !*key,
                    };
                }
                keys.sort_unstable();
                for key in keys {
                    *key = match (*key, *key & SIGN) {
                        ($bits::MAX, _) => $t::NAN.to_bits(),
                        (_, 0) => !*key,
                        _ => *key & !SIGN,
                    };
                }
            }
            fn is_missing(&self) -> bool { self.is_nan() }
            fn is_zero(&self) -> bool { *self == 0.0 }
        }
    )*};
}
floats!(f32 u32 f64 u64);

/// Whether a value is before another.
pub(crate) fn before<T: Ordered>(a: &T, b: &T) -> bool {
    a.by_value(b) == Ordering::Less
}
