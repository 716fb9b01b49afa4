//! Which functions of whole rows are there?
//!
//! A row is what an array holds along one axis: contiguous, of any length. One call makes one row.
//!
//! | file | question |
//! |---|---|
//! | `order` | in which order do elements stand? |
//! | `sort` | sorted rows, and the positions that sort them |
//! | `scan` | running sums, products, minima and maxima |
//! | `search` | where does a value belong in a sorted row? |
//! | `count` | how many elements fall into each bin? |
//! | `quantile` | quantiles and medians |
//! | `shim` | how does a kernel reach them? |
//!
//! Singular values are `tilewright_vecmath`'s. Absent: where rows lie in an array (`plan`), raw memory (`shim`).

pub(crate) mod count;
pub(crate) mod order;
pub(crate) mod quantile;
pub(crate) mod scan;
pub(crate) mod search;
mod shim;
pub(crate) mod sort;

use crate::fold::FoldOp;
use serde::{Deserialize, Serialize};
use tilewright_core::DType;
use tilewright_vecmath::quantile::Method;

/// A function of rows: `ints [n, m, parameter]`, `places [result, row]` or
/// `[result, row, other]`, with `n` elements in the row and `m` in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RowFn {
    /// Elements `parameter..parameter + m` of the sorted row; equal ones stay in their order, NaN
    /// is last.
    Sort(DType),
    /// The positions (i64) of the elements that [`RowFn::Sort`] gives.
    ArgSort(DType),
    /// Running folds, left to right; `m` is `n`. A row may come in parts: `parameter` elements were
    /// before this one, and `places [result, row, carry]` keep their fold from part to part.
    Scan(FoldOp, DType),
    /// For each of `m` others the number (i64) of elements of the sorted row before it; of those
    /// equal to it, all if the parameter is 1, none if it is 0.
    Search(DType),
    /// How many elements (i64) lie in each of `m` bins, whose `m + 1` edges (f64 or i64) are
    /// the other row; the last bin holds its upper edge too.
    Histogram(DType),
    /// As [`RowFn::Histogram`], with a row of f64 weights that are added left to right:
    /// `places [result, row, edges, weights]`.
    HistogramWeighted(DType),
    /// Quantiles of the row at the other row's `m` f64 between 0 and 1: `parameter` is that of an
    /// [`Asked`]. The second dtype is the result's. The row is overwritten.
    Quantile(DType, DType),
    /// The `m` singular values of a matrix of `m` vectors of its shorter side, each as long as the
    /// parameter says. The row is overwritten.
    SingularValues(DType),
}

/// How a [`RowFn::Quantile`] is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Between which elements, and how.
    pub method: Method,
    /// Whether NaN counts as missing.
    pub skip_nan: bool,
    /// The float that positions are computed in.
    pub float: DType,
}

impl Asked {
    /// Floats by their numbers in a parameter.
    const FLOATS: [DType; 3] = [DType::F64, DType::F32, DType::F16];

    /// As a number, from the lowest bits on: the method's place among all, whether NaN is missing, the
    /// float.
    pub fn parameter(self) -> i64 {
        let method = Method::ALL.iter().position(|method| *method == self.method);
        let float = Asked::FLOATS.iter().position(|float| *float == self.float);
        let number = |place: Option<usize>| place.unwrap_or(0) as i64;
        number(method) | i64::from(self.skip_nan) << 8 | number(float) << 9
    }

    /// What a parameter says; `None` if it is that of none.
    pub fn of(parameter: i64) -> Option<Asked> {
        Some(Asked {
            method: *Method::ALL.get(usize::try_from(parameter & 0xff).ok()?)?,
            skip_nan: parameter >> 8 & 1 == 1,
            float: *Asked::FLOATS.get(usize::try_from(parameter >> 9).ok()?)?,
        })
    }
}

impl RowFn {
    /// Number of places.
    pub fn places(self) -> usize {
        match self {
            RowFn::Sort(_) | RowFn::ArgSort(_) | RowFn::SingularValues(_) => 2,
            RowFn::Scan(..) | RowFn::Search(_) | RowFn::Histogram(_) | RowFn::Quantile(..) => 3,
            RowFn::HistogramWeighted(_) => 4,
        }
    }

    /// Element type of a place.
    pub fn place_dtype(self, place: usize) -> DType {
        match (self, place) {
            (RowFn::ArgSort(_) | RowFn::Search(_) | RowFn::Histogram(_), 0) => DType::I64,
            (RowFn::Quantile(_, result), 0) => result,
            (RowFn::HistogramWeighted(_), 0 | 3) | (RowFn::Quantile(..), 2) => DType::F64,
            _ => self.dtype(),
        }
    }

    /// Element type of the row.
    pub fn dtype(self) -> DType {
        match self {
            RowFn::Sort(dtype)
            | RowFn::ArgSort(dtype)
            | RowFn::Scan(_, dtype)
            | RowFn::Search(dtype)
            | RowFn::Histogram(dtype)
            | RowFn::HistogramWeighted(dtype)
            | RowFn::SingularValues(dtype)
            | RowFn::Quantile(dtype, _) => dtype,
        }
    }

    /// Whether it takes a row in parts, with what is carried from part to part as its last place.
    pub fn carries(self) -> bool {
        matches!(self, RowFn::Scan(..))
    }

    /// Whether it writes to a place.
    pub fn writes(self, place: usize) -> bool {
        let overwritten = matches!(self, RowFn::Quantile(..) | RowFn::SingularValues(_));
        place == 0 || (place == 1 && overwritten) || (place == 2 && self.carries())
    }

    /// Whether the function exists for its dtypes.
    pub fn is_defined(self) -> bool {
        match self {
            _ if self.dtype().computed() != self.dtype() => false,
            RowFn::Scan(op, dtype) => {
                !matches!(op, FoldOp::And | FoldOp::Or) && dtype != DType::Bool
            }
            RowFn::Histogram(dtype) | RowFn::HistogramWeighted(dtype) => {
                matches!(dtype, DType::I64 | DType::U64 | DType::F64)
            }
            RowFn::SingularValues(dtype) => dtype == DType::F64,
            RowFn::Quantile(dtype, result) => {
                result == dtype || (result == DType::F64 && dtype != DType::Bool)
            }
            _ => true,
        }
    }

    /// Number of elements it touches from a place on.
    pub fn extent(self, place: usize, n: usize, m: usize) -> usize {
        match (self, place) {
            (RowFn::Scan(..), 2) => 1,
            (_, 0) | (RowFn::Search(_) | RowFn::Quantile(..), 2) => m,
            (RowFn::Histogram(_) | RowFn::HistogramWeighted(_), 2) => m + 1,
            _ => n,
        }
    }
}

impl std::fmt::Display for RowFn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RowFn::Sort(dtype) => write!(f, "sort {dtype}"),
            RowFn::ArgSort(dtype) => write!(f, "argsort {dtype}"),
            RowFn::Scan(op, dtype) => write!(f, "scan {op} {dtype}"),
            RowFn::Search(dtype) => write!(f, "search {dtype}"),
            RowFn::Histogram(dtype) => write!(f, "histogram {dtype}"),
            RowFn::HistogramWeighted(dtype) => write!(f, "histogram_weighted {dtype}"),
            RowFn::Quantile(dtype, result) => write!(f, "quantile {dtype} {result}"),
            RowFn::SingularValues(dtype) => write!(f, "singular_values {dtype}"),
        }
    }
}
