//! Which arrays does a case start from?

use super::Generator;
use crate::program::{Arg, Chunks, Step, View};
use tilewright_core::{DType, Scalar, Shape};

impl Generator {
    pub(super) fn any_dtype(&mut self) -> DType {
        match self.random.below(100) {
            0..35 => DType::F64,
            35..50 => DType::F32,
            50..56 => DType::F16,
            _ => *self.random.pick(&DType::ALL),
        }
    }

    /// Lengths of axes: small, with 0 and 1 among them; now and then long.
    pub(super) fn new_shape(&mut self) -> Vec<i64> {
        if self.random.chance(10) {
            let long = self.random.between(500, 2500);
            let shapes = [
                vec![long],
                vec![long / 2, 3],
                vec![3, long / 2],
                vec![2, long / 6, 3],
                vec![2, 3, long / 6],
                vec![long / 40, 40],
            ];
            return self.random.pick(&shapes).clone();
        }
        let ndim = *self.random.pick(&[0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4]);
        let mut shape = vec![];
        for _ in 0..ndim {
            let len = match self.random.below(100) {
                0..4 => 0,
                4..15 => 1,
                _ => self.random.between(2, if ndim > 2 { 5 } else { 12 }),
            };
            shape.push(len);
        }
        shape
    }

    /// Enough elements for several tiles or nodes of a large chunk's tree.
    pub(super) fn large_shape(&mut self) -> Vec<i64> {
        let n = self.random.between(140_000, 380_000);
        let shapes = [
            vec![n],
            vec![n / 5, 5],
            vec![5, n / 5],
            vec![n / 400, 400],
            vec![3, n / 90, 30],
            vec![30, 3, n / 90],
        ];
        self.random.pick(&shapes).clone()
    }

    /// Chunks of a shape: whole, even or odd.
    pub(super) fn chunks(&mut self, shape: &[i64]) -> Chunks {
        let mut out = vec![];
        for &len in shape {
            let sizes = match self.random.below(10) {
                0..4 => vec![len],
                4..8 if len > 0 => {
                    let size = self.random.between(1.max(len / 40), len);
                    let whole = vec![size; (len / size) as usize];
                    let rest = (len % size > 0).then_some(len % size);
                    whole.into_iter().chain(rest).collect()
                }
                _ if len > 0 => {
                    let (mut sizes, mut left) = (vec![], len);
                    while left > 0 && sizes.len() < 6 {
                        let size = self.random.between(1, left);
                        sizes.push(size);
                        left -= size;
                    }
                    sizes.extend((left > 0).then_some(left));
                    sizes
                }
                _ => vec![len],
            };
            out.push(sizes);
        }
        out
    }

    /// A new array.
    pub(super) fn leaf(&mut self) -> Option<usize> {
        let shape = self.new_shape();
        let dtype = self.any_dtype();
        self.leaf_of(&shape, dtype)
    }

    /// A new array of this shape and dtype, as far as there is one.
    pub(super) fn leaf_of(&mut self, shape: &[i64], dtype: DType) -> Option<usize> {
        let chunks = self.chunks(shape);
        let seed = self.random.bits() % 1000;
        let float = |x: f64| Arg::Float(x);
        let step = match self.random.below(100) {
            0..12 => {
                let hostile = *self.random.pick(&[0, 0, 60]);
                let value = crate::data::element(&mut self.random, dtype, hostile);
                Step::Full(value, chunks)
            }
            12..30 if dtype.is_float() => match self.random.below(3) {
                0 => Step::Uniform(float(0.0), float(1.0), seed, chunks),
                1 => Step::Normal(float(0.0), float(1.0), seed, chunks),
                _ => Step::Normal(float(2.5), float(0.1), seed, chunks),
            },
            12..30 if dtype != DType::Bool => {
                Step::Integers(Arg::Int(0), Arg::Int(100), dtype, seed, chunks)
            }
            30..38 if shape.len() == 1 => self.line(shape[0], dtype),
            30..38 if shape.len() == 2 => {
                let k = self.random.between(-2, 2);
                Step::Eye(k, dtype, chunks)
            }
            38..50 if shape.iter().product::<i64>() <= 300 => Step::Literal(seed, dtype, chunks),
            50..75 => {
                let in_place = self.random.chance(30);
                Step::Stored(seed, dtype, chunks, in_place)
            }
            _ => {
                let view = self.view(shape.len());
                Step::Memory(seed, dtype, view, chunks)
            }
        };
        self.push(step)
    }

    /// A line of `len` numbers.
    fn line(&mut self, len: i64, dtype: DType) -> Step {
        if dtype.is_float() && self.random.chance(50) {
            let endpoint = self.random.chance(70);
            let stop = *self.random.pick(&[1.0, -3.5, 0.0, 1e9]);
            return Step::Linspace(0.25, stop, len, endpoint, dtype);
        }
        let (start, by) = (self.random.between(0, 5), self.random.between(1, 3));
        let ends = [start, start + by * len, by];
        let size = self.random.between(1, len.max(1));
        if dtype.is_float() {
            let scale = |k: i64| Scalar::from(k as f64 * 0.3);
            return Step::Arange([scale(start), scale(start + len), scale(1)], dtype, size);
        }
        Step::Arange(ends.map(Scalar::from), dtype, size)
    }

    pub(super) fn view(&mut self, ndim: usize) -> View {
        let mut order: Vec<usize> = (0..ndim).collect();
        if self.random.chance(30) {
            order.reverse();
        }
        let plain = self.random.chance(40);
        let every = (0..ndim).map(|_| if plain { 1 } else { self.random.between(1, 3) });
        let every = every.collect();
        let backwards = (0..ndim)
            .map(|_| !plain && self.random.chance(25))
            .collect();
        let offset = *self.random.pick(&[0, 0, 0, 8, 24, 3]);
        View {
            order,
            every,
            backwards,
            offset,
        }
    }

    /// An array that broadcasts with this shape: an earlier one, or a new one with some axes short.
    pub(super) fn partner(&mut self, shape: &[i64], dtype: Option<DType>) -> Option<usize> {
        let largest = self.largest;
        let fits = |other: &[i64]| {
            let pairs = shape.iter().rev().zip(other.iter().rev());
            let ok = pairs.clone().all(|(a, b)| a == b || *a == 1 || *b == 1);
            let size: i64 = pairs.map(|(a, b)| if *a == 1 { *b } else { *a }).product();
            let lead: i64 = if other.len() > shape.len() {
                other[..other.len() - shape.len()].iter().product()
            } else {
                shape[..shape.len() - other.len()].iter().product()
            };
            ok && size * lead <= largest
        };
        for _ in 0..3 {
            let k = self.any();
            let right = dtype.is_none_or(|d| d == self.dtype(k));
            if right && fits(&self.shape(k)) && self.random.chance(75) {
                return Some(k);
            }
        }
        let mut other: Shape = shape.into();
        if self.random.chance(45) {
            let dropped = self.random.below(other.len() + 1);
            other = other[dropped..].into();
            for len in &mut other {
                if self.random.chance(30) {
                    *len = 1;
                }
            }
        }
        let dtype = match dtype {
            Some(dtype) => dtype,
            None => self.any_dtype(),
        };
        self.leaf_of(&other, dtype)
    }
}
