//! Which bytes of a file are read for a box of elements?
//!
//! Those of the box, in as few pieces as it takes; what lies close together is read in one, with
//! what is between. Absent: how elements are packed, since only bare ones can be read in part.

use crate::file::Input;
use crate::runs::{self, Axis};
use tilewright_core::{Result, element_count};

/// A box in a file.
pub struct FileBox<'a> {
    /// The file.
    pub input: &'a Input,
    /// Bytes of an element.
    pub itemsize: usize,
    /// The box's length along each axis.
    pub lens: &'a [i64],
    /// Distance of neighbours in the file, in bytes.
    pub strides: &'a [usize],
}

impl FileBox<'_> {
    /// Reads the box whose first element stands at byte `at` into memory in C order; gives how many
    /// bytes were read.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if the file ends before, or cannot be read.
    pub fn read(&self, at: u64, into: &mut [u8]) -> Result<usize> {
        if element_count(self.lens) == Some(0) {
            return Ok(0);
        }
        let own = runs::strides(self.lens, self.itemsize, false);
        let axes = runs::axes(self.lens, self.strides, &own);
        self.level(&axes, at, into, &mut Vec::new())
    }

    /// Reads the box of these axes, those of the file and of memory, to the start of `into`; pieces
    /// that do not go there at once pass through `piece`.
    fn level(&self, axes: &[Axis], at: u64, into: &mut [u8], piece: &mut Vec<u8>) -> Result<usize> {
        let bytes = axes.iter().fold(self.itemsize, |n, axis| n * axis.0);
        if self.is_one_run(axes) {
            self.input.read_at(&mut into[..bytes], at)?;
            return Ok(bytes);
        }
        let Some((&(len, file, memory), inner)) = axes.split_first() else {
            return Ok(0);
        };
        let (row, reach) = (self.span(inner), self.input.reach());
        let joined = match file.saturating_sub(row) {
            gap if gap <= reach.gap && row <= reach.piece => {
                ((reach.piece - row) / file + 1).min(len)
            }
            _ => 1,
        };
        let mut lens: Vec<i64> = axes.iter().map(|axis| axis.0 as i64).collect();
        let from: Vec<usize> = axes.iter().map(|axis| axis.1).collect();
        let to: Vec<usize> = axes.iter().map(|axis| axis.2).collect();
        let mut read = 0;
        for first in (0..len).step_by(joined) {
            let count = joined.min(len - first);
            let (at, into) = (at + (first * file) as u64, &mut into[first * memory..]);
            if count == 1 {
                read += self.level(inner, at, into, piece)?;
                continue;
            }
            piece.resize((count - 1) * file + row, 0);
            self.input.read_at(piece, at)?;
            lens[0] = count as i64;
            runs::copy_box(&lens, self.itemsize, piece, &from, into, &to)?;
            read += piece.len();
        }
        Ok(read)
    }

    /// Whether the box of these axes is one run of bytes, in the file and in memory.
    fn is_one_run(&self, axes: &[Axis]) -> bool {
        let mut run = self.itemsize;
        axes.iter().rev().all(|&(len, file, memory)| {
            let fits = file == run && memory == run;
            run *= len;
            fits
        })
    }

    /// Bytes from the first to the last element of these axes.
    fn span(&self, axes: &[Axis]) -> usize {
        axes.iter().fold(self.itemsize, |n, &(len, file, _)| {
            n.saturating_add((len - 1).saturating_mul(file))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_element_of_every_box_arrives_and_little_else_is_read() {
        let shape = [7, 50, 300];
        let elements: Vec<u8> = (0..7 * 50 * 300u32).flat_map(u32::to_le_bytes).collect();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        std::fs::write(&path, &elements).unwrap();
        let input = Input::open("x", &path).unwrap().unwrap();
        for fortran in [false, true] {
            let strides = runs::strides(&shape, 4, fortran);
            for (start, lens, most) in [
                ([0, 0, 0], [7, 50, 300], 7 * 50 * 300 * 4),
                ([3, 0, 0], [1, 50, 300], 105_000 * 4),
                ([3, 20, 100], [1, 1, 1], 4),
                ([0, 49, 0], [7, 1, 300], 105_000 * 4),
                ([2, 10, 17], [3, 30, 2], 105_000 * 4),
                ([0, 0, 299], [7, 50, 1], 105_000 * 4),
                ([1, 1, 1], [0, 3, 3], 0),
            ] {
                let bytes = lens.iter().product::<i64>() as usize * 4;
                let mut into = vec![0xff; bytes];
                let asked = FileBox {
                    input: &input,
                    itemsize: 4,
                    lens: &lens,
                    strides: &strides,
                };
                let at = runs::offset(&start, &strides);
                let read = asked.read(at as u64, &mut into).unwrap();
                assert!((bytes..=most).contains(&read), "{lens:?} {fortran}: {read}");
                let mut want = vec![0; bytes];
                let own = runs::strides(&lens, 4, false);
                runs::copy_box(&lens, 4, &elements[at..], &strides, &mut want, &own).unwrap();
                assert!(into == want, "{start:?} {lens:?} {fortran}");
            }
        }
        // A row of many that lie far apart is read alone; of rows that touch, all at once.
        let far = FileBox {
            input: &input,
            itemsize: 4,
            lens: &[7, 1, 300],
            strides: &[60_000, 1200, 4],
        };
        assert_eq!(far.read(0, &mut [0; 7 * 1200]).unwrap(), 7 * 1200);
    }
}
