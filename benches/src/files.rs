//! How are stored arrays computed, in the comparison with peers?
//!
//! One entry per row of `benches/peers/rows.py` that reads files; opening them is part of it.
//! Absent: who makes the files, which is `benches/peers/data.py`.

use std::path::{Path, PathBuf};
use tilewright::{Array, Store, axis, concatenate, open, s, stack};

/// What the row of this name computes.
pub fn array(directory: &Path, name: &str) -> Array {
    let at = |name: &str| directory.join(name).display().to_string();
    match name {
        "hdf5-sum" => open(&at("chunked.h5#/x")).sum(..),
        "hdf5-whole-sum" => open(&at("contiguous.h5#/x")).sum(..),
        "zarr-raw-sum" => open(&at("raw.zarr")).sum(..),
        "zarr-zstd-sum" => open(&at("zstd.zarr")).sum(..),
        "zarr-blosc-sum" => open(&at("blosc.zarr")).sum(..),
        "days-mean" => days(&directory.join("days")).mean(axis(0)),
        "days-gzip-mean" => days(&directory.join("days-gzip")).mean(axis(0)),
        "subsample" => days(&directory.join("days")).slice(s![.., ..;2, ..;2]),
        "tsnr-files" => {
            let x = concatenate(&each(&directory.join("runs"), ""), 3);
            x.mean(axis(-1)) / x.std(axis(-1))
        }
        "point" => concatenate(&each(&directory.join("sites"), ""), 0).slice(s![-5, 3]),
        _ => panic!("no row is named {name}"),
    }
}

/// Where the row of this name stores what it computes.
pub fn target(directory: &Path, name: &str) -> Option<Store> {
    (name == "subsample").then(|| {
        let to = directory.join("ours.zarr").display().to_string();
        Store::to(to).chunks([1, 500, 500]).overwrite(true)
    })
}

fn days(directory: &Path) -> Array {
    stack(&each(directory, "#/t2m"), 0)
}

/// The arrays of this key in the files of a directory, in the order of their names.
fn each(directory: &Path, key: &str) -> Vec<Array> {
    let files = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let uris = paths.iter().map(|path| format!("{}{key}", path.display()));
    uris.map(|uri| open(&uri)).collect()
}
