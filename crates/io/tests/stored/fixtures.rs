//! Do arrays that Python wrote read as what Python wrote?

use crate::values::{chunks, element, expected, fixture, read, read_in_place};
use std::sync::atomic::Ordering::Relaxed;
use tilewright_core::{Block, DType, Scalar};
use tilewright_io::{ArraySpec, Codecs, Compression, Counters, create, open};

/// Opens a fixture and compares every element with the formula.
fn check(name: &str, dtype: DType, shape: &[i64]) {
    let source = open(&fixture(name)).unwrap();
    let info = source.info();
    assert_eq!((info.dtype, &info.shape[..]), (dtype, shape), "{name}");
    let counters = Counters::default();
    let block = read(&*source, &counters).unwrap();
    assert_eq!(
        block.data.as_bytes(),
        expected(dtype, shape).data.as_bytes(),
        "{name}"
    );
    if !block.is_empty() {
        assert_eq!(
            counters.chunks_read.load(Relaxed) as i64,
            info.grid.chunks(),
            "{name}"
        );
        assert!(counters.bytes_read.load(Relaxed) > 0);
        assert!(counters.bytes_decoded.load(Relaxed) >= block.data.len() as u64);
    }
    source.check_identity().unwrap();
    if let Some(block) = read_in_place(&*source) {
        assert_eq!(
            block.data.as_bytes(),
            expected(dtype, shape).data.as_bytes(),
            "{name}"
        );
    }
}

#[test]
fn every_codec_of_version_3() {
    for name in [
        "zstd",
        "zstd_checksum",
        "blosc_zstd",
        "blosc_lz4",
        "blosc_blosclz",
        "blosc_zlib",
        "gzip",
        "crc32c",
        "zstd_crc32c",
        "zstd_gzip",
        "raw",
        "big_endian",
        "transposed",
        "v2_keys",
        "dotted_keys",
        "named",
        "sharded",
        "sharded_transposed",
    ] {
        check(&format!("v3.zarr/{name}"), DType::F64, &[23, 17]);
    }
    check("v3.zarr/even", DType::F64, &[40, 30]);
    check("v3.zarr/sharded_gzip", DType::F64, &[40, 30]);
    check("v3.zarr/transposed_3d", DType::F64, &[7, 6, 5]);
    check("v3.zarr/scalar", DType::F64, &[]);
    check("v3.zarr/empty", DType::F64, &[0, 5]);
    check("v3.zarr/line", DType::F32, &[1000]);
    check("v3.zarr/group/inner/deep", DType::I32, &[5]);
}

#[test]
fn every_codec_of_version_2() {
    for name in [
        "zstd",
        "zstd_checksum",
        "blosc",
        "blosc_auto",
        "zlib",
        "gzip",
        "raw",
        "big_endian",
        "fortran",
        "slashes",
        "attributes",
    ] {
        check(&format!("v2.zarr/{name}"), DType::F64, &[23, 17]);
    }
    check("v2.zarr/big_endian_int", DType::I16, &[23, 17]);
    check("v2.zarr/fortran_big", DType::U32, &[23, 17]);
    check("v2.zarr/scalar", DType::F64, &[]);
    check("v2.zarr/empty", DType::F64, &[0, 5]);
}

#[test]
fn every_codec_of_numcodecs() {
    for version in ["v2", "v3"] {
        let check = |name: &str, dtype| {
            check(
                &format!("numcodecs.zarr/{version}/{name}"),
                dtype,
                &[23, 17],
            );
        };
        for name in [
            "lz4",
            "bz2",
            "lzma",
            "lzma_alone",
            "lzma_delta",
            "zlib",
            "gzip",
            "zstd",
            "blosc",
            "shuffle",
            "fletcher32",
            "crc32",
            "crc32_end",
            "crc32c",
            "adler32",
            "jenkins_lookup3",
            "astype",
            "scaled",
            "quantize",
        ] {
            check(name, DType::F64);
        }
        check("delta", DType::I32);
        check("delta_float", DType::F32);
        check("bitround", DType::F32);
        check("packbits", DType::Bool);
        if version == "v2" {
            check("delta_narrow", DType::I64);
            check("delta_big", DType::I64);
            check("filters", DType::I32);
        }
    }
}

