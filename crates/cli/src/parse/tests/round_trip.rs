//! Does printed text give the same tree back?

use proptest::prelude::*;

use super::super::ast::{
    Assignment, BinaryOp, Call, Callee, CompareOp, Expr, IndexItem, Keyword, Program, SpannedExpr,
    Target, UnaryOp,
};
use super::super::span::{Span, Spanned};
use super::super::{print, program};
use super::canonical;

#[test]
fn canonical_text() {
    for (text, expected) in [
        ("((a))+(b*c)", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("(-a)**2", "(-a) ** 2"),
        ("-(a**2)", "-a ** 2"),
        ("a**(-b)", "a ** -b"),
        ("(a**b)**c", "(a ** b) ** c"),
        ("a**(b**c)", "a ** b ** c"),
        ("a**(b*c)", "a ** (b * c)"),
        ("(a>0)&(b>0)", "(a > 0) & (b > 0)"),
        ("(a<b)<c", "(a < b) < c"),
        ("a<(b<c)", "a < (b < c)"),
        ("(a+b).T[0]", "(a + b).T[0]"),
        ("-(a.T)", "-a.T"),
        ("(-a).T", "(-a).T"),
        ("(1).real", "(1).real"),
        ("1.5.real", "(1.5).real"),
        ("x[ 1 : 2,:: -1, ... ,newaxis]", "x[1:2, ::-1, ..., None]"),
        ("x[()]", "x[()]"),
        ("x[(0,1),]", "x[(0, 1),]"),
        ("np . mean ( x , axis = ( 0 , 1 ) )", "mean(x, axis=(0, 1))"),
        (
            "random.normal(0,1,size=(3,))",
            "np.random.normal(0, 1, size=(3,))",
        ),
        ("np.da(x)", "np.da(x)"),
        ("((a,b),)", "(a, b),"),
        ("a,b", "a, b"),
        ("1e400", "1e999"),
        ("1E5", "100000.0"),
        ("\"it's\\n\\x00\\\\\"", r"'it\'s\n\x00\\'"),
        ("x=1\ny=x\nx,y", "x = 1\ny = x\nx, y"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected);
        assert_eq!(program(text), program(expected), "{text}");
    }
}

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn variable() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "a", "b", "x1", "_t", "größe", "mean", "match", "case", "type",
    ])
    .prop_map(str::to_owned)
}

fn function() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "mean",
        "where",
        "random.normal",
        "linalg.norm",
        "random",
    ])
    .prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Expr> {
    let library = vec!["inf", "pi", "float32", "random.normal"];
    prop_oneof![
        4 => variable().prop_map(Expr::Name),
        1 => proptest::sample::select(library).prop_map(|name| Expr::Library(name.to_owned())),
        2 => (0..=i128::MAX).prop_map(Expr::Int),
        2 => (0..20_i128).prop_map(Expr::Int),
        1 => "[1-9][0-9]{39,60}".prop_map(Expr::BigInt),
        2 => any::<f64>().prop_map(|x| Expr::Float(if x.is_nan() { 0.0 } else { x.abs() })),
        1 => any::<bool>().prop_map(Expr::Bool),
        1 => any::<String>().prop_map(Expr::Str),
        1 => Just(Expr::None),
        1 => Just(Expr::Ellipsis),
    ]
}

type Inner = BoxedStrategy<SpannedExpr>;

fn index_item(inner: &Inner) -> impl Strategy<Value = Spanned<IndexItem>> + use<> {
    // In an index, None and ... are items of their own, and a bound None is no bound.
    let value = inner.clone().prop_map(|value| match value.node {
        Expr::None | Expr::Ellipsis => at(Expr::Int(0)),
        _ => value,
    });
    let bound = proptest::option::of(value.clone().boxed());
    prop_oneof![
        (bound.clone(), bound.clone(), bound).prop_map(|(lower, upper, step)| IndexItem::Slice {
            lower,
            upper,
            step
        }),
        value.prop_map(IndexItem::Index),
        Just(IndexItem::Ellipsis),
        Just(IndexItem::NewAxis),
    ]
    .prop_map(at)
}

fn call(inner: &Inner) -> impl Strategy<Value = Expr> + use<> {
    let callee = prop_oneof![
        function().prop_map(|name| Callee::Function(at(name))),
        (inner.clone(), variable()).prop_map(|(receiver, name)| Callee::Method {
            receiver,
            name: at(name)
        }),
    ];
    let args = proptest::collection::vec(inner.clone(), 0..3);
    let kwargs = proptest::collection::btree_map(variable(), inner.clone(), 0..3);
    (callee, args, kwargs).prop_map(|(callee, args, kwargs)| {
        let keyword = |(name, value)| Keyword {
            name: at(name),
            value,
        };
        let kwargs = kwargs.into_iter().map(keyword).collect();
        Expr::Call(Box::new(Call {
            callee,
            args,
            kwargs,
        }))
    })
}

fn tree() -> impl Strategy<Value = SpannedExpr> {
    leaf().prop_map(at).prop_recursive(6, 60, 4, |inner| {
        let inner = inner.boxed();
        let one = inner.clone().prop_map(Box::new);
        let items = proptest::collection::vec(inner.clone(), 0..4);
        let body = one.clone();
        let binary = proptest::sample::select(BinaryOp::ALL);
        let compare = proptest::sample::select(CompareOp::ALL);
        let subscripts = proptest::collection::vec(index_item(&inner), 0..3);
        prop_oneof![
            2 => (proptest::sample::select(UnaryOp::ALL), one.clone())
                .prop_map(|(op, operand)| Expr::Unary { op, operand }),
            6 => (binary, one.clone(), one.clone())
                .prop_map(|(op, left, right)| Expr::Binary { op, left, right }),
            2 => (compare, one.clone(), one.clone())
                .prop_map(|(op, left, right)| Expr::Compare { op, left, right }),
            2 => (one.clone(), subscripts)
                .prop_map(|(value, items)| Expr::Subscript { value, items }),
            2 => (one, variable())
                .prop_map(|(value, name)| Expr::Attribute { value, name: at(name) }),
            3 => call(&inner),
            1 => items.clone().prop_map(Expr::Tuple),
            1 => items.prop_map(Expr::List),
            1 => proptest::collection::vec((inner.clone(), inner.clone()), 0..3).prop_map(Expr::Dict),
            1 => (proptest::collection::btree_set(variable(), 0..3), body).prop_map(|(params, body)| {
                Expr::Lambda { params: params.into_iter().map(at).collect(), body }
            }),
        ]
        .prop_map(at)
    })
}

/// Names that are assigned, and the operator of `+=` and its kin.
fn target() -> impl Strategy<Value = (Vec<String>, Option<BinaryOp>)> {
    let names = proptest::collection::vec(variable(), 1..3);
    (
        names,
        proptest::option::of(proptest::sample::select(BinaryOp::ALL)),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printed_trees_parse_to_themselves(
        values in proptest::collection::vec((target(), tree()), 0..3),
        roots in proptest::collection::vec(tree(), 1..4),
    ) {
        let assign = |((names, op), value): ((Vec<String>, _), _)| {
            let mut names = names.into_iter().map(at);
            let target = match (op, names.len()) {
                (None, 2) => Target::Names(names.collect()),
                _ => Target::Name(names.next().unwrap()),
            };
            Assignment { target, op, value }
        };
        let tree = Program { assignments: values.into_iter().map(assign).collect(), roots };
        let text = print(&tree);
        prop_assert_eq!(program(&text), Ok(tree), "{}", text);
    }
}
