//! Which cases are there? Typed by construction.
//!
//! | file | question |
//! |---|---|
//! | `leaves` | which arrays does a case start from? |
//! | `calls` | which calls fit the arrays that are there? |
//! | `rows` | … along an axis? |
//! | `masks` | … of what a mask selects? |
//! | `blocks` | … of their blocks? |
//! | `motifs` | which shapes of expression make rewrite rules fire? |
//! | `turns` | what comes up in every so many cases? |
//!
//! A call is chosen so that its dtypes, shapes and axes fit; what is refused all the same is
//! counted. Arrays have at most 300 elements mostly, a few thousand where leaves of reduction trees
//! and chunks are to matter, and now and then enough for several tiles.

mod blocks;
mod calls;
mod leaves;
mod masks;
mod motifs;
mod rows;
mod turns;

use crate::program::{Built, Program, Step};
use crate::random::Random;
use tilewright_core::DType;

/// Elements of an array at most.
const LARGEST: i64 = 6000;
/// The same in large cases: one in so many, whose arrays are cut into several tiles.
const LARGE: (i64, u64) = (400_000, 50);

/// A case and its expressions.
pub struct Case {
    /// The calls.
    pub program: Program,
    /// What they build.
    pub built: Built,
    /// Calls tried.
    pub tried: usize,
    /// Calls that were refused.
    pub refused: usize,
}

/// The case of this seed.
pub fn case(seed: u64) -> Case {
    let mut generator = Generator::new(seed);
    let mut length = generator.random.between(2, 15) as usize;
    if seed % LARGE.1 == LARGE.1 - 1 {
        generator.largest = LARGE.0;
        length = generator.random.between(2, 5) as usize;
        let shape = generator.large_shape();
        let dtype = generator.any_dtype();
        generator.leaf_of(&shape, dtype);
    }
    // The first array may be one that is refused.
    while generator.program.steps.is_empty() {
        generator.leaf();
    }
    while generator.program.steps.len() < length {
        let large = generator.largest > LARGEST;
        match generator.random.below(100) {
            // What is cut into tasks within a chunk merges between tasks.
            0..60 if large => {
                let x = generator.any();
                if generator.random.chance(50) {
                    generator.statistic(x)
                } else {
                    generator.fold(x)
                }
            }
            0..12 => generator.leaf(),
            12..22 => generator.rows(),
            22..27 => generator.selected(),
            27..58 => generator.call(),
            _ => generator.motif(),
        };
        if generator.tried > 200 {
            break;
        }
    }
    generator.in_turn(seed);
    generator.finish()
}

struct Generator {
    random: Random,
    program: Program,
    built: Built,
    /// Whether a later step takes each step.
    used: Vec<bool>,
    /// Elements of an array at most.
    largest: i64,
    tried: usize,
    refused: usize,
}

impl Generator {
    fn new(seed: u64) -> Generator {
        Generator {
            random: Random::new(seed),
            program: Program::default(),
            built: Built::default(),
            used: Vec::new(),
            largest: LARGEST,
            tried: 0,
            refused: 0,
        }
    }

    /// Adds a step, unless it is refused.
    fn push(&mut self, step: Step) -> Option<usize> {
        self.tried += 1;
        match self.built.push(&step) {
            Ok(k) => {
                step.args()
                    .into_iter()
                    .for_each(|arg| self.used[arg] = true);
                self.used.push(false);
                self.program.steps.push(step);
                Some(k)
            }
            Err(_) => {
                self.refused += 1;
                None
            }
        }
    }

    fn shape(&self, k: usize) -> Vec<i64> {
        self.built.exprs[k].shape().to_vec()
    }

    fn dtype(&self, k: usize) -> DType {
        self.built.exprs[k].dtype()
    }

    fn elements(&self, k: usize) -> i64 {
        self.built.exprs[k].elements()
    }

    /// An earlier step: often one that nothing uses yet, the latest ones more often.
    fn any(&mut self) -> usize {
        let n = self.program.steps.len();
        if self.random.chance(40)
            && let Some(k) = (0..n).rev().find(|&k| !self.used[k])
        {
            return k;
        }
        let back = self.random.below(n).min(self.random.below(n));
        n - 1 - back
    }

    /// An earlier step that is so, or else any cast to be so.
    fn of(&mut self, fits: impl Fn(DType) -> bool, or: DType) -> Option<usize> {
        for _ in 0..4 {
            let k = self.any();
            if fits(self.dtype(k)) {
                return Some(k);
            }
        }
        let k = self.any();
        if fits(self.dtype(k)) {
            return Some(k);
        }
        self.push(Step::Astype(k, or))
    }

    fn finish(mut self) -> Case {
        let last = self.program.steps.len() - 1;
        let mut roots = vec![last];
        while roots.len() < 3 && self.random.chance(35) {
            // What no step uses, else any step: a root may be below another.
            let unused = (0..last)
                .rev()
                .find(|&k| !self.used[k] && !roots.contains(&k));
            let root = unused.unwrap_or_else(|| self.any());
            roots.push(root);
        }
        self.program.roots = roots;
        let program = self.program.pruned();
        // Pruning renumbers, and the names of stored arrays with it.
        let built = program.build().unwrap_or_default();
        Case {
            program,
            built,
            tried: self.tried,
            refused: self.refused,
        }
    }
}
