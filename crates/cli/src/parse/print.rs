//! How is a tree written as text?
//!
//! Canonical Python: one space round operators, single quotes, no parentheses but the needed
//! ones, `np.` only where a name would else be a variable's. Parsing the text gives the same
//! tree back.

use std::fmt::{self, Write};

use super::ast::{
    BinaryOp, Call, Callee, Expr, IndexItem, Keyword, Program, SpannedExpr, Target, UnaryOp,
};
use super::name::is_reserved;
use super::span::Spanned;

/// `program` as text, one statement per line, no newline at the end.
///
/// ```
/// # use tilewright_cli::parse::{print, program};
/// let program = program("a = (np.ones(3))\n(a+1) .T.compute(), ((a))")?;
/// assert_eq!(print(&program), "a = ones(3)\n(a + 1).T, a");
/// # Ok::<(), tilewright_cli::parse::ParseError>(())
/// ```
pub fn print(program: &Program) -> String {
    let mut text = String::new();
    for assignment in &program.assignments {
        // Writing to a String cannot fail, here and below. Lines rather than `;`, after which the
        // parser would take a variable `match` for the statement.
        let _ = match &assignment.target {
            Target::Name(name) => write!(text, "{}", name.node),
            Target::Part(name, items) => write!(text, "{}{}", name.node, Brackets(items)),
            // A comma tells one name of several from a name.
            Target::Names(names) => names.iter().enumerate().try_for_each(|(k, name)| match k {
                0 if names.len() == 1 => write!(text, "{},", name.node),
                0 => write!(text, "{}", name.node),
                _ => write!(text, ", {}", name.node),
            }),
        };
        let op = assignment.op.map_or("", BinaryOp::symbol);
        let value = Tight(&assignment.value, Strength::Compare);
        let _ = writeln!(text, " {op}= {value}");
    }
    let roots = program
        .roots
        .iter()
        .map(|root| Tight(root, Strength::Compare).to_string());
    text.push_str(&roots.collect::<Vec<_>>().join(", "));
    // A comma tells the root that is a tuple from the tuple of roots.
    if let [
        Spanned {
            node: Expr::Tuple(_),
            ..
        },
    ] = program.roots.as_slice()
    {
        text.push(',');
    }
    text
}

/// `expr` as text.
pub fn print_expr(expr: &SpannedExpr) -> String {
    Loose(expr).to_string()
}

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A lambda, which stands in brackets alone.
    Lambda,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Sign,
    Power,
    /// A number: an attribute's dot would be read as its own.
    Number,
    Atom,
}

fn binary_strength(op: BinaryOp) -> Strength {
    match op {
        BinaryOp::BitOr => Strength::BitOr,
        BinaryOp::BitXor => Strength::BitXor,
        BinaryOp::BitAnd => Strength::BitAnd,
        BinaryOp::LeftShift | BinaryOp::RightShift => Strength::Shift,
        BinaryOp::Add | BinaryOp::Sub => Strength::Sum,
        BinaryOp::Mul | BinaryOp::MatMul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod => {
            Strength::Product
        }
        BinaryOp::Pow => Strength::Power,
    }
}

fn strength(expr: &Expr) -> Strength {
    match expr {
        Expr::Lambda { .. } => Strength::Lambda,
        Expr::Compare { .. } => Strength::Compare,
        Expr::Binary { op, .. } => binary_strength(*op),
        Expr::Unary { .. } => Strength::Sign,
        Expr::Int(_) | Expr::BigInt(_) | Expr::Float(_) => Strength::Number,
        _ => Strength::Atom,
    }
}

/// An expression where any may stand.
struct Loose<'a>(&'a SpannedExpr);

/// An expression in parentheses, unless it is at least as strong as its place asks for.
struct Tight<'a>(&'a SpannedExpr, Strength);

/// Expressions with commas between them.
struct Joined<'a>(&'a [SpannedExpr]);

impl fmt::Display for Tight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loose = Loose(self.0);
        if strength(&self.0.node) >= self.1 {
            loose.fmt(f)
        } else {
            write!(f, "({loose})")
        }
    }
}

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        comma_separated(f, self.0.iter().map(Loose))
    }
}

