//! Fewer and cheaper element-wise operators, bit for bit.
//!
//! Each rule keeps NaN-ness, infinities and the sign of zero, or says which proved fact or integer
//! dtype it needs.

use super::{Class, Group, On, Rule, never};
use crate::facts::is;
use crate::graph::Graph;
use tilewright_core::{DType, Scalar};
use tilewright_expr::op::{arithmetic as a, compare as c, math as m};
use tilewright_expr::{Attr, Expr, Family, OpDef, build};

/// The argument's forms that are nodes of a row.
fn forms_of<'g>(
    graph: &'g Graph,
    arg: &Expr,
    row: &'static OpDef,
) -> impl Iterator<Item = &'g Expr> + use<'g> {
    let forms = graph.forms(arg).iter().map(|form| &form.expr);
    forms.filter(move |x| is(x, row))
}

fn constant(graph: &Graph, x: &Expr) -> Option<Scalar> {
    graph.facts(x).constant
}

fn is_value(graph: &Graph, x: &Expr, value: f64) -> bool {
    constant(graph, x).is_some_and(|s| s == Scalar::from_f64(s.dtype(), value))
}

fn is_int(x: &Expr) -> bool {
    !x.dtype().is_float()
}

/// Not bool, whose sum is `or`.
fn is_number(x: &Expr) -> bool {
    x.dtype() != DType::Bool
}

fn same(graph: &Graph, x: &Expr, y: &Expr) -> bool {
    graph.class(x) == graph.class(y)
}

fn full_like(node: &Expr, value: Scalar) -> Option<Expr> {
    build::full(value.cast(node.dtype()), node.grid().clone()).ok()
}

/// The node of a row over arguments that have its loop dtype and shape.
fn make(row: &'static OpDef, args: &[&Expr]) -> Option<Expr> {
    let args = args.iter().map(|&x| x.clone()).collect();
    Expr::new(row.id(), Attr::None, args).ok()
}

/// The other argument of a commuting node of which one has this constant value.
fn beside<'e>(graph: &Graph, node: &'e Expr, value: f64) -> Option<&'e Expr> {
    match node.args() {
        [x, y] if is_value(graph, y, value) => Some(x),
        [y, x] if is_value(graph, y, value) => Some(x),
        _ => None,
    }
}

fn fold_constants(graph: &Graph, node: &Expr) -> Option<Expr> {
    let Family::Map(row) = &node.op().family else {
        return None;
    };
    let values: Option<Vec<Scalar>> = node.args().iter().map(|x| constant(graph, x)).collect();
    full_like(node, (row.eval)(&values?, node.dtype()))
}

fn multiply_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    beside(graph, node, 1.0).cloned()
}

fn divide_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    is_value(graph, y, 1.0).then(|| x.clone())
}

fn multiply_minus_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, -1.0)?;
    (is_number(x) && x.dtype().integer_range().is_none_or(|(low, _)| low < 0))
        .then(|| make(&a::NEGATIVE, &[x]))?
}

fn divide_power_of_two(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    let value = constant(graph, y)?;
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
    let factor = full_like(node, inverse)?;
    make(&a::MULTIPLY, &[x, &factor])
}

fn double_negative(graph: &Graph, node: &Expr) -> Option<Expr> {
    let inner = forms_of(graph, &node.args()[0], &a::NEGATIVE).next()?;
    Some(inner.args()[0].clone())
}

fn double_invert(graph: &Graph, node: &Expr) -> Option<Expr> {
    let inner = forms_of(graph, &node.args()[0], &c::INVERT).next()?;
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

fn add_minus_zero(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, -0.0)?;
    x.dtype().is_float().then(|| x.clone())
}

fn subtract_zero(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    is_value(graph, y, 0.0).then(|| x.clone())
}

fn add_zero_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    is_int(x).then(|| x.clone())
}

fn add_zero_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    (x.dtype().is_float() && graph.facts(x).sign_clear).then(|| x.clone())
}

fn multiply_zero_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    (is_int(x)).then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn multiply_zero_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let x = beside(graph, node, 0.0)?;
    let facts = graph.facts(x);
    (x.dtype().is_float() && facts.finite && facts.sign_clear)
        .then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn subtract_self_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_int(x) && same(graph, x, y)).then(|| full_like(node, Scalar::zero(node.dtype())))?
}

