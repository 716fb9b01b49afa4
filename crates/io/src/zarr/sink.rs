//! How is a zarr array written?
//!
//! Everything goes into a hidden directory beside the target; `finish` adds the metadata documents,
//! makes all of it last and renames the directory, in exchange for the array that it replaces.
//! Absent: parts of arrays that exist, which are `part`'s; what is another way with objects, which is
//! `deposit`'s.

use super::deposit::Deposit;
use super::encode::Encoder;
use super::place::Place;
use super::{document, moving, node, part, target};
use crate::codec::LARGEST_CHUNK;
use crate::files::Files;
use crate::location::Location;
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::staging::{self, Staging};
use crate::{
    ArraySpec, Codecs, Compression, Counters, Part, Sink, SinkInfo, fault, hidden, replace, within,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Grid, Result, element_count};

/// What may be replaced, in messages.
const ARRAY: &str = "zarr array";

struct ZarrSink {
    info: SinkInfo,
    target: PathBuf,
    overwrite: bool,
    /// Whether every chunk is written before it is shown.
    complete: bool,
    encoder: Encoder,
    /// The version of the format.
    version: u8,
    /// The metadata documents: names and texts.
    documents: Vec<(&'static str, String)>,
    /// Groups above the array that do not exist yet, outermost first.
    groups: Vec<PathBuf>,
    slot: Slot<Place>,
}

/// Starts an array in a directory, or goes on with one that was interrupted.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if something stands there that is not to be replaced, or the
/// directory above cannot be written to; those of [`part::create`] for a part.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    if spec.part != Part::Whole {
        return part::create(location, spec);
    }
    let (uri, path) = (location.uri.as_str(), location.path.as_path());
    let (groups, base) = match location.files {
        Files::OnDisk => check_directory(uri, path, spec.overwrite)?,
        Files::Objects(_) => Default::default(),
    };
    let (info, encoder) = whole(uri, spec)?;
    let mut documents = Vec::new();
    for (name, document) in document::documents(spec, &encoder.codecs) {
        let text = serde_json::to_string_pretty(&document).map_err(|error| {
            fault::sink(uri, format!("the metadata cannot be written: {error}"))
        })?;
        documents.push((name, text));
    }
    // The same elements in other chunks, or packed otherwise, are another array.
    let told = |origin: &String| {
        let texts: Vec<&str> = documents.iter().map(|(_, text)| text.as_str()).collect();
        let hash = crate::hash::hash(texts.concat().as_bytes());
        format!("{origin}, metadata {hash:016x}")
    };
    let origin = spec.origin.as_ref().map(told);
    let overwrite = spec.overwrite;
    let place = match &location.files {
        Files::OnDisk => Place::Hidden(Staging::open(uri, &base, path, origin, overwrite)?),
        Files::Objects(objects) => {
            Place::Objects(Deposit::open(location, objects, origin, overwrite)?)
        }
    };
    Ok(Arc::new(ZarrSink {
        info,
        target: path.into(),
        overwrite,
        complete: spec.complete,
        version: encoder.codecs.zarr_version,
        encoder,
        documents,
        groups,
        slot: Slot::new(uri, place),
    }))
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// Those of [`create`] that the target's place has no part in.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    match spec.part {
        Part::Whole => whole(&location.uri, spec).map(|(info, _)| info),
        _ => part::describe(location, spec),
    }
}

/// What a whole array takes, and how its chunks are packed.
fn whole(uri: &str, spec: &ArraySpec) -> Result<(SinkInfo, Encoder)> {
    let codecs = spec.codecs.clone().unwrap_or_default();
    check_codecs(uri, spec, &codecs)?;
    let whole = codecs.shards.as_ref().unwrap_or(&spec.grid);
    element_count(whole)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .filter(|&bytes| bytes <= LARGEST_CHUNK)
        .ok_or_else(|| {
            fault::sink(uri, format!("chunks of shape {whole:?} are too large"))
                .way_out("smaller chunks")
        })?;
    let encoder = Encoder {
        whole: whole.clone(),
        inner: codecs.shards.is_some().then(|| spec.grid.clone()),
        fill: spec.fill.bits().to_le_bytes()[..spec.dtype.itemsize()].to_vec(),
        codecs,
    };
    let info = SinkInfo {
        uri: uri.into(),
        format: match encoder.codecs.zarr_version {
            2 => "zarr v2",
            _ => "zarr v3",
        },
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: Grid::regular(&spec.shape, &encoder.whole),
        encode_bytes: encoder.working_bytes() as u64,
    };
    Ok((info, encoder))
}

