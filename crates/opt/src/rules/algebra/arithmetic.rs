//! Which arithmetic undoes or repeats other arithmetic?

use super::{
    Class, On, Rule, beside, constant_like, constant_of, forms_of, is_int, is_number, make, row,
    same,
};
use crate::facts::is;
use crate::graph::Graph;
use tilewright_core::{DType, Scalar};
use tilewright_expr::op::{arithmetic as a, math as m};
use tilewright_expr::{Expr, Family, OpDef, build};

fn multiply_minus_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, -1.0)?;
    (is_number(x) && x.dtype().integer_range().is_none_or(|(low, _)| low < 0))
        .then(|| make(&a::NEGATIVE, &[x]))?
}

fn divide_power_of_two(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    let value = constant_of(graph, y)?;
    let divisor = value.to_f64();
    let inverse = Scalar::from_f64(x.dtype(), 1.0 / divisor);
    let normal = |s: Scalar| match s.dtype() {
        DType::F32 => s.to_f32().is_normal(),
        _ => s.to_f64().is_normal(),
    };
    let mantissa = match value.dtype() {
        DType::F32 => value.bits() & ((1 << 23) - 1),
        _ => value.bits() & ((1 << 52) - 1),
    };
    if mantissa != 0 || !normal(value) || !normal(inverse) {
        return None;
    }
    let factor = constant_like(y, inverse)?;
    make(&a::MULTIPLY, &[x, &factor])
}

fn double_negative(graph: &Graph, node: &Expr) -> Option<Expr> {
    let inner = forms_of(graph, &node.args()[0], &a::NEGATIVE).next()?;
    Some(inner.args()[0].clone())
}

fn add_negative(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    [(x, y), (y, x)].into_iter().find_map(|(x, y)| {
        let inner = forms_of(graph, y, &a::NEGATIVE).next()?;
        make(&a::SUBTRACT, &[x, &inner.args()[0]])
    })
}

fn subtract_negative(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    let inner = forms_of(graph, y, &a::NEGATIVE).next()?;
    make(&a::ADD, &[x, &inner.args()[0]])
}

/// `(x ∘ c1) ∘ c2` with both constants, for one of the two commuting integer operators.
fn reassociate(graph: &Graph, node: &Expr, row: &'static OpDef) -> Option<Expr> {
    if !is_int(node) || !is_number(node) {
        return None;
    }
    let split = |x: &Expr| match x.args() {
        [x, y] if constant_of(graph, y).is_some() => Some((x.clone(), y.clone())),
        [x, y] if constant_of(graph, x).is_some() => Some((y.clone(), x.clone())),
        _ => None,
    };
    let (inner, outer) = split(node)?;
    forms_of(graph, &inner, row)
        .filter_map(split)
        // The innermost base: a chain of constants folds into one, level by level.
        .find(|(base, _)| !forms_of(graph, base, row).any(|x| split(x).is_some()))
        .and_then(|(base, first)| {
            let joined = make(row, &[&first, &outer])?;
            make(row, &[&base, &joined])
        })
}

fn reassociate_add(graph: &Graph, node: &Expr) -> Option<Expr> {
    reassociate(graph, node, &a::ADD)
}

fn reassociate_multiply(graph: &Graph, node: &Expr) -> Option<Expr> {
    reassociate(graph, node, &a::MULTIPLY)
}

fn negate_difference_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let inner = forms_of(graph, &node.args()[0], &a::SUBTRACT).find(|x| is_int(x))?;
    let [x, y] = inner.args() else { return None };
    make(&a::SUBTRACT, &[y, x])
}

fn idempotent(graph: &Graph, node: &Expr) -> Option<Expr> {
    let Family::Map(row) = &node.op().family else {
        return None;
    };
    let arg = node.args().first()?;
    let again = row.facts.idempotent && forms_of(graph, arg, node.op()).next().is_some();
    again.then(|| arg.clone())
}

