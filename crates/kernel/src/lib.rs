//! The kernel language: what one task does to its buffers, as a tiny typed loop language.
//!
//! | file | question |
//! |---|---|
//! | [`ir`] | what can a kernel say? |
//! | [`fold`] | what does a reduction keep, and how do two states merge? |
//! | [`state`] | how are states of a fold made, merged and finished? |
//! | [`slice_fn`] | which functions over whole slices may a kernel call? |
//! | [`element_fn`] | … of them, which are plain loops? |
//! | [`rows`] | … of those, which take whole rows? |
//! | `shim` | how does a kernel reach them? |
//! | [`drawn`] | how many random numbers has this thread drawn? |
//! | [`check`] | is this kernel well-formed? |
//! | [`mod@print`] | how does it read? |
//! | [`interp`] | what does it mean, in plain loops? |
//! | `memory`, `column`, `arith` | which memory, over how many elements, and on one element? |
//!
//! Absent: operators, arrays larger than a task's tile, threads. A kernel is data; `interp` runs
//! it plainly and `tilewright-jit` compiles it, with the same bits.

mod arith;
pub mod check;
mod column;
mod depth;
pub mod drawn;
pub mod element_fn;
pub mod fold;
pub mod interp;
pub mod ir;
mod memory;
pub mod print;
pub mod rows;
mod shim;
pub mod slice_fn;
pub mod state;

pub use element_fn::ElementFn;
pub use fold::{Finish, Fold, FoldOp};
pub use interp::{Call, RawBuffer};
pub use ir::{BinaryOp, Index, IndexOp, Kernel, LaneOp, Place, Slot, Stmt, UnaryOp};
pub use rows::RowFn;
pub use slice_fn::{Shim, SliceFn};
