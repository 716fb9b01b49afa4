//! Is everything that cannot be read refused by name, with a way out?

use crate::values::fixture;
use std::fs;
use std::path::Path;
use tilewright_core::{Error, Kind};
use tilewright_io::{Counters, open};

/// Opening fails, and the message is one that helps.
fn refused(uri: &str) -> Error {
    let error = open(uri)
        .err()
        .unwrap_or_else(|| panic!("{uri} was opened"));
    assert_eq!(error.kind(), Kind::Source, "{error}");
    assert!(
        error.facts().iter().any(|(label, _)| label == "array"),
        "{error}"
    );
    assert!(error.suggestion().is_some(), "{error}");
    error
}

/// An array of version 3 as text; `edit` takes its parts.
fn document(edit: impl Fn(&mut serde_json::Value)) -> String {
    let mut document = serde_json::json!({
        "zarr_format": 3, "node_type": "array", "shape": [4, 6], "data_type": "float64",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 3]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": 0.0, "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
    });
    edit(&mut document);
    document.to_string()
}

/// An array of version 2 as text.
fn old_document(edit: impl Fn(&mut serde_json::Value)) -> String {
    let mut document = serde_json::json!({
        "zarr_format": 2, "shape": [4, 6], "chunks": [2, 3], "dtype": "<f8", "compressor": null,
        "fill_value": 0.0, "order": "C", "filters": null,
    });
    edit(&mut document);
    document.to_string()
}

/// Writes a document where an array would be, and refuses it.
fn refused_text(directory: &Path, name: &str, text: &[u8]) -> Error {
    let array = directory.join("x.zarr");
    fs::create_dir_all(&array).unwrap();
    for other in ["zarr.json", ".zarray"] {
        let _ = fs::remove_file(array.join(other));
    }
    fs::write(array.join(name), text).unwrap();
    refused(array.to_str().unwrap())
}

#[test]
fn dtypes_and_codecs_that_are_not_supported_are_named() {
    for (name, part) in [
        ("npy/refused_complex.npy", "<c8"),
        ("npy/refused_struct.npy", "structured"),
        ("npy/refused_object.npy", "|O"),
        ("v3.zarr/refused/c", "complex128"),
        ("v3.zarr/refused/M", "datetime64"),
        ("v3.zarr/refused/U", "fixed_length_utf32"),
        ("numcodecs.zarr/v2/refused/raw", "lzma"),
        ("numcodecs.zarr/v2/refused/mixed", "delta"),
    ] {
        let error = refused(&fixture(name));
        assert!(error.message().contains(part), "{name}: {error}");
    }
}

#[test]
fn places_that_are_no_array_name_those_that_are_near() {
    for (name, message, near) in [
        ("v3.zarr", "group", "v3.zarr/big_endian"),
        ("v3.zarr/group", "group", "v3.zarr/group/inner/deep"),
        ("v2.zarr", "group", "v2.zarr/attributes"),
        ("v3.zarr/nothing", "no such array", "v3.zarr/big_endian"),
        ("v3.zarr/zstd/c", "neither zarr.json", ""),
        ("v3.zarr/zstd/zarr.json", "no format", "x.npy"),
        ("v3.zarr/../npy/c.npy", "the part ..", ""),
        ("nothing.npy", "no such file", "check the path"),
        ("nothing/big.nii", "no such file", "check the path"),
        ("nifti/bigg.nii", "no such file", "nifti/big.nii"),
        ("nifty/big.nii", "no such file", "nifti/big.nii"),
        ("nifti/packed.nii", "no such file", "nifti/packed.nii.gz"),
        ("hdf5/Climat.nc#/air", "no such file", "hdf5/climate.nc"),
        ("v3.zarr/zst", "no such array", "v3.zarr/zstd"),
        ("v4.zarr/zstd", "no such array", "v3.zarr/zstd"),
        ("v3.zarr/gr\0up", "names no file", ""),
    ] {
        let error = refused(&fixture(name));
        assert!(error.message().contains(message), "{name}: {error}");
        assert!(
            error.suggestion().unwrap().contains(near),
            "{name}: {error}"
        );
    }
    for uri in [
        "",
        "http://host/x.zarr",
        "file://host/x.npy",
        "file:///%zz",
        "file:///%ff",
    ] {
        refused(uri);
    }
    #[cfg(target_os = "linux")]
    refused("/dev/zero");
}

