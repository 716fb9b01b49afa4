//! How does an explanation look as a graph?
//!
//! Rows of a tree become nodes, a row that refers to a numbered one becomes an edge to it.

use super::{Explanation, Row, Section};
use std::collections::HashMap;
use std::fmt::Write;
use tilewright_core::error::show_shape;

/// Characters of a tree's prefix per level.
const INDENT: usize = 3;

// Writing to a String cannot fail, so results of `write!` are dropped.

/// The sections as clusters of one graph; data flow upwards.
pub(super) fn dot(of: &Explanation, sections: &[Section]) -> String {
    let mut out = String::from("digraph plan {\n  rankdir=BT;\n  node [shape=box];\n");
    for section in sections {
        let title = section.title();
        match section {
            Section::Logical => cluster(&mut out, title, |out| tree(out, "l", &of.logical)),
            Section::Optimized => cluster(&mut out, title, |out| tree(out, "o", &of.optimized)),
            Section::Physical => cluster(&mut out, title, |out| stages(out, of)),
            Section::Kernels | Section::Clif => {}
        }
    }
    out.push_str("}\n");
    out
}

/// Levels above a row.
pub(super) fn depth(row: &Row) -> usize {
    row.prefix.chars().count() / INDENT
}

fn cluster(out: &mut String, title: &str, body: impl FnOnce(&mut String)) {
    let _ = writeln!(out, "  subgraph cluster_{title} {{\n    label=\"{title}\";");
    body(out);
    out.push_str("  }\n");
}

fn tree(out: &mut String, prefix: &str, rows: &[Row]) {
    // The rows that carry a number, for those that refer to it.
    let numbered: HashMap<&str, usize> = rows
        .iter()
        .enumerate()
        .filter_map(|(k, row)| Some((row.what.strip_prefix('(')?.split_once(')')?.0, k)))
        .collect();
    let target = |k: usize| {
        let row = &rows[k];
        let number = row
            .what
            .strip_prefix("↑ (")
            .or(row.what.strip_prefix("↓ ("));
        let number = number.and_then(|text| text.strip_suffix(')'));
        number.map(|number| numbered.get(number).copied())
    };
    let mut above: Vec<usize> = Vec::new();
    for (k, row) in rows.iter().enumerate() {
        above.truncate(depth(row));
        let at = match target(k) {
            Some(Some(at)) => at,
            Some(None) => continue,
            None => {
                let mut label = format!(
                    "{}\\n{}{}",
                    escape(&row.what),
                    row.dtype,
                    show_shape(&row.shape)
                );
                if !row.note.is_empty() {
                    let _ = write!(label, "\\n{}", escape(&row.note));
                }
                let _ = writeln!(out, "    {prefix}{k} [label=\"{label}\"];");
                k
            }
        };
        if let Some(user) = above.last() {
            let _ = writeln!(out, "    {prefix}{at} -> {prefix}{user};");
        }
        above.push(k);
    }
}

fn stages(out: &mut String, of: &Explanation) {
    let mut sources: Vec<&str> = Vec::new();
    for (k, stage) in of.stages.iter().enumerate() {
        let tasks = match (stage.within, stage.abreast) {
            (Some(reader), _) => format!("in the tasks of stage {reader}"),
            (None, Some(first)) => format!(
                "{} tasks in turn with stage {first}'s",
                stage.estimated.tasks
            ),
            (None, None) => format!("{} tasks", stage.estimated.tasks),
        };
        let label = format!("stage {k}: {}\\n{tasks}", escape(&stage.label));
        let _ = writeln!(out, "    s{k} [label=\"{label}\"];");
        for input in &stage.inputs {
            if let Some(number) = input.name.strip_prefix("stage ") {
                let _ = writeln!(out, "    s{number} -> s{k};");
                continue;
            }
            let known = sources.iter().position(|name| *name == input.name);
            let at = known.unwrap_or_else(|| {
                let at = sources.len();
                let shape = show_shape(&input.shape);
                let label = format!("{}\\n{}{shape}", escape(&input.name), input.dtype);
                let _ = writeln!(out, "    r{at} [label=\"{label}\", shape=cylinder];");
                sources.push(&input.name);
                at
            });
            let _ = writeln!(out, "    r{at} -> s{k};");
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(['\n', '\r'], " ")
}
