//! Where in an array does a part go, and does it fit there?
//!
//! Absent: how it is written.

use super::metadata::Metadata;
use crate::{ArraySpec, Part, fault};
use tilewright_core::{AxisRange, Result, Shape, element_count};

/// The part's first element in the array, and the array's shape in the end.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if the part does not fit, with what would.
pub fn of(uri: &str, spec: &ArraySpec, metadata: &Metadata) -> Result<(Shape, Shape)> {
    let have = &metadata.shape;
    let refuse = |message: String, way_out: String| {
        let error = fault::sink(uri, message).fact("stored", format!("{have:?}"));
        Err(error
            .fact("part", format!("{:?}", spec.shape))
            .way_out(way_out))
    };
    if spec.dtype != metadata.dtype {
        let message = format!("an array of {} takes no {}", metadata.dtype, spec.dtype);
        return refuse(message, format!("astype({})", metadata.dtype));
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
