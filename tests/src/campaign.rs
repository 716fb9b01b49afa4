//! How are many cases run, and what is told of those that fail?

use crate::program::Program;
use crate::rooms::{Failure, Rooms};
use crate::shrink::shrink;
use crate::tally::Tally;
use crate::{generate, text::text};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Cases after which executors are made anew: compiled kernels are kept as long as they live.
const FRESH: u64 = 2_500;

/// Which cases to run.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    /// The first seed.
    pub first: u64,
    /// How many seeds.
    pub cases: u64,
    /// How many failures end the run.
    pub failures: usize,
    /// Whether failures are made small before they are told.
    pub shrinks: bool,
}

/// What a campaign found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What was covered.
    pub tally: Tally,
    /// Each failure: seed, place, program, plan.
    pub failures: Vec<String>,
}

impl Campaign {
    /// The campaign of the environment: `TILEWRIGHT_SEED`, `TILEWRIGHT_CASES`,
    /// `TILEWRIGHT_FAILURES`; failures are shrunk unless `TILEWRIGHT_SHRINK` is 0.
    ///
    /// # Panics
    /// If one of them is no number.
    pub fn from_environment(cases: u64) -> Campaign {
        let number = |name: &str, default: u64| {
            let text = std::env::var(name).ok();
            text.map_or(default, |text| {
                text.parse()
                    .unwrap_or_else(|_| panic!("{name}={text} is no number"))
            })
        };
        Campaign {
            first: number("TILEWRIGHT_SEED", 0),
            cases: number("TILEWRIGHT_CASES", cases),
            failures: number("TILEWRIGHT_FAILURES", 3) as usize,
            shrinks: number("TILEWRIGHT_SHRINK", 1) != 0,
        }
    }

    /// Runs the cases, on as many threads as the machine has; each has executors of its own.
    ///
    /// # Panics
    /// If threads cannot be started.
    pub fn run(&self) -> Found {
        let (next, failed) = (AtomicU64::new(0), AtomicUsize::new(0));
        let found = Mutex::new(Found::default());
        let work = || {
            let mut mine = Found::default();
            let mut rooms = Rooms::new().unwrap();
            let mut done = 0;
            loop {
                let seed = self.first + next.fetch_add(1, Ordering::Relaxed);
                let enough = failed.load(Ordering::Relaxed) >= self.failures;
                if seed >= self.first + self.cases || enough {
                    break;
                }
                done += 1;
                if done % FRESH == 0 {
                    rooms = Rooms::new().unwrap();
                }
                let case = generate::case(seed);
                let report = rooms.agree(&case.program, &case.built);
                mine.tally.add(&case, report.as_ref().ok());
                if let Err(failure) = report {
                    failed.fetch_add(1, Ordering::Relaxed);
                    let told = self.told(seed, &case.program, &failure, &rooms);
                    mine.failures.push(told);
                }
            }
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.tally.merge(&mine.tally);
            found.failures.extend(mine.failures);
        };
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(work);
            }
        });
        found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The failure with the smallest program that fails in the same room.
    fn told(&self, seed: u64, program: &Program, failure: &Failure, rooms: &Rooms) -> String {
        let again = |program: &Program| {
            let built = program.build().ok()?;
            rooms.agree(program, &built).err()
        };
        let small = if self.shrinks {
            shrink(program, &mut |candidate| {
                again(candidate).is_some_and(|f| f.room == failure.room)
            })
        } else {
            program.pruned()
        };
        let built = small.build().unwrap_or_default();
        let small_failure = if self.shrinks { again(&small) } else { None };
        let shown = small_failure.as_ref().unwrap_or(failure);
        format!(
            "seed {seed}: {}: {}\nof this program: {}\n{}\n{}",
            failure.room,
            failure.message,
            shown.message,
            text(&small, &built),
            shown.plan
        )
    }
}
