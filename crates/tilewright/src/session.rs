//! What do several computations share?
//!
//! Threads, compiled kernels, plans and settings. A session's methods may be called from several
//! threads at once. Absent: any process-wide state but [`default_session`].

use crate::computed::{Computed, check_shape};
use crate::explain::Explanation;
use crate::number::Number;
use crate::prepare::Prepared;
use crate::{Array, Job, Store};
use ndarray::{ArrayBase, DataMut, Dimension};
use std::collections::HashMap;
use std::num::NonZero;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tilewright_core::{Error, Kind, Result};
use tilewright_exec::{Executor, Progress};
use tilewright_expr::Expr;
use tilewright_plan::SinkShape;

/// Most plans kept for expressions that come again.
const PLANS: usize = 64;

/// Most threads of a session.
const MOST_THREADS: usize = 1024;

/// What runs a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Machine code; the kernels' interpreter for stages so small that compiling them takes longer
    /// than running them.
    #[default]
    Auto,
    /// Machine code.
    Jit,
    /// The kernels' plain interpreter.
    Interpreter,
    /// Whole arrays in plain loops, without optimizer, plan and kernels: the meaning of an
    /// expression, for tests. Cannot be stopped while it runs, and counts storage alone.
    Reference,
}

impl Engine {
    /// What runs the kernels of a plan; the reference engine has none.
    pub(crate) fn of_kernels(self) -> tilewright_exec::Engine {
        match self {
            Engine::Auto | Engine::Reference => tilewright_exec::Engine::Auto,
            Engine::Jit => tilewright_exec::Engine::Jit,
            Engine::Interpreter => tilewright_exec::Engine::Interpreter,
        }
    }
}

/// Which rewrites of floats are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Math {
    /// Those that keep every bit.
    #[default]
    Exact,
    /// Also those that keep an error bound.
    Relaxed,
}

/// Called with the progress of a run now and then, from whichever thread finished a task.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// What a session is told when it is built.
#[derive(Clone)]
pub(crate) struct Settings {
    pub threads: usize,
    pub memory: u64,
    /// Whether the memory was said, and is not the default.
    pub memory_told: bool,
    pub math: Math,
    pub engine: Engine,
    pub optimize: bool,
    pub progress: Option<OnProgress>,
}

/// Builds a [`Session`].
#[derive(Clone, Default)]
pub struct SessionBuilder {
    threads: Option<usize>,
    memory: Option<u64>,
    math: Math,
    engine: Engine,
    keep: bool,
    progress: Option<OnProgress>,
}

impl SessionBuilder {
    /// Tasks that run at once; as many as the machine runs threads, if not said.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> SessionBuilder {
        self.threads = Some(threads);
        self
    }

    /// Bytes that a run may hold, a promise: a plan that does not fit is refused before anything
    /// is read. Half of the memory available at the start, if not said.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> SessionBuilder {
        self.memory = Some(bytes);
        self
    }

    /// Which rewrites of floats are allowed; [`Math::Exact`] if not said.
    #[must_use]
    pub fn math(mut self, math: Math) -> SessionBuilder {
        self.math = math;
        self
    }

    /// What runs plans; [`Engine::Auto`] if not said.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> SessionBuilder {
        self.engine = engine;
        self
    }

    /// Whether expressions are optimized, as they are if not said. The bits of a result do not
    /// depend on it.
    #[must_use]
    pub fn optimize(mut self, optimize: bool) -> SessionBuilder {
        self.keep = !optimize;
        self
    }

    /// Called with the progress of every run.
    #[must_use]
    pub fn progress(
        mut self,
        progress: impl Fn(&Progress) + Send + Sync + 'static,
    ) -> SessionBuilder {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// The session.
    ///
    /// # Errors
    /// [`Kind::Value`] for 0 threads, or more than 1024; [`Kind::Internal`] if the threads cannot
    /// be started.
    pub fn build(self) -> Result<Session> {
        let threads = self.threads.unwrap_or_else(|| {
            std::thread::available_parallelism()
                .map_or(1, NonZero::get)
                .min(MOST_THREADS)
        });
        if !(1..=MOST_THREADS).contains(&threads) {
            return Err(
                Error::new(Kind::Value, format!("a session of {threads} threads"))
                    .way_out(format!("1 to {MOST_THREADS} threads")),
            );
        }
        let settings = Settings {
            threads,
            memory: self.memory.unwrap_or_else(crate::budget::default_memory),
            memory_told: self.memory.is_some(),
            math: self.math,
            engine: self.engine,
            optimize: !self.keep,
            progress: self.progress,
        };
        let executor = Executor::new(threads)?;
        let inner = Inner {
            settings,
            executor,
            plans: Mutex::default(),
        };
        Ok(Session {
            inner: Arc::new(inner),
        })
    }
}

/// Threads, kernels and plans; cheap to clone.
///
/// ```
/// use tilewright::{Session, ones};
///
/// let session = Session::builder().threads(2).memory(1 << 30).build()?;
/// let x = ones([1000, 1000]);
/// let [sum, mean] = &session.compute_all([&x.sum(..), &x.mean(..)])?[..] else { unreachable!() };
/// assert_eq!((sum.item::<f64>()?, mean.item::<f64>()?), (1.0e6, 1.0));
/// # Ok::<(), tilewright::Error>(())
/// ```
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    executor: Executor,
    plans: Mutex<Plans>,
}