#[test]
fn documents_of_version_3_that_contradict_themselves() {
    let directory = tempfile::tempdir().unwrap();
    let big = 1u64 << 40;
    let shard = |edit: fn(&mut serde_json::Value)| {
        let bytes = serde_json::json!({"name": "bytes", "configuration": {"endian": "little"}});
        let mut codec = serde_json::json!({"name": "sharding_indexed", "configuration": {
            "chunk_shape": [1, 3], "codecs": [bytes], "index_codecs": [bytes]}});
        edit(&mut codec["configuration"]);
        serde_json::json!([codec])
    };
    // The document as it stands is one that opens.
    let array = directory.path().join("x.zarr");
    fs::create_dir_all(&array).unwrap();
    fs::write(array.join("zarr.json"), document(|_| {})).unwrap();
    open(array.to_str().unwrap()).unwrap();
    fs::write(
        array.join("zarr.json"),
        document(|d| d["codecs"] = shard(|_| {})),
    )
    .unwrap();
    open(array.to_str().unwrap()).unwrap();
    let gzip = serde_json::json!({"name": "gzip", "configuration": {"level": 1}});
    let nested = {
        let inner = shard(|_| {});
        let mut outer = shard(|_| {});
        outer[0]["configuration"]["codecs"] = inner;
        outer
    };
    let edits: Vec<(&str, String)> = vec![
        ("axes", document(|d| d["shape"] = vec![1; 10_000].into())),
        (
            "axes",
            document(|d| {
                d["shape"] = vec![1; 10_000].into();
                d["chunk_grid"]["configuration"]["chunk_shape"] = vec![1; 10_000].into();
            }),
        ),
        ("axes", document(|d| d["shape"] = vec![4].into())),
        (
            "too large",
            document(|d| d["shape"] = vec![big, big].into()),
        ),
        (
            "too large",
            document(|d| d["shape"] = vec![u64::MAX, 1].into()),
        ),
        ("damaged", document(|d| d["shape"] = vec![-1, 1].into())),
        (
            "holds nothing",
            document(|d| {
                d["chunk_grid"]["configuration"]["chunk_shape"] = vec![0, 3].into();
            }),
        ),
        (
            "more than",
            document(|d| {
                d["chunk_grid"]["configuration"]["chunk_shape"] = vec![big, 3].into();
            }),
        ),
        (
            "more than",
            document(|d| {
                d["chunk_grid"]["configuration"]["chunk_shape"] = vec![1u64 << 62, 1 << 62].into();
            }),
        ),
        (
            "rectilinear",
            document(|d| d["chunk_grid"]["name"] = "rectilinear".into()),
        ),
        (
            "chunk grid",
            document(|d| d["chunk_grid"]["configuration"] = serde_json::json!({})),
        ),
        ("bfloat16", document(|d| d["data_type"] = "bfloat16".into())),
        ("r8", document(|d| d["data_type"] = "r8".into())),
        ("fill value", document(|d| d["fill_value"] = "zero".into())),
        (
            "fill value",
            document(|d| d["fill_value"] = serde_json::Value::Null),
        ),
        (
            "fill value",
            document(|d| {
                d["data_type"] = "uint8".into();
                d["fill_value"] = 300.into();
            }),
        ),
        ("codec", document(|d| d["codecs"] = serde_json::json!([]))),
        ("gizp", document(|d| d["codecs"][0]["name"] = "gizp".into())),
        (
            "byte order",
            document(|d| d["codecs"] = serde_json::json!([{"name": "bytes"}])),
        ),
        (
            "wrong place",
            document(|d| {
                d["codecs"] = serde_json::json!([gzip, d["codecs"][0].clone()]);
            }),
        ),
        (
            "wrong place",
            document(|d| {
                d["codecs"] = serde_json::json!([d["codecs"][0].clone(), d["codecs"][0].clone()]);
            }),
        ),
        (
            "transpose",
            document(|d| {
                let order =
                    serde_json::json!({"name": "transpose", "configuration": {"order": [0, 0]}});
                d["codecs"] = serde_json::json!([order, d["codecs"][0].clone()]);
            }),
        ),
        (
            "transpose",
            document(|d| {
                let order =
                    serde_json::json!({"name": "transpose", "configuration": {"order": [0]}});
                d["codecs"] = serde_json::json!([order, d["codecs"][0].clone()]);
            }),
        ),
        (
            "key encoding",
            document(|d| {
                d["chunk_key_encoding"] = serde_json::json!({"name": "default_suffix",
                "configuration": {"suffix": "/../../secret"}});
            }),
        ),
        (
            "key encoding",
            document(|d| {
                d["chunk_key_encoding"]["configuration"]["separator"] = "/../".into();
            }),
        ),
        (
            "dimension names",
            document(|d| d["dimension_names"] = serde_json::json!(["x"])),
        ),
        (
            "storage transformers",
            document(|d| {
                d["storage_transformers"] = serde_json::json!([{"name": "x"}]);
            }),
        ),
        (
            "unknown field",
            document(|d| d["extension"] = serde_json::json!({"name": "x"})),
        ),
        (
            "do not divide",
            document(|d| {
                d["codecs"] = shard(|c| c["chunk_shape"] = vec![2, 2].into());
            }),
        ),
        (
            "axes",
            document(|d| d["codecs"] = shard(|c| c["chunk_shape"] = vec![1].into())),
        ),
        (
            "sharding_indexed",
            document(|d| {
                d["codecs"] = shard(|c| c["chunk_shape"] = vec![0, 3].into());
            }),
        ),
        (
            "sharding_indexed",
            document(|d| d["codecs"] = nested.clone()),
        ),
        (
            "index",
            document(|d| {
                d["codecs"] = shard(|c| {
                    c["index_codecs"] = serde_json::json!([c["codecs"][0].clone(),
                {"name": "gzip", "configuration": {"level": 1}}]);
                })
            }),
        ),
        (
            "sharding_indexed",
            document(|d| {
                let mut codecs = shard(|_| {});
                codecs.as_array_mut().unwrap().push(gzip.clone());
                d["codecs"] = codecs;
            }),
        ),
        ("damaged", document(|d| d["zarr_format"] = 4.into())),
        ("damaged", document(|d| d["node_type"] = "leaf".into())),
        (
            "damaged",
            document(|d| {
                d.as_object_mut().unwrap().remove("codecs");
            }),
        ),
    ];
    for (part, text) in &edits {
        let error = refused_text(directory.path(), "zarr.json", text.as_bytes());
        assert!(error.message().contains(part), "{text}\n{error}");
        assert!(error.message().len() < 400, "{error}");
    }
}

