//! Which calls fit the arrays that are there?

use super::Generator;
use crate::program::{Arg, Step};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Slice};
use tilewright_expr::build::{Item, Pad};

pub(super) const FLOAT_MAPS: [&str; 34] = [
    "negative",
    "absolute",
    "square",
    "sqrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "deg2rad",
    "rad2deg",
    "sinc",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "erf",
    "erfc",
    "special.gamma",
    "gammaln",
    "i0",
    "floor",
    "ceil",
];
const INTEGER_MAPS: [&str; 6] = ["negative", "absolute", "square", "invert", "sqrt", "floor"];
const BOOL_MAPS: [&str; 3] = ["invert", "absolute", "square"];
/// Of numbers of any dtype.
pub(super) const NUMBER_MAPS: [&str; 9] = [
    "positive",
    "sign",
    "round",
    "trunc",
    "rint",
    "fabs",
    "reciprocal",
    "frexp_mantissa",
    "frexp_exponent",
];
/// Of any dtype.
pub(super) const ANY_MAPS: [&str; 11] = [
    "signbit",
    "isnan",
    "isfinite",
    "isinf",
    "isposinf",
    "isneginf",
    "nan_to_num",
    "logical_not",
    "real",
    "imag",
    "conjugate",
];
/// Of two of any dtype.
pub(super) const ANY_PAIRS: [&str; 12] = [
    "copysign",
    "nextafter",
    "heaviside",
    "fmin",
    "fmax",
    "fmod",
    "logical_and",
    "logical_or",
    "logical_xor",
    "isclose",
    "clip",
    "scaleb",
];
/// Of two integers.
pub(super) const INTEGER_PAIRS: [&str; 5] = ["left_shift", "right_shift", "gcd", "lcm", "ldexp"];
const ARITHMETIC: [&str; 9] = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "remainder",
    "minimum",
    "maximum",
    "power",
];
pub(super) const FLOAT_PAIRS: [&str; 5] =
    ["float_power", "hypot", "atan2", "logaddexp", "logaddexp2"];
const COMPARISONS: [&str; 6] = [
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
];
const BITS: [&str; 3] = ["bitwise_and", "bitwise_or", "bitwise_xor"];
/// Laws that are formulas, with parameters that they have.
const LAWS: [(&str, &[f64]); 26] = [
    ("standard_gamma", &[0.75]),
    ("gamma", &[2.5, 2.0]),
    ("chisquare", &[3.0]),
    ("beta", &[2.0, 3.5]),
    ("f", &[4.0, 5.0]),
    ("poisson", &[12.5]),
    ("binomial", &[50.0, 0.3]),
    ("negative_binomial", &[2.5, 0.4]),
    ("logseries", &[0.6]),
    ("standard_exponential", &[]),
    ("exponential", &[2.0]),
    ("laplace", &[0.5, 1.5]),
    ("logistic", &[0.0, 1.0]),
    ("gumbel", &[-1.0, 2.0]),
    ("rayleigh", &[0.5]),
    ("pareto", &[3.0]),
    ("power", &[1.5]),
    ("weibull", &[2.0]),
    ("triangular", &[0.0, 1.0, 4.0]),
    ("lognormal", &[0.0, 0.5]),
    ("standard_cauchy", &[]),
    ("wald", &[1.0, 2.0]),
    ("geometric", &[0.25]),
    ("vonmises", &[0.5, 2.0]),
    ("zipf", &[2.5]),
    ("hypergeometric", &[12.0, 30.0, 7.0]),
];
pub(super) const REDUCTIONS: [&str; 6] = ["sum", "prod", "min", "max", "any", "all"];
pub(super) const STATISTICS: [&str; 3] = ["mean", "var", "std"];

