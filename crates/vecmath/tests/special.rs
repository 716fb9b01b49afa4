//! Zeros, infinities, NaN, subnormals and the ends of the range.
#![allow(clippy::unwrap_used, reason = "tests")]

use MathFn::*;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};
use tilewright_vecmath::{MathFn, apply_f32, apply_f64};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

fn one(f: MathFn, a: f64, b: f64) -> f64 {
    let mut out = [0.0];
    apply_f64(f, &mut out, &[a], &[b]);
    out[0]
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn functions_of_one_operand() {
    let tiny = f64::from_bits(1);
    let cases = [
        (Exp, 0.0, 1.0),
        (Exp, -0.0, 1.0),
        (Exp, INF, INF),
        (Exp, -INF, 0.0),
        (Exp, 709.782712893384, 1.7976931348622732e308),
        (Exp, 709.7827128933841, INF),
        (Exp, f64::MAX, INF),
        (Exp, -745.1332191019411, tiny),
        (Exp, -745.1332191019412, 0.0),
        (Exp, f64::MIN, 0.0),
        (Exp, tiny, 1.0),
        (Log, 1.0, 0.0),
        (Log, 0.0, -INF),
        (Log, -0.0, -INF),
        (Log, -tiny, NAN),
        (Log, -INF, NAN),
        (Log, INF, INF),
        (Log, tiny, -744.4400719213812),
        (Log, f64::MAX, 709.782712893384),
        (Sin, 0.0, 0.0),
        (Sin, -0.0, -0.0),
        (Sin, tiny, tiny),
        (Sin, -f64::MIN_POSITIVE, -f64::MIN_POSITIVE),
        (Sin, INF, NAN),
        (Sin, -INF, NAN),
        (Cos, 0.0, 1.0),
        (Cos, -0.0, 1.0),
        (Cos, tiny, 1.0),
        (Cos, INF, NAN),
        (Cos, -INF, NAN),
        (Tan, 0.0, 0.0),
        (Tan, -0.0, -0.0),
        (Tan, tiny, tiny),
        (Tan, INF, NAN),
        (Exp2, 0.0, 1.0),
        (Exp2, -1074.0, tiny),
        (Exp2, -1075.0, 0.0),
        (Exp2, 1023.0, 2f64.powi(1023)),
        (Exp2, 1024.0, INF),
        (Exp2, INF, INF),
        (Exp2, -INF, 0.0),
        (Expm1, 0.0, 0.0),
        (Expm1, -0.0, -0.0),
        (Expm1, -tiny, -tiny),
        (Expm1, INF, INF),
        (Expm1, -INF, -1.0),
        (Expm1, 709.7827128933841, INF),
        (Log2, 1.0, 0.0),
        (Log2, tiny, -1074.0),
        (Log2, 8.0, 3.0),
        (Log2, -0.0, -INF),
        (Log2, -1.0, NAN),
        (Log2, INF, INF),
        (Log10, 1000.0, 3.0),
        (Log10, 1e22, 22.0),
        (Log10, 0.0, -INF),
        (Log10, -1.0, NAN),
        (Log10, INF, INF),
        (Log1p, 0.0, 0.0),
        (Log1p, -0.0, -0.0),
        (Log1p, tiny, tiny),
        (Log1p, -1.0, -INF),
        (Log1p, -1.5, NAN),
        (Log1p, INF, INF),
        (Log1p, f64::MAX, 709.782712893384),
        (Cbrt, -0.0, -0.0),
        (Cbrt, -27.0, -3.0),
        (Cbrt, tiny, 1.7031839360032603e-108),
        (Cbrt, -INF, -INF),
        (Asin, -0.0, -0.0),
        (Asin, 1.0, FRAC_PI_2),
        (Asin, -1.0, -FRAC_PI_2),
        (Asin, 1.0000000000000002, NAN),
        (Acos, 1.0, 0.0),
        (Acos, 0.0, FRAC_PI_2),
        (Acos, -1.0, PI),
        (Acos, -1.5, NAN),
        (Atan, -0.0, -0.0),
        (Atan, tiny, tiny),
        (Atan, 1.0, FRAC_PI_4),
        (Atan, INF, FRAC_PI_2),
        (Atan, -INF, -FRAC_PI_2),
        (Sinh, -0.0, -0.0),
        (Sinh, tiny, tiny),
        (Sinh, 711.0, INF),
        (Sinh, -INF, -INF),
        (Cosh, 0.0, 1.0),
        (Cosh, -711.0, INF),
        (Cosh, -INF, INF),
        (Tanh, -0.0, -0.0),
        (Tanh, tiny, tiny),
        (Tanh, INF, 1.0),
        (Tanh, -30.0, -1.0),
        (Asinh, -0.0, -0.0),
        (Asinh, tiny, tiny),
        (Asinh, -INF, -INF),
        (Asinh, f64::MAX, 710.475860073944),
        (Acosh, 1.0, 0.0),
        (Acosh, 0.5, NAN),
        (Acosh, -INF, NAN),
        (Acosh, INF, INF),
        (Acosh, f64::MAX, 710.475860073944),
        (Atanh, -0.0, -0.0),
        (Atanh, tiny, tiny),
        (Atanh, 1.0, INF),
        (Atanh, -1.0, -INF),
        (Atanh, 1.5, NAN),
        (Erf, -0.0, -0.0),
        (Erf, INF, 1.0),
        (Erf, -6.0, -1.0),
        (Erfc, 0.0, 1.0),
        (Erfc, INF, 0.0),
        (Erfc, -INF, 2.0),
        (Erfc, 27.5, 0.0),
        (Gamma, 0.0, INF),
        (Gamma, -0.0, -INF),
        (Gamma, -3.0, NAN),
        (Gamma, -INF, NAN),
        (Gamma, INF, INF),
        (Gamma, 171.7, INF),
        (Gamma, 5.0, 24.0),
        (Gamma, 1e-309, INF),
        (Gamma, -200.5, -0.0),
        (Gamma, -1001.5, 0.0),
        (Gammaln, 0.0, INF),
        (Gammaln, -2.0, INF),
        (Gammaln, -INF, INF),
        (Gammaln, INF, INF),
        (Gammaln, 1.0, 0.0),
        (Gammaln, 2.0, 0.0),
        (Gammaln, 1e306, INF),
        (Radians, 180.0, PI),
        (Degrees, PI, 180.0),
        (Sinc, 0.0, 1.0),
        (Sinc, -0.0, 1.0),
        (Sinc, 0.5, 2.0 / PI),
        (Sinc, INF, NAN),
        (I0, 0.0, 1.0),
        (I0, 1.0, 1.2660658777520084),
        (I0, -1.0, 1.2660658777520084),
        (I0, -INF, NAN),
        (I0, 714.0, INF),
    ];
    for (f, a, expected) in cases {
        let got = one(f, a, 0.0);
        assert!(
            same(got, expected),
            "{} of {a:e} is {got:e}, not {expected:e}",
            f.name()
        );
    }
    for &f in MathFn::ALL {
        assert!(one(f, NAN, 2.0).is_nan(), "{}", f.name());
    }
}

/// C99 F.10.1.4 and F.10.4.3.
#[test]
fn angles_and_lengths_of_vectors() {
    let quarter = FRAC_PI_4;
    let cases = [
        (Atan2, 0.0, -0.0, PI),
        (Atan2, -0.0, -0.0, -PI),
        (Atan2, 0.0, 0.0, 0.0),
        (Atan2, -0.0, 0.0, -0.0),
        (Atan2, -0.0, -3.0, -PI),
        (Atan2, -0.0, 3.0, -0.0),
        (Atan2, -2.0, 0.0, -FRAC_PI_2),
        (Atan2, 2.0, -0.0, FRAC_PI_2),
        (Atan2, 2.0, -INF, PI),
        (Atan2, -2.0, INF, -0.0),
        (Atan2, INF, 5.0, FRAC_PI_2),
        (Atan2, -INF, -5.0, -FRAC_PI_2),
        (Atan2, INF, -INF, 3.0 * quarter),
        (Atan2, -INF, INF, -quarter),
        (Atan2, NAN, 1.0, NAN),
        (Atan2, 1.0, NAN, NAN),
        (Hypot, 3.0, -4.0, 5.0),
        (Hypot, 0.0, -0.0, 0.0),
        (Hypot, -INF, NAN, INF),
        (Hypot, NAN, INF, INF),
        (Hypot, NAN, 1.0, NAN),
        (Hypot, 3e300, 4e300, 5e300),
        (Hypot, 5e-324, 0.0, 5e-324),
        (Hypot, f64::MAX, f64::MAX, INF),
        (LogAddExp, 0.0, 0.0, LN_2),
        (LogAddExp, -INF, 3.0, 3.0),
        (LogAddExp, -INF, -INF, -INF),
        (LogAddExp, INF, INF, INF),
        (LogAddExp, INF, -INF, INF),
        (LogAddExp, 1000.0, 1000.0, 1000.0 + LN_2),
        (LogAddExp, NAN, 1.0, NAN),
        (LogAddExp2, 5.0, 5.0, 6.0),
        (LogAddExp2, -INF, 3.0, 3.0),
    ];
    for (f, a, b, expected) in cases {
        let got = one(f, a, b);
        assert!(
            same(got, expected),
            "{} of {a:e}, {b:e} is {got:e}, not {expected:e}",
            f.name()
        );
    }
}

/// C99 F.10.4.4, row by row, then every pair of special operands against the C library.
#[test]
fn powers() {
    let cases = [
        (0.0, -1.0, INF),
        (-0.0, -1.0, -INF),
        (-0.0, -3.0, -INF),
        (-0.0, -2.0, INF),
        (-0.0, -1.5, INF),
        (0.0, -INF, INF),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (1.0, NAN, 1.0),
        (NAN, 0.0, 1.0),
        (NAN, -0.0, 1.0),
        (-2.0, 0.5, NAN),
        (0.5, -INF, INF),
        (2.0, -INF, 0.0),
        (0.5, INF, 0.0),
        (2.0, INF, INF),
        (-INF, -3.0, -0.0),
        (-INF, -2.5, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.5, INF),
        (INF, -0.5, 0.0),
        (INF, 0.5, INF),
        (NAN, 1.0, NAN),
        (2.0, NAN, NAN),
    ];
    for (a, b, expected) in cases {
        let got = one(Pow, a, b);
        assert!(
            same(got, expected),
            "{a:e}^{b:e} is {got:e}, not {expected:e}"
        );
    }
    let sizes = [
        0.0,
        1.0,
        2.0,
        0.5,
        3.0,
        0.1,
        1e300,
        1e-300,
        5e-324,
        f64::MAX,
        INF,
    ];
    let exponents = [
        0.0,
        1.0,
        2.0,
        3.0,
        0.5,
        1.5,
        1e-320,
        1e300,
        4503599627370495.5,
        4503599627370497.0,
        9007199254740991.0,
        9007199254740992.0,
        1025.0,
        1026.0,
        INF,
    ];
    for a in sizes.iter().flat_map(|&a| [a, -a]).chain([NAN]) {
        for b in exponents.iter().flat_map(|&b| [b, -b]).chain([NAN]) {
            let (got, expected) = (one(Pow, a, b), a.powf(b));
            let near = (got / expected - 1.0).abs() < 1e-15 && expected.abs() > 1e-307;
            assert!(
                same(got, expected) || near,
                "{a:e}^{b:e} is {got:e}, not {expected:e}"
            );
        }
    }
}

#[test]
fn small_integer_powers_of_integers_are_exact() {
    for base in 1..40i32 {
        for exponent in 0..10 {
            let exact = i64::from(base).pow(exponent);
            if exact < 1 << 53 {
                assert_eq!(one(Pow, base.into(), exponent.into()), exact as f64);
                let odd = if exponent % 2 == 1 { -1.0 } else { 1.0 };
                assert_eq!(
                    one(Pow, (-base).into(), exponent.into()),
                    odd * exact as f64
                );
            }
        }
    }
}

#[test]
fn single_precision_ends() {
    let one = |f, a: f32, b: f32| {
        let mut out = [0f32];
        apply_f32(f, &mut out, &[a], &[b]);
        out[0]
    };
    assert!(one(Exp, 88.72, 0.0).is_finite());
    assert_eq!(one(Exp, 89.0, 0.0), f32::INFINITY);
    assert_eq!(one(Exp, -103.0, 0.0).to_bits(), 1);
    assert_eq!(one(Exp, -104.0, 0.0).to_bits(), 0);
    assert_eq!(one(Log, f32::from_bits(1), 0.0), -103.27893);
    assert_eq!(one(Sin, -0.0, 0.0).to_bits(), (-0.0f32).to_bits());
    assert_eq!(one(Pow, -3.0, 3.0), -27.0);
    assert_eq!(one(Pow, 1e20, 2.0), f32::INFINITY);
    assert!(one(Cos, f32::INFINITY, 0.0).is_nan());
}

/// The scalar loops that a reader would write: the same values whatever the neighbours are.
#[test]
fn huge_angles_do_not_disturb_their_neighbours() {
    let mut a: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.37).collect();
    for i in (0..100).step_by(7) {
        a[i] = 1e22 * f64::from(i as u32 + 1);
    }
    a[3] = NAN;
    a[4] = INF;
    for f in [Sin, Cos] {
        let mut out = vec![0.0; 100];
        apply_f64(f, &mut out, &a, &[]);
        for i in 0..100 {
            assert!(same(out[i], one(f, a[i], 0.0)));
        }
    }
    assert!((one(Sin, 1e22, 0.0) + 0.8522008497671888).abs() < 1e-15);
}
