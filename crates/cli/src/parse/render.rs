//! How is an error shown?
//!
//! Four kinds of lines: the error, its place with the text underlined, a note, a way out. Made
//! for a terminal: columns follow the width of characters, control characters are replaced, and
//! long lines are cut round the place.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::error::ParseError;

/// Columns of a source line shown before its underlined part.
const BEFORE: usize = 40;
/// Columns of the underlined part.
const MARKED: usize = 60;
/// Columns after it.
const AFTER: usize = 30;

/// `error` as text of several lines, each ended by a newline.
///
/// `text` is the program it came from. A program of several lines shows the line's number.
///
/// ```
/// # use tilewright_cli::parse::{ParseError, Span, render};
/// let error = ParseError::new(Span::new(0, 5), "unknown name \"nrmal\"").way_out("normal");
/// assert_eq!(render("nrmal(0, 1, (10, 10)).mean()", &error), "\
/// error: unknown name \"nrmal\"
///   at     nrmal(0, 1, (10, 10)).mean()
///          ^^^^^
///   try    normal
/// ");
/// ```
pub fn render(text: &str, error: &ParseError) -> String {
    let place = Place::new(text, error);
    let several_lines = text.trim_end().contains(['\n', '\r']);
    let label = if several_lines {
        format!("line {}", place.number)
    } else {
        "at".to_owned()
    };
    let width = label.len().max(6);

    let mut lines = format!("error: {}\n", visible(&error.message));
    let (before, marked, after) = place.cut();
    let (indent, carets) = (before.width(), marked.width().max(1));
    // Writing to a String cannot fail.
    let source = format!("  {label:width$} {before}{marked}{after}");
    let underline = format!("  {:width$} {:indent$}{}", "", "", "^".repeat(carets));
    let _ = writeln!(lines, "{}\n{underline}", source.trim_end());
    for (label, line) in [("note", &error.note), ("try", &error.way_out)] {
        if let Some(line) = line {
            let _ = writeln!(lines, "  {label:width$} {}", visible(line));
        }
    }
    lines
}

/// The line of the text on which an error starts, in three parts.
struct Place<'a> {
    /// Counted from 1.
    number: usize,
    before: &'a str,
    marked: &'a str,
    after: &'a str,
}

impl<'a> Place<'a> {
    fn new(text: &'a str, error: &ParseError) -> Self {
        let start = text.floor_char_boundary(error.span.start);
        let end = text.floor_char_boundary(error.span.end).max(start);
        let (head, tail) = text.split_at(start);
        let line_start = head.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let line_end = tail
            .find(['\n', '\r'])
            .map_or(text.len(), |newline| start + newline);
        let end = end.min(line_end);
        // "\r\n" ends one line, as do "\n" and "\r" alone.
        let number = 1 + head.matches(['\n', '\r']).count() - head.matches("\r\n").count();
        Self {
            number,
            before: &text[line_start..start],
            marked: &text[start..end],
            after: &text[end..line_end],
        }
    }

    /// The three parts, visible and short enough for one line.
    fn cut(&self) -> (String, String, String) {
        let marked = front(&visible(self.marked), MARKED);
        let after = front(
            &visible(self.after),
            AFTER + MARKED - marked.width().min(MARKED),
        );
        let before = visible(self.before);
        (back(before.trim_start(), BEFORE), marked, after)
    }
}

/// `text` with a space for each tab and U+FFFD for every other control character.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// The first `columns` of `text`, with `…` for a rest.
fn front(text: &str, columns: usize) -> String {
    let kept = columns_of(text.chars(), columns);
    let cut = text
        .char_indices()
        .nth(kept)
        .map_or(text.len(), |(at, _)| at);
    if cut == text.len() {
        text.to_owned()
    } else {
        format!("{}…", &text[..cut])
    }
}

/// The last `columns` of `text`, with `…` for what stands before them.
fn back(text: &str, columns: usize) -> String {
    let kept = columns_of(text.chars().rev(), columns);
    let cut = kept
        .checked_sub(1)
        .and_then(|last| text.char_indices().rev().nth(last));
    match cut.map_or(text.len(), |(at, _)| at) {
        0 => text.to_owned(),
        cut => format!("…{}", &text[cut..]),
    }
}

/// How many of `characters` fit into `columns`.
fn columns_of(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .count()
}
