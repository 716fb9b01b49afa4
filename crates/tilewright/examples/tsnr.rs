//! How much signal is there in five runs of a scanner? The mean of each voxel over its deviation.
//!
//! `cargo run --release -p tilewright --example tsnr -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

mod shared;

use tilewright::{
    Array, DType, Session, Store, axis, concatenate, linspace, open, random, s, shape,
};

/// Lengths of the runs.
const RUNS: [i64; 5] = [46, 60, 19, 43, 22];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = shared::directory("tsnr")?;
    let session = Session::builder().build()?;
    let mut runs = Vec::new();
    for (number, length) in RUNS.into_iter().enumerate() {
        let uri = directory
            .join(format!("run-{number}.nii.gz"))
            .display()
            .to_string();
        session.store(
            &scan(number as u64, length),
            Store::to(&uri).overwrite(true),
        )?;
        runs.push(open(&uri));
    }

    let x = concatenate(&runs, -1);
    let tsnr = x.mean(axis(-1)) / x.std(axis(-1));
    let middle = tsnr.slice(s![.., .., 10]);
    println!("{}", session.explain([&middle])?);
    shared::draw(&middle, &directory.join("tsnr.png"))?;
    Ok(())
}

/// A ball that is brighter than the noise around it.
fn scan(number: u64, length: i64) -> Array {
    let along = || linspace(-1.0, 1.0, 64);
    let x = along().slice(s![.., None, None, None]);
    let y = along().slice(s![None, .., None, None]);
    let z = linspace(-1.0, 1.0, 20).slice(s![None, None, .., None]);
    let ball = (&x * &x + &y * &y + &z * &z).lt(0.7).astype(DType::F64);
    let noise = random::seed(number).normal(0, 20, shape([64, 64, 20, length]));
    (ball * 900 + 100 + noise).astype(DType::I16)
}
