//! How is a member opened?

use super::archive::{self, Member};
use crate::file::Input;
use crate::listing::{Listed, Listing};
use crate::location::Location;
use crate::npy;
use crate::packed::{self, Packing};
use crate::{Source, SourceInfo, plain};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// Most members named in a way out.
const NAMES: usize = 8;

/// Opens the array that stands behind `#`, or the only one.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none, or none that can be read.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let input = Input::of(location)?;
    let members = archive::members(&input)?;
    let member = pick(&input, location, &members)?;
    let start = archive::start(&input, member)?;
    let packing = match member.method {
        _ if member.encrypted => {
            return Err(input
                .fault("the member is encrypted")
                .way_out("write it again with numpy.savez"));
        }
        0 => Packing::None,
        8 => Packing::Deflate {
            start,
            len: member.packed,
        },
        method => {
            return Err(input
                .fault(format!("the member is packed by method {method}"))
                .way_out("write it again with numpy.savez_compressed"));
        }
    };
    let (header, elements) = match packing {
        Packing::None => npy::read_header(&input, start, member.packed)?,
        _ => {
            let fixed = packed::start(&input, packing, npy::FIXED)?;
            let most = npy::header_end(&input, &fixed)?;
            npy::parse_start(&input, &packed::start(&input, packing, most)?)?
        }
    };
    let mut info = SourceInfo::plain("npz", header.shape, header.dtype, &input);
    info.stored_bytes = Some(member.packed);
    let layout = plain::Layout {
        start: elements,
        fortran: header.fortran,
        big_endian: header.big_endian,
    };
    match packing {
        Packing::None => plain::source(info, input, &layout),
        packing => packed::source(info, input, packing, layout),
    }
}

/// The arrays of an archive.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if the archive cannot be read.
pub fn list(location: &Location) -> Result<Listing> {
    let members = archive::members(&Input::of(location)?)?;
    let path = location.files.uri(&location.path);
    let arrays = members.iter().filter(|member| is_array(member));
    let arrays = arrays.map(|member| Listed::named(name(&path, member), key(member).to_owned()));
    Ok(Listing {
        arrays: arrays.collect(),
        ..Listing::default()
    })
}

fn is_array(member: &Member) -> bool {
    member.name.ends_with(".npy")
}

/// What names a member.
fn name(path: &str, member: &Member) -> String {
    format!("{path}#{}", key(member))
}

/// Its name within the archive.
fn key(member: &Member) -> &str {
    member.name.strip_suffix(".npy").unwrap_or(&member.name)
}

/// The member that a location names.
fn pick<'a>(input: &Input, location: &Location, members: &'a [Member]) -> Result<&'a Member> {
    let arrays = || members.iter().filter(|member| is_array(member));
    let named = location
        .key
        .as_deref()
        .map(|key| key.trim_start_matches('/'));
    let (found, message) = match named.filter(|key| !key.is_empty()) {
        Some(key) => (
            arrays()
                .find(|member| member.name == key || member.name.strip_suffix(".npy") == Some(key)),
            format!("there is no array {}", crate::fault::quote(key)),
        ),
        None if arrays().count() == 1 => (arrays().next(), String::new()),
        None => (None, format!("the archive has {} arrays", arrays().count())),
    };
    found.ok_or_else(|| -> Error {
        let error = input.fault(message);
        let path = location.files.name(&location.path);
        let some = arrays().take(NAMES).map(|member| name(&path, member));
        let names: Vec<String> = some.collect();
        if names.is_empty() {
            error.way_out("an archive that numpy.savez wrote")
        } else {
            error.way_out(names.join(", "))
        }
    })
}
