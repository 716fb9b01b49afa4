//! Does a store lead out of itself?

use crate::values::{fixture, read};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use tilewright_core::{Block, DType, Error, Kind, Slice};
use tilewright_io::{ArraySpec, Counters, Part, create, open};

const NO_CODECS: &str = r#"{"zarr_format": 3, "node_type": "array", "shape": [2, 2],
    "data_type": "uint8", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [1, 2]}},
    "chunk_key_encoding": {"name": "default"}, "fill_value": 7, "codecs": [{"name": "bytes"}]}"#;

/// An array `x.zarr/a` without chunks, and a secret beside the store.
fn stores() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let array = directory.path().join("x.zarr/a");
    fs::create_dir_all(array.join("c/1")).unwrap();
    fs::write(array.join("zarr.json"), NO_CODECS).unwrap();
    fs::write(array.join("c/1/0"), [3, 4]).unwrap();
    fs::write(directory.path().join("secret"), [1, 2]).unwrap();
    directory
}

fn attempt(directory: &Path) -> Result<Block, Error> {
    let array = directory.join("x.zarr/a");
    read(&*open(array.to_str().unwrap())?, &Counters::default())
}

fn leads_out(error: &Error, link: &Path) {
    assert!(error.message().contains("leads out"), "{error}");
    let named = error.facts().iter().find(|(label, _)| label == "link");
    assert_eq!(named.unwrap().1, link.display().to_string(), "{error}");
    assert!(error.suggestion().is_some(), "{error}");
}

#[test]
fn a_link_out_of_the_store_is_refused_by_name() {
    for leads in ["../../../../secret", "/etc/hostname", "/nowhere", "0"] {
        let directory = stores();
        let root = directory.path();
        let link = root.join("x.zarr/a/c/0");
        fs::create_dir(&link).unwrap();
        let link = link.join("0");
        symlink(leads, &link).unwrap();
        let error = attempt(root).unwrap_err();
        assert_eq!(error.kind(), Kind::Source);
        leads_out(&error, &link);
    }
    // The directory of chunks, the documents, and an array's directory.
    let directory = stores();
    let root = directory.path();
    let chunks = root.join("x.zarr/a/c");
    fs::rename(&chunks, root.join("elsewhere")).unwrap();
    symlink(root.join("elsewhere"), &chunks).unwrap();
    leads_out(&attempt(root).unwrap_err(), &chunks);
    let directory = stores();
    let root = directory.path();
    let document = root.join("x.zarr/a/zarr.json");
    fs::rename(&document, root.join("document")).unwrap();
    symlink("../../document", &document).unwrap();
    leads_out(&attempt(root).unwrap_err(), &document);
    let directory = stores();
    let root = directory.path();
    fs::create_dir(root.join("y.zarr")).unwrap();
    let array = root.join("y.zarr/b");
    symlink("../x.zarr/a", &array).unwrap();
    leads_out(&open(array.to_str().unwrap()).err().unwrap(), &array);
}

#[test]
fn links_within_a_store_and_above_it_are_followed() {
    let directory = stores();
    let root = directory.path();
    symlink("1", root.join("x.zarr/a/c/0")).unwrap();
    assert_eq!(attempt(root).unwrap().data.as_bytes(), [3, 4, 3, 4]);
    symlink("x.zarr", root.join("other")).unwrap();
    symlink(root.join("x.zarr"), root.join("y.zarr")).unwrap();
    for name in ["other/a", "y.zarr/a"] {
        let source = open(root.join(name).to_str().unwrap()).unwrap();
        let block = read(&*source, &Counters::default()).unwrap();
        assert_eq!(block.data.as_bytes(), [3, 4, 3, 4]);
    }
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_store() {
    let directory = stores();
    let root = directory.path();
    fs::create_dir(root.join("elsewhere")).unwrap();
    let link = root.join("x.zarr/g");
    symlink("../elsewhere", &link).unwrap();
    let spec = ArraySpec::new(&[2, 2], DType::U8, &[1, 2]);
    let target = link.join("new");
    let error = create(target.to_str().unwrap(), &spec).err().unwrap();
    assert_eq!(error.kind(), Kind::Sink);
    leads_out(&error, &link);

    // A part of an array whose chunks stand elsewhere.
    let chunks = root.join("x.zarr/a/c");
    fs::rename(&chunks, root.join("elsewhere/c")).unwrap();
    symlink("../../elsewhere/c", &chunks).unwrap();
    let part = ArraySpec {
        part: Part::Region(vec![Slice::default(); 2]),
        ..spec
    };
    let sink = create(root.join("x.zarr/a").to_str().unwrap(), &part).unwrap();
    let error = sink
        .write_chunk(&[0, 0], &[9, 9], &Counters::default())
        .unwrap_err();
    leads_out(&error, &chunks);
    drop(sink);
    assert_eq!(fs::read(root.join("elsewhere/c/1/0")).unwrap(), [3, 4]);
    assert_eq!(fs::read_dir(root.join("elsewhere")).unwrap().count(), 1);
}

#[test]
fn a_key_with_dots_names_nothing_outside() {
    let store = fixture("v3.zarr");
    for key in ["../v2.zarr/zlib", "zstd/../../v2.zarr/zlib"] {
        let error = open(&format!("{store}/{key}")).err().unwrap();
        assert_eq!(error.kind(), Kind::Source);
        assert!(error.message().contains(".."), "{error}");
    }
    for uri in [
        "hdf5/latest.h5#/../contiguous",
        "hdf5/latest.h5#../../climate.nc",
        "npz/stored.npz#../stored.npz",
    ] {
        let error = open(&fixture(uri)).err().unwrap();
        assert_eq!(error.kind(), Kind::Source);
        assert!(error.suggestion().is_some(), "{error}");
    }
}
