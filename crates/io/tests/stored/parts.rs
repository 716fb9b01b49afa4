//! What goes into an array that exists, or into one that a killed process left?

use crate::values::{chunk_box, chunks, expected, fixture, read};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tilewright_core::{Block, DType, Kind, Scalar, Slice};
use tilewright_io::memory::MemorySource;
use tilewright_io::{
    ArraySpec, Blosc, Codecs, Compression, Counters, Part, Sink, Source, create, describe, open,
};

pub fn at(directory: &Path, name: &str) -> String {
    directory.join(name).to_str().unwrap().into()
}

/// Writes the chunks that `wanted` names through a sink, from a block of its shape.
pub fn write(sink: &dyn Sink, block: &Block, wanted: impl Fn(usize) -> bool) {
    let grid = sink.info().grid.clone();
    let counts: Vec<i64> = grid.axes.iter().map(|axis| axis.chunks()).collect();
    let source = MemorySource::new(block.clone(), grid).unwrap();
    for (number, index) in chunks(&counts).into_iter().enumerate() {
        let (_, lens) = chunk_box(&source, &index);
        let mut chunk = Block::zeros(block.dtype, &lens).unwrap();
        let into = chunk.data.as_bytes_mut();
        source
            .read_chunk(&index, into, &Counters::default())
            .unwrap();
        if wanted(number) {
            let counters = Counters::default();
            sink.write_chunk(&index, chunk.data.as_bytes(), &counters)
                .unwrap();
        }
    }
}

pub fn store(uri: &str, spec: &ArraySpec, block: &Block) -> tilewright_core::Result<()> {
    let sink = create(uri, spec)?;
    write(&*sink, block, |_| true);
    sink.finish()
}

fn whole(uri: &str) -> Block {
    read(&*open(uri).unwrap(), &Counters::default()).unwrap()
}

/// Elements of an array of 2 axes, within a box.
fn cut(block: &Block, from: [i64; 2], to: [i64; 2]) -> Block {
    let mut part = Block::zeros(block.dtype, &[to[0] - from[0], to[1] - from[1]]).unwrap();
    let mut k = 0;
    for i in from[0]..to[0] {
        for j in from[1]..to[1] {
            part.set(k, block.get((i * block.shape[1] + j) as usize).unwrap());
            k += 1;
        }
    }
    part
}

fn slices(from: [i64; 2], to: [i64; 2]) -> Vec<Slice> {
    let slice = |(&start, &stop): (&i64, &i64)| Slice {
        start: Some(start),
        stop: Some(stop),
        step: None,
    };
    from.iter().zip(&to).map(slice).collect()
}

fn packings() -> Vec<Codecs> {
    let usual = Codecs::default();
    vec![
        usual.clone(),
        Codecs {
            shards: Some([8, 6][..].into()),
            ..usual.clone()
        },
        Codecs {
            compression: Compression::None,
            checksum: false,
            zarr_version: 2,
            ..usual.clone()
        },
        Codecs {
            compression: Compression::Gzip(2),
            checksum: false,
            zarr_version: 2,
            ..usual.clone()
        },
        Codecs {
            compression: Compression::Blosc(Blosc::default()),
            shards: Some([8, 6][..].into()),
            ..usual
        },
    ]
}

fn spec(codecs: &Codecs) -> ArraySpec {
    let mut spec = ArraySpec::new(&[23, 17], DType::F64, &[4, 3]);
    spec.codecs = Some(codecs.clone());
    spec.fill = Scalar::from(7.0);
    spec.complete = true;
    spec.attributes.insert("units".into(), "mm".into());
    spec
}

