//! How is an array computed without a session at hand?
//!
//! By the default session; each method is the session's of the same name.

use crate::computed::Computed;
use crate::explain::Explanation;
use crate::number::Number;
use crate::session::default_session;
use crate::{Array, Store};
use ndarray::{ArrayBase, DataMut, Dimension};
use tilewright_core::Result;

impl Array {
    /// Computes it into memory.
    ///
    /// # Errors
    /// As [`Session::compute`](crate::Session::compute).
    pub fn compute(&self) -> Result<Computed> {
        default_session()?.compute(self)
    }

    /// Computes it into memory of the caller's.
    ///
    /// # Errors
    /// As [`Session::compute_into`](crate::Session::compute_into).
    ///
    /// ```
    /// let mut memory = ndarray::Array2::<f64>::zeros((3, 2));
    /// tilewright::ones([3]).compute_into(&mut memory.column_mut(1))?;
    /// assert_eq!(memory.sum(), 3.0);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn compute_into<T, S, D>(&self, into: &mut ArrayBase<S, D>) -> Result<()>
    where
        T: Number,
        S: DataMut<Elem = T>,
        D: Dimension,
    {
        default_session()?.compute_into(self, into)
    }

    /// Computes it and stores it, chunk by chunk.
    ///
    /// # Errors
    /// As [`Session::store`](crate::Session::store).
    ///
    /// ```no_run
    /// tilewright::open("x.zarr").mean(tilewright::axis(0)).store("mean.npy")?;
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn store(&self, store: impl Into<Store>) -> Result<()> {
        default_session()?.store(self, store)
    }

    /// What computing it would do; nothing is read.
    ///
    /// # Errors
    /// As [`Session::explain`](crate::Session::explain).
    ///
    /// ```
    /// let explanation = tilewright::random::seed(7).normal(0, 1, [40, 30]).mean(..).explain()?;
    /// assert!(explanation.to_string().contains("random.normal seed=7"));
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn explain(&self) -> Result<Explanation> {
        default_session()?.explain([self])
    }
}

/// Computes several arrays together, sharing what they read and compute.
///
/// # Errors
/// As [`Session::compute_all`](crate::Session::compute_all).
pub fn compute_all<'a>(arrays: impl IntoIterator<Item = &'a Array>) -> Result<Vec<Computed>> {
    default_session()?.compute_all(arrays)
}
