//! What is a lazy array?
//!
//! An expression, or the first error that building it met. Operations on an array that failed keep
//! that error, so a chain needs one check at its end. Absent: elements; see
//! [`compute`](crate::compute).

use crate::counted::{Count, Counted, unknown_length};
use std::panic::Location;
use std::sync::Arc;
use tilewright_core::{DType, Error, Grid, Result};
use tilewright_expr::Expr;
use tilewright_expr::build::Selection;

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
    state: State,
}

/// What building an array gave.
#[derive(Clone)]
pub(crate) enum State {
    /// An expression.
    Known(Expr),
    /// A recipe for one, whose lengths are counted when it is computed.
    Counted(Arc<Counted>),
    /// An error.
    Failed(Arc<Failure>),
}

/// Why an array could not be built, and where in the user's source.
pub(crate) struct Failure {
    error: Error,
    place: &'static Location<'static>,
}

impl Failure {
    /// The error, with the caller's line.
    fn told(&self) -> Error {
        self.error.clone().fact("line", self.place.to_string())
    }
}

impl Array {
    /// What building gave; an error is bound to the caller's line.
    #[track_caller]
    pub(crate) fn new(built: Result<Expr>) -> Array {
        let place = Location::caller();
        let state = match built {
            Ok(expr) => State::Known(expr),
            Err(error) => State::Failed(Arc::new(Failure { error, place })),
        };
        Array { state }
    }

    /// The array of this expression.
    pub fn from_expr(expr: Expr) -> Array {
        Array {
            state: State::Known(expr),
        }
    }

    /// The array of a recipe; an error is bound to the caller's line.
    #[track_caller]
    pub(crate) fn counted(counted: Result<Counted>) -> Array {
        match counted {
            Ok(counted) => Array::of_counted(Arc::new(counted)),
            Err(error) => Array::new(Err(error)),
        }
    }

    /// The array of a recipe that could be built.
    pub(crate) fn of_counted(counted: Arc<Counted>) -> Array {
        Array {
            state: State::Counted(counted),
        }
    }

    /// What building it gave.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The recipe that it is, if it is one.
    pub(crate) fn into_counted(self) -> Option<Arc<Counted>> {
        match self.state {
            State::Counted(counted) => Some(counted),
            _ => None,
        }
    }

    /// The selection that it is, if it is one.
    pub(crate) fn selection(&self) -> Option<&Selection> {
        match &self.state {
            State::Counted(counted) => counted.selection.as_ref(),
            _ => None,
        }
    }

    /// What `build` makes of the expression; a failure stays the first one.
    #[track_caller]
    pub(crate) fn then(
        &self,
        build: impl Fn(&Expr) -> Result<Expr> + Send + Sync + 'static,
    ) -> Array {
        Array::join([self], move |exprs| build(&exprs[0]))
    }

    /// What `build` makes of several arrays; the first failure stays.
    #[track_caller]
    pub(crate) fn join<'a>(
        arrays: impl IntoIterator<Item = &'a Array>,
        build: impl Fn(&[Expr]) -> Result<Expr> + Send + Sync + 'static,
    ) -> Array {
        Array::recipe(arrays, |_| Ok(Vec::new()), move |exprs, _| build(exprs))
    }

    /// What `make` makes of several arrays and of counts; the first failure stays.
    #[track_caller]
    pub(crate) fn recipe<'a>(
        arrays: impl IntoIterator<Item = &'a Array>,
        counts: impl Fn(&[Expr]) -> Result<Vec<Count>> + Send + Sync + 'static,
        make: impl Fn(&[Expr], &[i64]) -> Result<Expr> + Send + Sync + 'static,
    ) -> Array {
        let arrays: Vec<&Array> = arrays.into_iter().collect();
        let mut exprs = Vec::new();
        for array in &arrays {
            match &array.state {
                State::Known(expr) => exprs.push(expr.clone()),
                State::Counted(_) => {}
                State::Failed(_) => return (*array).clone(),
            }
        }
        let needed = if exprs.len() == arrays.len() {
            counts(&exprs)
        } else {
            Ok(Vec::new())
        };
        match needed {
            Err(error) => Array::new(Err(error)),
            Ok(needed) if exprs.len() == arrays.len() && needed.is_empty() => {
                Array::new(make(&exprs, &[]))
            }
            Ok(_) => {
                let arrays = arrays.into_iter().cloned().collect();
                Array::counted(Counted::new(arrays, counts, make))
            }
        }
    }

    /// The expression behind it.
    ///
    /// # Errors
    /// The first error met while building, with the caller's line as the fact `line`;
    /// [`Kind::Shape`](crate::Kind::Shape) for an array whose length is counted.
    pub fn expr(&self) -> Result<&Expr> {
        match &self.state {
            State::Known(expr) => Ok(expr),
            State::Counted(counted) => Err(unknown_length(counted)),
            State::Failed(failure) => Err(failure.told()),
        }
    }

    /// The array, if it could be built.
    ///
    /// # Errors
    /// As [`Array::expr`].
    pub fn check(&self) -> Result<&Array> {
        match &self.state {
            State::Failed(failure) => Err(failure.told()),
            _ => Ok(self),
        }
    }

    /// The error met while building, without the caller's line.
    pub fn error(&self) -> Option<&Error> {
        match &self.state {
            State::Failed(failure) => Some(&failure.error),
            _ => None,
        }
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
        match &self.state {
            State::Counted(counted) => counted.longest.clone().map(|x| x.shape().len()),
            _ => self.shape().map(<[i64]>::len),
        }
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
        match &self.state {
            State::Counted(counted) => counted.longest.clone().map(|x| x.dtype()),
            _ => self.expr().map(Expr::dtype),
        }
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
            State::Known(expr) => {
                write!(f, "Array({expr:?}, {}{:?})", expr.dtype(), expr.shape())
            }
            State::Counted(counted) => match &counted.longest {
                Ok(longest) => write!(f, "Array(counted, at most {longest:?})"),
                Err(_) => f.write_str("Array(counted)"),
            },
            State::Failed(failure) => write!(f, "Array(failed: {})", failure.error.message()),
        }
    }
}
