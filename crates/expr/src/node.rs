//! What is an expression?
//!
//! An immutable DAG of nodes behind `Arc`s; cloning shares. Equality is structural, with shared
//! nodes compared once by address. Nothing here recurses along a chain of nodes, so that chains may
//! be as long as memory allows. Absent: evaluation.

use crate::attr::{Attr, Body};
use crate::op::{OpDef, OpId};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use tilewright_core::{DType, Grid, Result, Shape};

/// Dtype, shape and chunk grid: an expression's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type {
    /// Element type.
    pub dtype: DType,
    /// Lengths of the axes.
    pub shape: Shape,
    /// Where it is cut into chunks.
    pub grid: Grid,
}

/// Arguments of a node.
pub type Args = SmallVec<[Expr; 2]>;

/// A lazy array expression; cheap to clone.
#[derive(Clone)]
pub struct Expr(Arc<Node>);

struct Node {
    op: OpId,
    attr: Attr,
    args: Args,
    ty: Type,
    /// Structural hash, computed once.
    hash: u64,
}

impl Expr {
    /// The node of this operator, attribute and arguments.
    ///
    /// # Errors
    /// Whatever the operator's rules refuse: dtype, shape, axis, chunks.
    pub fn new(op: OpId, attr: Attr, args: Args) -> Result<Expr> {
        let ty = crate::infer::infer(op, &attr, &args)?;
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        op.hash(&mut hasher);
        attr.hash(&mut hasher);
        for arg in &args {
            hasher.write_u64(arg.0.hash);
        }
        Ok(Expr(Arc::new(Node {
            op,
            attr,
            args,
            ty,
            hash: hasher.finish(),
        })))
    }

    /// Its operator's number.
    pub fn op_id(&self) -> OpId {
        self.0.op
    }

    /// Its operator's row.
    pub fn op(&self) -> &'static OpDef {
        self.0.op.def()
    }

    /// Its attribute.
    pub fn attr(&self) -> &Attr {
        &self.0.attr
    }

    /// Its arguments.
    pub fn args(&self) -> &[Expr] {
        &self.0.args
    }

    /// Dtype, shape and grid.
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// Element type.
    pub fn dtype(&self) -> DType {
        self.0.ty.dtype
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[i64] {
        &self.0.ty.shape
    }

    /// Chunk grid.
    pub fn grid(&self) -> &Grid {
        &self.0.ty.grid
    }

    /// Number of elements; expressions are built only if it fits.
    pub fn elements(&self) -> i64 {
        tilewright_core::element_count(self.shape()).unwrap_or(i64::MAX)
    }

    /// An address that tells shared nodes apart while the expression lives.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}

/// A hasher whose result is the same in every process.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Expr {}
impl PartialOrd for Expr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Expr {
    /// By hash, operator, attribute and arguments, first difference in preorder.
    fn cmp(&self, other: &Self) -> Ordering {
        let mut seen = HashSet::new();
        let mut pending = vec![(self, other)];
        while let Some((x, y)) = pending.pop() {
            if Arc::ptr_eq(&x.0, &y.0) {
                continue;
            }
            let (a, b) = (&*x.0, &*y.0);
            let (a_args, b_args) = (a.args.len(), b.args.len());
            let here = a.hash.cmp(&b.hash).then_with(|| a.op.cmp(&b.op));
            let here = here
                .then_with(|| cmp_without_bodies(&a.attr, &b.attr))
                .then(a_args.cmp(&b_args));
            if here.is_ne() {
                return here;
            }
            if seen.insert((x.address(), y.address())) {
                let bodies = [&a.attr, &b.attr].map(Attr::body_roots);
                pending.extend(a.args.iter().zip(&b.args).rev());
                pending.extend(bodies[0].iter().zip(bodies[1]).rev());
            }
        }
        Ordering::Equal
    }
}

/// The order of two attributes; of two bodies, only by their number of outputs.
fn cmp_without_bodies(a: &Attr, b: &Attr) -> Ordering {
    match (a, b) {
        (Attr::Body(a), Attr::Body(b)) => a.roots.len().cmp(&b.roots.len()),
        _ => a.cmp(b),
    }
}

impl Hash for Expr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl Drop for Node {
    /// Takes long chains apart in a loop: recursion would overflow the stack.
    fn drop(&mut self) {
        let mut pending = Vec::new();
        self.release(&mut pending);
        while let Some(Expr(node)) = pending.pop() {
            if let Some(mut node) = Arc::into_inner(node) {
                node.release(&mut pending);
            }
        }
    }
}

impl Node {
    /// Moves what this node holds of other nodes to `pending`.
    fn release(&mut self, pending: &mut Vec<Expr>) {
        pending.extend(self.args.drain(..));
        if let Attr::Body(body) = std::mem::replace(&mut self.attr, Attr::None)
            && let Some(Body { roots }) = Arc::into_inner(body)
        {
            pending.extend(roots);
        }
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", crate::print::one_line(self))
    }
}
