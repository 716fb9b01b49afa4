//! What does it mean, in plain loops over whole arrays?
//!
//! The plain twin of optimizer, planner, kernels and scheduler together: every node once, eagerly,
//! as a whole array in memory.
//!
//! | file | question |
//! |---|---|
//! | [`element`] | what does an element-wise operator mean for one element? |
//! | [`digits`] | … on its digits? |
//! | `float` | … for one float, where it is not one IEEE operation? |
//! | `map` | … for arrays? |
//! | [`along`] | … for whole rows along an axis? |
//! | `blocks` | … for functions of blocks? |
//! | `moves` | which element goes where? |
//! | `index` | … where index arrays say so? |
//! | `leaves` | what are the elements of an array that is made, drawn or read? |
//! | `reduce` | what does an array fold to, and in which order? |
//!
//! Shared with the clever rooms: the canonical tree of `tilewright_core::tree` and the functions of
//! `tilewright_vecmath`. Absent: tiles, kernels, threads, any limit on memory.

pub mod along;
mod blocks;
pub mod digits;
pub mod element;
mod float;
mod index;
mod leaves;
mod map;
mod moves;
mod reduce;

use crate::attr::{Attr, Leaf};
use crate::node::Expr;
use crate::op::{Family, StageKind};
use crate::walk;
use std::collections::HashMap;
use std::sync::Arc;
use tilewright_core::{Block, DType, Error, Kind, Result, Scalar};

/// Gives every element of the whole array of a stored source, C order.
pub type Read<'a> = &'a dyn Fn(&Leaf) -> Result<Block>;

/// Bodies do not hold stages of their own; this bounds the recursion if one does.
const DEEPEST_BODY: usize = 16;

/// The values of these expressions, each node computed once.
///
/// `read` gives the whole elements of stored sources (the region a leaf takes of them is applied
/// here); in-memory sources are read directly.
///
/// # Errors
/// Those of `read`; [`Kind::Shape`] for an array that does not fit in memory's address range;
/// [`Kind::Internal`] for a body with an input its stage does not have.
pub fn evaluate(roots: &[Expr], read: Read) -> Result<Vec<Block>> {
    let values = evaluate_body(roots, &[], read, 0)?;
    Ok(values.into_iter().map(Arc::unwrap_or_clone).collect())
}

/// The values of the roots of a body, whose `input(k)` leaves are `inputs[k]`.
fn evaluate_body(
    roots: &[Expr],
    inputs: &[Arc<Block>],
    read: Read,
    depth: usize,
) -> Result<Vec<Arc<Block>>> {
    if depth > DEEPEST_BODY {
        return Err(internal("stages are nested too deep"));
    }
    let roots = walk::expand_derived(roots)?;
    let order = walk::postorder(&roots);
    let mut uses: HashMap<usize, usize> = HashMap::new();
    for expr in order.iter().flat_map(Expr::args).chain(&roots) {
        *uses.entry(expr.address()).or_default() += 1;
    }
    // Every node's outputs; a stage may have several, any other node has one.
    let mut done: HashMap<usize, Vec<Arc<Block>>> = HashMap::new();
    for expr in &order {
        let args: Vec<Vec<Arc<Block>>> = expr
            .args()
            .iter()
            .filter_map(|arg| done.get(&arg.address()).cloned())
            .collect();
        let value = match (&expr.op().family, expr.attr()) {
            (Family::Stage(StageKind::Get), Attr::Index(k)) => args
                .first()
                .and_then(|outputs| outputs.get(*k))
                .cloned()
                .map(|v| vec![v]),
            (Family::Stage(StageKind::Fused), Attr::Body(body)) => {
                let args: Vec<Arc<Block>> = args.into_iter().filter_map(first).collect();
                Some(evaluate_body(&body.roots, &args, read, depth + 1)?)
            }
            _ => {
                let args: Vec<Arc<Block>> = args.into_iter().filter_map(first).collect();
                Some(vec![one(expr, &args, inputs, read)?])
            }
        };
        let value = value.ok_or_else(|| internal("an output its stage does not have"))?;
        done.insert(expr.address(), value);
        for arg in expr.args() {
            // The last user lets go of an array.
            if let Some(left) = uses.get_mut(&arg.address()) {
                *left -= 1;
                if *left == 0 {
                    done.remove(&arg.address());
                }
            }
        }
    }
    let outputs = roots
        .iter()
        .filter_map(|root| done.get(&root.address()).cloned());
    Ok(outputs.filter_map(first).collect())
}

fn first(outputs: Vec<Arc<Block>>) -> Option<Arc<Block>> {
    outputs.into_iter().next()
}

/// The value of a node with one output.
fn one(expr: &Expr, args: &[Arc<Block>], inputs: &[Arc<Block>], read: Read) -> Result<Arc<Block>> {
    let blocks: Vec<&Block> = args.iter().map(|arg| &**arg).collect();
    let value = match (&expr.op().family, expr.attr()) {
        (Family::Map(row), _) => map::map(row, &blocks, expr.ty()),
        (Family::Reduce(row), Attr::Axes(axes)) => {
            let grid = expr.args().first().map(Expr::grid);
            match (&blocks[..], grid) {
                ([x], Some(grid)) => reduce::reduce(row, x, grid, axes, expr.ty()),
                _ => Err(internal("a reduction of other than one array")),
            }
        }
        (Family::Along(row), Attr::Along(rows)) => {
            let cuts = row.cuts(expr.args());
            along::along(row, rows, &blocks, &cuts, expr.shape())
        }
        (Family::Move(kind), attr) => moves::rearrange(*kind, attr, &blocks, expr.shape()),
        (Family::Opaque, Attr::Blocks(node)) => blocks::blocks(node, &blocks, expr.shape()),
        (Family::Index, Attr::Lookup(lookup)) => index::look_up(lookup, &blocks, expr.shape()),
        (_, Attr::Leaf(leaf)) => leaves::leaf(leaf, &blocks, inputs, read),
        _ => Err(internal("a node with a foreign attribute")),
    }?;
    if value.dtype != expr.dtype() || value.shape[..] != *expr.shape() {
        return Err(internal("a value of another type than its node"));
    }
    Ok(Arc::new(value))
}

fn internal(message: &str) -> Error {
    Error::new(Kind::Internal, message)
}

/// Runs `$body` with `$t` an unsigned integer type as wide as the dtype's elements.
macro_rules! with_bits {
    ($dtype:expr, $t:ident => $body:expr) => {
        match tilewright_core::DType::itemsize($dtype) {
            1 => {
                type $t = u8;
                $body
            }
            2 => {
                type $t = u16;
                $body
            }
            4 => {
                type $t = u32;
                $body
            }
            _ => {
                type $t = u64;
                $body
            }
        }
    };
}
use with_bits;

/// The elements of a block in C order.
fn elements(block: &Block) -> impl Iterator<Item = Scalar> + '_ {
    let bytes = block.data.as_bytes().chunks_exact(block.dtype.itemsize());
    bytes.map(|bytes| Scalar::from_bytes(block.dtype, bytes))
}

/// A block of the result of `element` at each C-order position.
fn fill(dtype: DType, shape: &[i64], mut element: impl FnMut(usize) -> Scalar) -> Result<Block> {
    let mut out = Block::zeros(dtype, shape)?;
    with_bits!(dtype, T => {
        for (k, place) in out.data.as_slice_mut::<T>().iter_mut().enumerate() {
            *place = element(k).bits() as T;
        }
    });
    Ok(out)
}
