//! What can be done element by element?
//!
//! One method per row of the operator table, under NumPy's names; what a row means, with dtypes
//! and edge cases, is on its manual page ([`ops::page`](crate::ops::page)). All broadcast, and
//! give an array of the broadcast shape whose chunks are the union of the operands' cuts.

use crate::operand::combine;
use crate::{Array, Operand};
use tilewright_core::DType;
use tilewright_expr::build;

/// The element-wise operator `name`; `power` with NumPy's fast paths.
#[track_caller]
pub(crate) fn operate(name: &str, operands: &[Operand]) -> Array {
    combine(operands, |operands| match (name, operands) {
        ("power", [base, exponent]) => build::power(base, exponent),
        _ => build::operate(name, operands),
    })
}

macro_rules! methods {
    (
        unary { $($(#[$unary_doc:meta])* $unary:ident $unary_name:literal;)* }
        binary { $($(#[$binary_doc:meta])* $binary:ident $binary_name:literal;)* }
    ) => {
        impl Array {
            $(
                $(#[$unary_doc])*
                #[must_use]
                #[track_caller]
                pub fn $unary(&self) -> Array {
                    operate($unary_name, &[self.into()])
                }
            )*
            $(
                $(#[$binary_doc])*
                #[must_use]
                #[track_caller]
                pub fn $binary(&self, other: impl Into<Operand>) -> Array {
                    operate($binary_name, &[self.into(), other.into()])
                }
            )*
        }

        /// Rows that have a method here or an operator sign.
        #[cfg(test)]
        const COVERED: &[&str] = &[$($unary_name,)* $($binary_name,)*];
    };
}

methods! {
    unary {
        /// `|x|`. The least integer of a signed dtype stays itself.
        abs "absolute";
        /// `x * x`, rounded once.
        square "square";
        /// Square root, correctly rounded; negative numbers give NaN. Integers become floats.
        sqrt "sqrt";
        /// `e^x`, at most 1 ULP off.
        ///
        /// ```
        /// let y = tilewright::array([0.0, 1.0], [2]).exp();
        /// assert_eq!(y.compute()?.to_vec::<f64>()?, [1.0, std::f64::consts::E]);
        /// # Ok::<(), tilewright::Error>(())
        /// ```
        exp "exp";
        /// Natural logarithm, at most 1 ULP off; 0 gives −inf, negative numbers NaN.
        log "log";
        /// Sine of radians, at most 1 ULP off.
        sin "sin";
        /// Cosine of radians, at most 1 ULP off.
        cos "cos";
        /// Largest whole number at most x.
        floor "floor";
        /// Smallest whole number at least x.
        ceil "ceil";
    }
    binary {
        /// `floor(self / other)`; integers by 0 give 0.
        floor_divide "floor_divide";
        /// `self` to the power `other`, at most 2 ULP off; integer powers wrap.
        pow "power";
        /// The smaller of two; NaN wins, −0 is below 0.
        minimum "minimum";
        /// The larger of two; NaN wins, −0 is below 0.
        maximum "maximum";
        /// `self == other`, as bool.
        equal "equal";
        /// `self != other`, as bool.
        not_equal "not_equal";
        /// `self < other`, as bool.
        ///
        /// ```
        /// let small = tilewright::arange(0, 4, 1).lt(2);
        /// assert_eq!(small.compute()?.to_vec::<bool>()?, [true, true, false, false]);
        /// # Ok::<(), tilewright::Error>(())
        /// ```
        lt "less";
        /// `self <= other`, as bool.
        le "less_equal";
        /// `self > other`, as bool.
        gt "greater";
        /// `self >= other`, as bool.
        ge "greater_equal";
    }
}

impl Array {
    /// `a` where this is true, else `b`.
    ///
    /// * **Shape** all three broadcast.  **Dtype** `a` and `b` promote; this is cast to bool.
    ///
    /// ```
    /// let x = tilewright::array([-1.0, 4.0], [2]);
    /// let y = x.gt(0).where_(x.sqrt(), 0);
    /// assert_eq!(y.compute()?.to_vec::<f64>()?, [0.0, 2.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn where_(&self, a: impl Into<Operand>, b: impl Into<Operand>) -> Array {
        operate("where", &[self.into(), a.into(), b.into()])
    }

    /// The same numbers in another dtype: integers wrap, floats truncate and saturate, NaN gives
    /// 0 (a divergence from NumPy, which leaves these cases undefined).
    #[must_use]
    #[track_caller]
    pub fn astype(&self, dtype: DType) -> Array {
        self.then(|x| build::astype(x, dtype))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use tilewright_expr::op::{Family, OPS};

    /// Rows that are signs, or methods of their own shape.
    const ELSEWHERE: &[&str] = &[
        "add",
        "subtract",
        "multiply",
        "divide",
        "remainder",
        "negative",
        "bitwise_and",
        "bitwise_or",
        "bitwise_xor",
        "invert",
        "where",
        "astype",
    ];

    #[test]
    fn every_elementwise_row_has_a_method_or_a_sign() {
        for op in OPS.iter().filter(|op| matches!(op.family, Family::Map(_))) {
            let covered = COVERED.contains(&op.name) || ELSEWHERE.contains(&op.name);
            assert!(covered, "{} has no method", op.name);
        }
    }

    #[test]
    fn numbers_are_weak_on_either_side() {
        let x = crate::zeros(crate::shape([3]).dtype(DType::F32));
        assert_eq!((&x * 2.0).dtype().unwrap(), DType::F32);
        assert_eq!((1 - &x).dtype().unwrap(), DType::F32);
        let bytes = crate::zeros(crate::shape([3]).dtype(DType::I8));
        assert_eq!((bytes.clone() + 1).dtype().unwrap(), DType::I8);
        assert_eq!((bytes.clone() / 2).dtype().unwrap(), DType::F64);
        assert!((bytes + 1000).check().is_err());
    }
}
