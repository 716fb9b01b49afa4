//! Do prefixes come off, and only prefixes?

use super::super::ast::{Callee, Expr};
use super::super::is_reserved;
use super::{canonical, failure, place, root};

/// The function that `text` calls.
fn function(text: &str) -> String {
    match root(text).node {
        Expr::Call(call) => match call.callee {
            Callee::Function(name) => name.node,
            Callee::Method { .. } => panic!("{text} is a method"),
        },
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn functions_lose_their_prefix() {
    for text in [
        "mean(x)",
        "np.mean(x)",
        "numpy.mean(x)",
        "da.mean(x)",
        "dask.array.mean(x)",
    ] {
        assert_eq!(function(text), "mean", "{text}");
    }
    for prefix in ["", "np.", "numpy.", "da.", "dask.array."] {
        let text = format!("{prefix}random.normal(0, 1, 3)");
        assert_eq!(function(&text), "random.normal", "{text}");
    }
    assert_eq!(function("np.linalg.norm(x)"), "linalg.norm");
    assert_eq!(function("linalg.norm(x)"), "linalg.norm");
    assert_eq!(function("np.fft.fft(x)"), "fft.fft");
    assert_eq!(function("random(3)"), "random");
    assert_eq!(function("np.float32(3)"), "float32");
}

#[test]
fn constants_lose_their_prefix() {
    for (text, library) in [
        ("np.inf", "inf"),
        ("numpy.pi", "pi"),
        ("da.float32", "float32"),
        ("np.random.normal", "random.normal"),
    ] {
        assert_eq!(root(text).node, Expr::Library(library.to_owned()), "{text}");
    }
    assert_eq!(root("np.newaxis").node, Expr::None);
    assert_eq!(root("pi").node, Expr::Name("pi".to_owned()));
}

#[test]
fn attributes_of_members_stay() {
    assert_eq!(canonical("np.pi.real"), "np.pi.real");
    assert!(matches!(root("np.pi.real").node, Expr::Attribute { .. }));
    assert_eq!(
        canonical("np.random.default_rng(0).normal(3)"),
        "np.random.default_rng(0).normal(3)"
    );
    assert!(matches!(root("x.random.T").node, Expr::Attribute { .. }));
}

#[test]
fn reserved_names_are_not_assigned() {
    for name in [
        "np", "numpy", "da", "dask", "random", "linalg", "special", "newaxis",
    ] {
        assert!(is_reserved(name));
        let text = format!("{name} = 1; 2");
        let error = failure(&text);
        assert_eq!(place(&text, &error), name);
        assert_eq!(
            error.message,
            format!("{name} has a meaning of its own and cannot be assigned")
        );
        assert_eq!(error.way_out, Some(format!("{name}_")));
    }
    assert!(!is_reserved("x"));
}

#[test]
fn modules_are_no_values() {
    for (text, module) in [
        ("np", "np"),
        ("np + 1", "np"),
        ("da.random", "da.random"),
        ("dask.array", "dask.array"),
        ("mean(np.linalg)", "np.linalg"),
        ("np.random(3)", "np.random"),
    ] {
        let error = failure(text);
        assert_eq!(
            error.message,
            format!("{module} is a module, not a value"),
            "{text}"
        );
        assert_eq!(place(text, &error), module);
    }
    let error = failure("x = dask.delayed(f); x");
    assert_eq!(error.message, "dask.delayed is not part of the language");
    assert_eq!(error.way_out.as_deref(), Some("da.delayed"));
}