impl Generator {
    /// Any call.
    pub(super) fn call(&mut self) -> Option<usize> {
        match self.random.below(100) {
            0..10 => self.unary(),
            10..32 => self.binary(),
            32..37 => self.choose(),
            37..42 => {
                let x = self.any();
                let dtype = self.any_dtype();
                self.push(Step::Astype(x, dtype))
            }
            42..57 => {
                let x = self.any();
                self.subscript(x)
            }
            57..72 => {
                let x = self.any();
                self.rearrange(x)
            }
            72..76 => self.join(),
            76..90 => {
                let x = self.any();
                self.fold(x)
            }
            90..96 => {
                let x = self.any();
                self.statistic(x)
            }
            _ => self.random_of(),
        }
    }

    pub(super) fn unary(&mut self) -> Option<usize> {
        let x = self.any();
        let class = self.dtype(x).class();
        let name = match class {
            _ if self.random.chance(25) => *self.random.pick(&ANY_MAPS),
            Class::Float | Class::Signed | Class::Unsigned if self.random.chance(35) => {
                *self.random.pick(&NUMBER_MAPS)
            }
            Class::Float => *self.random.pick(&FLOAT_MAPS),
            Class::Bool => *self.random.pick(&BOOL_MAPS),
            _ => *self.random.pick(&INTEGER_MAPS),
        };
        self.push(Step::Map(name, vec![Arg::Step(x)]))
    }

    /// A Python number that fits beside an array of this dtype.
    fn weak(&mut self, dtype: DType) -> Arg {
        if dtype == DType::Bool {
            return Arg::Bool(self.random.chance(50));
        }
        if dtype.is_float() && self.random.chance(60) {
            return Arg::Float(*self.random.pick(&[
                0.0,
                -0.0,
                1.0,
                -1.0,
                0.5,
                2.0,
                3.0,
                1e-3,
                f64::INFINITY,
                f64::NAN,
            ]));
        }
        let low = if dtype.class() == Class::Unsigned {
            0
        } else {
            -3
        };
        Arg::Int(i128::from(self.random.between(low, 9)))
    }

    pub(super) fn binary(&mut self) -> Option<usize> {
        let x = self.any();
        let dtype = self.dtype(x);
        let operand = if self.random.chance(30) {
            self.weak(dtype)
        } else {
            let shape = self.shape(x);
            Arg::Step(self.partner(&shape, None)?)
        };
        let other = match &operand {
            Arg::Step(k) => self.dtype(*k),
            _ => dtype,
        };
        let whole = !dtype.is_float() && !other.is_float();
        let both_bool = dtype == DType::Bool && other == DType::Bool;
        let integers = dtype.is_integer() && other.is_integer();
        let both = dtype.promote(other);
        let name = match self.random.below(10) {
            0..2 => *self.random.pick(&COMPARISONS),
            2..4 if whole => *self.random.pick(&BITS),
            2..4 if self.random.chance(60) => *self.random.pick(&ANY_PAIRS),
            4..6 if integers && both.is_integer() && other != DType::U64 => {
                *self.random.pick(&INTEGER_PAIRS)
            }
            6 => *self.random.pick(&FLOAT_PAIRS),
            _ => *self.random.pick(&ARITHMETIC),
        };
        if name == "subtract" && both_bool {
            return self.push(Step::Map("bitwise_xor", vec![Arg::Step(x), operand]));
        }
        if name == "power" {
            if matches!(operand, Arg::Int(n) if n < 0 && !dtype.is_float()) {
                return self.push(Step::Power(Arg::Step(x), Arg::Int(2)));
            }
            if let Arg::Step(_) = operand
                && both.is_integer()
                && other.is_integer()
            {
                // Integers to negative powers are none, and refused.
                let exponent = self.push(Step::Map("bitwise_and", vec![operand, Arg::Int(7)]));
                return exponent.and_then(|y| self.push(Step::Power(Arg::Step(x), Arg::Step(y))));
            }
            return self.push(Step::Power(Arg::Step(x), operand));
        }
        let mut args = vec![Arg::Step(x), operand];
        if self.random.chance(40) {
            args.reverse();
        }
        self.push(Step::Map(name, args))
    }

