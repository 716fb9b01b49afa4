//! Sums of products of two vectors, one of which slides along the other: `correlate`, `convolve`.
//!
//! The longer one is padded, and its windows are multiplied with the shorter one. What lies beyond
//! its ends takes no part, also where 0 times infinity would be NaN.

use super::{astype, concatenate, expand_dims, flip, full, map, reduce, sliding_window_view};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar};

/// Which places of the vector that slides count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// Those where it lies within the other one.
    Valid,
    /// As many as the longer vector has elements, in the middle.
    Same,
    /// Those where the two have an element in common.
    #[default]
    Full,
}

/// The sums over n of `a[n + k] * v[n]`, for each place k where the vectors overlap.
///
/// # Errors
/// [`Kind::Shape`] for other than vectors, or empty ones.
pub fn correlate(a: &Expr, v: &Expr, overlap: Overlap) -> Result<Expr> {
    let (n, m) = lengths("correlate", a, v)?;
    if n < m {
        return flip(&correlate(v, a, overlap)?, None);
    }
    let (before, after) = match overlap {
        Overlap::Valid => (0, 0),
        Overlap::Same => (m / 2, m - m / 2 - 1),
        Overlap::Full => (m - 1, m - 1),
    };
    let dtype = a.dtype().promote(v.dtype());
    let wide = |x: &Expr| astype(x, dtype.computed());
    let windows = |x: &Expr, beyond: Scalar| {
        let side = |len: i64| full(beyond, Grid::whole(&[len]));
        let padded = match before + after {
            0 => x.clone(),
            _ => concatenate(&[side(before)?, x.clone(), side(after)?], 0)?,
        };
        sliding_window_view(&padded, &[m], None)
    };
    let zero = Scalar::zero(dtype.computed());
    let pairs = [windows(&wide(a)?, zero)?, expand_dims(&wide(v)?, &[0])?];
    let mut products = map("multiply", &pairs)?;
    if dtype.is_float() && before + after > 0 {
        let within = windows(&full(true.into(), Grid::whole(&[n]))?, false.into())?;
        products = map("where", &[within, products, super::constant(zero)?])?;
    }
    let fold = if dtype == DType::Bool { "any" } else { "sum" };
    astype(&reduce(fold, &products, Some(&[1]), false)?, dtype)
}

/// The sums over n of `a[n] * v[k - n]`, for each k where the vectors overlap.
///
/// # Errors
/// As [`correlate`].
pub fn convolve(a: &Expr, v: &Expr, overlap: Overlap) -> Result<Expr> {
    let (n, m) = lengths("convolve", a, v)?;
    let (long, short) = if n < m { (v, a) } else { (a, v) };
    correlate(long, &flip(short, None)?, overlap)
}

fn lengths(name: &str, a: &Expr, v: &Expr) -> Result<(i64, i64)> {
    match (a.shape(), v.shape()) {
        ([n], [m]) if *n > 0 && *m > 0 => Ok((*n, *m)),
        (a, v) => Err(Error::new(
            Kind::Shape,
            format!("{name} of shapes {} and {}", show_shape(a), show_shape(v)),
        )
        .way_out("two arrays of one axis, neither of them empty")),
    }
}
