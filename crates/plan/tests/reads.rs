//! Is a stored chunk read as often as a plan says, and as seldom as the memory allows?
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use smallvec::smallvec;
use std::sync::Arc;
use tilewright_core::{DType, Grid, Result};
use tilewright_expr::attr::{Access, Attr, Body, SourceRef};
use tilewright_expr::build;
use tilewright_expr::{Expr, OpId};
use tilewright_plan::{Options, Plan, SinkShape, Tasks, memory, plan, reads};

/// An array that is stored in these chunks.
fn read(uri: &str, shape: [i64; 2], chunks: [i64; 2], access: Access) -> Expr {
    let grid = Grid::regular(&shape, &chunks);
    let source = SourceRef::Stored {
        uri: uri.into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access,
        user: None,
    };
    build::read(source, DType::F64, grid).unwrap()
}

/// Such an array as a stage that reads it transposed or not.
fn stored(shape: [i64; 2], chunks: [i64; 2], transposed: bool) -> Expr {
    let x = read("x.zarr", shape, chunks, Access::Chunks);
    stage(match transposed {
        true => build::transpose(&x, None).unwrap(),
        false => x,
    })
}

fn stage(root: Expr) -> Expr {
    let roots = vec![root];
    let body = Attr::Body(Arc::new(Body { roots }));
    Expr::new(OpId::named("fused").unwrap(), body, smallvec![]).unwrap()
}

fn planned(stage: &Expr, written: [i64; 2], memory: u64) -> Result<Plan> {
    let store = SinkShape {
        grid: Grid::regular(stage.shape(), &written),
        encode_bytes: 0,
    };
    let options = Options {
        memory: Some(memory),
        stores: vec![Some(store)],
    };
    let planned = plan(std::slice::from_ref(stage), &options)?;
    Ok((*planned.plan).clone())
}

/// How many tasks take some of a chunk, on average: counted.
fn counted(plan: &Plan, chunks: [i64; 2], transposed: bool) -> f64 {
    let stage = &plan.stages[0];
    let tasks = Tasks::new(stage);
    let (mut pairs, mut seen) = (0, std::collections::BTreeSet::new());
    for task in (0..tasks.count()).map(|k| tasks.get(k).unwrap()) {
        let mut axes: Vec<(i64, i64)> = task.from.iter().copied().zip(task.len.clone()).collect();
        if transposed {
            axes.reverse();
        }
        let ranges = axes.iter().zip(chunks);
        let ranges: Vec<(i64, i64)> = ranges
            .map(|(&(from, len), chunk)| (from / chunk, (from + len - 1) / chunk))
            .collect();
        for row in ranges[0].0..=ranges[0].1 {
            for column in ranges[1].0..=ranges[1].1 {
                pairs += 1;
                seen.insert((row, column));
            }
        }
    }
    f64::from(pairs) / seen.len() as f64
}

#[test]
fn chunks_are_read_as_often_as_is_said() {
    for (shape, chunks, written) in [
        ([300, 200], [10, 200], [300, 7]),
        ([300, 200], [64, 64], [50, 50]),
        ([129, 77], [13, 77], [129, 5]),
        ([64, 64], [64, 64], [1, 64]),
    ] {
        for transposed in [false, true] {
            let stage = stored(shape, chunks, transposed);
            let written = match transposed {
                true => [written[1], written[0]],
                false => written,
            };
            // Just enough for some tasks, and nothing to keep chunks in.
            for memory in (16..20).map(|power| 1 << power) {
                let Ok(plan) = planned(&stage, written, memory) else {
                    continue;
                };
                let bytes = memory::stages(&plan, &[true]);
                let said = reads::again(&plan, 0, &bytes[0], 2, memory);
                let counted = counted(&plan, chunks, transposed);
                match &said[..] {
                    [] => {}
                    [again] => assert!(
                        (again.times - counted).abs() < 1e-9,
                        "{shape:?} {chunks:?} {written:?}: {again:?}, counted {counted}"
                    ),
                    more => panic!("{more:?}"),
                }
            }
        }
    }
}

#[test]
fn a_file_that_is_mapped_is_not_read_by_chunk() {
    let (shape, chunks) = ([2000, 3000], [20, 3000]);
    let open = Access::Mapped {
        strides: smallvec![3000, 1],
        swapped: false,
    };
    let both = [
        read("x.zarr", shape, chunks, Access::Chunks),
        read("x.npy", shape, chunks, open),
    ];
    let plan = planned(
        &stage(build::map("add", &both).unwrap()),
        [2000, 30],
        16 << 20,
    )
    .unwrap();
    let bytes = memory::stages(&plan, &[true]);
    let again = reads::again(&plan, 0, &bytes[0], 2, 16 << 20);
    let names = again.iter().map(|again| &plan.sources[again.source].place);
    let names: Vec<String> = names.map(|place| format!("{place:?}")).collect();
    assert!(names.len() == 1 && names[0].contains("x.zarr"), "{names:?}");
}

#[test]
fn more_memory_reads_chunks_less_often() {
    let stage = stored([2000, 3000], [20, 3000], false);
    let times = |memory: u64| {
        let plan = planned(&stage, [2000, 30], memory).unwrap();
        let bytes = memory::stages(&plan, &[true]);
        let again = reads::again(&plan, 0, &bytes[0], 2, memory);
        again.first().map_or(1.0, |again| again.times)
    };
    let read: Vec<f64> = [4, 8, 16, 32, 64].map(|mib| times(mib << 20)).into();
    assert!(read.is_sorted_by(|a, b| a >= b), "{read:?}");
    assert!(read[0] > 3.0 * read[3], "{read:?}");
    assert_eq!(read[4], 1.0, "all chunks are kept");
}
