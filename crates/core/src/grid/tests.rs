use super::Grid;
use super::axis::AxisGrid;
use crate::region::{AxisRange, Slice};

fn cuts(grid: &AxisGrid) -> Vec<i64> {
    assert!(grid.holds_together(), "{grid:?}");
    (1..grid.chunks()).map(|k| grid.bounds(k).0).collect()
}

fn some_grids() -> Vec<AxisGrid> {
    let mut grids = Vec::new();
    for len in [0, 1, 7, 24, 25] {
        for size in [1, 2, 3, 5, 24, 30] {
            grids.push(AxisGrid::regular(len, size));
        }
    }
    grids.push(AxisGrid::from_sizes(&[3, 1, 4, 1, 5, 9]).unwrap());
    grids
}

#[test]
fn a_slice_maps_cuts_pointwise() {
    for grid in some_grids() {
        for start in [None, Some(0), Some(2), Some(-3)] {
            for step in [-5, -3, -1, 1, 2, 3, 7] {
                let slice = Slice {
                    start,
                    stop: None,
                    step: Some(step),
                };
                let range = slice.resolve(grid.len()).unwrap();
                let got = grid.slice(range);
                assert_eq!(got.len(), range.len);
                // A cut where two neighbours come from different chunks.
                let want: Vec<i64> = (1..range.len)
                    .filter(|&i| grid.chunk_of(range.at(i)) != grid.chunk_of(range.at(i - 1)))
                    .collect();
                assert_eq!(cuts(&got), want, "{grid:?} {range:?}");
                // Slices compose.
                let again = Slice {
                    start: None,
                    stop: None,
                    step: Some(-2),
                };
                let inner = again.resolve(range.len).unwrap();
                assert_eq!(
                    cuts(&got.slice(inner)),
                    cuts(&grid.slice(range.compose(inner))),
                );
            }
        }
    }
}

#[test]
fn a_coarser_grid_keeps_every_nth_cut() {
    for grid in some_grids() {
        for times in [1, 2, 3, 50] {
            let all = cuts(&grid);
            let want: Vec<i64> = all.iter().skip(times - 1).step_by(times).copied().collect();
            assert_eq!(cuts(&grid.coarsen(times as i64)), want);
        }
    }
}

#[test]
fn a_range_that_no_axis_has_gives_some_grid() {
    for grid in some_grids() {
        for start in [i64::MIN, -1, 3, i64::MAX] {
            for step in [i64::MIN, -3, 3, i64::MAX] {
                for len in [2, 1000, i64::MAX] {
                    let sliced = grid.slice(AxisRange::new(start, step, len));
                    assert_eq!(sliced.len(), len);
                }
            }
        }
    }
}

#[test]
fn unions_and_concatenations_hold_all_cuts() {
    for a in some_grids() {
        for b in some_grids() {
            let both = AxisGrid::concatenate(&[a.clone(), b.clone()]);
            assert_eq!(both.len(), a.len() + b.len());
            let mut want = cuts(&a);
            want.push(a.len());
            want.extend(cuts(&b).iter().map(|c| c + a.len()));
            want.retain(|&c| 0 < c && c < both.len());
            want.dedup();
            assert_eq!(cuts(&both), want);
            if a.len() == b.len() {
                let mut want = cuts(&a);
                want.extend(cuts(&b));
                want.sort_unstable();
                want.dedup();
                assert_eq!(cuts(&a.union(&b)), want);
            }
        }
    }
}

#[test]
fn a_billion_chunks_cost_what_ten_do() {
    let grid = AxisGrid::regular(1_000_000_000_000, 1000);
    let sliced = grid.slice(AxisRange::new(50, 2, 499_999_999_975));
    assert_eq!(sliced.chunks(), 1_000_000_000);
    assert_eq!(sliced.bounds(0), (0, 475));
    assert_eq!(sliced.bounds(1), (475, 975));
    assert_eq!(sliced.chunk_of(475), 1);
}

#[test]
fn chunks_tile_the_axis() {
    for grid in some_grids() {
        let mut end = 0;
        for k in 0..grid.chunks() {
            let (from, to) = grid.bounds(k);
            assert_eq!(from, end);
            assert!((from..to).all(|i| grid.chunk_of(i) == k));
            if let Some(size) = grid.uniform(0, k + 1) {
                let lengths = (0..=k).map(|j| grid.bounds(j)).map(|(a, b)| b - a);
                let lengths: Vec<i64> = lengths.collect();
                assert!(lengths[..k as usize].iter().all(|&n| n == size));
                assert!(lengths[k as usize] <= size);
            }
            assert!((grid.shortest()..=grid.longest()).contains(&(to - from)));
            end = to;
        }
        assert_eq!(end, grid.len());
    }
}

#[test]
fn chunks_that_nobody_chose_keep_their_rows() {
    let sizes = |shape: &[i64], itemsize| -> Vec<i64> {
        let grid = Grid::automatic(shape, itemsize);
        grid.axes.iter().map(AxisGrid::longest).collect()
    };
    assert_eq!(sizes(&[], 8), [0i64; 0]);
    assert_eq!(sizes(&[1000, 1000], 8), [1000, 1000]);
    assert_eq!(sizes(&[4000, 5000], 8), [125, 5000]);
    // Rows of 160 kB, and those of one.
    assert_eq!(sizes(&[20000, 20000], 8), [157, 5000]);
    assert_eq!(sizes(&[1, 1 << 21], 8), [1, 1 << 20]);
    assert_eq!(sizes(&[31, 1000, 1000], 8), [31, 32, 1000]);
    assert_eq!(sizes(&[1 << 40, 1], 1), [1 << 23, 1]);
    assert_eq!(sizes(&[0, 1 << 40], 8), [0, 1 << 20]);
    // The axis that is given stays.
    let given = vec![Some(AxisGrid::regular(4000, 4000)), None];
    let grid = Grid::filled(given, &[4000, 5000], 8);
    assert_eq!(grid.axes[0].longest(), 4000);
    assert_eq!(grid.axes[1].longest(), 157);
}
