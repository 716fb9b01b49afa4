//! How are arrays made from a value or an index?
//!
//! None of these takes memory before it is computed, and a slice makes only what it takes.

use crate::{Array, Chunks, Layout};
use tilewright_core::{DType, Scalar};
use tilewright_expr::build;
pub use tilewright_expr::build::Triangle;

/// One value everywhere; the dtype is the layout's, or else the value's (`2.0f32`, `1u8`, `true`).
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) for a negative length or 2^63 bytes and more,
/// [`Kind::Chunks`](crate::Kind::Chunks) for chunks that do not fit; held by the array.
///
/// ```
/// let x = tilewright::full([2, 2], 7i32);
/// assert_eq!(x.compute()?.to_vec::<i32>()?, [7, 7, 7, 7]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn full(layout: impl Into<Layout>, value: impl Into<Scalar>) -> Array {
    let (layout, value) = (layout.into(), value.into());
    let dtype = layout.dtype_or(value.dtype());
    Array::new(
        layout
            .grid(dtype)
            .and_then(|grid| build::full(value.cast(dtype), grid)),
    )
}

/// Zeros, f64 unless the layout says otherwise.
///
/// # Errors
/// As [`full`].
#[must_use]
#[track_caller]
pub fn zeros(layout: impl Into<Layout>) -> Array {
    full(layout, 0.0)
}

/// Ones, f64 unless the layout says otherwise.
///
/// # Errors
/// As [`full`].
#[must_use]
#[track_caller]
pub fn ones(layout: impl Into<Layout>) -> Array {
    full(layout, 1.0)
}

/// These elements, in C order; for small literals.
///
/// The dtype is the layout's, or else that of the first element (f64 if there is none).
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) if their number is not that of the shape.
///
/// ```
/// let x = tilewright::array([1, 2, 3, 4], [2, 2]);
/// assert_eq!(x.dtype()?, tilewright::DType::I32);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn array<T: Into<Scalar>>(
    elements: impl IntoIterator<Item = T>,
    layout: impl Into<Layout>,
) -> Array {
    let elements: Vec<Scalar> = elements.into_iter().map(Into::into).collect();
    let layout = layout.into();
    let dtype = layout.dtype_or(elements.first().map_or(DType::F64, |first| first.dtype()));
    Array::new(
        layout
            .grid(dtype)
            .and_then(|grid| build::array(elements, dtype, grid)),
    )
}

/// `start, start + step, …` up to and without `stop`; i64 for integers, f64 for floats.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) for a step of 0 or bounds that are not finite.
///
/// ```
/// let x = tilewright::arange(10, 0, -3);
/// assert_eq!(x.compute()?.to_vec::<i64>()?, [10, 7, 4, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn arange<T: Into<Scalar>>(start: T, stop: T, step: T) -> Array {
    let (start, stop, step) = (start.into(), stop.into(), step.into());
    let dtype = if start.dtype().is_float() {
        DType::F64
    } else {
        DType::I64
    };
    arange_as(start, stop, step, dtype, Chunks::Auto)
}

/// As [`arange`], of this dtype and with these chunks.
///
/// # Errors
/// As [`arange`]; [`Kind::Chunks`](crate::Kind::Chunks) for chunks that do not fit.
#[must_use]
#[track_caller]
pub fn arange_as(
    start: impl Into<Scalar>,
    stop: impl Into<Scalar>,
    step: impl Into<Scalar>,
    dtype: DType,
    chunks: impl Into<Chunks>,
) -> Array {
    let chunks = chunks.into();
    let grid = |shape: &[i64]| chunks.grid(shape, dtype);
    Array::new(build::arange(
        start.into(),
        stop.into(),
        step.into(),
        dtype,
        grid,
    ))
}

/// `num` numbers from `start` to `stop`, both included, evenly apart; f64.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) if `num` is negative.
#[must_use]
#[track_caller]
pub fn linspace(start: f64, stop: f64, num: i64) -> Array {
    linspace_as(start, stop, num, true, DType::F64, Chunks::Auto)
}

/// As [`linspace`]; without `stop` unless `endpoint`, of this dtype and with these chunks.
///
/// # Errors
/// As [`linspace`]; [`Kind::Chunks`](crate::Kind::Chunks) for chunks that do not fit.
#[must_use]
#[track_caller]
pub fn linspace_as(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    dtype: DType,
    chunks: impl Into<Chunks>,
) -> Array {
    let chunks = chunks.into();
    let grid = |shape: &[i64]| chunks.grid(shape, dtype);
    Array::new(build::linspace(start, stop, num, endpoint, dtype, grid))
}

/// How far neighbours of [`linspace_as`] lie apart; NaN of fewer than two points.
pub fn linspace_step(start: f64, stop: f64, num: i64, endpoint: bool) -> f64 {
    build::gap(start, stop, num, endpoint)
}

/// 1 on the diagonal `k` places above the main one, else 0; f64 unless the layout says otherwise.
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) if the layout has other than two axes.
///
/// ```
/// let x = tilewright::eye([2, 3], 1);
/// assert_eq!(x.compute()?.to_vec::<f64>()?, [0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn eye(layout: impl Into<Layout>, k: i64) -> Array {
    let layout = layout.into();
    let dtype = layout.dtype_or(DType::F64);
    Array::new(
        layout
            .grid(dtype)
            .and_then(|grid| build::eye(k, dtype, grid)),
    )
}

