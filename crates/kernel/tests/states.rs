//! States of folds: identity, merging, finishing, and the slice functions that push them.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests of raw slices")]

use tilewright_core::tree::Counter;
use tilewright_core::{DType, Scalar};
use tilewright_kernel::{ElementFn, Finish, Fold, FoldOp, SliceFn};

const WIDE: Fold = Fold::WideSum;

fn bytes<T: bytemuck::NoUninit>(values: &[T]) -> Vec<u8> {
    bytemuck::cast_slice(values).to_vec()
}

/// The sum of some i64 as a state, as a kernel keeps it.
fn wide(values: &[i64]) -> [i64; 2] {
    let low = values.iter().map(|x| x & 0xffff_ffff).sum();
    [low, values.iter().map(|x| x >> 32).sum()]
}

#[test]
fn the_identity_merges_to_the_other() {
    for dtype in DType::ALL {
        for op in [
            FoldOp::Add,
            FoldOp::Mul,
            FoldOp::Min,
            FoldOp::Max,
            FoldOp::And,
            FoldOp::Or,
        ] {
            let fold = Fold::Op(op, dtype);
            if op.binary_on(dtype).is_none() {
                assert!(
                    fold.merge(
                        1,
                        &mut bytes(&[0u64])[..dtype.itemsize()],
                        &bytes(&[0u64])[..dtype.itemsize()]
                    )
                    .is_err()
                );
                continue;
            }
            for value in [0.0, -0.0, 1.0, -3.0, f64::INFINITY, f64::NEG_INFINITY] {
                let word = [Scalar::from_f64(dtype, value).bits()];
                let size = dtype.itemsize();
                let want = &bytes(&word)[..size];
                let mut identity = [0u64];
                let identity: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut identity)[..size];
                fold.identity_state(1, identity).unwrap();
                let mut left = word;
                let left: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut left)[..size];
                fold.merge(1, left, identity).unwrap();
                assert_eq!(left, want, "{fold} {value}");
                fold.merge(1, identity, want).unwrap();
                assert_eq!(identity, want, "{fold} {value}");
            }
        }
    }
}

#[test]
fn wide_sums_are_exact_and_means_rounded_once() {
    let cases: &[(&[i64], f64)] = &[
        (&[i64::MAX, i64::MAX, 1], 6148914691236517205.0),
        (&[i64::MIN, i64::MIN, -1], -6148914691236517206.0),
        (&[i64::MAX, -i64::MAX], 0.0),
        (&[1, 1, 0], 2.0 / 3.0),
        (&[-1, 0, 0], -1.0 / 3.0),
        // 2^53 + 1 is halfway between two floats: to even.
        (&[(1 << 53) + 1], 9007199254740992.0),
        (&[(1 << 53) + 3], 9007199254740996.0),
        // (2^54 + 2 + 1) / 2 lies just above halfway: up.
        (&[(1 << 54) + 2, 1], 9007199254740994.0),
    ];
    for (values, want) in cases {
        let mut left = [0i64; 2];
        for value in *values {
            let right = wide(&[*value]);
            WIDE.merge(
                1,
                bytemuck::cast_slice_mut(&mut left),
                bytemuck::cast_slice(&right),
            )
            .unwrap();
            assert!((0..1 << 32).contains(&left[0]));
        }
        let mut mean = [0f64];
        let finish = Finish::WideMean {
            count: values.len() as i64,
        };
        finish
            .apply(
                WIDE,
                1,
                bytemuck::cast_slice(&left),
                bytemuck::cast_slice_mut(&mut mean),
            )
            .unwrap();
        assert_eq!(
            mean[0].to_bits(),
            want.to_bits(),
            "{values:?}: {} not {want}",
            mean[0]
        );
    }
    let unsigned = [0xffff_ffffi64 * 3; 2];
    let mut mean = [0f64];
    let finish = Finish::WideMean { count: 3 };
    finish
        .apply(
            WIDE,
            1,
            bytemuck::cast_slice(&unsigned),
            bytemuck::cast_slice_mut(&mut mean),
        )
        .unwrap();
    assert_eq!(mean[0], u64::MAX as f64);
    Finish::WideMean { count: 0 }
        .apply(
            WIDE,
            1,
            bytemuck::cast_slice(&unsigned),
            bytemuck::cast_slice_mut(&mut mean),
        )
        .unwrap();
    assert!(mean[0].is_nan());
}

