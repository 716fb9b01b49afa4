//! What does an element-wise operator mean for arrays?

use super::{elements, fill, internal};
use crate::node::Type;
use crate::op::{MapRow, Step};
use tilewright_core::{Block, DType, Result, Scalar};
use tilewright_kernel::SliceFn;
use tilewright_vecmath::{MathFn, apply_f32, apply_f64};

/// Applies a row to arrays of one shape and the row's loop dtypes.
pub(super) fn map(row: &MapRow, args: &[&Block], ty: &Type) -> Result<Block> {
    let loop_dtype = args.last().map_or(ty.dtype, |last| last.dtype);
    if let Step::Slice(SliceFn::Math(f, _)) = (row.lower)(loop_dtype, ty.dtype) {
        return math(f, args, ty);
    }
    let mut args: Vec<_> = args.iter().map(|arg| elements(arg)).collect();
    let mut scalars = vec![Scalar::zero(loop_dtype); args.len()];
    fill(ty.dtype, &ty.shape, |_| {
        for (scalar, arg) in scalars.iter_mut().zip(&mut args) {
            *scalar = arg.next().unwrap_or(*scalar);
        }
        (row.eval)(&scalars, ty.dtype)
    })
}

/// A transcendental function of whole arrays at once; the bits are those of one element.
fn math(f: MathFn, args: &[&Block], ty: &Type) -> Result<Block> {
    let (Some(a), b) = (args.first(), args.get(1)) else {
        return Err(internal("a function without arguments"));
    };
    if args.len() != f.arity() || args.iter().any(|arg| arg.len() != a.len()) {
        return Err(internal("a function of arrays that do not fit it"));
    }
    let mut out = Block::zeros(ty.dtype, &ty.shape)?;
    match ty.dtype {
        DType::F32 => {
            let b = b.map_or(Ok(&[][..]), |b| b.as_slice())?;
            apply_f32(f, out.data.as_slice_mut(), a.as_slice()?, b);
        }
        _ => {
            let b = b.map_or(Ok(&[][..]), |b| b.as_slice())?;
            apply_f64(f, out.data.as_slice_mut(), a.as_slice()?, b);
        }
    }
    Ok(out)
}
