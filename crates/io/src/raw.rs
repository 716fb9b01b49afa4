//! How is a file of bare elements named, read and written?
//!
//! The file says nothing of itself, so the URI does: `x.raw?shape=100,200&dtype=int16`, and where
//! they are not 0, little and C, `offset=16`, `endian=big`, `order=F`. Absent: any check but that of
//! the length. It is written little-endian from its first byte on, and the URI need not say then what
//! the array says.

use crate::file::Input;
use crate::location::Location;
use crate::plain_sink::{self, Form};
use crate::source::MOST_AXES;
use crate::{ArraySpec, Sink, SinkInfo, Source, SourceInfo, fault, plain};
use std::sync::Arc;
use tilewright_core::{DType, Error, Result, Shape, element_count};

/// How it is written.
pub const NAMED: &str = "x.raw?shape=100,200&dtype=int16&offset=0&endian=little&order=C";

/// The format's name.
pub const FORMAT: &str = "raw";

/// How files are named that are written so.
const ENDINGS: &[&str] = &[".raw", ".bin"];

/// What a URI says of a file.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    shape: Shape,
    dtype: DType,
    layout: (u64, bool, bool),
}

/// Opens a file of bare elements.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if the URI does not say what is in it, or it is shorter.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let query = location.query.as_deref().unwrap_or("");
    let refused =
        |message: String| -> Error { fault::source(&location.uri, message).way_out(NAMED) };
    let said = parse(query).map_err(refused)?;
    let input = Input::of(location)?;
    let mut info = SourceInfo::plain(FORMAT, said.shape, said.dtype, &input);
    // What the URI says is not in the file's identity, but in its name.
    info.stored_bytes =
        element_count(&info.shape).map(|count| count as u64 * info.dtype.itemsize() as u64);
    let (start, fortran, big_endian) = said.layout;
    let layout = plain::Layout {
        start,
        fortran,
        big_endian,
    };
    plain::source(info, input, &layout)
}

/// Whether a name asks for a file of bare elements.
pub fn is_named(location: &Location) -> bool {
    location.ends_with(ENDINGS)
}

/// A file of bare elements, of which nothing else is said.
pub fn unsaid(uri: &str) -> Error {
    fault::source(
        uri,
        "a file of bare elements does not say its shape and dtype",
    )
    .way_out(format!("{uri}?shape=100,200&dtype=int16"))
}

/// Starts a file of bare elements.
///
/// # Errors
/// Those of [`describe`] and of [`plain_sink::create`].
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let form = Form {
        format: FORMAT,
        start: Vec::new(),
        fortran: is_fortran(location, spec)?,
        close: plain_sink::as_it_stands(),
    };
    plain_sink::create(location, spec, form)
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the URI says something else than the array, or what is not
/// written.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    let fortran = is_fortran(location, spec)?;
    Ok(plain_sink::describe(location, spec, FORMAT, fortran))
}

/// Whether the URI asks for the first axis to vary fastest.
fn is_fortran(location: &Location, spec: &ArraySpec) -> Result<bool> {
    let refused = |message: String, way_out: String| {
        Err(fault::sink(&location.uri, message).way_out(way_out))
    };
    let Some(query) = &location.query else {
        return Ok(false);
    };
    let said = match parse(query) {
        Ok(said) => said,
        Err(message) => return refused(message, NAMED.into()),
    };
    let (start, fortran, big_endian) = said.layout;
    if start > 0 || big_endian {
        let message = "bare elements are written little-endian, and from the first byte on";
        return refused(message.into(), "no offset and no endian".into());
    }
    if said.shape != spec.shape || said.dtype != spec.dtype {
        let array = format!("{}{:?}", spec.dtype.name(), &spec.shape[..]);
        let message = format!("the URI says another shape or dtype than {array}");
        return refused(message, "leave out what stands behind ?".into());
    }
    Ok(fortran)
}

fn parse(query: &str) -> Result<Said, String> {
    let (mut shape, mut dtype, mut layout) = (None, None, (0, false, false));
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let wrong = || format!("{} is no {name}", fault::quote(value));
        match name {
            "shape" => {
                let value = value.trim_matches(['(', ')']);
                let lens = value
                    .split(',')
                    .map(str::trim)
                    .filter(|len| !len.is_empty());
                let lens: Result<Shape, _> = lens.map(|len| len.parse::<i64>()).collect();
                let lens = lens.map_err(|_| wrong())?;
                let fits = lens.len() <= MOST_AXES && lens.iter().all(|&len| len >= 0);
                shape = Some(lens).filter(|_| fits);
                shape.as_ref().ok_or_else(wrong)?;
            }
            "dtype" => {
                let (order, bare) = match value.split_at_checked(1) {
                    Some((order @ ("<" | ">"), bare)) => (order, bare),
                    _ => ("<", value),
                };
                dtype = Some(DType::parse(bare).ok_or_else(wrong)?);
                layout.2 |= order == ">";
            }
            "offset" => layout.0 = value.parse().map_err(|_| wrong())?,
            "endian" if ["little", "big"].contains(&value) => layout.2 |= value == "big",
            "order" if ["C", "F"].contains(&value) => layout.1 = value == "F",
            "endian" | "order" => return Err(wrong()),
            _ => {
                return Err(format!(
                    "{} is nothing that is said of a file",
                    fault::quote(name)
                ));
            }
        }
    }
    match (shape, dtype) {
        (Some(shape), Some(dtype)) => Ok(Said {
            shape,
            dtype,
            layout,
        }),
        _ => Err("shape and dtype of a file of bare elements must be given".into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_from_a_server_is_said_of_files() {
        for name in tilewright_core::uri::OF_FILES {
            let refused = parse(&format!("shape=1&dtype=u1&{name}=!")).unwrap_err();
            assert!(
                refused.contains(name) && !refused.contains("nothing"),
                "{refused}"
            );
        }
    }

    #[test]
    fn what_is_said_is_read_and_nonsense_is_refused() {
        let said = parse("shape=3,4&dtype=>i2&offset=16&order=F").unwrap();
        assert_eq!((&said.shape[..], said.dtype), (&[3, 4][..], DType::I16));
        assert_eq!(said.layout, (16, true, true));
        assert_eq!(
            parse("dtype=float64&shape=()").unwrap().shape[..],
            [] as [i64; 0]
        );
        for bad in [
            "",
            "shape=3",
            "dtype=f8",
            "shape=-1&dtype=f8",
            "shape=x&dtype=f8",
            "shape=3&dtype=float128",
            "shape=3&dtype=f8&offset=-1",
            "shape=3&dtype=f8&order=K",
            "shape=3&dtype=f8&endian=middle",
            "shape=3&dtype=f8&colour=red",
            "shape=99999999999999999999&dtype=f8",
        ] {
            parse(bad).unwrap_err();
        }
    }
}