#[test]
fn an_array_that_xarray_wrote_grows_and_keeps_what_it_says() {
    for version in [2, 3] {
        let directory = tempfile::tempdir().unwrap();
        let from = fixture(&format!("xarray{version}.zarr/p"));
        copy(Path::new(&from), &directory.path().join("p.zarr"));
        let uri = at(directory.path(), "p.zarr");
        let block = expected(DType::I16, &[5]);
        let mut more = ArraySpec::new(&[5], DType::I16, &[5]);
        more.part = Part::Append(0);
        store(&uri, &more, &block).unwrap();
        let (before, now) = (open(&from).unwrap(), open(&uri).unwrap());
        assert_eq!(now.info().shape[..], [8]);
        assert_eq!(now.info().codecs, before.info().codecs);
        assert_eq!(now.info().attributes.all(), before.info().attributes.all());
        assert_eq!(now.info().dimension_names, before.info().dimension_names);
        assert!(whole(&uri).data.as_bytes()[6..] == *block.data.as_bytes());
    }
}

#[test]
fn a_region_replaces_what_it_covers_and_nothing_else() {
    let boxes = [
        ([0, 0], [23, 17]),
        ([3, 2], [5, 4]),
        ([4, 3], [8, 6]),
        ([7, 0], [23, 17]),
        ([22, 16], [23, 17]),
        ([5, 5], [5, 9]),
    ];
    for codecs in packings() {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), "x.zarr/group/x");
        let mut now = expected(DType::F64, &[23, 17]);
        store(&uri, &spec(&codecs), &now).unwrap();
        for (number, (from, to)) in boxes.into_iter().enumerate() {
            let opened = open(&uri).unwrap();
            let mut part = cut(&now, from, to);
            for k in 0..part.len() {
                part.set(k, Scalar::from((1000 * number + k) as f64));
            }
            let mut k = 0;
            for i in from[0]..to[0] {
                for j in from[1]..to[1] {
                    now.set((i * 17 + j) as usize, part.get(k).unwrap());
                    k += 1;
                }
            }
            let mut spec = ArraySpec::new(&part.shape, DType::F64, &[1, 1]);
            spec.part = Part::Region(slices(from, to));
            store(&uri, &spec, &part).unwrap();
            assert_eq!(
                whole(&uri).data.as_bytes(),
                now.data.as_bytes(),
                "{codecs:?} {from:?}"
            );
            assert!(opened.check_identity().is_err(), "a reader notices");
            assert_eq!(
                open(&uri).unwrap().info().attributes.get("units").unwrap(),
                "mm"
            );
        }
        assert_eq!(left(directory.path()), [""; 0]);
    }
}

/// Hidden names below a directory, but for the marks of finished arrays.
fn left(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let ours = [".tilewright", ".zarray", ".zattrs", ".zgroup"];
            if name.starts_with('.') && !ours.contains(&name.as_str()) {
                found.push(name);
            }
            if path.is_dir() {
                waiting.push(path);
            }
        }
    }
    found
}

