//! Do HDF5 and NetCDF-4 files that the C library wrote read as what it wrote?

use crate::values::{chunks, element, expected, fixture, read, read_in_place};
use std::fs;
use std::sync::atomic::Ordering;
use tilewright_core::{DType, Kind, Scalar};
use tilewright_io::{Counters, list, open};

/// The versions of the format, from the oldest to the newest.
const VERSIONS: [&str; 4] = ["earliest", "v108", "v110", "latest"];

/// Opens a dataset and compares every element with the formula.
fn check(name: &str, dtype: DType, shape: &[i64]) {
    let source = open(&fixture(&format!("hdf5/{name}"))).unwrap();
    let info = source.info();
    assert_eq!((info.dtype, &info.shape[..]), (dtype, shape), "{name}");
    let counters = Counters::default();
    let want = expected(dtype, shape);
    let block = read(&*source, &counters).unwrap();
    assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
    if !block.is_empty() {
        let fetched = counters.chunks_read.load(Ordering::Relaxed) as i64;
        assert_eq!(fetched, info.grid.chunks(), "{name}");
        assert!(counters.bytes_decoded.load(Ordering::Relaxed) >= block.data.len() as u64);
    }
    source.check_identity().unwrap();
    if let Some(block) = read_in_place(&*source) {
        assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{name}");
    }
}

#[test]
fn chunks_at_the_edges_may_go_without_filters() {
    for name in ["shuffle", "gzip_shuffle", "fletcher32"] {
        check(&format!("edges.h5#/{name}"), DType::F64, &[23, 17]);
    }
}

#[test]
fn chunks_are_numbered_by_how_far_the_axes_may_grow() {
    for name in ["raw", "gzip", "implicit", "shrunk"] {
        check(&format!("room.h5#/{name}"), DType::F64, &[23, 17]);
    }
    check("room.h5#/pages", DType::U8, &[30, 20]);
}

#[test]
fn filters_that_do_not_come_with_the_library() {
    for name in ["bzip2", "lz4", "lz4_blocks"] {
        check(&format!("plugins.h5#/{name}"), DType::F64, &[23, 17]);
    }
    check("plugins.h5#/lz4_bare", DType::U8, &[5000]);
    for name in ["none", "lz4", "zstd"] {
        let name = format!("plugins.h5#/bitshuffle_{name}");
        check(&name, DType::F64, &[23, 17]);
        check(&format!("{name}_long"), DType::I16, &[5000]);
    }
}

#[test]
fn what_the_tools_of_the_c_libraries_wrote() {
    let check = |name: &str, dtype, shape: &[i64]| {
        check(&format!("../tools/{name}"), dtype, shape);
    };
    for name in ["gzip", "szip", "fletcher32", "latest", "jammed"] {
        check(&format!("{name}.h5#x"), DType::F64, &[23, 17]);
        check(&format!("{name}.h5#y"), DType::I32, &[23, 17]);
    }
    for name in ["nbit", "scaleoffset"] {
        check(&format!("{name}.h5#y"), DType::I32, &[23, 17]);
    }
    check("copied.h5#a/b/x", DType::F64, &[23, 17]);
    check("copied.h5#a/y", DType::I32, &[23, 17]);
    check("nccopy.nc#a", DType::F64, &[3]);
    check("ncgen.nc#y", DType::I32, &[23, 17]);
    check("ncgen.nc#lon", DType::I32, &[17]);
    let source = open(&fixture("tools/ncgen.nc#y")).unwrap();
    let named = ["time", "lon"].map(|name| Some(name.to_owned()));
    assert_eq!(source.info().dimension_names, Some(named.into()));
    assert_eq!(source.info().attributes.get("units").unwrap(), "mm");
}

