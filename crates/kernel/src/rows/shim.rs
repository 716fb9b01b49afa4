//! How does a kernel reach the functions of rows?
//!
//! One shim for each function and dtype. Absent: raw memory, which is `crate::shim`'s.

use super::quantile::Interpolate;
use super::{Asked, RowFn, count, quantile, scan, search, sort};
use crate::arith::Number;
use crate::fold::FoldOp;
use crate::shim::{Arguments, StaticRow, of_row};
use crate::slice_fn::Shim;
use tilewright_core::{DType, Element};
use tilewright_vecmath::singular_values;

/// The shim of a function for a dtype: `$run` takes the call, with `$t` the dtype's Rust type and
/// `$d` the dtype in `$function`.
macro_rules! each {
    (any $($rest:tt)*) => { each!([Bool u8] numbers $($rest)*) };
    ($([$($more:tt)*])? numbers $($rest:tt)*) => {
        each!([$($($more)*)? I8 i8 I16 i16 I32 i32 U8 u8 U16 u16 U32 u32 F32 f32] wide $($rest)*)
    };
    ($([$($more:tt)*])? wide $($rest:tt)*) => {
        each!(@ [$($($more)*)? I64 i64 U64 u64 F64 f64] $($rest)*)
    };
    (@ [$($name:ident $rust:ident)*] $dtype:expr, |$d:ident, $t:ident| $function:expr, $run:expr) => {
        match $dtype {
            $(DType::$name => {
                type $t = $rust;
                struct Static;
                impl StaticRow for Static {
                    const FUNCTION: RowFn = {
                        const $d: DType = DType::$name;
                        $function
                    };
                    fn run(call: Arguments) {
                        let run: fn(Arguments) = $run;
                        run(call)
                    }
                }
                Some(of_row::<Static>())
            })*
            _ => None,
        }
    };
}

impl RowFn {
    /// The address to call; `None` if the function is not defined.
    pub(crate) fn shim(self) -> Option<Shim> {
        use RowFn::*;
        match self {
            Sort(dtype) => each!(any dtype, |D, T| Sort(D), |call| {
                let (row, from) = (call.read::<T>(1), call.parameter() as usize);
                call.write::<T>(0, |result| sort::sort(result, &row, from))
            }),
            ArgSort(dtype) => each!(any dtype, |D, T| ArgSort(D), |call| {
                let (row, from) = (call.read::<T>(1), call.parameter() as usize);
                call.write::<i64>(0, |result| sort::argsort(result, &row, from))
            }),
            Scan(FoldOp::Add, dtype) => each!(numbers dtype, |D, T| Scan(FoldOp::Add, D), |call| {
                scans::<T>(call, Number::add)
            }),
            Scan(FoldOp::Mul, dtype) => each!(numbers dtype, |D, T| Scan(FoldOp::Mul, D), |call| {
                scans::<T>(call, Number::mul)
            }),
            Scan(FoldOp::Min, dtype) => each!(numbers dtype, |D, T| Scan(FoldOp::Min, D), |call| {
                scans::<T>(call, Number::minimum)
            }),
            Scan(FoldOp::Max, dtype) => each!(numbers dtype, |D, T| Scan(FoldOp::Max, D), |call| {
                scans::<T>(call, Number::maximum)
            }),
            Scan(FoldOp::And | FoldOp::Or, _) => None,
            Search(dtype) => each!(any dtype, |D, T| Search(D), |call| {
                let (row, values) = (call.read::<T>(1), call.read::<T>(2));
                let right = call.parameter() != 0;
                call.write::<i64>(0, |result| search::search(result, &row, &values, right))
            }),
            Histogram(dtype) => each!(wide dtype, |D, T| Histogram(D), |call| {
                let (row, edges) = (call.read::<T>(1), call.read::<T>(2));
                call.write::<i64>(0, |result| count::histogram(result, &row, &edges))
            }),
            HistogramWeighted(dtype) => each!(wide dtype, |D, T| HistogramWeighted(D), |call| {
                let (row, edges) = (call.read::<T>(1), call.read::<T>(2));
                let weights = call.read::<f64>(3);
                call.write::<f64>(0, |result| count::weighted(result, &row, &edges, &weights))
            }),
            Quantile(DType::Bool, DType::Bool) => {
                each!(@ [Bool u8] DType::Bool, |D, T| Quantile(D, D), quantiles::<T, T>)
            }
            Quantile(dtype, DType::F64) => {
                each!(numbers dtype, |D, T| Quantile(D, DType::F64), quantiles::<T, f64>)
            }
            Quantile(dtype, result) if dtype == result => {
                each!(numbers dtype, |D, T| Quantile(D, D), quantiles::<T, T>)
            }
            Quantile(..) => None,
            SingularValues(dtype) => each!(@ [F64 f64] dtype, |D, T| SingularValues(D), |call| {
                let length = call.parameter() as usize;
                call.write::<T>(1, |matrix| {
                    call.write::<T>(0, |values| singular_values(values, matrix, length))
                })
            }),
        }
    }
}

fn scans<T: Element>(call: Arguments, f: impl Fn(T, T) -> T) {
    let row = call.read::<T>(1);
    call.write::<T>(2, |carry| {
        call.write::<T>(0, |result| {
            let before = carry.first().copied().filter(|_| call.parameter() > 0);
            if let (Some(last), Some(carry)) =
                (scan::scan(result, &row, before, f), carry.first_mut())
            {
                *carry = last;
            }
        })
    });
}

fn quantiles<T: Interpolate<R> + Element, R: Element>(call: Arguments) {
    let wanted = call.read::<f64>(2);
    let Some(asked) = Asked::of(call.parameter()) else {
        return;
    };
    call.write::<T>(1, |row| {
        call.write::<R>(0, |result| quantile::quantile(result, row, &wanted, asked))
    });
}
