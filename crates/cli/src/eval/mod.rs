//! What does a program mean?
//!
//! Walks the tree of [`parse`](crate::parse) and builds lazy arrays, with NumPy's names, argument
//! orders and meaning; arithmetic on plain numbers is Python's. Every node is checked as it is
//! built, so an error carries its place in the text.
//!
//! | file | question |
//! |---|---|
//! | `value` | what can a name stand for? |
//! | `lambda` | what is a function that a program writes out? |
//! | `number` | what is arithmetic on plain numbers? |
//! | `assignment` | what does an assignment do? |
//! | `expression` | what does each kind of node mean? |
//! | `operators` | what does an operator of values mean? |
//! | `subscript` | what may stand between square brackets? |
//! | `grids` | what do `r_[1:4, 0]` and its kin mean? |
//! | `attribute` | what follows a dot, without a call? |
//! | `limits` | … of the limits of a dtype? |
//! | `arguments` | which argument belongs to which parameter? |
//! | `convert` | how is a value read as an axis, a shape, chunks, …? |
//! | `elements` | which numbers does a nested list hold? |
//! | `functions` | which functions and methods are there? |
//! | `glob` | which stored arrays does a pattern name? |
//! | `error` | what is wrong, and where? |
//!
//! Absent: operators' meaning, which is the operator table's; computing.

mod arguments;
mod assignment;
mod attribute;
mod convert;
mod elements;
mod error;
mod expression;
mod functions;
mod glob;
mod grids;
mod lambda;
mod limits;
mod number;
mod operators;
mod subscript;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
mod value;

pub use convert::chunks;
pub use error::EvalError;
pub use functions::{listed, page};
pub use glob::{matching, open_all};
pub use value::Value;

/// The items of a subscript as it stands between brackets, such as `0:10, ...`; `None` if it is
/// none.
pub fn items(text: &str) -> Option<Vec<tilewright::Item>> {
    let program = crate::parse::program(&format!("x[{text}]")).ok()?;
    let [root] = &program.roots[..] else {
        return None;
    };
    let crate::parse::Expr::Subscript { items, .. } = &root.node else {
        return None;
    };
    subscript::items(&Evaluator::new(Vec::new()), items).ok()
}

/// Every name that can be called.
pub fn names() -> impl Iterator<Item = String> {
    functions::names().map(str::to_owned)
}

use crate::parse::{Program, Spanned};
use expression::Evaluator;

/// The values of a program's roots, with their places.
///
/// `inputs` are variables that are there before the first statement.
///
/// # Errors
/// The first thing that is wrong: an unknown name, arguments that do not fit, shapes that do not
/// broadcast, a file that cannot be opened.
///
/// # Example
/// ```
/// use tilewright_cli::{eval, parse};
///
/// let program = parse::program("x = ones((4, 3)); x.mean(axis=0)").unwrap();
/// let roots = eval::evaluate(&program, Vec::new()).unwrap();
/// assert!(matches!(&roots[0].node, eval::Value::Array(x) if x.shape().unwrap() == [3]));
/// ```
pub fn evaluate(
    program: &Program,
    inputs: Vec<(String, Value)>,
) -> Result<Vec<Spanned<Value>>, EvalError> {
    let mut evaluator = Evaluator::new(inputs);
    for assignment in &program.assignments {
        assignment::assign(&mut evaluator, assignment)?;
    }
    let root =
        |root: &crate::parse::SpannedExpr| Ok(Spanned::new(evaluator.value(root)?, root.span));
    program.roots.iter().map(root).collect()
}
