//! TIFF and BigTIFF: images in strips or tiles, and stacks of them.
//!
//! | file | question |
//! |---|---|
//! | `directory` | what do the tags of a page say, and where is the next page? |
//! | `page` | how are the samples of a page laid out and packed? |
//! | `stack` | which axes do the pages make? |
//! | `source` | how is a strip or tile read? |
//!
//! Absent: JPEG and its kin, samples of fewer than 8 bits, colour spaces, reduced images, which are
//! passed over.
//!
//! **Source** TIFF revision 6.0; the BigTIFF design; OME-TIFF 2016-06; ImageJ's TiffDecoder for the
//! words of its descriptions.

mod directory;
mod page;
mod source;
mod stack;

pub use source::open;

/// How files are named.
pub const ENDINGS: &[&str] = &[".tif", ".tiff"];

/// The first bytes of a file: little- and big-endian, TIFF and BigTIFF.
pub const MAGICS: &[&[u8]] = &[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
