//! What of a file that a killed process left does the next store of the same take?

use crate::parts::{at, kill, store, write};
use crate::values::expected;
use std::fs;
use tilewright_core::{DType, Kind};
use tilewright_io::{ArraySpec, Part, Sink, create, open};

/// Places of files, and of the datasets in them.
const FILES: [(&str, &str); 8] = [
    ("x.npy", ""),
    ("x.npz", "#x"),
    ("x.nii", ""),
    ("x.nii.gz", ""),
    ("x.raw", ""),
    ("x.raw", "?shape=23,17&dtype=float64&order=F"),
    ("x.npystack", ""),
    ("x.h5", "#/group/x"),
];

fn told(origin: &str) -> ArraySpec {
    let mut spec = ArraySpec::new(&[23, 17], DType::F64, &[4, 3]);
    spec.origin = Some(origin.into());
    spec
}

/// The chunks of a sink, by number.
fn all(sink: &dyn Sink) -> Vec<Vec<i64>> {
    let counts: Vec<i64> = (sink.info().grid.axes.iter().map(|axis| axis.chunks())).collect();
    crate::values::chunks(&counts)
}

/// The bytes of a file, or of all files of a directory.
fn bytes(path: &str) -> Vec<Vec<u8>> {
    if let Ok(bytes) = fs::read(path) {
        return vec![bytes];
    }
    let entries = fs::read_dir(path).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn an_interrupted_file_goes_on_and_ends_byte_for_byte_the_same() {
    let block = expected(DType::F64, &[23, 17]);
    for (name, key) in FILES {
        let directory = tempfile::tempdir().unwrap();
        let path = at(directory.path(), name);
        let uri = format!("{path}{key}");
        store(&uri, &told("a"), &block).unwrap();
        let want = bytes(&path);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(_) => fs::remove_dir_all(&path).unwrap(),
        }

        let sink = create(&uri, &told("a")).unwrap();
        write(&*sink, &block, |k| k % 3 == 0);
        let chunks = all(&*sink);
        let written = chunks.len().div_ceil(3);
        let error = create(&uri, &told("a")).err().unwrap();
        assert!(error.message().contains("another process"), "{error}");
        kill(sink, directory.path());
        assert_eq!(open(&uri).err().unwrap().kind(), Kind::Source, "{uri}");
        // Another expression is not the same, and gives up what is there only if told.
        let error = create(&uri, &told("b")).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink, "{uri}");
        assert!(
            error.suggestion().unwrap().contains("--overwrite"),
            "{error}"
        );

        let sink = create(&uri, &told("a")).unwrap();
        let stand: Vec<bool> = chunks.iter().map(|chunk| sink.stands(chunk)).collect();
        assert_eq!(
            stand.iter().filter(|&&stands| stands).count(),
            written,
            "{uri}"
        );
        write(&*sink, &block, |k| {
            !stand[chunks.len() - 1 - k] && k % 2 == 1
        });
        let place = kill(sink, directory.path());
        // A killed process may tear its last entry; a power failure may lose what was written.
        if let Ok(journal) = fs::read(place.join("journal")) {
            fs::write(place.join("journal"), [&journal[..], b"torn"].concat()).unwrap();
            let file = fs::OpenOptions::new().write(true).open(place.join("file"));
            let file = file.unwrap();
            let len = file.metadata().unwrap().len();
            file.set_len(len / 2).unwrap();
            file.set_len(len).unwrap();
        }
        let sink = create(&uri, &told("a")).unwrap();
        let stand: Vec<bool> = chunks.iter().map(|chunk| sink.stands(chunk)).collect();
        let count = stand.iter().filter(|&&stands| stands).count();
        assert!(0 < count && count < chunks.len(), "{uri}: {count}");
        write(&*sink, &block, |k| !stand[k]);
        sink.finish().unwrap();
        assert!(bytes(&path) == want, "{uri}: byte for byte");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "{uri}");
    }
}

#[test]
fn a_file_has_the_same_bytes_whichever_chunk_was_first() {
    let block = expected(DType::F64, &[23, 17]);
    for (name, key) in FILES {
        let directory = tempfile::tempdir().unwrap();
        let stored = [0, 1].map(|round| {
            let path = at(directory.path(), &format!("{round}-{name}"));
            let sink = create(&format!("{path}{key}"), &told("a")).unwrap();
            let even = |k: usize| k % 2 == round;
            write(&*sink, &block, even);
            write(&*sink, &block, |k| !even(k));
            sink.finish().unwrap();
            bytes(&path)
        });
        assert!(stored[0] == stored[1], "{name}{key}");
    }
}

#[test]
fn datasets_of_one_file_are_left_and_go_on_one_by_one() {
    let directory = tempfile::tempdir().unwrap();
    let uris = ["a", "b"].map(|name| format!("{}#/{name}", at(directory.path(), "x.h5")));
    let block = expected(DType::F64, &[23, 17]);
    let sink = create(&uris[0], &told("a")).unwrap();
    write(&*sink, &block, |k| k < 5);
    kill(sink, directory.path());
    store(&uris[1], &told("b"), &block).unwrap();
    let sink = create(&uris[0], &told("a")).unwrap();
    let stand: Vec<bool> = all(&*sink).iter().map(|chunk| sink.stands(chunk)).collect();
    assert!(stand[..5].iter().all(|&stands| stands) && !stand[5..].contains(&true));
    write(&*sink, &block, |k| !stand[k]);
    sink.finish().unwrap();
    for uri in &uris {
        let read = crate::values::read(&*open(uri).unwrap(), &tilewright_io::Counters::default());
        assert!(
            read.unwrap().data.as_bytes() == block.data.as_bytes(),
            "{uri}"
        );
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_part_of_a_dataset_goes_on_unless_the_dataset_has_changed() {
    let directory = tempfile::tempdir().unwrap();
    let uri = format!("{}#/x", at(directory.path(), "x.h5"));
    let block = expected(DType::F64, &[23, 17]);
    store(&uri, &told("a"), &block).unwrap();
    let mut part = told("part");
    part.part = Part::Append(0);
    let begun = || {
        let sink = create(&uri, &part).unwrap();
        write(&*sink, &block, |k| k < 7);
        kill(sink, directory.path())
    };
    begun();
    let sink = create(&uri, &part).unwrap();
    let stand: Vec<bool> = all(&*sink).iter().map(|chunk| sink.stands(chunk)).collect();
    assert_eq!(stand.iter().filter(|&&stands| stands).count(), 7);
    write(&*sink, &block, |k| !stand[k]);
    sink.finish().unwrap();
    let place = begun();
    // What was begun for 46 rows is nothing for 69.
    let mut other = told("other").overwrite(true);
    other.part = Part::Append(0);
    store(&uri, &other, &block).unwrap();
    assert!(!place.exists());
    let both = open(&uri).unwrap();
    assert_eq!(both.info().shape[..], [69, 17]);
}
