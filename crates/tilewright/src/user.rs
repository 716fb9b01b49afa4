//! How does code of the user's read and write arrays?
//!
//! Sources and sinks of the user's own, or functions that take one chunk at a time. Whatever they
//! do is an error of [`Kind::User`] at worst, which names the array and the chunk. Absent: functions
//! of whole blocks of other arrays; plans that travel, which cannot take code with them.

use crate::number::Number;
use crate::{Array, Layout, open};
use std::any::Any;
use std::fmt::Display;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tilewright_core::error::panic_text;
use tilewright_core::{Error, Grid, Kind, Result};
use tilewright_expr::Handle;
use tilewright_io::{ArraySpec, Counters, InPlace, Sink, SinkInfo, Source, SourceInfo};

/// An array that a source of the user's own reads; its chunks are those of the source, and its name
/// in messages and plans is the source's `uri`.
///
/// # Errors
/// [`Kind::User`] if the source does not describe an array; in a run, for what its methods say and
/// for their panics.
#[must_use]
#[track_caller]
pub fn from_source(source: Arc<dyn Source>) -> Array {
    let info = match guarded("source", || Ok(source.info().clone())) {
        Ok(info) if info.grid.shape() == info.shape => info,
        Ok(info) => {
            let error = Error::new(Kind::User, "the source's chunks are of another shape");
            return Array::new(Err(error
                .fact("array", &info.uri)
                .fact("shape", format!("{:?}", info.shape))
                .fact("chunks", format!("of {:?}", info.grid.shape()))
                .way_out("Grid::regular of the array's own shape")));
        }
        Err(error) => return Array::new(Err(error)),
    };
    let guarded: Arc<dyn Source> = Arc::new(GuardedSource { info, source });
    let user: Arc<dyn Any + Send + Sync> = Arc::new(guarded.clone());
    open::reading(&*guarded, None, Some(Handle::new(user)))
        .unwrap_or_else(|error| Array::new(Err(error)))
}

/// An array whose chunks a function makes when they are wanted: it is told the chunk's range along
/// each axis, and fills its elements, which are in C order and 0 before. It may be called from
/// several threads at once, and more than once for a chunk.
///
/// # Errors
/// [`Kind::DType`] if the layout names another dtype than the function's; in a run [`Kind::User`]
/// for what the function says and for its panics.
///
/// ```
/// use tilewright::{from_delayed, shape};
///
/// // A table of 3 × 4 that comes from elsewhere, a row at a time.
/// let rows = shape([3, 4]).chunks([1, -1]);
/// let x = from_delayed(rows, |at, row: &mut [f32]| {
///     row.iter_mut().zip(at[1].clone()).for_each(|(x, k)| *x = (10 * at[0].start + k) as f32);
///     Ok::<(), std::io::Error>(())
/// });
/// assert_eq!(x.sum(..).compute()?.item::<f32>()?, 138.0);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn from_delayed<T: Number, E: Display>(
    layout: impl Into<Layout>,
    read: impl Fn(&[Range<i64>], &mut [T]) -> Result<(), E> + Send + Sync + 'static,
) -> Array {
    let layout = layout.into();
    let dtype = layout.dtype_or(T::DTYPE);
    if dtype != T::DTYPE {
        let message = format!("a function of {} does not fill {dtype}", T::DTYPE);
        return Array::new(Err(
            Error::new(Kind::DType, message).way_out("a layout without a dtype, and astype")
        ));
    }
    match layout.grid(dtype) {
        Err(error) => Array::new(Err(error)),
        Ok(grid) => from_source(Arc::new(Delayed {
            info: SourceInfo::new("delayed", dtype, grid),
            read: move |at: &[Range<i64>], into: &mut [u8]| {
                read(at, T::slice_mut(into)?).map_err(|error| said(&error))
            },
        })),
    }
}

/// A sink of the user's own, as a run writes to it.
pub(crate) fn guard_sink(sink: Arc<dyn Sink>) -> Result<Arc<dyn Sink>> {
    let info = guarded("sink", || Ok(sink.info().clone()))?;
    Ok(Arc::new(GuardedSink { info, sink }))
}

/// Takes the range of a chunk along each axis, and the chunk.
pub(crate) type Write = dyn Fn(&[Range<i64>], &[u8]) -> Result<()> + Send + Sync;

