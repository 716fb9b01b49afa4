//! What does a small file that claims to be large make the reader allocate?
//!
//! At most 64 KiB and twice the input, before what it says is believed; for a chunk also what the
//! source said before that reading one takes. One test, since the peak is that of the process; what
//! libraries in C allocate is not in it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod hierarchies;

use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tilewright_core::element_count;
use tilewright_io::{Counters, open};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    fixtures.join(name)
}

/// Opens a file and reads its first chunk, into memory that is not counted; what was allocated at
/// most must fit the input.
fn check(what: &str, uri: &str, input: usize, wrong: &mut Vec<String>) {
    let mut within = |name: &str, before: usize, said: u64| {
        let grown = MEMORY.peak_usage().saturating_sub(before);
        let most = (64 << 10) + 2 * input + said as usize;
        if grown > most {
            wrong.push(format!("{what}, {name}: {grown} bytes of {input}"));
        }
    };
    let start = || {
        MEMORY.reset_peak_usage();
        MEMORY.current_usage()
    };
    let before = start();
    let opened = open(uri);
    within("open", before, 0);
    let Ok(source) = opened else { return };
    let info = source.info();
    let lens: Vec<i64> = info.grid.axes.iter().map(|axis| axis.bounds(0).1).collect();
    let bytes = element_count(&lens).unwrap() * info.dtype.itemsize() as i64;
    let mut into = vec![0; bytes.min(1 << 20) as usize];
    if bytes != into.len() as i64 {
        return;
    }
    let first = vec![0; lens.len()];
    let before = start();
    let failed = source
        .read_chunk(&first, &mut into, &Counters::default())
        .is_err();
    if failed {
        within("chunk", before, info.decode_bytes);
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Files that say more than they hold: names, bytes.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let npy = |version: u8, header: &[u8]| [b"\x93NUMPY", &[version, 0][..], header].concat();
    files.push(("npy".into(), npy(2, &[0xff; 4])));
    files.push(("npy".into(), npy(3, &[0xff; 4])));
    files.push(("npy".into(), npy(1, &[0xff; 2])));
    let deep = [b"{'descr': ".to_vec(), vec![b'('; 60_000]].concat();
    let deep = [&(deep.len() as u16).to_le_bytes()[..], &deep].concat();
    files.push(("npy".into(), npy(1, &deep)));
    let axes = format!(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}",
        "1,".repeat(20_000)
    );
    let axes = [&(axes.len() as u16).to_le_bytes()[..], axes.as_bytes()].concat();
    files.push(("npy".into(), npy(1, &axes)));
    // Every byte of the start of a good file, at its highest.
    for (name, start, step) in [
        ("nifti/int16.nii", 352, 1),
        ("nifti/two.nii", 544, 1),
        ("nifti/packed.nii.gz", 64, 1),
        ("npz/stored.npz", 200, 1),
        ("npz/packed.npz", 200, 1),
        ("tiff/tiles_zlib.tif", 400, 1),
        ("tiff/bigtiff.tif", 400, 1),
    ] {
        let good = fs::read(fixture(name)).unwrap();
        let ending = name.split_once('.').unwrap().1;
        for at in (0..start.min(good.len())).step_by(step) {
            let mut bad = good.clone();
            bad[at] = 0xff;
            files.push((format!("{at}.{ending}"), bad.clone()));
            if at % 4 == 0 && at + 4 <= bad.len() {
                bad[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
                files.push((format!("{at}.{ending}"), bad));
            }
        }
        // The end of an archive says what is in it.
        let tail = good
            .len()
            .saturating_sub(if ending == "npz" { 300 } else { 0 });
        for at in tail..good.len() {
            let mut bad = good.clone();
            bad[at] = 0xff;
            files.push((format!("{at}.{ending}"), bad));
        }
    }
    files
}

/// What directories of npy files say of them, too much, and too often.
fn stacks() -> Vec<Vec<u8>> {
    let good = b"\x80\x02}(X\x06\x00\x00\x00chunks(K\x02K\x01\x86K\x03\x85\x86X\x04\x00\x00\x00axisK\x00u.";
    let mut infos = Vec::new();
    for at in 0..good.len() {
        let mut bad = good.to_vec();
        bad[at] = 0xff;
        infos.push(bad);
    }
    // Texts and bytes of 4 GB, values for every byte, and the same value again and again.
    infos.push(b"\x80\x02X\xff\xff\xff\xff".to_vec());
    infos.push(b"\x80\x03B\xff\xff\xff\xff".to_vec());
    infos.push([b"\x80\x02".to_vec(), vec![b')'; 20_000]].concat());
    infos.push(
        [
            b"\x80\x02(".to_vec(),
            b"K\x01".repeat(20_000),
            b"t.".to_vec(),
        ]
        .concat(),
    );
    infos.push([b"\x80\x04)\x94".to_vec(), b"h\x00".repeat(20_000)].concat());
    // Numbers of eight bytes again and again, all of them remembered, names without end.
    let long = b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f";
    infos.push([b"\x80\x02(", &long[..], b"q\x00", &b"h\x00".repeat(100_000)].concat());
    let remembered = b"\x80\x04("
        .iter()
        .copied()
        .chain(b"K\x01\x94".repeat(20_000));
    let places = (0..20_000u32).flat_map(|k| [&b"j"[..], &k.to_le_bytes()].concat());
    infos.push(remembered.chain(places).collect());
    infos.push(
        [
            b"\x80\x02}(".to_vec(),
            b"X\0\0\0\0K\x01".repeat(20_000),
            b"u.".to_vec(),
        ]
        .concat(),
    );
    // Of many files, but for a length that is none, or too much.
    for last in [&long.repeat(3)[..], b"N"] {
        let (start, end) = (
            b"\x80\x02}(X\x06\0\0\0chunks((",
            b"K\x03\x85tX\x04\0\0\0axisK\0u.",
        );
        let ones = b"K\x01".repeat(200_000);
        infos.push([&start[..], &ones, last, b"t", &end[..]].concat());
    }
    infos
}

/// Documents of arrays that say more than they hold, and their first chunk.
fn documents() -> Vec<(String, Vec<u8>)> {
    let bytes = json!({"name": "bytes", "configuration": {"endian": "little"}});
    let base = json!({
        "zarr_format": 3, "node_type": "array", "shape": [8, 8], "data_type": "float64",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4, 4]}},
        "chunk_key_encoding": {"name": "default"}, "fill_value": 0, "codecs": [bytes],
    });
    let shard = json!([{"name": "sharding_indexed", "configuration": {
        "chunk_shape": [1, 1], "codecs": [bytes], "index_codecs": [bytes]}}]);
    let with = |edit: &dyn Fn(&mut Value)| {
        let mut document = base.clone();
        edit(&mut document);
        document.to_string()
    };
    let long = 1u64 << 30;
    let texts = [
        with(&|d| d["shape"] = vec![1; 10_000].into()),
        with(&|d| {
            d["shape"] = vec![1; 10_000].into();
            d["chunk_grid"]["configuration"]["chunk_shape"] = vec![1; 10_000].into();
        }),
        with(&|d| d["shape"] = json!([long, long])),
        with(&|d| d["chunk_grid"]["configuration"]["chunk_shape"] = json!([long, long])),
        with(&|d| d["codecs"] = vec![json!({"name": "zstd"}); 5000].into()),
        with(&|d| d["codecs"] = vec![bytes.clone(); 1000].into()),
        with(&|d| d["fill_value"] = "x".repeat(100_000).into()),
        with(&|d| d["data_type"] = "x".repeat(100_000).into()),
        with(&|d| d["attributes"] = json!({"a": "x".repeat(10_000)})),
        with(&|d| d["attributes"] = json!({"a": vec![1; 20_000], "b": vec![vec![0; 9]; 2000]})),
        with(&|d| d["consolidated_metadata"] = json!({"a": vec![1; 20_000]})),
        with(&|d| d["dimension_names"] = vec!["x"; 10_000].into()),
        with(&|d| {
            d["codecs"] = shard.clone();
            d["shape"] = json!([1 << 20, 1 << 20]);
            d["chunk_grid"]["configuration"]["chunk_shape"] = json!([1 << 20, 1 << 20]);
        }),
        "[".repeat(50_000),
        "{\"a\":".repeat(20_000),
        format!("[{}0]", "0,".repeat(50_000)),
    ];
    let chunk = |text: String| (text, vec![0x28; 40]);
    texts.map(chunk).into()
}

