//! Does every node stand where its text does?

use super::super::ast::{Callee, Expr, IndexItem};
use super::super::span::Spanned;
use super::{parsed, root};

#[test]
fn expressions() {
    let text = "  (α + 1)[ 2:n , None ] . sum( axis = (0, 1) )";
    let root = root(text);
    assert_eq!(root.span.of(text), text.trim_start());
    let Expr::Call(call) = root.node else {
        panic!()
    };
    let [keyword] = call.kwargs.as_slice() else {
        panic!()
    };
    assert_eq!(keyword.name.span.of(text), "axis");
    assert_eq!(keyword.value.span.of(text), "(0, 1)");
    let Callee::Method { receiver, name } = call.callee else {
        panic!()
    };
    assert_eq!(name.span.of(text), "sum");
    assert_eq!(receiver.span.of(text), "(α + 1)[ 2:n , None ]");
    let Expr::Subscript { value, items } = receiver.node else {
        panic!()
    };
    assert_eq!(value.span.of(text), "α + 1");
    let places: Vec<&str> = items.iter().map(|item| item.span.of(text)).collect();
    assert_eq!(places, ["2:n", "None"]);
    let IndexItem::Slice {
        upper: Some(upper), ..
    } = &items[0].node
    else {
        panic!()
    };
    assert_eq!(upper.span.of(text), "n");
    let Expr::Binary { left, right, .. } = value.node else {
        panic!()
    };
    assert_eq!((left.span.of(text), right.span.of(text)), ("α", "1"));
}

#[test]
fn names_below_a_prefix_keep_it() {
    let text = "dask.array.random.normal(0) + np.pi";
    let Expr::Binary { left, right, .. } = root(text).node else {
        panic!()
    };
    let Expr::Call(call) = left.node else {
        panic!()
    };
    let Callee::Function(Spanned { span, .. }) = call.callee else {
        panic!()
    };
    assert_eq!(span.of(text), "dask.array.random.normal");
    assert_eq!(right.span.of(text), "np.pi");
}

#[test]
fn statements() {
    let text = "\n    größe = 1\n    b = größe.T\n    (b, 'ü' 'x')\n";
    let program = parsed(text);
    let places: Vec<(&str, &str)> = program
        .assignments
        .iter()
        .map(|assignment| {
            (
                assignment.target.names()[0].span.of(text),
                assignment.value.span.of(text),
            )
        })
        .collect();
    assert_eq!(places, [("größe", "1"), ("b", "größe.T")]);
    let roots: Vec<&str> = program
        .roots
        .iter()
        .map(|root| root.span.of(text))
        .collect();
    assert_eq!(roots, ["b", "'ü' 'x'"]);
}
