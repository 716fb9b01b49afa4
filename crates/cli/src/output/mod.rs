//! How are results written on a terminal?
//!
//! | file | question |
//! |---|---|
//! | [`mod@array`] | how does NumPy print an array? |
//! | [`float`] | … a float? |
//! | [`size`] | how are bytes read and written by people? |
//! | [`chart`] | how is a grid of chunks drawn? |
//! | [`columns`] | how do texts stand below each other? |
//! | [`tree`] | how is a tree of names drawn? |

pub mod array;
pub mod chart;
pub mod columns;
pub mod float;
pub mod size;
pub mod tree;