#[test]
fn what_is_appended_stands_behind_the_end() {
    for codecs in packings() {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), "x.zarr");
        let all = expected(DType::F64, &[23, 17]);
        let mut first = spec(&codecs);
        first.shape = [5, 4][..].into();
        store(&uri, &first, &cut(&all, [0, 0], [5, 4])).unwrap();
        let steps = [
            (0, [5, 0], [12, 4]),
            (1, [0, 4], [12, 5]),
            (1, [0, 5], [12, 17]),
            (0, [12, 0], [12, 17]),
            (0, [12, 0], [23, 17]),
        ];
        for (axis, from, to) in steps {
            let part = cut(&all, from, to);
            let mut spec = ArraySpec::new(&part.shape, DType::F64, &[5, 5]);
            spec.part = Part::Append(axis);
            let sink = create(&uri, &spec).unwrap();
            write(&*sink, &part, |_| true);
            let before = whole(&uri);
            assert_eq!(before.shape[axis], from[axis], "it shows in the end alone");
            sink.finish().unwrap();
            let now = cut(&all, [0, 0], to);
            assert_eq!(
                whole(&uri).data.as_bytes(),
                now.data.as_bytes(),
                "{codecs:?} {to:?}"
            );
        }
        assert_eq!(left(directory.path()), [""; 0]);
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let uri = at(directory.path(), "x.zarr");
    let block = expected(DType::F64, &[23, 17]);
    store(&uri, &spec(&Codecs::default()), &block).unwrap();
    let region = |from, to| Part::Region(slices(from, to));
    let stepped = Slice {
        step: Some(2),
        ..Slice::default()
    };
    for (shape, dtype, part) in [
        (&[2, 2][..], DType::F64, region([0, 0], [2, 3])),
        (&[2, 2], DType::F64, region([22, 0], [24, 2])),
        (&[2, 2], DType::F32, region([0, 0], [2, 2])),
        (&[2], DType::F64, Part::Region(vec![Slice::default()])),
        (
            &[12, 17],
            DType::F64,
            Part::Region(vec![stepped, Slice::default()]),
        ),
        (&[2, 16], DType::F64, Part::Append(0)),
        (&[2, 17], DType::F64, Part::Append(2)),
        (&[i64::MAX / 64, 17], DType::F64, Part::Append(0)),
    ] {
        let grid = vec![1; shape.len()];
        let mut spec = ArraySpec::new(shape, dtype, &grid);
        spec.part = part;
        let error = create(&uri, &spec).err().unwrap();
        assert!(error.suggestion().is_some(), "{error}");
        let missing = create(&at(directory.path(), "y.zarr"), &spec)
            .err()
            .unwrap();
        assert!(
            [Kind::Sink, Kind::Chunks].contains(&missing.kind()),
            "{missing}"
        );
        for other in ["x.npy", "x.h5#/x", "x.nii"] {
            let error = create(&at(directory.path(), other), &spec).err().unwrap();
            assert!(error.suggestion().is_some(), "{error}");
        }
    }
    // What does not fit is named, with what would.
    for (shape, axis, part, way_out) in [
        (
            &[2, 16][..],
            0,
            "16 elements along axis 1, and the array 17",
            "17 elements",
        ),
        (&[2, 17], 2, "no axis 2", "--append 1"),
        (&[17], 0, "1 axes for an array of 2", "[None]"),
        (&[1, 2, 17], 0, "3 axes for an array of 2", "squeeze"),
    ] {
        let mut spec = ArraySpec::new(shape, DType::F64, &vec![1; shape.len()]);
        spec.part = Part::Append(axis);
        let error = create(&uri, &spec).err().unwrap();
        assert!(error.message().contains(part), "{error}");
        assert!(error.suggestion().unwrap().contains(way_out), "{error}");
    }
    let scalar = at(directory.path(), "scalar.zarr");
    let one = ArraySpec::new(&[], DType::F64, &[]);
    store(&scalar, &one, &expected(DType::F64, &[])).unwrap();
    let mut more = ArraySpec::new(&[1], DType::F64, &[1]);
    more.part = Part::Append(0);
    let error = create(&scalar, &more).err().unwrap();
    assert!(error.message().contains("without axes"), "{error}");
    // A group's copy of the shape would become wrong.
    let group = directory.path().join("group.zarr");
    let uri = at(&group, "x");
    store(&uri, &spec(&Codecs::default()), &block).unwrap();
    let document = r#"{"zarr_format": 3, "node_type": "group", "consolidated_metadata": {}}"#;
    fs::write(group.join("zarr.json"), document).unwrap();
    let mut more = ArraySpec::new(&[1, 17], DType::F64, &[1, 1]);
    more.part = Part::Append(0);
    let error = create(&uri, &more).err().unwrap();
    assert!(
        error.suggestion().unwrap().contains("consolidate"),
        "{error}"
    );
    // Two writers of one array would each merge the other's chunks away.
    more.part = region([0, 0], [1, 17]);
    let first = create(&uri, &more).unwrap();
    let error = create(&uri, &more).err().unwrap();
    assert!(error.message().contains("another process"), "{error}");
    drop(first);
    create(&uri, &more).unwrap();
}

/// Copies a directory tree.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a process that is killed now leaves: the sink's hidden place, without its lock.
pub fn kill(sink: Arc<dyn Sink>, directory: &Path) -> PathBuf {
    let hidden = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name.starts_with('.') && name.ends_with(".partial")).then(|| entry.path())
    };
    let entries = fs::read_dir(directory).unwrap();
    let place = entries
        .filter_map(|entry| hidden(entry.unwrap()))
        .next()
        .unwrap();
    let aside = directory.join("aside");
    copy(&place, &aside);
    drop(sink);
    assert!(!place.exists());
    fs::rename(&aside, &place).unwrap();
    place
}

