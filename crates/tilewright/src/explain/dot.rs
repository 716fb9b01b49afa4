//! How does an explanation look in Graphviz's language?
//!
//! Absent: which nodes and edges there are, which is `graph`'s.

use super::graph::{self, Graph, Kind};
use super::{Explanation, Section};
use std::fmt::Write;

// Writing to a String cannot fail, so results of `write!` are dropped.

/// The sections as clusters of one graph; data flow upwards.
pub(super) fn dot(of: &Explanation, sections: &[Section]) -> String {
    let mut out = String::from("digraph plan {\n  rankdir=BT;\n  node [shape=box];\n");
    for section in sections {
        if let Some(graph) = graph::graph(of, *section) {
            cluster(&mut out, section.title(), &graph);
        }
    }
    out.push_str("}\n");
    out
}

fn cluster(out: &mut String, title: &str, graph: &Graph) {
    let _ = writeln!(out, "  subgraph cluster_{title} {{\n    label=\"{title}\";");
    for node in &graph.nodes {
        let lines: Vec<String> = node.lines.iter().map(|line| escape(line)).collect();
        let shape = match node.kind {
            Kind::Read | Kind::Stored => ", shape=cylinder",
            Kind::Part | Kind::Pass => "",
        };
        let (id, label, more) = (&node.id, lines.join("\\n"), escape(&node.more));
        let _ = writeln!(
            out,
            "    {id} [label=\"{label}\", tooltip=\"{more}\"{shape}];"
        );
    }
    for (from, to) in &graph.edges {
        let (from, to) = (&graph.nodes[*from].id, &graph.nodes[*to].id);
        let _ = writeln!(out, "    {from} -> {to};");
    }
    out.push_str("  }\n");
}

fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n").replace('\r', " ")
}
