//! Are datasets added to HDF5 files that other programs wrote, and is the rest left as it was?

use crate::sinks::write;
use crate::values::{expected, fixture, read};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{DType, Kind, Scalar};
use tilewright_io::{ArraySpec, Counters, Sink, create, list, open};

/// Files whose groups are symbol tables, links in headers and in heaps; one behind a user block, and
/// one of the netCDF library.
pub const FILES: [&str; 6] = [
    "earliest.h5",
    "v108.h5",
    "v110.h5",
    "latest.h5",
    "userblock.h5",
    "climate.nc",
];

const SHAPE: [i64; 2] = [23, 17];

fn spec() -> ArraySpec {
    let mut spec = ArraySpec::new(&SHAPE, DType::F64, &[5, 7]);
    spec.attributes.insert("made by".into(), "test".into());
    spec.fill = Scalar::from(1.0);
    spec.dimension_names = Some(vec![Some("axis0".into()), Some("axis1".into())]);
    spec
}

/// A dataset whose chunks are all written, to be finished.
pub fn begin(path: &Path, key: &str) -> Arc<dyn Sink> {
    let sink = create(&format!("{}#{key}", path.display()), &spec()).unwrap();
    write(&*sink, &expected(DType::F64, &SHAPE), &Counters::default());
    sink
}

/// What every dataset of a file holds, where it can be read.
pub fn content(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for uri in list(path.to_str().unwrap()).unwrap() {
        let block = open(&uri).and_then(|source| read(&*source, &Counters::default()));
        let bytes = block.map_or(Vec::new(), |block| block.data.as_bytes().to_vec());
        found.insert(uri.split_once('#').unwrap().1.to_owned(), bytes);
    }
    found
}

/// A copy of a fixture.
pub fn copy(directory: &tempfile::TempDir, name: &str) -> PathBuf {
    let path = directory.path().join(name);
    fs::copy(fixture(&format!("hdf5/{name}")), &path).unwrap();
    path
}

pub fn hidden(directory: &tempfile::TempDir) -> usize {
    let entries = fs::read_dir(directory.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .count()
}

#[test]
fn what_stood_there_stays_and_what_is_new_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let want = expected(DType::F64, &SHAPE);
    for name in FILES {
        let path = copy(&directory, name);
        let mut all = content(&path);
        // Several at once, each in a group that is there, or is not.
        let keys = ["/new", "/group/more", "/inner/more", "/a/b/c", "/a/b/d"];
        let sinks = keys.map(|key| begin(&path, key));
        assert_eq!(
            content(&path),
            all,
            "{name}: it shows before it is finished"
        );
        for (key, sink) in keys.iter().zip(sinks) {
            sink.finish().unwrap();
            all.insert((*key).to_owned(), want.data.as_bytes().to_vec());
            assert_eq!(content(&path), all, "{name}#{key}");
        }
        let source = open(&format!("{}#/group/more", path.display())).unwrap();
        assert_eq!(source.info().attributes.all(), spec().attributes);
        assert_eq!(source.info().fill, Scalar::from(1.0));
        assert_eq!(hidden(&directory), 0);
    }
}

#[test]
fn a_new_file_takes_several_datasets() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.h5");
    let sinks = ["/a", "/b/c", "/b/d"].map(|key| begin(&path, key));
    for sink in sinks {
        sink.finish().unwrap();
    }
    let found = content(&path);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["/a", "/b/c", "/b/d"]);
    let want = expected(DType::F64, &SHAPE);
    assert!(found.values().all(|bytes| bytes == want.data.as_bytes()));
}

#[test]
fn a_dataset_among_others_is_replaced_if_told() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["earliest.h5", "latest.h5"] {
        let path = copy(&directory, name);
        let mut all = content(&path);
        let uri = format!("{}#/group/inner/deep", path.display());
        let error = create(&uri, &spec()).err().unwrap();
        assert!(error.message().contains("exists already"), "{error}");
        let sink = create(&uri, &spec().overwrite(true)).unwrap();
        let want = expected(DType::F64, &SHAPE);
        write(&*sink, &want, &Counters::default());
        sink.finish().unwrap();
        // The soft link leads to it, too.
        for key in ["/group/inner/deep", "/soft"] {
            all.insert(key.into(), want.data.as_bytes().to_vec());
        }
        assert_eq!(content(&path), all, "{name}");
    }
}

#[test]
fn what_is_given_up_or_was_left_behind_the_end_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(&directory, "latest.h5");
    let before = fs::read(&path).unwrap();
    drop(begin(&path, "/new"));
    assert_eq!(fs::read(&path).unwrap(), before);
    let all = content(&path);
    begin(&path, "/new").finish().unwrap();
    let clean = fs::read(&path).unwrap();
    // As a process that is killed before the first bytes are replaced leaves it.
    let left = [&before[..], &vec![0xa5; 1 << 20]].concat();
    fs::write(&path, left).unwrap();
    assert_eq!(content(&path), all);
    begin(&path, "/new").finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), clean);
    // Whatever is new but for the first bytes is not seen.
    let torn = [&before[..48], &clean[48..]].concat();
    fs::write(&path, torn).unwrap();
    assert_eq!(content(&path), all);
    assert_eq!(hidden(&directory), 0);
}

#[test]
fn what_cannot_be_added_to_is_refused_at_once_and_left() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(&directory, "latest.h5");
    let good = fs::read(&path).unwrap();
    let refused = |key: &str, want: &str| {
        let before = fs::read(&path).unwrap();
        let error = create(&format!("{}#{key}", path.display()), &spec());
        let error = error.err().unwrap();
        assert_eq!(error.kind(), Kind::Sink, "{error}");
        assert!(error.suggestion().is_some(), "{error}");
        assert!(error.message().contains(want), "{key}: {error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    };
    refused("/group", "is a group");
    refused("/raw/x", "is no group");
    refused("/soft", "is a link");
    refused("/gzip", "exists already");
    refused("/a/../b", "must be named");
    fs::write(&path, &good[..good.len() - 1]).unwrap();
    refused("/x", "not as long as it says");
    let mut open = good.clone();
    open[11] = 1;
    let checksum = hdf5_reader::checksum::jenkins_lookup3(&open[..44]);
    open[44..48].copy_from_slice(&checksum.to_le_bytes());
    fs::write(&path, open).unwrap();
    refused("/x", "not closed");
    fs::write(&path, "text").unwrap();
    refused("/x", "no HDF5 file");
    fs::write(&path, &good).unwrap();
    let held = fs::File::open(&path).unwrap();
    held.lock_shared().unwrap();
    refused("/x", "open");
}
