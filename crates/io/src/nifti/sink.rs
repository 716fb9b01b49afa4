//! How is a NIfTI file written?
//!
//! One little-endian file, of version 1 where that can say the shape; voxels stand at their
//! indices.

use super::header;
use crate::location::Location;
use crate::plain_sink::{self, Form};
use crate::{ArraySpec, Sink, fault};
use std::sync::Arc;
use tilewright_core::Result;

/// The format's name.
pub const FORMAT: &str = "nifti";

/// Starts a NIfTI file; one whose name ends in `.gz` is packed in the end.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the format has no such dtype or shape, and those of
/// [`plain_sink::create`].
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let start = header::write(spec.dtype, &spec.shape)
        .map_err(|(message, way_out)| fault::sink(&location.uri, message).way_out(way_out))?;
    let form = Form {
        format: FORMAT,
        start,
        fortran: true,
        close: match location.ends_with(&[".gz"]) {
            true => Box::new(plain_sink::pack),
            false => plain_sink::as_it_stands(),
        },
    };
    plain_sink::create(location, spec, form)
}
