//! How is a chunk of a dataset read?
//!
//! A dataset in one piece is read as any plain array. The places of chunks are looked up once, at
//! the first read. Absent: a cache of decoded chunks.

use super::attributes::Attributes;
use super::dataset::DAMAGED;
use super::dataset::{self, Storage};
use super::file::File;
use super::index::{Chunked, Place};
use super::members;
use crate::codec::Encoding;
use crate::file::Input;
use crate::location::Location;
use crate::source::chunk_box;
use crate::{Counters, InPlace, Source, SourceInfo, fault, plain, runs};
use std::sync::{Arc, OnceLock};
use tilewright_core::{Error, Grid, Result, Shape, element_count};

struct Hdf5Source {
    info: SourceInfo,
    file: Arc<File>,
    encoding: Encoding,
    storage: Pieces,
}

/// Where the pieces of a dataset are.
enum Pieces {
    /// In the header: one.
    Inline(Vec<u8>),
    /// Nowhere.
    Nowhere,
    /// In the file, as its index says.
    Chunked(Chunked, Places),
}

type Places = OnceLock<Result<Vec<Place>, String>>;

/// Opens a dataset.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if there is none, or none that can be read.
pub fn open(location: &Location) -> Result<Arc<dyn Source>> {
    let file = Arc::new(File::open(location)?);
    let key = file.key(location)?;
    let address =
        members::dataset(&file, &key).map_err(|error| file.missing(location, &key, &error))?;
    open_at(location, file, (&key, address))
}

/// Opens the dataset at an address of an open file.
///
/// # Errors
/// Those of [`open`].
pub fn open_at(
    location: &Location,
    file: Arc<File>,
    (key, address): (&str, u64),
) -> Result<Arc<dyn Source>> {
    let refused = |message: String, way_out: String| {
        file.fault(message).fact("dataset", key).way_out(way_out)
    };
    let damaged = |error| refused(error, DAMAGED.into());
    let header = file.header(address).map_err(damaged)?;
    let described = dataset::describe(&file, address, &header)
        .map_err(|(message, way_out)| refused(message, way_out))?;
    let (shape, dtype) = (described.shape, described.dtype);
    let mut info = SourceInfo::plain("hdf5", shape.clone(), dtype, &file.input);
    info.uri.clone_from(&location.uri);
    let attributes = Attributes::read(&file, header).map_err(damaged)?;
    info.dimension_names = attributes.dimension_names(shape.len(), key);
    info.attributes = attributes.shown();
    info.fill = described.fill;
    info.stored_bytes = None;
    let (pieces, chunk) = match described.storage {
        Storage::Contiguous(address) => {
            let layout = plain::Layout {
                start: file.base().saturating_add(address),
                fortran: false,
                big_endian: described.big_endian,
            };
            let input = Input::of(location)?;
            let bytes = element_count(&shape).map(|count| count * dtype.itemsize() as i64);
            info.stored_bytes = bytes.map(|bytes| bytes as u64);
            return plain::source(info, input, &layout);
        }
        Storage::Inline(data) => (
            Pieces::Inline(data),
            shape.iter().map(|&len| len.max(1)).collect(),
        ),
        Storage::Nowhere => {
            let longest = info.grid.longest();
            (
                Pieces::Nowhere,
                longest.iter().map(|&len| len.max(1)).collect(),
            )
        }
        Storage::Chunked(chunked) => {
            let chunk: Shape = chunked.chunks.iter().map(|&len| i64::from(len)).collect();
            (Pieces::Chunked(chunked, OnceLock::new()), chunk)
        }
    };
    if !matches!(pieces, Pieces::Nowhere) {
        info.grid = Grid::regular(&shape, &chunk);
    }
    let order: Vec<usize> = (0..shape.len()).collect();
    let encoding = Encoding::new(dtype, chunk, &order, described.steps, described.big_endian)
        .map_err(|error| file.fault(error).way_out(DAMAGED))?;
    let table = match &pieces {
        Pieces::Chunked(chunked, _) => chunked.table_bytes(&info.grid),
        Pieces::Inline(_) | Pieces::Nowhere => 0,
    };
    info.decode_bytes =
        table.saturating_add(encoding.decode_bytes(&shape, file.input.reach()) as u64);
    info.codecs = described.names;
    if described.big_endian && dtype.itemsize() > 1 {
        info.codecs.insert(0, "big-endian".into());
    }
    Ok(Arc::new(Hdf5Source {
        info,
        file,
        encoding,
        storage: pieces,
    }))
}

