//! How are filters undone that count with the elements?
//!
//! Absent: what rounds elements and leaves them in their dtype, of which nothing can be undone;
//! differences of integers of one dtype, which images have, too.
//!
//! **Source** numcodecs 0.16: `Delta`, `AsType`, `FixedScaleOffset`, `PackBits`.

use tilewright_core::{DType, Scalar, half};

/// Elements as they stand in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    /// Their dtype.
    pub dtype: DType,
    /// Whether they are big-endian.
    pub big_endian: bool,
}

impl Elements {
    fn get(self, bytes: &[u8]) -> Scalar {
        let mut word = [0; 8];
        let word = &mut word[..bytes.len()];
        word.copy_from_slice(bytes);
        if self.big_endian {
            word.reverse();
        }
        Scalar::from_bytes(self.dtype, word)
    }

    fn put(self, value: Scalar, into: &mut [u8]) {
        let len = into.len();
        into.copy_from_slice(&value.bits().to_le_bytes()[..len]);
        if self.big_endian {
            into.reverse();
        }
    }
}

/// What becomes of stored elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    /// Each is the difference to the one before.
    AddUp,
    /// Each has another dtype.
    Cast,
    /// Each was multiplied by a number after another was taken from it.
    Unscale {
        /// The factor.
        factor: f64,
        /// What was taken away.
        offset: f64,
    },
}

/// A filter of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recount {
    /// Elements as they are stored.
    pub stored: Elements,
    /// Elements as they were.
    pub made: Elements,
    /// How these come from those.
    pub how: How,
}

impl Recount {
    /// Bytes of the stored elements of which so many bytes become.
    pub fn stored_len(&self, made: usize) -> usize {
        (made / self.made.dtype.itemsize()).saturating_mul(self.stored.dtype.itemsize())
    }

    /// Makes the elements; gives how many bytes they have.
    ///
    /// # Errors
    /// A sentence, if the bytes are no whole elements, or too many.
    pub fn decode(&self, encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
        let (from, to) = (self.stored.dtype.itemsize(), self.made.dtype.itemsize());
        if !encoded.len().is_multiple_of(from) {
            let len = encoded.len();
            return Err(format!("{len} bytes are no elements of {from} bytes"));
        }
        let (len, room) = (encoded.len() / from * to, into.len());
        let into = into
            .get_mut(..len)
            .ok_or_else(|| format!("it has {len} bytes, more than {room}"))?;
        let mut last = None;
        for (stored, made) in encoded.chunks_exact(from).zip(into.chunks_exact_mut(to)) {
            let stored = self.stored.get(stored);
            let value = match self.how {
                How::Cast => stored.cast(self.made.dtype),
                How::Unscale { factor, offset } => {
                    unscale(stored, factor, offset).cast(self.made.dtype)
                }
                How::AddUp => {
                    let step = stored.cast(self.made.dtype);
                    let sum = last.map_or(step, |last| add(last, step));
                    last = Some(sum);
                    sum
                }
            };
            self.made.put(value, made);
        }
        Ok(len)
    }
}

/// The sum in the dtype of both: of floats rounded, of integers wrapped.
fn add(a: Scalar, b: Scalar) -> Scalar {
    let dtype = a.dtype();
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Scalar::from_i128(dtype, a + b),
        _ if dtype == DType::F64 => (a.to_f64() + b.to_f64()).into(),
        _ => Scalar::from(a.to_f32() + b.to_f32()).cast(dtype),
    }
}

/// `stored / factor + offset`, as NumPy computes it with plain numbers: in the dtype of floats, and of
/// integers in float64.
fn unscale(stored: Scalar, factor: f64, offset: f64) -> Scalar {
    match stored.dtype() {
        DType::F32 => (stored.to_f32() / factor as f32 + offset as f32).into(),
        DType::F16 => {
            let round = |value: f32| half::to_f32(half::from_f32(value));
            let plain = |value: f64| half::to_f32(half::from_f64(value));
            let quotient = round(stored.to_f32() / plain(factor));
            half::from_f32(quotient + plain(offset)).into()
        }
        _ => (stored.to_f64() / factor + offset).into(),
    }
}

/// One bool of each bit, the highest first. The first byte says how many at the end are none.
///
/// # Errors
/// A sentence, if there is no first byte, or it says too much.
pub fn unpack_bits(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let Some((&spare, bytes)) = encoded.split_first() else {
        return Err("it lacks its first byte".into());
    };
    let len = (8 * bytes.len()).checked_sub(usize::from(spare));
    let room = into.len();
    let made = len.and_then(|len| into.get_mut(..len));
    let made = made.ok_or_else(|| format!("{spare} of its bits are to spare for {room}"))?;
    for (k, made) in made.iter_mut().enumerate() {
        *made = bytes[k / 8] >> (7 - k % 8) & 1;
    }
    Ok(made.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const fn little(dtype: DType) -> Elements {
        Elements {
            dtype,
            big_endian: false,
        }
    }

    #[test]
    fn differences_of_a_narrow_dtype_add_up_in_a_wide_one() {
        let recount = Recount {
            stored: little(DType::I8),
            made: Elements {
                dtype: DType::U16,
                big_endian: true,
            },
            how: How::AddUp,
        };
        let mut into = [0; 6];
        assert_eq!(recount.decode(&[127, 127, 0x80], &mut into).unwrap(), 6);
        assert_eq!(into, [0, 127, 0, 254, 0, 126]);
        recount.decode(&[0; 4], &mut into).unwrap_err();
        assert_eq!(recount.stored_len(6), 3);
    }

    #[test]
    fn a_negative_zero_stays_one() {
        let recount = Recount {
            stored: little(DType::F64),
            made: little(DType::F64),
            how: How::AddUp,
        };
        let mut into = [0; 8];
        recount.decode(&(-0.0f64).to_le_bytes(), &mut into).unwrap();
        assert_eq!(into, (-0.0f64).to_le_bytes());
        recount.decode(&[0; 7], &mut into).unwrap_err();
    }

    #[test]
    fn bits_to_spare_are_dropped() {
        let mut into = [9; 10];
        assert_eq!(unpack_bits(&[6, 0b1010_0000, 0x80], &mut into).unwrap(), 10);
        assert_eq!(into, [1, 0, 1, 0, 0, 0, 0, 0, 1, 0]);
        unpack_bits(&[], &mut into).unwrap_err();
        unpack_bits(&[9, 0], &mut into).unwrap_err();
        unpack_bits(&[0, 0, 0], &mut into).unwrap_err();
    }
}