fn comma_separated(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (position, item) in items.into_iter().enumerate() {
        write!(f, "{}{item}", if position == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl fmt::Display for Loose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.node {
            Expr::Name(name) => f.write_str(name),
            Expr::Library(name) => write!(f, "np.{name}"),
            Expr::Int(value) => value.fmt(f),
            Expr::BigInt(digits) => f.write_str(digits),
            // The shortest literal that overflows.
            Expr::Float(value) if value.is_infinite() => f.write_str("1e999"),
            Expr::Float(value) => write!(f, "{value:?}"),
            Expr::Bool(true) => f.write_str("True"),
            Expr::Bool(false) => f.write_str("False"),
            Expr::Str(value) => quoted(value, f),
            Expr::None => f.write_str("None"),
            Expr::Ellipsis => f.write_str("..."),
            Expr::Unary { op, operand } => unary(*op, operand, f),
            Expr::Binary { op, left, right } => {
                let place = binary_strength(*op);
                // Left to right, but for the power: its right side may be a sign or a power.
                let (left_place, right_place) = match op {
                    BinaryOp::Pow => (Strength::Number, Strength::Sign),
                    _ => (place, tighter(place)),
                };
                let (left, right) = (Tight(left, left_place), Tight(right, right_place));
                write!(f, "{left} {} {right}", op.symbol())
            }
            Expr::Compare { op, left, right } => {
                let [left, right] = [left, right].map(|side| Tight(side, Strength::BitOr));
                write!(f, "{left} {} {right}", op.symbol())
            }
            Expr::Subscript { value, items } => {
                write!(f, "{}{}", Tight(value, Strength::Atom), Brackets(items))
            }
            Expr::Attribute { value, name } => {
                write!(f, "{}.{}", Tight(value, Strength::Atom), name.node)
            }
            Expr::Call(called) => call(called, f),
            Expr::Tuple(items) => match items.as_slice() {
                [single] => write!(f, "({},)", Loose(single)),
                items => write!(f, "({})", Joined(items)),
            },
            Expr::List(items) => write!(f, "[{}]", Joined(items)),
            Expr::Dict(pairs) => {
                f.write_char('{')?;
                let pair = |(key, value): &(_, _)| format!("{}: {}", Loose(key), Loose(value));
                comma_separated(f, pairs.iter().map(pair))?;
                f.write_char('}')
            }
            Expr::Lambda { params, body } => {
                f.write_str("lambda")?;
                for (position, param) in params.iter().enumerate() {
                    write!(f, "{} {}", if position == 0 { "" } else { "," }, param.node)?;
                }
                write!(f, ": {}", Loose(body))
            }
        }
    }
}

/// The place in which an operand of strength `place` itself needs parentheses.
fn tighter(place: Strength) -> Strength {
    match place {
        Strength::Lambda => Strength::Compare,
        Strength::Compare => Strength::BitOr,
        Strength::BitOr => Strength::BitXor,
        Strength::BitXor => Strength::BitAnd,
        Strength::BitAnd => Strength::Shift,
        Strength::Shift => Strength::Sum,
        Strength::Sum => Strength::Product,
        Strength::Product => Strength::Sign,
        Strength::Sign => Strength::Power,
        Strength::Power | Strength::Number | Strength::Atom => Strength::Number,
    }
}

fn unary(op: UnaryOp, operand: &SpannedExpr, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}{}", op.symbol(), Tight(operand, Strength::Sign))
}

fn call(call: &Call, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &call.callee {
        Callee::Function(name) if needs_prefix(&name.node) => write!(f, "np.{}", name.node)?,
        Callee::Function(name) => f.write_str(&name.node)?,
        Callee::Method { receiver, name } => {
            write!(f, "{}.{}", Tight(receiver, Strength::Atom), name.node)?;
        }
    }
    write!(f, "({}", Joined(&call.args))?;
    if !call.args.is_empty() && !call.kwargs.is_empty() {
        f.write_str(", ")?;
    }
    comma_separated(f, &call.kwargs)?;
    f.write_char(')')
}

/// Whether a function's name alone would be read as a method's or a module's.
fn needs_prefix(name: &str) -> bool {
    name.contains('.') || (is_reserved(name) && name != "random")
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name.node, Loose(&self.value))
    }
}

/// The items of a subscript, in their brackets.
struct Brackets<'a>(&'a [Spanned<IndexItem>]);

impl fmt::Display for Brackets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        match self.0 {
            [] => f.write_str("()")?,
            // A comma tells a tuple as the only item from the tuple of items.
            [
                Spanned {
                    node:
                        IndexItem::Index(Spanned {
                            node: Expr::Tuple(_),
                            ..
                        }),
                    ..
                },
            ] => {
                write!(f, "{},", self.0[0].node)?;
            }
            items => comma_separated(f, items.iter().map(|item| &item.node))?,
        }
        f.write_char(']')
    }
}

impl fmt::Display for IndexItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slice { lower, upper, step } => {
                let [lower, upper, step] = [lower, upper, step].map(Option::as_ref);
                lower.map_or(Ok(()), |lower| Loose(lower).fmt(f))?;
                f.write_char(':')?;
                upper.map_or(Ok(()), |upper| Loose(upper).fmt(f))?;
                step.map_or(Ok(()), |step| write!(f, ":{}", Loose(step)))
            }
            Self::Index(value) => Loose(value).fmt(f),
            Self::Ellipsis => f.write_str("..."),
            Self::NewAxis => f.write_str("None"),
        }
    }
}

fn quoted(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('\'')?;
    for c in value.chars() {
        match c {
            '\'' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\x{:02x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}
