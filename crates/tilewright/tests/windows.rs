//! Windows: what folds them looks at no window as a whole, in an order that their length fixes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use tilewright::{Array, Engine, Session, arange, axes, axis, random, s, shape};

fn run(x: &Array, engine: Engine, optimize: bool) -> Vec<u64> {
    let session = Session::builder().engine(engine).threads(2);
    let session = session.optimize(optimize).build().unwrap();
    let got = session.compute(x).unwrap().to_vec::<f64>().unwrap();
    got.into_iter().map(f64::to_bits).collect()
}

fn bits(x: &Array) -> Vec<u64> {
    let want = run(x, Engine::Reference, true);
    for (engine, optimize) in [
        (Engine::Jit, true),
        (Engine::Jit, false),
        (Engine::Interpreter, true),
    ] {
        assert_eq!(run(x, engine, optimize), want, "{engine:?} {optimize}");
    }
    want
}

/// The sum of a window: the first half, as long as a power of two allows, and the rest.
fn tree(x: &[f64]) -> f64 {
    match x.len() {
        1 => x[0],
        n => {
            let half = (n as u64).next_power_of_two() as usize / 2;
            tree(&x[..half]) + tree(&x[half..])
        }
    }
}

#[test]
fn the_order_of_a_sum_is_the_tree_of_the_window_whatever_the_chunks() {
    for length in [1, 2, 3, 4, 7, 8, 12, 31] {
        let of = |chunk: i64| random::seed(3).normal(0, 1, shape([50]).chunks([chunk]));
        let elements = of(50).compute().unwrap().to_vec::<f64>().unwrap();
        let want: Vec<u64> = elements
            .windows(length)
            .map(|window| (0.0 + tree(window)).to_bits())
            .collect();
        for chunk in [50, 7, 1] {
            let sums = of(chunk)
                .sliding_window_view([length as i64], None)
                .sum(axis(-1));
            assert_eq!(bits(&sums), want, "{length} of chunks of {chunk}");
        }
    }
}

#[test]
fn variances_are_those_of_two_passes_and_never_negative() {
    let x = random::seed(5).normal(1000, 1, shape([40, 6]).chunks([9, 4]));
    let elements = x.compute().unwrap().to_ndarray::<f64>().unwrap();
    let windows = x.sliding_window_view([5, 3], None);
    let got = windows.var(axes([2, 3]).ddof(1));
    bits(&got);
    let got = got.compute().unwrap().to_ndarray::<f64>().unwrap();
    for ((i, j), &got) in got
        .into_dimensionality::<ndarray::Ix2>()
        .unwrap()
        .indexed_iter()
    {
        let window = elements.slice(ndarray::s![i..i + 5, j..j + 3]);
        let mean = window.sum() / 15.0;
        let want = window.mapv(|x| (x - mean) * (x - mean)).sum() / 14.0;
        assert!((got - want).abs() <= 1e-10 * want, "{got} {want}");
    }
    let constant = tilewright::full([30], 0.1)
        .rechunk([7])
        .sliding_window_view([6], None);
    let none = constant
        .var(axis(1))
        .compute()
        .unwrap()
        .to_vec::<f64>()
        .unwrap();
    assert!(none.iter().all(|&x| x == 0.0));
}

#[test]
fn a_long_window_takes_few_steps() {
    let (n, length) = (20_000, 1000);
    let x = random::seed(1).uniform(0, 1, shape([n]).chunks([3000]));
    let sums = x.sliding_window_view([length], None).sum(axis(1));
    let stats = Session::builder()
        .threads(1)
        .build()
        .unwrap()
        .job([&sums])
        .run()
        .unwrap()
        .stats;
    let most = (n * 40) as u64;
    assert!(
        stats.elements_computed <= most,
        "{} elements",
        stats.elements_computed
    );
    assert!(stats.peak_bytes <= stats.projected_peak_bytes);
}

#[test]
fn windows_of_any_length_take_few_steps_in_the_memory_of_tasks() {
    let n = 1_000_000;
    let x = random::seed(1).uniform(0, 1, shape([n]).chunks([300_000]));
    let session = Session::builder().threads(2).memory(7 << 20).build();
    let session = session.unwrap();
    for length in [4, 10, 25, 50, 100, 130, 255, 1000] {
        let windows = x.sliding_window_view([length], None);
        let folded = [
            windows.sum(axis(1)),
            windows.max(axis(1)),
            windows.var(axis(1)),
        ];
        for (k, of_windows) in folded.iter().enumerate() {
            let ran = session.job([&of_windows.sum(axis(0))]).run().unwrap();
            let (computed, drawn) = (ran.stats.elements_computed, ran.stats.elements_generated);
            // Variances walk three arrays at each step.
            let most = (n * if k < 2 { 16 } else { 60 }) as u64;
            assert!(computed <= most, "{k} of {length}: {computed} computed");
            assert!(drawn <= 8 * n as u64, "{k} of {length}: {drawn} drawn");
            assert!(ran.stats.peak_bytes <= ran.stats.projected_peak_bytes);
        }
    }
}

