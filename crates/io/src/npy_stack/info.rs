//! What does the directory say of its files?
//!
//! Absent: how a pickle is taken apart; the dtype, which the files say themselves.

use super::pickle::{self, Value};
use crate::npy;
use crate::source::MOST_AXES;
use tilewright_core::{AxisGrid, DType, Grid, Shape};

/// Longest file that is read, or written: of some hundred thousand files.
pub const LONGEST: u64 = 1 << 20;

/// What the files are.
#[derive(Debug, PartialEq)]
pub struct Info {
    /// The axis along which they lie.
    pub axis: usize,
    /// One chunk for each file that has elements.
    pub grid: Grid,
    /// The number of each chunk's file.
    pub files: Vec<usize>,
    /// How many files there are, those without elements among them.
    pub written: usize,
}

/// Reads the file.
///
/// # Errors
/// A sentence, if it is none.
pub fn parse(bytes: &[u8]) -> Result<Info, String> {
    let (value, numbers) = pickle::read(bytes)?;
    let Value::Named(names) = value else {
        return Err("it holds no dictionary".into());
    };
    let named = |name: &str| {
        let found = names.iter().find(|(key, _)| *key == name);
        found
            .map(|(_, value)| value)
            .ok_or(format!("it lacks {name:?}"))
    };
    let (Value::Int(axis), Value::Tuple(chunks)) = (named("axis")?, named("chunks")?) else {
        return Err("its axis is no number, or its chunks are no tuples".into());
    };
    if chunks.len() > MOST_AXES {
        return Err(format!(
            "it has {} axes, more than {MOST_AXES}",
            chunks.len()
        ));
    }
    let axis = usize::try_from(*axis)
        .ok()
        .filter(|&axis| axis < chunks.len());
    let axis = axis.ok_or("its axis is none of the array")?;
    let sizes = |chunks: &Value<'_>| match chunks {
        Value::Numbers(run) => Ok(numbers.of(*run)),
        _ => Err("its chunks are no tuples of lengths".to_owned()),
    };
    // All of it is checked before any of it is kept.
    let mut shape = Shape::new();
    for (k, chunks) in chunks.iter().enumerate() {
        if k != axis && sizes(chunks)?.count() != 1 {
            return Err(format!("axis {k} is cut too, and not {axis} alone"));
        }
        let len = sizes(chunks)?.try_fold(0u64, u64::checked_add);
        let len = len.and_then(|len| i64::try_from(len).ok());
        shape.push(len.ok_or("an axis is too long")?);
    }
    if tilewright_core::element_count(&shape).is_none() {
        return Err("the array is too large to count".into());
    }
    let grid = |chunks: &Value<'_>| {
        let sizes: Vec<i64> = sizes(chunks)?.map(|size| size as i64).collect();
        AxisGrid::from_sizes(&sizes).map_err(|error| error.message().to_owned())
    };
    let axes = chunks.iter().map(grid).collect::<Result<_, _>>()?;
    let files = sizes(&chunks[axis])?.enumerate();
    let full = files.clone().filter(|(_, size)| *size > 0);
    Ok(Info {
        axis,
        grid: Grid { axes },
        files: full.map(|(file, _)| file).collect(),
        written: files.count(),
    })
}

/// The file for these sizes along the first axis and these lengths of the others: protocol 2, which
/// every Python 3 reads.
pub fn write(dtype: DType, sizes: &[i64], others: &[i64]) -> Vec<u8> {
    let mut out = vec![0x80, 2, b'}', b'('];
    text(&mut out, "chunks");
    out.push(b'(');
    tuple(&mut out, sizes);
    others.iter().for_each(|&len| tuple(&mut out, &[len]));
    out.push(b't');
    text(&mut out, "dtype");
    out.extend(b"cnumpy\ndtype\n");
    let order = if dtype.itemsize() == 1 { '|' } else { '<' };
    text(&mut out, &format!("{order}{}", npy::code(dtype)));
    out.extend([0x85, b'R']);
    text(&mut out, "axis");
    out.extend([b'K', 0]);
    out.extend(b"u.");
    out
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'X');
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn tuple(out: &mut Vec<u8>, numbers: &[i64]) {
    out.push(b'(');
    for number in numbers {
        out.extend([0x8a, 8]);
        out.extend(number.to_le_bytes());
    }
    out.push(b't');
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let info = parse(&write(DType::F64, &[3, 3, 1 << 40], &[2, 0])).unwrap();
        assert_eq!(info.axis, 0);
        assert_eq!(info.grid.shape()[..], [(1 << 40) + 6, 2, 0]);
        assert_eq!(info.grid.axes[0].bounds(1), (3, 6));
        assert_eq!((&info.files[..], info.written), (&[0, 1, 2][..], 3));
    }

    #[test]
    fn as_many_files_as_there_may_be_are_read() {
        let sizes: Vec<i64> = (0..100_000).map(|k| 1 + k % 300).collect();
        let written = write(DType::F64, &sizes, &[2]);
        assert!(written.len() as u64 <= LONGEST);
        let info = parse(&written).unwrap();
        assert_eq!(info.files.len(), sizes.len());
        assert_eq!(info.grid.shape()[0], sizes.iter().sum::<i64>());
    }

    #[test]
    fn a_file_without_elements_keeps_its_number() {
        let info = parse(&write(DType::I8, &[2, 0, 2], &[3])).unwrap();
        assert_eq!(info.grid.shape()[..], [4, 3]);
        assert_eq!((&info.files[..], info.written), (&[0, 2][..], 3));
    }

    #[test]
    fn what_is_nested_without_end_is_no_danger() {
        for deep in [b"\x85".repeat(1 << 20), b"\x85\x94".repeat(1 << 19)] {
            let mut bytes = b"\x80\x02)".to_vec();
            bytes.extend(deep);
            bytes.push(b'.');
            parse(&bytes).unwrap_err();
        }
    }

    #[test]
    fn a_file_cut_short_or_changed_is_refused_or_read() {
        let good = write(DType::I16, &[3, 2], &[2]);
        for len in 0..good.len() {
            parse(&good[..len]).unwrap_err();
            for byte in 0..=255 {
                let mut bad = good.clone();
                bad[len] = byte;
                let _ = parse(&bad);
            }
        }
    }

    #[test]
    fn what_grows_without_end_is_stopped() {
        // A tuple of two of what was remembered last, again and again.
        let mut bytes = vec![b')', 0x94];
        for k in 0..100u8 {
            bytes.extend([b'h', k, b'h', k, 0x86, 0x94]);
        }
        assert!(parse(&bytes).unwrap_err().contains("too"));
    }
}
