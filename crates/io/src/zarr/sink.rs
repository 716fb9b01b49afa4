//! How is a zarr array written?
//!
//! Everything goes into a hidden directory beside the target; `finish` adds the metadata documents
//! and renames the directory. A chunk is written under another
//! name first, since a task may run twice. Absent: flushing each chunk to the disk; after a power
//! failure shortly behind `finish`, chunks may be empty, which the reader tells as damage. Replacing
//! is two renames; a process killed between them leaves the old array beside, as `.NAME.*.old`.

use super::encode::Encoder;
use super::{document, node};
use crate::location::Location;
use crate::sink::Failures;
use crate::source::chunk_box;
use crate::{ArraySpec, Codecs, Compression, Counters, Sink, SinkInfo, fault};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tempfile::TempDir;
use tilewright_core::{Error, Grid, Result, element_count};

struct ZarrSink {
    info: SinkInfo,
    target: PathBuf,
    overwrite: bool,
    encoder: Encoder,
    /// The version of the format.
    version: u8,
    /// The metadata documents: names and texts.
    documents: Vec<(&'static str, String)>,
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
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let (uri, target) = (location.uri.as_str(), location.path.as_path());
    check_target(uri, target, spec.overwrite)?;
    let (groups, base) = groups_above(uri, target)?;
    let codecs = spec.codecs.clone().unwrap_or_default();
    check_codecs(uri, spec, &codecs)?;
    let whole = codecs.shards.as_ref().unwrap_or(&spec.grid);
    element_count(whole)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .filter(|&bytes| bytes <= super::metadata::LARGEST_CHUNK)
        .ok_or_else(|| {
            fault::sink(uri, format!("chunks of shape {whole:?} are too large"))
                .way_out("smaller chunks")
        })?;
    let mut documents = Vec::new();
    for (name, document) in document::documents(spec, &codecs) {
        let text = serde_json::to_string_pretty(&document).map_err(|error| {
            fault::sink(uri, format!("the metadata cannot be written: {error}"))
        })?;
        documents.push((name, text));
    }
    let version = codecs.zarr_version;
    let encoder = Encoder {
        whole: whole.clone(),
        inner: codecs.shards.is_some().then(|| spec.grid.clone()),
        fill: spec.fill.bits().to_le_bytes()[..spec.dtype.itemsize()].to_vec(),
        codecs,
    };
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
            format: if version == 2 { "zarr v2" } else { "zarr v3" },
            shape: spec.shape.clone(),
            dtype: spec.dtype,
            grid: Grid::regular(&spec.shape, &encoder.whole),
            encode_bytes: encoder.working_bytes() as u64,
        },
        target: target.into(),
        overwrite: spec.overwrite,
        encoder,
        version,
        documents,
        groups,
        serial: AtomicU64::new(0),
        failures: Failures::default(),
        state: RwLock::new(State::Open(temporary)),
    }))
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

impl ZarrSink {
    fn closed(&self) -> Error {
        fault::sink(&self.info.uri, "the array is already finished or given up")
    }

    /// Where a chunk's file goes within the array's directory.
    fn key(&self, chunk: &[i64]) -> PathBuf {
        let parts = chunk.iter().map(i64::to_string);
        if self.version == 2 {
            let name = parts.collect::<Vec<_>>().join(".");
            return if name.is_empty() {
                "0".into()
            } else {
                name.into()
            };
        }
        std::iter::once("c".to_owned()).chain(parts).collect()
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
        for (name, text) in &self.documents {
            let document = temporary.path().join(name);
            self.store(&document, text.as_bytes()).map_err(failed)?;
            if let Ok(file) = fs::File::open(&document) {
                file.sync_all().map_err(failed)?;
            }
        }
        for group in &self.groups {
            fs::create_dir_all(group).map_err(failed)?;
            let (name, document) = document::group(self.version);
            let path = group.join(name);
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
        let path = temporary.path().join(self.key(chunk));
        let failed = |error: std::io::Error| {
            fault::writing(&info.uri, &path, &error).fact("chunk", format!("{chunk:?}"))
        };
        let encoded = self.encoder.encode(&lens, elements);
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
