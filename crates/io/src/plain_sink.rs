//! How is a file written whose elements stand as in memory?
//!
//! Positioned writes into a hidden file beside the target, whose length is set first; `finish`
//! writes what stands before the elements, does with the file what its format wants done in the end,
//! flushes and renames it. A map is not used: a full disk would then be a signal, not an error.
//! Absent: what stands before the elements and behind them, which is the format's.

use crate::location::Location;
use crate::runs::Run;
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::staged::{Piece, Staged};
use crate::{ArraySpec, Counters, Sink, SinkInfo, fault, file, hash, hidden, runs};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::borrow::Cow;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::NamedTempFile;
use tilewright_core::{Grid, Result, Shape, element_count};

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
pub type Close = Box<dyn Fn(NamedTempFile) -> io::Result<NamedTempFile> + Send + Sync>;

/// Bytes that are read at a time where a chunk that a killed process wrote is looked at.
const LOOKED_AT: usize = 16 << 10;

/// Nothing is done.
pub fn as_it_stands() -> Close {
    Box::new(Ok)
}

struct PlainSink {
    info: SinkInfo,
    path: PathBuf,
    overwrite: bool,
    start: Vec<u8>,
    close: Close,
    /// Whether chunks are put into the order of the file before they are written.
    reorders: bool,
    /// Byte strides of the stored array.
    strides: Vec<usize>,
    slot: Slot<Staged>,
}

/// Starts a file, or goes on with one that was interrupted.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the target exists and is not to be replaced, something else was left
/// unfinished there, the directory cannot be written to, or the spec has attributes, for which there is no
/// place.
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
    let staged = Staged::open(
        (uri, path),
        spec.shape.len(),
        origin(spec, &form),
        spec.overwrite,
    )?;
    let sized = staged.file.set_len(total as u64);
    sized.map_err(|error| fault::writing(uri, path, &error))?;
    Ok(Arc::new(PlainSink {
        info: describe(location, spec, format, form.fortran),
        path: path.into(),
        overwrite: spec.overwrite,
        start: form.start,
        close: form.close,
        reorders: reorders(form.fortran, &spec.shape),
        strides: runs::strides(&spec.shape, spec.dtype.itemsize(), form.fortran),
        slot: Slot::new(uri, staged),
    }))
}

/// What a file takes, whose first axis may vary fastest.
pub fn describe(
    location: &Location,
    spec: &ArraySpec,
    format: &'static str,
    fortran: bool,
) -> SinkInfo {
    let grid = Grid::regular(&spec.shape, &sizes(spec, fortran));
    let lens = grid.longest();
    let largest = (lens.iter()).fold(spec.dtype.itemsize() as i64, |n, len| {
        n.saturating_mul(*len)
    });
    SinkInfo {
        uri: location.uri.clone(),
        format,
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid,
        encode_bytes: match reorders(fortran, &spec.shape) {
            true => largest as u64,
            false => 0,
        },
    }
}

/// Whether the order of the file is another than that of chunks: with one axis it is not.
fn reorders(fortran: bool, shape: &[i64]) -> bool {
    fortran && shape.len() > 1
}

/// Lengths of chunks: as many elements as are wanted, but along the first axes where these vary fastest and
/// nobody asked for others. A chunk that is cut there takes a call for each of its rows.
fn sizes(spec: &ArraySpec, fortran: bool) -> Shape {
    if !fortran || spec.chunks_told {
        return spec.grid.clone();
    }
    let lens = Grid::regular(&spec.shape, &spec.grid).longest();
    let mut left = element_count(&lens).unwrap_or(i64::MAX).max(1);
    let size = |&len: &i64| {
        let size = len.min(left).max(1);
        left = (left / size).max(1);
        size
    };
    spec.shape.iter().map(size).collect()
}

/// What the file comes from: the same elements that stand otherwise are another file.
fn origin(spec: &ArraySpec, form: &Form) -> Option<String> {
    let grid = sizes(spec, form.fortran);
    let stands = (&spec.shape, spec.dtype, grid, form.fortran);
    let stands = format!("{} {stands:?}", form.format);
    let hash = hash::go_on(hash::hash(&form.start), stands.as_bytes());
    let origin = spec.origin.as_ref();
    origin.map(|origin| format!("{origin}, file {hash:016x}"))
}

