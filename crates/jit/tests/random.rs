//! Random kernels: compiled code against the interpreter, bit for bit, between guard pages.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Against, agree, generate};
use tilewright_kernel::{LaneOp, Stmt};

/// Kernels per test; the tests run side by side.
const KERNELS: u64 = 1000;

fn compare(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let (kernel, arguments) = generate::kernel(seed);
        kernel.check().unwrap();
        let against = if seed % 2 == 0 {
            Against::End
        } else {
            Against::Start
        };
        agree(&kernel, &arguments, against);
    }
}

#[test]
fn random_kernels_agree_1() {
    compare(0..KERNELS);
}

#[test]
fn random_kernels_agree_2() {
    compare(KERNELS..2 * KERNELS);
}

#[test]
fn random_kernels_agree_3() {
    compare(2 * KERNELS..3 * KERNELS);
}

#[test]
fn random_kernels_agree_4() {
    compare(3 * KERNELS..4 * KERNELS);
}

/// A longer run: `cargo nextest run -p tilewright-jit --run-ignored only`.
#[test]
#[ignore = "minutes"]
fn many_random_kernels_agree() {
    compare(1 << 32..(1 << 32) + 50_000);
}

#[test]
fn random_kernels_say_everything() {
    let (mut loops, mut calls, mut folds, mut selects, mut strided, mut casts) = (0, 0, 0, 0, 0, 0);
    let mut visit = |body: &[Stmt]| {
        for statement in body {
            let Stmt::Lanes { ops, .. } = statement else {
                calls += u32::from(matches!(statement, Stmt::Call { .. }));
                continue;
            };
            for op in ops {
                match op {
                    LaneOp::Fold { .. } => folds += 1,
                    LaneOp::Select { .. } => selects += 1,
                    LaneOp::Cast { .. } => casts += 1,
                    LaneOp::Load { stride, .. } if *stride != 1.into() => strided += 1,
                    _ => {}
                }
            }
        }
    };
    for seed in 0..KERNELS {
        for statement in &generate::kernel(seed).0.body {
            match statement {
                Stmt::Loop { body, .. } => {
                    loops += 1;
                    visit(body);
                }
                other => visit(std::slice::from_ref(other)),
            }
        }
    }
    let counts = [loops, calls, folds, selects, strided, casts];
    assert!(counts.iter().all(|&count| count > 200), "{counts:?}");
}
