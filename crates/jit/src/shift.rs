//! How are integers shifted?
//!
//! The machine shifts whole registers by a scalar. Where counts differ from element to element,
//! a product with a power of two shifts, and a table that stays in a register gives the power. Absent:
//! words for which there is no such product, which are shifted one by one.

use crate::mask::Narrow;
use crate::vector::{Emitter, REGISTER, Vector, integer_register, register_type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use tilewright_core::DType;
use tilewright_core::dtype::Class;
use tilewright_kernel::BinaryOp;

impl Emitter<'_, '_> {
    /// Shl or Shr of every element by the count that all elements of `b` are.
    pub(crate) fn shift_all(
        &mut self,
        op: BinaryOp,
        dtype: DType,
        a: &Vector,
        b: &Vector,
    ) -> Vector {
        let count = self.extract(b, 0);
        // A negative count is a large unsigned one.
        let count = self.extend(count, types::I64, false);
        let bits = i64::from(dtype.bits());
        let width = self.builder.ins().iconst(types::I64, bits);
        let within = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, count, width);
        let most = self.builder.ins().iconst(types::I64, bits - 1);
        let count = self.builder.ins().select(within, count, most);
        let count = self.builder.ins().ireduce(types::I32, count);
        if op == BinaryOp::Shr && dtype.class() == Class::Signed {
            return self.map(a, |e, a| e.builder.ins().sshr(a, count));
        }
        let all = self.builder.ins().iconst(types::I64, -1);
        let none = self.builder.ins().iconst(types::I64, 0);
        let keep = self.builder.ins().select(within, all, none);
        let keep = self.builder.ins().splat(types::I64X2, keep);
        let keep = self.cast_register(keep, register_type(dtype));
        self.map(a, |e, a| {
            let shifted = if op == BinaryOp::Shl {
                e.builder.ins().ishl(a, count)
            } else {
                e.builder.ins().ushr(a, count)
            };
            e.builder.ins().band(shifted, keep)
        })
    }

    /// Shl or Shr by a count for each element; `None` where one by one is better.
    pub(crate) fn shift_each(
        &mut self,
        op: BinaryOp,
        dtype: DType,
        a: &Vector,
        b: &Vector,
    ) -> Option<Vector> {
        let signed = dtype.class() == Class::Signed;
        match (op, a.size) {
            (BinaryOp::Shl, 2 | 4) => Some(self.zip(a, b, |e, a, n| e.shift_left(a, n))),
            (BinaryOp::Shl | BinaryOp::Shr, 1) | (BinaryOp::Shr, 2) => {
                // A negative count is a large unsigned one.
                let (wide, count) = (self.widen(a, signed), self.widen(b, false));
                let shifted = self.zip(&wide, &count, |e, a, n| match op {
                    BinaryOp::Shl => e.shift_left(a, n),
                    _ => e.shift_right(signed, a, n),
                });
                Some(self.narrow(&shifted, Narrow::Wrap))
            }
            _ => None,
        }
    }

    /// `a · 2^n` in every lane of 16 or 32 bits; 0 where n is negative or at least the width.
    fn shift_left(&mut self, a: Value, n: Value) -> Value {
        let power = self.power_of_two(n);
        self.builder.ins().imul(a, power)
    }

    /// `a`, widened from half of a lane's w bits, shifted right by n: its product with 2^(w/2 − n)
    /// shifted right by w/2, n being at most that.
    fn shift_right(&mut self, signed: bool, a: Value, n: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(n);
        let half = ty.lane_bits() / 2;
        let most = self.constant_lanes(ty, u64::from(half));
        let n = self.builder.ins().umin(n, most);
        let left = self.builder.ins().isub(most, n);
        let product = self.shift_left(a, left);
        let half = self.builder.ins().iconst(types::I32, i64::from(half));
        if signed {
            self.builder.ins().sshr(product, half)
        } else {
            self.builder.ins().ushr(product, half)
        }
    }

    /// 2^n in every lane of 16 or 32 bits; 0 where it does not fit, negative n among them.
    fn power_of_two(&mut self, n: Value) -> Value {
        // Byte k of 2^n is 2^(n − 8k) where that is below 2^8: an exclusive or with 8k makes an index
        // below 8 of such an n, and none of another below the width.
        let ty = self.builder.func.dfg.value_type(n);
        let size = ty.lane_type().bytes() as usize;
        let table: [u8; REGISTER] = std::array::from_fn(|k| if k < 8 { 1 << k } else { 0 });
        let table = self.constant(types::I8X16, table);
        let places = self.constant(
            types::I8X16,
            std::array::from_fn(|k| (8 * (k % size)) as u8),
        );
        let ones = self.constant_lanes(ty, 0x0101_0101);
        let width = self.constant_lanes(ty, 8 * size as u64);
        let within = self.builder.ins().icmp(IntCC::UnsignedLessThan, n, width);
        let counts = self.builder.ins().imul(n, ones);
        let counts = self.cast_register(counts, types::I8X16);
        let indices = self.builder.ins().bxor(counts, places);
        let bytes = self.builder.ins().swizzle(table, indices);
        let power = self.cast_register(bytes, integer_register(size));
        self.builder.ins().band(power, within)
    }
}
