//! Which instructions is an operation?
//!
//! One match for unary and one for binary operations, on registers. Absent: reassociation, fused
//! multiply-add, anything that traps.

use crate::vector::{Emitter, REGISTER, Vector, integer_register, register_type};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value};
use tilewright_core::DType;
use tilewright_core::dtype::Class;
use tilewright_kernel::{BinaryOp, UnaryOp};

impl Emitter<'_, '_> {
    /// An operation of one operand.
    pub(crate) fn unary(&mut self, op: UnaryOp, dtype: DType, a: &Vector) -> Vector {
        let float = dtype.is_float();
        let unsigned = matches!(dtype.class(), Class::Unsigned | Class::Bool);
        match op {
            UnaryOp::Neg if float => self.map(a, |e, a| e.builder.ins().fneg(a)),
            UnaryOp::Neg => {
                let zero = self.constant(register_type(dtype), [0; REGISTER]);
                self.map(a, |e, a| e.builder.ins().isub(zero, a))
            }
            UnaryOp::Abs if float => self.map(a, |e, a| e.builder.ins().fabs(a)),
            UnaryOp::Abs if unsigned => a.clone(),
            UnaryOp::Abs => self.map(a, |e, a| e.builder.ins().iabs(a)),
            UnaryOp::Not => self.map(a, |e, a| e.builder.ins().bnot(a)),
            UnaryOp::Sqrt => self.map(a, |e, a| e.builder.ins().sqrt(a)),
            UnaryOp::Floor => self.map(a, |e, a| e.builder.ins().floor(a)),
            UnaryOp::Ceil => self.map(a, |e, a| e.builder.ins().ceil(a)),
            UnaryOp::Trunc => self.map(a, |e, a| e.builder.ins().trunc(a)),
            UnaryOp::Rint => self.map(a, |e, a| e.builder.ins().nearest(a)),
            UnaryOp::SwapBytes => {
                let last = dtype.itemsize() as u8 - 1;
                let order = std::array::from_fn(|byte| byte as u8 ^ last);
                self.map(a, |e, a| e.shuffle(a, a, order))
            }
        }
    }

    /// An operation of two operands of one dtype; comparisons give masks.
    pub(crate) fn binary(&mut self, op: BinaryOp, dtype: DType, a: &Vector, b: &Vector) -> Vector {
        match dtype.class() {
            Class::Bool => self.binary_masks(op, a, b),
            Class::Float if op == BinaryOp::CopySign => self.copy_sign(dtype, a, b),
            Class::Float => self.zip(a, b, |e, a, b| e.binary_floats(op, a, b)),
            _ => self.binary_integers(op, dtype, a, b),
        }
    }

    /// `a` where the mask is set, else `b`.
    pub(crate) fn select(&mut self, dtype: DType, mask: &Vector, a: &Vector, b: &Vector) -> Vector {
        if dtype == DType::Bool {
            let size = mask.size.max(a.size).max(b.size);
            let [mask, a, b] = [mask, a, b].map(|v| self.resize_mask(v, size));
            return self.blend(size, &mask, &a, &b);
        }
        let mask = self.resize_mask(mask, dtype.itemsize());
        let chosen = self.blend(dtype.itemsize(), &mask, a, b);
        self.map(&chosen, |e, a| e.cast_register(a, register_type(dtype)))
    }

    fn blend(&mut self, size: usize, mask: &Vector, a: &Vector, b: &Vector) -> Vector {
        let ty = integer_register(size);
        let choices = a.regs.iter().zip(&b.regs).zip(&mask.regs);
        let regs = choices.map(|((&a, &b), &mask)| {
            let (a, b) = (self.cast_register(a, ty), self.cast_register(b, ty));
            self.builder.ins().bitselect(mask, a, b)
        });
        Vector {
            regs: regs.collect(),
            size,
        }
    }

    fn binary_masks(&mut self, op: BinaryOp, a: &Vector, b: &Vector) -> Vector {
        let (a, b) = self.align_masks(a, b);
        self.zip(&a, &b, |e, a, b| match op.on_bool() {
            Some(BinaryOp::And) => e.builder.ins().band(a, b),
            Some(BinaryOp::Or) => e.builder.ins().bor(a, b),
            Some(BinaryOp::Eq) => {
                let differ = e.builder.ins().bxor(a, b);
                e.builder.ins().bnot(differ)
            }
            Some(BinaryOp::Lt) => {
                let not_a = e.builder.ins().bnot(a);
                e.builder.ins().band(not_a, b)
            }
            Some(BinaryOp::Le) => {
                let not_a = e.builder.ins().bnot(a);
                e.builder.ins().bor(not_a, b)
            }
            // Xor and Ne: no other operation has passed `Kernel::check`.
            _ => e.builder.ins().bxor(a, b),
        })
    }

