//! Do reductions walk the canonical tree, and are their edge cases right?

use super::{evaluate, floats};
use tilewright_core::{DType, Grid, Scalar};
use tilewright_expr::attr::Axes;
use tilewright_expr::{Expr, build};

/// Numbers whose sum depends on the order of additions.
fn rough(n: usize) -> Vec<f64> {
    let scale = |k: usize| [1.0, 1e-9, 1e9, -1.0, 3e4][k % 5];
    (0..n)
        .map(|k| ((k * 7919 % 1009) as f64 - 500.1) * scale(k))
        .collect()
}

/// The tree's definition, from the top: halves split at the largest power of two below the number.
fn split(items: &[f64]) -> f64 {
    if let [only] = items {
        return *only;
    }
    let (left, right) = items.split_at(items.len().next_power_of_two() / 2);
    split(left) + split(right)
}

/// A leaf's definition: element k belongs to lane k % 8; lanes combine pairwise, 4 apart, then 2.
fn leaf(elements: &[f64]) -> f64 {
    let lane = |l: usize| {
        elements
            .iter()
            .skip(l)
            .step_by(8)
            .fold(-0.0, |sum, x| sum + x)
    };
    let pair = |l: usize| lane(l) + lane(l + 4);
    (pair(0) + pair(2)) + (pair(1) + pair(3))
}

fn chunk(elements: &[f64]) -> f64 {
    split(&elements.chunks(512).map(leaf).collect::<Vec<_>>())
}

fn sum(x: &Expr, axes: &[usize]) -> Vec<Scalar> {
    evaluate(&build::reduce_axes("sum", x, Axes::from_slice(axes)).unwrap())
}

#[test]
fn sums_follow_leaves_chunks_and_their_tree() {
    for (n, size) in [
        (1, 1),
        (7, 3),
        (513, 513),
        (5000, 5000),
        (5000, 512),
        (9001, 1300),
        (40, 1),
    ] {
        let elements = rough(n);
        let x = build::rechunk(
            &floats(&[n as i64], &elements),
            Grid::regular(&[n as i64], &[size as i64]),
        );
        let want = split(&elements.chunks(size).map(chunk).collect::<Vec<_>>());
        assert_eq!(
            sum(&x.unwrap(), &[0]),
            [want.into()],
            "{n} in chunks of {size}"
        );
    }
}

#[test]
fn axes_are_flattened_in_the_order_the_reduction_names() {
    let elements = rough(30 * 40);
    let x = floats(&[30, 40], &elements);
    let by_rows = chunk(&elements);
    let columns: Vec<f64> = (0..1200).map(|k| elements[k % 30 * 40 + k / 30]).collect();
    let by_columns = chunk(&columns);
    assert_ne!(by_rows, by_columns, "the data tell the orders apart");
    assert_eq!(sum(&x, &[0, 1]), [by_rows.into()]);
    assert_eq!(sum(&x, &[1, 0]), [by_columns.into()]);
    // A transpose passes through with the same tree.
    assert_eq!(
        sum(&build::transpose(&x, None).unwrap(), &[1, 0]),
        [by_rows.into()]
    );
    // Chunks are visited in the order of the axes too, the first slowest.
    let cut = build::rechunk(&x, Grid::regular(&[30, 40], &[15, 20])).unwrap();
    let part = |rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
        let row = |r: usize| columns.clone().map(move |c| (r, c));
        chunk(
            &rows
                .flat_map(row)
                .map(|(r, c)| elements[r * 40 + c])
                .collect::<Vec<_>>(),
        )
    };
    let parts = [
        part(0..15, 0..20),
        part(0..15, 20..40),
        part(15..30, 0..20),
        part(15..30, 20..40),
    ];
    assert_eq!(sum(&cut, &[0, 1]), [split(&parts).into()]);
}

#[test]
fn no_elements_and_no_axes() {
    let empty = floats(&[0, 2], &[]);
    for (op, want) in [("sum", 0.0), ("prod", 1.0)] {
        let got = evaluate(&build::reduce(op, &empty, Some(&[0]), false).unwrap());
        assert_eq!(got, [Scalar::from(want); 2], "{op}");
    }
    assert_eq!(
        evaluate(&build::reduce("any", &empty, None, false).unwrap()),
        [false.into()]
    );
    assert_eq!(
        evaluate(&build::reduce("all", &empty, None, true).unwrap()),
        [true.into()]
    );
    for op in ["mean", "var", "std"] {
        let got = evaluate(&build::statistic(op, &empty, Some(&[0]), 0.0, false).unwrap());
        assert!(
            got.iter().all(|x| x.to_f64().is_nan()) && got.len() == 2,
            "{op}"
        );
    }
    let ints = build::full(1i8.into(), Grid::whole(&[0])).unwrap();
    let mean = evaluate(&build::statistic("mean", &ints, None, 0.0, false).unwrap());
    assert!(mean[0].to_f64().is_nan());
    // Kept axes of length 0: nothing to reduce, nothing to give, nothing refused.
    let none = build::reduce("max", &empty, Some(&[1]), false).unwrap();
    assert_eq!((none.shape(), evaluate(&none).len()), (&[0][..], 0));
    // A reduction over no axes is the array; a sum begins at 0.0.
    let x = floats(&[2], &[-0.0, 3.0]);
    assert_eq!(
        evaluate(&build::reduce("sum", &x, Some(&[]), false).unwrap()),
        [0.0.into(), 3.0.into()]
    );
    assert_eq!(
        evaluate(&build::reduce("prod", &x, Some(&[]), false).unwrap()),
        evaluate(&x)
    );
}

