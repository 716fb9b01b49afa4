//! How is a stack written?
//!
//! A file for each chunk along the first axis, in a hidden directory beside the target, which is
//! renamed in the end. Absent: other axes to cut.

use super::{INFO, info, source};
use crate::location::Location;
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::staging::Staging;
use crate::{ArraySpec, Counters, Sink, SinkInfo, fault, hidden, npy, replace};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{DType, Grid, Result};

struct StackSink {
    info: SinkInfo,
    target: PathBuf,
    overwrite: bool,
    slot: Slot<Staging>,
}

/// Starts a stack, or goes on with one that was interrupted.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if something stands there that is not to be replaced, something else was
/// left unfinished there, the directory cannot be written to, or the format has no place for what is
/// asked.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let (uri, path) = (location.uri.as_str(), location.path.as_path());
    let info = describe(location, spec)?;
    check(uri, path, spec.overwrite)?;
    let origin = spec.origin.as_ref();
    let origin = origin.map(|origin| format!("{origin}, {} {:?}", info.dtype, info.grid));
    let staging = Staging::open(uri, hidden::directory(path), path, origin, spec.overwrite)?;
    Ok(Arc::new(StackSink {
        info,
        target: path.into(),
        overwrite: spec.overwrite,
        slot: Slot::new(uri, staging),
    }))
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// Those of [`create`] that the target's place has no part in.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    let uri = location.uri.as_str();
    let refuse = |message: &str, way_out: &str| Err(fault::sink(uri, message).way_out(way_out));
    if !spec.attributes.is_empty() || spec.codecs.is_some() {
        return refuse(
            "npy files have no place for attributes, and no chunks to pack",
            "write a .zarr array, or without them",
        );
    }
    let is_cut = |(cut, len): (&i64, &i64)| cut < len;
    if spec.chunks_told && spec.grid.iter().zip(&spec.shape).skip(1).any(is_cut) {
        return refuse(
            "a stack of npy files is cut along its first axis alone",
            "-1 for the chunks of the other axes, or a .zarr array",
        );
    }
    let (Some(&first), false) = (spec.grid.first(), spec.shape.contains(&0)) else {
        return refuse("a stack has an axis, and elements", "an .npy file");
    };
    let mut sizes = spec.shape.clone();
    sizes[0] = first.min(spec.shape[0]);
    let grid = Grid::regular(&spec.shape, &sizes);
    if said(&grid, spec.dtype).len() as u64 > info::LONGEST {
        return refuse(
            "a stack of so many files has too much to say of them",
            "longer chunks along axis 0",
        );
    }
    Ok(SinkInfo {
        uri: uri.into(),
        format: "npy stack",
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid,
        encode_bytes: 0,
    })
}

/// What may be replaced: nothing but files of a stack is ever removed.
fn check(uri: &str, target: &Path, overwrite: bool) -> Result<()> {
    replace::check(uri, target, overwrite, ("stack", source::is_only_stack))
}

/// What is said of the files.
fn said(grid: &Grid, dtype: DType) -> Vec<u8> {
    let axis = &grid.axes[0];
    let sizes: Vec<i64> = (0..axis.chunks())
        .map(|k| axis.bounds(k))
        .map(|(from, to)| to - from)
        .collect();
    info::write(dtype, &sizes, &grid.shape()[1..])
}

impl StackSink {
    fn publish(&self, staging: Staging) -> Result<()> {
        let (uri, info) = (&self.info.uri, &self.info);
        let failed = |error: std::io::Error| fault::writing(uri, &self.target, &error);
        let said = said(&info.grid, info.dtype);
        staging.put(INFO, &said).map_err(failed)?;
        hidden::flush(staging.path()).map_err(failed)?;
        check(uri, &self.target, self.overwrite)?;
        let shown = staging.show(&self.target, self.overwrite, false);
        shown.map_err(failed)
    }
}

impl Sink for StackSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        self.slot.write(chunk, |staging| {
            let place = (&*info.uri, chunk, &*source::name(chunk[0] as usize));
            let header = npy::header(info.dtype, &lens);
            staging.put_chunk(place, counters, || Ok(vec![&header[..], elements]))
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let name = source::name(chunk[0] as usize);
        let stands = |staging: &Staging| staging.stands(&name);
        self.slot.ask(stands).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        self.slot.finish(|staging| self.publish(staging))
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
