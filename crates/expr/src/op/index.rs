//! Rows: elements looked up by index arrays.

use super::{Doc, Family, OpDef};

/// Elements of an array at the positions that index arrays give.
pub static TAKE: OpDef = OpDef {
    name: "take",
    family: Family::Index,
    params: &["x", "indices"],
    options: &["axis"],
    doc: Doc {
        formula: "y[.., k, ..] = x[.., indices[k], ..]; an array for each axis",
        edges: "negative indices count from the end; one out of range is an error of the run, or \
                when it is written where the indices are known; one that no element of the result \
                needs may go unseen",
        source: "NumPy 2 take, take_along_axis and advanced indexing",
    },
};
