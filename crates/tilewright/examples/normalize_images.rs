//! Every image of a stack divided by its brightest pixel, and stored: two passes, no temporaries.
//!
//! `cargo run --release -p tilewright --example normalize_images -- [DIRECTORY]`

#![allow(clippy::print_stdout, reason = "an example prints")]

mod shared;

use tilewright::{Array, Session, Store, axes, linspace, open, random, s, shape};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = shared::directory("normalize_images")?;
    let place = |name: &str| directory.join(name).display().to_string();
    let session = Session::builder().build()?;
    session.store(&images(), Store::to(place("images.npy")).overwrite(true))?;

    let images = open(&place("images.npy"));
    let brightest = images.max(axes([1, 2])).slice(s![.., None, None]);
    let normal = images / brightest;
    let target = place("normal.zarr");
    session.store(
        &normal,
        Store::to(&target).chunks([1, -1, -1]).overwrite(true),
    )?;
    let least = open(&target).max(axes([1, 2])).min(..).compute()?;
    println!(
        "the brightest pixel of each image is {}",
        least.item::<f64>()?
    );
    shared::draw(
        &open(&target).slice(s![7, .., ..]),
        &directory.join("image-7.png"),
    )?;
    Ok(())
}

/// Spots that grow from image to image.
fn images() -> Array {
    let number = linspace(0.02, 0.2, 30).slice(s![.., None, None]);
    let y = linspace(-1.0, 1.0, 400).slice(s![None, .., None]);
    let x = linspace(-1.0, 1.0, 400).slice(s![None, None, ..]);
    let spot = ((&x * &x + &y * &y) / (number * -1)).exp() * 200;
    spot + random::seed(3).uniform(0, 20, shape([30, 400, 400]).chunks([1, -1, -1]))
}
