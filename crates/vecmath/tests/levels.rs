//! The same bits at every level of the machine, at every length, place and alignment.

use tilewright_vecmath::{
    Columns, Draw, Level, MathFn, apply_f32, apply_f32_at, apply_f64, apply_f64_at, draw_f64,
    draw_f64_at, draw_integers, draw_integers_at, draw_of, draw_of_at, levels, moments_leaf,
    moments_leaf_at, moments_leaf_rows, moments_leaf_rows_at,
};

/// Bits, with all NaNs as one value.
fn bits(x: &[f64]) -> Vec<u64> {
    x.iter()
        .map(|x| if x.is_nan() { 1 } else { x.to_bits() })
        .collect()
}

/// Random bit patterns: every exponent, subnormals, infinities and NaN; then moderate values.
fn operands(count: usize, seed: u64) -> Vec<f64> {
    let mut raw = vec![0; count];
    draw_integers(seed, 0, 1, &[i64::MIN], &[i64::MAX], &mut raw);
    let mut x: Vec<f64> = raw.iter().map(|&b| f64::from_bits(b as u64)).collect();
    let mut moderate = vec![0.0; count];
    draw_f64(Draw::Normal, seed, 0, 1, &mut moderate);
    for (i, m) in moderate.iter().enumerate().filter(|(i, _)| i % 3 != 0) {
        x[i] = m * [1.0, 20.0, 300.0][i % 7 % 3];
    }
    let special = [
        0.0,
        -0.0,
        f64::INFINITY,
        -f64::INFINITY,
        f64::NAN,
        1.0,
        -1.0,
        f64::MAX,
    ];
    for (x, s) in x.iter_mut().zip(special) {
        *x = s;
    }
    x
}

#[test]
fn the_first_level_is_the_baseline_and_higher_ones_fall_back() {
    assert_eq!(levels()[0], Level::Baseline);
    assert!(levels().is_sorted());
    let mut out = [0.0];
    apply_f64_at(Level::Avx512, MathFn::Exp, &mut out, &[1.0], &[]);
    assert_eq!(out[0], std::f64::consts::E);
}

#[test]
fn functions_agree_between_levels() {
    let (a, b) = (operands(20_011, 1), operands(20_011, 2));
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<f32>>();
    let (a32, b32) = (single(&a), single(&b));
    for &f in MathFn::ALL {
        let (mut best, mut best32) = (vec![0.0; a.len()], vec![0.0; a.len()]);
        apply_f64(f, &mut best, &a, &b);
        apply_f32(f, &mut best32, &a32, &b32);
        for &level in levels() {
            let (mut out, mut out32) = (vec![0.0; a.len()], vec![0.0; a.len()]);
            apply_f64_at(level, f, &mut out, &a, &b);
            apply_f32_at(level, f, &mut out32, &a32, &b32);
            assert!(bits(&out) == bits(&best), "{f:?} at {level:?}");
            let wide = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
            assert!(
                bits(&wide(&out32)) == bits(&wide(&best32)),
                "{f:?} f32 at {level:?}"
            );
        }
    }
}

#[test]
fn lengths_and_alignments_do_not_matter() {
    let (a, b) = (operands(100, 3), operands(100, 4));
    for &f in MathFn::ALL {
        let mut whole = vec![0.0; 100];
        apply_f64(f, &mut whole, &a, &b);
        for &level in levels() {
            for length in 0..70 {
                for offset in [0, 1, 2, 3, 5, 7] {
                    let range = offset..offset + length;
                    let mut out = vec![9.0; 100];
                    apply_f64_at(
                        level,
                        f,
                        &mut out[range.clone()],
                        &a[range.clone()],
                        &b[range.clone()],
                    );
                    assert_eq!(bits(&out[range.clone()]), bits(&whole[range.clone()]));
                    assert!(
                        out[..offset]
                            .iter()
                            .chain(&out[range.end..])
                            .all(|&x| x == 9.0)
                    );
                }
            }
        }
    }
}

#[test]
fn neighbours_do_not_matter() {
    const COUNT: usize = 4096;
    let mut raw = vec![0; COUNT];
    draw_integers(7, 0, 1, &[0], &[i64::MAX], &mut raw);
    let mut normal = vec![0.0; COUNT];
    draw_f64(Draw::Normal, 7, 0, 1, &mut normal);
    // Blocks without a special value: positive ones of every exponent, and ordinary ones of some size.
    let positive = raw.iter().map(|&bits| f64::from_bits(bits as u64));
    let positive: Vec<f64> = positive.filter(|x| x.is_normal()).collect();
    let of_size = |size: f64| normal.iter().map(|x| x * size).collect::<Vec<f64>>();
    let above = |least: f64| normal.iter().map(|x| least + x.abs()).collect::<Vec<f64>>();
    let mut kinds = vec![positive, above(-1.0), above(-0.1)];
    kinds.extend([1e-300, 1e-9, 0.1, 1.0, 200.0, 1e6, 1e13, 1e300].map(of_size));
    for a in &kinds {
        for &f in MathFn::ALL {
            for &level in levels() {
                let mut together = vec![0.0; a.len()];
                apply_f64_at(level, f, &mut together, a, a);
                let mut alone = vec![0.0; a.len()];
                for (alone, a) in alone.chunks_mut(1).zip(a.chunks(1)) {
                    apply_f64_at(level, f, alone, a, a);
                }
                assert!(bits(&together) == bits(&alone), "{f:?} at {level:?}");
            }
        }
    }
}

