//! Scans of rows that are longer than a task: part after part, with the bits of one pass.
#![allow(clippy::unwrap_used, reason = "tests")]

use tilewright::{Array, Engine, Kind, Session, open, random, shape};

fn session(engine: Engine, memory: u64) -> Session {
    let session = Session::builder().engine(engine).threads(2);
    session.memory(memory).build().unwrap()
}

/// The bits of a scan, which are the reference's, in any memory that it fits.
fn bits(x: &Array, memory: u64) -> Vec<u64> {
    let run = |engine, memory| {
        let got = session(engine, memory).compute(x).unwrap();
        let got = got.to_vec::<f64>().unwrap().into_iter();
        got.map(f64::to_bits).collect::<Vec<u64>>()
    };
    let want = run(Engine::Reference, u64::MAX);
    for engine in [Engine::Jit, Engine::Interpreter] {
        for memory in [u64::MAX, memory] {
            assert!(run(engine, memory) == want, "{engine:?} within {memory}");
        }
    }
    want
}

#[test]
fn parts_carry_on_where_the_last_one_ended() {
    let line = random::seed(1).normal(0, 1, shape([300_001]).chunks([70_000]));
    let want = line.compute().unwrap().to_vec::<f64>().unwrap();
    let mut sum = 0.0;
    let want: Vec<u64> = want
        .iter()
        .map(|x| {
            sum += x;
            f64::to_bits(sum)
        })
        .collect();
    assert!(bits(&line.cumsum(0), 4 << 20) == want);
    let plane = random::seed(2).uniform(0.5, 1.5, shape([90, 3_000]).chunks([40, 700]));
    for along in [0, 1] {
        bits(&plane.cumsum(along), 3 << 20);
        bits(&plane.cumprod(along), 3 << 20);
    }
    // Rows of 150,000 and three of them, lanes across.
    let tall = random::seed(3).normal(0, 1, shape([150_000, 3]).chunks([33_000, 3]));
    bits(&(&tall * 2.0).cumsum(0), 8 << 20);
}

#[test]
fn a_scan_that_is_stored_takes_the_memory_of_parts() {
    let place = std::env::temp_dir().join(format!("tilewright-scans-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let x = random::seed(4).normal(0, 1, shape([1_000_000]).chunks([50_000]));
    let sums = x.cumsum(0);
    let little = session(Engine::Jit, 6 << 20);
    for name in ["sums.npy", "sums.zarr"] {
        let uri = place.join(name).to_string_lossy().into_owned();
        little.store(&sums, uri.as_str()).unwrap();
        let back = open(&uri).compute().unwrap().to_vec::<f64>().unwrap();
        assert!(back == sums.compute().unwrap().to_vec::<f64>().unwrap());
    }
    let whole = little.compute(&sums).unwrap_err();
    assert_eq!(whole.kind(), Kind::Budget);
    std::fs::remove_dir_all(&place).unwrap();
}
