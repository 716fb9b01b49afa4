//! Does every construct of the language give the tree it should?

use super::super::ast::{
    Assignment, BinaryOp, Call, Callee, CompareOp, Expr, IndexItem, Keyword, Target, UnaryOp,
};
use super::super::span::{Span, Spanned};
use super::{canonical, name, parsed, root};

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn int(value: i128) -> Expr {
    Expr::Int(value)
}

fn boxed(node: Expr) -> Box<Spanned<Expr>> {
    Box::new(at(node))
}

#[test]
fn literals() {
    let table = [
        ("7", int(7)),
        ("1_000", int(1000)),
        ("0xff", int(255)),
        ("0b101", int(5)),
        ("0o17", int(15)),
        ("18446744073709551616", int(1 << 64)),
        ("0x1_0000_0000_0000_0000", int(1 << 64)),
        ("170141183460469231731687303715884105727", int(i128::MAX)),
        (
            "170141183460469231731687303715884105_728",
            Expr::BigInt("170141183460469231731687303715884105728".into()),
        ),
        (
            "0X8000_0000_0000_0000_0000_0000_0000_000A",
            Expr::BigInt("0x8000000000000000000000000000000a".into()),
        ),
        ("1.5", Expr::Float(1.5)),
        (".5", Expr::Float(0.5)),
        ("1.", Expr::Float(1.0)),
        ("1e-3", Expr::Float(1e-3)),
        ("1_0.0_1e+2", Expr::Float(1001.0)),
        ("1e999", Expr::Float(f64::INFINITY)),
        ("True", Expr::Bool(true)),
        ("False", Expr::Bool(false)),
        ("None", Expr::None),
        ("...", Expr::Ellipsis),
        ("'i1'", Expr::Str("i1".into())),
        (r#""a'b\n\x41\u00e9""#, Expr::Str("a'b\nA\u{e9}".into())),
        (r"r'a\b'", Expr::Str(r"a\b".into())),
        (r#"'''long''' "er""#, Expr::Str("longer".into())),
        ("''", Expr::Str(String::new())),
        ("x", name("x")),
        ("größe", name("größe")),
    ];
    for (text, expected) in table {
        assert_eq!(root(text).node, expected, "{text}");
    }
}

#[test]
fn unary_operators() {
    for (text, op) in [
        ("-x", UnaryOp::Neg),
        ("+x", UnaryOp::Pos),
        ("~x", UnaryOp::Invert),
    ] {
        assert_eq!(
            root(text).node,
            Expr::Unary {
                op,
                operand: boxed(name("x"))
            },
            "{text}"
        );
    }
}

#[test]
fn binary_operators() {
    for op in BinaryOp::ALL {
        let expected = Expr::Binary {
            op: *op,
            left: boxed(name("a")),
            right: boxed(int(2)),
        };
        assert_eq!(root(&format!("a{}2", op.symbol())).node, expected);
    }
}

#[test]
fn comparisons() {
    for op in CompareOp::ALL {
        let expected = Expr::Compare {
            op: *op,
            left: boxed(name("a")),
            right: boxed(int(2)),
        };
        assert_eq!(root(&format!("a{}2", op.symbol())).node, expected);
    }
}

#[test]
fn precedence_is_pythons() {
    for (text, grouped) in [
        ("a + b * c", "a + (b * c)"),
        ("-a ** b", "-(a ** b)"),
        ("a ** -b", "a ** (-b)"),
        ("a ** b ** c", "a ** (b ** c)"),
        ("a - b - c", "(a - b) - c"),
        ("a @ b * c", "(a @ b) * c"),
        ("a | b ^ c & d << e", "a | (b ^ (c & (d << e)))"),
        ("a & b == c", "(a & b) == c"),
        ("~a & b", "(~a) & b"),
        ("-x[0].T", "-(x[0].T)"),
    ] {
        assert_eq!(root(text), root(grouped), "{text}");
    }
}

#[test]
fn subscripts() {
    let slice = |lower: Option<i128>, upper: Option<i128>, step: Option<i128>| {
        let bound = |bound: Option<i128>| bound.map(|bound| at(int(bound)));
        IndexItem::Slice {
            lower: bound(lower),
            upper: bound(upper),
            step: bound(step),
        }
    };
    let index = |node: Expr| IndexItem::Index(at(node));
    let table = [
        ("x[0]", vec![index(int(0))]),
        ("x[0, 1]", vec![index(int(0)), index(int(1))]),
        ("x[(0, 1)]", vec![index(int(0)), index(int(1))]),
        ("x[0,]", vec![index(int(0))]),
        ("x[()]", vec![]),
        ("x[:]", vec![slice(None, None, None)]),
        ("x[1:2:3]", vec![slice(Some(1), Some(2), Some(3))]),
        (
            "x[::2, :5]",
            vec![slice(None, None, Some(2)), slice(None, Some(5), None)],
        ),
        ("x[None:4:None]", vec![slice(None, Some(4), None)]),
        (
            "x[..., None]",
            vec![IndexItem::Ellipsis, IndexItem::NewAxis],
        ),
        (
            "x[newaxis, np.newaxis]",
            vec![IndexItem::NewAxis, IndexItem::NewAxis],
        ),
        (
            "x[[0, 2]]",
            vec![index(Expr::List(vec![at(int(0)), at(int(2))]))],
        ),
        (
            "x[(0, 2),]",
            vec![index(Expr::Tuple(vec![at(int(0)), at(int(2))]))],
        ),
        ("x[m]", vec![index(name("m"))]),
    ];
    for (text, items) in table {
        let items = items.into_iter().map(at).collect();
        let expected = Expr::Subscript {
            value: boxed(name("x")),
            items,
        };
        assert_eq!(root(text).node, expected, "{text}");
    }
}

#[test]
fn calls_and_attributes() {
    let call = |callee| {
        let kwargs = vec![Keyword {
            name: at("axis".to_owned()),
            value: at(int(1)),
        }];
        Expr::Call(Box::new(Call {
            callee,
            args: vec![at(int(0))],
            kwargs,
        }))
    };
    let function = Callee::Function(at("mean".to_owned()));
    assert_eq!(root("mean(0, axis=1)").node, call(function));
    let method = Callee::Method {
        receiver: at(name("x")),
        name: at("mean".to_owned()),
    };
    assert_eq!(root("x.mean(0, axis=1,)").node, call(method));
    let attribute = Expr::Attribute {
        value: boxed(name("x")),
        name: at("T".to_owned()),
    };
    assert_eq!(root("x.T").node, attribute);
}

#[test]
fn tuples_and_lists() {
    assert_eq!(
        root("((1, 2),)").node,
        Expr::Tuple(vec![at(int(1)), at(int(2))])
    );
    assert_eq!(root("f(())"), root("f( ( ) )"));
    assert_eq!(root("[]").node, Expr::List(vec![]));
    assert_eq!(root("[[1], [2]]").node, {
        let row = |value| at(Expr::List(vec![at(int(value))]));
        Expr::List(vec![row(1), row(2)])
    });
}

#[test]
fn statements() {
    let program = parsed("a = 1; b = a, 2\n\n# a comment\nc = [a,\n  b]\na; ");
    let assignment = |name: &str, value| Assignment {
        target: Target::Name(at(name.to_owned())),
        op: None,
        value: at(value),
    };
    let (a, b) = (at(name("a")), at(name("b")));
    assert_eq!(
        program.assignments,
        [
            assignment("a", int(1)),
            assignment("b", Expr::Tuple(vec![a.clone(), at(int(2))])),
            assignment("c", Expr::List(vec![a.clone(), b])),
        ]
    );
    assert_eq!(program.roots, [a]);
}

#[test]
fn assignments_to_parts() {
    let program = parsed("a[1:, None] = 2; a");
    let [assignment] = &program.assignments[..] else {
        panic!("{program:?}");
    };
    let Target::Part(name, items) = &assignment.target else {
        panic!("{assignment:?}");
    };
    assert_eq!(name.node, "a");
    assert!(matches!(
        [&items[0].node, &items[1].node],
        [IndexItem::Slice { .. }, IndexItem::NewAxis]
    ));
}

#[test]
fn assignments_with_an_operator() {
    let program = parsed("a += 1; a[0] **= 2; a");
    let ops: Vec<_> = program.assignments.iter().map(|a| a.op).collect();
    assert_eq!(ops, [Some(BinaryOp::Add), Some(BinaryOp::Pow)]);
    assert!(matches!(program.assignments[1].target, Target::Part(..)));
}

#[test]
fn assignments_to_several_names() {
    let program = parsed("a, b = x; [c] = x; d = e = 1; a");
    let names = |k: usize| -> Vec<&str> {
        let names = program.assignments[k].target.names();
        names.iter().map(|name| name.node.as_str()).collect()
    };
    assert_eq!(names(0), ["a", "b"]);
    assert_eq!(names(1), ["c"]);
    assert_eq!([names(2), names(3)], [["d"], ["e"]]);
    assert_eq!(program.assignments[3].value, at(name("d")));
}

#[test]
fn several_roots() {
    for text in [
        "a, b",
        "(a, b)",
        "a.compute(), b",
        "dask.compute(a, b)",
        "da.compute(a, b,)",
    ] {
        assert_eq!(parsed(text).roots, [at(name("a")), at(name("b"))], "{text}");
    }
    assert_eq!(parsed("a,").roots.len(), 1);
}

#[test]
fn layout_is_free() {
    let expected = "x = ones(3)\nx.mean()";
    for text in [
        "x=ones(3);x.mean()",
        " x = ones(3); x.mean()",
        "\n\t x = ones(3)\n\t x.mean()\n",
        "\n  # a comment\n  x = ones(\n3\n  )\n  x.mean()  # another\n",
        "x = ones(3)\r\nx.mean()\r\n",
        "x = \\\n  ones(3)\rx.mean()",
        "\u{feff}x = ones(3)\nx.mean()",
    ] {
        assert_eq!(canonical(text), expected, "{text:?}");
    }
}

#[test]
fn compute_is_dropped() {
    assert_eq!(canonical("x.mean().compute()"), "x.mean()");
    assert_eq!(
        canonical("m = x.mean().compute(); (x - m).compute()"),
        "m = x.mean()\nx - m"
    );
    assert_eq!(canonical("(x + 1).compute().T"), "(x + 1).T");
    assert_eq!(canonical("x.compute"), "x.compute");
}

#[test]
fn imports_are_dropped() {
    let text = "import numpy as np\nimport numpy\nimport dask.array as da\nimport dask.array\n\
                import dask, numpy as np; from dask import array as da\nnp.ones(3)";
    assert_eq!(canonical(text), "ones(3)");
}
