//! Functions of blocks: what they are given, what they may say, and what a run promises of them.
#![allow(clippy::unwrap_used, reason = "tests")]

use ndarray::{Array1, ArrayD, ArrayViewD, IxDyn, Zip};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tilewright::{
    Array, Boundary, Computed, DType, Engine, Kind, Made, Session, arange, from_delayed,
    map_blocks, ones, open, s, shape,
};

/// The same on every engine, optimized or not, on any number of threads.
fn everywhere(x: &Array) -> Computed {
    let want = run(x, Engine::Reference, 1, true);
    for engine in [Engine::Jit, Engine::Interpreter] {
        for (threads, optimize) in [(1, true), (8, true), (1, false), (8, false)] {
            let got = run(x, engine, threads, optimize);
            let want = want.block().data.as_bytes();
            assert_eq!(
                got.block().data.as_bytes(),
                want,
                "{engine:?} {threads} {optimize}"
            );
        }
    }
    want
}

fn run(x: &Array, engine: Engine, threads: usize, optimize: bool) -> Computed {
    let session = Session::builder().engine(engine).threads(threads);
    session
        .optimize(optimize)
        .build()
        .unwrap()
        .compute(x)
        .unwrap()
}

fn calls() -> (Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let counter = Arc::new(AtomicUsize::new(0));
    (counter.clone(), counter)
}

#[test]
fn a_block_knows_its_place() {
    let x = arange(0, 35, 1).reshape([5, 7]).rechunk([2, 3]);
    let y = (&x * 2).map_blocks(|x: ArrayViewD<i64>, place| {
        let code = place.position[0] * 1000 + place.start[1] * 100;
        assert_eq!(x.shape()[1] as i64, place.own[1]);
        x.mapv(|x| x + code)
    });
    let got = everywhere(&y).to_ndarray::<i64>().unwrap();
    for ((row, column), &value) in got
        .into_dimensionality::<ndarray::Ix2>()
        .unwrap()
        .indexed_iter()
    {
        let want = 2 * (7 * row + column) + row / 2 * 1000 + column / 3 * 300;
        assert_eq!(value, want as i64);
    }
}

#[test]
fn blocks_of_several_arrays_broadcast_and_are_cut_where_any_is() {
    let x = arange(0, 12, 1).rechunk([5]);
    let y = ones([3, 1]).rechunk([2, 1]);
    let z = map_blocks([&x, &y])
        .named("weigh")
        .apply::<(i64, f64), _>(|(x, y), place| {
            assert_eq!(x.shape(), y.shape());
            let weight = (10 * place.position[0] + place.position[1]) as f64;
            Zip::from(&x)
                .and(&y)
                .map_collect(|&x, &y| x as f64 * y + weight)
        });
    assert_eq!(z.shape().unwrap(), [3, 12]);
    let got = everywhere(&z).to_ndarray::<f64>().unwrap();
    assert_eq!(got[[2, 11]], 11.0 + 12.0);
    assert!(format!("{z:?}").contains("weigh"), "{z:?}");
}

#[test]
fn a_result_may_have_other_lengths() {
    let x = arange(0, 10, 1).rechunk([4]);
    let each = map_blocks([&x]).made([Made::Each(1)]);
    let sums = each.apply::<(i64,), _>(|(x,), _| Array1::from_elem(1, x.sum()));
    assert_eq!(everywhere(&sums).to_vec::<i64>().unwrap(), [6, 22, 17]);
    assert_eq!(everywhere(&sums.sum(..)).item::<i64>().unwrap(), 45);
    let lists = map_blocks([&x]).made([Made::Sizes(vec![1, 2, 1])]);
    let ends = lists.apply::<(i64,), _>(|(x,), place| {
        Array1::from_iter(x.iter().copied().take(place.made[0] as usize))
    });
    assert_eq!(everywhere(&ends).to_vec::<i64>().unwrap(), [0, 4, 5, 8]);
    let wrong = map_blocks([&x]).made([Made::Sizes(vec![1, 2])]);
    let wrong = wrong.apply::<(i64,), _>(|(x,), _| x.to_owned());
    assert_eq!(wrong.check().unwrap_err().kind(), Kind::Chunks);
}

