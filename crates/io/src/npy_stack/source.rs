//! How is a file of a stack read as a chunk?
//!
//! Files are opened when they are wanted: there may be many. Absent: maps, which would be one for
//! each file.

use super::{INFO, info};
use crate::file::Input;
use crate::location::Location;
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, npy, plain};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{DType, Error, Grid, Result};

struct StackSource {
    info: SourceInfo,
    directory: PathBuf,
    /// The file that says what the others are.
    said: Input,
    axis: usize,
}

/// Whether a directory is a stack.
pub fn is_stack(path: &Path) -> bool {
    path.join(INFO).is_file() && path.join("0.npy").is_file()
}

/// Opens a stack.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if what it says of itself is damaged, or its first file is.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let (uri, directory) = (location.uri.as_str(), location.path.as_path());
    let said = file(uri, directory, INFO)?;
    let text = said.read_all(info::LONGEST)?;
    let told = info::parse(&text).map_err(|error| {
        said.fault(format!("what it says of its files cannot be read: {error}"))
            .way_out("write it again with dask.array.to_npy_stack")
    })?;
    let first = file(uri, directory, "0.npy")?;
    let dtype = npy::read_header(&first, 0, first.len)?.0.dtype;
    let mut info = SourceInfo::new(uri, dtype, told.grid);
    info.format = "npy stack";
    info.identity = said.identity.clone();
    info.decode_bytes = plain::decode_bytes(&info);
    Ok(Arc::new(StackSource {
        info,
        directory: directory.into(),
        said,
        axis: told.axis,
    }))
}

/// A file of the directory.
fn file(uri: &str, directory: &Path, name: &str) -> Result<Input> {
    let path = directory.join(name);
    let found = Input::open_within(uri, directory, &path)?;
    found.ok_or_else(|| crate::fault::reading(uri, &path, &std::io::ErrorKind::NotFound.into()))
}

impl StackSource {
    /// The file that holds a chunk, as an array of one chunk.
    fn chunk(&self, chunk: &[i64], lens: &[i64]) -> Result<Arc<dyn Source>> {
        let name = format!("{}.npy", chunk[self.axis]);
        let input = file(&self.info.uri, &self.directory, &name)?;
        let (header, start) = npy::read_header(&input, 0, input.len)?;
        if (header.dtype, &header.shape[..]) != (self.info.dtype, lens) {
            let array = |dtype: DType, shape: &[i64]| format!("{dtype}{shape:?}");
            return Err(input
                .fault("a file of the stack is of another array")
                .fact("is", array(header.dtype, &header.shape))
                .fact("should be", array(self.info.dtype, lens))
                .way_out("write the stack again"));
        }
        let mut info = SourceInfo::plain("npy", header.shape, header.dtype, &input);
        info.grid = Grid::whole(lens);
        let layout = plain::Layout {
            start,
            fortran: header.fortran,
            big_endian: header.big_endian,
        };
        plain::source(info, input, &layout)
    }
}

impl Source for StackSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let mut read = || {
            let file = self.chunk(chunk, &lens)?;
            file.read_chunk(&vec![0; lens.len()], into, counters)
        };
        read().map_err(|error: Error| error.fact("chunk", format!("{chunk:?}")))
    }

    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        let axes = chunk.iter().zip(&self.info.grid.axes);
        let bounds = axes.map(|(&k, axis)| axis.bounds(k));
        let whole: Vec<i64> = bounds.map(|(from, to)| to - from).collect();
        let mut read = || {
            let file = self.chunk(chunk, &whole)?;
            file.read_part(&vec![0; lens.len()], start, lens, into, counters)
        };
        read().map_err(|error: Error| error.fact("chunk", format!("{chunk:?}")))
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        self.said.check_identity()
    }
}
