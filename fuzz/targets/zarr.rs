//! Do any zarr metadata, or any bytes of a chunk below them, crash the reader?
//!
//! The input is a metadata document; after a byte 0 stands what the first chunk's file holds. The
//! document is tried as version 3 and as version 2.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tilewright_core::element_count;
use tilewright_io::{Counters, open};

/// Bytes of a chunk that is decoded; larger ones are only described.
const MOST: i64 = 1 << 20;

static STORES: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    ["zarr.json", ".zarray"].map(|document| {
        let name = format!("tilewright-fuzz-{}{document}.zarr", std::process::id());
        let store = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&store).expect("the temporary directory is writable");
        store
    })
});

fuzz_target!(
    // The reader catches panics of the library it stands on; libFuzzer's hook would abort there.
    init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))),
    |bytes: &[u8]| {
        let end = bytes.iter().position(|&byte| byte == 0);
        let metadata = &bytes[..end.unwrap_or(bytes.len())];
        let chunk = end.map(|end| &bytes[end + 1..]);
        for (store, document) in STORES.iter().zip(["zarr.json", ".zarray"]) {
            std::fs::write(store.join(document), metadata).expect("the store is writable");
            read(store, chunk);
        }
    }
);

/// Opens the array and decodes its first chunk, missing or of these bytes; errors are fine.
fn read(store: &Path, chunk: Option<&[u8]>) {
    let uri = store
        .to_str()
        .expect("the temporary directory has a plain name");
    let Ok(source) = open(uri) else {
        return;
    };
    let info = source.info();
    let axes = info.grid.axes.iter();
    let bounds: Vec<i64> = axes.map(|axis| axis.bounds(0).1).collect();
    let bytes = element_count(&bounds).and_then(|n| n.checked_mul(info.dtype.itemsize() as i64));
    let Some(bytes @ 1..=MOST) = bytes else {
        return;
    };
    let names = names(bounds.len());
    for name in chunk.iter().flat_map(|_| &names) {
        let path = store.join(name);
        let parent = path.parent().expect("it is below the store");
        std::fs::create_dir_all(parent).expect("the store is writable");
        std::fs::write(path, chunk.unwrap_or_default()).expect("the store is writable");
    }
    let mut into = vec![0; bytes as usize];
    let first = vec![0; bounds.len()];
    let _ = source.read_chunk(&first, &mut into, &Counters::default());
    for name in chunk.iter().flat_map(|_| &names) {
        std::fs::remove_file(store.join(name)).expect("it was just written");
    }
    // What is left of names with directories.
    for directory in ["c", "0"] {
        let _ = std::fs::remove_dir_all(store.join(directory));
    }
}

/// Names under which the first chunk of an array of so many axes may be stored.
fn names(axes: usize) -> Vec<String> {
    let zeros = vec!["0"; axes];
    if axes == 0 {
        return vec!["c".into(), "0".into()];
    }
    let mut names = vec![
        format!("c/{}", zeros.join("/")),
        format!("c.{}", zeros.join(".")),
        zeros.join("."),
    ];
    if axes > 1 {
        names.push(zeros.join("/"));
    }
    names
}
