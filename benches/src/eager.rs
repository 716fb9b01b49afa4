//! How would a user of `ndarray` compute an operator, in the comparison of operators alone?
//!
//! Eagerly, on one thread, into a new array: an operator of two arrays where `ndarray` has one,
//! else `mapv` or `Zip` with the function of the standard library. Absent: operators that have
//! neither.

use crate::operators::load;
use ndarray::{ArrayD, ArrayViewD, Axis, Slice, Zip};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;
use tilewright::{Array, DType, FromNdarray, Number};

/// Computes once; seconds.
pub type Timed = Box<dyn Fn() -> f64>;

/// The operands of one operator.
struct Operands<T> {
    arrays: Vec<ArrayD<T>>,
    strided: bool,
}

impl<T: Number + Copy> Operands<T>
where
    ArrayD<T>: FromNdarray,
{
    fn new(files: &[Array], layout: &str) -> Self {
        let array = |file: &Array| file.compute().unwrap().to_ndarray::<T>().unwrap();
        Operands {
            arrays: files.iter().map(array).collect(),
            strided: layout == "strided",
        }
    }
}

impl<T: Copy + 'static> Operands<T> {
    /// An operand as it lies: whole, or every second element.
    fn view(&self, k: usize) -> ArrayViewD<'_, T> {
        let array = self.arrays[k].view();
        match self.strided {
            true => array.slice_axis_move(Axis(0), Slice::new(0, None, 2)),
            false => array,
        }
    }

    fn one<U: 'static>(self, f: impl Fn(ArrayViewD<'_, T>) -> U + 'static) -> Option<Timed> {
        Some(Box::new(move || {
            let x = self.view(0);
            let started = Instant::now();
            drop(black_box(f(x)));
            started.elapsed().as_secs_f64()
        }))
    }

    fn two<U: 'static>(
        self,
        f: impl Fn(ArrayViewD<'_, T>, ArrayViewD<'_, T>) -> U + 'static,
    ) -> Option<Timed> {
        Some(Box::new(move || {
            let (x, y) = (self.view(0), self.view(1));
            let started = Instant::now();
            drop(black_box(f(x, y)));
            started.elapsed().as_secs_f64()
        }))
    }

    fn pairs<U: 'static>(self, f: impl Fn(T, T) -> U + Copy + 'static) -> Option<Timed> {
        self.two(move |x, y| {
            let y = y.broadcast(x.raw_dim()).unwrap();
            Zip::from(&x).and(&y).map_collect(|&a, &b| f(a, b))
        })
    }
}

/// What arrays of numbers have in common; `None` where the name is of something else.
macro_rules! numbers {
    ($t:ident, $name:expr, $o:expr) => {
        match $name {
            "add" => $o.two(|x, y| &x + &y),
            "subtract" => $o.two(|x, y| &x - &y),
            "multiply" => $o.two(|x, y| &x * &y),
            "square" => $o.one(|x| x.mapv(|a| a * a)),
            "minimum" => $o.pairs(|a, b| if a < b { a } else { b }),
            "maximum" => $o.pairs(|a, b| if a > b { a } else { b }),
            "equal" => $o.pairs(|a, b| a == b),
            "not_equal" => $o.pairs(|a, b| a != b),
            "less" => $o.pairs(|a, b| a < b),
            "less_equal" => $o.pairs(|a, b| a <= b),
            "greater" => $o.pairs(|a, b| a > b),
            "greater_equal" => $o.pairs(|a, b| a >= b),
            "min" => $o.one(|x| x.fold($t::MAX, |a, &b| if b < a { b } else { a })),
            "max" => $o.one(|x| x.fold($t::MIN, |a, &b| if b > a { b } else { a })),
            _ => None,
        }
    };
}

