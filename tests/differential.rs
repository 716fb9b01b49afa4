//! Generated expressions: every way to compute one gives the same bits.
//!
//! `cargo nextest run -p tilewright-tests --test differential --no-capture` prints the counts. A longer run:
//! `TILEWRIGHT_CASES=1000000 TILEWRIGHT_SEED=20000 cargo nextest run ...`; one case again:
//! `TILEWRIGHT_CASES=1 TILEWRIGHT_SEED=<its seed> ...`. `TILEWRIGHT_FAILURES` failures (3) end a run.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tilewright_tests::program::Program;
use tilewright_tests::rooms::{Failure, Rooms};
use tilewright_tests::tally::Tally;
use tilewright_tests::{generate, shrink::shrink, text::text};

/// Cases of the default run; every count below is asserted for it.
const CASES: u64 = 20_000;
/// Every operator and every rule, in so many.
const EACH: usize = 100;
/// Cases in which three or more rules fire.
const THREE_RULES: usize = 3_000;
/// Cases after which executors are made anew: compiled kernels are kept as long as they live.
const FRESH: u64 = 2_500;

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number"))
    })
}

/// The failure with the smallest program that fails in the same room.
fn told(seed: u64, program: &Program, failure: &Failure, rooms: &Rooms) -> String {
    let again = |program: &Program| {
        let built = program.build().ok()?;
        rooms.agree(program, &built).err()
    };
    let small = shrink(program, &mut |candidate| {
        again(candidate).is_some_and(|f| f.room == failure.room)
    });
    let built = small.build().unwrap_or_default();
    let small_failure = again(&small).unwrap_or_else(|| failure.clone());
    format!(
        "seed {seed}: {}: {}\nshrunk: {}\n{}\n{}",
        failure.room,
        failure.message,
        small_failure.message,
        text(&small, &built),
        small_failure.plan
    )
}

#[test]
fn every_way_to_compute_a_generated_expression_gives_the_same_bits() {
    let (cases, first) = (
        number("TILEWRIGHT_CASES", CASES),
        number("TILEWRIGHT_SEED", 0),
    );
    let most = number("TILEWRIGHT_FAILURES", 3) as usize;
    let (next, failed) = (AtomicU64::new(0), AtomicUsize::new(0));
    let total = Mutex::new(Tally::default());
    let failures = Mutex::new(Vec::new());
    let began = Instant::now();
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let work = || {
        let mut tally = Tally::default();
        let mut rooms = Rooms::new().unwrap();
        let mut done = 0;
        loop {
            let seed = first + next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + cases || failed.load(Ordering::Relaxed) >= most {
                break;
            }
            done += 1;
            if done % FRESH == 0 {
                rooms = Rooms::new().unwrap();
            }
            let case = generate::case(seed);
            match rooms.agree(&case.program, &case.built) {
                Ok(report) => tally.add(&case, Some(&report)),
                Err(failure) => {
                    failed.fetch_add(1, Ordering::Relaxed);
                    tally.add(&case, None);
                    let told = told(seed, &case.program, &failure, &rooms);
                    failures
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(told);
                }
            }
        }
        total
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .merge(&tally);
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    let failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    println!(
        "{total}\n{workers} workers, {:.1} s",
        began.elapsed().as_secs_f64()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(
        total.rejected * 5 < total.cases,
        "a fifth of the cases is rejected"
    );
    assert!(
        total.refused * 5 < total.tried,
        "a fifth of the calls is refused"
    );
    if cases >= CASES {
        let missing = total.missing(EACH);
        assert!(
            missing.is_empty(),
            "covered too rarely: {}",
            missing.join(", ")
        );
        assert!(
            total.three_rules >= THREE_RULES,
            "{} cases with three rules",
            total.three_rules
        );
        assert!(began.elapsed() < Duration::from_secs(3600));
    }
}
