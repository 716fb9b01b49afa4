//! Generated expressions: every way to compute one gives the same bits.
//!
//! `cargo nextest run -p tilewright-tests --test differential --no-capture` prints the counts. A
//! longer run: `TILEWRIGHT_CASES=1000000 TILEWRIGHT_SEED=20000 cargo run -p tilewright-tests`; one
//! case again: `TILEWRIGHT_CASES=1 TILEWRIGHT_SEED=<its seed> cargo run -p tilewright-tests`.
#![allow(clippy::print_stdout, reason = "tests")]

use std::time::Instant;
use tilewright_tests::campaign::Campaign;

/// Cases of the default run; every count below is asserted for it.
const CASES: u64 = 20_000;
/// Every operator in so many cases, and every rule so often.
const EACH: usize = 100;
/// Cases in which three or more rules fire.
const THREE_RULES: usize = 3_000;

#[test]
fn every_way_to_compute_a_generated_expression_gives_the_same_bits() {
    let began = Instant::now();
    let campaign = Campaign::from_environment(CASES);
    let found = campaign.run();
    let tally = found.tally;
    println!("{tally}\n{:.1} s", began.elapsed().as_secs_f64());
    assert!(found.failures.is_empty(), "{}", found.failures.join("\n\n"));
    assert!(
        tally.rejected * 5 < tally.cases,
        "a fifth of the cases is rejected"
    );
    assert!(
        tally.refused * 5 < tally.tried,
        "a fifth of the calls is refused"
    );
    if campaign.cases >= CASES {
        let missing = tally.missing(EACH);
        assert!(
            missing.is_empty(),
            "covered too rarely: {}",
            missing.join(", ")
        );
        assert!(
            tally.three_rules >= THREE_RULES,
            "{} cases",
            tally.three_rules
        );
    }
}
