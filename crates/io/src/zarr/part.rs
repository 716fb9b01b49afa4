//! How is a part of an array written that exists?
//!
//! Chunks go into a hidden place beside the array, whole: those that the part covers in part
//! are merged with what is stored, by the one task that writes them. `finish` moves the files into
//! the array; what a process that was killed meanwhile left is moved before anything else. Absent:
//! other chunks or codecs than the array's own.

use super::deposit::Deposit;
use super::encode::Encoder;
use super::metadata::{self, Metadata};
use super::place::Place;
use super::{delivery, existing, moving, node, source, target};
use crate::codec::LARGEST_CHUNK;
use crate::files::Files;
use crate::location::Location;
use crate::part::{self, Covering};
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::staging::{self, Staging, State};
use crate::{ArraySpec, Counters, Sink, SinkInfo, Source, fault, hidden, within};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Error, Result, element_count};

struct PartSink {
    info: SinkInfo,
    location: Location,
    /// The array as it is, for the chunks that are covered in part.
    old: Arc<dyn Source>,
    metadata: Metadata,
    encoder: Encoder,
    covering: Covering,
    /// The document's name, and its text in the end.
    document: (&'static str, Vec<u8>),
    /// Nothing is left to do: the same store was killed while it moved its files.
    slot: Slot<Option<Place>>,
    /// Held while the array is written to, where there are locks.
    _lock: Option<File>,
}

/// Starts a part of an array.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is no such array, the part is not one of it, its chunks
/// are packed in a way that is not written, or another process writes to it.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let (uri, path) = (location.uri.as_str(), location.path.as_path());
    check_there(location)?;
    let before = read(location, spec)?.2;
    let (settled, base, lock) = match &location.files {
        Files::OnDisk => {
            let base = target::groups_above(uri, path)?.1;
            let settled = moving::settle(&base, path);
            let settled = settled.map_err(|error| fault::writing(uri, path, &error))?;
            (settled, base, Some(lock(uri, path)?))
        }
        Files::Objects(objects) => {
            let settled = delivery::settle(location, &**objects)?;
            (settled, PathBuf::new(), None)
        }
    };
    let done = before.is_some() && settled.contains(&before);
    let (document, metadata, origin) = read(location, spec)?;
    let old = source::open(location)?;
    let Plan {
        info,
        encoder,
        covering,
    } = plan(location, spec, &metadata, &*old)?;
    if covering.shape != metadata.shape {
        check_consolidated(location)?;
    }
    let text = grown(&document.text, &covering.shape)
        .map_err(|error| fault::sink(uri, format!("the metadata cannot be written: {error}")))?;
    let overwrite = spec.overwrite;
    let place = match &location.files {
        _ if done => None,
        Files::OnDisk => {
            let staging = Staging::open(uri, &base, path, origin, overwrite)?;
            Some(Place::Hidden(staging))
        }
        Files::Objects(objects) => {
            let deposit = Deposit::of_part(location, objects, origin, overwrite)?;
            Some(Place::Objects(deposit))
        }
    };
    Ok(Arc::new(PartSink {
        info,
        location: location.clone(),
        old,
        metadata,
        encoder,
        covering,
        document: (document.name(), text),
        slot: Slot::new(uri, place),
        _lock: lock,
    }))
}

/// What a sink would take; nothing is written. A change of the array that was interrupted is passed
/// over, since the store would complete it first.
///
/// # Errors
/// Those of [`create`] that do not come from writing.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    check_there(location)?;
    let (document, metadata, _) = read(location, spec)?;
    let old = source::open_as_it_stands(location, document)?;
    plan(location, spec, &metadata, &*old).map(|plan| plan.info)
}

fn check_there(location: &Location) -> Result<()> {
    match node::holds_array(&location.files, &location.path) {
        true => Ok(()),
        false => Err(part::missing(&location.uri)),
    }
}

/// What a part takes, and where it goes.
struct Plan {
    info: SinkInfo,
    encoder: Encoder,
    covering: Covering,
}

fn plan(
    location: &Location,
    spec: &ArraySpec,
    metadata: &Metadata,
    old: &dyn Source,
) -> Result<Plan> {
    let uri = location.uri.as_str();
    let place = part::place(uri, spec, (&metadata.shape, metadata.dtype))?;
    let encoder = existing::encoder(metadata).ok_or_else(|| {
        fault::sink(
            uri,
            "the array's chunks are packed in a way that is not written",
        )
        .fact("codecs", metadata.chain.names.join(", "))
        .way_out("tilewright convert it first")
    })?;
    element_count(&encoder.whole)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .filter(|&bytes| bytes <= LARGEST_CHUNK)
        .ok_or_else(|| {
            fault::sink(uri, format!("chunks of {:?} are too large", encoder.whole))
                .way_out("convert the array to smaller ones first")
        })?;
    let covering = Covering::new(spec, place, encoder.whole.clone(), encoder.fill.clone());
    let merging = covering.merging_bytes(old);
    let info = SinkInfo {
        uri: uri.into(),
        format: old.info().format,
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: covering.grid.clone(),
        encode_bytes: (encoder.working_bytes() as u64).saturating_add(merging),
    };
    Ok(Plan {
        info,
        encoder,
        covering,
    })
}

