//! What does an operator of values mean?
//!
//! Of plain numbers Python's arithmetic, of arrays the operator of that name.

use super::convert::{array, checked, operand};
use super::error::{EvalError, Result};
use super::number::{self, Number};
use super::value::Value;
use crate::parse::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::parse::{Span, Spanned};
use tilewright::{DType, ops};

/// What a sign before a value gives.
pub(super) fn unary(op: UnaryOp, x: Spanned<Value>, span: Span) -> Result<Value> {
    if let Some(number) = Number::of(&x.node) {
        return number::unary(op, number)
            .map(Value::from)
            .map_err(|m| arithmetic(span, m));
    }
    if let Value::List(_) | Value::Tuple(_) = x.node {
        let message = format!("{} has no sign {}", x.node.kind(), op.symbol());
        let way_out = "array([1, 2]) makes an array of a list";
        return Err(EvalError::wrong(span, message, way_out));
    }
    let name = match op {
        UnaryOp::Neg => "negative",
        UnaryOp::Invert => "invert",
        UnaryOp::Pos => "positive",
    };
    map(name, &[x], span)
}

/// What an operator between two values gives.
pub(super) fn binary(
    op: BinaryOp,
    left: Spanned<Value>,
    right: Spanned<Value>,
    span: Span,
) -> Result<Value> {
    if let (Some(a), Some(b)) = (Number::of(&left.node), Number::of(&right.node)) {
        return number::binary(op, a, b)
            .map(Value::from)
            .map_err(|m| arithmetic(span, m));
    }
    if let Some(value) = left.node.without_arrays(op, &right.node, span)? {
        return Ok(value);
    }
    let name = match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "subtract",
        BinaryOp::Mul => "multiply",
        BinaryOp::MatMul => {
            let (a, b) = (array(&left)?, array(&right)?);
            return checked(span, a.matmul(&b)).map(Value::Array);
        }
        BinaryOp::Div => "divide",
        BinaryOp::FloorDiv => "floor_divide",
        BinaryOp::Mod => "remainder",
        // NumPy squares here, which bool has a dtype of its own for.
        BinaryOp::Pow if is_bool(&left.node) && matches!(right.node, Value::Int(2)) => {
            return map("square", &[left], span);
        }
        BinaryOp::Pow => "power",
        BinaryOp::LeftShift => "left_shift",
        BinaryOp::RightShift => "right_shift",
        BinaryOp::BitAnd => "bitwise_and",
        BinaryOp::BitOr => "bitwise_or",
        BinaryOp::BitXor => "bitwise_xor",
    };
    if ops::form(name).is_none() {
        return Err(EvalError::wrong(
            span,
            format!("arrays have no operator {} yet", op.symbol()),
            "`tilewright ops` lists what there is",
        ));
    }
    map(name, &[left, right], span)
}

fn is_bool(value: &Value) -> bool {
    matches!(value, Value::Array(x) if x.dtype().is_ok_and(|dtype| dtype == DType::Bool))
}

/// What a comparison of two values gives.
pub(super) fn compare(
    op: CompareOp,
    left: Spanned<Value>,
    right: Spanned<Value>,
    span: Span,
) -> Result<Value> {
    if let (Some(a), Some(b)) = (Number::of(&left.node), Number::of(&right.node)) {
        return Ok(Value::Bool(number::compare(op, a, b)));
    }
    if let Some(equal) = plainly_equal(&left.node, &right.node) {
        match op {
            CompareOp::Eq => return Ok(Value::Bool(equal)),
            CompareOp::Ne => return Ok(Value::Bool(!equal)),
            _ => {}
        }
    }
    let name = match op {
        CompareOp::Eq => "equal",
        CompareOp::Ne => "not_equal",
        CompareOp::Lt => "less",
        CompareOp::Le => "less_equal",
        CompareOp::Gt => "greater",
        CompareOp::Ge => "greater_equal",
    };
    map(name, &[left, right], span)
}

/// Whether two values that are no arrays are equal; `None` where that is NumPy's to say.
fn plainly_equal(a: &Value, b: &Value) -> Option<bool> {
    Some(match (a, b) {
        (Value::Array(_), _) | (_, Value::Array(_)) => return None,
        (Value::Tuple(a), Value::Tuple(b)) | (Value::List(a), Value::List(b)) => {
            let mut equal = a.len() == b.len();
            for (a, b) in a.iter().zip(b) {
                equal &= plainly_equal(a, b)?;
            }
            equal
        }
        (Value::DType(a), Value::DType(b)) => a == b,
        (Value::DType(dtype), Value::Str(name)) | (Value::Str(name), Value::DType(dtype)) => {
            DType::parse(name) == Some(*dtype)
        }
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::None, Value::None) => true,
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => number::compare(CompareOp::Eq, a, b),
            _ => false,
        },
    })
}

/// An element-wise operator of values.
pub(super) fn map(name: &str, values: &[Spanned<Value>], span: Span) -> Result<Value> {
    let operands = values.iter().map(operand).collect::<Result<Vec<_>>>()?;
    checked(span, ops::map(name, &operands)).map(Value::Array)
}

fn arithmetic(span: Span, message: &str) -> EvalError {
    let way_out = match message {
        "division by zero" => "a divisor other than 0; arrays divide by 0 to inf or nan",
        _ => "floats, or an array: array(2)",
    };
    EvalError::wrong(span, message, way_out)
}
