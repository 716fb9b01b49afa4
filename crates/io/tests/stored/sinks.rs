//! Does what we write come back, and does nothing else ever show?

use crate::values::{chunk_box, chunks, expected, read};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use tilewright_core::{Block, DType, Grid, Kind, Result, Scalar};
use tilewright_io::memory::{MemorySink, MemorySource};
use tilewright_io::{
    ArraySpec, Blosc, BloscCompressor, BloscShuffle, Codecs, Compression, Counters, Sink, Source,
    create, keeps, list, open,
};

/// Every chunk's index and elements, as a source of the sink's own grid cuts them.
fn pieces(block: &Block, grid: &Grid) -> Vec<(Vec<i64>, Vec<u8>)> {
    let source = MemorySource::new(block.clone(), grid.clone()).unwrap();
    let counts: Vec<i64> = grid.axes.iter().map(|axis| axis.chunks()).collect();
    let piece = |index: Vec<i64>| {
        let (_, lens) = chunk_box(&source, &index);
        let mut chunk = Block::zeros(block.dtype, &lens).unwrap();
        let counters = Counters::default();
        source
            .read_chunk(&index, chunk.data.as_bytes_mut(), &counters)
            .unwrap();
        (index, chunk.data.as_bytes().to_vec())
    };
    chunks(&counts).into_iter().map(piece).collect()
}

/// Writes an array through a sink, without finishing.
pub fn write(sink: &dyn Sink, block: &Block, counters: &Counters) {
    for (index, bytes) in pieces(block, &sink.info().grid) {
        sink.write_chunk(&index, &bytes, counters).unwrap();
    }
}

/// Names in a directory, sorted.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn at(directory: &Path, name: &str) -> String {
    directory.join(name).to_str().unwrap().into()
}

const SHAPES: [(&[i64], &[i64]); 7] = [
    (&[23, 17], &[10, 7]),
    (&[23, 17], &[23, 4]),
    (&[23, 17], &[5, 17]),
    (&[7, 6, 5], &[3, 4, 2]),
    (&[], &[]),
    (&[0, 5], &[3, 5]),
    (&[100], &[-1]),
];

#[test]
fn every_dtype_and_shape_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    for extension in ["npy", "npz", "zarr"] {
        for dtype in DType::ALL {
            for (k, (shape, grid)) in SHAPES.iter().enumerate() {
                let uri = at(
                    directory.path(),
                    &format!("{}{k}.{extension}", dtype.name()),
                );
                let block = expected(dtype, shape);
                let sink = create(&uri, &ArraySpec::new(shape, dtype, grid)).unwrap();
                let counters = Counters::default();
                write(&*sink, &block, &counters);
                assert!(open(&uri).is_err(), "{uri} shows before it is finished");
                sink.finish().unwrap();
                sink.finish().unwrap();
                sink.abort();
                let source = open(&uri).unwrap();
                if extension == "zarr" {
                    assert_eq!(source.info().grid, sink.info().grid);
                } else {
                    assert_eq!(
                        counters.bytes_written.load(Ordering::Relaxed),
                        block.data.len() as u64
                    );
                }
                let back = read(&*source, &Counters::default()).unwrap();
                assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{uri}");
                let error = sink.write_chunk(&vec![0; shape.len()], &[], &counters);
                assert!(error.is_err());
            }
        }
    }
    assert!(
        names(directory.path())
            .iter()
            .all(|name| !name.contains("partial"))
    );
}

/// Every way in which a zarr array can be packed, with a name.
fn packings(shards: &[i64]) -> Vec<(String, Codecs)> {
    let mut all = Vec::new();
    for compression in [
        Compression::None,
        Compression::Zstd(3),
        Compression::Gzip(4),
        Compression::Blosc(Blosc::default()),
        Compression::Blosc(Blosc {
            compressor: BloscCompressor::Lz4,
            level: 5,
            shuffle: BloscShuffle::Shuffle,
        }),
    ] {
        for checksum in [false, true] {
            for (zarr_version, shards) in [(2, None), (3, None), (3, Some(shards.into()))] {
                let codecs = Codecs {
                    compression,
                    checksum,
                    shards,
                    zarr_version,
                };
                if zarr_version == 3 || !checksum {
                    all.push((format!("{}", all.len()), codecs));
                }
            }
        }
    }
    all
}

