//! One stage at a time against the reference: compiled and interpreted, one thread and several.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::sync::Arc;
use tilewright_core::{Block, DType, Grid, Kind, Region, Scalar, Slice, tree};
use tilewright_exec::{CancelToken, Engine, Executor, RunOptions};
use tilewright_expr::attr::{Attr, Body};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, OpId, reference};
use tilewright_plan::{Options, plan};

/// The whole expression as the body of one stage.
fn stage(root: &Expr) -> Expr {
    let body = Body {
        roots: vec![root.clone()],
    };
    Expr::new(
        OpId::named("fused").unwrap(),
        Attr::Body(Arc::new(body)),
        smallvec![],
    )
    .unwrap()
}

fn options(engine: Engine, memory: u64) -> RunOptions {
    RunOptions {
        memory,
        engine,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(|uri, _| tilewright_io::open(uri)),
    }
}

fn bits(block: &Block) -> Vec<u64> {
    let one = |k| {
        let scalar = block.get(k).unwrap();
        if scalar.dtype().is_float() && scalar.to_f64().is_nan() {
            u64::MAX
        } else {
            scalar.bits()
        }
    };
    (0..block.len()).map(one).collect()
}

fn agree(root: &Expr) {
    let want = reference::evaluate(std::slice::from_ref(root), &|leaf| panic!("{leaf:?}")).unwrap();
    let planned = plan(&[stage(root)], &Options::default()).unwrap();
    for engine in [Engine::Jit, Engine::Interpreter] {
        for threads in [1, 4] {
            let executor = Executor::new(threads).unwrap();
            let outcome = executor
                .run(&planned, vec![], &options(engine, 1 << 32))
                .unwrap();
            let got = outcome.results[0].as_ref().unwrap();
            assert_eq!(got.shape, want[0].shape);
            if bits(got) != bits(&want[0]) {
                let at = (0..got.len())
                    .find(|&k| bits(got)[k] != bits(&want[0])[k])
                    .unwrap();
                panic!(
                    "{root:?} with {engine:?} on {threads}: element {at} is {:?}, not {:?}\n{}",
                    got.get(at),
                    want[0].get(at),
                    planned.plan.stages[0].kernel
                );
            }
            assert_eq!(outcome.stats.interpreted_kernels, 0);
            let (projected, _) = tilewright_plan::budget::peak(
                &tilewright_plan::memory::stages(&planned.plan, &[false]),
                threads as u64,
                1 << 32,
            );
            assert!(
                outcome.stats.peak_bytes <= projected,
                "{root:?}: measured {} projected {projected}",
                outcome.stats.peak_bytes
            );
        }
    }
}

fn normal(shape: &[i64], chunks: &[i64]) -> Expr {
    let grid = Grid::regular(shape, chunks);
    build::normal(Operand::Float(0.0), Operand::Float(1.0), 7, grid).unwrap()
}

fn grids() -> Vec<(Vec<i64>, Vec<i64>)> {
    vec![
        (vec![40, 30], vec![10, 7]),
        (vec![1300, 6], vec![1000, 6]),
        (vec![6, 1300], vec![4, 999]),
        (vec![3, 5, 700], vec![2, 5, 300]),
        (vec![700, 3, 5], vec![300, 2, 5]),
        (vec![2100], vec![1]),
        (vec![2100], vec![7]),
        (vec![70_000], vec![33]),
        (vec![70_000, 2], vec![512, 1]),
        (vec![2, 0], vec![1, 1]),
        (vec![1, 1], vec![1, 1]),
    ]
}

#[test]
fn maps_of_random_numbers() {
    for (shape, chunks) in grids() {
        let x = normal(&shape, &chunks);
        let y = build::operate("multiply", &[x.clone().into(), Operand::Float(3.0)]).unwrap();
        let y = build::map("add", &[build::map("exp", &[y]).unwrap(), x.clone()]).unwrap();
        agree(&y);
        agree(&build::map("add", &[x.clone(), build::map("sin", &[x]).unwrap()]).unwrap());
    }
}

