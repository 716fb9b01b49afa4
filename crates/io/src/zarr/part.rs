//! How is a part of an array written that exists?
//!
//! Chunks go into a hidden directory beside the array, whole: those that the part covers in part
//! are merged with what is stored, by the one task that writes them. `finish` moves the files into
//! the array; what a process that was killed meanwhile left is moved before anything else. Absent:
//! other chunks or codecs than the array's own.

use super::encode::Encoder;
use super::metadata::{self, Metadata};
use super::{existing, moving, node, place, source, target};
use crate::codec::LARGEST_CHUNK;
use crate::location::Location;
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::staging::{self, Staging, State};
use crate::{ArraySpec, Counters, Sink, SinkInfo, Source, fault, hidden, runs, within};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{AxisRange, Error, Grid, Result, Shape, element_count};

struct PartSink {
    info: SinkInfo,
    target: PathBuf,
    /// The array as it is, for the chunks that are covered in part.
    old: Arc<dyn Source>,
    metadata: Metadata,
    encoder: Encoder,
    /// The first element of the part in the array.
    from: Shape,
    /// The array's shape in the end.
    shape: Shape,
    /// The document's name, and its text in the end.
    document: (&'static str, Vec<u8>),
    /// Nothing is left to do: the same store was killed while it moved its files.
    slot: Slot<Option<Staging>>,
    /// Held while the array is written to.
    _lock: File,
}

/// Starts a part of an array.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is no such array, the part is not one of it, its chunks
/// are packed in a way that is not written, or another process writes to it.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let (uri, path) = (location.uri.as_str(), location.path.as_path());
    check_there(location)?;
    let base = target::groups_above(uri, path)?.1;
    let before = read(location, spec)?.2;
    let settled = moving::settle(&base, path).map_err(|error| fault::writing(uri, path, &error))?;
    let done = before.is_some() && settled.contains(&before);
    let lock = lock(uri, path)?;
    let (document, metadata, origin) = read(location, spec)?;
    let old = source::open(location)?;
    let Plan {
        info,
        encoder,
        from,
        shape,
    } = plan(location, spec, &metadata, &*old)?;
    if shape != metadata.shape {
        check_consolidated(uri, path)?;
    }
    let text = grown(&document.text, &shape)
        .map_err(|error| fault::sink(uri, format!("the metadata cannot be written: {error}")))?;
    let staging = match done {
        true => None,
        false => Some(Staging::open(uri, &base, path, origin, spec.overwrite)?),
    };
    Ok(Arc::new(PartSink {
        info,
        target: path.into(),
        old,
        metadata,
        encoder,
        from,
        shape,
        document: (document.name(), text),
        slot: Slot::new(uri, staging),
        _lock: lock,
    }))
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// Those of [`create`] that do not come from writing.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    check_there(location)?;
    let (_, metadata, _) = read(location, spec)?;
    let old = source::open(location)?;
    plan(location, spec, &metadata, &*old).map(|plan| plan.info)
}

fn check_there(location: &Location) -> Result<()> {
    match node::is_array(&location.path) {
        true => Ok(()),
        false => Err(
            fault::sink(&location.uri, "there is no array to write a part of")
                .way_out("store a whole array first"),
        ),
    }
}

/// What a part takes, and where it goes.
struct Plan {
    info: SinkInfo,
    encoder: Encoder,
    /// Where it starts in the array.
    from: Shape,
    /// The array's shape, when it is there.
    shape: Shape,
}

