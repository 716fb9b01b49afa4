//! How is a chunk, or a shard of chunks, encoded?
//!
//! Chunks that hang over the array's edge are padded with the fill value. Absent: codecs that the
//! reader knows and nobody writes.

use super::blosc;
use crate::runs;
use crate::sink::{Codecs, Compression};
use std::io::{self, Write};
use tilewright_core::{Shape, element_count};

/// How an array's chunks are encoded.
pub struct Encoder {
    /// Lengths of what is encoded, before clipping: a chunk, or a shard.
    pub whole: Shape,
    /// Lengths of a chunk within a shard.
    pub inner: Option<Shape>,
    /// One element, which pads.
    pub fill: Vec<u8>,
    /// What is done to a chunk's bytes.
    pub codecs: Codecs,
}

/// Marks a chunk that a shard lacks.
const MISSING: [u8; 16] = [0xff; 16];

/// Memory of an encoder, rounded up: zstd at its lowest levels, deflate.
const CONTEXT: usize = 2 << 20;

impl Encoder {
    /// Upper bound of the bytes that encoding allocates: what is padded, and what comes of it.
    pub fn working_bytes(&self) -> usize {
        let bytes = self.bytes(&self.whole);
        let inner = self.inner.as_ref().map_or(0, |inner| self.bytes(inner));
        let most = bytes.saturating_add(bytes / 8).saturating_add(64 << 10);
        let parts = [
            bytes,
            most,
            inner,
            inner + inner / 8,
            match self.codecs.compression {
                Compression::Blosc(how) => blosc::working_bytes(how, bytes),
                _ => CONTEXT,
            },
            self.index_bytes(),
        ];
        parts
            .iter()
            .fold(0, |sum: usize, &part| sum.saturating_add(part))
    }

    fn bytes(&self, lens: &[i64]) -> usize {
        element_count(lens).unwrap_or(0) as usize * self.fill.len()
    }

    /// Chunks along each axis of a shard.
    fn counts(&self, inner: &[i64]) -> Shape {
        self.whole
            .iter()
            .zip(inner)
            .map(|(shard, chunk)| shard / chunk)
            .collect()
    }

    fn index_bytes(&self) -> usize {
        let count = |inner: &Shape| element_count(&self.counts(inner)).unwrap_or(0) as usize;
        self.inner.as_ref().map_or(0, |inner| 16 * count(inner) + 4)
    }

    /// Encodes a chunk (or shard) of lengths `lens`.
    ///
    /// # Errors
    /// If memory is refused, or an encoder fails.
    pub fn encode(&self, lens: &[i64], elements: &[u8]) -> io::Result<Vec<u8>> {
        let padded;
        let whole = if *lens == *self.whole {
            elements
        } else {
            let mut room = filled(self.bytes(&self.whole), &self.fill)?;
            copy(
                self.fill.len(),
                lens,
                elements,
                lens,
                &mut room,
                &self.whole,
            )?;
            padded = room;
            &padded
        };
        match &self.inner {
            None => self.pack(whole),
            Some(inner) => self.shard(whole, inner),
        }
    }

    /// A shard: its chunks, then where they stand, then a checksum of that.
    fn shard(&self, whole: &[u8], inner: &Shape) -> io::Result<Vec<u8>> {
        let size = self.fill.len();
        let strides = runs::strides(&self.whole, size, false);
        let counts = self.counts(inner);
        let mut chunk = filled(self.bytes(inner), &self.fill)?;
        let (mut out, mut index) = (Vec::new(), Vec::with_capacity(self.index_bytes()));
        for number in 0..element_count(&counts).unwrap_or(0) {
            let mut rest = number;
            let mut at = Shape::from_elem(0, counts.len());
            for axis in (0..counts.len()).rev() {
                at[axis] = rest % counts[axis] * inner[axis];
                rest /= counts[axis];
            }
            let from = &whole[runs::offset(&at, &strides)..];
            copy(size, inner, from, &self.whole, &mut chunk, inner)?;
            if chunk.chunks_exact(size).all(|element| element == self.fill) {
                index.extend(MISSING);
                continue;
            }
            let packed = self.pack(&chunk)?;
            index.extend((out.len() as u64).to_le_bytes());
            index.extend((packed.len() as u64).to_le_bytes());
            out.extend(packed);
        }
        let checksum = crc32c::crc32c(&index);
        out.extend(index);
        out.extend(checksum.to_le_bytes());
        Ok(out)
    }

    /// A chunk's bytes, compressed and sealed.
    fn pack(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut packed = match self.codecs.compression {
            Compression::None => bytes.to_vec(),
            Compression::Zstd(level) => zstd::bulk::compress(bytes, level)?,
            Compression::Gzip(level) => {
                let level = flate2::Compression::new(level);
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(bytes)?;
                encoder.finish()?
            }
            Compression::Blosc(how) => blosc::pack(how, self.fill.len(), bytes)?,
        };
        if self.codecs.checksum {
            let checksum = crc32c::crc32c(&packed);
            packed.extend(checksum.to_le_bytes());
        }
        Ok(packed)
    }
}

/// Room for so many bytes, filled with an element.
fn filled(bytes: usize, element: &[u8]) -> io::Result<Vec<u8>> {
    let mut room = Vec::new();
    room.try_reserve_exact(bytes)
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    room.resize(bytes, 0);
    runs::fill(&mut room, element);
    Ok(room)
}

/// Copies a box of `lens` from an array of shape `from_shape` to one of `to_shape`.
fn copy(
    size: usize,
    lens: &[i64],
    from: &[u8],
    from_shape: &[i64],
    to: &mut [u8],
    to_shape: &[i64],
) -> io::Result<()> {
    let from_strides = runs::strides(from_shape, size, false);
    let to_strides = runs::strides(to_shape, size, false);
    runs::copy_box(lens, size, from, &from_strides, to, &to_strides).map_err(io::Error::other)
}
