//! How is one element held without knowing its type at compile time?

use crate::DType;
use crate::half::{self, f16};
use serde::{Deserialize, Serialize};

/// One element: a dtype and its bits, zero-extended to 64.
///
/// Equality and order are those of the bits, so that scalars can key maps: −0.0 differs from 0.0,
/// and a NaN equals itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scalar {
    dtype: DType,
    bits: u64,
}

macro_rules! from_integers {
    ($($t:ty => $d:ident, $u:ty);*) => {$(
        impl From<$t> for Scalar {
            fn from(value: $t) -> Scalar {
                Scalar { dtype: DType::$d, bits: u64::from(value as $u) }
            }
        }
    )*};
}
from_integers!(bool => Bool, u8; i8 => I8, u8; i16 => I16, u16; i32 => I32, u32; i64 => I64, u64;
               u8 => U8, u8; u16 => U16, u16; u32 => U32, u32; u64 => U64, u64);

impl From<f16> for Scalar {
    fn from(value: f16) -> Scalar {
        Scalar {
            dtype: DType::F16,
            bits: u64::from(value.to_bits()),
        }
    }
}

impl From<f32> for Scalar {
    fn from(value: f32) -> Scalar {
        Scalar {
            dtype: DType::F32,
            bits: u64::from(value.to_bits()),
        }
    }
}

impl From<f64> for Scalar {
    fn from(value: f64) -> Scalar {
        Scalar {
            dtype: DType::F64,
            bits: value.to_bits(),
        }
    }
}

impl Scalar {
    /// 0 of a dtype.
    pub fn zero(dtype: DType) -> Scalar {
        Scalar { dtype, bits: 0 }
    }

    /// An integer wrapped into a dtype, or rounded to a float.
    pub fn from_i128(dtype: DType, value: i128) -> Scalar {
        match dtype {
            DType::F64 => (value as f64).into(),
            DType::F32 => (value as f32).into(),
            DType::F16 => half::from_f64(value as f64).into(),
            DType::Bool => (value != 0).into(),
            _ => {
                let mask = if dtype.itemsize() == 8 {
                    u64::MAX
                } else {
                    (1 << dtype.bits()) - 1
                };
                Scalar {
                    dtype,
                    bits: value as u64 & mask,
                }
            }
        }
    }

    /// A float rounded to a dtype; integers truncate and saturate, NaN gives 0.
    pub fn from_f64(dtype: DType, value: f64) -> Scalar {
        Scalar::from(value).cast(dtype)
    }

    /// Reads little-endian bytes; missing ones are 0.
    pub fn from_bytes(dtype: DType, bytes: &[u8]) -> Scalar {
        let mut word = [0; 8];
        let n = bytes.len().min(dtype.itemsize());
        word[..n].copy_from_slice(&bytes[..n]);
        Scalar {
            dtype,
            bits: u64::from_le_bytes(word),
        }
    }

    /// Its dtype.
    pub fn dtype(self) -> DType {
        self.dtype
    }

    /// Its bits, zero-extended.
    pub fn bits(self) -> u64 {
        self.bits
    }

    /// The value of an integer or bool; `None` for floats.
    pub fn as_i128(self) -> Option<i128> {
        Some(match self.dtype {
            DType::Bool | DType::U8 | DType::U16 | DType::U32 | DType::U64 => i128::from(self.bits),
            DType::I8 => i128::from(self.bits as i8),
            DType::I16 => i128::from(self.bits as i16),
            DType::I32 => i128::from(self.bits as i32),
            DType::I64 => i128::from(self.bits as i64),
            _ => return None,
        })
    }

    /// The nearest f64 (exact but for 64-bit integers beyond 2^53).
    pub fn to_f64(self) -> f64 {
        match self.dtype {
            DType::F64 => f64::from_bits(self.bits),
            DType::F32 => f64::from(f32::from_bits(self.bits as u32)),
            DType::F16 => half::to_f32(f16::from_bits(self.bits as u16)).into(),
            DType::U64 => self.bits as f64,
            _ => self.as_i128().map_or(f64::NAN, |v| v as f64),
        }
    }

    /// The nearest f32, rounded once.
    pub fn to_f32(self) -> f32 {
        match self.dtype {
            DType::F32 => f32::from_bits(self.bits as u32),
            DType::F64 | DType::F16 => self.to_f64() as f32,
            _ => self.as_i128().map_or(f32::NAN, |v| v as f32),
        }
    }

    /// Whether it is not 0 (NaN is true).
    pub fn truth(self) -> bool {
        if self.dtype.is_float() {
            self.to_f64() != 0.0
        } else {
            self.bits != 0
        }
    }

    /// The value in another dtype: integers wrap, floats truncate and saturate, NaN gives 0.
    pub fn cast(self, to: DType) -> Scalar {
        match (self.as_i128(), to) {
            _ if self.dtype == to => self,
            (_, DType::Bool) => self.truth().into(),
            (_, DType::F64) => self.to_f64().into(),
            (_, DType::F32) => self.to_f32().into(),
            // Integers beyond 2^53 are infinite in float16 either way.
            (_, DType::F16) => half::from_f64(self.to_f64()).into(),
            (Some(value), _) => Scalar::from_i128(to, value),
            (None, _) => {
                let (low, high) = to.integer_range().unwrap_or((0, 0));
                Scalar::from_i128(to, (self.to_f64() as i128).clamp(low, high))
            }
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.dtype, self.as_i128()) {
            (DType::Bool, _) => f.write_str(if self.bits == 0 { "False" } else { "True" }),
            (_, Some(value)) => write!(f, "{value}"),
            (DType::F16, None) => {
                let value = f16::from_bits(self.bits as u16);
                write_float(f, format!("{:?}", half::shortest(value)))
            }
            (DType::F32, None) => write_float(f, format!("{:?}", self.to_f32())),
            (_, None) => write_float(f, format!("{:?}", self.to_f64())),
        }
    }
}

/// Rust's shortest round-trip digits, with NumPy's spelling of the special values.
fn write_float(f: &mut std::fmt::Formatter<'_>, digits: String) -> std::fmt::Result {
    f.write_str(if digits == "NaN" { "nan" } else { &digits })
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}{}", self.dtype)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_wrap_truncate_and_saturate() {
        assert_eq!(Scalar::from(300i32).cast(DType::U8), Scalar::from(44u8));
        assert_eq!(Scalar::from(-1i8).cast(DType::U64), Scalar::from(u64::MAX));
        assert_eq!(Scalar::from(-3.9f64).cast(DType::I32), Scalar::from(-3i32));
        assert_eq!(
            Scalar::from(1e30f64).cast(DType::I64),
            Scalar::from(i64::MAX)
        );
        assert_eq!(Scalar::from(-1.5f32).cast(DType::U16), Scalar::from(0u16));
        assert_eq!(Scalar::from(f64::NAN).cast(DType::I8), Scalar::from(0i8));
        assert_eq!(Scalar::from(f64::NAN).cast(DType::Bool), Scalar::from(true));
        assert_eq!(
            Scalar::from(70000i32).cast(DType::F16),
            Scalar::from(f16::INFINITY)
        );
        // Half of the way to the next f16 and a little more than f32 can tell.
        assert_eq!(
            Scalar::from(1.0 + 2f64.powi(-11) + 2f64.powi(-40)).cast(DType::F16),
            Scalar::from(f16::from_f32(1.0 + 2f32.powi(-10)))
        );
        assert_eq!(
            Scalar::from(u64::MAX).cast(DType::F32),
            Scalar::from(u64::MAX as f32)
        );
    }
}
