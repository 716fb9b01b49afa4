//! Does any text of an expression crash the parser, or print as another program?
//!
//! A program that parses is printed, and the print must parse as the same program. An error must
//! lie within the text and be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tilewright_cli::parse;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse::program(text) {
        Ok(program) => {
            let printed = parse::print(&program);
            match parse::program(&printed) {
                Ok(again) => assert!(program == again, "{text:?} prints as {printed:?}"),
                // Parentheses the print needs may take a program near a limit over it.
                Err(_) if printed.len() > parse::MAX_TEXT || is_deep(text) => {}
                Err(error) => panic!("{text:?} prints as {printed:?}, refused: {error}"),
            }
        }
        Err(error) => {
            let rendered = parse::render(text, &error);
            assert!(rendered.contains(&error.message));
        }
    }
});

/// Whether the text has so many brackets and operators that its tree may be near the limit.
fn is_deep(text: &str) -> bool {
    let signs = text.bytes().filter(u8::is_ascii_punctuation).count();
    signs * 4 > parse::MAX_DEPTH
}
