//! Is the memory bound a promise, and do the counters count?
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod language;

use language::{array, bits};
use std::collections::HashMap;
use std::sync::Arc;
use tilewright::{Array, Engine, Session};
use tilewright_core::{Block, DType, Error, Grid, Kind, Result};
use tilewright_exec::{CancelToken, Engine as Runs, Executor, Outcome, RunOptions};
use tilewright_expr::attr::{Access, SourceRef};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, reference};
use tilewright_io::memory::MemorySource;
use tilewright_io::{Counters, InPlace, Source, SourceInfo};
use tilewright_plan::{Options, Planned, plan};
use tilewright_tests::rooms::{difference, need, projected};

/// Plans of every shape: maps, rows, leaves, several stages, several roots' worth of states.
const PLANS: [&str; 19] = [
    "normal(0, 1, (500, 400), chunks=(100, 100), seed=1).mean(axis=0)[0:100]",
    "normal(0, 1, (500, 400), chunks=(100, 100), seed=1).std(axis=1)",
    "uniform(0, 1, (300000,), chunks=7000, seed=1).var()",
    "uniform(0, 1, (300000,), chunks=300000, seed=1).sum()",
    "x = normal(0, 1, (300, 300), chunks=(70, 300), seed=1); (x - x.mean(axis=0)) / x.std(axis=0)",
    "x = normal(0, 1, (200, 200), chunks=(70, 90), seed=1); y = x + x.T; y[::2, 50:].mean(axis=1)",
    "x = normal(0, 1, (200, 200), seed=1); sin(x[:, 0]) * x.T",
    "integers(0, 9, (400, 300), dtype=int16, chunks=(50, 300), seed=1).mean(axis=1)",
    "x = uniform(0, 1, (40, 30, 20), seed=2, chunks=(9, 8, 7)); x / x.max(axis=(1, 2))[:, None, None]",
    "x = uniform(0, 1, (1000,), seed=2); concatenate([exp(x), sin(x)], axis=0)[::-3]",
    "arange(100000, chunks=999).reshape((1000, 100)).sum(axis=0)",
    "x = read(\"fixtures/v3.zarr/even\"); x[::2, 5:].mean(axis=1)",
    "sort(normal(0, 1, (300, 200), chunks=(70, 90), seed=1), axis=0)",
    "argsort(normal(0, 1, (300, 200), chunks=(70, 90), seed=1), axis=1)[:, ::-2]",
    "cumsum(exp(uniform(0, 1, (300, 200), chunks=(70, 90), seed=1)), axis=0)[5:]",
    "quantile(uniform(0, 1, (60, 50, 20), seed=1), [0.1, 0.5], axis=(0, 2))",
    "x = read(\"fixtures/v3.zarr/even\"); histogram(x, 9, range=(-100, 100))[0]",
    "x = normal(0, 1, (5000,), seed=1); searchsorted(sort(x), 2 * x)",
    "x = normal(0, 1, (60, 70), seed=1); x @ x.T",
];

fn session(memory: u64, threads: usize) -> Session {
    Session::builder()
        .memory(memory)
        .threads(threads)
        .build()
        .unwrap()
}

/// Whether a plan fits this budget; a refusal is a typed one with a way out.
fn accepts(x: &Array, memory: u64) -> bool {
    match session(memory, 1).explain([x]) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), Kind::Budget, "{error}");
            assert!(error.suggestion().is_some(), "no way out: {error}");
            false
        }
    }
}