/// `base` to the power of `num` evenly spaced exponents from `start` to `stop`; without `stop` unless
/// `endpoint`, of this dtype and with these chunks.
///
/// # Errors
/// As [`linspace_as`].
#[must_use]
#[track_caller]
pub fn logspace(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    base: f64,
    dtype: DType,
    chunks: impl Into<Chunks>,
) -> Array {
    let chunks = chunks.into();
    let grid = |shape: &[i64]| chunks.grid(shape, dtype);
    Array::new(build::logspace(
        start, stop, num, endpoint, base, dtype, grid,
    ))
}

/// `num` numbers from `start` to `stop`, each the same multiple of the one before; without `stop`
/// unless `endpoint`, of this dtype and with these chunks.
///
/// # Errors
/// As [`linspace_as`]; [`Kind::Value`](crate::Kind::Value) if an end is 0.
///
/// ```
/// use tilewright::{Chunks, DType, geomspace};
///
/// let x = geomspace(1.0, 1000.0, 4, true, DType::I64, Chunks::Auto);
/// assert_eq!(x.slice(tilewright::s![0]).compute()?.item::<i64>()?, 1);
/// assert_eq!(x.slice(tilewright::s![3]).compute()?.item::<i64>()?, 1000);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn geomspace(
    start: f64,
    stop: f64,
    num: i64,
    endpoint: bool,
    dtype: DType,
    chunks: impl Into<Chunks>,
) -> Array {
    let chunks = chunks.into();
    let grid = |shape: &[i64]| chunks.grid(shape, dtype);
    Array::new(build::geomspace(start, stop, num, endpoint, dtype, grid))
}

/// 1 on the diagonal `k` places above the main one and below it, else 0; f64 unless the layout says
/// otherwise.
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) if the layout has other than two axes.
///
/// ```
/// let x = tilewright::tri([2, 3], 0);
/// assert_eq!(x.compute()?.to_vec::<f64>()?, [1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn tri(layout: impl Into<Layout>, k: i64) -> Array {
    let layout = layout.into();
    let dtype = layout.dtype_or(DType::F64);
    Array::new(
        layout
            .grid(dtype)
            .and_then(|grid| build::tri(k, dtype, grid)),
    )
}

/// The rows and columns of the elements on one side of the diagonal `k` places above the main one, in C
/// order, of a matrix of so many rows and columns.
///
/// # Errors
/// [`Kind::Shape`](crate::Kind::Shape) for a matrix of 2^31 rows or columns and more.
///
/// ```
/// use tilewright::{Triangle, triangle_indices};
///
/// let [rows, columns] = triangle_indices(2, 2, 0, Triangle::Lower);
/// assert_eq!(rows.compute()?.to_vec::<i64>()?, [0, 1, 1]);
/// assert_eq!(columns.compute()?.to_vec::<i64>()?, [0, 0, 1]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn triangle_indices(rows: i64, columns: i64, k: i64, side: Triangle) -> [Array; 2] {
    match build::triangle_indices(rows, columns, k, side) {
        Ok(both) => both.map(Array::from_expr),
        Err(error) => [(); 2].map(|()| Array::new(Err(error.clone()))),
    }
}

/// What a function makes of the index along each axis, i64: it is called once, with whole arrays.
///
/// # Errors
/// Whatever the function's result holds; of a bad layout its error.
///
/// ```
/// let x = tilewright::fromfunction([2, 3], |index| &index[0] * 10 + &index[1]);
/// assert_eq!(x.compute()?.to_vec::<i64>()?, [0, 1, 2, 10, 11, 12]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn fromfunction(layout: impl Into<Layout>, function: impl FnOnce(&[Array]) -> Array) -> Array {
    let grid = match layout.into().grid(DType::I64) {
        Ok(grid) => grid,
        Err(error) => return Array::new(Err(error)),
    };
    let axes = 0..grid.axes.len();
    let index: Vec<Array> = axes
        .map(|axis| Array::new(build::iota(axis, grid.clone())))
        .collect();
    function(&index)
}

/// Coordinates of the points of a grid whose axes are the elements of these arrays. With `matrix` the
/// first axis is that of the first array, else the second (`ij` and `xy` of NumPy); with `sparse` each
/// array has one long axis.
///
/// ```
/// use tilewright::{arange, meshgrid};
///
/// let points = meshgrid(&[arange(0, 3, 1), arange(0, 2, 1)], true, false);
/// assert_eq!((&points[0] * 10 + &points[1]).compute()?.to_vec::<i64>()?, [0, 1, 10, 11, 20, 21]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn meshgrid<'a>(
    arrays: impl IntoIterator<Item = &'a Array>,
    matrix: bool,
    sparse: bool,
) -> Vec<Array> {
    let arrays: Vec<&Array> = arrays.into_iter().collect();
    crate::shapes::several(&arrays, |arrays| build::meshgrid(arrays, matrix, sparse))
}

impl Array {
    /// One value everywhere, in the shape, dtype and chunks of this array.
    #[must_use]
    #[track_caller]
    pub fn full_like(&self, value: impl Into<Scalar>) -> Array {
        let value = value.into();
        self.then(move |x| build::full(value.cast(x.dtype()), x.grid().clone()))
    }

    /// Zeros in the shape, dtype and chunks of this array.
    #[must_use]
    #[track_caller]
    pub fn zeros_like(&self) -> Array {
        self.full_like(0i64)
    }

    /// Ones in the shape, dtype and chunks of this array.
    #[must_use]
    #[track_caller]
    pub fn ones_like(&self) -> Array {
        self.full_like(1i64)
    }
}