#[test]
fn differences_and_gradients_of_what_is_computed_take_the_memory_of_tasks() {
    let x = random::seed(1).normal(0, 1, shape([1000, 800]).chunks([300, 300]));
    let y = (&x * &x).exp();
    let (along, across) = (y.gradient(1.0, 0, 1), y.gradient(1.0, 1, 1));
    let steepest = (&along * &along + &across * &across).max(axes([0, 1]));
    let session = |bytes: u64| Session::builder().threads(2).memory(bytes).build().unwrap();
    let ran = session(5 << 20).job([&steepest]).run().unwrap();
    assert!(ran.stats.elements_generated < 3 * 800_000);
    assert!(ran.stats.peak_bytes <= ran.stats.projected_peak_bytes);
    bits(&steepest);
}

#[test]
fn parts_have_the_bits_of_the_whole() {
    let x = random::seed(1).normal(0, 1, shape([1300, 640]).chunks([330, 201]));
    let y = (&x * 0.5).exp();
    let windows =
        |x: &Array, length: i64, along: i64| x.sliding_window_view([length], Some(&[along]));
    let of_both = windows(&windows(&y, 7, 0).max(axis(-1)), 5, 1).sum(axis(-1));
    let turned = windows(&y.t(), 9, 0).mean(axis(-1));
    let apart = windows(&y, 12, 1).sum(axis(-1)).slice(s![..;2, 3..;3]);
    let around = &y - &y.roll([3], Some(&[0])) + y.roll([-2], Some(&[1]));
    let backwards = &y + &y.slice(s![..;-1, ..]);
    let level = &y - &y.mean(axis(0));
    let steep = windows(&level, 4, 0).min(axis(-1)).gradient(1.0, 1, 1);
    for (k, x) in [of_both, turned, apart, around, backwards, steep]
        .iter()
        .enumerate()
    {
        bits(x);
        let little = Session::builder()
            .threads(2)
            .memory(16 << 20)
            .build()
            .unwrap();
        let got = little
            .compute(&x.sum(axis(0)))
            .unwrap_or_else(|error| panic!("{k}: {error}"));
        let want = x.sum(axis(0)).compute().unwrap();
        assert!(
            got.to_vec::<f64>().unwrap() == want.to_vec::<f64>().unwrap(),
            "{k}"
        );
    }
}

#[test]
fn parts_of_narrow_chunks_are_tall_and_counted() {
    // Rolling leaves chunks of three columns, a leaf of which has all 84 rows.
    let x = random::seed(3).normal(0, 1, shape([90, 70]));
    let both = &x + &x.flip([0]);
    let rolled = both
        .sliding_window_view([5], Some(&[0]))
        .max(axis(-1))
        .roll([-3], Some(&[1]));
    let y = rolled
        .sliding_window_view([3], Some(&[0]))
        .mean(axis(-1))
        .std(axes([0, 1]));
    for memory in [100_000, 200_000, 400_000] {
        let session = Session::builder()
            .threads(2)
            .memory(memory)
            .build()
            .unwrap();
        if let Ok(ran) = session.job([&y]).run() {
            assert!(
                ran.stats.peak_bytes <= ran.stats.projected_peak_bytes,
                "{memory}"
            );
            assert!(ran.stats.projected_peak_bytes <= memory);
        }
    }
}

#[test]
fn a_slice_reaches_no_further_than_its_windows() {
    let x = random::seed(1).normal(0, 1, shape([100_000]).chunks([1000]));
    let sums = x.sliding_window_view([10], None).sum(axis(1));
    let part = sums.slice(s![500..520]);
    let stats = Session::builder()
        .threads(1)
        .build()
        .unwrap()
        .job([&part])
        .run()
        .unwrap()
        .stats;
    assert!(
        stats.elements_generated <= 20 * 10,
        "{}",
        stats.elements_generated
    );
    assert_eq!(bits(&part), bits(&sums)[500..520]);
}

#[test]
fn windows_are_what_they_walk_over() {
    let x = arange(0, 24, 1).reshape([4, 6]).rechunk([3, 2]);
    let view = x.sliding_window_view([2, 3], Some(&[1, 0]));
    assert_eq!(view.shape().unwrap(), [2, 5, 2, 3]);
    let got = view.compute().unwrap().to_ndarray::<i64>().unwrap();
    for ((i, j, v, w), &value) in got
        .into_dimensionality::<ndarray::Ix4>()
        .unwrap()
        .indexed_iter()
    {
        assert_eq!(value, (6 * (i + w) + j + v) as i64);
    }
}

#[test]
fn coarser_arrays() {
    let x = arange(0, 60, 1)
        .reshape([6, 10])
        .rechunk([4, 3])
        .astype(tilewright::DType::F64);
    let mean = x.coarsen(
        |blocks, within| blocks.mean(within),
        [(0, 2), (-1, 5)],
        false,
    );
    assert_eq!(mean.shape().unwrap(), [3, 2]);
    bits(&mean);
    assert_eq!(
        mean.compute().unwrap().to_vec::<f64>().unwrap(),
        [7.0, 12.0, 27.0, 32.0, 47.0, 52.0]
    );
    let uneven = |trim| x.coarsen(|blocks, within| blocks.max(within), [(1, 4)], trim);
    assert_eq!(
        uneven(false).check().unwrap_err().kind(),
        tilewright::Kind::Shape
    );
    assert_eq!(uneven(true).shape().unwrap(), [6, 2]);
    let twice = x.coarsen(|blocks, within| blocks.max(within), [(1, 2), (-1, 2)], true);
    assert_eq!(twice.check().unwrap_err().kind(), tilewright::Kind::Axis);
}
