//! Is every construct outside the language named, placed, and given a way out?

use super::{failure, place};

/// Text, its place in `⟦⟧`, message, way out.
fn check(marked: &str, message: &str, way_out: &str) {
    let text = marked.replace(['⟦', '⟧'], "");
    let (_, rest) = marked.split_once('⟦').unwrap();
    let (expected, _) = rest.split_once('⟧').unwrap();
    let start = marked.find('⟦').unwrap();
    let error = failure(&text);
    assert_eq!(error.message, message, "{text}");
    assert_eq!(place(&text, &error), expected, "{text}: {message}");
    assert_eq!(error.span.start, start, "{text}: {message}");
    assert_eq!(error.way_out.as_deref(), Some(way_out), "{text}");
}

#[test]
fn truth_values() {
    let and = "\"and\" asks a whole array for one truth value";
    check("⟦a and b⟧", and, "a & b");
    check("sum(⟦a > 0 and x[1:] and c⟧)", and, "(a > 0) & x[1:] & c");
    let or = "\"or\" asks a whole array for one truth value";
    check("⟦(a == 1) or f(b)⟧", or, "(a == 1) | f(b)");
    let not = "\"not\" asks a whole array for one truth value";
    check("⟦not a⟧", not, "~a");
    check("⟦not a > 0⟧", not, "~(a > 0)");
    let chain = "a chain of comparisons asks a whole array for one truth value";
    check("⟦0 < x <= 1⟧", chain, "(0 < x) & (x <= 1)");
    check("⟦0 < x < y < 1⟧", chain, "(a < b) & (b < c)");
    check("⟦0 < (x & y) < 1⟧", chain, "(0 < x & y) & (x & y < 1)");
    check(
        "⟦a > 0 & b > 0⟧",
        "\"&\" binds tighter than the comparisons round it",
        "(a > 0) & (b > 0)",
    );
    check(
        "⟦a == 0 | b != 0⟧",
        "\"|\" binds tighter than the comparisons round it",
        "(a == 0) | (b != 0)",
    );
    let compared =
        |op: &str| format!("\"{op}\" compares objects, and arrays are compared by value");
    check("⟦a is b⟧", &compared("is"), "a == b");
    check("⟦a is not b⟧", &compared("is not"), "a != b");
    check("⟦1 in x⟧", &compared("in"), "isin((1), x)");
    check("⟦a not in x⟧", &compared("not in"), "~isin(a, x)");
}

#[test]
fn words() {
    for (marked, construct, way_out) in [
        (
            "y = ⟦lambda⟧ x: x",
            "a lambda outside of a call",
            "the expression itself: y = x * 2; y + 1",
        ),
        (
            "⟦for⟧ i in x: i",
            "a \"for\" loop",
            "an operation on the whole array: x * 2",
        ),
        (
            "⟦while⟧ x: x",
            "a \"while\" loop",
            "an operation on the whole array: x * 2",
        ),
        ("⟦if⟧ x: y", "an \"if\" statement", "where(condition, a, b)"),
        (
            "a ⟦if⟧ c else b",
            "a conditional expression",
            "where(condition, a, b)",
        ),
        (
            "x\n⟦else⟧: y",
            "a conditional expression",
            "where(condition, a, b)",
        ),
        (
            "⟦def⟧ f(x): x",
            "a function definition",
            "a variable for each step: y = x * 2; y + 1",
        ),
        (
            "⟦class⟧ A: x",
            "a class",
            "a variable for each value: y = x * 2; y + 1",
        ),
        (
            "⟦return⟧ x",
            "\"return\"",
            "the expression alone, as the last statement",
        ),
        ("⟦yield⟧ x", "\"yield\"", "several results as a tuple: a, b"),
        ("⟦await⟧ x", "asynchronous code", "the expression alone"),
        (
            "⟦async⟧ def f(): x",
            "asynchronous code",
            "the expression alone",
        ),
        (
            "⟦with⟧ f as x: x",
            "a \"with\" block",
            "read(\"data.npy\") for a file",
        ),
        ("⟦try⟧: x", "exception handling", "the expression alone"),
        ("⟦raise⟧ x", "\"raise\"", "the expression alone"),
        (
            "⟦assert⟧ x",
            "\"assert\"",
            "the condition as an expression: all(x > 0)",
        ),
        ("⟦del⟧ x", "\"del\"", "nothing: memory is freed by itself"),
        (
            "⟦global⟧ x",
            "a scope declaration",
            "nothing: all names are global",
        ),
        (
            "⟦pass⟧",
            "a block",
            "an operation on the whole array: x * 2",
        ),
    ] {
        check(
            marked,
            &format!("{construct} is not part of the language"),
            way_out,
        );
    }
    let way_out = "arange(10) ** 2, or the items one by one";
    for marked in [
        "[i ⟦for⟧ i in x]",
        "sum(i ⟦for⟧ i in x)",
        "{i ⟦for⟧ i in x}",
    ] {
        check(
            marked,
            "a comprehension is not part of the language",
            way_out,
        );
    }
}