macro_rules! floats {
    ($t:ident, $name:expr, $o:expr) => {
        match $name {
            "divide" => $o.two(|x, y| &x / &y),
            "negative" => $o.one(|x| -&x),
            "absolute" => $o.one(|x| x.mapv($t::abs)),
            "reciprocal" => $o.one(|x| x.mapv($t::recip)),
            "sqrt" => $o.one(|x| x.mapv($t::sqrt)),
            "cbrt" => $o.one(|x| x.mapv($t::cbrt)),
            "exp" => $o.one(|x| x.mapv($t::exp)),
            "exp2" => $o.one(|x| x.mapv($t::exp2)),
            "expm1" => $o.one(|x| x.mapv($t::exp_m1)),
            "log" => $o.one(|x| x.mapv($t::ln)),
            "log2" => $o.one(|x| x.mapv($t::log2)),
            "log10" => $o.one(|x| x.mapv($t::log10)),
            "log1p" => $o.one(|x| x.mapv($t::ln_1p)),
            "sin" => $o.one(|x| x.mapv($t::sin)),
            "cos" => $o.one(|x| x.mapv($t::cos)),
            "tan" => $o.one(|x| x.mapv($t::tan)),
            "arcsin" => $o.one(|x| x.mapv($t::asin)),
            "arccos" => $o.one(|x| x.mapv($t::acos)),
            "arctan" => $o.one(|x| x.mapv($t::atan)),
            "sinh" => $o.one(|x| x.mapv($t::sinh)),
            "cosh" => $o.one(|x| x.mapv($t::cosh)),
            "tanh" => $o.one(|x| x.mapv($t::tanh)),
            "arcsinh" => $o.one(|x| x.mapv($t::asinh)),
            "arccosh" => $o.one(|x| x.mapv($t::acosh)),
            "arctanh" => $o.one(|x| x.mapv($t::atanh)),
            "floor" => $o.one(|x| x.mapv($t::floor)),
            "ceil" => $o.one(|x| x.mapv($t::ceil)),
            "trunc" => $o.one(|x| x.mapv($t::trunc)),
            "rint" => $o.one(|x| x.mapv($t::round_ties_even)),
            "isnan" => $o.one(|x| x.mapv($t::is_nan)),
            "isinf" => $o.one(|x| x.mapv($t::is_infinite)),
            "isfinite" => $o.one(|x| x.mapv($t::is_finite)),
            "power" => $o.pairs($t::powf),
            "hypot" => $o.pairs($t::hypot),
            "arctan2" => $o.pairs($t::atan2),
            "copysign" => $o.pairs($t::copysign),
            "sum" => $o.one(|x| x.sum()),
            "prod" => $o.one(|x| x.product()),
            "mean" => $o.one(|x| x.mean()),
            "var" => $o.one(|x| x.var(0.0)),
            "std" => $o.one(|x| x.std(0.0)),
            _ => numbers!($t, $name, $o),
        }
    };
}

macro_rules! integers {
    ($t:ident, $name:expr, $o:expr) => {
        match $name {
            "bitwise_and" => $o.two(|x, y| &x & &y),
            "bitwise_or" => $o.two(|x, y| &x | &y),
            "bitwise_xor" => $o.two(|x, y| &x ^ &y),
            "invert" => $o.one(|x| x.mapv(|a| !a)),
            "sum" => $o.one(|x| x.fold(0i64, |sum, &a| sum + i64::from(a))),
            _ => numbers!($t, $name, $o),
        }
    };
}

/// The eager twin of an operator on stored arrays; `None` where `ndarray` has none.
pub fn eager(directory: &Path, name: &str, layout: &str, files: &[&str]) -> Option<Timed> {
    let files: Vec<Array> = files
        .iter()
        .map(|file| load(&directory.join(format!("{file}.npy"))))
        .collect();
    let dtype = files[0].dtype().unwrap();
    if files.iter().any(|file| file.dtype().unwrap() != dtype) {
        return None;
    }
    match dtype {
        DType::F32 => floats!(f32, name, Operands::<f32>::new(&files, layout)),
        DType::F64 => floats!(f64, name, Operands::<f64>::new(&files, layout)),
        DType::I16 => integers!(i16, name, Operands::<i16>::new(&files, layout)),
        DType::I32 => integers!(i32, name, Operands::<i32>::new(&files, layout)),
        DType::I64 => integers!(i64, name, Operands::<i64>::new(&files, layout)),
        DType::U8 => integers!(u8, name, Operands::<u8>::new(&files, layout)),
        DType::Bool => {
            let operands = Operands::<bool>::new(&files, layout);
            match name {
                "logical_and" | "bitwise_and" => operands.two(|x, y| &x & &y),
                "logical_or" | "bitwise_or" => operands.two(|x, y| &x | &y),
                "logical_xor" | "bitwise_xor" => operands.two(|x, y| &x ^ &y),
                "logical_not" | "invert" => operands.one(|x| x.mapv(|a| !a)),
                _ => None,
            }
        }
        _ => None,
    }
}
