//! Does any sequence of bytes crash the reader of plans, or what is asked of a plan it accepts?
//!
//! Bytes that are accepted must give the same plan again when they are written and read, and its
//! memory bound and tasks must be computed without a panic. Kernels are not run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tilewright_plan::{Plan, Tasks, budget, memory};

/// Tasks looked at.
const TASKS: i64 = 64;

fuzz_target!(|bytes: &[u8]| {
    let Ok(plan) = Plan::from_bytes(bytes) else {
        return;
    };
    if let Ok(written) = plan.to_bytes() {
        let again = Plan::from_bytes(&written).expect("a written plan is read");
        // NaN is no equal of itself, so the bytes are compared.
        assert_eq!(written, again.to_bytes().expect("it is written again"));
    }
    let stages = memory::stages(&plan, &[]);
    let _ = budget::peak(&stages, 8, 1 << 30);
    for stage in &plan.stages {
        let tasks = Tasks::new(stage);
        for k in 0..tasks.count().min(TASKS) {
            let _ = tasks.get(k);
        }
    }
});