#[test]
fn every_packing_of_zarr_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    for dtype in [DType::Bool, DType::I16, DType::F64] {
        for (name, codecs) in packings(&[10, 8]) {
            let uri = at(directory.path(), &format!("{name}-{dtype}.zarr/group/x"));
            let mut spec = ArraySpec::new(&[23, 17], dtype, &[5, 4]);
            spec.codecs = Some(codecs.clone());
            spec.fill = Scalar::from_i128(dtype, 1);
            spec.attributes.insert("units".into(), "mm".into());
            let block = expected(dtype, &[23, 17]);
            let sink = create(&uri, &spec).unwrap();
            let longest = sink.info().grid.longest();
            assert_eq!(
                longest[..],
                if codecs.shards.is_some() {
                    [10, 8]
                } else {
                    [5, 4]
                }
            );
            let counters = Counters::default();
            write(&*sink, &block, &counters);
            sink.finish().unwrap();
            let source = open(&uri).unwrap();
            let info = source.info();
            assert_eq!(info.format, format!("zarr v{}", codecs.zarr_version));
            assert_eq!(info.grid.longest()[..], [5, 4]);
            assert_eq!(info.fill, spec.fill);
            assert_eq!(info.attributes.get("units").unwrap(), "mm");
            let sealed = info.codecs.iter().any(|codec| codec == "crc32c");
            assert_eq!(sealed, codecs.checksum, "{:?}", info.codecs);
            let back = read(&*source, &Counters::default()).unwrap();
            assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{codecs:?}");
        }
    }
}

#[test]
fn a_shard_lacks_the_chunks_that_hold_the_fill_value_alone() {
    let directory = tempfile::tempdir().unwrap();
    let uri = at(directory.path(), "x.zarr");
    let mut spec = ArraySpec::new(&[8], DType::I32, &[2]);
    spec.codecs = Some(Codecs {
        shards: Some([8][..].into()),
        ..Codecs::default()
    });
    let sink = create(&uri, &spec).unwrap();
    let mut elements = [0u8; 32];
    elements[20] = 7;
    sink.write_chunk(&[0], &elements, &Counters::default())
        .unwrap();
    sink.finish().unwrap();
    let counters = Counters::default();
    let back = read(&*open(&uri).unwrap(), &counters).unwrap();
    assert_eq!(back.data.as_bytes(), elements);
    assert_eq!(counters.chunks_read.load(Ordering::Relaxed), 1);
}

#[test]
fn packings_that_are_not_possible_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let usual = Codecs::default();
    for (name, codecs) in [
        ("x.npy", usual.clone()),
        ("x.nii", usual.clone()),
        (
            "x.zarr",
            Codecs {
                zarr_version: 2,
                ..usual.clone()
            },
        ),
        (
            "x.zarr",
            Codecs {
                shards: Some([3, 4][..].into()),
                ..usual.clone()
            },
        ),
        (
            "x.zarr",
            Codecs {
                shards: Some([4][..].into()),
                ..usual.clone()
            },
        ),
        (
            "x.zarr",
            Codecs {
                compression: Compression::Zstd(99),
                ..usual.clone()
            },
        ),
        (
            "x.zarr",
            Codecs {
                compression: Compression::Gzip(10),
                ..usual
            },
        ),
    ] {
        let mut spec = ArraySpec::new(&[4, 4], DType::F32, &[2, 2]);
        spec.codecs = Some(codecs);
        let error = create(&at(directory.path(), name), &spec).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink, "{error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
    assert_eq!(names(directory.path()), [""; 0]);
}

