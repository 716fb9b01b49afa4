//! Do NIfTI files that nibabel wrote read as what it reads?

use crate::values::{expected, fixture, read, read_in_place};
use std::fs;
use std::path::Path;
use tilewright_core::{DType, Kind};
use tilewright_io::{Counters, Scale, open};

const SHAPE: [i64; 3] = [4, 3, 5];

/// Opens a file and compares every stored element with the formula.
fn check(name: &str, dtype: DType, shape: &[i64]) {
    let source = open(&fixture(&format!("nifti/{name}"))).unwrap();
    let info = source.info();
    assert_eq!((info.dtype, &info.shape[..]), (dtype, shape), "{name}");
    let want = expected(dtype, shape);
    let block = read(&*source, &Counters::default()).unwrap();
    assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
    source.check_identity().unwrap();
    if let Some(block) = read_in_place(&*source) {
        assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
    }
}

#[test]
fn every_dtype_version_order_and_packing() {
    let absent = [DType::Bool, DType::F16];
    for dtype in DType::ALL
        .into_iter()
        .filter(|dtype| !absent.contains(dtype))
    {
        check(&format!("{}.nii", dtype.name()), dtype, &SHAPE);
    }
    check("big.nii", DType::I16, &SHAPE);
    check("two.nii", DType::F32, &[3, 4, 2, 6]);
    check("two_big.nii", DType::U16, &SHAPE);
    check("packed.nii.gz", DType::I16, &[3, 4, 2, 6]);
    check("two_packed.nii.gz", DType::F64, &SHAPE);
    for name in ["pair.img", "pair.hdr"] {
        check(name, DType::I32, &SHAPE);
    }
    for name in ["pair_packed.img.gz", "pair_packed.hdr.gz"] {
        check(name, DType::I16, &SHAPE);
    }
}

#[test]
fn scale_and_affine_are_those_that_nibabel_finds() {
    let text = fs::read_to_string(fixture("nifti/values.json")).unwrap();
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for (name, entry) in found.as_object().unwrap() {
        let Ok(source) = open(&fixture(&format!("nifti/{name}"))) else {
            assert!(name.starts_with("refused"), "{name}");
            continue;
        };
        let ours = &source.info().attributes.get("affine").unwrap();
        for row in 0..3 {
            for column in 0..4 {
                let want = entry["affine"][row][column].as_f64().unwrap();
                let is = ours[row][column].as_f64().unwrap();
                // The quaternion of version 1 has 24 bits.
                let near = (is - want).abs() <= 1e-5 * want.abs().max(1.0);
                assert!(near, "{name} {row} {column}: {is} {want}");
            }
        }
        compared += 1;
    }
    assert!(compared > 10);
    let scale = |name: &str| {
        open(&fixture(&format!("nifti/{name}")))
            .unwrap()
            .info()
            .scale
    };
    let is = |factor, offset| Some(Scale { factor, offset });
    assert_eq!(scale("scaled.nii"), is(0.5, -3.0));
    assert_eq!(scale("slope.nii"), is(f64::from(0.1f32), 0.0));
    assert_eq!(scale("int16.nii"), None);
    let source = open(&fixture("nifti/int16.nii")).unwrap();
    assert_eq!(
        source.info().attributes.get("description").unwrap(),
        "fixtures"
    );
    assert_eq!(
        source.info().attributes.get("units").unwrap(),
        serde_json::json!(["mm", "s"])
    );
}

#[test]
fn files_are_read_in_place_and_packed_ones_are_not() {
    for (name, in_place) in [
        ("int16.nii", true),
        ("big.nii", true),
        ("packed.nii.gz", false),
    ] {
        let source = open(&fixture(&format!("nifti/{name}"))).unwrap();
        assert_eq!(source.in_place().is_some(), in_place, "{name}");
    }
}

#[test]
fn what_is_not_read_says_so() {
    for (name, part) in [
        ("refused_complex.nii", "datatype 32"),
        ("refused_rgb.nii", "datatype 128"),
    ] {
        let error = open(&fixture(&format!("nifti/{name}"))).err().unwrap();
        assert!(error.message().contains(part), "{error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
}

/// Opens and reads a file, whatever is in it.
fn attempt(path: &Path) -> bool {
    let Ok(source) = open(path.to_str().unwrap()) else {
        return false;
    };
    let info = source.info();
    let bytes = tilewright_core::element_count(&info.shape)
        .and_then(|count| count.checked_mul(info.dtype.itemsize() as i64));
    if bytes.is_none_or(|bytes| bytes > 1 << 20) {
        return false;
    }
    match read(&*source, &Counters::default()) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), Kind::Source, "{error}");
            assert!(error.suggestion().is_some(), "{error}");
            false
        }
    }
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["int16.nii", "two_big.nii", "packed.nii.gz"] {
        let path = directory.path().join(name);
        let good = fs::read(fixture(&format!("nifti/{name}"))).unwrap();
        for len in 0..good.len() {
            fs::write(&path, &good[..len]).unwrap();
            assert!(!attempt(&path), "{name}: {len} bytes");
        }
        for at in 0..good.len() {
            for byte in [0, 0xff, good[at] ^ 1] {
                let mut bad = good.clone();
                bad[at] = byte;
                fs::write(&path, &bad).unwrap();
                attempt(&path);
            }
        }
        fs::write(&path, &good).unwrap();
        assert!(attempt(&path));
    }
}

#[test]
fn a_bomb_is_stopped_at_the_size_that_the_header_gives() {
    use std::io::Write;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.nii.gz");
    let plain = fs::read(fixture("nifti/int16.nii")).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&plain).unwrap();
    encoder.write_all(&vec![0; 64 << 20]).unwrap();
    fs::write(&path, encoder.finish().unwrap()).unwrap();
    let source = open(path.to_str().unwrap()).unwrap();
    let error = read(&*source, &Counters::default()).unwrap_err();
    assert!(error.message().contains("far more"), "{error}");
    // A header that promises more than the bytes can hold is refused before anything is unpacked.
    let mut large = plain;
    for axis in 1..4 {
        large[40 + 2 * axis..42 + 2 * axis].copy_from_slice(&i16::MAX.to_le_bytes());
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&large).unwrap();
    fs::write(&path, encoder.finish().unwrap()).unwrap();
    let error = open(path.to_str().unwrap()).err().unwrap();
    assert!(error.message().contains("cannot hold"), "{error}");
}

#[test]
fn half_a_pair_is_an_error_that_names_the_other() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["pair.img", "pair.hdr"] {
        let path = directory.path().join(name);
        fs::copy(fixture(&format!("nifti/{name}")), &path).unwrap();
        let error = open(path.to_str().unwrap()).err().unwrap();
        assert!(
            error.message().contains("of the pair is missing"),
            "{error}"
        );
        fs::remove_file(&path).unwrap();
    }
}
