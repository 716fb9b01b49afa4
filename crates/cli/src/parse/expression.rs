//! What does an expression say?
//!
//! From the parser's tree to ours, node by node: prefixes are taken off, `.compute()` is dropped,
//! and what the language lacks is refused. Recursion is bounded by the scanner.

use ruff_python_ast as python;
use ruff_python_ast::{CmpOp, Expr as Python, Operator};
use ruff_text_size::Ranged;

use super::ast::{BinaryOp, Call, Callee, CompareOp, Expr, Keyword, SpannedExpr, UnaryOp};
use super::error::ParseError;
use super::name::{Path, is_reserved, module_as_value, path};
use super::refuse;
use super::span::Spanned;
use super::statement::Reader;

impl Reader<'_> {
    /// The expression that `expr` is.
    pub(super) fn expr(&self, expr: &Python) -> Result<SpannedExpr, ParseError> {
        let node = match expr {
            Python::NumberLiteral(number) => self.number(number)?,
            Python::StringLiteral(string) => self.string(string)?,
            Python::BooleanLiteral(literal) => Expr::Bool(literal.value),
            Python::NoneLiteral(_) => Expr::None,
            Python::EllipsisLiteral(_) => Expr::Ellipsis,
            Python::Name(_) | Python::Attribute(_) => self.name_or_attribute(expr)?,
            Python::UnaryOp(unary) => self.unary(unary)?,
            Python::BinOp(binary) => Expr::Binary {
                op: binary_op(binary.op),
                left: Box::new(self.expr(&binary.left)?),
                right: Box::new(self.expr(&binary.right)?),
            },
            Python::Compare(compare) => self.compare(compare)?,
            Python::Subscript(subscript) => Expr::Subscript {
                value: Box::new(self.expr(&subscript.value)?),
                items: self.index_items(&subscript.slice)?,
            },
            Python::Call(call) => return self.call(call),
            Python::Tuple(tuple) => Expr::Tuple(self.exprs(&tuple.elts)?),
            Python::List(list) => Expr::List(self.exprs(&list.elts)?),
            Python::Dict(dict) => {
                let pairs = dict.items.iter().map(|item| match &item.key {
                    Some(key) => Ok((self.expr(key)?, self.expr(&item.value)?)),
                    None => Err(refuse::starred(item.value.range())),
                });
                Expr::Dict(pairs.collect::<Result<_, _>>()?)
            }
            Python::Lambda(lambda) => Expr::Lambda {
                params: self.params(lambda)?,
                body: Box::new(self.expr(&lambda.body)?),
            },
            Python::BoolOp(boolean) => return Err(refuse::boolean(self, boolean)),
            other => return Err(refuse::expression(other)),
        };
        Ok(Spanned::new(node, expr.range()))
    }

    fn exprs(&self, exprs: &[Python]) -> Result<Vec<SpannedExpr>, ParseError> {
        let mut read = Vec::with_capacity(exprs.len());
        for expr in exprs {
            read.push(self.expr(expr)?);
        }
        Ok(read)
    }

    /// The parameters of a lambda: names alone.
    fn params(&self, lambda: &python::ExprLambda) -> Result<Vec<Spanned<String>>, ParseError> {
        let Some(given) = &lambda.parameters else {
            return Ok(Vec::new());
        };
        let plain = given.posonlyargs.is_empty()
            && given.vararg.is_none()
            && given.kwonlyargs.is_empty()
            && given.kwarg.is_none()
            && given.args.iter().all(|param| param.default.is_none());
        if !plain {
            return Err(refuse::parameters(given.range));
        }
        let mut params: Vec<Spanned<String>> = Vec::new();
        for param in &given.args {
            let name = identifier(&param.parameter.name);
            if is_reserved(&name.node) || params.iter().any(|other| other.node == name.node) {
                return Err(refuse::parameter(&name));
            }
            params.push(name);
        }
        Ok(params)
    }

    fn name_or_attribute(&self, expr: &Python) -> Result<Expr, ParseError> {
        match (path(expr)?, expr) {
            (Some(Path::Module), _) => Err(module_as_value(self.text, expr.range().into())),
            (Some(Path::Member(name)), _) if name == "newaxis" => Ok(Expr::None),
            (Some(Path::Member(name)), _) => Ok(Expr::Library(name)),
            (None, Python::Name(name)) if name.id == "newaxis" => Ok(Expr::None),
            (None, Python::Name(name)) => Ok(Expr::Name(name.id.to_string())),
            (None, Python::Attribute(attribute)) => Ok(Expr::Attribute {
                value: Box::new(self.expr(&attribute.value)?),
                name: identifier(&attribute.attr),
            }),
            (None, other) => Err(refuse::expression(other)),
        }
    }

    fn unary(&self, unary: &python::ExprUnaryOp) -> Result<Expr, ParseError> {
        let op = match unary.op {
            python::UnaryOp::USub => UnaryOp::Neg,
            python::UnaryOp::UAdd => UnaryOp::Pos,
            python::UnaryOp::Invert => UnaryOp::Invert,
            python::UnaryOp::Not => return Err(refuse::not(self, unary)),
        };
        Ok(Expr::Unary {
            op,
            operand: Box::new(self.expr(&unary.operand)?),
        })
    }

    fn compare(&self, compare: &python::ExprCompare) -> Result<Expr, ParseError> {
        let ([op], [right]) = (&*compare.ops, &*compare.comparators) else {
            return Err(refuse::chained_comparison(self, compare));
        };
        let op = match op {
            CmpOp::Eq => CompareOp::Eq,
            CmpOp::NotEq => CompareOp::Ne,
            CmpOp::Lt => CompareOp::Lt,
            CmpOp::LtE => CompareOp::Le,
            CmpOp::Gt => CompareOp::Gt,
            CmpOp::GtE => CompareOp::Ge,
            CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => {
                return Err(refuse::identity_or_membership(self, compare, *op, right));
            }
        };
        let left = Box::new(self.expr(&compare.left)?);
        Ok(Expr::Compare {
            op,
            left,
            right: Box::new(self.expr(right)?),
        })
    }

    fn call(&self, call: &python::ExprCall) -> Result<SpannedExpr, ParseError> {
        let callee = match (path(&call.func)?, &*call.func) {
            (Some(Path::Module), module) => {
                return Err(module_as_value(self.text, module.range().into()));
            }
            (Some(Path::Member(name)), member) => {
                Callee::Function(Spanned::new(name, member.range()))
            }
            (None, Python::Name(name)) => {
                Callee::Function(Spanned::new(name.id.to_string(), name.range))
            }
            (None, Python::Attribute(method)) => Callee::Method {
                receiver: self.expr(&method.value)?,
                name: identifier(&method.attr),
            },
            (None, other) => return Err(refuse::callee(self, other, call)),
        };
        match callee {
            // Dask's way to ask for the values; here they are always asked for at the end.
            Callee::Method { receiver, name } if name.node == "compute" => {
                if call.arguments.is_empty() {
                    Ok(receiver)
                } else {
                    Err(refuse::compute_arguments(call.arguments.range))
                }
            }
            callee => {
                let args = self.exprs(&call.arguments.args)?;
                let kwargs = self.keywords(&call.arguments.keywords)?;
                let call_node = Expr::Call(Box::new(Call {
                    callee,
                    args,
                    kwargs,
                }));
                Ok(Spanned::new(call_node, call.range()))
            }
        }
    }

    fn keywords(&self, keywords: &[python::Keyword]) -> Result<Vec<Keyword>, ParseError> {
        let mut seen = std::collections::HashSet::new();
        keywords
            .iter()
            .map(|keyword| {
                let Some(name) = &keyword.arg else {
                    return Err(refuse::starred(keyword.range));
                };
                if !seen.insert(name.as_str()) {
                    let message = format!("{} is given twice", name.as_str());
                    return Err(ParseError::new(name.range, message).way_out("leave one out"));
                }
                Ok(Keyword {
                    name: identifier(name),
                    value: self.expr(&keyword.value)?,
                })
            })
            .collect()
    }
}

fn identifier(identifier: &python::Identifier) -> Spanned<String> {
    Spanned::new(identifier.as_str().to_owned(), identifier.range)
}

pub(super) fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::Div,
        Operator::FloorDiv => BinaryOp::FloorDiv,
        Operator::Mod => BinaryOp::Mod,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::LeftShift,
        Operator::RShift => BinaryOp::RightShift,
        Operator::BitAnd => BinaryOp::BitAnd,
        Operator::BitOr => BinaryOp::BitOr,
        Operator::BitXor => BinaryOp::BitXor,
    }
}
