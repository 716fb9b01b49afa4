//! What is left of a huge angle after whole quarter turns?
//!
//! The product of the mantissa with 256 bits of 2/π, chosen by the exponent (Payne & Hanek 1983): bits
//! above them are multiples of four quarter turns, those below change the fraction by less than
//! 2^-200, and no double is nearer than 2^-62 to a multiple of π/2. Scalar and integer: such angles
//! are rare.

use super::trigonometry::{HALF_PI_LOW, Reduced};
use crate::lanes::{fast_two_sum, fma, two_product};
use std::f64::consts::FRAC_PI_2;

/// A word of zeros, then the first 1,280 bits of 2/π after the point, highest first.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];

/// x modulo π/2 for |x| ≥ 2^40; NaN and ±inf give a NaN remainder.
#[inline(never)]
pub(super) fn reduce(x: f64) -> Reduced {
    if !x.is_finite() {
        return Reduced {
            quadrant: 0,
            high: f64::NAN,
            low: f64::NAN,
        };
    }
    let bits = x.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    // |x| = mantissa·2^exponent.
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1075;
    // Bit j of 2/π weighs 2^-j, so bits up to exponent − 2 give multiples of 4; counted with the
    // leading word of zeros, which keeps the start positive for every |x| ≥ 2^40.
    let start = (exponent - 2 + 64).clamp(0, 1088) as usize;
    let mut product = multiply(mantissa, window(start));

    // Two bits before the point, 254 after it; then the nearest quarter turn.
    let mut quadrant = product[0] >> 62;
    product = shift_left(product, 2);
    let negative = product[0] >> 63 == 1;
    if negative {
        quadrant += 1;
        product = negate(product);
    }
    let zeros = if product[0] == 0 {
        64 + product[1].leading_zeros()
    } else {
        product[0].leading_zeros()
    };
    let product = shift_left(product, zeros.min(127));
    let first = (product[0] >> 11) as f64 * power_of_two(53 + zeros);
    let second =
        (((product[0] & 0x7ff) << 42) | (product[1] >> 22)) as f64 * power_of_two(106 + zeros);

    let (high, error) = two_product(first, FRAC_PI_2);
    let low = error + fma(first, HALF_PI_LOW, second * FRAC_PI_2);
    let (high, low) = fast_two_sum(high, low);
    let flip = if negative != (x < 0.0) { -1.0 } else { 1.0 };
    let quadrant = if x < 0.0 {
        quadrant.wrapping_neg()
    } else {
        quadrant
    };
    Reduced {
        quadrant,
        high: flip * high,
        low: flip * low,
    }
}

/// 256 bits of the table from bit `start` on, highest word first.
fn window(start: usize) -> [u64; 4] {
    let (word, bit) = (start / 64, start % 64);
    let at = |i: usize| TWO_OVER_PI.get(word + i).copied().unwrap_or(0);
    std::array::from_fn(|i| {
        if bit == 0 {
            at(i)
        } else {
            at(i) << bit | at(i + 1) >> (64 - bit)
        }
    })
}

/// factor·words mod 2^256.
fn multiply(factor: u64, words: [u64; 4]) -> [u64; 4] {
    let mut carry = 0;
    let mut product = [0; 4];
    for i in (0..4).rev() {
        let wide = u128::from(factor) * u128::from(words[i]) + carry;
        product[i] = wide as u64;
        carry = wide >> 64;
    }
    product
}

/// words·2^count mod 2^256 for count < 128.
fn shift_left(words: [u64; 4], count: u32) -> [u64; 4] {
    let (skip, count) = ((count / 64) as usize, count % 64);
    let at = |i: usize| words.get(i + skip).copied().unwrap_or(0);
    std::array::from_fn(|i| {
        if count == 0 {
            at(i)
        } else {
            at(i) << count | at(i + 1) >> (64 - count)
        }
    })
}

/// −words mod 2^256.
fn negate(words: [u64; 4]) -> [u64; 4] {
    let mut carry = true;
    let mut result = [0; 4];
    for i in (0..4).rev() {
        (result[i], carry) = (!words[i]).overflowing_add(u64::from(carry));
    }
    result
}

/// 2^−power for power < 1023.
fn power_of_two(power: u32) -> f64 {
    f64::from_bits(u64::from(1023 - power.min(1022)) << 52)
}
