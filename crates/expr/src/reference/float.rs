//! What do the float operators mean that are not one IEEE operation?
//!
//! One module per width with the same functions: `single` is f32, `double` f64.

macro_rules! floats {
    ($($(#[$doc:meta])* $module:ident $t:ident $apply:ident;)*) => {$(
        $(#[$doc])*
        pub(super) mod $module {
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
    single f32 apply_f32;
    /// f64.
    double f64 apply_f64;
}