#[test]
fn every_reduction_over_every_axis() {
    for (shape, chunks) in grids() {
        let x = normal(&shape, &chunks);
        let n = shape.len() as i64;
        let mut axes: Vec<Vec<i64>> = (0..n).map(|k| vec![k]).collect();
        axes.push((0..n).collect());
        if n == 3 {
            axes.extend([vec![0, 1], vec![0, 2], vec![1, 2]]);
        }
        for axes in axes {
            for name in ["sum", "prod", "max", "squared_deviations", "any"] {
                match build::reduce(name, &x, Some(&axes), false) {
                    Ok(root) => agree(&root),
                    Err(error) => assert_eq!(error.kind(), Kind::Value),
                }
            }
            let whole =
                build::operate("multiply", &[x.clone().into(), Operand::Float(1e3)]).unwrap();
            let whole = build::astype(&whole, DType::I32).unwrap();
            agree(&build::reduce("wide_mean", &whole, Some(&axes), false).unwrap());
            agree(&build::reduce("sum", &whole, Some(&axes), false).unwrap());
        }
    }
}

#[test]
fn slices_transposes_and_broadcasts_are_maps_of_indices() {
    let x = normal(&[64, 70], &[13, 20]);
    let t = build::transpose(&x, None).unwrap();
    let every = |step| Slice {
        start: None,
        stop: None,
        step: Some(step),
    };
    let region = Region {
        axes: smallvec![
            every(-3).resolve(70).unwrap(),
            every(2).resolve(64).unwrap()
        ],
    };
    let s = build::slice(&t, region).unwrap();
    agree(&s);
    agree(&build::reduce("sum", &s, Some(&[0]), false).unwrap());
    agree(&build::reduce("sum", &s, Some(&[1]), false).unwrap());
    let row = build::iota(0, Grid::whole(&[32])).unwrap();
    agree(&build::map("add", &[s, row]).unwrap());
}

#[test]
fn arrays_without_axes_and_reductions_of_none() {
    let x = normal(&[], &[]);
    agree(&x);
    agree(&build::map("exp", std::slice::from_ref(&x)).unwrap());
    for name in ["sum", "max", "squared_deviations"] {
        agree(&build::reduce(name, &x, None, false).unwrap());
        agree(&build::reduce(name, &normal(&[5, 40], &[2, 7]), Some(&[]), false).unwrap());
    }
}

#[test]
fn large_chunks_are_cut_at_tree_nodes() {
    let x = normal(&[3_000_000], &[2_500_000]);
    assert!(x.elements() > 4 * tree::LEAF);
    agree(&build::reduce("sum", &x, None, false).unwrap());
    let y = normal(&[200_000, 12], &[150_000, 12]);
    agree(&build::reduce("sum", &y, Some(&[0]), false).unwrap());
    agree(&build::reduce("squared_deviations", &y, None, false).unwrap());
}

#[test]
fn a_cancelled_run_stops_and_leaves_the_pool_usable() {
    let x = normal(&[1 << 22], &[1 << 20]);
    let planned = plan(
        &[stage(&build::reduce("sum", &x, None, false).unwrap())],
        &Options::default(),
    )
    .unwrap();
    let executor = Executor::new(2).unwrap();
    let stopped = options(Engine::Jit, 1 << 30);
    stopped.cancel.cancel();
    let error = executor.run(&planned, vec![], &stopped).unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    assert!(
        executor
            .run(&planned, vec![], &options(Engine::Jit, 1 << 30))
            .is_ok()
    );
}

#[test]
fn a_plan_over_budget_is_refused_before_it_runs() {
    let root = stage(&build::full(Scalar::from(1.0), Grid::whole(&[1 << 20])).unwrap());
    let error = plan(
        &[root],
        &Options {
            memory: Some(1 << 20),
            stores: vec![],
        },
    )
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Budget);
    assert!(
        error
            .suggestion()
            .is_some_and(|text| text.contains("--memory"))
    );
}
