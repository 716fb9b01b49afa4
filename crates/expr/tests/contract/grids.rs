//! Are the chunk grids of results consistent with where their elements come from?

use super::{evaluate, range};
use tilewright_core::{DType, Grid, Scalar};
use tilewright_expr::Expr;
use tilewright_expr::build::{self, Item};

/// A small generator, so that every run tests the same cases.
struct Random(u64);

impl Random {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as i64) % n
    }
}

/// Arrays of one grid; the k-th holds the chunk number of each element along axis `k`.
fn chunk_numbers(shape: &[i64], grid: &Grid) -> Vec<Expr> {
    let strides = tilewright_core::c_strides(shape);
    let number =
        |axis: usize, k: i64| grid.axes[axis].chunk_of(k / strides[axis] % shape[axis].max(1));
    let n: i64 = shape.iter().product();
    let array = |axis: usize| {
        let elements = (0..n).map(|k| Scalar::from(number(axis, k))).collect();
        build::array(elements, DType::I64, grid.clone()).unwrap()
    };
    (0..shape.len()).map(array).collect()
}

/// Asserts that the grid covers the shape chunk by chunk.
fn assert_tiles(expr: &Expr) {
    assert_eq!(&expr.grid().shape()[..], expr.shape(), "{expr:?}");
    for axis in &expr.grid().axes {
        let mut end = 0;
        for k in 0..axis.chunks() {
            let (from, to) = axis.bounds(k);
            assert!(from == end && (from < to || axis.is_empty()), "{expr:?}");
            end = to;
        }
        assert_eq!(end, axis.len(), "{expr:?}");
    }
}

/// Moves one array.
type Move = Box<dyn Fn(&Expr) -> Expr>;

/// A random move; its result's axis `j` holds the source's axis `axes[j]`.
fn random_move(random: &mut Random, x: &Expr, axes: &[usize]) -> (Move, Vec<usize>) {
    let ndim = x.shape().len();
    if random.below(3) == 0 && ndim > 1 {
        let mut order: Vec<i64> = (0..ndim as i64).collect();
        for k in (1..ndim).rev() {
            order.swap(k, random.below(k as i64 + 1) as usize);
        }
        let moved = order.iter().map(|&k| axes[k as usize]).collect();
        return (
            Box::new(move |x| build::transpose(x, Some(&order)).unwrap()),
            moved,
        );
    }
    let mut part = |len: i64| {
        let step = [-3, -2, -1, 1, 2, 3][random.below(6) as usize];
        let mut bound = || (random.below(2) == 0).then(|| random.below(2 * len + 3) - len - 1);
        range(bound(), bound(), Some(step))
    };
    let items: Vec<Item> = x.shape().iter().map(|&len| part(len)).collect();
    (
        Box::new(move |x| build::index(x, &items).unwrap()),
        axes.to_vec(),
    )
}

#[test]
fn cuts_stand_where_neighbours_come_from_different_chunks() {
    let mut random = Random(1);
    let mut cuts = 0;
    for _ in 0..600 {
        let ndim = 1 + random.below(3) as usize;
        let shape: Vec<i64> = (0..ndim).map(|_| 1 + random.below(12)).collect();
        let sizes: Vec<i64> = (0..ndim).map(|_| 1 + random.below(6)).collect();
        let mut arrays = chunk_numbers(&shape, &Grid::regular(&shape, &sizes));
        let mut axes: Vec<usize> = (0..ndim).collect();
        for _ in 0..1 + random.below(3) {
            let (apply, moved) = random_move(&mut random, &arrays[0], &axes);
            arrays = arrays.iter().map(&apply).collect();
            axes = moved;
        }
        for (j, &axis) in axes.iter().enumerate() {
            let result = &arrays[axis];
            assert_tiles(result);
            if result.elements() == 0 {
                continue;
            }
            // Along axis j from the first element: a cut wherever the number changes.
            let numbers = evaluate(result);
            let stride = tilewright_core::c_strides(result.shape())[j] as usize;
            let cut = &result.grid().axes[j];
            for i in 1..result.shape()[j] {
                let changes = numbers[i as usize * stride] != numbers[(i as usize - 1) * stride];
                assert_eq!(
                    changes,
                    cut.chunk_of(i) != cut.chunk_of(i - 1),
                    "{result:?} axis {j} at {i}"
                );
                cuts += usize::from(changes);
            }
        }
    }
    assert!(cuts > 500, "{cuts}");
}

