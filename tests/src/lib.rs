//! What do the tests of the whole share?
//!
//! | room | question |
//! |---|---|
//! | [`random`] | where do test cases get their choices from? |
//! | [`program`] | how is a test case held, so that it can be built, printed and shrunk? |
//! | [`rows`] | … of those, calls along an axis? |
//! | [`blocks`] | … functions of blocks? |
//! | [`text`] | … how does it read, in the expression language? |
//! | [`stored`] | … stored arrays, in chunks or open? |
//! | [`data`] | which elements stand in its arrays? |
//! | [`generate`] | which cases are there? Typed by construction. |
//! | [`rooms`] | do all the ways to compute a case agree, bit for bit? |
//! | [`shrink`] | what is the smallest case that still fails? |
//! | [`tally`] | what did a run of cases cover? |
//! | [`campaign`] | how are many cases run, and what is told of those that fail? |
//!
//! Absent: anything the product needs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

pub mod blocks;
pub mod campaign;
pub mod data;
pub mod generate;
pub mod program;
pub mod random;
pub mod rooms;
pub mod rows;
pub mod shrink;
pub mod stored;
pub mod tally;
pub mod text;