fn told(origin: &str) -> ArraySpec {
    let mut spec = spec(&Codecs::default());
    spec.origin = Some(origin.into());
    spec
}

#[test]
fn an_interrupted_store_goes_on_and_ends_byte_for_byte_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let (uri, other) = (
        at(directory.path(), "x.zarr"),
        at(directory.path(), "y.zarr"),
    );
    let block = expected(DType::F64, &[23, 17]);
    store(&other, &told("a"), &block).unwrap();
    let sink = create(&uri, &told("a")).unwrap();
    assert!(!sink.stands(&[0, 0]));
    write(&*sink, &block, |k| k % 3 == 0);
    let error = create(&uri, &told("a")).err().unwrap();
    assert!(error.message().contains("another process"), "{error}");
    let place = kill(sink, directory.path());
    // A file that was half written, and a chunk that a power failure emptied.
    fs::write(place.join("c/0/.5.partial"), "half").unwrap();
    fs::write(place.join("c/0/3"), "").unwrap();
    assert_eq!(open(&uri).err().unwrap().kind(), Kind::Source);

    // Another expression, other chunks: not the same.
    let mut chunked = told("a");
    chunked.grid = [5, 5][..].into();
    for spec in [told("b"), chunked] {
        let error = create(&uri, &spec).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink);
        assert!(
            error.suggestion().unwrap().contains("--overwrite"),
            "{error}"
        );
    }
    let sink = create(&uri, &told("a")).unwrap();
    let stands = |k: i64| sink.stands(&[k / 6, k % 6]);
    assert_eq!((0..36).filter(|&k| stands(k)).count(), 11);
    write(&*sink, &block, |k| !stands(k as i64));
    sink.finish().unwrap();
    let names = |root: &str| {
        let mut names = Vec::new();
        let mut waiting = vec![PathBuf::from(root)];
        while let Some(directory) = waiting.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    names.push((path.strip_prefix(root).unwrap().to_owned(), bytes));
                }
            }
        }
        names.sort();
        names
    };
    assert!(names(&uri) == names(&other), "byte for byte");
    assert_eq!(left(directory.path()), [""; 0]);
    let error = create(&uri, &told("a")).err().unwrap();
    assert!(error.message().contains("exists already"), "{error}");
}

#[test]
fn what_was_left_is_swept_or_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let uri = at(directory.path(), "x.zarr");
    let block = expected(DType::F64, &[23, 17]);
    let begun = |origin: Option<&str>| {
        let mut spec = told("");
        spec.origin = origin.map(str::to_owned);
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, |k| k < 4);
        kill(sink, directory.path())
    };
    // Nobody can go on with what does not say what it comes from.
    let place = begun(None);
    drop(create(&uri, &told("a")).unwrap());
    assert!(!place.exists());
    // What can be gone on with is given up if told.
    let place = begun(Some("a"));
    assert!(create(&uri, &told("b")).is_err());
    drop(create(&uri, &told("b").overwrite(true)).unwrap());
    assert!(!place.exists());
    // What was killed before it meant anything, or while it was swept.
    for files in [&[][..], &["c"]] {
        let place = directory.path().join(".x.zarr.abc.partial");
        fs::create_dir(&place).unwrap();
        for file in files {
            fs::write(place.join(file), "").unwrap();
        }
        drop(create(&uri, &told("a")).unwrap());
        assert!(!place.exists());
    }
    // Another target's place, and files that only look so.
    for name in [
        ".x.zarr.y.zarr.abc.partial",
        ".x.zarr.partial",
        "x.zarr.abc.partial",
    ] {
        fs::create_dir(directory.path().join(name)).unwrap();
    }
    let left = directory.path().join(".x.npy.abc.partial");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("file"), "left").unwrap();
    store(&uri, &told("a"), &block).unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 5);
    let npy = ArraySpec::new(&[23, 17], DType::F64, &[4, 3]);
    store(&at(directory.path(), "x.npy"), &npy, &block).unwrap();
    assert!(!left.exists());
}

