//! What does a plan cost, in nanoseconds?
//!
//! One table, measured on one core of a 2-core AVX-512 machine and then fixed: plans are compared
//! by it and by nothing else, so that they do not depend on the machine. Absent: clocks.

use tilewright_expr::attr::{Access, LeafKind, SourceRef};
use tilewright_expr::{Attr, Expr, Family};

/// Per byte read and decoded from a stored array.
pub(crate) const READ_BYTE: f64 = 0.4;

/// Per stored array that a pass opens: its metadata and first chunk.
pub(crate) const READ_OPEN: f64 = 20_000.0;

/// Per byte loaded from an array in memory, given or stored by another stage.
pub(crate) const LOAD_BYTE: f64 = 0.06;

/// Per byte stored.
pub(crate) const STORE_BYTE: f64 = 0.25;

/// Per byte that a task stores of an array that it makes in parts: in its cache.
pub(crate) const PART_BYTE: f64 = 0.08;

/// Per stage: a task, a kernel's call.
pub(crate) const STAGE: f64 = 5_000.0;

/// Per element made from its index or copied from a literal.
const MAKE: f64 = 0.06;

/// Per element looked up, and per index.
const LOOK_UP: f64 = 2.0;

/// Per element that a function of the user's takes: a guess.
const USER: f64 = 10.0;

/// Per element folded into a state of one value, and into a wider one.
const FOLD: f64 = 0.08;
const FOLD_WIDE: f64 = 0.3;

/// Per element of an operator that is not in [`DEARER`]: one instruction.
const MAP: f64 = 0.06;

/// Per element and operator or draw: dearer than one instruction.
static DEARER: &[(&str, f64)] = &[
    ("divide", 0.35),
    ("floor_divide", 1.5),
    ("remainder", 1.5),
    ("fmod", 1.5),
    ("gcd", 12.0),
    ("lcm", 15.0),
    ("nextafter", 1.0),
    ("scaleb", 3.0),
    ("frexp_mantissa", 1.0),
    ("frexp_exponent", 1.0),
    ("power", 5.0),
    ("sqrt", 0.45),
    ("exp", 1.0),
    ("log", 1.0),
    ("sin", 1.0),
    ("cos", 1.0),
    ("float_power", 5.0),
    ("exp2", 1.0),
    ("expm1", 1.5),
    ("log2", 1.5),
    ("log10", 1.5),
    ("log1p", 2.0),
    ("logaddexp", 3.5),
    ("logaddexp2", 3.5),
    ("cbrt", 1.5),
    ("hypot", 1.0),
    ("tan", 1.5),
    ("asin", 1.5),
    ("acos", 1.5),
    ("atan", 1.5),
    ("atan2", 2.0),
    ("sinc", 1.5),
    ("sinh", 1.5),
    ("cosh", 1.5),
    ("tanh", 1.5),
    ("asinh", 3.0),
    ("acosh", 2.5),
    ("atanh", 2.0),
    ("erf", 2.5),
    ("erfc", 2.5),
    ("special.gamma", 6.0),
    ("gammaln", 8.0),
    ("i0", 4.0),
    ("astype", 0.1),
    ("sort", 30.0),
    ("argsort", 60.0),
    ("cumsum", 1.0),
    ("cumprod", 1.2),
    ("minimum.accumulate", 1.2),
    ("maximum.accumulate", 1.2),
    ("searchsorted", 10.0),
    ("histogram_counts", 3.0),
    ("histogram_weights", 4.0),
    ("quantile", 30.0),
    ("random.uniform", 1.0),
    ("random.normal", 3.5),
    ("random.integers", 1.5),
    ("random.gamma", 60.0),
    ("random.poisson", 40.0),
    ("random.binomial", 50.0),
    ("random.vonmises", 60.0),
    ("random.zipf", 60.0),
    ("random.hypergeometric", 150.0),
];

/// Nanoseconds for each element that a node computes, draws, makes or folds; its arguments, and
/// bytes, are counted apart.
pub(crate) fn per_element(node: &Expr) -> f64 {
    match &node.op().family {
        Family::Map(_) | Family::Random => listed(node),
        Family::Along(_) => match (node.attr(), node.args().first()) {
            // A short window is selected before it is sorted.
            (Attr::Along(rows), Some(x))
                if !rows.chunked && rows.len < x.shape()[rows.axis] / 4 =>
            {
                listed(node) / 4.0
            }
            _ => listed(node),
        },
        Family::Reduce(row) => {
            let states = node
                .args()
                .first()
                .map_or(1, |x| (row.fold)(x.dtype()).components());
            if states == 1 { FOLD } else { FOLD_WIDE }
        }
        Family::Opaque => USER,
        Family::Index => LOOK_UP,
        Family::Create => match node.attr() {
            Attr::Leaf(leaf) if matches!(leaf.kind, LeafKind::Full(_)) => 0.0,
            _ => MAKE,
        },
        _ => 0.0,
    }
}

/// What the table says of a node's operator.
fn listed(node: &Expr) -> f64 {
    let listed = DEARER.iter().find(|(name, _)| *name == node.op().name);
    listed.map_or(MAP, |(_, ns)| *ns)
}

/// Nanoseconds to open a source once, and for each of its bytes.
pub(crate) fn source(node: &Expr) -> (f64, f64) {
    match node.attr() {
        Attr::Leaf(leaf) => match &leaf.kind {
            LeafKind::Source(SourceRef::Memory(_)) => (0.0, LOAD_BYTE),
            // The system keeps a file that is mapped where a copy of it would fit.
            LeafKind::Source(SourceRef::Stored {
                access: Access::Mapped { .. },
                ..
            }) => (0.0, LOAD_BYTE),
            _ => (READ_OPEN, READ_BYTE),
        },
        _ => (READ_OPEN, READ_BYTE),
    }
}
