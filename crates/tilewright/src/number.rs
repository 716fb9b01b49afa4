//! Which Rust types are elements?

use tilewright_core::{DType, Error, Kind, Result};

/// A Rust type that is an element type of arrays: `bool`, `i8` … `i64`, `u8` … `u64`, `f32`,
/// `f64`. Sealed.
pub trait Number: bytemuck::NoUninit + Send + Sync + private::Sealed + 'static {
    /// Its dtype.
    const DTYPE: DType;

    /// These bytes, aligned for it, as elements.
    ///
    /// # Errors
    /// [`Kind::Internal`] for bytes that are none.
    fn slice(bytes: &[u8]) -> Result<&[Self]>;
}

mod private {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($t:ty => $dtype:ident),*) => {$(
        impl private::Sealed for $t {}
        impl Number for $t {
            const DTYPE: DType = DType::$dtype;

            fn slice(bytes: &[u8]) -> Result<&[$t]> {
                bytemuck::checked::try_cast_slice(bytes).map_err(|error| {
                    Error::new(Kind::Internal, format!("these bytes are no elements: {error}"))
                })
            }
        }
    )*};
}
numbers!(bool => Bool, i8 => I8, i16 => I16, i32 => I32, i64 => I64, u8 => U8, u16 => U16,
         u32 => U32, u64 => U64, f32 => F32, f64 => F64);
