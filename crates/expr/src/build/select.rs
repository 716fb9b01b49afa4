//! Elements where a mask is true.
//!
//! How many there are is known when the mask is computed. A reduction does not need the number: it
//! folds the whole array, with the fold's identity in the place of what is not selected, on the
//! tree of that array.

use super::index::{Item, check_mask, common_place, complete, index};
use super::masked::Reduction;
use super::{astype, constant, expand_dims, map, moveaxis, normalize_axes, reduce_axes, require};
use crate::attr::Axes;
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::{Family, OpId};
use crate::print::one_line;
use tilewright_core::error::Refusal;
use tilewright_core::{DType, Error, Kind, Result, Scalar};
use tilewright_kernel::{Fold, FoldOp};

/// The elements of an array where a mask of some of its axes is true: these axes are one, as long
/// as the mask counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The array.
    pub x: Expr,
    /// The mask, of the lengths of its axes from `axis` on.
    pub mask: Expr,
    /// The first axis that the mask is of, and the one that is counted.
    pub axis: usize,
}

/// What a reduction of a selection leaves.
#[derive(Clone, Debug)]
pub enum Folded {
    /// The axis that is counted is gone.
    Array(Expr),
    /// Others are.
    Selection(Selection),
}

impl Selection {
    /// `x[items]`, where one item is a mask and none an index array; `None` for other items.
    ///
    /// # Errors
    /// As [`index`]; [`Kind::Index`] for a mask of other lengths than the axes it is of.
    pub fn new(x: &Expr, items: &[Item]) -> Result<Option<Selection>> {
        let (x, items) = complete(x, items)?;
        let is_mask = |item: &Item| matches!(item, Item::Array(a) if a.dtype() == DType::Bool);
        let arrays = items.iter().filter(|item| matches!(item, Item::Array(_)));
        let (1, Some(at), [Item::Array(mask)]) = (
            arrays.count(),
            items.iter().position(is_mask),
            &items
                .iter()
                .filter(|i| is_mask(i))
                .cloned()
                .collect::<Vec<_>>()[..],
        ) else {
            return Ok(None);
        };
        let masked = mask.shape().len();
        let mut basic = items.clone();
        basic.splice(at..=at, (0..masked).map(|_| Item::all()));
        let x = index(&x, &basic)?;
        let kept = |item: &&Item| !matches!(item, Item::Int(_));
        let stood = items[..at].iter().filter(kept).count();
        let axis = common_place(&items);
        let from: Vec<i64> = (stood..stood + masked).map(|k| k as i64).collect();
        let to: Vec<i64> = (axis..axis + masked).map(|k| k as i64).collect();
        let x = moveaxis(&x, &from, &to)?;
        check_mask(mask, &x.shape()[axis..axis + masked], stood)?;
        let mask = mask.clone();
        Ok(Some(Selection { x, mask, axis }))
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.x.shape().len() + 1 - self.mask.shape().len()
    }

    /// Whether another selection takes the same places.
    pub fn goes_with(&self, other: &Selection) -> bool {
        let shapes = self.x.shape() == other.x.shape();
        shapes && self.axis == other.axis && self.mask == other.mask
    }

    /// The same places of another array of the same shape.
    pub fn of(&self, x: Expr) -> Selection {
        Selection { x, ..self.clone() }
    }

    /// Those of its elements, all along one axis, where a mask selected in the same way is true.
    pub fn narrowed(&self, mask: &Selection) -> Result<Option<Selection>> {
        let whole = self.mask.shape() == mask.x.shape() && mask.x.dtype() == DType::Bool;
        if !whole || self.mask != mask.mask || self.axis != 0 {
            return Ok(None);
        }
        let mask = map("bitwise_and", &[self.mask.clone(), mask.x.clone()])?;
        Ok(Some(Selection {
            mask,
            ..self.clone()
        }))
    }