/// The elements of an axis with what lies beyond it, as the boundary says.
fn beyond(x: &[i64], depth: i64, boundary: Boundary) -> Vec<i64> {
    let n = x.len() as i64;
    let at = |k: i64| match boundary {
        Boundary::None if !(0..n).contains(&k) => None,
        Boundary::Constant(value) if !(0..n).contains(&k) => value.as_i128().map(|v| v as i64),
        Boundary::Reflect if k < 0 => Some(x[(-1 - k) as usize]),
        Boundary::Reflect if k >= n => Some(x[(2 * n - 1 - k) as usize]),
        Boundary::Periodic => Some(x[k.rem_euclid(n) as usize]),
        _ => Some(x[k.clamp(0, n - 1) as usize]),
    };
    (-depth..n + depth).filter_map(at).collect()
}

#[test]
fn a_halo_holds_what_the_boundary_says() {
    let elements: Vec<i64> = (0..11).map(|k| k * k - 7).collect();
    let x = tilewright::array(elements.clone(), [11]).rechunk([4]);
    let constant = Boundary::Constant(9i64.into());
    for boundary in [
        Boundary::None,
        Boundary::Reflect,
        Boundary::Nearest,
        Boundary::Periodic,
        constant,
    ] {
        let depth = 3;
        let whole = beyond(&elements, depth, boundary);
        let lead = if boundary == Boundary::None { 0 } else { depth };
        let y = x.map_overlap(depth, [boundary], move |x: ArrayViewD<i64>, place| {
            let from = (place.start[0] + lead - place.before[0]) as usize;
            assert_eq!(x.as_slice().unwrap(), &whole[from..from + x.len()]);
            x.mapv(|x| x + 1)
        });
        let want: Vec<i64> = elements.iter().map(|x| x + 1).collect();
        assert_eq!(
            everywhere(&y).to_vec::<i64>().unwrap(),
            want,
            "{boundary:?}"
        );
        let part = y.slice(s![5..7]);
        assert_eq!(everywhere(&part).to_vec::<i64>().unwrap(), want[5..7]);
    }
}

#[test]
fn only_blocks_that_are_asked_for_are_made() {
    let x = arange(0, 10_000, 1).rechunk([100]);
    let (counter, count) = calls();
    let y = x.map_blocks(move |x: ArrayViewD<i64>, _| {
        count.fetch_add(1, Ordering::Relaxed);
        x.mapv(|x| -x)
    });
    let part = y.slice(s![250..350; 2]).compute().unwrap();
    assert_eq!(part.to_vec::<i64>().unwrap()[..2], [-250, -252]);
    assert_eq!(counter.load(Ordering::Relaxed), 2);
}

#[test]
fn what_a_function_says_and_where_it_panics_is_told_with_the_block() {
    let session = Session::builder().threads(4).build().unwrap();
    let x = ones([8, 6]).rechunk([4, 3]);
    let refuses = map_blocks([&x])
        .named("picky")
        .apply::<(f64,), _>(|(x,), place| match place.position[..] {
            [1, 0] => Err("this block is not to my taste"),
            _ => Ok(x.to_owned()),
        });
    let error = session.compute(&refuses).unwrap_err();
    assert_eq!(error.kind(), Kind::User);
    let text = error.to_string();
    for part in ["not to my taste", "picky", "[1, 0] at [4:8, 0:3]"] {
        assert!(text.contains(part), "{text}");
    }
    let panics = x.map_blocks(|x: ArrayViewD<f64>, place| {
        assert!(place.start[..] != [4, 3], "a bad corner");
        x.to_owned()
    });
    for engine in [Engine::Auto, Engine::Reference] {
        let session = Session::builder()
            .threads(4)
            .engine(engine)
            .build()
            .unwrap();
        let error = session.compute(&panics).unwrap_err();
        assert_eq!(error.kind(), Kind::User);
        let text = error.to_string();
        assert!(
            text.contains("a bad corner") && text.contains("[1, 1]"),
            "{text}"
        );
    }
    let misshapen = x.map_blocks(|_: ArrayViewD<f64>, _| ArrayD::<f64>::zeros(IxDyn(&[1, 1])));
    let error = session.compute(&misshapen).unwrap_err();
    assert_eq!(error.kind(), Kind::User);
    assert!(error.to_string().contains("[4, 3]"), "{error}");
    // The pool goes on.
    assert_eq!(
        session.compute(&x.sum(..)).unwrap().item::<f64>().unwrap(),
        48.0
    );
}