    /// A bool array of this shape, or one that broadcasts.
    pub(super) fn mask(&mut self, shape: &[i64]) -> Option<usize> {
        if self.random.chance(30) {
            return self.partner(shape, Some(DType::Bool));
        }
        let x = self.partner(shape, None)?;
        let dtype = self.dtype(x);
        let limit = self.weak(dtype);
        let name = *self.random.pick(&COMPARISONS);
        self.push(Step::Map(name, vec![Arg::Step(x), limit]))
    }

    /// `where`.
    fn choose(&mut self) -> Option<usize> {
        let x = self.any();
        let shape = self.shape(x);
        let mask = self.mask(&shape)?;
        let dtype = self.dtype(x);
        let other = if self.random.chance(40) {
            self.weak(dtype)
        } else {
            // Both the mask and the other operand broadcast with x; with each other too, where
            // they are not longer than x.
            let y = self.partner(&shape, None)?;
            if self.shape(y).len() > shape.len() || self.shape(mask).len() > shape.len() {
                self.weak(dtype)
            } else {
                Arg::Step(y)
            }
        };
        let compatible = |g: &Generator, k: usize| {
            let other = g.shape(k);
            let pairs = other.iter().rev().zip(shape.iter().rev());
            other.len() <= shape.len() && pairs.clone().all(|(a, b)| *a == 1 || a == b)
        };
        let other = match other {
            Arg::Step(k) if !compatible(self, k) => self.weak(dtype),
            other => other,
        };
        let mut args = vec![Arg::Step(mask), Arg::Step(x), other];
        if self.random.chance(50) {
            args.swap(1, 2);
        }
        self.push(Step::Map("where", args))
    }

    /// A slice of an axis of this length.
    pub(super) fn cut(&mut self, len: i64) -> Slice {
        let bound = |g: &mut Generator| match g.random.below(10) {
            0..4 => None,
            4..8 => Some(g.random.between(-len - 1, len + 1)),
            _ => Some(g.random.between(0, len)),
        };
        let (start, stop) = (bound(self), bound(self));
        let step = *self.random.pick(&[
            None,
            None,
            Some(1),
            Some(2),
            Some(-1),
            Some(-2),
            Some(3),
            Some(5),
        ]);
        Slice { start, stop, step }
    }

    /// A slice that takes something, if there is anything.
    fn filled(&mut self, len: i64) -> Slice {
        for _ in 0..4 {
            let slice = self.cut(len);
            if slice.resolve(len).is_ok_and(|r| r.len > 0) {
                return slice;
            }
        }
        Slice {
            start: None,
            stop: None,
            step: None,
        }
    }

    pub(super) fn subscript(&mut self, x: usize) -> Option<usize> {
        let shape = self.shape(x);
        let named = self.random.below(shape.len() + 1);
        let ellipsis = self.random.chance(20);
        let at = if ellipsis {
            self.random.below(named + 1)
        } else {
            named
        };
        let mut items = vec![];
        for k in 0..=named {
            if k == at && ellipsis {
                items.push(Item::Ellipsis);
            }
            if self.random.chance(6) && shape.len() < 4 {
                items.push(Item::NewAxis);
            }
            if k == named {
                break;
            }
            let axis = if k < at { k } else { shape.len() - named + k };
            let len = shape[axis];
            items.push(if len > 0 && self.random.chance(25) {
                Item::Int(self.random.between(-len, len - 1))
            } else if self.random.chance(85) {
                Item::Slice(self.filled(len))
            } else {
                Item::Slice(self.cut(len))
            });
        }
        self.push(Step::Index(x, items))
    }

    pub(super) fn permutation(&mut self, ndim: usize) -> Vec<i64> {
        let mut order: Vec<i64> = (0..ndim as i64).collect();
        for k in (1..ndim).rev() {
            let other = self.random.below(k + 1);
            order.swap(k, other);
        }
        order
    }

