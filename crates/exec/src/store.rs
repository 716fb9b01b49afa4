//! Outputs on their way into sinks.
//!
//! One writer per stored chunk: a tile is made of whole chunks. Chunks that stand from a store that
//! was interrupted are neither computed nor written. Absent: encoding, which is io's.

use crate::account::Held;
use crate::gather::{self, Layout};
use tilewright_core::half::f16;
use tilewright_core::{AxisGrid, Block, DType, Grid, Result, Shape, c_strides};
use tilewright_io::{Counters, Sink};

/// Whether every chunk of a box stands already, so that its task need not run.
pub fn stands(sink: &dyn Sink, from: &[i64], len: &[i64]) -> bool {
    let missing = each_chunk(&sink.info().grid, from, len, |chunk| {
        match sink.stands(chunk) {
            true => Ok(()),
            false => Err(()),
        }
    });
    missing.is_ok()
}

/// Writes the chunks of a box that a C-order buffer holds, but for those that stand.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if a chunk cannot be stored.
pub fn write_box(
    sink: &dyn Sink,
    bytes: &[u8],
    from: &[i64],
    len: &[i64],
    piece: &mut Held,
    counters: &Counters,
) -> Result<()> {
    let info = sink.info();
    let itemsize = info.dtype.itemsize();
    let strides = c_strides(len);
    each_chunk(&sink.info().grid, from, len, |chunk| {
        if sink.stands(chunk) {
            return Ok(());
        }
        let bounds: Vec<(i64, i64)> = info.grid.bounds(chunk).collect();
        let lengths: Shape = bounds.iter().map(|(low, high)| high - low).collect();
        let places = bounds.iter().zip(from).zip(&strides);
        let source = Layout {
            start: places.map(|((b, f), s)| (b.0 - f) * s).sum(),
            strides: strides.clone(),
        };
        let target = Layout {
            start: 0,
            strides: c_strides(&lengths),
        };
        piece.resize(lengths.iter().product::<i64>() as usize * itemsize);
        let into = piece.bytes_mut();
        gather::copy(&lengths, itemsize, bytes, &source, into, &target)?;
        canonical_nans(info.dtype, piece.bytes_mut());
        sink.write_chunk(chunk, piece.bytes(), counters)
    })
}

/// Visits the chunks of a grid that a box touches, in C order.
pub(crate) fn each_chunk<E>(
    grid: &Grid,
    from: &[i64],
    len: &[i64],
    mut visit: impl FnMut(&[i64]) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    if len.contains(&0) {
        return Ok(());
    }
    let range = |(axis, (&from, &len)): (&AxisGrid, (&i64, &i64))| {
        (axis.chunk_of(from), axis.chunk_of(from + len - 1) + 1)
    };
    let axes = grid.axes.iter();
    let ranges: Vec<(i64, i64)> = axes.zip(from.iter().zip(len)).map(range).collect();
    let mut chunk: Shape = ranges.iter().map(|r| r.0).collect();
    loop {
        visit(&chunk)?;
        let mut axis = chunk.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            chunk[axis] += 1;
            if chunk[axis] < ranges[axis].1 {
                break;
            }
            chunk[axis] = ranges[axis].0;
        }
    }
}

/// Writes every NaN as the canonical quiet one: sign and payload are unspecified while computing,
/// and stored bytes must not depend on how they came about.
fn canonical_nans(dtype: DType, bytes: &mut [u8]) {
    match dtype {
        DType::F16 => {
            for element in bytes.as_chunks_mut::<2>().0 {
                if f16::from_le_bytes(*element).is_nan() {
                    *element = 0x7e00u16.to_le_bytes();
                }
            }
        }
        DType::F32 => {
            for element in bytes.as_chunks_mut::<4>().0 {
                if f32::from_le_bytes(*element).is_nan() {
                    *element = 0x7fc0_0000u32.to_le_bytes();
                }
            }
        }
        DType::F64 => {
            for element in bytes.as_chunks_mut::<8>().0 {
                if f64::from_le_bytes(*element).is_nan() {
                    *element = 0x7ff8_0000_0000_0000u64.to_le_bytes();
                }
            }
        }
        _ => {}
    }
}

/// Writes a whole array.
///
/// # Errors
/// As [`write_box`].
pub fn write_block(
    sink: &dyn Sink,
    block: &Block,
    piece: &mut Held,
    counters: &Counters,
) -> Result<()> {
    let from = Shape::from_elem(0, block.shape.len());
    write_box(
        sink,
        block.data.as_bytes(),
        &from,
        &block.shape,
        piece,
        counters,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_nan_is_stored_as_the_same_one() {
        let mut bytes = Vec::new();
        for bits in [
            0xfff8_0000_0000_0001u64,
            0x7ff0_0000_0000_0001,
            1f64.to_bits(),
            1 << 63,
        ] {
            bytes.extend(bits.to_le_bytes());
        }
        canonical_nans(DType::F64, &mut bytes);
        let quiet = 0x7ff8_0000_0000_0000u64.to_le_bytes();
        assert_eq!(bytes[..8], quiet);
        assert_eq!(bytes[8..16], quiet);
        assert_eq!(bytes[16..24], 1f64.to_le_bytes());
        assert_eq!(bytes[24..], (-0.0f64).to_le_bytes());
        let mut bytes = 0xffc0_0001u32.to_le_bytes();
        canonical_nans(DType::F32, &mut bytes);
        assert_eq!(bytes, 0x7fc0_0000u32.to_le_bytes());
    }
}
