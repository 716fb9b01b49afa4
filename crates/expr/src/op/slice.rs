//! How is a row of a slice function made?
//!
//! The dtypes of such rows, and the macro that the files of functions state them with: what it does
//! not say is the same for all.

use super::Signature;
use tilewright_core::DType;

pub(super) use super::math::float;

/// Floats keep their dtype, all others compute in f64.
pub(super) fn float64(inputs: &[DType]) -> Option<Signature> {
    let dtype = inputs.iter().copied().reduce(DType::promote)?;
    float(&[if dtype.is_float() { dtype } else { DType::F64 }])
}

/// Element-wise rows of functions of `tilewright_vecmath`.
macro_rules! slice_rows {
    ($(
        $(#[$doc:meta])*
        $row:ident $name:literal $function:ident($($param:literal),*) {
            signature: $signature:path,
            facts: $facts:expr,
            formula: $formula:literal,
            edges: $edges:literal,
            source: $source:literal,
        }
    )*) => {$(
        $(#[$doc])*
        pub static $row: $crate::op::OpDef = $crate::op::OpDef {
            name: $name,
            family: $crate::op::Family::Map($crate::op::MapRow {
                signature: $signature,
                eval: |args, out| {
                    $crate::reference::element::math(
                        tilewright_vecmath::MathFn::$function, args, out,
                    )
                },
                lower: |dtype, _| {
                    $crate::op::Step::Slice(tilewright_kernel::SliceFn::Math(
                        tilewright_vecmath::MathFn::$function, dtype,
                    ))
                },
                facts: $facts,
            }),
            params: &[$($param),*],
            options: &[],
            doc: $crate::op::Doc {
                formula: $formula,
                edges: $edges,
                source: $source,
            },
        };
    )*};
}
pub(super) use slice_rows;
