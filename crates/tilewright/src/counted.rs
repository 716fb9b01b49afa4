//! What is an array whose lengths data decide?
//!
//! A recipe: a call, the arrays that it is of, and the counts that it needs of them, each an
//! expression without axes. A run computes the counts in a pass of its own, which reads what they
//! read and no more; then every call is made with the lengths known, and what runs is an
//! expression like any other. A count may itself be of such arrays; then there are more passes.
//! What the greatest lengths tell of dtype and axes is known before. Absent: extents that are no
//! numbers.

use crate::Array;
use crate::array::State;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tilewright_core::{Error, Kind, Result};
use tilewright_expr::Expr;
use tilewright_expr::build::Selection;

/// A count, and the most that it may be, or what stands for that where nothing bounds it.
pub(crate) type Count = (Expr, i64);

type Counts = dyn Fn(&[Expr]) -> Result<Vec<Count>> + Send + Sync;
type Make = dyn Fn(&[Expr], &[i64]) -> Result<Expr> + Send + Sync;

/// An array whose lengths are counted when it is computed.
pub(crate) struct Counted {
    args: Vec<Array>,
    counts: Box<Counts>,
    make: Box<Make>,
    /// What the call gives for the greatest lengths.
    pub longest: Result<Expr>,
    /// The elements of an array where a mask is true, if it is no more than that.
    pub selection: Option<Selection>,
}

impl Counted {
    /// The array that a call makes of others and of counts.
    ///
    /// # Errors
    /// What the call refuses whatever the lengths are.
    pub fn new(
        args: Vec<Array>,
        counts: impl Fn(&[Expr]) -> Result<Vec<Count>> + Send + Sync + 'static,
        make: impl Fn(&[Expr], &[i64]) -> Result<Expr> + Send + Sync + 'static,
    ) -> Result<Counted> {
        let longest = longest(&args).and_then(|exprs| {
            let most: Vec<i64> = counts(&exprs)?.iter().map(|count| count.1).collect();
            make(&exprs, &most)
        });
        if let Err(error) = &longest
            && matches!(error.kind(), Kind::DType | Kind::Axis | Kind::Parse)
        {
            return Err(error.clone());
        }
        Ok(Counted {
            args,
            counts: Box::new(counts),
            make: Box::new(make),
            longest,
            selection: None,
        })
    }
}

impl Array {
    /// The array; if its lengths are counted, as one whose number of axes shows only then.
    pub(crate) fn of_unknown_axes(self) -> Array {
        let mut counted = match self.state() {
            State::Counted(_) => self.into_counted(),
            _ => return self,
        };
        if let Some(counted) = counted.as_mut().and_then(Arc::get_mut) {
            let message = "the number of axes shows when the array is computed";
            let error = Error::new(Kind::Shape, message);
            counted.longest = Err(error.way_out("squeeze(axis=0), which names them"));
        }
        match counted {
            Some(counted) => Array::of_counted(counted),
            None => Array::new(Err(crate::internal("an array without its recipe"))),
        }
    }
}

/// The arrays at their greatest lengths.
pub(crate) fn longest(args: &[Array]) -> Result<Vec<Expr>> {
    let each = args.iter().map(|array| match array.state() {
        State::Counted(counted) => counted.longest.clone(),
        _ => array.expr().cloned(),
    });
    each.collect()
}

/// The error for a call that needs a length before it is counted.
pub(crate) fn unknown_length(counted: &Counted) -> Error {
    let error = Error::new(
        Kind::Shape,
        "a length is counted when the array is computed, and this call needs it before",
    );
    let error = match &counted.longest {
        Ok(longest) => error.fact(
            "array",
            format!("{}, at most {:?}", longest.dtype(), longest.shape()),
        ),
        Err(_) => error,
    };
    error.way_out("compute() of it first, or a reduction")
}

impl Drop for Counted {
    /// Takes long chains apart in a loop: recursion would overflow the stack.
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.args);
        while let Some(array) = pending.pop() {
            if let Some(mut counted) = array.into_counted().and_then(Arc::into_inner) {
                pending.append(&mut counted.args);
            }
        }
    }
}

/// Counts that were computed.
#[derive(Default)]
pub(crate) struct Lengths {
    known: HashMap<Expr, i64>,
}

/// Arrays under the counts that are known.
pub(crate) enum Resolved {
    /// Expressions.
    All(Vec<Expr>),
    /// These counts are wanted first.
    Wanted(Vec<Expr>),
}

impl Lengths {
    /// Adds counts.
    pub fn learn(&mut self, counts: Vec<Expr>, lengths: impl IntoIterator<Item = i64>) {
        self.known.extend(counts.into_iter().zip(lengths));
    }

    /// The arrays' expressions, or what must be counted for them.
    ///
    /// # Errors
    /// What building the arrays met, and what a call refuses of the lengths.
    pub fn resolve(&self, arrays: &[Array]) -> Result<Resolved> {
        let (mut made, mut wanted) = (HashMap::new(), Vec::new());
        let mut entered = HashSet::new();
        let mut pending: Vec<Array> = arrays.to_vec();
        while let Some(array) = pending.last() {
            let State::Counted(counted) = array.state() else {
                pending.pop();
                continue;
            };
            let (key, counted) = (Arc::as_ptr(counted), counted.clone());
            if made.contains_key(&key) {
                pending.pop();
            } else if entered.insert(key) {
                pending.extend(counted.args.iter().cloned());
            } else {
                pending.pop();
                made.insert(key, self.call(&counted, &made, &mut wanted)?);
            }
        }
        let roots = arrays.iter().map(|array| expression(array, &made));
        match roots.collect::<Result<Option<Vec<Expr>>>>()? {
            Some(roots) if wanted.is_empty() => Ok(Resolved::All(roots)),
            _ => Ok(Resolved::Wanted(wanted)),
        }
    }

    /// What a call makes; `None` while counts are wanted.
    fn call(&self, counted: &Counted, made: &Made, wanted: &mut Vec<Expr>) -> Result<Option<Expr>> {
        let args = counted.args.iter().map(|array| expression(array, made));
        let Some(args) = args.collect::<Result<Option<Vec<Expr>>>>()? else {
            return Ok(None);
        };
        let mut lengths = Vec::new();
        let mut missing = false;
        for (count, _) in (counted.counts)(&args)? {
            match self.known.get(&count) {
                Some(&length) => lengths.push(length),
                None => {
                    missing = true;
                    if !wanted.contains(&count) {
                        wanted.push(count);
                    }
                }
            }
        }
        if missing {
            return Ok(None);
        }
        (counted.make)(&args, &lengths).map(Some)
    }
}

type Made = HashMap<*const Counted, Option<Expr>>;

/// The expression of an array; `None` while counts are wanted for it.
fn expression(array: &Array, made: &Made) -> Result<Option<Expr>> {
    match array.state() {
        State::Counted(counted) => Ok(made.get(&Arc::as_ptr(counted)).cloned().flatten()),
        _ => array.expr().cloned().map(Some),
    }
}
