//! The means of a hundred columns of a large table, of which only those columns are read.
//!
//! `cargo run --release -p tilewright --example column_mean -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

#[allow(dead_code, reason = "there is nothing to draw")]
mod shared;

use tilewright::{Session, Store, axis, open, random, s, shape};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let uri = shared::directory("column_mean")?
        .join("table.zarr")
        .display()
        .to_string();
    let session = Session::builder().build()?;
    let table = random::seed(1).normal(10, 0.1, shape([4000, 4000]).chunks([500, 500]));
    session.store(&table, Store::to(&uri).overwrite(true))?;

    let means = open(&uri).mean(axis(0)).slice(s![0..100]);
    println!("{}", session.explain([&means])?);
    let run = session.job([&means]).run()?;
    let read = run.stats.chunks_read;
    println!("{read} of 64 stored chunks were read");
    if let Some(Some(means)) = run.results.first() {
        println!("the first means are {:.4?}", &means.to_vec::<f64>()?[..4]);
    }
    Ok(())
}
