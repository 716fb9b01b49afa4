//! How does an `ndarray` become a lazy array?
//!
//! An owned array is moved and a shared one shared, whatever their strides; nothing is copied
//! unless it must be.

use crate::number::Number;
use crate::{Array, Chunks};
use ndarray::{ArrayBase, Dimension, OwnedArcRepr, OwnedRepr, RawData, ViewRepr};
use std::sync::Arc;
use tilewright_core::{Error, Kind, Result, Shape};
use tilewright_expr::attr::{Bytes, MemoryArray, SourceRef};
use tilewright_expr::{Expr, build};

/// An `ndarray` that can become a lazy array: owned ones are moved, an `ArcArray` is shared if
/// it is contiguous, a view is copied. Sealed by [`Number`].
pub trait FromNdarray {
    /// The expression that reads it, cut into these chunks.
    ///
    /// # Errors
    /// [`Kind::Chunks`] for chunks that do not describe its shape.
    fn into_expr(self, chunks: &Chunks) -> Result<Expr>;
}

impl Array {
    /// The elements of an `ndarray`, with automatic chunks.
    ///
    /// ```
    /// use ndarray::arr2;
    /// use tilewright::{Array, axis};
    ///
    /// let x = Array::from_ndarray(arr2(&[[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.mean(axis(1)).compute()?.to_vec::<f64>()?, [1.5, 3.5]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_ndarray(array: impl FromNdarray) -> Array {
        Array::new(array.into_expr(&Chunks::Auto))
    }

    /// The elements of an `ndarray`, cut into these chunks.
    ///
    /// # Errors
    /// [`Kind::Chunks`](crate::Kind::Chunks) if they do not describe its shape.
    #[must_use]
    #[track_caller]
    pub fn from_ndarray_chunked(array: impl FromNdarray, chunks: impl Into<Chunks>) -> Array {
        Array::new(array.into_expr(&chunks.into()))
    }
}

/// Elements that were moved here.
struct Moved<T>(Vec<T>);

impl<T: Number> Bytes for Moved<T> {
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

/// Elements that others hold too; contiguous.
struct Shared<T, D>(ArrayBase<OwnedArcRepr<T>, D>);

impl<T: Number, D: Dimension + Send + Sync> Bytes for Shared<T, D> {
    fn bytes(&self) -> &[u8] {
        self.0
            .as_slice_memory_order()
            .map_or(&[], bytemuck::cast_slice)
    }
}

impl<T: Number, D: Dimension> FromNdarray for ArrayBase<OwnedRepr<T>, D> {
    fn into_expr(self, chunks: &Chunks) -> Result<Expr> {
        let (shape, strides) = geometry(&self)?;
        let (elements, first) = self.into_raw_vec_and_offset();
        let owner = Arc::new(Moved(elements));
        read::<T>(owner, first.unwrap_or(0), &shape, strides, chunks)
    }
}

impl<T: Number, D: Dimension + Send + Sync + 'static> FromNdarray
    for ArrayBase<OwnedArcRepr<T>, D>
{
    fn into_expr(self, chunks: &Chunks) -> Result<Expr> {
        let (shape, strides) = geometry(&self)?;
        let Some(memory) = self.as_slice_memory_order() else {
            return self.to_owned().into_expr(chunks);
        };
        let first = (self.as_ptr() as usize - memory.as_ptr() as usize) / size_of::<T>();
        read::<T>(Arc::new(Shared(self)), first, &shape, strides, chunks)
    }
}

impl<T: Number, D: Dimension> FromNdarray for ArrayBase<ViewRepr<&T>, D> {
    fn into_expr(self, chunks: &Chunks) -> Result<Expr> {
        self.to_owned().into_expr(chunks)
    }
}

/// Shape and strides, in elements.
fn geometry<S: RawData, D: Dimension>(array: &ArrayBase<S, D>) -> Result<(Shape, Shape)> {
    let too_long = |_| Error::new(Kind::Shape, "an axis of the array is too long");
    let shape = array
        .shape()
        .iter()
        .map(|&len| i64::try_from(len).map_err(too_long));
    let strides = array
        .strides()
        .iter()
        .map(|&stride| stride as i64)
        .collect();
    Ok((shape.collect::<Result<_>>()?, strides))
}

fn read<T: Number>(
    owner: Arc<dyn Bytes>,
    first: usize,
    shape: &[i64],
    strides: Shape,
    chunks: &Chunks,
) -> Result<Expr> {
    let grid = chunks.grid(shape, T::DTYPE)?;
    let memory = MemoryArray::new(owner, first * size_of::<T>(), strides);
    build::read(SourceRef::Memory(memory), T::DTYPE, grid)
}
