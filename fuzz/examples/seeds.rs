//! Which plans does the fuzzer start from?
//!
//! Writes a few small plans as bytes into the directory that is its argument. They are made anew
//! for every run, so that they always have the version that is read.

use std::path::Path;
use tilewright_core::{DType, Grid, Result};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Access, SourceRef};
use tilewright_expr::build::{self, Operand};

fn main() {
    let Some(directory) = std::env::args().nth(1) else {
        eprintln!("usage: seeds DIRECTORY");
        std::process::exit(2);
    };
    if let Err(error) = write(Path::new(&directory)) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

/// One file for each plan.
fn write(directory: &Path) -> Result<()> {
    for (name, root) in expressions()? {
        let optimized = tilewright_opt::optimize(&[root], &tilewright_opt::Options::default())?;
        let planned =
            tilewright_plan::plan(&optimized.roots, &tilewright_plan::Options::default())?;
        std::fs::write(directory.join(name), planned.plan.to_bytes()?)
            .expect("the directory is writable");
    }
    Ok(())
}

/// A drawn mean, a map with a literal, a transposed sum of a stored array, a standard deviation.
fn expressions() -> Result<Vec<(&'static str, Expr)>> {
    let grid = Grid::regular(&[40, 30], &[10, 8]);
    let drawn = build::normal(Operand::Int(0), Operand::Int(1), 7, grid.clone())?;
    let stored = SourceRef::Stored {
        uri: "x.zarr".into(),
        identity: "1".into(),
        decode_bytes: 640,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    let stored = build::read(stored, DType::F64, grid)?;
    let literal = (0..30).map(|k| f64::from(k).into()).collect();
    let literal = build::array(literal, DType::F64, Grid::regular(&[30], &[30]))?;
    let sum = build::operate("add", &[drawn.clone().into(), literal.into()])?;
    let turned = build::map("add", &[stored.clone(), stored.clone()])?;
    let turned = build::transpose(&turned, None)?;
    Ok(vec![
        (
            "mean",
            build::statistic("mean", &drawn, Some(&[0]), 0.0, false)?,
        ),
        ("map", build::map("exp", &[sum])?),
        ("sum", build::reduce("sum", &turned, Some(&[1]), false)?),
        ("std", build::statistic("std", &stored, None, 1.0, false)?),
    ])
}
