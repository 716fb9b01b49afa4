//! Distant sources: chunks are asked for before tasks run, several at once, each once, within the
//! promised memory.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tilewright_core::{Block, DType, Error, Grid, Kind, Region, Result, Slice};
use tilewright_exec::{CancelToken, Engine, Executor, Outcome, RunOptions};
use tilewright_expr::attr::{Access, Attr, Body, SourceRef};
use tilewright_expr::{Expr, OpId, build};
use tilewright_io::memory::MemorySource;
use tilewright_io::{Counters, InPlace, Source, SourceInfo};
use tilewright_plan::{Options, Planned, budget, memory, plan};

const CHUNKS: i64 = 40;
const LENGTH: i64 = 20_000;

/// A source behind a network, which is asked by many at once.
struct Distant {
    array: MemorySource,
    info: SourceInfo,
    reading: AtomicU64,
    most: AtomicU64,
    broken: Option<i64>,
}

impl Distant {
    fn new(broken: Option<i64>) -> Arc<Distant> {
        let values: Vec<f64> = (0..CHUNKS * LENGTH).map(|i| (i % 97) as f64).collect();
        let block = Block::from_slice(&[CHUNKS * LENGTH], &values).unwrap();
        let array = MemorySource::new(block, grid()).unwrap();
        let info = SourceInfo {
            distant: true,
            ..array.info().clone()
        };
        Arc::new(Distant {
            array,
            info,
            reading: AtomicU64::new(0),
            most: AtomicU64::new(0),
            broken,
        })
    }
}

impl Source for Distant {
    fn info(&self) -> &SourceInfo {
        &self.info
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let reading = self.reading.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(reading, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        self.reading.fetch_sub(1, Ordering::SeqCst);
        if self.broken == Some(chunk[0]) {
            return Err(Error::new(Kind::Source, "the server went away"));
        }
        self.array.read_chunk(chunk, into, counters)
    }
    /// Parts of every other chunk, so that both arrive.
    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        if chunk[0] % 2 == 1 {
            return Ok(false);
        }
        let mut whole = vec![0; 8 * LENGTH as usize];
        self.read_chunk(chunk, &mut whole, counters)?;
        let (first, len) = (8 * start[0] as usize, 8 * lens[0] as usize);
        into.copy_from_slice(&whole[first..first + len]);
        Ok(true)
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }
    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}

fn grid() -> Grid {
    Grid::regular(&[CHUNKS * LENGTH], &[LENGTH])
}

fn array() -> Expr {
    let source = SourceRef::Stored {
        uri: "far".into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid(),
        access: Access::Distant,
        user: None,
    };
    build::read(source, DType::F64, grid()).unwrap()
}

/// The sum of the square roots of every `step`-th element, or these themselves.
fn planned(sum: bool, step: i64, budget: u64) -> Planned {
    let every = Slice {
        start: None,
        stop: None,
        step: Some(step),
    };
    let axes = smallvec![every.resolve(CHUNKS * LENGTH).unwrap()];
    let taken = build::slice(&array(), Region { axes }).unwrap();
    let roots = build::map("sqrt", &[taken]).unwrap();
    match sum {
        true => staged(
            vec![build::reduce("sum", &roots, None, false).unwrap()],
            budget,
        ),
        false => staged(vec![roots], budget),
    }
}

/// The sum of the array and its greatest element, each by a pass of its own.
fn twice(budget: u64) -> Planned {
    let reduce = |name| build::reduce(name, &array(), None, false).unwrap();
    staged(vec![reduce("sum"), reduce("max")], budget)
}

/// Each root a stage.
fn staged(roots: Vec<Expr>, budget: u64) -> Planned {
    let options = Options {
        memory: Some(budget),
        stores: vec![None; roots.len()],
    };
    let stage = |root| {
        let body = Body { roots: vec![root] };
        let fused = OpId::named("fused").unwrap();
        Expr::new(fused, Attr::Body(Arc::new(body)), smallvec![]).unwrap()
    };
    let stages: Vec<Expr> = roots.into_iter().map(stage).collect();
    plan(&stages, &options).unwrap()
}

fn run(planned: &Planned, source: &Arc<Distant>, budget: u64) -> Result<Outcome> {
    let source = source.clone();
    let options = RunOptions {
        memory: budget,
        engine: Engine::Jit,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(move |_, _| Ok(source.clone())),
    };
    Executor::new(1).unwrap().run(planned, vec![], &options)
}

