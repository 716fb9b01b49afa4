//! How many random numbers has this thread drawn?
//!
//! Counted where they are drawn, so that a run can tell what it made from what it planned.

use std::cell::Cell;

thread_local! {
    static DRAWN: Cell<u64> = const { Cell::new(0) };
}

/// Numbers drawn by kernels on this thread since it began.
pub fn total() -> u64 {
    DRAWN.get()
}

/// Counts numbers that are being drawn.
pub(crate) fn add(n: usize) {
    DRAWN.set(DRAWN.get() + n as u64);
}