#[test]
fn every_layout_filter_and_index_of_every_version() {
    for version in VERSIONS {
        let check = |name: &str, dtype, shape: &[i64]| {
            check(&format!("{version}.h5#/{name}"), dtype, shape);
        };
        for name in [
            "contiguous",
            "contiguous_big",
            "raw",
            "gzip",
            "gzip_shuffle",
            "fletcher32",
            "lzf",
            "single",
            "single_gzip",
            "grows",
            "grows_second",
            "grows_both",
            "grows_both_gzip",
            "implicit",
            "masked",
            "named",
            "alias",
        ] {
            check(name, DType::F64, &[23, 17]);
        }
        check("compact", DType::I32, &[23, 17]);
        check("raw_big", DType::I16, &[23, 17]);
        check("shuffle", DType::I32, &[23, 17]);
        check("fletcher32_odd", DType::U8, &[23, 17]);
        check("lzf_shuffle_fletcher32", DType::I64, &[23, 17]);
        check("gzip_big", DType::F32, &[23, 17]);
        check("scaleoffset", DType::I32, &[23, 17]);
        check("szip", DType::U16, &[23, 17]);
        check("many", DType::I16, &[64, 48]);
        check("many_growing", DType::I16, &[200, 8]);
        check("scalar", DType::F64, &[]);
        check("empty", DType::F64, &[0, 5]);
        check("line", DType::F32, &[1000]);
        check("group/inner/deep", DType::I32, &[5]);
        check("soft", DType::I32, &[5]);
        for dtype in DType::ALL {
            check(&format!("dtypes/{}", dtype.name()), dtype, &[11, 6]);
        }
    }
    check("userblock.h5#contiguous", DType::F64, &[23, 17]);
    check("userblock.h5#gzip", DType::F64, &[23, 17]);
}

#[test]
fn netcdf_has_names_attributes_and_groups() {
    check("climate.nc#/air", DType::I16, &[5, 23, 17]);
    check("climate.nc#/plain", DType::F64, &[23, 17]);
    check("climate.nc#big", DType::I32, &[23, 17]);
    check("climate.nc#zstd", DType::F64, &[23, 17]);
    check("climate.nc#blosc_lz4", DType::F64, &[23, 17]);
    check("climate.nc#/inner/x", DType::U64, &[23]);
    check("climate.nc#/lat", DType::F32, &[23]);
    let name = |name: &str| Some(name.to_owned());
    let air = open(&fixture("hdf5/climate.nc#/air")).unwrap();
    let info = air.info();
    assert_eq!(
        info.dimension_names,
        Some(vec![name("time"), name("lat"), name("lon")])
    );
    assert_eq!(info.codecs, ["fletcher32", "shuffle", "deflate"]);
    assert_eq!(info.fill, Scalar::from(-32767i16));
    assert_eq!(info.grid.longest()[..], [1, 10, 7]);
    assert_eq!(info.attributes.get("units").unwrap(), "K");
    assert_eq!(info.attributes.get("scale_factor").unwrap(), 0.01);
    assert_eq!(info.attributes.get("_FillValue").unwrap(), -32767);
    assert!(info.attributes.get("DIMENSION_LIST").is_none());
    let inner = open(&fixture("hdf5/climate.nc#/inner/x")).unwrap();
    assert_eq!(inner.info().dimension_names, Some(vec![name("lat")]));
    let lat = open(&fixture("hdf5/climate.nc#/lat")).unwrap();
    assert_eq!(lat.info().dimension_names, Some(vec![name("lat")]));
}

#[test]
fn attributes_and_labels_of_h5py() {
    for version in VERSIONS {
        let source = open(&fixture(&format!("hdf5/{version}.h5#/named"))).unwrap();
        let info = source.info();
        assert_eq!(info.attributes.get("units").unwrap(), "mm");
        assert_eq!(info.attributes.get("scale_factor").unwrap(), 0.25);
        assert_eq!(
            info.attributes.get("levels").unwrap(),
            serde_json::json!([1, 2, 3])
        );
        assert_eq!(
            info.attributes.get("words").unwrap(),
            serde_json::json!(["ab", "cde"])
        );
        assert_eq!(info.dimension_names, Some(vec![Some("y".into()), None]));
    }
}

#[test]
fn attributes_of_many_elements_are_shown_in_the_order_of_their_names() {
    for version in ["earliest", "latest"] {
        let source = open(&fixture(&format!("hdf5/described_{version}.h5"))).unwrap();
        let attributes = &source.info().attributes;
        let mut names = Vec::new();
        attributes.for_each(|name, _| names.push(name.to_owned()));
        assert_eq!(names.len(), 44);
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(attributes.get("number 39").unwrap(), 39);
        let first = attributes.get("first").unwrap();
        let elements = expected(DType::I8, &[4096]);
        let elements = elements
            .data
            .as_bytes()
            .iter()
            .map(|&byte| i64::from(byte as i8));
        assert!(
            first
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n.as_i64().unwrap())
                .eq(elements)
        );
        let letters = attributes.get("letters").unwrap();
        assert_eq!((&letters[2998], &letters[2999]), (&"b".into(), &"c".into()));
    }
}

