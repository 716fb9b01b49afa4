//! Which expressions are only planned?
//!
//! What Dask's tutorials and users compute, on stores that have metadata and no chunks: planning
//! reads no data. Written with the operators there are: `log(x + 1)` for `log1p`, a `where` for
//! `nansum`, `minimum` and `maximum` for `clip`.

use crate::data::describe;
use std::path::Path;
use std::time::{Duration, Instant};
use tilewright::{
    Array, DType, NewAxis, Result, all_axes, axes, axis, concatenate, ones, open, random, s, shape,
    stack,
};
use tilewright_plan::{Planned, budget, memory};

/// A planned expression: its text, and what makes its roots.
pub struct Planning {
    /// What is planned, in NumPy's notation.
    pub expression: String,
    /// The roots.
    pub roots: Vec<Array>,
}

/// Bytes that plans may use.
const MEMORY: u64 = 8 << 30;

/// The whole road from roots to a plan and its memory bound, as a session walks it.
///
/// # Errors
/// What building the arrays met, or no plan fits the memory.
pub fn plan(roots: &[Array]) -> Result<Planned> {
    let roots = roots
        .iter()
        .map(|root| root.expr().cloned())
        .collect::<Result<Vec<_>>>()?;
    let options = tilewright_opt::Options {
        relaxed: false,
        memory: Some(MEMORY),
    };
    let optimized = tilewright_opt::optimize(&roots, &options)?;
    let options = tilewright_plan::Options {
        memory: Some(MEMORY),
        stores: vec![None; roots.len()],
    };
    let planned = tilewright_plan::plan(&optimized.roots, &options)?;
    std::hint::black_box(budget::peak(&memory::stages(&planned.plan, &[]), 2, MEMORY));
    Ok(planned)
}

/// The shortest of several times planning took.
pub fn time(roots: &[Array], times: u32) -> Duration {
    let run = || {
        let started = Instant::now();
        std::hint::black_box(plan(roots).unwrap());
        started.elapsed()
    };
    (0..times.max(1)).map(|_| run()).min().unwrap()
}

/// `x.mean(axis=0)[0:100]` over a square of so many chunks along each axis.
pub fn columns(chunks: i64) -> Vec<Array> {
    let layout = shape([1000 * chunks, 1000 * chunks]).chunks(1000);
    let x = random::seed(1).normal(0, 1, layout);
    vec![x.mean(axis(0)).slice(s![0..100])]
}

/// Every expression; stores are described in the directory.
pub fn expressions(directory: &Path) -> Vec<Planning> {
    let mut list = List {
        directory,
        planned: Vec::new(),
    };
    list.random();
    list.statistics();
    list.files();
    list.elementwise();
    list.users();
    list.planned
}

struct List<'a> {
    directory: &'a Path,
    planned: Vec<Planning>,
}

