//! Which element types are there, and how do they promote?

use crate::half::f16;
use serde::{Deserialize, Serialize};

/// The element type of an array.
///
/// Complex types will join; match with a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are NumPy's")]
pub enum DType {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
}

/// NumPy's dtype classes, in the order in which they win over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are NumPy's")]
pub enum Class {
    Bool,
    Signed,
    Unsigned,
    Float,
}

use DType::*;

impl DType {
    /// Every dtype, narrow to wide within its class.
    pub const ALL: [DType; 12] = [Bool, I8, I16, I32, I64, U8, U16, U32, U64, F16, F32, F64];

    /// NumPy's name: `int32`, `float64`, …
    pub fn name(self) -> &'static str {
        match self {
            Bool => "bool",
            I8 => "int8",
            I16 => "int16",
            I32 => "int32",
            I64 => "int64",
            U8 => "uint8",
            U16 => "uint16",
            U32 => "uint32",
            U64 => "uint64",
            F16 => "float16",
            F32 => "float32",
            F64 => "float64",
        }
    }

    /// The short name used in plans: `i32`, `f64`, …
    pub fn short(self) -> &'static str {
        match self {
            Bool => "bool",
            I8 => "i8",
            I16 => "i16",
            I32 => "i32",
            I64 => "i64",
            U8 => "u8",
            U16 => "u16",
            U32 => "u32",
            U64 => "u64",
            F16 => "f16",
            F32 => "f32",
            F64 => "f64",
        }
    }

    /// Reads NumPy's spellings: `int8`, `i1`, `<i2`, `float`, `f4`, `bool`, `?`, and ours (`i32`
    /// is the short name of `int32`, but `i4` and `i8` are NumPy's byte counts; so is `f16`, which
    /// is no dtype here).
    pub fn parse(text: &str) -> Option<DType> {
        let bare = text.trim_start_matches(['<', '=', '|']);
        Some(match bare {
            "bool" | "bool_" | "?" | "b1" => Bool,
            "int8" | "i1" | "b" | "byte" => I8,
            "int16" | "i2" | "h" | "short" | "i16" => I16,
            "int32" | "i4" | "i" | "intc" | "i32" => I32,
            "int64" | "i8" | "l" | "q" | "int" | "int_" | "intp" | "i64" | "long" | "longlong" => {
                I64
            }
            "uint8" | "u1" | "B" | "ubyte" => U8,
            "uint16" | "u2" | "H" | "ushort" | "u16" => U16,
            "uint32" | "u4" | "I" | "uintc" | "u32" => U32,
            "uint64" | "u8" | "L" | "Q" | "uint" | "uintp" | "u64" | "ulong" | "ulonglong" => U64,
            "float16" | "f2" | "e" | "half" => F16,
            "float32" | "f4" | "f" | "single" | "f32" => F32,
            "float64" | "f8" | "d" | "float" | "double" | "f64" => F64,
            _ => return None,
        })
    }

    /// Bytes per element.
    pub fn itemsize(self) -> usize {
        match self {
            Bool | I8 | U8 => 1,
            I16 | U16 | F16 => 2,
            I32 | U32 | F32 => 4,
            I64 | U64 | F64 => 8,
        }
    }

    /// NumPy's class of this dtype.
    pub fn class(self) -> Class {
        match self {
            Bool => Class::Bool,
            I8 | I16 | I32 | I64 => Class::Signed,
            U8 | U16 | U32 | U64 => Class::Unsigned,
            F16 | F32 | F64 => Class::Float,
        }
    }

    /// `f16`, `f32` or `f64`.
    pub fn is_float(self) -> bool {
        self.class() == Class::Float
    }

    /// A signed or unsigned integer (not bool).
    pub fn is_integer(self) -> bool {
        matches!(self.class(), Class::Signed | Class::Unsigned)
    }

    /// Bits of an integer's magnitude and sign together; 1 for bool.
    pub fn bits(self) -> u32 {
        if self == Bool {
            1
        } else {
            8 * self.itemsize() as u32
        }
    }

    /// The smallest and largest value of an integer dtype (0 and 1 for bool); `None` for floats.
    pub fn integer_range(self) -> Option<(i128, i128)> {
        match self.class() {
            Class::Bool => Some((0, 1)),
            Class::Signed => Some((
                -(1i128 << (self.bits() - 1)),
                (1i128 << (self.bits() - 1)) - 1,
            )),
            Class::Unsigned => Some((0, (1i128 << self.bits()) - 1)),
            Class::Float => None,
        }
    }

    /// The dtype in which numbers of this one are computed: `f16` is only stored.
    pub fn computed(self) -> DType {
        if self == F16 { F32 } else { self }
    }

    /// Bits of a float's significand, the leading one included; 64 for others.
    pub fn digits(self) -> u32 {
        match self {
            F16 => f16::MANTISSA_DIGITS,
            F32 => f32::MANTISSA_DIGITS,
            F64 => f64::MANTISSA_DIGITS,
            _ => 64,
        }
    }

    /// The largest finite value of a float dtype; infinity for others.
    pub fn largest_float(self) -> f64 {
        match self {
            F16 => f16::MAX.to_f32_const().into(),
            F32 => f64::from(f32::MAX),
            F64 => f64::MAX,
            _ => f64::INFINITY,
        }
    }

    /// NumPy 2's `result_type` of two array dtypes.
    ///
    /// Source: NumPy 2 promotion table (NEP 50; array dtypes promote as in NumPy 1).
    pub fn promote(self, other: DType) -> DType {
        if self == other {
            return self;
        }
        let (low, high) = if self.class() <= other.class() {
            (self, other)
        } else {
            (other, self)
        };
        match (low.class(), high.class()) {
            (Class::Bool, _) => high,
            (a, b) if a == b => {
                if low.itemsize() >= high.itemsize() {
                    low
                } else {
                    high
                }
            }
            (Class::Signed, Class::Unsigned) => {
                // The signed type must be wider than the unsigned one to hold its values.
                let bytes = low.itemsize().max(2 * high.itemsize());
                match bytes {
                    2 => I16,
                    4 => I32,
                    8 => I64,
                    _ => F64,
                }
            }
            // A float of twice the bytes holds the integer: int8 fits the 11 bits of float16, int16
            // the 24 of float32.
            _ => match high.itemsize().max(2 * low.itemsize()) {
                2 => F16,
                4 => F32,
                _ => F64,
            },
        }
    }

    /// NumPy 2's `result_type` of array dtypes together: every integer promotes with the widest
    /// float by itself. `None` for none.
    pub fn promote_all(dtypes: impl IntoIterator<Item = DType>) -> Option<DType> {
        let dtypes: Vec<DType> = dtypes.into_iter().collect();
        let floats = dtypes.iter().copied().filter(|dtype| dtype.is_float());
        match floats.reduce(DType::promote) {
            Some(float) => dtypes
                .into_iter()
                .map(|d| d.promote(float))
                .reduce(DType::promote),
            None => dtypes.into_iter().reduce(DType::promote),
        }
    }

    /// Whether NumPy's casting `same_kind` allows the conversion: bool, unsigned, signed, float,
    /// and no way back.
    pub fn casts_within_kind(self, to: DType) -> bool {
        let kind = |dtype: DType| match dtype.class() {
            Class::Bool => 0,
            Class::Unsigned => 1,
            Class::Signed => 2,
            Class::Float => 3,
        };
        kind(self) <= kind(to)
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promotes_as_numpy_does() {
        for (a, b, want) in [
            (Bool, I8, I8),
            (I8, U8, I16),
            (I64, U64, F64),
            (I32, F32, F64),
            (I16, F32, F32),
            (I8, F16, F16),
            (U8, F16, F16),
            (I16, F16, F32),
            (U32, F16, F64),
            (F16, F32, F32),
            (U16, F32, F32),
            (U32, I8, I64),
            (F32, F64, F64),
            (U64, F32, F64),
            (I64, I8, I64),
        ] {
            assert_eq!(a.promote(b), want, "{a} {b}");
            assert_eq!(b.promote(a), want, "{b} {a}");
        }
    }

    #[test]
    fn several_promote_together() {
        assert_eq!(DType::promote_all([U16, I8, F32]), Some(F32));
        assert_eq!(DType::promote_all([U16, I8]), Some(I32));
        assert_eq!(DType::promote_all([F32, I32, U8]), Some(F64));
        assert_eq!(DType::promote_all([]), None);
    }

    #[test]
    fn kinds_cast_upwards() {
        assert!(U64.casts_within_kind(I8) && I64.casts_within_kind(F32));
        assert!(!I8.casts_within_kind(U64) && !F32.casts_within_kind(I64));
    }

    #[test]
    fn every_name_parses_back() {
        for dtype in DType::ALL {
            assert_eq!(DType::parse(dtype.name()), Some(dtype));
        }
    }
}
