//! The road from expressions to a plan.

use crate::session::{Math, PlanKey, Settings};
use std::time::{Duration, Instant};
use tilewright_core::Result;
use tilewright_expr::Expr;
use tilewright_opt::Report;
use tilewright_plan::Planned;
use tilewright_plan::memory::{self, StageBytes};

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
        let (optimized, report) = if settings.optimize {
            let options = tilewright_opt::Options {
                relaxed: settings.math == Math::Relaxed,
                memory: Some(settings.memory),
            };
            let optimized = tilewright_opt::optimize(roots, &options)?;
            (optimized.roots, Some(optimized.report))
        } else {
            (tilewright_opt::identity(roots)?, None)
        };
        let options = tilewright_plan::Options {
            memory: Some(settings.memory),
            stores: stores.clone(),
        };
        let planned = tilewright_plan::plan(&optimized, &options)?;
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

    /// The most bytes at once, for these settings.
    pub fn projected_peak(&self, settings: &Settings) -> u64 {
        memory::peak(&self.bytes, settings.threads as u64, settings.memory).0
    }
}
