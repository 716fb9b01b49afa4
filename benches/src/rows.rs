//! What does Tilewright compute in the comparison with its peers?
//!
//! One entry per row of `benches/peers/rows.py`, by its name. Absent: the peers, the ratios.

use crate::{files, operators};
use ndarray::ArrayD;
use std::path::Path;
use std::time::Instant;
use tilewright::{Array, NewAxis, Session, Store, axes, axis, concatenate, open, random, s, shape};

/// What a row computes, in one way.
struct Variant {
    name: &'static str,
    threads: usize,
    /// Whether each run has a session of its own, which has planned and compiled nothing.
    fresh: bool,
    /// Gives the array; opens the files of a stored one, each time.
    make: Box<dyn Fn() -> Array>,
}

impl Variant {
    fn session(&self) -> Session {
        let builder = Session::builder().threads(self.threads);
        builder.memory(8 << 30).build().unwrap()
    }
}

/// A row, ready to run.
pub struct Prepared {
    variants: Vec<Variant>,
    sessions: Vec<Session>,
    /// Memory that the result goes to; without, it is kept for the time of a run.
    into: Option<ArrayD<f64>>,
    /// Where it is stored instead.
    to: Option<Store>,
}

/// Rows that fill memory that is there.
const INTO: [&str; 3] = ["chain", "functions", "normalise"];

/// Loads a row's arrays.
pub fn prepare(directory: &Path, name: &str) -> Prepared {
    let variants = variants(&Files(directory), name);
    let dims = (variants[0].make)().shape().unwrap().to_vec();
    let dims: Vec<usize> = dims.iter().map(|&n| n as usize).collect();
    Prepared {
        into: INTO.contains(&name).then(|| ArrayD::zeros(dims)),
        to: files::target(directory, name),
        ..Prepared::of(variants)
    }
}

/// One operator alone; `None` if it refuses its operands.
pub fn prepare_operator(directory: &Path, words: &[&str]) -> Option<Prepared> {
    let [name, layout, files @ ..] = words else {
        return None;
    };
    let array = operators::array(directory, name, layout, files);
    array.check().is_ok().then(|| Prepared::of(ours(array)))
}

impl Prepared {
    fn of(variants: Vec<Variant>) -> Prepared {
        Prepared {
            sessions: variants.iter().map(Variant::session).collect(),
            variants,
            into: None,
            to: None,
        }
    }

    /// Names of the ways to compute it; the first is the row's own.
    pub fn variants(&self) -> Vec<&str> {
        self.variants.iter().map(|variant| variant.name).collect()
    }

    /// Computes it one way; seconds.
    pub fn run(&mut self, variant: &str) -> f64 {
        let k = self.variants.iter().position(|v| v.name == variant);
        let k = k.unwrap();
        let variant = &self.variants[k];
        let fresh = variant.fresh.then(|| variant.session());
        let session = fresh.as_ref().unwrap_or(&self.sessions[k]);
        let started = Instant::now();
        let array = (variant.make)();
        match (&mut self.into, &self.to) {
            (Some(into), _) => session.compute_into(&array, into).unwrap(),
            (None, Some(to)) => session.store(&array, to.clone()).unwrap(),
            (None, None) => drop(std::hint::black_box(session.compute(&array).unwrap())),
        }
        started.elapsed().as_secs_f64()
    }

    /// Computes it once; seconds in kernels alone, of all threads together.
    pub fn kernels(&self) -> f64 {
        let (explanation, _) = self.sessions[0]
            .job([&(self.variants[0].make)()])
            .analyze()
            .unwrap();
        let stages = explanation.stages.iter();
        stages.map(|stage| stage.measured.unwrap().kernel_s).sum()
    }

    /// Stores the result.
    pub fn store(&self, path: &str) {
        let store = Store::to(path).overwrite(true);
        let array = (self.variants[0].make)();
        self.sessions[0].store(&array, store).unwrap();
    }

    /// The most bytes that a run holds.
    pub fn peak(&self) -> u64 {
        let array = (self.variants[0].make)();
        let mut job = self.sessions[0].job([&array]);
        if let Some(to) = &self.to {
            job = job.store(0, to.clone());
        }
        job.run().unwrap().stats.peak_bytes
    }
}

/// The arrays that both sides load.
struct Files<'a>(&'a Path);

impl Files<'_> {
    fn load(&self, name: &str) -> Array {
        operators::load(&self.0.join(format!("{name}.npy")))
    }

    fn chunked(&self, name: &str, chunks: i64) -> Array {
        let stored = open(&self.0.join(format!("{name}.npy")).display().to_string());
        operators::resident::<f64>(&stored, chunks)
    }
}

fn chain(x: &Array, y: &Array) -> Array {
    (x * 2.0 + y) / 3.0 - (x * x + y * y).sqrt()
}

