//! Which memory does a call hand to a kernel?
//!
//! A [`Call`] is what both twins take. [`Memory`] is the interpreter's view of it: every access is
//! checked against the slot it names before a byte is touched.
#![allow(
    unsafe_code,
    reason = "checked accesses to a call's raw memory happen here"
)]

use crate::ir::{Kernel, Slot};
use crate::slice_fn::SliceFn;
use tilewright_core::{Error, Kind, Result};

/// Memory of a buffer argument.
#[derive(Clone, Copy, Debug)]
pub struct RawBuffer {
    /// Its first element; need not be aligned.
    pub ptr: *mut u8,
    /// Its length in bytes.
    pub len: usize,
}

/// The arguments of one run of a kernel.
///
/// Buffers may be shared between calls only if nothing writes what another reads or writes.
#[derive(Debug)]
pub struct Call<'a> {
    /// One for each declared buffer.
    pub buffers: &'a [RawBuffer],
    /// The integer arguments.
    pub ints: &'a [i64],
    /// The scalar arguments: bits, zero-extended.
    pub scalars: &'a [u64],
    /// At least `kernel.scratch_layout().1` bytes, aligned to 8; contents do not matter.
    pub scratch: &'a mut [u8],
}

/// One slot: a place to read and write, in elements.
#[derive(Clone, Copy)]
struct Span {
    ptr: *mut u8,
    elements: usize,
    itemsize: usize,
}

/// Every slot of a call.
pub(crate) struct Memory {
    buffers: Vec<Span>,
    scratch: Vec<Span>,
}

/// Elements `first + k·stride` for `k < count`, found to lie within a slot.
#[derive(Clone, Copy)]
struct Access {
    ptr: *mut u8,
    /// In bytes.
    stride: isize,
    count: usize,
}

impl Memory {
    /// # Errors
    /// [`Kind::Internal`] if the call does not fit the kernel's declarations.
    ///
    /// # Safety
    /// Buffers are readable for their lengths, and those declared writable are writable, as long
    /// as this value lives, and nobody else accesses what is written.
    pub(crate) unsafe fn new(kernel: &Kernel, call: &mut Call<'_>) -> Result<Memory> {
        let (offsets, arena) = kernel.scratch_layout();
        let fits = call.buffers.len() >= kernel.buffers.len()
            && call.ints.len() >= kernel.ints as usize
            && call.scalars.len() >= kernel.scalars.len()
            && call.scratch.len() >= arena;
        if !fits {
            return Err(Error::new(
                Kind::Internal,
                "a call has fewer arguments than its kernel",
            ));
        }
        let buffers = kernel
            .buffers
            .iter()
            .zip(call.buffers)
            .map(|(declared, raw)| Span {
                ptr: raw.ptr,
                elements: raw.len / declared.dtype.itemsize(),
                itemsize: declared.dtype.itemsize(),
            });
        let base = call.scratch.as_mut_ptr();
        let scratch = kernel
            .scratch
            .iter()
            .zip(offsets)
            .map(|(declared, offset)| Span {
                // The arena is long enough for every offset.
                ptr: base.wrapping_add(offset),
                elements: declared.len as usize,
                itemsize: declared.dtype.itemsize(),
            });
        Ok(Memory {
            buffers: buffers.collect(),
            scratch: scratch.collect(),
        })
    }

    fn access(&self, slot: Slot, first: i64, stride: i64, count: usize) -> Result<Access> {
        let span = match slot {
            Slot::Buffer(k) => self.buffers.get(k as usize),
            Slot::Scratch(k) => self.scratch.get(k as usize),
        };
        let last = i128::from(first) + i128::from(stride) * (count as i128 - 1);
        let within = |index: i128, span: &Span| (0..span.elements as i128).contains(&index);
        match span {
            Some(span) if count == 0 => Ok(Access {
                ptr: span.ptr,
                stride: 0,
                count,
            }),
            Some(span) if within(first.into(), span) && within(last, span) => Ok(Access {
                ptr: span.ptr.wrapping_add(first as usize * span.itemsize),
                stride: (stride as isize).wrapping_mul(span.itemsize as isize),
                count,
            }),
            _ => Err(
                Error::new(Kind::Internal, "a kernel reaches past its memory").fact(
                    "at",
                    format!(
                        "{slot}[{first}] step {stride}, {count} elements of {}",
                        span.map_or(0, |span| span.elements)
                    ),
                ),
            ),
        }
    }

    /// Reads one element for each of `column`; `T` has the size of the slot's elements.
    pub(crate) fn read<T: bytemuck::Pod>(
        &self,
        slot: Slot,
        first: i64,
        stride: i64,
        column: &mut [T],
    ) -> Result<()> {
        let access = self.access(slot, first, stride, column.len())?;
        for (k, element) in column.iter_mut().enumerate() {
            let from = access
                .ptr
                .wrapping_offset(access.stride.wrapping_mul(k as isize));
            // SAFETY: `access` found elements 0 and `count - 1`, and so all between, within the
            // slot, whose bytes are readable; any bits are a `T`.
            *element = unsafe { from.cast::<T>().read_unaligned() };
        }
        Ok(())
    }

    /// Writes one element for each of `column`; `T` has the size of the slot's elements.
    pub(crate) fn write<T: bytemuck::Pod>(
        &self,
        slot: Slot,
        first: i64,
        stride: i64,
        column: &[T],
    ) -> Result<()> {
        let access = self.access(slot, first, stride, column.len())?;
        for (k, element) in column.iter().enumerate() {
            let to = access
                .ptr
                .wrapping_offset(access.stride.wrapping_mul(k as isize));
            // SAFETY: as in `read`; the kernel was checked to write writable slots only.
            unsafe { to.cast::<T>().write_unaligned(*element) };
        }
        Ok(())
    }

    /// Calls a slice function whose arities were checked.
    pub(crate) fn call(
        &self,
        function: SliceFn,
        ints: &[i64],
        places: &[(Slot, i64)],
    ) -> Result<()> {
        let shim = function
            .shim()
            .filter(|_| function.arity() == (ints.len(), places.len()));
        let shim =
            shim.ok_or_else(|| Error::new(Kind::Internal, format!("there is no {function}")))?;
        let pointers = places.iter().enumerate().map(|(k, &(slot, first))| {
            let access = self.access(slot, first, 1, function.extent(k, ints))?;
            Ok(if access.count == 0 {
                std::ptr::null_mut()
            } else {
                access.ptr
            })
        });
        let pointers = pointers.collect::<Result<Vec<_>>>()?;
        // SAFETY: as many integers and places as the arity says; each place holds its extent, and
        // is writable if written, since the kernel was checked; that places do not overlap is the
        // contract of `Stmt::Call`.
        unsafe { shim(ints.as_ptr(), pointers.as_ptr()) };
        Ok(())
    }
}
