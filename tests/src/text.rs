//! How does a test case read, in the expression language?
//!
//! One statement per step, so that the command line runs it. Arrays in memory and stored arrays are
//! written out as literals; those too long for it keep their seed, and the case its own.

use crate::program::{Arg, Built, Chunks, Program, Step, shape_of};
use std::fmt::Write;
use tilewright_core::{DType, Scalar};
use tilewright_expr::build::{Item, Pad};
use tilewright_expr::{Expr, reference};

/// Longest array that is written out.
const LONGEST: usize = 400;

/// The program as statements that end in its roots.
pub fn text(program: &Program, built: &Built) -> String {
    let mut out = String::new();
    for (k, step) in program.steps.iter().enumerate() {
        let _ = writeln!(out, "v{k} = {};", call(step, built, &built.exprs[k]));
    }
    let roots: Vec<String> = program.roots.iter().map(|r| format!("v{r}")).collect();
    let _ = writeln!(out, "{}", roots.join(", "));
    out
}

/// A value as the language writes it.
pub fn value(scalar: Scalar) -> String {
    scalar.to_string()
}

fn float(value: f64) -> String {
    Scalar::from(value).to_string()
}

fn tuple<T: std::fmt::Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    match &items[..] {
        [one] => format!("({one},)"),
        _ => format!("({})", items.join(", ")),
    }
}

fn cuts(chunks: &Chunks) -> String {
    tuple(&chunks.iter().map(|sizes| tuple(sizes)).collect::<Vec<_>>())
}

fn arg(arg: &Arg) -> String {
    match arg {
        Arg::Step(k) => format!("v{k}"),
        Arg::Bool(true) => "True".into(),
        Arg::Bool(false) => "False".into(),
        Arg::Int(value) => value.to_string(),
        Arg::Float(value) => float(*value),
    }
}

/// Elements written out, flat, then shaped and cut.
fn written(dtype: DType, chunks: &Chunks, expr: &Expr, built: &Built) -> String {
    let name = dtype.name();
    let shape = tuple(&shape_of(chunks));
    let elements = reference::evaluate(std::slice::from_ref(expr), &|leaf| built.read(leaf));
    match elements {
        Ok(blocks) if blocks[0].len() <= LONGEST => {
            let block = &blocks[0];
            let list: Vec<String> = (0..block.len())
                .filter_map(|k| block.get(k).map(value))
                .collect();
            let list = list.join(", ");
            let cuts = cuts(chunks);
            format!("array([{list}], dtype={name}).reshape({shape}).rechunk({cuts})")
        }
        _ => format!("<{name} elements of shape {shape}, too long to write out>"),
    }
}

