//! What can be done element by element?
//!
//! One method per row of the operator table, under NumPy's names; what a row means, with dtypes
//! and edge cases, is on its manual page ([`ops::page`](crate::ops::page)). All broadcast, and
//! give an array of the broadcast shape whose chunks are the union of the operands' cuts.

use crate::operand::{arrays, combine, each};
use crate::{Array, Operand, Outside};
use tilewright_core::{DType, Result};
use tilewright_expr::{Expr, build};

/// The element-wise operator `name`; `power` with NumPy's fast paths.
#[track_caller]
pub(crate) fn operate(name: &'static str, operands: &[Operand]) -> Array {
    each(operands, move |operands| match (name, operands) {
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
        /// 2^x, at most 1 ULP off.
        exp2 "exp2";
        /// e^x − 1 without loss near 0, at most 1 ULP off.
        expm1 "expm1";
        /// Logarithm to the base 2, at most 1 ULP off.
        log2 "log2";
        /// Logarithm to the base 10, at most 1 ULP off.
        log10 "log10";
        /// `ln(1 + x)` without loss near 0, at most 1 ULP off.
        log1p "log1p";
        /// Cube root, at most 1 ULP off.
        cbrt "cbrt";
        /// Tangent of radians, at most 1 ULP off.
        tan "tan";
        /// Angle whose sine is x, at most 1 ULP off; beyond ±1 NaN.
        asin "asin";
        /// Angle whose cosine is x, at most 1 ULP off; beyond ±1 NaN.
        acos "acos";
        /// Angle whose tangent is x, at most 1 ULP off.
        atan "atan";
        /// Radians of degrees.
        deg2rad "deg2rad";
        /// Degrees of radians.
        rad2deg "rad2deg";
        /// `sin(πx)/(πx)`, 1 at 0.
        sinc "sinc";
        /// Hyperbolic sine, at most 1 ULP off.
        sinh "sinh";
        /// Hyperbolic cosine, at most 1 ULP off.
        cosh "cosh";
        /// Hyperbolic tangent, at most 1 ULP off.
        tanh "tanh";
        /// Inverse hyperbolic sine, at most 1 ULP off.
        asinh "asinh";
        /// Inverse hyperbolic cosine, at most 1 ULP off; below 1 NaN.
        acosh "acosh";
        /// Inverse hyperbolic tangent, at most 1 ULP off; beyond ±1 NaN.
        atanh "atanh";
        /// Error function, at most 1 ULP off.
        erf "erf";
        /// `1 − erf(x)` without loss for large x, at most 4 ULP off.
        erfc "erfc";
        /// Gamma function (`special.gamma` in text), at most 4 ULP off.
        gamma "special.gamma";
        /// `ln |Γ(x)|`, at most 4 ULP off.
        gammaln "gammaln";
        /// Modified Bessel function of order 0.
        i0 "i0";
        /// Largest whole number at most x.
        floor "floor";
        /// Smallest whole number at least x.
        ceil "ceil";
        /// The whole number toward 0; also NumPy's `fix`.
        trunc "trunc";
        /// The nearest whole number, halves to even; integers become floats.
        rint "rint";
        /// x itself; bool is refused.
        positive "positive";
        /// `|x|` as a float.
        fabs "fabs";
        /// −1, 0 or 1; of NaN NaN.
        sign "sign";
        /// Whether the sign is set, also of −0.0.
        signbit "signbit";
        /// `1 / x`; of integers cut toward 0.
        reciprocal "reciprocal";
        /// Whether it is NaN.
        isnan "isnan";
        /// Whether it is neither infinite nor NaN.
        isfinite "isfinite";
        /// Whether it is infinite.
        isinf "isinf";
        /// Whether it is inf.
        isposinf "isposinf";
        /// Whether it is −inf.
        isneginf "isneginf";
        /// 0 for NaN, the largest and smallest number for infinities.
        nan_to_num "nan_to_num";
        /// Whether it is 0.
        logical_not "logical_not";
        /// The number of ones among the binary digits of the absolute value, u8; floats are refused.
        bitwise_count "bitwise_count";
        /// x itself: there are no complex dtypes.
        real "real";
        /// 0: there are no complex dtypes.
        imag "imag";
        /// x itself: there are no complex dtypes.
        conj "conjugate";
    }
    binary {
        /// `floor(self / other)`; integers by 0 give 0.
        floor_divide "floor_divide";
        /// `self` to the power `other`, at most 2 ULP off; integer powers wrap.
        pow "power";
        /// `self` to the power `other` in f64, at most 2 ULP off.
        float_power "float_power";
        /// `√(self² + other²)` without overflow in between, at most 1 ULP off.
        hypot "hypot";
        /// Angle of the point with ordinate `self` and abscissa `other`, at most 1 ULP off.
        atan2 "atan2";
        /// `ln(e^self + e^other)`.
        logaddexp "logaddexp";
        /// `log2(2^self + 2^other)`.
        logaddexp2 "logaddexp2";
        /// The smaller of two; NaN wins, −0 is below 0.
        minimum "minimum";
        /// The larger of two; NaN wins, −0 is below 0.
        maximum "maximum";
        /// `self - trunc(self / other) * other`, exact; the sign is that of self.
        fmod "fmod";
        /// The magnitude of self with the sign of other.
        copysign "copysign";
        /// The float beside self on the side of other.
        nextafter "nextafter";
        /// `self * 2^other`, rounded once; other is an integer.
        ldexp "ldexp";
        /// 0 below 0, other at 0, 1 above.
        heaviside "heaviside";
        /// The smaller of two; the other one where one is NaN.
        fmin "fmin";
        /// The larger of two; the other one where one is NaN.
        fmax "fmax";
        /// The greatest common divisor of integers.
        gcd "gcd";
        /// The least common multiple of integers; wraps.
        lcm "lcm";
        /// Whether neither is 0.
        logical_and "logical_and";
        /// Whether one is not 0.
        logical_or "logical_or";
        /// Whether exactly one is not 0.
        logical_xor "logical_xor";
        /// Whether `|self - other| <= 1e-8 + 1e-5 * |other|`.
        isclose "isclose";
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

    /// Rounded to decimals, halves to even; negative ones round before the point.
    ///
    /// ```
    /// let x = tilewright::array([2.345, -0.5], [2]).round(1);
    /// assert_eq!(x.compute()?.to_vec::<f64>()?, [2.3, -0.5]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn round(&self, decimals: i64) -> Array {
        operate("round", &[self.into(), decimals.into()])
    }

    /// As [`Array::round`], with each step in another dtype: as NumPy rounds into an array of it.
    /// Integers without decimals before the point are only converted.
    #[must_use]
    #[track_caller]
    pub fn round_as(&self, decimals: i64, dtype: DType) -> Array {
        self.then(move |x| build::round(x, decimals, Some(dtype)))
    }

    /// Values kept between two bounds; [`Array::maximum`] and [`Array::minimum`] keep one.
    #[must_use]
    #[track_caller]
    pub fn clip(&self, low: impl Into<Operand>, high: impl Into<Operand>) -> Array {
        operate("clip", &[self.into(), low.into(), high.into()])
    }

    /// Quotient rounded down and remainder with the divisor's sign.
    #[must_use]
    #[track_caller]
    pub fn divmod(&self, other: impl Into<Operand>) -> (Array, Array) {
        let other = other.into();
        (self.floor_divide(other.clone()), self % other)
    }

    /// Fraction and whole part, both with the sign of x.
    ///
    /// ```
    /// let (fraction, whole) = tilewright::array([-2.5, 3.0], [2]).modf();
    /// assert_eq!(fraction.compute()?.to_vec::<f64>()?, [-0.5, 0.0]);
    /// assert_eq!(whole.compute()?.to_vec::<f64>()?, [-2.0, 3.0]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn modf(&self) -> (Array, Array) {
        self.pair(build::modf)
    }

    /// Mantissa in ±[0.5, 1) and int32 exponent of 2.
    #[must_use]
    #[track_caller]
    pub fn frexp(&self) -> (Array, Array) {
        self.pair(build::frexp)
    }

    #[track_caller]
    fn pair(&self, parts: fn(&build::Operand) -> Result<[Expr; 2]>) -> (Array, Array) {
        let part = |k: usize| self.then(move |x| Ok(parts(&x.clone().into())?[k].clone()));
        (part(0), part(1))
    }

    /// The element of choice number x.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for a number that is refused: when it is computed, where the
    /// numbers are not written out.
    #[must_use]
    #[track_caller]
    pub fn choose(&self, choices: &[Operand], outside: Outside) -> Array {
        let operands = [&[self.into()], choices].concat();
        combine(&operands, move |operands| match operands {
            [build::Operand::Array(index), choices @ ..] => build::choose(index, choices, outside),
            _ => Err(crate::internal("choose without an index")),
        })
    }

    /// The same numbers in another dtype: integers wrap, floats truncate and saturate, NaN gives
    /// 0 (a divergence from NumPy, which leaves these cases undefined).
    #[must_use]
    #[track_caller]
    pub fn astype(&self, dtype: DType) -> Array {
        each(&[self.into()], move |x| match x {
            [build::Operand::Array(x)] => build::astype(x, dtype),
            _ => Err(crate::internal("a conversion of nothing")),
        })
    }
}

