//! How many nanoseconds does an element cost, per function and level?
//!
//! `cargo run --release -p tilewright-vecmath --example speed`. One thread, operands in L1.
#![allow(clippy::print_stdout, reason = "prints a table")]

use std::hint::black_box;
use std::time::Instant;
use tilewright_vecmath::{
    Columns, Draw, Level, MathFn, apply_f32_at, apply_f64_at, draw_f64_at, draw_integers_at,
    levels, moments_leaf_at, moments_leaf_rows_at,
};

const LEN: usize = 1024;

/// The best of several timed runs, in nanoseconds per element.
fn time(elements: usize, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..7 {
        let start = Instant::now();
        let mut rounds = 0;
        while start.elapsed().as_millis() < 15 {
            for _ in 0..8 {
                work();
            }
            rounds += 8;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / (rounds * elements) as f64);
    }
    best
}

fn row(name: &str, mut cost: impl FnMut(Level) -> f64) {
    let cells: Vec<String> = levels()
        .iter()
        .map(|&l| format!("{:>10.2}", cost(l)))
        .collect();
    println!("{name:<16}{}", cells.concat());
}

fn main() {
    let names: Vec<String> = levels()
        .iter()
        .map(|l| format!("{:>10}", l.name()))
        .collect();
    println!("{:<16}{}", "ns/element", names.concat());
    let a: Vec<f64> = (0..LEN).map(|i| 0.01 + i as f64 * 0.0137).collect();
    let b: Vec<f64> = (0..LEN).map(|i| i as f64 * 0.003 - 1.0).collect();
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<f32>>();
    let (a32, b32) = (single(&a), single(&b));
    let (mut out, mut out32) = (vec![0.0; LEN], vec![0f32; LEN]);
    for &f in MathFn::ALL {
        row(&format!("{} f64", f.name()), |level| {
            time(LEN, || {
                apply_f64_at(level, f, black_box(&mut out), black_box(&a), &b)
            })
        });
        row(&format!("{} f32", f.name()), |level| {
            time(LEN, || {
                apply_f32_at(level, f, black_box(&mut out32), black_box(&a32), &b32)
            })
        });
    }
    for (name, draw) in [("uniform", Draw::Uniform), ("normal", Draw::Normal)] {
        row(name, |level| {
            time(LEN, || {
                draw_f64_at(level, draw, black_box(7), 1, 1, black_box(&mut out))
            })
        });
    }
    let mut integers = vec![0; LEN];
    row("integers", |level| {
        time(LEN, || {
            draw_integers_at(level, black_box(7), 1, 1, &[0], &[1000], &mut integers)
        })
    });
    row("moments", |level| {
        time(512, || {
            black_box(moments_leaf_at(level, black_box(&a[..512])));
        })
    });
    let columns = Columns {
        rows: 64,
        width: 128,
        stride: 128,
    };
    let x: Vec<f64> = (0..columns.extent()).map(|i| (i % 977) as f64).collect();
    let mut state = vec![[0.0; 128]; 3];
    row("moments rows", |level| {
        time(columns.extent(), || {
            let [mean, low, m2] = &mut state[..] else {
                return;
            };
            moments_leaf_rows_at(level, black_box(&x), columns, mean, low, m2);
        })
    });
}
