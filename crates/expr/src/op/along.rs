//! Rows: functions of whole rows along one axis.

use super::reduce::widen;
use super::{AlongRow, Doc, Family, Length, OpDef, Role};
use crate::reference::along as meaning;
use tilewright_core::DType;
use tilewright_kernel::{FoldOp, RowFn};

fn any(dtype: DType) -> Option<DType> {
    Some(dtype)
}

fn same(dtype: DType) -> DType {
    dtype
}

fn counted(_: DType) -> DType {
    DType::I64
}

/// Bool counts as uint8.
fn numbers(dtype: DType) -> Option<DType> {
    Some(match dtype {
        DType::Bool => DType::U8,
        dtype => dtype,
    })
}

/// 64 bits hold every number of a dtype: edges and values are compared in them.
fn wide(dtype: DType) -> Option<DType> {
    Some(if dtype.is_float() {
        DType::F64
    } else {
        match dtype {
            DType::U64 => DType::U64,
            _ => DType::I64,
        }
    })
}

/// Sorted rows.
pub static SORT: OpDef = OpDef {
    name: "sort",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Window,
        parameter: "from",
        dtype: any,
        output: same,
        eval: meaning::sort,
        lower: |dtype, _| RowFn::Sort(dtype),
        prefix: false,
        lifts: false,
    }),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "the elements along an axis in ascending order",
        edges: "stable: equal elements stay in their order, and -0.0 equals 0.0; NaN is last",
        source: "NumPy 2 sort, kind=\"stable\"",
    },
};

/// The positions that sort rows.
pub static ARGSORT: OpDef = OpDef {
    name: "argsort",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Window,
        parameter: "from",
        dtype: any,
        output: counted,
        eval: meaning::argsort,
        lower: |dtype, _| RowFn::ArgSort(dtype),
        prefix: false,
        lifts: true,
    }),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "the positions of the elements of sort(x) in x",
        edges: "stable: of equal elements the first comes first; NaN is last",
        source: "NumPy 2 argsort, kind=\"stable\"",
    },
};

/// Running sums.
pub static CUMSUM: OpDef = OpDef {
    name: "cumsum",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Same,
        parameter: "",
        dtype: widen,
        output: same,
        eval: meaning::cumsum,
        lower: |dtype, _| RowFn::Scan(FoldOp::Add, dtype),
        prefix: true,
        lifts: true,
    }),
    params: &["x"],
    options: &["axis", "dtype"],
    doc: Doc {
        formula: "y[i] = y[i-1] + x[i]",
        edges: "left to right whatever the chunks; integers widen to 64 bits and wrap",
        source: "NumPy 2 cumsum",
    },
};

/// Running products.
pub static CUMPROD: OpDef = OpDef {
    name: "cumprod",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Same,
        parameter: "",
        dtype: widen,
        output: same,
        eval: meaning::cumprod,
        lower: |dtype, _| RowFn::Scan(FoldOp::Mul, dtype),
        prefix: true,
        lifts: true,
    }),
    params: &["x"],
    options: &["axis", "dtype"],
    doc: Doc {
        formula: "y[i] = y[i-1] * x[i]",
        edges: "left to right whatever the chunks; integers widen to 64 bits and wrap",
        source: "NumPy 2 cumprod",
    },
};

/// Running minima.
pub static MINIMUM_ACCUMULATE: OpDef = OpDef {
    name: "minimum.accumulate",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Same,
        parameter: "",
        dtype: numbers,
        output: same,
        eval: meaning::cummin,
        lower: |dtype, _| RowFn::Scan(FoldOp::Min, dtype),
        prefix: true,
        lifts: true,
    }),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "y[i] = minimum(y[i-1], x[i])",
        edges: "NaN from the first one on; -0.0 is below 0.0",
        source: "NumPy 2 minimum.accumulate",
    },
};

/// Running maxima.
pub static MAXIMUM_ACCUMULATE: OpDef = OpDef {
    name: "maximum.accumulate",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Same,
        parameter: "",
        dtype: numbers,
        output: same,
        eval: meaning::cummax,
        lower: |dtype, _| RowFn::Scan(FoldOp::Max, dtype),
        prefix: true,
        lifts: true,
    }),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "y[i] = maximum(y[i-1], x[i])",
        edges: "NaN from the first one on; -0.0 is below 0.0",
        source: "NumPy 2 maximum.accumulate",
    },
};

