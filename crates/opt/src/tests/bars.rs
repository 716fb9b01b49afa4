//! How long does it take? Run with `--release --run-ignored all`; it prints, and fails over a bar.

use super::data::{fold, map, slice, stored, value};
use crate::{Options, optimize};
use std::time::Instant;
use tilewright_core::{DType::F64, Grid};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, walk};

/// An expression of about `n` nodes with shared parts, reductions and a slice on top.
pub fn tangled(n: usize) -> Expr {
    let shape = [4000, 3000];
    let x = stored("x", F64, &shape, &[500, 500]);
    let y = stored("y", F64, &shape, &[400, 300]);
    let mut pool = vec![x.clone(), y.clone(), map("add", &[&x, &y])];
    let mut k = 0usize;
    while walk::postorder(&pool[pool.len() - 1..]).len() < n {
        k += 1;
        let last = pool[pool.len() - 1].clone();
        let back = pool[pool.len() - 1 - (k * 7) % pool.len().min(5)].clone();
        pool.push(match k % 12 {
            0 => map("subtract", &[&last, &fold("mean", &last, &[0])]),
            3 => map("divide", &[&last, &fold("std", &last, &[0])]),
            5 => map("sin", &[&last]),
            7 => map("multiply", &[&last, &value(k as f64)]),
            9 => build::transpose(&build::transpose(&last, None).unwrap(), None).unwrap(),
            _ => map(["add", "multiply", "subtract"][k % 3], &[&last, &back]),
        });
    }
    slice(&pool[pool.len() - 1], &[(10, 3, 500), (2999, -1, 100)])
}

/// One point column of many files laid end to end.
pub fn files(n: i64) -> Expr {
    let parts: Vec<Expr> = (0..n)
        .map(|k| stored(&format!("day{k}"), F64, &[24, 100], &[24, 100]))
        .collect();
    let all = build::concatenate(&parts, 0).unwrap();
    slice(&all, &[(24 * (n / 2), 1, 24), (0, 1, 100)])
}

/// A chain of `n` element-wise operators.
pub fn chain(n: usize) -> Expr {
    let mut x = stored("x", F64, &[100_000], &[1000]);
    for k in 0..n {
        x = map("multiply", &[&x, &value(1.0 + k as f64 * 1e-6)]);
    }
    x
}

/// Sums of a line with itself shifted, `n` times over.
pub fn shifted(n: usize) -> Expr {
    let mut y = stored("y", F64, &[3_000_000], &[3_000_000]);
    for k in 0..n {
        let len = y.shape()[0] - 2;
        let ahead = slice(&y, &[(1 + k as i64 % 2, 1, len)]);
        y = map("add", &[&ahead, &slice(&y, &[(0, 1, len)])]);
    }
    y
}

fn best_ms(roots: &[Expr], runs: usize) -> f64 {
    let time = |_| {
        let start = Instant::now();
        optimize(roots, &Options::default()).unwrap();
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..runs).map(time).fold(f64::INFINITY, f64::min)
}

#[test]
#[ignore = "timings, for a release build"]
fn planning_time() {
    let draws = build::normal(
        Operand::Float(0.0),
        Operand::Float(1.0),
        1,
        Grid::regular(&[10_000, 10_000], &[1000, 1000]),
    );
    let mean = slice(&fold("mean", &draws.unwrap(), &[0]), &[(0, 1, 100)]);
    let mut late = Vec::new();
    for (name, roots, runs, bar) in [
        ("normal.mean(axis=0)[0:100]", vec![mean], 50, 1.0),
        ("20 nodes", vec![tangled(20)], 50, 1.0),
        ("100 nodes", vec![tangled(100)], 20, 5.0),
        ("500 nodes", vec![tangled(500)], 5, 50.0),
        ("10,000 files, one point", vec![files(10_000)], 3, 100.0),
        ("50 shifted sums", vec![shifted(50)], 3, 100.0),
        ("chain of 10,000", vec![chain(10_000)], 2, 1000.0),
    ] {
        let ms = best_ms(&roots, runs);
        let nodes = optimize(&roots, &Options::default()).unwrap().report.nodes;
        println!("{name:28} {ms:9.3} ms (bar {bar} ms), {nodes} e-nodes");
        if ms > bar {
            late.push(name);
        }
    }
    assert!(late.is_empty(), "over the bar: {late:?}");
}
