//! Operators, lazy expressions and their reference meaning.
//!
//! | room | question |
//! |---|---|
//! | [`blocks`] | what is a function of blocks, and which elements does it take? |
//! | [`op`] | what is known of each operator? One static row each. |
//! | [`node`] | what is an expression? |
//! | [`attr`] | what does a node hold beside its arguments? |
//! | [`handle`] | what stands in an expression for a thing of this process? |
//! | [`infer`] | of which dtype, shape and grid is a node? |
//! | [`build`] | how does NumPy's call become nodes in normal form? |
//! | [`walk`] | how are all nodes visited once, without recursion? |
//! | [`mod@print`] | how does an expression read? |
//! | [`manual`] | what does the operator manual say? |
//! | [`mod@reference`] | what does it mean, in plain loops over whole arrays? |
//!
//! Normal form: the arguments of a map have its loop dtype and its shape (casts and broadcasts are
//! nodes), a reduction drops its axes (`keepdims` is an `expand_dims` above it), an integer index
//! is a slice and a `squeeze`. Absent: optimization, tiles, kernels, files.

pub mod attr;
pub mod blocks;
pub mod build;
pub mod handle;
pub mod infer;
pub mod manual;
pub mod node;
pub mod op;
pub mod print;
pub mod reference;
pub mod walk;

pub use attr::{Attr, Leaf, LeafKind, MemoryArray, SourceRef, UserSource};
pub use handle::Handle;
pub use node::{Expr, Type};
pub use op::{Family, OpDef, OpId};
