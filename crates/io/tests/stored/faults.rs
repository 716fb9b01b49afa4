//! What may happen to a file of any format: it is emptied, it is too long, it is replaced while it is
//! read, its chunks are bombs.

use crate::values::{expected, fixture, read};
use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::{Block, DType, Error, Kind};
use tilewright_io::{ArraySpec, Counters, create, open};

/// A fixture of each kind of file, and what is said of it behind its path.
const FILES: [(&str, &str); 12] = [
    ("npy/c.npy", ""),
    ("npy/big_fortran.npy", ""),
    ("raw/plain.bin", "?shape=23,17&dtype=float64"),
    ("nifti/int16.nii", ""),
    ("nifti/packed.nii.gz", ""),
    ("tiff/strips_zlib.tif", ""),
    ("tiff/tiles.tif", ""),
    ("npz/stored.npz", "#a"),
    ("npz/packed.npz", "#a"),
    ("hdf5/latest.h5", "#gzip"),
    ("hdf5/latest.h5", "#contiguous"),
    ("hdf5/earliest.h5", "#gzip"),
];

/// A copy of a fixture that may be damaged.
struct Copy {
    _directory: tempfile::TempDir,
    path: PathBuf,
    uri: String,
    good: Vec<u8>,
}

fn copy(name: &str, said: &str) -> Copy {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(Path::new(name).file_name().unwrap());
    let good = fs::read(fixture(name)).unwrap();
    fs::write(&path, &good).unwrap();
    Copy {
        uri: format!("{}{said}", path.display()),
        _directory: directory,
        path,
        good,
    }
}

fn attempt(uri: &str) -> Result<Block, Error> {
    read(&*open(uri)?, &Counters::default())
}

/// An error of a file that says which and what to do.
fn about_file(error: &Error) {
    assert_eq!(error.kind(), Kind::Source, "{error}");
    assert!(
        error.facts().iter().any(|(label, _)| label == "array"),
        "{error}"
    );
    assert!(error.suggestion().is_some(), "{error}");
}

#[test]
fn a_file_without_a_byte_is_an_error() {
    for (name, said) in FILES {
        let file = copy(name, said);
        fs::write(&file.path, "").unwrap();
        about_file(&attempt(&file.uri).unwrap_err());
    }
}

#[test]
fn what_stands_behind_the_end_changes_no_value() {
    for (name, said) in FILES {
        let file = copy(name, said);
        let want = attempt(&file.uri).unwrap();
        for tail in [1, 100_000] {
            fs::write(&file.path, [&file.good[..], &vec![0x55; tail]].concat()).unwrap();
            match attempt(&file.uri) {
                Ok(found) => assert_eq!(found.data.as_bytes(), want.data.as_bytes(), "{name}"),
                Err(error) => about_file(&error),
            }
        }
    }
}

#[test]
fn a_file_that_is_replaced_while_it_is_read_is_noticed() {
    for (name, said) in FILES {
        let file = copy(name, said);
        let want = attempt(&file.uri).unwrap();
        let source = open(&file.uri).unwrap();
        source.check_identity().unwrap();
        // By another file under its name, which is longer.
        let other = file.path.with_extension("new");
        fs::write(&other, [&file.good[..], b"more"].concat()).unwrap();
        fs::rename(&other, &file.path).unwrap();
        about_file(&source.check_identity().unwrap_err());
        match read(&*source, &Counters::default()) {
            Ok(found) => assert_eq!(found.data.as_bytes(), want.data.as_bytes(), "{name}"),
            Err(error) => about_file(&error),
        }
    }
}

#[test]
fn a_mapped_file_that_is_cut_short_is_read_in_place_no_more() {
    for name in ["npy/c.npy", "npz/stored.npz", "nifti/float64.nii"] {
        let said = if name.starts_with("npz") { "#a" } else { "" };
        let file = copy(name, said);
        let source = open(&file.uri).unwrap();
        assert!(source.in_place().is_some(), "{name}");
        let cut = fs::File::options().write(true).open(&file.path).unwrap();
        cut.set_len(300).unwrap();
        assert!(source.in_place().is_none(), "{name}");
        about_file(&read(&*source, &Counters::default()).unwrap_err());
    }
}

#[test]
fn a_directory_whose_word_is_replaced_is_noticed() {
    for (name, word) in [("x.zarr", "zarr.json"), ("x.npystack", "info")] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        let uri = path.to_str().unwrap();
        let sink = create(uri, &ArraySpec::new(&[4, 2], DType::F64, &[2, 2])).unwrap();
        let block = expected(DType::F64, &[4, 2]);
        for (k, bytes) in block.data.as_bytes().chunks(32).enumerate() {
            let index = [k as i64, 0];
            sink.write_chunk(&index, bytes, &Counters::default())
                .unwrap();
        }
        sink.finish().unwrap();
        let source = open(uri).unwrap();
        source.check_identity().unwrap();
        let mut text = fs::read(path.join(word)).unwrap();
        text.push(b'\n');
        fs::write(path.join(word), text).unwrap();
        about_file(&source.check_identity().unwrap_err());
    }
}

