//! What can be done with elements that a mask selects?
//!
//! `x[mask]` is a [`Selection`]: how long it is shows when the mask is computed. What is done
//! element by element is done to the whole array, and a reduction folds what is selected of it, so
//! that neither needs the length. Where it is needed, it is counted.

use crate::Array;
use crate::array::State;
use crate::counted::{Count, Counted};
use crate::operand::Operand;
use tilewright_core::{DType, Result};
use tilewright_expr::Expr;
use tilewright_expr::build::{self, Folded, Item, Selection};

impl Array {
    /// What folding a selection leaves.
    #[track_caller]
    pub(crate) fn folded(folded: Result<Folded>) -> Array {
        match folded {
            Ok(Folded::Array(expr)) => Array::from_expr(expr),
            Ok(Folded::Selection(selection)) => Array::of_selection(selection),
            Err(error) => Array::new(Err(error)),
        }
    }

    /// The elements of a selection.
    #[track_caller]
    pub(crate) fn of_selection(selection: Selection) -> Array {
        let args = [&selection.x, &selection.mask].map(|expr| Array::from_expr(expr.clone()));
        let axis = selection.axis;
        let counts = |exprs: &[Expr]| Ok(vec![counted(&exprs[1])?]);
        let make = move |exprs: &[Expr], lengths: &[i64]| {
            let (x, mask) = (exprs[0].clone(), exprs[1].clone());
            build::elements(&Selection { x, mask, axis }, lengths[0])
        };
        let mut recipe = Counted::new(args.to_vec(), counts, make);
        if let Ok(recipe) = &mut recipe {
            recipe.selection = Some(selection);
        }
        Array::counted(recipe)
    }

    /// `self[items]`.
    #[track_caller]
    pub(crate) fn at(&self, items: &[crate::Item]) -> Array {
        if let (Some(chosen), [only]) = (self.selection(), items)
            && let Some(mask) = only.array().and_then(Array::selection)
            && let Some(narrowed) = chosen.narrowed(mask).transpose()
        {
            return Array::folded(narrowed.map(Folded::Selection));
        }
        let arrays: Vec<&Array> = items.iter().filter_map(crate::Item::array).collect();
        let known = std::iter::once(self).chain(arrays.iter().copied());
        if let Ok(exprs) = known
            .map(|array| array.expr().cloned())
            .collect::<Result<Vec<_>>>()
            && let Some(selection) = select(&exprs[0], &inner(items, &exprs)).transpose()
        {
            return Array::folded(selection.map(Folded::Selection));
        }
        let own = items.to_vec();
        let counts = move |exprs: &[Expr]| {
            let (_, items) = build::index::complete(&exprs[0], &inner(&own, exprs))?;
            masks(&items).map(counted).collect()
        };
        let own = items.to_vec();
        let make = move |exprs: &[Expr], lengths: &[i64]| {
            let (x, items) = build::index::complete(&exprs[0], &inner(&own, exprs))?;
            let mut lengths = lengths.iter();
            let mut all = Vec::new();
            for item in items {
                let mask = masks(std::slice::from_ref(&item)).next().cloned();
                match mask {
                    Some(mask) => {
                        let count = lengths.next().copied().unwrap_or(0);
                        all.extend(build::places(&mask, count)?.into_iter().map(Item::Array));
                    }
                    None => all.push(item),
                }
            }
            build::index(&x, &all)
        };
        Array::recipe(std::iter::once(self).chain(arrays), counts, make)
    }
}

