//! Tilewright's command line as a library, so that its parts can be tested and fuzzed alone.
//!
//! The binary `tilewright` is a thin shell round this crate.
//!
//! | room | question |
//! |---|---|
//! | [`parse`] | what does the text of an expression say? |
//! | [`eval`] | what does it mean? |
//! | [`args`] | what may be said on the command line? |
//! | [`command`] | what does each command do? |
//! | [`output`] | how are results written? |
//! | [`progress`] | what does the user see meanwhile? |
//! | [`failure`] | how does a command fail? |
//!
//! Absent: anything that the library cannot do too.

pub mod args;
pub mod command;
pub mod eval;
pub mod failure;
pub mod output;
pub mod parse;
pub mod progress;
