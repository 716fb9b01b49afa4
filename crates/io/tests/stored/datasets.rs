//! What goes into datasets of HDF5 files that exist, and is the rest left as it was?

use crate::additions::{content, copy, hidden};
use crate::sinks::write;
use crate::values::{chunks, expected, read};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use tilewright_core::{Block, DType, Error, Kind, Scalar, Slice};
use tilewright_io::{ArraySpec, Codecs, Compression, Counters, Part, Sink, create, describe, open};

fn uri(path: &Path, key: &str) -> String {
    format!("{}#{key}", path.display())
}

fn whole(uri: &str) -> Block {
    read(&*open(uri).unwrap(), &Counters::default()).unwrap()
}

/// Elements that no fixture holds, different in every call of a test.
fn fresh(dtype: DType, shape: &[i64], number: usize) -> Block {
    let mut block = Block::zeros(dtype, shape).unwrap();
    for k in 0..block.len() {
        let value = (k * 7 + number * 13 + 5) % 120;
        block.set(k, Scalar::from(value as f64).cast(dtype));
    }
    block
}

/// Puts a block into another.
fn put(into: &mut Block, from: &[i64], part: &Block) {
    for (k, at) in chunks(&part.shape).iter().enumerate() {
        let places = at.iter().zip(from).zip(&into.shape);
        let flat = places.fold(0, |flat, ((at, from), len)| flat * len + at + from);
        into.set(flat as usize, part.get(k).unwrap());
    }
}

/// The block in a longer one, the rest of which is zero.
fn grown(block: &Block, axis: usize, more: i64) -> Block {
    let mut shape = block.shape.clone();
    shape[axis] += more;
    let mut long = Block::zeros(block.dtype, &shape).unwrap();
    put(&mut long, &vec![0; shape.len()], block);
    long
}

fn spec(shape: &[i64], dtype: DType, part: Part) -> ArraySpec {
    let mut spec = ArraySpec::new(shape, dtype, &vec![1; shape.len()]);
    spec.part = part;
    spec
}

fn region(from: &[i64], lens: &[i64]) -> Part {
    let slice = |(&start, &len): (&i64, &i64)| Slice {
        start: Some(start),
        stop: Some(start + len),
        step: None,
    };
    Part::Region(from.iter().zip(lens).map(slice).collect())
}

/// A sink of a part whose chunks are all written, to be finished.
fn begin(uri: &str, block: &Block, part: Part) -> Arc<dyn Sink> {
    let spec = spec(&block.shape, block.dtype, part);
    let sink = create(uri, &spec).unwrap();
    assert_eq!(describe(uri, &spec).unwrap().grid, sink.info().grid);
    write(&*sink, block, &Counters::default());
    sink
}

fn error(uri: &str, spec: &ArraySpec) -> Error {
    let error = create(uri, spec).err().unwrap();
    assert!(error.suggestion().is_some(), "{error}");
    error
}

/// Stores some regions into a dataset of 2 axes.
fn regions(uri: &str) -> Block {
    let mut now = whole(uri);
    let (rows, columns) = (now.shape[0], now.shape[1]);
    let boxes = [
        ([0, 0], [rows, columns]),
        ([3, 2], [2, 2]),
        ([1, 0], [rows - 1, columns]),
        ([rows - 1, columns - 1], [1, 1]),
        ([5, 3], [0, 2]),
    ];
    for (number, (from, lens)) in boxes.into_iter().enumerate() {
        let part = fresh(now.dtype, &lens, number);
        put(&mut now, &from, &part);
        begin(uri, &part, region(&from, &lens)).finish().unwrap();
        assert_eq!(
            whole(uri).data.as_bytes(),
            now.data.as_bytes(),
            "{uri} {from:?}"
        );
    }
    now
}

