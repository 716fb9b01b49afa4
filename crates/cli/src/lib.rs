//! Tilewright's command line as a library, so that its parts can be tested and fuzzed alone.
//!
//! The binary `tilewright` is a thin shell round this crate. [`parse`] turns the text of an
//! expression into a small syntax tree; it knows no operator and no array.

pub mod parse;