#[test]
fn unequal_lengths_take_the_shortest() {
    let mut out = [7.0; 5];
    apply_f64(MathFn::Exp, &mut out, &[0.0; 3], &[]);
    assert_eq!(out, [1.0, 1.0, 1.0, 7.0, 7.0]);
    apply_f64(MathFn::Exp, &mut out[..1], &[-f64::INFINITY; 9], &[]);
    assert_eq!(out, [0.0, 1.0, 1.0, 7.0, 7.0]);
    apply_f64(MathFn::Pow, &mut out, &[2.0; 9], &[3.0; 2]);
    assert_eq!(out, [8.0, 8.0, 1.0, 7.0, 7.0]);
    apply_f64(MathFn::Pow, &mut out, &[2.0; 9], &[]);
    assert_eq!(out, [8.0, 8.0, 1.0, 7.0, 7.0]);
}

#[test]
fn random_numbers_agree_between_levels() {
    let count = 40_003;
    for draw in [
        Draw::Uniform,
        Draw::Normal,
        Draw::Integer,
        Draw::Wald,
        Draw::WaldRoot,
    ] {
        let mut best = vec![0.0; count];
        draw_f64(draw, 5, u64::MAX - 1000, 3, &mut best);
        for &level in levels() {
            let mut out = vec![0.0; count];
            draw_f64_at(level, draw, 5, u64::MAX - 1000, 3, &mut out);
            assert!(bits(&out) == bits(&best), "{draw:?} at {level:?}");
        }
    }
    for (draw, a, b, c) in [
        (Draw::Gamma, 0.3, 0.0, 0.0),
        (Draw::ChiSquare, 7.5, 0.0, 0.0),
        (Draw::Poisson, 3.0, 0.0, 0.0),
        (Draw::Poisson, 400.0, 0.0, 0.0),
        (Draw::Binomial, 30.0, 0.2, 0.0),
        (Draw::Binomial, 1e6, 0.7, 0.0),
        (Draw::VonMises, 2.5, 0.0, 0.0),
        (Draw::Zipf, 1.5, 0.0, 0.0),
        (Draw::Hypergeometric, 12.0, 7.0, 5.0),
        (Draw::Hypergeometric, 900.0, 5000.0, 400.0),
    ] {
        let mut best = vec![0.0; count];
        draw_of(draw, 5, 1, 3, [&[a], &[b], &[c]], &mut best);
        for &level in levels() {
            let mut out = vec![0.0; count];
            draw_of_at(level, draw, 5, 1, 3, [&[a], &[b], &[c]], &mut out);
            assert!(bits(&out) == bits(&best), "{draw:?} of {a} at {level:?}");
        }
    }
    let mut best = vec![0; count];
    draw_integers(5, 1, -1, &[-3], &[1_000_000_007], &mut best);
    for &level in levels() {
        let mut out = vec![0; count];
        draw_integers_at(level, 5, 1, -1, &[-3], &[1_000_000_007], &mut out);
        assert!(out == best, "integers at {level:?}");
    }
}

#[test]
fn moments_agree_between_levels_and_with_each_column() {
    for (rows, width) in [
        (0, 3),
        (1, 1),
        (1, 70),
        (2, 41),
        (7, 33),
        (8, 8),
        (9, 75),
        (64, 40),
        (511, 3),
        (512, 17),
    ] {
        // Rows lie apart where there are several, and nothing behind the last belongs to them.
        let columns = Columns {
            rows,
            width,
            stride: width + rows % 3,
        };
        let mut x = vec![0.0; columns.extent()];
        draw_f64(Draw::Normal, rows as u64, 0, 1, &mut x);
        if let [first, .., last] = &mut x[..] {
            (*first, *last) = (f64::NAN, f64::INFINITY);
        }
        if let Some(second) = x.get_mut(1) {
            *second = -0.0;
        }
        for &level in levels() {
            let mut out = [vec![5.0; width], vec![5.0; width], vec![5.0; width]];
            let [mean, mean_low, m2] = &mut out;
            moments_leaf_rows_at(level, &x, columns, mean, mean_low, m2);
            for c in 0..width {
                let column: Vec<f64> = (0..rows).map(|i| x[i * columns.stride + c]).collect();
                let leaf = moments_leaf_at(level, &column);
                let expected = moments_leaf(&column);
                let rows_state = [mean[c], mean_low[c], m2[c]];
                assert_eq!(
                    bits(&rows_state),
                    bits(&[leaf.mean, leaf.mean_low, leaf.m2])
                );
                assert_eq!(
                    bits(&rows_state),
                    bits(&[expected.mean, expected.mean_low, expected.m2])
                );
            }
        }
    }
    let (mut mean, mut low, mut m2) = ([9.0; 2], [9.0; 4], [9.0; 4]);
    moments_leaf_rows(
        &[1.0, 2.0, 3.0, 4.0, 5.0],
        Columns {
            rows: 100,
            width: 3,
            stride: 3,
        },
        &mut mean,
        &mut low,
        &mut m2,
    );
    assert_eq!(
        (mean, low, m2),
        ([1.0, 2.0], [0.0, 0.0, 9.0, 9.0], [0.0, 0.0, 9.0, 9.0])
    );
}
