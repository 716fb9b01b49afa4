//! Code of the user's: what it reads and takes, and what its faults become.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use tilewright::{
    Array, Counters, DType, Engine, Grid, InPlace, Kind, Session, Sink, SinkInfo, Source,
    SourceInfo, Store, axis, from_delayed, from_source, s, shape,
};
use tilewright_core::{Block, Error, Result};
use tilewright_io::memory::{MemorySink, MemorySource};

const ENGINES: [Engine; 3] = [Engine::Jit, Engine::Interpreter, Engine::Reference];

fn session(engine: Engine) -> Session {
    Session::builder()
        .threads(2)
        .engine(engine)
        .build()
        .unwrap()
}

/// Row and column of each element, a row of chunks at a time; counts the calls.
fn table(calls: &Arc<AtomicUsize>) -> Array {
    let calls = calls.clone();
    from_delayed(
        shape([6, 5]).chunks([2, 3]),
        move |at: &[Range<i64>], into: &mut [i32]| {
            calls.fetch_add(1, Ordering::Relaxed);
            let places = at[0]
                .clone()
                .flat_map(|row| at[1].clone().map(move |column| 10 * row + column));
            into.iter_mut().zip(places).for_each(|(x, k)| *x = k as i32);
            Ok::<(), Error>(())
        },
    )
}

#[test]
fn chunks_that_nothing_asks_for_are_not_made() {
    for engine in ENGINES {
        let calls = Arc::default();
        let x = table(&calls);
        let part = x.slice(s![4.., 0..2]) * 2;
        let got = session(engine).compute(&part).unwrap();
        assert_eq!(got.to_vec::<i32>().unwrap(), [80, 82, 100, 102]);
        if engine != Engine::Reference {
            assert_eq!(calls.load(Ordering::Relaxed), 1);
        }
        let sum = session(engine).compute(&x.sum(axis(0))).unwrap();
        let column = |k: i64| (0..6).map(|row| 10 * row + k).sum::<i64>();
        let want: Vec<i64> = (0..5).map(column).collect();
        assert_eq!(sum.to_vec::<i64>().unwrap(), want);
    }
}

#[test]
fn every_dtype_can_be_filled() {
    let bools = from_delayed([3], |_: &[Range<i64>], into: &mut [bool]| {
        into[1] = true;
        Ok::<(), Error>(())
    });
    assert_eq!(
        bools.compute().unwrap().to_vec::<bool>().unwrap(),
        [false, true, false]
    );
    let wrong = from_delayed(
        shape([3]).dtype(DType::F64),
        |_: &[Range<i64>], _: &mut [u8]| Ok::<(), Error>(()),
    );
    assert_eq!(wrong.shape().unwrap_err().kind(), Kind::DType);
}

#[test]
fn a_source_of_the_users_is_the_array_it_describes() {
    let mut block = Block::zeros(DType::F64, &[4]).unwrap();
    let floats = (0..4).flat_map(|k| f64::from(k).to_le_bytes());
    block
        .data
        .as_bytes_mut()
        .iter_mut()
        .zip(floats)
        .for_each(|(to, byte)| *to = byte);
    let source = MemorySource::new(block, Grid::regular(&[4], &[3])).unwrap();
    let x = from_source(Arc::new(source));
    for engine in ENGINES {
        let got = session(engine).compute(&(&x + &x)).unwrap();
        assert_eq!(got.to_vec::<f64>().unwrap(), [0.0, 2.0, 4.0, 6.0]);
    }
    assert!(x.explain().unwrap().to_string().contains("read \"memory\""));
    let sink = Arc::new(MemorySink::new(DType::F64, Grid::regular(&[4], &[2])).unwrap());
    (&x * 3).store(Store::to_sink(sink.clone())).unwrap();
    let stored = sink.take().unwrap();
    assert_eq!(stored.get(3).unwrap().to_f64(), 9.0);
}

#[test]
fn plans_are_shared_and_keep_no_code() {
    let session = session(Engine::Jit);
    let made = |number: i64| {
        from_delayed([3], move |_: &[Range<i64>], into: &mut [i64]| {
            into.fill(number);
            Ok::<(), Error>(())
        })
    };
    let sum = |array: &Array| {
        let run = session.job([&array.sum(..)]).run().unwrap();
        let sum = run.results[0].as_ref().unwrap().item::<i64>().unwrap();
        (sum, run.stats.plan_s > 0.0)
    };
    assert_eq!(sum(&made(1)), (3, true));
    assert_eq!(sum(&made(5)), (15, false));
    assert_eq!(sum(&(made(1) + made(5))).0, 18);

    let owned = Arc::new(7);
    let (kept, watched): (Arc<i64>, Weak<i64>) = (owned.clone(), Arc::downgrade(&owned));
    let x = from_delayed([3], move |_: &[Range<i64>], into: &mut [i64]| {
        into.fill(*kept);
        Ok::<(), Error>(())
    });
    assert_eq!(sum(&x).0, 21);
    drop((x, owned));
    assert!(watched.upgrade().is_none());
}

