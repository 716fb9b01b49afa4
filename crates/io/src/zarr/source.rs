//! How is a chunk of a zarr array read?
//!
//! One file (or a part of one, in a shard) is read and decoded. Absent: a cache of decoded chunks.

use super::attributes::Text;
use super::metadata::Metadata;
use super::shard::Place;
use super::{deposit, metadata, missing, node};
use crate::codec::Encoding;
use crate::file::Input;
use crate::files::{Files, Objects};
use crate::location::Location;
use crate::source::chunk_box;
use crate::staging::{self, Mark, State};
use crate::{Attributes, Counters, InPlace, Source, SourceInfo, fault, runs, within};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Grid, Result, Shape};

/// Most directory entries visited to sum up the stored bytes.
const MOST_ENTRIES: usize = 1000;

struct ZarrSource {
    info: SourceInfo,
    metadata: Metadata,
    files: Files,
    directory: PathBuf,
    /// Where the metadata document is, and its size and mtime.
    document: (PathBuf, String),
    /// Inner chunks along each axis of a shard; all 1 without shards.
    counts: Shape,
    encoding: Encoding,
    /// Whether no chunk may be missing.
    complete: bool,
}

/// Opens the array in a directory.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none, or none that can be read.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let (files, uri) = (&location.files, location.uri.as_str());
    let document = node::find(files, uri, &location.path)?;
    if mark(files, uri, &location.path)? == Some(State::Changing) {
        return Err(document
            .input
            .fault("a store into this array was interrupted while it changed it")
            .way_out("store into it again, which completes the change first"));
    }
    open_as_it_stands(location, document)
}

/// Opens the array of a document, whether it is being changed or not: it is not to be read then.
///
/// # Errors
/// Those of [`open`].
pub fn open_as_it_stands(location: &Location, document: node::Document) -> Result<Arc<dyn Source>> {
    let (uri, directory) = (location.uri.as_str(), location.path.as_path());
    let files = &location.files;
    let mark = mark(files, uri, directory)?;
    let mut metadata = metadata::read(&document)?;
    let format = if document.version == 3 {
        "zarr v3"
    } else {
        "zarr v2"
    };
    if document.version == 2 {
        let attributes = version_2_attributes(files, uri, directory)?;
        let fill = Some(metadata.fill).filter(|_| metadata.fill_is_told);
        (metadata.attributes, metadata.dimension_names) =
            missing::read_2(attributes, metadata.shape.len(), fill);
    }
    let (dtype, chain) = (metadata.dtype, &mut metadata.chain);
    let (chunk, counts) = match chain.shard() {
        Some(shard) => (
            shard.chunks.clone(),
            shard
                .counts(&metadata.chunks)
                .unwrap_or_else(|| metadata.chunks.clone()),
        ),
        None => (
            metadata.chunks.clone(),
            Shape::from_elem(1, metadata.chunks.len()),
        ),
    };
    let steps = std::mem::take(&mut chain.steps);
    let encoding = Encoding::new(dtype, chunk.clone(), &chain.order, steps, chain.big_endian)
        .map_err(|error| fault::source(uri, error).way_out("store the array in smaller chunks"))?;
    let index_bytes = chain
        .shard()
        .map_or(0, |shard| shard.working_bytes(&counts));
    let decode_bytes = encoding
        .decode_bytes(&metadata.shape, document.input.reach())
        .saturating_add(index_bytes) as u64;
    let info = SourceInfo {
        uri: uri.into(),
        format,
        shape: metadata.shape.clone(),
        dtype,
        grid: Grid::regular(&metadata.shape, &chunk),
        fill: metadata.fill,
        codecs: chain.names.clone(),
        scale: None,
        attributes: std::mem::take(&mut metadata.attributes),
        dimension_names: metadata.dimension_names.take(),
        stored_bytes: stored_bytes(files, directory),
        identity: format!(
            "{}, hash {:016x}",
            document.input.identity,
            crate::hash::hash(&document.text)
        ),
        decode_bytes,
        distant: document.input.reach().distant,
    };
    Ok(Arc::new(ZarrSource {
        info,
        metadata,
        files: files.clone(),
        directory: directory.into(),
        document: (document.input.path, document.input.identity),
        counts,
        encoding,
        complete: mark == Some(State::Complete),
    }))
}

/// The user's attributes, which version 2 keeps in a file of their own.
pub fn version_2_attributes(files: &Files, uri: &str, directory: &Path) -> Result<Attributes> {
    let Some((input, text)) = node::read_document(files, uri, directory, ".zattrs")? else {
        return Ok(Attributes::default());
    };
    let text = Text::new(text.into()).map_err(|error| {
        input
            .fault(format!("the attributes are damaged: {error}"))
            .way_out("remove the file, or write the array again")
    })?;
    Ok(Attributes::kept(Arc::new(text)))
}

/// What the array's mark says.
fn mark(files: &Files, uri: &str, directory: &Path) -> Result<Option<State>> {
    if let Files::OnDisk = files {
        return Ok(Mark::of(directory).map(|mark| mark.state));
    }
    Ok(deposit::mark(files, uri, directory)?.map(|mark| mark.state))
}

/// Bytes of all files below a directory; `None` if there are too many to look at, or far away.
fn stored_bytes(files: &Files, directory: &Path) -> Option<u64> {
    let Files::OnDisk = files else {
        return None;
    };
    let (mut sum, mut entries) = (0, 0);
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).ok()? {
            let entry = entry.ok()?;
            entries += 1;
            if entries > MOST_ENTRIES {
                return None;
            }
            let metadata = entry.metadata().ok()?;
            if metadata.is_dir() {
                waiting.push(entry.path());
            } else {
                sum += metadata.len();
            }
        }
    }
    Some(sum)
}

