//! How is a dataset written?
//!
//! Chunks go into a hidden pile. `finish` makes a file of them, their index, the headers and the first
//! bytes, and shows it; or adds all of it to a file that exists. Absent: the names of its axes, which are `scales`'; parts of datasets that exist,
//! which are `part`'s.

use super::encode::Encoder;
use super::existing::{Described, Existing};
use super::message::{self, Message, NOWHERE};
use super::part;
use super::pile::{Chunks, Pile};
use super::scales::{Beside, Scales};
use super::tree::{Entry, tree};
use super::{attributes, group};
use crate::location::Location;
use crate::sink::{Codecs, Compression};
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::{ArraySpec, Counters, Part, Sink, SinkInfo, fault, hidden};
use serde_json::Value;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use tempfile::NamedTempFile;
use tilewright_core::{Grid, Result, Shape};

/// h5py's level of deflate.
const LEVEL: u32 = 4;

/// Most axes of a dataset.
const MOST_AXES: usize = 32;

struct Hdf5Sink {
    info: SinkInfo,
    location: Location,
    /// The parts of the dataset's path: groups, then its name.
    path: Vec<String>,
    spec: ArraySpec,
    encoder: Encoder,
    slot: Slot<Pile>,
}

/// Starts a dataset, or goes on with one that was interrupted.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the dataset exists and is not to be replaced, the file cannot
/// be added to, something else was left unfinished there, no dataset is named, or the format has no place
/// for what is asked.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    if spec.part != Part::Whole {
        return part::create(location, spec);
    }
    let uri = location.uri.as_str();
    let refuse = |message: String, way_out: &str| Err(fault::sink(uri, message).way_out(way_out));
    let key = location.key.as_deref().unwrap_or("");
    let path: Vec<String> = key
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    if path.is_empty() || path.iter().any(|part| part == "." || part == "..") {
        let example = format!("{}#/data", location.path.display());
        return refuse("a dataset in an HDF5 file must be named".into(), &example);
    }
    if let Some(existing) = Existing::open(location)? {
        existing.check(&path, spec.overwrite)?;
    }
    let (info, spec, encoder) = dataset(uri, spec)?;
    let said = said(&spec, &encoder);
    // Chunks that are not packed have one length, and their places are known.
    let counts = || info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    let each = encoder.length().map(|bytes| (counts(), bytes));
    let pile = Pile::open(location, &location.path, (&spec, &said), each)?;
    Ok(Arc::new(Hdf5Sink {
        info,
        location: location.clone(),
        path,
        spec,
        encoder,
        slot: Slot::new(uri, pile),
    }))
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// Those of [`create`] that the target's place has no part in.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    match spec.part {
        Part::Whole => dataset(&location.uri, spec).map(|(info, ..)| info),
        _ => part::describe(location, spec),
    }
}

/// What a dataset takes, with the chunks that it has, and how these are packed.
fn dataset(uri: &str, spec: &ArraySpec) -> Result<(SinkInfo, ArraySpec, Encoder)> {
    let refuse = |message: String, way_out: &str| Err(fault::sink(uri, message).way_out(way_out));
    if spec.shape.len() > MOST_AXES {
        return refuse(
            format!("HDF5 has no {} axes", spec.shape.len()),
            "at most 32",
        );
    }
    let codecs = spec.codecs.clone().unwrap_or(Codecs {
        compression: Compression::Gzip(LEVEL),
        checksum: false,
        ..Codecs::default()
    });
    let packed_otherwise =
        |compression| matches!(compression, Compression::Zstd(_) | Compression::Blosc(_));
    if codecs.shards.is_some() || packed_otherwise(codecs.compression) {
        return refuse(
            "chunks of HDF5 are packed by deflate alone".into(),
            "gzip, or a .zarr array",
        );
    }
    let mut spec = spec.clone();
    // The chunks of an axis that cannot grow may not be longer than it.
    for (chunk, &len) in spec.grid.iter_mut().zip(&spec.shape) {
        *chunk = (*chunk).min(len.max(1));
    }
    let encoder = Encoder::new(&spec, &codecs);
    let encoder = encoder.map_err(|error| fault::sink(uri, error).way_out("smaller chunks"))?;
    for (name, value) in &spec.attributes {
        attribute(name, value).map_err(|error| fault::sink(uri, error).way_out("drop it"))?;
    }
    let info = SinkInfo {
        uri: uri.into(),
        format: "hdf5",
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: Grid::regular(&spec.shape, &spec.grid),
        encode_bytes: encoder.working_bytes() as u64,
    };
    Ok((info, spec, encoder))
}

/// What makes of the same elements another dataset.
fn said(spec: &ArraySpec, encoder: &Encoder) -> String {
    let array = (&spec.shape, spec.dtype, &spec.grid, encoder.filters());
    let besides = (spec.fill.bits(), &spec.attributes, &spec.dimension_names);
    format!("{array:?} {besides:?}")
}

