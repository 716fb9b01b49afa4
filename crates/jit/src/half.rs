//! How does a float16 become a float32, and back?
//!
//! Whole registers of integers and one float instruction each way: not every machine has an
//! instruction for it, and those that have one round float64 twice. Absent: arithmetic, which is
//! float32's.

use crate::mask::Narrow;
use crate::vector::{Emitter, Vector};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};

/// All bits of a float16 but its sign.
const HALF_MAGNITUDE: u64 = 0x7fff;
/// The bits of the largest finite float16.
const HALF_MAX: u64 = 0x7bff;
/// Digits of a float32 that a float16 has not.
const DIGITS_BEYOND: i64 = 13;
/// The bits of 2^112 in float32: how far apart the biases of the exponents are.
const REBIAS: u64 = 0x7780_0000;
/// Bits of float32 values: infinity; 2^16, which rounds to an infinite float16; 2^-14, the smallest
/// normal one; 0.5, whose last digit is that of a subnormal float16.
const INFINITY: u64 = 0x7f80_0000;
const BEYOND_HALF: u64 = 0x4780_0000;
const SMALLEST_NORMAL: u64 = 0x3880_0000;
const ONE_HALF: u64 = 0x3f00_0000;
/// Moves the exponent from float32's bias to float16's, and adds just less than half of the last
/// digit kept.
const ROUND: u64 = 0xc800_0fff;
/// The low bits of a float64's significand that a float32 has not.
const DOUBLE_BEYOND: u64 = (1 << 29) - 1;

impl Emitter<'_, '_> {
    /// The same numbers in float32.
    pub(crate) fn half_to_single(&mut self, a: &Vector) -> Vector {
        let words = self.widen(a, false);
        let of = |e: &mut Self, bits| e.constant_lanes(types::I32X4, bits);
        let (keep, most) = (of(self, HALF_MAGNITUDE), of(self, HALF_MAX));
        let infinity = of(self, INFINITY);
        let rebias = self.constant_lanes(types::F32X4, REBIAS);
        self.map(&words, |e, word| {
            let magnitude = e.builder.ins().band(word, keep);
            let sign = e.builder.ins().bxor(word, magnitude);
            let sign = e.builder.ins().ishl_imm_u(sign, 16);
            let digits = e.builder.ins().ishl_imm_u(magnitude, DIGITS_BEYOND);
            let digits = e.cast_register(digits, types::F32X4);
            // Exact, of subnormal numbers too.
            let scaled = e.builder.ins().fmul(digits, rebias);
            let scaled = e.cast_register(scaled, types::I32X4);
            let special = e
                .builder
                .ins()
                .icmp(IntCC::SignedGreaterThan, magnitude, most);
            let top = e.builder.ins().band(special, infinity);
            let bits = e.builder.ins().bor(scaled, top);
            let bits = e.builder.ins().bor(bits, sign);
            e.cast_register(bits, types::F32X4)
        })
    }

    /// Rounded to the nearest float16, halves to even.
    pub(crate) fn single_to_half(&mut self, a: &Vector) -> Vector {
        let of = |e: &mut Self, bits| e.constant_lanes(types::I32X4, bits);
        let (keep, one, round) = (of(self, (1 << 31) - 1), of(self, 1), of(self, ROUND));
        let (normal, beyond) = (of(self, SMALLEST_NORMAL), of(self, BEYOND_HALF - 1));
        let (infinity, half) = (of(self, INFINITY), of(self, ONE_HALF));
        let (infinite, nan) = (of(self, HALF_MAX + 1), of(self, HALF_MAX + 0x201));
        let shift = DIGITS_BEYOND;
        let words = self.map(a, |e, a| {
            let word = e.cast_register(a, types::I32X4);
            let magnitude = e.builder.ins().band(word, keep);
            let sign = e.builder.ins().bxor(word, magnitude);
            let sign = e.builder.ins().ushr_imm_u(sign, 16);
            // Half of the last digit, or just less where that digit is even.
            let odd = e.builder.ins().ushr_imm_u(magnitude, shift);
            let odd = e.builder.ins().band(odd, one);
            let rounded = e.builder.ins().iadd(magnitude, round);
            let rounded = e.builder.ins().iadd(rounded, odd);
            let rounded = e.builder.ins().ushr_imm_u(rounded, shift);
            // Below the normal numbers the addition rounds.
            let (x, offset) = (
                e.cast_register(magnitude, types::F32X4),
                e.cast_register(half, types::F32X4),
            );
            let tiny = e.builder.ins().fadd(x, offset);
            let tiny = e.cast_register(tiny, types::I32X4);
            let tiny = e.builder.ins().isub(tiny, half);
            let ins = |e: &mut Self, code, bound| e.builder.ins().icmp(code, magnitude, bound);
            let small = ins(e, IntCC::SignedLessThan, normal);
            let large = ins(e, IntCC::SignedGreaterThan, beyond);
            let no_number = ins(e, IntCC::SignedGreaterThan, infinity);
            let special = e.builder.ins().bitselect(no_number, nan, infinite);
            let bits = e.builder.ins().bitselect(small, tiny, rounded);
            let bits = e.builder.ins().bitselect(large, special, bits);
            e.builder.ins().bor(bits, sign)
        });
        self.narrow(&words, Narrow::Unsigned)
    }

    /// Digits beyond float32's become one last odd digit, so that rounding the float32 to float16
    /// rounds the float64.
    pub(crate) fn round_to_odd(&mut self, a: &Vector) -> Vector {
        let low = self.constant_lanes(types::I64X2, DOUBLE_BEYOND);
        let high = self.constant_lanes(types::I64X2, !DOUBLE_BEYOND);
        self.map(a, |e, a| {
            let bits = e.cast_register(a, types::I64X2);
            let beyond = e.builder.ins().band(bits, low);
            let carried = e.builder.ins().iadd(beyond, low);
            let odd = e.builder.ins().bor(bits, carried);
            let odd = e.builder.ins().band(odd, high);
            e.cast_register(odd, types::F64X2)
        })
    }
}
