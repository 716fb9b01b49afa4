//! What does a node hold beside its arguments?
//!
//! Attributes are plain data with equality, order and hash, so that they can be e-graph leaves.
//! Absent: anything computed from them.

use crate::blocks::Blocks;
use crate::handle::Handle;
use crate::node::Expr;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::any::Any;
use std::sync::Arc;
use tilewright_core::error::Refusal;
use tilewright_core::region::point;
use tilewright_core::{DType, Grid, Region, Result, Scalar, Shape};
pub use tilewright_vecmath::Draw;

/// Axes of an array, in the order in which they are flattened.
pub type Axes = SmallVec<[usize; 4]>;

/// For each axis of an array that is looked up: the axis of the result that it follows, or `None`
/// where the next index array says.
pub type Followed = SmallVec<[Option<usize>; 4]>;

/// Windows of an array: for each, the axis that it slides along and its length.
pub type Windows = SmallVec<[(usize, i64); 4]>;

/// How index arrays look elements up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lookup {
    /// What each axis of the array follows.
    pub axes: Followed,
    /// What is said of an index out of range, where there is more to say than that.
    pub refusal: Option<Arc<Refusal>>,
}

impl From<Followed> for Lookup {
    fn from(axes: Followed) -> Lookup {
        Lookup {
            axes,
            refusal: None,
        }
    }
}

impl Lookup {
    /// The point of an axis of this length that an index means.
    ///
    /// # Errors
    /// The refusal, or [`Kind::Index`](tilewright_core::Kind::Index), for one out of range.
    pub fn point(&self, index: i64, len: i64) -> Result<i64> {
        point(index, len, "an axis").map_err(|error| match &self.refusal {
            Some(refusal) => refusal.error(),
            None => error,
        })
    }
}

/// What a node holds beside its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attr {
    /// Nothing.
    None,
    /// `astype`.
    DType(DType),
    /// A reduction's axes, `squeeze`, `expand_dims` (positions in the result), `transpose`
    /// (source axis of each result axis).
    Axes(Axes),
    /// A statistic's axes and delta degrees of freedom.
    Statistic {
        /// Reduced axes.
        axes: Axes,
        /// Divisor is `n - ddof`, at least 0; the bits of an f64.
        ddof: Scalar,
    },
    /// `sliding_window_view`.
    Windows(Windows),
    /// A function of rows.
    Along(Along),
    /// A function of blocks.
    Blocks(Arc<Blocks>),
    /// `slice`.
    Region(Region),
    /// `broadcast_to`, `reshape`.
    Shape(Shape),
    /// `rechunk`.
    Grid(Grid),
    /// `concatenate`: the axis; `get`: which output.
    Index(usize),
    /// `take`.
    Lookup(Lookup),
    /// An array that is made, drawn or read.
    Leaf(Arc<Leaf>),
    /// A fused stage: its outputs over `input` leaves.
    Body(Arc<Body>),
}

impl Attr {
    /// The outputs of a fused stage; none for other attributes.
    pub fn body_roots(&self) -> &[Expr] {
        match self {
            Attr::Body(body) => &body.roots,
            _ => &[],
        }
    }
}

/// What a function of rows is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Along {
    /// The axis that the rows lie along; 0 where each chunk is one.
    pub axis: usize,
    /// Length of the result along it.
    pub len: i64,
    /// Element type of the result.
    pub dtype: DType,
    /// What the operator's row says of it.
    pub parameter: i64,
    /// Whether each chunk of the whole array, in C order, is a row; the results stand end to end
    /// along one axis.
    pub chunked: bool,
}

/// The body of a fused stage: expressions over `input(k)` leaves, `k` an argument of the node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Body {
    /// Its outputs; several only where sibling reductions share a pass.
    pub roots: Vec<Expr>,
}

/// An array that is made, drawn or read: a region of a whole that is known by index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Leaf {
    /// Where elements come from.
    pub kind: LeafKind,
    /// Element type.
    pub dtype: DType,
    /// Shape of the whole array.
    pub whole: Shape,
    /// Which part of it this is.
    pub at: Region,
    /// Chunk grid of that part.
    pub grid: Grid,
}

/// Where a leaf's elements come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::large_enum_variant, reason = "a leaf is always behind an Arc")]
pub enum LeafKind {
    /// One value everywhere.
    Full(Scalar),
    /// The index along an axis, i64.
    Iota(usize),
    /// Elements as they were written, C order of the whole.
    Literal(Arc<[Scalar]>),
    /// Random numbers: a pure function of (draw, seed, C-order index in the whole).
    Draw(Draw, u64),
    /// A stored or in-memory array.
    Source(SourceRef),
    /// Argument `k` of the fused stage around it.
    Input(usize),
}

