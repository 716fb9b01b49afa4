//! How does an expression read?
//!
//! | file | question |
//! |---|---|
//! | [`mod@line`] | … on one line, in a message? |
//! | [`mod@tree`] | … as a tree, one row per node, for `explain`? |
//! | [`mod@table`] | how do rows become text of at most 100 columns? |
//! | `graph` | which nodes does a tree show? |
//! | `name` | how is a node named with its attributes? |
//!
//! Text is stable: no addresses, no process-dependent numbers. Absent: rewrites, plans, kernels.

mod graph;
pub mod line;
mod name;
pub mod table;
pub mod tree;

pub use line::one_line;
pub use table::table;
pub use tree::{Row, tree};

/// The text, shortened to `width` characters by cutting out its middle.
fn shorten(text: &str, width: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= width {
        return text.to_owned();
    }
    let tail = width.saturating_sub(1) / 3;
    let head = width.saturating_sub(1) - tail;
    let ends = [&chars[..head], &chars[chars.len() - tail..]];
    ends.map(|end| end.iter().collect::<String>()).join("…")
}
