//! The group `io`, measured finely.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; a measurement"
)]

mod common;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, group);
criterion_main!(benches);

fn group(criterion: &mut criterion::Criterion) {
    common::compare(criterion, "io");
}
