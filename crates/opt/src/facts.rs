//! What is proved of every element of an array?
//!
//! Facts guard the rules of class V: an absent fact proves nothing. They follow from dtypes, leaves
//! and operators alone. Absent: anything that would need data.

use tilewright_core::{DType, Scalar};
use tilewright_expr::attr::LeafKind;
use tilewright_expr::op::{arithmetic as a, compare as c, create, exponential as e, math as m};
use tilewright_expr::op::{reduce as r, trigonometric as t};
use tilewright_expr::{Attr, Expr, Family, OpDef};

/// Proved of every element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// All elements have these bits.
    pub constant: Option<Scalar>,
    /// None is NaN.
    pub never_nan: bool,
    /// None is NaN or infinite.
    pub finite: bool,
    /// None is negative or −0.0; NaN is possible.
    pub sign_clear: bool,
}

/// A literal longer than this is not looked through.
const LONGEST_LITERAL: usize = 4096;

impl Facts {
    /// What a dtype alone proves.
    fn of_dtype(dtype: DType) -> Facts {
        let exact = !dtype.is_float();
        Facts {
            constant: None,
            never_nan: exact,
            finite: exact,
            sign_clear: dtype.integer_range().is_some_and(|(low, _)| low >= 0),
        }
    }

    /// What a value proves.
    fn of_value(value: Scalar) -> Facts {
        let float = value.to_f64();
        Facts {
            constant: Some(value),
            never_nan: !float.is_nan(),
            finite: float.is_finite(),
            sign_clear: float.is_nan() || !float.is_sign_negative(),
        }
    }

    /// Either's facts hold: both describe one array.
    pub fn or(self, other: Facts) -> Facts {
        Facts {
            constant: self.constant.or(other.constant),
            never_nan: self.never_nan || other.never_nan,
            finite: self.finite || other.finite,
            sign_clear: self.sign_clear || other.sign_clear,
        }
    }

    /// What holds in both of two arrays.
    fn and(self, other: Facts) -> Facts {
        Facts {
            constant: self.constant.filter(|_| self.constant == other.constant),
            never_nan: self.never_nan && other.never_nan,
            finite: self.finite && other.finite,
            sign_clear: self.sign_clear && other.sign_clear,
        }
    }

    /// The facts of a node, given its arguments'.
    pub fn of(expr: &Expr, args: &[Facts]) -> Facts {
        let base = Facts::of_dtype(expr.dtype());
        let both = args.iter().copied().reduce(Facts::and).unwrap_or_default();
        match &expr.op().family {
            Family::Create => of_leaf(expr).or(base),
            Family::Random => base.or(Facts {
                never_nan: is(expr, &create::UNIFORM),
                finite: is(expr, &create::UNIFORM),
                sign_clear: is(expr, &create::UNIFORM),
                constant: None,
            }),
            Family::Move(_) => both,
            Family::Index => args.first().copied().unwrap_or_default(),
            Family::Map(row) => {
                let values: Vec<Scalar> = args.iter().filter_map(|f| f.constant).collect();
                if values.len() == args.len() && !args.is_empty() {
                    return Facts::of_value((row.eval)(&values, expr.dtype()));
                }
                of_map(expr, args, both).or(base)
            }
            Family::Reduce(_) => of_reduction(expr, both).or(base),
            _ => base,
        }
    }
}

/// Whether a node is of this row.
pub(crate) fn is(expr: &Expr, row: &'static OpDef) -> bool {
    std::ptr::eq(expr.op(), row)
}

fn is_any(expr: &Expr, rows: &[&'static OpDef]) -> bool {
    rows.iter().any(|row| is(expr, row))
}

fn of_leaf(expr: &Expr) -> Facts {
    let Attr::Leaf(leaf) = expr.attr() else {
        return Facts::default();
    };
    match &leaf.kind {
        LeafKind::Full(value) => Facts::of_value(*value),
        LeafKind::Literal(elements) if elements.len() <= LONGEST_LITERAL => elements
            .iter()
            .map(|&value| Facts::of_value(value))
            .reduce(Facts::and)
            .unwrap_or_default(),
        LeafKind::Iota(_) => Facts {
            sign_clear: true,
            ..Facts::default()
        },
        _ => Facts::default(),
    }
}

fn of_map(expr: &Expr, args: &[Facts], both: Facts) -> Facts {
    let float = expr.dtype().is_float();
    let mut facts = Facts::default();
    // Sums and products of unsigned integers are unsigned by dtype; signed ones may wrap.
    if float && is_any(expr, &[&a::ADD, &a::MULTIPLY, &a::DIVIDE, &m::SQRT]) {
        facts.sign_clear = both.sign_clear;
    }
    if is_any(expr, &[&a::MINIMUM, &m::FLOOR, &m::CEIL]) {
        facts = Facts {
            constant: None,
            ..both
        };
    }
    if is(expr, &a::MAXIMUM) {
        facts = Facts {
            constant: None,
            sign_clear: args.iter().any(|f| f.sign_clear),
            ..both
        };
    }
    if is_any(expr, &[&a::ABSOLUTE, &a::NEGATIVE]) {
        facts.never_nan = both.never_nan;
        facts.finite = both.finite;
    }
    if float && is_any(expr, &[&a::ABSOLUTE, &a::SQUARE, &e::EXP]) {
        facts.sign_clear = true;
    }
    if is_any(expr, &[&a::SQUARE, &e::EXP]) {
        facts.never_nan = both.never_nan;
    }
    if is(expr, &m::SQRT) {
        facts.never_nan = both.never_nan && both.sign_clear;
        facts.finite = both.finite && both.sign_clear;
    }
    if is_any(expr, &[&t::SIN, &t::COS]) {
        facts.never_nan = both.finite;
        facts.finite = both.finite;
    }
    if is_any(expr, &[&a::ADD, &a::SUBTRACT, &a::MULTIPLY]) {
        facts.never_nan = both.finite;
    }
    if is(expr, &a::ADD) {
        facts.never_nan |= both.never_nan && both.sign_clear;
    }
    if is(expr, &m::ASTYPE)
        && let Some(source) = expr.args().first()
        && float
    {
        facts.never_nan = both.never_nan;
        facts.sign_clear = both.sign_clear;
        // A narrower dtype may overflow.
        let largest = match source.dtype().integer_range() {
            Some((low, high)) => low.abs().max(high) as f64,
            None => source.dtype().largest_float(),
        };
        facts.finite = both.finite && largest <= expr.dtype().largest_float();
    }
    if is(expr, &c::WHERE)
        && let [_, x, y] = args
    {
        facts = Facts {
            constant: None,
            ..x.and(*y)
        };
    }
    facts
}

fn of_reduction(expr: &Expr, arg: Facts) -> Facts {
    let mut facts = Facts::default();
    if is_any(expr, &[&r::MIN, &r::MAX]) {
        facts = Facts {
            constant: None,
            ..arg
        };
    }
    if expr.dtype().is_float() && is_any(expr, &[&r::SUM, &r::PROD]) {
        facts.sign_clear = arg.sign_clear;
    }
    if is(expr, &r::SUM) {
        facts.never_nan = arg.never_nan && arg.sign_clear;
    }
    facts
}
