//! Is the text safe and sensible to parse?
//!
//! One pass over the characters, before the parser and without recursion. It bounds the depth of
//! the tree, and gives the errors that need no tree: brackets, quotes, foreign characters, and
//! words of Python that begin a construct outside the language. What it lets through holds no
//! block, comprehension or f-string.
//!
//! Does not decide what is an expression: that is the parser's.

use super::error::ParseError;
use super::limits::{Depth, MAX_DEPTH, too_deep};
use super::span::Span;
use super::word::{refused, unknown_character};

/// Operators of two characters; the third of `**=` counts as one more, which does no harm.
const PAIRS: &[&str] = &["**", "//", "<<", ">>", "==", "!=", "<=", ">=", "->"];

/// Words that are operators.
const OPERATORS: &[&str] = &["and", "or", "not", "in", "is"];

/// Checks all of `text`; the first error from the left wins.
pub(super) fn check(text: &str) -> Result<(), ParseError> {
    let mut scanner = Scanner {
        text,
        at: 0,
        open: Vec::new(),
        outside: Depth::default(),
    };
    scanner.statements()?;
    match scanner.open.last() {
        Some(open) => Err(unclosed(open)),
        None => Ok(()),
    }
}

struct Scanner<'a> {
    text: &'a str,
    /// Offset of the next character.
    at: usize,
    /// Brackets open at this place.
    open: Vec<Open>,
    /// Depth outside all brackets.
    outside: Depth,
}

struct Open {
    bracket: char,
    at: usize,
    depth: Depth,
}