/// The element of the first choice whose condition is true, else the default.
///
/// ```
/// use tilewright::{arange, select};
///
/// let x = arange(0, 5, 1);
/// let y = select(&[x.lt(2), x.gt(3)], &[(&x).into(), (&x * 10).into()], -1);
/// assert_eq!(y.compute()?.to_vec::<i64>()?, [0, 1, -1, -1, 40]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn select(conditions: &[Array], choices: &[Operand], default: impl Into<Operand>) -> Array {
    let count = conditions.len();
    let conditions = conditions.iter().map(Operand::from);
    let operands: Vec<Operand> = std::iter::once(default.into())
        .chain(conditions)
        .chain(choices.iter().cloned())
        .collect();
    combine(&operands, move |operands| {
        let (default, rest) = operands.split_at(1);
        let conditions = arrays(&rest[..count])?;
        build::select(&conditions, &rest[count..], &default[0])
    })
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
        "left_shift",
        "right_shift",
        "round",
        "clip",
        // Parts of ldexp and frexp.
        "scaleb",
        "frexp_mantissa",
        "frexp_exponent",
    ];

    #[test]
    fn every_elementwise_row_has_a_method_or_a_sign() {
        let elementwise = |family: &Family| matches!(family, Family::Map(_) | Family::Composed(_));
        for op in OPS.iter().filter(|op| elementwise(&op.family)) {
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
