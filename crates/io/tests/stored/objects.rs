//! What goes into a place of objects, and what comes out of it?

use crate::values::{chunk_box, chunks, element, expected, read};
use tilewright_core::{DType, Kind, Slice};
use tilewright_io::memory::MemorySource;
use tilewright_io::{
    ArraySpec, Codecs, Compression, Counters, Part, Sink, Source, create, list, open,
};

const SHAPE: [i64; 2] = [23, 17];

fn spec(origin: &str) -> ArraySpec {
    let mut spec = ArraySpec::new(&SHAPE, DType::F64, &[8, 6]);
    spec.complete = true;
    spec.origin = Some(origin.into());
    spec
}

/// Writes the chunks that `wanted` names.
fn write(sink: &dyn Sink, wanted: impl Fn(usize) -> bool) {
    let info = sink.info();
    let block = expected(info.dtype, &info.shape);
    let source = MemorySource::new(block, info.grid.clone()).unwrap();
    let counts: Vec<i64> = info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    for (number, index) in chunks(&counts).into_iter().enumerate() {
        let (_, lens) = chunk_box(&source, &index);
        let mut chunk = vec![0; lens.iter().product::<i64>() as usize * 8];
        let counters = Counters::default();
        source.read_chunk(&index, &mut chunk, &counters).unwrap();
        if wanted(number) {
            sink.write_chunk(&index, &chunk, &counters).unwrap();
        }
    }
}

fn check(uri: &str) {
    let source = open(uri).unwrap();
    let block = read(&*source, &Counters::default()).unwrap();
    let want = expected(DType::F64, &SHAPE);
    assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{uri}");
    source.check_identity().unwrap();
}

#[test]
fn what_is_written_reads_back() {
    let plain = Codecs::default();
    let shards = Codecs {
        shards: Some([16, 12].as_slice().into()),
        ..plain.clone()
    };
    let bare = Codecs {
        compression: Compression::None,
        checksum: false,
        ..plain.clone()
    };
    let old = Codecs {
        checksum: false,
        zarr_version: 2,
        ..plain.clone()
    };
    for (name, codecs) in [("a", plain), ("b", shards), ("c", bare), ("d", old)] {
        let uri = format!("memory://round/{name}.zarr/group/x");
        let mut spec = spec("x");
        spec.codecs = Some(codecs);
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, |_| true);
        assert!(open(&uri).is_err(), "nothing shows before it is finished");
        sink.finish().unwrap();
        check(&uri);
        assert_eq!(list(&format!("memory://round/{name}.zarr")).unwrap(), [uri]);
    }
    // A part of a bare chunk.
    let source = open("memory://round/c.zarr/group/x").unwrap();
    let mut into = [0; 8];
    let read = source.read_part(&[1, 1], &[2, 3], &[1, 1], &mut into, &Counters::default());
    assert!(read.unwrap());
    let want = element(DType::F64, 10 * 17 + 9);
    assert_eq!(into, want.to_f64().to_le_bytes());
}

#[test]
fn what_was_left_goes_on_and_what_stands_stays() {
    let uri = "memory://killed.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |number| number % 2 == 0);
    // As if the process were killed: nothing is cleaned up.
    std::mem::forget(sink);
    let error = create(uri, &spec("y")).err().unwrap();
    assert!(error.to_string().contains("unfinished"), "{error}");
    let sink = create(uri, &spec("x")).unwrap();
    assert!(sink.stands(&[0, 0]) && !sink.stands(&[0, 1]));
    write(&*sink, |number| number % 2 == 1);
    sink.finish().unwrap();
    check(uri);
    let error = create(uri, &spec("x")).err().unwrap();
    assert_eq!(error.kind(), Kind::Sink);
    assert!(error.to_string().contains("--overwrite"), "{error}");
    check(uri);
    // Given up for another.
    let uri = "memory://other.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |number| number == 0);
    std::mem::forget(sink);
    let sink = create(uri, &spec("y").overwrite(true)).unwrap();
    assert!(!sink.stands(&[0, 0]));
    write(&*sink, |_| true);
    sink.finish().unwrap();
    check(uri);
}

#[test]
fn an_array_is_replaced_when_the_new_one_is_whole() {
    let uri = "memory://replaced/x.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |_| true);
    sink.finish().unwrap();
    let mut larger = spec("y").overwrite(true);
    larger.shape = [40, 17].as_slice().into();
    let sink = create(uri, &larger).unwrap();
    write(&*sink, |number| number < 5);
    check(uri);
    // As if the process were killed: the old one stays, and the new one goes on.
    std::mem::forget(sink);
    check(uri);
    let sink = create(uri, &larger).unwrap();
    assert!(sink.stands(&[0, 0]) && !sink.stands(&[4, 2]));
    write(&*sink, |number| number >= 5);
    sink.finish().unwrap();
    let source = open(uri).unwrap();
    let block = read(&*source, &Counters::default()).unwrap();
    let want = expected(DType::F64, &[40, 17]);
    assert_eq!(block.data.as_bytes(), want.data.as_bytes());
    // By fewer chunks, of which none is left; what was left beside it goes with the next store.
    std::mem::forget(create(uri, &larger).unwrap());
    let sink = create(uri, &spec("x").overwrite(true)).unwrap();
    write(&*sink, |_| true);
    sink.finish().unwrap();
    check(uri);
    assert_eq!(list("memory://replaced").unwrap(), [uri]);
}

#[test]
fn what_is_given_up_leaves_nothing() {
    let uri = "memory://aborted.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |_| true);
    sink.abort();
    assert!(open(uri).is_err());
    // So that anything may go there.
    let sink = create(uri, &spec("y")).unwrap();
    write(&*sink, |_| true);
    sink.finish().unwrap();
    check(uri);
}

