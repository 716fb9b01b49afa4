//! One run: what it computes, where results go, and how it is stopped.

use crate::computed::Computed;
use crate::explain::{self, Explanation};
use crate::prepare::Prepared;
use crate::session::{Engine, OnProgress, PlanKey};
use crate::{Array, Session, Stats, Store, open, reference, stats};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tilewright_core::{Error, Kind, Result};
use tilewright_exec::{CancelToken, Outcome, Progress, RunOptions, StageStats, Target};
use tilewright_expr::Expr;
use tilewright_io::Sink;
use tilewright_plan::SinkShape;

/// A run that has not started; made by [`Session::job`].
///
/// ```
/// use tilewright::{CancelToken, Kind, Session, ones};
///
/// let session = Session::builder().threads(1).build()?;
/// let cancel = CancelToken::default();
/// cancel.cancel();
/// let error = session.job([&ones([10]).sum(..)]).cancel(cancel).run().unwrap_err();
/// assert_eq!(error.kind(), Kind::Cancelled);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
pub struct Job {
    session: Session,
    arrays: Vec<Array>,
    stores: BTreeMap<usize, Store>,
    cancel: CancelToken,
    deadline: Option<Instant>,
    progress: Option<OnProgress>,
}

/// What a run gave.
#[derive(Debug)]
pub struct Finished {
    /// One per array; `None` where it was stored.
    pub results: Vec<Option<Computed>>,
    /// What the run did.
    pub stats: Stats,
}

impl Job {
    pub(crate) fn new(session: Session, arrays: Vec<Array>) -> Job {
        let progress = session.settings().progress.clone();
        Job {
            session,
            arrays,
            stores: BTreeMap::new(),
            cancel: CancelToken::default(),
            deadline: None,
            progress,
        }
    }

    /// Stops when this token is cancelled; tasks that run finish first.
    pub fn cancel(mut self, cancel: CancelToken) -> Job {
        self.cancel = cancel;
        self
    }

    /// Stops at this time.
    pub fn deadline(mut self, deadline: Instant) -> Job {
        self.deadline = Some(deadline);
        self
    }

    /// Called with the progress, in place of the session's callback.
    pub fn progress(mut self, progress: impl Fn(&Progress) + Send + Sync + 'static) -> Job {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Stores array number `k` instead of keeping it in memory.
    pub fn store(mut self, k: usize, store: impl Into<Store>) -> Job {
        self.stores.insert(k, store.into());
        self
    }

    /// Runs it.
    ///
    /// # Errors
    /// What building the arrays met; [`Kind::Budget`] if no plan fits the memory,
    /// [`Kind::Source`] and [`Kind::Sink`] if storage fails, [`Kind::Cancelled`] if it was
    /// stopped. Whatever happens, no partial result appears under a store's name.
    pub fn run(&self) -> Result<Finished> {
        let started = Instant::now();
        let (roots, sinks) = self.open_sinks()?;
        let mut finished = if self.session.settings().engine == Engine::Reference {
            self.check_stopped()?;
            let run = reference::run(&roots, &sinks, self.session.memory())?;
            self.check_stopped()?;
            run
        } else {
            let (prepared, made) = self.session.prepare(key(roots, &sinks))?;
            let outcome = self.execute(&prepared, sinks)?;
            self.finished(&prepared, outcome, made).0
        };
        finished.stats.threads = self.session.threads() as u64;
        finished.stats.peak_rss_bytes = stats::peak_rss();
        finished.stats.wall_s = started.elapsed().as_secs_f64();
        Ok(finished)
    }

    /// What it would do; nothing is read or written.
    ///
    /// # Errors
    /// As [`Job::run`], as far as can be told before.
    pub fn explain(&self) -> Result<Explanation> {
        let roots = self.roots()?;
        let (prepared, _) = self.session.prepare(key(roots.clone(), &[]))?;
        Ok(explain::build(&roots, &prepared, self.session.settings()))
    }

    /// Runs it and sets what was measured beside what was estimated.
    ///
    /// # Errors
    /// As [`Job::run`]; [`Kind::Value`] for the reference engine, which has no stages.
    pub fn analyze(&self) -> Result<(Explanation, Finished)> {
        if self.session.settings().engine == Engine::Reference {
            return Err(
                Error::new(Kind::Value, "the reference engine has no stages to analyze")
                    .way_out("the jit or the interpreter"),
            );
        }
        let started = Instant::now();
        let (roots, sinks) = self.open_sinks()?;
        let (prepared, made) = self.session.prepare(key(roots.clone(), &sinks))?;
        let outcome = self.execute(&prepared, sinks)?;
        let (mut finished, stages) = self.finished(&prepared, outcome, made);
        finished.stats.threads = self.session.threads() as u64;
        finished.stats.peak_rss_bytes = stats::peak_rss();
        finished.stats.wall_s = started.elapsed().as_secs_f64();
        let mut explanation = explain::build(&roots, &prepared, self.session.settings());
        explanation.measure(&stages, &finished.stats);
        Ok((explanation, finished))
    }

    fn roots(&self) -> Result<Vec<Expr>> {
        self.arrays
            .iter()
            .map(|array| array.expr().cloned())
            .collect()
    }

    /// The roots and where they go.
    fn open_sinks(&self) -> Result<(Vec<Expr>, Sinks)> {
        let roots = self.roots()?;
        if let Some((k, store)) = self.stores.iter().find(|&(&k, _)| k >= roots.len()) {
            return Err(Error::new(
                Kind::Value,
                format!("there is no array number {k} to store"),
            )
            .fact("store", store.uri())
            .way_out(format!("0 to {}", roots.len().saturating_sub(1))));
        }
        let sink = |(k, root)| {
            self.stores
                .get(&k)
                .map(|store| store.create(root))
                .transpose()
        };
        let sinks = roots.iter().enumerate().map(sink).collect::<Result<_>>()?;
        Ok((roots, sinks))
    }

    fn check_stopped(&self) -> Result<()> {
        let late = self
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline);
        if self.cancel.is_cancelled() || late {
            return Err(Error::new(Kind::Cancelled, "the run was cancelled"));
        }
        Ok(())
    }

