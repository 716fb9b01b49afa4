//! What do functions of the caller's make of blocks?
//!
//! A function is given the elements of one block, as `ndarray` views, and gives those of the block
//! at the same place. It runs on the session's threads, several blocks at once, and must give the
//! same each time: a block may be made again. What it says and where it panics is an error of the
//! run that names the block.

use crate::array::Array;
use crate::block_axes::BlockAxes;
use crate::block_code::{BlockArguments, BlockResult, Code};
use crate::number::Number;
use ndarray::ArrayViewD;
use std::sync::Arc;
use tilewright_core::{DType, Error, Kind, Result};
use tilewright_expr::Expr;
use tilewright_expr::blocks::{BlockFunction, BlockPlace};
use tilewright_expr::build::{self, BlockOptions, Boundary, Made};

/// Elements beyond a block that a function takes too: a number for all axes, or for each axis a
/// number or a pair, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Depth {
    /// For every axis.
    Each(i64),
    /// For each axis.
    Axes(Vec<(i64, i64)>),
}

impl From<i64> for Depth {
    fn from(depth: i64) -> Depth {
        Depth::Each(depth)
    }
}

impl<const N: usize> From<[i64; N]> for Depth {
    fn from(depths: [i64; N]) -> Depth {
        Depth::Axes(depths.map(|depth| (depth, depth)).into())
    }
}

impl<const N: usize> From<[(i64, i64); N]> for Depth {
    fn from(depths: [(i64, i64); N]) -> Depth {
        Depth::Axes(depths.into())
    }
}

impl Depth {
    fn of(&self, ndim: usize) -> Vec<(i64, i64)> {
        match self {
            Depth::Each(depth) => vec![(*depth, *depth); ndim],
            Depth::Axes(axes) => axes.clone(),
        }
    }
}

/// A function of blocks that is not said yet; made by [`map_blocks`](map_blocks()).
#[derive(Clone, Debug)]
#[must_use]
pub struct MapBlocks {
    arrays: Vec<Array>,
    name: String,
    made: Vec<Made>,
    depth: Depth,
    boundary: Vec<Boundary>,
    trim: bool,
    bytes: u64,
    axes: BlockAxes,
}

/// A function of the blocks of several arrays, which broadcast to one shape; they are cut where any
/// of them is.
///
/// ```
/// use ndarray::Zip;
/// use tilewright::{arange, map_blocks, ones};
///
/// let (x, y) = (arange(0, 6, 1), ones([6]));
/// let z = map_blocks([&x, &y]).apply::<(i64, f64), _>(|(x, y), place| {
///     let first = place.start[0] as f64;
///     Zip::from(&x).and(&y).map_collect(|&x, &y| x as f64 + y - first)
/// });
/// assert_eq!(z.compute()?.to_vec::<f64>()?, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn map_blocks<'a>(arrays: impl IntoIterator<Item = &'a Array>) -> MapBlocks {
    MapBlocks {
        arrays: arrays.into_iter().cloned().collect(),
        name: String::new(),
        made: Vec::new(),
        depth: Depth::Each(0),
        boundary: Vec::new(),
        trim: true,
        bytes: 0,
        axes: BlockAxes::default(),
    }
}

impl MapBlocks {
    /// What it is called in plans and errors.
    pub fn named(mut self, name: &str) -> MapBlocks {
        name.clone_into(&mut self.name);
        self
    }

    /// Lengths of the result's blocks along each of its axes; those of the arrays, if not said.
    pub fn made(mut self, made: impl Into<Vec<Made>>) -> MapBlocks {
        self.made = made.into();
        self
    }

    /// Elements beyond each block that the function takes too, as far as there are any.
    pub fn depth(mut self, depth: impl Into<Depth>) -> MapBlocks {
        self.depth = depth.into();
        self
    }

    /// What lies beyond the ends of each axis, to the depth of the halo; nothing, if not said.
    pub fn boundary(mut self, boundary: impl Into<Vec<Boundary>>) -> MapBlocks {
        self.boundary = boundary.into();
        self
    }

