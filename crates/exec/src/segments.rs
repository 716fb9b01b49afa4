//! Which stored chunks does a box of iterations touch along an axis, and what does it take of each?

use crate::boxes::Box_;
use tilewright_core::{AxisGrid, AxisRange, Error, Kind, Result};
use tilewright_plan::affine::Affine;

/// What one chunk gives along one axis of an array.
pub(crate) struct Segment {
    /// The chunk's number along the axis.
    pub chunk: i64,
    /// Its length.
    pub chunk_len: i64,
    /// Its first element.
    pub low: i64,
    /// First element taken, within the chunk.
    pub offset: i64,
    /// The iteration axis that walks it, the first position of the part and their number.
    pub axis: Option<usize>,
    /// See `axis`.
    pub first: i64,
    /// See `axis`.
    pub count: i64,
}

impl Segment {
    /// One point.
    pub fn at(axis: &AxisGrid, point: i64) -> Segment {
        let chunk = axis.chunk_of(point);
        let (low, high) = axis.bounds(chunk);
        Segment {
            chunk,
            chunk_len: high - low,
            low,
            offset: point - low,
            axis: None,
            first: 0,
            count: 1,
        }
    }
}

impl Segment {
    /// The least range of the chunk that holds what is taken of it: its first element within the
    /// chunk, and its length.
    pub fn taken(&self, map: &Affine) -> (i64, i64) {
        let step = self.axis.map_or(0, |axis| map.coefs[axis]);
        let last = self.offset + step * (self.count - 1);
        let low = self.offset.min(last);
        (low, self.offset.max(last) - low + 1)
    }
}

/// The chunks of an axis that a part touches; those without a point are skipped.
pub(crate) fn segments(map: &Affine, axis: &AxisGrid, part: &Box_) -> Result<Vec<Segment>> {
    let start = map.at(&part.from);
    if map.is_constant() {
        return Ok(vec![Segment::at(axis, start)]);
    }
    let k = map
        .only_axis()
        .ok_or_else(|| Error::new(Kind::Internal, "a stored axis under two iteration axes"))?;
    let range = AxisRange {
        start,
        step: map.coefs[k],
        len: part.len[k],
    };
    let (mut found, mut first) = (Vec::new(), 0);
    while first < range.len {
        let one = Segment::at(axis, range.at(first));
        let (_, end) = range.positions_within(one.low, one.low + one.chunk_len);
        found.push(Segment {
            axis: Some(k),
            first,
            count: end - first,
            ..one
        });
        first = end.max(first + 1);
    }
    Ok(found)
}
