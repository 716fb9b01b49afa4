//! What is a function of blocks, and which elements does it take?
//!
//! Arrays are cut into blocks; the function makes one block of the result of those at one place.
//! A block may reach beyond its own elements, as far as there are any. Whoever evaluates calls it
//! here, so that its errors and panics are told alike. Absent: where elements come from.

use crate::handle::Handle;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tilewright_core::error::panic_text;
use tilewright_core::{AxisGrid, AxisRange, DType, Error, Grid, Kind, Region, Result, Shape};

/// What a node of a function of blocks holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blocks {
    /// The function.
    pub function: BlockFunction,
    /// Element type of the result.
    pub dtype: DType,
    /// Bytes that one call takes for itself, beside the blocks.
    pub bytes: u64,
    /// Which blocks.
    pub cuts: BlockCuts,
}

/// How arrays are cut for a function of blocks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlockCuts {
    /// The blocks of the result.
    pub made: Grid,
    /// The arguments' own elements: as many blocks along each axis as the result has.
    pub own: Grid,
    /// Position of the first block among those of the whole.
    pub first: Shape,
    /// Index of the first own element in the whole.
    pub start: Shape,
    /// How far a block of an argument reaches beyond its own elements.
    pub reach: SmallVec<[Reach; 4]>,
}

/// How far blocks reach beyond their own elements along an axis.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Reach {
    /// Elements before a block.
    pub before: i64,
    /// Elements behind it.
    pub after: i64,
    /// Elements of an argument before the own ones of its first block.
    pub lead: i64,
}

/// Where a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPlace {
    /// Its position among the blocks of the whole.
    pub position: Shape,
    /// Index of its first own element in the whole.
    pub start: Shape,
    /// Its own elements along each axis.
    pub own: Shape,
    /// Elements of the arguments' blocks before the own ones, along each axis.
    pub before: Shape,
    /// Shape of the result's block.
    pub made: Shape,
}

impl fmt::Display for BlockPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.start.iter().zip(&self.own);
        let own = own.map(|(&start, &len)| AxisRange::new(start, 1, len));
        let own = Region {
            axes: own.collect(),
        };
        write!(f, "{:?} at {own}", &self.position[..])
    }
}

impl BlockCuts {
    /// Blocks along each axis.
    pub fn counts(&self) -> Shape {
        self.made.axes.iter().map(AxisGrid::chunks).collect()
    }

    /// Whether blocks share elements.
    pub fn overlap(&self) -> bool {
        self.reach
            .iter()
            .any(|reach| reach.before + reach.after > 0)
    }

    /// What the block at this position takes of arguments of this shape.
    pub fn taken(&self, block: &[i64], shape: &[i64]) -> Region {
        let bounds = self.own.bounds(block);
        let range = |((low, high), (reach, &len)): ((i64, i64), (&Reach, &i64))| {
            let (low, high) = reach.around(low, high, len);
            AxisRange::new(low, 1, high - low)
        };
        let axes = bounds.zip(self.reach.iter().zip(shape)).map(range);
        Region {
            axes: axes.collect(),
        }
    }

    /// The elements of the result that the block at this position makes.
    pub fn given(&self, block: &[i64]) -> Region {
        let range = |(low, high)| AxisRange::new(low, 1, high - low);
        Region {
            axes: self.made.bounds(block).map(range).collect(),
        }
    }

    /// The most elements along each axis that a block takes of arguments of this shape.
    pub fn longest(&self, shape: &[i64]) -> Shape {
        let axes = self.own.axes.iter().zip(self.reach.iter().zip(shape));
        axes.map(|(own, (reach, &len))| (own.longest() + reach.before + reach.after).min(len))
            .collect()
    }

