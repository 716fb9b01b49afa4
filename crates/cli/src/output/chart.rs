//! How is a grid of chunks drawn?
//!
//! The last two axes, or the only one, to scale; where an axis has many chunks its first ones and its
//! last. Absent: the axes before, which look the same at each of their chunks.

use tilewright::Grid;

/// Most chunks drawn along an axis: across and down.
const ACROSS: i64 = 12;
const DOWN: i64 = 8;

/// Of more, so many of the first are drawn, a gap, and the last one.
const FIRST: [i64; 2] = [4, 3];

/// Columns and rows of a drawing, without its frame.
const COLUMNS: f64 = 50.0;
const ROWS: f64 = 12.0;

/// A chunk of this length, or a gap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Chunk(i64),
    Gap,
}

/// The lines of a drawing; none where there is nothing to see.
pub fn grid(grid: &Grid) -> Vec<String> {
    let Some(across) = grid.axes.len().checked_sub(1) else {
        return Vec::new();
    };
    let columns = cells(grid, across, ACROSS, FIRST[0]);
    let (rows, heights) = match across.checked_sub(1) {
        None => (vec![Cell::Chunk(1)], vec![1]),
        Some(down) => {
            let rows = cells(grid, down, DOWN, FIRST[1]);
            let heights = sizes(&rows, ROWS, 1);
            (rows, heights)
        }
    };
    if rows.len() * columns.len() < 2 {
        return Vec::new();
    }
    let widths = sizes(&columns, COLUMNS, 2);
    let frame = |left: char, cross: char, right: char| {
        let parts = columns.iter().zip(&widths).map(|(cell, &width)| {
            let fill = if *cell == Cell::Gap { ' ' } else { '─' };
            std::iter::repeat_n(fill, width).collect::<String>()
        });
        let parts: Vec<String> = parts.collect();
        format!("{left}{}{right}", parts.join(&cross.to_string()))
    };
    let within = |row: Cell| {
        let parts = columns.iter().zip(&widths).map(|(cell, &width)| {
            let sign = match (row, cell) {
                (Cell::Gap, _) => '⋮',
                (_, Cell::Gap) => '⋯',
                _ => ' ',
            };
            format!("{sign:^width$}")
        });
        let parts: Vec<String> = parts.collect();
        match row {
            Cell::Gap => format!(" {} ", parts.join(" ")),
            Cell::Chunk(_) => format!("│{}│", parts.join("│")),
        }
    };
    let mut lines = vec![frame('┌', '┬', '┐')];
    for (k, (&row, &height)) in rows.iter().zip(&heights).enumerate() {
        lines.extend(std::iter::repeat_n(within(row), height));
        lines.push(match k + 1 == rows.len() {
            true => frame('└', '┴', '┘'),
            false => frame('├', '┼', '┤'),
        });
    }
    lines
}

/// The chunks of an axis that are drawn.
fn cells(grid: &Grid, axis: usize, most: i64, first: i64) -> Vec<Cell> {
    let axis = &grid.axes[axis];
    let count = axis.chunks();
    let cell = |k: i64| {
        let (from, to) = axis.bounds(k);
        Cell::Chunk(to - from)
    };
    if count <= most {
        return (0..count).map(cell).collect();
    }
    let mut cells: Vec<Cell> = (0..first).map(cell).collect();
    cells.extend([Cell::Gap, cell(count - 1)]);
    cells
}

/// How large each chunk is drawn: in proportion, at least `least`.
fn sizes(cells: &[Cell], room: f64, least: usize) -> Vec<usize> {
    let len = |cell: &Cell| match cell {
        Cell::Chunk(len) => *len,
        Cell::Gap => 0,
    };
    let total: i64 = cells.iter().map(len).sum();
    let longest = cells.iter().map(len).max().unwrap_or(1).max(1);
    // No cell is drawn larger than it needs to tell the lengths apart.
    let scale = (room / total.max(1) as f64).min(4.0 * least as f64 / longest as f64);
    let size = |cell: &Cell| match cell {
        Cell::Chunk(len) => ((*len as f64 * scale).round() as usize).max(least),
        Cell::Gap => 2 * least - 1,
    };
    cells.iter().map(size).collect()
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
        assert!(grid(&Grid::regular(&[20, 20], &[20, 20])).is_empty());
        assert!(grid(&Grid::regular(&[], &[])).is_empty());
        assert!(grid(&Grid::regular(&[0, 5], &[1, 5])).len() < 4);
    }

    #[test]
    fn of_many_chunks_the_first_and_the_last_are_drawn() {
        let lines = grid(&Grid::regular(&[5], &[2]));
        assert_eq!(lines[0], "┌────────┬────────┬────┐");
        let lines = grid(&Grid::regular(&[1_000_000, 950], &[1, 10]));
        let want = "\
┌────────┬────────┬────────┬────────┬   ┬────────┐
│        │        │        │        │ ⋯ │        │";
        assert_eq!(lines[..2].join("\n"), want);
        assert!(lines.iter().any(|line| line.contains('⋮')));
        for shape in [[1 << 40, 1 << 40], [7, 12], [3, 13]] {
            let lines = grid(&Grid::regular(&shape, &[1, 1]));
            let longest = lines.iter().map(|line| line.chars().count()).max();
            assert!(longest < Some(66) && lines.len() < 26, "{shape:?}");
        }
    }
}
