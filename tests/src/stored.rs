//! A stored array as tasks meet it: in chunks, or open in memory in either order of its axes.

use tilewright_core::{Block, Grid, Result, Shape, c_strides};
use tilewright_io::memory::MemorySource;
use tilewright_io::{Counters, InPlace, Source, SourceInfo};

/// A stored array in memory, which may lie open beside its chunks.
#[derive(Debug)]
pub struct Stored {
    array: MemorySource,
    open: Option<Open>,
}

/// The elements of an array that lies open, in one order of its axes or another.
#[derive(Debug)]
struct Open {
    bytes: Vec<u8>,
    strides: Shape,
}

impl Open {
    /// The elements of an array in C order, or with the first axis the fastest.
    fn new(block: &Block, fortran: bool) -> Open {
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
        Open { bytes, strides }
    }
}

impl Stored {
    /// The array of these chunks; `open` if it lies open, and whether its first axis is the fastest
    /// then.
    ///
    /// # Errors
    /// As [`MemorySource::new`].
    pub fn new(block: Block, grid: &Grid, open: Option<bool>) -> Result<Stored> {
        let open = open.map(|fortran| Open::new(&block, fortran));
        let array = MemorySource::new(block, grid.clone())?;
        Ok(Stored { array, open })
    }

    /// All elements, in C order.
    pub fn elements(&self) -> &[u8] {
        self.array.in_place().map_or(&[], |place| place.bytes)
    }
}

impl Source for Stored {
    fn info(&self) -> &SourceInfo {
        self.array.info()
    }
    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        self.array.read_chunk(chunk, into, counters)
    }
    fn in_place(&self) -> Option<InPlace<'_>> {
        self.open.as_ref().map(|open| InPlace {
            bytes: &open.bytes,
            strides: open.strides.clone(),
            offset: 0,
        })
    }
    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}
