//! Every second row and column of a month of maps, into one Zarr array; then a day more.
//!
//! A run that is killed goes on where it was when the example is started again with the same
//! directory.
//!
//! `cargo run --release -p tilewright --example subsample -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

mod shared;

use tilewright::{Array, Session, Store, open, random, s, shape, stack};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = shared::directory("subsample")?;
    let place = |name: &str| directory.join(name).display().to_string();
    let session = Session::builder().build()?;
    let mut days: Vec<Array> = Vec::new();
    for day in 0..32u64 {
        let uri = place(&format!("day-{day:02}.npy"));
        if !std::path::Path::new(&uri).exists() {
            session.store(
                &random::seed(day).normal(15, 5, shape([600, 800])),
                Store::to(&uri),
            )?;
        }
        days.push(open(&uri));
    }

    let target = place("month.zarr");
    let small = stack(&days[..31], 0).slice(s![.., ..;2, ..;2]);
    let store = Store::to(&target).chunks([8, 100, 100]).overwrite(true);
    let run = session.job([&small]).store(0, store).run()?;
    println!("{} bytes were written", run.stats.bytes_written);
    let last = days[31].slice(s![None, ..;2, ..;2]);
    session.store(&last, Store::to(&target).append(0))?;
    println!("{target} has shape {:?}", open(&target).shape()?);
    shared::draw(
        &open(&target).slice(s![31, .., ..]),
        &directory.join("day-31.png"),
    )?;
    Ok(())
}
