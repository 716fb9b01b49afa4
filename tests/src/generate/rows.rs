//! Which calls along an axis fit the arrays that are there?

use super::Generator;
use crate::program::Step;
use crate::rows::Call;
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Slice};
use tilewright_expr::build::Item;
use tilewright_vecmath::quantile::Method;

const SCANS: [&str; 7] = [
    "sort",
    "sort",
    "argsort",
    "cumsum",
    "cumprod",
    "minimum.accumulate",
    "maximum.accumulate",
];
const PRODUCTS: [&str; 6] = ["matmul", "dot", "inner", "outer", "vdot", "kron"];

impl Generator {
    /// A call along an axis, sometimes sliced.
    pub(super) fn rows(&mut self) -> Option<usize> {
        let x = self.any();
        let call = self.rows_call(x)?;
        let made = self.push(Step::Rows(x, call))?;
        if self.random.chance(35) {
            return self.part(made).or(Some(made));
        }
        Some(made)
    }

    /// The first or the last elements along some axes.
    fn part(&mut self, x: usize) -> Option<usize> {
        let mut items = Vec::new();
        for len in self.shape(x) {
            let mut slice = Slice::default();
            match self.random.below(5) {
                0 => slice.stop = Some(self.random.between(1, len.max(1))),
                1 => slice.start = Some(self.random.between(0, (len - 1).max(0))),
                2 => {
                    slice.start = Some(self.random.between(0, (len - 1).max(0)));
                    slice.step = Some(-1);
                }
                _ => {}
            }
            items.push(Item::Slice(slice));
        }
        self.push(Step::Index(x, items))
    }

    /// An axis of an array, or none.
    fn axis(&mut self, x: usize, none: usize) -> Option<Option<i64>> {
        let ndim = self.shape(x).len() as i64;
        if ndim == 0 || self.random.chance(none) {
            return (none > 0).then_some(None);
        }
        Some(Some(self.random.between(-ndim, ndim - 1)))
    }

