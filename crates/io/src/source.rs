//! What is known of a stored array, and how is a chunk of it read?
//!
//! Absent: which chunks to read and when; that is the plan's.

use crate::file::Input;
use crate::{Attributes, Counters};
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Shape};

/// NumPy's limit of the number of axes.
pub(crate) const MOST_AXES: usize = 64;

/// What is known of a stored array without reading its elements.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    /// The URI as it was given.
    pub uri: String,
    /// `npy`, `zarr v3`, `hdf5`, `memory` and so on.
    pub format: &'static str,
    /// Lengths of the axes.
    pub shape: Shape,
    /// Element type.
    pub dtype: DType,
    /// The stored chunks; for sharded arrays the inner ones. A format without chunks is given the
    /// automatic grid.
    pub grid: Grid,
    /// What a missing chunk holds.
    pub fill: Scalar,
    /// Names of the codecs, in the order in which they encode.
    pub codecs: Vec<String>,
    /// What a stored element stands for, if not for itself.
    pub scale: Option<Scale>,
    /// What the user stored beside the array.
    pub attributes: Attributes,
    /// Names of the axes, where stored.
    pub dimension_names: Option<Vec<Option<String>>>,
    /// Bytes in storage, metadata included, where they are known without looking them up.
    pub stored_bytes: Option<u64>,
    /// Changes when the stored array is replaced: size and mtime of the file; of the metadata
    /// document, with its hash, where chunks are files of their own.
    pub identity: String,
    /// Upper bound of the bytes that [`Source::read_chunk`] allocates beside the destination.
    pub decode_bytes: u64,
    /// Whether each read is waited for, as behind a network: chunks are asked for ahead, several at
    /// once.
    pub distant: bool,
}

/// A stored element `x` stands for `x * factor + offset`, in float64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What it is multiplied by.
    pub factor: f64,
    /// What is added then.
    pub offset: f64,
}

impl SourceInfo {
    /// An array of this name, cut by this grid, of which no more is known.
    pub fn new(name: impl Into<String>, dtype: DType, grid: Grid) -> SourceInfo {
        SourceInfo {
            uri: name.into(),
            format: "memory",
            shape: grid.shape(),
            grid,
            dtype,
            fill: Scalar::zero(dtype),
            codecs: Vec::new(),
            scale: None,
            attributes: Attributes::default(),
            dimension_names: None,
            stored_bytes: None,
            identity: String::new(),
            decode_bytes: 0,
            distant: false,
        }
    }

    /// An array that stands plainly in a file; its grid follows from shape and dtype.
    pub(crate) fn plain(
        format: &'static str,
        shape: Shape,
        dtype: DType,
        input: &Input,
    ) -> SourceInfo {
        let grid = Grid::automatic(&shape, dtype.itemsize());
        SourceInfo {
            format,
            stored_bytes: Some(input.len),
            identity: input.identity.clone(),
            distant: input.reach().distant,
            ..SourceInfo::new(&input.uri, dtype, grid)
        }
    }
}

/// A whole array in mapped memory: any strides.
#[derive(Clone, Debug)]
pub struct InPlace<'a> {
    /// The mapped bytes; elements may be unaligned.
    pub bytes: &'a [u8],
    /// Distance between neighbours along each axis, in elements.
    pub strides: Shape,
    /// Where element 0 starts, in bytes.
    pub offset: usize,
    /// Whether the bytes of each element stand in the other order than this machine's.
    pub swapped: bool,
}

/// An array that can be read.
pub trait Source: Send + Sync {
    /// What is known of the array.
    fn info(&self) -> &SourceInfo;

    /// Decodes one stored chunk (its index along each axis of `info().grid`) into `into`: C order,
    /// native byte order, clipped to the array's shape (so the last chunk of an axis may be
    /// shorter). A missing chunk gives the fill value. Bool is always stored as 0 or 1.
    ///
    /// # Errors
    /// [`Kind::Source`] if the stored bytes cannot be read or are not what the metadata say, with
    /// the array, the chunk and a way out; `into` then holds anything. [`Kind::Chunks`] if there
    /// is no such chunk or `into` has not its length.
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()>;

    /// Decodes a box of one stored chunk into `into`, in C order, if that takes less reading than the
    /// chunk: `start` is its first element within the chunk, `lens` its lengths. Says `false`, and
    /// has read nothing, where the whole chunk is to be read instead.
    ///
    /// # Errors
    /// As [`Source::read_chunk`].
    fn read_part(
        &self,
        _chunk: &[i64],
        _start: &[i64],
        _lens: &[i64],
        _into: &mut [u8],
        _counters: &Counters,
    ) -> Result<bool> {
        Ok(false)
    }

    /// The whole array where it stands, if it is mapped and needs no decoding; and if the file is not
    /// shorter by now, so ask again before each use.
    ///
    /// A mapped file that another process cuts short between the asking and the use gives zeros. So call
    /// [`Source::check_identity`] after a pass, before what it gave is believed: it tells that, and every
    /// other change of size and mtime.
    fn in_place(&self) -> Option<InPlace<'_>>;

    /// Bytes in storage, which may have to be looked up; `None` where that means visiting too many files.
    fn stored_bytes(&self) -> Option<u64> {
        self.info().stored_bytes
    }

    /// Whether the stored array is still the one that was opened (size and mtime), and what was read of
    /// it in place was its own; one system call.
    ///
    /// # Errors
    /// [`Kind::Source`] if it was changed, replaced or removed, or cut short meanwhile.
    fn check_identity(&self) -> Result<()>;
}

/// The first element and the lengths of a chunk of `grid`.
///
/// # Errors
/// [`Kind::Chunks`] if there is no such chunk, or it does not have `bytes` bytes.
pub(crate) fn chunk_box(
    uri: &str,
    grid: &Grid,
    dtype: DType,
    chunk: &[i64],
    bytes: usize,
) -> Result<(Shape, Shape)> {
    let inside = chunk.len() == grid.axes.len()
        && chunk
            .iter()
            .zip(&grid.axes)
            .all(|(&k, axis)| (0..axis.chunks()).contains(&k));
    if !inside {
        let counts: Shape = grid.axes.iter().map(|axis| axis.chunks()).collect();
        return Err(
            Error::new(Kind::Chunks, format!("there is no chunk {chunk:?}"))
                .fact("array", uri)
                .fact("chunks", format!("{counts:?} along the axes")),
        );
    }
    let bounds = chunk
        .iter()
        .zip(&grid.axes)
        .map(|(&k, axis)| axis.bounds(k));
    let (starts, lens): (Shape, Shape) = bounds.map(|(from, to)| (from, to - from)).unzip();
    let need =
        tilewright_core::element_count(&lens).and_then(|n| n.checked_mul(dtype.itemsize() as i64));
    if need != i64::try_from(bytes).ok() {
        return Err(Error::new(
            Kind::Chunks,
            format!("chunk {chunk:?} of shape {lens:?} does not fit {bytes} bytes"),
        )
        .fact("array", uri));
    }
    Ok((starts, lens))
}
