//! How does a user say where an array is cut?
//!
//! As Dask's users do: one size for every axis, one entry per axis, sizes in full, −1 for a whole
//! axis, `auto` for what is left to us.

use tilewright_core::error::show_shape;
use tilewright_core::{AxisGrid, DType, Error, Grid, Kind, Result};

/// Chunks as they are asked for.
///
/// ```
/// use tilewright::{AxisChunks, Chunks};
///
/// let each = Chunks::from(1000);            // 1000 along every axis
/// let rows = Chunks::from([1000, -1]);      // whole rows
/// let auto = Chunks::Auto;                  // the default
/// let grid = rows.grid(&[5000, 300], tilewright::DType::F64)?;
/// assert_eq!(grid.longest()[..], [1000, 300]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Chunks {
    /// Follows from shape and dtype: chunks of at most 8 MiB.
    #[default]
    Auto,
    /// The same for every axis.
    Each(AxisChunks),
    /// One entry per axis.
    Axes(Vec<AxisChunks>),
}

/// The chunks of one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AxisChunks {
    /// As large as an 8 MiB chunk allows.
    Auto,
    /// One chunk.
    Whole,
    /// As they are; one chunk where the array is new.
    Keep,
    /// This many elements each, the last one fewer.
    Size(i64),
    /// These sizes.
    Sizes(Vec<i64>),
}

impl Chunks {
    /// The grid of an array of this shape and dtype.
    ///
    /// # Errors
    /// [`Kind::Chunks`] for another number of axes, a size of 0 or below −1, or sizes that do not
    /// add up to the axis; [`Kind::Shape`] for a negative length.
    pub fn grid(&self, shape: &[i64], dtype: DType) -> Result<Grid> {
        self.grid_of(shape, dtype.itemsize(), None)
    }

    /// As [`Chunks::grid`]; `now` is what [`AxisChunks::Keep`] keeps.
    pub(crate) fn grid_of(
        &self,
        shape: &[i64],
        itemsize: usize,
        now: Option<&Grid>,
    ) -> Result<Grid> {
        if shape.iter().any(|&len| len < 0) {
            let message = format!("negative length in {}", show_shape(shape));
            return Err(Error::new(Kind::Shape, message).way_out("lengths of 0 or more"));
        }
        let per_axis = match self {
            Chunks::Auto => return Ok(Grid::automatic(shape, itemsize)),
            Chunks::Each(axis) => vec![axis.clone(); shape.len()],
            // Several sizes for the only axis, as Dask reads them.
            Chunks::Axes(axes) if shape.len() == 1 && axes.len() > 1 => {
                let sizes = axes.iter().map(|axis| match axis {
                    AxisChunks::Size(size) => Some(*size),
                    _ => None,
                });
                match sizes.collect::<Option<Vec<_>>>() {
                    Some(sizes) => vec![AxisChunks::Sizes(sizes)],
                    None => axes.clone(),
                }
            }
            Chunks::Axes(axes) => axes.clone(),
        };
        if per_axis.len() != shape.len() {
            return Err(Error::new(
                Kind::Chunks,
                format!(
                    "chunks for {} axes on an array of {}",
                    per_axis.len(),
                    shape.len()
                ),
            )
            .fact("shape", show_shape(shape))
            .way_out("one entry for each axis, -1 for a whole one"));
        }
        let mut axes: Vec<Option<AxisGrid>> = Vec::with_capacity(shape.len());
        for (k, (chunks, &len)) in per_axis.iter().zip(shape).enumerate() {
            axes.push(match chunks {
                AxisChunks::Keep => Some(
                    now.and_then(|grid| grid.axes.get(k).cloned())
                        .unwrap_or_else(|| AxisGrid::whole(len)),
                ),
                _ => chunks.axis(k, len)?,
            });
        }
        Ok(Grid::filled(axes, shape, itemsize))
    }
}

