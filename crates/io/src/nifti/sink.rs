//! How is a NIfTI file written?
//!
//! One little-endian file, of version 1 where that can say the shape; voxels stand where the
//! attributes say, or at their indices.

use super::header;
use super::told::{self, Told};
use crate::location::Location;
use crate::plain_sink::{self, Form};
use crate::{ArraySpec, Sink, SinkInfo, fault};
use std::sync::Arc;
use tilewright_core::Result;

/// The format's name.
const FORMAT: &str = "nifti";

/// Starts a NIfTI file; one whose name ends in `.gz` is packed in the end.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the format has no such dtype or shape, and those of
/// [`plain_sink::create`].
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    if let Some((name, _)) =
        (spec.attributes.iter()).find(|(name, value)| !told::keeps(name, value))
    {
        let message = format!("nifti has no place for the attribute {name:?}");
        return Err(fault::sink(&location.uri, message)
            .way_out("write a .zarr array, or drop the attribute"));
    }
    let told = Told::of(&spec.attributes);
    let start = header::write(spec.dtype, &spec.shape, &told)
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
    let mut spec = spec.clone();
    spec.attributes.clear();
    plain_sink::create(location, &spec, form)
}

/// What a file takes.
///
/// # Errors
/// None; the type is that of formats that look at what stands there.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    Ok(plain_sink::describe(location, spec, FORMAT, true))
}