#[test]
fn a_mapped_file_that_is_cut_short_between_tasks_is_an_error() {
    let name = format!("tilewright-cut-{}.npy", std::process::id());
    let path = std::env::temp_dir().join(name);
    let uri = path.display().to_string();
    ones([8, 1 << 16]).store(uri.as_str()).unwrap();
    let cut = path.clone();
    let x = open(&uri).rechunk([1, 1 << 16]);
    let y = x.map_blocks(move |x: ArrayViewD<f64>, _| {
        let file = std::fs::File::options().write(true).open(&cut).unwrap();
        file.set_len(100).unwrap();
        ArrayD::<f64>::zeros(x.raw_dim())
    });
    // What the next task would read is gone.
    let session = Session::builder().threads(1).build().unwrap();
    let error = session.compute(&y).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(error.kind(), Kind::Source, "{error}");
    assert!(error.message().contains("changed"), "{error}");
}

#[test]
fn a_mapped_file_that_is_cut_short_while_a_task_reads_it_is_an_error() {
    let name = format!("tilewright-cut-within-{}.npy", std::process::id());
    let path = std::env::temp_dir().join(name);
    let uri = path.display().to_string();
    ones([4, 1 << 14]).store(uri.as_str()).unwrap();
    for threads in [1, 2] {
        let whole = std::fs::read(&path).unwrap();
        let cut = path.clone();
        // The kernel has the map's place when the other operand is read.
        let other = from_delayed(shape([4, 1 << 14]), move |_, into: &mut [f64]| {
            let file = std::fs::File::options().write(true).open(&cut).unwrap();
            file.set_len(100).unwrap();
            into.fill(1.0);
            Ok::<(), tilewright_core::Error>(())
        });
        let session = Session::builder().threads(threads).build().unwrap();
        let sum = (open(&uri) + other).sum(..);
        let error = session.compute(&sum).unwrap_err();
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(error.to_string().contains(&uri), "{error}");
        std::fs::write(&path, whole).unwrap();
        // The session and the process go on.
        let sum = session.compute(&open(&uri).sum(..)).unwrap();
        assert_eq!(sum.item::<f64>().unwrap(), f64::from(4 << 14));
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn what_cannot_be_is_refused_when_it_is_written() {
    let x = ones([4, 4]);
    let identity = |x: ArrayViewD<f32>, _: &_| x.to_owned();
    let error = x.map_blocks(identity).check().unwrap_err().clone();
    assert_eq!(error.kind(), Kind::DType);
    assert!(error.to_string().contains("astype(float32)"), "{error}");
    let of = |depth: [i64; 1]| {
        x.map_overlap(depth, [Boundary::None], |x: ArrayViewD<f64>, _| {
            x.to_owned()
        })
    };
    assert_eq!(of([1]).check().unwrap_err().kind(), Kind::Axis);
    let negative = x.map_overlap(-1, [Boundary::None], |x: ArrayViewD<f64>, _| x.to_owned());
    assert_eq!(negative.check().unwrap_err().kind(), Kind::Value);
    let two = map_blocks([&x]).apply::<(f64, f64), _>(|(x, _), _| x.to_owned());
    assert_eq!(two.check().unwrap_err().kind(), Kind::Value);
}

#[test]
fn functions_of_one_structure_share_a_plan_and_keep_their_own_results() {
    let session = Session::builder().threads(1).build().unwrap();
    let x = arange(0, 4, 1);
    let times = |factor: i64| x.map_blocks(move |x: ArrayViewD<i64>, _| x.mapv(|x| x * factor));
    for factor in [2, 5] {
        let got = session.compute(&times(factor)).unwrap();
        let want = [0, factor, 2 * factor, 3 * factor];
        assert_eq!(got.to_vec::<i64>().unwrap(), want);
    }
    let (kept, given) = calls();
    let held = x.map_blocks(move |x: ArrayViewD<i64>, _| {
        given.fetch_add(1, Ordering::Relaxed);
        x.to_owned()
    });
    session.compute(&held).unwrap();
    drop(held);
    assert_eq!(
        Arc::strong_count(&kept),
        1,
        "a plan that is kept keeps no function"
    );
}

#[test]
fn memory_is_promised_per_block() {
    let x = ones([64, 1000]).rechunk([8, 250]) + 1;
    let y = map_blocks([&x]).memory(100_000).depth([1, 0]);
    let y = y.apply::<(f64,), _>(|(x,), _| x.mapv(f64::sqrt)).sum(..);
    let session = Session::builder().threads(2).build().unwrap();
    let stats = session.job([&y]).run().unwrap().stats;
    assert!(stats.peak_bytes <= stats.projected_peak_bytes, "{stats:?}");
    let small = Session::builder()
        .threads(1)
        .memory(100_000)
        .build()
        .unwrap();
    assert_eq!(small.compute(&y).unwrap_err().kind(), Kind::Budget);
}

#[test]
fn empty_arrays_and_single_values() {
    let never = |_: ArrayViewD<f64>, _: &_| -> Result<ArrayD<f64>, &str> { Err("called") };
    let none = ones([0, 3]).map_blocks(never);
    assert_eq!(everywhere(&none).shape(), [0, 3]);
    let around = ones([0]).map_overlap(2, [Boundary::Constant(1.0.into())], never);
    assert_eq!(everywhere(&around).shape(), [0]);
    let one = ones([3])
        .sum(..)
        .map_blocks(|x: ArrayViewD<f64>, _| x.mapv(|x| x > 2.0));
    assert_eq!(one.dtype().unwrap(), DType::Bool);
    assert!(everywhere(&one).item::<bool>().unwrap());
}

#[test]
fn results_are_stored_block_by_block_whatever_the_chunks() {
    let place = std::env::temp_dir().join(format!("tilewright-blocks-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let x = arange(0, 60, 1).reshape([6, 10]).rechunk([2, 5]);
    let (counter, count) = calls();
    let y = x.map_blocks(move |x: ArrayViewD<i64>, place| {
        count.fetch_add(1, Ordering::Relaxed);
        x.mapv(|x| x + place.position[1])
    });
    let want = y.compute().unwrap().to_vec::<i64>().unwrap();
    for (k, chunks) in [[2, 5], [1, 5], [4, 10], [3, 4]].into_iter().enumerate() {
        counter.store(0, Ordering::Relaxed);
        let path = place.join(format!("{k}.zarr"));
        let uri = path.to_str().unwrap();
        tilewright::default_session()
            .unwrap()
            .store(&y.rechunk(chunks), uri)
            .unwrap();
        let got = open(uri).compute().unwrap();
        assert_eq!(got.to_vec::<i64>().unwrap(), want, "{chunks:?}");
        assert_eq!(counter.load(Ordering::Relaxed), 6, "{chunks:?}");
    }
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn functions_of_small_blocks_run_at_once() {
    let together = Arc::new((Mutex::new(0), Condvar::new()));
    let x = arange(0, 2, 1).rechunk([1]);
    // Each waits until the other has begun.
    let y = x.map_blocks(move |x: ArrayViewD<i64>, _| {
        let (begun, signal) = &*together;
        let mut begun = begun.lock().unwrap();
        *begun += 1;
        signal.notify_all();
        let waited = signal.wait_timeout_while(begun, Duration::from_secs(60), |n| *n < 2);
        match waited.unwrap().1.timed_out() {
            true => Err("the other one did not begin"),
            false => Ok(x.mapv(|x| x + 1)),
        }
    });
    let session = Session::builder().threads(2).build().unwrap();
    assert_eq!(
        session.compute(&y.sum(..)).unwrap().item::<i64>().unwrap(),
        3
    );
}