impl Array {
    /// A new array: this one with `value`, in its dtype and broadcast, at the places that `items`
    /// take. Of equal integers among index arrays the last one's value stays.
    ///
    /// # Errors
    /// As [`Array::slice`]; [`Kind::Shape`](crate::Kind::Shape) if the value does not broadcast;
    /// [`Kind::Value`](crate::Kind::Value) for a plain number that the dtype does not hold, and,
    /// when it is computed, for as many values as a mask does not count.
    ///
    /// ```
    /// use tilewright::{arange, s};
    ///
    /// let x = arange(0, 6, 1);
    /// let y = x.assign(s![1..4;2], 9).assign(s![x.gt(3)], -1);
    /// assert_eq!(y.compute()?.to_vec::<i64>()?, [0, 9, 2, 9, -1, -1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn assign(&self, items: impl AsRef<[crate::Item]>, value: impl Into<Operand>) -> Array {
        let (items, value) = (items.as_ref(), value.into());
        let arrays: Vec<&Array> = items.iter().filter_map(crate::Item::array).collect();
        let chosen = match &value {
            Operand::Array(array) => array.selection(),
            _ => None,
        };
        let arrays = std::iter::once(self).chain(arrays);
        if let Some(chosen) = chosen.filter(|chosen| same_places(self, items, chosen)) {
            let new = chosen.x.clone();
            return Array::join(arrays, move |both| copied(&both[0], &both[1], &new));
        }
        let value_array = match &value {
            Operand::Array(array) => Some(array.clone()),
            _ => None,
        };
        let (own, plain) = (items.to_vec(), value.plain());
        let make = move |exprs: &[Expr]| {
            let array = exprs.last().cloned().map(build::Operand::Array);
            let value = plain.clone().or(array);
            let value = value.ok_or_else(|| crate::internal("no value"))?;
            build::assign(&exprs[0], &inner(&own, exprs), &value)
        };
        Array::join(arrays.chain(&value_array), make)
    }
}

/// How often a mask is true, and the most that it may be.
pub(crate) fn counted(mask: &Expr) -> Result<Count> {
    Ok((build::count(mask)?, mask.elements()))
}

/// The masks among complete items.
fn masks(items: &[Item]) -> impl Iterator<Item = &Expr> {
    items.iter().filter_map(|item| match item {
        Item::Array(mask) if mask.dtype() == DType::Bool => Some(mask),
        _ => None,
    })
}

/// The items, whose arrays are the expressions behind the first.
fn inner(items: &[crate::Item], exprs: &[Expr]) -> Vec<Item> {
    let mut rest = exprs[1..].iter().cloned();
    items
        .iter()
        .filter_map(|item| item.inner(&mut rest))
        .collect()
}

/// Whether `x[mask] = y[mask]` is assigned, at the same places.
fn same_places(x: &Array, items: &[crate::Item], chosen: &Selection) -> bool {
    let arrays: Vec<Option<&Array>> = items.iter().map(crate::Item::array).collect();
    let [Some(mask)] = arrays[..] else {
        return false;
    };
    let (Ok(x), Ok(mask)) = (x.expr(), mask.expr()) else {
        return false;
    };
    if mask.shape().is_empty() {
        return false;
    }
    let target = select(x, &[Item::Array(mask.clone())]);
    matches!(target, Ok(Some(target)) if target.goes_with(chosen))
}

/// `x[mask] = y[mask]`.
fn copied(x: &Expr, mask: &Expr, new: &Expr) -> Result<Expr> {
    let behind: Vec<i64> = (mask.shape().len()..x.shape().len())
        .map(|axis| axis as i64)
        .collect();
    let new = build::astype(new, x.dtype())?;
    let mask = build::expand_dims(mask, &behind)?;
    let new = build::map("where", &[mask, new, x.clone()])?;
    build::rechunk(&new, x.grid().clone())
}

/// What an element-wise call makes of selections of the same places and of numbers; `None` of other
/// operands.
pub(crate) fn elementwise(
    operands: &[Operand],
    build: &dyn Fn(&[build::Operand]) -> Result<Expr>,
) -> Option<Result<Selection>> {
    let first = operands.iter().find_map(|operand| match operand {
        Operand::Array(array) => array.selection(),
        _ => None,
    })?;
    apply(first, operands, build)
}

fn apply(
    first: &Selection,
    operands: &[Operand],
    build: &dyn Fn(&[build::Operand]) -> Result<Expr>,
) -> Option<Result<Selection>> {
    let inner = operands.iter().map(|operand| {
        let Operand::Array(array) = operand else {
            return operand.plain();
        };
        let expr = match array.state() {
            State::Known(expr) if expr.shape().is_empty() => expr,
            _ => &array.selection().filter(|other| other.goes_with(first))?.x,
        };
        Some(build::Operand::Array(expr.clone()))
    });
    let inner = inner.collect::<Option<Vec<_>>>()?;
    Some(build(&inner).map(|made| first.of(made)))
}

/// `x[items]` where it is a selection; `None` for other items.
pub(crate) fn select(x: &Expr, items: &[Item]) -> Result<Option<Selection>> {
    let is_mask = |item: &Item| matches!(item, Item::Array(mask) if mask.dtype() == DType::Bool);
    if items.iter().any(is_mask) {
        return Selection::new(x, items);
    }
    Ok(None)
}
