//! How does a kernel reach the slice functions?
//!
//! One machine-level signature for all of them, so that the interpreter and compiled code call the
//! same addresses. Places may be unaligned: what is not aligned is copied through memory that is.
//! Absent: bounds checks; the interpreter has made them, compiled code relies on the lowering.
#![allow(unsafe_code, reason = "raw slices of kernels become typed ones here")]

use crate::arith::{Float, Integer, Neighbour, Number};
use crate::element_fn::ElementFn;
use crate::fold::{Fold, FoldOp};
use crate::rows::RowFn;
use crate::slice_fn::{self, Shim, SliceFn};
use std::borrow::Cow;
use tilewright_core::half::f16;
use tilewright_core::{DType, Element};
use tilewright_vecmath as vecmath;
use tilewright_vecmath::{Draw, MathFn, Products};

/// The arguments of one call.
#[derive(Clone, Copy)]
pub(crate) struct Arguments {
    function: SliceFn,
    ints: *const i64,
    places: *const *mut u8,
}

impl Arguments {
    fn int(&self, k: usize) -> i64 {
        debug_assert!(k < self.function.arity().0);
        // SAFETY: the caller of a shim passes as many integers as `arity` says.
        unsafe { *self.ints.add(k) }
    }

    /// The parameter of a function of rows.
    pub(crate) fn parameter(&self) -> i64 {
        self.int(2)
    }

    fn place(&self, k: usize) -> *mut u8 {
        debug_assert!(k < self.function.arity().1);
        // SAFETY: the caller of a shim passes as many places as `arity` says.
        unsafe { *self.places.add(k) }
    }

    fn extent(&self, k: usize) -> usize {
        let count = self.function.arity().0;
        // SAFETY: as in `int`; `count` integers are there.
        self.function
            .extent(k, unsafe { std::slice::from_raw_parts(self.ints, count) })
    }

    /// The elements of a place that is only read.
    pub(crate) fn read<T: Element>(&self, k: usize) -> Cow<'_, [T]> {
        let (from, len) = (self.place(k).cast::<T>(), self.extent(k));
        if len == 0 {
            return Cow::Borrowed(&[]);
        }
        if from.is_aligned() {
            // SAFETY: `extent` elements of a place are readable and nothing writes them meanwhile,
            // since no place overlaps another; any bits are a `T`, which is plain old data.
            return Cow::Borrowed(unsafe { std::slice::from_raw_parts(from, len) });
        }
        // SAFETY: as above, read element by element without alignment.
        Cow::Owned(
            (0..len)
                .map(|i| unsafe { from.add(i).read_unaligned() })
                .collect(),
        )
    }

    /// The elements of a place that is a grid of two axes. Where they are not aligned, a copy without
    /// what lies between them, and its strides.
    fn read_grid<T: Element>(
        &self,
        k: usize,
        counts: [usize; 2],
        strides: &mut [usize; 2],
    ) -> Cow<'_, [T]> {
        let from = self.place(k).cast::<T>();
        if from.is_aligned() {
            return self.read(k);
        }
        let [row, column] = std::mem::replace(strides, [counts[1], 1]);
        let offsets =
            (0..counts[0]).flat_map(|i| (0..counts[1]).map(move |j| i * row + j * column));
        // SAFETY: as in `read`, for those of the place's elements that belong to the grid.
        Cow::Owned(
            offsets
                .map(|i| unsafe { from.add(i).read_unaligned() })
                .collect(),
        )
    }

    /// Runs `body` on the elements of a place that is written (and read before, if it likes).
    pub(crate) fn write<T: Element>(&self, k: usize, body: impl FnOnce(&mut [T])) {
        let (to, len) = (self.place(k).cast::<T>(), self.extent(k));
        if len == 0 {
            return;
        }
        if to.is_aligned() {
            // SAFETY: as in `read`; the place is writable and overlaps no other.
            return body(unsafe { std::slice::from_raw_parts_mut(to, len) });
        }
        let mut copy = self.read::<T>(k).into_owned();
        body(&mut copy);
        for (i, value) in copy.into_iter().enumerate() {
            // SAFETY: as above, written element by element without alignment.
            unsafe { to.add(i).write_unaligned(value) }
        }
    }
}

