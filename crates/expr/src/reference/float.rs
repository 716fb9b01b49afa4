//! What do the float operators mean that are not one IEEE operation?
//!
//! One module per width with the same functions: `single` is f32, `double` f64.

macro_rules! floats {
    ($($(#[$doc:meta])* $module:ident $t:ident $bits:ident $apply:ident;)*) => {$(
        $(#[$doc])*
        pub(super) mod $module {
            use std::cmp::Ordering;
            use tilewright_vecmath::{MathFn, $apply};

            /// Quotient rounded down and remainder with the divisor's sign: the remainder is exact
            /// but for one addition where the signs differ, the quotient the integer nearest to
            /// what it leaves. As `npy_divmod` of NumPy 2.
            fn divmod(a: $t, b: $t) -> ($t, $t) {
                let rest = a % b;
                if b == 0.0 {
                    return (a / b, rest);
                }
                let quotient = (a - rest) / b;
                let (quotient, rest) = if rest == 0.0 {
                    (quotient, $t::copysign(0.0, b))
                } else if (b < 0.0) != (rest < 0.0) {
                    (quotient - 1.0, rest + b)
                } else {
                    (quotient, rest)
                };
                if quotient == 0.0 {
                    return ($t::copysign(0.0, a / b), rest);
                }
                let below = quotient.floor();
                let nearest = if quotient - below > 0.5 { below + 1.0 } else { below };
                (nearest, rest)
            }

            /// `a // b`.
            pub fn floor_divide(a: $t, b: $t) -> $t {
                divmod(a, b).0
            }

            /// `a % b`.
            pub fn remainder(a: $t, b: $t) -> $t {
                divmod(a, b).1
            }

            /// The smaller; NaN wins; −0 is below +0.
            pub fn minimum(a: $t, b: $t) -> $t {
                if a.is_nan() || b.is_nan() {
                    return $t::NAN;
                }
                // Only zeros are equal and differ.
                let first = a < b || (a == b && a.is_sign_negative());
                if first { a } else { b }
            }

            /// The larger; NaN wins; +0 is above −0.
            pub fn maximum(a: $t, b: $t) -> $t {
                -minimum(-a, -b)
            }

            /// The float beside `a` on the side of `b`.
            pub fn next_after(a: $t, b: $t) -> $t {
                match a.partial_cmp(&b) {
                    None => $t::NAN,
                    Some(Ordering::Equal) => b,
                    Some(Ordering::Less) => a.next_up(),
                    Some(Ordering::Greater) => a.next_down(),
                }
            }

            /// `a` as ±[0.5, 1) and a power of two, by halving and doubling.
            fn halves(a: $t) -> ($t, i32) {
                let (mut part, mut power) = (a, 0);
                if a == 0.0 || !a.is_finite() {
                    return (a, 0);
                }
                while part.abs() >= 1.0 {
                    (part, power) = (part / 2.0, power + 1);
                }
                while part.abs() < 0.5 {
                    (part, power) = (part * 2.0, power - 1);
                }
                (part, power)
            }

            /// The first of `frexp`.
            pub fn mantissa(a: $t) -> $t {
                halves(a).0
            }

            /// The second of `frexp`.
            pub fn exponent(a: $t) -> $t {
                halves(a).1 as $t
            }

            /// `a·2^n`, rounded once: below the normal numbers by the bits that fall off.
            pub fn scale(a: $t, n: $t) -> $t {
                let (part, power) = halves(a);
                if n.is_nan() {
                    return n;
                }
                if a == 0.0 || !a.is_finite() {
                    return a;
                }
                let to = power + n.clamp(-4096.0, 4096.0) as i32;
                if to >= $t::MIN_EXP {
                    return (0..to.unsigned_abs()).fold(part, |x, _| {
                        if to > 0 { x * 2.0 } else { x / 2.0 }
                    });
                }
                let digits = $t::MANTISSA_DIGITS;
                let whole = (part.abs() * (1u64 << digits) as $t) as u128;
                let off = to.abs_diff($t::MIN_EXP).min(digits + 2);
                let (kept, rest) = (whole >> off, whole & ((1 << off) - 1));
                let half = 1 << (off - 1);
                let up = rest > half || (rest == half && kept & 1 == 1);
                $t::from_bits(kept as $bits + $bits::from(up)).copysign(a)
            }

            /// A slice function on one element: the same bits as within a slice.
            pub fn math(f: MathFn, a: $t, b: $t) -> $t {
                let (mut out, b) = ([0.0], [b]);
                $apply(f, &mut out, &[a], &b[..f.arity() - 1]);
                out[0]
            }
        }
    )*};
}

floats! {
    /// f32.
    single f32 u32 apply_f32;
    /// f64.
    double f64 u64 apply_f64;
}
