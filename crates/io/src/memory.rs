//! What do a source and a sink mean, in the plainest way?
//!
//! The twins of the stored formats, for tests: an array in memory under any grid, regular or not.

use crate::source::chunk_box;
use crate::{Counters, InPlace, Sink, SinkInfo, Source, SourceInfo, fault, runs};
use std::sync::{Mutex, PoisonError};
use tilewright_core::{Block, Error, Grid, Kind, Result};

/// An array in memory, read by chunks.
#[derive(Debug)]
pub struct MemorySource {
    info: SourceInfo,
    block: Block,
}

impl MemorySource {
    /// The array `block`, cut by `grid`.
    ///
    /// # Errors
    /// [`Kind::Chunks`] if the grid is of another shape.
    pub fn new(block: Block, grid: Grid) -> Result<MemorySource> {
        if grid.shape() != block.shape {
            return Err(Error::new(
                Kind::Chunks,
                format!(
                    "a grid of {:?} does not cut an array of {:?}",
                    grid.shape(),
                    block.shape
                ),
            )
            .way_out("Grid::regular of the array's own shape"));
        }
        let info = SourceInfo::new("memory", block.dtype, grid);
        Ok(MemorySource { info, block })
    }
}

impl Source for MemorySource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let from = runs::strides(&info.shape, itemsize, false);
        let to = runs::strides(&lens, itemsize, false);
        let bytes = &self.block.data.as_bytes()[runs::offset(&starts, &from)..];
        runs::copy_box(&lens, itemsize, bytes, &from, into, &to)?;
        counters.read_chunk(into.len(), into.len());
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        Some(InPlace {
            bytes: self.block.data.as_bytes(),
            strides: tilewright_core::c_strides(&self.info.shape),
            offset: 0,
            swapped: false,
        })
    }

    fn check_identity(&self) -> Result<()> {
        Ok(())
    }
}

/// An array in memory, written by chunks.
#[derive(Debug)]
pub struct MemorySink {
    info: SinkInfo,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    block: Option<Block>,
    finished: bool,
}

impl MemorySink {
    /// An array of zeros that takes the chunks of `grid`, and has its shape.
    ///
    /// # Errors
    /// [`Kind::Shape`] if it is too large.
    pub fn new(dtype: tilewright_core::DType, grid: Grid) -> Result<MemorySink> {
        let shape = grid.shape();
        let block = Block::zeros(dtype, &shape)?;
        let info = SinkInfo {
            uri: "memory".into(),
            format: "memory",
            shape,
            dtype,
            grid,
            encode_bytes: 0,
        };
        let state = Mutex::new(State {
            block: Some(block),
            finished: false,
        });
        Ok(MemorySink { info, state })
    }

    /// The array, once it is finished; `None` before, after an abort, and the second time.
    pub fn take(&self) -> Option<Block> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.finished {
            state.block.take()
        } else {
            None
        }
    }
}

impl Sink for MemorySink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let (info, itemsize) = (&self.info, self.info.dtype.itemsize());
        let (starts, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let finished = state.finished;
        let Some(block) = state.block.as_mut().filter(|_| !finished) else {
            return Err(fault::sink(
                &info.uri,
                "the array is already finished or given up",
            ));
        };
        if elements.is_empty() {
            return Ok(());
        }
        let from = runs::strides(&lens, itemsize, false);
        let to = runs::strides(&info.shape, itemsize, false);
        let bytes = &mut block.data.as_bytes_mut()[runs::offset(&starts, &to)..];
        runs::copy_box(&lens, itemsize, elements, &from, bytes, &to)?;
        counters.wrote(elements.len());
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.block.is_none() && !state.finished {
            return Err(fault::sink(&self.info.uri, "the array was given up"));
        }
        state.finished = true;
        Ok(())
    }

    fn abort(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.finished {
            state.block = None;
        }
    }
}
