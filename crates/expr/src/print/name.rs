//! How is a node named with its attributes?

use super::shorten;
use crate::attr::{Along, Attr, Axes, Draw, Leaf, LeafKind, Lookup, SourceRef, Windows};
use crate::node::Expr;
use crate::op::{Family, Length};
use tilewright_core::{Scalar, uri};

/// Literals show this many elements.
const SHOWN_ELEMENTS: usize = 4;

/// URIs show this many characters.
const URI_WIDTH: usize = 40;

/// A node's operator and attributes: `sum axis=0`, `slice [0:100]`, `read "ct.zarr/a"`.
pub(super) fn name(expr: &Expr) -> String {
    let name = expr.op().name;
    match expr.attr() {
        Attr::None | Attr::Shape(_) => name.to_owned(),
        Attr::Body(body) => format!("{name} {} outputs", body.roots.len()),
        Attr::DType(dtype) => format!("{name} {dtype}"),
        Attr::Axes(axes) => match &expr.op().family {
            Family::Move(crate::op::MoveKind::Transpose) => format!("{name} {}", tuple(axes)),
            _ => format!("{name} {}", along(axes)),
        },
        Attr::Statistic { axes, ddof } if ddof.truth() => {
            format!("{name} {} ddof={}", along(axes), number(*ddof))
        }
        Attr::Statistic { axes, .. } => format!("{name} {}", along(axes)),
        Attr::Blocks(blocks) => format!("{name} {}", blocks.function.name)
            .trim_end()
            .to_owned(),
        Attr::Along(rows) => along_rows(expr, name, rows),
        Attr::Windows(windows) => format!("{name} {}", windowed(windows)),
        Attr::Region(region) => format!("{name} {region}"),
        Attr::Grid(grid) => format!("{name} {}", tuple(&grid.longest())),
        Attr::Index(k) => match &expr.op().family {
            Family::Move(_) => format!("{name} axis={k}"),
            _ => format!("{name} {k}"),
        },
        Attr::Lookup(lookup) => format!("{name} {}", along(&looked_up(lookup))),
        Attr::Leaf(leaf) => leaf_name(name, leaf),
    }
}

/// `sort axis=1`, `sort axis=1 from=2 len=3`.
fn along_rows(expr: &Expr, name: &str, rows: &Along) -> String {
    if rows.chunked {
        return format!("{name} of each chunk");
    }
    let mut text = format!("{name} axis={}", rows.axis);
    let whole = expr.args().first().map(|x| x.shape()[rows.axis]);
    if let Family::Along(row) = &expr.op().family {
        if rows.parameter != 0 {
            text.push_str(&format!(" {}={}", row.parameter, rows.parameter));
        }
        if row.length == Length::Window && whole != Some(rows.len) {
            text.push_str(&format!(" len={}", rows.len));
        }
    }
    text
}

fn leaf_name(name: &str, leaf: &Leaf) -> String {
    match &leaf.kind {
        // A constant is its value.
        LeafKind::Full(value) if leaf.whole.is_empty() => value.to_string(),
        LeafKind::Full(value) => format!("{name} {value}"),
        LeafKind::Iota(axis) => format!("{name} axis={axis}"),
        LeafKind::Literal(elements) => {
            let shown = elements.iter().take(SHOWN_ELEMENTS).map(Scalar::to_string);
            let mut shown: Vec<String> = shown.collect();
            if elements.len() > SHOWN_ELEMENTS {
                shown.push("…".to_owned());
            }
            format!("{name} [{}]", shown.join(", "))
        }
        LeafKind::Draw(draw, seed) => format!("{name} {}", drawn(*draw, *seed, " ")),
        LeafKind::Source(SourceRef::Stored { uri, .. }) => {
            format!(
                "{name} \"{}\"",
                shorten(&uri::shown(uri).escape_debug().to_string(), URI_WIDTH)
            )
        }
        LeafKind::Source(SourceRef::Memory(_)) => "memory array".to_owned(),
        LeafKind::Input(k) => format!("{name} {k}"),
    }
}

/// What selects random numbers: the seed, and the law whose stream they are of.
pub(super) fn drawn(draw: Draw, seed: u64, between: &str) -> String {
    match draw {
        Draw::Uniform
        | Draw::Normal
        | Draw::Integer
        | Draw::Gamma
        | Draw::Poisson
        | Draw::Binomial => format!("seed={seed}"),
        law => format!(
            "seed={seed}{between}of={}",
            format!("{law:?}").to_lowercase()
        ),
    }
}

/// The axes that index arrays look up.
pub(super) fn looked_up(lookup: &Lookup) -> Axes {
    (0..lookup.axes.len())
        .filter(|&axis| lookup.axes[axis].is_none())
        .collect()
}

/// `(3, 5) axis=(0, 1)`.
pub(super) fn windowed(windows: &Windows) -> String {
    let (axes, lengths): (Axes, Vec<i64>) = windows.iter().copied().unzip();
    format!("{} {}", tuple(&lengths), along(&axes))
}

/// `axis=0`, `axis=(0, 1)`.
pub(super) fn along(axes: &Axes) -> String {
    match axes[..] {
        [axis] => format!("axis={axis}"),
        _ => format!("axis={}", tuple(axes)),
    }
}

/// A Python tuple.
pub(super) fn tuple<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(T::to_string).collect();
    match &items[..] {
        [only] => format!("({only},)"),
        _ => format!("({})", items.join(", ")),
    }
}

/// A number without a needless `.0`.
pub(super) fn number(value: Scalar) -> String {
    let text = value.to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
