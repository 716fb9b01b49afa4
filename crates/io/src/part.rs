//! Where in an array does a part go, and what becomes of a stored chunk that it covers in part?
//!
//! Such a chunk is read, merged with the part's elements, and written whole by the one task that has
//! these. Absent: how a chunk is written, and how the array becomes what it is in the end.

use crate::source::Source;
use crate::{ArraySpec, Counters, Part, fault, runs};
use tilewright_core::{AxisRange, DType, Error, Grid, Result, Shape, element_count};

/// There is no such array.
pub fn missing(uri: &str) -> Error {
    fault::sink(uri, "there is no array to write a part of").way_out("store a whole array first")
}

/// Where a part lies in the stored chunks of an array.
pub struct Covering {
    /// The array's shape, when the part is there.
    pub shape: Shape,
    /// Lengths of a stored chunk.
    pub whole: Shape,
    /// The part, cut where stored chunks end.
    pub grid: Grid,
    /// The part's first element.
    from: Shape,
    /// The element that was never written, in native byte order.
    fill: Vec<u8>,
}

/// A stored chunk, the first element that the part has of it, and the part's lengths in it.
pub struct Stored {
    pub chunk: Shape,
    start: Shape,
    lens: Shape,
}

impl Covering {
    /// The part that goes at `from` into chunks of lengths `whole`.
    pub fn new(
        spec: &ArraySpec,
        (from, shape): (Shape, Shape),
        whole: Shape,
        fill: Vec<u8>,
    ) -> Covering {
        let chunks = Grid::regular(&shape, &whole);
        let ranges = from.iter().zip(&spec.shape);
        let axes = chunks.axes.iter().zip(ranges);
        let axes = axes.map(|(axis, (&from, &len))| axis.slice(AxisRange::new(from, 1, len)));
        Covering {
            grid: Grid {
                axes: axes.collect(),
            },
            shape,
            whole,
            from,
            fill,
        }
    }

    /// Upper bound of the bytes that [`Covering::merged`] allocates: what is read, and what it goes into.
    pub fn merging_bytes(&self, old: &dyn Source) -> u64 {
        let whole = element_count(&self.whole).unwrap_or(i64::MAX) as u64;
        let whole = whole.saturating_mul(self.fill.len() as u64);
        old.info()
            .decode_bytes
            .saturating_add(whole.saturating_mul(2))
    }

    /// The stored chunk that a chunk of the part lies in.
    pub fn stored(&self, chunk: &[i64]) -> Stored {
        let mut stored = Stored {
            chunk: Shape::new(),
            start: Shape::new(),
            lens: Shape::new(),
        };
        for (axis, &k) in chunk.iter().enumerate() {
            let (from, to) = self.grid.axes[axis].bounds(k);
            let start = self.from[axis] + from;
            stored.chunk.push(start / self.whole[axis]);
            stored.start.push(start);
            stored.lens.push(to - from);
        }
        stored
    }

    /// The stored chunk with the part's elements in it, and its lengths within the array.
    ///
    /// # Errors
    /// Those of reading what is there.
    pub fn merged(
        &self,
        old: &dyn Source,
        stored: &Stored,
        elements: &[u8],
        counters: &Counters,
    ) -> Result<(Shape, Vec<u8>)> {
        let size = self.fill.len();
        let lens = stored.chunk.iter().zip(&self.whole);
        let first: Shape = lens.map(|(k, n)| k * n).collect();
        let ends = first.iter().zip(&self.whole).zip(&self.shape);
        let whole: Shape = ends.map(|((a, n), len)| (*n).min(len - a)).collect();
        if whole == stored.lens {
            return Ok((whole, elements.to_vec()));
        }
        let bytes = whole.iter().product::<i64>() as usize * size;
        let mut into = crate::file::buffer(&old.info().uri, bytes)?;
        runs::fill(&mut into, &self.fill);
        let strides = runs::strides(&whole, size, false);
        let mut put = |start: &[i64], lens: &[i64], from: &[u8]| {
            let at: Shape = start.iter().zip(&first).map(|(a, b)| a - b).collect();
            let into = &mut into[runs::offset(&at, &strides)..];
            let from_strides = runs::strides(lens, size, false);
            runs::copy_box(lens, size, from, &from_strides, into, &strides)
        };
        self.each_old(old, &first, counters, &mut put)?;
        put(&stored.start, &stored.lens, elements)?;
        Ok((whole, into))
    }

