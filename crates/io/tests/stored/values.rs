//! What do the fixtures hold? The formula of tests/fixtures/make.py.

use std::path::PathBuf;
use tilewright_core::{Block, DType, Scalar, element_count};
use tilewright_io::{Counters, Source};

/// Where the fixtures are.
pub fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../tests/fixtures", name]
        .iter()
        .collect();
    path.to_str().unwrap().into()
}

/// The element at a flat index.
pub fn element(dtype: DType, i: i64) -> Scalar {
    match dtype {
        DType::Bool => Scalar::from(i % 3 == 0),
        _ if dtype.is_float() => Scalar::from_f64(dtype, i as f64 * 0.5 - 100.0),
        _ => Scalar::from_i128(dtype, i128::from(i * 37 + 11)),
    }
}

/// An array of the formula.
pub fn expected(dtype: DType, shape: &[i64]) -> Block {
    let mut block = Block::zeros(dtype, shape).unwrap();
    for i in 0..block.len() {
        block.set(i, element(dtype, i as i64));
    }
    block
}

/// Every chunk's index, in C order.
pub fn chunks(counts: &[i64]) -> Vec<Vec<i64>> {
    let total = element_count(counts).unwrap();
    let split = |mut k: i64| {
        let mut index = vec![0; counts.len()];
        for axis in (0..counts.len()).rev() {
            index[axis] = k % counts[axis];
            k /= counts[axis];
        }
        index
    };
    (0..total).map(split).collect()
}

/// The counts, starts and lengths of chunk `index`.
pub fn chunk_box(source: &dyn Source, index: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let axes = source.info().grid.axes.iter();
    axes.zip(index)
        .map(|(axis, &k)| {
            let (from, to) = axis.bounds(k);
            (from, to - from)
        })
        .unzip()
}

/// Reads the whole array chunk by chunk, element by element put in place.
pub fn read(source: &dyn Source, counters: &Counters) -> tilewright_core::Result<Block> {
    let info = source.info();
    let mut block = Block::zeros(info.dtype, &info.shape)?;
    let counts: Vec<i64> = info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    for index in chunks(&counts) {
        let (starts, lens) = chunk_box(source, &index);
        let mut chunk = Block::zeros(info.dtype, &lens)?;
        // Anything that is not written would show.
        chunk.data.as_bytes_mut().fill(0xa5);
        source.read_chunk(&index, chunk.data.as_bytes_mut(), counters)?;
        for (i, at) in chunks(&lens).iter().enumerate() {
            let flat = info.shape.iter().zip(starts.iter().zip(at));
            let flat = flat.fold(0, |flat, (len, (start, at))| flat * len + start + at);
            block.set(flat as usize, chunk.get(i).unwrap());
        }
    }
    Ok(block)
}

/// The array in place, element by element put in C order and native.
pub fn read_in_place(source: &dyn Source) -> Option<Block> {
    let (info, place) = (source.info(), source.in_place()?);
    let mut block = Block::zeros(info.dtype, &info.shape).unwrap();
    let size = info.dtype.itemsize();
    for (i, at) in chunks(&info.shape).iter().enumerate() {
        let steps: i64 = at
            .iter()
            .zip(&place.strides)
            .map(|(at, stride)| at * stride)
            .sum();
        let from = place.offset + steps as usize * size;
        let mut element = place.bytes[from..from + size].to_vec();
        if place.swapped {
            element.reverse();
        }
        block.set(i, Scalar::from_bytes(info.dtype, &element));
    }
    Some(block)
}