#[test]
fn a_region_replaces_what_it_covers_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let usual = [
        "raw",
        "raw_big",
        "gzip",
        "gzip_shuffle",
        "shuffle",
        "fletcher32",
        "fletcher32_odd",
        "gzip_big",
        "single",
        "single_gzip",
        "grows",
        "grows_both_gzip",
        "implicit",
        "many",
        "many_growing",
        "missing_int",
        "masked",
        "named",
        "dtypes/bool",
        "dtypes/float16",
    ];
    let files: [(&str, &[&str]); 8] = [
        ("earliest.h5", &usual),
        ("v108.h5", &usual),
        ("v110.h5", &usual),
        ("latest.h5", &usual),
        ("userblock.h5", &["gzip"]),
        ("edges.h5", &["shuffle", "gzip_shuffle", "fletcher32"]),
        ("outside.h5", &["grid", "grid_gzip"]),
        ("climate.nc", &["big"]),
    ];
    for (name, keys) in files {
        let path = copy(&directory, name);
        let mut all = content(&path);
        for key in keys {
            let attributes = open(&uri(&path, key)).unwrap().info().attributes.all();
            let now = regions(&uri(&path, key));
            all.insert(format!("/{key}"), now.data.as_bytes().to_vec());
            if *key == "gzip" && name != "userblock.h5" {
                // Another link leads to it.
                all.insert("/alias".into(), now.data.as_bytes().to_vec());
            }
            let source = open(&uri(&path, key)).unwrap();
            assert_eq!(source.info().attributes.all(), attributes);
        }
        assert!(content(&path) == all, "{name}");
        assert_eq!(hidden(&directory), 0);
    }
}

#[test]
fn what_is_appended_stands_behind_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let usual: &[(&str, &[usize])] = &[
        ("grows", &[0, 0]),
        ("grows_second", &[1, 1]),
        ("grows_both", &[0, 1, 0]),
        ("grows_both_gzip", &[1, 0, 1]),
        ("many_growing", &[0]),
    ];
    for (name, datasets) in [
        ("earliest.h5", usual),
        ("v108.h5", usual),
        ("v110.h5", usual),
        ("latest.h5", usual),
        ("outside.h5", &[("grid", &[0, 1]), ("grid_gzip", &[1, 0])]),
        ("climate.nc", &[("air", &[0, 0])]),
    ] {
        let path = copy(&directory, name);
        let mut all = content(&path);
        for (key, axes) in datasets {
            let uri = uri(&path, key);
            for (number, &axis) in axes.iter().enumerate() {
                let before = whole(&uri);
                let mut shape = before.shape.clone();
                shape[axis] = 3 + 8 * number as i64;
                let part = fresh(before.dtype, &shape, number);
                let mut now = grown(&before, axis, shape[axis]);
                let mut from = vec![0; shape.len()];
                from[axis] = before.shape[axis];
                put(&mut now, &from, &part);
                let sink = begin(&uri, &part, Part::Append(axis));
                let meanwhile = whole(&uri);
                assert_eq!(meanwhile.shape, before.shape, "it shows in the end alone");
                sink.finish().unwrap();
                assert_eq!(whole(&uri).shape, now.shape);
                all.insert(format!("/{key}"), now.data.as_bytes().to_vec());
                assert_eq!(whole(&uri).data.as_bytes(), now.data.as_bytes());
            }
        }
        assert!(content(&path) == all, "{name}");
        assert_eq!(hidden(&directory), 0);
    }
}

#[test]
fn what_we_write_grows_unless_a_dimension_says_how_long_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.h5");
    let block = expected(DType::F32, &[9, 5]);
    for (key, names) in [("free", None), ("named", Some(["t", "y"]))] {
        let mut spec = ArraySpec::new(&[9, 5], DType::F32, &[4, 5]);
        spec.dimension_names = names.map(|names| names.map(|name| Some(name.into())).into());
        let sink = create(&uri(&path, key), &spec).unwrap();
        write(&*sink, &block, &Counters::default());
        sink.finish().unwrap();
    }
    let part = expected(DType::F32, &[6, 5]);
    // Several datasets of one file at once.
    let sinks = ["free", "named"].map(|key| begin(&uri(&path, key), &part, Part::Append(0)));
    sinks.into_iter().for_each(|sink| sink.finish().unwrap());
    let mut now = grown(&block, 0, 6);
    put(&mut now, &[9, 0], &part);
    for key in ["free", "named"] {
        assert!(whole(&uri(&path, key)).data.as_bytes() == now.data.as_bytes());
    }
    // Dimensions that netCDF's library made, of which one alone may grow.
    let path = copy(&directory, "climate.nc");
    let block = expected(DType::F32, &[5, 23]);
    let mut spec = ArraySpec::new(&[5, 23], DType::F32, &[5, 23]);
    spec.dimension_names = Some(["time", "lat"].map(|name| Some(name.into())).into());
    let sink = create(&uri(&path, "more"), &spec).unwrap();
    write(&*sink, &block, &Counters::default());
    sink.finish().unwrap();
    begin(&uri(&path, "more"), &block, Part::Append(0))
        .finish()
        .unwrap();
    let more = self::spec(&[10, 23], DType::F32, Part::Append(1));
    let refused = error(&uri(&path, "more"), &more);
    assert!(refused.message().contains("room for"), "{refused}");
    assert!(refused.suggestion().unwrap().contains(".zarr"), "{refused}");
}

