//! Which points of an axis does a slice take?
//!
//! A range is `(start, step, len)`: the points `start + step·i` for `0 <= i < len`, steps of any
//! sign but 0. Ranges are closed under composition, so a chain of slices is one range and a slice
//! can travel to the source that it cuts. Absent: integer arrays and masks, which are `take`.

use crate::error::{Error, Kind, Result};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The points `start + step·i`, `0 <= i < len`, of one axis.
///
/// Normal form: an empty range is `(0, 1, 0)`, a range of one point has step 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AxisRange {
    /// The first point.
    pub start: i64,
    /// The distance between neighbours, in points of the axis; never 0.
    pub step: i64,
    /// The number of points.
    pub len: i64,
}

impl AxisRange {
    /// The range in normal form.
    pub fn new(start: i64, step: i64, len: i64) -> AxisRange {
        match len {
            i64::MIN..=0 => AxisRange {
                start: 0,
                step: 1,
                len: 0,
            },
            1 => AxisRange {
                start,
                step: 1,
                len: 1,
            },
            _ => AxisRange { start, step, len },
        }
    }

    /// All `len` points of an axis.
    pub fn full(len: i64) -> AxisRange {
        AxisRange::new(0, 1, len)
    }

    /// Whether this takes all points of an axis of length `len`, in order.
    pub fn is_full(&self, len: i64) -> bool {
        *self == AxisRange::full(len)
    }

    /// The point at position `i`.
    pub fn at(&self, i: i64) -> i64 {
        self.start + self.step * i
    }

    /// The range `inner` of the points of this range.
    pub fn compose(&self, inner: AxisRange) -> AxisRange {
        AxisRange::new(
            self.at(inner.start),
            self.step.wrapping_mul(inner.step),
            inner.len,
        )
    }

    /// The smallest interval `[low, high)` that holds every point; `(0, 0)` if empty.
    pub fn hull(&self) -> (i64, i64) {
        if self.len == 0 {
            return (0, 0);
        }
        let (first, last) = (self.start, self.at(self.len - 1));
        (first.min(last), first.max(last) + 1)
    }

    /// The positions `[from, to)` whose points lie in `[low, high)`.
    pub fn positions_within(&self, low: i64, high: i64) -> (i64, i64) {
        if self.len == 0 || high <= low {
            return (0, 0);
        }
        let (from, to) = if self.step > 0 {
            (
                ceil_div(low - self.start, self.step),
                ceil_div(high - self.start, self.step),
            )
        } else {
            let down = -self.step;
            // start - down*i <= high-1  and  start - down*i >= low
            (
                ceil_div(self.start - (high - 1), down),
                (self.start - low).div_euclid(down) + 1,
            )
        };
        let from = from.clamp(0, self.len);
        (from, to.clamp(from, self.len))
    }
}

/// `ceil(a / b)` for positive `b`.
pub(crate) fn ceil_div(a: i64, b: i64) -> i64 {
    a.div_euclid(b) + i64::from(a.rem_euclid(b) != 0)
}

/// The point of an axis of length `len` that an index means; negative ones count from the end.
/// `which` names the axis in a message.
///
/// # Errors
/// [`Kind::Index`] if it lies outside.
pub fn point(index: i64, len: i64, which: &str) -> Result<i64> {
    let at = if index < 0 {
        index.saturating_add(len)
    } else {
        index
    };
    if (0..len).contains(&at) {
        return Ok(at);
    }
    Err(Error::new(
        Kind::Index,
        format!("index {index} is out of range for {which} of length {len}"),
    )
    .way_out(if len == 0 {
        "an axis that is not empty".to_owned()
    } else {
        format!("an index from {} to {}", -len, len - 1)
    }))
}

/// A slice as it is written: `start:stop:step`, each part optional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slice {
    /// Where to start; negative counts from the end.
    pub start: Option<i64>,
    /// Where to stop, exclusive; negative counts from the end.
    pub stop: Option<i64>,
    /// The step; 1 if absent.
    pub step: Option<i64>,
}

impl Slice {
    /// The points this slice takes of an axis of length `len`, by Python's rules.
    ///
    /// # Errors
    /// [`Kind::Index`] if the step is 0.
    ///
    /// **Source** Python language reference, `slice.indices`.
    pub fn resolve(&self, len: i64) -> Result<AxisRange> {
        let step = self.step.unwrap_or(1);
        if step == 0 {
            return Err(
                Error::new(Kind::Index, "slice step is 0").way_out("a positive or negative step")
            );
        }
        let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |index: i64| {
            let index = if index < 0 {
                index.saturating_add(len)
            } else {
                index
            };
            index.clamp(lowest, highest)
        };
        let start = self
            .start
            .map_or(if step > 0 { lowest } else { highest }, clamp);
        let stop = self
            .stop
            .map_or(if step > 0 { highest } else { lowest }, clamp);
        let span = if step > 0 { stop - start } else { start - stop };
        let count = if span <= 0 {
            0
        } else {
            (span - 1) / step.saturating_abs() + 1
        };
        Ok(AxisRange::new(start, step, count))
    }
}

