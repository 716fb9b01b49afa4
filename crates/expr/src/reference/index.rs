//! What do index arrays look up?

use super::{fill, internal};
use crate::attr::Lookup;
use tilewright_core::{Block, Result, Scalar, c_strides};

/// Each element of the result, by its indices.
pub(super) fn look_up(lookup: &Lookup, args: &[&Block], shape: &[i64]) -> Result<Block> {
    let [x, indices @ ..] = args else {
        return Err(internal("a lookup in nothing"));
    };
    let indices: Vec<&[i64]> = indices
        .iter()
        .map(|index| index.as_slice())
        .collect::<Result<_>>()?;
    let (weights, place) = (c_strides(&x.shape), c_strides(shape));
    let mut failed = None;
    let out = fill(x.dtype, shape, |k| {
        let (mut at, mut next) = (0, indices.iter());
        for (axis, result) in lookup.axes.iter().enumerate() {
            let position = match result {
                Some(result) => k as i64 / place[*result] % shape[*result],
                None => {
                    let index = next.next().map_or(0, |index| index[k]);
                    match lookup.point(index, x.shape[axis]) {
                        Ok(position) => position,
                        Err(error) => {
                            failed.get_or_insert(error);
                            return Scalar::zero(x.dtype);
                        }
                    }
                }
            };
            at += position * weights[axis];
        }
        x.get(at as usize).unwrap_or(Scalar::zero(x.dtype))
    })?;
    failed.map_or(Ok(out), Err)
}