fn subtract_self_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (same(graph, x, y) && graph.facts(x).finite)
        .then(|| full_like(node, Scalar::zero(node.dtype())))?
}

/// `(x ∘ c1) ∘ c2` with both constants, for one of the two commuting integer operators.
fn reassociate(graph: &Graph, node: &Expr, row: &'static OpDef) -> Option<Expr> {
    if !is_int(node) || !is_number(node) {
        return None;
    }
    let split = |x: &Expr| match x.args() {
        [x, y] if constant(graph, y).is_some() => Some((x.clone(), y.clone())),
        [x, y] if constant(graph, x).is_some() => Some((y.clone(), x.clone())),
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

fn same_arguments(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    same(graph, x, y).then(|| x.clone())
}

fn where_same(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [_, x, y] = node.args() else { return None };
    same(graph, x, y).then(|| x.clone())
}

fn where_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [condition, x, y] = node.args() else {
        return None;
    };
    let holds = constant(graph, condition)?.truth();
    Some(if holds { x } else { y }.clone())
}

fn where_inverted(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [condition, x, y] = node.args() else {
        return None;
    };
    let inner = forms_of(graph, condition, &c::INVERT).next()?;
    make(&c::WHERE, &[&inner.args()[0], y, x])
}

fn invert_equality(graph: &Graph, node: &Expr) -> Option<Expr> {
    let arg = &node.args()[0];
    if arg.dtype() != DType::Bool {
        return None;
    }
    [(&c::EQUAL, &c::NOT_EQUAL), (&c::NOT_EQUAL, &c::EQUAL)]
        .into_iter()
        .find_map(|(from, to)| {
            let inner = forms_of(graph, arg, from).next()?;
            let [x, y] = inner.args() else { return None };
            make(to, &[x, y])
        })
}

/// An order comparison and its opposite on numbers that are never NaN.
static OPPOSITES: &[(&OpDef, &OpDef)] = &[
    (&c::LESS, &c::GREATER_EQUAL),
    (&c::LESS_EQUAL, &c::GREATER),
    (&c::GREATER, &c::LESS_EQUAL),
    (&c::GREATER_EQUAL, &c::LESS),
];

fn invert_order(graph: &Graph, node: &Expr, allowed: fn(&Graph, &Expr) -> bool) -> Option<Expr> {
    let arg = &node.args()[0];
    OPPOSITES.iter().find_map(|&(from, to)| {
        let inner = forms_of(graph, arg, from).next()?;
        let [x, y] = inner.args() else { return None };
        (allowed(graph, x) && allowed(graph, y)).then(|| make(to, &[x, y]))?
    })
}

fn invert_order_integer(graph: &Graph, node: &Expr) -> Option<Expr> {
    invert_order(graph, node, |_, x| is_int(x))
}

fn invert_order_proved(graph: &Graph, node: &Expr) -> Option<Expr> {
    invert_order(graph, node, |graph, x| {
        !is_int(x) && graph.facts(x).never_nan
    })
}

fn compare_self(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    if !same(graph, x, y) || !graph.facts(x).never_nan {
        return None;
    }
    let holds = [&c::EQUAL, &c::LESS_EQUAL, &c::GREATER_EQUAL]
        .into_iter()
        .any(|row| is(node, row));
    full_like(node, holds.into())
}

fn square_of_multiply(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_number(x) && same(graph, x, y)).then(|| make(&a::SQUARE, &[x]))?
}

