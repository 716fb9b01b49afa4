//! How does an explanation look as a page?
//!
//! One file that loads nothing: the picture, then every section as text. Absent: scripts.

use super::{Explanation, Section, svg};
use std::fmt::Write;
use tilewright_core::Result;

const STYLE: &str = "body { font: 15px/1.5 sans-serif; margin: 2em; }
pre { font: 13px/1.4 monospace; background: #f6f6f6; padding: 1em; overflow-x: auto; }
figure { margin: 0; overflow-x: auto; }";

// Writing to a String cannot fail, so results of `write!` are dropped.

/// The sections as one page.
///
/// # Errors
/// Those of [`svg::svg`].
pub(super) fn html(of: &Explanation, sections: &[Section]) -> Result<String> {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>Tilewright: explanation</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n"
    );
    let drawn = |section: &&Section| !matches!(section, Section::Kernels | Section::Clif);
    for section in sections {
        let title = section.title();
        let _ = write!(page, "<section>\n<h2>{title}</h2>\n");
        if drawn(&section) {
            let picture = svg::svg(of, &[*section])?;
            let _ = writeln!(page, "<figure>\n{picture}\n</figure>");
        }
        let text = svg::escape(&of.text(&[*section]));
        let _ = write!(page, "<pre>{text}</pre>\n</section>\n");
    }
    page.push_str("</body>\n</html>\n");
    Ok(page)
}
