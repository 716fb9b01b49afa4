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

/// The same in `protocol=4` and `2`, with chunk lengths and axis that are `numpy.int64`.
const OF_NUMPY: [&[u8]; 2] = [
    b"\x80\x04\x95\xe9\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x06chunks\x94\x8c\x16numpy._c\
        ore.multiarray\x94\x8c\x06scalar\x94\x93\x94\x8c\x05numpy\x94\x8c\x05dtype\x94\x93\
        \x94\x8c\x02i8\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01<\x94NNNJ\xff\xff\xff\xffJ\xff\
        \xff\xff\xffK\x00t\x94bC\x08\x02\x00\x00\x00\x00\x00\x00\x00\x94\x86\x94R\x94h\x04h\
        \nC\x08\x01\x00\x00\x00\x00\x00\x00\x00\x94\x86\x94R\x94\x86\x94h\x04h\nC\x08\x03\
        \x00\x00\x00\x00\x00\x00\x00\x94\x86\x94R\x94\x85\x94\x86\x94\x8c\x05dtype\x94h\x07\
        \x8c\x02i2\x94\x89\x88\x87\x94R\x94(K\x03h\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\
        \x00t\x94b\x8c\x04axis\x94h\x04h\nC\x08\x00\x00\x00\x00\x00\x00\x00\x00\x94\x86\x94R\
        \x94u.",
    b"\x80\x02}q\x00(X\x06\x00\x00\x00chunksq\x01cnumpy._core.multiarray\nscalar\nq\x02cnu\
        mpy\ndtype\nq\x03X\x02\x00\x00\x00i8q\x04\x89\x88\x87q\x05Rq\x06(K\x03X\x01\x00\x00\
        \x00<q\x07NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x08bc_codecs\nencode\nq\tX\
        \x08\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00q\nX\x06\x00\x00\x00latin1q\x0b\x86q\
        \x0cRq\r\x86q\x0eRq\x0fh\x02h\x06h\tX\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\
        \x00q\x10h\x0b\x86q\x11Rq\x12\x86q\x13Rq\x14\x86q\x15h\x02h\x06h\tX\x08\x00\x00\x00\
        \x03\x00\x00\x00\x00\x00\x00\x00q\x16h\x0b\x86q\x17Rq\x18\x86q\x19Rq\x1a\x85q\x1b\
        \x86q\x1cX\x05\x00\x00\x00dtypeq\x1dh\x03X\x02\x00\x00\x00i2q\x1e\x89\x88\x87q\x1fRq\
        \x20(K\x03h\x07NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq!bX\x04\x00\x00\x00axisq\"h\
        \x02h\x06h\tX\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00q#h\x0b\x86q$Rq%\x86q&R\
        q'u.",
];

#[test]
fn lengths_may_be_numbers_of_numpy() {
    let directory = stack();
    let stack = directory.path().join("stack");
    for info in OF_NUMPY {
        fs::write(stack.join("info"), info).unwrap();
        let source = open(stack.to_str().unwrap()).unwrap();
        let block = read(&*source, &Counters::default()).unwrap();
        let want = counting(DType::I16, &[3, 3]);
        assert_eq!(block.data.as_bytes(), want.data.as_bytes());
    }
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