/// A source and a sink that fail in one way or another.
struct Faulty {
    info: SourceInfo,
    sink: SinkInfo,
    fault: &'static str,
}

impl Faulty {
    fn new(fault: &'static str) -> Arc<Faulty> {
        let grid = Grid::regular(&[4], &[2]);
        Arc::new(Faulty {
            info: SourceInfo::new("mine", DType::F64, grid.clone()),
            sink: SinkInfo {
                uri: "mine".into(),
                format: "mine",
                shape: grid.shape(),
                dtype: DType::F64,
                grid,
                encode_bytes: 0,
            },
            fault,
        })
    }

    fn fail(&self, at: &str) -> Result<()> {
        match self.fault.strip_prefix(at) {
            Some(" panic") => panic!("no good"),
            Some(_) => Err(Error::new(Kind::Source, "no good").way_out("be good")),
            None => Ok(()),
        }
    }
}

impl Source for Faulty {
    fn info(&self) -> &SourceInfo {
        &self.info
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], _: &Counters) -> Result<()> {
        into.fill(0);
        if chunk == [1] {
            self.fail("read")
        } else {
            Ok(())
        }
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        self.fail("place").ok()?;
        None
    }
    fn check_identity(&self) -> Result<()> {
        self.fail("identity")
    }
}

impl Sink for Faulty {
    fn info(&self) -> &SinkInfo {
        &self.sink
    }
    fn write_chunk(&self, _: &[i64], _: &[u8], _: &Counters) -> Result<()> {
        self.fail("write")
    }
    fn finish(&self) -> Result<()> {
        self.fail("finish")
    }
    fn abort(&self) {
        if self.fault.ends_with("panic") {
            panic!("and again");
        }
    }
}

#[test]
fn faults_of_the_users_code_are_the_users_errors() {
    for engine in ENGINES {
        let session = session(engine);
        for fault in [
            "read panic",
            "read error",
            "identity panic",
            "identity error",
            "write panic",
            "write error",
            "finish panic",
            "finish error",
        ] {
            let faulty = Faulty::new(fault);
            let x = from_source(faulty.clone()) + 1.0;
            let error = session.store(&x, Store::to_sink(faulty)).unwrap_err();
            assert_eq!(error.kind(), Kind::User, "{engine:?} {fault}: {error}");
            assert!(error.message().contains("no good"), "{fault}: {error}");
            if fault.starts_with("read") {
                let chunk = error.facts().iter().find(|(label, _)| label == "chunk");
                assert_eq!(chunk.unwrap().1, "[1]", "{fault}: {error}");
            }
        }
        // A source that cannot be had in place is read by chunks; the session stays usable.
        let x = from_source(Faulty::new("place panic"));
        assert_eq!(
            session.compute(&x.sum(..)).unwrap().item::<f64>().unwrap(),
            0.0
        );
    }
}

#[test]
fn a_sink_takes_the_array_that_it_describes_alone() {
    let x = tilewright::ones([4]);
    for (array, store) in [
        (x.astype(DType::F32), Store::to_sink(Faulty::new(""))),
        (tilewright::ones([5]), Store::to_sink(Faulty::new(""))),
        (x.clone(), Store::to_sink(Faulty::new("")).chunks([1])),
        (x.clone(), Store::to_sink(Faulty::new("")).append(0)),
        (
            x.clone(),
            Store::to_function(|_, _: &[i8]| Ok::<(), Error>(())),
        ),
        (
            x.clone(),
            Store::to_function(|_, _: &[f64]| Ok::<(), Error>(())).region(s![0..4]),
        ),
    ] {
        let error = array.store(store).unwrap_err();
        assert_eq!(error.kind(), Kind::Sink, "{error}");
        assert!(error.suggestion().is_some(), "{error}");
    }
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = taken.clone();
    let store = Store::to_function(move |at: &[Range<i64>], chunk: &[f64]| {
        kept.lock().unwrap().push((at[0].clone(), chunk.to_vec()));
        Ok::<(), Error>(())
    });
    x.store(store.chunks([3])).unwrap();
    let mut taken = taken.lock().unwrap().clone();
    taken.sort_by_key(|(at, _)| at.start);
    assert_eq!(taken, [(0..3, vec![1.0; 3]), (3..4, vec![1.0])]);
    let store = Store::to_function(|_, _: &[f64]| Err("full"));
    assert_eq!(x.store(store).unwrap_err().kind(), Kind::User);
}