#[test]
fn hdf5_comes_back_with_and_without_filters() {
    let directory = tempfile::tempdir().unwrap();
    let packed = |compression, checksum| {
        Some(Codecs {
            compression,
            checksum,
            ..Codecs::default()
        })
    };
    for (name, codecs) in [
        ("usual", None),
        ("bare", packed(Compression::None, false)),
        ("sealed", packed(Compression::Gzip(9), true)),
    ] {
        for dtype in DType::ALL {
            for (k, (shape, grid)) in SHAPES.iter().enumerate() {
                let uri = at(directory.path(), &format!("{name}{dtype}{k}.h5#/group/x"));
                let mut spec = ArraySpec::new(shape, dtype, grid);
                spec.codecs = codecs.clone();
                spec.fill = Scalar::from_i128(dtype, 1);
                for (name, value) in [
                    ("units", serde_json::json!("mm")),
                    ("levels", serde_json::json!([1, 2])),
                    ("factor", serde_json::json!(0.25)),
                ] {
                    spec.attributes.insert(name.into(), value);
                }
                let block = expected(dtype, shape);
                let sink = create(&uri, &spec).unwrap();
                write(&*sink, &block, &Counters::default());
                assert!(open(&uri).is_err(), "{uri} shows before it is finished");
                sink.finish().unwrap();
                let source = open(&uri).unwrap();
                assert_eq!(source.info().attributes.all(), spec.attributes);
                assert_eq!(source.info().fill, spec.fill);
                let back = read(&*source, &Counters::default()).unwrap();
                assert_eq!(back.shape, block.shape);
                assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{uri}");
            }
        }
    }
    assert!(
        names(directory.path())
            .iter()
            .all(|name| !name.contains("partial"))
    );
}

#[test]
fn a_file_of_one_dataset_is_replaced_as_a_whole() {
    let directory = tempfile::tempdir().unwrap();
    let uri = at(directory.path(), "x.h5#/a");
    let spec = ArraySpec::new(&[4], DType::F32, &[2]).overwrite(true);
    let mut lens = Vec::new();
    for _ in 0..2 {
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &expected(DType::F32, &[4]), &Counters::default());
        sink.finish().unwrap();
        lens.push(fs::metadata(at(directory.path(), "x.h5")).unwrap().len());
    }
    assert_eq!(lens[0], lens[1], "nothing of the first is left");
    open(&uri).unwrap();
}

#[test]
fn nifti_comes_back_packed_and_not() {
    let directory = tempfile::tempdir().unwrap();
    for extension in ["nii", "nii.gz"] {
        for dtype in DType::ALL {
            for (k, (shape, grid)) in SHAPES.iter().enumerate() {
                let name = format!("{dtype}{k}.{extension}");
                let uri = at(directory.path(), &name);
                let spec = ArraySpec::new(shape, dtype, grid);
                let instead = match dtype {
                    DType::Bool => Some("uint8"),
                    DType::F16 => Some("float32"),
                    _ => None,
                };
                if let Some(instead) = instead {
                    let error = create(&uri, &spec).err().unwrap();
                    assert!(error.suggestion().unwrap().contains(instead), "{error}");
                    continue;
                }
                let block = expected(dtype, shape);
                let sink = create(&uri, &spec).unwrap();
                write(&*sink, &block, &Counters::default());
                assert!(open(&uri).is_err(), "{uri} shows before it is finished");
                sink.finish().unwrap();
                let back = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
                assert_eq!(back.shape, block.shape);
                assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{uri}");
            }
        }
    }
    assert!(
        names(directory.path())
            .iter()
            .all(|name| !name.contains("partial"))
    );
}

#[test]
fn an_image_keeps_what_is_said_of_its_space() {
    let directory = tempfile::tempdir().unwrap();
    let said = json!({
        "affine": [[-2.5, 0.0, 0.0, 90.0], [0.0, 2.0, 0.5, -126.0], [0.0, -0.5, 3.0, -72.0]],
        "zooms": [2.5, 2.0, 3.0, 1.5],
        "units": ["mm", "s"],
        "description": "a scan",
        "qform_code": 0,
        "sform_code": 4,
    });
    let said = said.as_object().unwrap();
    for extension in ["nii", "nii.gz"] {
        for shape in [[3, 4, 2, 5], [40_000, 1, 1, 1]] {
            let uri = at(directory.path(), &format!("{}.{extension}", shape[0]));
            let mut spec = ArraySpec::new(&shape, DType::I16, &shape);
            spec.attributes = said.clone();
            assert!(said.iter().all(|(name, value)| keeps(&uri, name, value)));
            let sink = create(&uri, &spec).unwrap();
            write(&*sink, &expected(DType::I16, &shape), &Counters::default());
            sink.finish().unwrap();
            let back = open(&uri).unwrap().info().attributes.all();
            assert_eq!(&back, said, "{uri}");
            spec.attributes.insert("title".into(), json!("x"));
            let error = create(&uri, &spec.overwrite(true)).err().unwrap();
            assert!(error.message().contains("title"), "{error}");
        }
    }
}

