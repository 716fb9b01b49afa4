//! NumPy's archives of arrays: npy files in a zip file.
//!
//! | file | question |
//! |---|---|
//! | `archive` | which members has a zip file, and where do they stand? |
//! | `source` | how is a member opened? |
//! | `sink` | how is an archive of one array written? |
//! | `encode` | which bytes stand around its member? |
//!
//! A member that is stored is read where it stands, as any npy file; one that is deflated is
//! unpacked once. Absent: encryption, other methods.
//!
//! **Source** PKWARE's APPNOTE.TXT 6.3.

mod archive;
mod encode;
mod sink;
mod source;

pub use sink::{FORMAT, create};
pub use source::{list, open};

/// How a file is named.
pub const ENDING: &str = ".npz";

/// The first bytes of a zip file, and those of an empty one.
pub const MAGICS: &[&[u8]] = &[b"PK\x03\x04", b"PK\x05\x06"];
