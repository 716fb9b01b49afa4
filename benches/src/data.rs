//! Which arrays do the comparisons work on?
//!
//! Deterministic numbers between 0.5 and 1.5, shared by both sides without a copy; and the same
//! in stores that live in a temporary directory.

use ndarray::{ArcArray, ArrayD, Dimension, ShapeBuilder, StrideShape};
use std::path::Path;
use tilewright::{Array, Chunks};
use tilewright_io::{Counters, open};

/// An array both sides may read.
pub type Shared<D> = ArcArray<f64, D>;

/// Numbers between 0.5 and 1.5, of this shape.
pub fn numbers<D, S>(shape: S, seed: u64) -> Shared<D>
where
    D: Dimension,
    S: Into<StrideShape<D>> + ShapeBuilder<Dim = D>,
{
    let mut state = seed;
    let next = || {
        // A linear congruential generator (Knuth, MMIX): only the spread of values matters.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        0.5 + (state >> 11) as f64 / (1u64 << 53) as f64
    };
    ndarray::Array::from_shape_simple_fn(shape, next).into_shared()
}

/// A lazy array that reads shared memory, cut into chunks.
pub fn lazy<D>(array: &Shared<D>, chunks: impl Into<Chunks>) -> Array
where
    D: Dimension + Send + Sync + 'static,
{
    Array::from_ndarray_chunked(array.clone(), chunks)
}

/// The whole of a stored array, as an eager program loads it: every chunk, in order.
pub fn load(uri: &str) -> ArrayD<f64> {
    let source = open(uri).unwrap();
    let info = source.info();
    let shape: Vec<usize> = info.shape.iter().map(|&n| n as usize).collect();
    let mut whole = ArrayD::zeros(shape);
    let grid: Vec<i64> = info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    for number in 0..grid.iter().product() {
        let mut rest = number;
        let mut index = vec![0; grid.len()];
        for (place, count) in index.iter_mut().zip(&grid).rev() {
            *place = rest % count;
            rest /= count;
        }
        let bounds = index
            .iter()
            .zip(&info.grid.axes)
            .map(|(&k, axis)| axis.bounds(k));
        let bounds: Vec<(usize, usize)> = bounds.map(|(a, b)| (a as usize, b as usize)).collect();
        let lens: Vec<usize> = bounds.iter().map(|(from, to)| to - from).collect();
        let mut bytes = vec![0; lens.iter().product::<usize>() * info.dtype.itemsize()];
        source
            .read_chunk(&index, &mut bytes, &Counters::default())
            .unwrap();
        let chunk: Vec<f64> = match info.dtype {
            tilewright::DType::I32 => bytes
                .chunks_exact(4)
                .map(|b| f64::from(i32::from_le_bytes(b.try_into().unwrap())))
                .collect(),
            _ => bytes
                .chunks_exact(8)
                .map(|b| f64::from_le_bytes(b.try_into().unwrap()))
                .collect(),
        };
        let chunk = ArrayD::from_shape_vec(lens, chunk).unwrap();
        whole
            .slice_each_axis_mut(|axis| {
                let (from, to) = bounds[axis.axis.index()];
                ndarray::Slice::from(from..to)
            })
            .assign(&chunk);
    }
    whole
}

/// The metadata of a zarr array without any chunk: enough to plan with, and every chunk is 0.
pub fn describe(path: &Path, shape: &[i64], chunks: &[i64], dtype: &str) -> String {
    std::fs::create_dir_all(path).unwrap();
    let document = format!(
        r#"{{"zarr_format": 3, "node_type": "array", "shape": {shape:?}, "data_type": "{dtype}",
            "chunk_grid": {{"name": "regular", "configuration": {{"chunk_shape": {chunks:?}}}}},
            "chunk_key_encoding": {{"name": "default", "configuration": {{"separator": "/"}}}},
            "fill_value": 0, "codecs": [{{"name": "bytes", "configuration": {{"endian": "little"}}}}],
            "attributes": {{}}}}"#
    );
    std::fs::write(path.join("zarr.json"), document).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A square zarr array of two axes without compression, written as plain files.
pub fn store_raw(path: &Path, array: &Shared<ndarray::Ix2>, chunk: usize) -> String {
    let (rows, columns) = array.dim();
    let (c, shape) = (chunk as i64, [rows as i64, columns as i64]);
    let uri = describe(path, &shape, &[c, c], "float64");
    for i in 0..rows / chunk {
        std::fs::create_dir_all(path.join(format!("c/{i}"))).unwrap();
        for j in 0..columns / chunk {
            let (r, k) = (i * chunk, j * chunk);
            let part = array.slice(ndarray::s![r..r + chunk, k..k + chunk]);
            let bytes: Vec<u8> = part.iter().flat_map(|x| x.to_le_bytes()).collect();
            std::fs::write(path.join(format!("c/{i}/{j}")), bytes).unwrap();
        }
    }
    uri
}
