//! What does the row of a function of rows say?

use crate::attr::Along;
use crate::node::Expr;
use tilewright_core::{DType, Grid, Scalar};
use tilewright_kernel::RowFn;

/// A function of whole rows along one axis; one row of each argument makes one row of the result.
pub struct AlongRow {
    /// What each argument is to it.
    pub roles: &'static [Role],
    /// How long the result's rows are.
    pub length: Length,
    /// What the node's parameter says, where it is not 0.
    pub parameter: &'static str,
    /// The dtype the first argument is cast to; `None` refuses.
    pub dtype: fn(DType) -> Option<DType>,
    /// The result's dtype for that one, where the node does not ask for another.
    pub output: fn(DType) -> DType,
    /// The meaning for one row of each argument.
    pub eval: fn(&[Vec<Scalar>], &Along) -> Vec<Scalar>,
    /// The function that runs it, for the first argument's dtype and the result's.
    pub lower: fn(DType, DType) -> RowFn,
    /// Whether the first elements of a result depend on as many first elements of the row alone.
    pub prefix: bool,
    /// Whether an array without axes is taken for one of one element, as NumPy has it.
    pub lifts: bool,
}

impl AlongRow {
    /// The cuts of all arguments that are rows: where each chunk is one, these.
    pub fn cuts(&self, args: &[Expr]) -> Grid {
        let mut rows = args
            .iter()
            .zip(self.roles)
            .filter(|(_, role)| **role == Role::Row);
        let first = rows
            .next()
            .map_or(Grid::whole(&[]), |(x, _)| x.grid().clone());
        rows.fold(first, |mut cuts, (x, _)| {
            for (mine, theirs) in cuts.axes.iter_mut().zip(&x.grid().axes) {
                *mine = mine.union(theirs);
            }
            cuts
        })
    }
}

/// What an argument is to a function of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The row, or another one as long.
    Row,
    /// A row of its own length, taken whole.
    Side,
    /// Elements that the result follows one by one.
    Each,
}

/// How long the rows of a result are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// As the argument's rows.
    Same,
    /// Part of such a row, from the node's parameter on.
    Window,
    /// As those of the argument that is [`Role::Each`].
    Each,
    /// As the node says.
    Given,
}
