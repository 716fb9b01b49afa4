//! Which memory will be wanted soon?
//!
//! A hint to the machine, without any effect on a result. `unsafe` is the instruction, which takes an
//! address; it reads nothing and faults nowhere.

#![allow(unsafe_code, reason = "the prefetch instruction takes an address")]

/// Elements of a cache line.
const LINE: usize = 64 / size_of::<f64>();

/// Asks for the cache lines of the `N` elements from `from` on, which may lie beyond the slice.
#[inline(always)]
pub(crate) fn elements<const N: usize>(x: &[f64], from: usize) {
    for k in (0..N).step_by(LINE) {
        line(x.as_ptr().wrapping_add(from + k));
    }
    // One line more unless elements begin with a line.
    line(x.as_ptr().wrapping_add(from + N - 1));
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn line(address: *const f64) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: SSE is part of the target; a prefetch accesses nothing that a program can see.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn line(_: *const f64) {}
