//! How do masks and integers change their width?
//!
//! Masks keep their meaning under signed widening and saturating narrowing. Absent: casts, which
//! choose among these.

use crate::vector::{Emitter, REGISTER, Vector, integer_register};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// What narrowing does with values that do not fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Narrow {
    /// Keeps the low bits.
    Wrap,
    /// Saturates a signed value to the signed range (16 and 32 bits only).
    Signed,
    /// Saturates a signed value to the unsigned range (16 and 32 bits only).
    Unsigned,
}

/// Every second group of four bytes.
const LOW_WORDS: [u8; REGISTER] = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

impl Emitter<'_, '_> {
    /// Integers of twice the size.
    pub(crate) fn widen(&mut self, a: &Vector, signed: bool) -> Vector {
        let both = self.unit * a.size > REGISTER / 2;
        let mut regs = Vec::with_capacity(2 * a.regs.len());
        for &register in &a.regs {
            let ins = self.builder.ins();
            regs.push(if signed {
                ins.swiden_low(register)
            } else {
                ins.uwiden_low(register)
            });
            if both {
                let ins = self.builder.ins();
                regs.push(if signed {
                    ins.swiden_high(register)
                } else {
                    ins.uwiden_high(register)
                });
            }
        }
        Vector {
            regs,
            size: 2 * a.size,
        }
    }

    /// Integers of half the size.
    pub(crate) fn narrow(&mut self, a: &Vector, how: Narrow) -> Vector {
        let regs = a.regs.chunks(2).map(|pair| {
            let (low, high) = (pair[0], *pair.last().unwrap_or(&pair[0]));
            self.narrow_pair(low, high, a.size, how)
        });
        Vector {
            regs: regs.collect(),
            size: a.size / 2,
        }
    }

    fn narrow_pair(&mut self, low: Value, high: Value, size: usize, how: Narrow) -> Value {
        if size == 8 {
            // Masks and wrapped integers alike are their low words.
            let words = self.shuffle(low, high, LOW_WORDS);
            return self.cast_register(words, types::I32X4);
        }
        match how {
            Narrow::Signed => self.builder.ins().snarrow(low, high),
            Narrow::Unsigned => self.builder.ins().unarrow(low, high),
            Narrow::Wrap => {
                // Without the high bits, saturation has nothing to do.
                let keep = u64::MAX >> (64 - 4 * size);
                let keep = self.constant_lanes(integer_register(size), keep);
                let low = self.builder.ins().band(low, keep);
                let high = self.builder.ins().band(high, keep);
                self.builder.ins().unarrow(low, high)
            }
        }
    }

    /// A mask with lanes of another size.
    pub(crate) fn resize_mask(&mut self, mask: &Vector, size: usize) -> Vector {
        let mut mask = mask.clone();
        while mask.size < size {
            mask = self.widen(&mask, true);
        }
        while mask.size > size {
            mask = self.narrow(&mask, Narrow::Signed);
        }
        mask
    }

    /// Two masks with lanes of one size, the larger of theirs.
    pub(crate) fn align_masks(&mut self, a: &Vector, b: &Vector) -> (Vector, Vector) {
        let size = a.size.max(b.size);
        (self.resize_mask(a, size), self.resize_mask(b, size))
    }

    /// The mask of integers that are not 0.
    pub(crate) fn not_zero(&mut self, a: &Vector) -> Vector {
        let zero = self.constant(integer_register(a.size), [0; REGISTER]);
        self.map(a, |e, a| e.builder.ins().icmp(IntCC::NotEqual, a, zero))
    }

    /// Bytes 0 and 1 of a mask.
    pub(crate) fn mask_bytes(&mut self, mask: &Vector) -> Vector {
        let bytes = self.resize_mask(mask, 1);
        let one = self.constant_lanes(types::I8X16, 1);
        self.map(&bytes, |e, a| e.builder.ins().band(a, one))
    }
}
