//! Do generated programs, written as text, mean the same on the command line?
//!
//! A failing case is told as text that can be run again; here that text is run. It also holds the
//! evaluator of the command line to what the library's calls build.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod language;

use language::arrays;
use tilewright_expr::reference;
use tilewright_tests::rooms::difference;
use tilewright_tests::{generate, text::text};

/// Programs that are compared; those with arrays too long to write out are passed over.
const PROGRAMS: u64 = 1_500;

#[test]
fn the_text_of_a_program_is_the_program() {
    let (mut compared, mut long, mut counted) = (0, 0, 0);
    let mut wrong = Vec::new();
    for seed in 0..PROGRAMS {
        let case = generate::case(seed);
        let text = text(&case.program, &case.built);
        if text.contains('<') {
            long += 1;
            continue;
        }
        let arrays = match arrays(&text) {
            Ok(arrays) => arrays,
            Err(error) => {
                wrong.push(format!("seed {seed}\n{text}\n{error}"));
                continue;
            }
        };
        compared += 1;
        let roots = case.program.roots_of(&case.built);
        let read = |leaf: &_| case.built.read(leaf);
        let want = reference::evaluate(&roots, &read).unwrap();
        for (k, (array, want)) in arrays.iter().zip(&want).enumerate() {
            let difference = match array.expr() {
                Ok(again) => {
                    let nothing = |_: &_| panic!("nothing is stored");
                    let got = reference::evaluate(std::slice::from_ref(again), &nothing).unwrap();
                    let grids = (roots[k].grid(), again.grid());
                    difference(&got[0], want)
                        .or_else(|| (grids.0 != grids.1).then(|| format!("{grids:?}")))
                }
                // Its length is counted first: only computing it tells.
                Err(_) => {
                    counted += 1;
                    difference(array.compute().unwrap().block(), want)
                }
            };
            if let Some(difference) = difference {
                wrong.push(format!("seed {seed} root {k}: {difference}\n{text}"));
            }
        }
    }
    let count = wrong.len();
    wrong.truncate(5);
    assert!(
        wrong.is_empty(),
        "{count} of {compared}\n{}",
        wrong.join("\n\n")
    );
    assert!(counted > 10, "{counted} whose lengths are counted");
    assert!(compared > long, "{compared} compared, {long} too long");
}