    fn rows_call(&mut self, x: usize) -> Option<Call> {
        let (shape, dtype) = (self.shape(x), self.dtype(x));
        let ndim = shape.len() as i64;
        Some(match self.random.below(25) {
            0..5 => {
                let name = *self.random.pick(&SCANS);
                // NumPy's accumulate flattens nothing.
                let flat = if name.ends_with("accumulate") { 0 } else { 20 };
                Call::Scan(name, self.axis(x, flat)?)
            }
            5 => {
                let name = *self.random.pick(&["cumsum", "cumprod"]);
                Call::NanScan(name, self.axis(x, 20)?)
            }
            6 => {
                let axis = self.axis(x, 0)??;
                let positions = self.random.chance(40);
                Call::Top(positions, self.random.between(-4, 4), axis)
            }
            7..9 => {
                let axis = self.axis(x, 30)?;
                let filled = match axis {
                    None => !shape.contains(&0),
                    Some(axis) => shape[axis.rem_euclid(ndim) as usize] > 0,
                };
                let name = *self.random.pick(&["min", "max"]);
                let (skip, keepdims) = (self.random.chance(30), self.random.chance(30));
                filled.then_some(Call::Argument(name, skip, axis, keepdims))?
            }
            9 => {
                let axes = self.axes(x, false)?;
                let (skip, keepdims) = (self.random.chance(40), self.random.chance(30));
                Call::Median(skip, axes, keepdims)
            }
            10..12 => {
                let axes = self.axes(x, true)?;
                let fractions = [0.0, 0.1, 0.25, 0.5, 2.0 / 3.0, 0.99, 1.0];
                let count = self.random.between(1, 4);
                let q = (0..count).map(|_| *self.random.pick(&fractions)).collect();
                let method = *self.random.pick(&Method::ALL[..13]);
                if dtype == DType::Bool && !method.picks() {
                    return None;
                }
                let (skip, keepdims) = (self.random.chance(40), self.random.chance(30));
                let float = *self
                    .random
                    .pick(&[DType::F64, DType::F64, DType::F32, DType::F16]);
                Call::Quantile(q, float, method, skip, axes, keepdims)
            }
            12..14 => {
                // The search is a step of its own, of another array.
                let flat = self.push(Step::Reshape(x, vec![-1]))?;
                let sorted = self.push(Step::Rows(flat, Call::Scan("sort", Some(0))))?;
                let values = self.any();
                let right = self.random.chance(50);
                self.push(Step::Rows(sorted, Call::Search(values, right)))?;
                return None;
            }
            14 => {
                let mut bins: Vec<f64> = (0..self.random.between(1, 5))
                    .map(|_| self.random.between(-8, 8) as f64 / 2.0)
                    .collect();
                bins.sort_by(f64::total_cmp);
                if self.random.chance(40) {
                    bins.reverse();
                }
                Call::Digitize(bins, self.random.chance(50))
            }
            15..17 => {
                let weights = if self.random.chance(50) {
                    let dtype = *self.random.pick(&[DType::F64, DType::F32, DType::I16]);
                    Some(self.leaf_of(&shape, dtype)?)
                } else {
                    None
                };
                let low = self.random.between(-4, 3) as f64;
                let high = low + self.random.between(0, 9) as f64;
                let bins = self.random.between(1, 12);
                Call::Histogram(bins, (low, high), weights, self.random.chance(20))
            }
            17 if self.random.chance(50) => {
                let axis = self.axis(x, 0)??;
                Call::Diff(self.random.between(0, 3), axis)
            }
            17 => {
                let axis = self.axis(x, 0)??;
                let order = self.random.between(1, 2);
                let fits = shape[axis.rem_euclid(ndim) as usize] > order;
                let step = *self.random.pick(&[1.0, 0.5, 3.0]);
                (fits && dtype != DType::Bool).then_some(Call::Gradient(step, axis, order))?
            }
            18 => self.product(x)?,
            20 | 24 => {
                let fits = ndim >= 2 && dtype != DType::F16;
                fits.then_some(Call::SingularValues)?
            }
            21 => {
                let axis = self.axis(x, 0)??;
                (ndim >= 2).then_some(Call::Lines(axis))?
            }
            22 => {
                let axis = self.axis(x, 0)??;
                let name = *self.random.pick(&["var", "std"]);
                Call::About(name, *self.random.pick(&[0.5, -1.0, 3.0]), axis)
            }
            23 => {
                let dtype = *self.random.pick(&[DType::F64, DType::F32, DType::F16]);
                Call::Held(self.leaf_of(&shape, dtype)?)
            }
            _ => {
                let fits = (1..=2).contains(&ndim) && dtype.class() != Class::Bool;
                let rows = if ndim == 2 { shape[0] } else { 1 };
                let columns = shape.last().copied().unwrap_or(0);
                let small = rows * rows * columns <= self.largest;
                (fits && small).then_some(Call::Cov)?
            }
        })
    }

    /// A product with an array that fits.
    fn product(&mut self, x: usize) -> Option<Call> {
        let name = *self.random.pick(&PRODUCTS);
        let shape = self.shape(x);
        let ndim = shape.len();
        if ndim == 0 {
            return None;
        }
        let last = shape[ndim - 1];
        let elements: i64 = shape.iter().product();
        let columns = self.random.between(1, 4);
        let other: Vec<i64> = match name {
            "matmul" | "dot" if self.random.chance(40) => vec![last],
            "matmul" | "dot" => vec![last, columns],
            "inner" => vec![columns, last],
            "vdot" => vec![elements],
            "kron" => vec![columns, 2],
            _ => vec![columns],
        };
        if elements * columns * 2 > self.largest {
            return None;
        }
        let dtype = match self.random.chance(60) {
            true => self.dtype(x),
            false => self.any_dtype(),
        };
        let other = self.leaf_of(&other, dtype)?;
        Some(Call::Product(name, other))
    }
}
