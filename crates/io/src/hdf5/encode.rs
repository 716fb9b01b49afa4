//! How is a chunk encoded?
//!
//! A shuffle, deflate and a checksum, as far as they are asked for. Absent: other filters, which
//! are read and not written.

use crate::ArraySpec;
use crate::runs;
use crate::sink::{Codecs, Compression};
use std::io::{self, Write};
use tilewright_core::{Shape, element_count};

/// Largest chunk: its length has 32 bits.
const LARGEST: i64 = u32::MAX as i64 / 2;

/// Memory of an encoder of deflate, rounded up.
const CONTEXT: usize = 1 << 20;

/// How a dataset's chunks are encoded.
pub struct Encoder {
    chunk: Vec<u32>,
    whole: Shape,
    fill: Vec<u8>,
    deflate: Option<u32>,
    checksum: bool,
}

impl Encoder {
    /// For chunks of `spec.grid`.
    ///
    /// # Errors
    /// A sentence, if chunks are too large.
    pub fn new(spec: &ArraySpec, codecs: &Codecs) -> Result<Encoder, String> {
        let size = spec.dtype.itemsize() as i64;
        let bytes = element_count(&spec.grid).and_then(|count| count.checked_mul(size));
        if bytes.is_none_or(|bytes| bytes > LARGEST) {
            return Err(format!("chunks of shape {:?} are too large", spec.grid));
        }
        Ok(Encoder {
            chunk: spec.grid.iter().map(|&len| len as u32).collect(),
            whole: spec.grid.clone(),
            fill: spec.fill.bits().to_le_bytes()[..size as usize].to_vec(),
            deflate: match codecs.compression {
                Compression::Gzip(level) => Some(level.min(9)),
                _ => None,
            },
            checksum: codecs.checksum,
        })
    }

    /// Lengths of a chunk.
    pub fn chunk(&self) -> &[u32] {
        &self.chunk
    }

    /// The filters: numbers, whether a chunk may go without, and what they are told.
    pub fn filters(&self) -> Vec<(u16, bool, Vec<u32>)> {
        let mut filters = Vec::new();
        if let Some(level) = self.deflate {
            filters.push((2, true, vec![self.fill.len() as u32]));
            filters.push((1, true, vec![level]));
        }
        if self.checksum {
            filters.push((3, false, Vec::new()));
        }
        filters
    }

    /// Upper bound of the bytes that encoding allocates: what is padded, what is shuffled, and what
    /// comes of it.
    pub fn working_bytes(&self) -> usize {
        let bytes = self.bytes();
        3 * bytes + bytes / 8 + CONTEXT
    }

    fn bytes(&self) -> usize {
        element_count(&self.whole).unwrap_or(0) as usize * self.fill.len()
    }

    /// Encodes a chunk of lengths `lens`.
    ///
    /// # Errors
    /// If memory is refused.
    pub fn encode(&self, lens: &[i64], elements: &[u8]) -> io::Result<Vec<u8>> {
        let size = self.fill.len();
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(self.bytes())
            .map_err(|_| io::ErrorKind::OutOfMemory)?;
        bytes.resize(self.bytes(), 0);
        if *lens == *self.whole {
            bytes.copy_from_slice(elements);
        } else {
            runs::fill(&mut bytes, &self.fill);
            let from = runs::strides(lens, size, false);
            let to = runs::strides(&self.whole, size, false);
            runs::copy_box(lens, size, elements, &from, &mut bytes, &to)
                .map_err(io::Error::other)?;
        }
        // A single element is stored in one piece, which has no filters.
        if self.whole.is_empty() {
            return Ok(bytes);
        }
        if let Some(level) = self.deflate {
            let level = flate2::Compression::new(level);
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(&shuffled(&bytes, size))?;
            bytes = encoder.finish()?;
        }
        if self.checksum {
            let checksum = hdf5_reader::checksum::fletcher32(&bytes);
            bytes.extend(checksum.to_le_bytes());
        }
        Ok(bytes)
    }
}

/// The first bytes of all elements, then the second ones, and so on.
fn shuffled(bytes: &[u8], size: usize) -> Vec<u8> {
    let plane = |k: usize| bytes.iter().skip(k).step_by(size);
    (0..size).flat_map(plane).copied().collect()
}
