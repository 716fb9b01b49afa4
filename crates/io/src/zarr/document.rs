//! What is written of an array beside its chunks?
//!
//! Version 3, or version 2 on request. Absent: what is read, which is `metadata`'s.

use super::{blosc, missing};
use crate::sink::{Codecs, Compression};
use crate::{ArraySpec, npy};
use serde_json::{Value, json};
use tilewright_core::{DType, Scalar};

/// The documents of an array: file names and contents.
pub fn documents(spec: &ArraySpec, codecs: &Codecs) -> Vec<(&'static str, Value)> {
    if codecs.zarr_version == 2 {
        let (mut attributes, mut fill) = (spec.attributes.clone(), Some(spec.fill));
        if let Some(names) = &spec.dimension_names {
            fill = missing::write_2(&mut attributes, spec.fill);
            attributes.insert(missing::AXES.into(), json!(names));
        }
        let array = json!({
            "zarr_format": 2,
            "shape": spec.shape.to_vec(),
            "chunks": spec.grid.to_vec(),
            "dtype": version_2_dtype(spec.dtype),
            "fill_value": fill.map(fill_value_2),
            "order": "C",
            "filters": null,
            "dimension_separator": ".",
            "compressor": match codecs.compression {
                Compression::None => Value::Null,
                Compression::Zstd(level) => json!({ "id": "zstd", "level": level }),
                Compression::Gzip(level) => json!({ "id": "gzip", "level": level }),
                Compression::Blosc(how) => blosc::version_2(how),
            },
        });
        return vec![(".zarray", array), (".zattrs", Value::Object(attributes))];
    }
    let mut attributes = spec.attributes.clone();
    missing::write_3(&mut attributes, spec.dtype);
    let grid = codecs.shards.as_ref().unwrap_or(&spec.grid);
    let mut document = json!({
        "zarr_format": 3,
        "node_type": "array",
        "shape": spec.shape.to_vec(),
        "data_type": spec.dtype.name(),
        "chunk_grid": {
            "name": "regular",
            "configuration": { "chunk_shape": grid.to_vec() },
        },
        "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
        "fill_value": fill_value(spec.fill),
        "codecs": chain(spec, codecs),
        "attributes": attributes,
    });
    if let Some(names) = &spec.dimension_names {
        document["dimension_names"] = json!(names);
    }
    vec![("zarr.json", document)]
}

/// The document of a group.
pub fn group(version: u8) -> (&'static str, Value) {
    match version {
        2 => (".zgroup", json!({ "zarr_format": 2 })),
        _ => (
            "zarr.json",
            json!({ "zarr_format": 3, "node_type": "group", "attributes": {} }),
        ),
    }
}

/// The codecs of version 3.
fn chain(spec: &ArraySpec, codecs: &Codecs) -> Value {
    let bytes = json!({ "name": "bytes", "configuration": { "endian": "little" } });
    let checksum = json!({ "name": "crc32c" });
    let mut chain = vec![bytes.clone()];
    match codecs.compression {
        Compression::None => {}
        Compression::Zstd(level) => chain.push(json!({
            "name": "zstd",
            "configuration": { "level": level, "checksum": false },
        })),
        Compression::Gzip(level) => chain.push(json!({
            "name": "gzip",
            "configuration": { "level": level },
        })),
        Compression::Blosc(how) => chain.push(blosc::version_3(how, spec.dtype.itemsize())),
    }
    if codecs.checksum {
        chain.push(checksum.clone());
    }
    if codecs.shards.is_some() {
        return json!([{
            "name": "sharding_indexed",
            "configuration": {
                "chunk_shape": spec.grid.to_vec(),
                "codecs": chain,
                "index_codecs": [bytes, checksum],
                "index_location": "end",
            },
        }]);
    }
    json!(chain)
}

/// A fill value as JSON: floats that JSON does not have go by name, NaN by its bits.
fn fill_value(fill: Scalar) -> Value {
    let number = fill.to_f64();
    match (fill.dtype(), fill.as_i128()) {
        (DType::Bool, _) => json!(fill.truth()),
        (DType::U64, _) => json!(fill.bits()),
        (_, Some(value)) => json!(value as i64),
        (_, None) if number.is_finite() => json!(number),
        (_, None) if number == f64::INFINITY => json!("Infinity"),
        (_, None) if number == f64::NEG_INFINITY => json!("-Infinity"),
        (dtype, None) => json!(format!(
            "0x{:0width$x}",
            fill.bits(),
            width = 2 * dtype.itemsize()
        )),
    }
}

/// As [`fill_value`], with NaN by name.
fn fill_value_2(fill: Scalar) -> Value {
    if fill.to_f64().is_nan() {
        return json!("NaN");
    }
    fill_value(fill)
}

/// A dtype as NumPy spells it.
fn version_2_dtype(dtype: DType) -> String {
    let order = if dtype.itemsize() == 1 { '|' } else { '<' };
    format!("{order}{}", npy::code(dtype))
}