#[test]
fn every_dtype_of_every_format() {
    for dtype in DType::ALL {
        for format in ["v3.zarr/dtypes", "v2.zarr/dtypes"] {
            check(&format!("{format}/{}", dtype.name()), dtype, &[11, 6]);
        }
        check(&format!("npy/{}.npy", dtype.name()), dtype, &[11, 6]);
    }
}

#[test]
fn npy_in_every_order() {
    for name in ["c", "fortran", "big", "version1", "version2", "version3"] {
        check(&format!("npy/{name}.npy"), DType::F64, &[23, 17]);
    }
    check("npy/big_fortran.npy", DType::I32, &[23, 17]);
    check("npy/fortran_3d.npy", DType::I16, &[5, 6, 7]);
    check("npy/fortran_bool.npy", DType::Bool, &[23, 17]);
    check("npy/scalar.npy", DType::F64, &[]);
    check("npy/empty.npy", DType::F64, &[0, 5]);
}

#[test]
fn npy_of_either_order_is_read_in_place_and_nothing_else_is() {
    for (name, in_place) in [
        ("npy/c.npy", true),
        ("npy/fortran.npy", true),
        ("npy/scalar.npy", true),
        ("npy/uint8.npy", true),
        ("npy/big.npy", true),
        ("npy/bool.npy", false),
        ("v3.zarr/raw", false),
    ] {
        assert_eq!(
            open(&fixture(name)).unwrap().in_place().is_some(),
            in_place,
            "{name}"
        );
    }
    let source = open(&fixture("npy/fortran.npy")).unwrap();
    assert_eq!(source.in_place().unwrap().strides[..], [1, 23]);
    assert!(!source.in_place().unwrap().swapped);
    let source = open(&fixture("npy/big.npy")).unwrap();
    assert!(source.in_place().unwrap().swapped);
}

/// The formula where chunks are stored, the fill value in the chunks that make.py removes.
fn with_missing(dtype: DType, fill: Scalar) -> Block {
    let mut block = Block::zeros(dtype, &[23, 17]).unwrap();
    for (i, at) in chunks(&[23, 17]).iter().enumerate() {
        let gone = matches!((at[0] / 10, at[1] / 7), (1, 1) | (0, 2));
        block.set(i, if gone { fill } else { element(dtype, i as i64) });
    }
    block
}

#[test]
fn missing_chunks_hold_the_fill_value_and_are_not_fetched() {
    let nan = Scalar::from(f64::NAN);
    for (name, dtype, fill) in [
        ("v3.zarr/missing", DType::F64, nan),
        ("v3.zarr/missing_int", DType::I16, Scalar::from(-7i16)),
        ("v2.zarr/missing", DType::F64, Scalar::from(f64::INFINITY)),
        ("v2.zarr/missing_nan", DType::F64, nan),
        ("v2.zarr/missing_int", DType::I32, Scalar::from(5i32)),
        ("v2.zarr/missing_null", DType::F32, Scalar::from(0f32)),
    ] {
        let source = open(&fixture(name)).unwrap();
        assert_eq!(source.info().fill, fill, "{name}");
        let counters = Counters::default();
        let block = read(&*source, &counters).unwrap();
        let want = with_missing(dtype, fill);
        assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
        assert_eq!(counters.chunks_read.load(Relaxed), 9 - 2, "{name}");
    }
}

#[test]
fn shards_may_lack_inner_chunks_and_be_missing_themselves() {
    let mut want = expected(DType::I32, &[23, 17]);
    for (i, at) in chunks(&[23, 17]).iter().enumerate() {
        let (y, x) = (at[0], at[1]);
        if ((5..10).contains(&y) && (4..8).contains(&x))
            || ((10..20).contains(&y) && (8..16).contains(&x))
        {
            want.set(i, Scalar::from(99i32));
        }
    }
    for name in ["v3.zarr/sharded_start", "v3.zarr/sharded_end"] {
        let source = open(&fixture(name)).unwrap();
        assert_eq!(source.info().grid.longest()[..], [5, 4]);
        let counters = Counters::default();
        let block = read(&*source, &counters).unwrap();
        assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
        // 5 by 5 inner chunks, without one and without the four of a shard.
        assert_eq!(counters.chunks_read.load(Relaxed), 25 - 1 - 4, "{name}");
    }
}

