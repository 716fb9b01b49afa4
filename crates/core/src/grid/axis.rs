//! Where is one axis cut?
//!
//! Cuts are held as a progression wherever they are one, so 10^9 chunks cost what ten do.

use crate::error::{Error, Kind, Result};
use crate::region::{AxisRange, ceil_div};
use crate::tree;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest list of cuts that are not a progression; a union beyond it keeps the finer operand.
const LONGEST_LIST: i64 = 1 << 20;

/// The cuts of one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AxisGrid {
    len: i64,
    cuts: Cuts,
}

/// Cut positions strictly between 0 and the length, increasing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
enum Cuts {
    /// `ceil((first + k·size) / stride)` for `0 <= k < count`; `size >= stride`, all distinct.
    /// A slice with a step divides, so `stride` is the product of the steps.
    Every {
        first: i64,
        size: i64,
        stride: i64,
        count: i64,
    },
    /// Anything else.
    List(Arc<[i64]>),
}

impl AxisGrid {
    /// Chunks of `size`, the last one shorter; one chunk if `size` is not positive.
    pub fn regular(len: i64, size: i64) -> AxisGrid {
        let count = if size > 0 && len > 0 {
            (len - 1) / size
        } else {
            0
        };
        AxisGrid {
            len,
            cuts: progression(size, size, 1, count),
        }
    }

    /// One chunk.
    pub fn whole(len: i64) -> AxisGrid {
        AxisGrid::regular(len, len)
    }

    /// Chunks of these sizes.
    ///
    /// # Errors
    /// [`Kind::Chunks`] if a size is not positive (0 is allowed where the axis is empty) or there
    /// are too many different ones.
    pub fn from_sizes(sizes: &[i64]) -> Result<AxisGrid> {
        let mut cuts = Vec::with_capacity(sizes.len());
        let mut end = 0i64;
        for &size in sizes {
            if size < 0 {
                return Err(Error::new(Kind::Chunks, format!("a chunk size is {size}"))
                    .way_out("positive chunk sizes"));
            }
            end = end
                .checked_add(size)
                .ok_or_else(|| Error::new(Kind::Chunks, "the chunk sizes overflow"))?;
            cuts.push(end);
        }
        cuts.dedup();
        Ok(AxisGrid::from_cuts(end, cuts))
    }

    /// Whether its cuts increase and lie within the axis, as those of every grid that is made here.
    pub fn holds_together(&self) -> bool {
        let within = match &self.cuts {
            Cuts::Every { count: 0, .. } => true,
            Cuts::Every {
                first,
                size,
                stride,
                count,
            } => {
                let apart = *first > 0 && *stride > 0 && size >= stride;
                let last = || i128::from(*first) + i128::from(count - 1) * i128::from(*size);
                let end = || i128::from(self.len - 1) * i128::from(*stride);
                apart && (1..self.len).contains(count) && last() <= end()
            }
            Cuts::List(list) => {
                let ends = list.first() > Some(&0) && list.last() < Some(&self.len);
                list.is_empty() || ends && list.is_sorted_by(|a, b| a < b)
            }
        };
        self.len >= 0 && within
    }

    /// The grid with these increasing cuts; those outside the axis are dropped.
    fn from_cuts(len: i64, mut cuts: Vec<i64>) -> AxisGrid {
        cuts.retain(|&cut| 0 < cut && cut < len);
        let cuts = match cuts[..] {
            [] => progression(0, 0, 1, 0),
            [only] => progression(only, 1, 1, 1),
            [first, second, ..] => {
                let size = second - first;
                if cuts.windows(2).all(|pair| pair[1] - pair[0] == size) {
                    progression(first, size, 1, cuts.len() as i64)
                } else {
                    Cuts::List(cuts.into())
                }
            }
        };
        AxisGrid { len, cuts }
    }

    /// Length of the axis.
    pub fn len(&self) -> i64 {
        self.len
    }

    /// Whether the axis has no element.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of chunks; at least 1, also on an empty axis.
    pub fn chunks(&self) -> i64 {
        self.count() + 1
    }

    fn count(&self) -> i64 {
        match &self.cuts {
            Cuts::Every { count, .. } => *count,
            Cuts::List(list) => list.len() as i64,
        }
    }

    fn cut(&self, k: i64) -> i64 {
        match &self.cuts {
            Cuts::Every {
                first,
                size,
                stride,
                ..
            } => {
                let top = i128::from(*first) + i128::from(k) * i128::from(*size);
                let stride = i128::from(*stride);
                (top.div_euclid(stride) + i128::from(top.rem_euclid(stride) != 0)) as i64
            }
            Cuts::List(list) => list[k as usize],
        }
    }

    /// The elements `[from, to)` of chunk `k`.
    pub fn bounds(&self, k: i64) -> (i64, i64) {
        let from = if k <= 0 { 0 } else { self.cut(k - 1) };
        let to = if k >= self.count() {
            self.len
        } else {
            self.cut(k)
        };
        (from, to)
    }

