//! How do arrays change their shape, order and chunks?
//!
//! No element is computed here; most of these cost nothing, since they travel to the sources.

use crate::array::State;
use crate::{Array, Chunks, Item};
use tilewright_core::Grid;
use tilewright_expr::build;

impl Array {
    /// The part that `items` take, one for each axis; see [`s!`](crate::s).
    ///
    /// Slices reach the sources: only what they take is read, drawn or computed.
    ///
    /// # Errors
    /// [`Kind::Index`](crate::Kind::Index) for more items than axes, an index out of range, a
    /// step of 0; returned by [`Array::check`] and by what is computed.
    ///
    /// ```
    /// use tilewright::{arange, s};
    ///
    /// let x = arange(0, 12, 1).reshape([3, 4]);
    /// assert_eq!(x.slice(s![-1, ..;-1]).compute()?.to_vec::<i64>()?, [11, 10, 9, 8]);
    /// assert_eq!(x.slice(s![..., 0]).shape()?, [3]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn slice(&self, items: impl AsRef<[Item]>) -> Array {
        self.at(items.as_ref())
    }

    /// Axes in reverse order.
    #[must_use]
    #[track_caller]
    pub fn t(&self) -> Array {
        self.then(move |x| build::transpose(x, None))
    }

    /// Axes in this order; negative ones count from the end.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if `axes` does not name each axis once.
    #[must_use]
    #[track_caller]
    pub fn transpose(&self, axes: impl AsRef<[i64]>) -> Array {
        let axes = axes.as_ref().to_vec();
        self.then(move |x| build::transpose(x, Some(&axes)))
    }

    /// The same elements in C order under another shape; one length may be −1.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if the number of elements differs.
    #[must_use]
    #[track_caller]
    pub fn reshape(&self, shape: impl AsRef<[i64]>) -> Array {
        let shape = shape.as_ref().to_vec();
        self.then(move |x| build::reshape(x, &shape))
    }

    /// Axes of length 1 repeat, new ones stand before.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if it does not broadcast.
    #[must_use]
    #[track_caller]
    pub fn broadcast_to(&self, shape: impl AsRef<[i64]>) -> Array {
        let shape = shape.as_ref().to_vec();
        self.then(move |x| build::broadcast_to(x, &shape))
    }

    /// Without these axes, which have length 1; without any such axis for `[]`.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if one has another length or does not exist.
    #[must_use]
    #[track_caller]
    pub fn squeeze(&self, axes: impl AsRef<[i64]>) -> Array {
        let axes = axes.as_ref().to_vec();
        let named = !axes.is_empty();
        let squeezed =
            self.then(move |x| build::squeeze(x, Some(&axes[..]).filter(|axes| !axes.is_empty())));
        match self.state() {
            // Whatever its greatest is, a length may be 1 when it is counted, and its axis goes then.
            State::Counted(_) if !named => squeezed.of_unknown_axes(),
            _ => squeezed,
        }
    }

    /// New axes of length 1 at these positions of the result.
    ///
    /// # Errors
    /// [`Kind::Axis`](crate::Kind::Axis) if a position is out of range or named twice.
    #[must_use]
    #[track_caller]
    pub fn expand_dims(&self, axes: impl AsRef<[i64]>) -> Array {
        let axes = axes.as_ref().to_vec();
        self.then(move |x| build::expand_dims(x, &axes))
    }

    /// The same array under other chunks, which fix the order of reductions and the chunks of
    /// stored results.
    ///
    /// # Errors
    /// [`Kind::Chunks`](crate::Kind::Chunks) if they do not describe the shape.
    ///
    /// ```
    /// let x = tilewright::ones([10, 10]).rechunk([5, -1]);
    /// assert_eq!(x.grid()?.chunks(), 2);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn rechunk(&self, chunks: impl Into<Chunks>) -> Array {
        let chunks = chunks.into();
        self.then(move |x| {
            let grid = chunks.grid_of(x.shape(), x.dtype().itemsize(), Some(x.grid()))?;
            build::rechunk(x, grid)
        })
    }

    /// The same array under exactly this grid.
    ///
    /// # Errors
    /// [`Kind::Chunks`](crate::Kind::Chunks) if the grid is of another shape.
    #[must_use]
    #[track_caller]
    pub fn rechunk_to(&self, grid: Grid) -> Array {
        self.then(move |x| build::rechunk(x, grid.clone()))
    }
}

/// Arrays end to end along `axis`; dtypes promote.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) for no arrays, [`Kind::Shape`](crate::Kind::Shape) if
/// another axis differs, [`Kind::Axis`](crate::Kind::Axis) for a bad axis.
///
/// ```
/// use tilewright::{concatenate, ones, zeros};
///
/// let x = concatenate(&[ones([2, 3]), zeros([1, 3])], 0);
/// assert_eq!(x.shape()?, [3, 3]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn concatenate<'a>(arrays: impl IntoIterator<Item = &'a Array>, axis: i64) -> Array {
    Array::join(arrays, move |parts| build::concatenate(parts, axis))
}

/// Arrays of one shape side by side along a new axis.
///
/// # Errors
/// As [`concatenate`]; [`Kind::Shape`](crate::Kind::Shape) if shapes differ.
#[must_use]
#[track_caller]
pub fn stack<'a>(arrays: impl IntoIterator<Item = &'a Array>, axis: i64) -> Array {
    Array::join(arrays, move |parts| build::stack(parts, axis))
}
