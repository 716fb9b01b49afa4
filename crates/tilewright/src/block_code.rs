//! How is a typed function of blocks called?
//!
//! It is given `ndarray` views of blocks that are bytes, and what it gives becomes bytes.

use crate::block_axes::BlockAxes;
use crate::number::Number;
use ndarray::{ArrayD, ArrayViewD, Dimension, IxDyn, Slice};
use std::fmt::Display;
use std::marker::PhantomData;
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Shape};
use tilewright_expr::blocks::{BlockCode, BlockPlace, BlockView};

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

/// A typed function behind bytes.
pub(crate) struct Code<A, R, F> {
    function: F,
    trim: bool,
    axes: BlockAxes,
    types: PhantomData<fn(A) -> R>,
}

impl<A, R, F> Code<A, R, F> {
    /// That of a function, from which a halo may be cut, and which has axes of its own.
    pub fn new(function: F, trim: bool, axes: BlockAxes) -> Code<A, R, F> {
        Code {
            function,
            trim,
            axes,
            types: PhantomData,
        }
    }
}

impl<A, R, F> BlockCode for Code<A, R, F>
where
    A: BlockArguments,
    R: BlockResult,
    F: for<'a> Fn(A::Views<'a>, &BlockPlace) -> R + Send + Sync,
{
    fn run(&self, blocks: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()> {
        let Some((place, kept)) = self.axes.seen(place)? else {
            return self.run_seen(blocks, place, out);
        };
        let shapes: Vec<Shape> = blocks.iter().map(|block| kept.of(block.shape)).collect();
        let seen = blocks.iter().zip(&shapes);
        let seen = seen.map(|(block, shape)| BlockView { shape, ..*block });
        self.run_seen(&seen.collect::<Vec<_>>(), &place, out)
    }
}

impl<A, R, F> Code<A, R, F>
where
    A: BlockArguments,
    R: BlockResult,
    F: for<'a> Fn(A::Views<'a>, &BlockPlace) -> R + Send + Sync,
{
    /// Runs the function on what it sees.
    fn run_seen(&self, blocks: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()> {
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
