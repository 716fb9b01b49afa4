//! How is an npy file opened?
//!
//! Its header says all; the elements stand plainly behind it.

use super::header::{self, Header};
use crate::file::{self, Input};
use crate::location::Location;
use crate::{Source, SourceInfo, plain};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// Bytes of an npy file that tell how long its header is.
pub const FIXED: usize = 12;

/// Opens an npy file.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none, or shorter than its header says.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let input = Input::of(location)?;
    let (header, start) = read_header(&input, 0, input.len)?;
    let info = SourceInfo::plain("npy", header.shape, header.dtype, &input);
    let layout = plain::Layout {
        start,
        fortran: header.fortran,
        big_endian: header.big_endian,
    };
    plain::source(info, input, &layout)
}

/// The header of the npy file of `len` bytes that stands at byte `at`, and where its elements
/// start.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none.
pub fn read_header(input: &Input, at: u64, len: u64) -> Result<(Header, u64)> {
    let refused = |refusal| refused(input, refusal);
    let mut start = [0; FIXED];
    let some = len.min(FIXED as u64) as usize;
    input.read_at(&mut start[..some], at)?;
    let (from, to) = header::text_bounds(&start[..some]).map_err(refused)?;
    if len < to as u64 {
        let message = format!("the npy header has {} bytes, the file {len}", to - from);
        return Err(refused((
            message,
            "copy or write the file again; it is truncated",
        )));
    }
    let mut text = file::buffer(&input.uri, to - from)?;
    input.read_at(&mut text, at + from as u64)?;
    Ok((header::parse(&text).map_err(refused)?, at + to as u64))
}

/// Where the header ends of an npy file whose first bytes are `start`.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none.
pub fn header_end(input: &Input, start: &[u8]) -> Result<usize> {
    let bounds = header::text_bounds(start);
    Ok(bounds.map_err(|refusal| refused(input, refusal))?.1)
}

/// The header of an npy file whose first bytes are `start`, and where its elements start.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none.
pub fn parse_start(input: &Input, start: &[u8]) -> Result<(Header, u64)> {
    let refused = |refusal| refused(input, refusal);
    let (from, to) = header::text_bounds(&start[..start.len().min(FIXED)]).map_err(refused)?;
    let text = start.get(from..to).ok_or_else(|| {
        refused((
            "the npy header is cut short".into(),
            "copy or write the file again; it is truncated",
        ))
    })?;
    Ok((header::parse(text).map_err(refused)?, to as u64))
}

fn refused(input: &Input, (message, way_out): header::Refusal) -> Error {
    input.fault(message).way_out(way_out)
}