#[test]
fn signed_zeros_and_nans() {
    let zeros = floats(&[2], &[-0.0, -0.0]);
    assert_eq!(
        evaluate(&build::reduce("sum", &zeros, None, false).unwrap()),
        [0.0.into()]
    );
    let mixed = floats(&[3], &[0.0, -0.0, 0.0]);
    assert_eq!(
        evaluate(&build::reduce("min", &mixed, None, false).unwrap()),
        [(-0.0).into()]
    );
    assert_eq!(
        evaluate(&build::reduce("max", &mixed, None, false).unwrap()),
        [0.0.into()]
    );
    let nans = floats(&[9], &[1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    for op in ["sum", "prod", "min", "max"] {
        assert!(
            evaluate(&build::reduce(op, &nans, None, false).unwrap())[0]
                .to_f64()
                .is_nan(),
            "{op}"
        );
    }
    assert_eq!(
        evaluate(&build::reduce("any", &nans, None, false).unwrap()),
        [true.into()]
    );
}

#[test]
fn integer_means_are_exact_and_rounded_once() {
    let mean = |elements: &[i128], dtype: DType| {
        let scalars = elements
            .iter()
            .map(|&x| Scalar::from_i128(dtype, x))
            .collect();
        let x = build::array(
            scalars,
            dtype,
            Grid::regular(&[elements.len() as i64], &[2]),
        )
        .unwrap();
        evaluate(&build::statistic("mean", &x, None, 0.0, false).unwrap())[0].to_f64()
    };
    let (u, i) = (i128::from(u64::MAX), i128::from(i64::MIN));
    assert_eq!(mean(&[u, u, u], DType::U64), 2f64.powi(64));
    assert_eq!(mean(&[i, i, i, i, i], DType::I64), -(2f64.powi(63)));
    assert_eq!(mean(&[u, 0], DType::U64), 2f64.powi(63));
    // 2^53 + 1 lies between two floats: a tie goes to the even one, a little more goes up.
    let tie = (1 << 53) + 1;
    assert_eq!(mean(&[tie, tie], DType::I64), 2f64.powi(53));
    assert_eq!(
        mean(&[tie, tie, tie, tie + 1], DType::I64),
        2f64.powi(53) + 2.0
    );
    assert_eq!(
        mean(&[-tie, -tie, -tie, -tie - 1], DType::I64),
        -(2f64.powi(53)) - 2.0
    );
    assert_eq!(mean(&[1, 0, 0], DType::I8), 1.0 / 3.0);
    assert_eq!(mean(&[-1, 0, 0], DType::I8), -1.0 / 3.0);
    assert_eq!(mean(&[1, 1, 0], DType::Bool), 2.0 / 3.0);
}

#[test]
fn variances_are_never_negative_and_zero_for_constants() {
    for value in [0.1, 1e300, -7e-310, 123456789.123] {
        let x = floats(&[2000], &[value; 2000]);
        let x = build::rechunk(&x, Grid::regular(&[2000], &[700])).unwrap();
        let var = evaluate(&build::statistic("var", &x, None, 1.0, false).unwrap());
        assert_eq!(var, [0.0.into()], "{value}");
    }
    // A large mean over a small spread: a one-pass E[x²] − E[x]² would be negative or noise.
    let elements: Vec<f64> = (0..4096).map(|k| 1e9 + f64::from(k % 2)).collect();
    let x = build::rechunk(&floats(&[4096], &elements), Grid::regular(&[4096], &[1000])).unwrap();
    assert_eq!(
        evaluate(&build::statistic("var", &x, None, 0.0, false).unwrap()),
        [0.25.into()]
    );
    assert_eq!(
        evaluate(&build::statistic("std", &x, None, 0.0, false).unwrap()),
        [0.5.into()]
    );
    // n <= ddof: NaN for 0/0, inf otherwise.
    let one = floats(&[1], &[3.0]);
    assert!(
        evaluate(&build::statistic("var", &one, None, 1.0, false).unwrap())[0]
            .to_f64()
            .is_nan()
    );
    let two = floats(&[2], &[3.0, 5.0]);
    assert_eq!(
        evaluate(&build::statistic("std", &two, None, 9.0, false).unwrap()),
        [f64::INFINITY.into()]
    );
}
