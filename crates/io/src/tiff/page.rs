//! How are the samples of a page laid out and packed?

use super::directory::{Entry, Tags};
use crate::codec::{Rows, Step};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Error, Result, Shape};

/// What the tags of a page say, but for where its pieces are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows and columns.
    pub lens: [i64; 2],
    /// Samples of a pixel.
    pub samples: i64,
    /// Whether the samples of a pixel stand in planes of their own.
    pub planes: bool,
    /// Element type.
    pub dtype: DType,
    /// Rows and columns of a strip or tile.
    pub piece: [i64; 2],
    /// Whether pieces are tiles, which are padded, or strips, the last of which is not.
    pub tiled: bool,
    compression: u64,
    predictor: u64,
}

/// The tags that are looked at.
const WIDTH: u16 = 256;
const LENGTH: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const FILL_ORDER: u16 = 266;
pub const DESCRIPTION: u16 = 270;
const STRIPS: u16 = 273;
const SAMPLES: u16 = 277;
const ROWS: u16 = 278;
const STRIP_BYTES: u16 = 279;
const PLANAR: u16 = 284;
const PREDICTOR: u16 = 317;
const TILE_WIDTH: u16 = 322;
const TILE_LENGTH: u16 = 323;
const TILES: u16 = 324;
const TILE_BYTES: u16 = 325;
const FORMAT: u16 = 339;
const SUBFILE: u16 = 254;

/// The values of a tag; none if the page lacks it.
pub fn numbers(tags: &Tags<'_>, page: &[Entry], tag: u16) -> Result<Vec<u64>> {
    let found = page.iter().find(|entry| entry.tag == tag);
    found.map_or(Ok(Vec::new()), |entry| tags.numbers(entry))
}

/// Whether a page is a smaller copy of another, or a mask of one.
pub fn is_reduced(tags: &Tags<'_>, page: &[Entry]) -> Result<bool> {
    Ok(numbers(tags, page, SUBFILE)?
        .first()
        .is_some_and(|kind| kind & 5 != 0))
}

impl Page {
    /// Reads the tags of a page.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if a tag is missing or what it says is not read.
    pub fn of(tags: &Tags<'_>, page: &[Entry]) -> Result<Page> {
        let one = |tag: u16, usual: u64| -> Result<u64> {
            Ok(numbers(tags, page, tag)?.first().copied().unwrap_or(usual))
        };
        let length = |tag: u16, usual: u64| -> Result<i64> {
            let len = one(tag, usual)?;
            let fits = (1..=u64::from(u32::MAX)).contains(&len);
            if fits {
                Ok(len as i64)
            } else {
                Err(tags.damaged(&format!("tag {tag} is {len}")))
            }
        };
        let unsupported = |message: String| -> Error {
            tags.input.fault(message).way_out(
                "write it again with samples of 1 or 8 to 64 bits, packed by deflate or not",
            )
        };
        let lens = [length(LENGTH, 0)?, length(WIDTH, 0)?];
        let samples = length(SAMPLES, 1)?;
        let (bits, formats) = (numbers(tags, page, BITS)?, numbers(tags, page, FORMAT)?);
        let same = |values: &[u64]| values.windows(2).all(|pair| pair[0] == pair[1]);
        if !same(&bits) || !same(&formats) {
            return Err(unsupported(
                "the samples of a pixel are of several types".into(),
            ));
        }
        let (bits, format) = (
            bits.first().copied().unwrap_or(1),
            formats.first().copied().unwrap_or(1),
        );
        let class = match format {
            2 => Class::Signed,
            3 => Class::Float,
            1 | 4 => Class::Unsigned,
            _ => {
                return Err(unsupported(format!(
                    "samples of format {format} are not read"
                )));
            }
        };
        let dtype = match (class, bits) {
            (Class::Unsigned, 1) => Some(DType::Bool),
            _ => DType::ALL
                .into_iter()
                .find(|dtype| dtype.class() == class && 8 * dtype.itemsize() as u64 == bits),
        };
        let dtype =
            dtype.ok_or_else(|| unsupported(format!("samples of {bits} bits are not read")))?;
        let planes = one(PLANAR, 1)? == 2 && samples > 1;
        if dtype == DType::Bool && samples > 1 && !planes {
            // Writers differ in whether the bits of a pixel stand together.
            return Err(unsupported(
                "several samples of 1 bit stand in a pixel".into(),
            ));
        }
        if one(FILL_ORDER, 1)? != 1 {
            return Err(unsupported(
                "bits stand in reverse order within bytes".into(),
            ));
        }
        let tiled = !numbers(tags, page, TILE_WIDTH)?.is_empty();
        let piece = if tiled {
            [length(TILE_LENGTH, 0)?, length(TILE_WIDTH, 0)?]
        } else {
            // No number, or a large one, stands for all rows.
            let rows = one(ROWS, u64::from(u32::MAX))?.clamp(1, lens[0] as u64);
            [rows as i64, lens[1]]
        };
        let made = Page {
            lens,
            samples,
            planes,
            dtype,
            piece,
            tiled,
            compression: one(COMPRESSION, 1)?,
            predictor: one(PREDICTOR, 1)?,
        };
        made.steps(false).map_err(unsupported)?;
        Ok(made)
    }

