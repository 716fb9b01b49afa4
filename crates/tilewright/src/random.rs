//! How are random numbers drawn?
//!
//! Each number is a pure function of (seed, distribution, index in the whole array): values depend
//! on neither chunks nor threads, a slice draws only its own, and **equal calls are equal arrays**:
//! two draws that should differ take two seeds. Without a seed a fresh one is drawn when the array
//! is built, and `explain` shows it.

use crate::operand::combine;
use crate::{Array, Layout, Operand};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tilewright_core::DType;
use tilewright_expr::build;

/// A seed, from which arrays are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// The seed of this number.
///
/// ```
/// use tilewright::random;
///
/// let a = random::seed(7).normal(0, 1, [1000]);
/// let b = random::seed(7).normal(0, 1, [1000]);
/// assert!((a - b).equal(0).all(..).compute()?.item::<bool>()?);
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn seed(seed: u64) -> Seed {
    Seed(seed)
}

/// A seed that no other call gave, of 53 bits so that every tool can write it down.
pub fn fresh() -> Seed {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    // The standard library seeds its hashers from the system's randomness.
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(CALLS.fetch_add(1, Ordering::Relaxed));
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    hasher.write_u128(time.map_or(0, |time| time.as_nanos()));
    Seed(hasher.finish() >> 11)
}

impl Seed {
    /// Uniform numbers in `[low, high)`, f64.
    ///
    /// `low + (high - low)·u` with `u` a multiple of 2^-53 in `[0, 1)`; parameters may be arrays.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if parameters do not broadcast to the shape.
    #[must_use]
    #[track_caller]
    pub fn uniform(
        self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(&[low.into(), high.into()], |bounds| match bounds {
            [low, high] => {
                let grid = layout.grid(DType::F64)?;
                let x = build::uniform(low.clone(), high.clone(), self.0, grid)?;
                build::astype(&x, layout.dtype_or(x.dtype()))
            }
            _ => Err(crate::internal("uniform of other than two bounds")),
        })
    }

    /// Normal numbers, f64: `loc + scale·z` with `z` by inverse CDF; parameters may be arrays.
    ///
    /// # Errors
    /// [`Kind::Shape`](crate::Kind::Shape) if parameters do not broadcast to the shape,
    /// [`Kind::Value`](crate::Kind::Value) for a negative scale.
    #[must_use]
    #[track_caller]
    pub fn normal(
        self,
        loc: impl Into<Operand>,
        scale: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(&[loc.into(), scale.into()], |parameters| match parameters {
            [loc, scale] => {
                let grid = layout.grid(DType::F64)?;
                let x = build::normal(loc.clone(), scale.clone(), self.0, grid)?;
                build::astype(&x, layout.dtype_or(x.dtype()))
            }
            _ => Err(crate::internal("normal of other than two parameters")),
        })
    }

    /// Integers in `[low, high)`, i64 unless the layout says otherwise; bounds may be arrays.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for an empty range, [`Kind::DType`](crate::Kind::DType)
    /// for one that does not fit the dtype.
    ///
    /// ```
    /// let dice = tilewright::random::seed(3).integers(1, 7, [1000]).compute()?.to_vec::<i64>()?;
    /// assert!(dice.iter().all(|pips| (1..7).contains(pips)));
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn integers(
        self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(&[low.into(), high.into()], |bounds| match bounds {
            [low, high] => {
                let dtype = layout.dtype_or(DType::I64);
                build::integers(
                    low.clone(),
                    high.clone(),
                    dtype,
                    self.0,
                    layout.grid(dtype)?,
                )
            }
            _ => Err(crate::internal("integers of other than two bounds")),
        })
    }
}

/// As [`Seed::uniform`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn uniform(
    low: impl Into<Operand>,
    high: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().uniform(low, high, layout)
}

/// As [`Seed::normal`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn normal(
    loc: impl Into<Operand>,
    scale: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().normal(loc, scale, layout)
}

/// As [`Seed::integers`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn integers(
    low: impl Into<Operand>,
    high: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().integers(low, high, layout)
}
