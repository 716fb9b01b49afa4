//! How does one op of a body run over many elements?
//!
//! Every value of a body has a column of [`COLUMN`] elements in words aligned to 8. Each op is one
//! typed loop. Absent: control flow and indices.

use crate::arith::{
    CastTo, Float, Integer, Number, with_element, with_float, with_fold, with_integer, with_number,
};
use crate::fold::FoldOp;
use crate::ir::{BinaryOp, Slot, UnaryOp, Val};
use crate::memory::Memory;
use tilewright_core::half::f16;
use tilewright_core::{DType, Element, Error, Kind, Result};

/// Elements that one op handles at a time; a multiple of 8, so that lane `k % 8` of a fold is that
/// of the column's position.
pub(crate) const COLUMN: usize = 512;

/// The values of a body.
pub(crate) struct Columns {
    words: Vec<u64>,
}

fn no_such(what: impl std::fmt::Debug, dtype: DType) -> Error {
    Error::new(Kind::Internal, format!("{what:?} does not take {dtype}"))
}

impl Columns {
    /// Room for the values of `ops` ops.
    pub(crate) fn new(ops: usize) -> Columns {
        Columns {
            words: vec![0; ops * COLUMN],
        }
    }

    /// The first `n` elements of column `k`, to be written, and the columns before it.
    fn split<T: Element>(&mut self, k: usize, n: usize) -> (&[u64], &mut [T]) {
        let (before, rest) = self.words.split_at_mut(k * COLUMN);
        (
            before,
            &mut bytemuck::cast_slice_mut(&mut rest[..COLUMN])[..n],
        )
    }

    pub(crate) fn splat(&mut self, k: usize, dtype: DType, bits: u64, n: usize) {
        match dtype.itemsize() {
            8 => self.split::<u64>(k, n).1.fill(bits),
            4 => self.split::<u32>(k, n).1.fill(bits as u32),
            2 => self.split::<u16>(k, n).1.fill(bits as u16),
            _ => self.split::<u8>(k, n).1.fill(bits as u8),
        }
    }

    pub(crate) fn iota(&mut self, k: usize, start: i64, step: i64, n: usize) {
        let mut next = start;
        for element in self.split::<i64>(k, n).1 {
            *element = next;
            next = next.wrapping_add(step);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "an op's operands, one for one")]
    pub(crate) fn load(
        &mut self,
        k: usize,
        dtype: DType,
        n: usize,
        memory: &Memory,
        slot: Slot,
        first: i64,
        stride: i64,
    ) -> Result<()> {
        match dtype.itemsize() {
            8 => memory.read(slot, first, stride, self.split::<u64>(k, n).1),
            4 => memory.read(slot, first, stride, self.split::<u32>(k, n).1),
            2 => memory.read(slot, first, stride, self.split::<u16>(k, n).1),
            _ => memory.read(slot, first, stride, self.split::<u8>(k, n).1),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "an op's operands, one for one")]
    pub(crate) fn store(
        &self,
        a: Val,
        dtype: DType,
        n: usize,
        memory: &Memory,
        slot: Slot,
        first: i64,
        stride: i64,
    ) -> Result<()> {
        match dtype.itemsize() {
            8 => memory.write(slot, first, stride, column::<u64>(&self.words, a, n)),
            4 => memory.write(slot, first, stride, column::<u32>(&self.words, a, n)),
            2 => memory.write(slot, first, stride, column::<u16>(&self.words, a, n)),
            _ => memory.write(slot, first, stride, column::<u8>(&self.words, a, n)),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "an op's operands, one for one")]
    pub(crate) fn fold(
        &self,
        op: FoldOp,
        dtype: DType,
        a: Val,
        n: usize,
        memory: &Memory,
        slot: Slot,
        first: i64,
        lane: usize,
    ) -> Result<()> {
        with_fold!(op.binary_on(dtype), dtype, |T, f| {
            let mut lanes = [T::default(); 8];
            memory.read(slot, first, 1, &mut lanes)?;
            let values = column::<T>(&self.words, a, n);
            // Up to the last lane, then whole rows of lanes.
            let (head, rest) = values.split_at(n.min((lanes.len() - lane) % lanes.len()));
            for (lane, &value) in lanes[lane..].iter_mut().zip(head) {
                *lane = f(*lane, value);
            }
            for row in rest.chunks(lanes.len()) {
                for (lane, &value) in lanes.iter_mut().zip(row) {
                    *lane = f(*lane, value);
                }
            }
            memory.write(slot, first, 1, &lanes)
        }, else Err(no_such(op, dtype)))
    }

    pub(crate) fn select(
        &mut self,
        k: usize,
        dtype: DType,
        mask: Val,
        a: Val,
        b: Val,
        n: usize,
    ) -> Result<()> {
        with_element!(dtype, T => {
            let (before, dst) = self.split::<T>(k, n);
            let choices = column::<T>(before, a, n).iter().zip(column::<T>(before, b, n));
            for ((dst, &mask), (&a, &b)) in dst.iter_mut().zip(column::<u8>(before, mask, n)).zip(choices) {
                *dst = if mask != 0 { a } else { b };
            }
            Ok(())
        }, else Err(no_such("select", dtype)))
    }