#[test]
fn memory_is_not_taken_on_a_files_word() {
    let directory = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    // What libraries set up once does not count.
    for name in [
        "v3.zarr/zstd",
        "v2.zarr/blosc",
        "hdf5/latest.h5",
        "tiff/uint8.tif",
    ] {
        let _ = open(fixture(name).to_str().unwrap());
    }
    for (ending, bytes) in files() {
        let path = directory.path().join(format!("x.{ending}"));
        write(&path, &bytes);
        check(&ending, path.to_str().unwrap(), bytes.len(), &mut wrong);
    }
    for (name, keys, bytes) in hierarchies::changed().chain(hierarchies::amplified()) {
        let path = directory.path().join(format!("x.{name}"));
        write(&path, &bytes);
        for key in keys {
            let uri = format!("{}#{key}", path.display());
            check(&format!("{name}#{key}"), &uri, bytes.len(), &mut wrong);
        }
    }
    for info in stacks() {
        let stack = directory.path().join("x.npystack");
        write(&stack.join("info"), &info);
        write(
            &stack.join("0.npy"),
            &fs::read(fixture("npy/c.npy")).unwrap(),
        );
        let what = String::from_utf8_lossy(&info)
            .chars()
            .take(40)
            .collect::<String>();
        check(&what, stack.to_str().unwrap(), info.len(), &mut wrong);
    }
    for (text, chunk) in documents() {
        let array = directory.path().join("x.zarr");
        for name in ["zarr.json", ".zarray"] {
            write(&array.join(name), text.as_bytes());
            write(&array.join("c/0/0"), &chunk);
            let what = text.chars().take(100).collect::<String>();
            check(&what, array.to_str().unwrap(), text.len(), &mut wrong);
            fs::remove_dir_all(&array).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
