//! Do TIFF files that tifffile wrote read as what it wrote?

use crate::values::{chunks, element, expected, fixture, read};
use std::fs;
use std::path::Path;
use tilewright_core::{Block, DType, Kind};
use tilewright_io::{Counters, open};

const SHAPE: [i64; 2] = [23, 48];

fn check(name: &str, dtype: DType, shape: &[i64]) {
    let source = open(&fixture(&format!("tiff/{name}.tif"))).unwrap();
    let info = source.info();
    assert_eq!((info.dtype, &info.shape[..]), (dtype, shape), "{name}");
    let want = expected(dtype, shape);
    let block = read(&*source, &Counters::default()).unwrap();
    assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
    source.check_identity().unwrap();
}

#[test]
fn strips_and_tiles_of_every_dtype_packing_and_predictor() {
    for dtype in DType::ALL.into_iter().filter(|&dtype| dtype != DType::Bool) {
        check(dtype.name(), dtype, &SHAPE);
    }
    for packing in ["lzw", "zlib", "packbits", "zstd"] {
        check(&format!("strips_{packing}"), DType::U16, &SHAPE);
        check(&format!("tiles_{packing}"), DType::F32, &SHAPE);
    }
    for name in ["one_strip", "strips", "tiles", "predictor"] {
        check(name, DType::U16, &SHAPE);
    }
    check("lzma", DType::U16, &SHAPE);
    for name in ["bits", "bits_lzw"] {
        check(name, DType::Bool, &[23, 45]);
    }
    check("predictor_lzw_big", DType::I32, &SHAPE);
    check("predictor_float", DType::F32, &SHAPE);
    check("predictor_float_big", DType::F64, &SHAPE);
    check("big_endian", DType::F64, &SHAPE);
    check("bigtiff", DType::I16, &SHAPE);
    check("colour", DType::U8, &[23, 48, 3]);
    check("planes", DType::U16, &[3, 23, 48]);
    check("pages", DType::U16, &[5, 23, 48]);
    check("reduced", DType::U8, &[32, 32]);
}

#[test]
fn stacks_are_time_channel_depth_row_column() {
    let names = |name: &str| {
        let source = open(&fixture(&format!("tiff/{name}.tif"))).unwrap();
        let names = source.info().dimension_names.clone().unwrap();
        names.into_iter().map(Option::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(names("ome.ome"), ["T", "C", "Z", "Y", "X"]);
    assert_eq!(names("pages"), ["page", "Y", "X"]);
    assert_eq!(names("colour"), ["Y", "X", "S"]);
    assert_eq!(names("planes"), ["S", "Y", "X"]);
    check("ome.ome", DType::U16, &[2, 3, 4, 5, 6]);
    // ImageJ stores time, depth, channel: the formula counts in that order.
    let source = open(&fixture("tiff/imagej.tif")).unwrap();
    let shape = [2, 4, 3, 5, 6];
    assert_eq!(source.info().shape[..], shape);
    let mut want = Block::zeros(DType::U16, &shape).unwrap();
    for (i, at) in chunks(&shape).iter().enumerate() {
        let flat = (((at[0] * 3 + at[2]) * 4 + at[1]) * 5 + at[3]) * 6 + at[4];
        want.set(i, element(DType::U16, flat));
    }
    let block = read(&*source, &Counters::default()).unwrap();
    assert_eq!(block.data.as_bytes(), want.data.as_bytes());
}

#[test]
fn what_is_not_read_says_so() {
    let error = open(&fixture("tiff/refused_jpeg.tif")).err().unwrap();
    assert!(error.message().contains("compression 7"), "{error}");
    assert!(error.suggestion().is_some(), "{error}");
}

#[test]
fn pieces_beyond_all_bounds_are_an_error() {
    let edge = 1u32 << 31;
    // Width, length, bits, compression, meaning, where, samples, rows of a strip, bytes of one.
    let tags = [
        (256u16, edge),
        (257, edge),
        (258, 64),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, edge),
        (279, 8),
    ];
    let mut file = [&b"II*\0"[..], &8u32.to_le_bytes()].concat();
    file.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        let (long, one) = (4u16, 1u32);
        file.extend([tag.to_le_bytes(), long.to_le_bytes()].concat());
        file.extend([one.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.tif");
    fs::write(&path, file).unwrap();
    let error = open(path.to_str().unwrap()).err().unwrap();
    assert_eq!(error.kind(), Kind::Source);
    assert!(error.message().contains("bytes"), "{error}");
    assert!(error.suggestion().is_some(), "{error}");
}

/// Opens and reads a file, whatever is in it.
fn attempt(path: &Path) {
    let Ok(source) = open(path.to_str().unwrap()) else {
        return;
    };
    let info = source.info();
    let bytes = tilewright_core::element_count(&info.shape)
        .and_then(|count| count.checked_mul(info.dtype.itemsize() as i64));
    if bytes.is_none_or(|bytes| bytes > 1 << 18) || info.grid.chunks() > 1 << 12 {
        return;
    }
    if let Err(error) = read(&*source, &Counters::default()) {
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.tif");
    for name in [
        "colour",
        "predictor_float",
        "tiles_packbits",
        "strips_lzw",
        "bigtiff",
    ] {
        let good = fs::read(fixture(&format!("tiff/{name}.tif"))).unwrap();
        for len in (0..good.len()).step_by(29) {
            fs::write(&path, &good[..len]).unwrap();
            attempt(&path);
        }
        for at in (0..good.len()).filter(|at| at % 17 == 0 || *at < 150) {
            for byte in [0, 0xff, good[at] ^ 1] {
                let mut bad = good.clone();
                bad[at] = byte;
                fs::write(&path, &bad).unwrap();
                attempt(&path);
            }
        }
    }
}
