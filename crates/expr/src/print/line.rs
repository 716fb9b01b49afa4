//! How does an expression read on one line, in a message?

use super::name::{along, drawn, looked_up, name, number, tuple, windowed};
use super::shorten;
use crate::attr::{Attr, LeafKind, SourceRef};
use crate::node::Expr;
use crate::op::{Family, MoveKind};

/// Characters of a line at most.
const WIDTH: usize = 80;

/// Levels shown at most; what is below them is `…`.
const DEPTH: usize = 8;

/// The expression as Python would have it, shortened to 80 characters: `add(x[0:5], 1.0)`.
///
/// Casts and broadcasts that promotion inserts are left out.
pub fn one_line(expr: &Expr) -> String {
    let mut out = String::new();
    // As many levels as fit, the name of the outermost at least.
    for depth in (1..=DEPTH).rev() {
        out.clear();
        write(expr, depth, &mut out);
        if out.chars().count() <= WIDTH {
            break;
        }
    }
    shorten(&out, WIDTH)
}

fn write(expr: &Expr, depth: usize, out: &mut String) {
    let mut expr = expr;
    while let (Family::Move(MoveKind::Broadcast), [x]) = (&expr.op().family, expr.args()) {
        expr = x;
    }
    // Too long already.
    if depth == 0 || out.len() > 2 * WIDTH {
        out.push('…');
        return;
    }
    match (&expr.op().family, expr.attr(), expr.args()) {
        (Family::Move(MoveKind::Slice), Attr::Region(region), [x]) => {
            write(x, depth - 1, out);
            out.push_str(&region.to_string());
        }
        (_, Attr::Leaf(leaf), []) => match &leaf.kind {
            LeafKind::Full(_) | LeafKind::Literal(_) => out.push_str(&name(expr)),
            LeafKind::Source(SourceRef::Memory(_)) => out.push_str("memory array"),
            LeafKind::Source(SourceRef::Stored { .. }) => {
                out.push_str(&name(expr).replacen(' ', "(", 1));
                out.push(')');
            }
            LeafKind::Draw(draw, seed) => call(expr, &drawn(*draw, *seed, ", "), depth, out),
            LeafKind::Iota(axis) => call(expr, &format!("axis={axis}"), depth, out),
            LeafKind::Input(k) => call(expr, &k.to_string(), depth, out),
        },
        (Family::Stage(_), Attr::Body(body), _) => {
            out.push_str("fused(");
            for (k, root) in body.roots.iter().enumerate() {
                out.push_str(if k > 0 { ", " } else { "" });
                write(root, depth - 1, out);
            }
            out.push(')');
        }
        (Family::Move(MoveKind::Transpose), Attr::Axes(order), _) => {
            call(expr, &tuple(order), depth, out);
        }
        (_, attr, _) => call(expr, &keywords(attr), depth, out),
    }
}

/// `name(arguments, keywords)`.
fn call(expr: &Expr, keywords: &str, depth: usize, out: &mut String) {
    out.push_str(expr.op().name);
    out.push('(');
    for (k, arg) in expr.args().iter().enumerate() {
        out.push_str(if k > 0 { ", " } else { "" });
        if out.len() > 2 * WIDTH {
            break;
        }
        write(arg, depth - 1, out);
    }
    if !keywords.is_empty() {
        out.push_str(if expr.args().is_empty() { "" } else { ", " });
        out.push_str(keywords);
    }
    out.push(')');
}

fn keywords(attr: &Attr) -> String {
    match attr {
        Attr::DType(dtype) => dtype.name().to_owned(),
        Attr::Axes(axes) => along(axes),
        Attr::Along(rows) => format!("axis={}", rows.axis),
        Attr::Windows(windows) => windowed(windows),
        Attr::Blocks(blocks) => blocks.function.name.to_string(),
        Attr::Statistic { axes, ddof } if ddof.truth() => {
            format!("{}, ddof={}", along(axes), number(*ddof))
        }
        Attr::Statistic { axes, .. } => along(axes),
        Attr::Shape(shape) => tuple(shape),
        Attr::Grid(grid) => tuple(&grid.longest()),
        Attr::Index(k) => k.to_string(),
        Attr::Lookup(lookup) => along(&looked_up(lookup)),
        Attr::None | Attr::Region(_) | Attr::Leaf(_) | Attr::Body(_) => String::new(),
    }
}
