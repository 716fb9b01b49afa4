//! What does the operator manual say?
//!
//! Pages made from the rows alone, so that they cannot differ from what runs. Absent: operators
//! that the optimizer makes and no one writes.

use crate::build::{self, Operand};
use crate::node::Expr;
use crate::op::{Family, OPS, OpDef, statistics};
use tilewright_core::{DType, Result, Scalar};

/// Columns of a line at most.
const WIDTH: usize = 100;

/// Every operator with its formula, one line each, under its family's title.
pub fn index() -> String {
    let call = |op: &OpDef| {
        let params = match &op.family {
            Family::Composed(row) => &op.params[..row.required],
            _ => op.params,
        };
        format!("{}({})", op.name, params.join(", "))
    };
    let width = OPS.iter().map(|op| call(op).len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut title = "";
    for op in OPS.iter().filter(|op| is_written(op)) {
        if family(op) != title {
            title = family(op);
            out.push_str(&format!(
                "{}{title}\n",
                if out.is_empty() { "" } else { "\n" }
            ));
        }
        out.push_str(&format!("  {:<width$}  {}\n", call(op), op.doc.formula));
    }
    out
}

/// The page of an operator; `None` if there is no such one.
pub fn page(name: &str) -> Option<String> {
    let op = OPS.iter().find(|op| op.name == name && is_written(op))?;
    let mut out = format!("{}\n", signature(op));
    let entries = [
        ("formula", op.doc.formula.to_owned()),
        ("edges", op.doc.edges.to_owned()),
        ("dtypes", dtypes(op)),
        ("family", family(op).to_owned()),
        ("source", op.doc.source.to_owned()),
    ];
    for (label, text) in entries.iter().filter(|(_, text)| !text.is_empty()) {
        for (k, line) in wrap(text, 11).iter().enumerate() {
            out.push_str(&format!(
                "  {:<8} {line}\n",
                if k == 0 { label } else { "" }
            ));
        }
    }
    Some(out)
}

/// Names of the operators that have a page, in the manual's order.
pub fn names() -> impl Iterator<Item = &'static str> {
    OPS.iter().filter(|op| is_written(op)).map(|op| op.name)
}

fn is_written(op: &OpDef) -> bool {
    !matches!(op.family, Family::Stage(_))
}

fn family(op: &OpDef) -> &'static str {
    match op.family {
        Family::Map(_) | Family::Composed(_) => "element-wise",
        Family::Reduce(_) => "reduction",
        Family::Along(_) => "along an axis",
        Family::Derived(_) => "statistic",
        Family::Move(_) => "move",
        Family::Index => "lookup",
        Family::Opaque => "function of blocks",
        Family::Create => "array made",
        Family::Random => "random numbers",
        Family::Source => "array read",
        Family::Stage(_) => "stage",
    }
}

fn signature(op: &OpDef) -> String {
    let words: Vec<&str> = op.params.iter().chain(op.options).copied().collect();
    format!("{}({})", op.name, words.join(", "))
}

/// What dtypes it takes and gives, by calling its rule on every dtype.
fn dtypes(op: &OpDef) -> String {
    match &op.family {
        Family::Map(row) => {
            let count = op.params.len();
            let result = |dtype: DType| {
                // A condition stands before the arguments whose dtype counts.
                let mut dtypes = vec![dtype; count];
                if count == 3 {
                    dtypes[0] = DType::Bool;
                }
                (row.signature)(&dtypes).map(|signature| signature.output)
            };
            if matches!((row.lower)(DType::F64, DType::F64), crate::op::Step::Cast) {
                return "any -> the dtype asked for".to_owned();
            }
            grouped(result)
        }
        Family::Reduce(row) => grouped(|dtype| (row.accumulator)(dtype).map(row.output)),
        Family::Along(row) => grouped(|dtype| (row.dtype)(dtype).map(row.output)),
        Family::Derived(_) => grouped(|dtype| Some(statistics::output(dtype))),
        Family::Composed(row) => grouped(|dtype| {
            let ones = (0..row.required).map(|_| build::constant(Scalar::from_i128(dtype, 1)));
            let ones: Vec<Expr> = ones.collect::<Result<_>>().ok()?;
            let operands: Vec<Operand> = ones.into_iter().map(Operand::Array).collect();
            build::operate(op.name, &operands).ok().map(|x| x.dtype())
        }),
        _ => String::new(),
    }
}

/// `bool i8 -> i64; others the same`: inputs by result, then those that are kept or refused.
fn grouped(result: impl Fn(DType) -> Option<DType>) -> String {
    let all = DType::ALL.map(|dtype| (dtype, result(dtype)));
    let names = |keep: &dyn Fn(DType, Option<DType>) -> bool| -> Vec<&str> {
        let kept = all.iter().filter(|(dtype, result)| keep(*dtype, *result));
        kept.map(|(dtype, _)| dtype.short()).collect()
    };
    let mut parts = Vec::new();
    for output in DType::ALL {
        if names(&|_, result| result == Some(output)).len() == all.len() {
            return format!("any -> {output}");
        }
        let inputs = names(&|dtype, result| dtype != output && result == Some(output));
        if !inputs.is_empty() {
            parts.push(format!("{} -> {output}", inputs.join(" ")));
        }
    }
    let refused = names(&|_, result| result.is_none());
    if !refused.is_empty() {
        parts.push(format!("{} refused", refused.join(" ")));
    }
    if !names(&|dtype, result| result == Some(dtype)).is_empty() {
        parts.push(
            if parts.is_empty() {
                "any -> the same"
            } else {
                "others the same"
            }
            .to_owned(),
        );
    }
    parts.join("; ")
}

/// Lines that fit a page behind so many columns.
pub fn wrap(text: &str, indent: usize) -> Vec<String> {
    let room = WIDTH - indent;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
