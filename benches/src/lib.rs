//! How fast is Tilewright, against naive eager evaluation of the same work?
//!
//! | room | question |
//! |---|---|
//! | [`case`](mod@case) | what is compared, and do both sides agree? |
//! | [`cases`] | which comparisons are there, group by group? |
//! | [`planning`] | which expressions are only planned? |
//! | [`data`] | which arrays do they work on? |
//! | [`rows`] | what is compared with peers in other languages? |
//! | [`files`] | … and what is read from files? |
//! | [`operators`] | … and which operators alone? |
//! | [`eager`] | … and how does `ndarray` compute these? |
//!
//! The eager side is `ndarray` as its users write it: whole arrays, one operation after another,
//! on one thread. `benches/` measures each group finely with criterion; the binary `table` runs
//! all of them once, side by side, and writes the tables of the documentation.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement that fails has no result"
)]

pub mod case;
pub mod cases;
pub mod data;
pub mod eager;
pub mod files;
pub mod operators;
pub mod planning;
pub mod rows;