#[test]
fn the_memory_twin_agrees() {
    let grid = Grid {
        axes: [&[3, 1, 4, 1][..], &[2, 5, 2]]
            .iter()
            .map(|sizes| tilewright_core::AxisGrid::from_sizes(sizes).unwrap())
            .collect(),
    };
    for dtype in DType::ALL {
        let block = expected(dtype, &[9, 9]);
        let sink = MemorySink::new(dtype, grid.clone()).unwrap();
        write(&sink, &block, &Counters::default());
        assert!(sink.take().is_none());
        sink.finish().unwrap();
        assert_eq!(sink.take().unwrap().data.as_bytes(), block.data.as_bytes());
        let source = MemorySource::new(block.clone(), grid.clone()).unwrap();
        let counters = Counters::default();
        assert_eq!(
            read(&source, &counters).unwrap().data.as_bytes(),
            block.data.as_bytes()
        );
        assert_eq!(counters.chunks_read.load(Ordering::Relaxed), 12);
    }
}

#[test]
fn an_interrupted_writer_leaves_nothing() {
    for extension in ["npy", "npz", "zarr"] {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), &format!("x.{extension}"));
        let block = expected(DType::F64, &[23, 17]);
        let spec = ArraySpec::new(&[23, 17], DType::F64, &[10, 7]);
        let give_up: [fn(std::sync::Arc<dyn Sink>); 2] = [|sink| sink.abort(), drop];
        for give_up in give_up {
            let sink = create(&uri, &spec).unwrap();
            write(&*sink, &block, &Counters::default());
            assert_eq!(names(directory.path()).len(), 1);
            give_up(sink);
            assert_eq!(names(directory.path()), [""; 0]);
            assert_eq!(open(&uri).err().unwrap().kind(), Kind::Source);
        }
        let sink = create(&uri, &spec).unwrap();
        sink.abort();
        assert_eq!(sink.finish().unwrap_err().kind(), Kind::Sink);
        // A killed process runs no destructor: only the hidden partial stays.
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, &Counters::default());
        std::mem::forget(sink);
        let left = names(directory.path());
        assert!(left.len() == 1 && left[0].starts_with(".x.") && left[0].ends_with(".partial"));
        assert_eq!(open(&uri).err().unwrap().kind(), Kind::Source);
        assert!(open(&at(directory.path(), &left[0])).is_err());
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, &Counters::default());
        sink.finish().unwrap();
        open(&uri).unwrap();
    }
}

#[test]
fn an_existing_array_is_replaced_only_if_told_and_only_in_the_end() {
    for extension in ["npy", "npz", "zarr"] {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), &format!("x.{extension}"));
        let (old, new) = (expected(DType::F64, &[9]), expected(DType::I16, &[4, 5]));
        let first = ArraySpec::new(&[9], DType::F64, &[4]);
        let sink = create(&uri, &first).unwrap();
        write(&*sink, &old, &Counters::default());
        sink.finish().unwrap();
        let source = open(&uri).unwrap();
        let error = create(&uri, &first).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink);
        assert!(
            error.suggestion().unwrap().contains("--overwrite"),
            "{error}"
        );

        let second = ArraySpec::new(&[4, 5], DType::I16, &[3, 3]).overwrite(true);
        let sink = create(&uri, &second).unwrap();
        write(&*sink, &new, &Counters::default());
        let back = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
        assert_eq!(back.data.as_bytes(), old.data.as_bytes());
        source.check_identity().unwrap();
        sink.finish().unwrap();
        let back = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
        assert_eq!(back.data.as_bytes(), new.data.as_bytes());
        assert_eq!(names(directory.path()).len(), 1);
        assert_eq!(source.check_identity().unwrap_err().kind(), Kind::Source);
        assert_ne!(source.info().identity, open(&uri).unwrap().info().identity);
    }
}

