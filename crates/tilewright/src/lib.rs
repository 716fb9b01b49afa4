//! NumPy-style expressions over chunked, larger-than-memory arrays, optimized and compiled.
//!
//! An [`Array`] is a lazy expression: build it with operators, slices and reductions, then compute
//! it. The optimizer finds the cheapest equal expression, the planner cuts it into tiles under a
//! memory budget, kernels are compiled, and a scheduler runs them, reading only what the answer
//! needs.
//!
//! ```
//! use tilewright::{axis, random, s, shape};
//!
//! let x = random::seed(7).normal(0, 1, shape([10_000, 10_000]).chunks([1000, 1000]));
//! // 100 columns of the mean: 10^6 numbers are drawn, not 10^8, in flat memory.
//! let mean = x.mean(axis(0)).slice(s![0..100]);
//! let mean = mean.compute()?.to_ndarray::<f64>()?;
//! assert_eq!(mean.shape(), [100]);
//! # Ok::<(), tilewright::Error>(())
//! ```
//!
//! | room | question |
//! |---|---|
//! | [`Array`] | what is a lazy array? Its methods bear NumPy's names |
//! | [`Operand`] | what may stand beside an array? |
//! | [`s!`](crate::s), [`Item`] | how is a subscript written? |
//! | [`axis`], [`axes`], [`all_axes`], `..` | what does a reduction fold? |
//! | [`shape`], [`Chunks`] | which shape and chunks does a new array have? |
//! | [`full`], [`zeros`], [`ones`], [`array`](array()), [`arange`], [`linspace`], [`eye`] | arrays made |
//! | [`random`] | arrays drawn |
//! | [`open`](open()), [`open_decoded`], [`info`], [`list`], [`Array::from_ndarray`] | arrays read |
//! | [`map_blocks`](map_blocks()), [`Array::map_overlap`] | functions of the caller's |
//! | [`from_source`], [`from_delayed`] | arrays that code of the caller's reads |
//! | [`Session`], [`Job`] | threads, memory, plans; one run |
//! | [`Computed`], [`Store`] | where do results go? |
//! | [`Explanation`], [`Stats`] | what will a run do, and what did it? |
//! | [`ops`] | operators by name |
//!
//! Absent: operators' meaning (`tilewright-expr`), rewriting (`tilewright-opt`), planning, code
//! generation and scheduling, each in a crate of its own.

mod agreement;
mod array;
mod between;
mod block_axes;
mod block_code;
mod blocks;
mod budget;
mod chunks;
mod compute;
mod computed;
mod counted;
mod creation;
mod curves;
mod decode;
mod editing;
mod elementwise;
mod explain;
mod flat;
mod folds;
mod histogram;
mod job;
mod layout;
mod map_blocks;
mod memory;
mod moves;
mod number;
mod open;
mod operand;
mod operators;
pub mod ops;
mod origin;
mod pieces;
mod places;
mod prepare;
mod products;
mod quantiles;
pub mod random;
mod reductions;
mod reference;
mod rows;
mod selected;
mod session;
mod sets;
mod shapes;
mod slicing;
mod stats;
mod store;
mod summaries;
mod template;
mod user;

pub use agreement::Closeness;
pub use array::Array;
pub use between::{geomspace_between, linspace_between, logspace_between};
pub use block_code::{BlockArguments, BlockResult};
pub use blocks::{Blocks, block};
pub use budget::default_memory;
pub use chunks::{AxisChunks, Chunks};
pub use compute::compute_all;
pub use computed::Computed;
pub use creation::{
    Triangle, arange, arange_as, array, eye, fromfunction, full, geomspace, linspace, linspace_as,
    linspace_step, logspace, meshgrid, ones, tri, triangle_indices, zeros,
};
pub use curves::{CrossAxes, Ends, Overlap};
pub use elementwise::select;
pub use explain::{
    Bound, Explanation, Input, Rates, Row, Rule, Section, Stage, Stored, Totals, Work,
};
pub use flat::{Outside, indices, ravel_multi_index, unravel_index};
pub use histogram::{BinRule, Bins, Histogram, histogram, histogram2d};
pub use job::{Finished, Job};
pub use layout::{Layout, shape};
pub use map_blocks::{Depth, MapBlocks, map_blocks};
pub use memory::FromNdarray;
pub use moves::{concatenate, stack};
pub use number::Number;
pub use open::{
    Group, Listed, Listing, Scale, SourceInfo, info, list, listing, open, open_chunked,
    open_decoded,
};
pub use operand::Operand;
pub use pieces::Piece;
pub use places::Unique;
pub use products::{Covariance, einsum};
pub use quantiles::{Fractions, QuantileAxes, QuantileMethod, quantile_method};
pub use reductions::{Axes, Reduction, all_axes, axes, axis};
pub use rows::{Edges, Side, lexsort};
pub use session::{Engine, Math, OnProgress, Session, SessionBuilder, default_session};
pub use sets::Intersection;
pub use shapes::{
    Cuts, Pad, Points, Repeats, broadcast_arrays, column_stack, dstack, hstack, vstack,
};
pub use slicing::{Item, NewAxis, Range};
pub use stats::Stats;
pub use store::{Blosc, BloscCompressor, BloscShuffle, Codecs, Compression, Store};
pub use summaries::NormOrder;
pub use user::{from_delayed, from_source};

pub use tilewright_core::c_strides;
pub use tilewright_core::error::visible;
pub use tilewright_core::half::{self, f16};
pub use tilewright_core::{Block, DType, Error, Grid, Kind, Result, Scalar, Shape, Slice, uri};
pub use tilewright_exec::{CancelToken, Progress, Runner, StageStats};
pub use tilewright_expr::Expr;
pub use tilewright_expr::blocks::BlockPlace;
pub use tilewright_expr::build::{Boundary, Made};
#[cfg(feature = "remote")]
pub use tilewright_io::RemoteSettings;
pub use tilewright_io::{Attributes, Counters, InPlace, Sink, SinkInfo, Source};
pub use tilewright_opt::Nominal;

/// A defect of Tilewright itself.
fn internal(message: &str) -> Error {
    Error::new(Kind::Internal, message)
}
