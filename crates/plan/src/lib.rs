//! Which tasks does an optimized expression become, and what do they cost?
//!
//! | room | question |
//! |---|---|
//! | [`mod@plan`] | what is a plan? Plain data. |
//! | [`affine`] | where does an iteration find its element? |
//! | [`program`] | which loads, draws and steps does a stage's body hold? |
//! | [`tile`] | how is a stage cut into tasks? |
//! | [`lower`] | which kernel runs a task? |
//! | [`task`] | which piece of its stage is task number `k`? |
//! | `extents` | how long is what one call of a task's kernel covers? |
//! | [`memory`] | how many bytes does a plan need at most? |
//! | [`budget`] | what does a budget allow? |
//! | [`reads`] | how often is a stored chunk read? |
//! | [`shared`] | which sources do several stages read? |
//! | [`abreast`] | which stages' tasks alternate? |
//! | [`build`] | the road from stage expressions to a plan |
//! | `check` | does a plan hold together? |
//! | [`wire`] | how does a plan travel? |
//!
//! A plan's size and the time to make it do not grow with the number of chunks, and the number of
//! threads is not in it. Absent: data, files, threads, clocks, machine code.

pub mod abreast;
pub mod affine;
pub mod budget;
pub mod build;
mod check;
mod extents;
pub mod lower;
pub mod memory;
pub mod plan;
pub mod program;
pub mod reads;
pub mod shared;
pub mod task;
pub mod tile;
pub mod wire;

pub use build::{Handles, Options, Planned, SinkShape, plan};
pub use plan::{Blocks, Input, Lookup, Operand, Piece, Plan, Source, Stage, StageOutput, Work};
pub use task::{Task, Tasks};
pub use tilewright_expr::attr::{Access, Bytes, MemoryArray, UserSource};
pub use tilewright_expr::blocks::{BlockFunction, BlockView};