    fn binary_floats(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        if let BinaryOp::Min | BinaryOp::Max = op {
            return self.extreme(op == BinaryOp::Min, a, b);
        }
        let ins = self.builder.ins();
        match op {
            BinaryOp::Add => ins.fadd(a, b),
            BinaryOp::Sub => ins.fsub(a, b),
            BinaryOp::Mul => ins.fmul(a, b),
            BinaryOp::Eq => ins.fcmp(FloatCC::Equal, a, b),
            BinaryOp::Ne => ins.fcmp(FloatCC::NotEqual, a, b),
            BinaryOp::Lt => ins.fcmp(FloatCC::LessThan, a, b),
            BinaryOp::Le => ins.fcmp(FloatCC::LessThanOrEqual, a, b),
            // Div: no other operation has passed `Kernel::check`.
            _ => ins.fdiv(a, b),
        }
    }

    /// The smaller or the larger of floats: NaN wins and −0 is below +0.
    fn extreme(&mut self, smaller: bool, a: Value, b: Value) -> Value {
        if !cfg!(target_arch = "x86_64") {
            return match smaller {
                true => self.builder.ins().fmin(a, b),
                false => self.builder.ins().fmax(a, b),
            };
        }
        // The machine's own give the second operand where one is NaN or both are zeros, so that the
        // two orders together have every bit that is wanted: one instruction each, and fewer than
        // Cranelift's, which also makes each NaN the same.
        let (one, other) = (
            self.machine_extreme(smaller, a, b),
            self.machine_extreme(smaller, b, a),
        );
        if smaller {
            return self.builder.ins().bor(one, other);
        }
        let ty = self.builder.func.dfg.value_type(a);
        let nan = self.builder.ins().fcmp(FloatCC::Unordered, a, b);
        let nan = self.cast_register(nan, ty);
        let number = self.builder.ins().band(one, other);
        self.builder.ins().bor(number, nan)
    }

    /// `a` if it is the smaller or larger, else `b`, in the form that instruction selection knows.
    fn machine_extreme(&mut self, smaller: bool, a: Value, b: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let (low, high) = if smaller { (a, b) } else { (b, a) };
        let chosen = self.builder.ins().fcmp(FloatCC::LessThan, low, high);
        let chosen = self.cast_register(chosen, ty);
        self.builder.ins().bitselect(chosen, a, b)
    }

    /// The sign bits of `b` and all others of `a`; a NaN counts as positive, whatever its bits.
    fn copy_sign(&mut self, dtype: DType, a: &Vector, b: &Vector) -> Vector {
        let ty = integer_register(a.size);
        let sign = self.constant_lanes(ty, 1 << (8 * a.size - 1));
        self.zip(a, b, |e, a, b| {
            let number = e.builder.ins().fcmp(FloatCC::Ordered, b, b);
            let (a, b) = (e.cast_register(a, ty), e.cast_register(b, ty));
            let b = e.builder.ins().band(b, number);
            let bits = e.builder.ins().bitselect(sign, b, a);
            e.cast_register(bits, register_type(dtype))
        })
    }

    fn binary_integers(&mut self, op: BinaryOp, dtype: DType, a: &Vector, b: &Vector) -> Vector {
        let signed = dtype.class() == Class::Signed;
        let compare = |signed_code, unsigned_code| if signed { signed_code } else { unsigned_code };
        let less = compare(IntCC::SignedLessThan, IntCC::UnsignedLessThan);
        let less_equal = compare(IntCC::SignedLessThanOrEqual, IntCC::UnsignedLessThanOrEqual);
        match op {
            BinaryOp::FloorDiv | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr => {
                self.integer_by_element(op, dtype, a, b)
            }
            BinaryOp::Mul if a.size == 1 => self.multiply_bytes(a, b),
            _ => self.zip(a, b, |e, a, b| {
                let ins = e.builder.ins();
                match op {
                    BinaryOp::Add => ins.iadd(a, b),
                    BinaryOp::Sub => ins.isub(a, b),
                    BinaryOp::Mul => ins.imul(a, b),
                    BinaryOp::Min if signed => ins.smin(a, b),
                    BinaryOp::Min => ins.umin(a, b),
                    BinaryOp::Max if signed => ins.smax(a, b),
                    BinaryOp::Max => ins.umax(a, b),
                    BinaryOp::And => ins.band(a, b),
                    BinaryOp::Or => ins.bor(a, b),
                    BinaryOp::Eq => ins.icmp(IntCC::Equal, a, b),
                    BinaryOp::Ne => ins.icmp(IntCC::NotEqual, a, b),
                    BinaryOp::Lt => ins.icmp(less, a, b),
                    BinaryOp::Le => ins.icmp(less_equal, a, b),
                    // Xor: no other operation has passed `Kernel::check`.
                    _ => ins.bxor(a, b),
                }
            }),
        }
    }

    /// There is no multiplication of bytes: the low bytes of products of 16 bits.
    fn multiply_bytes(&mut self, a: &Vector, b: &Vector) -> Vector {
        let (a, b) = (self.widen(a, false), self.widen(b, false));
        let products = self.zip(&a, &b, |e, a, b| e.builder.ins().imul(a, b));
        self.narrow(&products, crate::mask::Narrow::Wrap)
    }
}