/// `f(-x)` and, where `f` squares, `f(|x|)`.
fn even_function(graph: &Graph, node: &Expr) -> Option<Expr> {
    let arg = &node.args()[0];
    let squares = is(node, &a::SQUARE);
    // The absolute value of an unsigned -x is -x itself, which is another number.
    let even = squares || node.dtype().integer_range().is_none_or(|(low, _)| low < 0);
    let inner = forms_of(graph, arg, &a::NEGATIVE)
        .find(|_| even)
        .or_else(|| forms_of(graph, arg, &a::ABSOLUTE).find(|_| squares))?;
    make(node.op(), &[&inner.args()[0]])
}

fn absolute_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = &node.args()[0];
    graph.facts(x).sign_clear.then(|| x.clone())
}

fn square_of_multiply(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_number(x) && same(graph, x, y)).then(|| make(&a::SQUARE, &[x]))?
}

/// Whether every value of one dtype is one of the other.
fn widens(from: DType, to: DType) -> bool {
    match (from.integer_range(), to.integer_range()) {
        (Some((low, high)), Some((least, most))) => least <= low && high <= most,
        (Some((_, high)), None) => high < 1 << to.digits(),
        (None, Some(_)) => false,
        (None, None) => from.itemsize() <= to.itemsize(),
    }
}

fn astype_of_astype(graph: &Graph, node: &Expr) -> Option<Expr> {
    let middle = &node.args()[0];
    // From a float, integers saturate; from an integer, they wrap.
    let agree = |source: DType| {
        let by_float = middle.dtype().is_float() && !source.is_float();
        let to = node.dtype();
        !by_float || to.is_float() || to == DType::Bool || widens(source, to)
    };
    forms_of(graph, middle, &m::ASTYPE)
        .map(|x| &x.args()[0])
        .find(|source| widens(source.dtype(), middle.dtype()) && agree(source.dtype()))
        .and_then(|source| build::astype(source, node.dtype()).ok())
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "multiply-minus-one",
        Class::E,
        On::Rows(&[&a::MULTIPLY]),
        "x * -1 only flips the sign; integers wrap the same way",
        multiply_minus_one,
    ),
    row(
        "divide-power-of-two",
        Class::E,
        On::Rows(&[&a::DIVIDE]),
        "1/c is exact for a power of two, so both round the same exact quotient once",
        divide_power_of_two,
    ),
    row(
        "double-negative",
        Class::E,
        On::Rows(&[&a::NEGATIVE]),
        "negation only flips the sign; twice is nothing (integers wrap)",
        double_negative,
    ),
    row(
        "add-negative",
        Class::E,
        On::Rows(&[&a::ADD]),
        "IEEE subtraction is addition of the negated value",
        add_negative,
    ),
    row(
        "subtract-negative",
        Class::E,
        On::Rows(&[&a::SUBTRACT]),
        "IEEE subtraction is addition of the negated value",
        subtract_negative,
    ),
    row(
        "reassociate-add",
        Class::I,
        On::Rows(&[&a::ADD]),
        "(x + c) + d is x + (c + d) modulo 2^w",
        reassociate_add,
    ),
    row(
        "reassociate-multiply",
        Class::I,
        On::Rows(&[&a::MULTIPLY]),
        "(x * c) * d is x * (c * d) modulo 2^w",
        reassociate_multiply,
    ),
    row(
        "negate-difference",
        Class::I,
        On::Rows(&[&a::NEGATIVE]),
        "-(a - b) is b - a modulo 2^w (on floats equal operands give the other zero)",
        negate_difference_integer,
    ),
    row(
        "idempotent",
        Class::E,
        On::Maps,
        "the row says f(f(x)) = f(x)",
        idempotent,
    ),
    row(
        "even-function",
        Class::E,
        On::Rows(&[&a::ABSOLUTE, &a::SQUARE]),
        "the sign of x is not seen: |x| and x*x are even, bit for bit",
        even_function,
    ),
    row(
        "absolute-proved",
        Class::V,
        On::Rows(&[&a::ABSOLUTE]),
        "x is proved never to be negative or -0.0",
        absolute_proved,
    ),
    row(
        "multiply-self",
        Class::E,
        On::Rows(&[&a::MULTIPLY]),
        "x * x is the square by definition: one argument is computed",
        square_of_multiply,
    ),
    row(
        "astype-of-astype",
        Class::E,
        On::Rows(&[&m::ASTYPE]),
        "the dtype in between holds every value exactly: it is not seen",
        astype_of_astype,
    ),
];
