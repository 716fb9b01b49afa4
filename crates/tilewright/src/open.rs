//! How does a stored array become a lazy one?
//!
//! Only its metadata are read here. Absent: formats, which are `tilewright-io`'s.

use crate::{Array, Chunks, decode};
use std::sync::Arc;
use tilewright_core::{Block, DType, Error, Grid, Kind, Result};
use tilewright_expr::attr::{Access, Leaf, LeafKind, SourceRef};
use tilewright_expr::{UserSource, build};
use tilewright_io::{Counters, Source};

pub use tilewright_io::{Group, Listed, Listing, Scale, SourceInfo};

/// The stored array at a URI: `x.npy`, `x.zarr/group/array`, `x.h5#/group/data`, `x.nii.gz` and so
/// on; chunks are those stored. An element that stands for another by a factor and an offset, as
/// in NIfTI, is that one, in float64.
///
/// # Errors
/// [`Kind::Source`] if there is none, or it is damaged or of a kind that is not supported.
///
/// ```no_run
/// use tilewright::{axis, open, s};
///
/// // Only the stored chunks under the 100 columns are read.
/// let mean = open("x.zarr").mean(axis(0)).slice(s![0..100]).compute()?;
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn open(uri: &str) -> Array {
    match opened(uri, None) {
        Ok((array, info)) => decode::scaled(array, info.scale),
        Err(error) => Array::new(Err(error)),
    }
}

/// As [`open`], with what the CF conventions say in the array's attributes done: `_FillValue` and
/// `missing_value` become NaN, then `scale_factor` is multiplied and `add_offset` added;
/// `_Unsigned` integers are so. The dtype is float64, or float32 where stored so and not scaled.
/// An array without such attributes is as it is stored.
///
/// # Errors
/// As [`open`]; [`Kind::Value`] if an attribute is no number.
#[must_use]
#[track_caller]
pub fn open_decoded(uri: &str) -> Array {
    let decoded = match opened(uri, None) {
        Ok((array, info)) => decode::conventions(decode::scaled(array, info.scale), &info),
        Err(error) => Err(error),
    };
    decoded.unwrap_or_else(|error| Array::new(Err(error)))
}

/// As [`open`], with these chunks instead of the stored ones.
///
/// # Errors
/// As [`open`]; [`Kind::Chunks`] if they do not describe its shape.
#[must_use]
#[track_caller]
pub fn open_chunked(uri: &str, chunks: impl Into<Chunks>) -> Array {
    match opened(uri, Some(&chunks.into())) {
        Ok((array, info)) => decode::scaled(array, info.scale),
        Err(error) => Array::new(Err(error)),
    }
}

/// What is known of a stored array without reading its elements.
///
/// # Errors
/// As [`open`].
pub fn info(uri: &str) -> Result<SourceInfo> {
    let source = tilewright_io::open(uri)?;
    let stored_bytes = source.stored_bytes();
    Ok(SourceInfo {
        stored_bytes,
        ..source.info().clone()
    })
}

/// The arrays within a file or directory that holds several, by URI: a Zarr group, an HDF5 file or
/// a group in one, an NPZ archive.
///
/// # Errors
/// [`Kind::Source`] if it cannot be read, or holds one array alone.
pub fn list(uri: &str) -> Result<Vec<String>> {
    tilewright_io::list(uri)
}

/// As [`list`], with groups and their attributes, and what is known of each array: the file is opened
/// once.
///
/// # Errors
/// As [`list`].
///
/// ```no_run
/// for array in tilewright::listing("climate.nc")?.arrays {
///     println!("{} {:?}", array.path, array.info()?.shape);
/// }
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn listing(uri: &str) -> Result<Listing> {
    tilewright_io::listing(uri)
}

/// What is stored, as it is stored.
#[track_caller]
fn opened(uri: &str, chunks: Option<&Chunks>) -> Result<(Array, SourceInfo)> {
    let source = tilewright_io::open(uri)?;
    let info = source.info();
    Ok((reading(&*source, chunks, None)?, info.clone()))
}

