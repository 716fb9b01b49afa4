//! Which shapes of expression make rewrite rules fire?
//!
//! Small patterns around arrays that are there: identities, opposites, constants, moves under
//! slices, siblings. Each is what a rule looks for, or nearly so: the near misses (the same pattern
//! on a dtype for which it is wrong) come from the same code.

use super::Generator;
use crate::program::{Arg, Step};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};
use tilewright_expr::build::Item;

impl Generator {
    /// Any pattern.
    pub(super) fn motif(&mut self) -> Option<usize> {
        match self.random.below(100) {
            0..20 => self.sliced(),
            20..45 => self.neutral(),
            45..60 => self.opposites(),
            60..70 => self.constants(),
            70..80 => self.folds(),
            80..88 => self.siblings(),
            88..94 => self.casts(),
            _ => self.orders(),
        }
    }

    fn map(&mut self, name: &'static str, args: &[Arg]) -> Option<usize> {
        self.push(Step::Map(name, args.to_vec()))
    }

    /// Something that moves or computes, then a slice of it, or two.
    fn sliced(&mut self) -> Option<usize> {
        let y = match self.random.below(13) {
            12 => {
                // Three axes, so that a permutation is not its own inverse.
                let shape = [4, 3, 4].map(|len| self.random.between(2, len + 1));
                let dtype = self.any_dtype();
                let x = self.leaf_of(&shape, dtype)?;
                let order = self.random.pick(&[vec![1, 2, 0], vec![2, 0, 1]]).clone();
                self.push(Step::Transpose(x, order))?
            }
            0..2 => self.leaf()?,
            2..4 => {
                let x = self.any();
                self.fold(x)?
            }
            4..6 => {
                let x = self.any();
                self.rearrange(x)?
            }
            6 => self.join()?,
            7 => {
                let x = self.any();
                let count = self.elements(x);
                let to = self.factorisation(count);
                self.push(Step::Reshape(x, to))?
            }
            8 => {
                let x = self.any();
                let axes = self.shape(x).len() as i64;
                let axis = self.random.between(0, axes);
                if axes < 4 {
                    self.push(Step::ExpandDims(x, vec![axis]))?
                } else {
                    x
                }
            }
            9 => {
                let x = self.any();
                let mut to = self.shape(x);
                if to.len() < 4 && to.iter().product::<i64>() < 1000 {
                    to.insert(0, 3);
                }
                self.push(Step::Broadcast(x, to))?
            }
            _ => self.binary()?,
        };
        let z = self.subscript(y)?;
        if self.random.chance(30) {
            return self.subscript(z);
        }
        Some(z)
    }

    /// A constant beside an array: a Python number, or an array of it.
    fn beside(&mut self, x: usize, value: f64) -> Arg {
        let dtype = self.dtype(x);
        if self.random.chance(70) && dtype != DType::Bool {
            return if dtype.is_float() {
                Arg::Float(value)
            } else {
                Arg::Int(value as i128)
            };
        }
        let shape = self.shape(x);
        let chunks = self.chunks(&shape);
        match self.push(Step::Full(Scalar::from_f64(dtype, value), chunks)) {
            Some(k) => Arg::Step(k),
            None => Arg::Int(1),
        }
    }

