//! Whatever happens to a stored byte: the right values, or an error that says where.

use crate::values::{fixture, read};
use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::{Block, Error, Kind};
use tilewright_io::{Counters, open};

/// A copy of a fixture's array that may be damaged.
fn copy(name: &str) -> (tempfile::TempDir, String) {
    fn copy_all(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let target = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy_all(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("x.zarr");
    copy_all(Path::new(&fixture(name)), &to);
    let uri = to.to_str().unwrap().into();
    (directory, uri)
}

/// Reads an array, whatever is in it.
fn attempt(uri: &str) -> Result<Block, Error> {
    read(&*open(uri)?, &Counters::default())
}

/// An error about a chunk that says which, where and what to do.
fn about_chunk(error: &Error) {
    assert_eq!(error.kind(), Kind::Source, "{error}");
    for label in ["array", "chunk"] {
        assert!(
            error.facts().iter().any(|(found, _)| found == label),
            "{error}"
        );
    }
    assert!(error.suggestion().is_some(), "{error}");
}

/// The first chunk's file.
fn first_chunk(uri: &str) -> PathBuf {
    let names = ["c/0/0", "0.0", "0/0"];
    let paths = names.iter().map(|name| Path::new(uri).join(name));
    paths.into_iter().find(|path| path.is_file()).unwrap()
}

const CODECS: [&str; 23] = [
    "v3.zarr/zstd",
    "v3.zarr/blosc_zstd",
    "v3.zarr/blosc_lz4",
    "v3.zarr/blosc_blosclz",
    "v3.zarr/blosc_zlib",
    "v3.zarr/gzip",
    "v3.zarr/crc32c",
    "v3.zarr/zstd_crc32c",
    "v3.zarr/zstd_gzip",
    "v3.zarr/raw",
    "v3.zarr/transposed",
    "v3.zarr/sharded",
    "v3.zarr/sharded_transposed",
    "v2.zarr/zlib",
    "numcodecs.zarr/v2/lz4",
    "numcodecs.zarr/v2/bz2",
    "numcodecs.zarr/v2/lzma",
    "numcodecs.zarr/v2/lzma_alone",
    "numcodecs.zarr/v2/shuffle",
    "numcodecs.zarr/v2/astype",
    "numcodecs.zarr/v2/scaled",
    "numcodecs.zarr/v2/adler32",
    "numcodecs.zarr/v3/fletcher32",
];

#[test]
fn a_chunk_that_is_cut_or_grown_is_an_error() {
    for name in CODECS {
        let (_directory, uri) = copy(name);
        let path = first_chunk(&uri);
        let good = fs::read(&path).unwrap();
        for len in [0, 1, 3, 15, 16, 17, good.len() / 2, good.len() - 1] {
            fs::write(&path, &good[..len]).unwrap();
            about_chunk(&attempt(&uri).unwrap_err());
        }
        for tail in [1, 100_000] {
            // In front of a shard's index at the end, other bytes may stand.
            let longer = [&good[..], &vec![0x55; tail][..]].concat();
            fs::write(&path, longer).unwrap();
            about_chunk(&attempt(&uri).unwrap_err());
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        about_chunk(&attempt(&uri).unwrap_err());
        fs::remove_dir(&path).unwrap();
        fs::write(&path, &good).unwrap();
        attempt(&uri).unwrap();
    }
}

#[test]
fn a_flipped_bit_never_panics_and_is_seen_where_there_is_a_checksum() {
    for name in CODECS {
        let (_directory, uri) = copy(name);
        let want = attempt(&uri).unwrap();
        let path = first_chunk(&uri);
        let good = fs::read(&path).unwrap();
        let source = open(&uri).unwrap();
        let axes = source.info().grid.axes.len();
        let bytes = tilewright_core::element_count(&source.info().grid.longest()).unwrap() * 8;
        let sealed = ["crc32c", "gzip", "2.zarr/zlib", "/bz2", "/lzma", "32"]
            .iter()
            .any(|codec| name.ends_with(codec));
        let mut into = vec![0; bytes as usize];
        source
            .read_chunk(&vec![0; axes], &mut into, &Counters::default())
            .unwrap();
        let right = into.clone();
        // Every bit of a header, then one of each byte.
        for at in (0..good.len() * 8).filter(|at| *at < 200 || at % 9 == 0) {
            let mut bad = good.clone();
            bad[at / 8] ^= 1 << (at % 8);
            fs::write(&path, &bad).unwrap();
            // A cached index of a shard must notice a file of the same size.
            let source = open(&uri).unwrap();
            match source.read_chunk(&vec![0; axes], &mut into, &Counters::default()) {
                Err(error) => about_chunk(&error),
                // A flip may be harmless, as in the file name of a gzip header.
                Ok(()) if sealed => assert!(into == right, "{name}: bit {at} was not seen"),
                Ok(()) => {}
            }
        }
        fs::write(&path, &good).unwrap();
        assert_eq!(attempt(&uri).unwrap().data.as_bytes(), want.data.as_bytes());
    }
}

#[test]
fn a_document_with_a_changed_byte_never_panics() {
    for name in [
        "v3.zarr/sharded_transposed",
        "v3.zarr/zstd_crc32c",
        "v2.zarr/blosc",
    ] {
        let (_directory, uri) = copy(name);
        let file = if name.starts_with("v3") {
            "zarr.json"
        } else {
            ".zarray"
        };
        let path = Path::new(&uri).join(file);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            for byte in [b'0', b'9', b'-', b'"', b'}', b' ', good[at] ^ 1] {
                let mut bad = good.clone();
                bad[at] = byte;
                fs::write(&path, &bad).unwrap();
                // A changed shape may make an array of many chunks: one is enough.
                let Ok(source) = open(&uri) else { continue };
                let lens: Vec<i64> = source
                    .info()
                    .grid
                    .axes
                    .iter()
                    .map(|axis| axis.bounds(0).1)
                    .collect();
                let size = source.info().dtype.itemsize() as i64;
                let bytes = tilewright_core::element_count(&lens).unwrap() * size;
                if bytes < 1 << 20 {
                    let mut into = vec![0; bytes as usize];
                    let chunk = vec![0; lens.len()];
                    let _ = source.read_chunk(&chunk, &mut into, &Counters::default());
                }
            }
        }
    }
}

/// Resident memory's high-water mark grew by less than this while reading.
#[cfg(target_os = "linux")]
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 1024
}

#[test]
fn a_bomb_stops_at_the_size_of_a_chunk() {
    let zeros = vec![0u8; 256 << 20];
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zlib = |bytes: &[u8]| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let streamed = {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        std::io::Write::write_all(&mut encoder, &zeros).unwrap();
        encoder.finish().unwrap()
    };
    let bombs = [
        ("v3.zarr/zstd", zstd::bulk::compress(&zeros, 1).unwrap()),
        ("v3.zarr/zstd", streamed),
        ("v3.zarr/gzip", gzip(&zeros[..4 << 20])),
        ("v2.zarr/zlib", zlib(&zeros[..4 << 20])),
        (
            "v3.zarr/zstd_gzip",
            gzip(&zstd::bulk::compress(&zeros, 1).unwrap()),
        ),
        // A frame that claims 2^62 bytes, and nothing else.
        (
            "v3.zarr/zstd",
            [
                &[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..],
                &(1u64 << 62).to_le_bytes(),
            ]
            .concat(),
        ),
        // A blosc header that claims 2 GiB.
        (
            "v3.zarr/blosc_lz4",
            [
                &[2, 1, 0x21, 8][..],
                &[0xff, 0xff, 0xff, 0x7f],
                &[0, 1, 0, 0],
                &[16, 0, 0, 0],
            ]
            .concat(),
        ),
    ];
    drop(zeros);
    #[cfg(target_os = "linux")]
    let before = peak_bytes();
    for (name, bomb) in &bombs {
        let (_directory, uri) = copy(name);
        fs::write(first_chunk(&uri), bomb).unwrap();
        about_chunk(&attempt(&uri).unwrap_err());
    }
    #[cfg(target_os = "linux")]
    assert!(
        peak_bytes() < before + (8 << 20),
        "{} from {before}",
        peak_bytes()
    );
}

#[test]
fn a_small_file_does_not_make_a_large_buffer() {
    // One element of a chunk of 3.9 GiB: the clipped chunk has 8 bytes.
    for (name, file) in [("v3.zarr/zstd", "zarr.json"), ("v2.zarr/zlib", ".zarray")] {
        let (_directory, uri) = copy(name);
        let path = Path::new(&uri).join(file);
        let mut document: serde_json::Value =
            serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        document["shape"] = serde_json::json!([1, 1]);
        let chunks = serde_json::json!([1 << 19, 1000]);
        if file == "zarr.json" {
            document["chunk_grid"]["configuration"]["chunk_shape"] = chunks;
        } else {
            document["chunks"] = chunks;
        }
        fs::write(&path, document.to_string()).unwrap();
        let error = attempt(&uri).unwrap_err();
        about_chunk(&error);
        assert!(error.message().contains("cannot hold"), "{error}");
    }
}

#[test]
fn a_shard_that_points_outside_itself_is_an_error() {
    let (_directory, uri) = copy("v3.zarr/sharded");
    let path = first_chunk(&uri);
    let good = fs::read(&path).unwrap();
    // Four entries and a checksum stand at the end.
    let index = good.len() - 4 * 16 - 4;
    for (offset, len) in [
        (0, u64::MAX - 1),
        (u64::MAX - 8, 16),
        (1 << 62, 1 << 62),
        (0, 1 << 20),
    ] {
        let mut entries = good[index..good.len() - 4].to_vec();
        entries[..8].copy_from_slice(&u64::to_le_bytes(offset));
        entries[8..16].copy_from_slice(&u64::to_le_bytes(len));
        let checksum = crc32c(&entries);
        let bad = [&good[..index], &entries, &checksum.to_le_bytes()].concat();
        fs::write(&path, bad).unwrap();
        let error = attempt(&uri).unwrap_err();
        about_chunk(&error);
        assert!(error.message().contains("points to"), "{error}");
    }
}

/// CRC-32C (Castagnoli), bit by bit: RFC 3720, appendix B.4.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0x82f6_3b78 * (crc & 1))
        })
    })
}

