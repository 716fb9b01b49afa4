//! How are the elements of an npy file read?
//!
//! In place through a map where the file is as memory would be; else, or if asked for a chunk, by
//! positioned reads, which tell a shortened file as an error. Absent: bool in place, since a file
//! may hold bytes other than 0 and 1, which only a copy can set right.

use super::header::{self, Header};
use super::map::Map;
use crate::file::{self, Input};
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, fault, runs};
use std::path::Path;
use std::sync::Arc;
use tilewright_core::{DType, Error, Grid, Result, Scalar, element_count};

struct NpySource {
    info: SourceInfo,
    input: Input,
    header: Header,
    /// Where element 0 starts.
    data: u64,
    /// Byte strides of the stored array.
    strides: Vec<usize>,
    map: Option<Map>,
}

/// Opens an npy file.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is none, or shorter than its header says.
pub fn open(uri: &str, path: &Path) -> Result<Arc<dyn Source>> {
    let input = Input::open(uri, path)?
        .ok_or_else(|| fault::reading(uri, path, &std::io::ErrorKind::NotFound.into()))?;
    let (header, data) = read_header(&input)?;
    let (dtype, shape) = (header.dtype, &header.shape);
    let bytes = element_count(shape)
        .and_then(|count| count.checked_mul(dtype.itemsize() as i64))
        .and_then(|bytes| (bytes as u64).checked_add(data));
    if bytes.is_none_or(|bytes| input.len < bytes) {
        let need = bytes.map_or("more than 2^63".into(), |bytes| bytes.to_string());
        let fault = input.fault("the npy file is shorter than its header says");
        return Err(fault
            .fact(
                "header",
                format!("{dtype}{shape:?} starts at byte {data}: {need} bytes"),
            )
            .fact("file has", format!("{} bytes", input.len))
            .way_out("copy or write the file again; it is truncated"));
    }
    let grid = Grid::automatic(shape, dtype.itemsize());
    let run = if header.fortran && shape.len() > 1 {
        grid.longest()[0].saturating_mul(dtype.itemsize() as i64)
    } else {
        0
    };
    let native = !header.big_endian || dtype.itemsize() == 1;
    let map = if native && dtype != DType::Bool {
        // A file system that cannot map still reads.
        usize::try_from(bytes.unwrap_or(0))
            .ok()
            .and_then(|len| Map::new(&input.file, len).ok())
    } else {
        None
    };
    let mut codecs = Vec::new();
    if header.fortran {
        codecs.push("fortran order".into());
    }
    if !native {
        codecs.push("big-endian".into());
    }
    let info = SourceInfo {
        uri: uri.into(),
        format: "npy",
        shape: shape.clone(),
        dtype,
        grid,
        fill: Scalar::zero(dtype),
        codecs,
        attributes: serde_json::Map::new(),
        dimension_names: None,
        stored_bytes: Some(input.len),
        identity: input.identity.clone(),
        decode_bytes: run as u64,
    };
    Ok(Arc::new(NpySource {
        strides: runs::strides(shape, dtype.itemsize(), header.fortran),
        info,
        input,
        header,
        data,
        map,
    }))
}

/// The header, and where the elements start.
fn read_header(input: &Input) -> Result<(Header, u64)> {
    let refused =
        |(message, way_out): header::Refusal| -> Error { input.fault(message).way_out(way_out) };
    let mut start = [0; 12];
    let len = input.len.min(12) as usize;
    input.read_at(&mut start[..len], 0)?;
    let (from, to) = header::text_bounds(&start[..len]).map_err(refused)?;
    if input.len < to as u64 {
        let message = format!(
            "the npy header has {} bytes, the file {}",
            to - from,
            input.len
        );
        return Err(refused((
            message,
            "copy or write the file again; it is truncated",
        )));
    }
    let mut text = file::buffer(&input.uri, to - from)?;
    input.read_at(&mut text, from as u64)?;
    Ok((header::parse(&text).map_err(refused)?, to as u64))
}

impl Source for NpySource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let at_chunk = |error: Error| error.fact("chunk", format!("{chunk:?}"));
        self.check_identity().map_err(at_chunk)?;
        let base = self.data + runs::offset(&starts, &self.strides) as u64;
        let to = runs::strides(&lens, itemsize, false);
        let mut scratch = Vec::new();
        runs::for_each_run(&lens, itemsize, &self.strides, &to, |run| {
            let offset = base + run.a as u64;
            if run.count == 1 {
                return self
                    .input
                    .read_at(&mut into[run.b..run.b + run.bytes], offset);
            }
            if run.a_step == run.bytes {
                // Contiguous in the file alone.
                scratch.resize(run.count * run.bytes, 0);
                self.input.read_at(&mut scratch, offset)?;
                runs::copy_run(run, &scratch, &mut into[run.b..]);
                return Ok(());
            }
            for i in 0..run.count {
                let b = run.b + i * run.b_step;
                let offset = offset + (i * run.a_step) as u64;
                self.input.read_at(&mut into[b..b + run.bytes], offset)?;
            }
            Ok(())
        })
        .map_err(at_chunk)?;
        if self.header.big_endian {
            runs::swap_bytes(into, itemsize);
        }
        if info.dtype == DType::Bool {
            runs::normalize_bool(into);
        }
        counters.read_chunk(into.len(), into.len());
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        let itemsize = self.info.dtype.itemsize();
        let strides = self
            .strides
            .iter()
            .map(|&stride| (stride / itemsize) as i64);
        Some(InPlace {
            bytes: self.map.as_ref()?.bytes(),
            strides: strides.collect(),
            offset: self.data as usize,
        })
    }

    fn check_identity(&self) -> Result<()> {
        self.input.check_identity()
    }
}
