//! Of which dtype, shape and grid is a node?
//!
//! One rule per family, checked whenever a node is made: whatever shapes and dtypes can tell is
//! raised here, before anything runs. The rules of moves are in `moves`, those of lookups in `index`.

mod along;
mod blocks;
mod index;
mod moves;

use crate::attr::{Attr, Leaf, LeafKind, SourceRef};
use crate::node::{Expr, Type};
use crate::op::{Family, MapRow, OpDef, OpId, ReduceRow, StageKind, Step, statistics};
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Grid, Kind, Result, element_count};
use tilewright_kernel::Fold;
use tilewright_vecmath::Draw;

/// The type of the node with this operator, attribute and arguments.
///
/// # Errors
/// Typed by what is broken: [`Kind::DType`], [`Kind::Shape`], [`Kind::Axis`], [`Kind::Index`],
/// [`Kind::Chunks`]; [`Kind::Internal`] if the attribute is not the operator's.
pub fn infer(op: OpId, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let def = op.def();
    let ty = match &def.family {
        Family::Map(row) => map(def, row, attr, args),
        Family::Reduce(row) => reduce(def, row, attr, args),
        Family::Along(row) => along::along(def, row, attr, args),
        Family::Move(kind) => moves::movement(*kind, attr, args),
        Family::Opaque => blocks::blocks(def, attr, args),
        Family::Index => index::lookup(def, attr, args),
        Family::Create | Family::Random | Family::Source | Family::Stage(StageKind::Input) => {
            leaf(def, attr, args)
        }
        Family::Derived(_) => statistic(def, attr, args),
        Family::Composed(_) => Err(misfit(def)),
        Family::Stage(StageKind::Fused) => match attr {
            Attr::Body(body) if !body.roots.is_empty() => Ok(body.roots[0].ty().clone()),
            _ => Err(misfit(def)),
        },
        Family::Stage(StageKind::Get) => match (attr, args) {
            (Attr::Index(k), [stage]) => match stage.attr() {
                Attr::Body(body) => body
                    .roots
                    .get(*k)
                    .map(|root| root.ty().clone())
                    .ok_or_else(|| misfit(def)),
                _ => Err(misfit(def)),
            },
            _ => Err(misfit(def)),
        },
    }?;
    if ty.shape.iter().any(|&len| len < 0) {
        return Err(misfit(def));
    }
    check_size(&ty)?;
    Ok(ty)
}

/// Lengths of axes are below this, so that grids can double one without overflow.
const LONGEST_AXIS: i64 = 1 << 62;

/// Whether lengths, elements and bytes can be counted.
fn check_size(ty: &Type) -> Result<()> {
    let refuse = |message: String| {
        Error::new(Kind::Shape, message).way_out("a smaller array: bytes are counted in 63 bits")
    };
    if let Some(len) = ty.shape.iter().find(|&&len| len >= LONGEST_AXIS) {
        return Err(refuse(format!(
            "an axis of {len} elements has 2^62 or more"
        )));
    }
    let bytes = element_count(&ty.shape).and_then(|n| n.checked_mul(ty.dtype.itemsize() as i64));
    if bytes.is_none() {
        let shape = show_shape(&ty.shape);
        return Err(refuse(format!(
            "an array of shape {shape} has 2^63 bytes or more"
        )));
    }
    Ok(())
}

fn misfit(def: &OpDef) -> Error {
    Error::new(
        Kind::Internal,
        format!("a {} node with a foreign attribute", def.name),
    )
}

fn map(def: &OpDef, row: &MapRow, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let dtypes: Vec<DType> = args.iter().map(Expr::dtype).collect();
    let first = args.first().ok_or_else(|| misfit(def))?;
    let signature = (row.signature)(&dtypes).ok_or_else(|| refuse_dtypes(def, args))?;
    let casts = matches!((row.lower)(first.dtype(), first.dtype()), Step::Cast);
    let dtype = match attr {
        Attr::DType(to) if casts => *to,
        Attr::None if !casts => signature.output,
        _ => return Err(misfit(def)),
    };
    // Normal form: casts are nodes of their own.
    let normal = signature.inputs.starts_with(&dtypes) && row.runs(&signature, dtypes.len());
    if args.len() != def.params.len() || !normal {
        return Err(misfit(def));
    }
    let mut axes = first.grid().axes.clone();
    for arg in &args[1..] {
        if arg.shape() != first.shape() {
            return Err(misfit(def));
        }
        for (mine, theirs) in axes.iter_mut().zip(&arg.grid().axes) {
            *mine = mine.union(theirs);
        }
    }
    Ok(Type {
        dtype,
        shape: first.shape().into(),
        grid: Grid { axes },
    })
}

