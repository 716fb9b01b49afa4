//! What is a lazy array?
//!
//! An expression, or the first error that building it met. Operations on an array that failed keep
//! that error, so a chain needs one check at its end. Absent: elements; see
//! [`compute`](crate::compute).

use std::panic::Location;
use std::sync::Arc;
use tilewright_core::{DType, Error, Grid, Result};
use tilewright_expr::Expr;

/// A lazy array of any dtype; cheap to clone, `Send` and `Sync`.
///
/// Operations build an expression and compute nothing. An ill-typed one (shapes that do not
/// broadcast, an axis that does not exist) gives an array that holds the error and the line of the
/// caller; [`Array::shape`], [`Array::check`], `explain` and `compute` return it.
///
/// ```
/// use tilewright::{ones, s};
///
/// let x = ones([4, 3]) + ones([3]);
/// assert_eq!(x.shape()?, [4, 3]);
///
/// let wrong = ones([4, 3]) + ones([4, 5]);
/// let later = wrong.slice(s![0, ..]).sum(..) * 2;
/// assert!(later.shape().unwrap_err().message().contains("do not broadcast"));
/// # Ok::<(), tilewright::Error>(())
/// ```
#[derive(Clone)]
pub struct Array {
    state: std::result::Result<Expr, Arc<Failure>>,
}

/// Why an array could not be built, and where in the user's source.
struct Failure {
    error: Error,
    place: &'static Location<'static>,
}

impl Array {
    /// What building gave; an error is bound to the caller's line.
    #[track_caller]
    pub(crate) fn new(built: Result<Expr>) -> Array {
        let place = Location::caller();
        Array {
            state: built.map_err(|error| Arc::new(Failure { error, place })),
        }
    }

    /// The array of this expression.
    pub fn from_expr(expr: Expr) -> Array {
        Array { state: Ok(expr) }
    }

    /// What `build` makes of the expression; a failure stays the first one.
    #[track_caller]
    pub(crate) fn then(&self, build: impl FnOnce(&Expr) -> Result<Expr>) -> Array {
        match &self.state {
            Ok(expr) => Array::new(build(expr)),
            Err(_) => self.clone(),
        }
    }

    /// What `build` makes of several arrays; the first failure stays.
    #[track_caller]
    pub(crate) fn join<'a>(
        arrays: impl IntoIterator<Item = &'a Array>,
        build: impl FnOnce(&[Expr]) -> Result<Expr>,
    ) -> Array {
        let mut exprs = Vec::new();
        for array in arrays {
            match &array.state {
                Ok(expr) => exprs.push(expr.clone()),
                Err(_) => return array.clone(),
            }
        }
        Array::new(build(&exprs))
    }

    /// The expression behind it.
    ///
    /// # Errors
    /// The first error met while building, with the caller's line as the fact `line`.
    pub fn expr(&self) -> Result<&Expr> {
        self.state.as_ref().map_err(|failure| {
            failure
                .error
                .clone()
                .fact("line", failure.place.to_string())
        })
    }

    /// The array, if it could be built.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn check(&self) -> Result<&Array> {
        self.expr().map(|_| self)
    }

    /// The error met while building, without the caller's line.
    pub fn error(&self) -> Option<&Error> {
        self.state.as_ref().err().map(|failure| &failure.error)
    }

    /// Lengths of the axes, outermost first.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn shape(&self) -> Result<&[i64]> {
        self.expr().map(Expr::shape)
    }

    /// Number of axes.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn ndim(&self) -> Result<usize> {
        self.shape().map(<[i64]>::len)
    }

    /// Number of elements.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn size(&self) -> Result<i64> {
        self.expr().map(Expr::elements)
    }

    /// Element type.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn dtype(&self) -> Result<DType> {
        self.expr().map(Expr::dtype)
    }

    /// Where it is cut into chunks. The grid fixes the order of reductions and the chunks of
    /// stored results, nothing else.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn grid(&self) -> Result<&Grid> {
        self.expr().map(Expr::grid)
    }
}

impl std::fmt::Debug for Array {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.state {
            Ok(expr) => write!(f, "Array({expr:?}, {}{:?})", expr.dtype(), expr.shape()),
            Err(failure) => write!(f, "Array(failed: {})", failure.error.message()),
        }
    }
}
