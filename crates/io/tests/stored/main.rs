//! Stored arrays: those that Python wrote, those that are broken, and those that we write.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod additions;
mod archives;
mod damage;
mod datasets;
mod faults;
mod fixtures;
mod hdf5;
mod links;
mod nifti;
mod objects;
mod parts;
mod refusals;
mod resumed;
mod scales;
mod sinks;
mod stacks;
mod tiff;
mod values;