fn chunked(shape: &[i64], sizes: &[i64]) -> Expr {
    build::full(1.0.into(), Grid::regular(shape, sizes)).unwrap()
}

fn sizes(expr: &Expr) -> Vec<Vec<i64>> {
    let axis = |grid: &tilewright_core::AxisGrid| {
        (0..grid.chunks())
            .map(|k| grid.bounds(k))
            .map(|(from, to)| to - from)
            .collect()
    };
    expr.grid().axes.iter().map(axis).collect()
}

#[test]
fn each_family_has_its_grid_rule() {
    let x = chunked(&[6, 10], &[2, 4]);
    let y = chunked(&[6, 10], &[3, 5]);
    let both = build::map("add", &[x.clone(), y.clone()]).unwrap();
    assert_eq!(
        sizes(&both),
        [vec![2, 1, 1, 2], vec![4, 1, 3, 2]],
        "maps take the union"
    );
    let row = chunked(&[10], &[3]);
    let broadcast = build::map("add", &[x.clone(), row]).unwrap();
    assert_eq!(sizes(&broadcast), [vec![2, 2, 2], vec![3, 1, 2, 2, 1, 1]]);
    let sum = build::reduce("sum", &x, Some(&[0]), true).unwrap();
    assert_eq!(
        sizes(&sum),
        [vec![1], vec![4, 4, 2]],
        "kept axes keep their cuts"
    );
    let mean = build::statistic("mean", &x, Some(&[1]), 0.0, false).unwrap();
    assert_eq!(sizes(&mean), [vec![2, 2, 2]]);
    let joined = build::concatenate(&[x.clone(), y], 0).unwrap();
    assert_eq!(sizes(&joined), [vec![2, 2, 2, 3, 3], vec![4, 1, 3, 2]]);
    let new = build::index(&x, &[Item::NewAxis, Item::Int(0)]).unwrap();
    assert_eq!(sizes(&new), [vec![1], vec![4, 4, 2]]);
    let split = build::reshape(&x, &[6, 2, 5]).unwrap();
    assert_eq!(
        sizes(&split),
        [vec![2, 2, 2], vec![2], vec![5]],
        "a reshape keeps the axes it leaves"
    );
    let again = build::rechunk(&x, Grid::regular(&[6, 10], &[4, 10])).unwrap();
    assert_eq!(sizes(&again), [vec![4, 2], vec![10]]);
    for expr in [both, broadcast, sum, mean, joined, new, split, again] {
        assert_tiles(&expr);
    }
}

/// Lengths below 2^62 have answers, above they are errors; overflow would panic in this profile.
#[test]
fn extreme_lengths_are_no_panics() {
    let lengths = [(1 << 62) - 1, (1 << 62) - 2, (1 << 61) + 1, 1 << 61];
    for len in [1 << 62, i64::MAX] {
        for shape in [vec![len], vec![0, len]] {
            let error = build::full(true.into(), Grid::whole(&shape)).unwrap_err();
            assert_eq!(error.kind(), tilewright_core::Kind::Shape);
        }
    }
    let bounds = [
        None,
        Some(0),
        Some(1),
        Some(-1),
        Some(i64::MAX),
        Some(i64::MIN),
        Some(1 << 61),
    ];
    let steps = [
        1,
        -1,
        2,
        -2,
        3,
        1 << 31,
        -(1 << 31),
        1 << 61,
        -(1 << 61),
        i64::MAX,
        i64::MIN,
    ];
    let mut built = 0;
    for len in lengths {
        for size in [1, 2, 3, 1 << 31, len / 2, len - 1, len] {
            let grid = Grid::regular(&[len], &[size]);
            let x = build::full(true.into(), grid).unwrap();
            for start in bounds {
                for stop in bounds {
                    for step in steps {
                        let item = range(start, stop, Some(step));
                        let part = build::index(&x, std::slice::from_ref(&item)).unwrap();
                        let again = build::index(&part, &[item]).unwrap();
                        built += i32::from(again.grid().chunks() > 0);
                    }
                }
            }
            let _ = build::concatenate(&[x.clone(), x.clone()], 0);
            let one = build::full(true.into(), Grid::whole(&[1])).unwrap();
            let _ = build::concatenate(&[x.clone(), one], 0);
            let _ = build::reshape(&x, &[1, -1]);
            let _ = build::broadcast_to(&x, &[3, len]);
            build::reduce("any", &x, None, true).unwrap();
        }
    }
    assert!(built > 10_000, "{built}");
}
