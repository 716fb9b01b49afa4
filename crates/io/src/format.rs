//! Which formats are there, and which is a file of?
//!
//! One row for each. For reading, the first bytes decide (and the name, where a format has no
//! first bytes of its own); for writing the name. Rows are asked in order.

use crate::file::Input;
use crate::files::{Files, Objects};
use crate::listing::Listing;
use crate::location::Location;
use crate::{ArraySpec, Part, Sink, SinkInfo, Source};
use crate::{fault, hdf5, nearby, nifti, npy, npy_stack, npz, plain_sink, raw, tiff, zarr};
use std::io::Read;
use std::sync::Arc;
use tilewright_core::{Error, Kind, Result, element_count};

/// First bytes that formats are told by.
const START: usize = 512;

/// What is at a path.
struct Found<'a> {
    location: &'a Location,
    /// The first bytes of a regular file; `None` for anything else.
    start: Option<&'a [u8]>,
}

impl Found<'_> {
    /// Whether this is a file that starts with one of these.
    fn starts_with(&self, magics: &[&[u8]]) -> bool {
        self.start
            .is_some_and(|start| magics.iter().any(|magic| start.starts_with(magic)))
    }
}

/// The first bytes of what gzip packed.
const GZIP: &[u8] = &[0x1f, 0x8b];

type Open = fn(&Location) -> Result<Arc<dyn Source>>;

type List = fn(&Location) -> Result<Listing>;

type Create = fn(&Location, &ArraySpec) -> Result<Arc<dyn Sink>>;

type Describe = fn(&Location, &ArraySpec) -> Result<SinkInfo>;

/// A format that is written.
#[derive(Clone, Copy)]
struct Written {
    /// Whether a name asks for it.
    named: fn(&Location) -> bool,
    create: Create,
    /// What a sink would take.
    describe: Describe,
    /// Whether a part of an array that exists can be written.
    parts: bool,
    /// Whether it has a place for an attribute.
    keeps: fn(&str, &serde_json::Value) -> bool,
}

/// What a format asks of a URI beside the path.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Nothing,
    /// Which array, behind `#`.
    Key,
    /// What the file does not say itself, behind `?`.
    Query,
}