impl Hdf5Source {
    /// Where a chunk is; `None` if it was never written.
    fn place(
        &self,
        (chunked, places): (&Chunked, &Places),
        chunk: &[i64],
        counters: &Counters,
    ) -> Result<Option<Place>> {
        let places = self.places(chunked, places, counters);
        let places = places.as_ref().map_err(|error| {
            let message = format!("the index of the chunks cannot be read: {error}");
            self.file.fault(message).way_out(DAMAGED)
        })?;
        let number = chunk.iter().zip(&self.info.grid.axes);
        let number = number.fold(0, |n, (&k, axis)| n * axis.chunks() as u64 + k as u64);
        let at = places.binary_search_by_key(&number, |place| place.number);
        Ok(at.ok().map(|at| places[at]))
    }

    /// Where all chunks are, looked up once.
    fn places<'a>(
        &self,
        chunked: &Chunked,
        places: &'a Places,
        counters: &Counters,
    ) -> &'a Result<Vec<Place>, String> {
        places.get_or_init(|| {
            let found = self
                .file
                .ask_counted(|file| chunked.places(file, &self.info.grid));
            found.map(|(places, read)| {
                counters.read_index(read as usize);
                places
            })
        })
    }

    /// Reads and decodes a chunk of lengths `lens`.
    fn fetch(&self, place: Place, lens: &[i64], into: &mut [u8]) -> Result<()> {
        let input = &self.file.input;
        let damaged = |error: String| {
            input
                .fault(format!("a chunk is damaged: {error}"))
                .way_out("the file is damaged at this chunk: copy or write it again")
        };
        self.encoding.check(place.len).map_err(damaged)?;
        let offset = self.file.base().saturating_add(place.address);
        if input.len.saturating_sub(offset) < place.len {
            return Err(damaged(format!(
                "its {} bytes at byte {offset} go beyond the end of the file",
                place.len
            )));
        }
        if self.encoding.is_plain(lens) && place.len == into.len() as u64 {
            input.read_at(into, offset)?;
            self.encoding.finish(into);
            return Ok(());
        }
        let stored = input.read_range(offset, place.len)?;
        let decoded = self.encoding.decode(&stored, place.skip, lens, into);
        decoded.map_err(damaged)
    }
}

impl Source for Hdf5Source {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        let (_, lens) = chunk_box(&info.uri, &info.grid, info.dtype, chunk, into.len())?;
        if into.is_empty() {
            return Ok(());
        }
        let at_chunk = |error: Error| fault::at_chunk(error, chunk);
        self.file.input.check_before_reading().map_err(at_chunk)?;
        let place = match &self.storage {
            Pieces::Inline(data) => {
                into.copy_from_slice(data);
                self.encoding.finish(into);
                counters.read_chunk(data.len(), data.len());
                return Ok(());
            }
            Pieces::Nowhere => None,
            Pieces::Chunked(chunked, places) => {
                let place = self.place((chunked, places), chunk, counters);
                let whole = chunked
                    .chunks
                    .iter()
                    .zip(&lens)
                    .all(|(a, b)| i64::from(*a) == *b);
                place
                    .map_err(at_chunk)?
                    .map(|place| match whole || !chunked.bare_edges {
                        true => place,
                        false => Place {
                            skip: u32::MAX,
                            ..place
                        },
                    })
            }
        };
        let Some(place) = place else {
            let itemsize = info.dtype.itemsize();
            runs::fill(into, &info.fill.bits().to_le_bytes()[..itemsize]);
            return Ok(());
        };
        self.fetch(place, &lens, into).map_err(at_chunk)?;
        counters.read_chunk(place.len as usize, self.encoding.bytes());
        Ok(())
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn stored_bytes(&self) -> Option<u64> {
        match &self.storage {
            Pieces::Inline(data) => Some(data.len() as u64),
            Pieces::Nowhere => Some(0),
            Pieces::Chunked(chunked, places) => {
                let places = self.places(chunked, places, &Counters::default());
                let places = places.as_ref().ok()?;
                Some(places.iter().map(|place| place.len).sum())
            }
        }
    }

    fn check_identity(&self) -> Result<()> {
        self.file.input.check_identity()
    }
}
