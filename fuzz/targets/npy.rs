//! Does any npy file crash its reader?
//!
//! The bytes stand in a file, since the reader maps and measures it. A file that opens is read
//! whole, in place and chunk by chunk; both must give the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;
use tilewright_core::element_count;
use tilewright_io::{Counters, Source, open};

/// Bytes of an array that is read; larger ones are only opened.
const MOST: i64 = 1 << 20;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    std::env::temp_dir().join(format!("tilewright-fuzz-{}.npy", std::process::id()))
});

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the temporary directory is writable");
    let uri = FILE
        .to_str()
        .expect("the temporary directory has a plain name");
    let Ok(source) = open(uri) else {
        return;
    };
    read(&*source);
    source.check_identity().expect("nothing changed the file");
});

/// Reads the first chunk, and compares it with the mapped bytes where the array is one chunk.
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
    source
        .read_chunk(&first, &mut chunk, &Counters::default())
        .expect("the file is as long as its header says");
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
        assert_eq!(element, &map.bytes[from..from + itemsize as usize]);
    }
}
