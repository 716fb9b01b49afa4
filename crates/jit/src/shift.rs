//! How are integers shifted by one count for all?
//!
//! The machine shifts whole registers by a scalar. Absent: counts that differ from element to
//! element, which are element by element.

use crate::vector::{Emitter, Vector, register_type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
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
}
