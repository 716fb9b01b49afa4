//! How are states of a fold made, merged and finished?
//!
//! A state is bytes aligned to 8, component-major (see [`crate::fold`]). Absent: in which order
//! states merge (`tilewright_core::tree`).

use crate::arith::{Integer, Number, with_float, with_fold, with_integer, with_number};
use crate::fold::{Finish, Fold, FoldOp};
use crate::ir::BinaryOp;
use tilewright_core::{DType, Element, Error, Kind, Result};
use tilewright_vecmath::moments_merge;

impl Fold {
    /// Bytes of a state of `width` outputs; saturates.
    pub fn state_bytes(self, width: usize) -> usize {
        width.saturating_mul(self.components() * self.dtype().itemsize())
    }

    /// Writes the state of no element: the one that merges to the other, bit for bit.
    ///
    /// # Errors
    /// [`Kind::Internal`] if `state` is not `state_bytes(width)` long or not aligned to its dtype.
    pub fn identity_state(self, width: usize, state: &mut [u8]) -> Result<()> {
        let state = self.sized_mut(width, state)?;
        state.fill(0);
        if let Fold::Op(op, dtype) = self {
            let bits = op.identity(dtype).bits().to_le_bytes();
            for element in state.chunks_exact_mut(dtype.itemsize()) {
                element.copy_from_slice(&bits[..dtype.itemsize()]);
            }
        }
        Ok(())
    }

    /// Merges two states of neighbours: `left` becomes `left ∘ right`.
    ///
    /// Each state of [`Fold::Moments`] has one count for all columns.
    ///
    /// # Errors
    /// [`Kind::Internal`] if a state is not `state_bytes(width)` long or not aligned to its dtype,
    /// or if the operation does not take the dtype.
    // Inlined so that nothing of the choice is left in a shim, which is of one fold.
    #[inline(always)]
    pub fn merge(self, width: usize, left: &mut [u8], right: &[u8]) -> Result<()> {
        let left = self.sized_mut(width, left)?;
        let right = self.sized(width, right)?;
        match self {
            Fold::Op(op, dtype) => merge_op(op, dtype, left, right),
            Fold::Moments => merge_moments(width, typed_mut(left)?, typed(right)?),
            Fold::WideSum => merge_wide(width, typed_mut(left)?, typed(right)?),
            Fold::Squares => merge_squares(width, typed_mut(left)?, typed(right)?),
        }
    }

    /// Makes the first of some states of one output each the root of the canonical tree over them;
    /// the others are overwritten.
    ///
    /// # Errors
    /// [`Kind::Internal`] if a state has more than one component, if the states are not aligned to
    /// their dtype, or if the operation does not take the dtype.
    pub fn tree(self, states: &mut [u8]) -> Result<()> {
        let Fold::Op(op, dtype) = self else {
            return Err(Error::new(
                Kind::Internal,
                format!("{self} keeps more than one component"),
            ));
        };
        let unsupported = || Error::new(Kind::Internal, format!("{op} does not fold {dtype}"));
        with_fold!(op.binary_on(dtype), dtype, |T, f| {
            let states = typed_mut::<T>(states)?;
            let mut nodes = states.len();
            while nodes > 1 {
                for k in 0..nodes / 2 {
                    states[k] = f(states[2 * k], states[2 * k + 1]);
                }
                if nodes % 2 == 1 {
                    states[nodes / 2] = states[nodes - 1];
                }
                nodes = nodes.div_ceil(2);
            }
            Ok(())
        }, else Err(unsupported()))
    }

    fn sized(self, width: usize, state: &[u8]) -> Result<&[u8]> {
        let bytes = self.state_bytes(width);
        if state.len() == bytes {
            return Ok(state);
        }
        Err(wrong_size(self, width, state.len()))
    }

    fn sized_mut(self, width: usize, state: &mut [u8]) -> Result<&mut [u8]> {
        if state.len() == self.state_bytes(width) {
            return Ok(state);
        }
        Err(wrong_size(self, width, state.len()))
    }
}

impl Finish {
    /// Element type of the finished value.
    pub fn dtype(self, fold: Fold) -> DType {
        match self {
            Finish::Value | Finish::Sum => fold.dtype(),
            Finish::SquaredDeviations { .. } | Finish::WideMean { .. } => DType::F64,
        }
    }

    /// Writes the `width` finished values of a state to `out`.
    ///
    /// # Errors
    /// [`Kind::Internal`] if a slice has the wrong length or alignment, or if the fold keeps no
    /// such component.
    pub fn apply(self, fold: Fold, width: usize, state: &[u8], out: &mut [u8]) -> Result<()> {
        let state = fold.sized(width, state)?;
        let bytes = width.saturating_mul(self.dtype(fold).itemsize());
        if out.len() != bytes {
            return Err(wrong_size(fold, width, out.len()));
        }
        match (self, fold) {
            (Finish::Value, _) => out.copy_from_slice(&state[..bytes]),
            (Finish::Sum, Fold::Op(FoldOp::Add, dtype)) => {
                out.copy_from_slice(state);
                match dtype {
                    DType::F32 => typed_mut::<f32>(out)?
                        .iter_mut()
                        .for_each(|sum| *sum += 0.0),
                    DType::F64 => typed_mut::<f64>(out)?
                        .iter_mut()
                        .for_each(|sum| *sum += 0.0),
                    _ => {}
                }
            }
            (Finish::SquaredDeviations { .. }, Fold::Moments) => {
                out.copy_from_slice(&state[3 * bytes..]);
            }
            (Finish::WideMean { count }, Fold::WideSum) => {
                let (low, high) = typed::<i64>(state)?.split_at(width);
                for (mean, (&low, &high)) in
                    typed_mut::<f64>(out)?.iter_mut().zip(low.iter().zip(high))
                {
                    *mean = wide_mean(wide(low, high), count);
                }
            }
            (Finish::SquaredDeviations { count }, Fold::Squares) => {
                let (sum, squares) = typed::<i64>(state)?.split_at(width);
                let (low, high) = squares.split_at(width);
                let squares = low.iter().zip(high).map(|(&low, &high)| wide(low, high));
                let sums = sum.iter().zip(squares);
                for (deviations, (&sum, squares)) in typed_mut::<f64>(out)?.iter_mut().zip(sums) {
                    *deviations = squared_deviations(sum, squares, count);
                }
            }
            _ => {
                return Err(Error::new(
                    Kind::Internal,
                    format!("{fold:?} cannot finish as {self:?}"),
                ));
            }
        }
        Ok(())
    }
}