impl ZarrSource {
    /// The file of a chunk, or shard.
    fn path(&self, outer: &[i64]) -> PathBuf {
        let indices: Vec<u64> = outer.iter().map(|&k| k as u64).collect();
        let key = self.metadata.keys.encode(&indices);
        self.directory.join(key.as_str())
    }

    /// Where a chunk's bytes are; `None` if it is missing.
    fn locate(&self, chunk: &[i64], counters: &Counters) -> Result<Option<(Input, Place)>> {
        let info = &self.info;
        let outer: Shape = chunk.iter().zip(&self.counts).map(|(k, n)| k / n).collect();
        let path = self.path(&outer);
        let store = within::store(&self.directory);
        let Some(input) = self.files.open_within(&info.uri, store, &path)? else {
            if self.complete {
                return Err(self.lacks(&path));
            }
            return Ok(None);
        };
        let place = match self.metadata.chain.shard() {
            None => Place {
                offset: 0,
                len: input.len,
            },
            Some(shard) => {
                let within: Shape = chunk.iter().zip(&self.counts).map(|(k, n)| k % n).collect();
                let (place, read) = shard.place(&input, &outer, &self.counts, &within)?;
                counters.read_index(read);
                let Some(place) = place else {
                    return Ok(None);
                };
                place
            }
        };
        Ok(Some((input, place)))
    }

    /// A file is missing from an array that was stored whole.
    fn lacks(&self, path: &Path) -> Error {
        let message = "a chunk is missing from an array that was stored whole";
        let mark = self.directory.join(staging::MARK);
        fault::source(&self.info.uri, message)
            .fact("file", self.files.name(path))
            .way_out(format!(
                "store it again; or remove {}, and missing chunks hold the fill value",
                self.files.name(&mark)
            ))
    }

    /// Reads and decodes a chunk of lengths `lens`; how many bytes are stored, `None` if it is missing.
    fn fetch(
        &self,
        chunk: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<Option<u64>> {
        if let Files::Objects(objects) = &self.files
            && self.metadata.chain.shard().is_none()
        {
            return self.fetch_object(objects, chunk, lens, into);
        }
        let Some((input, place)) = self.locate(chunk, counters)? else {
            return Ok(None);
        };
        let damaged = |error| damaged(&input, error);
        self.encoding.check(place.len).map_err(damaged)?;
        if self.encoding.is_plain(lens) && place.len == into.len() as u64 {
            input.read_at(into, place.offset)?;
            self.encoding.finish(into);
            return Ok(Some(place.len));
        }
        let stored = input.read_range(place.offset, place.len)?;
        let decoded = self.encoding.decode(&stored, 0, lens, into);
        decoded.map_err(damaged).map(|()| Some(place.len))
    }

    /// The same of a chunk that is an object of its own, without asking for its length first.
    fn fetch_object(
        &self,
        objects: &Arc<dyn Objects>,
        chunk: &[i64],
        lens: &[i64],
        into: &mut [u8],
    ) -> Result<Option<u64>> {
        let (uri, path) = (&self.info.uri, self.path(chunk));
        let Some((object, stored)) = objects.fetch(uri, &path, self.encoding.most())? else {
            return match self.complete {
                true => Err(self.lacks(&path)),
                false => Ok(None),
            };
        };
        let len = object.len;
        let input = Input::of_object(uri, &path, objects, object);
        let decoded = self
            .encoding
            .check(len)
            .and_then(|()| self.encoding.decode(&stored, 0, lens, into));
        decoded
            .map_err(|error| damaged(&input, error))
            .map(|()| Some(len))
    }
}

/// A chunk's bytes are not what they should be.
fn damaged(input: &Input, error: String) -> Error {
    input
        .fault(format!("a chunk is damaged: {error}"))
        .way_out("the store is damaged at this chunk: copy or write it again")
}

impl Source for ZarrSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let fetched = self.fetch(chunk, &lens, into, counters);
        let Some(len) = fetched.map_err(|error| fault::at_chunk(error, chunk))? else {
            let itemsize = info.dtype.itemsize();
            runs::fill(into, &info.fill.bits().to_le_bytes()[..itemsize]);
            return Ok(());
        };
        counters.read_chunk(len as usize, self.encoding.bytes());
        Ok(())
    }

    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        if !self.encoding.is_bare() {
            return Ok(false);
        }
        let at_chunk = |error: Error| fault::at_chunk(error, chunk);
        let Some((input, place)) = self.locate(chunk, counters).map_err(at_chunk)? else {
            return Ok(false);
        };
        let stands = (place.offset, place.len);
        let read = self
            .encoding
            .read_part(&input, stands, (start, lens), into)
            .map_err(at_chunk)?;
        if let Some(read) = read {
            counters.read_chunk(read, into.len());
        }
        Ok(read.is_some())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        let (path, was) = &self.document;
        let (files, uri) = (&self.files, &self.info.uri);
        files.check_identity(uri, path, was)?;
        // Chunks change before the document does.
        match mark(files, uri, &self.directory)? {
            Some(State::Changing) => Err(fault::source(uri, "the array is being changed")
                .fact("file", files.name(path))
                .way_out("open it again when nothing writes to it")),
            _ => Ok(()),
        }
    }
}