    /// Where the block at this position is, in arguments of this shape.
    pub fn place(&self, block: &[i64], shape: &[i64]) -> BlockPlace {
        let taken = self.taken(block, shape);
        let mut place = BlockPlace {
            position: block.iter().zip(&self.first).map(|(a, b)| a + b).collect(),
            start: Shape::new(),
            own: Shape::new(),
            before: Shape::new(),
            made: self.given(block).shape(),
        };
        for (axis, (low, high)) in self.own.bounds(block).enumerate() {
            place.start.push(self.start[axis] + low);
            place.own.push(high - low);
            let first = low + self.reach[axis].lead;
            place.before.push(first - taken.axes[axis].start.min(first));
        }
        place
    }

    /// The blocks `[first, end)` along each axis, and what they take of arguments of this shape.
    pub fn part(&self, blocks: &[(i64, i64)], shape: &[i64]) -> (BlockCuts, Region) {
        let mut part = self.clone();
        let mut taken = Region::full(shape);
        for (axis, &(first, end)) in blocks.iter().enumerate() {
            let range = |cuts: &AxisGrid| {
                let (low, high) = (cuts.bounds(first).0, cuts.bounds(end - 1).1);
                AxisRange::new(low, 1, high - low)
            };
            let (made, own) = (range(&self.made.axes[axis]), range(&self.own.axes[axis]));
            let reach = self.reach[axis];
            let (low, high) = reach.around(own.start, own.start + own.len, shape[axis]);
            part.made.axes[axis] = self.made.axes[axis].slice(made);
            part.own.axes[axis] = self.own.axes[axis].slice(own);
            part.first[axis] += first;
            part.start[axis] += own.start;
            part.reach[axis].lead = own.start + reach.lead - low;
            taken.axes[axis] = AxisRange::new(low, 1, high - low);
        }
        (part, taken)
    }
}

impl Reach {
    /// The elements of an argument of this length that the own ones `[low, high)` reach.
    fn around(self, low: i64, high: i64, len: i64) -> (i64, i64) {
        let (low, high) = (low + self.lead, high + self.lead);
        ((low - self.before).max(0), (high + self.after).min(len))
    }
}

/// A block of an argument, C order.
#[derive(Clone, Copy, Debug)]
pub struct BlockView<'a> {
    /// Element type.
    pub dtype: DType,
    /// Lengths of the axes.
    pub shape: &'a [i64],
    /// The elements.
    pub bytes: &'a [u8],
}

/// User code that makes one block of blocks.
pub trait BlockCode: Send + Sync {
    /// Fills `out`, the block of the result in C order.
    ///
    /// # Errors
    /// Whatever the code says.
    fn run(&self, args: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()>;
}

/// A function of blocks by name; equal to its clones alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockFunction {
    code: Handle<dyn BlockCode>,
    /// What it is called in messages and plans.
    pub name: Arc<str>,
}

impl BlockFunction {
    /// A new function.
    pub fn new(name: &str, code: Arc<dyn BlockCode>) -> BlockFunction {
        BlockFunction {
            code: Handle::new(code),
            name: name.into(),
        }
    }

    /// A place for function number `number` of this name, without code: what is made for places is
    /// made for every function in them.
    #[must_use]
    pub fn place(&self, number: usize) -> BlockFunction {
        BlockFunction {
            code: Handle::place(number),
            name: self.name.clone(),
        }
    }

    /// The function of this place among these; the function itself if it is one.
    #[must_use]
    pub fn bind(&self, functions: &[BlockFunction]) -> BlockFunction {
        self.code.among(functions).unwrap_or(self).clone()
    }

    /// Makes the block of the result at a place.
    ///
    /// # Errors
    /// Those of the code; [`Kind::User`] if it panics. Both name the block.
    pub fn call(&self, args: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()> {
        let Some(code) = self.code.get() else {
            return Err(Error::new(Kind::Internal, "a place is called"));
        };
        let run = || code.run(args, place, out);
        let result = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let text = panic_text(&*panic);
            Err(Error::new(
                Kind::User,
                format!("a function of blocks panicked: {text}"),
            ))
        });
        result.map_err(|error| {
            let error = match &*self.name {
                "" => error,
                name => error.fact("in", name),
            };
            error.fact("block", place.to_string())
        })
    }
}
