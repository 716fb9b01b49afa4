//! Are the chunks at the edges of a dataset filtered?
//!
//! Layouts of version 4 and later may leave filters out of the chunks that hang over an edge
//! (`H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS`). The library passes over the flag that says so. Absent:
//! whatever else a layout says.
//!
//! **Source** HDF5 File Format Specification 3.0, section IV.A.2.i.

use super::file::File;
use super::message::LAYOUT;

/// Whether filters are left out of the chunks at the edges of the dataset at `address`.
///
/// # Errors
/// A sentence, if the header cannot be walked.
pub fn are_bare(file: &File, address: u64) -> Result<bool, String> {
    match file.header(address)?.find(LAYOUT) {
        Some([version, class, flags, ..]) => Ok(*version >= 4 && *class == 2 && flags & 1 == 1),
        _ => Err("the layout is damaged".into()),
    }
}