#[test]
fn parts_that_do_not_fit_are_refused_and_nothing_is_touched() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(&directory, "latest.h5");
    let before = fs::read(&path).unwrap();
    let two = |part| spec(&[2, 2], DType::F64, part);
    let here = region(&[0, 0], &[2, 2]);
    let rows = |n| spec(&[n, 17], DType::F64, Part::Append(0));
    for (key, spec, message, way_out) in [
        (
            "raw",
            two(region(&[22, 0], &[2, 2])),
            "shape [1, 2]",
            "part's shape",
        ),
        (
            "raw",
            two(region(&[0, 0], &[2, 3])),
            "shape [2, 3]",
            "part's shape",
        ),
        (
            "raw_big",
            two(here.clone()),
            "i16 takes no f64",
            "astype(i16)",
        ),
        (
            "raw",
            spec(&[2], DType::F64, region(&[0], &[2])),
            "1 axes for",
            "[None]",
        ),
        (
            "raw",
            rows(1),
            "room for 23 elements along axis 0, not 24",
            "maxshape=None",
        ),
        (
            "grows",
            spec(&[1, 16], DType::F64, Part::Append(0)),
            "16 elements",
            "17",
        ),
        (
            "grows",
            spec(&[23, 1], DType::F64, Part::Append(1)),
            "room for 17",
            ".zarr",
        ),
        (
            "grows",
            spec(&[1, 17], DType::F64, Part::Append(2)),
            "no axis 2",
            "--append 1",
        ),
        ("contiguous", two(here.clone()), "in one piece", "convert"),
        (
            "compact",
            spec(&[2, 2], DType::I32, here.clone()),
            "in one piece",
            "convert",
        ),
        (
            "scalar",
            spec(&[1], DType::F64, Part::Append(0)),
            "without axes",
            "--overwrite",
        ),
        (
            "lzf",
            two(here.clone()),
            "a way that is not written",
            "convert",
        ),
        (
            "nowhere",
            two(here.clone()),
            "no array to write a part of",
            "whole array first",
        ),
        (
            "group",
            two(here.clone()),
            "no array to write a part of",
            "whole array first",
        ),
    ] {
        let uri = uri(&path, key);
        for refused in [error(&uri, &spec), describe(&uri, &spec).err().unwrap()] {
            assert!(refused.message().contains(message), "{key}: {refused}");
            let given = refused.suggestion().unwrap();
            assert!(given.contains(way_out), "{key}: {refused}");
        }
    }
    let missing = error(
        &uri(&directory.path().join("y.h5"), "x"),
        &two(here.clone()),
    );
    assert!(
        missing.message().contains("no array to write a part of"),
        "{missing}"
    );
    // Somebody reads it with a lock; nobody may write to it.
    let held = fs::File::open(&path).unwrap();
    held.lock_shared().unwrap();
    let refused = error(&uri(&path, "raw"), &two(here.clone()));
    assert!(refused.message().contains("open"), "{refused}");
    drop(held);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_err() {
        let refused = error(&uri(&path, "raw"), &two(here));
        assert_eq!(refused.kind(), Kind::Sink);
        assert!(refused.message().contains("denied"), "{refused}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(hidden(&directory), 0);
}

#[test]
fn a_process_that_is_killed_leaves_what_was_there() {
    for (name, key) in [
        ("earliest.h5", "grows"),
        ("latest.h5", "grows_both_gzip"),
        ("climate.nc", "air"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = copy(&directory, name);
        let uri = uri(&path, key);
        let (before, all) = (fs::read(&path).unwrap(), content(&path));
        let mut shape = open(&uri).unwrap().info().shape.clone();
        shape[0] = 3;
        let part = fresh(open(&uri).unwrap().info().dtype, &shape, 1);
        // It is given up.
        drop(begin(&uri, &part, Part::Append(0)));
        assert_eq!(fs::read(&path).unwrap(), before);
        begin(&uri, &part, Part::Append(0)).finish().unwrap();
        let (after, then) = (fs::read(&path).unwrap(), content(&path));
        let differ = |k: &usize| before[*k] != after[*k];
        let changed: Vec<usize> = (0..before.len()).filter(differ).collect();
        let (first, header) = changed.split_at(changed.partition_point(|&k| k < 96));
        assert!(!first.is_empty() && !header.is_empty());
        assert!(header[header.len() - 1] - header[0] < 64, "{header:?}");
        // What was new was behind the end; the end was told; the header was written.
        let new = &after[before.len()..];
        let begun = [&before[..], &new[..new.len() / 2]].concat();
        let behind = [&before[..], new].concat();
        let told = [&after[..96], &before[96..], new].concat();
        for (torn, is_told) in [(begun, false), (behind, false), (told, true)] {
            fs::write(&path, torn).unwrap();
            assert!(content(&path) == all, "{name}");
            begin(&uri, &part, Part::Append(0)).finish().unwrap();
            assert!(content(&path) == then, "{name}");
            if !is_told {
                assert!(fs::read(&path).unwrap() == after, "{name}");
            }
        }
        assert_eq!(hidden(&directory), 0);
    }
}

#[test]
fn a_dataset_that_has_changed_meanwhile_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(&directory, "v110.h5");
    let uri = uri(&path, "grows");
    let part = fresh(DType::F64, &[5, 17], 1);
    let [first, second] = [(); 2].map(|()| begin(&uri, &part, Part::Append(0)));
    first.finish().unwrap();
    let then = fs::read(&path).unwrap();
    let error = second.finish().unwrap_err();
    assert!(error.message().contains("has changed"), "{error}");
    assert!(error.suggestion().is_some(), "{error}");
    assert_eq!(fs::read(&path).unwrap(), then);
    assert_eq!(whole(&uri).shape[..], [28, 17]);
    // So is one that is gone.
    let third = begin(&uri, &part, Part::Append(0));
    fs::remove_file(&path).unwrap();
    let error = third.finish().unwrap_err();
    assert!(error.message().contains("no array"), "{error}");
    assert_eq!(hidden(&directory), 0);
}

#[test]
fn a_header_on_two_pages_changes_in_a_copy_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    // The first header of the file is the dataset's, behind one chunk and its index.
    let make = |name: &str, len: i64| {
        let path = directory.path().join(name);
        let mut spec = ArraySpec::new(&[len], DType::U8, &[len]);
        spec.codecs = Some(Codecs {
            compression: Compression::None,
            checksum: false,
            ..Codecs::default()
        });
        let sink = create(&uri(&path, "x"), &spec).unwrap();
        write(&*sink, &expected(DType::U8, &[len]), &Counters::default());
        sink.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        let header = bytes.windows(4).position(|bytes| bytes == b"OHDR").unwrap();
        (path, header as i64)
    };
    let (_, at) = make("first.h5", 100);
    let len = 100 + (2 * 4096 - 20 - at % 4096) % 4096;
    let (path, at) = make("x.h5", len);
    assert_eq!(at % 4096, 4076);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let (before, part) = (fs::metadata(&path).unwrap(), fresh(DType::U8, &[300], 1));
    let sink = begin(&uri(&path, "x"), &part, Part::Append(0));
    sink.finish().unwrap();
    let now = fs::metadata(&path).unwrap();
    assert_ne!(now.ino(), before.ino());
    assert_eq!(now.permissions(), before.permissions());
    let mut want = grown(&expected(DType::U8, &[len]), 0, 300);
    put(&mut want, &[len], &part);
    assert_eq!(
        whole(&uri(&path, "x")).data.as_bytes(),
        want.data.as_bytes()
    );
    assert_eq!(hidden(&directory), 0);
    // On one page it changes where it stands.
    let (path, _) = make("y.h5", len + 100);
    let before = fs::metadata(&path).unwrap();
    begin(&uri(&path, "x"), &part, Part::Append(0))
        .finish()
        .unwrap();
    assert_eq!(fs::metadata(&path).unwrap().ino(), before.ino());
}