#[test]
fn what_is_known_without_reading() {
    let source = open(&fixture("v3.zarr/named")).unwrap();
    let info = source.info();
    assert_eq!(info.format, "zarr v3");
    assert_eq!(info.attributes.get("units").unwrap(), "mm");
    assert_eq!(info.dimension_names, Some(vec![Some("y".into()), None]));
    assert_eq!(info.codecs, ["bytes", "zstd"]);
    assert_eq!(info.grid.longest()[..], [10, 7]);
    assert!(info.stored_bytes.unwrap() > 500);
    // A chunk has 560 bytes.
    assert!((560..1 << 20).contains(&info.decode_bytes));
    assert_eq!(
        open(&fixture("v2.zarr/attributes"))
            .unwrap()
            .info()
            .attributes
            .get("units")
            .unwrap(),
        "mm"
    );
    let sharded = open(&fixture("v3.zarr/sharded_transposed")).unwrap();
    assert_eq!(
        sharded.info().codecs,
        ["sharding_indexed", "transpose", "bytes", "blosc", "crc32c"]
    );
    let npy = open(&format!("file://{}", fixture("npy/c%2Enpy"))).unwrap();
    assert_eq!(
        (npy.info().format, npy.info().decode_bytes),
        ("npy", 23 * 17 * 8)
    );
}

#[test]
fn one_chunk_is_one_fetch() {
    let source = open(&fixture("v3.zarr/raw")).unwrap();
    let counters = Counters::default();
    let mut bytes = vec![0; 3 * 3 * 8];
    source.read_chunk(&[2, 2], &mut bytes, &counters).unwrap();
    assert_eq!(counters.chunks_read.load(Relaxed), 1);
    assert_eq!(counters.bytes_read.load(Relaxed), 560);
    assert_eq!(counters.bytes_decoded.load(Relaxed), 560);
    // A chunk of a shard fetches the index once, then itself alone.
    let source = open(&fixture("v3.zarr/sharded_gzip")).unwrap();
    let mut bytes = vec![0; 10 * 10 * 8];
    source.read_chunk(&[0, 0], &mut bytes, &counters).unwrap();
    let first = counters.bytes_read.load(Relaxed) - 560;
    source.read_chunk(&[0, 0], &mut bytes, &counters).unwrap();
    let second = counters.bytes_read.load(Relaxed) - 560 - first;
    assert_eq!(first - second, 6 * 16 + 4);
}

/// Reads boxes of the first and the last chunk; whether any was read in part.
fn read_parts(name: &str) -> bool {
    let source = open(&fixture(name)).unwrap();
    let info = source.info();
    let size = info.dtype.itemsize();
    let ends = |last: bool| -> Vec<i64> {
        let axes = info.grid.axes.iter();
        axes.map(|axis| if last { axis.chunks() - 1 } else { 0 })
            .collect()
    };
    let mut any = false;
    for chunk in [ends(false), ends(true)] {
        let axes = chunk.iter().zip(&info.grid.axes);
        let lens: Vec<i64> = axes
            .map(|(&k, axis)| axis.bounds(k).1 - axis.bounds(k).0)
            .collect();
        let mut whole = vec![0; lens.iter().product::<i64>() as usize * size];
        source
            .read_chunk(&chunk, &mut whole, &Counters::default())
            .unwrap();
        for at in [0, 1, 2] {
            let start: Vec<i64> = lens
                .iter()
                .map(|&len| (at * len / 3).min(len - 1))
                .collect();
            let part: Vec<i64> = start
                .iter()
                .zip(&lens)
                .map(|(a, b)| (b - a).min(2))
                .collect();
            let mut into = vec![0xee; part.iter().product::<i64>() as usize * size];
            let counters = Counters::default();
            if !source
                .read_part(&chunk, &start, &part, &mut into, &counters)
                .unwrap()
            {
                continue;
            }
            any = true;
            let axes = lens.iter().rev().scan(size, |stride, len| {
                let own = *stride;
                *stride *= *len as usize;
                Some(own)
            });
            let mut strides: Vec<usize> = axes.collect();
            strides.reverse();
            let mut want: Vec<u8> = Vec::new();
            for index in chunks(&part) {
                let places = index.iter().zip(&start).zip(&strides);
                let at: usize = places.map(|((k, a), s)| (k + a) as usize * s).sum();
                want.extend(&whole[at..at + size]);
            }
            assert!(into == want, "{name}: {chunk:?} {start:?} {part:?}");
            assert_eq!(counters.chunks_read.load(Relaxed), 1, "{name}");
        }
    }
    any
}

