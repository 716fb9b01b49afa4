//! `tilewright run`: computes an expression, and prints or stores the result.

use super::store::{cancel_on_interrupt, stores};
use super::{print, program, session};
use crate::args::Run;
use crate::eval::Value;
use crate::failure::Failure;
use crate::output::array;
use crate::progress::Bar;
use std::time::Instant;
use tilewright::{Finished, Stats};

pub(super) fn run(args: &Run, started: Instant) -> Result<(), Failure> {
    let roots = program::evaluate(&args.input)?;
    let arrays = program::arrays(&roots);
    let stores = stores(&args.to, &roots, arrays.len())?;
    let mut stats = Stats::default();
    let mut results = Vec::new();
    if !arrays.is_empty() {
        let bar = Bar::new(args.progress);
        let shown = bar.clone();
        let mut job = session(&args.how)?
            .job(&arrays)
            .cancel(cancel_on_interrupt()?);
        if args.progress != crate::args::Progress::Never {
            job = job.progress(move |progress| shown.update(progress));
        }
        for (k, store) in stores.into_iter().enumerate() {
            job = job.store(k, store);
        }
        let finished = job.run();
        bar.finish();
        let finished = finished.map_err(|error| Failure::computing(&error))?;
        Finished { results, stats } = finished;
    }
    let mut results = results.into_iter();
    for root in &roots {
        match &root.node {
            Value::Array(_) => {
                if let Some(Some(result)) = results.next() {
                    print(&format!(
                        "{}\n{}\n",
                        array::text(&result),
                        array::caption(&result)
                    ))?;
                }
            }
            value => print(&format!("{value}\n"))?,
        }
    }
    stats.wall_s = started.elapsed().as_secs_f64();
    match args.stats.as_deref() {
        None => Ok(()),
        Some("-") => print(&format!("{}\n", stats.to_json())),
        Some(file) => std::fs::write(file, format!("{}\n", stats.to_json()))
            .map_err(|error| Failure::writing(file, &error)),
    }
}