/// `sum / count`, rounded once, half to even; NaN where nothing was counted.
///
/// `|sum|` is at most 2^127 / 2 (fewer than 2^63 elements of 64 bits).
fn wide_mean(sum: i128, count: i64) -> f64 {
    if count <= 0 {
        return f64::NAN;
    }
    let (magnitude, divisor) = (sum.unsigned_abs(), u128::from(count.unsigned_abs()));
    // Both are floats themselves: one division rounds once.
    if magnitude | divisor <= 1 << 53 {
        return sum as f64 / count as f64;
    }
    // Scaled so that the quotient has at least 55 bits: 53 of the result, one to round by, and one
    // below it. A remainder is kept as a sticky last bit.
    let bits = 128 - magnitude.leading_zeros();
    let divisor_bits = 128 - divisor.leading_zeros();
    let shift = (55 + divisor_bits).saturating_sub(bits).min(128 - bits);
    let scaled = magnitude << shift.min(127);
    let (quotient, remainder) = (scaled / divisor, scaled % divisor);
    // Every power of two here is a normal number, so that scaling back is exact.
    let rounded = (quotient | u128::from(remainder != 0)) as f64 * 0.5f64.powi(shift as i32);
    if sum < 0 { -rounded } else { rounded }
}

/// The integer of two halves.
fn wide(low: i64, high: i64) -> i128 {
    i128::from(low) + (i128::from(high) << 32)
}

/// `squares − sum²/count`, rounded once. Below 2^47 elements of 16 bits both products are below
/// 2^126; their difference is never negative.
fn squared_deviations(sum: i64, squares: i128, count: i64) -> f64 {
    let sum = i128::from(sum);
    let scaled = i128::from(count).wrapping_mul(squares);
    wide_mean(scaled.wrapping_sub(sum.wrapping_mul(sum)), count)
}

#[inline(always)]
fn merge_op(op: FoldOp, dtype: DType, left: &mut [u8], right: &[u8]) -> Result<()> {
    let unsupported = || Error::new(Kind::Internal, format!("{op} does not fold {dtype}"));
    with_fold!(op.binary_on(dtype), dtype, |T, f| {
        for (a, &b) in typed_mut::<T>(left)?.iter_mut().zip(typed::<T>(right)?) {
            *a = f(*a, b);
        }
        Ok(())
    }, else Err(unsupported()))
}

fn merge_moments(width: usize, left: &mut [f64], right: &[f64]) -> Result<()> {
    let (Some(&left_count), Some(&right_count)) = (left.first(), right.first()) else {
        return Ok(());
    };
    if right_count == 0.0 {
        return Ok(());
    }
    if left_count == 0.0 {
        left.copy_from_slice(right);
        return Ok(());
    }
    let (count, rest) = left.split_at_mut(width);
    let (mean, rest) = rest.split_at_mut(width);
    let (low, m2) = rest.split_at_mut(width);
    let component = |c: usize| &right[c * width..(c + 1) * width];
    moments_merge(
        left_count,
        mean,
        low,
        m2,
        right_count,
        component(1),
        component(2),
        component(3),
    );
    count.fill(left_count + right_count);
    Ok(())
}

/// Adds and carries the bits of `low` above 32 to `high`.
fn merge_wide(width: usize, left: &mut [i64], right: &[i64]) -> Result<()> {
    let (left_low, left_high) = left.split_at_mut(width);
    let (right_low, right_high) = right.split_at(width);
    for (a, &b) in left_high.iter_mut().zip(right_high) {
        *a = a.wrapping_add(b);
    }
    for ((a, high), &b) in left_low.iter_mut().zip(left_high).zip(right_low) {
        // A leaf holds sums of at most 2^31 low halves, so that this addition does not wrap.
        let sum = a.wrapping_add(b);
        *high = high.wrapping_add(sum >> 32);
        *a = sum & 0xffff_ffff;
    }
    Ok(())
}

fn merge_squares(width: usize, left: &mut [i64], right: &[i64]) -> Result<()> {
    let (left_sum, left_squares) = left.split_at_mut(width);
    let (right_sum, right_squares) = right.split_at(width);
    for (a, &b) in left_sum.iter_mut().zip(right_sum) {
        *a = a.wrapping_add(b);
    }
    merge_wide(width, left_squares, right_squares)
}

fn typed<T: Element>(bytes: &[u8]) -> Result<&[T]> {
    bytemuck::try_cast_slice(bytes).map_err(|_| misaligned())
}

fn typed_mut<T: Element>(bytes: &mut [u8]) -> Result<&mut [T]> {
    bytemuck::try_cast_slice_mut(bytes).map_err(|_| misaligned())
}

fn misaligned() -> Error {
    Error::new(Kind::Internal, "a state is not aligned to its elements")
}

fn wrong_size(fold: Fold, width: usize, bytes: usize) -> Error {
    Error::new(
        Kind::Internal,
        format!("{bytes} bytes do not hold {width} outputs of {fold:?}"),
    )
}
