//! What is a result, and how does it leave?

use crate::number::Number;
use ndarray::{ArrayBase, ArrayD, ArrayViewD, DataMut, Dimension, IxDyn};
use std::sync::Arc;
use tilewright_core::error::show_shape;
use tilewright_core::{Block, DType, Error, Kind, Result, Scalar, Shape};

/// A computed array: elements in memory, C order; cheap to clone.
#[derive(Clone, Debug)]
pub struct Computed {
    block: Arc<Block>,
}

impl From<Arc<Block>> for Computed {
    fn from(block: Arc<Block>) -> Computed {
        Computed { block }
    }
}

impl Computed {
    /// Lengths of the axes.
    pub fn shape(&self) -> &[i64] {
        &self.block.shape
    }

    /// Element type.
    pub fn dtype(&self) -> DType {
        self.block.dtype
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// Whether it has no element.
    pub fn is_empty(&self) -> bool {
        self.block.is_empty()
    }

    /// The memory behind it.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// The element at a C-order position; `None` past the end.
    pub fn get(&self, position: usize) -> Option<Scalar> {
        self.block.get(position)
    }

    /// The elements in C order, where they are.
    ///
    /// # Errors
    /// [`Kind::DType`] if the array holds another type.
    pub fn as_slice<T: Number>(&self) -> Result<&[T]> {
        if self.dtype() != T::DTYPE {
            return Err(Error::new(
                Kind::DType,
                format!(
                    "the array holds {}, not {}",
                    self.dtype().name(),
                    T::DTYPE.name()
                ),
            )
            .way_out(format!("astype({}) before computing", T::DTYPE.name())));
        }
        T::slice(self.block.data.as_bytes())
    }

    /// The elements in C order, copied.
    ///
    /// # Errors
    /// As [`Computed::as_slice`].
    pub fn to_vec<T: Number>(&self) -> Result<Vec<T>> {
        self.as_slice().map(<[T]>::to_vec)
    }

    /// The only element.
    ///
    /// # Errors
    /// As [`Computed::as_slice`]; [`Kind::Shape`] if there are more or none.
    pub fn item<T: Number>(&self) -> Result<T> {
        match self.as_slice()? {
            [item] => Ok(*item),
            others => Err(Error::new(
                Kind::Shape,
                format!("an array of {} elements is no single item", others.len()),
            )
            .way_out("to_vec, or an index first")),
        }
    }

    /// The array where it is, as an `ndarray` view.
    ///
    /// # Errors
    /// As [`Computed::as_slice`].
    pub fn view<T: Number>(&self) -> Result<ArrayViewD<'_, T>> {
        ArrayViewD::from_shape(self.dims(), self.as_slice()?).map_err(|error| misfit(&error))
    }

    /// The array as an owned `ndarray`, copied once; [`Computed::view`] copies nothing.
    ///
    /// # Errors
    /// As [`Computed::as_slice`].
    ///
    /// ```
    /// let x = tilewright::eye([2, 2], 0).compute()?.to_ndarray::<f64>()?;
    /// assert_eq!(x, ndarray::arr2(&[[1.0, 0.0], [0.0, 1.0]]).into_dyn());
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn to_ndarray<T: Number>(&self) -> Result<ArrayD<T>> {
        ArrayD::from_shape_vec(self.dims(), self.to_vec()?).map_err(|error| misfit(&error))
    }

    /// Fills memory of the caller's; any strides.
    ///
    /// # Errors
    /// As [`Computed::as_slice`]; [`Kind::Shape`] if the shapes differ.
    pub fn copy_into<T, S, D>(&self, into: &mut ArrayBase<S, D>) -> Result<()>
    where
        T: Number,
        S: DataMut<Elem = T>,
        D: Dimension,
    {
        check_shape(self.shape(), into.shape())?;
        into.view_mut().into_dyn().assign(&self.view()?);
        Ok(())
    }

    fn dims(&self) -> IxDyn {
        IxDyn(
            &self
                .shape()
                .iter()
                .map(|&len| len as usize)
                .collect::<Vec<_>>(),
        )
    }
}

/// Refuses memory of another shape.
pub(crate) fn check_shape(have: &[i64], want: &[usize]) -> Result<()> {
    if have
        .iter()
        .map(|&len| len as usize)
        .eq(want.iter().copied())
    {
        return Ok(());
    }
    let want: Shape = want.iter().map(|&len| len as i64).collect();
    Err(Error::new(
        Kind::Shape,
        format!(
            "an array of shape {} does not fill {}",
            show_shape(have),
            show_shape(&want)
        ),
    )
    .way_out("memory of the array's shape, or reshape"))
}

fn misfit(error: &ndarray::ShapeError) -> Error {
    Error::new(
        Kind::Internal,
        format!("a block of another shape than it says: {error}"),
    )
}
