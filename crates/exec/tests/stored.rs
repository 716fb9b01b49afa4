//! Stored arrays: only the chunks an answer touches are read, each once; results stream to sinks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::collections::HashMap;
use std::sync::Arc;
use tilewright_core::{Block, DType, Grid, Region, Result, Slice};
use tilewright_exec::{CancelToken, Engine, Executor, Outcome, RunOptions, Target};
use tilewright_expr::attr::{Access, Attr, Body, Leaf, LeafKind, SourceRef};
use tilewright_expr::{Expr, OpId, build, reference};
use tilewright_io::memory::{MemorySink, MemorySource};
use tilewright_io::{Counters, InPlace, Sink, Source, SourceInfo};
use tilewright_plan::{Options, Planned, SinkShape, budget, memory, plan};

/// A source that has nothing in place: every read goes through chunks.
struct Chunked(MemorySource);

impl Source for Chunked {
    fn info(&self) -> &SourceInfo {
        self.0.info()
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        self.0.read_chunk(chunk, into, counters)
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }
    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}

/// Arrays by name, the element at flat index `i` being a function of name and `i`.
struct Files(HashMap<String, Arc<Chunked>>);

impl Files {
    fn open(&self, uri: &str) -> Arc<dyn Source> {
        self.0[uri].clone()
    }

    fn add(&mut self, uri: &str, shape: &[i64], chunks: &[i64]) -> Expr {
        let n: i64 = shape.iter().product();
        let salt = self.0.len() as f64 * 0.37;
        let values: Vec<f64> = (0..n)
            .map(|i| ((i * 37 % 101) as f64 - salt) / 7.0)
            .collect();
        let block = Block::from_slice(shape, &values).unwrap();
        let grid = Grid::regular(shape, chunks);
        self.0.insert(
            uri.into(),
            Arc::new(Chunked(MemorySource::new(block, grid.clone()).unwrap())),
        );
        let source = SourceRef::Stored {
            uri: uri.into(),
            identity: "".into(),
            decode_bytes: 0,
            grid: grid.clone(),
            access: Access::Chunks,
            user: None,
        };
        build::read(source, DType::F64, grid).unwrap()
    }

