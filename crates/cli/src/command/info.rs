//! `tilewright info`: what is known of a stored array without reading its elements, or which arrays
//! a file, a group, a directory or a pattern holds.

use super::print;
use crate::eval::{self, Value};
use crate::failure::Failure;
use crate::output::{chart, columns, size, tree};
use serde_json::Value as Json;
use std::path::Path;
use tilewright::visible as harmless;
use tilewright::{Attributes, Grid, Listing, SourceInfo, uri};

/// Columns of a line at most, where a value can be broken.
const WIDTH: usize = 80;

/// Columns of labels, with what stands around them.
const LABELS: usize = 14;

/// Most lines of an attribute that has rows.
const ROWS: usize = 8;

/// How a directory is named that is a Zarr group.
const STORE: &str = ".zarr";

pub(super) fn info(uri: &str) -> Result<(), Failure> {
    let found = eval::matching(uri).map_err(|error| Failure::computing(&error))?;
    match found.as_deref() {
        None => one(uri),
        Some([only]) => one(only),
        Some(several) => {
            let several = several.iter().map(|uri| (uri.clone(), uri.clone()));
            print(&files(uri, several))
        }
    }
}

fn one(uri: &str) -> Result<(), Failure> {
    let error = match tilewright::info(uri) {
        Ok(info) => return print(&page(uri, &info)),
        Err(error) => error,
    };
    let path = Path::new(uri);
    let listing = tilewright::listing(uri).unwrap_or_default();
    let is_group = listing.groups.iter().any(|group| group.path.is_empty());
    if path.is_dir() && !is_group && !uri.trim_end_matches('/').ends_with(STORE) {
        return print(&files(uri, entries(path)));
    }
    match listing.arrays.is_empty() && listing.groups.is_empty() {
        true => Err(Failure::computing(&error)),
        false => print(&tree_of(uri, &listing)),
    }
}

/// The arrays of a file or group, as a tree, below what is stored beside it.
fn tree_of(uri: &str, listing: &Listing) -> String {
    let mut rows: Vec<(String, Row)> = Vec::new();
    for group in &listing.groups {
        if !group.path.is_empty() {
            rows.push((format!("{}/", group.path), Row::Nothing));
        }
    }
    for array in &listing.arrays {
        let row = match array.info() {
            Ok(info) => Row::Array(summary(&info)),
            Err(error) => Row::Text(error.message().to_owned()),
        };
        rows.push((array.path.clone(), row));
    }
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut out = format!("{}  {}", title(uri), count(listing));
    out.push('\n');
    let itself = listing.groups.iter().find(|group| group.path.is_empty());
    if let Some(group) = itself {
        out.push_str(&attributes(&group.attributes));
    }
    out.push_str(&drawn(rows));
    out
}

/// What a directory or a pattern holds, file by file: names and URIs.
fn files(uri: &str, entries: impl IntoIterator<Item = (String, String)>) -> String {
    let (mut rows, mut others) = (Vec::new(), 0);
    for (name, uri) in entries {
        let row = match tilewright::info(&uri) {
            Ok(info) => Row::Array(summary(&info)),
            Err(_) if Path::new(&uri).is_dir() && !name.ends_with(STORE) => Row::Nothing,
            Err(_) => match tilewright::listing(&uri) {
                Ok(listing) => Row::Text(count(&listing)),
                Err(_) => {
                    others += 1;
                    continue;
                }
            },
        };
        // Names are not drawn as a tree: a pattern may name files of several directories.
        let is_branch = matches!(row, Row::Nothing);
        rows.push((if is_branch { format!("{name}/") } else { name }, row));
    }
    let mut out = format!("{}  {}", title(uri), plural(rows.len(), "file"));
    match others {
        0 => {}
        n => out.push_str(&format!(", and {n} that are not read")),
    }
    out.push('\n');
    let names: Vec<String> = rows
        .iter()
        .map(|(name, _)| harmless(name).replace('\n', " "))
        .collect();
    let texts = texts(rows.into_iter().map(|(_, row)| row).collect());
    let rows = names.into_iter().zip(texts);
    let rows: Vec<Vec<String>> = rows.map(|(name, text)| vec![name, text]).collect();
    for line in columns::aligned(&rows) {
        out.push_str(&format!("  {line}\n"));
    }
    out
}

/// What stands in a directory, by name, but for what is hidden.
fn entries(path: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    let named = |name: String| {
        let uri = path.join(&name).to_string_lossy().into_owned();
        (name, uri)
    };
    names.into_iter().map(named).collect()
}

/// What stands behind a name.
enum Row {
    Nothing,
    Text(String),
    Array(Vec<String>),
}

/// Rows as a tree of their paths.
fn drawn(rows: Vec<(String, Row)>) -> String {
    let (paths, rows): (Vec<String>, Vec<Row>) = rows.into_iter().unzip();
    let paths = paths.into_iter().map(|path| visible(&path));
    let leaves: Vec<(String, String)> = paths.zip(texts(rows)).collect();
    tree::text(&leaves)
}

/// Rows as lines, those of arrays aligned.
fn texts(rows: Vec<Row>) -> Vec<String> {
    let arrays = rows.iter().filter_map(|row| match row {
        Row::Array(parts) => Some(parts.clone()),
        _ => None,
    });
    let mut aligned = columns::aligned(&arrays.collect::<Vec<_>>()).into_iter();
    let text = |row: Row| match row {
        Row::Nothing => String::new(),
        Row::Text(text) => visible(&text),
        Row::Array(_) => aligned.next().unwrap_or_default(),
    };
    rows.into_iter().map(text).collect()
}

