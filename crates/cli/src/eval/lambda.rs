//! What is a function that a program writes out?
//!
//! It stands where a function is an argument, alone or in a list, and has no name: so it is called
//! no deeper than it is nested, and cannot call itself.

use super::error::{EvalError, Result};
use super::expression::Evaluator;
use super::value::Value;
use crate::parse::{Span, Spanned, SpannedExpr, print_expr};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// `lambda x, y: x + y`, with the variables that there were.
#[derive(Clone)]
pub struct Lambda {
    params: Vec<String>,
    body: Arc<SpannedExpr>,
    scope: Arc<HashMap<String, Value>>,
}

impl Lambda {
    /// That of parameters and a body, where these variables are.
    pub(super) fn new(
        params: &[Spanned<String>],
        body: &SpannedExpr,
        scope: &HashMap<String, Value>,
    ) -> Lambda {
        Lambda {
            params: params.iter().map(|param| param.node.clone()).collect(),
            body: Arc::new(body.clone()),
            scope: Arc::new(scope.clone()),
        }
    }

    /// Its value for arguments; `span` is the call that takes it.
    pub(super) fn call(&self, arguments: Vec<Value>, span: Span) -> Result<Value> {
        if arguments.len() != self.params.len() {
            let (wanted, given) = (self.params.len(), arguments.len());
            let message =
                format!("a lambda of {wanted} parameters is called with {given} arguments");
            return Err(EvalError::wrong(
                span,
                message,
                "a parameter for each argument",
            ));
        }
        let mut variables = HashMap::clone(&self.scope);
        variables.extend(self.params.iter().cloned().zip(arguments));
        Evaluator::of(variables).value(&self.body)
    }
}

impl fmt::Display for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lambda {}: {}",
            self.params.join(", "),
            print_expr(&self.body)
        )
    }
}

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
