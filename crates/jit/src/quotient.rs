//! How are many floats divided by one?
//!
//! By a product and a fused multiply-add, where that gives the bits of the division, several times as
//! fast. Let `high` be 1/b rounded towards zero and `low` what is left of 1/b, rounded. Then
//! `fma(a, high, a·low)` misses a/b by less than 2^-51 of its last place u before its one rounding.
//! A quotient of numbers of 53 significant bits is no midpoint between two floats, and is at
//! least u/(2B) from each, where B is the whole number of b's significant bits: its rounding cannot
//! be missed if B < 2^41. That holds while nothing is subnormal, so for |a| ≥ 2^-700 and |b| between
//! 2^-200 and 2^200; both terms have one sign, so that overflow and infinity come out as in the
//! division. A power of two has no `low`. What does not fit is divided: a vector at a time where it is
//! an `a`, all of them where it is the `b`. Absent: float32, whose divider is less of a limit.

use crate::body::Prepared;
use crate::vector::{Emitter, Vector};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};

/// Bits of the fraction that a divisor has zero: 12 leave 41 significant ones.
const LOW_BITS: i64 = (1 << 12) - 1;

/// The least |a|: 2^-700.
const LEAST: u64 = (1023 - 700) << 52;

/// A divisor and its reciprocal, each in all lanes of a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Divisor {
    divisor: Value,
    high: Value,
    low: Value,
    /// The least |a| that is multiplied; NaN if none is.
    least: Value,
}

/// Whether this machine multiplies and adds with one rounding.
pub(crate) fn fuses() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("fma")
        && std::arch::is_x86_feature_detected!("avx");
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}

impl Emitter<'_, '_> {
    /// What divisions by the f64 in all lanes of `divisor` need before their loop.
    pub(crate) fn prepare_divisor(&mut self, divisor: Value) -> Prepared {
        let b = self.builder.ins().extractlane(divisor, 0);
        let one = self.builder.ins().f64const(1.0);
        let rest_of = |this: &mut Self, reciprocal| {
            let negative = this.builder.ins().fneg(reciprocal);
            this.builder.ins().fma(negative, b, one)
        };
        // The nearest reciprocal, or the one below if its product with b is above 1.
        let nearest = self.builder.ins().fdiv(one, b);
        let rest = rest_of(self, nearest);
        let bits = self.bits(nearest);
        let below = self.builder.ins().iadd_imm_s(bits, -1);
        let below = self
            .builder
            .ins()
            .bitcast(types::F64, MemFlagsData::new(), below);
        let zero = self.builder.ins().f64const(0.0);
        let above = self.builder.ins().fcmp(FloatCC::LessThan, rest, zero);
        let high = self.builder.ins().select(above, below, nearest);
        let rest = rest_of(self, high);
        let low = self.builder.ins().fdiv(rest, b);
        let fits = self.fits(b);
        let least = self.builder.ins().f64const(f64::from_bits(LEAST));
        let never = self.builder.ins().f64const(f64::NAN);
        let least = self.builder.ins().select(fits, least, never);
        let [high, low, least] =
            [high, low, least].map(|x| self.builder.ins().splat(types::F64X2, x));
        Prepared::Divisor(Divisor {
            divisor,
            high,
            low,
            least,
        })
    }

    fn bits(&mut self, x: Value) -> Value {
        self.builder
            .ins()
            .bitcast(types::I64, MemFlagsData::new(), x)
    }

    /// Whether b has few significant bits, is no power of two, and is between 2^-200 and 2^200.
    fn fits(&mut self, b: Value) -> Value {
        let bits = self.bits(b);
        let long = self.builder.ins().band_imm_s(bits, LOW_BITS);
        let short = self.builder.ins().icmp_imm_s(IntCC::Equal, long, 0);
        let fraction = self.builder.ins().band_imm_s(bits, (1 << 52) - 1);
        let odd = self.builder.ins().icmp_imm_s(IntCC::NotEqual, fraction, 0);
        let exponent = self.builder.ins().ushr_imm_u(bits, 52);
        let exponent = self.builder.ins().band_imm_s(exponent, 0x7ff);
        let exponent = self.builder.ins().iadd_imm_s(exponent, 200 - 1023);
        let near = self
            .builder
            .ins()
            .icmp_imm_s(IntCC::UnsignedLessThan, exponent, 400);
        let fits = self.builder.ins().band(short, odd);
        self.builder.ins().band(fits, near)
    }

    /// `a` divided by a prepared divisor, with the bits of the division.
    pub(crate) fn divide_all(&mut self, a: &Vector, by: Divisor) -> Vector {
        // What is left of a loop is not worth the branch.
        if self.unit == 1 {
            return self.map(a, |e, a| e.builder.ins().fdiv(a, by.divisor));
        }
        let large: Vec<Value> = a
            .regs
            .iter()
            .map(|&a| {
                let size = self.builder.ins().fabs(a);
                let large = self
                    .builder
                    .ins()
                    .fcmp(FloatCC::GreaterThanOrEqual, size, by.least);
                self.builder.ins().vhigh_bits(types::I32, large)
            })
            .collect();
        let all = large[1..]
            .iter()
            .fold(large[0], |all, &more| self.builder.ins().band(all, more));
        let all = self.builder.ins().icmp_imm_s(IntCC::Equal, all, 0b11);
        let [multiply, divide, done] = [(); 3].map(|()| self.builder.create_block());
        self.builder.ins().brif(all, multiply, &[], divide, &[]);

        self.builder.switch_to_block(multiply);
        let products = a.regs.iter().map(|&a| {
            let low = self.builder.ins().fmul(a, by.low);
            BlockArg::from(self.builder.ins().fma(a, by.high, low))
        });
        let products: Vec<BlockArg> = products.collect();
        self.builder.ins().jump(done, &products);

        self.builder.switch_to_block(divide);
        let quotients = a
            .regs
            .iter()
            .map(|&a| BlockArg::from(self.builder.ins().fdiv(a, by.divisor)));
        let quotients: Vec<BlockArg> = quotients.collect();
        self.builder.ins().jump(done, &quotients);

        self.builder.switch_to_block(done);
        let regs = (0..a.regs.len())
            .map(|_| self.builder.append_block_param(done, types::F64X2))
            .collect();
        Vector { regs, size: a.size }
    }
}