/// What zlib packed somewhere in these bytes: where, and how long it is unpacked.
fn packed(bytes: &[u8]) -> Vec<(std::ops::Range<usize>, usize)> {
    let starts = (0..bytes.len()).filter(|&at| bytes[at] == 0x78);
    let whole = starts.filter_map(|at| {
        let mut zlib = flate2::Decompress::new(true);
        let mut out = vec![0; 1 << 16];
        let status = zlib.decompress(&bytes[at..], &mut out, flate2::FlushDecompress::Finish);
        let is_whole = matches!(status, Ok(flate2::Status::StreamEnd)) && zlib.total_out() >= 64;
        let end = at + zlib.total_in() as usize;
        is_whole.then_some((at..end, zlib.total_out() as usize))
    });
    whole.collect()
}

#[test]
fn a_bomb_in_a_chunk_stops_at_the_size_of_the_chunk() {
    for (name, said) in [
        ("tiff/strips_zlib.tif", ""),
        ("tiff/tiles_zlib.tif", ""),
        ("hdf5/latest.h5", "#gzip"),
        ("hdf5/earliest.h5", "#gzip"),
    ] {
        let file = copy(name, said);
        let mut bad = file.good.clone();
        let mut planted = 0;
        for (place, len) in packed(&file.good) {
            // As long as what was there holds, and longer than it was unpacked.
            let bombs = (1..=6).rev().map(|power| {
                let mut zlib =
                    flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
                std::io::Write::write_all(&mut zlib, &vec![0; len << power]).unwrap();
                zlib.finish().unwrap()
            });
            let Some(bomb) = bombs.into_iter().find(|bomb| bomb.len() <= place.len()) else {
                continue;
            };
            bad[place.start..place.start + bomb.len()].copy_from_slice(&bomb);
            planted += 1;
        }
        assert!(planted > 0, "{name}");
        fs::write(&file.path, bad).unwrap();
        let error = attempt(&file.uri).unwrap_err();
        about_file(&error);
        assert!(
            error.facts().iter().any(|(label, _)| label == "chunk"),
            "{error}"
        );
    }
}

#[test]
fn a_map_that_is_cut_short_while_it_is_read_gives_zeros_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.raw");
    let uri = format!("{}?shape=65536&dtype=int64", path.display());
    let bytes = vec![1; 8 << 16];
    for round in 0..3 {
        fs::write(&path, &bytes).unwrap();
        let source = open(&uri).unwrap();
        let other = open(&uri).unwrap();
        let place = source.in_place().unwrap();
        let written = fs::metadata(&path).unwrap().modified().unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_len(0).unwrap();
        let sum: u64 = place.bytes.iter().map(|&byte| u64::from(byte)).sum();
        assert_eq!(sum, 0, "round {round}");
        // Its length and time as they were: only the mark is left to tell it.
        fs::write(&path, &bytes).unwrap();
        file.set_modified(written).unwrap();
        assert!(source.in_place().is_none());
        let error = source.check_identity().unwrap_err();
        about_file(&error);
        assert!(error.message().contains("was gone"), "{error}");
        other.check_identity().unwrap();
        assert!(other.in_place().is_some());
    }
}

/// What the process that the next test starts is told to do.
const FOREIGN: &str = "TILEWRIGHT_TEST_FOREIGN_FAULT";

#[test]
fn a_fault_elsewhere_ends_the_process_as_it_would_without_a_map() {
    use std::os::unix::process::ExitStatusExt;
    if let Some(path) = std::env::var_os(FOREIGN) {
        let ours = copy("npy/c.npy", "");
        assert!(open(&ours.uri).unwrap().in_place().is_some());
        // A map that is not this library's, of a file without bytes.
        let path = Path::new(&path);
        let file = fs::File::options().read(true).open(path).unwrap();
        let map = map_of(&file);
        fs::write(path, b"").unwrap();
        assert_eq!(map[4096], 7, "this line is not reached");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("foreign");
    fs::write(&path, vec![7; 8192]).unwrap();
    let name = "faults::a_fault_elsewhere_ends_the_process_as_it_would_without_a_map";
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env(FOREIGN, &path)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.signal(), Some(libc::SIGBUS), "{status}");
}

#[allow(unsafe_code, reason = "a map of another's is what is tested")]
fn map_of(file: &fs::File) -> memmap2::Mmap {
    // SAFETY: nobody but the test changes the file, and what it changes is what is tested.
    unsafe { memmap2::Mmap::map(file).unwrap() }
}
