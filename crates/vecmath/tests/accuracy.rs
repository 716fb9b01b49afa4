//! How far are results from the exact values, in units in the last place?
//!
//! Against values computed with 150 digits or more (`reference.txt`, with its script) at hard points, and
//! against double-double arithmetic at many; the latter is itself checked against the former.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests that print what they measure"
)]

mod double_double;

use double_double::points::{Worst, error, measure_f32, measure_f64, operands, ordered};
use double_double::{Exact, reference};
use tilewright_vecmath::{MathFn, apply_f64};

/// Units in the last place for normal results, of functions that are not composed of others: a little above what 10^7 points show, so that a lost
/// correction term is seen; the promise is 1, for pow 2.
const BOUNDS: &[(MathFn, f64)] = &[
    (MathFn::Exp, 0.68),
    (MathFn::Exp2, 0.68),
    (MathFn::Expm1, 0.9),
    (MathFn::Log, 0.7),
    (MathFn::Log2, 0.6),
    (MathFn::Log10, 0.6),
    (MathFn::Log1p, 0.6),
    (MathFn::Pow, 1.2),
    (MathFn::Cbrt, 0.51),
    (MathFn::Hypot, 0.52),
    (MathFn::Sin, 0.8),
    (MathFn::Cos, 0.8),
    (MathFn::Tan, 0.95),
    (MathFn::Asin, 0.8),
    (MathFn::Acos, 0.8),
    (MathFn::Atan, 0.8),
    (MathFn::Atan2, 0.8),
    (MathFn::Sinh, 0.8),
    (MathFn::Cosh, 0.8),
    (MathFn::Tanh, 0.8),
    (MathFn::Asinh, 0.8),
    (MathFn::Acosh, 0.6),
    (MathFn::Atanh, 0.6),
    (MathFn::Erf, 0.95),
    (MathFn::Erfc, 1.5),
    (MathFn::Gamma, 3.0),
    (MathFn::Gammaln, 3.0),
];

fn one(f: MathFn, a: f64, b: f64) -> f64 {
    let mut out = [0.0];
    apply_f64(f, &mut out, &[a], &[b]);
    out[0]
}

fn committed() -> Vec<(String, f64, f64, Exact)> {
    let parse = |hex: &str| f64::from_bits(u64::from_str_radix(hex, 16).unwrap());
    let mut rows = Vec::new();
    for line in include_str!("reference.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let b = if words.len() == 5 {
            parse(words[2])
        } else {
            0.0
        };
        let [near, rest] = [words[words.len() - 2], words[words.len() - 1]];
        let exact = Exact {
            near: parse(near),
            rest: rest.parse().unwrap(),
        };
        rows.push((words[0].to_string(), parse(words[1]), b, exact));
    }
    assert!(rows.len() > 7000);
    rows
}

#[test]
fn hard_points_are_within_the_bounds() {
    for &(f, bound) in BOUNDS {
        let mut worst = (0.0, 0.0, 0.0);
        for (_, a, b, exact) in committed().iter().filter(|row| row.0 == f.name()) {
            // A subnormal result is rounded twice.
            let limit = if exact.near.abs() < f64::MIN_POSITIVE {
                bound.max(1.0)
            } else {
                bound
            };
            let got = one(f, *a, *b);
            let error = error(got, exact);
            // ln |Γ| has zeros between negative whole numbers.
            let absolute = f == MathFn::Gammaln && *a < 0.0 && (got - exact.near).abs() < 1e-15;
            if absolute {
                continue;
            }
            assert!(error <= limit, "{} of {a:e}, {b:e}: {error} ULP", f.name());
            if error > worst.0 {
                worst = (error, *a, *b);
            }
        }
        println!("{}: {worst:?}", f.name());
    }
}

#[test]
fn the_double_double_reference_agrees_with_the_committed_values() {
    for (name, a, b, exact) in committed() {
        let Some(&f) = MathFn::ALL.iter().find(|f| f.name() == name) else {
            continue;
        };
        if let Some(value) = reference(f, a, b) {
            let difference =
                (ordered(value.near) - ordered(exact.near)) as f64 + value.rest - exact.rest;
            assert!(
                difference.abs() < 1e-5,
                "{name} of {a:e}, {b:e}: {difference} ULP"
            );
        }
    }
}

fn measure(f: MathFn, count: u64) -> Worst {
    let mut worst = Worst::default();
    measure_f64(f, 0..count, &mut worst);
    println!("{} at {:?}: {} ULP", f.name(), worst.at, worst.error);
    assert!(worst.points > count * 9 / 10, "{} points", worst.points);
    worst
}

#[test]
fn stratified_points_are_within_the_bounds() {
    for &(f, bound) in BOUNDS {
        let worst = measure(f, 20_000).error;
        assert!(worst <= bound, "{}: {worst} ULP", f.name());
        // Results that are off by less than half a place cannot have been measured.
        assert!(worst >= 0.49, "{}: {worst} ULP", f.name());
    }
}

#[test]
fn single_precision_is_within_half_a_place_and_a_little() {
    for &(f, _) in BOUNDS {
        let mut worst = Worst::default();
        let points = (0..20_000).map(|i| operands(f, i));
        measure_f32(f, points.map(|(a, b)| (a as f32, b as f32)), &mut worst);
        assert!(
            worst.error <= 0.500_001,
            "{} at {:?}: {}",
            f.name(),
            worst.at,
            worst.error
        );
        assert!(worst.points > 5_000, "{}", f.name());
    }
}
