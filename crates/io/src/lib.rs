//! How do arrays come from storage, and how do they go there?
//!
//! Stands below `exec`, above `core`. A [`Source`] decodes one stored chunk at a time into memory
//! the caller owns; a [`Sink`] stores one chunk at a time and shows the array only when it is
//! finished.
//!
//! | file | question |
//! |---|---|
//! | [`source`] | what is known of a stored array, and how is a chunk of it read? |
//! | [`sink`] | what does a writer promise? |
//! | [`counters`] | what was moved, counted where it happens? |
//! | [`location`] | which format does a URI name? |
//! | `npy` | NumPy's file format |
//! | `zarr` | Zarr, versions 2 and 3 |
//! | [`memory`] | the plain twins of sources and sinks |
//! | `runs` | how is a box copied between two layouts? |
//! | `file` | how are bytes read from a file of unknown length? |
//! | `fault` | how is a failure told? |
//!
//! Absent: expressions, plans, tasks, threads and caches of decoded chunks. A file is input, never
//! trusted: whatever is in it, reading gives the right value or a typed error.

pub mod counters;
mod fault;
mod file;
pub mod location;
pub mod memory;
mod npy;
mod runs;
pub mod sink;
pub mod source;
mod zarr;

pub use counters::Counters;
pub use location::{create, open};
pub use sink::{ArraySpec, Sink, SinkInfo};
pub use source::{InPlace, Source, SourceInfo};
