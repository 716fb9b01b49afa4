//! How fast was a stage, and what bounds it?
//!
//! Measured rates; the bound is the part of the machine that the optimizer's table of costs gives
//! the most time to.

use super::Stage;
use serde::Serialize;
use tilewright_exec::StageStats;

/// Share of the measured time below which no part of the machine explains it; the table is of a
/// machine that may be several times as fast.
const LEAST: f64 = 0.05;

/// What most of a stage's time goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// Loads and stores.
    Memory,
    /// Divisions, remainders and square roots.
    Divider,
    /// Functions, random numbers and other arithmetic.
    Math,
    /// Reading and decoding stored arrays.
    Io,
    /// None of them: starting tasks, calling kernels, compiling.
    Overhead,
}

impl Bound {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Memory => "memory",
            Bound::Divider => "divider",
            Bound::Math => "math",
            Bound::Io => "io",
            Bound::Overhead => "overhead",
        }
    }
}

/// How fast a stage was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// Bytes loaded, decoded and stored in a second, each element of an operand once.
    pub bytes_per_s: f64,
    /// Iterations in a second.
    pub elements_per_s: f64,
    /// What bounds it.
    pub bound: Bound,
    /// The measured time that the bound takes by the table, as a fraction; above 1 on machines
    /// faster than the table's.
    pub share: f64,
}

/// The rates of a stage that was run.
pub(super) fn rates(stage: &Stage, measured: &StageStats) -> Rates {
    let time = measured.wall_s.max(1e-9);
    let bytes =
        stage.estimated.bytes_loaded + stage.estimated.bytes_stored + measured.bytes_decoded as f64;
    let cores = measured.workers.min(measured.tasks).max(1) as f64;
    let nominal = &stage.nominal;
    let parts = [
        (nominal.memory, Bound::Memory),
        (nominal.divider, Bound::Divider),
        (nominal.math, Bound::Math),
        (nominal.io, Bound::Io),
    ];
    let most = parts.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let (ns, bound) = most.unwrap_or((0.0, Bound::Overhead));
    let share = ns / 1e9 / (time * cores);
    Rates {
        bytes_per_s: bytes / time,
        elements_per_s: measured.elements_computed as f64 / time,
        bound: if share < LEAST {
            Bound::Overhead
        } else {
            bound
        },
        share,
    }
}
