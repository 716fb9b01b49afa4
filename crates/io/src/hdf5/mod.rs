//! HDF5, and NetCDF-4, which is HDF5.
//!
//! | file | question |
//! |---|---|
//! | `file` | how does the library get at a file, and what does it say of it? |
//! | `dataset` | what does a dataset's header say? |
//! | `dtype` | which of our dtypes is a datatype? |
//! | `filters` | by which steps were a chunk's elements encoded? |
//! | `header` | which messages stand in an object's header, byte for byte? |
//! | `claims` | do the messages of a header hold as much as they say? |
//! | `members` | which object does a path lead to, and which datasets has a file? |
//! | `listing` | what stands in a file, or below a group of it? |
//! | `heaps` | what stands in a heap, behind an index or a reference? |
//! | `btree` | which records stand in a tree of the second kind? |
//! | `edges` | are the chunks at the edges of a dataset filtered? |
//! | `index` | where in the file is a chunk? |
//! | `attributes` | what did the user store beside an array, and how are its axes named? |
//! | `source` | how is a chunk read? |
//! | `sink` | how is a dataset written? |
//! | `pile` | where do chunks stand until they are shown? |
//! | `existing` | how is a dataset added to a file that exists? |
//! | `part` | how is a part of a dataset written that exists? |
//! | `target` | which dataset is a part written of, and what does it become? |
//! | `change` | how does a dataset of a file that exists become another? |
//! | `continued` | how does the header of an object change where it stands? |
//! | `group` | how does a group gain members? |
//! | `scales` | how are the names of a dataset's axes written? |
//! | `links` | which members has a group, as the messages that link to them? |
//! | `message` | which bytes say what in an object's header? |
//! | `tree` | which bytes find the chunks of a dataset? |
//! | `encode` | how is a chunk encoded? |
//!
//! The `hdf5-reader` library says what messages mean, and finds most kinds of chunks. Objects are found
//! here, with no more memory than the file has bytes. Elements are read here, by the caller's
//! thread, without a lock: that counts what is fetched, bounds what is decoded, and lets chunks be
//! decoded side by side. Files are written here, too: the library reads alone. Absent: virtual
//! datasets, data in other files, links to other files.
//!
//! **Source** the HDF5 File Format Specification, version 3; the NetCDF-4 specification.

mod attributes;
mod btree;
mod change;
mod claims;
mod continued;
mod dataset;
mod dtype;
mod edges;
mod encode;
mod existing;
mod file;
mod filters;
mod group;
mod header;
mod heaps;
mod index;
mod links;
mod listing;
mod members;
mod message;
mod part;
mod pile;
mod scales;
mod sink;
mod source;
mod target;
mod tree;

pub use listing::list;
pub use sink::{create, describe, keeps};
pub use source::open;

/// The first bytes of a file without a user block.
pub const MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";

/// How files are named whose first bytes belong to the user.
pub const ENDINGS: &[&str] = &[".h5", ".hdf5", ".hdf", ".he5", ".nc", ".nc4"];
