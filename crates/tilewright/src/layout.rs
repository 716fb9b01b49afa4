//! Which shape, chunks and dtype does a new array have?

use crate::Chunks;
use tilewright_core::{DType, Grid, Result, Shape};

/// Shape, chunks and dtype of a new array; a plain `[3, 4]` is a layout too.
#[derive(Clone, Debug)]
pub struct Layout {
    shape: Shape,
    chunks: Chunks,
    dtype: Option<DType>,
}

/// The layout of this shape: automatic chunks and the function's own dtype.
///
/// ```
/// use tilewright::{DType, ones, shape};
///
/// let x = ones(shape([100, 100]).chunks([10, -1]).dtype(DType::F32));
/// assert_eq!(x.grid()?.chunks(), 10);
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn shape(shape: impl AsRef<[i64]>) -> Layout {
    Layout {
        shape: shape.as_ref().into(),
        chunks: Chunks::Auto,
        dtype: None,
    }
}

impl Layout {
    /// Cut into these chunks.
    #[must_use]
    pub fn chunks(mut self, chunks: impl Into<Chunks>) -> Layout {
        self.chunks = chunks.into();
        self
    }

    /// Of this dtype.
    #[must_use]
    pub fn dtype(mut self, dtype: DType) -> Layout {
        self.dtype = Some(dtype);
        self
    }

    /// The dtype, or the function's own.
    pub(crate) fn dtype_or(&self, own: DType) -> DType {
        self.dtype.unwrap_or(own)
    }

    /// The grid of an array of this layout.
    pub(crate) fn grid(&self, dtype: DType) -> Result<Grid> {
        self.chunks.grid(&self.shape, dtype)
    }
}

impl<const N: usize> From<[i64; N]> for Layout {
    fn from(lengths: [i64; N]) -> Layout {
        shape(lengths)
    }
}

impl From<&[i64]> for Layout {
    fn from(lengths: &[i64]) -> Layout {
        shape(lengths)
    }
}

impl From<Vec<i64>> for Layout {
    fn from(lengths: Vec<i64>) -> Layout {
        shape(lengths)
    }
}
