//! Bright spots of every plane of a stack: a gaussian filter with a halo, a threshold, and numbers
//! for what hangs together, plane by plane, by functions of blocks.
//!
//! `cargo run --release -p tilewright --example label_planes -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

mod shared;

use ndarray::{Array3, ArrayViewD, Ix3};
use tilewright::{Array, Boundary, DType, Session, map_blocks, random, s, shape};

/// Elements that the filter looks at on either side.
const RADIUS: i64 = 4;

/// Gaussian weights of standard deviation 1.
fn weights() -> Vec<f64> {
    let weight = |k: i64| (-0.5 * (k * k) as f64).exp();
    let all: Vec<f64> = (-RADIUS..=RADIUS).map(weight).collect();
    let sum: f64 = all.iter().sum();
    all.iter().map(|weight| weight / sum).collect()
}

/// A block filtered along its last two axes; beyond its edges lies nothing.
fn smooth(block: ArrayViewD<'_, f64>) -> ndarray::ArrayD<f64> {
    let mut x = block.to_owned();
    for axis in 1..3 {
        x.map_axis_mut(ndarray::Axis(axis), |mut row| {
            let (old, weights) = (row.to_vec(), weights());
            for (i, to) in row.iter_mut().enumerate() {
                let at = |(k, weight): (usize, &f64)| {
                    let from = (i + k).checked_sub(RADIUS as usize);
                    from.and_then(|from| old.get(from))
                        .map_or(0.0, |x| x * weight)
                };
                *to = weights.iter().enumerate().map(at).sum();
            }
        });
    }
    x
}

/// Numbers from 1 for the parts of each plane that hang together, 0 elsewhere.
fn label(block: ArrayViewD<'_, bool>) -> Result<Array3<i32>, ndarray::ShapeError> {
    let spots = block.into_dimensionality::<Ix3>()?;
    let mut labels = Array3::zeros(spots.raw_dim());
    for (spots, mut labels) in spots.outer_iter().zip(labels.outer_iter_mut()) {
        let mut last = 0;
        for start in spots
            .indexed_iter()
            .filter(|(_, spot)| **spot)
            .map(|(at, _)| at)
        {
            let mut reached = vec![start];
            last += i32::from(labels[start] == 0);
            while let Some((i, j)) = reached.pop() {
                if !spots.get((i, j)).is_some_and(|&spot| spot) || labels[(i, j)] != 0 {
                    continue;
                }
                labels[(i, j)] = last;
                let beside = [
                    (i + 1, j),
                    (i, j + 1),
                    (i.wrapping_sub(1), j),
                    (i, j.wrapping_sub(1)),
                ];
                reached.extend(beside);
            }
        }
    }
    Ok(labels)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let session = Session::builder().build()?;
    let stack = random::seed(4).normal(0, 1, shape([10, 100, 100]).chunks([1, 50, 50]));

    // Filtered in blocks of a quarter of a plane, which reach into their neighbours.
    let smooth = map_blocks([&stack])
        .named("gaussian")
        .depth([0, RADIUS, RADIUS])
        .boundary([Boundary::Reflect])
        .apply::<(f64,), _>(|(x,), _| smooth(x));
    let bright = smooth.gt(smooth.max(..) * 0.33);
    // Labelled by whole planes.
    let planes: Array = bright.rechunk([1, 100, 100]);
    let labels = map_blocks([&planes])
        .named("label")
        .apply::<(bool,), _>(|(x,), _| label(x));

    println!("{}", session.explain([&labels])?);
    let spots = labels.max(tilewright::axes([1, 2]));
    println!(
        "spots in each plane: {:?}",
        session.compute(&spots)?.to_vec::<i32>()?
    );
    let picture = shared::directory("label_planes")?.join("first_plane.png");
    shared::draw(&labels.slice(s![0]).astype(DType::F64), &picture)?;
    Ok(())
}
