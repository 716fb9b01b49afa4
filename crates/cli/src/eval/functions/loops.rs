//! What is an element-wise function asked for beside its arguments?
//!
//! NumPy's `out where casting order dtype subok`. Names are values here: `out=z` gives what would lie
//! in z, with z's elements where a mask is false, and leaves z what it is.

use super::{Arguments, Bound, creation, dtypes, out};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::{Span, Spanned};
use tilewright::{Array, DType, Operand, ops};

/// The keywords of a loop of several results, behind its arguments and the places of its results.
macro_rules! several {
    ($($name:literal),*) => {
        &[$($name,)* "out", "where", "casting", "order", "dtype", "subok"]
    };
}
pub(super) use several;

/// What a loop is asked for.
pub(super) struct Loop {
    dtype: Option<Spanned<Value>>,
    casting: Option<Spanned<Value>>,
    /// Where each result lies.
    out: Vec<Option<Array>>,
    only: Option<Spanned<Value>>,
    span: Span,
}

impl Loop {
    /// That of a function of so many arguments and one result, whose keywords are taken out.
    ///
    /// # Errors
    /// As [`Loop::taken`].
    pub fn of(arguments: &mut Arguments, count: usize) -> Result<Loop> {
        let place = |last: &&Spanned<Value>| matches!(last.node, Value::Array(_) | Value::None);
        let behind = arguments.positional.len() == count + 1
            && arguments.positional.last().filter(place).is_some();
        let behind = behind.then(|| arguments.positional.pop()).flatten();
        let span = arguments.span;
        Loop::taken(|name| arguments.keyword(name), vec![behind], span)
    }

    /// That of a function of two results, from its bound arguments.
    ///
    /// # Errors
    /// As [`Loop::taken`].
    pub fn of_two(bound: &mut Bound) -> Result<Loop> {
        let places = ["out1", "out2"].map(|name| bound.take(name)).to_vec();
        let span = bound.span;
        Loop::taken(|name| bound.take_given(name), places, span)
    }

    /// That of these keywords, with the places of results that stood among the arguments.
    ///
    /// # Errors
    /// A place that is no array, or others than one for each result; a mask without a place, whose
    /// other elements would be anything.
    fn taken(
        mut keyword: impl FnMut(&str) -> Option<Spanned<Value>>,
        mut places: Vec<Option<Spanned<Value>>>,
        span: Span,
    ) -> Result<Loop> {
        if let Some(out) = keyword("out").filter(|out| !matches!(out.node, Value::None)) {
            if places.iter().any(Option::is_some) {
                let message = "places of results are given twice";
                return Err(EvalError::wrong(out.span, message, "out= alone"));
            }
            places = match &out.node {
                Value::Tuple(each) if each.len() == places.len() => each
                    .iter()
                    .map(|one| Some(Spanned::new(one.clone(), out.span)))
                    .collect(),
                Value::Array(_) if places.len() == 1 => vec![Some(out)],
                other => {
                    let message =
                        format!("{} where {} places are wanted", other.kind(), places.len());
                    return Err(EvalError::wrong(
                        out.span,
                        message,
                        "an array for each result",
                    ));
                }
            };
        }
        let place = |given: Option<Spanned<Value>>| {
            let given = given.filter(|given| !matches!(given.node, Value::None));
            given.map(|given| out::place(&given)).transpose()
        };
        let out = places.into_iter().map(place).collect::<Result<Vec<_>>>()?;
        let everywhere = |only: &Value| matches!(only, Value::None | Value::Bool(true));
        let only = keyword("where").filter(|only| !everywhere(&only.node));
        if let (Some(only), true) = (&only, out.iter().any(Option::is_none)) {
            let message = "where the mask is false, elements would be what lay there before";
            let way_out = "out=zeros_like(x), or where(mask, f(x), x)";
            return Err(EvalError::wrong(only.span, message, way_out));
        }
        if let Some(order) = keyword("order") {
            creation::check_order(&order)?;
        }
        keyword("subok");
        let casting = keyword("casting");
        if let Some(casting) = &casting {
            dtypes::check_rule(casting)?;
        }
        Ok(Loop {
            dtype: keyword("dtype").filter(|dtype| !matches!(dtype.node, Value::None)),
            casting,
            out,
            only,
            span,
        })
    }

    /// An operand in the dtype that is asked for; those of a truth stay what they are.
    ///
    /// # Errors
    /// A cast that is not allowed.
    pub fn cast(&self, value: &Spanned<Value>) -> Result<Operand> {
        let to = self.dtype()?.filter(|to| *to != DType::Bool);
        match (convert::operand(value)?, to) {
            (Operand::Array(x), Some(to)) => {
                dtypes::cast(&x, to, self.casting.as_ref(), value.span).map(Operand::Array)
            }
            (Operand::Float(_), Some(to)) if !to.is_float() => {
                let x = convert::array(value)?;
                dtypes::cast(&x, to, self.casting.as_ref(), value.span).map(Operand::Array)
            }
            (_, Some(to)) => convert::typed_array(value, Some(to)).map(Operand::Array),
            (operand, None) => Ok(operand),
        }
    }

    /// Refuses operands that the function of this row would cast, where no cast is allowed.
    ///
    /// # Errors
    /// Such an operand.
    pub fn check(&self, row: &str, operands: &[Operand]) -> Result<()> {
        let Some(casting) = &self.casting else {
            return Ok(());
        };
        let rule = convert::text(casting)?;
        if !matches!(rule, "no" | "equiv") {
            return Ok(());
        }
        let into = ops::loop_dtypes(row, operands).unwrap_or_default();
        for (operand, into) in operands.iter().zip(into) {
            let own = match operand {
                Operand::Array(x) => x.dtype().ok(),
                Operand::Bool(_) => Some(DType::Bool),
                Operand::Int(_) => Some(DType::I64),
                Operand::Float(_) => Some(DType::F64),
            };
            if own != Some(into) {
                let own = own.map_or("a plain number", DType::name);
                let message = format!("{own} as {} with casting='{rule}'", into.name());
                return Err(EvalError::wrong(casting.span, message, "astype first"));
            }
        }
        Ok(())
    }

    /// A result where it is to lie; they are numbered from 0.
    ///
    /// # Errors
    /// A result of another dtype than was asked for, or one that its place does not take.
    pub fn held(&self, number: usize, result: Array) -> Result<Value> {
        let result = convert::checked(self.span, result)?;
        let wrong = |error| EvalError::new(self.span, error);
        if let (Some(asked), Some(given)) = (self.dtype()?, &self.dtype) {
            let dtype = result.dtype().map_err(wrong)?;
            if dtype != asked {
                let message = format!("this function gives {}, not {}", dtype.name(), asked.name());
                return Err(EvalError::wrong(
                    given.span,
                    message,
                    "astype of the result",
                ));
            }
        }
        let Some(Some(out)) = self.out.get(number) else {
            return Ok(Value::Array(result));
        };
        let to = out.dtype().map_err(wrong)?;
        // Of what is counted the dtype may not show before.
        let result = match result.dtype() {
            Ok(_) => dtypes::cast(&result, to, self.casting.as_ref(), self.span)?,
            Err(_) => result,
        };
        let only = self.only.as_ref().map(|only| match &only.node {
            Value::Array(mask) => Ok(mask.clone()),
            _ => convert::typed_array(only, Some(DType::Bool)),
        });
        let held = result.held_by(out, only.transpose()?.as_ref());
        convert::checked(self.span, held).map(Value::Array)
    }

    fn dtype(&self) -> Result<Option<DType>> {
        self.dtype.as_ref().map(convert::dtype).transpose()
    }
}
