//! What do functions of the caller's make of blocks?
//!
//! A function is given the elements of one block, as `ndarray` views, and gives those of the block
//! at the same place. It runs on the session's threads, several blocks at once, and must give the
//! same each time: a block may be made again. What it says and where it panics is an error of the
//! run that names the block.

use crate::array::Array;
use crate::number::Number;
use ndarray::{ArrayD, ArrayViewD, Dimension, IxDyn, Slice};
use std::fmt::Display;
use std::marker::PhantomData;
use std::sync::Arc;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Shape};
use tilewright_expr::Expr;
use tilewright_expr::blocks::{BlockCode, BlockFunction, BlockPlace, BlockView};
use tilewright_expr::build::{self, BlockOptions, Boundary, Made};

/// Element types of the arrays whose blocks a function takes, in a tuple: `(f64, i32)`.
pub trait BlockArguments: 'static {
    /// Their dtypes.
    const DTYPES: &'static [DType];

    /// The blocks, in a tuple.
    type Views<'a>;

    /// The views of these blocks.
    ///
    /// # Errors
    /// [`Kind::Internal`] for blocks of other types.
    #[doc(hidden)]
    fn views<'a>(blocks: &[BlockView<'a>]) -> Result<Self::Views<'a>>;
}

macro_rules! arguments {
    ($(($($t:ident $k:literal),*)),*) => {$(
        impl<$($t: Number),*> BlockArguments for ($($t,)*) {
            const DTYPES: &'static [DType] = &[$($t::DTYPE),*];
            type Views<'a> = ($(ArrayViewD<'a, $t>,)*);

            fn views<'a>(blocks: &[BlockView<'a>]) -> Result<Self::Views<'a>> {
                Ok(($(view::<$t>(blocks, $k)?,)*))
            }
        }
    )*};
}
arguments!((A 0), (A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3));

fn view<'a, T: Number>(blocks: &[BlockView<'a>], k: usize) -> Result<ArrayViewD<'a, T>> {
    let block = blocks.get(k).filter(|block| block.dtype == T::DTYPE);
    let block = block.ok_or_else(|| crate::internal("a block of another type"))?;
    ArrayViewD::from_shape(dims(block.shape), T::slice(block.bytes)?)
        .map_err(|_| crate::internal("a block of another shape than it says"))
}

fn dims(shape: &[i64]) -> IxDyn {
    IxDyn(&shape.iter().map(|&len| len as usize).collect::<Vec<_>>())
}

/// What a function of blocks gives: an owned `ndarray`, or a `Result` of one with any error that
/// prints.
pub trait BlockResult {
    /// Its element type.
    type Element: Number;

    /// The array.
    ///
    /// # Errors
    /// [`Kind::User`] with what the function said.
    #[doc(hidden)]
    fn array(self) -> Result<ArrayD<Self::Element>>;
}

impl<T: Number, D: Dimension> BlockResult for ndarray::Array<T, D> {
    type Element = T;

    fn array(self) -> Result<ArrayD<T>> {
        Ok(self.into_dyn())
    }
}

impl<T: Number, D: Dimension, E: Display> BlockResult for Result<ndarray::Array<T, D>, E> {
    type Element = T;

    fn array(self) -> Result<ArrayD<T>> {
        self.map(ndarray::Array::into_dyn)
            .map_err(|error| Error::new(Kind::User, error.to_string()))
    }
}

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
    }
}

impl MapBlocks {
    /// What it is called in plans and errors.
    pub fn named(mut self, name: &str) -> MapBlocks {
        name.clone_into(&mut self.name);
        self
    }

    /// Lengths of the result's blocks along each axis; those of the arrays, if not said.
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
    /// boundaries or lengths than axes; [`Kind::Chunks`] for another number of blocks of the result.
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
        let code = Code {
            function,
            trim: self.trim,
            types: PhantomData::<fn(A) -> R>,
        };
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
            if trim && !made.is_empty() && options.depth.iter().any(|depth| *depth != (0, 0)) {
                return Err(
                    Error::new(Kind::Value, "a halo is cut off blocks of other lengths")
                        .way_out("trim(false), for a function that cuts it off"),
                );
            }
            build::map_blocks(exprs, function.clone(), &options)
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

/// A typed function behind bytes.
struct Code<A, R, F> {
    function: F,
    trim: bool,
    types: PhantomData<fn(A) -> R>,
}

impl<A, R, F> BlockCode for Code<A, R, F>
where
    A: BlockArguments,
    R: BlockResult,
    F: for<'a> Fn(A::Views<'a>, &BlockPlace) -> R + Send + Sync,
{
    fn run(&self, blocks: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()> {
        let mut made = (self.function)(A::views(blocks)?, place).array()?;
        let taken = blocks.first().map_or(&[][..], |block| block.shape);
        // Whatever is taken beyond the own elements is halo.
        let cut = self.trim && taken != &place.own[..];
        let want = if cut { taken } else { &place.made };
        let gave: Shape = made.shape().iter().map(|&len| len as i64).collect();
        if gave[..] != *want {
            return Err(Error::new(
                Kind::User,
                "a function of blocks gave a block of another shape",
            )
            .fact("gave", show_shape(&gave))
            .fact("wanted", show_shape(want))
            .way_out("an array of this shape, or made(..) for the lengths that it gives"));
        }
        if cut {
            for (axis, (&before, &own)) in place.before.iter().zip(&place.own).enumerate() {
                let own = Slice::new(before as isize, Some((before + own) as isize), 1);
                made.slice_axis_inplace(ndarray::Axis(axis), own);
            }
        }
        if let Some(whole) = made.as_slice() {
            out.copy_from_slice(bytemuck::cast_slice(whole));
            return Ok(());
        }
        let elements = out.chunks_exact_mut(size_of::<R::Element>());
        for (to, element) in elements.zip(&made) {
            to.copy_from_slice(bytemuck::bytes_of(element));
        }
        Ok(())
    }
}