/// `5 arrays`, `at least 5 arrays`.
fn count(listing: &Listing) -> String {
    let least = if listing.is_cut { "at least " } else { "" };
    format!("{least}{}", plural(listing.arrays.len(), "array"))
}

fn plural(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// An array in a few words.
fn summary(info: &SourceInfo) -> Vec<String> {
    let lens = info.shape.iter().map(i64::to_string).collect::<Vec<_>>();
    vec![
        format!("{}[{}]", info.dtype, lens.join(", ")),
        chunks(&info.grid),
        size::show(decoded(info)),
        visible(&info.codecs.join(", ")),
    ]
}

/// `1 chunk`, `24 chunks`.
fn chunks(grid: &Grid) -> String {
    let chunks = grid.chunks();
    format!("{chunks} {}", if chunks == 1 { "chunk" } else { "chunks" })
}

/// Bytes of all elements.
fn decoded(info: &SourceInfo) -> u64 {
    bytes(info, &info.shape)
}

/// Bytes of so many elements.
fn bytes(info: &SourceInfo, lens: &[i64]) -> u64 {
    let elements = lens.iter().map(|&len| len as f64).product::<f64>();
    (elements * info.dtype.itemsize() as f64) as u64
}

/// All that is known of an array.
fn page(uri: &str, info: &SourceInfo) -> String {
    let tuple = |lengths: &[i64]| {
        let items = lengths.iter().map(|&len| Value::Int(i128::from(len)));
        Value::Tuple(items.collect()).to_string()
    };
    let longest = info.grid.longest();
    let each = match info.grid.chunks() {
        1 => String::new(),
        _ => format!(", {} each", size::show(bytes(info, &longest))),
    };
    let mut lines = vec![
        ("format", info.format.to_owned()),
        ("shape", tuple(&info.shape)),
        ("dtype", info.dtype.name().to_owned()),
        (
            "chunks",
            format!("{}, {}{each}", tuple(&longest), chunks(&info.grid)),
        ),
    ];
    if let Some(scale) = info.scale {
        let text = format!("x * {} + {}, as float64", scale.factor, scale.offset);
        lines.insert(3, ("stands for", text));
    }
    if let Some(names) = &info.dimension_names {
        let names = names
            .iter()
            .map(|name| name.clone().unwrap_or_else(|| "-".to_owned()));
        lines.push(("axes", names.collect::<Vec<_>>().join(", ")));
    }
    if !info.codecs.is_empty() {
        lines.push(("codecs", info.codecs.join(", ")));
    }
    let stored = info.stored_bytes.map_or(String::new(), |stored| {
        format!(", {} stored", size::show(stored))
    });
    lines.push(("size", format!("{}{stored}", size::show(decoded(info)))));
    if info.format.starts_with("zarr") || info.format == "hdf5" {
        lines.push(("fill", info.fill.to_string()));
    }
    let mut out = format!("{}\n", title(uri));
    for (label, text) in &lines {
        out.push_str(&format!("  {label:<10}  {}\n", visible(text)));
    }
    out.push_str(&attributes(&info.attributes));
    for (k, line) in grid(&info.grid).iter().enumerate() {
        let label = if k == 0 { "grid" } else { "" };
        out.push_str(format!("  {label:<10}  {line}").trim_end());
        out.push('\n');
    }
    out
}

/// The grid as it is drawn, and how often that stands there.
fn grid(grid: &Grid) -> Vec<String> {
    let mut lines = chart::grid(grid);
    let before = grid.axes.len().saturating_sub(2);
    let counts = grid.axes[..before].iter().map(|axis| axis.chunks());
    let counts: Vec<i64> = counts.collect();
    if !lines.is_empty() && counts.iter().any(|&count| count != 1) {
        let counts: Vec<String> = counts.iter().map(i64::to_string).collect();
        lines.push(format!(
            "{} of these along the axes before",
            counts.join(" × ")
        ));
    }
    lines
}

/// What the user stored, a line each; of a matrix its rows.
fn attributes(attributes: &Attributes) -> String {
    let (mut out, mut label) = (String::new(), "attributes");
    let mut line = |text: &str| {
        let mut text: String = visible(text);
        if text.chars().count() > WIDTH - LABELS {
            text = text.chars().take(WIDTH - LABELS - 1).collect();
            text.push('…');
        }
        out.push_str(&format!("  {label:<10}  {text}\n"));
        label = "";
    };
    attributes.for_each(|name, value| match rows(&value) {
        None => line(&format!("{name}: {value}")),
        Some(rows) => {
            let indent = name.chars().count() + 2;
            for (k, row) in rows.iter().enumerate() {
                match k {
                    0 => line(&format!("{name}: {row}")),
                    _ => line(&format!("{:indent$}{row}", "")),
                }
            }
        }
    });
    out
}

/// The rows of a matrix of numbers, aligned; `None` if it is none, or too long.
fn rows(value: &Json) -> Option<Vec<String>> {
    let rows = value
        .as_array()
        .filter(|rows| (2..=ROWS).contains(&rows.len()))?;
    let row = |row: &Json| {
        let numbers = row.as_array()?.iter();
        let numbers = numbers.map(|number| number.is_number().then(|| number.to_string()));
        numbers.collect::<Option<Vec<String>>>()
    };
    let rows = rows.iter().map(row).collect::<Option<Vec<Vec<String>>>>()?;
    let is_even = rows.iter().all(|row| row.len() == rows[0].len());
    is_even.then(|| columns::aligned(&rows))
}

/// The URI as it is told.
fn title(text: &str) -> String {
    visible(&uri::shown(text))
}

/// Text from a file, in one line and without control characters.
fn visible(text: &str) -> String {
    harmless(text).replace(['\n', '\t'], "\u{fffd}")
}
