//! How is a file of arbitrary bytes read?
//!
//! The bytes stand in a file, since readers map and measure it. What opens is read: the first chunk,
//! and in place; where both can be had they must agree.

use std::path::PathBuf;
use tilewright_core::{Kind, element_count};
use tilewright_io::{Counters, Source, list, open};

/// Bytes of an array that is read; larger ones are only opened.
const MOST: i64 = 1 << 20;

/// Most arrays of a file that are read.
const ARRAYS: usize = 4;

/// Writes a file whose name ends so, and reads every array in it.
///
/// # Panics
/// If a reader breaks its word.
pub fn read_file(bytes: &[u8], ending: &str) {
    let name = format!("tilewright-fuzz-{}.{ending}", std::process::id());
    let path: PathBuf = std::env::temp_dir().join(name);
    std::fs::write(&path, bytes).expect("the temporary directory is writable");
    let uri = path
        .to_str()
        .expect("the temporary directory has a plain name");
    if let Ok(source) = open(uri) {
        read(&*source);
    }
    for uri in list(uri).unwrap_or_default().iter().take(ARRAYS) {
        if let Ok(source) = open(uri) {
            read(&*source);
        }
    }
}

/// Reads a stack of npy files of which these bytes say what it is; its one file has eight elements.
///
/// # Panics
/// If a reader breaks its word.
pub fn read_stack(info: &[u8]) {
    let name = format!("tilewright-fuzz-{}.npystack", std::process::id());
    let stack = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&stack).expect("the temporary directory is writable");
    std::fs::write(stack.join("info"), info).expect("the stack is writable");
    std::fs::write(stack.join("0.npy"), NPY).expect("the stack is writable");
    let uri = stack
        .to_str()
        .expect("the temporary directory has a plain name");
    if let Ok(source) = open(uri) {
        read(&*source);
    }
}

/// An npy file of eight bytes.
const NPY: &[u8] =
    b"\x93NUMPY\x01\x00\x3a\x00{'descr': '|u1', 'fortran_order': False, 'shape': (8,), }\n01234567";

/// Reads a file of bare elements of which this text says what it is.
///
/// # Panics
/// If a reader breaks its word.
pub fn read_told(query: &str) {
    let name = format!("tilewright-fuzz-{}.raw", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, [7; 256]).expect("the temporary directory is writable");
    if let Ok(source) = open(&format!("{}?{query}", path.display())) {
        read(&*source);
    }
    let _ = open(&format!("memory://{query}"));
}

/// Reads the first chunk, and compares it with the bytes in place.
fn read(source: &dyn Source) {
    let info = source.info();
    let itemsize = info.dtype.itemsize() as i64;
    let longest = info.grid.longest();
    let Some(size) = element_count(&longest).and_then(|n| n.checked_mul(itemsize)) else {
        return;
    };
    if size > MOST || element_count(&info.shape) == Some(0) {
        return;
    }
    let first = vec![0; info.shape.len()];
    let lens: Vec<i64> = info.grid.axes.iter().map(|axis| axis.bounds(0).1).collect();
    let count = element_count(&lens).expect("it is at most the longest chunk");
    let mut chunk = vec![0; (count * itemsize) as usize];
    match source.read_chunk(&first, &mut chunk, &Counters::default()) {
        Ok(()) => {}
        Err(error) => {
            assert_eq!(error.kind(), Kind::Source, "{error}");
            assert!(error.suggestion().is_some(), "{error}");
            return;
        }
    }
    source.check_identity().expect("nothing changed the file");
    let Some(map) = source.in_place() else {
        return;
    };
    for (k, element) in chunk.chunks_exact(itemsize as usize).enumerate() {
        let mut rest = k as i64;
        let mut at = 0;
        for (len, stride) in lens.iter().zip(&map.strides).rev() {
            at += rest % len * stride;
            rest /= len;
        }
        let from = map.offset + (at * itemsize) as usize;
        let mut mapped = map.bytes[from..from + itemsize as usize].to_vec();
        if map.swapped {
            mapped.reverse();
        }
        assert_eq!(element, mapped);
    }
}