/// Places in a sorted row.
pub static SEARCHSORTED: OpDef = OpDef {
    name: "searchsorted",
    family: Family::Along(AlongRow {
        roles: &[Role::Row, Role::Each],
        length: Length::Each,
        parameter: "right",
        dtype: any,
        output: counted,
        eval: meaning::search,
        lower: |dtype, _| RowFn::Search(dtype),
        prefix: false,
        lifts: false,
    }),
    params: &["a", "v"],
    options: &["side"],
    doc: Doc {
        formula: "the number of elements of sorted a below v, or not above it",
        edges: "NaN is above every number; where a is not sorted the result is some position",
        source: "NumPy 2 searchsorted",
    },
};

/// Counts in bins.
pub static HISTOGRAM_COUNTS: OpDef = OpDef {
    name: "histogram_counts",
    family: Family::Along(AlongRow {
        roles: &[Role::Row, Role::Side],
        length: Length::Given,
        parameter: "",
        dtype: wide,
        output: counted,
        eval: meaning::histogram,
        lower: |dtype, _| RowFn::Histogram(dtype),
        prefix: false,
        lifts: false,
    }),
    params: &["x", "edges"],
    options: &[],
    doc: Doc {
        formula: "the number of x in [edge_k, edge_k+1), chunk by chunk",
        edges: "the last bin holds its upper edge; NaN and what lies outside counts nowhere",
        source: "NumPy 2 histogram",
    },
};

/// Sums of weights in bins.
pub static HISTOGRAM_WEIGHTS: OpDef = OpDef {
    name: "histogram_weights",
    family: Family::Along(AlongRow {
        roles: &[Role::Row, Role::Side, Role::Row],
        length: Length::Given,
        parameter: "",
        dtype: wide,
        output: |_| DType::F64,
        eval: meaning::weighted_histogram,
        lower: |dtype, _| RowFn::HistogramWeighted(dtype),
        prefix: false,
        lifts: false,
    }),
    params: &["x", "edges", "weights"],
    options: &[],
    doc: Doc {
        formula: "sums of weights in [edge_k, edge_k+1), chunk by chunk",
        edges: "added left to right within a chunk; NaN and what lies outside weighs nothing",
        source: "NumPy 2 histogram",
    },
};

/// Quantiles of rows.
pub static QUANTILE: OpDef = OpDef {
    name: "quantile",
    family: Family::Along(AlongRow {
        roles: &[Role::Row, Role::Each],
        length: Length::Each,
        parameter: "method",
        dtype: any,
        output: |_| DType::F64,
        eval: meaning::quantile,
        lower: RowFn::Quantile,
        prefix: false,
        lifts: false,
    }),
    params: &["x", "q"],
    options: &["axis", "method", "keepdims"],
    doc: Doc {
        formula: "the value below which a fraction q of the elements lies",
        edges: "NaN gives NaN, nanquantile passes over it; differences of integers wrap as NumPy's; \
                an empty axis is refused",
        source: "Hyndman and Fan 1996; NumPy 2 quantile",
    },
};

/// Singular values of matrices.
pub static SVDVALS: OpDef = OpDef {
    name: "svdvals",
    family: Family::Along(AlongRow {
        roles: &[Role::Row],
        length: Length::Given,
        parameter: "length",
        dtype: |_| Some(DType::F64),
        output: |_| DType::F64,
        eval: meaning::svdvals,
        lower: |dtype, _| RowFn::SingularValues(dtype),
        prefix: false,
        lifts: false,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "singular values of matrices, descending",
        edges: "of the last two axes; computed in float64, each within 64 k^1.5 u of the largest, k the \
                shorter side; the same bits on any machine; NaN alone where an element is not finite; \
                float16 is refused",
        source: "Hestenes 1958; Demmel, Veselic 1992; NumPy 2 linalg.svdvals",
    },
};
