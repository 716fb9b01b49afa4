//! Can any text overflow the stack, hang, or panic?

use proptest::prelude::*;

use super::super::limits::{MAX_DEPTH, MAX_TEXT};
use super::super::{Program, SpannedExpr, print, program, render};
use super::failure;

const MANY: usize = 100_000;

#[test]
fn deep_texts_are_refused() {
    let too_deep = format!("this expression nests more than {MAX_DEPTH} levels deep");
    let texts = [
        format!("{}1{}", "(".repeat(MANY), ")".repeat(MANY)),
        "(".repeat(MANY),
        "[".repeat(MANY),
        "{".repeat(MANY),
        "f(".repeat(MANY),
        "x[".repeat(MANY),
        format!("{}1", "-".repeat(MANY)),
        format!("{}1", "-~+".repeat(MANY)),
        format!("{}1", "not ".repeat(MANY)),
        format!("x{}", ".a".repeat(MANY)),
        format!("x{}", ".compute()".repeat(MANY)),
        format!("x{}", "[0]".repeat(MANY)),
        format!("x{}", "()".repeat(MANY)),
        format!("1{}", "+1".repeat(MANY)),
        format!("1{}", "+ .5".repeat(MANY)),
        format!("2{}", "**2".repeat(MANY)),
        format!("1{}", "<1".repeat(MANY)),
        format!("a{}", " and a".repeat(MANY)),
        format!(
            "a{}",
            " if a else a"
                .repeat(10_000)
                .replace("if", "in")
                .replace("else", "or")
        ),
        format!("{}1", "a = ".repeat(MANY)),
        format!("f(a{})", "=a".repeat(MANY)),
        "*".repeat(MANY),
        "@".repeat(MANY),
        format!("{}1{}", "1+(".repeat(200), ")+1".repeat(200)),
    ];
    for text in texts {
        let error = failure(&text);
        assert_eq!(error.message, too_deep, "{text:.40}");
        assert!(
            render(&text, &error)
                .lines()
                .all(|line| line.chars().count() < 200)
        );
    }
}

