//! Directories of npy files, laid end to end along an axis, as Dask writes them.
//!
//! | file | question |
//! |---|---|
//! | `info` | what does the directory say of the files? |
//! | `pickle` | what does a pickle build? |
//! | `operation` | of which operations does a pickle consist? |
//! | `numbers` | how are many whole numbers kept in little memory? |
//! | `source` | how is a file read as a chunk? |
//! | `sink` | how is a directory written? |
//!
//! `0.npy`, `1.npy` and so on, and `info`, a pickle of the chunks, the dtype and the axis. Absent:
//! whatever else a pickle may hold or do: nothing in it is run.
//!
//! **Source** the documentation of `dask.array.to_npy_stack`; `pickletools` of Python's library.

mod info;
mod numbers;
mod operation;
mod pickle;
mod sink;
mod source;

pub use sink::{create, describe};
pub use source::{is_stack, open};

/// How it is named, for a way out.
pub const NAMED: &str = "x.npystack";

/// What a name ends in that is to be written.
pub const ENDING: &str = ".npystack";

/// The file that says what the others are.
const INFO: &str = "info";