#[test]
fn bare_chunks_are_read_in_part_and_packed_ones_are_not() {
    for name in [
        "v3.zarr/raw",
        "v3.zarr/transposed",
        "npy/c.npy",
        "npy/fortran.npy",
        "npy/big.npy",
        "npz/packed.npz#a",
        "nifti/packed.nii.gz",
    ] {
        let bare = !name.ends_with("transposed");
        assert!(read_parts(name) || !bare, "{name}");
    }
    for name in ["v3.zarr/zstd", "v3.zarr/crc32c", "v2.zarr/blosc"] {
        assert!(!read_parts(name), "{name}");
    }
}

#[test]
fn a_row_of_a_bare_chunk_costs_a_row() {
    let directory = tempfile::tempdir().unwrap();
    let bare = |shards| Codecs {
        compression: Compression::None,
        checksum: false,
        shards,
        zarr_version: 3,
    };
    for (name, codecs) in [
        ("plain.zarr", bare(None)),
        ("shards.zarr", bare(Some([200, 1000][..].into()))),
    ] {
        let uri = directory.path().join(name).to_str().unwrap().to_owned();
        let mut spec = ArraySpec::new(&[200, 1000], DType::F64, &[100, 1000]);
        spec.codecs = Some(codecs);
        let sink = create(&uri, &spec).unwrap();
        let counts: Vec<i64> = sink
            .info()
            .grid
            .axes
            .iter()
            .map(|axis| axis.chunks())
            .collect();
        for chunk in chunks(&counts) {
            let lens = sink.info().grid.longest();
            let elements: Vec<u8> = (0..lens.iter().product::<i64>())
                .flat_map(|k| (k as f64).to_le_bytes())
                .collect();
            sink.write_chunk(&chunk, &elements, &Counters::default())
                .unwrap();
        }
        sink.finish().unwrap();
        let source = open(&uri).unwrap();
        let mut into = vec![0; 8000];
        let counters = Counters::default();
        let read = source.read_part(&[1, 0], &[7, 0], &[1, 1000], &mut into, &counters);
        assert!(read.unwrap(), "{name}");
        let index = if name == "shards.zarr" { 2 * 16 + 4 } else { 0 };
        assert_eq!(counters.bytes_read.load(Relaxed), 8000 + index, "{name}");
        let first = if index > 0 { 107_000.0 } else { 7000.0 };
        assert_eq!(into[..8], f64::to_le_bytes(first), "{name}");
    }
}

#[test]
fn a_chunk_that_is_not_there_is_an_error() {
    let counters = Counters::default();
    for name in ["npy/c.npy", "v3.zarr/zstd"] {
        let source = open(&fixture(name)).unwrap();
        let mut bytes = vec![0; 8];
        for chunk in [&[3i64, 0][..], &[-1, 0], &[0], &[0, 0, 0], &[i64::MAX, 0]] {
            let error = source.read_chunk(chunk, &mut bytes, &counters).unwrap_err();
            assert_eq!(error.kind(), tilewright_core::Kind::Chunks, "{error}");
        }
        let error = source
            .read_chunk(&[0, 0], &mut bytes, &counters)
            .unwrap_err();
        assert_eq!(error.kind(), tilewright_core::Kind::Chunks, "{error}");
    }
}