impl AxisChunks {
    /// The cuts of an axis; `None` where they are left to us.
    fn axis(&self, k: usize, len: i64) -> Result<Option<AxisGrid>> {
        let refuse = |message: String, way_out: &str| {
            let error = Error::new(Kind::Chunks, message);
            Err(error
                .fact(format!("axis {k}"), format!("length {len}"))
                .way_out(way_out))
        };
        Ok(Some(match self {
            AxisChunks::Auto => return Ok(None),
            AxisChunks::Whole | AxisChunks::Keep | AxisChunks::Size(-1) => AxisGrid::whole(len),
            AxisChunks::Size(size) if *size < 1 && !(*size == 0 && len == 0) => {
                return refuse(
                    format!("a chunk size is {size}"),
                    "a size of 1 or more, or -1 for the whole axis",
                );
            }
            AxisChunks::Size(size) => AxisGrid::regular(len, *size),
            AxisChunks::Sizes(sizes) => {
                if let Some(size) = sizes.iter().find(|&&size| size < i64::from(len > 0)) {
                    return refuse(format!("a chunk size is {size}"), "sizes of 1 or more");
                }
                let grid = AxisGrid::from_sizes(sizes)?;
                if grid.len() != len {
                    return refuse(
                        format!("the chunk sizes add up to {}", grid.len()),
                        "sizes that add up to the axis, or one size for all",
                    );
                }
                grid
            }
        }))
    }
}

impl From<i64> for AxisChunks {
    fn from(size: i64) -> AxisChunks {
        if size == -1 {
            AxisChunks::Whole
        } else {
            AxisChunks::Size(size)
        }
    }
}

impl From<i64> for Chunks {
    fn from(size: i64) -> Chunks {
        Chunks::Each(size.into())
    }
}

impl From<&[i64]> for Chunks {
    fn from(sizes: &[i64]) -> Chunks {
        Chunks::Axes(sizes.iter().map(|&size| size.into()).collect())
    }
}

impl<const N: usize> From<[i64; N]> for Chunks {
    fn from(sizes: [i64; N]) -> Chunks {
        sizes[..].into()
    }
}

impl<const N: usize> From<[AxisChunks; N]> for Chunks {
    fn from(axes: [AxisChunks; N]) -> Chunks {
        Chunks::Axes(axes.into())
    }
}

impl From<Vec<i64>> for Chunks {
    fn from(sizes: Vec<i64>) -> Chunks {
        sizes[..].into()
    }
}

/// Sizes in full for every axis.
impl From<Vec<Vec<i64>>> for Chunks {
    fn from(axes: Vec<Vec<i64>>) -> Chunks {
        Chunks::Axes(axes.into_iter().map(AxisChunks::Sizes).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn longest(chunks: impl Into<Chunks>, shape: &[i64]) -> Vec<i64> {
        chunks
            .into()
            .grid(shape, DType::F64)
            .unwrap()
            .longest()
            .to_vec()
    }

    #[test]
    fn chunks_mean_what_dask_means() {
        assert_eq!(longest(3, &[7, 2]), [3, 2]);
        assert_eq!(longest([-1, 5], &[7, 20]), [7, 5]);
        assert_eq!(longest(vec![vec![2, 5], vec![20]], &[7, 20]), [5, 20]);
        assert_eq!(longest([3, 3, 4], &[10]), [4]);
        let auto = [AxisChunks::Auto, AxisChunks::Whole];
        assert_eq!(longest(auto, &[1 << 20, 1 << 10]), [1 << 10, 1 << 10]);
        assert_eq!(longest(Chunks::Auto, &[0, 4]), [0, 4]);
        assert_eq!(longest(0, &[0]), [0]);
    }

    #[test]
    fn bad_chunks_are_refused_with_a_way_out() {
        let bad: [(Chunks, &[i64]); 6] = [
            (Chunks::from(0), &[7]),
            (Chunks::from(-2), &[7]),
            (Chunks::from([1, 1]), &[7, 7, 7]),
            (Chunks::from([3, 3, 3]), &[10]),
            (Chunks::from(vec![vec![0, 7]]), &[7]),
            (Chunks::from(vec![vec![i64::MAX, i64::MAX]]), &[7]),
        ];
        for (chunks, shape) in bad {
            let error = chunks.grid(shape, DType::F64).unwrap_err();
            assert_eq!(error.kind(), Kind::Chunks, "{chunks:?}");
        }
        assert_eq!(
            Chunks::Auto.grid(&[-1], DType::F64).unwrap_err().kind(),
            Kind::Shape
        );
    }
}
