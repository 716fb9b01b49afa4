//! Do NumPy's archives and files of bare elements read as what NumPy wrote?

use crate::values::{expected, fixture, read, read_in_place};
use std::fs;
use std::io::Write;
use tilewright_core::{DType, Kind};
use tilewright_io::{Counters, open};

fn check(uri: &str, dtype: DType, shape: &[i64]) {
    let source = open(&fixture(uri)).unwrap();
    let info = source.info();
    assert_eq!((info.dtype, &info.shape[..]), (dtype, shape), "{uri}");
    let want = expected(dtype, shape);
    let block = read(&*source, &Counters::default()).unwrap();
    assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{uri}");
    if let Some(block) = read_in_place(&*source) {
        assert_eq!(block.data.as_bytes(), want.data.as_bytes(), "{uri}");
    }
}

#[test]
fn members_that_are_stored_and_deflated() {
    for archive in ["stored", "packed"] {
        for (name, dtype) in [
            ("a", DType::F64),
            ("b", DType::I32),
            ("big", DType::I16),
            ("flags", DType::Bool),
            ("b.npy", DType::I32),
        ] {
            check(&format!("npz/{archive}.npz#{name}"), dtype, &[23, 17]);
        }
    }
    check("npz/one.npz", DType::U16, &[11, 6]);
    check("npz/large.npz#a", DType::F64, &[23, 17]);
    let source = open(&fixture("npz/stored.npz#a")).unwrap();
    assert!(source.in_place().is_some());
}

#[test]
fn a_member_that_is_not_there_or_not_read_says_so() {
    for (uri, part, way_out) in [
        ("npz/stored.npz", "4 arrays", "stored.npz#a"),
        ("npz/stored.npz#c", "no array \"c\"", "stored.npz#a"),
        ("npz/bzip2.npz", "method 12", "savez_compressed"),
    ] {
        let error = open(&fixture(uri)).err().unwrap();
        assert!(error.message().contains(part), "{error}");
        assert!(error.suggestion().unwrap().contains(way_out), "{error}");
    }
}

#[test]
fn damaged_archives_are_errors() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.npz");
    let attempt = |name: &str| {
        let source = open(&format!("{}#{name}", path.display()))?;
        read(&*source, &Counters::default())
    };
    for archive in ["npz/stored.npz", "npz/packed.npz", "npz/large.npz"] {
        let good = fs::read(fixture(archive)).unwrap();
        for len in 0..good.len() {
            if len % 7 == 0 || len + 200 > good.len() {
                fs::write(&path, &good[..len]).unwrap();
                assert!(attempt("a").is_err(), "{archive}: {len} bytes");
            }
        }
        let tail = good.len() - 400;
        for at in (0..200).chain(tail..good.len()) {
            for byte in [0, 0xff, good[at] ^ 1] {
                let mut bad = good.clone();
                bad[at] = byte;
                fs::write(&path, &bad).unwrap();
                if let Err(error) = attempt("a") {
                    assert_eq!(error.kind(), Kind::Source, "{error}");
                    assert!(error.suggestion().is_some(), "{error}");
                }
            }
        }
    }
}

/// An archive with one member, deflated: its content, and the length that it says.
fn archive(content: &[u8], said: u32) -> Vec<u8> {
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflated.write_all(content).unwrap();
    let packed = deflated.finish().unwrap();
    let mut checksum = flate2::Crc::new();
    checksum.update(content);
    let numbers = [checksum.sum(), packed.len() as u32, said];
    let numbers: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let name = b"a.npy";
    let mut out = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".to_vec();
    out.extend(&numbers);
    out.extend([5, 0, 0, 0]);
    out.extend(name);
    out.extend(&packed);
    let directory = out.len() as u32;
    out.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
    out.extend(&numbers);
    out.extend([5, 0]);
    out.extend([0; 16]);
    out.extend(name);
    let len = out.len() as u32 - directory;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(len.to_le_bytes());
    out.extend(directory.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn a_bomb_in_an_archive_stops_at_the_size_that_it_says() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.npz");
    let member = fs::read(fixture("npy/c.npy")).unwrap();
    let len = member.len() as u32;
    let attempt = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read(&*open(path.to_str().unwrap())?, &Counters::default())
    };
    assert!(attempt(&archive(&member, len)).is_ok());
    // 64 MB of zeros behind the array, in an archive of some 70 kB; whether they are said to be there, or
    // not.
    let mut bomb = member.clone();
    bomb.resize(64 << 20, 0);
    for said in [len, 64 << 20] {
        let bomb = archive(&bomb, said);
        assert!(bomb.len() < 80_000);
        let error = attempt(&bomb).unwrap_err();
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(error.message().contains("far more"), "{error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
    // Lengths that nothing is behind: of the member, and of the array.
    let block = attempt(&archive(&member, u32::MAX - 1)).unwrap();
    assert_eq!(
        block.data.as_bytes(),
        &member[member.len() - block.data.len()..]
    );
    let mut long = member.clone();
    let at = long
        .windows(11)
        .position(|text| text == b"(23, 17), }")
        .unwrap();
    long[at..at + 11].copy_from_slice(b"(99999,), }");
    let error = attempt(&archive(&long, len)).unwrap_err();
    assert!(error.message().contains("missing"), "{error}");
}

#[test]
fn bare_elements_are_read_as_the_uri_says() {
    check(
        "raw/plain.bin?shape=23,17&dtype=float64",
        DType::F64,
        &[23, 17],
    );
    check(
        "raw/plain.bin?shape=(23,17)&dtype=<f8",
        DType::F64,
        &[23, 17],
    );
    check(
        "raw/offset_big.bin?shape=23,17&dtype=>i2&offset=13",
        DType::I16,
        &[23, 17],
    );
    check(
        "raw/offset_big.bin?shape=23,17&dtype=int16&offset=13&endian=big",
        DType::I16,
        &[23, 17],
    );
    check(
        "raw/fortran.bin?shape=23,17&dtype=u4&order=F",
        DType::U32,
        &[23, 17],
    );
    for (query, part) in [
        ("shape=24,17&dtype=f8", "shorter"),
        ("shape=23,17", "must be given"),
        ("shape=23,17&dtype=f8&size=3", "nothing that is said"),
        ("shape=9223372036854775807,9&dtype=f8", "shorter"),
    ] {
        let error = open(&fixture(&format!("raw/plain.bin?{query}")))
            .err()
            .unwrap();
        assert_eq!(error.kind(), Kind::Source, "{error}");
        assert!(error.message().contains(part), "{error}");
    }
    let error = open(&fixture("raw/plain.bin")).err().unwrap();
    assert!(
        error.message().contains("does not say its shape"),
        "{error}"
    );
    assert!(error.suggestion().unwrap().contains("shape="), "{error}");
}