/// The array that a source describes.
#[track_caller]
pub(crate) fn reading(
    source: &dyn Source,
    chunks: Option<&Chunks>,
    user: Option<UserSource>,
) -> Result<Array> {
    let info = source.info();
    let grid = match chunks {
        None => info.grid.clone(),
        Some(chunks) => chunks.grid_of(&info.shape, info.dtype.itemsize(), Some(&info.grid))?,
    };
    let stored = SourceRef::Stored {
        uri: info.uri.as_str().into(),
        identity: info.identity.as_str().into(),
        decode_bytes: info.decode_bytes,
        grid: info.grid.clone(),
        access: match source.in_place() {
            Some(place) => Access::Mapped {
                strides: place.strides,
                swapped: place.swapped,
            },
            None if info.distant => Access::Distant,
            None => Access::Chunks,
        },
        user,
    };
    Ok(Array::new(build::read(stored, info.dtype, grid)))
}

/// Opens a source that a plan names, if it still is what it was.
pub(crate) fn reopen(uri: &str, identity: &str) -> Result<Arc<dyn Source>> {
    let source = tilewright_io::open(uri)?;
    if source.info().identity == identity {
        return Ok(source);
    }
    Err(Error::new(
        Kind::Source,
        "the array was changed after the expression was built",
    )
    .fact("array", uri)
    .fact("was", identity)
    .fact("is", source.info().identity.clone())
    .way_out("open it again"))
}

/// The whole elements of a stored leaf, for the reference engine.
pub(crate) fn read_whole(leaf: &Leaf, counters: &Counters) -> Result<Block> {
    let LeafKind::Source(SourceRef::Stored {
        uri,
        identity,
        user,
        ..
    }) = &leaf.kind
    else {
        return Err(crate::internal("a leaf that is not stored"));
    };
    let source = match user {
        Some(user) => tilewright_exec::own(user)
            .ok_or_else(|| crate::internal("a source that is not in this process"))?,
        None => reopen(uri, identity)?,
    };
    let info = source.info();
    let mut whole = Block::zeros(info.dtype, &info.shape)?;
    for chunk in indices(&info.grid) {
        let (starts, mut part) = chunk_block(&info.grid, info.dtype, &chunk)?;
        source.read_chunk(&chunk, part.data.as_bytes_mut(), counters)?;
        copy_rows(&mut whole, &starts, &mut part, Way::Into);
    }
    source.check_identity()?;
    Ok(whole)
}

/// The index of every chunk, in C order.
pub(crate) fn indices(grid: &Grid) -> impl Iterator<Item = Vec<i64>> + '_ {
    (0..grid.chunks()).map(|number| {
        let mut rest = number;
        let mut index = vec![0; grid.axes.len()];
        for (place, axis) in index.iter_mut().zip(&grid.axes).rev() {
            *place = rest % axis.chunks();
            rest /= axis.chunks();
        }
        index
    })
}

/// Where a chunk starts, and zeros of its shape.
pub(crate) fn chunk_block(grid: &Grid, dtype: DType, chunk: &[i64]) -> Result<(Vec<i64>, Block)> {
    let bounds = chunk
        .iter()
        .zip(&grid.axes)
        .map(|(&k, axis)| axis.bounds(k));
    let (starts, lens): (Vec<i64>, Vec<i64>) = bounds.map(|(from, to)| (from, to - from)).unzip();
    Ok((starts, Block::zeros(dtype, &lens)?))
}

/// Which of two arrays is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The part goes into the whole.
    Into,
    /// The part comes out of it.
    Out,
}

/// Copies a part of an array, row by row.
pub(crate) fn copy_rows(whole: &mut Block, starts: &[i64], part: &mut Block, way: Way) {
    let size = part.dtype.itemsize();
    let row = part.shape.last().map_or(1, |&len| len as usize) * size;
    let strides = tilewright_core::c_strides(&whole.shape);
    let mut index = vec![0i64; part.shape.len()];
    for own in part.data.as_bytes_mut().chunks_exact_mut(row.max(1)) {
        let at = index.iter().zip(starts).zip(&strides);
        let at = at
            .map(|((i, start), stride)| (i + start) * stride)
            .sum::<i64>() as usize
            * size;
        let theirs = &mut whole.data.as_bytes_mut()[at..at + row];
        match way {
            Way::Into => theirs.copy_from_slice(own),
            Way::Out => own.copy_from_slice(theirs),
        }
        // The next row: the last axis stays at its start.
        for axis in (0..index.len().saturating_sub(1)).rev() {
            index[axis] += 1;
            if index[axis] < part.shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
}