#[test]
fn strings() {
    let formatted = "formatted strings are not part of the language";
    for prefix in ["f", "F", "rf", "fR", "t"] {
        check(
            &format!("read(⟦{prefix}⟧'a{{x}}')"),
            formatted,
            "a plain string, written out",
        );
    }
    let bytes = "a bytes literal is not part of the language";
    check("⟦b'a'⟧", bytes, "a string: \"...\"");
    check(
        "read(⟦'a.npy)⟧",
        "this string is never closed",
        "end it with '",
    );
    check(
        "read(⟦\"a.npy⟧\n)",
        "this string is never closed",
        "end it with \"",
    );
    check("⟦'''a'⟧", "this string is never closed", "end it with '''");
    check(
        "(⟦'a\\\nb'⟧ 'c')",
        "this string spans several lines",
        "\\n for a line break",
    );
    check(
        "⟦'''a\n  b'''⟧",
        "this string spans several lines",
        "\\n for a line break",
    );
}

#[test]
fn expressions() {
    let outside = |construct: &str| format!("{construct} is not part of the language");
    check("⟦{1, 2}⟧", &outside("a set"), "a list: [1, 2]");
    let walrus = "assigning inside an expression is not part of the language";
    check(
        "(y ⟦:=⟧ x) + y",
        walrus,
        "a statement of its own before: name = value; ...",
    );
    let star = "unpacking with a star is not part of the language";
    for marked in [
        "f(⟦*a⟧)",
        "f(⟦**a⟧)",
        "[⟦*a⟧, 1]",
        "⟦*a⟧, 1",
        "x[⟦*a⟧]",
        "{**⟦a⟧}",
    ] {
        check(marked, star, "the items one by one");
    }
    let complex = "complex numbers are not supported yet";
    check(
        "1 + ⟦2j⟧",
        complex,
        "the real and imaginary parts as two arrays",
    );
    let call = "only functions and methods can be called";
    check("⟦2⟧(x + 1)", call, "(2) * (x + 1)");
    check(
        "⟦x + 1⟧".replace('⟦', "(⟦").replace('⟧', "⟧)(y)").as_str(),
        call,
        "(x + 1) * (y)",
    );
    check("⟦f(x)⟧(y)", call, "a method of its result: f(x).method(y)");
    let compute = "compute takes no options here";
    let line = ".compute(), and --threads or --memory on the command line";
    check("x.compute⟦(num_workers=4)⟧", compute, line);
    check("dask.compute(x, ⟦scheduler⟧='threads')", compute, line);
    check("f(a=1, ⟦a⟧=2)", "a is given twice", "leave one out");
}

#[test]
fn statements() {
    let part = "only a part of a variable is assigned";
    check("⟦x[0][1]⟧ = v; x", part, "y = x[0]; y[1] = value");
    check("⟦x.T[0]⟧ = 1; x", part, "y = x[0]; y[1] = value");
    let attribute = "assigning to an attribute is not supported";
    check("⟦x.shape⟧ = (2, 3); x", attribute, "x = x.reshape(...)");
    check("⟦x.dtype⟧ = float32; x", attribute, "x = x.astype(...)");
    check("⟦x.name⟧ = 1; x", attribute, "a new variable: y = ...");
    let several = "only names stand between the commas of an assignment";
    let parts = "a, b = x, and one statement for each part of them";
    check("⟦a, (b, c)⟧ = x; a", several, parts);
    check("⟦[a, b.c]⟧ = x; a", several, parts);
    let chained = "only names are assigned at once";
    check(
        "⟦a[0] = b⟧ = 1; a",
        chained,
        "one statement for each: a[0] = ...",
    );
    check("⟦x[0][1]⟧ += 1; x", part, "y = x[0]; y[1] = value");
    check("⟦x.shape⟧ += (1,); x", attribute, "x = x.reshape(...)");
    let colon = "\":\" outside brackets is not part of the language";
    let slice = "x[1:3] for a slice, name = value for a variable";
    check("x⟦:⟧ int = 3; x", colon, slice);
    check("match x⟦:⟧\n  case 1: x", colon, slice);
    check(
        "⟦type X = int⟧; x",
        "this statement is not part of the language",
        "name = expression, or an expression at the end",
    );
    check(
        "a = 1; ⟦match⟧ = 2; a",
        "this reads as the start of a block",
        "another name, or a new line in place of the \";\"",
    );
    check(
        "⟦x + 1⟧\nx",
        "the value of this line is lost",
        "name = ... to use it later, or a tuple at the end: a, b",
    );
    check(
        "⟦y = x⟧",
        "the program ends without an expression to compute",
        "; y after it",
    );
    check(
        "⟦()⟧",
        "there is nothing to compute in here",
        "an expression, or several with commas between them",
    );
    for text in ["⟦⟧", "# nothing⟦⟧", "\n \n⟦⟧", "import numpy⟦⟧"] {
        check(
            text,
            "there is no expression to compute",
            "ones((4, 3)).mean()",
        );
    }
}