/// A shim of its own for one constant function: `$body` is a block over `$arguments`.
macro_rules! shim {
    ($function:expr, |$arguments:ident| $body:expr) => {{
        unsafe extern "C" fn call(ints: *const i64, places: *const *mut u8) {
            let function = $function;
            let $arguments = Arguments {
                function,
                ints,
                places,
            };
            $body
        }
        Some(call as Shim)
    }};
}

/// `dst[i] = f(a[i], b[i])`.
fn zip<T: Element>(arguments: Arguments, f: impl Fn(T, T) -> T) {
    let (a, b) = (arguments.read::<T>(1), arguments.read::<T>(2));
    arguments.write::<T>(0, |dst| {
        for ((dst, &a), &b) in dst.iter_mut().zip(a.iter()).zip(b.iter()) {
            *dst = f(a, b);
        }
    });
}

/// `dst[i] = f(a[i])`.
fn each_one<T: Element>(arguments: Arguments, f: impl Fn(T) -> T) {
    let a = arguments.read::<T>(1);
    arguments.write::<T>(0, |dst| {
        for (dst, &a) in dst.iter_mut().zip(a.iter()) {
            *dst = f(a);
        }
    });
}

impl SliceFn {
    /// The address to call; `None` if the function [is not defined](SliceFn::is_defined).
    ///
    /// # Safety
    /// (of the call) `ints` and `places` point to as many values as [`SliceFn::arity`] says, and
    /// each place to [`SliceFn::extent`] elements, writable if [`SliceFn::writes`]; no place
    /// overlaps another.
    pub fn shim(self) -> Option<Shim> {
        match self {
            SliceFn::Math(f, dtype) => math(f, dtype),
            SliceFn::Element(f, dtype) => element(f, dtype),
            SliceFn::Draw(draw) => draw_f64(draw),
            SliceFn::DrawOf(draw) => draw_of(draw),
            SliceFn::MomentsLeaf => shim!(SliceFn::MomentsLeaf, |call| moments_leaf(call)),
            SliceFn::ProductsLeaf(DType::F64) => {
                shim!(SliceFn::ProductsLeaf(DType::F64), |call| {
                    products_leaf::<f64>(call)
                })
            }
            SliceFn::ProductsLeaf(DType::F32) => {
                shim!(SliceFn::ProductsLeaf(DType::F32), |call| {
                    products_leaf::<f32>(call)
                })
            }
            SliceFn::ProductsLeaf(_) => None,
            SliceFn::Tree(Fold::Op(..)) | SliceFn::Push(_) | SliceFn::Finish(_) => fold_shim(self),
            SliceFn::Tree(_) => None,
            SliceFn::Row(function) => function.shim(),
        }
    }
}

/// A function of rows known at compile time, so that each has a shim of its own.
pub(crate) trait StaticRow {
    const FUNCTION: RowFn;

    /// Runs it on the arguments of a call.
    fn run(call: Arguments);
}

unsafe extern "C" fn row<F: StaticRow>(ints: *const i64, places: *const *mut u8) {
    F::run(Arguments {
        function: SliceFn::Row(F::FUNCTION),
        ints,
        places,
    });
}

/// The shim of a function of rows.
pub(crate) fn of_row<F: StaticRow>() -> Shim {
    row::<F>
}

fn math(f: MathFn, dtype: DType) -> Option<Shim> {
    macro_rules! each {
        ($($name:ident)*) => {
            match (f, dtype) {
                $((MathFn::$name, DType::F64) => {
                    shim!(SliceFn::Math(MathFn::$name, DType::F64), |call| {
                        apply(call, MathFn::$name, vecmath::apply_f64)
                    })
                }
                (MathFn::$name, DType::F32) => {
                    shim!(SliceFn::Math(MathFn::$name, DType::F32), |call| {
                        apply(call, MathFn::$name, vecmath::apply_f32)
                    })
                })*
                _ => None,
            }
        };
    }
    each!(
        Exp Exp2 Expm1 Log Log2 Log10 Log1p Pow Cbrt Hypot Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh Tanh Asinh Acosh Atanh Erf Erfc Gamma Gammaln LogAddExp LogAddExp2 Radians Degrees Sinc I0
    )
}