    /// The length of the chunks `[first, end)` if they have one length; the last may be shorter.
    /// `None` also where that is not seen at once.
    pub fn uniform(&self, first: i64, end: i64) -> Option<i64> {
        let Cuts::Every {
            size, stride: 1, ..
        } = self.cuts
        else {
            return None;
        };
        let length = |k: i64| {
            let (from, to) = self.bounds(k);
            to - from
        };
        let fits = first < end && length(first) == size && length(end - 1) <= size;
        fits.then_some(size)
    }

    /// The chunk that holds element `i`.
    pub fn chunk_of(&self, i: i64) -> i64 {
        // The number of cuts at or below i, by bisection.
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.cut(middle) <= i {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The smallest chunk, exactly for lists and regular grids, else a lower bound.
    pub fn shortest(&self) -> i64 {
        let length = |k: i64| {
            let (from, to) = self.bounds(k);
            to - from
        };
        let ends = length(0).min(length(self.chunks().max(1) - 1));
        match &self.cuts {
            Cuts::Every { size, stride, .. } if self.chunks() > 2 => ends.min(size / stride),
            Cuts::Every { .. } => ends,
            Cuts::List(_) => (0..self.chunks()).map(length).min().unwrap_or(ends),
        }
    }

    /// The largest chunk, exactly for lists and regular grids, else an upper bound.
    pub fn longest(&self) -> i64 {
        match &self.cuts {
            Cuts::Every {
                size,
                stride,
                count,
                ..
            } if *count > 1 => {
                let inner = ceil_div(*size, *stride);
                let (_, first) = self.bounds(0);
                let (last, end) = self.bounds(*count);
                inner.max(first).max(end - last)
            }
            _ => (0..self.chunks())
                .map(|k| self.bounds(k))
                .map(|(from, to)| to - from)
                .max()
                .unwrap_or(0),
        }
    }

    /// The grid of the points that a range takes: cuts map pointwise.
    pub fn slice(&self, range: AxisRange) -> AxisGrid {
        if range.len <= 1 {
            return AxisGrid::whole(range.len);
        }
        let reach = range.step.checked_mul(range.len - 1);
        let last = reach.and_then(|reach| range.start.checked_add(reach));
        let (Some(last), Some(back)) = (last, range.step.checked_neg()) else {
            // No axis has such points.
            return AxisGrid::whole(range.len);
        };
        if range.step < 0 {
            let forward = AxisRange::new(last, back, range.len);
            return self.slice(forward).reverse();
        }
        let (start, step) = (range.start, range.step);
        let inside = |grid: AxisGrid| grid.clip(range.len);
        match &self.cuts {
            Cuts::Every {
                first,
                size,
                stride,
                count,
            } => {
                let wide = stride.checked_mul(step);
                let first = stride
                    .checked_mul(start)
                    .and_then(|shift| first.checked_sub(shift));
                match (first, wide) {
                    (Some(first), Some(stride)) => {
                        let cuts = progression(first, *size, stride, *count);
                        inside(AxisGrid {
                            len: range.len,
                            cuts,
                        })
                    }
                    _ => AxisGrid::whole(range.len),
                }
            }
            Cuts::List(list) => {
                let mut cuts: Vec<i64> = list
                    .iter()
                    .map(|&cut| ceil_div(cut.saturating_sub(start), step))
                    .collect();
                cuts.dedup();
                AxisGrid::from_cuts(range.len, cuts)
            }
        }
    }

    /// Drops the cuts that lie outside `(0, len)`.
    fn clip(self, len: i64) -> AxisGrid {
        let total = self.count();
        let first_above = |limit: i64| {
            let (mut low, mut high) = (0, total);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.cut(middle) > limit {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            low
        };
        let (from, to) = (first_above(0), first_above(len - 1));
        match &self.cuts {
            Cuts::Every {
                first,
                size,
                stride,
                ..
            } => {
                // What is above 0 fits, even if what it is added to does not.
                let first = first.wrapping_add(from.wrapping_mul(*size));
                let cuts = progression(first, *size, *stride, (to - from).max(0));
                AxisGrid { len, cuts }.simplify()
            }
            Cuts::List(list) => {
                AxisGrid::from_cuts(len, list[from as usize..to.max(from) as usize].to_vec())
            }
        }
    }

    /// Writes short divided progressions as what they are, so that equal grids compare equal.
    fn simplify(self) -> AxisGrid {
        match self.cuts {
            Cuts::Every { stride, count, .. } if count < 2 || (stride > 1 && count <= 4096) => {
                let cuts = (0..count).map(|k| self.cut(k)).collect();
                AxisGrid::from_cuts(self.len, cuts)
            }
            _ => self,
        }
    }

    fn reverse(self) -> AxisGrid {
        match &self.cuts {
            Cuts::Every {
                first,
                size,
                stride,
                count,
            } => {
                // len - ceil((first + k·size)/stride), with k counted from the other end.
                let steps = i128::from((count - 1).max(0)) * i128::from(*size);
                let last = i128::from(*first) + steps;
                let end = i128::from(self.len) * i128::from(*stride);
                let Ok(first) = i64::try_from(end - last - i128::from(stride - 1)) else {
                    return AxisGrid::whole(self.len);
                };
                let cuts = progression(first, *size, *stride, *count);
                AxisGrid {
                    len: self.len,
                    cuts,
                }
                .simplify()
            }
            Cuts::List(list) => {
                let cuts = list.iter().rev().map(|cut| self.len - cut).collect();
                AxisGrid::from_cuts(self.len, cuts)
            }
        }
    }

    /// Every `times` neighbouring chunks as one.
    pub fn coarsen(&self, times: i64) -> AxisGrid {
        if times <= 1 {
            return self.clone();
        }
        let count = self.count() / times;
        match &self.cuts {
            Cuts::Every {
                first,
                size,
                stride,
                ..
            } => {
                let first = first.saturating_add(size.saturating_mul(times - 1));
                let cuts = progression(first, size.saturating_mul(times), *stride, count);
                AxisGrid {
                    len: self.len,
                    cuts,
                }
                .simplify()
            }
            Cuts::List(_) => {
                let cuts = (0..count).map(|k| self.cut((k + 1) * times - 1)).collect();
                AxisGrid::from_cuts(self.len, cuts)
            }
        }
    }

    /// The cuts of both; the axes have the same length.
    ///
    /// A union that is no progression and has more than 2^20 cuts keeps the finer grid instead.
    pub fn union(&self, other: &AxisGrid) -> AxisGrid {
        let (fine, coarse) = if self.count() >= other.count() {
            (self, other)
        } else {
            (other, self)
        };
        if coarse.count() == 0 || fine == coarse || fine.refines(coarse) {
            return fine.clone();
        }
        if fine.count() + coarse.count() > LONGEST_LIST {
            return fine.clone();
        }
        let mut cuts: Vec<i64> = (0..fine.count()).map(|k| fine.cut(k)).collect();
        cuts.extend((0..coarse.count()).map(|k| coarse.cut(k)));
        cuts.sort_unstable();
        cuts.dedup();
        AxisGrid::from_cuts(self.len, cuts)
    }

    /// Whether this, an undivided progression, is seen at once to hold every cut of the other.
    fn refines(&self, other: &AxisGrid) -> bool {
        let (
            Cuts::Every {
                first: a,
                size: s,
                stride: 1,
                ..
            },
            Cuts::Every {
                first: b,
                size: t,
                stride: 1,
                count,
            },
        ) = (&self.cuts, &other.cuts)
        else {
            return false;
        };
        let last = self.cut(self.count() - 1);
        let end = i128::from(*b) + i128::from(count - 1) * i128::from(*t);
        (b - a) % s == 0 && t % s == 0 && b >= a && end <= i128::from(last)
    }

    /// The grid of several axes laid end to end, with a cut between neighbours.
    pub fn concatenate(parts: &[AxisGrid]) -> AxisGrid {
        let (mut cuts, mut end) = (Vec::new(), 0);
        for part in parts {
            cuts.push(end);
            if part.count() < LONGEST_LIST {
                cuts.extend((0..part.count()).map(|k| end + part.cut(k)));
            }
            end += part.len;
        }
        cuts.dedup();
        AxisGrid::from_cuts(end, cuts)
    }

    /// Level of the chunk tree's root over this axis alone.
    pub fn tree_level(&self) -> u32 {
        tree::root_level(self.chunks())
    }
}

/// The progression in normal form: no more cuts than integers between the first and the last.
fn progression(first: i64, size: i64, stride: i64, count: i64) -> Cuts {
    if count <= 0 {
        return Cuts::Every {
            first: 0,
            size: 1,
            stride: 1,
            count: 0,
        };
    }
    if size <= stride {
        // Neighbouring cuts differ by at most 1: every integer from the first to the last is one.
        let low = ceil_div(first, stride);
        let top = i128::from(first) + i128::from(count - 1) * i128::from(size);
        let stride = i128::from(stride);
        let high = (top.div_euclid(stride) + i128::from(top.rem_euclid(stride) != 0)) as i64;
        return Cuts::Every {
            first: low,
            size: 1,
            stride: 1,
            count: high - low + 1,
        };
    }
    if stride > 1 && first % stride == 0 && size % stride == 0 {
        return Cuts::Every {
            first: first / stride,
            size: size / stride,
            stride: 1,
            count,
        };
    }
    Cuts::Every {
        first,
        size,
        stride,
        count,
    }
}
