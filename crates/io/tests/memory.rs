//! Does reading a chunk take no more memory than the source says?
//!
//! One test, since the resident peak is that of the process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;
use std::fs;
use std::num::NonZeroU64;
use tilewright_io::{Counters, open};
use zarrs::array::codec::CodecChain;
use zarrs::array::codec::api::{ArrayToBytesCodecTraits, CodecOptions};
use zarrs::array::{FillValue, data_type};

/// Rows and columns of the chunk: 33 MiB of float64, beyond what the allocator keeps.
const SHAPE: [u64; 2] = [2112, 2048];

/// A line of /proc/self/status, in bytes.
fn status(name: &str) -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let number = line.split_whitespace().nth(1).unwrap();
    number.parse::<i64>().unwrap() * 1024
}

/// Bytes that hardly compress: SplitMix64, with three bytes of each eight left 0.
fn elements() -> Vec<u8> {
    let word = |i: u64| {
        let z = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)) & 0xff_ffff_ffff
    };
    (0..SHAPE[0] * SHAPE[1])
        .flat_map(|i| word(i).to_le_bytes())
        .collect()
}

#[test]
fn reading_a_chunk_stays_within_decode_bytes() {
    let bytes = json!({"name": "bytes", "configuration": {"endian": "little"}});
    let turn = json!({"name": "transpose", "configuration": {"order": [1, 0]}});
    let zstd = json!({"name": "zstd", "configuration": {"level": 1, "checksum": true}});
    let gzip = json!({"name": "gzip", "configuration": {"level": 1}});
    let crc = json!({"name": "crc32c"});
    let blosc = json!({"name": "blosc", "configuration": {
        "cname": "lz4", "clevel": 1, "shuffle": "shuffle", "typesize": 8, "blocksize": 0}});
    let right = elements();
    let shape = SHAPE.map(|len| NonZeroU64::new(len).unwrap());
    let mut into = vec![1; right.len()];
    for codecs in [
        json!([bytes]),
        json!([bytes, zstd]),
        json!([turn, bytes, zstd]),
        json!([bytes, gzip]),
        json!([bytes, blosc]),
        json!([turn, bytes, blosc]),
        json!([bytes, crc]),
        json!([bytes, zstd, crc]),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let document = json!({
            "zarr_format": 3, "node_type": "array", "shape": SHAPE, "data_type": "uint64",
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": SHAPE}},
            "chunk_key_encoding": {"name": "v2", "configuration": {"separator": "."}},
            "fill_value": 0, "codecs": codecs,
        });
        let chain: Vec<_> = serde_json::from_value(codecs.clone()).unwrap();
        let chain = CodecChain::from_metadata(&chain).unwrap();
        let options = CodecOptions::default().with_concurrent_target(1);
        let encoded = chain
            .encode(
                right.clone().into(),
                &shape,
                &data_type::uint64(),
                &FillValue::from(0u64),
                &options,
            )
            .unwrap();
        fs::write(directory.path().join("zarr.json"), document.to_string()).unwrap();
        fs::write(directory.path().join("0.0"), &encoded).unwrap();
        drop(encoded);
        let source = open(directory.path().to_str().unwrap()).unwrap();
        // Resets the peak to what is resident now.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = status("VmRSS");
        source
            .read_chunk(&[0, 0], &mut into, &Counters::default())
            .unwrap();
        let grown = status("VmHWM") - before;
        let said = source.info().decode_bytes as i64;
        assert!(into == right, "{codecs}");
        assert!(
            grown <= said + (1 << 20),
            "{codecs}: {grown} bytes, {said} were said"
        );
        assert!(
            said < 8 * right.len() as i64,
            "{codecs}: {said} bytes are said"
        );
    }
}