#[test]
fn two_writers_of_one_name_do_not_mix() {
    for extension in ["npy", "npz#x", "zarr", "h5#/x", "nii", "nii.gz", "npystack"] {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), &format!("x.{extension}"));
        let spec = ArraySpec::new(&[9], DType::F64, &[4]);
        let (first, second) = (create(&uri, &spec).unwrap(), create(&uri, &spec).unwrap());
        write(&*first, &expected(DType::F64, &[9]), &Counters::default());
        first.finish().unwrap();
        let error = second.finish().unwrap_err();
        assert!(
            error.suggestion().unwrap().contains("--overwrite"),
            "{error}"
        );
        assert_eq!(names(directory.path()).len(), 1);
        let back = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
        assert_eq!(
            back.data.as_bytes(),
            expected(DType::F64, &[9]).data.as_bytes()
        );
    }
}

#[test]
fn threads_write_and_read_side_by_side() {
    for extension in ["npy", "npz", "zarr"] {
        let directory = tempfile::tempdir().unwrap();
        let uri = at(directory.path(), &format!("x.{extension}"));
        let block = expected(DType::F32, &[97, 101]);
        let sink = create(&uri, &ArraySpec::new(&[97, 101], DType::F32, &[16, 9])).unwrap();
        let pieces = pieces(&block, &sink.info().grid);
        let counters = Counters::default();
        // Every chunk is written by two threads at about the same time, as repeated tasks do.
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (sink, pieces, counters) = (&sink, &pieces, &counters);
                scope.spawn(move || {
                    for (index, bytes) in pieces.iter().skip(thread / 2).step_by(2) {
                        sink.write_chunk(index, bytes, counters).unwrap();
                    }
                });
            }
        });
        sink.finish().unwrap();
        let source = open(&uri).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let back = read(&*source, &Counters::default()).unwrap();
                    assert_eq!(back.data.as_bytes(), block.data.as_bytes());
                });
            }
        });
    }
}

#[test]
fn a_store_holds_groups_and_what_is_told() -> Result<()> {
    let directory = tempfile::tempdir().unwrap();
    let uri = at(directory.path(), "x.zarr/group/array");
    let mut spec = ArraySpec::new(&[5], DType::F32, &[2]);
    spec.fill = Scalar::from(f32::NAN);
    spec.attributes.insert("units".into(), "mm".into());
    spec.dimension_names = Some(vec![Some("x".into())]);
    let sink = create(&uri, &spec)?;
    sink.write_chunk(&[2], &7f32.to_le_bytes(), &Counters::default())?;
    sink.finish()?;
    let source = open(&uri)?;
    assert_eq!(source.info().attributes.get("units").unwrap(), "mm");
    assert_eq!(source.info().dimension_names, Some(vec![Some("x".into())]));
    let back = read(&*source, &Counters::default())?;
    let back = back.as_slice::<f32>()?;
    assert!(back[..4].iter().all(|x| x.is_nan()) && back[4] == 7.0);
    // The groups name their arrays.
    let error = open(&at(directory.path(), "x.zarr")).err().unwrap();
    assert!(error.message().contains("group"), "{error}");
    assert!(
        error.suggestion().unwrap().ends_with("x.zarr/group/array"),
        "{error}"
    );
    // A second array goes beside the first, none goes into it or over the group.
    create(&at(directory.path(), "x.zarr/group/other"), &spec)?.finish()?;
    let group = at(directory.path(), "x.zarr/group");
    for uri in [&group, &at(directory.path(), "x.zarr/group/array/inner")] {
        let error = create(uri, &spec.clone().overwrite(true)).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink, "{error}");
    }
    open(&uri)?;
    Ok(())
}

