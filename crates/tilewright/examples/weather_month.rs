//! A month of maps, one HDF5 file for each day: the mean map, and how the first day differs.
//!
//! `cargo run --release -p tilewright --example weather_month -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

mod shared;

use tilewright::{Array, Session, Store, axis, linspace, open, random, s, shape, stack};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = shared::directory("weather_month")?;
    let session = Session::builder().build()?;
    let mut uris = Vec::new();
    for day in 1..=31u32 {
        let file = directory.join(format!("day-{day:02}.h5"));
        let uri = format!("{}#/temperature", file.display());
        let store = Store::to(&uri).chunks([100, 100]).overwrite(true);
        session.store(&map(day), store)?;
        uris.push(uri);
    }

    let days: Vec<Array> = uris.iter().map(|uri| open(uri)).collect();
    let mean = stack(&days, 0).mean(axis(0));
    let difference = &days[0] - &mean;
    // Both in one pass: every stored chunk is read once, day 1 not twice.
    let run = session.job([&mean, &difference]).run()?;
    println!(
        "{} chunks were read, {} are stored",
        run.stats.chunks_read,
        31 * 5 * 7
    );
    shared::draw(&mean, &directory.join("mean.png"))?;
    shared::draw(&difference, &directory.join("difference.png"))?;
    Ok(())
}

/// Warm at the equator, with waves that wander from day to day.
fn map(day: u32) -> Array {
    let latitude = linspace(-1.5, 1.5, 500).slice(s![.., None]);
    let longitude = linspace(0.0, 19.0, 700).slice(s![None, ..]);
    let waves = (longitude + f64::from(day) * 0.3).sin() * latitude.sin() * 4;
    let noise = random::seed(day.into()).normal(0, 0.5, shape([500, 700]));
    latitude.cos() * 30 + waves + noise
}
