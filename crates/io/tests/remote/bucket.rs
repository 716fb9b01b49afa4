//! Are arrays in a bucket listed, read and written?

use super::server::Fault;
use super::{bucket_server, fixtures, numbers, read};
use tilewright_core::{DType, Kind};
use tilewright_io::{ArraySpec, Counters, Part, Sink, create, list, open};

fn spec() -> ArraySpec {
    let mut spec = ArraySpec::new(&[1000], DType::F64, &[300]);
    spec.complete = true;
    spec.origin = Some("numbers".into());
    spec
}

/// The elements of chunk `k`.
fn chunk(k: i64) -> Vec<u8> {
    let all = numbers(1000);
    let (from, to) = (k as usize * 300 * 8, (k as usize + 1) * 300 * 8);
    all.data.as_bytes()[from..to.min(8000)].to_vec()
}

#[test]
fn a_bucket_is_listed_and_read() {
    let server = bucket_server();
    server.put_all("reading/data/v3.zarr", &fixtures().join("v3.zarr/group"));
    server.put("reading/data/x.npy", &super::npy(100));
    let found = list("s3://reading/data/v3.zarr").unwrap();
    assert_eq!(found, ["s3://reading/data/v3.zarr/inner/deep"]);
    let local = fixtures().join("v3.zarr/group/inner/deep");
    assert_eq!(
        read(&found[0]).unwrap(),
        read(local.to_str().unwrap()).unwrap()
    );
    assert_eq!(
        read("s3://reading/data/x.npy").unwrap()[0],
        numbers(100).data.as_bytes()
    );
}

#[test]
fn what_is_written_reads_back() {
    let server = bucket_server();
    let uri = "s3://writing/a.zarr/group/x";
    let sink = create(uri, &spec()).unwrap();
    for k in 0..4 {
        sink.write_chunk(&[k], &chunk(k), &Counters::default())
            .unwrap();
        assert!(
            open(uri).is_err(),
            "nothing shows before all of it is there"
        );
    }
    sink.finish().unwrap();
    assert_eq!(read(uri).unwrap().concat(), numbers(1000).data.as_bytes());
    assert_eq!(list("s3://writing/a.zarr").unwrap(), [uri]);
    let error = create(uri, &spec()).err().unwrap();
    assert!(
        error.kind() == Kind::Sink && error.to_string().contains("--overwrite"),
        "{error}"
    );
    // One that replaces it stands beside it until it is whole.
    let names = || {
        let names = server.names().into_iter();
        let here = |name: &String| name.starts_with("/writing/");
        names.filter(here).collect::<Vec<String>>()
    };
    let before = names();
    let mut fewer = ArraySpec::new(&[300], DType::F64, &[300]).overwrite(true);
    fewer.complete = true;
    let sink = create(uri, &fewer).unwrap();
    sink.write_chunk(&[0], &chunk(1), &Counters::default())
        .unwrap();
    assert_eq!(read(uri).unwrap().concat(), numbers(1000).data.as_bytes());
    sink.abort();
    assert_eq!(names(), before);
    let sink = create(uri, &fewer).unwrap();
    sink.write_chunk(&[0], &chunk(1), &Counters::default())
        .unwrap();
    sink.finish().unwrap();
    assert_eq!(read(uri).unwrap(), [chunk(1)]);
    assert_eq!(names().len(), before.len() - 3);
    let sink = create(uri, &spec().overwrite(true)).unwrap();
    for k in 0..4 {
        sink.write_chunk(&[k], &chunk(k), &Counters::default())
            .unwrap();
    }
    sink.finish().unwrap();
    assert_eq!(names(), before);
    let within = create(&format!("{uri}/y"), &spec()).err().unwrap();
    assert!(within.to_string().contains("within an array"), "{within}");
    // A chunk that is lost is damage.
    server.remove("writing/a.zarr/group/x/c/2");
    let error = read(uri).unwrap_err().to_string();
    assert!(
        error.contains("missing") && error.contains("[2]"),
        "{error}"
    );
}