#[test]
fn documents_of_version_2_that_contradict_themselves() {
    let directory = tempfile::tempdir().unwrap();
    let array = directory.path().join("x.zarr");
    fs::create_dir_all(&array).unwrap();
    fs::write(array.join(".zarray"), old_document(|_| {})).unwrap();
    open(array.to_str().unwrap()).unwrap();
    for (part, text) in [
        ("|O", old_document(|d| d["dtype"] = "|O".into())),
        ("<M8[ns]", old_document(|d| d["dtype"] = "<M8[ns]".into())),
        ("f8", old_document(|d| d["dtype"] = "f8".into())),
        (
            "structured",
            old_document(|d| d["dtype"] = serde_json::json!([["a", "<f8"]])),
        ),
        ("damaged", old_document(|d| d["order"] = "A".into())),
        ("axes", old_document(|d| d["chunks"] = vec![2].into())),
        ("damaged", old_document(|d| d["chunks"] = vec![0, 2].into())),
        (
            "axes",
            old_document(|d| {
                d["shape"] = vec![1; 10_000].into();
                d["chunks"] = vec![1; 10_000].into();
                d["order"] = "F".into();
            }),
        ),
        (
            "fill value",
            old_document(|d| d["fill_value"] = "AAAA".into()),
        ),
        (
            "fill value",
            old_document(|d| {
                d["dtype"] = "<i4".into();
                d["fill_value"] = "NaN".into();
            }),
        ),
        (
            "damaged",
            old_document(|d| d["dimension_separator"] = "/../".into()),
        ),
        (
            "delta",
            old_document(|d| {
                d["filters"] = serde_json::json!([{"id": "delta", "dtype": "<U4"}]);
            }),
        ),
        (
            "shuffle",
            old_document(|d| {
                d["filters"] = serde_json::json!([{"id": "shuffle", "elementsize": "8"}]);
            }),
        ),
        (
            "nothing",
            old_document(|d| d["compressor"] = serde_json::json!({"id": "nothing"})),
        ),
    ] {
        let error = refused_text(directory.path(), ".zarray", text.as_bytes());
        assert!(error.message().contains(part), "{text}\n{error}");
    }
}

