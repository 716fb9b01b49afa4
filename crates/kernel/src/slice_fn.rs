//! Which functions over whole slices may a kernel call?
//!
//! Cranelift has no transcendental functions and no random numbers; a kernel fills a block that
//! stays in L1 and calls one of these on it. Never one call per element.

use crate::element_fn::ElementFn;
use crate::fold::Fold;
use crate::rows::RowFn;
use serde::{Deserialize, Serialize};
use tilewright_core::DType;
use tilewright_vecmath::{Columns, Draw, MathFn, Products};

/// A function over contiguous slices; `ints` and `places` are those of `Stmt::Call`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SliceFn {
    /// `ints [n]`, `places [dst, a]` or `[dst, a, b]` by arity; f32 or f64.
    Math(MathFn, DType),
    /// A plain loop: `ints [n]`, `places [dst, a]` or `[dst, a, b]` by arity.
    Element(ElementFn, DType),
    /// f64 uniform or normal numbers: `ints [n, seed, start, step]`, `places [dst]`.
    Draw(Draw),
    /// Numbers of a law with parameters: `ints [n, seed, start, step]`, `places [dst, a]`,
    /// `[dst, a, b]` or `[dst, a, b, c]`; i64 in `[a, b)` for [`Draw::Integer`], else f64.
    DrawOf(Draw),
    /// States of one leaf for `width` columns of f64, `stride` elements from row to row:
    /// `ints [rows, width, stride]`, `places [x, state]`.
    MomentsLeaf,
    /// Sums of the products of the lines of one matrix with the columns of another, over one leaf:
    /// `ints [rows, lines, columns, a_row, a_line, b_row, b_column]`, `places [state, a, b, packed_a,
    /// packed_b]`; f32 or f64. The packed ones are scratch.
    ProductsLeaf(DType),
    /// The root of the canonical tree over `n > 0` states of one output and one component each:
    /// `ints [n]`, `places [dst, states]`. The states are overwritten.
    Tree(Fold),
    /// Pushes leaf number `index` on a binary counter: `ints [index, width]`,
    /// `places [stack, leaf]`. The stack holds one state per level, level-major; the leaf is
    /// overwritten.
    Push(Fold),
    /// The root after `count > 0` pushes: `ints [count, width]`, `places [stack, dst]`. The stack
    /// is overwritten.
    Finish(Fold),
    /// A function of a whole row: `ints [n, m, parameter]`, places as [`RowFn`] has them.
    Row(RowFn),
}

/// Machine code of a slice function: `ints` and `places` point to as many values as
/// [`SliceFn::arity`] says. A place may be unaligned; none overlaps another.
pub type Shim = unsafe extern "C" fn(ints: *const i64, places: *const *mut u8);

impl SliceFn {
    /// No function takes more integers or places.
    pub const MOST_ARGUMENTS: usize = 8;

    /// Number of integers and of places.
    pub fn arity(self) -> (usize, usize) {
        let arity = self.arguments();
        debug_assert!(arity.0.max(arity.1) <= SliceFn::MOST_ARGUMENTS);
        arity
    }

    fn arguments(self) -> (usize, usize) {
        match self {
            SliceFn::Math(f, _) => (1, 1 + f.arity()),
            SliceFn::Element(f, _) => (1, 1 + f.arity()),
            SliceFn::Draw(_) => (4, 1),
            SliceFn::DrawOf(draw) => (4, 1 + draw.parameters()),
            SliceFn::Tree(_) => (1, 2),
            SliceFn::Push(_) | SliceFn::Finish(_) => (2, 2),
            SliceFn::MomentsLeaf => (3, 2),
            SliceFn::ProductsLeaf(_) => (7, 5),
            SliceFn::Row(function) => (3, function.places()),
        }
    }

    /// Element type of a place.
    pub fn place_dtype(self, place: usize) -> DType {
        match self {
            SliceFn::Row(function) => function.place_dtype(place),
            SliceFn::Math(_, dtype) | SliceFn::Element(_, dtype) | SliceFn::ProductsLeaf(dtype) => {
                dtype
            }
            SliceFn::Draw(_) | SliceFn::MomentsLeaf => DType::F64,
            SliceFn::DrawOf(Draw::Integer) => DType::I64,
            SliceFn::DrawOf(_) => DType::F64,
            SliceFn::Tree(fold) | SliceFn::Push(fold) | SliceFn::Finish(fold) => fold.dtype(),
        }
    }