/// The array's document, what it says, and what the part comes from.
fn read(
    location: &Location,
    spec: &ArraySpec,
) -> Result<(node::Document, Metadata, Option<String>)> {
    let document = node::find(&location.files, &location.uri, &location.path)?;
    let metadata = metadata::read(&document)?;
    let told = |origin: &String| {
        let hash = crate::hash::hash(&document.text);
        let is = &document.input.identity;
        format!("{origin}, {:?} of {is}, hash {hash:016x}", spec.part)
    };
    let origin = spec.origin.as_ref().map(told);
    Ok((document, metadata, origin))
}

/// The lock of an array that a part is written of: on its document, the one that is there.
fn lock(uri: &str, target: &Path) -> Result<File> {
    let path = ["zarr.json", ".zarray"].map(|name| target.join(name));
    let path = path.iter().find(|path| path.is_file()).unwrap_or(&path[0]);
    let failed = |error: std::io::Error| fault::writing(uri, path, &error);
    loop {
        let file = File::open(path).map_err(failed)?;
        if !hidden::lock(&file) {
            return Err(staging::busy(uri));
        }
        let (locked, there) = (file.metadata(), fs::metadata(path));
        if locked.map_err(failed)?.ino() == there.map_err(failed)?.ino() {
            return Ok(file);
        }
    }
}

/// No group above the array keeps a copy of its shape, which would be left behind.
fn check_consolidated(location: &Location) -> Result<()> {
    let (files, uri, target) = (&location.files, &location.uri, &location.path);
    let holds = |group: &Path| {
        if let Ok(Some(_)) = files.open(uri, &group.join(".zmetadata")) {
            return true;
        }
        let found = node::read_document(files, uri, group, "zarr.json");
        let group = found.ok().flatten();
        let group: Option<Value> = group.and_then(|(_, text)| serde_json::from_slice(&text).ok());
        let kept = group.and_then(|group| group.get("consolidated_metadata").cloned());
        kept.is_some_and(|kept| !kept.is_null())
    };
    // Of objects those within the store are asked, which takes a journey for each.
    let store = match files {
        Files::OnDisk => Path::new(""),
        Files::Objects(_) => within::store(target),
    };
    let above = target.ancestors().skip(1);
    for group in above.take_while(|group| group.starts_with(store)) {
        if holds(group) {
            return Err(fault::sink(
                uri,
                "a group keeps a copy of the array's metadata, which would become wrong",
            )
            .fact("group", files.name(group))
            .way_out("remove its consolidated metadata, and consolidate them again afterwards"));
        }
    }
    Ok(())
}

/// The document with another shape.
fn grown(text: &[u8], shape: &[i64]) -> serde_json::Result<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(text)?;
    document["shape"] = json!(shape);
    serde_json::to_vec_pretty(&document)
}

impl PartSink {
    fn key(&self, stored: &[i64]) -> String {
        let indices: Vec<u64> = stored.iter().map(|&k| k as u64).collect();
        self.metadata.keys.encode(&indices).as_str().to_owned()
    }

    fn publish(&self, place: Place) -> Result<()> {
        let (uri, target) = (&self.info.uri, &self.location.path);
        let failed = |error: std::io::Error| fault::writing(uri, target, &error);
        self.old.check_identity()?;
        let (name, text) = &self.document;
        let mut staging = match place {
            Place::Hidden(staging) => staging,
            Place::Objects(deposit) => return deposit.deliver(&self.location.files, (name, text)),
        };
        staging.put(name, text).map_err(failed)?;
        hidden::flush(staging.path()).map_err(failed)?;
        staging.say(State::Moving).map_err(failed)?;
        // From here on the array may hold some of the files: what is left must not be lost.
        staging.keep();
        moving::carry_over(staging.path(), target).map_err(|error: std::io::Error| {
            let error: Error = failed(error);
            error.fact("left", "the next store into the array moves the rest")
        })
    }
}

impl Sink for PartSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        self.slot.write(chunk, |place| {
            let Some(place) = place.as_ref().filter(|_| !elements.is_empty()) else {
                return Ok(());
            };
            let stored = self.covering.stored(chunk);
            let key = self.key(&stored.chunk);
            let (whole, merged) =
                (self.covering).merged(&*self.old, &stored, elements, counters)?;
            if let Files::OnDisk = self.location.files {
                let target = &self.location.path;
                let goes = target.join(&key);
                within::check(&info.uri, within::store(target), &goes, fault::sink)?;
            }
            place.put_chunk((&info.uri, &stored.chunk, &key), counters, || {
                self.encoder.encode(&whole, &merged)
            })
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let key = || self.key(&self.covering.stored(chunk).chunk);
        let stands =
            |place: &Option<Place>| place.as_ref().is_none_or(|place| place.stands(&key()));
        self.slot.ask(stands).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        self.slot
            .finish(|place| place.map_or(Ok(()), |place| self.publish(place)))
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