    /// Every chunk that the array has within the stored chunk at `first`.
    fn each_old(
        &self,
        old: &dyn Source,
        first: &[i64],
        counters: &Counters,
        put: &mut impl FnMut(&[i64], &[i64], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let info = old.info();
        let mut ranges = Vec::new();
        for (axis, &from) in first.iter().enumerate() {
            let end = (from + self.whole[axis]).min(info.shape[axis]);
            if end <= from {
                return Ok(());
            }
            let axis = &info.grid.axes[axis];
            ranges.push((axis.chunk_of(from), axis.chunk_of(end - 1) + 1));
        }
        let counts = ranges.iter().map(|(from, to)| to - from);
        for number in 0..counts.product::<i64>() {
            let (mut rest, mut chunk) = (number, Shape::from_elem(0, ranges.len()));
            for (axis, (from, to)) in ranges.iter().enumerate().rev() {
                chunk[axis] = from + rest % (to - from);
                rest /= to - from;
            }
            let axes = chunk.iter().zip(&info.grid.axes);
            let bounds = axes.map(|(&k, axis)| axis.bounds(k));
            let (start, lens): (Shape, Shape) = bounds.map(|(a, b)| (a, b - a)).unzip();
            let bytes = lens.iter().product::<i64>() as usize * info.dtype.itemsize();
            let mut elements = crate::file::buffer(&info.uri, bytes)?;
            old.read_chunk(&chunk, &mut elements, counters)?;
            put(&start, &lens, &elements)?;
        }
        Ok(())
    }
}

/// The part's first element in an array of this shape and dtype, and the array's shape in the end.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the part does not fit, with what would.
pub fn place(
    uri: &str,
    spec: &ArraySpec,
    (have, dtype): (&Shape, DType),
) -> Result<(Shape, Shape)> {
    let refuse = |message: String, way_out: String| {
        let error = fault::sink(uri, message).fact("stored", format!("{have:?}"));
        Err(error
            .fact("part", format!("{:?}", spec.shape))
            .way_out(way_out))
    };
    if spec.dtype != dtype {
        let message = format!("an array of {} takes no {}", dtype, spec.dtype);
        return refuse(message, format!("astype({})", dtype));
    }
    if have.is_empty() && matches!(spec.part, Part::Append(_)) {
        let message = "an array without axes holds one element, and nothing is appended to it";
        return refuse(message.into(), "--overwrite, or another name".into());
    }
    if spec.shape.len() != have.len() {
        let message = format!(
            "a part of {} axes for an array of {}",
            spec.shape.len(),
            have.len()
        );
        let way_out = match spec.shape.len() < have.len() {
            true => "x[None] or expand_dims(x, axis), which add axes of length 1",
            false => "x[0] or squeeze(x), which drop axes",
        };
        return refuse(message, way_out.into());
    }
    match &spec.part {
        Part::Append(axis) => {
            let mut shape = have.clone();
            let fits = |(k, (a, b)): (usize, (&i64, &i64))| k == *axis || a == b;
            if *axis >= have.len() {
                let message = format!("the array has no axis {axis}");
                return refuse(message, format!("--append {}", have.len() - 1));
            }
            let mut lens = have.iter().zip(&spec.shape).enumerate();
            if let Some((k, (have, is))) = lens.find(|&pair| !fits(pair)) {
                let message = format!(
                    "what is appended along axis {axis} has {is} elements along axis {k}, and the array {have}"
                );
                return refuse(
                    message,
                    format!("{have} elements along axis {k}: a slice, or pad"),
                );
            }
            let mut from = Shape::from_elem(0, have.len());
            from[*axis] = have[*axis];
            shape[*axis] = have[*axis].saturating_add(spec.shape[*axis]);
            if element_count(&shape).is_none() {
                return refuse(
                    "the array would be too large to count".into(),
                    "less".into(),
                );
            }
            Ok((from, shape))
        }
        Part::Region(slices) => {
            let ranges = slices
                .iter()
                .zip(have)
                .map(|(slice, &len)| slice.resolve(len));
            let ranges: Vec<AxisRange> = ranges.collect::<Result<_>>()?;
            if ranges.iter().any(|range| range.step != 1 && range.len > 1) {
                return refuse("a region with steps".into(), "slices of step 1".into());
            }
            let lens: Shape = ranges.iter().map(|range| range.len).collect();
            if lens != spec.shape {
                let message = format!("the region has shape {lens:?}");
                return refuse(message, "a region of the part's shape".into());
            }
            Ok((
                ranges.iter().map(|range| range.start).collect(),
                have.clone(),
            ))
        }
        Part::Whole => refuse("this is the whole array".into(), "a part".into()),
    }
}
