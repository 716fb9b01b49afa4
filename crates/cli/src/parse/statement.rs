//! Which statements make a program?
//!
//! Assignments, then one expression, whose tuple gives the roots. Every other statement is an
//! error that names it.

use ruff_python_ast::{Expr as Python, ExprName, ModModule, Stmt};
use ruff_text_size::Ranged;

use super::ast::{Assignment, Callee, Expr, Program, SpannedExpr, Target};
use super::error::ParseError;
use super::expression::binary_op;
use super::name::is_reserved;
use super::span::{Span, Spanned};
use super::{import, refuse};

/// Turns the parser's tree into ours; holds the text for its errors.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The text of a node of the parser's tree.
    pub(super) fn text_of(&self, node: &impl Ranged) -> &'a str {
        Span::from(node.range()).of(self.text)
    }

    /// The program that `module` is.
    pub(super) fn program(&self, module: &ModModule) -> Result<Program, ParseError> {
        let mut assignments: Vec<Assignment> = Vec::new();
        let mut statements = module.body.iter().peekable();
        while let Some(statement) = statements.next() {
            match statement {
                Stmt::Expr(last) if statements.peek().is_none() => {
                    let roots = self.roots(&last.value)?;
                    return Ok(Program { assignments, roots });
                }
                Stmt::Expr(lost) => {
                    return Err(
                        ParseError::new(lost.range, "the value of this line is lost")
                            .note("only the last statement of a program is computed")
                            .way_out("name = ... to use it later, or a tuple at the end: a, b"),
                    );
                }
                Stmt::Assign(assign) => {
                    assignments.extend(self.chain(&assign.targets, &assign.value)?);
                }
                Stmt::AugAssign(assign) => assignments.push(Assignment {
                    target: self.one_target(&assign.target)?,
                    op: Some(binary_op(assign.op)),
                    value: self.expr(&assign.value)?,
                }),
                Stmt::Import(imported) => import::import(imported)?,
                Stmt::ImportFrom(imported) => import::import_from(imported)?,
                other => return Err(refuse::statement(other)),
            }
        }
        Err(match assignments.last() {
            Some(last) => ParseError::new(
                Span::new(last.target.names()[0].span.start, last.value.span.end),
                "the program ends without an expression to compute",
            )
            .way_out(format!("; {} after it", last.target.names()[0].node)),
            None => ParseError::new(
                Span::new(self.text.len(), self.text.len()),
                "there is no expression to compute",
            )
            .way_out("ones((4, 3)).mean()"),
        })
    }

    /// `a = value`, or `a = b = value` as `a = value` and `b = a`.
    fn chain(&self, targets: &[Python], value: &Python) -> Result<Vec<Assignment>, ParseError> {
        let mut made: Vec<Assignment> = Vec::new();
        for target in targets {
            let value = match made.last().map(|before| &before.target) {
                None => self.expr(value)?,
                Some(Target::Name(name)) => {
                    Spanned::new(Expr::Name(name.node.clone()), value.range())
                }
                Some(_) => return Err(refuse::chained_assignment(self, targets)),
            };
            made.push(Assignment {
                target: self.target(target)?,
                op: None,
                value,
            });
        }
        Ok(made)
    }

    /// What an assignment assigns.
    fn target(&self, target: &Python) -> Result<Target, ParseError> {
        match target {
            Python::Tuple(tuple) => self.names(target, &tuple.elts),
            Python::List(list) => self.names(target, &list.elts),
            _ => self.one_target(target),
        }
    }

    /// A name or a part of what it names.
    fn one_target(&self, target: &Python) -> Result<Target, ParseError> {
        match target {
            Python::Name(name) => self.variable(name).map(Target::Name),
            Python::Subscript(part) => match &*part.value {
                Python::Name(name) => Ok(Target::Part(
                    self.variable(name)?,
                    self.index_items(&part.slice)?,
                )),
                _ => Err(refuse::assignment_target(self, target)),
            },
            _ => Err(refuse::assignment_target(self, target)),
        }
    }

    fn names(&self, whole: &Python, items: &[Python]) -> Result<Target, ParseError> {
        let names = items.iter().map(|item| match item {
            Python::Name(name) => self.variable(name),
            _ => Err(refuse::assignment_target(self, whole)),
        });
        match names.collect::<Result<Vec<_>, _>>()? {
            names if names.is_empty() => Err(refuse::assignment_target(self, whole)),
            names => Ok(Target::Names(names)),
        }
    }

    fn variable(&self, name: &ExprName) -> Result<Spanned<String>, ParseError> {
        if is_reserved(&name.id) {
            let message = format!(
                "{} has a meaning of its own and cannot be assigned",
                name.id
            );
            return Err(ParseError::new(name.range, message).way_out(format!("{}_", name.id)));
        }
        Ok(Spanned::new(name.id.to_string(), name.range))
    }

    /// The items of a tuple and the arguments of `dask.compute`, else the expression itself.
    fn roots(&self, last: &Python) -> Result<Vec<SpannedExpr>, ParseError> {
        let items = match last {
            Python::Tuple(tuple) => tuple.elts.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut roots = Vec::new();
        for item in items {
            flatten(self.expr(item)?, &mut roots)?;
        }
        if roots.is_empty() {
            return Err(
                ParseError::new(last.range(), "there is nothing to compute in here")
                    .way_out("an expression, or several with commas between them"),
            );
        }
        Ok(roots)
    }
}

fn flatten(item: SpannedExpr, roots: &mut Vec<SpannedExpr>) -> Result<(), ParseError> {
    match item.node {
        Expr::Call(call) if matches!(&call.callee, Callee::Function(f) if f.node == "compute") => {
            match call.kwargs.first() {
                Some(option) => Err(refuse::compute_arguments(option.name.span)),
                None => call
                    .args
                    .into_iter()
                    .try_for_each(|argument| flatten(argument, roots)),
            }
        }
        node => {
            roots.push(Spanned::new(node, item.span));
            Ok(())
        }
    }
}
