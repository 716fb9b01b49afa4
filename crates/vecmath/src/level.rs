//! Which instruction sets may the lane code use on this machine?
//!
//! A piece of [`Work`] is inlined into one function per level, so that the compiler vectorises it for
//! that level. `unsafe` is the call into code compiled for instructions that the host was found to
//! have. There are no intrinsics.

#![allow(
    unsafe_code,
    reason = "calls into code compiled for detected instruction sets"
)]

use std::sync::OnceLock;

/// An instruction-set level. Each includes the ones before it; none shows in a result's bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// What the target triple guarantees: SSE2 on x86-64 (fma through the C library), NEON on aarch64.
    Baseline,
    /// AVX2 and FMA: 4 lanes of f64.
    Avx2,
    /// AVX-512 F, DQ, VL and BW: 8 lanes of f64.
    Avx512,
}

impl Level {
    /// Its lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Baseline => "baseline",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }
}

/// The levels of this machine, slowest first; never empty, detected once.
pub fn levels() -> &'static [Level] {
    const ALL: [Level; 3] = [Level::Baseline, Level::Avx2, Level::Avx512];
    &ALL[..=best() as usize]
}

/// The level that results are computed at: the machine's highest.
pub(crate) fn best() -> Level {
    static BEST: OnceLock<Level> = OnceLock::new();
    *BEST.get_or_init(detect)
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Level {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw");
    match (avx2, avx512) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        _ => Level::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Level {
    Level::Baseline
}

/// A piece of lane code with its operands. `run` must be `#[inline(always)]`, with everything hot
/// that it calls, or it is not compiled for the level.
pub(crate) trait Work {
    /// What it returns.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}

/// Runs `work` at `level`, or at the machine's best if that is lower.
#[inline]
pub(crate) fn at<W: Work>(level: Level, work: W) -> W::Output {
    match level.min(best()) {
        // SAFETY: `best` found avx512f, avx512dq, avx512vl, avx512bw, avx2 and fma on this machine.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { run_avx512(work) },
        // SAFETY: `best` found avx2 and fma on this machine.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { run_avx2(work) },
        _ => run_baseline(work),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,fma,avx2")]
fn run_avx512<W: Work>(work: W) -> W::Output {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<W: Work>(work: W) -> W::Output {
    work.run()
}

#[inline(never)]
fn run_baseline<W: Work>(work: W) -> W::Output {
    work.run()
}
