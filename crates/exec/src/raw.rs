//! The unsafe parts: outputs that several tasks fill, and the call of a kernel.
#![allow(
    unsafe_code,
    reason = "compiled kernels take raw pointers; tasks share an output"
)]

use ndarray::ArrayViewMutD;
use std::marker::PhantomData;
use std::sync::Arc;
use tilewright_core::{Block, DType, Element, Error, Kind, Result, Shape, c_strides};
use tilewright_jit::Compiled;
use tilewright_kernel::Kernel;
use tilewright_kernel::interp::{self, Call, RawBuffer};

/// Memory of the caller's that a run fills.
pub struct Given<'a> {
    at: *mut u8,
    /// Bytes from the first element to the end of the last.
    len: usize,
    dtype: DType,
    shape: Shape,
    /// Elements between neighbours along each axis.
    strides: Shape,
    /// The view it was made of.
    memory: PhantomData<&'a mut [u8]>,
}

impl<'a> Given<'a> {
    /// The memory of a view, if kernels can write it: no negative stride, the last axis
    /// contiguous.
    pub fn new<T: Element>(mut view: ArrayViewMutD<'a, T>) -> Option<Given<'a>> {
        let shape: Shape = view.shape().iter().map(|&len| len as i64).collect();
        let strides: Shape = view.strides().iter().map(|&s| s as i64).collect();
        let last = shape.last().zip(strides.last());
        if strides.iter().any(|&s| s < 0) || last.is_some_and(|(&len, &s)| len > 1 && s != 1) {
            return None;
        }
        let axes = shape.iter().zip(&strides);
        let reach: i64 = axes.map(|(len, stride)| (len - 1).max(0) * stride).sum();
        let count = if view.is_empty() { 0 } else { reach + 1 };
        Some(Given {
            at: view.as_mut_ptr().cast(),
            len: count as usize * size_of::<T>(),
            dtype: T::DTYPE,
            shape,
            strides,
            memory: PhantomData,
        })
    }

    /// Whether it takes an array of this type and shape.
    pub fn fits(&self, dtype: DType, shape: &[i64]) -> bool {
        self.dtype == dtype && self.shape[..] == *shape
    }

    /// The memory, to be filled by the tasks of one stage.
    pub(crate) fn shared(&self) -> Shared {
        Shared {
            block: None,
            at: self.at,
            len: self.len,
            dtype: self.dtype,
            strides: self.strides.clone(),
        }
    }
}

/// An array that tasks fill, each its own elements: a block, or memory of the caller's.
pub struct Shared {
    /// Keeps the memory; touched through `at` alone until [`Shared::into_block`].
    block: Option<Block>,
    at: *mut u8,
    len: usize,
    dtype: DType,
    /// Elements between neighbours along each axis.
    strides: Shape,
}

// SAFETY: tasks write disjoint elements, as the tiles of a stage do not overlap, and nobody reads
// before the last task is done. Memory of the caller's is borrowed for the whole run.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// The block, shared for writing.
    pub fn new(mut block: Block) -> Shared {
        let bytes = block.data.as_bytes_mut();
        Shared {
            at: bytes.as_mut_ptr(),
            len: bytes.len(),
            dtype: block.dtype,
            strides: c_strides(&block.shape),
            block: Some(block),
        }
    }

    /// The memory as a kernel argument.
    pub fn raw(&self) -> RawBuffer {
        RawBuffer {
            ptr: self.at,
            len: self.len,
        }
    }

    /// Element type size.
    pub fn itemsize(&self) -> usize {
        self.dtype.itemsize()
    }

    /// Elements between neighbours along each axis.
    pub fn strides(&self) -> &Shape {
        &self.strides
    }

    /// Writes `bytes` at a byte offset.
    ///
    /// # Errors
    /// [`Kind::Internal`] past the end.
    pub fn write(&self, offset: usize, bytes: &[u8]) -> Result<()> {
        let end = offset.checked_add(bytes.len());
        if end.is_none_or(|end| end > self.len) {
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

    /// The filled block; `None` for memory of the caller's.
    pub fn into_block(self) -> Option<Block> {
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