#[test]
fn imports() {
    let import = |module: &str| format!("{module} cannot be imported like this");
    check(
        "import ⟦numpy as xp⟧; 1",
        &import("numpy"),
        "import numpy as np, or no import",
    );
    check(
        "import ⟦scipy⟧; 1",
        &import("scipy"),
        "leave the import out",
    );
    check(
        "from numpy import ⟦mean⟧; 1",
        &import("numpy.mean"),
        "import numpy as np, or no import",
    );
    check(
        "import ⟦dask.array as d⟧; 1",
        &import("dask.array"),
        "import dask.array as da, or no import",
    );
    check(
        "from . import ⟦x⟧; 1",
        &import(".x"),
        "leave the import out",
    );
    check(
        "from numpy import ⟦*⟧; 1",
        &import("numpy.*"),
        "import numpy as np, or no import",
    );
}

#[test]
fn brackets() {
    check("mean⟦(⟧x", "\"(\" is never closed", "a \")\" where it ends");
    check("f(x⟦[⟧0", "\"[\" is never closed", "a \"]\" where it ends");
    check("f(x[0⟦)⟧", "\")\" does not close \"[\"", "\"]\" here");
    check("x⟦]⟧", "\"]\" closes nothing", "leave it out");
    check(
        "f⟦(⟧x; y)",
        "\"(\" is never closed",
        "a \")\" where it ends",
    );
}

#[test]
fn characters() {
    for (marked, character, way_out) in [
        ("x⟦²⟧", "\"²\"", "**2"),
        ("a ⟦×⟧ b", "\"×\"", "*"),
        ("a ⟦−⟧ b", "\"−\"", "-"),
        ("a ⟦≤⟧ b", "\"≤\"", "<="),
        ("read(⟦“⟧a”)", "\"“\"", "\"...\" for a string"),
        ("⟦!⟧x", "\"!\"", "~x for not, a != b for unequal"),
        ("⟦$⟧x", "\"$\"", "leave it out"),
        ("x⟦?⟧", "\"?\"", "leave it out"),
        ("a⟦\u{a0}⟧+ b", "U+00A0", "a plain space"),
        ("a⟦\0⟧", "U+0000", "leave it out"),
        (
            "a ⟦\\⟧ b",
            "\"\\\"",
            "leave it out, or end the line after it",
        ),
    ] {
        let message = format!("the character {character} is not part of the language");
        check(marked, &message, way_out);
    }
    check("(a > 0) ⟦&&⟧ (b > 0)", "\"&&\" is not an operator", "&");
    check("a ⟦||⟧ b", "\"||\" is not an operator", "|");
}

#[test]
fn syntax() {
    check(
        "a + ⟦⟧",
        "an expression is missing here",
        "a value after the operator before it",
    );
    check(
        "x[⟦]⟧",
        "nothing between the brackets",
        "x[:] for all of it, x[0] for the first",
    );
    check(
        "2 ⟦x⟧",
        "an operator is missing before this",
        "an operator or a comma, or \";\" between two statements",
    );
    check(
        "f(a=1, ⟦b⟧)",
        "an argument without a name follows one with a name",
        "put it before the named ones, or name it too",
    );
    let literal = "this is not a literal of Python";
    let way_out = "10, 0x1f, 1.5e-3 for a number, 'x.npy' for a string";
    for marked in ["x + ⟦0x⟧", "⟦01⟧"] {
        check(marked, literal, way_out);
    }
    let escape = "this escape names no character";
    check("'a\\x4⟦⟧'", escape, "\\\\ for a backslash");
    let loose = "boolean 'not' expression cannot be used here";
    check("2 * ⟦not x⟧", loose, "parentheses round it");
    let arrow = "expected `,`, found `->`";
    check(
        "f(a ⟦->⟧ b)",
        arrow,
        "an operator, a comma or a closing bracket",
    );
    let example = "an expression, such as x[1:3].mean(axis=0)";
    check("x.⟦.⟧T", "expected an identifier", example);
    check("(1,⟦,⟧2)", "expected an expression or a ')'", example);
    check(
        "⟦1⟧ = x; x",
        "only a name can be assigned",
        "name = value, or == to compare",
    );
    check(
        "⟦f(x)⟧ = 1; x",
        "only a name can be assigned",
        "name = value, or == to compare",
    );
}