/// Whether every value of one dtype is one of the other.
fn widens(from: DType, to: DType) -> bool {
    match (from.integer_range(), to.integer_range()) {
        (Some((low, high)), Some((least, most))) => least <= low && high <= most,
        (Some((_, high)), None) => high < 1 << (if to == DType::F32 { 24 } else { 53 }),
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

fn integer_divide_one(graph: &Graph, node: &Expr) -> Option<Expr> {
    let [x, y] = node.args() else { return None };
    (is_int(x) && is_value(graph, y, 1.0)).then(|| x.clone())
}

/// A row of the table.
const fn row(
    name: &'static str,
    class: Class,
    on: On,
    because: &'static str,
    apply: super::Apply,
) -> Rule {
    Rule {
        name,
        group: Group::Algebra,
        class,
        on,
        because,
        apply,
    }
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "commute",
        Class::E,
        On::Choice,
        "a + b and b + a have the same bits (all NaNs are one value): computed once",
        never,
    ),
    row(
        "fold-constants",
        Class::E,
        On::Maps,
        "the operator's own meaning, applied once while planning",
        fold_constants,
    ),
    row(
        "multiply-one",
        Class::E,
        On::Rows(&[&a::MULTIPLY]),
        "x * 1 is x for every x, also NaN, ±inf and -0.0",
        multiply_one,
    ),
    row(
        "divide-one",
        Class::E,
        On::Rows(&[&a::DIVIDE]),
        "x / 1 is x for every x, also NaN, ±inf and -0.0",
        divide_one,
    ),
    row(
        "floor_divide-one",
        Class::I,
        On::Rows(&[&a::FLOOR_DIVIDE]),
        "an integer divided by 1 is itself",
        integer_divide_one,
    ),
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
        "double-invert",
        Class::E,
        On::Rows(&[&c::INVERT]),
        "every bit flips twice",
        double_invert,
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
        "add-minus-zero",
        Class::E,
        On::Rows(&[&a::ADD]),
        "-0.0 is the identity of float addition: -0.0 + -0.0 is -0.0, 0.0 + -0.0 is 0.0",
        add_minus_zero,
    ),
    row(
        "subtract-zero",
        Class::E,
        On::Rows(&[&a::SUBTRACT]),
        "x - 0 is x + -0.0, which is x, also for -0.0",
        subtract_zero,
    ),
    row(
        "add-zero-integer",
        Class::I,
        On::Rows(&[&a::ADD]),
        "integers have one zero (floats have -0.0, for which this is wrong)",
        add_zero_integer,
    ),
    row(
        "add-zero-proved",
        Class::V,
        On::Rows(&[&a::ADD]),
        "only -0.0 + 0.0 differs from its x, and x is proved never to be -0.0",
        add_zero_proved,
    ),
    row(
        "multiply-zero-integer",
        Class::I,
        On::Rows(&[&a::MULTIPLY]),
        "integers have no NaN, no infinity and one zero",
        multiply_zero_integer,
    ),
    row(
        "multiply-zero-proved",
        Class::V,
        On::Rows(&[&a::MULTIPLY]),
        "x is proved finite and not negative, so that x * 0.0 is 0.0",
        multiply_zero_proved,
    ),
    row(
        "subtract-self-integer",
        Class::I,
        On::Rows(&[&a::SUBTRACT]),
        "integers have no NaN and no infinity",
        subtract_self_integer,
    ),
    row(
        "subtract-self-proved",
        Class::V,
        On::Rows(&[&a::SUBTRACT]),
        "x is proved finite, so that x - x is 0.0",
        subtract_self_proved,
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
        "same-arguments",
        Class::E,
        On::Rows(&[&a::MINIMUM, &a::MAXIMUM, &c::BITWISE_AND, &c::BITWISE_OR]),
        "the smaller, larger, common or joined bits of x and x are x",
        same_arguments,
    ),
    row(
        "where-same",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "both branches are the same array",
        where_same,
    ),
    row(
        "where-constant",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "the condition is the same everywhere; the other branch is not computed",
        where_constant,
    ),
    row(
        "where-inverted",
        Class::E,
        On::Rows(&[&c::WHERE]),
        "a negated condition exchanges the branches",
        where_inverted,
    ),
    row(
        "invert-equality",
        Class::E,
        On::Rows(&[&c::INVERT]),
        "!= is the negation of ==, also for NaN",
        invert_equality,
    ),
    row(
        "invert-order-integer",
        Class::I,
        On::Rows(&[&c::INVERT]),
        "integers are totally ordered (with NaN neither a < b nor a >= b holds)",
        invert_order_integer,
    ),
    row(
        "invert-order-proved",
        Class::V,
        On::Rows(&[&c::INVERT]),
        "neither side is ever NaN, so that the order is total",
        invert_order_proved,
    ),
    row(
        "compare-self",
        Class::V,
        On::Rows(&[
            &c::EQUAL,
            &c::NOT_EQUAL,
            &c::LESS,
            &c::LESS_EQUAL,
            &c::GREATER,
            &c::GREATER_EQUAL,
        ]),
        "x is proved never NaN, so that it equals itself",
        compare_self,
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