    /// Another shape of as many elements.
    pub(super) fn factorisation(&mut self, count: i64) -> Vec<i64> {
        if count == 0 {
            return self
                .random
                .pick(&[vec![0], vec![3, 0], vec![0, 2, 1]])
                .clone();
        }
        let mut shape = vec![];
        let mut left = count;
        while shape.len() < 3 && left > 1 && self.random.chance(75) {
            let divisors: Vec<i64> = (1..=left.min(60)).filter(|d| left % d == 0).collect();
            let len = *self.random.pick(&divisors);
            shape.push(len);
            left /= len;
        }
        if left > 1 || shape.is_empty() || self.random.chance(20) {
            let at = self.random.below(shape.len() + 1);
            shape.insert(at, left);
        }
        shape
    }

    /// What takes elements by indices, written out, computed, or by a formula.
    pub(super) fn look_up(&mut self, x: usize) -> Option<usize> {
        let shape = self.shape(x);
        let ndim = shape.len();
        if ndim == 0 || shape.contains(&0) {
            return self.rearrange(x);
        }
        let axis = self.random.below(ndim);
        let len = shape[axis];
        let signed = axis as i64
            - if self.random.chance(30) {
                ndim as i64
            } else {
                0
            };
        match self.random.below(5) {
            0 => {
                let count = self.random.between(0, 9);
                let mut points: Vec<i64> = (0..count)
                    .map(|_| self.random.between(-len, len - 1))
                    .collect();
                if self.random.chance(30) {
                    // Even steps, which are a slice.
                    let step = *self.random.pick(&[1, 2, -1, -3]);
                    points = (0..len)
                        .map(|k| k * step)
                        .take_while(|k| (-len..len).contains(k))
                        .collect();
                }
                self.push(Step::TakeList(x, points, signed))
            }
            1 | 2 => {
                let by = self.of(|dtype| dtype.is_integer(), DType::I32)?;
                let total = (self.elements(x) / len).saturating_mul(self.elements(by));
                if total > self.largest || self.shape(by).len() + ndim > 5 {
                    return self.push(Step::TakeList(x, vec![len - 1, 0, 0], signed));
                }
                self.push(Step::TakeBy(x, by, signed))
            }
            3 => {
                let shift = self.random.between(-2 * len, 2 * len);
                let other = self.random.below(ndim) as i64;
                self.push(Step::Roll(x, vec![shift, 1], vec![signed, other]))
            }
            _ => {
                let widths: Vec<(i64, i64)> = (shape.iter())
                    .map(|_| (self.random.between(0, 4), self.random.between(0, 3)))
                    .collect();
                if self.elements(x) > self.largest / 16 {
                    return self.push(Step::Roll(x, vec![3], vec![signed]));
                }
                let value = (self.dtype(x).integer_range())
                    .map_or(tilewright_core::Scalar::from(-0.5), |_| {
                        tilewright_core::Scalar::from(1i64)
                    });
                let mode = match self.random.below(8) {
                    0 => Pad::Edge,
                    1 => Pad::Reflect,
                    2 => Pad::Symmetric,
                    3 => Pad::Wrap,
                    4 => Pad::Statistic("max", None),
                    5 => Pad::Statistic("median", None),
                    6 => Pad::Odd {
                        symmetric: self.random.below(2) == 0,
                    },
                    _ => Pad::Constant(vec![(value, value); ndim]),
                };
                self.push(Step::Pad(x, widths, mode))
            }
        }
    }

