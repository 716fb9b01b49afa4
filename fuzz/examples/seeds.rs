//! Which plans does the fuzzer start from?
//!
//! Writes small plans as bytes into the directory that is its argument. They are made anew for every
//! run, so that they always have the version that is read.

use std::path::Path;
use tilewright_cli::eval::{self, Value};
use tilewright_cli::parse;

/// A plan of each kind of stage, operand and output.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "mean",
        "normal(0, 1, (40, 30), chunks=(10, 8), seed=7).mean(axis=0)",
    ),
    (
        "map",
        "exp(uniform(0, 1, (40, 30), seed=1) + array([1.0, 2.0, 3.0] * 10))",
    ),
    (
        "stored",
        "x = read('../tests/fixtures/v3.zarr/zstd'); (x + x).T.sum(axis=1)",
    ),
    (
        "mapped",
        "read('../tests/fixtures/npy/big_fortran.npy')[::-2, 1:9].std()",
    ),
    (
        "several",
        "x = uniform(0, 1, (40, 30), seed=1); x.max(axis=0), x.min(), x.var(axis=1)",
    ),
    (
        "sorted",
        "sort(integers(0, 99, (40, 30), seed=1), axis=0)[5]",
    ),
    ("scan", "cumsum(ones((40, 30), chunks=(10, 30)), axis=1)"),
    ("lookup", "arange(1000, chunks=100)[[999, 3, 3, 500]] * 2"),
    ("product", "x = uniform(0, 1, (40, 30), seed=1); x.T @ x"),
    (
        "pieces",
        "concatenate([zeros((4, 3)), ones((2, 3))[::-1], eye(3)])",
    ),
    (
        "windows",
        "sliding_window_view(arange(100.0), 5).mean(axis=-1)",
    ),
    (
        "choice",
        "x = arange(60, dtype='int16').reshape(6, 10); where(x % 3 == 0, x, -x)",
    ),
];

fn main() {
    let Some(directory) = std::env::args().nth(1) else {
        eprintln!("usage: seeds DIRECTORY");
        std::process::exit(2);
    };
    for (name, text) in PROGRAMS {
        let bytes = plan(text).unwrap_or_else(|error| {
            eprintln!("{name}: {error}");
            std::process::exit(1);
        });
        std::fs::write(Path::new(&directory).join(name), bytes).expect("the directory is writable");
    }
}

/// The bytes of a program's plan.
fn plan(text: &str) -> Result<Vec<u8>, String> {
    let program = parse::program(text).map_err(|error| parse::render(text, &error))?;
    let roots = eval::evaluate(&program, Vec::new()).map_err(|error| format!("{error:?}"))?;
    let exprs = roots.iter().map(|root| match &root.node {
        Value::Array(x) => x.expr().cloned().map_err(|error| error.to_string()),
        other => Err(format!("{other:?} is no array")),
    });
    let exprs = exprs.collect::<Result<Vec<_>, _>>()?;
    let planned = tilewright_opt::optimize(&exprs, &tilewright_opt::Options::default())
        .and_then(|optimized| {
            let stores = vec![None; exprs.len()];
            let options = tilewright_plan::Options {
                stores,
                ..tilewright_plan::Options::default()
            };
            tilewright_plan::plan(&optimized.roots, &options)
        })
        .map_err(|error| error.to_string())?;
    planned.plan.to_bytes().map_err(|error| error.to_string())
}
