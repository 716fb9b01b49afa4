//! How are stored bytes decoded without trusting them?
//!
//! | file | question |
//! |---|---|
//! | `step` | how is one step undone? |
//! | `streams` | how is a compressed stream undone? |
//! | `bitshuffle` | how is a chunk undone whose bits were put together? |
//! | `blosc` | how is a chunk of blosc undone? |
//! | `checksum` | are bytes those that were written? |
//! | `filters` | how are HDF5's small filters undone? |
//! | `numbers` | how are filters undone that count with the elements? |
//! | `image` | how are the steps of images undone? |
//! | `encoding` | how does a stored chunk become elements? |
//!
//! Here: how a chain of steps is undone. A buffer is taken only if the steps can at all make that
//! much of the bytes that are there. Absent: which steps a format names, and encoding.

mod bitshuffle;
mod blosc;
mod checksum;
mod encoding;
mod filters;
mod image;
mod numbers;
mod step;
mod streams;

pub use bitshuffle::{Bitshuffle, Inner};
pub use checksum::{Checksum, Sum};
pub use encoding::{Encoding, LARGEST_CHUNK};
pub use image::Rows;
pub use numbers::{Elements, How, Recount};
pub use step::{Length, Step};

use crate::file;
use std::borrow::Cow;

/// How many bytes each step's input has, the decoded chunk's first: one more than steps.
pub fn lengths(steps: &[Step], decoded: usize) -> Vec<Length> {
    let mut lengths = vec![Length::Exactly(decoded)];
    for step in steps {
        let last = lengths.last().copied().unwrap_or(Length::Exactly(decoded));
        lengths.push(step.encoded(last));
    }
    lengths
}

/// Upper bound of the bytes that [`undo`] allocates for a chunk of `decoded` bytes.
pub fn working_bytes(steps: &[Step], decoded: usize) -> usize {
    let lengths = lengths(steps, decoded);
    let between = lengths.iter().skip(1).rev().skip(1);
    let between = between.fold(0, |sum: usize, length| sum.saturating_add(length.most()));
    let most = steps
        .iter()
        .zip(&lengths)
        .map(|(step, &length)| step.working(length))
        .max();
    between.saturating_add(most.unwrap_or(0))
}

/// Undoes all steps: fills `into`, or says what is wrong. Ask [`check_claim`] first.
///
/// # Errors
/// A sentence: which step failed and why.
pub fn undo(steps: &[Step], encoded: &[u8], into: &mut [u8]) -> Result<(), String> {
    let lengths = lengths(steps, into.len());
    let mut current = Cow::Borrowed(encoded);
    for (k, step) in steps.iter().enumerate().rev() {
        let tell = |error: String| format!("{} cannot be undone: {error}", step.name());
        if k == 0 {
            let len = step.decode(&current, into).map_err(tell)?;
            if len != into.len() {
                return Err(format!("it decodes to {len} bytes, not {}", into.len()));
            }
            return Ok(());
        }
        let most = lengths[k].most().min(limit(step, current.len()));
        let mut room = file::buffer("", most).map_err(|error| error.message().to_owned())?;
        let len = step.decode(&current, &mut room).map_err(tell)?;
        if !lengths[k].fits(len) {
            return Err(tell(format!("it gives {len} bytes")));
        }
        room.truncate(len);
        current = Cow::Owned(room);
    }
    if current.len() != into.len() {
        return Err(format!(
            "it has {} bytes, not {}",
            current.len(),
            into.len()
        ));
    }
    into.copy_from_slice(&current);
    Ok(())
}

/// The most that a step can make of so many bytes.
fn limit(step: &Step, encoded: usize) -> usize {
    encoded.saturating_add(4).saturating_mul(step.ratio())
}

/// Whether `encoded` bytes can at all hold `decoded` bytes; to be asked before taking memory.
///
/// # Errors
/// A sentence, if not.
pub fn check_claim(steps: &[Step], encoded: usize, decoded: usize) -> Result<(), String> {
    let most = steps
        .iter()
        .rev()
        .fold(encoded, |len, step| limit(step, len));
    let least = if steps.iter().all(Step::is_exact) {
        // Nothing is compressed: the length is known to the byte.
        let exact = lengths(steps, decoded)
            .last()
            .map_or(decoded, |length| length.most());
        encoded == exact
    } else {
        decoded <= most
    };
    if least {
        return Ok(());
    }
    Err(format!(
        "{encoded} stored bytes cannot hold a chunk of {decoded} bytes"
    ))
}
