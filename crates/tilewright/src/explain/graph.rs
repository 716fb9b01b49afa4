//! Which nodes and edges has an explanation as a graph?
//!
//! Rows of a tree become nodes, a row that refers to a numbered one becomes an edge to it; stages and
//! what they read become others. Absent: a language for graphs, and places.

use super::{Explanation, Row, Section, text};
use std::collections::HashMap;
use tilewright_core::error::show_shape;

/// Characters of a tree's prefix per level.
const INDENT: usize = 3;

/// A graph; data flow along its edges.
#[derive(Default)]
pub struct Graph {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Pairs of places among the nodes: from, to.
    pub edges: Vec<(usize, usize)>,
}

/// A node.
pub struct Node {
    /// What tells it from the others.
    pub id: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// What else is known of it.
    pub more: String,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A part of a pass.
    Part,
    /// A pass.
    Pass,
    /// An array that is read.
    Read,
    /// An array that is stored.
    Stored,
}

/// The graph of a section; kernels have none.
pub fn graph(of: &Explanation, section: Section) -> Option<Graph> {
    match section {
        Section::Logical => Some(tree("l", &of.logical)),
        Section::Optimized => Some(tree("o", &of.optimized)),
        Section::Physical => Some(stages(of)),
        Section::Kernels | Section::Clif => None,
    }
}

/// Levels above a row.
pub fn depth(row: &Row) -> usize {
    row.prefix.chars().count() / INDENT
}

fn tree(prefix: &str, rows: &[Row]) -> Graph {
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
    let mut graph = Graph::default();
    // Rows, and where the node of each stands; it may come later than an edge from it.
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    let mut above: Vec<usize> = Vec::new();
    for (k, row) in rows.iter().enumerate() {
        above.truncate(depth(row));
        let at = match target(k) {
            Some(Some(at)) => at,
            Some(None) => continue,
            None => {
                places.insert(k, graph.nodes.len());
                graph.nodes.push(node(format!("{prefix}{k}"), row));
                k
            }
        };
        if let Some(user) = above.last() {
            edges.push((at, *user));
        }
        above.push(k);
    }
    let place = |(from, to): (usize, usize)| Some((*places.get(&from)?, *places.get(&to)?));
    graph.edges = edges.into_iter().filter_map(place).collect();
    graph
}

fn node(id: String, row: &Row) -> Node {
    let mut lines = vec![
        row.what.clone(),
        format!("{}{}", row.dtype, show_shape(&row.shape)),
    ];
    if !row.note.is_empty() {
        lines.push(row.note.clone());
    }
    let is_read = row.what.contains("read \"") && !row.what.contains("fused");
    Node {
        id,
        lines,
        more: text::amount(row),
        kind: match row.what.contains("fused ") {
            true => Kind::Pass,
            false if is_read => Kind::Read,
            false => Kind::Part,
        },
    }
}

fn stages(of: &Explanation) -> Graph {
    let mut graph = Graph::default();
    for (k, stage) in of.stages.iter().enumerate() {
        let tasks = match (stage.within, stage.abreast) {
            (Some(reader), _) => format!("in the tasks of stage {reader}"),
            (None, Some(first)) => format!(
                "{} in turn with stage {first}'s",
                text::tasks(stage.estimated.tasks)
            ),
            (None, None) => text::tasks(stage.estimated.tasks),
        };
        graph.nodes.push(Node {
            id: format!("s{k}"),
            lines: vec![format!("stage {k}: {}", stage.label), tasks],
            more: text::of_stage(k, stage),
            kind: Kind::Pass,
        });
    }
    let mut sources: HashMap<&str, usize> = HashMap::new();
    for (k, stage) in of.stages.iter().enumerate() {
        for input in &stage.inputs {
            let made = input.name.strip_prefix("stage ");
            if let Some(number) = made.and_then(|number| number.parse().ok()) {
                graph.edges.push((number, k));
                continue;
            }
            let at = *sources.entry(&input.name).or_insert_with(|| {
                let shape = show_shape(&input.shape);
                graph.nodes.push(Node {
                    id: format!("r{}", graph.nodes.len() - of.stages.len()),
                    lines: vec![input.name.clone(), format!("{}{shape}", input.dtype)],
                    more: String::new(),
                    kind: Kind::Read,
                });
                graph.nodes.len() - 1
            });
            graph.edges.push((at, k));
        }
        for stored in &stage.stores {
            let array = format!("{}{}", stored.dtype, show_shape(&stored.shape));
            graph.edges.push((k, graph.nodes.len()));
            graph.nodes.push(Node {
                id: format!("w{}", graph.nodes.len() - of.stages.len()),
                lines: vec![stored.name.clone(), array],
                more: format!("{}, chunks of {}", stored.format, show_shape(&stored.chunk)),
                kind: Kind::Stored,
            });
        }
    }
    graph
}
