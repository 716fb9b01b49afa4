//! How is a file opened?
//!
//! A packed file is unpacked as far as its header on opening, and as a whole at the first read.

use super::affine::affine;
use super::header::{self, Header, LENGTHS, Refusal};
use super::told::{OF_SPACE, OF_TIME};
use crate::file::Input;
use crate::location::Location;
use crate::packed::{self, Packing};
use crate::source::Scale;
use crate::{Source, SourceInfo, plain};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// Opens a NIfTI file, or either one of a pair.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none, or shorter than its header says.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let mut named = Input::of(location)?;
    if let Some(beside) = other(&location.path, "img", "hdr") {
        named = beside_input(location, beside, "the header")?;
    }
    let packing = packed::packing(&named)?;
    let start = packed::start(&named, packing, LENGTHS[1])?;
    let refused = |(message, way_out): Refusal| -> Error { named.fault(message).way_out(way_out) };
    let header = header::parse(&start).map_err(refused)?;
    let format = if header.version == 2 {
        "nifti-2"
    } else {
        "nifti-1"
    };
    let image = if header.single {
        Some(named)
    } else {
        let path = other(&named.path, "hdr", "img");
        path.map(|path| beside_input(location, path, "the image"))
            .transpose()?
    };
    let Some(image) = image else {
        return Err(Input::of(location)?
            .fault("the header is that of a pair, and the file is not named .hdr or .img")
            .way_out("name it as it was written"));
    };
    let mut info = SourceInfo::plain(format, header.shape.clone(), header.dtype, &image);
    info.attributes = attributes(&header).into();
    info.scale = header
        .scale
        .map(|(factor, offset)| Scale { factor, offset });
    let layout = plain::Layout {
        start: header.start,
        fortran: true,
        big_endian: header.big_endian,
    };
    match packed::packing(&image)? {
        Packing::None => plain::source(info, image, &layout),
        packing => packed::source(info, image, packing, layout),
    }
}

/// The path beside `path` that ends in `to` where it ends in `from`, `.gz` behind both or neither.
fn other(path: &Path, from: &str, to: &str) -> Option<PathBuf> {
    let text = path.to_str()?;
    let (stem, end) = match text.strip_suffix(".gz") {
        Some(stem) => (stem, ".gz"),
        None => (text, ""),
    };
    let stem = stem.strip_suffix(&format!(".{from}"))?;
    Some(format!("{stem}.{to}{end}").into())
}

/// The other file of a pair.
fn beside_input(location: &Location, path: PathBuf, what: &str) -> Result<Input> {
    let found = location.files.open(&location.uri, &path)?;
    found.ok_or_else(|| {
        crate::fault::source(&location.uri, format!("{what} of the pair is missing"))
            .fact("file", location.files.name(&path))
            .way_out("put both beside each other")
    })
}

/// What a person wants to know beside shape and dtype.
fn attributes(header: &Header) -> Map<String, Value> {
    let mut attributes = Map::new();
    let mut put = |name: &str, value: Value| attributes.insert(name.to_owned(), value);
    put("affine", json!(affine(header)));
    let axes = header.shape.len();
    put("zooms", json!(&header.zooms[1..=axes.min(7)]));
    let units = usize::from(header.units);
    let space = OF_SPACE.get(units & 7).unwrap_or(&OF_SPACE[0]);
    let time = OF_TIME.get(units >> 3 & 7).unwrap_or(&OF_TIME[0]);
    put("units", json!([space, time]));
    put("qform_code", json!(header.qform_code));
    put("sform_code", json!(header.sform_code));
    if let Some((slope, inter)) = header.scale {
        put("scl_slope", json!(slope));
        put("scl_inter", json!(inter));
    }
    if !header.description.is_empty() {
        put("description", json!(header.description));
    }
    attributes
}