    /// Whether the function gives a block as long as what it takes, of which the halo is cut off;
    /// it does, if not said.
    pub fn trim(mut self, trim: bool) -> MapBlocks {
        self.trim = trim;
        self
    }

    /// Axes that the function folds away: it is given them whole, and gives blocks without them.
    ///
    /// ```
    /// use ndarray::{ArrayViewD, Axis};
    /// use tilewright::{arange, map_blocks};
    ///
    /// let x = arange(0, 6, 1).reshape([2, 3]).rechunk([1, 2]);
    /// let sums = map_blocks([&x]).drop_axis([1]).apply::<(i64,), _>(|(x,), _| x.sum_axis(Axis(1)));
    /// assert_eq!(sums.compute()?.to_vec::<i64>()?, [3, 12]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn drop_axis(mut self, axes: impl Into<Vec<i64>>) -> MapBlocks {
        self.axes.dropped = axes.into();
        self
    }

    /// Axes of the result, without those that are dropped, that the arrays do not have: blocks are one
    /// element long there, if [`made`](MapBlocks::made) does not say otherwise.
    ///
    /// ```
    /// use ndarray::{Axis, stack};
    /// use tilewright::{Made, arange, map_blocks};
    ///
    /// let x = arange(0, 3, 1);
    /// let pairs = map_blocks([&x]).new_axis([0]).made([Made::Each(2), Made::Own]);
    /// let pairs = pairs.apply::<(i64,), _>(|(x,), _| stack(Axis(0), &[x.view(), x.view()]));
    /// assert_eq!(pairs.shape()?, [2, 3]);
    /// assert_eq!(pairs.compute()?.to_vec::<i64>()?, [0, 1, 2, 0, 1, 2]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn new_axis(mut self, axes: impl Into<Vec<i64>>) -> MapBlocks {
        self.axes.new = axes.into();
        self
    }

    /// Bytes that one call takes for itself, beside the blocks that it is given and the one that it
    /// gives; they count to the memory of a run.
    pub fn memory(mut self, bytes: u64) -> MapBlocks {
        self.bytes = bytes;
        self
    }

    /// The array that the function makes.
    ///
    /// # Errors
    /// [`Kind::DType`] if it takes other element types than the arrays have; [`Kind::Value`] for
    /// another number of them, or a negative depth; [`Kind::Axis`] for another number of depths,
    /// boundaries or lengths than axes, and bad axes that are dropped or new; [`Kind::Chunks`] for another number of blocks of the result.
    #[must_use]
    #[track_caller]
    pub fn apply<A, R>(
        self,
        function: impl for<'a> Fn(A::Views<'a>, &BlockPlace) -> R + Send + Sync + 'static,
    ) -> Array
    where
        A: BlockArguments,
        R: BlockResult + 'static,
    {
        let axes = self.axes;
        let code = Code::<A, R, _>::new(function, self.trim, axes.clone());
        let function = BlockFunction::new(&self.name, Arc::new(code));
        let (made, depth, trim) = (self.made, self.depth, self.trim);
        let (boundary, bytes) = (self.boundary, self.bytes);
        Array::join(&self.arrays, move |exprs| {
            check_types(exprs, A::DTYPES)?;
            let ndim = exprs.iter().map(|x| x.shape().len()).max().unwrap_or(0);
            let options = BlockOptions {
                dtype: R::Element::DTYPE,
                made: made.clone(),
                depth: depth.of(ndim),
                boundary: match boundary[..] {
                    [one] => vec![one; ndim],
                    _ => boundary.clone(),
                },
                bytes,
            };
            let others = !made.is_empty() || !axes.is_empty();
            if trim && others && options.depth.iter().any(|depth| *depth != (0, 0)) {
                return Err(
                    Error::new(Kind::Value, "a halo is cut off blocks of other lengths")
                        .way_out("trim(false), for a function that cuts it off"),
                );
            }
            match axes.is_empty() {
                true => build::map_blocks(exprs, function.clone(), &options),
                false => axes.map_blocks(exprs, &function, options),
            }
        })
    }
}