/// One range per axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Region {
    /// The ranges, outermost axis first.
    pub axes: SmallVec<[AxisRange; 4]>,
}

impl Region {
    /// Every point of an array of this shape.
    pub fn full(shape: &[i64]) -> Region {
        Region {
            axes: shape.iter().map(|&len| AxisRange::full(len)).collect(),
        }
    }

    /// The shape of what is taken.
    pub fn shape(&self) -> crate::Shape {
        self.axes.iter().map(|axis| axis.len).collect()
    }

    /// Whether this takes all of an array of this shape, in order.
    pub fn is_full(&self, shape: &[i64]) -> bool {
        self.axes.len() == shape.len()
            && self
                .axes
                .iter()
                .zip(shape)
                .all(|(axis, &len)| axis.is_full(len))
    }

    /// The region `inner` of what this region takes; both have the same number of axes.
    pub fn compose(&self, inner: &Region) -> Region {
        let axes = self
            .axes
            .iter()
            .zip(&inner.axes)
            .map(|(outer, &inner)| outer.compose(inner));
        Region {
            axes: axes.collect(),
        }
    }
}

impl std::fmt::Display for AxisRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.len, self.step) {
            (0, _) => write!(f, "0:0"),
            (_, 1) => write!(f, "{}:{}", self.start, self.start + self.len),
            (_, step) => {
                let stop = self.at(self.len - 1) + step.signum();
                if stop < 0 {
                    write!(f, "{}::{step}", self.start)
                } else {
                    write!(f, "{}:{stop}:{step}", self.start)
                }
            }
        }
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[")?;
        for (k, axis) in self.axes.iter().enumerate() {
            let comma = if k > 0 { ", " } else { "" };
            write!(f, "{comma}{axis}")?;
        }
        write!(f, "]")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn points(range: AxisRange) -> Vec<i64> {
        (0..range.len).map(|i| range.at(i)).collect()
    }

    /// Python's own definition, point by point.
    fn plain(len: i64, start: Option<i64>, stop: Option<i64>, step: i64) -> Vec<i64> {
        let fix = |v: i64, low: i64, high: i64| (if v < 0 { v + len } else { v }).clamp(low, high);
        let mut out = Vec::new();
        if step > 0 {
            let mut i = start.map_or(0, |v| fix(v, 0, len));
            let end = stop.map_or(len, |v| fix(v, 0, len));
            while i < end {
                out.push(i);
                i += step;
            }
        } else {
            let mut i = start.map_or(len - 1, |v| fix(v, -1, len - 1));
            let end = stop.map_or(-1, |v| fix(v, -1, len - 1));
            while i > end {
                out.push(i);
                i += step;
            }
        }
        out
    }

    #[test]
    fn slices_resolve_compose_and_clip_like_python() {
        let bounds = [
            None,
            Some(-9),
            Some(-3),
            Some(-1),
            Some(0),
            Some(2),
            Some(5),
            Some(9),
        ];
        for len in [0, 1, 5, 6] {
            for start in bounds {
                for stop in bounds {
                    for step in [-7, -2, -1, 1, 2, 3] {
                        let range = Slice {
                            start,
                            stop,
                            step: Some(step),
                        }
                        .resolve(len)
                        .unwrap();
                        let want = plain(len, start, stop, step);
                        assert_eq!(points(range), want, "{start:?}:{stop:?}:{step} of {len}");
                        for (low, high) in [(0, len), (1, 3), (2, 2), (-4, 2), (3, 99)] {
                            let (from, to) = range.positions_within(low, high);
                            let inside: Vec<i64> = (0..range.len)
                                .filter(|&i| (low..high).contains(&range.at(i)))
                                .collect();
                            assert_eq!((from..to).collect::<Vec<_>>(), inside);
                        }
                        let inner = Slice {
                            start: None,
                            stop: None,
                            step: Some(-2),
                        };
                        let inner = inner.resolve(range.len).unwrap();
                        let both: Vec<i64> = points(inner).iter().map(|&i| range.at(i)).collect();
                        assert_eq!(points(range.compose(inner)), both);
                    }
                }
            }
        }
    }
}
