//! How is a number rounded to float16?
//!
//! By integer arithmetic alone, so that the bits are the same on every machine: the instructions of
//! some round twice, through float32. Absent: arithmetic, which is float32's.

pub use half::f16;

/// The low bits of a float64's significand that a float32 has not.
const BEYOND: u64 = (1 << 29) - 1;

/// The nearest float16, halves to even.
pub fn from_f32(value: f32) -> f16 {
    f16::from_f32_const(value)
}

/// The nearest float16, halves to even.
pub fn from_f64(value: f64) -> f16 {
    // Whatever lies beyond float32's digits is one last odd digit: with two digits more than
    // float16 has, rounding it again sees on which side of a half it was.
    let bits = value.to_bits();
    let odd = (bits | ((bits & BEYOND) + BEYOND)) & !BEYOND;
    from_f32(f64::from_bits(odd) as f32)
}

/// The same number.
pub fn to_f32(value: f16) -> f32 {
    value.to_f32_const()
}

/// The float64 whose digits are the fewest that read back to this float16.
pub fn shortest(value: f16) -> f64 {
    let exact = f64::from(to_f32(value));
    let read = |digits: usize| format!("{exact:.digits$e}").parse::<f64>().ok();
    let found = (0..5)
        .filter_map(read)
        .find(|&read| from_f64(read) == value);
    found.unwrap_or(exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_once() {
        // Every pair of neighbours, half-way between them and a little to either side.
        for bits in 0..0x7bffu16 {
            let (low, high) = (f16::from_bits(bits), f16::from_bits(bits + 1));
            let (a, b) = (f64::from(to_f32(low)), f64::from(to_f32(high)));
            let middle = (a + b) / 2.0;
            let even = if bits % 2 == 0 { low } else { high };
            for sign in [1.0, -1.0] {
                let rounded = |x: f64| from_f64(sign * x).to_bits() & 0x7fff;
                assert_eq!(rounded(middle), even.to_bits(), "{middle}");
                assert_eq!(rounded(middle.next_up()), high.to_bits(), "{middle}");
                assert_eq!(rounded(middle.next_down()), low.to_bits(), "{middle}");
                assert_eq!(rounded(a), low.to_bits());
            }
        }
        assert_eq!(from_f64(65520.0), f16::INFINITY);
        assert_eq!(from_f64(65520f64.next_down()), f16::MAX);
        assert_eq!(from_f64(f64::MAX), f16::INFINITY);
        assert_eq!(from_f64(-f64::MIN_POSITIVE).to_bits(), 0x8000);
        assert!(from_f64(f64::NAN).is_nan());
        assert!(from_f64(f64::from_bits(0x7ff0_0000_0000_0001)).is_nan());
    }
}
