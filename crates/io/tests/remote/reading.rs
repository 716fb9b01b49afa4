//! Is what is read what stands there, and no more asked for than needed?

use super::{chunks, fixtures, npy, read, server};
use std::sync::atomic::Ordering::Relaxed;
use tilewright_io::{ArraySpec, Codecs, Compression, Counters, create, list, open};

/// Arrays in one file each, that other programs wrote, and what stands behind their names.
const FILES: &[(&str, &str)] = &[
    ("npy/c.npy", ""),
    ("npy/big_fortran.npy", ""),
    ("npy/fortran_3d.npy", ""),
    ("npy/bool.npy", ""),
    ("npy/scalar.npy", ""),
    ("npz/stored.npz", "#a"),
    ("npz/packed.npz", "#a"),
    ("nifti/int16.nii", ""),
    ("nifti/packed.nii.gz", ""),
    ("nifti/pair.hdr", ""),
    ("nifti/pair.img", ""),
    ("tiff/tiles_zstd.tif", ""),
    ("tiff/strips_zlib.tif", ""),
    ("tiff/ome.ome.tif", ""),
];

#[test]
fn every_kind_of_file_reads_as_on_a_disk() {
    let server = server();
    server.put_all("data of files", &fixtures());
    let local = |name: &str| fixtures().join(name).to_str().unwrap().to_owned();
    for (name, key) in FILES {
        let uri = server.uri(&format!("data%20of%20files/{name}{key}"));
        let want = read(&format!("{}{key}", local(name))).unwrap();
        let source = open(&uri).unwrap();
        assert!(source.in_place().is_none() || name.ends_with("z"), "{name}");
        let counters = Counters::default();
        assert_eq!(chunks(&*source, &counters).unwrap(), want, "{name}");
        source.check_identity().unwrap();
    }
    for file in ["hdf5/latest.h5", "hdf5/earliest.h5", "hdf5/climate.nc"] {
        for uri in list(&local(file)).unwrap() {
            let (_, key) = uri.split_once('#').unwrap();
            let Ok(want) = read(&uri) else { continue };
            let remote = server.uri(&format!("data%20of%20files/{file}#{key}"));
            assert_eq!(read(&remote).unwrap(), want, "{file} {key}");
        }
    }
    for store in ["v2.zarr", "v3.zarr"] {
        for uri in list(&local(store)).unwrap() {
            let Ok(want) = read(&uri) else { continue };
            let (_, name) = uri.split_once(store).unwrap();
            let remote = server.uri(&format!("data%20of%20files/{store}{name}"));
            assert_eq!(read(&remote).unwrap(), want, "{store} {name}");
        }
    }
}

#[test]
fn a_shard_gives_the_inner_chunks_that_are_asked_for() {
    let server = server();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.zarr");
    let mut spec = ArraySpec::new(&[100_000], tilewright_core::DType::F64, &[10_000]);
    spec.codecs = Some(Codecs {
        compression: Compression::None,
        checksum: true,
        shards: Some([100_000].as_slice().into()),
        zarr_version: 3,
    });
    let sink = create(path.to_str().unwrap(), &spec).unwrap();
    let block = super::numbers(100_000);
    sink.write_chunk(&[0], block.data.as_bytes(), &Counters::default())
        .unwrap();
    sink.finish().unwrap();
    server.put_all("x.zarr", &path);
    let source = open(&server.uri("x.zarr")).unwrap();
    server.sent();
    let mut into = vec![0; 80_000];
    let counters = Counters::default();
    source.read_chunk(&[3], &mut into, &counters).unwrap();
    assert_eq!(into, block.data.as_bytes()[240_000..320_000]);
    // The chunk with its checksum, and the block of the file in which the index stands.
    let sent = server.sent();
    assert!((80_004..80_004 + (32 << 10)).contains(&sent), "{sent}");
    source.read_chunk(&[4], &mut into, &counters).unwrap();
    assert_eq!(server.sent(), 80_004);
    assert_eq!(counters.chunks_read.load(Relaxed), 2);
    assert!(
        server
            .lines()
            .iter()
            .filter(|line| line.starts_with("HEAD"))
            .count()
            <= 3 + 3
    );
}

