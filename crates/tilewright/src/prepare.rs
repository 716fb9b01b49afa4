//! The road from expressions to a plan.

use crate::session::{Math, PlanKey, Settings};
use std::time::{Duration, Instant};
use tilewright_core::{Kind, Result};
use tilewright_expr::Expr;
use tilewright_opt::Report;
use tilewright_plan::budget;
use tilewright_plan::memory::{self, StageBytes};
use tilewright_plan::{Planned, SinkShape};

/// Parts of the memory that arrays kept between stages may take, where they do not fit beside the
/// rest: one in so many.
const KEPT: [u64; 4] = [4, 16, 64, 1024];

/// Stages as expressions, what the optimizer did, and the plan.
type Tried = (Vec<Expr>, Option<Report>, Planned);

/// A plan, and what it was made from.
pub(crate) struct Prepared {
    /// The stages, as expressions.
    pub optimized: Vec<Expr>,
    /// What the optimizer did; none where it was not asked.
    pub report: Option<Report>,
    /// The plan.
    pub planned: Planned,
    /// Bounds of its stages.
    pub bytes: Vec<StageBytes>,
    /// How long optimizing and planning took.
    pub took: Duration,
}

impl Prepared {
    /// Optimizes and plans the roots.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Budget`] if no plan fits the memory.
    pub fn new((roots, stores): &PlanKey, settings: &Settings) -> Result<Prepared> {
        let started = Instant::now();
        let (optimized, report, planned) = Prepared::fitting(roots, stores, settings)?;
        let sinks: Vec<bool> = stores.iter().map(Option::is_some).collect();
        let bytes = memory::stages(&planned.plan, &sinks);
        Ok(Prepared {
            optimized,
            report,
            planned,
            bytes,
            took: started.elapsed(),
        })
    }

    /// The first plan that fits the memory, where less and less is kept for a second pass: what is
    /// not kept is computed or read again.
    fn fitting(roots: &[Expr], stores: &[Option<SinkShape>], settings: &Settings) -> Result<Tried> {
        let first = Prepared::attempt(roots, stores, settings, settings.memory);
        let short = |tried: &Result<Tried>| {
            (tried.as_ref()).is_err_and(|error| error.kind() == Kind::Budget && settings.optimize)
        };
        if !short(&first) {
            return first;
        }
        let again = KEPT
            .map(|part| settings.memory / part)
            .into_iter()
            .chain([0]);
        again
            .map(|stored| Prepared::attempt(roots, stores, settings, stored))
            .find(|tried| !short(tried))
            .unwrap_or(first)
    }

    /// One try; arrays kept between stages should hold `stored` bytes at most.
    fn attempt(
        roots: &[Expr],
        stores: &[Option<SinkShape>],
        settings: &Settings,
        stored: u64,
    ) -> Result<Tried> {
        let (optimized, report) = if settings.optimize {
            let options = tilewright_opt::Options {
                relaxed: settings.math == Math::Relaxed,
                memory: Some(stored),
            };
            let optimized = tilewright_opt::optimize(roots, &options)?;
            (optimized.roots, Some(optimized.report))
        } else {
            (tilewright_opt::identity(roots)?, None)
        };
        let options = tilewright_plan::Options {
            memory: Some(settings.memory),
            stores: stores.to_vec(),
        };
        let planned = tilewright_plan::plan(&optimized, &options)?;
        Ok((optimized, report, planned))
    }

    /// The most bytes at once, for these settings.
    pub fn projected_peak(&self, settings: &Settings) -> u64 {
        budget::peak(&self.bytes, settings.threads as u64, settings.memory).0
    }
}