#[test]
fn means_agree_with_integer_arithmetic() {
    let mut state = 1u64;
    for _ in 0..20_000 {
        let mut next = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 33) as i64 | ((state << 20) as i64 & !0x7fff_ffff)
        };
        let shift = (next() as u64 % 64) as u32;
        let (sum, count) = (
            next() >> shift,
            1 + (next() as u64 >> (next() as u64 % 63)) as i64 / 2,
        );
        let Some(count) = Some(count).filter(|c| *c > 0) else {
            continue;
        };
        let mut mean = [0f64];
        Finish::WideMean { count }
            .apply(
                WIDE,
                1,
                bytemuck::cast_slice(&wide(&[sum])),
                bytemuck::cast_slice_mut(&mut mean),
            )
            .unwrap();
        if sum.unsigned_abs() < 1 << 53 && count < 1 << 53 {
            assert_eq!(mean[0], sum as f64 / count as f64, "{sum} / {count}");
        } else {
            let close = (sum as f64 / count as f64 - mean[0]).abs();
            assert!(
                close <= mean[0].abs() * f64::EPSILON * 2.0,
                "{sum} / {count}: {}",
                mean[0]
            );
        }
    }
}

/// Some integers of at most 16 bits as a state, as a kernel keeps a leaf of them.
fn squares(values: &[i64]) -> [i64; 3] {
    let squares = values.iter().map(|x| x * x).sum();
    [values.iter().sum(), squares, 0]
}

#[test]
fn deviations_of_short_integers_are_exact_and_rounded_once() {
    // Whole leaves of extremes, whose squares carry from one half to the other; the expected values
    // are those of Python's integers, divided as fractions.
    // Values with the number of their leaves, the elements of a leaf, and what is expected.
    type Case = (&'static [(i64, usize)], i64, f64);
    let cases: [Case; 6] = [
        (&[(65535, 3)], 1 << 20, 0.0),
        (&[(-32768, 5)], 1 << 20, 0.0),
        (&[(-32768, 2), (32767, 2)], 1 << 20, 4503462189465600.0),
        (&[(0, 1), (65535, 2)], 1 << 24, 48036930020966400.0),
        (&[(0, 1), (1, 1), (2, 1)], 1, 2.0),
        (&[(1, 2), (0, 1)], 1, 0.6666666666666666),
    ];
    for (leaves, times, want) in cases {
        let (mut state, mut count) = ([0i64; 3], 0);
        for &(value, leaves) in leaves {
            for _ in 0..leaves {
                let leaf = squares(&[value]).map(|part| part * times);
                let state = bytemuck::cast_slice_mut(&mut state);
                Fold::Squares.merge(1, state, &bytes(&leaf)).unwrap();
                count += times;
            }
        }
        let mut deviations = [1f64];
        Finish::SquaredDeviations { count }
            .apply(
                Fold::Squares,
                1,
                &bytes(&state),
                bytemuck::cast_slice_mut(&mut deviations),
            )
            .unwrap();
        assert_eq!(deviations, [want], "{leaves:?}");
    }
}

#[test]
fn a_wrong_size_is_refused() {
    let mut state = [0u64; 4];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut state);
    assert!(Fold::Moments.identity_state(2, bytes).is_err());
    assert!(Fold::Moments.merge(usize::MAX, bytes, &[]).is_err());
    assert!(Fold::WideSum.merge(1, &mut bytes[1..17], &[0; 16]).is_err());
    assert!(
        Finish::SquaredDeviations { count: 500 }
            .apply(WIDE, 2, bytes, &mut [0; 16])
            .is_err()
    );
    assert!(Finish::Value.apply(WIDE, 2, bytes, &mut [0; 15]).is_err());
}

/// Calls a slice function as a kernel does.
fn call(function: SliceFn, ints: &[i64], places: &mut [&mut [u8]]) {
    assert_eq!(function.arity(), (ints.len(), places.len()));
    for (k, place) in places.iter().enumerate() {
        assert!(function.extent(k, ints) * function.place_dtype(k).itemsize() <= place.len());
    }
    let pointers: Vec<*mut u8> = places.iter_mut().map(|place| place.as_mut_ptr()).collect();
    // SAFETY: arity and extents hold, and the places are distinct borrows.
    unsafe { function.shim().unwrap()(ints.as_ptr(), pointers.as_ptr()) };
}