#[test]
fn fill_values_come_back() {
    let directory = tempfile::tempdir().unwrap();
    for (k, fill) in [
        Scalar::from(true),
        Scalar::from(i64::MIN),
        Scalar::from(u64::MAX),
        Scalar::from(f32::NEG_INFINITY),
        Scalar::from(f32::MIN_POSITIVE),
        Scalar::from(f64::INFINITY),
        Scalar::from(-0.0f64),
        Scalar::from(f64::from_bits(0x7ff8_0000_0000_0001)),
        Scalar::from(0.1f64),
        Scalar::from(-1i8),
    ]
    .into_iter()
    .enumerate()
    {
        let uri = at(directory.path(), &format!("{k}.zarr"));
        let mut spec = ArraySpec::new(&[3], fill.dtype(), &[2]);
        spec.fill = fill;
        create(&uri, &spec).unwrap().finish().unwrap();
        let source = open(&uri).unwrap();
        assert_eq!(source.info().fill, fill);
        let back = read(&*source, &Counters::default()).unwrap();
        assert_eq!(back.get(2), Some(fill));
    }
}

#[test]
fn what_cannot_be_written_is_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let spec = ArraySpec::new(&[5], DType::F32, &[2]);
    let here = |name: &str| at(directory.path(), name);
    fs::write(here("file.zarr"), "mine").unwrap();
    fs::create_dir(here("folder.npy")).unwrap();
    fs::create_dir(here("folder.zarr")).unwrap();
    fs::write(here("folder.zarr/mine"), "mine").unwrap();
    let over = spec.clone().overwrite(true);
    for uri in [
        here("x.h5"),
        here("x.tif"),
        here("x"),
        here("nowhere/x.npy"),
        here("nowhere/x.zarr"),
        here("x.zarr/../y"),
        here("file.zarr"),
        here("file.zarr/x"),
        here("folder.npy"),
        here("folder.zarr"),
        String::new(),
    ] {
        let error = create(&uri, &over)
            .err()
            .unwrap_or_else(|| panic!("{uri} was taken"));
        assert_eq!(error.kind(), Kind::Sink, "{uri}: {error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
    assert_eq!(
        names(directory.path()),
        ["file.zarr", "folder.npy", "folder.zarr"]
    );
    for (shape, grid) in [
        (&[5][..], &[2, 2][..]),
        (&[-1], &[2]),
        (&[i64::MAX, 2], &[1, 1]),
    ] {
        for name in ["x.npy", "x.zarr"] {
            let spec = ArraySpec::new(shape, DType::F32, grid);
            assert_eq!(
                create(&here(name), &spec).err().unwrap().kind(),
                Kind::Chunks
            );
        }
    }
    let mut spec = spec;
    spec.attributes.insert("units".into(), "mm".into());
    assert_eq!(
        create(&here("x.npy"), &spec).err().unwrap().kind(),
        Kind::Sink
    );
    let wide = ArraySpec::new(&[1 << 40], DType::F64, &[1 << 40]);
    assert_eq!(
        create(&here("x.zarr"), &wide).err().unwrap().kind(),
        Kind::Sink
    );
}

#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    // 8 EiB fit no file system; the length is set first.
    let spec = ArraySpec::new(&[(1 << 60) - 16], DType::F64, &[1024]);
    let error = create(&at(directory.path(), "x.npy"), &spec).err().unwrap();
    assert_eq!(error.kind(), Kind::Sink, "{error}");
    // A directory that vanishes stands for any failed write.
    let spec = ArraySpec::new(&[4], DType::F64, &[4]);
    let sink = create(&at(directory.path(), "x.zarr"), &spec).unwrap();
    let partial = directory.path().join(&names(directory.path())[0]);
    fs::remove_dir_all(&partial).unwrap();
    fs::write(&partial, "in the way").unwrap();
    let error = sink
        .write_chunk(&[0], &[0; 32], &Counters::default())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Sink, "{error}");
    assert!(
        error
            .facts()
            .iter()
            .any(|(label, text)| label == "chunk" && text == "[0]")
    );
    assert_eq!(sink.finish().unwrap_err().kind(), Kind::Sink);
    fs::remove_file(&partial).unwrap();
    drop(sink);
    assert_eq!(names(directory.path()), [""; 0]);
}