/// Plans by what they were made for, and when they were wanted last.
#[derive(Default)]
struct Plans {
    entries: HashMap<PlanKey, (Arc<Prepared>, u64)>,
    clock: u64,
}

/// The roots of a template, and how those that go to a store are written.
pub(crate) type PlanKey = (Vec<Expr>, Vec<Option<SinkShape>>);

impl Session {
    /// A builder with every setting at its default.
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }

    /// Computes one array into memory.
    ///
    /// # Errors
    /// What building the array met; [`Kind::Budget`] if no plan fits the memory,
    /// [`Kind::Source`] if reading fails.
    pub fn compute(&self, array: &Array) -> Result<Computed> {
        let mut results = self.compute_all([array])?.into_iter();
        results
            .next()
            .ok_or_else(|| crate::internal("a run without its result"))
    }

    /// Computes several arrays together, sharing what they read and compute.
    ///
    /// # Errors
    /// As [`Session::compute`], the first one met.
    pub fn compute_all<'a>(
        &self,
        arrays: impl IntoIterator<Item = &'a Array>,
    ) -> Result<Vec<Computed>> {
        let finished = self.job(arrays).results(None)?;
        Ok(finished.results.into_iter().flatten().collect())
    }

    /// Computes an array into memory of the caller's: an `ndarray` or a mutable view of one. Where
    /// its last axis is contiguous and no stride is negative, kernels write it directly; it counts
    /// to the bytes that a run holds.
    ///
    /// # Errors
    /// As [`Session::compute`]; [`Kind::Shape`] and [`Kind::DType`] if the memory is of another
    /// shape or type, before anything runs.
    pub fn compute_into<T, S, D>(&self, array: &Array, into: &mut ArrayBase<S, D>) -> Result<()>
    where
        T: Number,
        S: DataMut<Elem = T>,
        D: Dimension,
    {
        if array.check().is_ok() && array.expr().is_err() {
            // Its lengths are counted first.
            return self.compute(array)?.copy_into(into);
        }
        check_shape(array.shape()?, into.shape())?;
        if array.dtype()? != T::DTYPE {
            let (have, want) = (array.dtype()?.name(), T::DTYPE.name());
            return Err(Error::new(
                Kind::DType,
                format!("an array of {have} does not fill {want}"),
            )
            .way_out(format!("astype({want})")));
        }
        let given = T::given(into.view_mut().into_dyn());
        let direct = given.filter(|_| self.settings().engine != Engine::Reference);
        match direct {
            Some(given) => self.job([array]).results(Some(given)).map(|_| ()),
            None => self.compute(array)?.copy_into(into),
        }
    }

    /// Computes an array and stores it, chunk by chunk.
    ///
    /// # Errors
    /// As [`Session::compute`]; [`Kind::Sink`] if the target exists or cannot be written. Nothing
    /// appears under its name then.
    pub fn store(&self, array: &Array, store: impl Into<Store>) -> Result<()> {
        self.job([array]).store(0, store).run().map(|_| ())
    }

    /// A run of several arrays, to be told more before it starts.
    pub fn job<'a>(&self, arrays: impl IntoIterator<Item = &'a Array>) -> Job {
        Job::new(self.clone(), arrays.into_iter().cloned().collect())
    }

    /// What computing these arrays would do; nothing is read.
    ///
    /// # Errors
    /// What building the arrays met; [`Kind::Budget`] if no plan fits the memory.
    pub fn explain<'a>(&self, arrays: impl IntoIterator<Item = &'a Array>) -> Result<Explanation> {
        self.job(arrays).explain()
    }

    /// Tasks that run at once at most.
    pub fn threads(&self) -> usize {
        self.inner.settings.threads
    }

    /// Bytes that a run may hold.
    pub fn memory(&self) -> u64 {
        self.inner.settings.memory
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.inner.executor
    }

    /// The plan for these roots, and whether it had to be made.
    ///
    /// The roots are those of a template: a plan that is kept keeps no array of this process.
    pub(crate) fn prepare(&self, key: PlanKey) -> Result<(Arc<Prepared>, bool)> {
        let lock = || {
            self.inner
                .plans
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        {
            let mut plans = lock();
            plans.clock += 1;
            let now = plans.clock;
            if let Some((prepared, wanted)) = plans.entries.get_mut(&key) {
                *wanted = now;
                return Ok((prepared.clone(), false));
            }
        }
        let prepared = Arc::new(Prepared::new(&key, self.settings())?);
        let mut plans = lock();
        if plans.entries.len() >= PLANS {
            let oldest = plans.entries.iter().min_by_key(|(_, (_, wanted))| *wanted);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                plans.entries.remove(&oldest);
            }
        }
        let now = plans.clock;
        plans.entries.insert(key, (prepared.clone(), now));
        Ok((prepared, true))
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("threads", &self.threads())
            .field("memory", &self.memory())
            .finish_non_exhaustive()
    }
}

/// The session of [`Array::compute`] and its kin, made with every default when it is first used.
///
/// # Errors
/// As [`SessionBuilder::build`].
pub fn default_session() -> Result<&'static Session> {
    static SESSION: OnceLock<Result<Session>> = OnceLock::new();
    SESSION
        .get_or_init(|| Session::builder().build())
        .as_ref()
        .map_err(Error::clone)
}
