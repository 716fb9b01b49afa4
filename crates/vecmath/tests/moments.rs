//! Variance states: exact zeros, NaN, and errors against double-double arithmetic over merge trees.
#![allow(clippy::print_stdout, reason = "prints what it measures")]

use tilewright_vecmath::{
    Draw, LEAF, Moments, draw_f64, draw_integers, moments_leaf, moments_merge,
};

fn merge(na: f64, a: Moments, nb: f64, b: Moments) -> Moments {
    let (mut mean, mut low, mut m2) = ([a.mean], [a.mean_low], [a.m2]);
    moments_merge(
        na,
        &mut mean,
        &mut low,
        &mut m2,
        nb,
        &[b.mean],
        &[b.mean_low],
        &[b.m2],
    );
    Moments {
        mean: mean[0],
        mean_low: low[0],
        m2: m2[0],
    }
}

/// A binary tree aligned to powers of two over leaves.
fn tree(x: &[f64]) -> Moments {
    if x.len() <= LEAF {
        return moments_leaf(x);
    }
    let leaves = x.len().div_ceil(LEAF);
    let (a, b) = x.split_at(leaves.next_power_of_two() / 2 * LEAF);
    merge(a.len() as f64, tree(a), b.len() as f64, tree(b))
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// a + b in double-double.
fn add(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (high, first) = two_sum(a.0, b.0);
    let (low, second) = two_sum(a.1, b.1);
    let (high, first) = two_sum(high, first + low);
    two_sum(high, first + second)
}

fn multiply(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let high = a.0 * b.0;
    two_sum(high, a.0.mul_add(b.0, -high) + (a.0 * b.1 + a.1 * b.0))
}

/// Mean and sum of squared deviations, both two-pass in double-double.
fn exact(x: &[f64]) -> ((f64, f64), f64) {
    let n = x.len() as f64;
    let mut sum = (0.0, 0.0);
    for &x in x {
        sum = add(sum, (x, 0.0));
    }
    let quotient = sum.0 / n;
    let rest = ((-quotient).mul_add(n, sum.0) + sum.1) / n;
    let mean = two_sum(quotient, rest);
    let (mut squares, mut left) = ((0.0, 0.0), (0.0, 0.0));
    for &x in x {
        let d = add((x, 0.0), (-mean.0, -mean.1));
        squares = add(squares, multiply(d, d));
        left = add(left, d);
    }
    let correction = multiply(left, left);
    (mean, squares.0 - correction.0 / n)
}

/// Errors of m2, and of the mean's sum against one unit of the standard deviation.
fn errors(x: &[f64]) -> (f64, f64) {
    let got = tree(x);
    let (mean, m2) = exact(x);
    let unit = f64::from_bits(m2.to_bits() + 1) - m2;
    let deviation = (m2 / x.len() as f64).sqrt();
    let (high, low) = add((got.mean, got.mean_low), (-mean.0, -mean.1));
    (
        (got.m2 - m2).abs() / unit,
        (high + low).abs() / deviation / f64::EPSILON,
    )
}

#[test]
fn errors_stay_within_16_ulp_up_to_condition_1e12() {
    let mut worst = (0.0f64, 0.0f64);
    for n in [2, 3, 9, 100, 511, 512, 513, 4096, 5000, 100_003, 1 << 18] {
        let mut z = vec![0.0; n];
        draw_f64(Draw::Normal, n as u64, 0, 1, &mut z);
        for offset in [0.0, 1.0, -3e3, 1e6 / 3.0, -1e6] {
            for scale in [1.0, 1.0 / 3.0, 1e-140, 7e100] {
                let x: Vec<f64> = z.iter().map(|z| (z + offset) * scale).collect();
                let (m2, mean) = errors(&x);
                worst = (worst.0.max(m2), worst.1.max(mean));
            }
        }
        // Two values: the same rounding again and again.
        for (share, value) in [(2, 1.0), (2, 0.1), (7, 1.0 / 3.0), (100, 0.7)] {
            let mut mask = vec![0; n];
            draw_integers(1, 0, 1, &[0], &[share], &mut mask);
            mask[0] = 0;
            mask[1] = 1;
            for offset in [0.0, 0.9, 1e5] {
                let x: Vec<f64> = mask
                    .iter()
                    .map(|&m| if m == 0 { value + offset } else { offset })
                    .collect();
                worst.0 = worst.0.max(errors(&x).0);
            }
        }
        // A first element far from the others, a trend, and alternation.
        let mut outlier = z.clone();
        outlier[0] = 1e9;
        let trend: Vec<f64> = (0..n).map(|i| 1e5 + i as f64 * 0.1).collect();
        let alternating: Vec<f64> = (0..n).map(|i| 0.1 + (i % 2) as f64 * 0.3).collect();
        for x in [outlier, trend, alternating] {
            worst.0 = worst.0.max(errors(&x).0);
        }
    }
    println!("m2 {} ULP, mean {} epsilon deviations", worst.0, worst.1);
    assert!(worst.0 <= 16.0, "m2 is off by {} ULP", worst.0);
    assert!(
        worst.1 <= 16.0,
        "the mean is off by {} epsilon deviations",
        worst.1
    );
    assert!(worst.0 > 0.5, "too good to be measured");
}

#[test]
fn constant_data_have_no_spread() {
    let mut values = vec![0.0; 300];
    draw_f64(Draw::Normal, 2, 0, 1, &mut values);
    values.extend([0.1, 1e308, -f64::MAX, 5e-324, 0.0, 1.0 / 3.0, 1e16 + 2.0]);
    for (i, &c) in values.iter().enumerate() {
        let state = tree(&vec![c; 1 + i * 17]);
        assert_eq!(
            state,
            Moments {
                mean: c,
                mean_low: 0.0,
                m2: 0.0
            },
            "{c:e}"
        );
    }
}

#[test]
fn an_empty_side_gives_the_other_bit_for_bit() {
    let state = Moments {
        mean: -0.0,
        mean_low: 5e-324,
        m2: 3.0,
    };
    let empty = moments_leaf(&[]);
    assert_eq!(empty, Moments::default());
    for merged in [merge(0.0, empty, 4.0, state), merge(4.0, state, 0.0, empty)] {
        assert_eq!(merged, state);
        assert!(merged.mean.is_sign_negative());
    }
    assert_eq!(merge(0.0, empty, 0.0, empty), empty);
}

#[test]
fn nan_and_infinity_give_nan() {
    for bad in [f64::NAN, f64::INFINITY, -f64::INFINITY] {
        for place in [0, 1, 200, 511, 600] {
            let mut x = vec![1.0; 601];
            x[place] = bad;
            assert!(tree(&x).m2.is_nan(), "{bad} at {place}");
            assert!(tree(&vec![bad; place + 1]).m2.is_nan());
        }
    }
    // Squares that overflow are infinite, as exact arithmetic rounded would be.
    assert_eq!(moments_leaf(&[1e200, -1e200, 0.0, 0.0]).m2, f64::INFINITY);
}

#[test]
fn one_element_has_no_spread() {
    assert_eq!(
        moments_leaf(&[42.5]),
        Moments {
            mean: 42.5,
            mean_low: 0.0,
            m2: 0.0
        }
    );
}
