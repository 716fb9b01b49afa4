//! How do texts stand below each other?

/// Widest column that others wait for.
const WIDEST: usize = 40;

/// Rows of texts as lines, two spaces between columns; where a text is very long, the others of its
/// column do not wait for it.
pub fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let texts = rows.iter().filter_map(|row| row.get(column));
        let widths = texts.map(|text| text.chars().count());
        widths.filter(|&width| width <= WIDEST).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let texts = row.iter().zip(&widths);
        let texts = texts.map(|(text, &width)| format!("{text:<width$}"));
        texts
            .collect::<Vec<String>>()
            .join("  ")
            .trim_end()
            .to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn a_very_long_text_moves_no_other() {
        let row = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        let long = "x".repeat(41);
        let lines = aligned(&[row(["a", "b"]), row(["cde", ""]), row([&long, "f"])]);
        assert_eq!(lines, ["a    b", "cde", &format!("{long}  f")]);
    }
}
