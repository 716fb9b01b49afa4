//! `tilewright info`: what is known of a stored array without reading its elements, or which arrays
//! a file or group holds.

use super::print;
use crate::eval::Value;
use crate::failure::Failure;
use crate::output::{chart, size, tree};
use tilewright::SourceInfo;

/// Columns of a line at most, where a value can be broken.
const WIDTH: usize = 100;

pub(super) fn info(uri: &str) -> Result<(), Failure> {
    let error = match tilewright::info(uri) {
        Ok(info) => return print(&page(uri, &info)),
        Err(error) => error,
    };
    let found = tilewright::list(uri).unwrap_or_default();
    if found.is_empty() {
        return Err(Failure::computing(&error));
    }
    print(&listing(uri, &found))
}

/// The arrays of a file or group, as a tree.
fn listing(uri: &str, found: &[String]) -> String {
    let (name, _) = uri.split_once('#').unwrap_or((uri, ""));
    let leaf = |below: &String| {
        let path = below.strip_prefix(name).unwrap_or(below);
        let path = path.trim_start_matches(['#', '/']).to_owned();
        let text = match tilewright::info(below) {
            Ok(info) => summary(&info),
            Err(error) => error.message().to_owned(),
        };
        (visible(&path), visible(&text))
    };
    let leaves: Vec<(String, String)> = found.iter().map(leaf).collect();
    let plural = if found.len() == 1 { "array" } else { "arrays" };
    let mut out = format!("{}  {} {plural}\n", visible(uri), found.len());
    out.push_str(&tree::text(&leaves));
    out
}

/// An array in a line.
fn summary(info: &SourceInfo) -> String {
    let lens = info.shape.iter().map(i64::to_string).collect::<Vec<_>>();
    let chunks = info.grid.chunks();
    let plural = if chunks == 1 { "chunk" } else { "chunks" };
    let decoded = size::show(decoded(info));
    let mut text = format!(
        "{}[{}]  {chunks} {plural}  {decoded}",
        info.dtype,
        lens.join(", ")
    );
    if !info.codecs.is_empty() {
        text.push_str(&format!("  {}", info.codecs.join(", ")));
    }
    text
}

/// Bytes of all elements.
fn decoded(info: &SourceInfo) -> u64 {
    let elements = info.shape.iter().map(|&len| len as f64).product::<f64>();
    (elements * info.dtype.itemsize() as f64) as u64
}

/// All that is known of an array.
fn page(uri: &str, info: &SourceInfo) -> String {
    let tuple = |lengths: &[i64]| {
        let items = lengths.iter().map(|&len| Value::Int(i128::from(len)));
        Value::Tuple(items.collect()).to_string()
    };
    let chunks = info.grid.chunks();
    let plural = if chunks == 1 { "chunk" } else { "chunks" };
    let mut lines = vec![
        ("format", info.format.to_owned()),
        ("shape", tuple(&info.shape)),
        ("dtype", info.dtype.name().to_owned()),
        (
            "chunks",
            format!("{}, {chunks} {plural}", tuple(&info.grid.longest())),
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
    let mut out = format!("{}\n", visible(uri));
    for (label, text) in &lines {
        out.push_str(&format!("  {label:<10}  {}\n", visible(text)));
    }
    let mut label = "attributes";
    info.attributes.for_each(|name, value| {
        let text = visible(&format!("{name}: {value}"));
        let short: String = text.chars().take(WIDTH - 14).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        out.push_str(&format!("  {label:<10}  {short}{more}\n"));
        label = "";
    });
    for (k, line) in chart::grid(&info.grid).iter().enumerate() {
        let label = if k == 0 { "grid" } else { "" };
        out.push_str(&format!("  {label:<10}  {line}\n"));
    }
    out
}

/// Text from a file, without control characters.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}