#[test]
fn the_smallest_budget_works_and_one_byte_less_is_refused() {
    for text in PLANS {
        let x = array(text);
        let reference = Session::builder()
            .engine(Engine::Reference)
            .build()
            .unwrap();
        let want = bits(reference.compute(&x).unwrap().block());
        let (mut refused, mut accepted) = (0u64, 1 << 32);
        assert!(accepts(&x, accepted), "{text}");
        while accepted - refused > 1 {
            let middle = refused + (accepted - refused) / 2;
            if accepts(&x, middle) {
                accepted = middle;
            } else {
                refused = middle;
            }
        }
        assert_eq!(accepted, refused + 1);
        for threads in [1, 2, 8] {
            for memory in [accepted, accepted + accepted / 2, accepted * 5, 1 << 32] {
                let finished = session(memory, threads).job([&x]).run().unwrap();
                let stats = finished.stats;
                let got = bits(finished.results[0].as_ref().unwrap().block());
                assert_eq!(got, want, "{text} in {memory} bytes on {threads} threads");
                assert!(
                    stats.peak_bytes <= stats.projected_peak_bytes,
                    "{text}: {} bytes of {} projected",
                    stats.peak_bytes,
                    stats.projected_peak_bytes
                );
                assert!(
                    stats.projected_peak_bytes <= memory,
                    "{text}: {} bytes projected, the budget is {memory}",
                    stats.projected_peak_bytes
                );
            }
        }
        let error = session(refused, 1).compute(&x).unwrap_err();
        assert_eq!(error.kind(), Kind::Budget, "{text}: {error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
}

/// A source that reads each chunk `times` times.
struct Repeating {
    inner: MemorySource,
    times: usize,
}

impl Source for Repeating {
    fn info(&self) -> &SourceInfo {
        self.inner.info()
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        (0..self.times).try_for_each(|_| self.inner.read_chunk(chunk, into, counters))
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }
    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}

fn stored(uri: &str, grid: &Grid) -> Expr {
    let source = SourceRef::Stored {
        uri: uri.into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    build::read(source, DType::F64, grid.clone()).unwrap()
}

fn run(planned: &Planned, sources: &HashMap<String, Arc<dyn Source>>) -> Outcome {
    let sources = sources.clone();
    let options = RunOptions {
        memory: 1 << 32,
        engine: Runs::Jit,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(move |uri, _| {
            let source = sources.get(uri).cloned();
            source.ok_or_else(|| Error::new(Kind::Source, uri.to_owned()))
        }),
    };
    let executor = Executor::new(2).unwrap();
    executor.run(planned, vec![], &options).unwrap()
}

fn optimized(roots: &[Expr]) -> Planned {
    let options = tilewright_opt::Options::default();
    let optimized = tilewright_opt::optimize(roots, &options).unwrap();
    plan(&optimized.roots, &Options::default()).unwrap()
}

#[test]
fn a_planted_read_is_counted() {
    let (shape, chunks) = ([60i64, 50], [10i64, 25]);
    let grid = Grid::regular(&shape, &chunks);
    let values: Vec<f64> = (0..3000).map(f64::from).collect();
    let mut sources: HashMap<String, Arc<dyn Source>> = HashMap::new();
    for (uri, times) in [("once", 1), ("twice", 2)] {
        let block = Block::from_slice(&shape, &values).unwrap();
        let inner = MemorySource::new(block, grid.clone()).unwrap();
        sources.insert(uri.into(), Arc::new(Repeating { inner, times }));
    }
    let sum = |uri| build::reduce("sum", &stored(uri, &grid), Some(&[0]), false).unwrap();
    let once = run(&optimized(&[sum("once")]), &sources).stats;
    let twice = run(&optimized(&[sum("twice")]), &sources).stats;
    assert_eq!((once.chunks_read, once.bytes_decoded), (12, 24_000));
    assert_eq!((twice.chunks_read, twice.bytes_decoded), (24, 48_000));
    // A second pass over the same source finds what the first one kept.
    let x = stored("once", &grid);
    let mean = build::statistic("mean", &x, Some(&[0]), 0.0, true).unwrap();
    let centred = build::map("subtract", &[x, mean]).unwrap();
    let both = run(&optimized(&[centred]), &sources).stats;
    assert_eq!(both.chunks_read, 12);
}

#[test]
fn a_planted_draw_is_counted() {
    let grid = Grid::regular(&[40, 30], &[7, 30]);
    let draw =
        |seed| build::normal(Operand::Float(0.0), Operand::Float(1.0), seed, grid.clone()).unwrap();
    let none = HashMap::new();
    let one = run(&optimized(&[draw(1)]), &none).stats;
    let square = build::map("multiply", &[draw(1), draw(1)]).unwrap();
    let equal = run(&optimized(&[square]), &none).stats;
    let product = build::map("multiply", &[draw(1), draw(2)]).unwrap();
    let two = run(&optimized(&[product]), &none).stats;
    assert_eq!(one.elements_generated, 1200);
    assert_eq!(equal.elements_generated, 1200, "equal calls are one array");
    assert_eq!(two.elements_generated, 2400);
}

#[test]
fn a_planted_buffer_is_seen() {
    // The identity plan stores every node; the optimized one stores its result alone.
    let grid = Grid::regular(&[1 << 16], &[1 << 12]);
    let x = build::uniform(Operand::Float(0.0), Operand::Float(1.0), 3, grid).unwrap();
    let y = build::map("sqrt", &[build::map("exp", &[x]).unwrap()]).unwrap();
    let none = HashMap::new();
    let lean = run(&optimized(std::slice::from_ref(&y)), &none);
    let stages = tilewright_opt::identity(std::slice::from_ref(&y)).unwrap();
    let planned = plan(&stages, &Options::default()).unwrap();
    let fat = run(&planned, &none);
    let array = 8 << 16;
    assert!(lean.stats.peak_bytes < 2 * array, "{:?}", lean.stats);
    assert!(fat.stats.peak_bytes >= 2 * array, "{:?}", fat.stats);
    assert!(fat.stats.peak_bytes <= projected(&planned, 2, 1 << 32));
    assert!(need(&planned) >= 2 * array);
    let want = reference::evaluate(&[y], &|_| panic!("no stored source")).unwrap();
    for outcome in [lean, fat] {
        let got = outcome.results[0].as_ref().unwrap();
        assert_eq!(difference(got, &want[0]), None);
    }
}
