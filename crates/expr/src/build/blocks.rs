//! `map_blocks` and `map_overlap`: what a function makes of blocks.

use super::{Pad, broadcast_shapes, broadcast_to, node, pad};
use crate::attr::Attr;
use crate::blocks::{BlockCuts, BlockFunction, Blocks, Reach};
use crate::node::Expr;
use smallvec::SmallVec;
use std::sync::Arc;
use tilewright_core::error::show_shape;
use tilewright_core::{AxisGrid, DType, Error, Grid, Kind, Result, Scalar, Shape};

/// What lies beyond the ends of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Boundary {
    /// Nothing: the blocks at the ends are shorter.
    None,
    /// The elements in reverse, the one at the end included.
    Reflect,
    /// The element at the end.
    Nearest,
    /// The other end.
    Periodic,
    /// A value.
    Constant(Scalar),
}

/// Lengths of the result's blocks along an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Made {
    /// Those of the arrays.
    #[default]
    Own,
    /// This, of every block.
    Each(i64),
    /// These.
    Sizes(Vec<i64>),
}

/// What a function of blocks gives, and how far its blocks reach.
#[derive(Clone, Debug)]
pub struct BlockOptions {
    /// Element type of the result.
    pub dtype: DType,
    /// Blocks of the result along each axis; those of the arrays without.
    pub made: Vec<Made>,
    /// Elements beyond a block that it takes too, before and after, for each axis; none without.
    pub depth: Vec<(i64, i64)>,
    /// What lies beyond the ends of each axis; nothing without.
    pub boundary: Vec<Boundary>,
    /// Bytes that one call takes for itself.
    pub bytes: u64,
}

/// The array whose blocks a function makes of the blocks of these arrays, which broadcast to one
/// shape; its cuts are those of all of them.
///
/// # Errors
/// [`Kind::Value`] for no arrays, a negative depth, or one beyond an axis without elements;
/// [`Kind::Axis`] for another number of depths than axes; [`Kind::Chunks`] for another number of
/// blocks of the result; [`Kind::Shape`] if the arrays do not broadcast.
pub fn map_blocks(args: &[Expr], function: BlockFunction, options: &BlockOptions) -> Result<Expr> {
    const NAME: &str = "map_blocks";
    let shape = broadcast_shapes(NAME, args)?;
    let args = args.iter().map(|x| broadcast_to(x, &shape));
    let args = args.collect::<Result<Vec<_>>>()?;
    let [first, rest @ ..] = &args[..] else {
        return Err(Error::new(Kind::Value, "map_blocks of no arrays").way_out("one array or more"));
    };
    let mut own = first.grid().clone();
    for (axis, cuts) in own.axes.iter_mut().enumerate() {
        let other = rest.iter().map(|x| &x.grid().axes[axis]);
        *cuts = other.fold(cuts.clone(), |cuts, other| cuts.union(other));
    }
    let made = made(&own, &options.made)?;
    let (reach, args) = around(&args, &shape, options)?;
    let called = !made.shape().contains(&0);
    if called && args.iter().any(|x| x.shape().contains(&0)) {
        return Err(Error::new(Kind::Chunks, "blocks are made of no elements")
            .fact("x", show_shape(&shape))
            .fact("result", show_shape(&made.shape()))
            .way_out("a result without elements"));
    }
    let cuts = BlockCuts {
        first: Shape::from_elem(0, shape.len()),
        start: Shape::from_elem(0, shape.len()),
        reach,
        made,
        own,
    };
    let blocks = Blocks {
        function,
        dtype: options.dtype,
        bytes: options.bytes,
        cuts,
    };
    node(NAME, Attr::Blocks(Arc::new(blocks)), args)
}

/// The blocks of the result, as many as the arrays have.
fn made(own: &Grid, made: &[Made]) -> Result<Grid> {
    if made.is_empty() {
        return Ok(own.clone());
    }
    check_count("lengths of blocks", made.len(), own.axes.len())?;
    let axis = |(k, (own, made)): (usize, (&AxisGrid, &Made))| {
        let count = own.chunks();
        let refuse = |length: String| {
            Err(
                Error::new(Kind::Chunks, "the result has other blocks than the arrays")
                    .fact(format!("axis {k}"), format!("{count} blocks of the arrays"))
                    .fact("result", length)
                    .way_out("as many along each axis, of one element or more"),
            )
        };
        match made {
            Made::Own => Ok(own.clone()),
            Made::Each(size) => match size.checked_mul(count) {
                Some(len) if *size > 0 => Ok(AxisGrid::regular(len, *size)),
                _ => refuse(format!("{size} elements each")),
            },
            Made::Sizes(sizes) if sizes.len() as i64 != count || sizes.contains(&0) => {
                refuse(format!("{} blocks", sizes.len()))
            }
            Made::Sizes(sizes) => AxisGrid::from_sizes(sizes),
        }
    };
    let axes = own.axes.iter().zip(made).enumerate().map(axis);
    Ok(Grid {
        axes: axes.collect::<Result<_>>()?,
    })
}

fn check_count(what: &str, count: usize, ndim: usize) -> Result<()> {
    if count == ndim {
        return Ok(());
    }
    Err(
        Error::new(Kind::Axis, format!("{count} {what} for {ndim} axes"))
            .way_out("one for each axis"),
    )
}

/// How far blocks reach, and the arrays with what lies beyond their ends.
fn around(
    args: &[Expr],
    shape: &[i64],
    options: &BlockOptions,
) -> Result<(SmallVec<[Reach; 4]>, Vec<Expr>)> {
    let ndim = shape.len();
    let depth = match &options.depth[..] {
        [] => vec![(0, 0); ndim],
        depth => depth.to_vec(),
    };
    let boundary = match &options.boundary[..] {
        [] => vec![Boundary::None; ndim],
        boundary => boundary.to_vec(),
    };
    check_count("depths", depth.len(), ndim)?;
    check_count("boundaries", boundary.len(), ndim)?;
    let deepest = 1 << 61;
    let outside = |&(before, after): &(i64, i64)| {
        !(0..deepest).contains(&before) || !(0..deepest).contains(&after)
    };
    if let Some(bad) = depth.iter().find(|depth| outside(depth)) {
        return Err(
            Error::new(Kind::Value, format!("a depth of {bad:?} elements"))
                .way_out("0 elements or more"),
        );
    }
    let mut args = args.to_vec();
    // One call for all axes with one boundary.
    let mut done: Vec<Boundary> = vec![Boundary::None];
    for &kind in &boundary {
        if done.contains(&kind) {
            continue;
        }
        done.push(kind);
        let here = boundary.iter().zip(&depth);
        let widths: Vec<(i64, i64)> = here
            .map(|(other, &depth)| if *other == kind { depth } else { (0, 0) })
            .collect();
        let mode = match kind {
            Boundary::None => continue,
            Boundary::Reflect => Pad::Symmetric,
            Boundary::Nearest => Pad::Edge,
            Boundary::Periodic => Pad::Wrap,
            Boundary::Constant(value) => Pad::Constant(vec![(value, value); ndim]),
        };
        args = args
            .iter()
            .map(|x| pad(x, &widths, &mode))
            .collect::<Result<_>>()?;
    }
    let reach = |(&(before, after), boundary): (&(i64, i64), &Boundary)| Reach {
        before,
        after,
        lead: if *boundary == Boundary::None {
            0
        } else {
            before
        },
    };
    Ok((depth.iter().zip(&boundary).map(reach).collect(), args))
}