#[test]
fn a_file_that_changes_after_opening_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["c", "fortran", "big"] {
        let path = directory.path().join(format!("{name}.npy"));
        fs::copy(fixture(&format!("npy/{name}.npy")), &path).unwrap();
        let source = open(path.to_str().unwrap()).unwrap();
        source.check_identity().unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(1000).unwrap();
        let mut bytes = vec![0; 23 * 17 * 8];
        let error = source
            .read_chunk(&[0, 0], &mut bytes, &Counters::default())
            .unwrap_err();
        about_chunk(&error);
        assert_eq!(source.check_identity().unwrap_err().kind(), Kind::Source);
        fs::remove_file(&path).unwrap();
        assert_eq!(source.check_identity().unwrap_err().kind(), Kind::Source);
    }
}

#[test]
fn files_without_permission_are_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, uri) = copy("v3.zarr/zstd");
    let deny = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    deny(&first_chunk(&uri));
    if fs::read(first_chunk(&uri)).is_ok() {
        // The superuser may read everything.
        return;
    }
    let error = attempt(&uri).unwrap_err();
    about_chunk(&error);
    assert!(
        error.suggestion().unwrap().contains("who may read"),
        "{error}"
    );
    deny(&Path::new(&uri).join("zarr.json"));
    assert_eq!(attempt(&uri).unwrap_err().kind(), Kind::Source);
}
