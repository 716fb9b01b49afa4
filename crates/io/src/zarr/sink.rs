//! How is a zarr array written?
//!
//! Version 3, zstd, no shards. Everything goes into a hidden directory beside the target;
//! `finish` adds the metadata document and renames the directory. A chunk is written under another
//! name first, since a task may run twice. Absent: flushing each chunk to the disk; after a power
//! failure shortly behind `finish`, chunks may be empty, which the reader tells as damage. Replacing
//! is two renames; a process killed between them leaves the old array beside, as `.NAME.*.old`.

use super::node;
use crate::sink::Failures;
use crate::source::chunk_box;
use crate::{ArraySpec, Counters, Sink, SinkInfo, fault, runs};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tempfile::TempDir;
use tilewright_core::{DType, Error, Grid, Result, Scalar, Shape, element_count};

/// zstd's level: the fastest that still compresses; a store waits for the disk, not for the ratio.
const LEVEL: i32 = 1;

/// Memory of a zstd encoder at level 1, rounded up.
const ENCODER: u64 = 2 << 20;

struct ZarrSink {
    info: SinkInfo,
    target: PathBuf,
    overwrite: bool,
    /// Lengths of a chunk, before clipping.
    chunk: Shape,
    /// One element, which pads chunks that hang over the edge.
    fill: Vec<u8>,
    /// The metadata document.
    document: String,
    /// Groups above the array that do not exist yet, outermost first.
    groups: Vec<PathBuf>,
    /// Makes temporary names differ.
    serial: AtomicU64,
    failures: Failures,
    /// Writers share the lock; finish and abort take it alone.
    state: RwLock<State>,
}

enum State {
    Open(TempDir),
    Finished,
    Aborted,
}

/// Starts an array in a directory.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if something stands there that is not to be replaced, or the
/// directory above cannot be written to.
pub fn create(uri: &str, target: &Path, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    check_target(uri, target, spec.overwrite)?;
    let (groups, base) = groups_above(uri, target)?;
    let bytes = element_count(&spec.grid)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .filter(|&bytes| bytes <= super::metadata::LARGEST_CHUNK)
        .ok_or_else(|| {
            fault::sink(
                uri,
                format!("chunks of shape {:?} are too large", spec.grid),
            )
            .way_out("smaller chunks")
        })?;
    let document = serde_json::to_string_pretty(&document(spec))
        .map_err(|error| fault::sink(uri, format!("the metadata cannot be written: {error}")))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".partial")
        .permissions(Permissions::from_mode(0o777))
        .tempdir_in(&base)
        .map_err(|error| fault::writing(uri, target, &error))?;
    Ok(Arc::new(ZarrSink {
        info: SinkInfo {
            uri: uri.into(),
            format: "zarr v3",
            shape: spec.shape.clone(),
            dtype: spec.dtype,
            grid: Grid::regular(&spec.shape, &spec.grid),
            // A padded chunk, the encoded one, the encoder.
            encode_bytes: bytes as u64
                + zstd::zstd_safe::compress_bound(bytes as usize) as u64
                + ENCODER,
        },
        target: target.into(),
        overwrite: spec.overwrite,
        chunk: spec.grid.clone(),
        fill: spec.fill.bits().to_le_bytes()[..spec.dtype.itemsize()].to_vec(),
        document,
        groups,
        serial: AtomicU64::new(0),
        failures: Failures::default(),
        state: RwLock::new(State::Open(temporary)),
    }))
}

/// The target is free, or an array that may be replaced. Nothing but an array is ever removed.
fn check_target(uri: &str, target: &Path, overwrite: bool) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(target) else {
        return Ok(());
    };
    let empty = || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if found.is_dir() && empty() {
        return Ok(());
    }
    if !found.is_dir() || !node::is_array(target) {
        return Err(
            fault::sink(uri, "something that is no zarr array stands there")
                .fact("path", target.display().to_string())
                .way_out("another name, or remove it"),
        );
    }
    if !overwrite {
        return Err(exists(uri));
    }
    Ok(())
}

/// The target exists.
fn exists(uri: &str) -> Error {
    fault::sink(uri, "the array exists already").way_out("--overwrite, or another name")
}

/// The groups above a target that do not exist yet, outermost first, and the directory that does.
fn groups_above(uri: &str, target: &Path) -> Result<(Vec<PathBuf>, PathBuf)> {
    let is_store = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "zarr")
    };
    let store = target.ancestors().skip(1).find(|path| is_store(path));
    let mut missing = Vec::new();
    let mut above = target.parent();
    while let Some(path) = above {
        let here = if path == Path::new("") {
            Path::new(".")
        } else {
            path
        };
        let group = here.join("zarr.json").exists() || here.join(".zgroup").exists();
        let within = store.is_some_and(|store| path.starts_with(store));
        if within && node::is_array(here) {
            return Err(
                fault::sink(uri, "an array cannot be stored within an array")
                    .fact("array", here.display().to_string())
                    .way_out("a name beside it"),
            );
        }
        if within && !group {
            missing.insert(0, here.to_owned());
        }
        if here.is_dir() {
            return Ok((missing, here.to_owned()));
        }
        if !within || here.exists() {
            break;
        }
        above = path.parent();
    }
    let directory = target.parent().unwrap_or(target);
    Err(fault::sink(uri, "there is no such directory")
        .fact("path", directory.display().to_string())
        .way_out("create the directory first"))
}