/// What takes chunks of these elements.
pub(crate) fn writing<T: Number, E: Display>(
    write: impl Fn(&[Range<i64>], &[T]) -> Result<(), E> + Send + Sync + 'static,
) -> Arc<Write> {
    Arc::new(move |at, elements| write(at, T::slice(elements)?).map_err(|error| said(&error)))
}

/// A sink that gives every chunk to a function.
pub(crate) fn function_sink(spec: &ArraySpec, write: Arc<Write>) -> Result<Arc<dyn Sink>> {
    let info = SinkInfo {
        uri: "function".into(),
        format: "function",
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: Grid::regular(&spec.shape, &spec.grid),
        encode_bytes: 0,
    };
    guard_sink(Arc::new(FunctionSink { info, write }))
}

fn said(error: &impl Display) -> Error {
    Error::new(Kind::User, error.to_string())
}

/// Runs code of the user's: what it says and its panics are the user's errors.
fn guarded<T>(what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    let result = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let message = format!("the {what} panicked: {}", panic_text(&*panic));
        Err(Error::new(Kind::User, message))
    });
    result.map_err(|error| {
        let told = Error::new(Kind::User, error.message());
        let facts = error.facts().iter();
        let told = facts.fold(told, |told, (label, text)| told.fact(label, text));
        match error.suggestion() {
            Some(way_out) => told.way_out(way_out),
            None => told,
        }
    })
}

/// The range of a chunk along each axis.
fn ranges(grid: &Grid, chunk: &[i64]) -> Vec<Range<i64>> {
    grid.bounds(chunk).map(|(from, to)| from..to).collect()
}

/// An error with its array and chunk.
fn at(error: Error, name: &str, chunk: &[i64]) -> Error {
    unless_named(of(error, name), "chunk", || format!("{chunk:?}"))
}

/// An error with its array.
fn of(error: Error, name: &str) -> Error {
    unless_named(error, "array", || name.to_owned())
}

/// What the code said of it already stays.
fn unless_named(error: Error, label: &str, text: impl FnOnce() -> String) -> Error {
    match error.facts().iter().any(|(found, _)| found == label) {
        true => error,
        false => error.fact(label, text()),
    }
}

struct GuardedSource {
    info: SourceInfo,
    source: Arc<dyn Source>,
}

impl Source for GuardedSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        guarded("source", || self.source.read_chunk(chunk, into, counters))
            .map_err(|error| at(error, &self.info.uri, chunk))
    }

    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        guarded("source", || {
            self.source.read_part(chunk, start, lens, into, counters)
        })
        .map_err(|error| at(error, &self.info.uri, chunk))
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        guarded("source", || Ok(self.source.in_place())).ok()?
    }

    fn check_identity(&self) -> Result<()> {
        guarded("source", || self.source.check_identity())
            .map_err(|error| of(error, &self.info.uri))
    }
}

/// A source that a function reads.
struct Delayed<F> {
    info: SourceInfo,
    read: F,
}

impl<F: Fn(&[Range<i64>], &mut [u8]) -> Result<()> + Send + Sync> Source for Delayed<F> {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        (self.read)(&ranges(&self.info.grid, chunk), into)?;
        counters.read_chunk(into.len(), into.len());
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}

struct GuardedSink {
    info: SinkInfo,
    sink: Arc<dyn Sink>,
}

impl Sink for GuardedSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        guarded("sink", || self.sink.write_chunk(chunk, elements, counters))
            .map_err(|error| at(error, &self.info.uri, chunk))
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        guarded("sink", || Ok(self.sink.stands(chunk))).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        guarded("sink", || self.sink.finish()).map_err(|error| of(error, &self.info.uri))
    }

    fn abort(&self) {
        // The run failed already, and its own error is told.
        let _ = guarded("sink", || {
            self.sink.abort();
            Ok(())
        });
    }
}

struct FunctionSink {
    info: SinkInfo,
    write: Arc<Write>,
}

impl Sink for FunctionSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        (self.write)(&ranges(&self.info.grid, chunk), elements)?;
        counters.wrote(elements.len());
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        Ok(())
    }

    fn abort(&self) {}
}
