//! Where do elements live in memory?
//!
//! A [`Buffer`] is bytes, aligned to 8; a [`Block`] is a buffer with a dtype and a C-order shape.
//! Absent: views and strides, which belong to kernels.

use crate::memory::{Memory, Spare};
use crate::{DType, Error, Kind, Result, Scalar, Shape, element_count};
use std::sync::{Arc, Weak};

/// A Rust type that is an element type.
pub trait Element: bytemuck::Pod + PartialEq + std::fmt::Debug + Send + Sync {
    /// Its dtype. Bool arrays hold bytes 0 and 1 and are read as `u8`.
    const DTYPE: DType;
    /// The element as a scalar.
    fn to_scalar(self) -> Scalar;
}

macro_rules! elements {
    ($($t:ty => $d:ident),*) => {$(
        impl Element for $t {
            const DTYPE: DType = DType::$d;
            fn to_scalar(self) -> Scalar {
                Scalar::from(self)
            }
        }
    )*};
}
elements!(i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16, u32 => U32,
          u64 => U64, crate::half::f16 => F16, f32 => F32, f64 => F64);

/// Bytes aligned to 8.
#[derive(Default)]
pub struct Buffer {
    memory: Memory,
    bytes: usize,
    /// Where the memory goes in the end; nowhere where that is gone.
    home: Weak<Spare>,
}

impl Buffer {
    /// A buffer of `bytes` zero bytes.
    pub fn zeroed(bytes: usize) -> Buffer {
        Buffer {
            memory: Memory::zeroed(bytes),
            bytes,
            home: Weak::new(),
        }
    }

    /// A buffer of `bytes` bytes of any content, whose memory comes back to `spare`.
    pub fn unspecified(bytes: usize, spare: &Arc<Spare>) -> Buffer {
        Buffer {
            memory: spare.take(bytes),
            bytes,
            home: Arc::downgrade(spare),
        }
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether it holds no byte.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Changes the length, keeping the memory where it suffices; the contents are unspecified.
    pub fn reuse(&mut self, bytes: usize) {
        if bytes > self.capacity() {
            let memory = match self.home.upgrade() {
                Some(home) => home.take(bytes),
                None => Memory::zeroed(bytes),
            };
            self.leave(memory);
        }
        self.bytes = bytes;
    }

    /// Takes other memory and gives its own back.
    fn leave(&mut self, memory: Memory) {
        let left = std::mem::replace(&mut self.memory, memory);
        if let Some(home) = self.home.upgrade() {
            home.give(left);
        }
    }

    /// Bytes of memory held, used or not.
    pub fn capacity(&self) -> usize {
        self.memory.bytes().len()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.memory.bytes()[..self.bytes]
    }

    /// The bytes.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.memory.bytes_mut()[..self.bytes]
    }

    /// The elements; a last incomplete one is left out.
    pub fn as_slice<T: Element>(&self) -> &[T] {
        let whole = self.bytes / size_of::<T>() * size_of::<T>();
        bytemuck::cast_slice(&self.as_bytes()[..whole])
    }

    /// The elements; a last incomplete one is left out.
    pub fn as_slice_mut<T: Element>(&mut self) -> &mut [T] {
        let whole = self.bytes / size_of::<T>() * size_of::<T>();
        bytemuck::cast_slice_mut(&mut self.as_bytes_mut()[..whole])
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.leave(Memory::default());
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Buffer {
        let mut copy = Buffer::zeroed(self.bytes);
        copy.as_bytes_mut().copy_from_slice(self.as_bytes());
        copy
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Buffer").field(&self.as_bytes()).finish()
    }
}

/// A C-order array in memory.
#[derive(Clone, Debug)]
pub struct Block {
    /// Element type.
    pub dtype: DType,
    /// Lengths of the axes.
    pub shape: Shape,
    /// The elements, C order, native byte order.
    pub data: Buffer,
}

impl Block {
    /// Zeros.
    ///
    /// # Errors
    /// [`Kind::Shape`] if the size in bytes does not fit an `isize`.
    pub fn zeros(dtype: DType, shape: &[i64]) -> Result<Block> {
        Block::of(dtype, shape, Buffer::zeroed)
    }

    /// Elements of any value, whose memory comes back to `spare`.
    ///
    /// # Errors
    /// As [`Block::zeros`].
    pub fn unspecified(dtype: DType, shape: &[i64], spare: &Arc<Spare>) -> Result<Block> {
        Block::of(dtype, shape, |bytes| Buffer::unspecified(bytes, spare))
    }

    fn of(dtype: DType, shape: &[i64], buffer: impl FnOnce(usize) -> Buffer) -> Result<Block> {
        let bytes = element_count(shape)
            .and_then(|n| n.checked_mul(dtype.itemsize() as i64))
            .ok_or_else(|| {
                Error::new(
                    Kind::Shape,
                    format!("an array of shape {shape:?} is too large"),
                )
            })?;
        Ok(Block {
            dtype,
            shape: shape.into(),
            data: buffer(bytes as usize),
        })
    }

    /// An array of these elements.
    ///
    /// # Errors
    /// [`Kind::Shape`] if their number is not that of the shape.
    pub fn from_slice<T: Element>(shape: &[i64], elements: &[T]) -> Result<Block> {
        let mut block = Block::zeros(T::DTYPE, shape)?;
        let room = block.data.as_slice_mut::<T>();
        if room.len() != elements.len() {
            return Err(Error::new(
                Kind::Shape,
                format!(
                    "{} elements do not fill the shape {shape:?}",
                    elements.len()
                ),
            ));
        }
        room.copy_from_slice(elements);
        Ok(block)
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.data.len() / self.dtype.itemsize()
    }

    /// Whether it has no element.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The elements, if they are of this type (`u8` reads bool too).
    ///
    /// # Errors
    /// [`Kind::DType`] if they are of another.
    pub fn as_slice<T: Element>(&self) -> Result<&[T]> {
        if self.dtype == T::DTYPE || (self.dtype == DType::Bool && T::DTYPE == DType::U8) {
            return Ok(self.data.as_slice());
        }
        Err(Error::new(
            Kind::DType,
            format!("the array holds {}, not {}", self.dtype, T::DTYPE),
        )
        .way_out(format!("astype({})", T::DTYPE.name())))
    }

    /// The element at a C-order position; `None` past the end.
    pub fn get(&self, index: usize) -> Option<Scalar> {
        let size = self.dtype.itemsize();
        let bytes = self.data.as_bytes().get(index * size..(index + 1) * size)?;
        Some(Scalar::from_bytes(self.dtype, bytes))
    }

    /// Sets the element at a C-order position to a scalar of the block's dtype; ignores a position
    /// past the end.
    pub fn set(&mut self, index: usize, value: Scalar) {
        let size = self.dtype.itemsize();
        if let Some(bytes) = self
            .data
            .as_bytes_mut()
            .get_mut(index * size..(index + 1) * size)
        {
            bytes.copy_from_slice(&value.cast(self.dtype).bits().to_le_bytes()[..size]);
        }
    }
}
