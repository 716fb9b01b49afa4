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
//! | [`listing`](mod@listing) | what does a file or group hold that holds several arrays? |
//! | `location` | what does a URI name? |
//! | `files` | where do files stand? |
//! | [`format`](mod@format) | which formats are there, and which is a file of? |
//! | `npy` | NumPy's file format |
//! | `npy_stack` | directories of npy files |
//! | `zarr` | Zarr, versions 2 and 3 |
//! | `hdf5` | HDF5 and NetCDF-4 |
//! | `nifti` | NIfTI-1 and NIfTI-2 |
//! | `npz` | NumPy's archives |
//! | `tiff` | TIFF and BigTIFF |
//! | `raw` | files of bare elements |
//! | `packed` | how is an array read whose file is packed as a whole? |
//! | `plain` | how is an array read that stands in a file as it would in memory? |
//! | `plain_sink` | how is such a file written? |
//! | `codec` | how are stored bytes decoded without trusting them? |
//! | [`memory`] | the plain twins of sources and sinks |
//! | `ranges` | which bytes of a file are read for a box of elements? |
//! | `runs` | how is a box copied between two layouts? |
//! | `file` | how are bytes read from a file of unknown length? |
//! | `hidden` | how does a file appear whole or not at all? |
//! | `staging` | where do an array's files stand until they are shown? |
//! | `staged` | what of a file that was being written outlives a killed process? |
//! | `replace` | may an array that is a directory go to a place, and how does it? |
//! | `part` | where in an array does a part go, and what becomes of a chunk that it covers in part? |
//! | `slot` | what do the writers of one array share? |
//! | `hash` | which number tells texts apart? |
//! | `within` | does a file of a store stand within it? |
//! | `nearby` | which path was meant, where there is nothing? |
//! | `map` | how does a file become memory? |
//! | `attributes` | what did the user store beside an array? |
//! | `cut` | what becomes of a task that reads a mapped file which was cut short meanwhile? |
//! | `fault` | how is a failure told? |
//!
//! Absent: expressions, plans, tasks, threads (but the one that serves a network) and caches of
//! decoded chunks. A file is input, never trusted: whatever is in it, reading gives the right value
//! or a typed error.

pub mod attributes;
mod codec;
pub mod counters;
mod cut;
mod fault;
mod file;
mod files;
pub mod format;
mod hash;
mod hdf5;
mod hidden;
pub mod listing;
mod location;
mod map;
pub mod memory;
mod nearby;
mod nifti;
mod npy;
mod npy_stack;
mod npz;
mod packed;
mod part;
mod plain;
mod plain_sink;
mod ranges;
mod raw;
mod replace;
mod runs;
pub mod sink;
mod slot;
pub mod source;
mod staged;
mod staging;
mod tiff;
mod within;
mod zarr;

pub use attributes::Attributes;
pub use counters::Counters;
#[cfg(feature = "remote")]
pub use files::remote::Settings as RemoteSettings;
pub use format::{create, describe, keeps, listing, open};
pub use listing::{Group, Listed, Listing, list};
pub use sink::{
    ArraySpec, Blosc, BloscCompressor, BloscShuffle, Codecs, Compression, Part, Sink, SinkInfo,
};
pub use source::{InPlace, Scale, Source, SourceInfo};
