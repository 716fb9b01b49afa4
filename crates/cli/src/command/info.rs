//! `tilewright info`: what is known of a stored array without reading its elements.

use super::print;
use crate::eval::Value;
use crate::failure::Failure;
use crate::output::size;

/// Columns of a line at most, where a value can be broken.
const WIDTH: usize = 100;

pub(super) fn info(uri: &str) -> Result<(), Failure> {
    let info = tilewright::info(uri).map_err(|error| Failure::computing(&error))?;
    let tuple = |lengths: &[i64]| {
        let items = lengths.iter().map(|&len| Value::Int(i128::from(len)));
        Value::Tuple(items.collect()).to_string()
    };
    let elements = info.shape.iter().map(|&len| len as f64).product::<f64>();
    let decoded = (elements * info.dtype.itemsize() as f64) as u64;
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
    lines.push(("size", format!("{}{stored}", size::show(decoded))));
    if info.format.starts_with("zarr") {
        lines.push(("fill", info.fill.to_string()));
    }
    let mut out = format!("{}\n", visible(uri));
    for (label, text) in &lines {
        out.push_str(&format!("  {label:<10}  {}\n", visible(text)));
    }
    for (k, (name, value)) in info.attributes.iter().enumerate() {
        let label = if k == 0 { "attributes" } else { "" };
        let text = visible(&format!("{name}: {value}"));
        let short: String = text.chars().take(WIDTH - 14).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        out.push_str(&format!("  {label:<10}  {short}{more}\n"));
    }
    print(&out)
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
