//! What goes wrong in storage is a typed error of the run; nothing is shown, the threads stay.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tilewright_core::{Block, DType, Error, Grid, Kind, Result};
use tilewright_exec::{CancelToken, Engine, Executor, Outcome, RunOptions, Target};
use tilewright_expr::attr::{Access, Attr, Body, SourceRef};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, OpId};
use tilewright_io::memory::{MemorySink, MemorySource};
use tilewright_io::{Counters, InPlace, Sink, SinkInfo, Source, SourceInfo};
use tilewright_plan::{Options, SinkShape, plan};

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Error,
    Panic,
    Changed,
}

/// A source whose chunk (5, 0) is broken.
struct Broken(MemorySource, Fault);

impl Source for Broken {
    fn info(&self) -> &SourceInfo {
        self.0.info()
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        match self.1 {
            Fault::Error if chunk[0] >= 5 => Err(Error::new(
                Kind::Source,
                format!("chunk {chunk:?} is broken"),
            )),
            Fault::Panic if chunk[0] >= 5 => panic!("a codec panicked"),
            _ => self.0.read_chunk(chunk, into, counters),
        }
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }
    fn check_identity(&self) -> Result<()> {
        match self.1 {
            Fault::Changed => Err(Error::new(Kind::Source, "the array was changed")),
            _ => Ok(()),
        }
    }
}

/// A sink that is full after some chunks.
struct Full {
    inner: MemorySink,
    room: AtomicU64,
    aborted: AtomicBool,
    finished: AtomicBool,
    /// One chunk in so many stands from an interrupted run; none if 0.
    standing: i64,
}

impl Sink for Full {
    fn info(&self) -> &SinkInfo {
        self.inner.info()
    }
    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let room = self
            .room
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        room.map_err(|_| Error::new(Kind::Sink, "no space left on device"))?;
        self.inner.write_chunk(chunk, elements, counters)
    }
    fn stands(&self, chunk: &[i64]) -> bool {
        self.standing > 0 && chunk[0] % self.standing == 0
    }
    fn finish(&self) -> Result<()> {
        self.finished.store(true, Ordering::SeqCst);
        self.inner.finish()
    }
    fn abort(&self) {
        self.aborted.store(true, Ordering::SeqCst);
        self.inner.abort();
    }
}

fn stage(root: &Expr) -> Expr {
    let body = Body {
        roots: vec![root.clone()],
    };
    Expr::new(
        OpId::named("fused").unwrap(),
        Attr::Body(Arc::new(body)),
        smallvec![],
    )
    .unwrap()
}

fn stored() -> Expr {
    let grid = Grid::regular(&[100, 10], &[10, 10]);
    let source = SourceRef::Stored {
        uri: "x".into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    build::read(source, DType::F64, grid).unwrap()
}

fn store(grid: &Grid) -> SinkShape {
    SinkShape {
        grid: grid.clone(),
        encode_bytes: 0,
    }
}

fn run(executor: &Executor, root: &Expr, fault: Fault, sink: Option<Arc<Full>>) -> Result<Outcome> {
    let stores = vec![sink.as_ref().map(|s| store(&s.info().grid))];
    let planned = plan(
        &[stage(root)],
        &Options {
            memory: Some(1 << 28),
            stores,
        },
    )?;
    let options = RunOptions {
        memory: 1 << 28,
        engine: Engine::Jit,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(move |_, _| {
            let block = Block::zeros(DType::F64, &[100, 10])?;
            let source = MemorySource::new(block, Grid::regular(&[100, 10], &[10, 10]))?;
            Ok(Arc::new(Broken(source, fault)))
        }),
    };
    let targets = sink
        .map(|s| Target::Sink(s as Arc<dyn Sink>))
        .into_iter()
        .collect();
    executor.run(&planned, targets, &options)
}

#[test]
fn a_broken_chunk_is_the_error_of_the_first_task_that_met_it() {
    for threads in [1, 4] {
        let executor = Executor::new(threads).unwrap();
        let root = build::reduce("sum", &stored(), Some(&[0]), false).unwrap();
        let error = run(&executor, &root, Fault::Error, None).unwrap_err();
        assert_eq!(error.kind(), Kind::Source);
        assert!(error.message().contains("[5, 0]"), "{error}");
        assert!(
            error
                .facts()
                .iter()
                .any(|(label, text)| label == "stage" && text.contains("sum"))
        );
        assert!(run(&executor, &root, Fault::None, None).is_ok());
    }
}

#[test]
fn an_array_that_changed_meanwhile_gives_no_result() {
    let root = build::reduce("sum", &stored(), None, false).unwrap();
    let error = run(&Executor::new(2).unwrap(), &root, Fault::Changed, None).unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
}

#[test]
fn a_panic_is_an_error_and_the_threads_stay() {
    for threads in [1, 4] {
        let executor = Executor::new(threads).unwrap();
        let root = build::reduce("sum", &stored(), Some(&[1]), false).unwrap();
        let error = run(&executor, &root, Fault::Panic, None).unwrap_err();
        assert!(error.message().contains("a codec panicked"), "{error}");
        assert!(run(&executor, &root, Fault::None, None).is_ok());
    }
}

#[test]
fn a_full_disk_aborts_the_sink_and_shows_nothing() {
    let double = build::operate("multiply", &[stored().into(), Operand::Float(2.0)]).unwrap();
    for (root, chunks) in [
        (double, 10),
        (
            build::reduce("sum", &stored(), Some(&[1]), false).unwrap(),
            10,
        ),
    ] {
        for (room, fits) in [(chunks - 1, false), (chunks, true)] {
            let lengths: Vec<i64> = std::iter::once(10)
                .chain(root.shape()[1..].iter().copied())
                .collect();
            let grid = Grid::regular(root.shape(), &lengths);
            let sink = Arc::new(Full {
                inner: MemorySink::new(DType::F64, grid).unwrap(),
                room: AtomicU64::new(room),
                aborted: AtomicBool::new(false),
                finished: AtomicBool::new(false),
                standing: 0,
            });
            let outcome = run(
                &Executor::new(2).unwrap(),
                &root,
                Fault::None,
                Some(sink.clone()),
            );
            assert_eq!(outcome.is_ok(), fits);
            assert_eq!(sink.finished.load(Ordering::SeqCst), fits);
            assert_eq!(sink.aborted.load(Ordering::SeqCst), !fits);
            if let Err(error) = outcome {
                assert_eq!(error.kind(), Kind::Sink);
            }
        }
    }
}

#[test]
fn chunks_that_stand_are_neither_computed_nor_written() {
    let root = build::operate("multiply", &[stored().into(), Operand::Float(2.0)]).unwrap();
    for (standing, missing) in [(1, 0), (2, 5)] {
        let grid = Grid::regular(&[100, 10], &[10, 10]);
        let sink = Arc::new(Full {
            inner: MemorySink::new(DType::F64, grid).unwrap(),
            // A chunk more would not fit.
            room: AtomicU64::new(missing),
            aborted: AtomicBool::new(false),
            finished: AtomicBool::new(false),
            standing,
        });
        let executor = Executor::new(2).unwrap();
        let outcome = run(&executor, &root, Fault::None, Some(sink.clone())).unwrap();
        assert_eq!(outcome.stats.bytes_written, missing * 800);
        assert_eq!(outcome.stats.elements_computed > 0, missing > 0);
        assert_eq!(outcome.stats.chunks_read > 0, missing > 0);
        assert!(sink.finished.load(Ordering::SeqCst));
    }
}
