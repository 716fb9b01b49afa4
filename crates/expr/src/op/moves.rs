//! Rows: moves. No element is computed.

use super::{Doc, Family, MoveKind, OpDef};

/// A region.
pub static SLICE: OpDef = OpDef {
    name: "slice",
    family: Family::Move(MoveKind::Slice),
    params: &["x"],
    options: &["region"],
    doc: Doc {
        formula: "x[start:stop:step, ...]",
        edges: "steps of any sign; empty slices are arrays of length 0",
        source: "NumPy 2 basic indexing",
    },
};

/// Axes in another order.
pub static TRANSPOSE: OpDef = OpDef {
    name: "transpose",
    family: Family::Move(MoveKind::Transpose),
    params: &["x"],
    options: &["axes"],
    doc: Doc {
        formula: "y[.., i_p(k), ..] = x[.., i_k, ..]",
        edges: "without axes, all in reverse",
        source: "NumPy 2 transpose",
    },
};

/// Repetition along axes.
pub static BROADCAST_TO: OpDef = OpDef {
    name: "broadcast_to",
    family: Family::Move(MoveKind::Broadcast),
    params: &["x"],
    options: &["shape"],
    doc: Doc {
        formula: "axes of length 1 repeat, new ones stand before",
        edges: "no element is copied",
        source: "NumPy 2 broadcast_to",
    },
};

/// New axes of length 1.
pub static EXPAND_DIMS: OpDef = OpDef {
    name: "expand_dims",
    family: Family::Move(MoveKind::ExpandDims),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "x[.., None, ..]",
        edges: "positions are those in the result",
        source: "NumPy 2 expand_dims",
    },
};

/// Axes of length 1 go.
pub static SQUEEZE: OpDef = OpDef {
    name: "squeeze",
    family: Family::Move(MoveKind::Squeeze),
    params: &["x"],
    options: &["axis"],
    doc: Doc {
        formula: "x without axes of length 1",
        edges: "an axis of another length is refused",
        source: "NumPy 2 squeeze",
    },
};

/// Another shape.
pub static RESHAPE: OpDef = OpDef {
    name: "reshape",
    family: Family::Move(MoveKind::Reshape),
    params: &["x"],
    options: &["shape"],
    doc: Doc {
        formula: "the same elements in C order under another shape",
        edges: "one length may be -1",
        source: "NumPy 2 reshape",
    },
};

/// Arrays end to end.
pub static CONCATENATE: OpDef = OpDef {
    name: "concatenate",
    family: Family::Move(MoveKind::Concatenate),
    params: &["arrays"],
    options: &["axis"],
    doc: Doc {
        formula: "arrays end to end along an axis",
        edges: "dtypes promote; other axes must agree",
        source: "NumPy 2 concatenate",
    },
};

/// Another chunk grid.
pub static RECHUNK: OpDef = OpDef {
    name: "rechunk",
    family: Family::Move(MoveKind::Rechunk),
    params: &["x"],
    options: &["chunks"],
    doc: Doc {
        formula: "the same array under another chunk grid",
        edges: "changes reduction trees and stored chunks, no element",
        source: "dask.array rechunk",
    },
};

/// Windows along axes.
pub static SLIDING_WINDOW_VIEW: OpDef = OpDef {
    name: "sliding_window_view",
    family: Family::Move(MoveKind::Windows),
    params: &["x"],
    options: &["window_shape", "axis"],
    doc: Doc {
        formula: "y[.., i, .., w] = x[.., i + w, ..]",
        edges: "new axes stand last; without axis, one window for each axis; a reduction of windows \
                alone doubles: log2(window) steps instead of window many, in an order fixed by the \
                window",
        source: "NumPy 2 lib.stride_tricks.sliding_window_view",
    },
};
