//! How is a grid of chunks drawn?
//!
//! The last two axes, to scale, where they have few cuts. Absent: the axes before, which look the
//! same at each of their chunks.

use tilewright::Grid;

/// Most chunks drawn along an axis.
const MOST: i64 = 24;

/// Columns and rows of a drawing, without its frame.
const COLUMNS: f64 = 60.0;
const ROWS: f64 = 12.0;

/// The lines of a drawing; none where there is nothing to see.
pub fn grid(grid: &Grid) -> Vec<String> {
    let Some(down) = grid.axes.len().checked_sub(2) else {
        return Vec::new();
    };
    let across = down + 1;
    let (rows, columns) = (grid.axes[down].chunks(), grid.axes[across].chunks());
    if rows * columns < 2 || rows > MOST || columns > MOST {
        return Vec::new();
    }
    let lengths = |axis: usize| -> Vec<i64> {
        let axis = &grid.axes[axis];
        let bounds = (0..axis.chunks()).map(|k| axis.bounds(k));
        bounds.map(|(from, to)| to - from).collect()
    };
    let columns = cells(&lengths(across), COLUMNS, 2);
    let rows = cells(&lengths(down), ROWS, 1);
    let line = |left: char, fill: char, cross: char, right: char| {
        let parts: Vec<String> = columns
            .iter()
            .map(|&width| std::iter::repeat_n(fill, width).collect())
            .collect();
        format!("{left}{}{right}", parts.join(&cross.to_string()))
    };
    let mut lines = vec![line('┌', '─', '┬', '┐')];
    for (k, &height) in rows.iter().enumerate() {
        lines.extend(std::iter::repeat_n(line('│', ' ', '│', '│'), height));
        lines.push(if k + 1 == rows.len() {
            line('└', '─', '┴', '┘')
        } else {
            line('├', '─', '┼', '┤')
        });
    }
    lines
}

/// How large each chunk is drawn: in proportion, at least `least`.
fn cells(lengths: &[i64], room: f64, least: usize) -> Vec<usize> {
    let total: i64 = lengths.iter().sum();
    let longest = lengths.iter().copied().max().unwrap_or(1).max(1);
    // No cell is drawn larger than it needs to tell the lengths apart.
    let scale = (room / total.max(1) as f64).min(4.0 * least as f64 / longest as f64);
    let cell = |&len: &i64| ((len as f64 * scale).round() as usize).max(least);
    lengths.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::grid;
    use tilewright::Grid;

    #[test]
    fn a_short_last_chunk_is_drawn_shorter() {
        let lines = grid(&Grid::regular(&[20, 25], &[10, 10]));
        assert_eq!(lines[0], "┌────────┬────────┬────┐");
        assert_eq!(lines.len(), 1 + 2 * 5);
        assert!(grid(&Grid::regular(&[20], &[10])).is_empty());
        assert!(grid(&Grid::regular(&[20, 20], &[20, 20])).is_empty());
        assert!(grid(&Grid::regular(&[20, 2000], &[20, 1])).is_empty());
    }
}
