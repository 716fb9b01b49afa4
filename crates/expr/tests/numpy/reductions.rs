//! Are reductions NumPy's where they are exact, and within their bound where they round, for every
//! chunk grid?

use super::{array, dtype, elements, evaluate, lines, numbers, same, shape, values};
use tilewright_core::tree::{LANES, LEAF, root_level};
use tilewright_core::{DType, Grid, Scalar};
use tilewright_expr::{Expr, build};

/// The numbers of make_expected.py.
fn data(dtype: DType, shape: &[i64]) -> Vec<Scalar> {
    let mut state = 12345u64;
    let n: i64 = shape.iter().product();
    let next = |_| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let top = state >> 40;
        if dtype.is_float() {
            Scalar::from_f64(dtype, (top as f64 - 8388608.0) / 65536.0)
        } else {
            Scalar::from(top).cast(dtype)
        }
    };
    (0..n).map(next).collect()
}

/// Half of the distance from 1 to the next number.
fn unit(dtype: DType) -> f64 {
    0.5f64.powi(dtype.digits() as i32)
}

/// The bound of design 4.4 on a sum's error, over Σ|x|: γ_d for the depth of the tree.
fn gamma(x: &Expr, axes: &[i64]) -> f64 {
    let (mut chunks, mut longest) = (1, 1);
    for &axis in axes {
        chunks *= x.grid().axes[axis as usize].chunks();
        longest *= x.grid().axes[axis as usize].longest();
    }
    let leaves = (longest + LEAF - 1) / LEAF;
    let depth = LEAF / LANES as i64 + 3 + i64::from(root_level(leaves) + root_level(chunks));
    let product = depth as f64 * unit(x.dtype().computed());
    product / (1.0 - product)
}

fn grids(shape: &[i64]) -> Vec<Grid> {
    let of = |sizes: [i64; 3]| Grid::regular(shape, &sizes[..shape.len()]);
    let mut grids = vec![Grid::whole(shape), of([1, 2, 3]), of([3, 1, 2])];
    // Chunks longer than a leaf, and cut unevenly.
    if shape.iter().any(|&len| len > LEAF) {
        grids.push(of([600, 521, 1]));
    }
    grids
}

#[test]
fn reductions_on_every_chunk_grid() {
    let mut cases = 0;
    for line in lines("reduce") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let (op, from, shape) = (head[1], dtype(head[2]), shape(head[3]));
        let (axes, result) = (numbers(line[1]), dtype(line[2]));
        let flat = array(data(from, &shape), from, &shape);
        for grid in grids(&shape) {
            let x = build::rechunk(&flat, grid.clone()).unwrap();
            let got = match op {
                "mean" | "var" => build::statistic(op, &x, Some(&axes), 0.0, false),
                _ => build::reduce(op, &x, Some(&axes), false),
            };
            let got = got.unwrap();
            assert_eq!(got.dtype(), result, "{line:?}");
            let got = elements(&evaluate(&got));
            let rounds = op == "sum" && from.is_float();
            let want = values(
                if rounds || op == "mean" || op == "var" {
                    DType::F64
                } else {
                    result
                },
                line[3],
            );
            let sizes = line.get(4).map(|sizes| values(DType::F64, sizes));
            assert_eq!(got.len(), want.len(), "{line:?}");
            for (k, (&got, &want)) in got.iter().zip(&want).enumerate() {
                let error = (got.to_f64() - want.to_f64()).abs();
                let fine = match op {
                    "sum" if rounds => {
                        let bound = gamma(&x, &axes) * sizes.as_ref().unwrap()[k].to_f64();
                        // What float32 has added is rounded once to float16.
                        let last = match from {
                            DType::F16 => unit(from),
                            _ => f64::EPSILON,
                        };
                        error <= bound + last * want.to_f64().abs()
                    }
                    // Integer means are rounded once; float ones are sums in f64, then rounded.
                    "mean" if !from.is_float() => same(got, want),
                    "mean" if from != DType::F64 => same(got, want.cast(from)),
                    "mean" => error <= 1e-13 * (1.0 + want.to_f64().abs()),
                    // At most 16 units in the last place for f64 data; f32 and integers convert
                    // exactly and round once more.
                    "var" => {
                        let most = if result == DType::F64 { 16.0 } else { 1.0 };
                        error <= most * 2.0 * unit(result) * want.to_f64()
                    }
                    _ => same(got, want),
                };
                assert!(fine, "{k}: {got:?}, exactly {want:?}: {line:?} {grid:?}");
                cases += 1;
            }
        }
    }
    assert!(cases > 2000, "{cases}");
}