#[test]
fn a_chunk_that_is_an_object_is_asked_for_once() {
    let server = server();
    for compression in [Compression::None, Compression::Zstd(1)] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.zarr");
        let mut spec = ArraySpec::new(&[90_000], tilewright_core::DType::F64, &[40_000]);
        spec.codecs = Some(Codecs {
            compression,
            ..Codecs::default()
        });
        let sink = create(path.to_str().unwrap(), &spec).unwrap();
        let block = super::numbers(90_000);
        let bytes = block.data.as_bytes();
        for (k, chunk) in bytes.chunks(320_000).enumerate() {
            let written = sink.write_chunk(&[k as i64], chunk, &Counters::default());
            written.unwrap();
        }
        sink.finish().unwrap();
        server.put_all("x.zarr", &path);
        let source = open(&server.uri("x.zarr")).unwrap();
        server.lines();
        let counters = Counters::default();
        let read = chunks(&*source, &counters).unwrap();
        assert_eq!(read.concat(), bytes);
        let lines = server.lines();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(
            lines.iter().all(|line| line.starts_with("GET")),
            "{lines:?}"
        );
        // One that is too long is not taken.
        let uri = server.uri("x.zarr");
        server.put("x.zarr/c/1", &vec![0; 4 << 20]);
        let mut into = vec![0; 320_000];
        let error = source.read_chunk(&[1], &mut into, &counters).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("at most") && error.contains(&uri), "{error}");
    }
}

#[test]
fn a_part_of_a_plain_file_is_a_range() {
    let server = server();
    server.put("x.npy", &npy(1_000_000));
    let source = open(&server.uri("x.npy")).unwrap();
    assert!(server.sent() <= 32 << 10, "the header");
    let mut into = vec![0; 80_000];
    let counters = Counters::default();
    let read = source.read_part(&[0], &[500], &[10_000], &mut into, &counters);
    assert!(read.unwrap());
    assert_eq!(into, super::numbers(20_000).data.as_bytes()[4000..84_000]);
    assert_eq!(server.sent(), 80_000);
    // What is near is read in one piece, also of bare elements that say nothing of themselves.
    server.put("x.raw", super::numbers(100_000).data.as_bytes());
    let source = open(&server.uri("x.raw?shape=1000,100&dtype=float64")).unwrap();
    server.sent();
    server.lines();
    let mut into = vec![0; 80];
    source
        .read_part(&[0, 0], &[5, 7], &[10, 1], &mut into, &counters)
        .unwrap();
    let want: Vec<u8> = (5..15)
        .flat_map(|row| f64::to_le_bytes((row * 100 + 7) as f64))
        .collect();
    assert_eq!(into, want);
    assert!(server.lines().len() <= 2 && server.sent() <= 32 << 10);
}

#[test]
fn a_group_is_listed_by_what_it_says_of_itself() {
    let server = server();
    server.put_all("v3.zarr", &fixtures().join("v3.zarr"));
    let error = list(&server.uri("v3.zarr/group")).unwrap_err();
    assert!(error.to_string().contains("consolidate"), "{error}");
    let nodes = r#"{"a/x": {"node_type": "array"}, "a": {"node_type": "group"}, "../y": {"node_type": "array"}}"#;
    let group = format!(
        r#"{{"zarr_format": 3, "node_type": "group", "consolidated_metadata": {{"metadata": {nodes}}}}}"#
    );
    server.put("new.zarr/zarr.json", group.as_bytes());
    assert_eq!(
        list(&server.uri("new.zarr")).unwrap(),
        [server.uri("new.zarr/a/x")]
    );
    let error = open(&server.uri("new.zarr")).err().unwrap().to_string();
    assert!(
        error.contains("group") && error.contains("new.zarr/a/x"),
        "{error}"
    );
    let old = r#"{"metadata": {".zgroup": {}, "b/.zarray": {}, "b/.zattrs": {}}}"#;
    server.put("old.zarr/.zmetadata", old.as_bytes());
    assert_eq!(
        list(&server.uri("old.zarr")).unwrap(),
        [server.uri("old.zarr/b")]
    );
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    let server = server();
    server.put("x.npy", &npy(1_000_000));
    let source = open(&server.uri("x.npy")).unwrap();
    std::thread::scope(|scope| {
        for k in 0..16 {
            let source = &source;
            scope.spawn(move || {
                let mut into = vec![0; 400_000];
                source
                    .read_part(&[0], &[k * 10], &[50_000], &mut into, &Counters::default())
                    .unwrap();
            });
        }
    });
    // A connection is counted until its thread has seen it end.
    assert!(server.most_at_once() <= 4 + 1, "{}", server.most_at_once());
}

#[test]
fn a_caller_with_a_runtime_of_its_own_may_wait() {
    let server = server();
    server.put("x.npy", &npy(100));
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let read = runtime.block_on(async { read(&server.uri("x.npy")) });
    assert_eq!(read.unwrap()[0], super::numbers(100).data.as_bytes());
}