/// Whether a function takes these arrays.
fn check_types(exprs: &[Expr], dtypes: &[DType]) -> Result<()> {
    if exprs.len() != dtypes.len() {
        let (have, want) = (exprs.len(), dtypes.len());
        return Err(Error::new(
            Kind::Value,
            format!("a function of {want} blocks is given those of {have} arrays"),
        )
        .way_out("an element type for each array"));
    }
    for (k, (x, dtype)) in exprs.iter().zip(dtypes).enumerate() {
        if x.dtype() != *dtype {
            let name = dtype.name();
            return Err(
                Error::new(Kind::DType, format!("a function of blocks takes {name}"))
                    .fact(format!("array {k}"), format!("{x:?} of {}", x.dtype()))
                    .way_out(format!("astype({name}), or a function of {}", x.dtype())),
            );
        }
    }
    Ok(())
}

impl Array {
    /// What a function makes of each block: `y[block] = function(x[block])`, of the same shape.
    ///
    /// The function is given an `ndarray` view and where the block is. Its argument says the
    /// element type. For several arrays, other shapes, or a name, see [`map_blocks`](map_blocks()).
    ///
    /// ```
    /// use ndarray::ArrayViewD;
    /// use tilewright::{arange, s};
    ///
    /// let x = arange(0, 10, 1).rechunk([4]);
    /// let y = x.map_blocks(|x: ArrayViewD<i64>, place| x.mapv(|x| x * 10 + place.position[0]));
    /// // The block of the last two elements is made, and no other.
    /// assert_eq!(y.slice(s![8..]).compute()?.to_vec::<i64>()?, [82, 92]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`MapBlocks::apply`]; what the function says, and [`Kind::User`](crate::Kind::User) where
    /// it panics or gives a block of another shape, when it is computed.
    #[must_use]
    #[track_caller]
    pub fn map_blocks<T, R>(
        &self,
        function: impl for<'a> Fn(ArrayViewD<'a, T>, &BlockPlace) -> R + Send + Sync + 'static,
    ) -> Array
    where
        T: Number,
        R: BlockResult + 'static,
    {
        map_blocks([self]).apply::<(T,), R>(move |(x,), place| function(x, place))
    }

    /// As [`Array::map_blocks`] of blocks that reach `depth` elements beyond their own, which are
    /// cut off what the function gives.
    ///
    /// `boundary` says what lies beyond the ends of the array, for all axes or for each.
    ///
    /// ```
    /// use ndarray::ArrayViewD;
    /// use tilewright::{Boundary, array};
    ///
    /// let x = array([1.0, 2.0, 4.0, 8.0], [4]).rechunk([3]);
    /// // The sum of each element and its neighbours.
    /// let y = x.map_overlap(1, [Boundary::Periodic], |x: ArrayViewD<f64>, _| {
    ///     let at = |i: usize| x[i] + if i > 0 { x[i - 1] } else { 0.0 }
    ///         + if i + 1 < x.len() { x[i + 1] } else { 0.0 };
    ///     ndarray::Array1::from_shape_fn(x.len(), at)
    /// });
    /// assert_eq!(y.compute()?.to_vec::<f64>()?, [11.0, 7.0, 14.0, 13.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Array::map_blocks`].
    #[must_use]
    #[track_caller]
    pub fn map_overlap<T, R>(
        &self,
        depth: impl Into<Depth>,
        boundary: impl Into<Vec<Boundary>>,
        function: impl for<'a> Fn(ArrayViewD<'a, T>, &BlockPlace) -> R + Send + Sync + 'static,
    ) -> Array
    where
        T: Number,
        R: BlockResult + 'static,
    {
        let blocks = map_blocks([self]).depth(depth).boundary(boundary);
        blocks.apply::<(T,), R>(move |(x,), place| function(x, place))
    }
}
