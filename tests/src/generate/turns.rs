//! What comes up in every so many cases, whatever is drawn?
//!
//! Functions and patterns that are drawn too seldom to be judged by chance end a case in turn, by
//! its seed.

use super::calls::{ANY_MAPS, ANY_PAIRS, FLOAT_MAPS, FLOAT_PAIRS, INTEGER_PAIRS, NUMBER_MAPS};
use super::{Generator, LARGEST};
use crate::blocks::Asked;
use crate::program::{Arg, Step};
use tilewright_core::{DType, Scalar, Slice};
use tilewright_expr::build::{Boundary, Item};

/// Patterns, each for a rule that few expressions meet.
const PATTERNS: [fn(&mut Generator) -> Option<usize>; 22] = [
    reshapes,
    transposes,
    even_points,
    points_of_a_constant,
    points_of_a_transpose,
    negated_difference,
    inverted_order,
    sum_of_sums,
    both_orders,
    rechunks,
    gamma_numbers,
    poisson_numbers,
    binomial_numbers,
    von_mises_angles,
    zipf_numbers,
    hypergeometric_numbers,
    Generator::of_blocks,
    part_of_blocks,
    part_of_windows,
    folded_windows,
    extreme_of_a_rounding,
    counted_bits,
];

impl Generator {
    /// Ends a case with what is in turn for this seed.
    pub(super) fn in_turn(&mut self, seed: u64) -> Option<usize> {
        if self.largest > LARGEST {
            return extreme_of_a_cast(self);
        }
        let unary = [&FLOAT_MAPS[..], &NUMBER_MAPS, &ANY_MAPS].concat();
        let pairs = [&FLOAT_PAIRS[..], &ANY_PAIRS].concat();
        let total = unary.len() + pairs.len() + INTEGER_PAIRS.len() + PATTERNS.len();
        let mut turn = seed as usize % total;
        if let Some(name) = unary.get(turn) {
            let x = self.of(DType::is_float, DType::F64)?;
            return self.push(Step::Map(name, vec![Arg::Step(x)]));
        }
        turn -= unary.len();
        if let Some(name) = pairs.get(turn) {
            return self.pair(name, DType::is_float, DType::F64);
        }
        turn -= pairs.len();
        if let Some(name) = INTEGER_PAIRS.get(turn) {
            return self.pair(name, DType::is_integer, DType::I32);
        }
        PATTERNS[turn - INTEGER_PAIRS.len()](self)
    }

    fn pair(&mut self, name: &'static str, fits: fn(DType) -> bool, or: DType) -> Option<usize> {
        let x = self.of(fits, or)?;
        let (shape, dtype) = (self.shape(x), self.dtype(x));
        let y = self.partner(&shape, Some(dtype))?;
        self.push(Step::Map(name, vec![Arg::Step(x), Arg::Step(y)]))
    }

    /// A small array of these lengths, of any dtype.
    fn small(&mut self, shape: &[i64]) -> Option<usize> {
        let dtype = self.any_dtype();
        self.leaf_of(shape, dtype)
    }
}

fn reshapes(generator: &mut Generator) -> Option<usize> {
    let x = generator.unary()?;
    let count = generator.elements(x);
    let (a, b) = (
        generator.factorisation(count),
        generator.factorisation(count),
    );
    let y = generator.push(Step::Reshape(x, a))?;
    generator.push(Step::Reshape(y, b))
}

/// The second row of three of blocks, from which a slice takes a part.
fn part_of_blocks(generator: &mut Generator) -> Option<usize> {
    let x = generator.small(&[9, 8])?;
    let x = generator.push(Step::Rechunk(x, vec![vec![2, 3, 4], vec![4, 4]]))?;
    let kinds = [Boundary::None, Boundary::Nearest, Boundary::Periodic];
    let asked = Asked {
        depth: vec![(1, 1), (0, 2)],
        boundary: vec![Boundary::None, *generator.random.pick(&kinds)],
        made: Vec::new(),
    };
    let y = generator.push(Step::Blocks(vec![x], asked))?;
    let step = *generator.random.pick(&[1, 2, -1]);
    let rows = match step {
        -1 => (4, 1),
        _ => (3, 5),
    };
    let rows = Slice {
        start: Some(rows.0),
        stop: Some(rows.1),
        step: Some(step),
    };
    generator.push(Step::Index(y, vec![Item::Slice(rows)]))
}

