//! What is made once and used again: plans, code, and memory of the caller's.
#![allow(clippy::unwrap_used, reason = "tests")]

use ndarray::{Array1, Array2, Array3, ArrayD, Axis, Ix2, ShapeBuilder, arr1, s as nd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tilewright::{
    Array, Engine, Expr, Kind, NewAxis, Runner, Section, Session, Stats, axis, eye, ones, random,
    s, zeros,
};
use tilewright_core::{DType, Grid};
use tilewright_expr::attr::{Bytes, MemoryArray, SourceRef};
use tilewright_expr::build;

fn session(engine: Engine) -> Session {
    let builder = Session::builder().engine(engine).threads(2);
    builder.memory(1 << 30).build().unwrap()
}

fn run(session: &Session, array: &Array) -> (Vec<f64>, Stats) {
    let finished = session.job([array]).run().unwrap();
    let result = finished.results[0].as_ref().unwrap();
    (result.to_vec().unwrap(), finished.stats)
}

fn memory(values: impl IntoIterator<Item = f64>) -> Array {
    Array::from_ndarray(Array1::from_iter(values))
}

#[test]
fn a_plan_serves_every_array_of_its_layout() {
    let session = session(Engine::Jit);
    let scaled = |x: &Array, y: &Array| x * 2.0 - y;
    let (x, y) = (memory([1.0, 2.0, 3.0]), memory([10.0, 20.0, 30.0]));
    let (first, stats) = run(&session, &scaled(&x, &y));
    assert_eq!(first, [-8.0, -16.0, -24.0]);
    assert!(stats.plan_s > 0.0);
    let (other, stats) = run(&session, &scaled(&y, &x));
    assert_eq!(other, [19.0, 38.0, 57.0]);
    assert_eq!((stats.plan_s, stats.kernels), (0.0, 0));
    // One array twice is another structure than two arrays.
    let (same, stats) = run(&session, &scaled(&x, &x));
    assert_eq!(same, [1.0, 2.0, 3.0]);
    assert!(stats.plan_s > 0.0);
    // So are other strides, another shape, another place in the expression.
    let strided = Array::from_ndarray(Array2::from_shape_fn((3, 2), |(i, _)| i as f64));
    let turned = Array::from_ndarray(Array2::from_shape_fn((3, 2).f(), |(i, _)| i as f64));
    for array in [&strided, &turned] {
        let (result, stats) = run(&session, &(array * 2.0));
        assert_eq!(result, [0.0, 0.0, 2.0, 2.0, 4.0, 4.0]);
        assert!(stats.plan_s > 0.0);
    }
    assert_eq!(run(&session, &(&turned * 2.0)).1.plan_s, 0.0);
}

/// Bytes that say when they are let go.
struct Watched(Vec<u8>, Arc<AtomicBool>);

impl Bytes for Watched {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.1.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_plan_that_is_kept_keeps_no_array() {
    let session = session(Engine::Jit);
    let gone = Arc::new(AtomicBool::new(false));
    let owner = Arc::new(Watched(vec![0; 80], gone.clone()));
    let source = SourceRef::Memory(MemoryArray::new(owner, 0, (&[1i64][..]).into()));
    let read: Expr = build::read(source, DType::F64, Grid::regular(&[10], &[10])).unwrap();
    let array = Array::from_expr(read) + 1.0;
    assert_eq!(run(&session, &array).0, [1.0; 10]);
    drop(array);
    assert!(gone.load(Ordering::Relaxed));
}

#[test]
fn fresh_seeds_share_code() {
    let session = session(Engine::Jit);
    let draws = |seed| {
        let [normal, uniform] = [random::seed(seed), random::seed(seed + 1)];
        let integers = random::seed(seed + 2).integers(0, 1000, [5000]);
        normal.normal(0, 1, [5000]) * uniform.uniform(0, 1, [5000]) + integers
    };
    let (first, stats) = run(&session, &draws(1));
    assert!(stats.kernels > 0);
    let (second, stats) = run(&session, &draws(100));
    assert_eq!(stats.kernels, 0);
    assert!(stats.kernel_cache_hits > 0 && first != second);
    assert_eq!(run(&session, &draws(1)).0, first);
}

#[test]
fn small_stages_are_interpreted_and_said_to_be() {
    let small = memory((0..10).map(f64::from)) * 2.0 + 1.0;
    let large = random::seed(1).uniform(0, 1, [100_000]).sum(axis(0)) / 2.0;
    for (engine, kernels) in [(Engine::Auto, [0, 1]), (Engine::Jit, [1, 2])] {
        let session = session(engine);
        for (array, kernels) in [&small, &large].into_iter().zip(kernels) {
            let stats = run(&session, array).1;
            assert_eq!((stats.kernels, stats.interpreted_kernels), (kernels, 0));
            let explained = session.explain([array]).unwrap();
            let compiled = explained.stages.iter();
            let compiled = compiled.filter(|stage| stage.runner == Runner::MachineCode);
            assert_eq!(compiled.count() as u64, kernels);
            let said = explained.text(&[Section::Physical]);
            assert_eq!(said.contains("; interpreted"), engine == Engine::Auto);
        }
    }
}

/// Fills memory that holds something else, and compares it with a result of its own.
fn fill(array: &Array, mut into: ndarray::ArrayViewMutD<'_, f64>) {
    for engine in [
        Engine::Auto,
        Engine::Jit,
        Engine::Interpreter,
        Engine::Reference,
    ] {
        let session = session(engine);
        into.fill(f64::NAN);
        session.compute_into(array, &mut into).unwrap();
        assert_eq!(into, session.compute(array).unwrap().view::<f64>().unwrap());
    }
}

#[test]
fn memory_of_any_layout_is_filled() {
    let x = random::seed(3).uniform(0, 1, [300, 40]);
    let y = &x + x.slice(s![..;-1, ..]) / 3.0;
    fill(&y, ArrayD::zeros(vec![300, 40]).view_mut());
    fill(&y, ArrayD::zeros(vec![300, 40].f()).view_mut());
    let mut wide = Array2::<f64>::zeros((310, 50));
    fill(&y, wide.slice_mut(nd![5..305, 7..47]).into_dyn());
    assert_eq!(
        wide.iter().filter(|v| **v == 0.0).count(),
        310 * 50 - 300 * 40
    );
    fill(&y, wide.slice_mut(nd![..300;-1, ..40]).into_dyn());
    fill(
        &y,
        Array3::zeros((300, 40, 3))
            .index_axis_mut(Axis(2), 1)
            .into_dyn(),
    );
    // Reductions, along either axis; several results side by side.
    let mut rows = Array2::<f64>::zeros((3, 300));
    fill(&y.sum(axis(1)), rows.row_mut(1).into_dyn());
    fill(&y.std(axis(0)), ArrayD::zeros(vec![40]).view_mut());
    fill(&y.max(..), ArrayD::zeros(vec![]).view_mut());
    assert!(rows.row(0).iter().chain(rows.row(2)).all(|&v| v == 0.0));
    fill(
        &y.slice(s![.., 0, NewAxis]),
        wide.slice_mut(nd![..300, ..1]).into_dyn(),
    );
}

#[test]
fn nothing_reduced_fills_memory_too() {
    let empty = zeros([4, 0]);
    let mut into = Array2::from_elem((2, 4), 7.0);
    empty
        .sum(axis(1))
        .compute_into(&mut into.row_mut(0))
        .unwrap();
    empty
        .prod(axis(1))
        .compute_into(&mut into.row_mut(1))
        .unwrap();
    assert_eq!(into, ndarray::arr2(&[[0.0; 4], [1.0; 4]]));
    empty
        .compute_into(&mut Array2::<f64>::zeros((4, 0)))
        .unwrap();
    let mut flags = arr1(&[true, true, true]);
    eye([3, 3], 0)
        .slice(s![0])
        .equal(0.0)
        .compute_into(&mut flags)
        .unwrap();
    assert_eq!(flags, arr1(&[false, true, true]));
}

#[test]
fn memory_of_another_kind_is_refused() {
    let x = ones([4, 3]);
    let wrong = x
        .compute_into(&mut Array2::<f64>::zeros((3, 4)))
        .unwrap_err();
    assert_eq!(wrong.kind(), Kind::Shape);
    let wrong = x
        .compute_into(&mut Array2::<f32>::zeros((4, 3)))
        .unwrap_err();
    assert_eq!(wrong.kind(), Kind::DType);
    let kept = x.compute().unwrap().to_ndarray::<f64>().unwrap();
    assert_eq!(kept.into_dimensionality::<Ix2>().unwrap().dim(), (4, 3));
}

#[test]
fn measured_stages_say_how_fast_and_what_bounds_them() {
    let session = session(Engine::Jit);
    let x = memory((0..100_000).map(f64::from));
    let job = session.job([&((&x / 3.0).sqrt().sum(..))]);
    let (explained, finished) = job.analyze().unwrap();
    let [stage] = &explained.stages[..] else {
        unreachable!("one pass")
    };
    let (rates, measured) = (stage.rates.unwrap(), stage.measured.unwrap());
    assert_eq!(measured.elements_computed, 100_000);
    assert_eq!(stage.estimated.bytes_loaded, 800_000.0);
    let time = measured.wall_s;
    assert!((rates.elements_per_s * time - 1e5).abs() < 1.0);
    assert!((rates.bytes_per_s * time - 800_008.0).abs() < 1.0);
    assert!(stage.nominal.divider > stage.nominal.memory && stage.nominal.io == 0.0);
    assert!(finished.stats.wall_s >= time);
    let text = explained.text(&[Section::Physical]);
    assert!(
        text.contains("  rate ") && text.contains("  bound "),
        "{text}"
    );
    let json = explained.json(&[Section::Physical]);
    assert!(json["stages"][0]["rates"]["bytes_per_s"].is_number());
    assert_eq!(json["stages"][0]["runs"], "machine code");
}
