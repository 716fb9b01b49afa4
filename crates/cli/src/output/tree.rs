//! How is a tree of names drawn?

/// A tree of paths, parts of which are joined by `/`, with a text behind each leaf; paths are
/// sorted, and one that ends in `/` is a branch, with leaves or without.
pub fn text(leaves: &[(String, String)]) -> String {
    let mut lines = Vec::new();
    branch(leaves, 0, "", &mut lines);
    let widths = lines.iter().map(|(drawn, _)| drawn.chars().count());
    let width = widths.max().unwrap_or(0);
    let mut out = String::new();
    for (drawn, text) in lines {
        let pad = width - drawn.chars().count();
        let line = format!("{drawn}{:pad$}  {text}", "");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The part of a path at a depth, and whether it is the last.
fn part(path: &str, depth: usize) -> (&str, bool) {
    let mut parts = path.split('/').skip(depth);
    (parts.next().unwrap_or(""), parts.next().is_none())
}

/// The leaves that share their first `depth` parts.
fn branch(
    leaves: &[(String, String)],
    depth: usize,
    indent: &str,
    lines: &mut Vec<(String, String)>,
) {
    let mut rest = leaves;
    while let Some(((path, text), _)) = rest.split_first() {
        let (name, is_leaf) = part(path, depth);
        if is_leaf && name.is_empty() {
            // The branch itself.
            rest = &rest[1..];
            continue;
        }
        let same = |(other, _): &&(String, String)| !is_leaf && part(other, depth) == (name, false);
        let count = rest.iter().take_while(same).count().max(1);
        let (here, after) = rest.split_at(count);
        let (mark, below) = if after.is_empty() {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        if is_leaf {
            lines.push((format!("{indent}{mark}{name}"), text.clone()));
        } else {
            lines.push((format!("{indent}{mark}{name}/"), String::new()));
            branch(here, depth + 1, &format!("{indent}{below}"), lines);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn groups_stand_above_what_they_hold() {
        let leaf = |path: &str| (path.to_owned(), format!("is {path}"));
        let branch = |path: &str| (path.to_owned(), String::new());
        let drawn = text(&[
            leaf("a"),
            branch("e/"),
            branch("g/"),
            leaf("g/b"),
            leaf("g/h/c"),
            leaf("z"),
        ]);
        let want = "\
├─ a        is a
├─ e/
├─ g/
│  ├─ b     is g/b
│  └─ h/
│     └─ c  is g/h/c
└─ z        is z
";
        assert_eq!(drawn, want);
    }
}
