//! How is a file written whose elements stand as in memory?
//!
//! Positioned writes into a hidden file beside the target, whose length is set first; `finish`
//! writes what stands before the elements, does with the file what its format wants done in the end,
//! flushes and renames it. A map is not used: a full disk would then be a signal, not an error.
//! Absent: what stands before the elements and behind them, which is the format's.

use crate::location::Location;
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::{ArraySpec, Counters, Sink, SinkInfo, fault, hidden, runs};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;
use tilewright_core::{Grid, Result, element_count};

/// How a format's file begins and how its elements stand.
pub struct Form {
    /// The format's name.
    pub format: &'static str,
    /// The bytes before element 0; written last, so that a partial file is none of the format.
    pub start: Vec<u8>,
    /// Whether the first axis varies fastest.
    pub fortran: bool,
    /// What is done in the end with the file, whose elements and beginning stand.
    pub close: Close,
}

/// Completes a hidden file, or makes another one of it.
pub type Close = Box<dyn Fn(NamedTempFile, &Path) -> io::Result<NamedTempFile> + Send + Sync>;

/// Nothing is done.
pub fn as_it_stands() -> Close {
    Box::new(|file, _| Ok(file))
}

struct PlainSink {
    info: SinkInfo,
    path: PathBuf,
    overwrite: bool,
    start: Vec<u8>,
    close: Close,
    /// Byte strides of the stored array.
    strides: Vec<usize>,
    slot: Slot<NamedTempFile>,
}

/// Starts a file.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the target exists and is not to be replaced, the directory
/// cannot be written to, or the spec has attributes, for which there is no place.
pub fn create(location: &Location, spec: &ArraySpec, form: Form) -> Result<Arc<dyn Sink>> {
    let (uri, path) = (location.uri.as_str(), location.path.as_path());
    let format = form.format;
    if !spec.attributes.is_empty() {
        return Err(
            fault::sink(uri, format!("{format} has no place for attributes"))
                .way_out("write a .zarr array, or drop the attributes"),
        );
    }
    if spec.codecs.is_some() {
        return Err(fault::sink(uri, format!("{format} has no chunks to pack"))
            .way_out("write a .zarr array, or without codecs"));
    }
    hidden::check(uri, path, spec.overwrite)?;
    let total = element_count(&spec.shape)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .and_then(|bytes| bytes.checked_add(form.start.len() as i64))
        .ok_or_else(|| fault::sink(uri, format!("an array of {:?} is too large", spec.shape)))?;
    let temporary = hidden::create(path).map_err(|error| fault::writing(uri, path, &error))?;
    temporary
        .as_file()
        .set_len(total as u64)
        .map_err(|error| fault::writing(uri, path, &error))?;
    Ok(Arc::new(PlainSink {
        info: describe(location, spec, format),
        path: path.into(),
        overwrite: spec.overwrite,
        start: form.start,
        close: form.close,
        strides: runs::strides(&spec.shape, spec.dtype.itemsize(), form.fortran),
        slot: Slot::new(uri, temporary),
    }))
}

/// What a file takes.
pub fn describe(location: &Location, spec: &ArraySpec, format: &'static str) -> SinkInfo {
    SinkInfo {
        uri: location.uri.clone(),
        format,
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: Grid::regular(&spec.shape, &spec.grid),
        encode_bytes: 0,
    }
}

/// The file packed with gzip, in another hidden file.
///
/// # Errors
/// If that cannot be written.
pub fn pack(plain: NamedTempFile, path: &Path) -> io::Result<NamedTempFile> {
    let packed = hidden::create(path)?;
    let mut from = plain.as_file();
    from.seek(SeekFrom::Start(0))?;
    let mut encoder = GzEncoder::new(packed.as_file(), Compression::default());
    io::copy(&mut from, &mut encoder)?;
    encoder.finish()?;
    Ok(packed)
}

impl Sink for PlainSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        let base = self.start.len() as u64 + runs::offset(&starts, &self.strides) as u64;
        let from = runs::strides(&lens, itemsize, false);
        self.slot.write(chunk, |temporary| {
            runs::for_each_run(&lens, itemsize, &self.strides, &from, |run| {
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
                    counters.wrote(bytes.len());
                }
                Ok(())
            })
        })
    }

    fn finish(&self) -> Result<()> {
        let failed = |error: io::Error| fault::writing(&self.info.uri, &self.path, &error);
        self.slot.finish(|temporary| {
            temporary
                .as_file()
                .write_all_at(&self.start, 0)
                .map_err(failed)?;
            let temporary = (self.close)(temporary, &self.path).map_err(failed)?;
            hidden::show(&self.info.uri, &self.path, temporary, self.overwrite)
        })
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