    pub(super) fn rearrange(&mut self, x: usize) -> Option<usize> {
        let shape = self.shape(x);
        let ndim = shape.len();
        match self.random.below(7) {
            6 => self.look_up(x),
            0 => {
                let order = self.permutation(ndim);
                self.push(Step::Transpose(x, order))
            }
            1 => {
                let to = self.factorisation(self.elements(x));
                self.push(Step::Reshape(x, to))
            }
            2 => {
                let mut to = shape.clone();
                for len in &mut to {
                    if *len == 1 && self.random.chance(70) {
                        *len = self.random.between(0, 6);
                    }
                }
                if to.len() < 4 && self.random.chance(60) {
                    let lead = self.random.between(1, 5);
                    to.insert(0, lead);
                }
                if to.iter().product::<i64>() > self.largest {
                    to = shape;
                }
                self.push(Step::Broadcast(x, to))
            }
            3 if ndim < 4 => {
                let axis = self.random.between(-(ndim as i64) - 1, ndim as i64);
                self.push(Step::ExpandDims(x, vec![axis]))
            }
            4 => {
                let ones: Vec<i64> = (0..ndim as i64)
                    .filter(|&k| shape[k as usize] == 1)
                    .collect();
                if ones.is_empty() {
                    let chunks = self.chunks(&shape);
                    return self.push(Step::Rechunk(x, chunks));
                }
                let axis = *self.random.pick(&ones);
                self.push(Step::Squeeze(x, vec![axis]))
            }
            _ => {
                let chunks = self.chunks(&shape);
                self.push(Step::Rechunk(x, chunks))
            }
        }
    }

    /// `concatenate` or `stack`.
    pub(super) fn join(&mut self) -> Option<usize> {
        let x = self.any();
        let shape = self.shape(x);
        let ndim = shape.len();
        let stack = ndim == 0 || (ndim < 4 && self.random.chance(35));
        let count = self.random.between(2, 4);
        if self.elements(x) * count > self.largest {
            return self.subscript(x);
        }
        let axis = if stack {
            self.random.between(-(ndim as i64) - 1, ndim as i64)
        } else {
            self.random.between(-(ndim as i64), ndim as i64 - 1)
        };
        let position = (axis + ndim as i64) as usize % ndim.max(1);
        let mut parts = vec![x];
        for _ in 1..count {
            let same = (0..self.program.steps.len()).rev().find(|&k| {
                let other = self.shape(k);
                k != x
                    && other.len() == ndim
                    && (0..ndim).all(|a| (!stack && a == position) || other[a] == shape[a])
            });
            let part = match same {
                Some(k) if self.random.chance(50) && self.elements(k) < self.largest / 4 => k,
                _ if self.random.chance(30) => x,
                _ => {
                    let mut other = shape.clone();
                    if !stack {
                        other[position] = self.random.between(0, 6);
                    }
                    let dtype = self.dtype(x);
                    let dtype = if self.random.chance(70) {
                        dtype
                    } else {
                        self.any_dtype()
                    };
                    self.leaf_of(&other, dtype)?
                }
            };
            parts.push(part);
        }
        if self.random.chance(50) {
            parts.reverse();
        }
        // Parts may have become longer in the meantime.
        let fits = |g: &Generator, k: usize| {
            let other = g.shape(k);
            other.len() == ndim
                && (0..ndim).all(|a| (!stack && a == position) || other[a] == shape[a])
        };
        parts.retain(|&k| fits(self, k));
        let step = if stack {
            Step::Stack(parts, axis)
        } else {
            Step::Concatenate(parts, axis)
        };
        self.push(step)
    }