#[test]
fn what_is_given_up_leaves_nothing() {
    let server = bucket_server();
    let left = || {
        let names = server.names();
        names
            .into_iter()
            .filter(|name| name.starts_with("/given-up/"))
            .count()
    };
    let sink = create("s3://given-up/x.zarr", &spec()).unwrap();
    sink.write_chunk(&[0], &chunk(0), &Counters::default())
        .unwrap();
    assert_eq!(left(), 2);
    sink.abort();
    assert_eq!(left(), 0);
    // Nor does one whose chunk cannot be written.
    server.plant("PUT /given-up/y.zarr/c/1", Fault::Status(507), usize::MAX);
    let sink = create("s3://given-up/y.zarr", &spec()).unwrap();
    sink.write_chunk(&[0], &chunk(0), &Counters::default())
        .unwrap();
    let error = sink
        .write_chunk(&[1], &chunk(1), &Counters::default())
        .unwrap_err();
    assert!(
        error.kind() == Kind::Sink && error.to_string().contains("[1]"),
        "{error}"
    );
    sink.finish().unwrap_err();
    assert_eq!(left(), 0);
    // A failure that passes is no failure.
    server.plant("PUT /given-up/z.zarr/c/1", Fault::Status(503), 2);
    server.plant("PUT /given-up/z.zarr/c/2", Fault::Stall, 1);
    let sink = create("s3://given-up/z.zarr", &spec()).unwrap();
    for k in 0..4 {
        sink.write_chunk(&[k], &chunk(k), &Counters::default())
            .unwrap();
    }
    sink.finish().unwrap();
    assert_eq!(
        read("s3://given-up/z.zarr").unwrap().concat(),
        numbers(1000).data.as_bytes()
    );
}

#[test]
fn what_a_killed_process_left_goes_on() {
    bucket_server();
    let uri = "s3://killed/x.zarr";
    let sink = create(uri, &spec()).unwrap();
    sink.write_chunk(&[1], &chunk(1), &Counters::default())
        .unwrap();
    // As if the process were killed: nothing is cleaned up.
    std::mem::forget(sink);
    let mut other = spec();
    other.origin = Some("something else".into());
    let error = create(uri, &other).err().unwrap().to_string();
    assert!(error.contains("unfinished"), "{error}");
    let sink = create(uri, &spec()).unwrap();
    assert!(sink.stands(&[1]) && !sink.stands(&[0]));
    for k in [0, 2, 3] {
        sink.write_chunk(&[k], &chunk(k), &Counters::default())
            .unwrap();
    }
    sink.finish().unwrap();
    assert_eq!(read(uri).unwrap().concat(), numbers(1000).data.as_bytes());
}

#[test]
fn parts_go_into_an_array_and_what_was_left_to_copy_is_copied_first() {
    let server = bucket_server();
    let uri = "s3://parts/x.zarr";
    let sink = create(uri, &spec()).unwrap();
    for k in 0..4 {
        sink.write_chunk(&[k], &chunk(k), &Counters::default())
            .unwrap();
    }
    sink.finish().unwrap();
    // What is appended shares the last chunk with what is there.
    let part = |origin: &str| {
        let mut spec = ArraySpec::new(&[300], DType::F64, &[1]);
        spec.part = Part::Append(0);
        spec.origin = Some(origin.into());
        spec
    };
    let write = |sink: &dyn Sink| {
        for (k, len) in [(0, 200), (1, 100)] {
            let ones = 1f64.to_le_bytes().repeat(len);
            sink.write_chunk(&[k], &ones, &Counters::default()).unwrap();
        }
    };
    let mut want = numbers(1000).data.as_bytes().to_vec();
    want.extend(1f64.to_le_bytes().repeat(300));
    // It is broken off while it is copied: nobody takes the array for whole.
    server.plant("PUT /parts/x.zarr/c/4", Fault::Status(403), usize::MAX);
    let sink = create(uri, &part("a")).unwrap();
    write(&*sink);
    assert_eq!(read(uri).unwrap().concat(), numbers(1000).data.as_bytes());
    let error = sink.finish().unwrap_err().to_string();
    assert!(error.contains("moves the rest"), "{error}");
    let error = read(uri).unwrap_err().to_string();
    assert!(error.contains("interrupted"), "{error}");
    server.heal("PUT /parts/x.zarr/c/4");
    let sink = create(uri, &part("a")).unwrap();
    assert!(
        sink.stands(&[0]) && sink.stands(&[1]),
        "it is appended once"
    );
    sink.finish().unwrap();
    assert_eq!(read(uri).unwrap().concat(), want);
    let sink = create(uri, &part("b")).unwrap();
    write(&*sink);
    drop(sink);
    assert_eq!(read(uri).unwrap().concat(), want);
    let names = server.names();
    assert!(
        !names.iter().any(|name| name.contains("partial")),
        "{names:?}"
    );
}

#[test]
fn files_are_not_written_to_a_bucket() {
    bucket_server();
    let error = create("s3://writing/x.npy", &spec()).err().unwrap();
    assert!(error.to_string().contains(".zarr"), "{error}");
}
