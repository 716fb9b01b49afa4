//! How are integers divided and shifted, element by element?
//!
//! The machine has no vector form of these. Narrow integers are widened to 32 bits; divisors that
//! would trap are replaced before the division and its result after it. Absent: branches.

use crate::vector::{Emitter, Vector, lane_type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use tilewright_core::DType;
use tilewright_core::dtype::Class;
use tilewright_kernel::BinaryOp;

impl Emitter<'_, '_> {
    /// FloorDiv, Rem, Shl or Shr of integers.
    pub(crate) fn integer_by_element(
        &mut self,
        op: BinaryOp,
        dtype: DType,
        a: &Vector,
        b: &Vector,
    ) -> Vector {
        if let BinaryOp::Shl | BinaryOp::Shr = op
            && let Some(shifted) = self.shift_each(op, dtype, a, b)
        {
            return shifted;
        }
        let signed = dtype.class() == Class::Signed;
        let (narrow, bits) = (lane_type(dtype), dtype.bits());
        let wide = if bits < 32 { types::I32 } else { narrow };
        self.per_element(&[a, b], dtype, |e, operands| {
            let a = e.extend(operands[0], wide, signed);
            let result = match op {
                BinaryOp::Shl | BinaryOp::Shr => {
                    // A negative count is a large unsigned one.
                    let count = e.extend(operands[1], wide, false);
                    e.shift(op == BinaryOp::Shl, signed, bits, a, count)
                }
                _ => {
                    let b = e.extend(operands[1], wide, signed);
                    e.divide(op == BinaryOp::FloorDiv, signed, a, b)
                }
            };
            if wide == narrow {
                result
            } else {
                e.builder.ins().ireduce(narrow, result)
            }
        })
    }

    pub(crate) fn extend(&mut self, value: Value, to: Type, signed: bool) -> Value {
        let from = self.builder.func.dfg.value_type(value);
        match (from == to, signed) {
            (true, _) => value,
            (_, true) => self.builder.ins().sextend(to, value),
            (_, false) => self.builder.ins().uextend(to, value),
        }
    }

    fn shift(&mut self, left: bool, signed: bool, bits: u32, a: Value, count: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let width = self.builder.ins().iconst(ty, i64::from(bits));
        let within = self
            .builder
            .ins()
            .icmp(IntCC::UnsignedLessThan, count, width);
        if signed && !left {
            let most = self.builder.ins().iconst(ty, i64::from(bits) - 1);
            let count = self.builder.ins().select(within, count, most);
            return self.builder.ins().sshr(a, count);
        }
        let shifted = if left {
            self.builder.ins().ishl(a, count)
        } else {
            self.builder.ins().ushr(a, count)
        };
        let zero = self.builder.ins().iconst(ty, 0);
        self.builder.ins().select(within, shifted, zero)
    }

    /// The quotient rounded down, or the remainder with the divisor's sign.
    fn divide(&mut self, quotient: bool, signed: bool, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let zero = self.builder.ins().iconst(ty, 0);
        let one = self.builder.ins().iconst(ty, 1);
        let by_zero = self.builder.ins().icmp(IntCC::Equal, b, zero);
        let safe = self.builder.ins().select(by_zero, one, b);
        let result = if signed {
            self.divide_signed(quotient, a, safe)
        } else if quotient {
            self.builder.ins().udiv(a, safe)
        } else {
            self.builder.ins().urem(a, safe)
        };
        self.builder.ins().select(by_zero, zero, result)
    }

    fn divide_signed(&mut self, quotient: bool, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let zero = self.builder.ins().iconst(ty, 0);
        let one = self.builder.ins().iconst(ty, 1);
        let minus_one = self.builder.ins().iconst(ty, -1);
        // The smallest integer by −1 would trap: negated instead, which wraps.
        let negates = self.builder.ins().icmp(IntCC::Equal, b, minus_one);
        let safe = self.builder.ins().select(negates, one, b);
        let toward_zero = self.builder.ins().sdiv(a, safe);
        let negated = self.builder.ins().isub(zero, a);
        let toward_zero = self.builder.ins().select(negates, negated, toward_zero);
        let product = self.builder.ins().imul(toward_zero, b);
        let rest = self.builder.ins().isub(a, product);
        // One too high where there is a rest of the other sign.
        let inexact = self.builder.ins().icmp(IntCC::NotEqual, rest, zero);
        let signs = self.builder.ins().bxor(rest, b);
        let differ = self.builder.ins().icmp(IntCC::SignedLessThan, signs, zero);
        let too_high = self.builder.ins().band(inexact, differ);
        if quotient {
            let lower = self.builder.ins().isub(toward_zero, one);
            self.builder.ins().select(too_high, lower, toward_zero)
        } else {
            let raised = self.builder.ins().iadd(rest, b);
            self.builder.ins().select(too_high, raised, rest)
        }
    }
}
