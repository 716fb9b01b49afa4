//! A stored array as tasks meet it: in chunks, near or distant, or open in memory in either order of
//! its axes and of its bytes.

use tilewright_core::{Block, Grid, Result, Shape, c_strides};
use tilewright_io::memory::MemorySource;
use tilewright_io::{Counters, InPlace, Source, SourceInfo};

/// How a stored array is come by.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// Chunk by chunk.
    Chunks,
    /// Chunk by chunk, which are asked for ahead.
    Distant,
    /// Where it lies open.
    Map {
        /// Whether its first axis is the fastest.
        fortran: bool,
        /// Whether the bytes of each element stand in the other order.
        swapped: bool,
    },
}

/// A stored array in memory, which may lie open beside its chunks.
#[derive(Debug)]
pub struct Stored {
    array: MemorySource,
    info: SourceInfo,
    open: Option<Open>,
}

/// The elements of an array that lies open, in one order of its axes or another.
#[derive(Debug)]
struct Open {
    bytes: Vec<u8>,
    strides: Shape,
    swapped: bool,
}

impl Open {
    /// The elements of an array in C order, or with the first axis the fastest.
    fn new(block: &Block, fortran: bool, swapped: bool) -> Open {
        let (elements, itemsize) = (block.data.as_bytes(), block.dtype.itemsize());
        let shape = &block.shape;
        let c = c_strides(shape);
        let mut strides = c.clone();
        if fortran {
            let turned: Shape = shape.iter().rev().copied().collect();
            strides = c_strides(&turned).into_iter().rev().collect();
        }
        let mut bytes = elements.to_vec();
        for (k, element) in elements.chunks_exact(itemsize).enumerate() {
            let axes = shape.iter().zip(c.iter().zip(&strides));
            let at: i64 = axes
                .map(|(len, (c, stride))| k as i64 / c % len * stride)
                .sum();
            let at = at as usize * itemsize;
            bytes[at..at + itemsize].copy_from_slice(element);
        }
        let swapped = swapped && itemsize > 1;
        if swapped {
            bytes.chunks_exact_mut(itemsize).for_each(<[u8]>::reverse);
        }
        Open {
            bytes,
            strides,
            swapped,
        }
    }
}

impl Stored {
    /// The array of these chunks.
    ///
    /// # Errors
    /// As [`MemorySource::new`].
    pub fn new(block: Block, grid: &Grid, by: By) -> Result<Stored> {
        let open = match by {
            By::Map { fortran, swapped } => Some(Open::new(&block, fortran, swapped)),
            By::Chunks | By::Distant => None,
        };
        let array = MemorySource::new(block, grid.clone())?;
        let mut info = array.info().clone();
        info.distant = matches!(by, By::Distant);
        Ok(Stored { array, info, open })
    }

    /// All elements, in C order.
    pub fn elements(&self) -> &[u8] {
        self.array.in_place().map_or(&[], |place| place.bytes)
    }
}

impl Source for Stored {
    fn info(&self) -> &SourceInfo {
        &self.info
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        self.array.read_chunk(chunk, into, counters)
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        self.open.as_ref().map(|open| InPlace {
            bytes: &open.bytes,
            strides: open.strides.clone(),
            offset: 0,
            swapped: open.swapped,
        })
    }
    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}