#[test]
fn a_part_that_was_killed_while_it_moved_is_completed() {
    for (part, shape) in [
        (Part::Append(0), [5, 17]),
        (Part::Region(slices([2, 0], [7, 17])), [5, 17]),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), "x.zarr");
        let all = expected(DType::F64, &[23, 17]);
        store(&uri, &told("a"), &all).unwrap();
        let block = expected(DType::F64, &shape);
        let mut spec = ArraySpec::new(&shape, DType::F64, &[5, 5]);
        spec.part = part.clone();
        spec.origin = Some("part".into());
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, |_| true);
        let place = kill(sink, directory.path());
        // The same store goes on, and is killed again while it moves its files.
        let sink = create(&uri, &spec).unwrap();
        assert!(sink.stands(&[0, 0]) && sink.stands(&[1, 5]));
        drop(sink);
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, |_| true);
        let place = {
            assert!(!place.exists());
            kill(sink, directory.path())
        };
        let mark = fs::read_to_string(place.join(".tilewright")).unwrap();
        fs::write(
            place.join(".tilewright"),
            mark.replace("unfinished", "moving"),
        )
        .unwrap();
        let document = fs::read_to_string(Path::new(&uri).join("zarr.json")).unwrap();
        let grown = match part {
            Part::Append(_) => document.replacen("23", "28", 1),
            _ => document,
        };
        fs::write(place.join("zarr.json"), grown).unwrap();
        let changing = r#"{"state":"changing","complete":true}"#;
        fs::write(Path::new(&uri).join(".tilewright"), changing).unwrap();
        let error = open(&uri).err().unwrap();
        assert!(error.message().contains("interrupted"), "{error}");
        // What a store into it would do is told all the same, and nothing is done.
        assert_eq!(describe(&uri, &spec).unwrap().shape[..], shape);
        assert!(open(&uri).is_err() && place.exists());

        // Nothing is left to compute, and what is appended is appended once.
        let sink = create(&uri, &spec).unwrap();
        assert!(sink.stands(&[0, 0]));
        write(&*sink, &block, |_| true);
        sink.finish().unwrap();
        assert_eq!(left(directory.path()), [""; 0]);
        let now = whole(&uri);
        let (rows, from) = match part {
            Part::Append(_) => (28, 23),
            _ => (23, 2),
        };
        assert_eq!(now.shape[..], [rows, 17]);
        let moved = cut(&now, [from, 0], [from + 5, 17]);
        assert_eq!(moved.data.as_bytes(), block.data.as_bytes());
        assert_eq!(
            cut(&now, [0, 0], [2, 17]).data.as_bytes(),
            cut(&all, [0, 0], [2, 17]).data.as_bytes()
        );
        let mark = fs::read_to_string(Path::new(&uri).join(".tilewright")).unwrap();
        assert!(mark.contains("complete"), "{mark}");
    }
}

#[test]
fn a_chunk_that_is_missing_is_damage_in_an_array_that_was_stored_whole() {
    let directory = tempfile::tempdir().unwrap();
    for complete in [true, false] {
        let uri = at(directory.path(), &format!("{complete}.zarr"));
        let mut spec = spec(&Codecs::default());
        spec.complete = complete;
        store(&uri, &spec, &expected(DType::F64, &[23, 17])).unwrap();
        fs::remove_file(Path::new(&uri).join("c/1/2")).unwrap();
        let read = read(&*open(&uri).unwrap(), &Counters::default());
        if !complete {
            assert_eq!(read.unwrap().get(4 * 17 + 6), Some(Scalar::from(7.0)));
            continue;
        }
        let error = read.unwrap_err();
        assert_eq!(error.kind(), Kind::Source);
        assert!(error.message().contains("missing"), "{error}");
        assert!(
            error
                .facts()
                .iter()
                .any(|(label, text)| label == "chunk" && text == "[1, 2]")
        );
        assert!(
            error.suggestion().unwrap().contains(".tilewright"),
            "{error}"
        );
    }
}