/// A format.
struct Format {
    /// How it is named, for a way out.
    named: &'static str,
    /// Whether what is there is of this format.
    is: fn(&Found<'_>) -> bool,
    asks: Asks,
    open: Open,
    /// What stands below a place, where there can be several arrays.
    list: Option<List>,
    create: Option<Written>,
}

/// A store goes before the name of what is in it.
static FORMATS: &[Format] = &[
    Format {
        named: raw::NAMED,
        is: |found| found.location.query.is_some() && found.start.is_some(),
        asks: Asks::Query,
        open: raw::open,
        list: None,
        create: Some(Written {
            named: raw::is_named,
            create: raw::create,
            describe: raw::describe,
            parts: false,
            keeps: |_, _| false,
        }),
    },
    Format {
        named: npy_stack::NAMED,
        is: |found| found.start.is_none() && npy_stack::is_stack(found.location),
        asks: Asks::Nothing,
        open: npy_stack::open,
        list: None,
        create: Some(Written {
            named: |location| location.ends_with(&[npy_stack::ENDING]),
            create: npy_stack::create,
            describe: npy_stack::describe,
            parts: false,
            keeps: |_, _| false,
        }),
    },
    Format {
        named: "x.zarr or x.zarr/group/array",
        is: |found| found.start.is_none(),
        asks: Asks::Nothing,
        open: zarr::open,
        list: Some(zarr::list),
        create: Some(Written {
            named: Location::in_store,
            create: zarr::create,
            describe: zarr::describe,
            parts: true,
            keeps: |_, _| true,
        }),
    },
    Format {
        named: "x.npy",
        is: |found| {
            found.starts_with(&[npy::MAGIC])
                || (found.start.is_some() && found.location.ends_with(&[".npy"]))
        },
        asks: Asks::Nothing,
        open: npy::open,
        list: None,
        create: Some(Written {
            named: |location| location.ends_with(&[".npy"]),
            create: npy::create,
            describe: |location, spec| Ok(plain_sink::describe(location, spec, npy::FORMAT, false)),
            parts: false,
            keeps: |_, _| false,
        }),
    },
    Format {
        named: "x.h5#/group/data or x.nc#/data",
        is: |found| {
            found.starts_with(&[hdf5::MAGIC])
                || (found.start.is_some() && found.location.ends_with(hdf5::ENDINGS))
        },
        asks: Asks::Key,
        open: hdf5::open,
        list: Some(hdf5::list),
        create: Some(Written {
            named: |location| location.ends_with(hdf5::ENDINGS),
            create: hdf5::create,
            describe: hdf5::describe,
            parts: true,
            keeps: hdf5::keeps,
        }),
    },
    Format {
        named: "x.nii, x.nii.gz, x.hdr or x.img",
        is: |found| {
            found.start.is_some_and(nifti::is_header)
                || (found.starts_with(&[GZIP]) && found.location.ends_with(nifti::PACKED))
                || (found.start.is_some() && found.location.ends_with(nifti::IMAGE))
        },
        asks: Asks::Nothing,
        open: nifti::open,
        list: None,
        create: Some(Written {
            named: |location| location.ends_with(nifti::WRITTEN),
            create: nifti::create,
            describe: nifti::describe,
            parts: false,
            keeps: nifti::keeps,
        }),
    },
    Format {
        named: "x.tif",
        is: |found| found.starts_with(tiff::MAGICS),
        asks: Asks::Nothing,
        open: tiff::open,
        list: None,
        create: None,
    },
    Format {
        named: "x.npz#name",
        is: |found| found.starts_with(npz::MAGICS),
        asks: Asks::Key,
        open: npz::open,
        list: Some(npz::list),
        create: Some(Written {
            named: |location| location.ends_with(&[npz::ENDING]),
            create: npz::create,
            describe: |location, spec| Ok(plain_sink::describe(location, spec, npz::FORMAT, false)),
            parts: false,
            keeps: |_, _| false,
        }),
    },
];

/// The names of the formats that `with` holds for, the longest last.
fn named(with: impl Fn(&Format) -> bool) -> String {
    let rows = FORMATS.iter().filter(|format| with(format));
    let mut names: Vec<&str> = rows.map(|format| format.named).collect();
    names.sort_by_key(|name| name.contains('?'));
    names.join(", ")
}

/// Opens a stored array.
///
/// # Errors
/// [`Kind::Source`] if there is none, or it is damaged or of a kind that is not supported; the
/// message names a way out.
pub fn open(uri: &str) -> Result<Arc<dyn Source>> {
    let (location, format) = find(uri)?;
    (format.open)(&location)
}

/// What a file or directory holds that may hold several arrays; these in the order of their names.
///
/// # Errors
/// [`Kind::Source`] if it cannot be read, or is of a format that holds one array alone.
pub fn listing(uri: &str) -> Result<Listing> {
    let (location, format) = find(uri)?;
    let Some(list) = format.list else {
        return Err(fault::source(uri, "this holds one array alone").way_out("open it"));
    };
    let mut found = list(&location)?;
    found.arrays.sort_by(|a, b| a.uri.cmp(&b.uri));
    Ok(found)
}

/// What a URI names, and its format.
fn find(uri: &str) -> Result<(Location, &'static Format)> {
    let every = named(|_| true);
    let location = Location::parse(uri, &every, fault::source)?;
    if let Some(error) = nearby::missing(&location) {
        return Err(error);
    }
    let start = start(&location)?;
    let found = Found {
        location: &location,
        start: start.as_deref(),
    };
    if location.query.is_none() && found.start.is_some_and(<[u8]>::is_empty) {
        return Err(fault::source(uri, "the file is empty").way_out("write it again"));
    }
    let format = FORMATS.iter().find(|format| (format.is)(&found));
    let format = format.ok_or_else(|| match raw::is_named(&location) {
        true => raw::unsaid(uri),
        false => fault::source(uri, "the file is of no format that is read").way_out(every),
    })?;
    check_said(&location, format, fault::source)?;
    Ok((location, format))
}

/// Whether a format asks for what a location says beside the path.
fn check_said(
    location: &Location,
    format: &Format,
    fault: fn(&str, String) -> Error,
) -> Result<()> {
    let (key, query) = (location.key.is_some(), location.query.is_some());
    let message = if query && format.asks != Asks::Query {
        "what stands behind ? says something that this format does not ask for"
    } else if key && format.asks != Asks::Key {
        "what stands behind # names a part, and this format has none"
    } else {
        return Ok(());
    };
    Err(fault(&location.uri, message.into()).way_out(format.named))
}

/// The first bytes of a regular file or an object; `None` if the path is neither.
fn start(location: &Location) -> Result<Option<Vec<u8>>> {
    if let Files::Objects(_) = location.files {
        // A server may well answer for a directory, with a page for people.
        if location.in_store() || location.is_directory() {
            return Ok(None);
        }
        let found = location.files.open(&location.uri, &location.path)?;
        let start = |input: Input| input.read_range(0, input.len.min(START as u64));
        return found.map(start).transpose();
    }
    if !location.path.is_file() {
        return Ok(None);
    }
    let mut start = Vec::with_capacity(START);
    std::fs::File::open(&location.path)
        .and_then(|file| file.take(START as u64).read_to_end(&mut start))
        .map_err(|error| fault::reading(&location.uri, &location.path, &error))?;
    Ok(Some(start))
}

/// Starts a new array; nothing is visible before [`Sink::finish`].
///
/// # Errors
/// [`Kind::Sink`] if the target exists and is not to be replaced, the format is not known by the
/// name, or the directory cannot be written to; [`Kind::Chunks`] if the chunk lengths do not fit
/// the shape.
pub fn create(uri: &str, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let (location, spec, target) = aimed(uri, spec)?;
    (target.create)(&location, &spec)
}

/// What a sink would take that [`create`] starts; nothing is written, and what stands there is not
/// looked at but for a part of it.
///
/// # Errors
/// Those of [`create`] as far as they can be told so.
pub fn describe(uri: &str, spec: &ArraySpec) -> Result<SinkInfo> {
    let (location, spec, target) = aimed(uri, spec)?;
    (target.describe)(&location, &spec)
}

/// Where an array goes that a URI names, its spec checked, and the format that writes it.
fn aimed(uri: &str, spec: &ArraySpec) -> Result<(Location, ArraySpec, Written)> {
    let written = named(|format| format.create.is_some());
    let location = Location::parse(uri, &written, fault::sink)?;
    let spec = check(uri, spec)?;
    if let Files::Objects(objects) = &location.files {
        check_objects(&location, &**objects)?;
    }
    let Some((format, target)) = target(&location) else {
        let message = match location.ends_with(tiff::ENDINGS) {
            true => "TIFF files are read, and not written",
            false => "the name tells no format that is written",
        };
        return Err(fault::sink(uri, message).way_out(written));
    };
    check_said(&location, format, fault::sink)?;
    if spec.part != Part::Whole && !target.parts {
        return Err(fault::sink(
            uri,
            "a file of this format is replaced as a whole, and not written in part",
        )
        .way_out("a .zarr array or a dataset of HDF5; or concatenate what is there with the part, into a new file"));
    }
    Ok((location, spec, target))
}

/// The format that a name asks to be written.
fn target(location: &Location) -> Option<(&'static Format, Written)> {
    let mut rows = FORMATS.iter().filter_map(|f| Some((f, f.create?)));
    rows.find(|(_, written)| (written.named)(location))
}

/// Whether the format that is written to a URI has a place for an attribute.
pub fn keeps(uri: &str, name: &str, value: &serde_json::Value) -> bool {
    let location = Location::parse(uri, "", fault::sink).ok();
    let target = location.as_ref().and_then(target);
    target.is_some_and(|(_, written)| (written.keeps)(name, value))
}

/// What is stored may go to a place of objects.
fn check_objects(location: &Location, objects: &dyn Objects) -> Result<()> {
    let (message, way_out) = match objects.is_read_only() {
        Some(why) => why,
        None if location.in_store() => return Ok(()),
        None => (
            "a file is written by renaming, which objects do not know",
            "a .zarr array, whose chunks are objects; or write to a disk and copy the file",
        ),
    };
    Err(fault::sink(&location.uri, message).way_out(way_out))
}

/// The spec with every chunk length at least 1, if it describes an array.
fn check(uri: &str, spec: &ArraySpec) -> Result<ArraySpec> {
    let refuse = |message: String, way_out: &str| {
        let error = Error::new(Kind::Chunks, message);
        Err(error.fact("array", uri).way_out(way_out))
    };
    let (shape, grid) = (&spec.shape, &spec.grid);
    if shape.len() != grid.len() {
        let message = format!("chunks of {grid:?} do not cut an array of shape {shape:?}");
        return refuse(message, "one chunk length for each axis");
    }
    let bytes = element_count(shape).and_then(|n| n.checked_mul(spec.dtype.itemsize() as i64));
    if shape.iter().any(|&len| len < 0) || bytes.is_none() {
        return refuse(
            format!("the shape {shape:?} is negative or too large"),
            "a smaller shape",
        );
    }
    let mut spec = spec.clone();
    spec.fill = spec.fill.cast(spec.dtype);
    for (chunk, &len) in spec.grid.iter_mut().zip(&spec.shape) {
        if *chunk < 1 {
            *chunk = len.max(1);
        }
    }
    Ok(spec)
}
