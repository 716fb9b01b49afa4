//! Known answers, distributions, and that slices of a random array are its elements.
#![allow(clippy::unwrap_used, reason = "tests")]

use tilewright_vecmath::{Draw, Key, draw_bits, draw_f64, draw_integers, draw_of, philox4x32};

/// Random123's known-answer vectors for philox4x32-10.
#[test]
fn philox_gives_the_published_answers() {
    let cases = [
        (
            [0; 4],
            [0; 2],
            [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
        ),
        (
            [u32::MAX; 4],
            [u32::MAX; 2],
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
        ),
        (
            [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
            [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
        ),
    ];
    for (counter, key, expected) in cases {
        assert_eq!(philox4x32(counter, key), expected);
    }
}

#[test]
fn words_are_laid_out_as_documented() {
    let (seed, start, step) = (0x0123_4567_89ab_cdef, 0xffff_ffff_ffff_fff0, 5);
    let mut words = vec![[0; 4]; 9];
    draw_bits(
        Key {
            seed,
            stream: Draw::Normal.stream(),
        },
        start,
        step,
        &mut words,
    );
    let mut uniform = vec![0.0; 9];
    draw_f64(Draw::Uniform, seed, start, step, &mut uniform);
    for k in 0..9 {
        let index = start.wrapping_add(5 * k as u64);
        let counter = |stream| [index as u32, (index >> 32) as u32, stream, 0];
        let key = [0x89ab_cdef, 0x0123_4567];
        assert_eq!(words[k], philox4x32(counter(2), key));
        let [low, high, ..] = philox4x32(counter(1), key).map(u64::from);
        assert_eq!(
            uniform[k],
            ((high << 32 | low) >> 11) as f64 / 9007199254740992.0
        );
    }
    let streams = [Draw::Uniform, Draw::Normal, Draw::Integer, Draw::Choice].map(Draw::stream);
    assert_eq!(streams, [1, 2, 3, 19]);
}

/// The bits are a contract: a change here changes every user's numbers.
#[test]
fn first_numbers_never_change() {
    let mut uniform = [0.0; 3];
    draw_f64(Draw::Uniform, 1, 0, 1, &mut uniform);
    assert_eq!(uniform.map(f64::to_bits), UNIFORM);
    let mut normal = [0.0; 3];
    draw_f64(Draw::Normal, 1, 0, 1, &mut normal);
    assert_eq!(normal.map(f64::to_bits), NORMAL);
    let mut integers = [0; 3];
    draw_integers(1, 0, 1, &[-1000], &[1000], &mut integers);
    assert_eq!(integers, INTEGERS);
}

/// … of laws by rejection.
#[test]
fn first_numbers_of_laws_never_change() {
    let first = |draw, parameters: [f64; 3]| {
        let mut out = [0.0; 3];
        let [a, b, c] = &parameters.map(|value| [value]);
        draw_of(draw, 1, 0, 1, [a, b, c], &mut out);
        out.map(f64::to_bits)
    };
    let numbers = [
        first(Draw::Gamma, [2.5, 0.0, 0.0]),
        first(Draw::VonMises, [1.5, 0.0, 0.0]),
    ];
    assert_eq!(numbers, LAWS);
    let whole = [
        first(Draw::Poisson, [50.0, 0.0, 0.0]),
        first(Draw::Binomial, [100.0, 0.3, 0.0]),
        first(Draw::Zipf, [1.5, 0.0, 0.0]),
        first(Draw::Hypergeometric, [30.0, 70.0, 5.0]),
        first(Draw::Hypergeometric, [300.0, 700.0, 50.0]),
    ];
    assert_eq!(whole.map(|part| part.map(f64::from_bits)), WHOLE);
}

const LAWS: [[u64; 3]; 2] = [
    [
        4611678484543513231,
        4617136612587308239,
        4617164262624338422,
    ],
    [
        4606744436377669070,
        4597170180593049431,
        13820096434512614804,
    ],
];
const WHOLE: [[f64; 3]; 5] = [
    [51.0, 50.0, 55.0],
    [29.0, 31.0, 25.0],
    [41.0, 1.0, 45.0],
    [2.0, 2.0, 2.0],
    [14.0, 15.0, 10.0],
];
const UNIFORM: [u64; 3] = [
    4598351799299195334,
    4606629682547747443,
    4604146768078153364,
];
const NORMAL: [u64; 3] = [
    4593741248860309505,
    4607454864585765642,
    13823810303152445152,
];
const INTEGERS: [i64; 3] = [-984, 140, 421];

#[test]
fn slices_commute_with_drawing() {
    let count = 2000;
    let mut integers = vec![0; count];
    draw_integers(9, 100, 1, &[0], &[1 << 40], &mut integers);
    for draw in [Draw::Uniform, Draw::Normal] {
        let mut whole = vec![0.0; count];
        draw_f64(draw, 9, 100, 1, &mut whole);
        for (first, step, length) in [
            (0, 1, 70),
            (3, 7, 250),
            (1999, -1, 2000),
            (1500, -13, 100),
            (17, 0, 40),
            (700, 1, 1),
        ] {
            let index = |k: usize| (first + step * k as i64) as usize;
            let start = 100 + first as u64;
            let mut part = vec![0.0; length];
            draw_f64(draw, 9, start, step, &mut part);
            assert!((0..length).all(|k| part[k].to_bits() == whole[index(k)].to_bits()));
            let mut part = vec![0; length];
            draw_integers(9, start, step, &[0], &[1 << 40], &mut part);
            assert!((0..length).all(|k| part[k] == integers[index(k)]));
        }
    }
    let parameters: Vec<f64> = (0..count).map(|k| k as f64 / 50.0).collect();
    for draw in [Draw::Gamma, Draw::Poisson, Draw::VonMises] {
        let mut whole = vec![0.0; count];
        draw_of(draw, 9, 100, 1, [&parameters, &[], &[]], &mut whole);
        let mut part = vec![0.0; 100];
        let every: Vec<f64> = (0..100).map(|k| parameters[1500 - 13 * k]).collect();
        draw_of(draw, 9, 1600, -13, [&every, &[], &[]], &mut part);
        assert!((0..100).all(|k| part[k].to_bits() == whole[1500 - 13 * k].to_bits()));
    }
}

/// What a law does not have gives NaN, and its ends are themselves.
#[test]
fn parameters_at_the_ends() {
    let one = |draw, a: f64, b: f64| {
        let mut out = [7.0];
        draw_of(draw, 1, 2, 1, [&[a], &[b], &[4.0]], &mut out);
        out[0]
    };
    // Concentrations whose double overflows, or whose reciprocal does.
    for kappa in [f64::MAX, 1e308, 1e-308, 5e-324] {
        let short = one(Draw::VonMises, kappa, 0.0).abs();
        assert!(
            if kappa > 1.0 {
                short < 1e-300
            } else {
                short <= 2.0
            },
            "{kappa}"
        );
    }
    for a in [-1.0, f64::NAN] {
        assert!(one(Draw::Gamma, a, 0.0).is_nan() && one(Draw::Poisson, a, 0.0).is_nan());
        assert!(one(Draw::Binomial, 5.0, a).is_nan() && one(Draw::Binomial, a, 0.5).is_nan());
    }
    assert_eq!(
        (one(Draw::Gamma, 0.0, 0.0), one(Draw::Poisson, 0.0, 0.0)),
        (0.0, 0.0)
    );
    assert_eq!(
        (one(Draw::Binomial, 9.0, 0.0), one(Draw::Binomial, 9.0, 1.0)),
        (0.0, 9.0)
    );
    assert_eq!(one(Draw::Binomial, 0.0, 0.5), 0.0);
    assert!(one(Draw::VonMises, -1.0, 0.0).is_nan() && one(Draw::Zipf, 1.0, 0.0).is_nan());
    assert_eq!(one(Draw::VonMises, f64::INFINITY, 0.0), 0.0);
    assert!(one(Draw::VonMises, 0.0, 0.0).abs() <= 2.0);
    assert!(one(Draw::VonMises, 1e300, 0.0).abs() < 1e-290);
    assert_eq!(one(Draw::Zipf, 1e4, 0.0), 1.0);
    // Four are taken.
    assert!(one(Draw::Hypergeometric, 1.0, 2.0).is_nan());
    assert!(one(Draw::Hypergeometric, 1e10, 2.0).is_nan());
    assert_eq!(one(Draw::Hypergeometric, 9.0, 0.0), 4.0);
    assert_eq!(one(Draw::Hypergeometric, 0.0, 9.0), 0.0);
    assert_eq!(one(Draw::Hypergeometric, 1.0, 3.0), 1.0);
}

/// Kolmogorov–Smirnov distance of a sample from its distribution, times √n.
fn distance(mut sample: Vec<f64>, cumulative: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let worst = sample.iter().enumerate().map(|(i, &x)| {
        let p = cumulative(x);
        (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs())
    });
    worst.fold(0.0, f64::max) * n.sqrt()
}

/// The standard normal distribution by its series and continued fraction (Abramowitz & Stegun 26.2.11,
/// 26.2.14).
fn cumulative_normal(x: f64) -> f64 {
    let size = x.abs();
    let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let upper = if size < 5.0 {
        let (mut term, mut total) = (size, size);
        for k in 1..100 {
            term *= size * size / f64::from(2 * k + 1);
            total += term;
        }
        0.5 - density * total
    } else {
        density
            / (1..60)
                .rev()
                .fold(size, |below, k| size + f64::from(k) / below)
    };
    if x < 0.0 { upper } else { 1.0 - upper }
}

#[test]
fn distributions_are_right() {
    let count = 200_000;
    for seed in [0, 1, u64::MAX] {
        let mut uniform = vec![0.0; count];
        draw_f64(Draw::Uniform, seed, 0, 1, &mut uniform);
        assert!(uniform.iter().all(|&u| (0.0..1.0).contains(&u)));
        let mean = uniform.iter().sum::<f64>() / count as f64;
        assert!((mean - 0.5).abs() < 4.0 / (12.0 * count as f64).sqrt());
        // 1.95 is exceeded by chance once in a thousand times.
        assert!(distance(uniform, |x| x) < 1.95);

        let mut normal = vec![0.0; count];
        draw_f64(Draw::Normal, seed, 0, 1, &mut normal);
        let power = |k| normal.iter().map(|x: &f64| x.powi(k)).sum::<f64>() / count as f64;
        let error = 1.0 / (count as f64).sqrt();
        assert!(power(1).abs() < 4.0 * error);
        assert!((power(2) - 1.0).abs() < 4.0 * error * 2f64.sqrt());
        assert!(power(3).abs() < 4.0 * error * 15f64.sqrt());
        assert!((power(4) - 3.0).abs() < 4.0 * error * 96f64.sqrt());
        assert!(distance(normal, cumulative_normal) < 1.95);
    }
}

#[test]
fn integers_are_uniform_and_wrap() {
    let count = 120_000;
    let mut dice = vec![0; count];
    draw_integers(3, 0, 1, &[-2], &[4], &mut dice);
    let mut seen = [0.0; 6];
    for die in dice {
        seen[(die + 2) as usize] += 1.0;
    }
    let expected = count as f64 / 6.0;
    let chi_squared: f64 = seen
        .iter()
        .map(|s: &f64| (s - expected).powi(2) / expected)
        .sum();
    assert!(
        chi_squared < 20.5,
        "5 degrees of freedom, 1 in 1000: {chi_squared}"
    );

    let mut bits = vec![[0; 4]; 50];
    draw_bits(Key { seed: 3, stream: 3 }, 0, 1, &mut bits);
    let mut full = vec![0; 50];
    draw_integers(3, 0, 1, &[0], &[-1], &mut full);
    for (words, value) in bits.iter().zip(full) {
        let [w0, w1, w2, w3] = words.map(u128::from);
        let high = (w3 << 32) | w2;
        let low = (w1 << 32) | w0;
        let range = u128::from(u64::MAX);
        assert_eq!(
            value as u64,
            ((high * range + ((low * range) >> 64)) >> 64) as u64
        );
    }
    let mut out = [0; 4];
    draw_integers(
        3,
        0,
        1,
        &[5, -7, 0, i64::MIN],
        &[5, -6, 1, i64::MIN],
        &mut out,
    );
    assert_eq!(out, [5, -7, 0, i64::MIN]);
    let mut wide = vec![0; 1000];
    draw_integers(3, 0, 1, &[i64::MIN], &[i64::MAX], &mut wide);
    assert!(wide.iter().any(|&x| x < i64::MIN / 2) && wide.iter().any(|&x| x > i64::MAX / 2));
    let mut short = [1; 3];
    draw_integers(3, 0, 1, &[0, 0], &[0], &mut short);
    assert_eq!(short, [0, 0, 1]);
    draw_integers(3, 0, 1, &[], &[0], &mut short);
    assert_eq!(short, [0, 0, 1]);
}

#[test]
fn normals_are_symmetric_and_bounded() {
    let mut normal = vec![0.0; 100_000];
    draw_f64(Draw::Normal, 11, 0, 1, &mut normal);
    assert!(normal.iter().all(|z| z.abs() < 8.3));
    let upper = normal.iter().filter(|&&z| z > 0.0).count() as f64;
    assert!((upper - 50_000.0).abs() < 4.0 * 158.2);
}