#[test]
fn an_array_that_lacks_a_failed_chunk_is_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    for again in [false, true] {
        let uri = at(directory.path(), "x.zarr");
        let sink = create(&uri, &ArraySpec::new(&[4], DType::F64, &[2])).unwrap();
        let partial = directory.path().join(&names(directory.path())[0]);
        let counters = Counters::default();
        sink.write_chunk(&[0], &[1; 16], &counters).unwrap();
        // A directory under a chunk's name.
        fs::create_dir(partial.join("c/1")).unwrap();
        sink.write_chunk(&[1], &[1; 16], &counters).unwrap_err();
        fs::remove_dir(partial.join("c/1")).unwrap();
        if again {
            sink.write_chunk(&[1], &[1; 16], &counters).unwrap();
            sink.finish().unwrap();
            open(&uri).unwrap();
        } else {
            let error = sink.finish().unwrap_err();
            assert!(error.message().contains("could not be written"), "{error}");
            assert_eq!(names(directory.path()), [""; 0]);
        }
    }
}

#[test]
fn bare_elements_are_what_the_uri_says_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let block = expected(DType::I16, &[23, 17]);
    let spec = ArraySpec::new(&[23, 17], DType::I16, &[5, 4]);
    let said = "?shape=23,17&dtype=int16";
    for (name, order) in [("x.raw", ""), ("x.bin", ""), ("z.bin", "&order=F")] {
        let uri = at(directory.path(), &format!("{name}{said}{order}"));
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, &Counters::default());
        sink.finish().unwrap();
        let back = read(&*open(&uri).unwrap(), &Counters::default()).unwrap();
        assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{uri}");
        let file = fs::read(at(directory.path(), name)).unwrap();
        assert_eq!(file == block.data.as_bytes(), order.is_empty(), "{uri}");
    }
    // The name is enough.
    let sink = create(&at(directory.path(), "y.raw"), &spec).unwrap();
    write(&*sink, &block, &Counters::default());
    sink.finish().unwrap();
    let file = fs::read(at(directory.path(), "y.raw")).unwrap();
    assert!(file == block.data.as_bytes());
    for (name, part) in [
        ("z.raw?shape=23,18&dtype=int16", "another shape or dtype"),
        ("z.raw?shape=23,17&dtype=uint16", "another shape or dtype"),
        ("z.raw?shape=23,17&dtype=>i2", "little-endian"),
        ("z.raw?shape=23,17&dtype=int16&offset=8", "little-endian"),
        ("z.raw?shape=23,17", "must be given"),
        ("y.raw", "exists already"),
    ] {
        let error = create(&at(directory.path(), name), &spec).err().unwrap();
        assert_eq!(error.kind(), Kind::Sink, "{error}");
        assert!(error.message().contains(part), "{name}: {error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
}

#[test]
fn an_archive_holds_one_array_by_its_name_and_replaces_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let block = expected(DType::F64, &[23, 17]);
    let spec = ArraySpec::new(&[23, 17], DType::F64, &[5, 4]).overwrite(true);
    for (name, said) in [("a.npz#x", "x"), ("a.npz#/x", "x"), ("b.npz", "arr_0")] {
        let uri = at(directory.path(), name);
        let sink = create(&uri, &spec).unwrap();
        write(&*sink, &block, &Counters::default());
        sink.finish().unwrap();
        let path = uri.split('#').next().unwrap().to_owned();
        assert_eq!(list(&path).unwrap(), [format!("{path}#{said}")]);
        let source = open(&uri).unwrap();
        let back = read(&*source, &Counters::default()).unwrap();
        assert_eq!(back.data.as_bytes(), block.data.as_bytes(), "{uri}");
        assert!(source.in_place().is_some());
    }
    let error = create(&at(directory.path(), "a.npz#y"), &spec)
        .err()
        .unwrap();
    assert!(error.message().contains("other arrays"), "{error}");
    let long = at(directory.path(), &format!("c.npz#{}", "x".repeat(40_000)));
    assert!(create(&long, &spec).is_err());
}

