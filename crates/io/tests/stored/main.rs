//! Stored arrays: those that Python wrote, those that are broken, and those that we write.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod damage;
mod fixtures;
mod refusals;
mod sinks;
mod values;