/// The file packed with gzip, in another one beside it.
///
/// # Errors
/// If that cannot be written.
pub fn pack(plain: NamedTempFile) -> io::Result<NamedTempFile> {
    let packed = hidden::beside(plain.path())?;
    let mut from = plain.as_file();
    from.seek(SeekFrom::Start(0))?;
    let mut encoder = GzEncoder::new(packed.as_file(), Compression::default());
    io::copy(&mut from, &mut encoder)?;
    encoder.finish()?;
    Ok(packed)
}

impl PlainSink {
    /// Every run of bytes that a chunk has in the file, and in memory in the order of the file.
    fn for_each(
        &self,
        chunk: &[i64],
        bytes: usize,
        mut each: impl FnMut(u64, &Run) -> Result<()>,
    ) -> Result<u64> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, bytes)?;
        let base = self.start.len() as u64 + runs::offset(&starts, &self.strides) as u64;
        let from = runs::strides(&lens, itemsize, self.reorders);
        runs::for_each_run(&lens, itemsize, &self.strides, &from, |run| {
            each(base, &run)
        })?;
        Ok(base)
    }

    /// A chunk's elements in the order of the file: one by one they would take a call each.
    fn in_order<'a>(&self, chunk: &[i64], elements: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        if !self.reorders {
            return Ok(Cow::Borrowed(elements));
        }
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        let mut ordered = file::buffer(&info.uri, elements.len())?;
        let [from, to] = [false, true].map(|fortran| runs::strides(&lens, itemsize, fortran));
        runs::copy_box(&lens, itemsize, elements, &from, &mut ordered, &to)?;
        Ok(Cow::Owned(ordered))
    }
}

impl Sink for PlainSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        self.slot.write(chunk, |staged| {
            let failed = |error| fault::writing(&self.info.uri, &self.path, &error);
            let failed = |error| fault::at_chunk(failed(error), chunk);
            let (mut checksum, elements) = (0, self.in_order(chunk, elements)?);
            let at = self.for_each(chunk, elements.len(), |base, run| {
                for i in 0..run.count {
                    let (a, b) = (run.a + i * run.a_step, run.b + i * run.b_step);
                    let bytes = &elements[b..b + run.bytes];
                    let written = staged.file.write_all_at(bytes, base + a as u64);
                    written.map_err(failed)?;
                    checksum = crc32c::crc32c_append(checksum, bytes);
                    counters.wrote(bytes.len());
                }
                Ok(())
            })?;
            let len = elements.len() as u64;
            staged
                .enter(chunk, Piece { at, len, checksum })
                .map_err(failed)
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let look = |staged: &Staged| {
            staged.stands(chunk, |piece| {
                let (mut checksum, mut room) = (0, [0; LOOKED_AT]);
                let looked = self.for_each(chunk, piece.len as usize, |base, run| {
                    for i in 0..run.count {
                        let at = base + (run.a + i * run.a_step) as u64;
                        for start in (0..run.bytes).step_by(LOOKED_AT) {
                            let bytes = &mut room[..LOOKED_AT.min(run.bytes - start)];
                            let read = staged.file.read_exact_at(bytes, at + start as u64);
                            read.map_err(|error| {
                                fault::writing(&self.info.uri, &self.path, &error)
                            })?;
                            checksum = crc32c::crc32c_append(checksum, bytes);
                        }
                    }
                    Ok(())
                });
                looked.map(|_| checksum).map_err(io::Error::other)
            })
        };
        self.slot.ask(look).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        let failed = |error: io::Error| fault::writing(&self.info.uri, &self.path, &error);
        self.slot.finish(|staged| {
            let complete = || {
                staged.file.write_all_at(&self.start, 0)?;
                (self.close)(staged.named()?)
            };
            let complete = complete().map_err(failed)?;
            hidden::show(&self.info.uri, &self.path, complete, self.overwrite)
        })
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
