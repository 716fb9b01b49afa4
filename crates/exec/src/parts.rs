//! What does a task make of stages that are computed within it?
//!
//! Of each the part that it reads, in the order of the plan, each in memory of its own. Absent: which
//! part that is, which the plan says.

use crate::account::Held;
use crate::bind::Resident;
use crate::boxes::Box_;
use crate::gather::Layout;
use crate::raw;
use crate::stage::Running;
use crate::task::{call, operands};
use crate::worker::Worker;
use tilewright_core::{Result, c_strides};
use tilewright_plan::affine::Affine;
use tilewright_plan::lower::Range;

/// A part of the output of a stage.
pub struct Part {
    /// The position of the stage.
    pub stage: usize,
    /// Where it lies in the output.
    of: Box_,
    /// Its elements, in C order.
    held: Held,
}

impl Part {
    /// No part of a stage.
    pub fn new(stage: usize, held: Held) -> Part {
        let of = Box_ {
            from: [].into_iter().collect(),
            len: [].into_iter().collect(),
        };
        Part { stage, of, held }
    }

    /// The elements as those of the whole output are found.
    pub fn resident(&self) -> Resident<'_> {
        let strides = c_strides(&self.of.len);
        let start = strides.iter().zip(&self.of.from);
        Resident {
            bytes: self.held.bytes(),
            layout: Layout {
                start: -start.map(|(stride, from)| stride * from).sum::<i64>(),
                strides,
            },
        }
    }
}

/// The parts that a box of iterations of a stage reads, with the stages they are of.
pub(crate) fn boxes<'a>(
    running: &'a Running<'_>,
    of: &'a Box_,
) -> impl Iterator<Item = (&'a Running<'a>, Box_)> {
    running.parts.iter().filter_map(|part| {
        let within = part.stage.within.as_ref()?;
        let (from, len) = within.part(&of.from, &of.len, &part.stage.domain);
        Some((part, Box_ { from, len }))
    })
}

/// Makes what a box of iterations reads.
///
/// # Errors
/// As those of tasks.
pub(crate) fn make(running: &Running<'_>, worker: &mut Worker, of: &Box_) -> Result<()> {
    let Worker {
        parts,
        within,
        chunk,
        ..
    } = worker;
    for (k, (part, of)) in boxes(running, of).enumerate() {
        let (before, behind) = parts.split_at_mut(k);
        let (own, made) = (&mut within[k], &mut behind[0]);
        let elements = of.len.iter().product::<i64>() as usize;
        if elements > 0 {
            let memory = (&mut own.tiles[..], &mut *chunk);
            let mut bound = operands(part, before, memory, &of, &of.from)?;
            let itemsize = part.stage.outputs[0].dtype.itemsize();
            made.held.resize(elements * itemsize);
            bound.buffers.push(raw::writable(made.held.bytes_mut()));
            bound.maps.push(Affine {
                base: 0,
                coefs: c_strides(&of.len),
            });
            call(part, own, &of.len, Range::default(), bound)?;
        }
        made.of = of;
    }
    Ok(())
}
