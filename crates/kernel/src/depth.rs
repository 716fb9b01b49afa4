//! How deep may what is read nest?
//!
//! Kernels come out of bytes that anyone may have written; a parser that recurses as deep as they
//! say would overflow the stack.

use serde::de::{Deserialize, Deserializer, Error};
use std::cell::Cell;

/// Levels of loops and of index computations; lowering makes a few per axis.
const MOST: u32 = 256;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Reads a value one level further down.
pub(crate) fn limited<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    let depth = DEPTH.get();
    if depth >= MOST {
        return Err(D::Error::custom("a kernel nests too deep"));
    }
    DEPTH.set(depth + 1);
    let value = T::deserialize(from);
    DEPTH.set(depth);
    value
}