    fn whole(&self, leaf: &Leaf) -> Block {
        let LeafKind::Source(SourceRef::Stored { uri, .. }) = &leaf.kind else {
            panic!()
        };
        let info = self.0[&**uri].info();
        let mut block = Block::zeros(info.dtype, &info.shape).unwrap();
        let counters = Counters::default();
        // Chunk by chunk, element by element.
        let grid = &info.grid;
        let (rows, columns) = (&grid.axes[0], &grid.axes[1]);
        for i in 0..rows.chunks() {
            for j in 0..columns.chunks() {
                let (r, c) = (rows.bounds(i), columns.bounds(j));
                let mut bytes = vec![0; ((r.1 - r.0) * (c.1 - c.0) * 8) as usize];
                self.0[&**uri]
                    .read_chunk(&[i, j], &mut bytes, &counters)
                    .unwrap();
                for (k, element) in bytes.chunks_exact(8).enumerate() {
                    let row = r.0 + k as i64 / (c.1 - c.0);
                    let column = c.0 + k as i64 % (c.1 - c.0);
                    let at = row * info.shape[1] + column;
                    let value = f64::from_le_bytes(element.try_into().unwrap());
                    block.set(at as usize, value.into());
                }
            }
        }
        block
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

fn run(
    files: &Arc<Files>,
    roots: &[Expr],
    grids: Vec<Option<Grid>>,
    targets: Vec<Target>,
) -> Outcome {
    run_within(1 << 28, files, &planned(roots, grids, 1 << 28), targets)
}

/// Each root a stage.
fn planned(roots: &[Expr], grids: Vec<Option<Grid>>, budget: u64) -> Planned {
    let stages: Vec<Expr> = roots.iter().map(stage).collect();
    let store = |grid| SinkShape {
        grid,
        encode_bytes: 0,
    };
    let stores = grids.into_iter().map(|grid| grid.map(store)).collect();
    let options = Options {
        memory: Some(budget),
        stores,
    };
    plan(&stages, &options).unwrap()
}

fn run_within(budget: u64, files: &Arc<Files>, planned: &Planned, targets: Vec<Target>) -> Outcome {
    let files = files.clone();
    let options = RunOptions {
        memory: budget,
        engine: Engine::Jit,
        cancel: CancelToken::default(),
        deadline: None,
        progress: None,
        open: Arc::new(move |uri, _| Ok(files.open(uri))),
    };
    Executor::new(2)
        .unwrap()
        .run(planned, targets, &options)
        .unwrap()
}

/// Runs one root; gives the number of chunks read.
fn check(files: Files, root: &Expr) -> u64 {
    let want =
        reference::evaluate(std::slice::from_ref(root), &|leaf| Ok(files.whole(leaf))).unwrap();
    let outcome = run(&Arc::new(files), std::slice::from_ref(root), vec![], vec![]);
    let got = outcome.results[0].as_ref().unwrap();
    assert_eq!(got.shape, want[0].shape);
    assert_eq!(got.data.as_slice::<u64>(), want[0].data.as_slice::<u64>());
    outcome.stats.chunks_read
}

fn sliced(x: &Expr, slices: &[(Option<i64>, Option<i64>, i64)]) -> Expr {
    let axes = slices
        .iter()
        .zip(x.shape())
        .map(|(&(start, stop, step), &len)| {
            Slice {
                start,
                stop,
                step: Some(step),
            }
            .resolve(len)
            .unwrap()
        });
    build::slice(
        x,
        Region {
            axes: axes.collect(),
        },
    )
    .unwrap()
}

#[test]
fn a_column_mean_reads_the_chunks_under_its_columns() {
    for (columns, want) in [
        ((None, Some(10), 1), 10),
        ((None, None, 30), 40),
        ((None, Some(-6), -1), 10),
        ((Some(95), None, 1), 10),
    ] {
        let mut files = Files(HashMap::new());
        let x = files.add("x", &[100, 100], &[10, 10]);
        let part = sliced(&x, &[(None, None, 1), columns]);
        let root = build::reduce("sum", &part, Some(&[0]), false).unwrap();
        assert_eq!(check(files, &root), want, "{columns:?}");
    }
}

#[test]
fn a_strided_row_selection_skips_chunks() {
    let mut files = Files(HashMap::new());
    let x = files.add("x", &[100, 100], &[10, 10]);
    let root = sliced(&x, &[(None, None, 25), (Some(50), None, 1)]);
    assert_eq!(check(files, &root), 20);
}

#[test]
fn an_array_and_its_transpose_read_each_chunk_once() {
    let mut files = Files(HashMap::new());
    let x = files.add("x", &[60, 60], &[10, 20]);
    let sum = build::map("add", &[x.clone(), build::transpose(&x, None).unwrap()]).unwrap();
    let root = build::reduce(
        "sum",
        &sliced(&sum, &[(None, None, 2), (Some(5), None, 1)]),
        Some(&[1]),
        false,
    )
    .unwrap();
    assert_eq!(check(files, &root), 18);
}

#[test]
fn files_laid_end_to_end_are_one_array() {
    let mut files = Files(HashMap::new());
    let parts: Vec<Expr> = (0..4)
        .map(|k| files.add(&format!("f{k}"), &[10 + k, 30], &[4, 30]))
        .collect();
    let whole = build::concatenate(&parts, 0).unwrap();
    let root = build::reduce("sum", &whole, Some(&[0]), false).unwrap();
    assert_eq!(check(files, &root), 3 + 3 + 3 + 4);

    let mut files = Files(HashMap::new());
    let parts: Vec<Expr> = (0..5)
        .map(|k| files.add(&format!("f{k}"), &[20, 30], &[10, 10]))
        .collect();
    let root = build::reduce(
        "squared_deviations",
        &build::stack(&parts, 0).unwrap(),
        Some(&[0]),
        false,
    )
    .unwrap();
    assert_eq!(check(files, &root), 5 * 6);

    let mut files = Files(HashMap::new());
    let parts: Vec<Expr> = (0..3)
        .map(|k| files.add(&format!("f{k}"), &[20, 30], &[10, 10]))
        .collect();
    let whole = sliced(
        &build::concatenate(&parts, 1).unwrap(),
        &[(None, None, -3), (Some(85), Some(4), -1)],
    );
    assert!(check(files, &whole) <= 18);
}

#[test]
fn shifted_differences_read_each_chunk_once() {
    let mut files = Files(HashMap::new());
    let (a, b) = (
        files.add("a", &[50, 50], &[10, 10]),
        files.add("b", &[50, 50], &[10, 10]),
    );
    let a = sliced(&a, &[(Some(1), None, 1), (Some(1), None, 1)]);
    let b = sliced(&b, &[(None, Some(-1), 1), (None, Some(-1), 1)]);
    assert_eq!(check(files, &build::map("subtract", &[a, b]).unwrap()), 50);
}

#[test]
fn what_two_stages_read_is_kept_as_far_as_the_memory_goes() {
    // One goes from row to row of chunks, the other from column to column.
    let roots = |files: &mut Files| {
        let x = files.add("x", &[100, 100], &[10, 10]);
        let reduce = |name, axis| build::reduce(name, &x, Some(&[axis]), false).unwrap();
        [reduce("sum", 0), reduce("max", 1)]
    };
    let mut files = Files(HashMap::new());
    let roots = roots(&mut files);
    let files = Arc::new(files);
    let want = reference::evaluate(&roots, &|leaf| Ok(files.whole(leaf))).unwrap();
    let read = |budget: u64| {
        let planned = planned(&roots, vec![], budget);
        let outcome = run_within(budget, &files, &planned, vec![]);
        for (got, want) in outcome.results.iter().zip(&want) {
            let got = got.as_ref().unwrap().data.as_slice::<u64>();
            assert_eq!(got, want.data.as_slice::<u64>());
        }
        assert!(outcome.stats.peak_bytes <= budget, "{:?}", outcome.stats);
        outcome.stats.chunks_read
    };
    assert_eq!(read(1 << 28), 100);
    let bytes = memory::stages(&planned(&roots, vec![], 1 << 28).plan, &[]);
    let most = |of: fn(&memory::StageBytes) -> u64| bytes.iter().map(of).max().unwrap();
    let least = most(|b| b.live + b.outputs + b.task);
    let running = most(|b| b.live + b.outputs + 2 * b.task);
    assert_eq!(read(least), 200);
    let some = read(running + 40 * 800);
    assert!((120..=180).contains(&some), "{some}");
}

#[test]
fn stages_that_go_the_same_way_take_turns_where_memory_does_not_keep_what_they_read() {
    let mut files = Files(HashMap::new());
    // 40 chunks of 560 kB.
    let grid = Grid::regular(&[2000, 1400], &[100, 700]);
    let x = files.add("x", &[2000, 1400], &[100, 700]);
    let number = |value: f64| build::constant(value.into()).unwrap();
    let fold = |name| build::reduce(name, &x, Some(&[0, 1]), false).unwrap();
    let with = |name, value| build::map(name, &[x.clone(), number(value)]).unwrap();
    let files = Arc::new(files);
    // Some columns of each chunk.
    let of = |first, root: &Expr| sliced(root, &[(None, None, 1), (Some(first), None, 2)]);
    let narrow = Grid::regular(&[2000, 700], &[100, 350]);
    let pairs = [
        ([fold("sum"), fold("squared_deviations")], None),
        ([with("add", 1.0), with("multiply", 2.0)], Some(grid)),
        ([of(0, &x), of(1, &x)], Some(narrow)),
    ];
    for (roots, grid) in pairs {
        let sunk = grid.is_some();
        let want = reference::evaluate(&roots, &|leaf| Ok(files.whole(leaf))).unwrap();
        let grids = || vec![grid.clone(); 2];
        let read = |budget: u64| {
            let planned = planned(&roots, grids(), budget);
            let shape = || grid.clone().unwrap_or(Grid::whole(&[]));
            let sink = || Arc::new(MemorySink::new(DType::F64, shape()).unwrap());
            let sinks = [sink(), sink()];
            let target = |sink: &Arc<MemorySink>| match sunk {
                true => Target::Sink(sink.clone() as Arc<dyn Sink>),
                false => Target::Memory,
            };
            let targets = sinks.iter().map(target).collect();
            let outcome = run_within(budget, &files, &planned, targets);
            let results = outcome.results.iter().zip(&sinks).zip(&want);
            for ((kept, sink), want) in results {
                let got = match kept {
                    Some(kept) => (**kept).clone(),
                    None => sink.take().unwrap(),
                };
                assert_eq!(got.data.as_slice::<u64>(), want.data.as_slice::<u64>());
            }
            let bytes = memory::stages(&planned.plan, &[sunk; 2]);
            let (projected, _) = budget::peak(&bytes, 2, budget);
            let peak = outcome.stats.peak_bytes;
            assert!(peak <= projected && peak <= budget, "{peak} of {projected}");
            outcome.stats.chunks_read
        };
        // Memory for all chunks, for those of the tasks that run, for one task of one stage.
        assert_eq!(read(1 << 28), 40);
        assert_eq!(read(14 << 20), 40);
        let bytes = memory::stages(&planned(&roots, grids(), 1 << 28).plan, &[sunk; 2]);
        let least = bytes.iter().map(memory::StageBytes::need).max().unwrap();
        assert!(least < 4 << 20, "{least}");
        assert_eq!(read(least), 80);
    }
}

#[test]
fn long_chunks_fold_two_leaves_at_a_time_into_the_same_tree() {
    for (length, chunk) in [
        (16_383, 16_383),
        (16_384, 16_384),
        (32_768 + 3 * 512 + 7, 40_000),
        (100_000, 33_000),
    ] {
        for step in [1, 2, -1, -3] {
            for name in ["sum", "prod", "max"] {
                let mut files = Files(HashMap::new());
                let x = files.add("x", &[2, length], &[1, chunk]);
                let part = sliced(&x, &[(None, None, 1), (None, None, step)]);
                let root = build::reduce(name, &part, Some(&[1]), false).unwrap();
                check(files, &root);
            }
        }
    }
}

#[test]
fn a_single_element_goes_to_a_sink() {
    let mut files = Files(HashMap::new());
    let x = files.add("x", &[45, 50], &[10, 20]);
    let point = sliced(&x, &[(Some(5), Some(6), 1), (Some(7), Some(8), 1)]);
    let root = build::squeeze(&point, None).unwrap();
    let grid = Grid::whole(&[]);
    let sink = Arc::new(MemorySink::new(DType::F64, grid.clone()).unwrap());
    let target = Target::Sink(sink.clone() as Arc<dyn Sink>);
    let outcome = run(&Arc::new(files), &[root], vec![Some(grid)], vec![target]);
    assert_eq!(outcome.stats.chunks_read, 1);
    let want = ((5 * 50 + 7) * 37 % 101) as f64 / 7.0;
    assert_eq!(sink.take().unwrap().as_slice::<f64>().unwrap(), [want]);
}

#[test]
fn results_stream_into_sinks_chunk_by_chunk() {
    let mut files = Files(HashMap::new());
    let x = files.add("x", &[45, 50], &[10, 20]);
    let doubled = build::map("add", &[x.clone(), x.clone()]).unwrap();
    let total = build::reduce("sum", &x, Some(&[0]), false).unwrap();
    let want =
        reference::evaluate(&[doubled.clone(), total.clone()], &|l| Ok(files.whole(l))).unwrap();
    let grids = [
        Grid::regular(&[45, 50], &[7, 16]),
        Grid::regular(&[50], &[13]),
    ];
    let sinks: Vec<Arc<MemorySink>> = grids
        .iter()
        .map(|g| Arc::new(MemorySink::new(DType::F64, g.clone()).unwrap()))
        .collect();
    let targets = sinks
        .iter()
        .map(|s| Target::Sink(s.clone() as Arc<dyn Sink>))
        .collect();
    let aligned = grids.iter().cloned().map(Some).collect();
    let outcome = run(&Arc::new(files), &[doubled, total], aligned, targets);
    assert!(outcome.results.iter().all(Option::is_none));
    for (sink, want) in sinks.iter().zip(&want) {
        let got = sink.take().unwrap();
        assert_eq!(got.data.as_slice::<u64>(), want.data.as_slice::<u64>());
    }
}