    /// The shape of a page: planes, rows, columns, samples, as far as there are several.
    pub fn shape(&self) -> Shape {
        self.of_lens(self.lens, if self.planes { self.samples } else { 1 })
    }

    /// The shape of a piece of so many rows and columns.
    pub fn of_lens(&self, [rows, columns]: [i64; 2], planes: i64) -> Shape {
        let mut shape = Shape::new();
        if self.planes {
            shape.push(planes);
        }
        shape.extend([rows, columns]);
        if self.samples > 1 && !self.planes {
            shape.push(self.samples);
        }
        shape
    }

    /// By which steps a piece is packed.
    ///
    /// # Errors
    /// A sentence, if one is not read.
    pub fn steps(&self, big_endian: bool) -> std::result::Result<Vec<Step>, String> {
        let samples = if self.planes {
            1
        } else {
            self.samples as usize
        };
        let size = self.dtype.itemsize();
        let rows = Rows {
            row: (self.piece[1] as usize)
                .saturating_mul(samples)
                .saturating_mul(size),
            size,
            samples,
            big_endian,
        };
        let mut steps = match self.predictor {
            1 if self.dtype == DType::Bool => vec![Step::RowsOfBits(rows.row)],
            1 => Vec::new(),
            2 if self.dtype != DType::Bool => vec![Step::Differences(rows)],
            3 if self.dtype.class() == Class::Float => vec![Step::FloatDifferences(rows)],
            n => return Err(format!("predictor {n} is not read")),
        };
        match self.compression {
            1 => {}
            5 => steps.push(Step::Lzw),
            8 | 32946 => steps.push(Step::Zlib),
            32773 => steps.push(Step::Packbits),
            34925 => steps.push(Step::Xz),
            50000 => steps.push(Step::Zstd),
            n => return Err(format!("compression {n} is not read")),
        }
        Ok(steps)
    }

    /// Where the pieces of a page are: addresses and numbers of bytes.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if there are too few.
    pub fn pieces(&self, tags: &Tags<'_>, page: &[Entry]) -> Result<Vec<(u64, u64)>> {
        let (at, len) = if self.tiled {
            (TILES, TILE_BYTES)
        } else {
            (STRIPS, STRIP_BYTES)
        };
        let (at, len) = (numbers(tags, page, at)?, numbers(tags, page, len)?);
        let counts = self
            .lens
            .iter()
            .zip(&self.piece)
            .map(|(len, piece)| ((len + piece - 1) / piece) as u64);
        let planes = if self.planes { self.samples as u64 } else { 1 };
        let need = counts.fold(planes, u64::saturating_mul);
        if (at.len() as u64) < need || (len.len() as u64) < need {
            return Err(tags.damaged(&format!("a page lacks some of its {need} pieces")));
        }
        Ok(at.into_iter().zip(len).take(need as usize).collect())
    }
}
