//! How does a stored chunk become elements?
//!
//! Its steps are undone into the destination, or into a buffer of the whole chunk where the chunk
//! hangs over the array's edge or its axes are in another order. Absent: where the bytes are.

use super::{Step, check_claim, lengths, undo, working_bytes};
use crate::file::Input;
use crate::files::Reach;
use crate::ranges::FileBox;
use crate::{file, runs};
use std::borrow::Cow;
use tilewright_core::{DType, Result, Shape, element_count};

/// Largest chunk, in bytes. Decoders fill a buffer of a chunk's size, and blosc stops at 2 GiB.
pub const LARGEST_CHUNK: i64 = 4 << 30;

/// How every chunk of an array is stored.
pub struct Encoding {
    dtype: DType,
    /// Lengths of a chunk, before clipping.
    chunk: Shape,
    /// Byte strides of a decoded chunk, along the array's axes.
    strides: Vec<usize>,
    /// Bytes of a decoded chunk, before clipping.
    bytes: usize,
    /// The most bytes that an encoded chunk can have.
    most: usize,
    c_order: bool,
    big_endian: bool,
    steps: Vec<Step>,
}

impl Encoding {
    /// Chunks of lengths `chunk`, axis `k` of which is axis `order[k]` of the array.
    ///
    /// # Errors
    /// A sentence, if they have more than [`LARGEST_CHUNK`] bytes.
    pub fn new(
        dtype: DType,
        chunk: Shape,
        order: &[usize],
        steps: Vec<Step>,
        big_endian: bool,
    ) -> Result<Encoding, String> {
        let bytes = element_count(&chunk)
            .and_then(|count| count.checked_mul(dtype.itemsize() as i64))
            .filter(|&bytes| bytes <= LARGEST_CHUNK)
            .ok_or_else(|| {
                format!("a chunk of shape {chunk:?} has more than {LARGEST_CHUNK} bytes")
            })? as usize;
        let stored: Shape = order.iter().map(|&axis| chunk[axis]).collect();
        let mut strides = vec![0; chunk.len()];
        let along = runs::strides(&stored, dtype.itemsize(), false);
        for (&axis, stride) in order.iter().zip(along) {
            strides[axis] = stride;
        }
        let most = lengths(&steps, bytes)
            .last()
            .map_or(0, |length| length.most());
        Ok(Encoding {
            dtype,
            chunk,
            strides,
            bytes,
            most,
            c_order: order.is_sorted(),
            big_endian,
            steps,
        })
    }

    /// Bytes of a decoded chunk, before clipping.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Upper bound of the bytes that fetching and decoding a chunk of an array of this shape
    /// allocates.
    pub fn decode_bytes(&self, shape: &[i64], reach: Reach) -> usize {
        let clipped = shape
            .iter()
            .zip(&self.chunk)
            .any(|(len, chunk)| len % chunk != 0);
        let direct = !clipped && self.c_order;
        let plain = self.steps.is_empty();
        let parts = [
            // A part of a bare chunk is read in pieces; behind a network a chunk is asked for whole.
            if direct && plain && !reach.distant {
                self.bytes.min(reach.piece)
            } else {
                self.most
            },
            if direct || plain { 0 } else { self.bytes },
            working_bytes(&self.steps, self.bytes),
            reach.beside,
        ];
        parts.iter().fold(0, |sum, &part| sum.saturating_add(part))
    }

    /// The most bytes that a stored chunk can have.
    pub fn most(&self) -> u64 {
        self.most as u64
    }

    /// Whether so many stored bytes can be a chunk; to be asked before they are read.
    ///
    /// # Errors
    /// A sentence, if not.
    pub fn check(&self, encoded: u64) -> Result<(), String> {
        if encoded > self.most as u64 {
            return Err(format!(
                "the stored chunk has {encoded} bytes, and at most {} are possible",
                self.most
            ));
        }
        Ok(())
    }

    /// Whether the stored bytes of a chunk of lengths `lens` are its elements as they are wanted,
    /// but for [`Encoding::finish`].
    pub fn is_plain(&self, lens: &[i64]) -> bool {
        self.c_order && self.steps.is_empty() && *self.chunk == *lens
    }

    /// Whether nothing was done to stored chunks that a part of one could not do without.
    pub fn is_bare(&self) -> bool {
        self.steps.is_empty()
    }

    /// Decodes a chunk of lengths `lens`; step `k` was not applied where bit `k` of `skip` is set.
    ///
    /// # Errors
    /// A sentence: what is wrong with the bytes.
    pub fn decode(
        &self,
        stored: &[u8],
        skip: u32,
        lens: &[i64],
        into: &mut [u8],
    ) -> Result<(), String> {
        let steps = self.applied(skip);
        check_claim(&steps, stored.len(), self.bytes)?;
        if self.c_order && *self.chunk == *lens {
            undo(&steps, stored, into)?;
        } else {
            let whole = if steps.is_empty() {
                Cow::Borrowed(stored)
            } else {
                let mut whole = file::buffer("", self.bytes).map_err(|e| e.message().to_owned())?;
                undo(&steps, stored, &mut whole)?;
                Cow::Owned(whole)
            };
            let to = runs::strides(lens, self.dtype.itemsize(), false);
            runs::copy_box(
                lens,
                self.dtype.itemsize(),
                &whole,
                &self.strides,
                into,
                &to,
            )
            .map_err(|error| error.message().to_owned())?;
        }
        self.finish(into);
        Ok(())
    }

    /// Reads a box of the bare chunk that stands in `len` bytes at byte `at` of a file, and gives how
    /// many bytes were read; `None` if it is not bare.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the file ends before, or cannot be read.
    pub fn read_part(
        &self,
        input: &Input,
        (at, len): (u64, u64),
        (start, lens): (&[i64], &[i64]),
        into: &mut [u8],
    ) -> Result<Option<usize>> {
        if !self.steps.is_empty() || len != self.bytes as u64 {
            return Ok(None);
        }
        let part = FileBox {
            input,
            itemsize: self.dtype.itemsize(),
            lens,
            strides: &self.strides,
        };
        let read = part.read(at + runs::offset(start, &self.strides) as u64, into)?;
        self.finish(into);
        Ok(Some(read))
    }

    /// Turns stored elements to native ones.
    pub fn finish(&self, into: &mut [u8]) {
        runs::make_native(self.dtype, self.big_endian, into);
    }

    /// The steps that were applied.
    fn applied(&self, skip: u32) -> Cow<'_, [Step]> {
        if skip == 0 {
            return Cow::Borrowed(&self.steps);
        }
        let kept = self.steps.iter().enumerate();
        let kept = kept.filter(|(k, _)| skip.checked_shr(*k as u32).unwrap_or(0) & 1 == 0);
        Cow::Owned(kept.map(|(_, step)| step.clone()).collect())
    }
}
