//! How are calls along an axis held: sorting, scans, quantiles, histograms, products?
//!
//! A [`Call`] of one array, and sometimes of a second. Absent: choices (`generate`).

use tilewright_core::{DType, Grid, Result, Scalar};
use tilewright_expr::Expr;
use tilewright_expr::build::quantile::{Fractions, Quantiles};
use tilewright_expr::build::{self, Bins};
use tilewright_vecmath::quantile::Method;

/// A call along an axis, of the array that its step names.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// `sort`, `argsort` and running folds along an axis.
    Scan(&'static str, Option<i64>),
    /// `nancumsum`, `nancumprod`.
    NanScan(&'static str, Option<i64>),
    /// `topk` or `argtopk`.
    Top(bool, i64, i64),
    /// `argmin`, `argmax`, `nanargmin`, `nanargmax`; by "min" or "max".
    Argument(&'static str, bool, Option<i64>, bool),
    /// `median` or `nanmedian`.
    Median(bool, Option<Vec<i64>>, bool),
    /// `quantile` or `nanquantile` at these fractions: a list, or an array of a narrower float.
    Quantile(Vec<f64>, DType, Method, bool, Option<Vec<i64>>, bool),
    /// `searchsorted` of the second array.
    Search(usize, bool),
    /// `digitize` into these edges.
    Digitize(Vec<f64>, bool),
    /// The counts of a histogram of so many bins over a range, weighed by the second array.
    Histogram(i64, (f64, f64), Option<usize>, bool),
    /// `diff`.
    Diff(i64, i64),
    /// `gradient` along an axis.
    Gradient(f64, i64, i64),
    /// `matmul`, `dot`, `inner`, `outer`, `vdot`, `kron` with the second array.
    Product(&'static str, usize),
    /// `cov` of rows.
    Cov,
    /// `linalg.svdvals`.
    SingularValues,
    /// The number of each line along an axis among the distinct ones.
    Lines(i64),
    /// `var` or `std` along an axis about a mean that is given.
    About(&'static str, f64, i64),
    /// Squares in the second array.
    Held(usize),
}

fn float(value: f64) -> String {
    Scalar::from(value).to_string()
}

fn list(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|&v| float(v)).collect();
    format!("[{}]", values.join(", "))
}

fn python(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

fn row(values: &[f64], dtype: DType) -> Result<Expr> {
    let elements = values.iter().map(|&v| Scalar::from_f64(dtype, v)).collect();
    build::array(elements, dtype, Grid::whole(&[values.len() as i64]))
}

impl Call {
    /// The step of its second array.
    pub fn other(&self) -> Option<usize> {
        match self {
            Call::Search(other, _) | Call::Product(_, other) | Call::Held(other) => Some(*other),
            Call::Histogram(_, _, weights, _) => *weights,
            _ => None,
        }
    }

    /// The same call with another second array.
    pub fn renamed(&mut self, name: &dyn Fn(usize) -> usize) {
        match self {
            Call::Search(other, _) | Call::Product(_, other) | Call::Held(other) => {
                *other = name(*other);
            }
            Call::Histogram(_, _, Some(weights), _) => *weights = name(*weights),
            _ => {}
        }
    }

    /// The expression of this call.
    ///
    /// # Errors
    /// Whatever it refuses.
    pub fn build(&self, x: &Expr, other: impl Fn(usize) -> Expr) -> Result<Expr> {
        match self {
            Call::Scan(name, axis) => build::along(name, x, *axis),
            Call::NanScan(name, axis) => {
                let instead = i64::from(*name == "cumprod");
                build::along_without_nan(name, x, *axis, instead)
            }
            Call::Top(positions, k, axis) => {
                let name = if *positions { "argsort" } else { "sort" };
                build::top(name, x, *k, *axis)
            }
            Call::Argument(name, skip, axis, keepdims) => build::argument(
                name,
                x,
                axis.as_ref().map(std::slice::from_ref),
                *skip,
                *keepdims,
            ),
            Call::Median(skip, axes, keepdims) => {
                build::median(x, axes.as_deref(), *skip, *keepdims)
            }
            Call::Quantile(q, dtype, method, skip, axes, keepdims) => {
                let how = Quantiles {
                    method: *method,
                    skip_nan: *skip,
                    keepdims: *keepdims,
                };
                match dtype {
                    DType::F64 => {
                        build::quantile(x, &Fractions::Many(q.clone()), axes.as_deref(), how)
                    }
                    narrow => build::quantile_at(x, &row(q, *narrow)?, axes.as_deref(), how),
                }
            }
            Call::Search(values, right) => build::searchsorted(x, &other(*values), *right),
            Call::Digitize(bins, right) => build::digitize(x, &row(bins, DType::F64)?, *right),
            Call::Histogram(bins, range, weights, density) => {
                let edges = build::histogram::edges(x, &Bins::Count(*bins), Some(*range))?;
                let weights = weights.map(other);
                build::histogram(x, &edges, weights.as_ref(), *density)
            }
            Call::Diff(n, axis) => build::diff(x, *n, *axis, None, None),
            Call::Gradient(step, axis, order) => {
                let spacing = build::differences::Spacing::Even(*step);
                build::gradient(x, &spacing, *axis, *order)
            }
            Call::Product(name, y) => {
                let y = other(*y);
                match *name {
                    "matmul" => build::matmul(x, &y),
                    "dot" => build::dot(x, &y),
                    "inner" => build::inner(x, &y),
                    "outer" => build::outer(x, &y),
                    "vdot" => build::vdot(x, &y),
                    _ => build::kron(x, &y),
                }
            }
            Call::Cov => build::cov(x, None, &build::Covariance::default()),
            Call::SingularValues => build::svdvals(x),
            Call::Lines(axis) => {
                let place = build::normalize_axes(&[*axis], x.shape().len())?[0];
                build::Unique::of_lines(x, *axis)?.inverse(&[x.shape()[place]])
            }
            Call::About(name, mean, axis) => {
                let asked = build::Reduction {
                    axes: Some(vec![*axis]),
                    mean: Some((*mean).into()),
                    ..Default::default()
                };
                build::fold(name, x, &asked)
            }
            Call::Held(out) => {
                let squares = build::map("multiply", &[x.clone(), x.clone()])?;
                build::hold(&squares, &other(*out), None)
            }
        }
    }

    /// The call in the expression language, of variable `x`.
    pub fn text(&self, x: &str) -> String {
        let axis = |axis: &Option<i64>| axis.map_or("None".into(), |axis| axis.to_string());
        let axes = |axes: &Option<Vec<i64>>| match axes {
            None => "None".to_owned(),
            Some(axes) => {
                let axes: Vec<String> = axes.iter().map(|axis| format!("{axis},")).collect();
                format!("({})", axes.join(" "))
            }
        };
        let nan = |skip: &bool| if *skip { "nan" } else { "" };
        match self {
            Call::Scan(name, at) => format!("{name}({x}, axis={})", axis(at)),
            Call::NanScan(name, at) => format!("nan{name}({x}, axis={})", axis(at)),
            Call::Top(positions, k, at) => {
                let arg = if *positions { "arg" } else { "" };
                format!("{arg}topk({x}, {k}, axis={at})")
            }
            Call::Argument(name, skip, at, keepdims) => format!(
                "{}arg{name}({x}, axis={}, keepdims={})",
                nan(skip),
                axis(at),
                python(*keepdims)
            ),
            Call::Median(skip, set, keepdims) => format!(
                "{}median({x}, axis={}, keepdims={})",
                nan(skip),
                axes(set),
                python(*keepdims)
            ),
            Call::Quantile(q, dtype, method, skip, set, keepdims) => format!(
                "{}quantile({x}, {}, axis={}, method=\"{}\", keepdims={})",
                nan(skip),
                match dtype {
                    DType::F64 => list(q),
                    narrow => format!("array({}, dtype={})", list(q), narrow.name()),
                },
                axes(set),
                method.name(),
                python(*keepdims)
            ),
            Call::Search(values, right) => {
                let side = if *right { "right" } else { "left" };
                format!("searchsorted({x}, v{values}, side=\"{side}\")")
            }
            Call::Digitize(bins, right) => {
                format!("digitize({x}, {}, right={})", list(bins), python(*right))
            }
            Call::Histogram(bins, (low, high), weights, density) => {
                let weights = weights.map_or(String::new(), |w| format!(", weights=v{w}"));
                let range = format!("({}, {})", float(*low), float(*high));
                let density = python(*density);
                format!("histogram({x}, {bins}, range={range}{weights}, density={density})[0]")
            }
            Call::Diff(n, at) => format!("diff({x}, {n}, axis={at})"),
            Call::Gradient(step, at, order) => format!(
                "gradient({x}, {}, axis={at}, edge_order={order})",
                float(*step)
            ),
            Call::Product(name, y) => format!("{name}({x}, v{y})"),
            Call::Cov => format!("cov({x})"),
            Call::SingularValues => format!("np.linalg.svdvals({x})"),
            Call::Lines(at) => format!("unique({x}, axis={at}, return_inverse=True)[1]"),
            Call::About(name, mean, at) => {
                format!("{name}({x}, axis={at}, mean={})", float(*mean))
            }
            Call::Held(out) => format!("multiply({x}, {x}, out=v{out})"),
        }
    }
}