/// The names that tests/fixtures/read_back.py reads, with the formula in them.
#[test]
#[ignore = "needs Python with tests/fixtures/requirements.txt; TILEWRIGHT_PYTHON names it"]
fn python_reads_what_we_write() {
    let directory = tempfile::tempdir().unwrap();
    for extension in ["npy", "npz", "zarr"] {
        for dtype in DType::ALL {
            for (k, (shape, grid)) in SHAPES.iter().enumerate() {
                let lengths: Vec<String> = shape.iter().map(i64::to_string).collect();
                let name = format!("{}-{}-{k}.{extension}", dtype.name(), lengths.join("x"));
                let mut spec = ArraySpec::new(shape, dtype, grid);
                if extension == "zarr" {
                    spec.attributes.insert("made by".into(), "test".into());
                    spec.fill = Scalar::from_i128(dtype, 1);
                }
                let sink = create(&at(directory.path(), &name), &spec).unwrap();
                write(&*sink, &expected(dtype, shape), &Counters::default());
                sink.finish().unwrap();
            }
        }
    }
    for dtype in DType::ALL {
        let name = format!("{}-23x17-bare.raw", dtype.name());
        let spec = ArraySpec::new(&[23, 17], dtype, &[5, 4]);
        let sink = create(&at(directory.path(), &name), &spec).unwrap();
        write(&*sink, &expected(dtype, &[23, 17]), &Counters::default());
        sink.finish().unwrap();
    }
    for (name, codecs) in packings(&[10, 8]) {
        let version = codecs.zarr_version;
        let name = format!("float64-23x17-packing{version}{name}.zarr");
        let mut spec = ArraySpec::new(&[23, 17], DType::F64, &[5, 4]);
        spec.codecs = Some(codecs);
        spec.attributes.insert("made by".into(), "test".into());
        spec.fill = Scalar::from(1.0);
        let sink = create(&at(directory.path(), &name), &spec).unwrap();
        write(
            &*sink,
            &expected(DType::F64, &[23, 17]),
            &Counters::default(),
        );
        sink.finish().unwrap();
    }
    for dtype in DType::ALL {
        for (k, (shape, grid)) in SHAPES.iter().enumerate() {
            let lengths: Vec<String> = shape.iter().map(i64::to_string).collect();
            let name = format!("{}-{}-{k}.h5", dtype.name(), lengths.join("x"));
            let mut spec = ArraySpec::new(shape, dtype, grid);
            spec.attributes.insert("made by".into(), "test".into());
            spec.fill = Scalar::from_i128(dtype, 1);
            let axes = (0..shape.len()).map(|k| Some(format!("axis{k}")));
            spec.dimension_names = Some(axes.collect());
            let uri = format!("{}#/group/x", at(directory.path(), &name));
            let sink = create(&uri, &spec).unwrap();
            write(&*sink, &expected(dtype, shape), &Counters::default());
            sink.finish().unwrap();
        }
    }
    for name in crate::additions::FILES {
        let path = directory.path().join(format!("float64-23x17-{name}"));
        fs::copy(crate::values::fixture(&format!("hdf5/{name}")), &path).unwrap();
        let sink = crate::additions::begin(&path, "/group/x");
        sink.finish().unwrap();
    }
    for (k, (dtype, extension)) in [
        (DType::U8, "nii"),
        (DType::I16, "nii.gz"),
        (DType::U64, "nii"),
        (DType::F32, "nii.gz"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{}-7x6x5-{k}.{extension}", dtype.name());
        let spec = ArraySpec::new(&[7, 6, 5], dtype, &[3, 4, 2]);
        let sink = create(&at(directory.path(), &name), &spec).unwrap();
        write(&*sink, &expected(dtype, &[7, 6, 5]), &Counters::default());
        sink.finish().unwrap();
    }
    let python = std::env::var("TILEWRIGHT_PYTHON").unwrap_or("python3".into());
    let status = std::process::Command::new(python)
        .arg("-B")
        .arg(crate::values::fixture("read_back.py"))
        .arg(directory.path())
        .status()
        .unwrap();
    assert!(status.success());
}