/// The error for dtypes an element-wise operator does not take.
pub(crate) fn refuse_dtypes(def: &OpDef, args: &[Expr]) -> Error {
    let names: Vec<&str> = args.iter().map(|a| a.dtype().name()).collect();
    let error = Error::new(
        Kind::DType,
        format!("{} does not take {}", def.name, names.join(" and ")),
    );
    if args.iter().all(|a| a.dtype() == DType::Bool) {
        error.way_out("^ or ~ for logic, or astype(int8) for numbers")
    } else {
        error.way_out("astype with a dtype it takes; see `tilewright ops`")
    }
}

/// Drops the reduced axes.
fn without(ty: &Type, axes: &[usize], dtype: DType) -> Type {
    let kept = (0..ty.shape.len()).filter(|axis| !axes.contains(axis));
    let (shape, grid) = kept.map(|k| (ty.shape[k], ty.grid.axes[k].clone())).unzip();
    Type {
        dtype,
        shape,
        grid: Grid { axes: grid },
    }
}

fn reduce(def: &OpDef, row: &ReduceRow, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let ([x], Attr::Axes(axes)) = (args, attr) else {
        return Err(misfit(def));
    };
    check_axes(axes, x.shape().len())?;
    let folds = match (row.fold)(x.dtype()) {
        Fold::Op(op, dtype) => op.binary_on(dtype).is_some(),
        _ => true,
    };
    if (row.accumulator)(x.dtype()) != Some(x.dtype()) || !folds {
        return Err(refuse_dtypes(def, args));
    }
    let empty = axes.iter().any(|&axis| x.shape()[axis] == 0);
    if empty && (row.empty)(x.dtype()).is_none() {
        return Err(Error::new(
            Kind::Value,
            format!("{} of no elements has no value", def.name),
        )
        .fact("x", show_shape(x.shape()))
        .way_out("an axis that is not empty"));
    }
    Ok(without(x.ty(), axes, (row.output)(x.dtype())))
}

fn statistic(def: &OpDef, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let ([x], Attr::Statistic { axes, .. }) = (args, attr) else {
        return Err(misfit(def));
    };
    check_axes(axes, x.shape().len())?;
    if x.dtype().computed() != x.dtype() {
        return Err(misfit(def));
    }
    Ok(without(x.ty(), axes, statistics::output(x.dtype())))
}

fn check_axes(axes: &[usize], ndim: usize) -> Result<()> {
    let once = axes
        .iter()
        .enumerate()
        .all(|(k, axis)| !axes[..k].contains(axis));
    if once && axes.iter().all(|&axis| axis < ndim) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Axis,
        format!("axes {axes:?} do not name axes of {ndim} once each"),
    ))
}

fn leaf(def: &OpDef, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let Attr::Leaf(leaf) = attr else {
        return Err(misfit(def));
    };
    let shape = leaf.at.shape();
    let bounds = |arg: &Expr| arg.shape() == &shape[..] && arg.dtype() == leaf.dtype;
    let fits = leaf.grid.shape() == shape
        && moves::lies_inside(&leaf.at, &leaf.whole)
        && args.len() == def.params.len()
        && args.iter().all(bounds)
        && holds(&def.family, leaf, args.len());
    if !fits {
        return Err(misfit(def));
    }
    Ok(Type {
        dtype: leaf.dtype,
        shape,
        grid: leaf.grid.clone(),
    })
}

/// Whether a leaf is of its operator's family, and its elements of its dtype.
fn holds(family: &Family, leaf: &Leaf, args: usize) -> bool {
    match (family, &leaf.kind) {
        (Family::Create, LeafKind::Full(value)) => value.dtype() == leaf.dtype,
        (Family::Create, LeafKind::Iota(axis)) => {
            *axis < leaf.whole.len() && leaf.dtype == DType::I64
        }
        (Family::Create, LeafKind::Literal(elements)) => {
            element_count(&leaf.whole) == Some(elements.len() as i64)
                && elements.iter().all(|element| element.dtype() == leaf.dtype)
        }
        (Family::Random, LeafKind::Draw(draw, _)) => {
            let dtype = match draw {
                Draw::Integer => DType::I64,
                _ => DType::F64,
            };
            args == draw.parameters() && leaf.dtype == dtype
        }
        (Family::Source, LeafKind::Source(SourceRef::Memory(array))) => {
            array.holds(&leaf.whole, leaf.dtype)
        }
        (Family::Source, LeafKind::Source(_)) => true,
        (Family::Stage(StageKind::Input), LeafKind::Input(_)) => true,
        _ => false,
    }
}
