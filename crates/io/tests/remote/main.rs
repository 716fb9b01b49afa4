//! Arrays behind a network: what is read is what stands there, with no more asked for than needed;
//! and whatever a server does wrong, the outcome is the right value or an error that says what to do,
//! within a bounded time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bucket;
mod faults;
mod reading;
mod s3;
mod server;
mod signed;

use server::Server;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use tilewright_core::{Block, DType, Result};
use tilewright_io::{Counters, RemoteSettings, Source, open};

/// The server of this run's buckets. Impatient settings hold for all tests.
pub fn bucket_server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = Server::start();
        let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let settings = RemoteSettings {
            connect: Duration::from_millis(500),
            stall: Duration::from_millis(300),
            total: Duration::from_secs(3),
            retries: 3,
            backoff: Duration::from_millis(10),
            requests: 4,
            options: vec![
                option("AWS_ENDPOINT", &format!("http://{}", server.address())),
                option("AWS_ALLOW_HTTP", "true"),
                option("AWS_SKIP_SIGNATURE", "true"),
                option("AWS_REGION", "here"),
            ],
        };
        settings.apply();
        server
    })
}

/// A server of its own, for a test.
pub fn server() -> Server {
    bucket_server();
    Server::start()
}

/// Where the files stand that other programs wrote.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// All chunks of an array, one after another.
pub fn chunks(source: &dyn Source, counters: &Counters) -> Result<Vec<Vec<u8>>> {
    let info = source.info();
    let counts: Vec<i64> = info.grid.axes.iter().map(|axis| axis.chunks()).collect();
    let mut all = Vec::new();
    for number in 0..counts.iter().product() {
        let (mut rest, mut chunk): (i64, _) = (number, vec![0; counts.len()]);
        for (at, count) in chunk.iter_mut().zip(&counts).rev() {
            *at = rest % count;
            rest /= count;
        }
        let lens = chunk.iter().zip(&info.grid.axes).map(|(&k, axis)| {
            let (from, to) = axis.bounds(k);
            to - from
        });
        let bytes = lens.product::<i64>() as usize * info.dtype.itemsize();
        let mut into = vec![0; bytes];
        source.read_chunk(&chunk, &mut into, counters)?;
        all.push(into);
    }
    Ok(all)
}

/// All chunks of the array that a URI names.
pub fn read(uri: &str) -> Result<Vec<Vec<u8>>> {
    chunks(&*open(uri)?, &Counters::default())
}

/// An npy file of one axis of float64.
pub fn npy(count: i64) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.npy");
    let spec = tilewright_io::ArraySpec::new(&[count], DType::F64, &[count]);
    let sink = tilewright_io::create(path.to_str().unwrap(), &spec).unwrap();
    let block = numbers(count);
    sink.write_chunk(&[0], block.data.as_bytes(), &Counters::default())
        .unwrap();
    sink.finish().unwrap();
    std::fs::read(path).unwrap()
}

/// 0, 1, 2 and so on.
pub fn numbers(count: i64) -> Block {
    let mut block = Block::zeros(DType::F64, &[count]).unwrap();
    for k in 0..count as usize {
        let number = tilewright_core::Scalar::from_f64(DType::F64, k as f64);
        block.set(k, number);
    }
    block
}
