//! Which counter belongs to an element, and which number do its words give?
//!
//! Key words: seed low, seed high. Counter words: index low, index high, stream, substream. The index
//! is the element's C-order position in the whole array; strided and reversed slices give a start
//! and a step.

use super::normal;
use super::philox::words;
use crate::level::{self, Level, Work};
use serde::{Deserialize, Serialize};

/// A distribution family. Its stream keeps equal seeds of different families independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Draw {
    /// Stream 1: uniform in [0, 1), a multiple of 2^-53.
    Uniform,
    /// Stream 2: standard normal.
    Normal,
    /// Stream 3: integers in [low, high), see [`draw_integers`](crate::draw_integers).
    Integer,
    /// Stream 4: uniform, of exponential numbers.
    Exponential,
    /// Stream 5: uniform, of Laplace's law.
    Laplace,
    /// Stream 6: uniform, of the logistic law.
    Logistic,
    /// Stream 7: uniform, of Gumbel's law.
    Gumbel,
    /// Stream 8: uniform, of Rayleigh's law.
    Rayleigh,
    /// Stream 9: uniform, of Pareto's law.
    Pareto,
    /// Stream 10: uniform, of powers of uniform numbers.
    Power,
    /// Stream 11: uniform, of Weibull's law.
    Weibull,
    /// Stream 12: uniform, of the triangular law.
    Triangular,
    /// Stream 13: standard normal, of lognormal numbers.
    Lognormal,
    /// Stream 14: uniform, of Cauchy's law.
    Cauchy,
    /// Stream 15: standard normal, of Wald's law.
    Wald,
    /// Stream 16: uniform, of the root that Wald's law takes.
    WaldRoot,
    /// Stream 17: uniform, of the geometric law.
    Geometric,
    /// Stream 18: uniform, of the order of a permutation.
    Permutation,
    /// Stream 19: uniform, of choices with probabilities.
    Choice,
    /// Stream 20: the gamma law.
    Gamma,
    /// Stream 21: the gamma law, of χ².
    ChiSquare,
    /// Stream 22: the gamma law, of the first part of beta numbers.
    Beta,
    /// Stream 23: the gamma law, of the rest of beta numbers.
    BetaRest,
    /// Stream 24: the gamma law, of Fisher's numerator.
    Fisher,
    /// Stream 25: the gamma law, of Fisher's denominator.
    FisherBelow,
    /// Stream 26: standard normal, of Student's numerator.
    Student,
    /// Stream 27: the gamma law, of Student's denominator.
    StudentBelow,
    /// Stream 28: Poisson's law.
    Poisson,
    /// Stream 29: the binomial law.
    Binomial,
    /// Stream 30: the gamma law, of the means of negative binomial numbers.
    NegativeBinomial,
    /// Stream 31: Poisson's law, of negative binomial numbers.
    NegativeBinomialCount,
    /// Stream 32: the gamma law, of Dirichlet's.
    Dirichlet,
    /// Stream 33: uniform, of the logarithmic law.
    Logseries,
    /// Stream 34: uniform, of the parameter that the logarithmic law takes.
    LogseriesRate,
    /// Stream 35: von Mises' law.
    VonMises,
    /// Stream 36: Zipf's law.
    Zipf,
    /// Stream 37: the hypergeometric law.
    Hypergeometric,
    /// Stream 38: the binomial law, of the parts of multinomial numbers.
    Multinomial,
}

/// What a draw's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Uniform in [0, 1).
    Uniform,
    /// Standard normal.
    Normal,
    /// i64 between two bounds.
    Integers,
    /// The gamma law of a shape.
    Gamma,
    /// Poisson's law of a mean.
    Poisson,
    /// The binomial law of trials and a probability.
    Binomial,
    /// Von Mises' law of a concentration: 1 − cos of the angle, with the angle's sign.
    VonMises,
    /// Zipf's law of an exponent.
    Zipf,
    /// The hypergeometric law of good ones, bad ones and a sample.
    Hypergeometric,
}

impl Draw {
    /// The stream id: the third counter word. Part of the contract of bits.
    pub const fn stream(self) -> u32 {
        self as u32 + 1
    }

