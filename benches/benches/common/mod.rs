//! One comparison as three measurements: eager, and lazy on one thread and on all.
#![allow(dead_code, reason = "each bench uses what it needs")]

use criterion::Criterion;
use std::time::Duration;
use tilewright::Session;
use tilewright_benches::cases::GROUPS;

/// Measures every case of a group, once both sides agree.
pub fn compare(criterion: &mut Criterion, group: &str) {
    let directory = tempfile::tempdir().unwrap();
    let (name, cases) = GROUPS.iter().find(|(name, _)| *name == group).unwrap();
    let sessions = [1, threads()].map(|n| Session::builder().threads(n).build().unwrap());
    let mut measured = criterion.benchmark_group(*name);
    measured
        .sample_size(10)
        .measurement_time(Duration::from_secs(3));
    for case in cases(directory.path()) {
        case.check(&sessions[0]).unwrap();
        measured.bench_function(format!("{}/eager, 1 thread", case.name), |bencher| {
            bencher.iter_with_large_drop(|| (case.eager)());
        });
        for session in &sessions {
            let id = format!("{}/tilewright, {} threads", case.name, session.threads());
            measured.bench_function(id, |bencher| bencher.iter(|| case.run(session)));
        }
    }
    measured.finish();
}

/// Threads of the machine.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get().max(2))
}