#[test]
fn a_tree_of_states_is_the_canonical_one() {
    let fold = Fold::Op(FoldOp::Add, DType::F64);
    for count in 1..70usize {
        let mut states: Vec<f64> = (0..count)
            .map(|k| 1.0 / (k as f64 + 1.0) + 1e16 * (k % 3) as f64)
            .collect();
        let mut counter = Counter::default();
        for &state in &states {
            counter.push(state, |a: f64, b: f64| a + b);
        }
        let want = counter.finish(|a, b| a + b).unwrap();
        let mut root = [0f64];
        let places = &mut [
            bytemuck::cast_slice_mut(&mut root),
            bytemuck::cast_slice_mut(&mut states),
        ];
        call(SliceFn::Tree(fold), &[count as i64], places);
        assert_eq!(root[0].to_bits(), want.to_bits(), "{count} states");
    }
}

#[test]
fn pushes_build_the_canonical_tree() {
    // A product that does not commute would be better; float sums round differently by order.
    let fold = Fold::Op(FoldOp::Add, DType::F64);
    for count in 1..40usize {
        let leaves: Vec<[f64; 3]> = (0..count)
            .map(|k| {
                [
                    1.0 / (k as f64 + 1.0),
                    1e16 * (k as f64 - 7.0),
                    0.1 * k as f64,
                ]
            })
            .collect();
        let mut counter = Counter::default();
        let mut stack = vec![f64::NAN; 3 * 7];
        for (k, leaf) in leaves.iter().enumerate() {
            counter.push(*leaf, |a: [f64; 3], b: [f64; 3]| {
                [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
            });
            let mut leaf = *leaf;
            let places = &mut [
                bytemuck::cast_slice_mut(&mut stack),
                bytemuck::cast_slice_mut(&mut leaf),
            ];
            call(SliceFn::Push(fold), &[k as i64, 3], places);
        }
        let want = counter
            .finish(|a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
            .unwrap();
        let mut root = [0f64; 3];
        let places = &mut [
            bytemuck::cast_slice_mut(&mut stack),
            bytemuck::cast_slice_mut(&mut root),
        ];
        call(SliceFn::Finish(fold), &[count as i64, 3], places);
        assert_eq!(
            root.map(f64::to_bits),
            want.map(f64::to_bits),
            "{count} leaves"
        );
    }
}

#[test]
fn moments_of_constants_have_no_deviation() {
    let (rows, width) = (100, 3);
    let x: Vec<f64> = (0..rows * width)
        .map(|k| [0.1, -3e7, 1e-300][k % width])
        .collect();
    let mut state = vec![0f64; 4 * width];
    let mut stack = vec![0f64; 4 * width * 4];
    for index in 0..5 {
        let mut leaf = x.clone();
        let places = &mut [
            bytemuck::cast_slice_mut(&mut leaf),
            bytemuck::cast_slice_mut(&mut state),
        ];
        let ints = [rows as i64, width as i64, width as i64];
        call(SliceFn::MomentsLeaf, &ints, places);
        let places = &mut [
            bytemuck::cast_slice_mut(&mut stack),
            bytemuck::cast_slice_mut(&mut state),
        ];
        call(SliceFn::Push(Fold::Moments), &[index, width as i64], places);
    }
    let places = &mut [
        bytemuck::cast_slice_mut(&mut stack),
        bytemuck::cast_slice_mut(&mut state),
    ];
    call(SliceFn::Finish(Fold::Moments), &[5, width as i64], places);
    assert_eq!(state[..width], [500.0; 3]);
    assert_eq!(state[width..2 * width], [0.1, -3e7, 1e-300]);
    let mut m2 = [1f64; 3];
    Finish::SquaredDeviations { count: 500 }
        .apply(
            Fold::Moments,
            width,
            bytemuck::cast_slice(&state),
            bytemuck::cast_slice_mut(&mut m2),
        )
        .unwrap();
    assert_eq!(m2, [0.0; 3]);
}

#[test]
fn moments_read_rows_that_lie_apart_and_unaligned() {
    let (rows, width, stride) = (37i64, 41i64, 50i64);
    let x: Vec<f64> = (0..rows * stride).map(|k| (k * k % 97) as f64).collect();
    let held = ((rows - 1) * stride + width) as usize;
    let state = |x: &mut [u8]| {
        let mut state = vec![0f64; 4 * width as usize];
        let places = &mut [x, bytemuck::cast_slice_mut(&mut state)];
        call(SliceFn::MomentsLeaf, &[rows, width, stride], places);
        state
    };
    let mut aligned = x[..held].to_vec();
    let mut apart = vec![0u64; held + 1];
    let apart: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut apart)[3..][..8 * held];
    apart.copy_from_slice(bytemuck::cast_slice(&aligned));
    let want = state(bytemuck::cast_slice_mut(&mut aligned));
    assert_eq!(state(apart), want);
    let column: Vec<f64> = (0..rows).map(|i| x[(i * stride + 40) as usize]).collect();
    assert_eq!(want[2 * width as usize - 1], {
        let leaf = tilewright_vecmath::moments_leaf(&column);
        leaf.mean
    });
}

#[test]
fn float_division_is_numpys() {
    // Quotients and remainders computed by NumPy 2.
    let inf = f64::INFINITY;
    let nan = f64::NAN;
    let cases = [
        (7.0, 2.0, 3.0, 1.0),
        (-7.0, 2.0, -4.0, 1.0),
        (7.0, -2.0, -4.0, -1.0),
        (-7.0, -2.0, 3.0, -1.0),
        (1.0, 0.1, 9.0, 0.09999999999999995),
        (-0.0, 2.0, -0.0, 0.0),
        (0.0, -2.0, -0.0, -0.0),
        (5.0, inf, 0.0, 5.0),
        (-5.0, inf, -1.0, inf),
        (5.0, -inf, -1.0, -inf),
        (inf, 2.0, nan, nan),
        (1.0, 0.0, inf, nan),
        (-1.0, 0.0, -inf, nan),
        (0.0, 0.0, nan, nan),
        (nan, 1.0, nan, nan),
        (1.0, nan, nan, nan),
        (6.0, 3.0, 2.0, 0.0),
        (-6.0, 3.0, -2.0, 0.0),
        (6.0, -3.0, -2.0, -0.0),
    ];
    let agree =
        |got: f64, want: f64| got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
    for (a, b, quotient, remainder) in cases {
        let mut got = [0f64; 2];
        for (k, function) in [
            SliceFn::Element(ElementFn::FloorDivide, DType::F64),
            SliceFn::Element(ElementFn::Remainder, DType::F64),
        ]
        .into_iter()
        .enumerate()
        {
            let (mut a, mut b) = ([a], [b]);
            let places = &mut [
                bytemuck::cast_slice_mut(&mut got[k..=k]),
                bytemuck::cast_slice_mut(&mut a),
                bytemuck::cast_slice_mut(&mut b),
            ];
            call(function, &[1], places);
        }
        assert!(
            agree(got[0], quotient),
            "{a} // {b} is {}, not {quotient}",
            got[0]
        );
        assert!(
            agree(got[1], remainder),
            "{a} % {b} is {}, not {remainder}",
            got[1]
        );
    }
}

#[test]
fn integer_powers_wrap() {
    let cases: [(i8, i8, i8); 12] = [
        (2, 3, 8),
        (2, 7, -128),
        (2, 8, 0),
        (3, 5, -13),
        (0, 0, 1),
        (0, -1, 0),
        (1, -9, 1),
        (-1, -9, -1),
        (-1, -8, 1),
        (5, -1, 0),
        (-1, -128, 1),
        (7, 0, 1),
    ];
    for (a, b, want) in cases {
        let (mut a, mut b, mut got) = ([a as u8], [b as u8], [99u8]);
        call(
            SliceFn::Element(ElementFn::Power, DType::I8),
            &[1],
            &mut [&mut got, &mut a, &mut b],
        );
        assert_eq!(got[0] as i8, want, "{} ** {}", a[0] as i8, b[0] as i8);
    }
}

#[test]
fn functions_of_floats_at_the_corners() {
    let least = f64::from_bits(1);
    let cases = [
        (ElementFn::Fmod, -7.0, 3.0, -1.0),
        (ElementFn::Fmod, 7.0, -3.0, 1.0),
        (ElementFn::Fmod, -6.0, 3.0, -0.0),
        (ElementFn::Fmod, 5.0, f64::INFINITY, 5.0),
        (ElementFn::NextAfter, 0.0, -1.0, -least),
        (ElementFn::NextAfter, 1.0, 2.0, 1.0 + f64::EPSILON),
        (ElementFn::NextAfter, 1.0, 0.0, 1.0 - f64::EPSILON / 2.0),
        (ElementFn::NextAfter, -0.0, 0.0, 0.0),
        (ElementFn::NextAfter, f64::MAX, f64::INFINITY, f64::INFINITY),
        (ElementFn::NextAfter, f64::INFINITY, 0.0, f64::MAX),
        (ElementFn::Scale, -0.0, 3.0, -0.0),
        (ElementFn::Scale, 1.5, 3.0, 12.0),
        (ElementFn::Scale, 1.0, -1074.0, least),
        (ElementFn::Scale, 1.5, -1074.0, 2.0 * least),
        (ElementFn::Scale, 1.0, -1075.0, 0.0),
        (ElementFn::Scale, 1.000_000_000_000_000_2, -1075.0, least),
        (ElementFn::Scale, least, 1074.0, 1.0),
        (ElementFn::Scale, -least, 4096.0, f64::NEG_INFINITY),
        (ElementFn::Scale, f64::MAX, -4096.0, 0.0),
        (ElementFn::Mantissa, -12.0, 0.0, -0.75),
        (ElementFn::Exponent, -12.0, 0.0, 4.0),
        (ElementFn::Mantissa, 3.0 * least, 0.0, 0.75),
        (ElementFn::Exponent, 3.0 * least, 0.0, -1072.0),
        (
            ElementFn::Mantissa,
            f64::NEG_INFINITY,
            0.0,
            f64::NEG_INFINITY,
        ),
        (ElementFn::Exponent, -0.0, 0.0, 0.0),
    ];
    for (function, a, b, want) in cases {
        let (mut got, mut a, mut b) = ([0f64], [a], [b]);
        let mut places = vec![
            bytemuck::cast_slice_mut(&mut got),
            bytemuck::cast_slice_mut(&mut a),
            bytemuck::cast_slice_mut(&mut b),
        ];
        places.truncate(1 + function.arity());
        call(SliceFn::Element(function, DType::F64), &[1], &mut places);
        assert_eq!(
            got[0].to_bits(),
            want.to_bits(),
            "{function:?} {a:?} {b:?}: {got:?}"
        );
    }
}

#[test]
fn divisors_and_multiples_of_extreme_integers() {
    let cases = [
        (ElementFn::Gcd, 12, -18, 6),
        (ElementFn::Gcd, -128, 0, -128),
        (ElementFn::Gcd, 0, 0, 0),
        (ElementFn::Lcm, 4, -6, 12),
        (ElementFn::Lcm, 0, 5, 0),
        (ElementFn::Lcm, 127, 126, -126),
        (ElementFn::Fmod, -7, 3, -1),
        (ElementFn::Fmod, -128, -1, 0),
        (ElementFn::Fmod, 5, 0, 0),
    ];
    for (function, a, b, want) in cases {
        let (a, b, want): (i8, i8, i8) = (a, b, want);
        let (mut got, mut x, mut y) = ([99u8], [a as u8], [b as u8]);
        let places = &mut [&mut got[..], &mut x[..], &mut y[..]];
        call(SliceFn::Element(function, DType::I8), &[1], places);
        assert_eq!(got[0] as i8, want, "{function:?} {a} {b}");
    }
}

#[test]
fn places_need_not_be_aligned() {
    let mut memory = [0u64; 12];
    let memory: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut memory)[1..];
    let (dst, rest) = memory.split_at_mut(24);
    let (a, rest) = rest.split_at_mut(24);
    let b = &mut rest[..24];
    a.copy_from_slice(&bytes(&[7.0f64, -7.0, 8.5]));
    b.copy_from_slice(&bytes(&[2.0f64, 2.0, 2.0]));
    call(
        SliceFn::Element(ElementFn::FloorDivide, DType::F64),
        &[3],
        &mut [&mut *dst, a, b],
    );
    assert_eq!(dst, bytes(&[3.0f64, -4.0, 4.0]));
}
