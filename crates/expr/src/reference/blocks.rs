//! What does a function of blocks make?

use super::moves::{points, slice};
use crate::blocks::{BlockView, Blocks};
use tilewright_core::{Block, Region, Result, Shape, c_strides};

/// Calls the function of one block after the other.
pub(super) fn blocks(node: &Blocks, args: &[&Block], shape: &[i64]) -> Result<Block> {
    let mut out = Block::zeros(node.dtype, shape)?;
    if out.is_empty() {
        return Ok(out);
    }
    let cuts = &node.cuts;
    let of = args.first().map_or(Shape::new(), |x| x.shape.clone());
    let (size, strides) = (node.dtype.itemsize(), c_strides(shape));
    for block in points(&Region::full(&cuts.counts())) {
        let taken = cuts.taken(&block, &of);
        let parts = args.iter().map(|x| slice(x, &taken));
        let parts = parts.collect::<Result<Vec<_>>>()?;
        let views = parts.iter().map(|part| BlockView {
            dtype: part.dtype,
            shape: &part.shape,
            bytes: part.data.as_bytes(),
        });
        let given = cuts.given(&block);
        let mut made = Block::zeros(node.dtype, &given.shape())?;
        let place = cuts.place(&block, &of);
        let views: Vec<BlockView<'_>> = views.collect();
        node.function
            .call(&views, &place, made.data.as_bytes_mut())?;
        let elements = made.data.as_bytes().chunks_exact(size);
        for (point, element) in points(&given).zip(elements) {
            let at: i64 = point.iter().zip(&strides).map(|(a, b)| a * b).sum();
            let at = at as usize * size;
            out.data.as_bytes_mut()[at..at + size].copy_from_slice(element);
        }
    }
    Ok(out)
}
