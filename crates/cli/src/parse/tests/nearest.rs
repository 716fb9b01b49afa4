//! Is the suggested name the one that was meant?

use super::super::nearest;

const KNOWN: &[&str] = &[
    "sin",
    "sinh",
    "mean",
    "median",
    "normal",
    "random.normal",
    "arange",
    "e",
    "where",
    "var",
];

#[test]
fn close_names_are_found() {
    for (typed, meant) in [
        ("nrmal", "normal"),
        ("Mean", "mean"),
        ("maen", "mean"),
        ("sn", "sin"),
        ("arrange", "arange"),
        ("meadian", "median"),
        ("wher", "where"),
        ("random.nrmal", "random.normal"),
        ("vra", "var"),
    ] {
        assert_eq!(
            nearest(typed, KNOWN.iter().copied()),
            Some(meant),
            "{typed}"
        );
    }
    assert_eq!(
        nearest("normal", ["mean", "random.normal"]),
        Some("random.normal")
    );
}

#[test]
fn far_names_are_not() {
    for typed in ["fourier", "x", "q", "", "zzz", &"n".repeat(100_000)] {
        assert_eq!(nearest(typed, KNOWN.iter().copied()), None, "{typed:.20}");
    }
    assert_eq!(nearest("mean", []), None);
}

#[test]
fn order_does_not_matter() {
    let reversed = KNOWN.iter().rev().copied();
    for typed in ["nrmal", "sim", "mea", "sih"] {
        assert_eq!(
            nearest(typed, KNOWN.iter().copied()),
            nearest(typed, reversed.clone())
        );
    }
}