fn apply<T: Element>(call: Arguments, f: MathFn, run: fn(MathFn, &mut [T], &[T], &[T])) {
    let a = call.read::<T>(1);
    let b = if f.arity() == 2 {
        call.read::<T>(2)
    } else {
        Cow::Borrowed(&[][..])
    };
    call.write(0, |dst| run(f, dst, &a, &b));
}

fn element(f: ElementFn, dtype: DType) -> Option<Shim> {
    macro_rules! each {
        ($($name:ident $run:ident $of:ident::$method:ident [$($dtype:ident $t:ty),*];)*) => {
            match (f, dtype) {
                $($((ElementFn::$name, DType::$dtype) => {
                    shim!(SliceFn::Element(ElementFn::$name, DType::$dtype), |call| {
                        $run(call, <$t as $of>::$method)
                    })
                })*)*
                _ => None,
            }
        };
    }
    macro_rules! by_dtype {
        ($($name:ident $run:ident $of:ident::$method:ident $kind:ident;)*) => {
            by_dtype!(@ [] $($name $run $of::$method $kind;)*)
        };
        (@ [$($done:tt)*]) => { each!($($done)*) };
        (@ [$($done:tt)*] $name:ident $run:ident $of:ident::$method:ident floats; $($rest:tt)*) => {
            by_dtype!(@ [$($done)* $name $run $of::$method [F32 f32, F64 f64];] $($rest)*)
        };
        (@ [$($done:tt)*] $name:ident $run:ident $of:ident::$method:ident stored; $($rest:tt)*) => {
            by_dtype!(@ [$($done)* $name $run $of::$method [F16 f16, F32 f32, F64 f64];] $($rest)*)
        };
        (@ [$($done:tt)*] $name:ident $run:ident $of:ident::$method:ident integers; $($rest:tt)*) => {
            by_dtype!(@ [$($done)* $name $run $of::$method [
                I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64];] $($rest)*)
        };
    }
    by_dtype! {
        FloorDivide zip Float::floor_divide floats;
        Remainder zip Float::remainder floats;
        Power zip Integer::power integers;
        Fmod zip Number::fmod floats;
        Fmod zip Number::fmod integers;
        Gcd zip Integer::gcd integers;
        Lcm zip Integer::lcm integers;
        NextAfter zip Neighbour::next_after stored;
        Scale zip Float::scale floats;
        Mantissa each_one Float::mantissa floats;
        Exponent each_one Float::exponent floats;
    }
}

fn draw_f64(draw: Draw) -> Option<Shim> {
    macro_rules! each {
        ($($name:ident)*) => {
            match draw {
                $(Draw::$name => shim!(SliceFn::Draw(Draw::$name), |call| {
                    call.write(0, |dst| {
                        let (seed, start, step) = (call.int(1) as u64, call.int(2) as u64, call.int(3));
                        crate::drawn::add(dst.len());
                        vecmath::draw_f64(Draw::$name, seed, start, step, dst)
                    })
                }),)*
                _ => None,
            }
        };
    }
    each! {
        Uniform Normal Integer Exponential Laplace Logistic Gumbel Rayleigh Pareto Power Weibull
        Triangular Lognormal Cauchy Wald WaldRoot Geometric Permutation Choice Student Logseries
        LogseriesRate
    }
}