    fn execute(&self, prepared: &Prepared, sinks: Vec<Option<Arc<dyn Sink>>>) -> Result<Outcome> {
        let settings = self.session.settings();
        let options = RunOptions {
            memory: settings.memory,
            engine: match settings.engine {
                Engine::Interpreter => tilewright_exec::Engine::Interpreter,
                _ => tilewright_exec::Engine::Jit,
            },
            cancel: self.cancel.clone(),
            deadline: self.deadline,
            progress: self.progress.clone(),
            open: Arc::new(open::reopen),
        };
        let targets = sinks
            .into_iter()
            .map(|sink| sink.map_or(Target::Memory, Target::Sink));
        self.session
            .executor()
            .run(&prepared.planned, targets.collect(), &options)
    }

    fn finished(
        &self,
        prepared: &Prepared,
        outcome: Outcome,
        made: bool,
    ) -> (Finished, Vec<StageStats>) {
        let run = outcome.stats;
        let stats = Stats {
            plan_s: if made {
                prepared.took.as_secs_f64()
            } else {
                0.0
            },
            compile_s: run.compile_s,
            kernels: run.kernels,
            kernel_cache_hits: run.kernel_cache_hits,
            tasks: run.tasks,
            chunks_read: run.chunks_read,
            bytes_read: run.bytes_read,
            bytes_decoded: run.bytes_decoded,
            elements_generated: run.elements_generated,
            elements_computed: run.elements_computed,
            bytes_written: run.bytes_written,
            projected_peak_bytes: prepared.projected_peak(self.session.settings()),
            peak_bytes: run.peak_bytes,
            spilled_bytes: run.spilled_bytes,
            interpreted_kernels: run.interpreted_kernels,
            ..Stats::default()
        };
        let results = outcome
            .results
            .into_iter()
            .map(|block| block.map(Computed::from))
            .collect();
        (Finished { results, stats }, outcome.stages)
    }
}

/// Where each root goes: into memory where there is none.
type Sinks = Vec<Option<Arc<dyn Sink>>>;

/// What a plan is made for.
fn key(roots: Vec<Expr>, sinks: &[Option<Arc<dyn Sink>>]) -> PlanKey {
    let shape = |sink: &Arc<dyn Sink>| SinkShape {
        grid: sink.info().grid.clone(),
        encode_bytes: sink.info().encode_bytes,
    };
    let stores = (0..roots.len()).map(|k| sinks.get(k).and_then(Option::as_ref).map(shape));
    let stores = stores.collect();
    (roots, stores)
}