/// A part of rows from the formula of 40 rows, and where it goes.
fn rows(part: Part, rows: i64) -> ArraySpec {
    let mut spec = ArraySpec::new(&[rows, 17], DType::F64, &[1, 1]);
    spec.part = part;
    spec.origin = Some("part".into());
    spec
}

/// Writes the chunks that `wanted` names, of elements that are all this number.
fn write_all_of(sink: &dyn Sink, number: f64, wanted: impl Fn(usize) -> bool) {
    let info = sink.info();
    let counts: Vec<i64> = info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    for (k, index) in chunks(&counts).into_iter().enumerate() {
        let elements = info.grid.bounds(&index).map(|(from, to)| to - from);
        let chunk = number
            .to_le_bytes()
            .repeat(elements.product::<i64>() as usize);
        if wanted(k) {
            sink.write_chunk(&index, &chunk, &Counters::default())
                .unwrap();
        }
    }
}

/// The rows of an array that hold this number alone; the others are those of the formula.
fn check_rows(uri: &str, len: i64, are: std::ops::Range<i64>, number: f64) {
    let block = read(&*open(uri).unwrap(), &Counters::default()).unwrap();
    assert_eq!(block.shape[..], [len, 17], "{uri}");
    for k in 0..block.len() {
        let want = match are.contains(&(k as i64 / 17)) {
            true => number,
            false => element(DType::F64, k as i64).to_f64(),
        };
        assert_eq!(block.get(k).unwrap().to_f64(), want, "{uri} {k}");
    }
}

fn region(from: i64, to: i64) -> Part {
    let rows = Slice {
        start: Some(from),
        stop: Some(to),
        step: None,
    };
    Part::Region(vec![rows, Slice::default()])
}

#[test]
fn parts_go_into_an_array_as_on_a_disk() {
    let shards = Codecs {
        shards: Some([16, 12].as_slice().into()),
        ..Codecs::default()
    };
    for (name, codecs) in [("a", None), ("b", Some(shards))] {
        let uri = format!("memory://parts/{name}.zarr/group/x");
        let mut whole = spec("x");
        whole.codecs = codecs;
        let sink = create(&uri, &whole).unwrap();
        write(&*sink, |_| true);
        sink.finish().unwrap();
        let opened = open(&uri).unwrap();
        let sink = create(&uri, &rows(region(5, 9), 4)).unwrap();
        write_all_of(&*sink, 3.0, |_| true);
        check(&uri);
        opened.check_identity().unwrap();
        sink.finish().unwrap();
        check_rows(&uri, 23, 5..9, 3.0);
        assert!(opened.check_identity().is_err(), "a reader notices");
        let sink = create(&uri, &rows(region(5, 9), 4)).unwrap();
        write_all_of(&*sink, 4.0, |_| true);
        drop(sink);
        check_rows(&uri, 23, 5..9, 3.0);
        let sink = create(&uri, &rows(Part::Append(0), 12)).unwrap();
        write_all_of(&*sink, 3.0, |_| true);
        check_rows(&uri, 23, 5..9, 3.0);
        sink.finish().unwrap();
        let source = open(&uri).unwrap();
        assert_eq!(source.info().shape[..], [35, 17]);
        let block = read(&*source, &Counters::default()).unwrap();
        assert_eq!(block.get(35 * 17 - 1).unwrap().to_f64(), 3.0);
        // Nothing is left beside it.
        assert_eq!(list(&format!("memory://parts/{name}.zarr")).unwrap(), [uri]);
    }
    let error = create("memory://parts/none.zarr", &rows(region(5, 9), 4));
    let error = error.err().unwrap();
    assert!(
        error.to_string().contains("no array to write a part of"),
        "{error}"
    );
    let error = create("memory://parts/a.zarr/group/x", &rows(region(5, 9), 3));
    let error = error.err().unwrap();
    assert!(
        error.to_string().contains("the region has shape"),
        "{error}"
    );
}

#[test]
fn a_part_that_was_killed_goes_on_and_is_told_from_another() {
    let uri = "memory://parts/killed.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |_| true);
    sink.finish().unwrap();
    let part = rows(region(5, 9), 4);
    let sink = create(uri, &part).unwrap();
    write_all_of(&*sink, 3.0, |k| k % 2 == 0);
    // As if the process were killed: nothing is cleaned up.
    std::mem::forget(sink);
    check(uri);
    let error = create(uri, &rows(region(6, 10), 4)).err().unwrap();
    assert!(error.to_string().contains("unfinished"), "{error}");
    let sink = create(uri, &part).unwrap();
    assert!(sink.stands(&[0, 0]) && !sink.stands(&[0, 1]));
    write_all_of(&*sink, 3.0, |k| k % 2 == 1);
    sink.finish().unwrap();
    check_rows(uri, 23, 5..9, 3.0);
}

#[test]
fn what_objects_cannot_do_is_refused() {
    let uri = "memory://whole.zarr";
    let sink = create(uri, &spec("x")).unwrap();
    write(&*sink, |_| true);
    sink.finish().unwrap();
    let error = create(&format!("{uri}/within"), &spec("x")).err().unwrap();
    assert!(error.to_string().contains("within an array"), "{error}");
    let error = create("memory://x.npy", &spec("x")).err().unwrap();
    assert!(error.to_string().contains(".zarr"), "{error}");
}

#[test]
#[cfg(not(feature = "remote"))]
fn what_needs_the_feature_names_it() {
    for uri in [
        "http://host/x.zarr",
        "https://host/x.npy",
        "s3://bucket/x.zarr",
    ] {
        let error = open(uri).err().unwrap();
        assert_eq!(error.kind(), Kind::Source);
        assert!(error.to_string().contains("--features remote"), "{error}");
        let error = create(uri, &spec("x")).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink);
    }
}
