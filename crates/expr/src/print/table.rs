//! How do rows become text of at most 100 columns?

use super::shorten;
use super::tree::Row;
use tilewright_core::error::show_shape;

/// Columns of a line at most.
const WIDTH: usize = 100;

/// Blank columns between two cells.
const GAP: usize = 2;

/// Widths that the columns what, type, chunks, bytes and note get if all are long.
const LIMITS: [usize; 5] = [WIDTH, 24, 14, 8, 30];

/// Aligned lines, one per row: what, type, chunks, bytes, note.
pub fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 5]> = rows.iter().map(cells).collect();
    let mut widths = [0; 5];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for (width, limit) in widths.iter_mut().zip(LIMITS) {
        *width = limit.min(*width);
    }
    // The first column takes what the others leave.
    let others: usize = widths[1..].iter().map(|w| w + GAP).sum();
    widths[0] = widths[0].min(WIDTH - others);
    let mut out = String::new();
    for row in &cells {
        let mut line = String::new();
        for (k, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let cell = shorten(cell, width);
            // Chunks and bytes are numbers and align right.
            let padded = if k == 2 || k == 3 {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            };
            line.push_str(&padded);
            line.push_str(&" ".repeat(GAP));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn cells(row: &Row) -> [String; 5] {
    let chunks = match row.chunks {
        0 => String::new(),
        1 => "1 chunk".to_owned(),
        n if n < 100_000 => format!("{n} chunks"),
        n => format!("{:.1e} chunks", n as f64),
    };
    let bytes = if row.chunks == 0 {
        String::new()
    } else {
        bytes(row.bytes)
    };
    let ty = format!("{}{}", row.dtype, show_shape(&row.shape));
    [
        format!("{}{}", row.prefix, row.what),
        ty,
        chunks,
        bytes,
        row.note.clone(),
    ]
}

/// A size in decimal units: `800 B`, `8.0 MB`.
pub fn bytes(count: i64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let (mut size, mut unit) = (count as f64 / 1e3, "kB");
    for next in ["MB", "GB", "TB", "PB", "EB"] {
        // 999.95 would print as 1000.0.
        if size < 999.95 {
            break;
        }
        (size, unit) = (size / 1e3, next);
    }
    format!("{size:.1} {unit}")
}