/// A source by name.
#[allow(
    clippy::large_enum_variant,
    reason = "an expression has a handful of sources"
)]
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceRef {
    /// A file or store.
    Stored {
        /// Where it is.
        uri: Arc<str>,
        /// What it was when it was opened.
        identity: Arc<str>,
        /// Upper bound of the bytes decoding a chunk takes beside its result.
        decode_bytes: u64,
        /// Stored chunk grid of the whole.
        grid: Grid,
        /// How its elements are come by.
        access: Access,
        /// What reads it, where the URI names nothing but a source of the user's own.
        user: Option<UserSource>,
    },
    /// An array of this process.
    Memory(MemoryArray),
}

impl SourceRef {
    /// Whether it lies open in memory with the bytes of each element in the other order.
    pub fn is_swapped(&self) -> bool {
        let SourceRef::Stored { access, .. } = self else {
            return false;
        };
        matches!(access, Access::Mapped { swapped: true, .. })
    }

    /// The same, read chunk by chunk, which gives native elements.
    #[must_use]
    pub fn in_chunks(&self) -> SourceRef {
        let mut source = self.clone();
        if let SourceRef::Stored { access, .. } = &mut source {
            *access = Access::Chunks;
        }
        source
    }
}

/// How the elements of a stored array are come by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Access {
    /// The whole lies open in memory, a file that is mapped.
    Mapped {
        /// Elements between neighbours along each axis.
        strides: Shape,
        /// Whether the bytes of each element stand in the other order than this machine's.
        swapped: bool,
    },
    /// Chunk by chunk.
    Chunks,
    /// Chunk by chunk, and each is waited for: they are asked for ahead.
    Distant,
}

/// A source of the user's own: whatever whoever opens sources takes for one.
pub type UserSource = Handle<dyn Any + Send + Sync>;

/// Bytes that stay where they are.
pub trait Bytes: Send + Sync {
    /// The bytes; the same slice on every call.
    fn bytes(&self) -> &[u8];
}

impl Bytes for tilewright_core::Buffer {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// A strided array in memory that its owner keeps alive.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemoryArray {
    /// The memory.
    pub owner: Handle<dyn Bytes>,
    /// Elements between neighbours along each axis.
    pub strides: Shape,
    /// Byte offset of element 0.
    pub offset: usize,
}

impl MemoryArray {
    /// A new array; equal only to its clones.
    pub fn new(owner: Arc<dyn Bytes>, offset: usize, strides: Shape) -> MemoryArray {
        MemoryArray {
            owner: Handle::new(owner),
            offset,
            strides,
        }
    }

    /// The bytes that it lies in; a place has none.
    pub fn bytes(&self) -> &[u8] {
        self.owner.get().map_or(&[], |owner| owner.bytes())
    }

    /// Whether every element of an array of this shape and dtype lies within the owner's bytes; a
    /// place holds any.
    pub fn holds(&self, shape: &[i64], dtype: DType) -> bool {
        if self.strides.len() != shape.len() {
            return false;
        }
        if shape.contains(&0) || self.owner.place_number().is_some() {
            return true;
        }
        // The lowest and the highest element. What saturates is far beyond any memory.
        let (mut low, mut high) = (0i128, 0i128);
        for (&len, &stride) in shape.iter().zip(&self.strides) {
            let reach = i128::from(len - 1) * i128::from(stride);
            low = low.saturating_add(reach.min(0));
            high = high.saturating_add(reach.max(0));
        }
        let size = dtype.itemsize() as i128;
        let offset = self.offset as i128;
        let first = offset.saturating_add(low.saturating_mul(size));
        let end = offset.saturating_add(high.saturating_add(1).saturating_mul(size));
        first >= 0 && end <= self.bytes().len() as i128
    }

    /// A place for array number `number` of this layout: equal to every place of the same number
    /// and layout, and without bytes. What is made for places is made for every array in them.
    pub fn place(number: usize, strides: Shape) -> MemoryArray {
        MemoryArray {
            owner: Handle::place(number),
            offset: 0,
            strides,
        }
    }

    /// The array of this place among these; the array itself if it is one.
    #[must_use]
    pub fn bind(&self, arrays: &[MemoryArray]) -> MemoryArray {
        self.owner.among(arrays).unwrap_or(self).clone()
    }
}

impl std::fmt::Debug for MemoryArray {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "memory array {}", self.owner.id())
    }
}
