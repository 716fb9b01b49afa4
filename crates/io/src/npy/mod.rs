//! NumPy's file format, versions 1 to 3.
//!
//! A strict parser of its own reads the header: the libraries at hand read the header into memory
//! before they check its length, and do not give shape and order without the elements.
//!
//! **Source** NumPy Enhancement Proposal 1 and the documentation of `numpy.lib.format`.

mod header;
mod sink;
mod source;

pub use header::{MAGIC, code, write as header};
pub use sink::{FORMAT, create};
pub use source::{FIXED, header_end, open, parse_start, read_header};
