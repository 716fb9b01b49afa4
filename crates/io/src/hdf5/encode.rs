//! How is a chunk encoded?
//!
//! A shuffle, deflate and a checksum, as far as they are asked for, or as a dataset that exists has them.
//! Absent: other filters, which are read and not written.

use crate::ArraySpec;
use crate::runs;
use crate::sink::{Codecs, Compression};
use hdf5_reader::messages::filter_pipeline::FilterDescription;
use std::io::{self, Write};
use tilewright_core::{DType, Scalar, Shape, element_count};

/// Largest chunk: its length has 32 bits.
const LARGEST: i64 = u32::MAX as i64 / 2;

/// Memory of an encoder of deflate, rounded up.
const CONTEXT: usize = 1 << 20;

/// Level of deflate where a dataset that exists does not say.
const LEVEL: u32 = 6;

/// A step of encoding.
enum Filter {
    /// The first bytes of all pieces of so many, then the second ones, and so on.
    Shuffle(usize),
    Deflate(u32),
    Fletcher32,
}

/// How a dataset's chunks are encoded.
pub struct Encoder {
    chunk: Vec<u32>,
    whole: Shape,
    dtype: DType,
    big_endian: bool,
    /// One element, in native byte order.
    fill: Vec<u8>,
    filters: Vec<Filter>,
}

impl Encoder {
    /// For chunks of `spec.grid`.
    ///
    /// # Errors
    /// A sentence, if chunks are too large.
    pub fn new(spec: &ArraySpec, codecs: &Codecs) -> Result<Encoder, String> {
        let mut filters = Vec::new();
        if let Compression::Gzip(level) = codecs.compression {
            filters.push(Filter::Shuffle(spec.dtype.itemsize()));
            filters.push(Filter::Deflate(level.min(9)));
        }
        if codecs.checksum {
            filters.push(Filter::Fletcher32);
        }
        Encoder::of((&spec.grid, spec.dtype, spec.fill), false, filters)
    }

    /// For the chunks of a dataset that exists, with these filters.
    ///
    /// # Errors
    /// A sentence, if chunks are too large, or packed in a way that is not written.
    pub fn existing(
        array: (&[i64], DType, Scalar),
        big_endian: bool,
        filters: &[FilterDescription],
    ) -> Result<Encoder, String> {
        let filter = |filter: &FilterDescription| {
            let told = filter.client_data.first().copied();
            Ok(match filter.id {
                1 => Filter::Deflate(told.unwrap_or(LEVEL).min(9)),
                2 => Filter::Shuffle(told.map_or(array.1.itemsize(), |size| size as usize)),
                3 => Filter::Fletcher32,
                _ => return Err("its chunks are packed in a way that is not written".to_owned()),
            })
        };
        let filters = filters.iter().map(filter).collect::<Result<_, _>>()?;
        Encoder::of(array, big_endian, filters)
    }

    fn of(
        (chunk, dtype, fill): (&[i64], DType, Scalar),
        big_endian: bool,
        filters: Vec<Filter>,
    ) -> Result<Encoder, String> {
        let size = dtype.itemsize() as i64;
        let bytes = element_count(chunk).and_then(|count| count.checked_mul(size));
        if bytes.is_none_or(|bytes| bytes > LARGEST) {
            return Err(format!("chunks of shape {chunk:?} are too large"));
        }
        Ok(Encoder {
            chunk: chunk.iter().map(|&len| len as u32).collect(),
            whole: chunk.into(),
            dtype,
            big_endian,
            fill: fill.bits().to_le_bytes()[..size as usize].to_vec(),
            filters,
        })
    }

    /// Lengths of a chunk.
    pub fn chunk(&self) -> &[u32] {
        &self.chunk
    }

    /// The element that was never written, in native byte order.
    pub fn fill(&self) -> &[u8] {
        &self.fill
    }

    /// The filters: numbers, whether a chunk may go without, and what they are told.
    pub fn filters(&self) -> Vec<(u16, bool, Vec<u32>)> {
        let filter = |filter: &Filter| match filter {
            Filter::Shuffle(size) => (2, true, vec![*size as u32]),
            Filter::Deflate(level) => (1, true, vec![*level]),
            Filter::Fletcher32 => (3, false, Vec::new()),
        };
        self.filters.iter().map(filter).collect()
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

    /// How many bytes every chunk becomes, if that does not depend on what is in it.
    pub fn length(&self) -> Option<u64> {
        let longer = |filter: &Filter| match filter {
            Filter::Shuffle(_) => Some(0),
            Filter::Fletcher32 => Some(4),
            Filter::Deflate(_) => None,
        };
        // A single element has no filters.
        let filters = self.filters.iter().filter(|_| !self.whole.is_empty());
        let more: Option<u64> = filters.map(longer).sum();
        more.map(|more| self.bytes() as u64 + more)
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
        runs::make_native(self.dtype, self.big_endian, &mut bytes);
        // A single element is stored in one piece, which has no filters.
        if self.whole.is_empty() {
            return Ok(bytes);
        }
        self.filters.iter().try_fold(bytes, Filter::apply)
    }
}

impl Filter {
    fn apply(mut bytes: Vec<u8>, filter: &Filter) -> io::Result<Vec<u8>> {
        match filter {
            Filter::Shuffle(size) => Ok(shuffled(&bytes, *size)),
            Filter::Deflate(level) => {
                let level = flate2::Compression::new(*level);
                let packed = Vec::with_capacity(bytes.len());
                let mut encoder = flate2::write::ZlibEncoder::new(packed, level);
                encoder.write_all(&bytes)?;
                encoder.finish()
            }
            Filter::Fletcher32 => {
                let checksum = hdf5_reader::checksum::fletcher32(&bytes);
                bytes.extend(checksum.to_le_bytes());
                Ok(bytes)
            }
        }
    }
}

/// The first bytes of all pieces of `size`, then the second ones, and so on; what is left stays behind.
fn shuffled(bytes: &[u8], size: usize) -> Vec<u8> {
    let size = size.max(1);
    let pieces = bytes.chunks_exact(size);
    let mut planes = Vec::with_capacity(bytes.len());
    for k in 0..size {
        planes.extend(pieces.clone().map(|piece| piece[k]));
    }
    planes.extend(pieces.remainder());
    planes
}