impl<'a> Scanner<'a> {
    fn statements(&mut self) -> Result<(), ParseError> {
        let mut statement_start = true;
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            let at_start = std::mem::take(&mut statement_start);
            match c {
                '\n' | '\r' | ';' if self.open.is_empty() => {
                    self.at += 1;
                    self.outside = Depth::default();
                    statement_start = true;
                }
                ';' => return Err(self.open.last().map_or_else(|| self.stray(c), unclosed)),
                ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{feff}' => {
                    self.at += c.len_utf8();
                    statement_start = at_start;
                }
                '#' => self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len()),
                '\'' | '"' => self.string(c)?,
                '0'..='9' => self.number(),
                '(' | '[' | '{' => {
                    self.at += 1;
                    self.depth().postfix();
                    self.open.push(Open {
                        bracket: c,
                        at: start,
                        depth: Depth::default(),
                    });
                    if self.open.len() >= MAX_DEPTH {
                        return Err(too_deep(self.span(start)));
                    }
                }
                ')' | ']' | '}' => self.close(c)?,
                '\\' => self.continuation()?,
                ',' => {
                    self.at += 1;
                    self.depth().comma();
                }
                '.' => {
                    self.at += 1;
                    // ".5" is a number and "..." an atom: neither deepens the tree.
                    match self.rest().as_bytes() {
                        [b'0'..=b'9', ..] => self.number(),
                        [b'.', b'.', ..] => self.at += 2,
                        _ => self.depth().postfix(),
                    }
                }
                c if c.is_alphabetic() || c == '_' => self.word(at_start)?,
                c => self.operator(c)?,
            }
            let place = self.span(start);
            self.depth().check(place)?;
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// The character at this place.
    fn here(&self, c: char) -> Span {
        Span::new(self.at, self.at + c.len_utf8())
    }

    /// The depth inside the innermost open bracket.
    fn depth(&mut self) -> &mut Depth {
        self.open
            .last_mut()
            .map_or(&mut self.outside, |open| &mut open.depth)
    }

    fn skip_while(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !matches(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Digits, letters and the sign of an exponent. A dot starts a number of its own.
    fn number(&mut self) {
        let run = self.skip_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let exponent = run
            .strip_suffix(['e', 'E'])
            .is_some_and(|mantissa| mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'_'));
        if exponent && let [b'+' | b'-', b'0'..=b'9', ..] = self.rest().as_bytes() {
            self.at += 1;
            self.skip_while(|c| c.is_ascii_digit() || c == '_');
        }
    }

    fn word(&mut self, at_start: bool) -> Result<(), ParseError> {
        let start = self.at;
        let word = self.skip_while(|c| c.is_alphanumeric() || c == '_');
        let quoted = self.rest().starts_with(['\'', '"']);
        if quoted && word.len() <= 2 && word.contains(['f', 'F', 't', 'T']) {
            let message = "formatted strings are not part of the language";
            return Err(
                ParseError::new(self.span(start), message).way_out("a plain string, written out")
            );
        }
        if let Some((construct, way_out)) = refused(word, at_start, !self.open.is_empty()) {
            let message = format!("{construct} is not part of the language");
            return Err(ParseError::new(self.span(start), message).way_out(way_out));
        }
        if OPERATORS.contains(&word) {
            self.depth().operator();
        }
        if word == "lambda" {
            self.depth().lambda();
        }
        Ok(())
    }

    fn string(&mut self, quote: char) -> Result<(), ParseError> {
        let start = self.at;
        let triple: String = [quote; 3].iter().collect();
        let long = self.rest().starts_with(&triple);
        self.at += if long { 3 } else { 1 };
        loop {
            let mut characters = self.rest().chars();
            match characters.next() {
                Some('\\') => {
                    let escaped = characters.next();
                    let crlf = escaped == Some('\r') && characters.next() == Some('\n');
                    self.at += 1 + escaped.map_or(0, char::len_utf8) + usize::from(crlf);
                }
                Some(c) if c == quote && (!long || self.rest().starts_with(&triple)) => {
                    self.at += if long { 3 } else { 1 };
                    return Ok(());
                }
                Some('\n' | '\r') | None if !long => break,
                Some(c) => self.at += c.len_utf8(),
                None => break,
            }
        }
        let end = if long { &triple } else { &triple[..1] };
        Err(
            ParseError::new(self.span(start), "this string is never closed")
                .way_out(format!("end it with {end}")),
        )
    }

    fn close(&mut self, c: char) -> Result<(), ParseError> {
        let Some(open) = self.open.pop() else {
            return Err(self.stray(c));
        };
        if c != partner(open.bracket) {
            let message = format!("\"{c}\" does not close \"{}\"", open.bracket);
            return Err(ParseError::new(self.here(c), message)
                .way_out(format!("\"{}\" here", partner(open.bracket))));
        }
        self.at += 1;
        self.depth().close(&open.depth);
        Ok(())
    }

    fn stray(&self, c: char) -> ParseError {
        ParseError::new(self.here(c), format!("\"{c}\" closes nothing")).way_out("leave it out")
    }

    fn continuation(&mut self) -> Result<(), ParseError> {
        let rest = self.rest();
        let length = ["\\\r\n", "\\\n", "\\\r"]
            .iter()
            .find(|end| rest.starts_with(**end));
        match length {
            Some(end) => self.at += end.len(),
            None => return Err(unknown_character(self.here('\\'), '\\')),
        }
        Ok(())
    }

    fn operator(&mut self, c: char) -> Result<(), ParseError> {
        let start = self.at;
        let rest = self.rest();
        for (pair, way_out) in [("&&", "&"), ("||", "|")] {
            if rest.starts_with(pair) {
                let message = format!("\"{pair}\" is not an operator");
                return Err(ParseError::new(Span::new(start, start + 2), message)
                    .note("it binds tighter than comparisons: (a > 0) & (b > 0)")
                    .way_out(way_out));
            }
        }
        if c == ':' && rest.starts_with(":=") {
            let message = "assigning inside an expression is not part of the language";
            return Err(ParseError::new(Span::new(start, start + 2), message)
                .way_out("a statement of its own before: name = value; ..."));
        }
        if c == ':' && self.open.is_empty() {
            let message = "\":\" outside brackets is not part of the language";
            return Err(ParseError::new(self.here(c), message)
                .note("there are no blocks and no annotations")
                .way_out("x[1:3] for a slice, name = value for a variable"));
        }
        let pair = PAIRS.iter().any(|pair| rest.starts_with(pair));
        if !pair && !"+-*/%@&|^~<>=:".contains(c) && !is_identifier_part(c) {
            return Err(unknown_character(self.here(c), c));
        }
        self.at += if pair { 2 } else { c.len_utf8() };
        self.depth().operator();
        Ok(())
    }
}

/// Combining marks and the like may continue a name; the parser knows where.
fn is_identifier_part(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !c.is_control()
}

fn partner(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn unclosed(open: &Open) -> ParseError {
    let message = format!("\"{}\" is never closed", open.bracket);
    ParseError::new(Span::new(open.at, open.at + 1), message)
        .way_out(format!("a \"{}\" where it ends", partner(open.bracket)))
}
