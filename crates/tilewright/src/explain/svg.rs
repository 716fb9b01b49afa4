//! How does an explanation look as a picture?
//!
//! A library finds the places of nodes and the paths of edges; what is drawn there is ours: no more
//! than a page needs, and what else is known of a node where a pointer rests on it. Absent: which
//! nodes and edges there are, which is `graph`'s.

use super::graph::{self, Graph, Kind, Node};
use super::{Explanation, Section};
use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tilewright_core::{Error, Kind as ErrorKind, Result};

/// Pixels of a character and of a line.
const CHARACTER: f64 = 7.25;
const LINE: f64 = 16.0;

/// Pixels round a text, and round a picture.
const INSIDE: f64 = 8.0;
const MARGIN: f64 = 12.0;

const STYLE: &str = "text{font:12px monospace;fill:#222;text-anchor:middle;white-space:pre}\
.title{font-weight:bold;text-anchor:start}\
rect{fill:#fff;stroke:#999}.pass rect{fill:#eef4ff;stroke:#36c}.read rect{fill:#f2f8ec;stroke:#6a3}.stored rect{fill:#fdf3e4;stroke:#c73}\
.edge{fill:none;stroke:#777}.head{fill:#777}";

// Writing to a String cannot fail, so results of `write!` are dropped.

/// The sections as one picture, below each other.
///
/// # Errors
/// [`ErrorKind::Internal`] if the library does not lay a graph out.
pub(super) fn svg(of: &Explanation, sections: &[Section]) -> Result<String> {
    let (mut body, mut width, mut height) = (String::new(), 0f64, 0f64);
    // The head of arrows has a name, which pictures of one page may not share.
    let names: Vec<&str> = sections.iter().map(|section| section.title()).collect();
    let head = format!("head-{}", names.join("-"));
    for section in sections {
        let Some(graph) = graph::graph(of, *section) else {
            continue;
        };
        let title = section.title();
        let drawn = drawn(&graph, &head)?;
        let _ = write!(
            body,
            "<text class=\"title\" x=\"{MARGIN}\" y=\"{:.0}\">{title}</text>\n\
             <g transform=\"translate({:.1} {:.1})\">\n{}</g>\n",
            height + LINE,
            MARGIN - drawn.low.x,
            height + 2.0 * LINE - drawn.low.y,
            drawn.out
        );
        width = width.max(drawn.high.x - drawn.low.x + 2.0 * MARGIN);
        height += drawn.high.y - drawn.low.y + 2.0 * LINE + MARGIN;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n<style>{STYLE}</style>\n\
         <defs><marker id=\"{head}\" markerWidth=\"8\" markerHeight=\"6\" refX=\"8\" refY=\"3\" \
         orient=\"auto\"><path class=\"head\" d=\"M0 0L8 3L0 6z\"/></marker></defs>\n{body}</svg>\n"
    ))
}

fn drawn<'a>(graph: &'a Graph, head: &'a str) -> Result<Canvas<'a>> {
    let mut canvas = Canvas {
        head,
        nodes: &graph.nodes,
        out: String::new(),
        low: Point::new(f64::MAX, f64::MAX),
        high: Point::zero(),
    };
    let done = catch_unwind(AssertUnwindSafe(|| lay_out(graph, &mut canvas)));
    if done.is_err() {
        let error = Error::new(ErrorKind::Internal, "the graph was not laid out");
        return Err(error.way_out("the format dot, and Graphviz"));
    }
    if graph.nodes.is_empty() {
        canvas.low = Point::zero();
    }
    Ok(canvas)
}

fn lay_out(graph: &Graph, canvas: &mut Canvas<'_>) {
    let mut visual = VisualGraph::new(Orientation::TopToBottom);
    let look = StyleAttr::simple();
    let places: Vec<_> = (0..)
        .zip(&graph.nodes)
        .map(|(k, node): (usize, _)| {
            let shape = ShapeKind::Box(String::new());
            let across = Orientation::LeftToRight;
            let number = k.to_string();
            let element =
                Element::create_with_properties(shape, look.clone(), across, size(node), number);
            visual.add_node(element)
        })
        .collect();
    for &(from, to) in &graph.edges {
        let arrow = Arrow::new(
            LineEndKind::None,
            LineEndKind::Arrow,
            layout::core::style::LineStyleKind::Normal,
            "",
            &look,
            &None,
            &None,
        );
        visual.add_edge(arrow, places[from], places[to]);
    }
    visual.do_it(false, false, false, canvas);
}

/// How large a node is drawn.
fn size(node: &Node) -> Point {
    let widest = node.lines.iter().map(|line| line.chars().count()).max();
    Point::new(
        widest.unwrap_or(0) as f64 * CHARACTER + 2.0 * INSIDE,
        node.lines.len() as f64 * LINE + INSIDE,
    )
}

/// What the library draws on.
struct Canvas<'a> {
    /// The name of the arrow's head.
    head: &'a str,
    nodes: &'a [Node],
    out: String,
    /// Corners of what was drawn.
    low: Point,
    high: Point,
}

impl Canvas<'_> {
    fn reach(&mut self, x: f64, y: f64) {
        self.low = Point::new(self.low.x.min(x), self.low.y.min(y));
        self.high = Point::new(self.high.x.max(x), self.high.y.max(y));
    }
}

impl RenderBackend for Canvas<'_> {
    fn draw_rect(
        &mut self,
        at: Point,
        size: Point,
        _look: &StyleAttr,
        number: Option<String>,
        _clip: Option<ClipHandle>,
    ) {
        let number = number.and_then(|number| number.parse::<usize>().ok());
        let Some(node) = number.and_then(|number| self.nodes.get(number)) else {
            return;
        };
        self.reach(at.x, at.y);
        self.reach(at.x + size.x, at.y + size.y);
        let class = match node.kind {
            Kind::Part => "part",
            Kind::Pass => "pass",
            Kind::Read => "read",
            Kind::Stored => "stored",
        };
        let _ = write!(
            self.out,
            "<g class=\"{class}\"><title>{}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
             height=\"{:.1}\" rx=\"3\"/>",
            escape(format!("{}\n{}", node.lines.join("\n"), node.more).trim_end()),
            at.x,
            at.y,
            size.x,
            size.y
        );
        let middle = at.x + size.x / 2.0;
        for (k, line) in node.lines.iter().enumerate() {
            let base = at.y + INSIDE / 2.0 + LINE * (k as f64 + 0.75);
            let line = escape(line);
            let _ = write!(
                self.out,
                "<text x=\"{middle:.1}\" y=\"{base:.1}\">{line}</text>"
            );
        }
        self.out.push_str("</g>\n");
    }

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _dashed: bool,
        _head: (bool, bool),
        _look: &StyleAttr,
        _properties: Option<String>,
        _text: &str,
    ) {
        // Out of the first point by its control point, then into the others by theirs.
        let mut line = String::new();
        for (k, (a, b)) in path.iter().enumerate() {
            let _ = match k {
                0 => write!(line, "M{:.1} {:.1}C{:.1} {:.1}", a.x, a.y, b.x, b.y),
                1 => write!(line, " {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y),
                _ => write!(line, "S{:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y),
            };
            let end = if k == 0 { a } else { b };
            self.reach(end.x, end.y);
        }
        let head = self.head;
        let _ = writeln!(
            self.out,
            "<path class=\"edge\" d=\"{line}\" marker-end=\"url(#{head})\"/>"
        );
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}

/// Text within XML, which holds no control characters.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
