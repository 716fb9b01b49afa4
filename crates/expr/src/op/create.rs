//! Rows: arrays that are made, drawn or read.

use super::{Doc, Family, OpDef};

/// One value.
pub static FULL: OpDef = OpDef {
    name: "full",
    family: Family::Create,
    params: &[],
    options: &["shape", "value", "chunks"],
    doc: Doc {
        formula: "one value everywhere",
        edges: "zeros and ones are full",
        source: "NumPy 2 full",
    },
};

/// The index along an axis.
pub static IOTA: OpDef = OpDef {
    name: "iota",
    family: Family::Create,
    params: &[],
    options: &["shape", "axis", "chunks"],
    doc: Doc {
        formula: "the index along an axis, int64",
        edges: "arange, linspace and eye are built on it",
        source: "the definition of an index",
    },
};

/// A literal.
pub static ARRAY: OpDef = OpDef {
    name: "array",
    family: Family::Create,
    params: &[],
    options: &["elements", "dtype"],
    doc: Doc {
        formula: "elements as they are written",
        edges: "for small literals",
        source: "NumPy 2 array",
    },
};

/// Uniform numbers.
pub static UNIFORM: OpDef = OpDef {
    name: "random.uniform",
    family: Family::Random,
    params: &[],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "(bits >> 11) * 2^-53 in [0, 1)",
        edges: "a pure function of (seed, index in the whole array)",
        source: "Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Standard normal numbers.
pub static NORMAL: OpDef = OpDef {
    name: "random.normal",
    family: Family::Random,
    params: &[],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "inverse normal CDF of a uniform number",
        edges: "a pure function of (seed, index in the whole array)",
        source: "Salmon et al. 2011 (Philox4x32-10); Wichura 1988 (AS241)",
    },
};

/// Bounded integers.
pub static INTEGERS: OpDef = OpDef {
    name: "random.integers",
    family: Family::Random,
    params: &["low", "high"],
    options: &["size", "dtype", "chunks", "seed"],
    doc: Doc {
        formula: "low + floor(u * (high - low)), u of 128 bits, in [low, high)",
        edges: "a pure function of (seed, index in the whole array); an empty range gives low",
        source: "Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of the gamma law.
pub static GAMMA: OpDef = OpDef {
    name: "random.gamma",
    family: Family::Random,
    params: &["shape"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "the gamma law of this shape and scale 1",
        edges: "a pure function of (seed, index in the whole array); a negative shape gives NaN",
        source: "Marsaglia and Tsang 2000; Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of Poisson's law.
pub static POISSON: OpDef = OpDef {
    name: "random.poisson",
    family: Family::Random,
    params: &["lam"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "Poisson's law of this mean",
        edges: "a pure function of (seed, index in the whole array); a negative mean gives NaN",
        source: "Hörmann 1993 (PTRS); Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of the binomial law.
pub static BINOMIAL: OpDef = OpDef {
    name: "random.binomial",
    family: Family::Random,
    params: &["n", "p"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "successes of n trials of probability p",
        edges: "a pure function of (seed, index in the whole array); parameters out of range give NaN",
        source: "Hörmann 1993 (BTRS); Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of von Mises' law.
pub static VON_MISES: OpDef = OpDef {
    name: "random.vonmises",
    family: Family::Random,
    params: &["kappa"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "1 - cos(x) with the sign of x, of von Mises' law about 0",
        edges: "a pure function of (seed, index in the whole array); a negative concentration gives NaN",
        source: "Best and Fisher 1979; Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of Zipf's law.
pub static ZIPF: OpDef = OpDef {
    name: "random.zipf",
    family: Family::Random,
    params: &["a"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "k >= 1 with a probability in proportion to k^-a",
        edges: "a pure function of (seed, index in the whole array); an exponent of at most 1 gives NaN",
        source: "Devroye 1986, X.6.1; Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// Numbers of the hypergeometric law.
pub static HYPERGEOMETRIC: OpDef = OpDef {
    name: "random.hypergeometric",
    family: Family::Random,
    params: &["good", "bad", "n"],
    options: &["size", "chunks", "seed"],
    doc: Doc {
        formula: "good ones among n of good + bad",
        edges: "a pure function of (seed, index in the whole array); parameters out of range give NaN",
        source: "Stadlober 1990 (HRUA); Salmon et al. 2011 (Philox4x32-10)",
    },
};

/// An array read.
pub static READ: OpDef = OpDef {
    name: "read",
    family: Family::Source,
    params: &[],
    options: &["uri", "chunks"],
    doc: Doc {
        formula: "the elements of a stored or in-memory array",
        edges: "only the stored chunks that the answer touches are read",
        source: "the format's specification",
    },
};