fn draw_of(draw: Draw) -> Option<Shim> {
    macro_rules! each {
        ($($name:ident)*) => {
            match draw {
                Draw::Integer => shim!(SliceFn::DrawOf(Draw::Integer), |call| draw_integers(call)),
                $(Draw::$name => shim!(SliceFn::DrawOf(Draw::$name), |call| {
                    let given = [1, 2, 3].map(|place| {
                        let there = place <= Draw::$name.parameters();
                        there.then(|| call.read::<f64>(place)).unwrap_or_default()
                    });
                    let parameters = [&*given[0], &*given[1], &*given[2]];
                    call.write(0, |dst| {
                        let (seed, start, step) = (call.int(1) as u64, call.int(2) as u64, call.int(3));
                        crate::drawn::add(dst.len());
                        vecmath::draw_of(Draw::$name, seed, start, step, parameters, dst);
                    });
                }),)*
                _ => None,
            }
        };
    }
    each! {
        Gamma ChiSquare Beta BetaRest Fisher FisherBelow StudentBelow Poisson Binomial
        NegativeBinomial NegativeBinomialCount Dirichlet VonMises Zipf Hypergeometric Multinomial
    }
}

fn draw_integers(call: Arguments) {
    let (low, high) = (call.read::<i64>(1), call.read::<i64>(2));
    call.write(0, |dst| {
        let (seed, start, step) = (call.int(1) as u64, call.int(2) as u64, call.int(3));
        crate::drawn::add(dst.len());
        vecmath::draw_integers(seed, start, step, &low, &high, dst);
    });
}

fn moments_leaf(call: Arguments) {
    let mut columns = slice_fn::columns(&[call.int(0), call.int(1), call.int(2)]);
    let mut strides = [columns.stride, 1];
    let x = call.read_grid(0, [columns.rows, columns.width], &mut strides);
    columns.stride = strides[0];
    call.write::<f64>(1, |state| {
        let (count, rest) = state.split_at_mut(columns.width);
        let (mean, rest) = rest.split_at_mut(columns.width);
        let (low, m2) = rest.split_at_mut(columns.width);
        count.fill(columns.rows as f64);
        vecmath::moments_leaf_rows(&x, columns, mean, low, m2);
    });
}

fn products_leaf<T: Element + vecmath::Real>(call: Arguments) {
    let ints: [i64; 7] = std::array::from_fn(|k| call.int(k));
    let mut products = slice_fn::products(&ints);
    let Products {
        rows,
        lines,
        columns,
        ..
    } = products;
    let a = call.read_grid::<T>(1, [rows, lines], &mut products.a);
    let b = call.read_grid::<T>(2, [rows, columns], &mut products.b);
    call.write(0, |state| {
        call.write(3, |lines| {
            call.write(4, |columns| {
                vecmath::products_leaf(state, &a, &b, [lines, columns], products);
            });
        });
    });
}

/// A fold known at compile time, so that each has shims of its own.
trait StaticFold {
    const FOLD: Fold;
}

unsafe extern "C" fn tree<F: StaticFold>(ints: *const i64, places: *const *mut u8) {
    let call = Arguments {
        function: SliceFn::Tree(F::FOLD),
        ints,
        places,
    };
    write_bytes(call, 0, F::FOLD, |dst| {
        write_bytes(call, 1, F::FOLD, |states| {
            let rooted = F::FOLD.tree(states);
            debug_assert!(rooted.is_ok(), "{rooted:?}");
            dst.copy_from_slice(&states[..dst.len()]);
        });
    });
}

unsafe extern "C" fn push<F: StaticFold>(ints: *const i64, places: *const *mut u8) {
    let call = Arguments {
        function: SliceFn::Push(F::FOLD),
        ints,
        places,
    };
    let (index, width) = (call.int(0).max(0), call.int(1).max(0) as usize);
    let size = F::FOLD.state_bytes(width);
    write_bytes(call, 1, F::FOLD, |leaf| {
        write_bytes(call, 0, F::FOLD, |stack| {
            let levels = index.trailing_ones() as usize;
            for level in 0..levels {
                let (below, rest) = stack.split_at_mut(level * size);
                let right = if level == 0 {
                    &*leaf
                } else {
                    &below[(level - 1) * size..]
                };
                merge(F::FOLD, width, &mut rest[..size], right);
            }
            let (below, rest) = stack.split_at_mut(levels * size);
            let root = if levels == 0 {
                &*leaf
            } else {
                &below[(levels - 1) * size..]
            };
            rest[..size].copy_from_slice(root);
        });
    });
}

