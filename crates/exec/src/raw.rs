//! The unsafe parts: outputs that several tasks fill, and the call of a kernel.
#![allow(
    unsafe_code,
    reason = "compiled kernels take raw pointers; tasks share an output"
)]

use std::sync::Arc;
use tilewright_core::{Block, Error, Kind, Result, Shape};
use tilewright_jit::Compiled;
use tilewright_kernel::Kernel;
use tilewright_kernel::interp::{self, Call, RawBuffer};

/// An array that tasks fill, each its own elements.
pub struct Shared {
    /// Keeps the memory; touched through `at` alone until [`Shared::into_block`].
    block: Block,
    at: *mut u8,
}

// SAFETY: tasks write disjoint elements, as the tiles of a stage do not overlap, and nobody reads
// before the last task is done.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// The block, shared for writing.
    pub fn new(mut block: Block) -> Shared {
        let at = block.data.as_bytes_mut().as_mut_ptr();
        Shared { block, at }
    }

    /// The memory as a kernel argument.
    pub fn raw(&self) -> RawBuffer {
        RawBuffer {
            ptr: self.at,
            len: self.block.data.len(),
        }
    }

    /// Element type size.
    pub fn itemsize(&self) -> usize {
        self.block.dtype.itemsize()
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &Shape {
        &self.block.shape
    }

    /// Writes `bytes` at a byte offset.
    ///
    /// # Errors
    /// [`Kind::Internal`] past the end.
    pub fn write(&self, offset: usize, bytes: &[u8]) -> Result<()> {
        let end = offset.checked_add(bytes.len());
        if end.is_none_or(|end| end > self.block.data.len()) {
            return Err(Error::new(
                Kind::Internal,
                "a tile reaches outside its output",
            ));
        }
        // SAFETY: in bounds as just checked; the tile is this task's alone.
        unsafe {
            self.at
                .add(offset)
                .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len())
        };
        Ok(())
    }

    /// The filled block.
    pub fn into_block(self) -> Block {
        self.block
    }
}

/// How a stage's kernel runs.
pub enum Code {
    /// Machine code.
    Compiled(Arc<Compiled>),
    /// The interpreter.
    Interpreted,
}

/// Memory that a kernel reads; it is never written through the pointer.
pub fn readable(bytes: &[u8]) -> RawBuffer {
    RawBuffer {
        ptr: bytes.as_ptr().cast_mut(),
        len: bytes.len(),
    }
}

/// Memory that a kernel writes.
pub fn writable(bytes: &mut [u8]) -> RawBuffer {
    RawBuffer {
        ptr: bytes.as_mut_ptr(),
        len: bytes.len(),
    }
}

/// Runs a kernel.
///
/// # Errors
/// Whatever the interpreter finds; compiled code finds nothing.
pub fn call(
    code: &Code,
    kernel: &Kernel,
    buffers: &[RawBuffer],
    ints: &[i64],
    scalars: &[u64],
    scratch: &mut [u8],
) -> Result<()> {
    let mut call = Call {
        buffers,
        ints,
        scalars,
        scratch,
    };
    match code {
        Code::Compiled(compiled) => {
            // SAFETY: the kernel was lowered for this stage; the task bound its buffers to boxes
            // that hold every element the tile's indices reach, and writes its own tile alone.
            unsafe { compiled.call(&mut call) };
            Ok(())
        }
        // SAFETY: the buffers live as long as the call, and the task writes its own tile alone.
        Code::Interpreted => unsafe { interp::run(kernel, &mut call) },
    }
}