/// A few windows of a matrix, and a part of each.
fn part_of_windows(generator: &mut Generator) -> Option<usize> {
    let x = generator.small(&[9, 8])?;
    let y = generator.push(Step::Windows(x, vec![3], vec![1]))?;
    let part = |start, stop, step| {
        Item::Slice(Slice {
            start: Some(start),
            stop: Some(stop),
            step: Some(step),
        })
    };
    let step = generator.random.between(1, 2);
    generator.push(Step::Index(
        y,
        vec![part(2, 7, step), part(4, 1, -step), part(0, 2, 1)],
    ))
}

/// What folds windows, of the windows alone or of other axes too, and a part of it.
fn folded_windows(generator: &mut Generator) -> Option<usize> {
    let x = generator.any();
    let shape = generator.shape(x);
    let longest = (0..shape.len()).max_by_key(|&axis| shape[axis])?;
    let length = generator.random.between(1, shape[longest].clamp(1, 9));
    if generator.elements(x) * length > generator.largest {
        return None;
    }
    let mut y = generator.push(Step::Windows(x, vec![length], vec![longest as i64]))?;
    if generator.random.chance(40) {
        y = generator.push(Step::Map("square", vec![Arg::Step(y)]))?;
    }
    let mut axes = vec![shape.len() as i64];
    if generator.random.chance(30) {
        axes.push(generator.random.below(shape.len()) as i64);
    }
    let ddof = *generator.random.pick(&[0.0, 1.0]);
    let z = match generator.random.below(9) {
        0 => generator.push(Step::Statistic("mean", y, Some(axes), 0.0, false))?,
        1 => generator.push(Step::Statistic("var", y, Some(axes), ddof, false))?,
        2 => generator.push(Step::Statistic("std", y, Some(axes), ddof, true))?,
        k => {
            let name = ["sum", "prod", "min", "max", "any", "all"][k - 3];
            generator.push(Step::Reduce(name, y, Some(axes), k == 5))?
        }
    };
    match generator.random.chance(60) {
        true => generator.subscript(z),
        false => Some(z),
    }
}

fn transposes(generator: &mut Generator) -> Option<usize> {
    let x = generator.small(&[3, 4, 2])?;
    let y = generator.push(Step::Transpose(x, vec![1, 2, 0]))?;
    let again = generator.permutation(3);
    generator.push(Step::Transpose(y, again))
}

fn even_points(generator: &mut Generator) -> Option<usize> {
    let x = generator.small(&[7, 3])?;
    let points = generator
        .random
        .pick(&[vec![1, 3, 5], vec![6, 4, 2, 0], vec![2, 3, 4]])
        .clone();
    generator.push(Step::TakeList(x, points, 0))
}

fn points_of_a_constant(generator: &mut Generator) -> Option<usize> {
    let chunks = generator.chunks(&[4, 5]);
    let value = Scalar::from_f64(generator.any_dtype(), 1.0);
    let x = generator.push(Step::Full(value, chunks))?;
    generator.push(Step::TakeList(x, vec![3, 0, 0], 0))
}

fn points_of_a_transpose(generator: &mut Generator) -> Option<usize> {
    let x = generator.small(&[4, 3, 2])?;
    let y = generator.push(Step::Transpose(x, vec![1, 2, 0]))?;
    generator.push(Step::TakeList(y, vec![1, 0, 1], 0))
}

fn counted_bits(generator: &mut Generator) -> Option<usize> {
    let x = generator.of(DType::is_integer, DType::I16)?;
    generator.push(Step::Map("bitwise_count", vec![Arg::Step(x)]))
}

fn negated_difference(generator: &mut Generator) -> Option<usize> {
    let x = generator.of(DType::is_integer, DType::I16)?;
    let (shape, dtype) = (generator.shape(x), generator.dtype(x));
    let y = generator.partner(&shape, Some(dtype))?;
    let difference = Step::Map("subtract", vec![Arg::Step(x), Arg::Step(y)]);
    let z = generator.push(difference)?;
    generator.push(Step::Map("negative", vec![Arg::Step(z)]))
}