#[test]
fn chunks_are_asked_for_ahead_each_once_within_the_bound() {
    for (sum, step) in [(true, 1), (false, 1), (true, 3), (false, -3)] {
        let room = 64 << 20;
        let (planned, source) = (planned(sum, step, room), Distant::new(None));
        let outcome = run(&planned, &source, room).unwrap();
        let number = |k: i64| (((CHUNKS * LENGTH + k) % (CHUNKS * LENGTH)) % 97) as f64;
        let count = (CHUNKS * LENGTH - 1) / step.abs() + 1;
        let at = |k: i64| number(if step > 0 { k * step } else { k * step - 1 });
        let want: Vec<f64> = (0..count).map(|k| at(k).sqrt()).collect();
        let got = outcome.results[0].as_ref().unwrap();
        match sum {
            true => {
                let sum = got.get(0).unwrap().to_f64();
                assert!((sum - want.iter().sum::<f64>()).abs() < 1e-3, "{sum}");
            }
            false => assert_eq!(got.data.as_slice::<f64>(), &want[..]),
        }
        assert_eq!(outcome.stats.chunks_read, CHUNKS as u64);
        let most = source.most.load(Ordering::SeqCst);
        assert!((3..=9).contains(&most), "{most} at once");
        let bytes = memory::stages(&planned.plan, &[false]);
        let (peak, _) = budget::peak(&bytes, 1, room);
        assert!(outcome.stats.peak_bytes <= peak, "{:?}", outcome.stats);
    }
}

#[test]
fn without_room_a_task_asks_for_itself() {
    let bytes = memory::stages(&planned(true, 1, 64 << 20).plan, &[false]);
    let least = bytes[0].outputs + bytes[0].task;
    let (planned, source) = (planned(true, 1, least), Distant::new(None));
    let outcome = run(&planned, &source, least).unwrap();
    assert_eq!(outcome.stats.chunks_read, CHUNKS as u64);
    assert_eq!(source.most.load(Ordering::SeqCst), 1);
    assert!(outcome.stats.peak_bytes <= least);
}

#[test]
fn what_cannot_be_fetched_is_told_by_the_task() {
    let (planned, source) = (planned(true, 1, 64 << 20), Distant::new(Some(17)));
    let error = run(&planned, &source, 64 << 20).unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    assert!(error.message().contains("went away"), "{error}");
}

#[test]
fn what_has_no_room_among_the_kept_is_taken_as_it_comes() {
    let bytes = memory::stages(&twice(64 << 20).plan, &[]);
    let most = |of: fn(&memory::StageBytes) -> u64| bytes.iter().map(of).max().unwrap();
    let needed = most(|b| b.live + b.outputs + b.task + 8 * (b.ahead.chunks + b.ahead.decoding));
    let room = 10 * 8 * LENGTH as u64;
    let (planned, source) = (twice(needed + room), Distant::new(None));
    let outcome = run(&planned, &source, needed + room).unwrap();
    let read = outcome.stats.chunks_read as i64;
    // Some are kept, and none is fetched in vain.
    assert!((CHUNKS..2 * CHUNKS).contains(&read), "{read}");
    assert!(read <= 2 * CHUNKS - 10, "{read}");
    assert!(source.most.load(Ordering::SeqCst) >= 3);
}

#[test]
fn readers_go_when_the_caller_panics() {
    // Room for one task's chunks, so that readers wait when the first task ends.
    let bytes = memory::stages(&planned(true, 1, 64 << 20).plan, &[false]);
    let ahead = bytes[0].ahead.chunks + bytes[0].ahead.decoding;
    let memory = bytes[0].outputs + bytes[0].task + ahead;
    let (planned, open) = (planned(true, 1, memory), Distant::new(None));
    let options = RunOptions {
        memory,
        engine: Engine::Jit,
        cancel: CancelToken::default(),
        deadline: None,
        progress: Some(Arc::new(|_| panic!("enough"))),
        open: Arc::new(move |_, _| Ok(open.clone())),
    };
    let run = || Executor::new(1).unwrap().run(&planned, vec![], &options);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err();
    assert!(panicked);
}
