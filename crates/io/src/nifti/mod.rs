//! NIfTI-1 and NIfTI-2: one file, packed with gzip or not, or a header beside an image.
//!
//! | file | question |
//! |---|---|
//! | `header` | what does a header say? |
//! | `told` | what of an array's attributes does a header hold? |
//! | `affine` | where in space is a voxel? |
//! | `source` | how is a file opened? |
//! | `sink` | how is a file written? |
//!
//! Elements stand plainly, the first axis varying fastest. Absent: header extensions, which are
//! passed over; Analyze 7.5, which says nothing of its axes' directions.
//!
//! **Source** the NIfTI-1 and NIfTI-2 data format headers (nifti1.h, nifti2.h).

mod affine;
mod header;
mod sink;
mod source;
mod told;

pub use header::is_header;
pub use sink::{create, describe};
pub use source::open;
pub use told::keeps;

/// How files are named that are written.
pub const WRITTEN: &[&str] = &[".nii", ".nii.gz"];

/// How files are named whose first bytes are packed.
pub const PACKED: &[&str] = &[".nii.gz", ".img.gz", ".hdr.gz"];

/// How the image beside a header is named.
pub const IMAGE: &[&str] = &[".img"];
