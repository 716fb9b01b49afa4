//! Does a shown error point at its place?

use unicode_width::UnicodeWidthStr;

use super::super::{ParseError, Span, render};
use super::failure;

fn shown(text: &str) -> String {
    render(text, &failure(text))
}

#[test]
fn one_line() {
    assert_eq!(
        shown("x = 1; x and y"),
        "\
error: \"and\" asks a whole array for one truth value
  at     x = 1; x and y
                ^^^^^^^
  try    x & y
"
    );
}

#[test]
fn several_lines_are_numbered() {
    assert_eq!(
        shown("x = 1\r\ny = 2\r\n  \r\n\tx[0] = y\r\nx\r\n"),
        "\
error: this line is indented by itself
  line 4  x[0] = y
         ^
  note   there are no blocks: all lines start in the same column
  try    take the indentation off, or put brackets round a long expression
"
    );
    let text = "x = 1\n".repeat(11) + "x.T += 1\n";
    assert_eq!(
        shown(&text),
        "\
error: assigning to an attribute is not supported
  line 12 x.T += 1
          ^^^
  note    arrays do not change; a new one is made from the old
  try     a new variable: y = ...
"
    );
    assert!(shown("a\rb\rc if d").contains("\n  line 3 c if d\n           ^^\n"));
}

#[test]
fn the_end_of_a_text_has_a_place() {
    assert_eq!(
        shown(""),
        "\
error: there is no expression to compute
  at
         ^
  try    ones((4, 3)).mean()
"
    );
    assert!(shown("x = ").contains("\n  at     x =\n             ^\n"));
}

#[test]
fn columns_follow_the_width_of_characters() {
    for text in [
        "'ｗｉｄｅ' + ²",
        "größe + ²",
        "'e\u{301}' + ²",
        "'👩‍🔬' + ²",
        "'\u{200b}' + ²",
    ] {
        let error = failure(text);
        assert_eq!(error.span.of(text), "²");
        let shown = render(text, &error);
        let lines: Vec<&str> = shown.lines().collect();
        let before = lines[1].strip_suffix('²').unwrap();
        assert_eq!(
            lines[2],
            format!("{}^", " ".repeat(before.width())),
            "{text}"
        );
    }
    let wide = ParseError::new(Span::new(0, 6), "m");
    assert_eq!(
        render("ｘｙ", &wide),
        "error: m\n  at     ｘｙ\n         ^^^^\n"
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = "x\t+ '\x1b[31m' + \x07";
    let shown = shown(text);
    assert!(
        shown.chars().all(|c| c == '\n' || !c.is_control()),
        "{shown:?}"
    );
    assert!(shown.contains("the character U+0007 is not part of the language"));
    assert!(shown.contains("x + '\u{fffd}[31m' + \u{fffd}"));
}

#[test]
fn long_lines_are_cut_round_the_place() {
    let text = format!("{}q and r, {}", "aaaa, ".repeat(200), "bbbb, ".repeat(200));
    let shown = shown(&text);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[1].starts_with("  at     …") && lines[1].ends_with('…'),
        "{shown}"
    );
    let caret = lines[2].chars().position(|c| c == '^').unwrap();
    let column: String = lines[1].chars().skip(caret).take(7).collect();
    assert_eq!((column.as_str(), lines[2].trim()), ("q and r", "^^^^^^^"));
    assert!(lines.iter().all(|line| line.width() <= 150), "{shown}");

    let all = format!("[{}] and b", "1, ".repeat(500));
    assert!(
        render(&all, &failure(&all))
            .lines()
            .all(|line| line.width() <= 150)
    );
}

#[test]
fn any_span_is_shown() {
    let text = "é\nü";
    for start in 0..8 {
        for end in 0..8 {
            let error = ParseError::new(Span::new(start, end), "m\nn").note("a\tb");
            let shown = render(text, &error);
            assert_eq!(shown.lines().count(), 4, "{shown}");
        }
    }
    let far = ParseError::new(Span::new(usize::MAX, usize::MAX), "m");
    assert_eq!(render("", &far), "error: m\n  at\n         ^\n");
}
