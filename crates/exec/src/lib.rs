//! Who runs which task when, in how much memory?
//!
//! | file | question |
//! |---|---|
//! | [`executor`] | what lives longer than a run: threads, compiled kernels |
//! | [`code`] | what runs a stage's kernel? |
//! | [`run`] | a plan, turn after turn |
//! | `opened` | how does a run come by what its plan reads? |
//! | [`stage`] | one turn: workers that take tasks of its stages until none is left |
//! | `turns` | whose task is next, where stages take turns? |
//! | `ahead` | which chunks are fetched before a task asks for them? |
//! | [`task`] | one task: bind what it reads, run its kernel |
//! | [`worker`] | what does a worker keep from task to task? |
//! | [`merge`] | partial states on their way up the canonical tree |
//! | `parts` | what does it make of stages that are computed within it? |
//! | `blocks` | … where a function makes blocks of what is bound? |
//! | `boxes` | which iterations does each kernel call of a task cover? |
//! | [`bind`] | where does a kernel find an operand? |
//! | `decode` | what does a task take of stored chunks? |
//! | `segments` | which stored chunks does a box of iterations touch? |
//! | `lookup` | … where index arrays point? |
//! | [`gather`] | copying boxes between layouts |
//! | [`chunks`] | decoded chunks that several tasks read |
//! | [`store`] | outputs on their way into sinks |
//! | [`account`] | every byte that is handed out |
//! | [`progress`] | what the user sees meanwhile, and how to stop it |
//! | [`stats`] | what was done, counted where it happened |
//! | `raw` | the unsafe parts: shared outputs and compiled code |
//!
//! Permits come before tasks: a stage starts only as many workers as its bound fits into the
//! budget, so no task ever waits for memory. Absent: expressions, tile choice, code generation.

pub mod account;
mod ahead;
pub mod bind;
mod blocks;
mod boxes;
pub mod chunks;
pub mod code;
mod decode;
pub mod executor;
pub mod gather;
mod lookup;
pub mod merge;
mod opened;
pub mod parts;
pub mod progress;
mod raw;
pub mod run;
mod segments;
pub mod stage;
pub mod stats;
pub mod store;
pub mod task;
mod turns;
pub mod worker;

pub use code::Runner;
pub use executor::{Engine, Executor, RunOptions, Target};
pub use opened::own;
pub use progress::{CancelToken, Progress};
pub use raw::Given;
pub use run::Outcome;
pub use stats::{StageStats, Stats};
