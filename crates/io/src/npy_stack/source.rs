//! How is a file of a stack read as a chunk?
//!
//! Files are opened when they are wanted: there may be many. Absent: maps, which would be one for
//! each file.

use super::{INFO, info};
use crate::file::Input;
use crate::files::Files;
use crate::location::Location;
use crate::plain::{self, PlainSource};
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, fault, npy, staging};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{DType, Grid, Result, Shape};

struct StackSource {
    info: SourceInfo,
    directory: PathBuf,
    /// The file that says what the others are.
    said: Input,
    axis: usize,
    /// The number of each chunk's file.
    files: Vec<usize>,
}

/// Whether a location is a directory on a disk that is a stack.
pub fn is_stack(location: &Location) -> bool {
    matches!(location.files, Files::OnDisk) && holds_stack(&location.path)
}

fn holds_stack(path: &Path) -> bool {
    path.join(INFO).is_file() && path.join("0.npy").is_file()
}

/// Whether a directory is a stack and holds nothing but its files.
pub fn is_only_stack(path: &Path) -> bool {
    let told = || {
        let file = std::fs::metadata(path.join(INFO)).ok()?;
        let text = (file.len() <= info::LONGEST).then(|| std::fs::read(path.join(INFO)).ok())?;
        info::parse(&text?).ok()
    };
    let own = |entry: &std::fs::DirEntry, files: usize| {
        let name = entry.file_name();
        let number = |name: &str| name.strip_suffix(".npy")?.parse::<usize>().ok();
        let is_own = |name: &str| {
            let said = name == INFO || name == staging::MARK;
            said || number(name).is_some_and(|k| k < files && name == self::name(k))
        };
        name.to_str().is_some_and(is_own) && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    holds_stack(path)
        && told().is_some_and(|told| {
            let mut entries = std::fs::read_dir(path).into_iter().flatten();
            entries.all(|entry| entry.is_ok_and(|entry| own(&entry, told.written)))
        })
}

/// The name of a file.
pub fn name(number: usize) -> String {
    format!("{number}.npy")
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
    info.decode_bytes = plain::decode_bytes(&info, said.reach());
    Ok(Arc::new(StackSource {
        info,
        directory: directory.into(),
        said,
        axis: told.axis,
        files: told.files,
    }))
}

/// A file of the directory.
fn file(uri: &str, directory: &Path, name: &str) -> Result<Input> {
    let path = directory.join(name);
    let found = Files::OnDisk.open_within(uri, directory, &path)?;
    found.ok_or_else(|| fault::reading(uri, &path, &std::io::ErrorKind::NotFound.into()))
}

impl StackSource {
    /// The file that holds a chunk, as an array of one chunk.
    fn chunk(&self, chunk: &[i64]) -> Result<PlainSource> {
        let bounds = self.info.grid.bounds(chunk);
        let lens: Shape = bounds.map(|(from, to)| to - from).collect();
        let number = self.files.get(chunk[self.axis] as usize);
        let name = name(number.copied().unwrap_or_default());
        let input = file(&self.info.uri, &self.directory, &name)?;
        let (header, start) = npy::read_header(&input, 0, input.len)?;
        if (header.dtype, &header.shape[..]) != (self.info.dtype, &lens[..]) {
            let array = |dtype: DType, shape: &[i64]| format!("{dtype}{shape:?}");
            return Err(input
                .fault("a file of the stack is of another array")
                .fact("is", array(header.dtype, &header.shape))
                .fact("should be", array(self.info.dtype, &lens))
                .way_out("write the stack again"));
        }
        let mut info = SourceInfo::plain("npy", header.shape, header.dtype, &input);
        info.grid = Grid::whole(&lens);
        let layout = plain::Layout {
            start,
            fortran: header.fortran,
            big_endian: header.big_endian,
        };
        plain::unmapped(info, input, &layout)
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
        let first = vec![0; lens.len()];
        self.chunk(chunk)
            .and_then(|file| file.read_box(&first, &lens, into, counters))
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
        self.chunk(chunk)
            .and_then(|file| file.read_box(start, lens, into, counters))
            .map_err(|error| fault::at_chunk(error, chunk))?;
        Ok(true)
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn stored_bytes(&self) -> Option<u64> {
        let len = |&number: &usize| {
            let found = std::fs::metadata(self.directory.join(name(number)));
            found.map(|found| found.len()).ok()
        };
        let files: Option<u64> = self.files.iter().map(len).sum();
        Some(self.said.len + files?)
    }

    fn check_identity(&self) -> Result<()> {
        self.said.check_identity()
    }
}