#[test]
fn what_was_never_written_is_the_fill_value() {
    let nan = Scalar::from(f64::NAN);
    for version in VERSIONS {
        for (name, fill) in [
            ("missing", nan),
            ("missing_int", Scalar::from(-7i16)),
            ("missing_zero", Scalar::from(0u32)),
        ] {
            let source = open(&fixture(&format!("hdf5/{version}.h5#{name}"))).unwrap();
            assert_eq!(source.info().fill, fill, "{name}");
            let dtype = fill.dtype();
            let counters = Counters::default();
            let block = read(&*source, &counters).unwrap();
            for (i, at) in chunks(&[23, 17]).iter().enumerate() {
                let stored = at[0] < 10 && at[1] < 7;
                let want = if stored {
                    element(dtype, i as i64)
                } else {
                    fill
                };
                assert_eq!(block.get(i).unwrap().bits(), want.bits(), "{name} {at:?}");
            }
            assert_eq!(counters.chunks_read.load(Ordering::Relaxed), 1);
        }
        let source = open(&fixture(&format!("hdf5/{version}.h5#unwritten"))).unwrap();
        let block = read(&*source, &Counters::default()).unwrap();
        assert!((0..block.len()).all(|i| block.get(i) == Some(Scalar::from(2.5f32))));
    }
}

#[test]
fn data_in_one_piece_are_read_in_place() {
    for (name, in_place) in [
        ("contiguous", true),
        ("contiguous_big", true),
        ("raw", false),
        ("compact", false),
        ("unwritten", false),
    ] {
        let source = open(&fixture(&format!("hdf5/latest.h5#{name}"))).unwrap();
        assert_eq!(source.in_place().is_some(), in_place, "{name}");
    }
}

#[test]
fn what_is_not_read_says_so_and_how_to_go_on() {
    for (key, part, way_out) in [
        ("string", "string", "convert it"),
        ("strings", "string", "convert it"),
        ("complex", "compound", "convert it"),
        ("compound", "compound", "convert it"),
        ("ragged", "sequence of any length", "convert it"),
        ("null", "no shape", "another one"),
        ("outside", "cannot be opened", "refused.h5#/"),
        ("dangling", "cannot be opened", "refused.h5#/"),
        ("external", "other files", "one file"),
        ("filter", "filter 305", "deflate"),
        ("nowhere", "cannot be opened", "refused.h5#/"),
        ("", "datasets", "refused.h5#/"),
    ] {
        let uri = format!("hdf5/refused.h5#{key}");
        let error = open(&fixture(&uri)).err().unwrap();
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(error.message().contains(part), "{key}: {error}");
        let suggested = error.suggestion().unwrap_or_default();
        assert!(suggested.contains(way_out), "{key}: {error}");
    }
    let error = open(&fixture("hdf5/virtual.h5#virtual")).err().unwrap();
    assert!(error.message().contains("virtual"), "{error}");
    assert!(error.suggestion().unwrap().contains("h5py"), "{error}");
    let error = open(&fixture("hdf5/classic.nc")).err().unwrap();
    assert!(error.message().contains("classic"), "{error}");
}

#[test]
fn a_virtual_dataset_hides_no_other() {
    let path = fixture("hdf5/virtual.h5");
    let mut found = list(&path).unwrap();
    found.sort();
    let named = ["/beside", "/group/deep", "/group/up", "/virtual"];
    assert_eq!(found, named.map(|name| format!("{path}#{name}")));
    for name in ["beside", "group/deep", "group/up"] {
        check(&format!("virtual.h5#{name}"), DType::I32, &[5]);
    }
    let error = open(&format!("{path}#group/round")).err().unwrap();
    assert!(error.message().contains("circle"), "{error}");
}

#[test]
fn what_does_not_fit_into_headers_is_found() {
    check("outside.h5#grid", DType::I16, &[40, 30]);
    check("outside.h5#grid_gzip", DType::I16, &[40, 30]);
    check("outside.h5#named", DType::I32, &[23, 17]);
    for link in ["0", "777", "1499"] {
        check(&format!("outside.h5#links/{link}"), DType::F64, &[23, 17]);
    }
    assert!(open(&fixture("hdf5/outside.h5#links/1500")).is_err());
    assert_eq!(list(&fixture("hdf5/outside.h5#links")).unwrap().len(), 1500);
    let source = open(&fixture("hdf5/outside.h5#data")).unwrap();
    let attributes = source.info().attributes.all();
    assert_eq!(attributes.len(), 15, "all but the pairs");
    assert_eq!(attributes["number 11"], 11);
    assert_eq!(
        attributes.get("large").unwrap().as_str().map(str::len),
        Some(70_000)
    );
    assert_eq!(
        attributes.get("long").unwrap().as_str().map(str::len),
        Some(3000)
    );
    assert_eq!(attributes.get("words").unwrap()[299], "word 299");
}