/// Floats, where a NaN is neither below nor above.
fn inverted_order(generator: &mut Generator) -> Option<usize> {
    let orders = ["less", "less_equal", "greater", "greater_equal"];
    let name = generator.random.pick(&orders);
    let x = generator.leaf_of(&[5, 7], DType::F64)?;
    let y = generator.partner(&[5, 7], Some(DType::F64))?;
    let z = generator.push(Step::Map(name, vec![Arg::Step(x), Arg::Step(y)]))?;
    generator.push(Step::Map("invert", vec![Arg::Step(z)]))
}

/// Floats, whose sums depend on their order.
fn sum_of_sums(generator: &mut Generator) -> Option<usize> {
    let dtype = *generator.random.pick(&[DType::F64, DType::F32]);
    let x = generator.leaf_of(&[5, 7, 6], dtype)?;
    let y = generator.push(Step::Reduce("sum", x, Some(vec![2]), false))?;
    generator.push(Step::Reduce("sum", y, Some(vec![0]), false))
}

/// One value, spelled twice.
fn both_orders(generator: &mut Generator) -> Option<usize> {
    let name = generator.random.pick(&["add", "multiply", "minimum"]);
    let x = generator.of(DType::is_float, DType::F32)?;
    let (shape, dtype) = (generator.shape(x), generator.dtype(x));
    let y = generator.partner(&shape, Some(dtype))?;
    let (x, y) = (Arg::Step(x), Arg::Step(y));
    let a = generator.push(Step::Map(name, vec![x.clone(), y.clone()]))?;
    let b = generator.push(Step::Map(name, vec![y, x]))?;
    generator.push(Step::Map("subtract", vec![Arg::Step(a), Arg::Step(b)]))
}

fn rechunks(generator: &mut Generator) -> Option<usize> {
    let x = generator.unary()?;
    let shape = generator.shape(x);
    let (a, b) = (generator.chunks(&shape), generator.chunks(&shape));
    let y = generator.push(Step::Rechunk(x, a))?;
    generator.push(Step::Rechunk(y, b))
}

/// Numbers that are drawn again until one is accepted.
fn drawn(generator: &mut Generator, law: &'static str, parameters: &[f64]) -> Option<usize> {
    let chunks = generator.chunks(&[4, 5]);
    let seed = generator.random.bits() % 1000;
    let args = parameters.iter().map(|&value| Arg::Float(value)).collect();
    let x = generator.push(Step::Law(law, args, seed, chunks))?;
    generator.push(Step::Transpose(x, vec![1, 0]))
}

fn gamma_numbers(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "gamma", &[2.5, 2.0])
}

fn poisson_numbers(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "poisson", &[12.5])
}

fn binomial_numbers(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "binomial", &[50.0, 0.3])
}

fn von_mises_angles(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "vonmises", &[0.5, 2.0])
}

fn zipf_numbers(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "zipf", &[2.5])
}

fn hypergeometric_numbers(generator: &mut Generator) -> Option<usize> {
    drawn(generator, "hypergeometric", &[12.0, 30.0, 7.0])
}

/// Also roots of what may be negative, whose NaN no extreme may lose.
fn extreme_of_a_rounding(generator: &mut Generator) -> Option<usize> {
    let dtype = *generator.random.pick(&[DType::F64, DType::F32]);
    let x = generator.leaf_of(&[9, 12], dtype)?;
    let names = ["floor", "ceil", "trunc", "rint", "absolute", "sqrt"];
    let name = *generator.random.pick(&names);
    let mut y = generator.push(Step::Map(name, vec![Arg::Step(x)]))?;
    if generator.random.chance(40) {
        y = generator.push(Step::Map("sqrt", vec![Arg::Step(y)]))?;
    }
    let name = *generator.random.pick(&["min", "max"]);
    generator.push(Step::Reduce(name, y, Some(vec![0]), false))
}

/// Integers that wrap at the same size, so that the largest need not stay it. Of few elements, or of
/// narrower ones, all are converted before they are compared, for that is cheaper.
fn extreme_of_a_cast(generator: &mut Generator) -> Option<usize> {
    let name = generator.random.pick(&["min", "max"]);
    let x = generator.leaf_of(&[300, 400], DType::U32)?;
    let y = generator.push(Step::Astype(x, DType::I32))?;
    generator.push(Step::Reduce(name, y, Some(vec![0]), false))
}
