//! How is a test case held, so that it can be built, printed and shrunk?
//!
//! As a list of steps that name earlier steps. Absent: choices (`generate`), text (`text`).

use crate::blocks::Asked;
use crate::data;
use crate::rows::Call;
use crate::stored::{By, Stored};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::Arc;
use tilewright_core::{
    AxisGrid, Block, Buffer, DType, Error, Grid, Kind, Result, Scalar, Shape, element_count,
};
use tilewright_expr::attr::{Access, Leaf, LeafKind, MemoryArray, SourceRef};
use tilewright_expr::build::{self, Folded, Item, Operand, Outside, Pad, Selection};
use tilewright_expr::{Expr, reference};
use tilewright_io::Source;

/// Chunk sizes along each axis.
pub type Chunks = Vec<Vec<i64>>;

/// An argument of an element-wise step.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// An earlier step.
    Step(usize),
    /// A Python bool.
    Bool(bool),
    /// A Python int.
    Int(i128),
    /// A Python float.
    Float(f64),
}

/// Which axes fold: all without.
pub type AxisSet = Option<Vec<i64>>;

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// One value.
    Full(Scalar, Chunks),
    /// `arange(start, stop, step)`.
    Arange([Scalar; 3], DType, i64),
    /// `linspace(start, stop, num, endpoint)`.
    Linspace(f64, f64, i64, bool, DType),
    /// `eye(rows, columns, k)`.
    Eye(i64, DType, Chunks),
    /// Elements of this seed, written out.
    Literal(u64, DType, Chunks),
    /// Elements of this seed in memory, seen through a view.
    Memory(u64, DType, View, Chunks),
    /// Elements of this seed in a store with these chunks; read in place or chunk by chunk.
    Stored(u64, DType, Chunks, bool),
    /// `uniform(low, high)`.
    Uniform(Arg, Arg, u64, Chunks),
    /// `normal(loc, scale)`.
    Normal(Arg, Arg, u64, Chunks),
    /// `integers(low, high)`.
    Integers(Arg, Arg, DType, u64, Chunks),
    /// A law by name, its parameters.
    Law(&'static str, Vec<Arg>, u64, Chunks),
    /// An element-wise operator by name.
    Map(&'static str, Vec<Arg>),
    /// `**`.
    Power(Arg, Arg),
    /// `astype`.
    Astype(usize, DType),
    /// `x[items]`.
    Index(usize, Vec<Item>),
    /// `transpose`.
    Transpose(usize, Vec<i64>),
    /// `reshape`.
    Reshape(usize, Vec<i64>),
    /// `broadcast_to`.
    Broadcast(usize, Vec<i64>),
    /// `expand_dims`.
    ExpandDims(usize, Vec<i64>),
    /// `squeeze`.
    Squeeze(usize, Vec<i64>),
    /// `concatenate`.
    Concatenate(Vec<usize>, i64),
    /// `stack`.
    Stack(Vec<usize>, i64),
    /// `rechunk`.
    Rechunk(usize, Chunks),
    /// `take` of these points along an axis.
    TakeList(usize, Vec<i64>, i64),
    /// `take` along an axis by the elements of a step of integers, taken modulo its length.
    TakeBy(usize, usize, i64),
    /// `roll` by so many places along axes.
    Roll(usize, Vec<i64>, Vec<i64>),
    /// `pad`.
    Pad(usize, Vec<(i64, i64)>, Pad),
    /// A reduction by name, its axes, keepdims.
    Reduce(&'static str, usize, AxisSet, bool),
    /// A reduction or statistic by name of what a step of bools lets count, or of what is not NaN,
    /// beginning with a value; its axes.
    Fold(
        &'static str,
        usize,
        Option<usize>,
        bool,
        Option<Arg>,
        AxisSet,
    ),
    /// A statistic by name, its axes, ddof, keepdims.
    Statistic(&'static str, usize, AxisSet, f64, bool),
    /// A reduction or statistic by name, of the elements where a mask of the leading axes is true:
    /// the array, the mask, axes, ddof, keepdims.
    Selected(&'static str, usize, usize, AxisSet, f64, bool),
    /// The elements of an array where a mask of the leading axes is true.
    Elements(usize, usize),
    /// Windows of these lengths along axes.
    Windows(usize, Vec<i64>, Vec<i64>),
    /// A function of the blocks of arrays.
    Blocks(Vec<usize>, Asked),
    /// A call along an axis.
    Rows(usize, Call),
}

/// A strided view of an array in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// For each axis of the view: the axis of memory it walks (memory has the lengths of the view
    /// times `every`, in the order that `order` gives).
    pub order: Vec<usize>,
    /// Elements of memory per element of the view.
    pub every: Vec<i64>,
    /// Which axes are walked backwards.
    pub backwards: Vec<bool>,
    /// Bytes before the array; odd ones make it unaligned.
    pub offset: usize,
}

/// A test case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Calls, each of earlier steps.
    pub steps: Vec<Step>,
    /// The steps whose arrays are computed.
    pub roots: Vec<usize>,
}

/// Stored arrays by URI.
pub type Files = HashMap<String, Arc<Stored>>;

/// A program as expressions.
#[derive(Clone, Default)]
pub struct Built {
    /// Every step's expression.
    pub exprs: Vec<Expr>,
    /// What its stored leaves read.
    pub files: Files,
}

/// Lengths of the axes that these chunks cut.
pub fn shape_of(chunks: &[Vec<i64>]) -> Shape {
    chunks.iter().map(|sizes| sizes.iter().sum()).collect()
}

/// The grid of these chunks.
pub fn grid_of(chunks: &[Vec<i64>]) -> Result<Grid> {
    let axes: Result<_> = chunks.iter().map(|s| AxisGrid::from_sizes(s)).collect();
    Ok(Grid { axes: axes? })
}

impl Program {
    /// Builds every step.
    ///
    /// # Errors
    /// The first that a call refuses.
    pub fn build(&self) -> Result<Built> {
        let mut built = Built::default();
        for step in &self.steps {
            built.push(step)?;
        }
        Ok(built)
    }

    /// The expressions of the roots.
    pub fn roots_of(&self, built: &Built) -> Vec<Expr> {
        self.roots.iter().map(|&k| built.exprs[k].clone()).collect()
    }

    /// The steps that the roots need, renumbered.
    pub fn pruned(&self) -> Program {
        let mut used = vec![false; self.steps.len()];
        for &root in &self.roots {
            used[root] = true;
        }
        for k in (0..self.steps.len()).rev() {
            if used[k] {
                self.steps[k]
                    .args()
                    .into_iter()
                    .for_each(|a| used[a] = true);
            }
        }
        let mut number = vec![0; self.steps.len()];
        let mut steps = Vec::new();
        for (k, step) in self.steps.iter().enumerate() {
            if used[k] {
                number[k] = steps.len();
                steps.push(step.renamed(&|a| number[a]));
            }
        }
        let roots = self.roots.iter().map(|&r| number[r]).collect();
        Program { steps, roots }
    }
}

impl Arg {
    fn step(&self) -> Option<usize> {
        match self {
            Arg::Step(k) => Some(*k),
            _ => None,
        }
    }

    fn renamed(&self, name: &dyn Fn(usize) -> usize) -> Arg {
        match self {
            Arg::Step(k) => Arg::Step(name(*k)),
            other => other.clone(),
        }
    }
}

impl Step {
    /// The steps it names.
    pub fn args(&self) -> Vec<usize> {
        use Step::*;
        match self {
            Full(..) | Arange(..) | Linspace(..) | Eye(..) | Literal(..) | Memory(..)
            | Stored(..) => vec![],
            Uniform(a, b, ..) | Normal(a, b, ..) | Integers(a, b, ..) | Power(a, b) => {
                [a, b].into_iter().filter_map(Arg::step).collect()
            }
            Map(_, args) | Law(_, args, ..) => args.iter().filter_map(Arg::step).collect(),
            Concatenate(parts, _) | Stack(parts, _) | Blocks(parts, _) => parts.clone(),
            Rows(x, call) => [*x].into_iter().chain(call.other()).collect(),
            TakeBy(x, other, _) | Elements(x, other) | Selected(_, x, other, ..) => {
                vec![*x, *other]
            }
            Fold(_, x, mask, ..) => [*x].into_iter().chain(*mask).collect(),
            Astype(x, _)
            | Index(x, _)
            | Transpose(x, _)
            | Reshape(x, _)
            | Broadcast(x, _)
            | ExpandDims(x, _)
            | Squeeze(x, _)
            | Rechunk(x, _)
            | TakeList(x, ..)
            | Roll(x, ..)
            | Pad(x, ..)
            | Windows(x, ..)
            | Reduce(_, x, ..)
            | Statistic(_, x, ..) => vec![*x],
        }
    }

    /// The same call of other steps.
    pub fn renamed(&self, name: &dyn Fn(usize) -> usize) -> Step {
        use Step::*;
        let mut step = self.clone();
        match &mut step {
            Full(..) | Arange(..) | Linspace(..) | Eye(..) | Literal(..) | Memory(..)
            | Stored(..) => {}
            Uniform(a, b, ..) | Normal(a, b, ..) | Integers(a, b, ..) | Power(a, b) => {
                *a = a.renamed(name);
                *b = b.renamed(name);
            }
            Map(_, args) | Law(_, args, ..) => args.iter_mut().for_each(|a| *a = a.renamed(name)),
            Concatenate(parts, _) | Stack(parts, _) | Blocks(parts, _) => {
                parts.iter_mut().for_each(|p| *p = name(*p));
            }
            TakeBy(x, other, _) | Elements(x, other) | Selected(_, x, other, ..) => {
                *x = name(*x);
                *other = name(*other);
            }
            Fold(_, x, mask, ..) => {
                *x = name(*x);
                mask.iter_mut().for_each(|mask| *mask = name(*mask));
            }
            Astype(x, _)
            | Index(x, _)
            | Transpose(x, _)
            | Reshape(x, _)
            | Broadcast(x, _)
            | ExpandDims(x, _)
            | Squeeze(x, _)
            | Rechunk(x, _)
            | TakeList(x, ..)
            | Roll(x, ..)
            | Pad(x, ..)
            | Windows(x, ..)
            | Reduce(_, x, ..)
            | Statistic(_, x, ..) => *x = name(*x),
            Rows(x, call) => {
                *x = name(*x);
                call.renamed(name);
            }
        }
        step
    }
}

impl Built {
    /// Builds one more step.
    ///
    /// # Errors
    /// Whatever the call refuses.
    pub fn push(&mut self, step: &Step) -> Result<usize> {
        let expr = self.expr(step)?;
        self.exprs.push(expr);
        Ok(self.exprs.len() - 1)
    }

    fn arg(&self, arg: &Arg) -> Operand {
        match arg {
            Arg::Step(k) => Operand::Array(self.exprs[*k].clone()),
            Arg::Bool(value) => Operand::Bool(*value),
            Arg::Int(value) => Operand::Int(*value),
            Arg::Float(value) => Operand::Float(*value),
        }
    }

    fn expr(&mut self, step: &Step) -> Result<Expr> {
        let x = |k: &usize| &self.exprs[*k];
        match step {
            Step::Full(value, chunks) => build::full(*value, grid_of(chunks)?),
            Step::Arange([start, stop, by], dtype, size) => {
                build::arange(*start, *stop, *by, *dtype, |s| {
                    Ok(Grid::regular(s, &[*size]))
                })
            }
            Step::Linspace(start, stop, num, endpoint, dtype) => {
                build::linspace(*start, *stop, *num, *endpoint, *dtype, |s| {
                    Ok(Grid::regular(s, &[5]))
                })
            }
            Step::Eye(k, dtype, chunks) => build::eye(*k, *dtype, grid_of(chunks)?),
            Step::Literal(seed, dtype, chunks) => {
                let count = element_count(&shape_of(chunks)).unwrap_or(0) as usize;
                build::array(
                    data::elements(*seed, *dtype, count),
                    *dtype,
                    grid_of(chunks)?,
                )
            }
            Step::Memory(seed, dtype, view, chunks) => memory(*seed, *dtype, view, chunks),
            Step::Stored(seed, dtype, chunks, in_place) => {
                let (seed, dtype, in_place) = (*seed, *dtype, *in_place);
                self.stored(seed, dtype, chunks, in_place)
            }
            Step::Uniform(a, b, seed, chunks) => {
                build::uniform(self.arg(a), self.arg(b), *seed, grid_of(chunks)?)
            }
            Step::Normal(a, b, seed, chunks) => {
                build::normal(self.arg(a), self.arg(b), *seed, grid_of(chunks)?)
            }
            Step::Integers(a, b, dtype, seed, chunks) => {
                build::integers(self.arg(a), self.arg(b), *dtype, *seed, grid_of(chunks)?)
            }
            Step::Law(name, args, seed, chunks) => {
                let args: Vec<Operand> = args.iter().map(|a| self.arg(a)).collect();
                let unknown = || Error::new(Kind::Internal, "no such law");
                let law = build::Law::named(name).ok_or_else(unknown)?;
                law.draw(&args, *seed, grid_of(chunks)?)
            }
            Step::Map(name, args) => {
                let args: Vec<Operand> = args.iter().map(|a| self.arg(a)).collect();
                build::operate(name, &args)
            }
            Step::Power(a, b) => build::power(&self.arg(a), &self.arg(b)),
            Step::Astype(k, dtype) => build::astype(x(k), *dtype),
            Step::Index(k, items) => build::index(x(k), items),
            Step::Transpose(k, order) => build::transpose(x(k), Some(order)),
            Step::Reshape(k, shape) => build::reshape(x(k), shape),
            Step::Broadcast(k, shape) => build::broadcast_to(x(k), shape),
            Step::ExpandDims(k, axes) => build::expand_dims(x(k), axes),
            Step::Squeeze(k, axes) => build::squeeze(x(k), Some(axes)),
            Step::Concatenate(parts, axis) => build::concatenate(&self.parts(parts), *axis),
            Step::Stack(parts, axis) => build::stack(&self.parts(parts), *axis),
            Step::Rechunk(k, chunks) => build::rechunk(x(k), grid_of(chunks)?),
            Step::TakeList(k, points, axis) => {
                let points = build::take::positions(points.iter().copied())?;
                build::take(x(k), &points, Some(*axis), Outside::Raise)
            }
            Step::TakeBy(k, indices, axis) => {
                build::take(x(k), x(indices), Some(*axis), Outside::Wrap)
            }
            Step::Roll(k, shifts, axes) => build::roll(x(k), shifts, Some(axes)),
            Step::Pad(k, widths, mode) => build::pad(x(k), widths, mode),
            Step::Fold(name, k, mask, skip_nan, initial, axes) => {
                let asked = build::Reduction {
                    axes: axes.clone(),
                    only: mask.map(|mask| self.exprs[mask].clone()),
                    initial: initial.as_ref().map(|value| self.arg(value)),
                    skip_nan: *skip_nan,
                    ..Default::default()
                };
                build::fold(name, x(k), &asked)
            }
            Step::Reduce(name, k, axes, keepdims) => {
                build::reduce(name, x(k), axes.as_deref(), *keepdims)
            }
            Step::Statistic(name, k, axes, ddof, keepdims) => {
                build::statistic(name, x(k), axes.as_deref(), *ddof, *keepdims)
            }
            Step::Selected(name, k, mask, axes, ddof, keepdims) => {
                selected(name, x(k), x(mask), axes.as_deref(), *ddof, *keepdims)
            }
            Step::Elements(k, mask) => {
                let items = [Item::Array(x(mask).clone())];
                match Selection::new(x(k), &items)? {
                    None => build::index(x(k), &items),
                    Some(chosen) => {
                        let counted = reference::evaluate(&[chosen.count()?], &|l| self.read(l))?;
                        let count = counted[0].get(0).and_then(Scalar::as_i128).unwrap_or(0);
                        build::elements(&chosen, count as i64)
                    }
                }
            }
            Step::Windows(k, windows, axes) => {
                build::sliding_window_view(x(k), windows, Some(axes))
            }
            Step::Blocks(parts, asked) => asked.build(&self.parts(parts)),
            Step::Rows(k, call) => call.build(x(k), |other| x(&other).clone()),
        }
    }

    fn parts(&self, parts: &[usize]) -> Vec<Expr> {
        parts.iter().map(|&k| self.exprs[k].clone()).collect()
    }

    fn stored(&mut self, seed: u64, dtype: DType, chunks: &Chunks, place: bool) -> Result<Expr> {
        let (shape, grid) = (shape_of(chunks), grid_of(chunks)?);
        let uri = format!("stored/{}", self.exprs.len());
        let mut block = Block::zeros(dtype, &shape)?;
        for (k, value) in data::elements(seed, dtype, block.len())
            .into_iter()
            .enumerate()
        {
            block.set(k, value);
        }
        let odd = seed % 2 == 1;
        let by = match (place, odd) {
            (true, fortran) => By::Map {
                fortran,
                swapped: seed / 2 % 2 == 1,
            },
            (false, true) => By::Distant,
            (false, false) => By::Chunks,
        };
        let stored = Stored::new(block, &grid, by)?;
        let access = match (stored.in_place(), by) {
            (Some(place), _) => Access::Mapped {
                strides: place.strides,
                swapped: place.swapped,
            },
            (None, By::Distant) => Access::Distant,
            (None, _) => Access::Chunks,
        };
        self.files.insert(uri.clone(), Arc::new(stored));
        let source = SourceRef::Stored {
            uri: uri.into(),
            identity: "".into(),
            decode_bytes: 0,
            grid: grid.clone(),
            access,
            user: None,
        };
        build::read(source, dtype, grid)
    }

    /// The whole elements of a stored leaf.
    ///
    /// # Errors
    /// [`Kind::Source`] if it is none of this program's.
    pub fn read(&self, leaf: &Leaf) -> Result<Block> {
        let unknown = || Error::new(Kind::Source, "no such stored array");
        let LeafKind::Source(SourceRef::Stored { uri, .. }) = &leaf.kind else {
            return Err(unknown());
        };
        let stored = self.files.get(&**uri).ok_or_else(unknown)?;
        let mut block = Block::zeros(leaf.dtype, &leaf.whole)?;
        block.data.as_bytes_mut().copy_from_slice(stored.elements());
        Ok(block)
    }
}

/// A reduction or statistic of `x[mask]`.
fn selected(
    name: &str,
    x: &Expr,
    mask: &Expr,
    axes: Option<&[i64]>,
    ddof: f64,
    keepdims: bool,
) -> Result<Expr> {
    let items = [Item::Array(mask.clone())];
    let statistic = ["mean", "var", "std"].contains(&name);
    let folded = match (Selection::new(x, &items)?, statistic) {
        (Some(chosen), true) => chosen.statistic(name, axes, ddof, keepdims)?,
        (Some(chosen), false) => chosen.reduce(name, axes, keepdims)?,
        // The mask is written out.
        (None, _) => {
            let chosen = build::index(x, &items)?;
            return match statistic {
                true => build::statistic(name, &chosen, axes, ddof, keepdims),
                false => build::reduce(name, &chosen, axes, keepdims),
            };
        }
    };
    match folded {
        Folded::Array(expr) => Ok(expr),
        Folded::Selection(_) => Err(Error::new(Kind::Axis, "a selection is left")),
    }
}

fn memory(seed: u64, dtype: DType, view: &View, chunks: &Chunks) -> Result<Expr> {
    let shape = shape_of(chunks);
    let itemsize = dtype.itemsize();
    // Lengths of memory, outermost axis first.
    let ndim = shape.len();
    let mut strides = Shape::from_elem(0, ndim);
    let mut weight = 1i64;
    for &axis in view.order.iter().rev() {
        strides[axis] = weight * view.every[axis];
        weight *= (shape[axis] * view.every[axis]).max(1);
    }
    let mut first = 0i64;
    for axis in 0..ndim {
        if view.backwards[axis] && shape[axis] > 0 {
            first += strides[axis] * (shape[axis] - 1);
            strides[axis] = -strides[axis];
        }
    }
    let mut buffer = Buffer::zeroed(view.offset + weight as usize * itemsize);
    for (k, value) in data::elements(seed, dtype, weight as usize)
        .into_iter()
        .enumerate()
    {
        let at = view.offset + k * itemsize;
        let bytes = value.bits().to_le_bytes();
        buffer.as_bytes_mut()[at..at + itemsize].copy_from_slice(&bytes[..itemsize]);
    }
    let offset = view.offset + first as usize * itemsize;
    let strides: SmallVec<[i64; 4]> = strides;
    let array = MemoryArray::new(Arc::new(buffer), offset, strides);
    build::read(SourceRef::Memory(array), dtype, grid_of(chunks)?)
}