fn plan(
    location: &Location,
    spec: &ArraySpec,
    metadata: &Metadata,
    old: &dyn Source,
) -> Result<Plan> {
    let uri = location.uri.as_str();
    let (from, shape) = place::of(uri, spec, metadata)?;
    let encoder = existing::encoder(metadata).ok_or_else(|| {
        fault::sink(
            uri,
            "the array's chunks are packed in a way that is not written",
        )
        .fact("codecs", metadata.chain.names.join(", "))
        .way_out("tilewright convert it first")
    })?;
    let whole = element_count(&encoder.whole)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .filter(|&bytes| bytes <= LARGEST_CHUNK)
        .ok_or_else(|| {
            fault::sink(uri, format!("chunks of {:?} are too large", encoder.whole))
                .way_out("convert the array to smaller ones first")
        })?;
    let merging = (old.info().decode_bytes).saturating_add(2 * whole as u64);
    let grid = Grid::regular(&shape, &encoder.whole);
    let ranges = from.iter().zip(&spec.shape);
    let axes = grid.axes.iter().zip(ranges);
    let axes = axes.map(|(axis, (&from, &len))| axis.slice(AxisRange::new(from, 1, len)));
    let info = SinkInfo {
        uri: uri.into(),
        format: old.info().format,
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: Grid {
            axes: axes.collect(),
        },
        encode_bytes: (encoder.working_bytes() as u64).saturating_add(merging),
    };
    Ok(Plan {
        info,
        encoder,
        from,
        shape,
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
        let hash = super::hash(&document.text);
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
fn check_consolidated(uri: &str, target: &Path) -> Result<()> {
    let holds = |group: &Path| {
        let text = fs::read(group.join("zarr.json")).unwrap_or_default();
        let group: Option<Value> = serde_json::from_slice(&text).ok();
        group.is_some_and(|group| {
            group
                .get("consolidated_metadata")
                .is_some_and(|m| !m.is_null())
        })
    };
    let group = target.ancestors().skip(1);
    let mut found = group.filter(|group| group.join(".zmetadata").exists() || holds(group));
    match found.next() {
        None => Ok(()),
        Some(group) => Err(fault::sink(
            uri,
            "a group keeps a copy of the array's metadata, which would become wrong",
        )
        .fact("group", group.display().to_string())
        .way_out("remove its consolidated metadata, and consolidate them again afterwards")),
    }
}

/// The document with another shape.
fn grown(text: &[u8], shape: &[i64]) -> serde_json::Result<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(text)?;
    document["shape"] = json!(shape);
    serde_json::to_vec_pretty(&document)
}

impl PartSink {
    /// Where a chunk of the part lies: the stored chunk, the first element that the part has of it,
    /// and the part's lengths in it.
    fn stored(&self, chunk: &[i64]) -> (Shape, Shape, Shape) {
        let mut at = (Shape::new(), Shape::new(), Shape::new());
        for (axis, &k) in chunk.iter().enumerate() {
            let (from, to) = self.info.grid.axes[axis].bounds(k);
            let start = self.from[axis] + from;
            at.0.push(start / self.encoder.whole[axis]);
            at.1.push(start);
            at.2.push(to - from);
        }
        at
    }

    fn key(&self, stored: &[i64]) -> String {
        let indices: Vec<u64> = stored.iter().map(|&k| k as u64).collect();
        self.metadata.keys.encode(&indices).as_str().to_owned()
    }

    /// The stored chunk with the part's elements in it, and its lengths.
    fn merged(
        &self,
        (stored, start, lens): (&[i64], &[i64], &[i64]),
        elements: &[u8],
        counters: &Counters,
    ) -> Result<(Shape, Vec<u8>)> {
        let size = self.info.dtype.itemsize();
        let first: Shape = stored
            .iter()
            .zip(&self.encoder.whole)
            .map(|(k, n)| k * n)
            .collect();
        let ends = first.iter().zip(&self.encoder.whole).zip(&self.shape);
        let whole: Shape = ends.map(|((a, n), len)| (*n).min(len - a)).collect();
        if whole[..] == *lens {
            return Ok((whole, elements.to_vec()));
        }
        let bytes = whole.iter().product::<i64>() as usize * size;
        let mut into = crate::file::buffer(&self.info.uri, bytes)?;
        runs::fill(&mut into, &self.encoder.fill);
        let strides = runs::strides(&whole, size, false);
        let mut put = |start: &[i64], lens: &[i64], from: &[u8]| {
            let at: Shape = start.iter().zip(&first).map(|(a, b)| a - b).collect();
            let into = &mut into[runs::offset(&at, &strides)..];
            runs::copy_box(
                lens,
                size,
                from,
                &runs::strides(lens, size, false),
                into,
                &strides,
            )
        };
        self.each_old(&first, counters, &mut put)?;
        put(start, lens, elements)?;
        Ok((whole, into))
    }

    /// Every chunk that the array has within the stored chunk at `first`.
    fn each_old(
        &self,
        first: &[i64],
        counters: &Counters,
        put: &mut impl FnMut(&[i64], &[i64], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let info = self.old.info();
        let mut ranges = Vec::new();
        for (axis, &from) in first.iter().enumerate() {
            let end = (from + self.encoder.whole[axis]).min(info.shape[axis]);
            if end <= from {
                return Ok(());
            }
            let axis = &info.grid.axes[axis];
            ranges.push((axis.chunk_of(from), axis.chunk_of(end - 1) + 1));
        }
        let counts = ranges.iter().map(|(from, to)| to - from);
        for number in 0..counts.product::<i64>() {
            let (mut rest, mut chunk) = (number, Shape::from_elem(0, ranges.len()));
            for (axis, (from, to)) in ranges.iter().enumerate().rev() {
                chunk[axis] = from + rest % (to - from);
                rest /= to - from;
            }
            let bounds = chunk
                .iter()
                .zip(&info.grid.axes)
                .map(|(&k, axis)| axis.bounds(k));
            let (start, lens): (Shape, Shape) = bounds.map(|(a, b)| (a, b - a)).unzip();
            let bytes = lens.iter().product::<i64>() as usize * info.dtype.itemsize();
            let mut elements = crate::file::buffer(&info.uri, bytes)?;
            self.old.read_chunk(&chunk, &mut elements, counters)?;
            put(&start, &lens, &elements)?;
        }
        Ok(())
    }

    fn publish(&self, mut staging: Staging) -> Result<()> {
        let failed = |error: std::io::Error| fault::writing(&self.info.uri, &self.target, &error);
        self.old.check_identity()?;
        let (name, text) = &self.document;
        staging.put(name, text).map_err(failed)?;
        hidden::flush(staging.path()).map_err(failed)?;
        staging.say(State::Moving).map_err(failed)?;
        // From here on the array may hold some of the files: what is left must not be lost.
        staging.keep();
        moving::carry_over(staging.path(), &self.target).map_err(|error: std::io::Error| {
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
        self.slot.write(chunk, |staging| {
            let Some(staging) = staging.as_ref().filter(|_| !elements.is_empty()) else {
                return Ok(());
            };
            let (stored, start, lens) = self.stored(chunk);
            let key = self.key(&stored);
            let (whole, merged) = self.merged((&stored, &start, &lens), elements, counters)?;
            let goes = self.target.join(&key);
            within::check(&info.uri, within::store(&self.target), &goes, fault::sink)?;
            staging.put_chunk((&info.uri, &stored, &key), counters, || {
                Ok(vec![self.encoder.encode(&whole, &merged)?])
            })
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let key = || self.key(&self.stored(chunk).0);
        let stands = |staging: &Option<Staging>| {
            staging
                .as_ref()
                .is_none_or(|staging| staging.stands(&key()))
        };
        self.slot.ask(stands).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        self.slot
            .finish(|staging| staging.map_or(Ok(()), |staging| self.publish(staging)))
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