#[test]
fn long_flat_texts_are_quick() {
    let start = std::time::Instant::now();
    let list = format!("[{}]", "1.5, -2, ".repeat(MANY));
    assert!(program(&list).is_ok());
    let statements = format!("{}x", "x = 1\n".repeat(MANY));
    assert_eq!(
        program(&statements).map(|program| program.assignments.len()),
        Ok(MANY)
    );
    for refused in [
        "a ".repeat(MANY),
        "a;".repeat(MANY),
        ",".repeat(MANY),
        "=".repeat(200),
        format!("({})", "a ".repeat(MANY)),
        format!("({})", "a, ".repeat(MANY) + "1 2"),
        format!("f({})", "a=1, ".repeat(MANY)),
        "type ".repeat(MANY),
        "match ".repeat(MANY),
        "import a, ".repeat(MANY),
        "from a import b\n".repeat(50_000),
        "'a' ".repeat(MANY) + "1",
        "1_".repeat(MANY),
        "[] ".repeat(MANY),
        "\\\n".repeat(MANY),
        "é".repeat(MANY) + "²",
    ] {
        failure(&refused);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn too_long_a_text_is_refused() {
    let error = failure(&" ".repeat(MAX_TEXT + 1));
    assert_eq!(
        error.message,
        "this program has 1048577 bytes and the limit is 1048576"
    );
    assert!(program(&format!("{}1", " ".repeat(MAX_TEXT - 1))).is_ok());
}

/// The bound counts tokens; the tree must never be deeper than it says.
#[test]
fn the_deepest_accepted_texts_fit_the_limit() {
    let levels = MAX_DEPTH - 2;
    let half = levels / 2;
    for text in [
        format!("1{}", "+1".repeat(levels)),
        format!("{}1{}", "(".repeat(levels), ")".repeat(levels)),
        format!("{}1{}", "[".repeat(levels), "]".repeat(levels)),
        format!("{}1{}", "x[".repeat(levels), "]".repeat(levels)),
        format!("{}1{}", "f(a=".repeat(half), ")".repeat(half)),
        format!("x{}", "[0]".repeat(levels)),
        format!("x{}", ".a".repeat(levels)),
        format!("x{}", ".a()".repeat(half)),
        format!("{}1", "-".repeat(levels)),
        format!("2{}", "**2".repeat(levels)),
        format!(
            "a = {}1{}, 2; a",
            "-(".repeat(half - 1),
            ")".repeat(half - 1)
        ),
        format!("sin(x){}", "+sin(x)".repeat(levels - 1)),
    ] {
        let parsed = program(&text).unwrap_or_else(|error| panic!("{text:.40}: {error:?}"));
        assert!(depth(&parsed) <= MAX_DEPTH, "{text:.40}");
        assert_eq!(program(&print(&parsed)), Ok(parsed), "{text:.40}");
        let deeper = format!("{text}{}", "+1".repeat(levels + 1));
        assert!(program(&deeper).is_err(), "{text:.40}");
    }
}

/// The deepest trees are walked on a small stack.
#[test]
fn the_deepest_tree_needs_little_stack() {
    let nested = |open: &str, close: &str| {
        format!(
            "{}1{}",
            open.repeat(MAX_DEPTH - 2),
            close.repeat(MAX_DEPTH - 2)
        )
    };
    for text in [
        nested("x[", "]"),
        nested("f(", ")"),
        nested("-", ""),
        nested("[", "]"),
    ] {
        let walk = move || print(&program(&text).unwrap()).len();
        let thread = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(walk)
            .unwrap();
        assert!(thread.join().unwrap() > MAX_DEPTH - 2);
    }
}

fn depth(program: &Program) -> usize {
    let values = program
        .assignments
        .iter()
        .map(|assignment| &assignment.value);
    values
        .chain(&program.roots)
        .map(depth_of)
        .max()
        .unwrap_or(0)
}

fn depth_of(expr: &SpannedExpr) -> usize {
    use super::super::ast::{Callee, Expr, IndexItem};
    let deepest = |children: &mut dyn Iterator<Item = &SpannedExpr>| {
        children.map(depth_of).max().unwrap_or(0)
    };
    1 + match &expr.node {
        Expr::Unary { operand, .. } => depth_of(operand),
        Expr::Binary { left, right, .. } | Expr::Compare { left, right, .. } => {
            depth_of(left).max(depth_of(right))
        }
        Expr::Attribute { value, .. } => depth_of(value),
        Expr::Lambda { body, .. } => depth_of(body),
        Expr::Tuple(items) | Expr::List(items) => deepest(&mut items.iter()),
        Expr::Dict(pairs) => deepest(&mut pairs.iter().flat_map(|(key, value)| [key, value])),
        Expr::Call(call) => {
            let receiver = match &call.callee {
                Callee::Method { receiver, .. } => Some(receiver),
                Callee::Function(_) => None,
            };
            let kwargs = call.kwargs.iter().map(|keyword| &keyword.value);
            deepest(&mut receiver.into_iter().chain(&call.args).chain(kwargs))
        }
        Expr::Subscript { value, items } => {
            let parts = items.iter().flat_map(|item| match &item.node {
                IndexItem::Slice { lower, upper, step } => {
                    [lower.as_ref(), upper.as_ref(), step.as_ref()]
                }
                IndexItem::Index(index) => [Some(index), None, None],
                IndexItem::Ellipsis | IndexItem::NewAxis => [None; 3],
            });
            depth_of(value).max(deepest(&mut parts.flatten()))
        }
        _ => 0,
    }
}

/// Pieces of Python, good and bad, from which random programs are glued.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "x",
        "np",
        "np.",
        "da.random.",
        "dask",
        ".compute()",
        "mean",
        "1",
        "2.5",
        "1e",
        "0x",
        "1j",
        "1_",
        "'s'",
        "'",
        "\"",
        "'''",
        "b'",
        "f'{x}'",
        "rb'",
        "\\",
        "\\\n",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "=",
        "==",
        ":=",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "%",
        "@",
        "&",
        "|",
        "^",
        "~",
        "<",
        ">",
        "<<",
        "!",
        "!=",
        "->",
        "?",
        "$",
        ".",
        "...",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\n  ",
        "\x0c",
        "#",
        "# c\n",
        "\u{feff}",
        "é",
        "²",
        "\u{301}",
        "\u{a0}",
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "for",
        "lambda",
        "(lambda a, b: ",
        "def",
        "import",
        "from",
        "as",
        "import numpy as np\n",
        "type",
        "match",
        "case",
        "lazy",
        "print",
        "None",
        "True",
        "axis=",
        "*a",
        "**k",
        "x[0] = 1",
        "x += 1",
        "\0",
        "async",
        "yield",
        "with",
        "del",
    ];
    prop_oneof![
        9 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn survives(text: &str) {
    match program(text) {
        Ok(parsed) => {
            assert!(depth(&parsed) <= MAX_DEPTH);
            let printed = print(&parsed);
            assert_eq!(program(&printed), Ok(parsed), "{text:?} as {printed:?}");
        }
        Err(error) => {
            assert!(error.span.start <= error.span.end && error.span.end <= text.len());
            assert!(render(text, &error).starts_with("error: "), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn glued_pieces_survive(pieces in proptest::collection::vec(piece(), 0..24)) {
        survives(&pieces.concat());
        survives(&pieces.join(" "));
    }

    #[test]
    fn any_bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        survives(&String::from_utf8_lossy(&bytes));
    }
}
