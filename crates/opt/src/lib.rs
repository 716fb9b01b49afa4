//! The optimizer: expressions in, the cheapest equal expressions out, every rewrite named.
//!
//! | room | question |
//! |---|---|
//! | [`identity()`] | what is the plan without any optional rewrite? |
//! | `graph`, `language`, `facts` | how do expressions stand in the e-graph, and what is proved of them? |
//! | `rules` | which rewrites are there, and why are they right? |
//! | `saturate` | in which order do they run, and when do they stop? |
//! | `cost` | what does a plan cost, in nanoseconds? |
//! | `nominal` | what does a pass's time go to, by that table? |
//! | `extract` | which of the equal expressions is the cheapest plan? |
//! | [`form`] | what may one pass hold? |
//! | `report` | what did the optimizer do, and what is it worth? |
//!
//! Rules only add equal forms; nothing is thrown away until extraction chooses by cost. Absent:
//! data, files, tiles, threads, clocks.

mod cost;
mod extract;
mod facts;
pub mod form;
mod graph;
mod identity;
mod language;
mod nominal;
mod optimize;
mod report;
mod rules;
mod saturate;
mod stage;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]
mod tests;

pub use identity::identity;
pub use nominal::{Moved, Nominal, nominal};
pub use optimize::{Optimized, Options, optimize};
pub use report::{Fired, Report, Work};
pub use rules::{Class, Group, RuleDoc, rules};
