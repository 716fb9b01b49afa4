//! How is an npy file written?

use super::header;
use crate::location::Location;
use crate::plain_sink::{self, Form};
use crate::{ArraySpec, Sink};
use std::sync::Arc;
use tilewright_core::Result;

/// The format's name.
pub const FORMAT: &str = "npy";

/// Starts an npy file.
///
/// # Errors
/// Those of [`plain_sink::create`].
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let form = Form {
        format: FORMAT,
        start: header::write(spec.dtype, &spec.shape),
        fortran: false,
        close: plain_sink::as_it_stands(),
    };
    plain_sink::create(location, spec, form)
}