/// Whether there is a place for an attribute: for text, numbers, and lists of either.
pub fn keeps(name: &str, value: &Value) -> bool {
    attribute(name, value).is_ok()
}

/// An attribute of the user's.
fn attribute(name: &str, value: &Value) -> Result<Message, String> {
    match attributes::is_internal(name) {
        true => Err(format!("the attribute {name:?} means something to HDF5")),
        false => message::attribute(name, value),
    }
}

impl Hdf5Sink {
    /// The index of the chunks, the scales of the axes and the dataset's header, as they stand from
    /// address `at`.
    fn describe(
        &self,
        chunks: &Chunks,
        at: u64,
        beside: &dyn Fn(&str, i64) -> Beside,
    ) -> std::io::Result<Described<'_>> {
        let spec = &self.spec;
        let lens = self.encoder.chunk();
        let mut bytes = Vec::new();
        let layout = if spec.shape.is_empty() {
            let stored = chunks.values().next();
            let address = stored.map_or(NOWHERE, |(_, address)| *address);
            message::contiguous(address, spec.dtype.itemsize() as u64)
        } else {
            let entry = |(index, (len, address)): (&Shape, &(u32, u64))| Entry {
                start: index
                    .iter()
                    .zip(lens)
                    .map(|(&k, &len)| k as u64 * u64::from(len))
                    .collect(),
                len: *len,
                mask: 0,
                address: *address,
            };
            let entries: Vec<Entry> = chunks.iter().map(entry).collect();
            let (nodes, root) = tree(entries, lens, at);
            bytes = nodes;
            message::chunked(root, lens, spec.dtype.itemsize())
        };
        let name = self.path.last().map_or("", String::as_str);
        let scales = Scales::new(spec, name, beside);
        let mut messages = vec![
            message::growing(&spec.shape, &scales.grow(spec.shape.len())),
            message::datatype(spec.dtype),
            message::fill(spec.fill),
            layout,
        ];
        let filters = self.encoder.filters();
        if !filters.is_empty() && !spec.shape.is_empty() {
            messages.push(message::pipeline(&filters));
        }
        let wrong = std::io::Error::other;
        for (name, value) in &spec.attributes {
            messages.push(attribute(name, value).map_err(wrong)?);
        }
        let scales = scales.write(at + bytes.len() as u64).map_err(wrong)?;
        bytes.extend(scales.bytes);
        messages.extend(scales.messages);
        let mut members = scales.members;
        members.push((name, at + bytes.len() as u64));
        bytes.extend(message::header(&messages).map_err(wrong)?);
        Ok((bytes, members))
    }

    /// A file of its own, hidden beside the pile.
    fn complete(&self, pile: &Pile) -> std::io::Result<NamedTempFile> {
        let file = match pile.as_it_stands()? {
            Some(file) => file,
            None => {
                let file = hidden::beside(&pile.path())?;
                pile.copy(file.as_file(), Pile::START)?;
                file
            }
        };
        let end = Pile::START + pile.len();
        let nothing = |_: &str, _| Beside::Nothing;
        let (mut bytes, members) = self.describe(&pile.laid(Pile::START), end, &nothing)?;
        let root = group::lead(&self.path, &[], members, (&mut bytes, end));
        let root = root.map_err(std::io::Error::other)?;
        file.as_file().write_all_at(&bytes, end)?;
        let end = end + bytes.len() as u64;
        let start = message::superblock(2, 0, end, root);
        file.as_file().write_all_at(&start, 0)?;
        Ok(file)
    }
}

impl Sink for Hdf5Sink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        self.slot.write(chunk, |pile| match elements.is_empty() {
            true => Ok(()),
            false => pile.put(chunk, counters, || self.encoder.encode(&lens, elements)),
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        self.slot.ask(|pile| pile.stands(chunk)).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        let (uri, location, overwrite) = (&self.info.uri, &self.location, self.spec.overwrite);
        self.slot.finish(|pile| {
            loop {
                let existing = Existing::open(location)?;
                if let Some(existing) = &existing
                    && !(overwrite && existing.holds_only(&self.path))
                {
                    return existing.add(&self.path, overwrite, &pile, |chunks, at, beside| {
                        self.describe(chunks, at, beside)
                    });
                }
                let file = self.complete(&pile);
                let file = file.map_err(|error| fault::writing(uri, &location.path, &error))?;
                // Nothing is replaced but the file that was looked into, and is locked still.
                let replaces = existing.is_some();
                if hidden::show_or_give_back(uri, &location.path, file, replaces)?.is_none() {
                    return Ok(());
                }
            }
        })
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
