//! Rows: functions of the user's.

use super::{Doc, Family, OpDef};

/// One block of the result from the blocks of the arguments at its place.
pub static MAP_BLOCKS: OpDef = OpDef {
    name: "map_blocks",
    family: Family::Opaque,
    params: &["*arrays"],
    options: &["function", "dtype", "chunks", "depth", "boundary"],
    doc: Doc {
        formula: "y[block k] = function(x[block k and what is near it], ...)",
        edges: "in Rust alone; the function is called once for each block that is asked for, or \
                again, and must give the same each time; where it fails or panics the run is an \
                error that names the block; an array without elements calls it not at all",
        source: "Dask map_blocks and map_overlap",
    },
};
