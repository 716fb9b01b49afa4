//! How is an npy file written?
//!
//! Positioned writes into a hidden file beside the target, whose length is set first; `finish`
//! flushes and renames it. A map is not used: a full disk would then be a signal, not an error.

use super::header;
use crate::sink::Failures;
use crate::source::chunk_box;
use crate::{ArraySpec, Counters, Sink, SinkInfo, fault, runs};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tempfile::NamedTempFile;
use tilewright_core::{Error, Grid, Result, element_count};

struct NpySink {
    info: SinkInfo,
    path: PathBuf,
    overwrite: bool,
    /// The bytes before element 0; written last, so that a partial file is no npy file.
    start: Vec<u8>,
    /// Byte strides of the stored array.
    strides: Vec<usize>,
    failures: Failures,
    /// Writers share the lock; finish and abort take it alone.
    state: RwLock<State>,
}

enum State {
    Open(NamedTempFile),
    Finished,
    Aborted,
}

/// Starts an npy file.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the target exists and is not to be replaced, or the
/// directory cannot be written to.
pub fn create(uri: &str, path: &Path, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    if !spec.attributes.is_empty() {
        return Err(fault::sink(uri, "npy has no place for attributes")
            .way_out("write a .zarr array, or drop the attributes"));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(
                fault::sink(uri, "a directory stands where the npy file would go")
                    .way_out("another name"),
            );
        }
        Ok(_) if !spec.overwrite => return Err(exists(uri)),
        _ => {}
    }
    let grid = Grid::regular(&spec.shape, &spec.grid);
    let start = header::write(spec.dtype, &spec.shape);
    let total = element_count(&spec.shape)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .and_then(|bytes| bytes.checked_add(start.len() as i64))
        .ok_or_else(|| fault::sink(uri, format!("an array of {:?} is too large", spec.shape)))?;
    let failed = |error: std::io::Error| fault::writing(uri, path, &error);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".partial")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory(path))
        .map_err(failed)?;
    temporary.as_file().set_len(total as u64).map_err(failed)?;
    Ok(Arc::new(NpySink {
        info: SinkInfo {
            uri: uri.into(),
            format: "npy",
            shape: spec.shape.clone(),
            dtype: spec.dtype,
            grid,
            encode_bytes: 0,
        },
        path: path.into(),
        overwrite: spec.overwrite,
        start,
        strides: runs::strides(&spec.shape, spec.dtype.itemsize(), false),
        failures: Failures::default(),
        state: RwLock::new(State::Open(temporary)),
    }))
}

/// The target exists.
fn exists(uri: &str) -> Error {
    fault::sink(uri, "the file exists already").way_out("--overwrite, or another name")
}

/// Where the file goes.
fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

impl NpySink {
    fn closed(&self) -> Error {
        fault::sink(&self.info.uri, "the array is already finished or given up")
    }
}

impl Sink for NpySink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let State::Open(temporary) = &*state else {
            return Err(self.closed());
        };
        if elements.is_empty() {
            return Ok(());
        }
        let base = self.start.len() as u64 + runs::offset(&starts, &self.strides) as u64;
        let from = runs::strides(&lens, itemsize, false);
        let mut written = 0;
        let result = runs::for_each_run(&lens, itemsize, &self.strides, &from, |run| {
            for i in 0..run.count {
                let (a, b) = (run.a + i * run.a_step, run.b + i * run.b_step);
                let bytes = &elements[b..b + run.bytes];
                let failed = |error| {
                    fault::writing(&info.uri, temporary.path(), &error)
                        .fact("chunk", format!("{chunk:?}"))
                };
                temporary
                    .as_file()
                    .write_all_at(bytes, base + a as u64)
                    .map_err(failed)?;
                written += bytes.len();
            }
            Ok(())
        });
        self.failures.note(chunk, result)?;
        counters.wrote(written);
        Ok(())
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
        let failed = |error: std::io::Error| fault::writing(&self.info.uri, &self.path, &error);
        let file = temporary.as_file();
        file.write_all_at(&self.start, 0)
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        if self.overwrite {
            temporary
                .persist(&self.path)
                .map_err(|error| failed(error.error))?;
        } else {
            temporary.persist_noclobber(&self.path).map_err(|error| {
                if error.error.kind() == std::io::ErrorKind::AlreadyExists {
                    exists(&self.info.uri)
                } else {
                    failed(error.error)
                }
            })?;
        }
        *state = State::Finished;
        // Makes the new name last; a directory that cannot be flushed still holds the file.
        if let Ok(directory) = File::open(directory(&self.path)) {
            let _ = directory.sync_all();
        }
        Ok(())
    }

    fn abort(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Open(_)) {
            *state = State::Aborted;
        }
    }
}