impl List<'_> {
    fn add(&mut self, expression: &str, roots: impl IntoIterator<Item = Array>) {
        self.planned.push(Planning {
            expression: expression.into(),
            roots: roots.into_iter().collect(),
        });
    }

    /// A stored array without chunks.
    fn store(&self, name: &str, shape: &[i64], chunks: &[i64], dtype: &str) -> Array {
        let path = self.directory.join(format!("{name}.zarr"));
        open(&describe(&path, shape, chunks, dtype))
    }

    fn random(&mut self) {
        let normal = |side: i64, chunks: [i64; 2]| {
            random::seed(1).normal(0, 1, shape([side, side]).chunks(chunks))
        };
        let square = normal(10_000, [1000, 1000]).mean(axis(0));
        self.add(
            "normal(0,1,(10000,10000),chunks=(1000,1000)).mean(axis=0)[0:100]",
            [square.slice(s![0..100])],
        );
        let tall = normal(10_000, [10_000, 100]).mean(axis(0));
        self.add("the same, chunks=(10000,100)", [tall.slice(s![0..100])]);
        let wide = random::seed(1).normal(10, 0.1, shape([20_000; 2]).chunks(1000));
        self.add(
            "normal(10,0.1,(20000,20000),chunks=(1000,1000)).mean(axis=0)[::100]",
            [wide.mean(axis(0)).slice(s![..;100])],
        );
        let large = random::seed(1).uniform(0, 1, shape([1_500_000, 100_000]).chunks(10_000));
        self.add(
            "uniform(0,1,(1500000,100000),chunks=(10000,10000)).mean()",
            [large.mean(all_axes())],
        );
        let cube = ones(shape([10_000; 3]).chunks(2000));
        self.add(
            "ones((10000,)*3, chunks=(2000,)*3).T.sum()",
            [cube.t().sum(all_axes())],
        );
        let line = ones(shape([1_000_000]).chunks(1));
        self.add("ones(1000000, chunks=1).sum()", [line.sum(all_axes())]);
    }

    fn statistics(&mut self) {
        let line = self.store("line", &[200_000_000], &[1_000_000], "float64");
        self.add("x.sum(), 1-D", [line.sum(all_axes())]);
        self.add("x.mean(), 1-D", [line.mean(all_axes())]);
        self.add("x.std(), 1-D", [line.std(all_axes())]);
        let int = self.store("int", &[10_000, 10_000], &[1000, 1000], "int32");
        self.add("(x**2).sum(), int32", [int.pow(2).sum(all_axes())]);
        self.add("x*2, int32", [&int * 2]);
        self.add("(x*10)[0,0], int32", [(&int * 10).slice(s![0, 0])]);
        let images = self.store("images", &[30, 2000, 2000], &[1, 2000, 2000], "float64");
        let most = images.max(axes([1, 2])).slice(s![.., NewAxis, NewAxis]);
        self.add("im / im.max(axis=(1,2))[:,None,None]", [&images / most]);
        self.add("x.std(axis=0)", [images.std(axis(0))]);
    }

    fn files(&mut self) {
        let files: Vec<Array> = (0..31)
            .map(|k| self.store(&format!("day{k}"), &[2880, 5760], &[500, 500], "float32"))
            .collect();
        let all = stack(&files, 0);
        self.add("stack(d).mean(axis=0), 31 files", [all.mean(axis(0))]);
        self.add(
            "d[0]-stack(d).mean(axis=0)",
            [&files[0] - all.mean(axis(0))],
        );
        self.add("stack(d)[:, ::2, ::2]", [all.slice(s![.., ..;2, ..;2])]);
        let runs: Vec<Array> = [184, 238, 76, 173, 88]
            .into_iter()
            .enumerate()
            .map(|(k, n)| {
                let shape = [64, 64, 30, n];
                self.store(&format!("run{k}"), &shape, &[64, 64, 30, 20], "int16")
            })
            .collect();
        let x = concatenate(&runs, -1);
        self.add(
            "x.mean(-1)/x.std(-1), x = concatenate of 5 int16 runs",
            [x.mean(axis(-1)) / x.std(axis(-1))],
        );
        let part = self.store("part", &[100], &[100], "float64");
        let parts: Vec<Array> = std::iter::repeat_n(part, 10_000).collect();
        let joined = concatenate(&parts, 0);
        self.add(
            "concatenate of 10000 files, [123456]",
            [joined.slice(s![123_456])],
        );
    }

    fn elementwise(&mut self) {
        let square = self.store("square", &[8000, 8000], &[1000, 1000], "float64");
        let y = &square + square.t();
        self.add(
            "y = x + x.T; y[::2, 50:].mean(axis=1)",
            [y.slice(s![..;2, 50..]).mean(axis(1))],
        );
        self.add("y = x + x.T; y.sum()", [y.sum(all_axes())]);
        let x = ones(shape([10_000, 10_000]).chunks(1000));
        let product = x.slice(s![.., 0]).sin() * x.t();
        self.add(
            "(sin(x[:,0]) * x.T)[:10,:10]",
            [product.slice(s![..10, ..10])],
        );
        let c = self.store("points", &[7000, 3], &[7000, 3], "float64");
        let apart = c.slice(s![.., NewAxis]) - c.slice(s![NewAxis]);
        let d = apart.pow(2).sum(axis(-1));
        let s = (1 / &d).pow(3);
        let pairs = d.gt(0).where_(4 * (&s * &s - &s), 0);
        self.add(
            "Lennard-Jones energy of 7000 points",
            [pairs.sum(all_axes()) / 2],
        );
        let [x, y] = ["x", "y"].map(|n| self.store(n, &[50_000_000], &[1_000_000], "float64"));
        let chain = (&x * 2 + &y) / 3 - (&x * &x + &y * &y).sqrt();
        self.add("(x*2+y)/3 - sqrt(x*x+y*y)", [chain.clone()]);
        self.add("((x*2+y)/3 - sqrt(x*x+y*y)).sum()", [chain.sum(all_axes())]);
        let functions = x.sin() * (-&y).exp() + (&x + 1).log();
        self.add("sin(x)*exp(-y)+log(x+1)", [functions.clone()]);
        self.add(
            "(sin(x)*exp(-y)+log(x+1)).sum()",
            [functions.sum(all_axes())],
        );
    }

    fn users(&mut self) {
        let [u, v] = ["u", "v"].map(|n| self.store(n, &[20_000, 5000], &[1000, 1000], "float64"));
        self.add(
            "(u**2).mean(0), (v**2).mean(0), (u*v).mean(0)",
            [u.pow(2), v.pow(2), &u * &v].map(|x| x.mean(axis(0))),
        );
        self.add(
            "(x - x.mean(0)).sum()",
            [(&u - u.mean(axis(0))).sum(all_axes())],
        );
        self.add(
            "a[1:,1:] - b[:-1,:-1]",
            [u.slice(s![1.., 1..]) - v.slice(s![..-1, ..-1])],
        );
        self.add("x[::4, ::4]", [u.slice(s![..;4, ..;4])]);
        let packed = self.store("packed", &[20_000, 5000], &[1000, 1000], "int16");
        self.add(
            "(x_i2 * 0.1 + 273.15).mean()",
            [(&packed * 0.1 + 273.15).mean(all_axes())],
        );
        let [red, near] =
            ["red", "near"].map(|n| self.store(n, &[10_980; 2], &[1098, 1098], "uint16"));
        let [red, near] = [red, near].map(|x| x.astype(DType::F32));
        let index = (&near - &red) / (&near + &red);
        self.add(
            "minimum(maximum((n-r)/(n+r), -1), 1), uint16",
            [index.maximum(-1).minimum(1)],
        );
        let turned = |x: &Array, axis: usize| match axis {
            0 => concatenate(&[x.slice(s![1..]), x.slice(s![..1])], 0),
            _ => concatenate(&[x.slice(s![.., 1..]), x.slice(s![.., ..1])], 1),
        };
        self.add(
            "vorticity with wrap-around: (roll(v, -1, 1) - v) - (roll(u, -1, 0) - u)",
            [(turned(&v, 1) - &v) - (turned(&u, 0) - &u)],
        );
    }
}