    /// The reduction `name` along axes, all without.
    ///
    /// # Errors
    /// As [`reduce_axes`]; [`Kind::Value`], when it is computed, for a minimum or maximum of
    /// nothing.
    pub fn reduce(&self, name: &str, axes: Option<&[i64]>, keepdims: bool) -> Result<Folded> {
        let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
        let Family::Reduce(row) = &op.def().family else {
            return Err(Error::new(
                Kind::Internal,
                format!("{name} is no reduction"),
            ));
        };
        self.fold(axes, keepdims, &|x, axes, masked| {
            if !masked {
                return reduce_axes(name, x, axes.clone());
            }
            let dtype = (row.accumulator)(x.dtype())
                .ok_or_else(|| refuse_dtypes(op.def(), std::slice::from_ref(x)))?;
            let Fold::Op(fold, _) = (row.fold)(dtype) else {
                return Err(Error::new(Kind::Internal, format!("{name} of a selection")));
            };
            // A sum of no elements is 0, not −0.
            let identity = match fold {
                FoldOp::Add => Scalar::zero(dtype),
                fold => fold.identity(dtype),
            };
            let chosen = self.chosen(&astype(x, dtype)?, &constant(identity)?)?;
            let folded = reduce_axes(name, &chosen, axes.clone())?;
            match (row.empty)(dtype) {
                Some(_) => Ok(folded),
                None => require(&folded, &self.any()?, self.refusal(name)),
            }
        })
    }

    /// The statistic `name` along axes, all without; the divisor is `n - ddof`.
    ///
    /// # Errors
    /// [`Kind::Axis`] for bad axes.
    pub fn statistic(
        &self,
        name: &str,
        axes: Option<&[i64]>,
        ddof: f64,
        keepdims: bool,
    ) -> Result<Folded> {
        self.fold(axes, keepdims, &|x, axes, masked| {
            let axes: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
            if !masked {
                return super::statistic(name, x, Some(&axes), ddof, false);
            }
            let asked = Reduction {
                axes: Some(axes),
                only: Some(self.beside()?),
                ddof: Some(ddof).filter(|ddof| *ddof != 0.0),
                ..Reduction::default()
            };
            super::fold(name, x, &asked)
        })
    }

    /// Folds axes of the array, by a function that is told whether the mask's are among them.
    fn fold(
        &self,
        axes: Option<&[i64]>,
        keepdims: bool,
        fold: &dyn Fn(&Expr, &Axes, bool) -> Result<Expr>,
    ) -> Result<Folded> {
        let mut axes = match axes {
            None => (0..self.ndim()).collect(),
            Some(axes) => normalize_axes(axes, self.ndim())?,
        };
        axes.sort_unstable();
        let masked = self.mask.shape().len();
        let inner = axes.iter().flat_map(|&axis| match axis.cmp(&self.axis) {
            std::cmp::Ordering::Less => axis..axis + 1,
            std::cmp::Ordering::Equal => axis..axis + masked,
            std::cmp::Ordering::Greater => axis + masked - 1..axis + masked,
        });
        let inner: Axes = inner.collect();
        let counted = axes.contains(&self.axis);
        let folded = fold(&self.x, &inner, counted)?;
        let places = if counted { &axes } else { &inner };
        let places: Vec<i64> = places.iter().map(|&axis| axis as i64).collect();
        let folded = if keepdims {
            expand_dims(&folded, &places)?
        } else {
            folded
        };
        if counted {
            return Ok(Folded::Array(folded));
        }
        let before = axes.iter().filter(|&&axis| axis < self.axis).count();
        Ok(Folded::Selection(Selection {
            x: folded,
            mask: self.mask.clone(),
            axis: if keepdims {
                self.axis
            } else {
                self.axis - before
            },
        }))
    }

    /// The mask, to stand beside the array.
    fn beside(&self) -> Result<Expr> {
        let (from, ndim) = (self.mask.shape().len(), self.x.shape().len() - self.axis);
        let behind: Vec<i64> = (from as i64..ndim as i64).collect();
        expand_dims(&self.mask, &behind)
    }

    /// The elements that are selected, and another value for the rest.
    pub(crate) fn chosen(&self, x: &Expr, rest: &Expr) -> Result<Expr> {
        map("where", &[self.beside()?, x.clone(), rest.clone()])
    }

    /// Whether anything is selected.
    fn any(&self) -> Result<Expr> {
        reduce_axes("any", &self.mask, (0..self.mask.shape().len()).collect())
    }

    /// How many places are selected, as i64 without axes.
    pub fn count(&self) -> Result<Expr> {
        count(&self.mask)
    }

    fn refusal(&self, name: &str) -> Refusal {
        Refusal {
            message: format!(
                "{name} of no elements has no value: nowhere is {}",
                one_line(&self.mask)
            ),
            way_out: "another mask, or where(mask, x, a value) in place of x[mask]".to_owned(),
        }
    }
}

/// How often a mask is true, as i64 without axes.
///
/// # Errors
/// None for a mask.
pub fn count(mask: &Expr) -> Result<Expr> {
    reduce_axes("sum", mask, (0..mask.shape().len()).collect())
}
