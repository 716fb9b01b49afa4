//! The library as its users call it.

#![allow(clippy::unwrap_used, reason = "tests")]

use ndarray::{Array2, ArrayD, arr1, s as nd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tilewright::{
    Array, Chunks, DType, Engine, Kind, Session, Store, arange, axes, axis, concatenate, eye, full,
    linspace, ones, open, random, s, shape, stack, zeros,
};

fn session(engine: Engine, threads: usize) -> Session {
    Session::builder()
        .engine(engine)
        .threads(threads)
        .memory(1 << 30)
        .build()
        .unwrap()
}

/// The bits of a result, of every dtype.
fn bits(session: &Session, array: &Array) -> (DType, Vec<i64>, Vec<u8>) {
    let computed = session.compute(array).unwrap();
    let bytes = computed.block().data.as_bytes().to_vec();
    (computed.dtype(), computed.shape().to_vec(), bytes)
}

#[test]
fn every_engine_thread_count_and_setting_gives_the_same_bits() {
    let x = random::seed(5).normal(1.0, 3.0, shape([123, 77]).chunks([20, 31]));
    let n = random::seed(6).integers(-50, 50, shape([123, 77]).chunks([50, -1]).dtype(DType::I16));
    let arrays = [
        (&x - x.mean(axis(0))) / x.std(axis(0)),
        x.mean(axis(-1)) / x.std(axis(-1).ddof(1)),
        (&x + x.t().reshape([123, 77]))
            .slice(s![..;2, 50..])
            .mean(axis(1)),
        x.slice(s![0..70, 0..70]) + x.slice(s![0..70, 0..70]).t(),
        x.slice(s![.., 0]).sin() * x.t(),
        x.abs()
            .sqrt()
            .pow(1.5)
            .minimum(2)
            .maximum(&n)
            .exp()
            .log()
            .floor()
            .ceil()
            .cos(),
        (&n * &n).sum(axes([0, 1]).keepdims()),
        n.floor_divide(7).square().prod(axis(0)),
        (&n % 7).gt(3).where_(&n, -1).astype(DType::F32).var(..),
        (n.lt(0) | n.equal(3)).any(axis(0)) & !n.le(40).all(axis(0)) ^ n.ge(0).any(axis(0)),
        n.min(axis(1)) - n.max(axis(1)),
        concatenate([&x.slice(s![0..3]), &n.slice(s![..;-40])], 0),
        stack([&x.slice(s![5]), &x.slice(s![-1, ..;-1])], 1).slice(s![None, ..., 0]),
        linspace(0.0, 1.0, 77) + eye([77, 77], -1) + arange(0, 77, 1).expand_dims([1]).squeeze([]),
        full([4], 2.5f32).broadcast_to([3, 4]).rechunk(2) - zeros([4]) * ones([3, 1]),
        x.not_equal(0).mean(..),
    ];
    let plain = session(Engine::Reference, 1);
    let others = [
        session(Engine::Jit, 1),
        session(Engine::Jit, 8),
        session(Engine::Interpreter, 2),
        Session::builder()
            .optimize(false)
            .threads(3)
            .memory(1 << 28)
            .build()
            .unwrap(),
        Session::builder()
            .threads(2)
            .memory(2 << 20)
            .build()
            .unwrap(),
    ];
    for (k, array) in arrays.iter().enumerate() {
        let want = bits(&plain, array);
        for (j, other) in others.iter().enumerate() {
            assert_eq!(
                bits(other, array),
                want,
                "array {k}, session {j}: {array:?}"
            );
        }
    }
    let together = others[1].compute_all(&arrays).unwrap();
    for (array, result) in arrays.iter().zip(together) {
        assert_eq!(result.block().data.as_bytes(), bits(&plain, array).2);
    }
}

#[test]
fn the_first_error_stays_with_its_line() {
    let x = ones([4, 3]);
    let wrong = &x + ones([4, 5]); // the line of the error
    let line = line!() - 1;
    let later = (wrong.slice(s![0]) * 2).sum(axis(7)).compute().unwrap_err();
    assert_eq!(later.kind(), Kind::Shape);
    let place = later
        .facts()
        .iter()
        .find(|(label, _)| label == "line")
        .unwrap();
    assert!(
        place.1.contains("front.rs") && place.1.contains(&format!(":{line}:")),
        "{place:?}"
    );
    let both = concatenate([&x, &x.sum(axis(9)), &wrong], 0);
    assert_eq!(both.check().unwrap_err().kind(), Kind::Axis);
    for (array, kind) in [
        (x.slice(s![9]), Kind::Index),
        (x.reshape([5]), Kind::Shape),
        (x.transpose([0, 0]), Kind::Axis),
        (x.rechunk([0, 1]), Kind::Chunks),
        (!&x, Kind::DType),
        (ones([2]).astype(DType::I8) + 1000, Kind::Value),
        (zeros([-1]), Kind::Shape),
        (full([1 << 40, 1 << 40], 0), Kind::Shape),
        (open("/nonexistent"), Kind::Source),
        (concatenate(&[], 0), Kind::Value),
        (stack(&[], 0), Kind::Value),
        (arange(0, 1, 0), Kind::Value),
        (eye([3], 0), Kind::Shape),
        (random::seed(1).normal(ones([2]), 1, [3]), Kind::Shape),
    ] {
        assert_eq!(array.error().unwrap().kind(), kind, "{array:?}");
        assert!(array.explain().is_err() && array.shape().is_err());
    }
}

#[test]
fn memory_is_moved_shared_or_copied() {
    let owned = Array2::from_shape_fn((5, 7), |(i, j)| (10 * i + j) as i32);
    let want: Vec<i32> = owned.t().iter().copied().collect();
    // Moved with its strides: a transposed array stays where it is.
    let moved = Array::from_ndarray_chunked(owned.clone().reversed_axes(), [3, -1]);
    assert_eq!(moved.compute().unwrap().to_vec::<i32>().unwrap(), want);
    let shared = owned.clone().into_shared();
    let lazy = Array::from_ndarray(shared.clone().reversed_axes());
    assert_eq!(lazy.compute().unwrap().to_vec::<i32>().unwrap(), want);
    let part = shared.clone().slice_move(nd![1..4;2, ..;-1]);
    let want: Vec<i32> = part.iter().copied().collect();
    assert_eq!(
        Array::from_ndarray(part)
            .compute()
            .unwrap()
            .to_vec::<i32>()
            .unwrap(),
        want
    );
    let view = owned.slice(nd![..;-2, 3..]);
    let want: Vec<i32> = view.iter().copied().collect();
    let lazy = Array::from_ndarray(view);
    assert_eq!(lazy.compute().unwrap().to_vec::<i32>().unwrap(), want);
    let truth = Array::from_ndarray(arr1(&[true, false, true]));
    assert_eq!(truth.dtype().unwrap(), DType::Bool);
    assert_eq!(truth.sum(..).compute().unwrap().item::<i64>().unwrap(), 2);
    let empty = Array::from_ndarray(ArrayD::<f32>::zeros(vec![3, 0, 2]));
    assert_eq!(
        empty
            .sum(axis(1))
            .compute()
            .unwrap()
            .to_vec::<f32>()
            .unwrap(),
        [0.0; 6]
    );
}

#[test]
fn results_leave_as_the_caller_wants_them() {
    let x = arange(0, 6, 1).reshape([2, 3]);
    let mut whole = Array2::<i64>::zeros((4, 3));
    x.compute_into(&mut whole.slice_mut(nd![..;-2, ..]))
        .unwrap();
    assert_eq!(whole.row(3).to_vec(), [0, 1, 2]);
    assert_eq!(whole.row(1).to_vec(), [3, 4, 5]);
    let wrong = x
        .compute_into(&mut Array2::<i64>::zeros((3, 2)))
        .unwrap_err();
    assert_eq!(wrong.kind(), Kind::Shape);
    let wrong = x
        .compute_into(&mut Array2::<f64>::zeros((2, 3)))
        .unwrap_err();
    assert_eq!(wrong.kind(), Kind::DType);
    let computed = x.compute().unwrap();
    assert_eq!(computed.view::<i64>().unwrap()[[1, 2]], 5);
    assert_eq!(computed.to_ndarray::<u8>().unwrap_err().kind(), Kind::DType);
    assert_eq!(computed.item::<i64>().unwrap_err().kind(), Kind::Shape);
}

#[test]
fn plans_and_kernels_are_used_again() {
    let session = session(Engine::Jit, 2);
    let make = || (random::seed(9).uniform(0, 1, [100, 100]) * 3.0).sum(axis(0));
    let first = session.job([&make()]).run().unwrap().stats;
    assert!(first.plan_s > 0.0 && first.kernels > 0 && first.kernel_cache_hits == 0);
    let second = session.job([&make()]).run().unwrap().stats;
    assert!(second.plan_s == 0.0 && second.kernels == 0 && second.kernel_cache_hits > 0);
    assert_eq!(
        (first.interpreted_kernels, second.interpreted_kernels),
        (0, 0)
    );
    // Another constant: the same code.
    let other = (random::seed(9).uniform(0, 1, [100, 100]) * 5.0).sum(axis(0));
    assert_eq!(session.job([&other]).run().unwrap().stats.kernels, 0);
}

#[test]
fn runs_are_watched_and_stopped() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let session = Session::builder()
        .threads(2)
        .progress(move |progress| {
            assert!(progress.done <= progress.total && progress.stage <= progress.stages);
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    session
        .compute(&random::seed(1).normal(0, 1, [1000, 1000]).sum(..))
        .unwrap();
    assert!(calls.load(Ordering::Relaxed) > 0);
    let endless =
        random::seed(1).uniform(0, 1, shape([1_500_000, 100_000]).chunks([10_000, 10_000]));
    let started = Instant::now();
    let deadline = started + Duration::from_millis(50);
    let error = session
        .job([&endless.mean(..)])
        .deadline(deadline)
        .run()
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(5));
    // The session is as good as new.
    assert_eq!(
        session
            .compute(&ones([3]).sum(..))
            .unwrap()
            .item::<f64>()
            .unwrap(),
        3.0
    );
}

#[test]
fn a_plan_over_budget_is_refused_with_a_way_out() {
    let session = Session::builder()
        .threads(1)
        .memory(1 << 20)
        .build()
        .unwrap();
    let error = session.compute(&ones([1 << 20])).unwrap_err();
    assert_eq!(error.kind(), Kind::Budget);
    assert!(error.suggestion().is_some());
    assert!(session.compute(&ones([1 << 30]).sum(..)).is_ok());
    let plain = Session::builder()
        .engine(Engine::Reference)
        .memory(1 << 20)
        .build()
        .unwrap();
    assert_eq!(
        plain.compute(&ones([1 << 20])).unwrap_err().kind(),
        Kind::Budget
    );
    assert!(Session::builder().threads(0).build().is_err());
}

#[test]
fn what_is_stored_is_opened_and_its_change_noticed() {
    let directory = std::env::temp_dir().join(format!("tilewright-front-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let uri = |name: &str| directory.join(name).display().to_string();
    let x = random::seed(2).normal(0, 1, shape([60, 40]).chunks([7, 11]));
    for (name, engine) in [
        ("a.zarr", Engine::Jit),
        ("b.npy", Engine::Jit),
        ("c.zarr", Engine::Reference),
    ] {
        let session = session(engine, 2);
        session
            .store(&x, Store::to(uri(name)).chunks([16, -1]))
            .unwrap();
        let read = open(&uri(name));
        assert_eq!(bits(&session, &read), bits(&session, &x), "{name}");
        assert_eq!(
            bits(&session, &read.slice(s![..;-9, 3..7])),
            bits(&session, &x.slice(s![..;-9, 3..7]))
        );
        assert_eq!(session.store(&x, uri(name)).unwrap_err().kind(), Kind::Sink);
    }
    assert_eq!(tilewright::info(&uri("a.zarr")).unwrap().grid.chunks(), 4);
    let old = open(&uri("b.npy"));
    ones([60, 41])
        .store(Store::to(uri("b.npy")).overwrite(true))
        .unwrap();
    let error = old.sum(..).compute().unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    let bad = x
        .rechunk(Chunks::from([70, 1]))
        .store(uri("no-format"))
        .unwrap_err();
    assert_eq!(bad.kind(), Kind::Sink);
    let left = std::fs::read_dir(&directory).unwrap().count();
    assert_eq!(left, 3);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn arrays_and_sessions_travel_between_threads() {
    fn travels<T: Send + Sync + Clone + 'static>(_: &T) {}
    let (array, session) = (ones([3]), session(Engine::Jit, 2));
    travels(&array);
    travels(&session);
    let results: Vec<f64> = std::thread::scope(|scope| {
        let threads = (0..4).map(|k| {
            let (array, session) = (array.clone(), session.clone());
            scope.spawn(move || {
                session
                    .compute(&(array * k).sum(..))
                    .unwrap()
                    .item()
                    .unwrap()
            })
        });
        let threads: Vec<_> = threads.collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(results, [0.0, 3.0, 6.0, 9.0]);
}
