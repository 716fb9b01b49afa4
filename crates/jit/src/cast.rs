//! How does a value change its dtype?
//!
//! By whole registers where the machine can, else element by element. Float to integer goes
//! through the 32-bit integers and saturates again on the way down: saturations compose. Float16 goes
//! through float32. Absent:
//! traps.

use crate::mask::Narrow;
use crate::vector::{Emitter, REGISTER, Vector, integer_register, register_type};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, types};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};

impl Emitter<'_, '_> {
    /// The value in another dtype.
    pub(crate) fn cast(&mut self, from: DType, to: DType, a: &Vector) -> Vector {
        match (from.class(), to.class()) {
            _ if from == to => a.clone(),
            (Class::Bool, _) => self.numbers_of_mask(to, a),
            _ if from == DType::F16 => {
                let single = self.half_to_single(a);
                self.cast(DType::F32, to, &single)
            }
            _ if to == DType::F16 => {
                let a = match from {
                    DType::F64 => self.round_to_odd(a),
                    _ => a.clone(),
                };
                let single = self.cast(from, DType::F32, &a);
                self.single_to_half(&single)
            }
            (Class::Float, Class::Bool) => {
                let zero = self.constant(register_type(from), [0; REGISTER]);
                self.map(a, |e, a| e.builder.ins().fcmp(FloatCC::NotEqual, a, zero))
            }
            (_, Class::Bool) => self.not_zero(a),
            (Class::Float, Class::Float) => self.float_to_float(to, a),
            (Class::Float, _) => self.float_to_integer(from, to, a),
            (_, Class::Float) => self.integer_to_float(from, to, a),
            _ => self.integer_to_integer(from.class() == Class::Signed, to.itemsize(), a),
        }
    }

    /// 0 and 1 of a mask.
    fn numbers_of_mask(&mut self, to: DType, mask: &Vector) -> Vector {
        let mask = self.resize_mask(mask, to.itemsize());
        let ones = Scalar::from(true).cast(to).bits();
        let ones = self.constant_lanes(integer_register(to.itemsize()), ones);
        self.map(&mask, |e, mask| {
            let value = e.builder.ins().band(mask, ones);
            e.cast_register(value, register_type(to))
        })
    }

    fn integer_to_integer(&mut self, signed: bool, size: usize, a: &Vector) -> Vector {
        let mut a = a.clone();
        while a.size < size {
            a = self.widen(&a, signed);
        }
        while a.size > size {
            a = self.narrow(&a, Narrow::Wrap);
        }
        a
    }

    fn float_to_float(&mut self, to: DType, a: &Vector) -> Vector {
        let regs = if to == DType::F64 {
            let halves = self.split_halves(a);
            halves
                .into_iter()
                .map(|a| self.builder.ins().fvpromote_low(a))
                .collect()
        } else {
            let halves = self.map(a, |e, a| e.builder.ins().fvdemote(a));
            self.join_halves(&halves.regs)
        };
        Vector {
            regs,
            size: to.itemsize(),
        }
    }

    fn integer_to_float(&mut self, from: DType, to: DType, a: &Vector) -> Vector {
        let signed = from.class() == Class::Signed;
        if from.itemsize() == 8 {
            return match (to, signed) {
                (DType::F64, true) => {
                    self.map(a, |e, a| e.builder.ins().fcvt_from_sint(types::F64X2, a))
                }
                (DType::F64, false) => {
                    self.map(a, |e, a| e.builder.ins().fcvt_from_uint(types::F64X2, a))
                }
                (_, true) => self.per_element(&[a], to, |e, x| {
                    e.builder.ins().fcvt_from_sint(types::F32, x[0])
                }),
                (_, false) => self.per_element(&[a], to, |e, x| {
                    e.builder.ins().fcvt_from_uint(types::F32, x[0])
                }),
            };
        }
        let words = self.integer_to_integer(signed, 4, a);
        // An unsigned integer of fewer than 32 bits is a non-negative one of 32.
        let signed = from != DType::U32;
        if to == DType::F32 {
            return self.map(&words, |e, a| match signed {
                true => e.builder.ins().fcvt_from_sint(types::F32X4, a),
                false => e.builder.ins().fcvt_from_uint(types::F32X4, a),
            });
        }
        let halves = self.split_halves(&words);
        let regs = halves.into_iter().map(|half| {
            if signed {
                let wide = self.builder.ins().swiden_low(half);
                self.builder.ins().fcvt_from_sint(types::F64X2, wide)
            } else {
                let wide = self.builder.ins().uwiden_low(half);
                self.builder.ins().fcvt_from_uint(types::F64X2, wide)
            }
        });
        Vector {
            regs: regs.collect(),
            size: 8,
        }
    }

    fn float_to_integer(&mut self, from: DType, to: DType, a: &Vector) -> Vector {
        let signed = to.class() == Class::Signed;
        match to.itemsize() {
            8 => self.per_element(&[a], to, |e, x| match signed {
                true => e.builder.ins().fcvt_to_sint_sat(types::I64, x[0]),
                false => e.builder.ins().fcvt_to_uint_sat(types::I64, x[0]),
            }),
            4 => self.float_to_words(from, signed, a),
            2 => {
                let words = self.float_to_words(from, true, a);
                self.narrow(
                    &words,
                    if signed {
                        Narrow::Signed
                    } else {
                        Narrow::Unsigned
                    },
                )
            }
            _ => {
                let words = self.float_to_words(from, true, a);
                let halves = self.narrow(&words, Narrow::Signed);
                self.narrow(
                    &halves,
                    if signed {
                        Narrow::Signed
                    } else {
                        Narrow::Unsigned
                    },
                )
            }
        }
    }

    /// Integers of 32 bits.
    fn float_to_words(&mut self, from: DType, signed: bool, a: &Vector) -> Vector {
        if from == DType::F32 {
            return self.map(a, |e, a| match signed {
                true => e.builder.ins().fcvt_to_sint_sat(types::I32X4, a),
                false => e.builder.ins().fcvt_to_uint_sat(types::I32X4, a),
            });
        }
        // The pattern that instruction selection knows: converted and narrowed at once.
        let zero = self.constant(types::I64X2, [0; REGISTER]);
        let halves = self.map(a, |e, a| {
            if signed {
                let wide = e.builder.ins().fcvt_to_sint_sat(types::I64X2, a);
                e.builder.ins().snarrow(wide, zero)
            } else {
                let wide = e.builder.ins().fcvt_to_uint_sat(types::I64X2, a);
                e.builder.ins().uunarrow(wide, zero)
            }
        });
        Vector {
            regs: self.join_halves(&halves.regs),
            size: 4,
        }
    }
}
