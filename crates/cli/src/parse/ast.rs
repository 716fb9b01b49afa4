//! What can a program say?
//!
//! The syntax tree that the evaluator walks. Names are resolved as far as spelling goes
//! (`da.random.normal` is the function `random.normal`) and no further: a [`Expr::Name`] may be
//! a variable, a constant or unknown. Grouping parentheses leave no trace.
//!
//! No tree made by [`program`](super::program) is deeper than [`MAX_DEPTH`](super::MAX_DEPTH).

use super::span::Spanned;

/// An expression and its place.
pub type SpannedExpr = Spanned<Expr>;

/// Assignments in order, then what to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Assignments, in order; a later one may assign a name again.
    pub assignments: Vec<Assignment>,
    /// The expressions to compute together; never empty.
    pub roots: Vec<SpannedExpr>,
}

/// `target = value` or `target += value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// What is assigned.
    pub target: Target,
    /// The operator of `+=` and its kin; never with several names.
    pub op: Option<BinaryOp>,
    /// Its value, which may be an array, a number, a tuple, …
    pub value: SpannedExpr,
}

/// What an assignment assigns; no name in it is [reserved](super::is_reserved).
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// `name`
    Name(Spanned<String>),
    /// `name[items]`
    Part(Spanned<String>, Vec<Spanned<IndexItem>>),
    /// `a, b`, at least one.
    Names(Vec<Spanned<String>>),
}

impl Target {
    /// Its names; the first is where it begins.
    pub fn names(&self) -> &[Spanned<String>] {
        match self {
            Target::Name(name) | Target::Part(name, _) => std::slice::from_ref(name),
            Target::Names(names) => names,
        }
    }
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A name without prefix: a variable if there is one, else as [`Expr::Library`].
    Name(String),
    /// A name of the library, dotted below its prefix: `np.pi` is `pi`, `np.random.normal` is
    /// `random.normal`. Never a variable, whatever its name.
    Library(String),
    /// An integer literal, never negative: the sign is a [`UnaryOp`].
    Int(i128),
    /// An integer literal above `i128`: decimal, or with `0x`, `0o`, `0b`; lower case, no `_`.
    BigInt(String),
    /// A float literal, never negative or NaN; infinite where the literal overflows.
    Float(f64),
    /// `True`, `False`.
    Bool(bool),
    /// A string literal, unescaped; adjacent literals are joined.
    Str(String),
    /// `None`, also spelled `newaxis`.
    None,
    /// `...`
    Ellipsis,
    /// `-x`
    Unary {
        /// The sign.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<SpannedExpr>,
    },
    /// `a + b`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Its left operand.
        left: Box<SpannedExpr>,
        /// Its right operand.
        right: Box<SpannedExpr>,
    },
    /// `a < b`; never a chain.
    Compare {
        /// The comparison.
        op: CompareOp,
        /// Its left operand.
        left: Box<SpannedExpr>,
        /// Its right operand.
        right: Box<SpannedExpr>,
    },
    /// `x[1:3, ..., None]`
    Subscript {
        /// What is indexed.
        value: Box<SpannedExpr>,
        /// The items between the brackets; empty for `x[()]`.
        items: Vec<Spanned<IndexItem>>,
    },
    /// `x.T`
    Attribute {
        /// Whose attribute.
        value: Box<SpannedExpr>,
        /// Its name.
        name: Spanned<String>,
    },
    /// `mean(x, axis=0)`, `x.mean(axis=0)`
    Call(Box<Call>),
    /// `(a, b)`
    Tuple(Vec<SpannedExpr>),
    /// `[a, b]`
    List(Vec<SpannedExpr>),
    /// `{0: a, 1: b}`
    Dict(Vec<(SpannedExpr, SpannedExpr)>),
    /// `lambda i, j: i + j`
    Lambda {
        /// Its parameters, no name twice.
        params: Vec<Spanned<String>>,
        /// What it gives.
        body: Box<SpannedExpr>,
    },
}

/// A call of a function or method.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// Positional arguments.
    pub args: Vec<SpannedExpr>,
    /// Keyword arguments in order, no name twice.
    pub kwargs: Vec<Keyword>,
}

/// What a call calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Callee {
    /// A function by its name without prefix: `mean`, `random.normal`, `linalg.norm`.
    Function(Spanned<String>),
    /// A method of a value.
    Method {
        /// The value before the dot.
        receiver: SpannedExpr,
        /// The name after it.
        name: Spanned<String>,
    },
}

/// `name=value` in a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// The parameter.
    pub name: Spanned<String>,
    /// Its argument.
    pub value: SpannedExpr,
}

/// One item of a subscript.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexItem {
    /// `lower:upper:step`; a bound left out or spelled `None` is `None`.
    Slice {
        /// First index.
        lower: Option<SpannedExpr>,
        /// Index after the last.
        upper: Option<SpannedExpr>,
        /// Stride.
        step: Option<SpannedExpr>,
    },
    /// An integer, a list, an array, a mask: any value.
    Index(SpannedExpr),
    /// `...`
    Ellipsis,
    /// `None` or `newaxis`.
    NewAxis,
}

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $symbol:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every operator of this kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The operator as Python spells it.
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$variant => $symbol,)* }
            }
        }
    };
}

operators! {
    /// A sign before one operand.
    UnaryOp {
        /// Minus.
        Neg "-",
        /// Plus.
        Pos "+",
        /// Bitwise or logical complement.
        Invert "~",
    }
}

operators! {
    /// An operator between two operands, other than a comparison.
    BinaryOp {
        /// Sum.
        Add "+",
        /// Difference.
        Sub "-",
        /// Product, element by element.
        Mul "*",
        /// Matrix product.
        MatMul "@",
        /// True division.
        Div "/",
        /// Division rounded down.
        FloorDiv "//",
        /// Remainder with the sign of the divisor.
        Mod "%",
        /// Power.
        Pow "**",
        /// Shift to the left.
        LeftShift "<<",
        /// Shift to the right.
        RightShift ">>",
        /// Bitwise or logical and.
        BitAnd "&",
        /// Bitwise or logical or.
        BitOr "|",
        /// Bitwise or logical exclusive or.
        BitXor "^",
    }
}

operators! {
    /// A comparison, element by element.
    CompareOp {
        /// Equal.
        Eq "==",
        /// Not equal.
        Ne "!=",
        /// Less.
        Lt "<",
        /// Less or equal.
        Le "<=",
        /// Greater.
        Gt ">",
        /// Greater or equal.
        Ge ">=",
    }
}