unsafe extern "C" fn finish<F: StaticFold>(ints: *const i64, places: *const *mut u8) {
    let call = Arguments {
        function: SliceFn::Finish(F::FOLD),
        ints,
        places,
    };
    let (mut count, width) = (call.int(0).max(0) as u64, call.int(1).max(0) as usize);
    let size = F::FOLD.state_bytes(width);
    if count == 0 {
        return;
    }
    write_bytes(call, 1, F::FOLD, |dst| {
        write_bytes(call, 0, F::FOLD, |stack| {
            let mut root = count.trailing_zeros() as usize;
            count &= count - 1;
            while count != 0 {
                let level = count.trailing_zeros() as usize;
                let (below, rest) = stack.split_at_mut(level * size);
                merge(
                    F::FOLD,
                    width,
                    &mut rest[..size],
                    &below[root * size..(root + 1) * size],
                );
                root = level;
                count &= count - 1;
            }
            dst.copy_from_slice(&stack[root * size..(root + 1) * size]);
        });
    });
}

/// `merge` on states whose sizes and alignment are right by construction.
#[inline(always)]
fn merge(fold: Fold, width: usize, left: &mut [u8], right: &[u8]) {
    let merged = fold.merge(width, left, right);
    debug_assert!(merged.is_ok(), "{merged:?}");
}

/// The bytes of a place of states, aligned to the fold's dtype.
#[inline(always)]
fn write_bytes(call: Arguments, place: usize, fold: Fold, body: impl FnOnce(&mut [u8])) {
    match fold.dtype().itemsize() {
        8 => call.write::<u64>(place, |words| body(bytemuck::cast_slice_mut(words))),
        4 => call.write::<u32>(place, |words| body(bytemuck::cast_slice_mut(words))),
        2 => call.write::<u16>(place, |words| body(bytemuck::cast_slice_mut(words))),
        _ => call.write::<u8>(place, body),
    }
}

/// The shim of a function of a fold.
fn fold_shim(function: SliceFn) -> Option<Shim> {
    let (SliceFn::Tree(fold) | SliceFn::Push(fold) | SliceFn::Finish(fold)) = function else {
        return None;
    };
    macro_rules! shims {
        ($fold:expr) => {{
            struct Static;
            impl StaticFold for Static {
                const FOLD: Fold = $fold;
            }
            match function {
                SliceFn::Tree(_) => tree::<Static> as Shim,
                SliceFn::Push(_) => push::<Static>,
                _ => finish::<Static>,
            }
        }};
    }
    macro_rules! dtypes {
        ($op:ident, $dtype:expr) => {
            dtypes!(@ $op, $dtype, Bool I8 I16 I32 I64 U8 U16 U32 U64 F32 F64)
        };
        (@ $op:ident, $dtype:expr, $($name:ident)*) => {
            match $dtype {
                $(DType::$name => shims!(Fold::Op(FoldOp::$op, DType::$name)),)*
                _ => return None,
            }
        };
    }
    Some(match fold {
        Fold::Op(op, dtype) if op.binary_on(dtype).is_none() => return None,
        Fold::Op(FoldOp::Add, dtype) => dtypes!(Add, dtype),
        Fold::Op(FoldOp::Mul, dtype) => dtypes!(Mul, dtype),
        Fold::Op(FoldOp::Min, dtype) => dtypes!(Min, dtype),
        Fold::Op(FoldOp::Max, dtype) => dtypes!(Max, dtype),
        Fold::Op(FoldOp::And, dtype) => dtypes!(And, dtype),
        Fold::Op(FoldOp::Or, dtype) => dtypes!(Or, dtype),
        Fold::Moments => shims!(Fold::Moments),
        Fold::WideSum => shims!(Fold::WideSum),
        Fold::Squares => shims!(Fold::Squares),
    })
}