fn functions(x: &Array, y: &Array) -> Array {
    x.sin() * (-y).exp() + x.log1p()
}

fn columns(loc: f64, scale: f64, n: i64, chunks: [i64; 2]) -> Array {
    let layout = shape([n, n]).chunks(chunks);
    random::seed(1).normal(loc, scale, layout).mean(axis(0))
}

fn strided(chunk: i64) -> Array {
    columns(10.0, 0.1, 20_000, [chunk, chunk]).slice(s![..;100])
}

fn pairs(c: &Array) -> Array {
    let apart = c.slice(s![.., NewAxis, ..]) - c.slice(s![NewAxis, .., ..]);
    let d = apart.square().sum(axis(-1));
    let r = 1.0 / &d;
    let s = &r * &r * &r;
    (4.0 * (&s * &s - s)).nansum(..) / 2.0
}

fn opened(make: impl Fn() -> Array + 'static) -> Variant {
    Variant {
        name: "Tilewright",
        threads: 2,
        fresh: false,
        make: Box::new(make),
    }
}

fn two(name: &'static str, array: Array) -> Variant {
    Variant {
        name,
        ..opened(move || array.clone())
    }
}

fn ours(array: Array) -> Vec<Variant> {
    vec![two("Tilewright", array)]
}

/// The ways to compute a row.
fn variants(files: &Files<'_>, name: &str) -> Vec<Variant> {
    let xy = || (files.load("x"), files.load("y"));
    match name {
        "columns" => ours(columns(0.0, 1.0, 10_000, [1000, 1000]).slice(s![0..100])),
        "tall-columns" => ours(columns(0.0, 1.0, 10_000, [10_000, 100]).slice(s![0..100])),
        "strided-columns" => ours(strided(1000)),
        "whole-chunk" | "small-chunks" => {
            let chunk = if name == "whole-chunk" { 20_000 } else { 25 };
            vec![
                two("Tilewright", strided(chunk)),
                two("Tilewright, chunks (1000, 1000)", strided(1000)),
            ]
        }
        "terabyte" => {
            let layout = shape([1_500_000, 100_000]).chunks([10_000, 10_000]);
            let x = random::seed(1).uniform(0, 1, layout);
            ours(x.slice(s![0..20_000, 0..40_000]).mean(..))
        }
        "chain" => {
            let (x, y) = xy();
            ours(chain(&x, &y))
        }
        "small" => {
            let chain = chain(&files.load("few"), &files.load("ten"));
            let fresh = Variant {
                fresh: true,
                ..two("Tilewright, fresh session", chain.clone())
            };
            vec![two("Tilewright", chain), fresh]
        }
        "chain-sum" => {
            let (x, y) = xy();
            ours(chain(&x, &y).sum(..))
        }
        "functions" => {
            let (x, y) = xy();
            ours(functions(&x, &y))
        }
        "functions-sum" => {
            let (x, y) = xy();
            ours(functions(&x, &y).sum(..))
        }
        "sum" => ours(files.load("x").sum(..)),
        "std" => ours(files.load("images").std(axis(0))),
        "normalise" => {
            let x = files.load("images");
            let most = x.max(axes([1, 2])).slice(s![.., NewAxis, NewAxis]);
            ours(x / most)
        }
        "tsnr" => {
            let runs: Vec<Array> = (0..5).map(|k| files.load(&format!("run{k}"))).collect();
            let x = concatenate(&runs, 3);
            ours(x.mean(axis(-1)) / x.std(axis(-1)))
        }
        "turned" => {
            let x = files.load("square");
            let y = &x + x.t();
            ours(y.slice(s![..;2, 50..]).mean(axis(1)))
        }
        "pairs" => ours(pairs(&files.load("points"))),
        "product" => ours(files.load("left").matmul(&files.load("right"))),
        "squares" => ours(files.load("numbers").square().sum(..)),
        "grains" => vec![
            two("Tilewright", (files.chunked("grains", 1) * 2.0).sum(..)),
            two(
                "Tilewright, chunks of 1000",
                (files.chunked("grains", 1000) * 2.0).sum(..),
            ),
        ],
        "scaling-memory" | "scaling-cache" => {
            let (x, y) = if name == "scaling-memory" {
                xy()
            } else {
                let row = files.load("row");
                (row.slice(s![.., NewAxis]), row)
            };
            let sum = chain(&x, &y).sum(..);
            vec![
                two("Tilewright", sum.clone()),
                Variant {
                    threads: 1,
                    ..two("Tilewright, 1 thread", sum)
                },
            ]
        }
        _ => {
            let (directory, name) = (files.0.to_owned(), name.to_owned());
            vec![opened(move || files::array(&directory, &name))]
        }
    }
}
