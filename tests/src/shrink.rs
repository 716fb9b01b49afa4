//! What is the smallest case that still fails?
//!
//! Greedy: fewer roots, earlier roots, calls replaced by one of their arguments, arrays replaced by
//! plain ones, steps dropped; a change stays if the program still builds and fails.

use crate::program::{Arg, Program, Step};
use tilewright_core::{Scalar, Shape};

/// Changes tried at most.
const TRIES: usize = 600;

/// The smallest program found for which `fails` holds.
pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let mut best = program.pruned();
    let mut tries = 0;
    'again: loop {
        for candidate in candidates(&best) {
            let candidate = candidate.pruned();
            if candidate == best || size(&candidate) >= size(&best) {
                continue;
            }
            tries += 1;
            if tries > TRIES {
                return best;
            }
            if fails(&candidate) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}

/// Smaller is simpler.
fn size(program: &Program) -> (usize, usize, usize) {
    let weight = |step: &Step| match step {
        Step::Full(..) => 0,
        Step::Arange(..) => 1,
        Step::Literal(..) | Step::Uniform(..) => 2,
        Step::Memory(..) | Step::Stored(..) | Step::Normal(..) => 3,
        _ => 4,
    };
    (
        program.roots.len(),
        program.steps.len(),
        program.steps.iter().map(weight).sum(),
    )
}

fn candidates(program: &Program) -> Vec<Program> {
    let mut out = Vec::new();
    let Program { steps, roots } = program;
    for k in 0..roots.len() {
        if roots.len() > 1 {
            let mut fewer = program.clone();
            fewer.roots.remove(k);
            out.push(fewer);
        }
        for arg in steps[roots[k]].args() {
            let mut earlier = program.clone();
            earlier.roots[k] = arg;
            out.push(earlier);
        }
    }
    for (k, step) in steps.iter().enumerate().rev() {
        // Users of this step take one of its arguments instead.
        for arg in step.args() {
            let mut without = program.clone();
            for later in &mut without.steps[k + 1..] {
                *later = later.renamed(&|a| if a == k { arg } else { a });
            }
            without.roots.iter_mut().for_each(|r| {
                if *r == k {
                    *r = arg;
                }
            });
            out.push(without);
        }
    }
    if let Ok(built) = program.build() {
        for (k, step) in steps.iter().enumerate() {
            if matches!(step, Step::Full(..)) {
                continue;
            }
            let expr = &built.exprs[k];
            let chunks: Vec<Vec<i64>> = expr.grid().axes.iter().map(sizes).collect();
            let shape = Shape::from_slice(expr.shape());
            let one = Scalar::from_i128(expr.dtype(), 1);
            let plain = shape.iter().map(|&len| vec![len]).collect();
            for simple in [
                Step::Full(one, plain),
                Step::Full(one, chunks.clone()),
                Step::Literal(1, expr.dtype(), chunks.clone()),
                Step::Uniform(Arg::Float(0.0), Arg::Float(1.0), 1, chunks),
            ] {
                let mut simpler = program.clone();
                simpler.steps[k] = simple;
                out.push(simpler);
            }
        }
    }
    out
}

/// The chunk sizes of an axis.
pub fn sizes(axis: &tilewright_core::AxisGrid) -> Vec<i64> {
    let sizes = (0..axis.chunks()).map(|k| {
        let (from, to) = axis.bounds(k);
        to - from
    });
    sizes.collect()
}