    /// A set of axes of an array; not one that holds no element if `filled`.
    pub(super) fn axes(&mut self, x: usize, filled: bool) -> Option<Option<Vec<i64>>> {
        let shape = self.shape(x);
        let ndim = shape.len();
        let mut choices: Vec<Option<Vec<i64>>> = vec![None, None];
        for axis in 0..ndim as i64 {
            choices.extend([
                Some(vec![axis]),
                Some(vec![axis]),
                Some(vec![axis - ndim as i64]),
            ]);
        }
        if ndim > 1 {
            let order = self.permutation(ndim);
            let count = self.random.between(1, ndim as i64) as usize;
            choices.extend([Some(order[..count].to_vec()), Some(order[..count].to_vec())]);
        }
        choices.push(Some(vec![]));
        if filled {
            let len = |axis: i64| shape[axis.rem_euclid(ndim.max(1) as i64) as usize];
            choices.retain(|set| match set {
                None => !shape.contains(&0),
                Some(axes) => axes.iter().all(|&a| len(a) > 0),
            });
        }
        if choices.is_empty() {
            return None;
        }
        Some(self.random.pick(&choices).clone())
    }

    /// A reduction of what a mask lets count, or of what is not NaN.
    fn masked(&mut self, x: usize) -> Option<usize> {
        let name = *(self.random).pick(&[REDUCTIONS.as_slice(), &STATISTICS].concat());
        let shape = self.shape(x);
        let mask = if self.random.chance(60) {
            self.mask(&shape)
        } else {
            None
        };
        let extreme = name == "min" || name == "max";
        let begins = extreme && mask.is_some() || name == "sum" && self.random.chance(30);
        let initial = begins.then(|| Arg::Int(self.random.below(2) as i128));
        let axes = self.axes(x, extreme)?;
        let logical = name == "any" || name == "all";
        let skip_nan = !logical && self.random.chance(60);
        self.push(Step::Fold(name, x, mask, skip_nan, initial, axes))
    }

    /// A reduction.
    pub(super) fn fold(&mut self, x: usize) -> Option<usize> {
        if self.random.chance(15) {
            return self.masked(x);
        }
        let name = *self.random.pick(&REDUCTIONS);
        let axes = self.axes(x, name == "min" || name == "max")?;
        let keepdims = self.random.chance(30);
        self.push(Step::Reduce(name, x, axes, keepdims))
    }

    /// `mean`, `var` or `std`.
    pub(super) fn statistic(&mut self, x: usize) -> Option<usize> {
        let name = *self.random.pick(&STATISTICS);
        let axes = self.axes(x, false)?;
        let ddof = *self.random.pick(&[0.0, 0.0, 1.0, 2.5]);
        let keepdims = self.random.chance(30);
        let ddof = if name == "mean" { 0.0 } else { ddof };
        self.push(Step::Statistic(name, x, axes, ddof, keepdims))
    }

    /// Random numbers whose parameters are arrays.
    fn random_of(&mut self) -> Option<usize> {
        let shape = self.new_shape();
        let chunks = self.chunks(&shape);
        let seed = self.random.bits() % 1000;
        let mut short: Vec<i64> = shape.clone();
        for len in &mut short {
            if self.random.chance(50) {
                *len = 1;
            }
        }
        match self.random.below(4) {
            3 => {
                let (name, fixed) = *self.random.pick(&LAWS);
                let first = self.leaf_of(&short, DType::F64)?;
                let mut args: Vec<Arg> = fixed.iter().map(|&value| Arg::Float(value)).collect();
                if self.random.chance(40)
                    && let Some(arg) = args.last_mut()
                {
                    *arg = Arg::Step(first);
                }
                self.push(Step::Law(name, args, seed, chunks))
            }
            0 => {
                let low = self.leaf_of(&short, DType::I32)?;
                Some(self.push(Step::Integers(
                    Arg::Step(low),
                    Arg::Int(1 << 40),
                    DType::I64,
                    seed,
                    chunks,
                ))?)
            }
            1 => {
                let loc = self.leaf_of(&short, DType::F64)?;
                self.push(Step::Normal(Arg::Step(loc), Arg::Float(0.5), seed, chunks))
            }
            _ => {
                let high = self.leaf_of(&short, DType::F64)?;
                self.push(Step::Uniform(
                    Arg::Float(-1.0),
                    Arg::Step(high),
                    seed,
                    chunks,
                ))
            }
        }
    }
}