#[test]
fn foreign_documents_that_mean_something_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let array = directory.path().join("x.zarr");
    fs::create_dir_all(&array).unwrap();
    let uri = array.to_str().unwrap();
    for (dtype, fill, want) in [
        ("<f8", serde_json::json!(3), "3.0f64"),
        ("<f4", serde_json::json!("-Infinity"), "-inff32"),
        ("<f8", serde_json::json!("NaN"), "nanf64"),
        (">i2", serde_json::json!(-3), "-3i16"),
        (
            "<u8",
            serde_json::json!(u64::MAX),
            "18446744073709551615u64",
        ),
        ("|b1", serde_json::json!(true), "Truebool"),
        ("|b1", serde_json::Value::Null, "Falsebool"),
        ("<i8", serde_json::Value::Null, "0i64"),
    ] {
        let text = old_document(|d| {
            d["dtype"] = dtype.into();
            d["fill_value"] = fill.clone();
        });
        fs::write(array.join(".zarray"), text).unwrap();
        let source = open(uri).unwrap();
        assert_eq!(format!("{:?}", source.info().fill), want, "{dtype} {fill}");
    }
    // No axes in Fortran order.
    let scalar = old_document(|d| {
        d["shape"] = serde_json::json!([]);
        d["chunks"] = serde_json::json!([]);
        d["order"] = "F".into();
    });
    fs::write(array.join(".zarray"), scalar).unwrap();
    fs::write(array.join("0"), 2.5f64.to_le_bytes()).unwrap();
    let mut bytes = [0; 8];
    open(uri)
        .unwrap()
        .read_chunk(&[], &mut bytes, &Counters::default())
        .unwrap();
    assert_eq!(f64::from_le_bytes(bytes), 2.5);
    // An array far larger than any disk, with no chunk stored.
    let empty = document(|d| {
        d["shape"] = vec![1u64 << 40, 1 << 18].into();
        d["fill_value"] = 7.into();
    });
    fs::remove_file(array.join(".zarray")).unwrap();
    fs::write(array.join("zarr.json"), empty).unwrap();
    let source = open(uri).unwrap();
    let mut bytes = [0; 48];
    let last = [(1 << 39) - 1, 0];
    source
        .read_chunk(&last, &mut bytes, &Counters::default())
        .unwrap();
    assert_eq!(bytes[40..], 7f64.to_le_bytes());
}

#[test]
fn text_that_is_no_document() {
    let directory = tempfile::tempdir().unwrap();
    let whole = document(|_| {});
    let deep = "[".repeat(100_000);
    let deep_attributes = whole.replace(
        "\"shape\"",
        &format!(
            "\"attributes\":{{\"a\":{}1{}}},\"shape\"",
            "[".repeat(1000),
            "]".repeat(1000)
        ),
    );
    for name in ["zarr.json", ".zarray"] {
        for text in [
            "",
            "{",
            "null",
            "[]",
            "\u{0}",
            "{\"zarr_format\": 3}",
            &deep,
            &deep_attributes,
        ] {
            refused_text(directory.path(), name, text.as_bytes());
        }
        refused_text(directory.path(), name, b"\xff\xfe{");
    }
    for end in 0..whole.len() {
        refused_text(directory.path(), "zarr.json", &whole.as_bytes()[..end]);
    }
}

#[test]
fn npy_files_that_say_more_than_they_hold() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.npy");
    let good = fs::read(fixture("npy/c.npy")).unwrap();
    let header = |text: &str| {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes
    };
    let shaped = |shape: &str| {
        header(&format!(
            "{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}"
        ))
    };
    for (part, bytes) in [
        ("the file is empty", b"".to_vec()),
        ("no npy file", b"hello, world, this is text".to_vec()),
        ("first 12 bytes", good[..9].to_vec()),
        ("npy header has", good[..60].to_vec()),
        // A header of 4 GB in 12 bytes.
        (
            "header has 4294967295",
            b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(),
        ),
        ("version 9.0", b"\x93NUMPY\x09\x00\xff\xff\xff\xff".to_vec()),
        ("shorter", good[..good.len() - 1].to_vec()),
        ("shorter", shaped("1,")),
        ("shorter", shaped("4611686018427387904, 4")),
        (
            "shorter",
            shaped("9223372036854775807, 9223372036854775807"),
        ),
        ("axis length", shaped("99999999999999999999,")),
        ("lacks", header("  ")),
    ] {
        fs::write(&path, bytes).unwrap();
        let error = refused(path.to_str().unwrap());
        assert!(error.message().contains(part), "{part}: {error}");
    }
    // An empty array of axes that do not fit together is still empty.
    fs::write(&path, shaped("0, 9223372036854775807, 9223372036854775807")).unwrap();
    let source = open(path.to_str().unwrap()).unwrap();
    assert!(source.info().grid.chunks() > 0);
    // Bytes behind the elements do no harm, as in NumPy.
    fs::write(&path, [&good[..], b"tail"].concat()).unwrap();
    open(path.to_str().unwrap()).unwrap();
}
