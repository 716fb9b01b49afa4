//! How is an array read that stands in a file as it would in memory?
//!
//! In place through a map; or, if asked for a chunk, by positioned reads, which tell a shortened
//! file as an error. Absent: what the file says of itself, which is
//! its format's; bool in place, since a file may hold bytes other than 0 and 1, which only a copy
//! can set right.

use crate::file::Input;
use crate::files::Reach;
use crate::map::Map;
use crate::ranges::FileBox;
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, fault, runs};
use std::sync::Arc;
use tilewright_core::{DType, Result, Shape, element_count};

/// Where and how the elements stand.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Where element 0 starts.
    pub start: u64,
    /// Whether the first axis varies fastest.
    pub fortran: bool,
    /// Whether elements are big-endian.
    pub big_endian: bool,
}

/// An array that stands plainly in a file.
pub struct PlainSource {
    info: SourceInfo,
    input: Input,
    start: u64,
    big_endian: bool,
    /// Byte strides of the stored array.
    strides: Vec<usize>,
    map: Option<Map>,
}

/// The array that `info` describes, standing plainly in `input`.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if the file is too short for it.
pub fn source(info: SourceInfo, input: Input, layout: &Layout) -> Result<Arc<dyn Source>> {
    let mut source = unmapped(info, input, layout)?;
    if source.info.dtype != DType::Bool {
        // A file system that cannot map still reads.
        let count = element_count(&source.info.shape).unwrap_or(0) as u64;
        let end = layout.start + count * source.info.dtype.itemsize() as u64;
        let end = usize::try_from(end).ok();
        source.map = end.and_then(|end| source.input.map(end));
    }
    Ok(Arc::new(source))
}

/// The same, to be read alone.
///
/// # Errors
/// As [`source`].
pub fn unmapped(mut info: SourceInfo, input: Input, layout: &Layout) -> Result<PlainSource> {
    let (dtype, shape) = (info.dtype, &info.shape);
    let size = dtype.itemsize();
    let end = element_count(shape)
        .and_then(|count| count.checked_mul(size as i64))
        .and_then(|bytes| (bytes as u64).checked_add(layout.start));
    if end.is_none_or(|end| input.len < end) {
        let need = end.map_or("more than 2^63".into(), |end| end.to_string());
        let what = format!(
            "{dtype}{shape:?} starts at byte {}: {need} bytes",
            layout.start
        );
        return Err(input
            .fault("the file is shorter than its header says")
            .fact("header", what)
            .fact("file has", format!("{} bytes", input.len))
            .way_out("copy or write the file again; it is truncated"));
    }
    info.decode_bytes = decode_bytes(&info, input.reach());
    if layout.fortran && shape.len() > 1 {
        info.codecs.push("fortran order".into());
    }
    let native = !layout.big_endian || size == 1;
    if !native {
        info.codecs.push("big-endian".into());
    }
    Ok(PlainSource {
        strides: runs::strides(shape, size, layout.fortran),
        start: layout.start,
        big_endian: !native,
        info,
        input,
        map: None,
    })
}

/// Upper bound of the bytes that reading a chunk of such an array allocates: what is not one run in
/// the file and in memory goes through a buffer.
pub fn decode_bytes(info: &SourceInfo, reach: Reach) -> u64 {
    let longest = info.grid.longest();
    let bytes = element_count(&longest).unwrap_or(i64::MAX);
    let bytes = bytes.saturating_mul(info.dtype.itemsize() as i64) as u64;
    let piece = match info.shape.len() {
        0 | 1 => 0,
        _ => bytes.min(reach.piece as u64),
    };
    piece + reach.beside as u64
}

impl PlainSource {
    /// Reads a box of a chunk, whose first element is `first` of the array.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the file changed, or cannot be read.
    pub fn read_box(
        &self,
        first: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<()> {
        self.input.check_before_reading()?;
        let asked = FileBox {
            input: &self.input,
            itemsize: self.info.dtype.itemsize(),
            lens,
            strides: &self.strides,
        };
        let at = self.start + runs::offset(first, &self.strides) as u64;
        let read = asked.read(at, into)?;
        runs::make_native(self.info.dtype, self.big_endian, into);
        counters.read_chunk(read, into.len());
        Ok(())
    }
}

impl Source for PlainSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        self.read_box(&starts, &lens, into, counters)
            .map_err(|error| fault::at_chunk(error, chunk))
    }

    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        let axes = self.info.grid.axes.iter().zip(chunk.iter().zip(start));
        let first: Shape = axes
            .map(|(axis, (&k, start))| axis.bounds(k).0 + start)
            .collect();
        self.read_box(&first, lens, into, counters)
            .map_err(|error| fault::at_chunk(error, chunk))?;
        Ok(true)
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        let itemsize = self.info.dtype.itemsize();
        let strides = self
            .strides
            .iter()
            .map(|&stride| (stride / itemsize) as i64);
        let map = self.map.as_ref().filter(|map| !map.is_cut())?;
        let bytes = map.bytes();
        // Where another process cut the file short, reading its map would give zeros.
        self.input.still_has(bytes.len()).then(|| InPlace {
            bytes,
            strides: strides.collect(),
            offset: self.start as usize,
            swapped: self.big_endian,
        })
    }

    fn check_identity(&self) -> Result<()> {
        self.input.check_identity()?;
        match &self.map {
            Some(map) if map.is_cut() => Err(self
                .input
                .fault("a part of the file was gone, or could not be read, while it was used")
                .way_out("open it again when nothing writes to it; if it happens again, check the storage")),
            _ => Ok(()),
        }
    }
}