    pub(crate) fn cast(
        &mut self,
        k: usize,
        from: DType,
        to: DType,
        a: Val,
        n: usize,
    ) -> Result<()> {
        with_element!(from, F => {
            if to == DType::Bool {
                self.map::<F, u8>(k, a, n, |a| u8::from(a != F::default()));
                return Ok(());
            }
            with_element!(to, T => {
                self.map::<F, T>(k, a, n, CastTo::<T>::cast);
                Ok(())
            }, else Err(no_such("cast", to)))
        }, else Err(no_such("cast", from)))
    }

    pub(crate) fn unary(
        &mut self,
        k: usize,
        op: UnaryOp,
        dtype: DType,
        a: Val,
        n: usize,
    ) -> Result<()> {
        let unsupported = || no_such(op, dtype);
        macro_rules! each {
            ($with:ident, $t:ident => $f:expr) => {
                $with!(dtype, $t => self.map::<$t, $t>(k, a, n, $f), else return Err(unsupported()))
            };
        }
        match op {
            UnaryOp::Neg => each!(with_number, T => T::neg),
            UnaryOp::Abs => each!(with_number, T => Number::abs),
            UnaryOp::Not if dtype == DType::Bool => self.map::<u8, u8>(k, a, n, |a| a ^ 1),
            UnaryOp::Not => each!(with_integer, T => Integer::not),
            UnaryOp::Sqrt => each!(with_float, T => Float::sqrt),
            UnaryOp::Floor => each!(with_float, T => Float::floor),
            UnaryOp::Ceil => each!(with_float, T => Float::ceil),
            UnaryOp::Trunc => each!(with_float, T => Float::trunc),
            UnaryOp::Rint => each!(with_float, T => Float::rint),
            UnaryOp::SwapBytes => match dtype.itemsize() {
                8 => self.map::<u64, u64>(k, a, n, u64::swap_bytes),
                4 => self.map::<u32, u32>(k, a, n, u32::swap_bytes),
                2 => self.map::<u16, u16>(k, a, n, u16::swap_bytes),
                _ => return Err(unsupported()),
            },
        }
        Ok(())
    }

    pub(crate) fn binary(
        &mut self,
        k: usize,
        op: BinaryOp,
        dtype: DType,
        a: Val,
        b: Val,
        n: usize,
    ) -> Result<()> {
        let unsupported = || no_such(op, dtype);
        macro_rules! each {
            ($with:ident, $t:ident => $r:ty, $f:expr) => {
                $with!(dtype, $t => self.zip::<$t, $r>(k, a, b, n, $f), else return Err(unsupported()))
            };
        }
        let op = if dtype == DType::Bool {
            op.on_bool().ok_or_else(unsupported)?
        } else {
            op
        };
        match op {
            BinaryOp::Add => each!(with_number, T => T, Number::add),
            BinaryOp::Sub => each!(with_number, T => T, Number::sub),
            BinaryOp::Mul => each!(with_number, T => T, Number::mul),
            BinaryOp::Min => each!(with_number, T => T, Number::minimum),
            BinaryOp::Max => each!(with_number, T => T, Number::maximum),
            BinaryOp::Div => each!(with_float, T => T, Float::div),
            BinaryOp::FloorDiv => each!(with_integer, T => T, Integer::floor_div),
            BinaryOp::Rem => each!(with_integer, T => T, Integer::rem),
            BinaryOp::And => each!(with_integer, T => T, Integer::and),
            BinaryOp::Or => each!(with_integer, T => T, Integer::or),
            BinaryOp::Xor => each!(with_integer, T => T, Integer::xor),
            BinaryOp::Shl => each!(with_integer, T => T, Integer::shl),
            BinaryOp::Shr => each!(with_integer, T => T, Integer::shr),
            BinaryOp::Eq => each!(with_number, T => u8, |a, b| u8::from(a == b)),
            BinaryOp::Ne => each!(with_number, T => u8, |a, b| u8::from(a != b)),
            BinaryOp::Lt => each!(with_number, T => u8, |a, b| u8::from(a < b)),
            BinaryOp::Le => each!(with_number, T => u8, |a, b| u8::from(a <= b)),
            BinaryOp::CopySign => each!(with_float, T => T, Float::copy_sign),
        }
        Ok(())
    }

    fn map<A: Element, R: Element>(&mut self, k: usize, a: Val, n: usize, f: impl Fn(A) -> R) {
        let (before, dst) = self.split::<R>(k, n);
        for (dst, &a) in dst.iter_mut().zip(column::<A>(before, a, n)) {
            *dst = f(a);
        }
    }

    fn zip<A: Element, R: Element>(
        &mut self,
        k: usize,
        a: Val,
        b: Val,
        n: usize,
        f: impl Fn(A, A) -> R,
    ) {
        let (before, dst) = self.split::<R>(k, n);
        let operands = column::<A>(before, a, n)
            .iter()
            .zip(column::<A>(before, b, n));
        for (dst, (&a, &b)) in dst.iter_mut().zip(operands) {
            *dst = f(a, b);
        }
    }
}

/// The first `n` elements of column `k`.
fn column<T: Element>(words: &[u64], k: Val, n: usize) -> &[T] {
    let from = k as usize * COLUMN;
    &bytemuck::cast_slice(&words[from..from + COLUMN])[..n]
}