    /// A number that changes nothing, nearly nothing, or everything to zero.
    fn neutral(&mut self) -> Option<usize> {
        let x = match self.random.below(4) {
            0 => self.of(|d| !d.is_float() && d != DType::Bool, DType::I32)?,
            1 => self.proved()?,
            _ => self.any(),
        };
        let signed = self.dtype(x).class() != Class::Unsigned;
        let table: &[(&'static str, f64, bool)] = &[
            ("multiply", 1.0, true),
            ("divide", 1.0, false),
            ("floor_divide", 1.0, false),
            ("floor_divide", 1.0, false),
            ("multiply", -1.0, true),
            ("divide", 2.0, false),
            ("divide", 0.25, false),
            ("divide", 3.0, false),
            ("add", -0.0, true),
            ("add", 0.0, true),
            ("add", 0.0, true),
            ("subtract", 0.0, false),
            ("subtract", -0.0, false),
            ("multiply", 0.0, true),
            ("multiply", 0.0, true),
            ("multiply", -0.0, true),
        ];
        let &(name, value, commutes) = self.random.pick(table);
        let value = if signed { value } else { value.abs() };
        if name == "subtract" && self.dtype(x) == DType::Bool {
            return self.map("invert", &[Arg::Step(x)]);
        }
        let mut args = [Arg::Step(x), self.beside(x, value)];
        if commutes && self.random.chance(40) {
            args.reverse();
        }
        self.map(name, &args)
    }

    /// An array of which something can be proved: uniform numbers, absolute values, …
    fn proved(&mut self) -> Option<usize> {
        let shape = self.new_shape();
        let chunks = self.chunks(&shape);
        let seed = self.random.bits() % 1000;
        let (low, high) = (Arg::Float(0.0), Arg::Float(1.0));
        match self.random.below(5) {
            0..2 => self.push(Step::Uniform(low, high, seed, chunks)),
            2 => {
                let x = self.of(DType::is_float, DType::F64)?;
                let name = *self.random.pick(&["absolute", "square", "exp"]);
                self.map(name, &[Arg::Step(x)])
            }
            3 => {
                let x = self.of(|d| d.class() == Class::Unsigned, DType::U8)?;
                self.push(Step::Astype(x, DType::F64))
            }
            _ => {
                let u = self.push(Step::Uniform(low, high, seed, chunks))?;
                self.map("sqrt", &[Arg::Step(u)])
            }
        }
    }

    /// Operators that undo each other, or meet themselves.
    fn opposites(&mut self) -> Option<usize> {
        let x = match self.random.below(3) {
            0 => self.of(|d| !d.is_float() && d != DType::Bool, DType::I16)?,
            1 => self.proved()?,
            _ => self.of(|d| d != DType::Bool, DType::F32)?,
        };
        let one = |k: usize| Arg::Step(k);
        let shape = self.shape(x);
        match self.random.below(16) {
            0 => {
                let y = self.map("negative", &[one(x)])?;
                self.map("negative", &[one(y)])
            }
            1 => {
                let x = self.of(|d| !d.is_float(), DType::U8)?;
                let y = self.map("invert", &[one(x)])?;
                self.map("invert", &[one(y)])
            }
            2..4 => {
                let dtype = self.dtype(x);
                let y = self.partner(&shape, Some(dtype))?;
                let z = self.map("negative", &[one(y)])?;
                let name = *self.random.pick(&["add", "subtract"]);
                self.map(name, &[one(x), one(z)])
            }
            4..6 => self.map("subtract", &[one(x), one(x)]),
            6 => self.map("multiply", &[one(x), one(x)]),
            7 => {
                // Exact on integers alone.
                let x = if self.random.chance(70) {
                    self.of(DType::is_integer, DType::I8)?
                } else {
                    x
                };
                let (shape, dtype) = (self.shape(x), self.dtype(x));
                let y = self.partner(&shape, Some(dtype))?;
                let z = self.map("subtract", &[one(x), one(y)])?;
                self.map("negative", &[one(z)])
            }
            8 => {
                let name = *self.random.pick(&["absolute", "floor", "ceil"]);
                let y = self.map(name, &[one(x)])?;
                self.map(name, &[one(y)])
            }
            9..11 => {
                let y = self.map("negative", &[one(x)])?;
                let name = *self.random.pick(&["absolute", "square"]);
                self.map(name, &[one(y)])
            }
            11 => self.map("absolute", &[one(x)]),
            12 => {
                let name = *self.random.pick(&["minimum", "maximum"]);
                self.map(name, &[one(x), one(x)])
            }
            13 => {
                let ndim = shape.len() as i64;
                if ndim > 3 {
                    return self.subscript(x);
                }
                let axis = self.random.between(0, ndim);
                let y = self.push(Step::ExpandDims(x, vec![axis]))?;
                self.push(Step::Squeeze(y, vec![axis]))
            }
            14 => {
                let order = self.permutation(shape.len());
                let again = self.permutation(shape.len());
                let y = self.push(Step::Transpose(x, order))?;
                self.push(Step::Transpose(y, again))
            }
            _ => {
                // a + b and b + a, told apart above.
                let dtype = self.dtype(x);
                let y = self.partner(&shape, Some(dtype))?;
                let a = self.map("add", &[one(x), one(y)])?;
                let b = self.map("add", &[one(y), one(x)])?;
                self.map("multiply", &[one(a), one(b)])
            }
        }
    }

    /// Constants that fold, alone and in chains.
    fn constants(&mut self) -> Option<usize> {
        match self.random.below(7) {
            0 => {
                let shape = self.new_shape();
                let dtype = self.any_dtype();
                let chunks = self.chunks(&shape);
                let value = crate::data::element(&mut self.random, dtype, 20);
                let x = self.push(Step::Full(value, chunks))?;
                self.rearrange(x)
            }
            1 | 2 => {
                let x = self.of(|d| d.is_integer(), DType::I8)?;
                let name = *self.random.pick(&["add", "multiply"]);
                let (a, b) = (self.random.between(2, 9), self.random.between(2, 99));
                let y = self.map(name, &[Arg::Step(x), Arg::Int(i128::from(a))])?;
                self.map(name, &[Arg::Int(i128::from(b)), Arg::Step(y)])
            }
            3 => {
                let shape = self.new_shape();
                let chunks = self.chunks(&shape);
                let dtype = self.any_dtype();
                let value = crate::data::element(&mut self.random, dtype, 10);
                let x = self.push(Step::Full(value, chunks))?;
                let name = *self.random.pick(&["absolute", "square", "sqrt"]);
                self.map(name, &[Arg::Step(x)])
            }
            4 => {
                let x = self.any();
                let dtype = self.dtype(x);
                let shape = self.shape(x);
                let y = self.partner(&shape, Some(dtype))?;
                let holds = Arg::Bool(self.random.chance(50));
                self.map("where", &[holds, Arg::Step(x), Arg::Step(y)])
            }
            5 => {
                let x = self.any();
                let shape = self.shape(x);
                let mask = self.mask(&shape)?;
                self.map("where", &[Arg::Step(mask), Arg::Step(x), Arg::Step(x)])
            }
            _ => {
                let x = self.any();
                let shape = self.shape(x);
                let mask = self.mask(&shape)?;
                if self.shape(mask).len() > shape.len() {
                    return None;
                }
                let inverse = self.map("invert", &[Arg::Step(mask)])?;
                let dtype = self.dtype(x);
                let other = self.leaf_of(&shape, dtype)?;
                self.map(
                    "where",
                    &[Arg::Step(inverse), Arg::Step(x), Arg::Step(other)],
                )
            }
        }
    }

    /// Reductions of constants, of nothing, of one, of few, of reductions, of transposes.
    fn folds(&mut self) -> Option<usize> {
        match self.random.below(12) {
            11 => {
                // A constant whose sums round.
                let shape = [self.random.between(1, 6), self.random.between(3, 60)];
                let chunks = self.chunks(&shape);
                let value = self.random.between(1, 9999) as f64 / 1000.0;
                let dtype = *self.random.pick(&[DType::F64, DType::F32]);
                let x = self.push(Step::Full(Scalar::from_f64(dtype, value), chunks))?;
                let axes = self.axes(x, true)?;
                self.push(Step::Reduce("sum", x, axes, false))
            }
            9 => self.joined(),
            10 => self.regrouped(),
            0 => {
                let shape = self.new_shape();
                let chunks = self.chunks(&shape);
                let dtype = self.any_dtype();
                let value = crate::data::element(&mut self.random, dtype, 20);
                let x = self.push(Step::Full(value, chunks))?;
                if self.random.chance(40) {
                    return self.statistic(x);
                }
                if self.random.chance(50) {
                    let axes = self.axes(x, false)?;
                    return self.push(Step::Reduce("sum", x, axes, false));
                }
                self.fold(x)
            }
            1 => {
                let mut shape = self.new_shape();
                shape.insert(0, 0);
                shape.truncate(3);
                let dtype = self.any_dtype();
                let x = self.leaf_of(&shape, dtype)?;
                let name = *self.random.pick(&["sum", "prod", "any", "all"]);
                self.push(Step::Reduce(
                    name,
                    x,
                    Some(vec![0]),
                    self.program.steps.len().is_multiple_of(2),
                ))
            }
            2 => {
                let x = self.any();
                let y = self.push(Step::ExpandDims(x, vec![0]))?;
                let name = *self.random.pick(&["sum", "prod", "min", "max", "any"]);
                let name = if self.elements(y) == 0 { "sum" } else { name };
                self.push(Step::Reduce(name, y, Some(vec![0]), false))
            }
            3 | 4 => {
                let x = self.any();
                let name = *self
                    .random
                    .pick(&["min", "max", "any", "all", "sum", "sum"]);
                let x = if self.random.chance(30) {
                    self.of(DType::is_float, DType::F32)?
                } else {
                    x
                };
                let axes = self.axes(x, true)?;
                let y = self.push(Step::Reduce(name, x, axes, false))?;
                let axes = self.axes(y, true)?;
                self.push(Step::Reduce(name, y, axes, false))
            }
            5 | 6 => {
                let count = self.random.between(2, 8);
                let mut shape = self.new_shape();
                shape.truncate(2);
                shape.push(count);
                if shape.iter().product::<i64>() > 4000 {
                    shape = vec![5, count];
                }
                let dtype = self.any_dtype();
                let x = self.leaf_of(&shape, dtype)?;
                let chunks = shape.iter().map(|&len| vec![len]).collect();
                let y = self.push(Step::Rechunk(x, chunks))?;
                let name = *self
                    .random
                    .pick(&["sum", "prod", "min", "max", "any", "all"]);
                let name = if shape.contains(&0) { "sum" } else { name };
                self.push(Step::Reduce(name, y, Some(vec![-1]), false))
            }
            7 => {
                let wide = |g: &Generator, k: usize| g.shape(k).len() > 1;
                let mut x = self.any();
                for _ in 0..4 {
                    if !wide(self, x) {
                        x = self.any();
                    }
                }
                let mut order = self.permutation(self.shape(x).len());
                if order.is_sorted() {
                    order.reverse();
                }
                let y = self.push(Step::Transpose(x, order))?;
                if self.random.chance(30) {
                    return self.statistic(y);
                }
                self.fold(y)
            }
            _ => {
                let x = self.of(|d| d.is_integer() && d.itemsize() <= 4, DType::I16)?;
                let wide = *self.random.pick(&[DType::I64, DType::F64]);
                let y = self.push(Step::Astype(x, wide))?;
                let axes = self.axes(y, true)?;
                let name = *self.random.pick(&["min", "max"]);
                self.push(Step::Reduce(name, y, axes, false))
            }
        }
    }

    /// A reduction of a reduction of floats that round: grouped otherwise, it has other bits.
    fn regrouped(&mut self) -> Option<usize> {
        let shape = [self.random.between(3, 14), self.random.between(3, 20)];
        let dtype = *self.random.pick(&[DType::F64, DType::F64, DType::F32]);
        let chunks = self.chunks(&shape);
        let seed = self.random.bits() % 1000;
        let (low, high) = (Arg::Float(0.0), Arg::Float(1.0));
        let x = self.push(Step::Uniform(low, high, seed, chunks))?;
        let x = self.push(Step::Astype(x, dtype))?;
        let name = *self.random.pick(&["sum", "sum", "prod"]);
        let axis = self.random.below(2) as i64;
        let y = self.push(Step::Reduce(name, x, Some(vec![axis]), false))?;
        self.push(Step::Reduce(
            name,
            y,
            Some(vec![0]),
            self.shape(y).is_empty(),
        ))
    }

    /// A reduction of parts laid end to end in one chunk: gathered, and cut within the chunk where
    /// memory is short.
    fn joined(&mut self) -> Option<usize> {
        let (long, rows) = (
            self.random.between(700, 1900),
            *self.random.pick(&[0, 0, 2, 3]),
        );
        let shape = if rows == 0 {
            vec![long]
        } else {
            vec![rows, long / 2]
        };
        let mut parts = vec![];
        for _ in 0..self.random.between(2, 3) {
            let seed = self.random.bits() % 1000;
            let view = self.view(shape.len());
            let chunks = self.chunks(&shape);
            let step = if self.random.chance(75) {
                Step::Memory(seed, DType::F64, view, chunks)
            } else {
                Step::Stored(seed, DType::F64, chunks, false)
            };
            parts.push(self.push(step)?);
        }
        let axis = self.random.below(shape.len()) as i64;
        let x = self.push(Step::Concatenate(parts, axis))?;
        let whole = self.shape(x).iter().map(|&len| vec![len]).collect();
        let x = if self.random.chance(75) {
            self.push(Step::Rechunk(x, whole))?
        } else {
            x
        };
        let axes = if self.random.chance(60) {
            None
        } else {
            self.axes(x, true)?
        };
        if self.random.chance(60) {
            let name = *self.random.pick(&["mean", "var"]);
            return self.push(Step::Statistic(name, x, axes, 0.0, false));
        }
        let name = *self.random.pick(&["sum", "prod", "min"]);
        self.push(Step::Reduce(name, x, axes, false))
    }

    /// Arrays that several consumers read.
    fn siblings(&mut self) -> Option<usize> {
        let x = self.any();
        let one = |k: usize| Arg::Step(k);
        match self.random.below(7) {
            0 | 1 => {
                let axes = self.axes(x, true)?;
                let a = self.push(Step::Statistic("mean", x, axes.clone(), 0.0, true))?;
                let b = self.push(Step::Statistic("std", x, axes, 0.0, true))?;
                if self.random.chance(50) {
                    let c = self.map("subtract", &[one(x), one(a)]);
                    let c = c.unwrap_or(a);
                    return self.map("divide", &[one(c), one(b)]);
                }
                self.map("divide", &[one(a), one(b)])
            }
            2 => {
                let axes = self.axes(x, true)?;
                let names = ["sum", "min", "max", "any", "all"];
                let (a, b) = (*self.random.pick(&names), *self.random.pick(&names));
                let a = self.push(Step::Reduce(a, x, axes.clone(), false))?;
                let b = self.push(Step::Reduce(b, x, axes, false))?;
                self.map("maximum", &[one(a), one(b)])
            }
            3 => {
                // Cheap and shared: computed again in each pass.
                let y = self.map("add", &[one(x), Arg::Bool(true)])?;
                let a = self.fold(y)?;
                let axes = self.axes(y, true)?;
                let b = self.push(Step::Reduce("max", y, axes, false))?;
                let (a_shape, b_shape) = (self.shape(a), self.shape(b));
                if a_shape == b_shape {
                    return self.map("maximum", &[one(a), one(b)]);
                }
                Some(b)
            }
            _ => {
                // Dear and shared, one consumer broadcasts it: stored once.
                let len = self.random.between(120, 250);
                let x = self.leaf_of(&[len], DType::F64)?;
                let name = *self.random.pick(&["exp", "sin", "log"]);
                let y = self.map(name, &[one(x)])?;
                let z = self.map("power", &[one(y), Arg::Float(1.5)])?;
                let rows = self.random.between(14, 20);
                let factor = self.leaf_of(&[rows, 1], DType::F64)?;
                let product = self.map("multiply", &[one(z), one(factor)])?;
                self.map("add", &[one(product), one(z)])
            }
        }
    }

    /// Casts of casts, exact and not.
    fn casts(&mut self) -> Option<usize> {
        let x = self.any();
        let (to, again) = if self.random.chance(50) {
            (
                *self.random.pick(&[DType::I64, DType::F64, DType::F64]),
                self.any_dtype(),
            )
        } else {
            (self.any_dtype(), self.any_dtype())
        };
        let y = self.push(Step::Astype(x, to))?;
        self.push(Step::Astype(y, again))
    }

    /// Comparisons negated, comparisons with oneself, rechunks, reshapes and transposes of maps.
    fn orders(&mut self) -> Option<usize> {
        let one = |k: usize| Arg::Step(k);
        match self.random.below(8) {
            0..3 => {
                let x = match self.random.below(3) {
                    0 => self.of(|d| !d.is_float(), DType::I32)?,
                    1 => self.proved()?,
                    _ => self.any(),
                };
                let (shape, dtype) = (self.shape(x), self.dtype(x));
                let y = if self.random.chance(30) {
                    self.proved().filter(|&y| self.shape(y) == shape)
                } else {
                    None
                };
                let limit = match y {
                    Some(y) => one(y),
                    None if dtype.is_float() => Arg::Float(0.5),
                    None if dtype == DType::Bool => Arg::Bool(true),
                    None => Arg::Int(3),
                };
                let name = *self
                    .random
                    .pick(&["less", "less_equal", "greater", "greater_equal"]);
                let z = self.map(name, &[one(x), limit])?;
                self.map("invert", &[one(z)])
            }
            3 => {
                let x = self.any();
                let shape = self.shape(x);
                let y = self.partner(&shape, None)?;
                let name = *self.random.pick(&["equal", "not_equal"]);
                let z = self.map(name, &[one(x), one(y)])?;
                self.map("invert", &[one(z)])
            }
            4 => {
                let x = if self.random.chance(50) {
                    self.proved()?
                } else {
                    self.any()
                };
                let name = *self
                    .random
                    .pick(&["equal", "not_equal", "less", "greater_equal"]);
                self.map(name, &[one(x), one(x)])
            }
            5 => {
                let x = self.any();
                let shape = self.shape(x);
                let (a, b) = (self.chunks(&shape), self.chunks(&shape));
                let y = self.push(Step::Rechunk(x, a))?;
                self.push(Step::Rechunk(y, b))
            }
            6 => {
                let x = self.unary()?;
                let count = self.elements(x);
                let (a, b) = (self.factorisation(count), self.factorisation(count));
                let y = self.push(Step::Reshape(x, a))?;
                self.push(Step::Reshape(y, b))
            }
            _ => {
                let x = self.binary()?;
                let order = self.permutation(self.shape(x).len());
                let y = self.push(Step::Transpose(x, order))?;
                self.push(Step::Index(y, vec![Item::Ellipsis]))
            }
        }
    }
}
