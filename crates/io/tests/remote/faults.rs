//! What comes of a server that does wrong?

use super::server::Fault;
use super::{npy, numbers, read, server};
use std::time::{Duration, Instant};
use tilewright_core::Kind;
use tilewright_io::{Counters, open};

/// Longer than any operation may take.
const BOUND: Duration = Duration::from_secs(8);

const ALWAYS: usize = usize::MAX;

/// The outcome of reading 8 KB of a file while a server does wrong.
fn outcome(within: &str, fault: Fault, times: usize) -> Result<(), String> {
    let server = server();
    server.put("x.npy", &npy(10_000));
    let source = open(&server.uri("x.npy")).unwrap();
    server.plant(within, fault, times);
    let started = Instant::now();
    let mut into = vec![0; 8000];
    let read = source.read_part(&[0], &[5000], &[1000], &mut into, &Counters::default());
    assert!(
        started.elapsed() < BOUND,
        "{fault:?}: {:?}",
        started.elapsed()
    );
    match read {
        Ok(_) => {
            assert_eq!(
                into,
                numbers(10_000).data.as_bytes()[40_000..48_000],
                "{fault:?}"
            );
            Ok(())
        }
        Err(error) => {
            let text = error.to_string();
            assert_eq!(error.kind(), Kind::Source, "{text}");
            for part in [&server.uri("x.npy"), "chunk", "[0]", "try"] {
                assert!(text.contains(part), "{fault:?} lacks {part}: {text}");
            }
            Err(text)
        }
    }
}

#[test]
fn what_passes_is_tried_again() {
    for fault in [
        Fault::Stall,
        Fault::StallWithin,
        Fault::Reset,
        Fault::Hangup,
        Fault::Short,
        Fault::Status(503),
        Fault::Status(500),
        Fault::Status(429),
        Fault::Status(408),
    ] {
        assert_eq!(outcome("GET", fault, 2), Ok(()), "{fault:?}");
    }
}

#[test]
fn what_does_not_pass_is_told() {
    for (fault, part) in [
        (Fault::Stall, "nothing came for 300ms"),
        (Fault::Reset, "broke off"),
        (Fault::Hangup, "the server fails"),
        (Fault::Short, "the answer ended after"),
        (Fault::Trickle, "longer than 3s"),
        (Fault::Status(503), "503"),
        (Fault::Status(404), "gone"),
        (Fault::Status(403), "refuses access"),
        (Fault::Status(401), "refuses access"),
        (Fault::Status(400), "400"),
        (Fault::NoRanges, "no ranges"),
        (Fault::OtherRange, "of no use"),
        (Fault::OtherTag, "has changed since it was opened"),
        (Fault::Redirect, "cannot be carried out"),
    ] {
        let text = outcome("GET", fault, ALWAYS).unwrap_err();
        assert!(text.contains(part), "{fault:?} lacks {part}: {text}");
    }
    // Every try gets further, until there are no more.
    let text = outcome("GET", Fault::StallWithin, ALWAYS).unwrap_err();
    assert!(text.contains("nothing came for 300ms"), "{text}");
}

#[test]
fn what_is_so_is_not_asked_twice() {
    for status in [400, 401, 403, 404, 410] {
        let server = server();
        server.put("x.npy", &npy(10_000));
        let source = open(&server.uri("x.npy")).unwrap();
        server.lines();
        server.plant("GET", Fault::Status(status), ALWAYS);
        let mut into = vec![0; 8000];
        source
            .read_part(&[0], &[5000], &[1000], &mut into, &Counters::default())
            .unwrap_err();
        assert_eq!(server.lines().len(), 1, "{status}");
    }
}

#[test]
fn a_server_without_ranges_gives_whole_chunks() {
    let server = server();
    server.put_all("v3.zarr", &super::fixtures().join("v3.zarr"));
    server.plant("GET", Fault::NoRanges, ALWAYS);
    let local = super::fixtures().join("v3.zarr/zstd");
    let want = read(local.to_str().unwrap()).unwrap();
    assert_eq!(read(&server.uri("v3.zarr/zstd")).unwrap(), want);
}

#[test]
fn a_server_without_tags_is_read() {
    let server = server();
    server.put("x.npy", &npy(10_000));
    server.plant("", Fault::NoTags, ALWAYS);
    assert_eq!(
        read(&server.uri("x.npy")).unwrap()[0],
        numbers(10_000).data.as_bytes()
    );
}

#[test]
fn an_object_that_is_replaced_is_told() {
    let server = server();
    server.put("x.npy", &npy(10_000));
    let source = open(&server.uri("x.npy")).unwrap();
    source.check_identity().unwrap();
    server.put("x.npy", &npy(10_001));
    let error = source.check_identity().unwrap_err().to_string();
    assert!(error.contains("changed"), "{error}");
    server.remove("x.npy");
    let error = source.check_identity().unwrap_err().to_string();
    assert!(error.contains("gone"), "{error}");
}

#[test]
fn what_is_not_there_is_told() {
    let server = server();
    for (path, part) in [("x.zarr", "no such array"), ("x.npy", "no such array")] {
        let error = open(&server.uri(path)).err().unwrap();
        let text = error.to_string();
        assert!(text.contains(part) && text.contains(path), "{text}");
    }
    // A server that answers for a directory with a page for people.
    server.put("data/", b"<html>x.zarr</html>");
    let error = open(&server.uri("data/")).err().unwrap().to_string();
    assert!(error.contains("no such array"), "{error}");
    // No server at all.
    let gone = server.uri("x.npy");
    drop(server);
    let started = Instant::now();
    let error = open(&gone).err().unwrap().to_string();
    assert!(
        error.contains("the server fails") && started.elapsed() < BOUND,
        "{error}"
    );
    for (uri, part) in [
        ("http://", "no host"),
        (
            "http://127.0.0.1:1/a/../../b.npy",
            "no object has such a name",
        ),
        ("gopher://x/y.npy", "no scheme"),
    ] {
        let error = open(uri).err().unwrap().to_string();
        assert!(error.contains(part), "{uri}: {error}");
    }
}

#[test]
fn missing_chunks_hold_the_fill_value_and_failing_ones_are_told() {
    let server = server();
    server.put_all("v3.zarr", &super::fixtures().join("v3.zarr"));
    let local = super::fixtures().join("v3.zarr/missing");
    let want = read(local.to_str().unwrap()).unwrap();
    assert_eq!(read(&server.uri("v3.zarr/missing")).unwrap(), want);
    // A server that fails is not one that has no such chunk.
    server.plant("/c/", Fault::Status(500), ALWAYS);
    let error = read(&server.uri("v3.zarr/zstd")).unwrap_err().to_string();
    assert!(error.contains("500") && error.contains("chunk"), "{error}");
    server.heal("/c/");
    server.plant("/c/", Fault::Status(403), ALWAYS);
    let error = read(&server.uri("v3.zarr/zstd")).unwrap_err().to_string();
    assert!(error.contains("refuses access"), "{error}");
}

#[test]
fn nothing_is_written_over_http() {
    let server = server();
    let spec = tilewright_io::ArraySpec::new(&[4], tilewright_core::DType::F64, &[4]);
    for path in ["x.zarr", "x.npy"] {
        let error = tilewright_io::create(&server.uri(path), &spec)
            .err()
            .unwrap();
        assert_eq!(error.kind(), Kind::Sink);
        assert!(error.to_string().contains("s3://"), "{error}");
    }
    assert!(server.lines().is_empty());
}
