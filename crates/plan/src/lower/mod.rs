//! Which kernel runs a task?
//!
//! | file | question |
//! |---|---|
//! | [`layout`] | which argument of a kernel is what? |
//! | [`emit`] | how does a straight-line program become lanes, blocks and calls? |
//! | [`map`] | an element-wise stage: loops around one run of lanes |
//! | [`rows`] | a reduction whose lanes run along a kept axis, row by row |
//! | [`leaves`] | a reduction whose lanes run along the reduced axes, leaf by leaf |
//! | [`pairs`] | … two leaves at a time, so that memory is read at two places at once |
//! | [`products`] | a reduction of products of two matrices, block by block |
//! | [`along`] | a function of whole rows, row by row |
//! | [`accumulate`] | how do elements become a leaf's state? |
//! | [`state`] | what reductions share: leaf states, the stack, the outputs |
//! | [`components`] | what do lanes accumulate of a reduced value? |
//! | [`assemble`] | what makes a body a kernel? |
//! | [`renumber`] | how do two straight lines of ops become one? |
//! | [`count`] | what does a reduction's kernel count? |

pub mod accumulate;
pub mod along;
pub mod assemble;
pub mod components;
pub mod count;
pub mod emit;
pub mod layout;
pub mod leaves;
pub mod map;
pub mod pairs;
pub mod products;
pub mod renumber;
pub mod rows;
pub mod state;

pub use layout::{Layout, Range};
