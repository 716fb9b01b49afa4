//! Are the chunks at the edges of a dataset filtered?
//!
//! Layouts of version 4 and later may leave filters out of the chunks that hang over an edge
//! (`H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS`). The library passes over the flag that says so. Absent:
//! whatever else a layout says.
//!
//! **Source** HDF5 File Format Specification 3.0, section IV.A.2.i.

use super::header::Header;
use super::message::LAYOUT;

/// Whether filters are left out of the chunks at the edges of the dataset with this header.
pub fn are_bare(header: &Header) -> bool {
    let layout = header.find(LAYOUT);
    matches!(layout, Some([version, 2, flags, ..]) if *version >= 4 && flags & 1 == 1)
}