    /// What its numbers are.
    pub const fn law(self) -> Law {
        match self {
            Draw::Normal | Draw::Lognormal | Draw::Wald | Draw::Student => Law::Normal,
            Draw::Integer => Law::Integers,
            Draw::Gamma
            | Draw::ChiSquare
            | Draw::Beta
            | Draw::BetaRest
            | Draw::Fisher
            | Draw::FisherBelow
            | Draw::StudentBelow
            | Draw::NegativeBinomial
            | Draw::Dirichlet => Law::Gamma,
            Draw::Poisson | Draw::NegativeBinomialCount => Law::Poisson,
            Draw::Binomial | Draw::Multinomial => Law::Binomial,
            Draw::VonMises => Law::VonMises,
            Draw::Zipf => Law::Zipf,
            Draw::Hypergeometric => Law::Hypergeometric,
            _ => Law::Uniform,
        }
    }

    /// How many parameters its numbers have.
    pub const fn parameters(self) -> usize {
        match self.law() {
            Law::Uniform | Law::Normal => 0,
            Law::Gamma | Law::Poisson | Law::VonMises | Law::Zipf => 1,
            Law::Integers | Law::Binomial => 2,
            Law::Hypergeometric => 3,
        }
    }
}

/// What selects a sequence of random words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The user's seed: the two key words, low first.
    pub seed: u64,
    /// The distribution's stream ([`Draw::stream`]): the third counter word.
    pub stream: u32,
}

impl Key {
    /// The four words at `index`, substream 0, each in a 64-bit lane.
    #[inline(always)]
    pub(super) fn words(self, index: u64) -> [u64; 4] {
        self.substream(index, 0)
    }

    /// The four words at `index` of a substream.
    #[inline(always)]
    pub(super) fn substream(self, index: u64, substream: u32) -> [u64; 4] {
        let stream = u64::from(self.stream);
        let counter = [
            index & 0xffff_ffff,
            index >> 32,
            stream,
            u64::from(substream),
        ];
        words(counter, [self.seed as u32, (self.seed >> 32) as u32])
    }
}

/// Where a run of elements lies in the whole array: element k has index start + k·step (mod 2^64).
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub start: u64,
    pub step: i64,
}

impl Run {
    /// The index of element k.
    #[inline(always)]
    pub fn index(self, k: usize) -> u64 {
        self.start
            .wrapping_add((k as u64).wrapping_mul(self.step as u64))
    }

    /// The run from element k on.
    #[inline(always)]
    pub fn from(self, k: usize) -> Run {
        Run {
            start: self.index(k),
            step: self.step,
        }
    }
}

/// The four Philox words (substream 0) of element k, at index `start + k·step` (mod 2^64), for each
/// element of `dst`.
pub fn draw_bits(key: Key, start: u64, step: i64, dst: &mut [[u32; 4]]) {
    let run = Run { start, step };
    for (k, dst) in dst.iter_mut().enumerate() {
        *dst = key.words(run.index(k)).map(|word| word as u32);
    }
}

/// Fills `dst`; element k depends on (seed, distribution, index) only, with index
/// `start + k·step` (mod 2^64).
///
/// With b = word0 + 2^32·word1 of the element's counter and j = b >> 11:
/// * `Uniform`: j·2^-53, in [0, 1).
/// * `Normal`: the standard normal quantile (Wichura 1988, AS241 PPND16) of u = (j + ½)·2^-53, given
///   to it exactly as u − ½ = (2j + 1 − 2^53)·2^-54: symmetric, never 0 or 1; |z| < 8.3.
/// * The others: as one of these, on streams of their own; for integers see
///   [`draw_integers`](crate::draw_integers), for other laws with parameters
///   [`draw_of`](crate::draw_of).
pub fn draw_f64(draw: Draw, seed: u64, start: u64, step: i64, dst: &mut [f64]) {
    draw_f64_at(level::best(), draw, seed, start, step, dst);
}

/// [`draw_f64`] at `level` (or at the machine's best if lower): for tests and measurements, the bits
/// are the same.
pub fn draw_f64_at(level: Level, draw: Draw, seed: u64, start: u64, step: i64, dst: &mut [f64]) {
    let (key, run) = (
        Key {
            seed,
            stream: draw.stream(),
        },
        Run { start, step },
    );
    match draw.law() {
        Law::Normal => level::at(level, normal::Normal { key, run, dst }),
        _ => level::at(level, Uniform { key, run, dst }),
    }
}

/// The first two words as one, low first.
#[inline(always)]
pub(super) fn first_pair(words: [u64; 4]) -> u64 {
    words[0] | words[1] << 32
}

struct Uniform<'a> {
    key: Key,
    run: Run,
    dst: &'a mut [f64],
}

impl Work for Uniform<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
        let Uniform { key, run, dst } = self;
        for (k, dst) in dst.iter_mut().enumerate() {
            *dst = (first_pair(key.words(run.index(k))) >> 11) as f64 * UNIT;
        }
    }
}