    /// Whether it writes to a place.
    pub fn writes(self, place: usize) -> bool {
        match self {
            SliceFn::MomentsLeaf => place == 1,
            SliceFn::ProductsLeaf(_) => ![1, 2].contains(&place),
            SliceFn::Tree(_) | SliceFn::Push(_) | SliceFn::Finish(_) => true,
            SliceFn::Row(function) => function.writes(place),
            _ => place == 0,
        }
    }

    /// Whether the function exists for its dtype.
    pub fn is_defined(self) -> bool {
        match self {
            SliceFn::Math(_, dtype) => dtype.is_float() && dtype.computed() == dtype,
            SliceFn::Element(f, dtype) => f.takes(dtype),
            SliceFn::Tree(Fold::Op(op, dtype))
            | SliceFn::Push(Fold::Op(op, dtype))
            | SliceFn::Finish(Fold::Op(op, dtype)) => op.binary_on(dtype).is_some(),
            SliceFn::Tree(_) => false,
            SliceFn::Row(function) => function.is_defined(),
            SliceFn::DrawOf(draw) => draw.parameters() > 0,
            _ => true,
        }
    }

    /// Number of elements it touches from a place on, given its integers; saturates. A negative
    /// integer counts as 0, and so does a missing one.
    #[inline]
    pub fn extent(self, place: usize, ints: &[i64]) -> usize {
        let int = |k: usize| count(ints, k);
        let state = |fold: Fold| fold.components().saturating_mul(int(1));
        match self {
            SliceFn::MomentsLeaf if int(0) == 0 => 0,
            SliceFn::MomentsLeaf if place == 0 => columns(ints).extent(),
            SliceFn::MomentsLeaf => state(Fold::Moments),
            SliceFn::ProductsLeaf(_) => {
                let products = products(ints);
                match place {
                    0 => products.lines.saturating_mul(products.columns),
                    1 => products.extent_of_a(),
                    2 => products.extent_of_b(),
                    packed => products.packed()[(packed - 3).min(1)],
                }
            }
            SliceFn::Tree(_) if place == 0 => int(0).min(1),
            // Levels 0 up to the one that the carry of `index + 1` reaches.
            SliceFn::Push(fold) if place == 0 => {
                state(fold).saturating_mul(int(0).trailing_ones() as usize + 1)
            }
            SliceFn::Finish(_) if int(0) == 0 => 0,
            SliceFn::Finish(fold) if place == 0 => {
                state(fold).saturating_mul(int(0).ilog2() as usize + 1)
            }
            SliceFn::Push(fold) | SliceFn::Finish(fold) => state(fold),
            SliceFn::Row(function) => function.extent(place, int(0), int(1)),
            _ => int(0),
        }
    }
}

/// Integer `k`; a negative one counts as 0, and so does a missing one.
fn count(ints: &[i64], k: usize) -> usize {
    ints.get(k).map_or(0, |&n| usize::try_from(n).unwrap_or(0))
}

/// The matrices of a [`SliceFn::ProductsLeaf`].
pub(crate) fn products(ints: &[i64]) -> Products {
    let int = |k: usize| count(ints, k);
    Products {
        rows: int(0),
        lines: int(1),
        columns: int(2),
        a: [int(3), int(4)],
        b: [int(5), int(6)],
    }
}

/// The columns of a [`SliceFn::MomentsLeaf`].
pub(crate) fn columns(ints: &[i64]) -> Columns {
    let int = |k: usize| count(ints, k);
    Columns {
        rows: int(0),
        width: int(1),
        stride: int(2),
    }
}

impl std::fmt::Display for SliceFn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SliceFn::Math(function, dtype) => write!(f, "{} {dtype}", function.name()),
            SliceFn::Element(function, dtype) => write!(f, "{} {dtype}", function.name()),
            SliceFn::DrawOf(Draw::Integer) => f.write_str("draw_integers"),
            SliceFn::Draw(draw) | SliceFn::DrawOf(draw) => {
                write!(f, "draw {}", format!("{draw:?}").to_lowercase())
            }
            SliceFn::MomentsLeaf => f.write_str("moments_leaf"),
            SliceFn::ProductsLeaf(dtype) => write!(f, "products_leaf {dtype}"),
            SliceFn::Tree(fold) => write!(f, "tree {fold}"),
            SliceFn::Push(fold) => write!(f, "push {fold}"),
            SliceFn::Finish(fold) => write!(f, "finish {fold}"),
            SliceFn::Row(function) => write!(f, "{function}"),
        }
    }
}
