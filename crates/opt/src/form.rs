//! What may one pass hold? The planner relies on what is checked here.
//!
//! * A result is a DAG of `fused` stages and `get` nodes; sources, made and drawn arrays stand
//!   inside bodies.
//! * A body has one root, or several reductions with equal axes over one shape and one grid on
//!   these axes; a reduction, a function of rows or of blocks is nowhere else.
//! * Below the roots stand maps, affine moves, leaves and `input(k)`.
//! * A `reshape` stands over an input, or over a made or drawn leaf that takes all of its whole.
//! * Windows stand over an input.
//! * A `take` stands over a read or an input, its indices are chains of affine moves over a literal,
//!   an array in memory or an input.
//! * The parts of a `concatenate` are chains of slice, transpose, expand_dims, squeeze and rechunk
//!   over a read or an input.

use crate::graph::Map;
use tilewright_expr::attr::{Body, SourceRef};
use tilewright_expr::op::{MoveKind, StageKind};
use tilewright_expr::{Attr, Expr, Family, LeafKind, walk};

/// Checks that these roots are in the form of a result.
///
/// # Errors
/// What breaks the form, in words.
pub fn check(roots: &[Expr]) -> Result<(), String> {
    for root in roots {
        if !is_output(root) {
            return Err(format!("the root {root:?} is no stage's output"));
        }
    }
    for node in walk::postorder(roots) {
        match (&node.op().family, node.attr()) {
            (Family::Stage(StageKind::Fused), Attr::Body(body)) => stage(&node, body)?,
            (Family::Stage(StageKind::Get), _) => {}
            _ => return Err(format!("{node:?} stands outside a stage")),
        }
    }
    Ok(())
}

fn outputs(stage: &Expr) -> usize {
    match stage.attr() {
        Attr::Body(body) => body.roots.len(),
        _ => 0,
    }
}

/// A stage of one output, or an output of a stage of several.
fn is_output(node: &Expr) -> bool {
    match (&node.op().family, node.args()) {
        (Family::Stage(StageKind::Fused), _) => outputs(node) == 1,
        (Family::Stage(StageKind::Get), [stage]) => outputs(stage) > 1,
        _ => false,
    }
}

fn stage(node: &Expr, body: &Body) -> Result<(), String> {
    if let Some(arg) = node.args().iter().find(|arg| !is_output(arg)) {
        return Err(format!("the input {arg:?} is no stage's output"));
    }
    let alone = |x: &Expr| {
        matches!(
            x.op().family,
            Family::Reduce(_) | Family::Along(_) | Family::Opaque
        )
    };
    if let [first, rest @ ..] = &body.roots[..] {
        for other in rest {
            siblings(first, other)?;
        }
    }
    let mut used = vec![false; node.args().len()];
    let roots: Map<usize, ()> = body.roots.iter().map(|r| (r.address(), ())).collect();
    for inner in walk::postorder(&body.roots) {
        if alone(&inner) && !roots.contains_key(&inner.address()) {
            return Err(format!("{inner:?} stands inside a body"));
        }
        if inner.args().iter().any(alone) {
            return Err(format!("{inner:?} reads another root of its own body"));
        }
        match (&inner.op().family, inner.attr()) {
            (Family::Stage(StageKind::Input), Attr::Leaf(leaf)) => {
                let LeafKind::Input(k) = leaf.kind else {
                    return Err(format!("{inner:?} is an input without a number"));
                };
                let arg = node.args().get(k);
                if arg.is_none_or(|arg| arg.ty() != inner.ty()) {
                    return Err(format!("input {k} is not of its argument's type"));
                }
                used[k] = true;
            }
            (Family::Move(MoveKind::Reshape), _) if !linear(&inner.args()[0]) => {
                return Err(format!("a reshape of {:?}", inner.args()[0]));
            }
            (Family::Move(MoveKind::Windows), _) if !is_input(&inner.args()[0]) => {
                return Err(format!("windows of {:?}", inner.args()[0]));
            }
            (Family::Move(MoveKind::Concatenate), _) => {
                if let Some(bad) = inner.args().iter().find(|part| !chain(part)) {
                    return Err(format!("a concatenation of {bad:?}"));
                }
            }
            (Family::Index, _) => {
                let looked_in = inner.args().first().is_some_and(looked_in);
                if !looked_in || !inner.args().iter().skip(1).all(indices) {
                    return Err(format!("a lookup in or by what is computed: {inner:?}"));
                }
            }
            (Family::Derived(_) | Family::Composed(_) | Family::Stage(_), _) => {
                return Err(format!("{inner:?} inside a body"));
            }
            _ => {}
        }
    }
    match used.iter().position(|used| !used) {
        Some(k) => Err(format!("input {k} is not used")),
        None => Ok(()),
    }
}

fn siblings(a: &Expr, b: &Expr) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("{a:?} and {b:?} share a pass with {why}"));
    let (Family::Reduce(_), Family::Reduce(_), Attr::Axes(axes)) =
        (&a.op().family, &b.op().family, a.attr())
    else {
        return refuse("a root that is no reduction");
    };
    let (x, y) = (&a.args()[0], &b.args()[0]);
    if a.attr() != b.attr() {
        return refuse("other axes");
    }
    if x.shape() != y.shape() {
        return refuse("other shapes");
    }
    let grids = |&axis: &usize| x.grid().axes[axis] == y.grid().axes[axis];
    if !axes.iter().all(grids) {
        return refuse("other grids");
    }
    Ok(())
}

/// Whether it is an argument of the stage.
fn is_input(x: &Expr) -> bool {
    matches!(x.op().family, Family::Stage(StageKind::Input))
}

/// What a reshape may stand over.
fn linear(x: &Expr) -> bool {
    match (&x.op().family, x.attr()) {
        (Family::Stage(StageKind::Input), _) => true,
        (Family::Create | Family::Random, Attr::Leaf(leaf)) => leaf.at.is_full(&leaf.whole),
        _ => false,
    }
}

/// What a lookup may stand over.
fn looked_in(x: &Expr) -> bool {
    matches!(
        x.op().family,
        Family::Source | Family::Stage(StageKind::Input)
    )
}

/// What a lookup may take its indices from.
fn indices(index: &Expr) -> bool {
    let mut index = index;
    loop {
        match &index.op().family {
            Family::Move(MoveKind::Reshape | MoveKind::Windows | MoveKind::Concatenate) => {
                return false;
            }
            Family::Move(_) => index = &index.args()[0],
            Family::Stage(StageKind::Input) => return true,
            _ => return holds_indices(index),
        }
    }
}

/// Whether a leaf's elements can be looked at while a stage binds what it reads.
pub(crate) fn holds_indices(leaf: &Expr) -> bool {
    let Attr::Leaf(leaf) = leaf.attr() else {
        return false;
    };
    matches!(
        leaf.kind,
        LeafKind::Literal(_) | LeafKind::Source(SourceRef::Memory(_))
    )
}

/// What a concatenation may stand over.
fn chain(part: &Expr) -> bool {
    let mut part = part;
    loop {
        match &part.op().family {
            Family::Source | Family::Stage(StageKind::Input) => return true,
            Family::Move(
                MoveKind::Slice
                | MoveKind::Transpose
                | MoveKind::ExpandDims
                | MoveKind::Squeeze
                | MoveKind::Rechunk,
            ) => part = &part.args()[0],
            _ => return false,
        }
    }
}
