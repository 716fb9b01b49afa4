//! Which elements stand in the arrays of a case?
//!
//! Plain numbers, and often enough the hostile ones: NaN, ±inf, −0, subnormals, the ends of the
//! integer ranges, numbers that round away.

use crate::random::Random;
use tilewright_core::{DType, Scalar};

const FLOATS: [f64; 22] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    3.0,
    -3.7,
    1e-3,
    7.25,
    1e16,
    -1e16,
    1e300,
    -1e300,
    f64::MIN_POSITIVE,
    5e-324,
    -1e-310,
    1e-40,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MAX,
];

/// An element of this dtype; `hostile` of a hundred come from the ends.
pub fn element(random: &mut Random, dtype: DType, hostile: usize) -> Scalar {
    if dtype == DType::Bool {
        return random.chance(50).into();
    }
    if random.chance(hostile) {
        if dtype == DType::F32 && random.chance(20) {
            // Subnormal in f32.
            return f32::from_bits(random.below(1 << 22) as u32 + 1).into();
        }
        if let Some((low, high)) = dtype.integer_range() {
            let ends = [low, low + 1, high, high - 1, high / 2 + 1, 0, 1];
            return Scalar::from_i128(dtype, *random.pick(&ends));
        }
        return Scalar::from_f64(dtype, *random.pick(&FLOATS));
    }
    match dtype {
        _ if dtype.is_float() => {
            let digits = random.between(-4000, 4000) as f64;
            Scalar::from_f64(dtype, digits / *random.pick(&[1.0, 7.0, 64.0, 1000.0]))
        }
        _ => {
            let (low, high) = dtype.integer_range().unwrap_or((0, 1));
            let value = i128::from(random.between(-20, 100));
            Scalar::from_i128(dtype, value.clamp(low, high))
        }
    }
}

/// Elements of an array: a function of the seed. Some arrays hold no hostile element, a few are
/// constant, so that sums and variances are often finite and sometimes special.
pub fn elements(seed: u64, dtype: DType, count: usize) -> Vec<Scalar> {
    let mut random = Random::new(seed);
    let hostile = *random.pick(&[0, 0, 5, 30]);
    if random.chance(8) {
        return vec![element(&mut random, dtype, 50); count];
    }
    (0..count)
        .map(|_| element(&mut random, dtype, hostile))
        .collect()
}
