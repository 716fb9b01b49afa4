//! Directories of npy files: as Dask writes them, as we do, and damaged.

use crate::values::{chunks, read};
use std::fs;
use std::path::Path;
use tilewright_core::{Block, DType, Kind, Scalar};
use tilewright_io::{ArraySpec, Counters, create, open};

/// Elements that count.
fn counting(dtype: DType, shape: &[i64]) -> Block {
    let mut block = Block::zeros(dtype, shape).unwrap();
    for k in 0..block.len() {
        block.set(k, Scalar::from_f64(dtype, (k % 100) as f64));
    }
    block
}

fn write(uri: &str, spec: &ArraySpec, block: &Block) -> tilewright_core::Result<()> {
    let sink = create(uri, spec)?;
    let grid = sink.info().grid.clone();
    let row = block.data.len() / block.shape[0] as usize;
    let counts: Vec<i64> = grid.axes.iter().map(|axis| axis.chunks()).collect();
    for chunk in chunks(&counts) {
        let (from, to) = grid.axes[0].bounds(chunk[0]);
        let elements = &block.data.as_bytes()[from as usize * row..to as usize * row];
        sink.write_chunk(&chunk, elements, &Counters::default())?;
    }
    sink.finish()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_dtype_and_shape_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.npystack");
    let uri = path.to_str().unwrap();
    for dtype in [DType::Bool, DType::I16, DType::F64] {
        for (shape, grid) in [
            (&[7, 3][..], &[3, 2][..]),
            (&[5], &[100]),
            (&[4, 2, 3], &[1, 1, 1]),
        ] {
            let block = counting(dtype, shape);
            let spec = ArraySpec::new(shape, dtype, grid).overwrite(true);
            write(uri, &spec, &block).unwrap();
            let source = open(uri).unwrap();
            assert_eq!(source.info().format, "npy stack");
            let back = read(&*source, &Counters::default()).unwrap();
            assert_eq!(back.data.as_bytes(), block.data.as_bytes());
            // Part by part.
            let last: Vec<i64> = source
                .info()
                .grid
                .axes
                .iter()
                .map(|a| a.chunks() - 1)
                .collect();
            let size = dtype.itemsize();
            let mut into = vec![0; size];
            let zeros = vec![0; shape.len()];
            let ones = vec![1; shape.len()];
            source
                .read_part(&last, &zeros, &ones, &mut into, &Counters::default())
                .unwrap();
            let first = source.info().grid.axes[0].bounds(last[0]).0 as usize;
            let at = first * block.data.len() / shape[0] as usize;
            assert_eq!(into, block.data.as_bytes()[at..at + size]);
        }
    }
    assert_eq!(names(directory.path()), ["x.npystack"]);
    let spec = ArraySpec::new(&[2], DType::F64, &[1]);
    let error = write(uri, &spec, &counting(DType::F64, &[2])).unwrap_err();
    assert!(error.message().contains("exists"), "{error}");
    // What is no stack alone is never replaced.
    let spec = spec.overwrite(true);
    for foreign in ["notes.txt", "777.npy", "007.npy"] {
        fs::write(path.join(foreign), "mine").unwrap();
        let error = write(uri, &spec, &counting(DType::F64, &[2])).unwrap_err();
        assert_eq!(error.kind(), Kind::Sink, "{foreign}");
        fs::remove_file(path.join(foreign)).unwrap();
    }
    fs::create_dir(path.join("5.npy")).unwrap();
    write(uri, &spec, &counting(DType::F64, &[2])).unwrap_err();
    fs::remove_dir(path.join("5.npy")).unwrap();
    write(uri, &spec, &counting(DType::F64, &[2])).unwrap();
}

/// What `pickle.dumps({"chunks": ((2, 1), (3,)), "dtype": numpy.dtype("int16"), "axis": 0},
/// protocol=4)` gives, and so what Dask writes beside the files.
const DASK: &[u8] = b"\x80\x04\x95a\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x06chunks\x94K\x02K\x01\
    \x86\x94K\x03\x85\x94\x86\x94\x8c\x05dtype\x94\x8c\x05numpy\x94\x8c\x05dtype\x94\x93\x94\
    \x8c\x02i2\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01<\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff\
    K\x00t\x94b\x8c\x04axis\x94K\x00u.";

/// A stack of two files with what Dask says of it.
fn stack() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let block = counting(DType::I16, &[3, 3]);
    let target = directory.path().join("x.npystack");
    let spec = ArraySpec::new(&[3, 3], DType::I16, &[2, 3]);
    write(target.to_str().unwrap(), &spec, &block).unwrap();
    fs::rename(target, directory.path().join("stack")).unwrap();
    fs::write(directory.path().join("stack/info"), DASK).unwrap();
    directory
}

#[test]
fn a_stack_of_dask_is_read_by_any_name() {
    let directory = stack();
    let source = open(directory.path().join("stack").to_str().unwrap()).unwrap();
    assert_eq!(source.info().shape[..], [3, 3]);
    assert_eq!(source.info().grid.axes[0].bounds(1), (2, 3));
    let block = read(&*source, &Counters::default()).unwrap();
    assert_eq!(
        block.data.as_bytes(),
        counting(DType::I16, &[3, 3]).data.as_bytes()
    );
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let directory = stack();
    let stack = directory.path().join("stack");
    let attempt = || {
        let source = open(stack.to_str().unwrap())?;
        read(&*source, &Counters::default())
    };
    for len in 0..DASK.len() {
        fs::write(stack.join("info"), &DASK[..len]).unwrap();
        assert_eq!(attempt().unwrap_err().kind(), Kind::Source);
        for byte in [0, 0xff, DASK[len] ^ 1] {
            let mut bad = DASK.to_vec();
            bad[len] = byte;
            fs::write(stack.join("info"), bad).unwrap();
            if let Err(error) = attempt() {
                assert_eq!(error.kind(), Kind::Source, "{error}");
                assert!(error.suggestion().is_some(), "{error}");
            }
        }
    }
    fs::write(stack.join("info"), DASK).unwrap();
    let first = fs::read(stack.join("0.npy")).unwrap();
    for other in [&first[..], &first[..40], b""] {
        fs::write(stack.join("1.npy"), other).unwrap();
        let error = attempt().unwrap_err();
        assert!(
            error.facts().iter().any(|(label, _)| label == "chunk"),
            "{error}"
        );
        assert!(error.suggestion().is_some(), "{error}");
    }
    fs::remove_file(stack.join("1.npy")).unwrap();
    assert_eq!(attempt().unwrap_err().kind(), Kind::Source);
}
