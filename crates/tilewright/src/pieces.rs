//! What is a function that is another one in each part of its domain?
//!
//! A piece is a value, or a function of the elements where its condition holds.

use crate::operand::{arrays, combine};
use crate::{Array, Operand, all_axes};
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind};
use tilewright_expr::build::{self, Selection};

/// What [`Array::piecewise`] gives where a condition holds.
#[derive(Clone)]
pub enum Piece<'a> {
    /// A number, or an array that broadcasts.
    Value(Operand),
    /// A function of the elements there: of one axis, as `x[condition]` has them. It is called once, and
    /// gives a value for each, or one for all.
    Function(&'a dyn Fn(&Array) -> Array),
}

impl<'a, T: Into<Operand>> From<T> for Piece<'a> {
    fn from(value: T) -> Piece<'a> {
        Piece::Value(value.into())
    }
}

impl Array {
    /// Pieces by conditions, in the dtype of x: the last condition that holds decides, 0 where none
    /// does; one piece more than conditions is for there.
    ///
    /// ```
    /// use tilewright::{Piece, arange};
    ///
    /// let x = arange(-2, 3, 1);
    /// let half = |x: &tilewright::Array| x / 2;
    /// let y = x.piecewise(&[x.lt(0), x.gt(0)], &[Piece::from(7), Piece::Function(&half)]);
    /// assert_eq!(y.compute()?.to_vec::<i64>()?, [7, 7, 0, 0, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for another number of pieces;
    /// [`Kind::Shape`](crate::Kind::Shape) if shapes do not broadcast, or a function gives other than a
    /// value for each element or one for all.
    #[must_use]
    #[track_caller]
    pub fn piecewise(&self, conditions: &[Array], pieces: &[Piece<'_>]) -> Array {
        match self.selected_pieces(conditions, pieces) {
            Some(selected) => selected,
            None => self.pieces_within(None, conditions, pieces),
        }
    }

    /// The pieces of what a mask selects, if every array here is such a selection: those of the whole
    /// array, of which the mask selects.
    #[track_caller]
    fn selected_pieces<'a>(&self, conditions: &[Array], pieces: &[Piece<'a>]) -> Option<Array> {
        let own = self.selection()?;
        let whole = |array: &Array| {
            let same = array
                .selection()
                .filter(|selection| selection.mask == own.mask && selection.axis == own.axis);
            same.map(|selection| Array::from_expr(selection.x.clone()))
        };
        let conditions: Vec<Array> = conditions.iter().map(whole).collect::<Option<_>>()?;
        let piece = |piece: &Piece<'a>| match piece {
            Piece::Value(Operand::Array(array)) => match array.ndim() {
                Ok(0) => Some(piece.clone()),
                _ => whole(array).map(Piece::from),
            },
            _ => Some(piece.clone()),
        };
        let pieces: Vec<Piece<'a>> = pieces.iter().map(piece).collect::<Option<_>>()?;
        let mask = Array::from_expr(own.mask.clone());
        let all = whole(self)?.pieces_within(Some(&mask), &conditions, &pieces);
        Some(match all.expr() {
            Ok(x) => Array::of_selection(Selection {
                x: x.clone(),
                ..own.clone()
            }),
            Err(_) => all,
        })
    }

    /// The pieces, with functions of the elements where a mask holds, too.
    #[track_caller]
    fn pieces_within(
        &self,
        mask: Option<&Array>,
        conditions: &[Array],
        pieces: &[Piece<'_>],
    ) -> Array {
        let mut values = Vec::with_capacity(pieces.len());
        for (k, piece) in pieces.iter().enumerate() {
            values.push(match piece {
                Piece::Value(value) => value.clone(),
                Piece::Function(function) => {
                    let here = match conditions.get(k) {
                        Some(condition) => condition.astype(DType::Bool),
                        None => !conditions
                            .iter()
                            .map(|condition| condition.astype(DType::Bool))
                            .reduce(|a, b| a | b)
                            .unwrap_or_else(|| self.not_equal(self)),
                    };
                    let here = mask.map_or(here.clone(), |mask| here & mask);
                    let value = self.piece(&here, function);
                    if value.error().is_some() {
                        return value;
                    }
                    Operand::Array(value)
                }
            });
        }
        let count = conditions.len();
        let operands: Vec<Operand> = std::iter::once(self.into())
            .chain(conditions.iter().map(Operand::from))
            .chain(values)
            .collect();
        combine(&operands, move |operands| {
            let all = arrays(&operands[..=count])?;
            build::piecewise(&all[0], &all[1..], &operands[count + 1..])
        })
    }

    /// What a function gives of the elements where a condition holds, as an array that has it there.
    #[track_caller]
    fn piece(&self, condition: &Array, function: &dyn Fn(&Array) -> Array) -> Array {
        if self.ndim().is_ok_and(|ndim| ndim == 0) {
            return function(self);
        }
        let x = match (self.expr(), condition.expr()) {
            (Ok(x), Ok(_)) => x.clone(),
            (Err(error), _) | (_, Err(error)) => return Array::new(Err(error)),
        };
        if condition.shape().is_ok_and(|shape| shape != x.shape()) {
            let message = "a condition of another shape than the array it is for";
            return Array::new(Err(Error::new(Kind::Shape, message)
                .fact("x", show_shape(x.shape()))
                .fact(
                    "condition",
                    show_shape(condition.shape().unwrap_or_default()),
                )
                .way_out("broadcast_to(condition, x.shape)")));
        }
        // Of no elements the function would not be called: it gets all of them then, and what it gives
        // is for none.
        let here = condition | !condition.any(all_axes());
        let own = match here.expr() {
            Ok(mask) => Selection {
                x,
                mask: mask.clone(),
                axis: 0,
            },
            Err(error) => return Array::new(Err(error)),
        };
        let value = function(&Array::of_selection(own.clone()));
        match value.selection() {
            Some(given) if own.mask == given.mask && own.axis == given.axis => {
                Array::from_expr(given.x.clone())
            }
            _ if value.error().is_some() || value.ndim().is_ok_and(|ndim| ndim == 0) => value,
            _ => Array::new(Err(Error::new(
                Kind::Shape,
                "a piece of other than a value for each element, or one for all",
            )
            .way_out("functions of each element, or reductions"))),
        }
    }
}
