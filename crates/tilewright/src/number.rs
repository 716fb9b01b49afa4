//! Which Rust types are elements?

use ndarray::ArrayViewMutD;
use tilewright_core::half::f16;
use tilewright_core::{DType, Error, Kind, Result};
use tilewright_exec::Given;

/// A Rust type that is an element type of arrays: `bool`, `i8` … `i64`, `u8` … `u64`, [`struct@f16`],
/// `f32`, `f64`. Sealed.
pub trait Number: bytemuck::NoUninit + Send + Sync + private::Sealed + 'static {
    /// Its dtype.
    const DTYPE: DType;

    /// These bytes, aligned for it, as elements.
    ///
    /// # Errors
    /// [`Kind::Internal`] for bytes that are none.
    fn slice(bytes: &[u8]) -> Result<&[Self]>;

    /// These bytes, aligned for it, as elements that can be written; they become 0.
    ///
    /// # Errors
    /// [`Kind::Internal`] for bytes that are none.
    fn slice_mut(bytes: &mut [u8]) -> Result<&mut [Self]>;

    /// The view as memory that kernels write, if its layout is one they can.
    #[doc(hidden)]
    fn given(view: ArrayViewMutD<'_, Self>) -> Option<Given<'_>>;
}

mod private {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($t:ty => $dtype:ident $given:expr),*) => {$(
        impl private::Sealed for $t {}
        impl Number for $t {
            const DTYPE: DType = DType::$dtype;

            fn slice(bytes: &[u8]) -> Result<&[$t]> {
                bytemuck::checked::try_cast_slice(bytes).map_err(|error| {
                    Error::new(Kind::Internal, format!("these bytes are no elements: {error}"))
                })
            }

            fn slice_mut(bytes: &mut [u8]) -> Result<&mut [$t]> {
                bytes.fill(0);
                bytemuck::checked::try_cast_slice_mut(bytes).map_err(|error| {
                    Error::new(Kind::Internal, format!("these bytes are no elements: {error}"))
                })
            }

            fn given(view: ArrayViewMutD<'_, $t>) -> Option<Given<'_>> {
                $given(view)
            }
        }
    )*};
}
// Memory of `bool` holds nothing but 0 and 1, which no kernel promises: it is filled by a copy.
numbers!(bool => Bool |_| None, i8 => I8 Given::new, i16 => I16 Given::new, i32 => I32 Given::new,
         i64 => I64 Given::new, u8 => U8 Given::new, u16 => U16 Given::new, u32 => U32 Given::new,
         u64 => U64 Given::new, f16 => F16 Given::new, f32 => F32 Given::new, f64 => F64 Given::new);
