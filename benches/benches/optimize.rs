//! The group `optimize`: what rewriting saves, and what planning takes.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; a measurement"
)]

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use tilewright_benches::planning;

criterion_group!(benches, saved, plans);
criterion_main!(benches);

fn saved(criterion: &mut Criterion) {
    common::compare(criterion, "optimize");
}

fn plans(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let mut measured = criterion.benchmark_group("plan");
    for (name, side) in [("10^2 chunks", 10), ("10^9 chunks", 31_623)] {
        let roots = planning::columns(side);
        measured.bench_function(format!("x.mean(axis=0)[0:100]/{name}"), |bencher| {
            bencher.iter(|| planning::plan(&roots).unwrap());
        });
    }
    for planned in planning::expressions(directory.path()) {
        measured.bench_function(&planned.expression, |bencher| {
            bencher.iter(|| planning::plan(&planned.roots).unwrap());
        });
    }
    measured.finish();
}