/// What stands at a path may be replaced; gives the groups above it that do not exist yet, and the
/// directory that does.
fn check_directory(uri: &str, path: &Path, overwrite: bool) -> Result<(Vec<PathBuf>, PathBuf)> {
    within::check(uri, within::store(path), path, fault::sink)?;
    if node::is_group(path) {
        return Err(fault::sink(uri, "a zarr group stands there")
            .fact("path", path.display().to_string())
            .way_out("a name within it, or another name"));
    }
    replace::check(uri, path, overwrite, (ARRAY, node::is_array))?;
    let (groups, base) = target::groups_above(uri, path)?;
    if node::is_array(path) {
        // What is to be replaced may be needed still, if this is given up.
        moving::settle(&base, path).map_err(|error| fault::writing(uri, path, &error))?;
    }
    Ok((groups, base))
}

/// What is asked for is what the version can do.
fn check_codecs(uri: &str, spec: &ArraySpec, codecs: &Codecs) -> Result<()> {
    let refuse = |message: &str, way_out: &str| Err(fault::sink(uri, message).way_out(way_out));
    match codecs.compression {
        Compression::Zstd(level) if !(-7..=22).contains(&level) => {
            return refuse("zstd has no such level", "1 to 22");
        }
        Compression::Gzip(level) if level > 9 => {
            return refuse("gzip has no such level", "0 to 9");
        }
        Compression::Blosc(how) if how.level > 9 => {
            return refuse("blosc has no such level", "0 to 9");
        }
        _ => {}
    }
    if codecs.zarr_version == 2 && (codecs.checksum || codecs.shards.is_some()) {
        return refuse(
            "version 2 of zarr has neither checksums nor shards",
            "version 3",
        );
    }
    let Some(shards) = &codecs.shards else {
        return Ok(());
    };
    let fits = |(shard, chunk): (&i64, &i64)| *shard >= 1 && shard % chunk == 0;
    if shards.len() != spec.grid.len() || !shards.iter().zip(&spec.grid).all(fits) {
        let message = format!("shards of {shards:?} do not hold chunks of {:?}", spec.grid);
        return refuse(&message, "multiples of the chunks' lengths");
    }
    Ok(())
}

impl ZarrSink {
    /// Where a chunk's file goes within the array's directory.
    fn key(&self, chunk: &[i64]) -> String {
        let parts: Vec<String> = chunk.iter().map(i64::to_string).collect();
        match (self.version, parts.is_empty()) {
            (2, true) => "0".into(),
            (2, false) => parts.join("."),
            (_, true) => "c".into(),
            (_, false) => format!("c/{}", parts.join("/")),
        }
    }

    /// Shows the directory under the target's name.
    fn publish(&self, place: Place) -> Result<()> {
        let staging = match place {
            Place::Hidden(staging) => staging,
            Place::Objects(deposit) => {
                return deposit.show(&self.documents, self.version, self.complete);
            }
        };
        let uri = &self.info.uri;
        let failed = |error: std::io::Error| fault::writing(uri, &self.target, &error);
        for (name, text) in &self.documents {
            staging.put(name, text.as_bytes()).map_err(failed)?;
        }
        hidden::flush(staging.path()).map_err(failed)?;
        for group in &self.groups {
            fs::create_dir_all(group).map_err(failed)?;
            let (name, document) = document::group(self.version);
            let path = group.join(name);
            if !path.exists() {
                staging::put(&path, &[document.to_string().as_bytes()], 0).map_err(failed)?;
            }
        }
        replace::check(uri, &self.target, self.overwrite, (ARRAY, node::is_array))?;
        // What is replaced is gone then, too.
        let shown = staging.show(&self.target, self.overwrite, self.complete);
        shown.map_err(failed)?;
        if let Some(Ok(parent)) = self.target.parent().map(fs::File::open) {
            let _ = parent.sync_all();
        }
        Ok(())
    }
}

impl Sink for ZarrSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        self.slot.write(chunk, |place| {
            if elements.is_empty() {
                return Ok(());
            }
            let key = self.key(chunk);
            place.put_chunk((&info.uri, chunk, &key), counters, || {
                self.encoder.encode(&lens, elements)
            })
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let stands = |place: &Place| place.stands(&self.key(chunk));
        self.slot.ask(stands).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        self.slot.finish(|place| self.publish(place))
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