/// A copy of a fixture, and its bytes.
fn copy(name: &str) -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.h5");
    let bytes = fs::read(fixture(name)).unwrap();
    fs::write(&path, &bytes).unwrap();
    (directory, path, bytes)
}

/// Reads datasets of a file, whatever is in it; whether all went well.
fn attempt(path: &std::path::Path, keys: &[&str]) -> bool {
    keys.iter()
        .filter(|key| {
            let uri = format!("{}#{key}", path.display());
            let Ok(source) = open(&uri) else { return false };
            let size = source.info().dtype.itemsize() as i64;
            let lens: Vec<i64> = source
                .info()
                .grid
                .axes
                .iter()
                .map(|axis| axis.bounds(0).1)
                .collect();
            let bytes = lens.iter().try_fold(size, |n, &len| n.checked_mul(len));
            let Some(bytes) = bytes.filter(|&bytes| bytes < 1 << 20) else {
                return false;
            };
            let mut into = vec![0; bytes as usize];
            match source.read_chunk(&vec![0; lens.len()], &mut into, &Counters::default()) {
                Ok(()) => true,
                Err(error) => {
                    assert_eq!(error.kind(), Kind::Source, "{error}");
                    assert!(error.suggestion().is_some(), "{error}");
                    false
                }
            }
        })
        .count()
        == keys.len()
}

#[test]
fn a_file_that_is_cut_short_is_an_error_or_still_right() {
    let keys = ["contiguous", "gzip", "lzf_shuffle_fletcher32", "grows_both"];
    for name in ["hdf5/earliest.h5", "hdf5/latest.h5"] {
        let (_directory, path, good) = copy(name);
        assert!(attempt(&path, &keys));
        for len in (0..good.len())
            .step_by(2477)
            .chain([1, 7, 8, 47, 48, 95, 96])
        {
            fs::write(&path, &good[..len]).unwrap();
            attempt(&path, &keys);
        }
    }
}

#[test]
fn a_changed_byte_never_panics() {
    let keys = ["contiguous", "gzip"];
    let (_directory, path, good) = copy("hdf5/userblock.h5");
    for at in (512..good.len()).step_by(13) {
        for byte in [0, 0xff, good[at] ^ 1] {
            let mut bad = good.clone();
            bad[at] = byte;
            fs::write(&path, &bad).unwrap();
            attempt(&path, &keys);
        }
    }
}

#[test]
fn a_checksum_sees_a_flipped_bit() {
    for key in ["fletcher32", "gzip", "lzf_shuffle_fletcher32"] {
        let (_directory, path, good) = copy("hdf5/latest.h5");
        let uri = format!("{}#{key}", path.display());
        let want = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
        let mut seen = 0;
        for at in (600..good.len()).step_by(401) {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            fs::write(&path, &bad).unwrap();
            let Ok(source) = open(&uri) else { continue };
            match read(&*source, &Counters::default()) {
                Ok(block) => assert!(
                    block.shape != want.shape || block.data.as_bytes() == want.data.as_bytes(),
                    "{key}: byte {at} was not seen"
                ),
                Err(_) => seen += 1,
            }
        }
        assert!(seen > 0, "{key}: no flip met a chunk");
    }
}

#[test]
fn a_file_that_changes_after_opening_is_an_error() {
    let (_directory, path, good) = copy("hdf5/latest.h5");
    for key in ["contiguous", "gzip"] {
        let source = open(&format!("{}#{key}", path.display())).unwrap();
        fs::write(&path, &good[..good.len() - 1]).unwrap();
        let size = source.info().grid.longest().iter().product::<i64>() as usize * 8;
        let mut into = vec![0; size];
        let error = source
            .read_chunk(&[0, 0], &mut into, &Counters::default())
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(source.check_identity().is_err());
        fs::write(&path, &good).unwrap();
    }
}
