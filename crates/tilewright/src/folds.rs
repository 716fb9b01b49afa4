//! What do the methods of NumPy's functions of two arguments fold?
//!
//! `add.reduceat` folds parts of an axis, `bitwise_or.reduce` an axis for which there is no reduction of its
//! own. Absent: reductions ([`Array::sum`] and its kin), running folds ([`Array::cumsum`]).

use crate::slicing::Item;
use crate::{Array, Axes, axis, concatenate};
use tilewright_core::{Error, Kind, Result, Scalar};
use tilewright_expr::build;

/// Parts of an axis at most: each is an expression of its own.
const MOST_PARTS: usize = 1_000;

impl Array {
    /// Folds of parts along an axis: each from its place to the next part's, the last one to the end; of
    /// one element where the next place is no later. NumPy's `reduceat`.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for a place out of range, [`Kind::Value`] for more
    /// than 1,000 places; whatever `fold` holds.
    ///
    /// ```
    /// let x = tilewright::array([1i64, 2, 3, 4], [4]);
    /// let sums = x.fold_parts(|part, along| part.sum(along), &[0, 3, 1], 0);
    /// assert_eq!(sums.compute()?.to_vec::<i64>()?, [6, 4, 9]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn fold_parts(
        &self,
        fold: impl Fn(&Array, Axes) -> Array,
        places: &[i64],
        along: i64,
    ) -> Array {
        let len = match self.length(along) {
            Ok(len) => len,
            Err(error) => return Array::new(Err(error)),
        };
        if places.len() > MOST_PARTS {
            let message = format!("folds of {} parts", places.len());
            let error = Error::new(Kind::Value, message)
                .way_out("equal parts as an axis of their own: reshape, then sum along it");
            return Array::new(Err(error));
        }
        if let Some(place) = places.iter().find(|place| !(0..len).contains(place)) {
            let message = format!("the place {place} of a part of an axis of {len}");
            let error = Error::new(Kind::Index, message).way_out("places from 0, below the length");
            return Array::new(Err(error));
        }
        let folded = |part: &Array| fold(part, axis(along).keepdims());
        let ends = places.iter().skip(1).copied().chain([len]);
        let parts = places.iter().zip(ends).map(|(&from, next)| {
            let to = if next > from { next } else { from + 1 };
            folded(&self.span(along, from, to))
        });
        let parts: Vec<Array> = parts.collect();
        match parts.is_empty() {
            true => folded(self).span(along, 0, 0),
            false => concatenate(&parts, along),
        }
    }

    /// A function of two arguments folded along an axis, by halves: of one for which the order does not
    /// matter.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis, [`Kind::Value`] for an axis of no elements; whatever `f` holds.
    ///
    /// ```
    /// let x = tilewright::array([1i64, 2, 12], [3]).fold_halves(|a, b| a | b, 0);
    /// assert_eq!(x.compute()?.to_vec::<i64>()?, [15]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn fold_halves(&self, f: impl Fn(&Array, &Array) -> Array, along: i64) -> Array {
        let mut len = match self.length(along) {
            Ok(len) => len,
            Err(error) => return Array::new(Err(error)),
        };
        if len == 0 {
            let error = Error::new(Kind::Value, "a fold of no elements")
                .way_out("an axis that is not empty");
            return Array::new(Err(error));
        }
        let mut folded = self.clone();
        while len > 1 {
            let half = len / 2;
            let halves = f(
                &folded.span(along, 0, half),
                &folded.span(along, half, 2 * half),
            );
            folded = match len % 2 {
                0 => halves,
                _ => concatenate(&[halves, folded.span(along, len - 1, len)], along),
            };
            len -= half;
        }
        folded.squeeze([along])
    }

    /// Its elements in C order, if they are written out or follow from numbers that are, without being
    /// read or drawn, and are few.
    pub fn written(&self) -> Option<Vec<Scalar>> {
        build::take::written(self.expr().ok()?)
    }

    fn length(&self, along: i64) -> Result<i64> {
        let shape = self.shape()?;
        Ok(shape[build::normalize_axes(&[along], shape.len())?[0]])
    }

    /// Elements `from..to` of an axis that it has.
    #[track_caller]
    fn span(&self, along: i64, from: i64, to: i64) -> Array {
        let ndim = self.ndim().map_or(0, |ndim| ndim as i64);
        let before = if along < 0 { along + ndim } else { along };
        let mut items = vec![Item::slice(None, None, None); before.max(0) as usize];
        items.push(Item::slice(Some(from), Some(to), None));
        self.slice(items)
    }
}