fn items(items: &[Item]) -> String {
    let one = |item: &Item| match item {
        Item::Int(k) => k.to_string(),
        Item::Ellipsis => "...".into(),
        Item::NewAxis => "None".into(),
        Item::Slice(s) => {
            let bound = |b: Option<i64>| b.map_or(String::new(), |b| b.to_string());
            let step = s.step.map_or(String::new(), |b| format!(":{b}"));
            format!("{}:{}{step}", bound(s.start), bound(s.stop))
        }
        // Index arrays are steps of their own.
        Item::Array(x) => format!("{x:?}"),
    };
    if items.is_empty() {
        return "...".into();
    }
    items.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn call(step: &Step, built: &Built, expr: &Expr) -> String {
    let join = |args: &[Arg]| args.iter().map(arg).collect::<Vec<_>>().join(", ");
    let parts = |parts: &[usize]| {
        let parts: Vec<String> = parts.iter().map(|p| format!("v{p}")).collect();
        parts.join(", ")
    };
    let axes = |axes: &Option<Vec<i64>>| match axes {
        None => "None".to_owned(),
        Some(axes) => tuple(axes),
    };
    let python = |flag: &bool| if *flag { "True" } else { "False" };
    match step {
        Step::Full(v, chunks) => format!(
            "full({}, {}, dtype={}, chunks={})",
            tuple(&shape_of(chunks)),
            value(*v),
            v.dtype().name(),
            cuts(chunks)
        ),
        Step::Arange([a, b, c], dtype, size) => format!(
            "arange({}, {}, {}, dtype={}, chunks={size})",
            value(*a),
            value(*b),
            value(*c),
            dtype.name()
        ),
        Step::Linspace(a, b, num, endpoint, dtype) => format!(
            "linspace({}, {}, {num}, endpoint={}, dtype={}, chunks=5)",
            float(*a),
            float(*b),
            python(endpoint),
            dtype.name()
        ),
        Step::Eye(k, dtype, chunks) => {
            let shape = shape_of(chunks);
            let (rows, columns) = (shape[0], shape[1]);
            let (name, cuts) = (dtype.name(), cuts(chunks));
            format!("eye({rows}, {columns}, {k}, dtype={name}).rechunk({cuts})")
        }
        Step::Literal(_, dtype, chunks)
        | Step::Memory(_, dtype, _, chunks)
        | Step::Stored(_, dtype, chunks, _) => written(*dtype, chunks, expr, built),
        Step::Uniform(a, b, seed, chunks) => format!(
            "uniform({}, {}, {}, chunks={}, seed={seed})",
            arg(a),
            arg(b),
            tuple(&shape_of(chunks)),
            cuts(chunks)
        ),
        Step::Normal(a, b, seed, chunks) => format!(
            "normal({}, {}, {}, chunks={}, seed={seed})",
            arg(a),
            arg(b),
            tuple(&shape_of(chunks)),
            cuts(chunks)
        ),
        Step::Integers(a, b, dtype, seed, chunks) => format!(
            "integers({}, {}, {}, dtype={}, chunks={}, seed={seed})",
            arg(a),
            arg(b),
            tuple(&shape_of(chunks)),
            dtype.name(),
            cuts(chunks)
        ),
        Step::Law(name, args, seed, chunks) => format!(
            "random.{name}({}size={}, chunks={}, seed={seed})",
            args.iter().map(|a| arg(a) + ", ").collect::<String>(),
            tuple(&shape_of(chunks)),
            cuts(chunks)
        ),
        Step::Map(name, args) => format!("{name}({})", join(args)),
        Step::Power(a, b) => format!("({}) ** ({})", arg(a), arg(b)),
        Step::Astype(x, dtype) => format!("v{x}.astype({})", dtype.name()),
        Step::Index(x, i) => format!("v{x}[{}]", items(i)),
        Step::Transpose(x, order) => format!("transpose(v{x}, {})", tuple(order)),
        Step::Reshape(x, shape) => format!("v{x}.reshape({})", tuple(shape)),
        Step::Broadcast(x, shape) => format!("broadcast_to(v{x}, {})", tuple(shape)),
        Step::ExpandDims(x, axes) => format!("expand_dims(v{x}, {})", tuple(axes)),
        Step::Squeeze(x, axes) => format!("squeeze(v{x}, {})", tuple(axes)),
        Step::Concatenate(list, axis) => format!("concatenate([{}], axis={axis})", parts(list)),
        Step::Stack(list, axis) => format!("stack([{}], axis={axis})", parts(list)),
        Step::Rechunk(x, chunks) => format!("v{x}.rechunk({})", cuts(chunks)),
        Step::TakeList(x, points, axis) => format!("take(v{x}, {points:?}, axis={axis})"),
        Step::TakeBy(x, indices, axis) => {
            format!("take(v{x}, v{indices}, axis={axis}, mode='wrap')")
        }
        Step::Roll(x, shifts, axes) => {
            format!("roll(v{x}, {}, axis={})", tuple(shifts), tuple(axes))
        }
        Step::Pad(x, widths, mode) => {
            let (name, more) = match mode {
                Pad::Constant(values) => {
                    let first = values.first().map_or("0".to_owned(), |v| value(v.0));
                    ("constant", format!(", constant_values={first}"))
                }
                Pad::Edge => ("edge", String::new()),
                Pad::Reflect => ("reflect", String::new()),
                Pad::Symmetric => ("symmetric", String::new()),
                Pad::Wrap => ("wrap", String::new()),
                Pad::LinearRamp(_) => ("linear_ramp", String::new()),
                Pad::Statistic("max", _) => ("maximum", String::new()),
                Pad::Statistic("min", _) => ("minimum", String::new()),
                Pad::Statistic("median", _) => ("median", String::new()),
                Pad::Statistic(..) => ("mean", String::new()),
                Pad::Odd { symmetric } => {
                    let name = if *symmetric { "symmetric" } else { "reflect" };
                    (name, ", reflect_type='odd'".to_owned())
                }
            };
            let widths: Vec<String> = widths
                .iter()
                .map(|w| format!("({}, {})", w.0, w.1))
                .collect();
            let widths = widths.join(", ");
            format!("pad(v{x}, ({widths},), mode='{name}'{more})")
        }
        Step::Fold(name, x, mask, skip_nan, initial, set) => {
            let nan = if *skip_nan { "nan" } else { "" };
            let mask = mask.map_or(String::new(), |mask| format!(", where=v{mask}"));
            let initial = initial.as_ref();
            let initial = initial.map_or(String::new(), |a| format!(", initial={}", arg(a)));
            format!("{nan}{name}(v{x}, axis={}{mask}{initial})", axes(set))
        }
        Step::Reduce(name, x, set, keepdims) => {
            let (set, keepdims) = (axes(set), python(keepdims));
            format!("{name}(v{x}, axis={set}, keepdims={keepdims})")
        }
        Step::Statistic(name, x, set, ddof, keepdims) => {
            let (set, keepdims) = (axes(set), python(keepdims));
            let ddof = if *name == "mean" {
                String::new()
            } else {
                format!(", ddof={ddof}")
            };
            format!("{name}(v{x}, axis={set}{ddof}, keepdims={keepdims})")
        }
        Step::Selected(name, x, mask, set, ddof, keepdims) => {
            let (set, keepdims) = (axes(set), python(keepdims));
            let ddof = match *name {
                "var" | "std" => format!(", ddof={ddof}"),
                _ => String::new(),
            };
            format!("{name}(v{x}[v{mask}], axis={set}{ddof}, keepdims={keepdims})")
        }
        Step::Elements(x, mask) => format!("v{x}[v{mask}]"),
        Step::Windows(x, windows, axes) => {
            let (windows, axes) = (tuple(windows), tuple(axes));
            format!("sliding_window_view(v{x}, {windows}, axis={axes})")
        }
        // It has no spelling in the language, so that the text is not run.
        Step::Blocks(list, asked) => format!("<map_blocks of [{}], {asked:?}>", parts(list)),
        Step::Rows(x, call) => call.text(&format!("v{x}")),
    }
}
