//! Do two arrays agree everywhere?

use crate::operand::combine;
use crate::rows::binary;
use crate::{Array, Operand};
use tilewright_expr::build;

/// How close is close; NumPy's defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// Share of the second array's size.
    pub rtol: f64,
    /// What is allowed beside it.
    pub atol: f64,
    /// Whether NaN is close to NaN.
    pub equal_nan: bool,
}

impl Default for Closeness {
    fn default() -> Closeness {
        Closeness {
            rtol: 1e-5,
            atol: 1e-8,
            equal_nan: false,
        }
    }
}

impl Array {
    /// Whether both have one shape and equal elements: a bool without axes. With `equal_nan`, NaN
    /// equals itself.
    ///
    /// ```
    /// let x = tilewright::array([1.0, f64::NAN], [2]);
    /// assert_eq!(x.array_equal(&x, true).compute()?.to_vec::<bool>()?, [true]);
    /// assert_eq!(x.array_equal(&x, false).compute()?.to_vec::<bool>()?, [false]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn array_equal(&self, other: &Array, equal_nan: bool) -> Array {
        binary(self, other, move |a, b| build::array_equal(a, b, equal_nan))
    }

    /// Whether one, broadcast to the other, equals it everywhere.
    #[must_use]
    #[track_caller]
    pub fn array_equiv(&self, other: &Array) -> Array {
        binary(self, other, build::array_equiv)
    }

    /// Whether `|self - other| <= atol + rtol * |other|` everywhere, as `isclose` has it.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) for shapes that do not broadcast.
    ///
    /// ```
    /// use tilewright::Closeness;
    ///
    /// let x = tilewright::array([1.0, 2.0], [2]);
    /// let close = x.allclose(&x + 1e-9, Closeness::default());
    /// assert_eq!(close.compute()?.to_vec::<bool>()?, [true]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn allclose(&self, other: impl Into<Operand>, how: Closeness) -> Array {
        let settings = [
            build::Operand::Float(how.rtol),
            build::Operand::Float(how.atol),
            build::Operand::Bool(how.equal_nan),
        ];
        combine(&[self.into(), other.into()], move |given| {
            let all = given.iter().chain(&settings).cloned().map(Some);
            build::allclose(&all.collect::<Vec<_>>())
        })
    }
}
