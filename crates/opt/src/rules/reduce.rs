//! Reductions of constants, of few elements, of reductions.

use super::{Class, Group, On, Rule};
use crate::facts::is;
use crate::graph::Graph;
use tilewright_core::{AxisRange, DType, Region, Scalar, tree};
use tilewright_expr::attr::Axes;
use tilewright_expr::op::{arithmetic as a, compare as c, math as m, reduce as r, rounding};
use tilewright_expr::{Attr, Expr, Family, OpDef, build};

/// A reduction's operand and axes.
fn parts(node: &Expr) -> Option<(&Expr, &Axes)> {
    match (node.args(), node.attr()) {
        ([x], Attr::Axes(axes)) => Some((x, axes)),
        _ => None,
    }
}

/// Number of elements behind each output.
fn count(x: &Expr, axes: &Axes) -> i64 {
    axes.iter().map(|&axis| x.shape()[axis]).product()
}

/// The element-wise operator that combines two values of a reduction, if its state is one value.
fn combiner(node: &Expr) -> Option<&'static OpDef> {
    let table: [(&'static OpDef, &'static OpDef); 6] = [
        (&r::SUM, &a::ADD),
        (&r::PROD, &a::MULTIPLY),
        (&r::MIN, &a::MINIMUM),
        (&r::MAX, &a::MAXIMUM),
        (&r::ANY, &c::BITWISE_OR),
        (&r::ALL, &c::BITWISE_AND),
    ];
    let found = table.into_iter().find(|(row, _)| is(node, row));
    found.map(|(_, op)| op)
}

/// Whether grouping and order do not change the bits.
fn associates(node: &Expr) -> bool {
    let exact = [&r::MIN, &r::MAX, &r::ANY, &r::ALL];
    exact.into_iter().any(|row| is(node, row))
        || (!node.dtype().is_float() && (is(node, &r::SUM) || is(node, &r::PROD)))
}

fn reduce_nothing(_: &Graph, node: &Expr) -> Option<Expr> {
    let Family::Reduce(row) = &node.op().family else {
        return None;
    };
    let (x, axes) = parts(node)?;
    if count(x, axes) != 0 {
        return None;
    }
    build::full((row.empty)(x.dtype())?, node.grid().clone()).ok()
}

/// The sum of `n` copies of a value where every partial sum is exact (integers wrap).
fn repeated_sum(value: Scalar, n: i64) -> Option<Scalar> {
    if let Some(integer) = value.as_i128() {
        return Some(Scalar::from_i128(
            value.dtype(),
            integer.wrapping_mul(i128::from(n)),
        ));
    }
    let float = value.to_f64();
    if float == 0.0 {
        return Some(Scalar::zero(value.dtype()));
    }
    if !float.is_finite() {
        return Some(value);
    }
    let digits = value.dtype().digits();
    // The significand without trailing zeros; every multiple up to n of it must fit.
    let bits = float.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let significand = if float.is_normal() {
        fraction | 1 << 52
    } else {
        fraction
    };
    let odd = i128::from(significand >> significand.trailing_zeros());
    let total = Scalar::from_f64(value.dtype(), float * n as f64);
    (odd * i128::from(n) <= 1 << digits && total.to_f64().is_finite()).then_some(total)
}

fn reduce_constant(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (x, axes) = parts(node)?;
    let (value, n) = (graph.facts(x).constant?, count(x, axes));
    if n == 0 {
        return None;
    }
    let result = if is(node, &r::SUM) {
        repeated_sum(value, n)?
    } else if is(node, &r::PROD) {
        let one = Scalar::from_i128(value.dtype(), 1);
        (value == one || value == Scalar::zero(value.dtype())).then_some(value)?
    } else if is(node, &r::SQUARED_DEVIATIONS) {
        // With an exact sum the mean is the value itself and every deviation 0.
        (value.to_f64().is_finite() && repeated_sum(value, n).is_some())
            .then(|| Scalar::from(0.0))?
    } else if is(node, &r::WIDE_MEAN) {
        // Exact up to 2^95 in magnitude.
        (n < 1 << 31).then(|| value.cast(DType::F64))?
    } else {
        associates(node).then_some(value)?
    };
    build::full(result, node.grid().clone()).ok()
}

fn reduce_single(_: &Graph, node: &Expr) -> Option<Expr> {
    let (x, axes) = parts(node)?;
    if count(x, axes) != 1 {
        return None;
    }
    let drop: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let squeezed = || build::squeeze(x, Some(&drop)).ok();
    if is(node, &r::WIDE_MEAN) {
        return build::astype(&squeezed()?, DType::F64).ok();
    }
    combiner(node)?;
    from_zero(node, squeezed()?)
}

/// A sum of floats begins at 0.0, which only -0.0 can tell.
fn from_zero(node: &Expr, total: Expr) -> Option<Expr> {
    if !is(node, &r::SUM) || !node.dtype().is_float() {
        return Some(total);
    }
    let zero = build::constant(Scalar::zero(node.dtype())).ok()?;
    build::map("add", &[total, zero]).ok()
}

fn reduce_of_reduce(graph: &Graph, node: &Expr) -> Option<Expr> {
    if !associates(node) {
        return None;
    }
    let (x, outer) = parts(node)?;
    let forms = graph.forms(x).iter().map(|form| &form.expr);
    forms
        .filter(|inner| std::ptr::eq(inner.op(), node.op()))
        .find_map(|inner| {
            let (source, axes) = parts(inner)?;
            let kept: Vec<usize> = (0..source.shape().len())
                .filter(|axis| !axes.contains(axis))
                .collect();
            let mut all: Axes = outer.iter().map(|&axis| kept[axis]).collect();
            all.extend(axes.iter().copied());
            all.sort_unstable();
            let args = [source.clone()].into_iter().collect();
            Expr::new(node.op_id(), Attr::Axes(all), args).ok()
        })
}

