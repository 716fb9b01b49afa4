//! How is a strip or tile read?
//!
//! Pages of one shape and type make one array, as many as there are; others are left out. Absent: a
//! choice among several series.

use super::directory::Tags;
use super::page::{self, DESCRIPTION, Page};
use super::stack::{Stack, stack};
use crate::codec::Encoding;
use crate::file::Input;
use crate::location::Location;
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, runs};
use std::collections::HashSet;
use std::sync::Arc;
use tilewright_core::{Error, Grid, Result, Shape};

/// Most pages of a file.
const MOST_PAGES: usize = 1 << 24;

struct TiffSource {
    info: SourceInfo,
    input: Input,
    stack: Stack,
    page: Page,
    /// Rows and columns of pieces on a page.
    counts: [i64; 2],
    whole: Encoding,
    /// The last strip of a page, if it has fewer rows.
    last: Option<Encoding>,
    /// Where the pieces are, page after page: addresses and numbers of bytes.
    pieces: Vec<(u64, u64)>,
}

/// Opens a TIFF file.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is damaged, or its first page is not one that is read.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let input = Input::of(location)?;
    let (tags, first) = Tags::of(&input)?;
    let mut seen = HashSet::new();
    let mut found: Option<Page> = None;
    let (mut pieces, mut pages, mut left_out) = (Vec::new(), 0, 0);
    let mut description = String::new();
    let mut at = first;
    while at != 0 {
        if !seen.insert(at) || seen.len() > MOST_PAGES {
            return Err(tags.damaged("its pages go round in a circle"));
        }
        let (entries, next) = tags.page(at)?;
        at = next;
        if page::is_reduced(&tags, &entries)? {
            continue;
        }
        let page = match (&found, Page::of(&tags, &entries)) {
            (None, page) => page?,
            (Some(first), Ok(page)) if *first == page => page,
            _ => {
                left_out += 1;
                continue;
            }
        };
        pieces.extend(page.pieces(&tags, &entries)?);
        pages += 1;
        if found.is_none() {
            let text = entries.iter().find(|entry| entry.tag == DESCRIPTION);
            description = text.map_or(Ok(String::new()), |entry| tags.text(entry))?;
            found = Some(page);
        }
    }
    let page = found.ok_or_else(|| tags.damaged("it has no page of its own"))?;
    let big_endian = tags.big_endian;
    let stack = stack(&description, pages);
    let shape: Shape = stack.lens.iter().copied().chain(page.shape()).collect();
    let piece = page.of_lens(page.piece, 1);
    let chunk: Shape = std::iter::repeat_n(1, stack.lens.len())
        .chain(piece.iter().copied())
        .collect();
    let mut info = SourceInfo::plain("tiff", shape, page.dtype, &input);
    info.grid = Grid::regular(&info.shape, &chunk);
    let mut names: Vec<&str> = stack.names.clone();
    if page.planes {
        names.push("S");
    }
    names.extend(["Y", "X"]);
    if page.samples > 1 && !page.planes {
        names.push("S");
    }
    info.dimension_names = Some(names.iter().map(|name| Some((*name).to_owned())).collect());
    let mut attributes = serde_json::Map::new();
    if left_out > 0 {
        attributes.insert("pages left out".into(), left_out.into());
    }
    if !description.is_empty() {
        attributes.insert("description".into(), description.into());
    }
    info.attributes = attributes.into();
    let steps = page.steps(big_endian).map_err(|error| input.fault(error))?;
    info.codecs = steps.iter().map(|step| step.name().to_owned()).collect();
    let encoding = |lens: Shape| {
        let order: Vec<usize> = (0..lens.len()).collect();
        let encoding = Encoding::new(page.dtype, lens, &order, steps.clone(), big_endian);
        encoding.map_err(|error| tags.damaged(&error))
    };
    let rest = page.lens[0] % page.piece[0];
    let last = (!page.tiled && rest > 0).then(|| -> Result<Encoding> {
        let lens = page.of_lens([rest, page.piece[1]], 1);
        encoding(
            std::iter::repeat_n(1, stack.lens.len())
                .chain(lens)
                .collect(),
        )
    });
    let last = last.transpose()?;
    let whole = encoding(chunk)?;
    info.decode_bytes = whole.decode_bytes(&info.shape, input.reach()) as u64;
    let counts = [0, 1].map(|k| (page.lens[k] + page.piece[k] - 1) / page.piece[k]);
    Ok(Arc::new(TiffSource {
        info,
        stack,
        counts,
        whole,
        last,
        pieces,
        page,
        input,
    }))
}

impl TiffSource {
    /// The number of the piece that a chunk is, over all pages.
    fn number(&self, chunk: &[i64]) -> usize {
        let (lead, rest) = chunk.split_at(self.stack.lens.len());
        let page: i64 = lead
            .iter()
            .zip(&self.stack.steps)
            .map(|(k, step)| k * step)
            .sum();
        let [rows, columns] = self.counts;
        let planes = if self.page.planes {
            self.page.samples
        } else {
            1
        };
        let (plane, rest) = match rest {
            [plane, rest @ ..] if self.page.planes => (*plane, rest),
            rest => (0, rest),
        };
        let place = (plane * rows + rest[0]) * columns + rest[1];
        (page * planes * rows * columns + place) as usize
    }
}

impl Source for TiffSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let damaged = |error: String| -> Error {
            self.input
                .fault(format!("a strip or tile is damaged: {error}"))
                .fact("chunk", format!("{chunk:?}"))
                .way_out("the file is damaged at this place: copy or write it again")
        };
        self.input.check_before_reading()?;
        let rows_at = self.stack.lens.len() + usize::from(self.page.planes);
        let encoding = match &self.last {
            Some(last) if chunk[rows_at] + 1 == self.counts[0] => last,
            _ => &self.whole,
        };
        let (at, len) = self.pieces[self.number(chunk)];
        if len == 0 {
            // A tile that was never written.
            runs::fill(into, &vec![0; info.dtype.itemsize()]);
            return Ok(());
        }
        encoding.check(len).map_err(damaged)?;
        if at.checked_add(len).is_none_or(|end| end > self.input.len) {
            return Err(damaged("it goes beyond the end of the file".into()));
        }
        if encoding.is_plain(&lens) && len == into.len() as u64 {
            self.input.read_at(into, at)?;
            encoding.finish(into);
        } else {
            let stored = self.input.read_range(at, len)?;
            encoding.decode(&stored, 0, &lens, into).map_err(damaged)?;
        }
        counters.read_chunk(len as usize, encoding.bytes());
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        self.input.check_identity()
    }
}
