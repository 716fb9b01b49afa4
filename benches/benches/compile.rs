//! The group `compile`: first runs in a new session, whose caches are empty.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; a measurement"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tilewright::Session;
use tilewright_benches::cases::compile;

criterion_group!(benches, group);
criterion_main!(benches);

fn group(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let session = || Session::builder().threads(1).build().unwrap();
    let mut measured = criterion.benchmark_group("compile");
    for case in compile::cases(directory.path()) {
        case.check(&session()).unwrap();
        measured.bench_function(format!("{}/eager, 1 thread", case.name), |bencher| {
            bencher.iter_with_large_drop(|| (case.eager)());
        });
        measured.bench_function(format!("{}/tilewright, 1 thread", case.name), |bencher| {
            bencher.iter_batched(
                session,
                |session| {
                    case.run(&session);
                    session
                },
                BatchSize::PerIteration,
            );
        });
    }
    measured.finish();
}
