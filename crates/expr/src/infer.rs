//! Of which dtype, shape and grid is a node?
//!
//! One rule per family, checked whenever a node is made: whatever shapes and dtypes can tell is
//! raised here, before anything runs.

use crate::attr::{Attr, Leaf};
use crate::node::{Expr, Type};
use crate::op::{Family, MapRow, MoveKind, OpDef, OpId, ReduceRow, StageKind, Step, statistics};
use tilewright_core::error::show_shape;
use tilewright_core::{
    AxisGrid, AxisRange, DType, Error, Grid, Kind, Region, Result, Shape, element_count,
};

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
        Family::Move(kind) => movement(*kind, attr, args),
        Family::Create | Family::Random | Family::Source | Family::Stage(StageKind::Input) => {
            leaf(def, attr, args)
        }
        Family::Derived(_) => statistic(def, attr, args),
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
    let bytes = element_count(&ty.shape).and_then(|n| n.checked_mul(ty.dtype.itemsize() as i64));
    if bytes.is_none() {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "an array of shape {} has 2^63 bytes or more",
                show_shape(&ty.shape)
            ),
        )
        .way_out("a smaller array: its bytes are counted in 63 bits"));
    }
    Ok(ty)
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
    if args.len() != def.params.len() || !signature.inputs.starts_with(&dtypes) {
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
    if (row.accumulator)(x.dtype()) != Some(x.dtype()) {
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
    let Leaf {
        dtype,
        at,
        grid,
        whole,
        ..
    } = &**leaf;
    let shape = at.shape();
    let inside = lies_inside(at, whole) && args.len() == def.params.len();
    let fits = grid.shape() == shape && args.iter().all(|arg| arg.shape() == &shape[..]);
    if !inside || !fits {
        return Err(misfit(def));
    }
    Ok(Type {
        dtype: *dtype,
        shape,
        grid: grid.clone(),
    })
}

/// Whether a region is in normal form and takes points of an array of this shape alone.
fn lies_inside(region: &Region, shape: &[i64]) -> bool {
    let inside = |(range, &len): (&AxisRange, &i64)| {
        if range.len <= 0 {
            return *range == AxisRange::full(0);
        }
        let span = range.step.checked_mul(range.len - 1);
        let last = span.and_then(|span| range.start.checked_add(span));
        let normal = range.step != 0 && (range.len > 1 || range.step == 1);
        normal
            && (0..len).contains(&range.start)
            && last.is_some_and(|last| (0..len).contains(&last))
    };
    region.axes.len() == shape.len() && region.axes.iter().zip(shape).all(inside)
}

fn movement(kind: MoveKind, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let x = args
        .first()
        .ok_or_else(|| Error::new(Kind::Internal, "a move of nothing"))?;
    let (shape, cuts) = (x.shape(), &x.grid().axes);
    let internal = || {
        Error::new(
            Kind::Internal,
            format!("a {kind:?} node with a foreign attribute"),
        )
    };
    let too_long = || Error::new(Kind::Shape, "the axis has 2^63 elements or more");
    let (shape, axes) = match (kind, attr) {
        (MoveKind::Slice, Attr::Region(region)) if lies_inside(region, shape) => {
            let axes = cuts
                .iter()
                .zip(&region.axes)
                .map(|(cut, &range)| cut.slice(range))
                .collect();
            (region.shape(), axes)
        }
        (MoveKind::Transpose, Attr::Axes(order)) if order.len() == shape.len() => {
            check_axes(order, shape.len())?;
            order.iter().map(|&k| (shape[k], cuts[k].clone())).unzip()
        }
        (MoveKind::Broadcast, Attr::Shape(to)) if to.len() >= shape.len() => {
            let lead = to.len() - shape.len();
            let axis = |k: usize| match k.checked_sub(lead) {
                Some(from) if shape[from] == to[k] => Ok((to[k], cuts[from].clone())),
                Some(from) if shape[from] != 1 => Err(internal()),
                _ => Ok((to[k], AxisGrid::whole(to[k]))),
            };
            let axes: Vec<_> = (0..to.len()).map(axis).collect::<Result<_>>()?;
            axes.into_iter().unzip()
        }
        (MoveKind::ExpandDims, Attr::Axes(new)) => {
            check_axes(new, shape.len() + new.len())?;
            let mut old = shape.iter().zip(cuts);
            let axis = |k: usize| match (new.contains(&k), k) {
                (false, _) => old.next().map(|(&len, cut)| (len, cut.clone())),
                _ => Some((1, AxisGrid::whole(1))),
            };
            (0..shape.len() + new.len()).filter_map(axis).unzip()
        }
        (MoveKind::Squeeze, Attr::Axes(gone)) => {
            check_axes(gone, shape.len())?;
            if let Some(&axis) = gone.iter().find(|&&axis| shape[axis] != 1) {
                return Err(Error::new(
                    Kind::Axis,
                    format!("squeeze of axis {axis}, which has length {}", shape[axis]),
                )
                .way_out("an axis of length 1, or an index"));
            }
            let ty = without(x.ty(), gone, x.dtype());
            (ty.shape, ty.grid.axes)
        }
        (MoveKind::Reshape, Attr::Shape(to)) => {
            if element_count(to) != element_count(shape) {
                return Err(internal());
            }
            (to.clone(), reshape_grid(x.ty(), to))
        }
        (MoveKind::Concatenate, Attr::Index(axis)) if *axis < shape.len() => {
            let mut shape = Shape::from_slice(shape);
            let mut axes = cuts.clone();
            for arg in &args[1..] {
                if arg.shape().len() != shape.len() || arg.dtype() != x.dtype() {
                    return Err(internal());
                }
                shape[*axis] = shape[*axis]
                    .checked_add(arg.shape()[*axis])
                    .ok_or_else(too_long)?;
                for (k, mine) in axes.iter_mut().enumerate().filter(|(k, _)| k != axis) {
                    if arg.shape()[k] != shape[k] {
                        return Err(internal());
                    }
                    *mine = mine.union(&arg.grid().axes[k]);
                }
            }
            let parts: Vec<AxisGrid> = args
                .iter()
                .map(|arg| arg.grid().axes[*axis].clone())
                .collect();
            axes[*axis] = AxisGrid::concatenate(&parts);
            (shape, axes)
        }
        (MoveKind::Rechunk, Attr::Grid(grid)) if grid.shape()[..] == *shape => {
            (shape.into(), grid.axes.clone())
        }
        _ => return Err(internal()),
    };
    Ok(Type {
        dtype: x.dtype(),
        shape,
        grid: Grid { axes },
    })
}

/// Axes that a reshape leaves alone at either end keep their cuts; the others get the automatic
/// grid of the new shape. It depends on shape and kept cuts alone, so it commutes with maps.
fn reshape_grid(from: &Type, to: &[i64]) -> smallvec::SmallVec<[AxisGrid; 4]> {
    let same = |a: &i64, b: &i64| a == b;
    let head = from
        .shape
        .iter()
        .zip(to)
        .take_while(|(a, b)| same(a, b))
        .count();
    let room = from.shape.len().min(to.len()) - head;
    let tail = from.shape.iter().rev().zip(to.iter().rev()).take(room);
    let tail = tail.take_while(|(a, b)| same(a, b)).count();
    let automatic = Grid::automatic(to, DType::F64.itemsize());
    (0..to.len())
        .map(|k| {
            if k < head {
                from.grid.axes[k].clone()
            } else if k >= to.len() - tail {
                from.grid.axes[k + from.shape.len() - to.len()].clone()
            } else {
                automatic.axes[k].clone()
            }
        })
        .collect()
}
