//! How does an explanation look as a picture?
//!
//! The graph that `dot` writes, laid out by a library. Absent: styles of our own.

use super::{Explanation, Section, dot};
use layout::backends::svg::SVGWriter;
use layout::gv::{DotParser, GraphBuilder};
use std::panic::catch_unwind;
use tilewright_core::{Error, Kind, Result};

/// The sections as one picture.
///
/// # Errors
/// [`Kind::Internal`] if the library does not lay the graph out.
pub(super) fn svg(of: &Explanation, sections: &[Section]) -> Result<String> {
    let graph = dot::dot(of, sections);
    let drawn = catch_unwind(|| draw(&graph)).unwrap_or_else(|_| Err("it gave up".into()));
    drawn.map_err(|error| {
        let message = format!("the graph was not laid out: {error}");
        Error::new(Kind::Internal, message).way_out("the format dot, and Graphviz")
    })
}

fn draw(graph: &str) -> std::result::Result<String, String> {
    let parsed = DotParser::new(graph).process()?;
    let mut builder = GraphBuilder::new();
    builder.visit_graph(&parsed);
    let mut writer = SVGWriter::new();
    builder.get().do_it(false, false, false, &mut writer);
    Ok(writer.finalize())
}