/// The metadata document.
fn document(spec: &ArraySpec) -> Value {
    let mut document = json!({
        "zarr_format": 3,
        "node_type": "array",
        "shape": spec.shape.to_vec(),
        "data_type": spec.dtype.name(),
        "chunk_grid": {
            "name": "regular",
            "configuration": { "chunk_shape": spec.grid.to_vec() },
        },
        "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
        "fill_value": fill_value(spec.fill),
        "codecs": [
            { "name": "bytes", "configuration": { "endian": "little" } },
            { "name": "zstd", "configuration": { "level": LEVEL, "checksum": false } },
        ],
        "attributes": spec.attributes,
    });
    if let Some(names) = &spec.dimension_names {
        document["dimension_names"] = json!(names);
    }
    document
}

/// A fill value as JSON: floats that JSON does not have go by name, NaN by its bits.
fn fill_value(fill: Scalar) -> Value {
    let number = fill.to_f64();
    match (fill.dtype(), fill.as_i128()) {
        (DType::Bool, _) => json!(fill.truth()),
        (DType::U64, _) => json!(fill.bits()),
        (_, Some(value)) => json!(value as i64),
        (_, None) if number.is_finite() => json!(number),
        (_, None) if number == f64::INFINITY => json!("Infinity"),
        (_, None) if number == f64::NEG_INFINITY => json!("-Infinity"),
        (dtype, None) => json!(format!(
            "0x{:0width$x}",
            fill.bits(),
            width = 2 * dtype.itemsize()
        )),
    }
}

impl ZarrSink {
    fn closed(&self) -> Error {
        fault::sink(&self.info.uri, "the array is already finished or given up")
    }

    /// Where a chunk's file goes within the array's directory.
    fn key(chunk: &[i64]) -> PathBuf {
        let parts = chunk.iter().map(i64::to_string);
        std::iter::once("c".to_owned()).chain(parts).collect()
    }

    /// The whole chunk, encoded.
    fn encode(&self, lens: &[i64], elements: &[u8]) -> std::io::Result<Vec<u8>> {
        if *lens == *self.chunk {
            return zstd::bulk::compress(elements, LEVEL);
        }
        let itemsize = self.info.dtype.itemsize();
        let bytes = element_count(&self.chunk).unwrap_or(0) as usize * itemsize;
        let mut whole = Vec::new();
        whole
            .try_reserve_exact(bytes)
            .map_err(|_| std::io::ErrorKind::OutOfMemory)?;
        whole.resize(bytes, 0);
        runs::fill(&mut whole, &self.fill);
        let from = runs::strides(lens, itemsize, false);
        let to = runs::strides(&self.chunk, itemsize, false);
        runs::copy_box(lens, itemsize, elements, &from, &mut whole, &to)
            .map_err(std::io::Error::other)?;
        zstd::bulk::compress(&whole, LEVEL)
    }

    /// Writes a file under another name, then renames it.
    fn store(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_file_name(format!(".{serial}.partial"));
        let write = || fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
        let result = match (write(), path.parent()) {
            (Err(error), Some(parent)) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(parent).and_then(|()| write())
            }
            (result, _) => result,
        };
        if result.is_err() {
            // The whole directory goes in the end; this frees space at once on a full disk.
            let _ = fs::remove_file(&temporary);
        }
        result
    }

    /// Shows the directory under the target's name.
    fn publish(&self, temporary: &TempDir) -> Result<()> {
        let uri = &self.info.uri;
        let failed = |error: std::io::Error| fault::writing(uri, &self.target, &error);
        let document = temporary.path().join("zarr.json");
        self.store(&document, self.document.as_bytes())
            .map_err(failed)?;
        if let Ok(file) = fs::File::open(&document) {
            file.sync_all().map_err(failed)?;
        }
        for group in &self.groups {
            fs::create_dir_all(group).map_err(failed)?;
            let document = json!({ "zarr_format": 3, "node_type": "group", "attributes": {} });
            let path = group.join("zarr.json");
            if !path.exists() {
                self.store(&path, document.to_string().as_bytes())
                    .map_err(failed)?;
            }
        }
        check_target(uri, &self.target, self.overwrite)?;
        let mut old = None;
        if self.target.exists() {
            // A directory cannot be renamed over another that holds files.
            let aside = temporary.path().with_extension("old");
            fs::rename(&self.target, &aside).map_err(failed)?;
            old = Some(aside);
        }
        if let Err(error) = fs::rename(temporary.path(), &self.target) {
            if let Some(aside) = &old {
                let _ = fs::rename(aside, &self.target);
            }
            return Err(failed(error));
        }
        // The new array stands; what is left of the old one does no harm.
        if let Some(aside) = &old {
            let _ = fs::remove_dir_all(aside);
        }
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
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let State::Open(temporary) = &*state else {
            return Err(self.closed());
        };
        if elements.is_empty() {
            return Ok(());
        }
        let path = temporary.path().join(ZarrSink::key(chunk));
        let failed = |error: std::io::Error| {
            fault::writing(&info.uri, &path, &error).fact("chunk", format!("{chunk:?}"))
        };
        let encoded = self.encode(&lens, elements);
        let stored = encoded.and_then(|encoded| {
            self.store(&path, &encoded)?;
            counters.wrote(encoded.len());
            Ok(())
        });
        self.failures.note(chunk, stored.map_err(failed))
    }

    fn finish(&self) -> Result<()> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Finished) {
            return Ok(());
        }
        // On any failure the temporary is dropped, which removes it.
        let State::Open(temporary) = std::mem::replace(&mut *state, State::Aborted) else {
            return Err(self.closed());
        };
        self.failures.check(&self.info.uri)?;
        self.publish(&temporary)?;
        // Renamed: there is nothing left to remove under the old name.
        let _ = temporary.keep();
        *state = State::Finished;
        Ok(())
    }

    fn abort(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Open(_)) {
            *state = State::Aborted;
        }
    }
}
