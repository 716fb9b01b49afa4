//! Plans are data: they travel, do not grow with the number of chunks, and are the same each time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::sync::Arc;
use tilewright_core::{AxisGrid, AxisRange, Buffer, DType, Grid, Kind, Region, Result, c_strides};
use tilewright_expr::Handle;
use tilewright_expr::attr::{Access, Attr, Body, MemoryArray, SourceRef};
use tilewright_expr::blocks::{BlockCode, BlockFunction, BlockPlace, BlockView};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, OpId};
use tilewright_plan::{Options, Plan, StageOutput, Tasks, memory, plan};

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

/// The sum over 100 columns of an array of `rows` rows in chunks of 1000.
fn column_sum(rows: i64) -> Expr {
    let grid = Grid::regular(&[rows, 10_000], &[1000, 1000]);
    let x = build::uniform(Operand::Float(0.0), Operand::Float(1.0), 1, grid).unwrap();
    let region = Region {
        axes: smallvec![AxisRange::full(rows), AxisRange::new(0, 1, 100)],
    };
    build::reduce("sum", &build::slice(&x, region).unwrap(), Some(&[0]), false).unwrap()
}

fn planned(root: &Expr) -> Plan {
    let planned = plan(&[stage(root)], &Options::default()).unwrap();
    (*planned.plan).clone()
}

#[test]
fn a_plan_travels_as_bytes() {
    let plan = planned(&column_sum(10_000));
    let bytes = plan.to_bytes().unwrap();
    assert_eq!(Plan::from_bytes(&bytes).unwrap(), plan);
    assert_eq!(planned(&column_sum(10_000)).to_bytes().unwrap(), bytes);
}

#[test]
fn bytes_that_are_no_plan_are_refused() {
    let bytes = planned(&column_sum(10_000)).to_bytes().unwrap();
    for cut in 0..bytes.len() {
        assert_eq!(
            Plan::from_bytes(&bytes[..cut]).unwrap_err().kind(),
            Kind::Parse
        );
    }
    let mut other = bytes.clone();
    other[0] = 77;
    let error = Plan::from_bytes(&other).unwrap_err();
    assert!(error.message().contains("version 77"), "{error}");
}

#[test]
fn bytes_that_nest_without_end_are_refused() {
    let bytes = planned(&column_sum(10_000)).to_bytes().unwrap();
    // Wherever an index may stand: a sum of a sum of a sum …
    let deep: Vec<u8> = [3, 0].repeat(200_000);
    for at in (0..bytes.len()).step_by(7) {
        let nested = [&bytes[..at], &deep, &bytes[at..]].concat();
        assert!(Plan::from_bytes(&nested).is_err());
    }
}

#[test]
fn what_is_larger_than_numbers_go_is_as_large_as_they_go() {
    let mut plan = planned(&column_sum(10_000));
    let mut stage = plan.stages[0].clone();
    stage.tiling.kept = vec![AxisGrid::whole(i64::MAX)];
    stage.outputs[0].shape = smallvec![i64::MAX];
    stage.outputs.push(stage.outputs[0].clone());
    // Variables that are declared and not there take no memory.
    stage.kernel.vars = u32::MAX;
    stage.kernel.check().unwrap();
    let root = plan.roots[0];
    plan.stages = vec![stage; 3];
    plan.roots = (0..3).map(|stage| StageOutput { stage, ..root }).collect();
    let bytes = memory::stages(&plan, &[]);
    assert_eq!((bytes[2].live, bytes[2].need()), (u64::MAX, u64::MAX));
}

#[test]
fn a_plan_over_an_array_in_memory_does_not_travel() {
    let owner = Arc::new(Buffer::zeroed(8 * 12));
    let array = MemoryArray::new(owner, 0, c_strides(&[12]));
    let grid = Grid::regular(&[12], &[5]);
    let x = build::read(SourceRef::Memory(array), DType::F64, grid).unwrap();
    let error = planned(&x).to_bytes().unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    assert!(
        error.to_string().contains("memory array f64[12]"),
        "{error}"
    );
}

#[test]
fn a_plan_over_a_source_of_the_users_does_not_travel() {
    let grid = Grid::regular(&[12], &[5]);
    let source = SourceRef::Stored {
        uri: "mine".into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: Some(Handle::new(Arc::new(()))),
    };
    let x = build::read(source, DType::F64, grid).unwrap();
    let error = planned(&x).to_bytes().unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    assert!(
        error.to_string().contains("read \"mine\" f64[12]"),
        "{error}"
    );
}

#[test]
fn a_billion_chunks_make_the_plan_of_a_hundred() {
    let (few, many) = (
        planned(&column_sum(10_000)),
        planned(&column_sum(1_000_000_000_000)),
    );
    assert_eq!(few.stages[0].kernel, many.stages[0].kernel);
    let (few_bytes, many_bytes) = (few.to_bytes().unwrap(), many.to_bytes().unwrap());
    assert!(
        many_bytes.len() <= few_bytes.len() + 64,
        "{} {}",
        few_bytes.len(),
        many_bytes.len()
    );
    assert_eq!(Tasks::new(&few.stages[0]).count(), 10);
    assert_eq!(Tasks::new(&many.stages[0]).count(), 1_000_000_000);
}

#[test]
fn tasks_cover_every_iteration_once() {
    for (shape, chunks) in [
        ([70, 9], [13, 4]),
        ([5000, 3], [1300, 3]),
        ([3, 5000], [2, 4999]),
    ] {
        let grid = Grid::regular(&shape, &chunks);
        let x = build::uniform(Operand::Float(0.0), Operand::Float(1.0), 1, grid).unwrap();
        for axes in [vec![0], vec![1], vec![0, 1]] {
            let plan = planned(&build::reduce("sum", &x, Some(&axes), false).unwrap());
            let stage = &plan.stages[0];
            let tasks = Tasks::new(stage);
            let mut covered = 0;
            for task in (0..tasks.count()).filter_map(|k| tasks.get(k)) {
                let width: i64 = task.len.iter().product();
                for c in task.chunks.0..task.chunks.1 {
                    let (from, to) = tasks.range(&task, &tasks.chunk(c));
                    covered += width * (to - from);
                }
            }
            assert_eq!(covered, shape.iter().product::<i64>(), "{shape:?} {axes:?}");
        }
    }
}

#[test]
fn a_plan_that_calls_a_function_of_this_process_does_not_travel() {
    struct Nothing;
    impl BlockCode for Nothing {
        fn run(&self, _: &[BlockView<'_>], _: &BlockPlace, _: &mut [u8]) -> Result<()> {
            Ok(())
        }
    }
    let x = build::iota(0, Grid::regular(&[10, 6], &[4, 6])).unwrap();
    let options = build::BlockOptions {
        dtype: DType::F64,
        made: vec![],
        depth: vec![(1, 1), (0, 0)],
        boundary: vec![],
        bytes: 100,
    };
    let function = BlockFunction::new("smooth", Arc::new(Nothing));
    let plan = planned(&build::map_blocks(&[x], function, &options).unwrap());
    let error = plan.to_bytes().unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    assert!(error.to_string().contains("map_blocks smooth"), "{error}");
    // A block of 4 rows and one more on either side, what the function gives of them, the block
    // that is cut out of it, and what the function takes for itself.
    let [bytes] = memory::stages(&plan, &[false])[..] else {
        panic!("one stage");
    };
    let elements = 6 * (6 + 6 + 4);
    assert_eq!(
        bytes.task,
        8 * elements + 100 + plan.stages[0].kernel.scratch_layout().1 as u64
    );
    assert_eq!(Tasks::new(&plan.stages[0]).count(), 3);
}
