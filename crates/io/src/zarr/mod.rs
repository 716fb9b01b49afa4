//! Zarr, versions 2 and 3.
//!
//! | file | question |
//! |---|---|
//! | `node` | is a directory an array, a group or neither? |
//! | `listing` | what stands below a group? |
//! | `metadata` | what does a metadata document say? |
//! | `missing` | how does xarray say which elements are missing? |
//! | `attributes` | how are the attributes of an array kept? |
//! | `consolidated` | which arrays does a group name in its own document? |
//! | `small` | is a document small enough to be built? |
//! | `codecs` | by which steps were a chunk's elements encoded? |
//! | `numcodecs` | which step is a codec of numcodecs? |
//! | `shard` | where in a shard is an inner chunk? |
//! | `source` | how is a chunk read? |
//! | `sink` | how is an array written? |
//! | `deposit` | how do an array's files go to a place of objects? |
//! | `place` | where do an array's files stand until they are shown? |
//! | `part` | how is a part of an array written that exists? |
//! | `moving` | how do the files of a part go into the array? |
//! | `delivery` | how do they, into an array of objects? |
//! | `existing` | how are the chunks of an array packed that exists? |
//! | `target` | may an array go to this place? |
//! | `document` | what is written of it beside its chunks? |
//! | `blosc` | how does blosc pack a chunk? |
//! | `encode` | how is a chunk, or a shard of chunks, encoded? |
//!
//! The `zarrs` library gives the documents their meaning (version 2 as version 3, data types, fill
//! values, chunk keys, names and options of most codecs) and undoes blosc. Files are read
//! here, by the caller's thread: that counts what is fetched, and uses none of the library's own
//! threads. Gzip, zlib and zstd are undone here, since the library's decoders grow as long as the
//! stream asks them to.
//!
//! **Source** the Zarr storage specification version 2 and the Zarr core specification version 3
//! with its codec pages.

mod attributes;
mod blosc;
mod codecs;
mod consolidated;
mod delivery;
mod deposit;
mod document;
mod encode;
mod existing;
mod listing;
mod metadata;
mod missing;
mod moving;
mod node;
mod numcodecs;
mod part;
mod place;
mod shard;
mod sink;
mod small;
mod source;
mod target;

pub use listing::list;
pub use sink::{create, describe};
pub use source::open;