/// A reduction of at most eight elements as element-wise operators, in the leaf's order of lanes.
fn reduce_few(graph: &Graph, node: &Expr) -> Option<Expr> {
    let op = combiner(node)?;
    let (x, axes) = parts(node)?;
    let n = count(x, axes);
    let one_chunk = axes.iter().all(|&axis| x.grid().axes[axis].chunks() == 1);
    if !(2..=tree::LANES as i64).contains(&n) || !one_chunk {
        return None;
    }
    // A value already known everywhere is left to the constant rules.
    if graph.facts(x).constant.is_some() {
        return None;
    }
    let drop: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let lane = |k: i64| -> Option<Expr> {
        let mut region = Region::full(x.shape());
        let mut rest = k;
        for &axis in axes.iter().rev() {
            let len = x.shape()[axis];
            region.axes[axis] = AxisRange::new(rest % len, 1, 1);
            rest /= len;
        }
        build::squeeze(&build::slice(x, region).ok()?, Some(&drop)).ok()
    };
    let mut lanes: [Option<Expr>; tree::LANES] = Default::default();
    for k in 0..n {
        lanes[k as usize] = Some(lane(k)?);
    }
    let join = |x: &Option<Expr>, y: &Option<Expr>| match (x, y) {
        (Some(x), Some(y)) => {
            let args = [x.clone(), y.clone()].into_iter().collect();
            Expr::new(op.id(), Attr::None, args).ok().map(Some)
        }
        // An empty lane holds the identity, which changes nothing.
        (x, y) => Some(x.clone().or_else(|| y.clone())),
    };
    let four = [
        join(&lanes[0], &lanes[4])?,
        join(&lanes[1], &lanes[5])?,
        join(&lanes[2], &lanes[6])?,
        join(&lanes[3], &lanes[7])?,
    ];
    let result = join(&join(&four[0], &four[2])?, &join(&four[1], &four[3])?)?;
    build::rechunk(&from_zero(node, result?)?, node.grid().clone()).ok()
}

fn extreme_of_cast(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (x, axes) = parts(node)?;
    let forms = graph.forms(x).iter().map(|form| &form.expr);
    forms.filter(|cast| is(cast, &m::ASTYPE)).find_map(|cast| {
        let source = &cast.args()[0];
        let (from, to) = (source.dtype(), cast.dtype());
        // Order is kept by every widening of numbers.
        let widens = match (from.integer_range(), to.integer_range()) {
            (Some((low, high)), Some((least, most))) => least <= low && high <= most,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => from.itemsize() <= to.itemsize(),
        };
        if !widens || from == DType::Bool {
            return None;
        }
        let args = [source.clone()].into_iter().collect();
        let narrow = Expr::new(node.op_id(), Attr::Axes(axes.clone()), args).ok()?;
        build::astype(&narrow, to).ok()
    })
}

fn extreme_of_monotone(graph: &Graph, node: &Expr) -> Option<Expr> {
    let (x, axes) = parts(node)?;
    let forms = graph.forms(x).iter().map(|form| &form.expr);
    forms.filter(|map| map.dtype().is_float()).find_map(|map| {
        let [source] = map.args() else { return None };
        let rounds = [&m::FLOOR, &m::CEIL, &rounding::TRUNC, &rounding::RINT];
        let rounds = rounds.into_iter().any(|row| is(map, row));
        // The root of a negative number is NaN, which would be lost.
        let roots = is(map, &m::SQRT) && graph.facts(source).sign_clear;
        if !(rounds || roots) || source.dtype() != map.dtype() {
            return None;
        }
        let args = [source.clone()].into_iter().collect();
        let extreme = Expr::new(node.op_id(), Attr::Axes(axes.clone()), args).ok()?;
        let args = [extreme].into_iter().collect();
        Expr::new(map.op_id(), map.attr().clone(), args).ok()
    })
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
        group: Group::Reduce,
        class,
        on,
        because,
        apply,
    }
}

pub(crate) static RULES: &[Rule] = &[
    row(
        "reduce-nothing",
        Class::E,
        On::Reductions,
        "a reduction of no elements is the row's empty value",
        reduce_nothing,
    ),
    row(
        "reduce-constant",
        Class::E,
        On::Reductions,
        "every partial result of equal elements is exact, whatever the tree",
        reduce_constant,
    ),
    row(
        "reduce-single",
        Class::E,
        On::Reductions,
        "one element combined with the identity is itself; a sum of floats begins at 0.0",
        reduce_single,
    ),
    row(
        "reduce-of-reduce",
        Class::E,
        On::Reductions,
        "minima, maxima, any, all and integer sums do not depend on grouping or order",
        reduce_of_reduce,
    ),
    row(
        "reduce-few",
        Class::O,
        On::Reductions,
        "up to eight elements in one chunk fill one lane each: the leaf's own tree, element by element, \
         and 0.0 for a sum",
        reduce_few,
    ),
    row(
        "extreme-of-cast",
        Class::E,
        On::Rows(&[&r::MIN, &r::MAX]),
        "widening keeps order, so that only the result is converted",
        extreme_of_cast,
    ),
    row(
        "extreme-of-monotone",
        Class::V,
        On::Rows(&[&r::MIN, &r::MAX]),
        "rounding to integers keeps order, and so does the root of what is never negative: the result \
         alone is rounded; NaN and the sign of zero pass through both",
        extreme_of_monotone,
    ),
];
