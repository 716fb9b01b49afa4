//! How is each operator computed alone, in the comparison with NumPy?
//!
//! Operators come from the table of operators, so that a new one is measured without a line here.
//! Absent: which dtypes and layouts are measured, which `benches/peers/operators.py` says.

use std::path::Path;
use tilewright::ops::{self, Form};
use tilewright::{Array, Chunks, DType, FromNdarray, Number, Operand, open, s};

/// Every operator that has arrays of one dtype as operands: `name kind number-of-operands`.
pub fn list() -> Vec<String> {
    let entry = |name: &str| match ops::form(name)? {
        Form::Map(params) => Some(format!("{name} map {}", params.len())),
        Form::Reduce => Some(format!("{name} reduce 1")),
        _ => None,
    };
    ops::names().filter_map(entry).collect()
}

/// An operator on arrays that both sides load, of which every second element may be taken; the
/// operator may refuse the dtype.
pub fn array(directory: &Path, name: &str, layout: &str, files: &[&str]) -> Array {
    let operands: Vec<Array> = files
        .iter()
        .map(|file| load(&directory.join(format!("{file}.npy"))))
        .map(|x| match layout {
            "strided" => x.slice(s![..;2]),
            _ => x,
        })
        .collect();
    match (ops::form(name), &operands[..]) {
        (Some(Form::Reduce), [x]) => ops::reduce(name, x, (..).into(), false),
        _ => {
            let operands: Vec<Operand> = operands.iter().map(Operand::from).collect();
            ops::map(name, &operands)
        }
    }
}

/// A stored array, in memory.
pub fn load(path: &Path) -> Array {
    let stored = open(&path.display().to_string());
    match stored.dtype().unwrap() {
        DType::Bool => resident::<bool>(&stored, Chunks::Auto),
        DType::U8 => resident::<u8>(&stored, Chunks::Auto),
        DType::I16 => resident::<i16>(&stored, Chunks::Auto),
        DType::I32 => resident::<i32>(&stored, Chunks::Auto),
        DType::I64 => resident::<i64>(&stored, Chunks::Auto),
        DType::F32 => resident::<f32>(&stored, Chunks::Auto),
        _ => resident::<f64>(&stored, Chunks::Auto),
    }
}

/// An array in memory, cut into these chunks.
pub fn resident<T: Number>(stored: &Array, chunks: impl Into<Chunks>) -> Array
where
    ndarray::ArrayD<T>: FromNdarray,
{
    let array = stored.compute().unwrap().to_ndarray::<T>().unwrap();
    Array::from_ndarray_chunked(array, chunks)
}
