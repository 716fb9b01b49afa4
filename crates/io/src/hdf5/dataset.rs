//! What does a dataset's header say?
//!
//! Every length is checked here, before anything of that length is read. Absent: elements.

use super::dtype;
use super::edges;
use super::file::File;
use super::filters;
use super::header::Header;
use super::index::Chunked;
use super::message::LAYOUT;
use crate::codec::Step;
use crate::runs;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::HdfMessage;
use hdf5_reader::messages::dataspace::DataspaceType;
use hdf5_reader::messages::fill_value::FillValueMessage;
use hdf5_reader::messages::filter_pipeline::FilterDescription;
use hdf5_reader::messages::layout::DataLayout;
use hdf5_reader::object_header::ObjectHeader;
use std::sync::Arc;
use tilewright_core::{DType, Scalar, Shape, element_count};

/// A sentence and a way out.
pub type Refusal = (String, String);

/// What to do with a file that is damaged.
pub const DAMAGED: &str = "it is damaged or still being written: copy or write it again";

/// The class of a layout whose elements stand in other datasets.
const VIRTUAL: u8 = 3;

/// What a header says.
pub struct Description {
    /// Lengths of the axes.
    pub shape: Shape,
    /// Element type.
    pub dtype: DType,
    /// Whether elements are big-endian.
    pub big_endian: bool,
    /// What was never written.
    pub fill: Scalar,
    /// Where the elements are.
    pub storage: Storage,
    /// By which steps a chunk is encoded.
    pub steps: Vec<Step>,
    /// Their names.
    pub names: Vec<String>,
    /// What the file says of them.
    pub filters: Vec<FilterDescription>,
}

/// Where the elements of a dataset are.
pub enum Storage {
    /// In the header.
    Inline(Vec<u8>),
    /// In one piece that starts at this address, behind the user block.
    Contiguous(u64),
    /// Nowhere: nothing was written.
    Nowhere,
    /// In chunks.
    Chunked(Chunked),
}

fn refuse<T>(message: impl Into<String>, way_out: impl Into<String>) -> Result<T, Refusal> {
    Err((message.into(), way_out.into()))
}

/// Reads the header of a dataset.
///
/// # Errors
/// If it is damaged, or of a kind that is not read.
pub fn describe(file: &File, address: u64, stored: &Header) -> Result<Description, Refusal> {
    let damaged = |error: String| (error, DAMAGED.to_owned());
    if let Some([3..=5, VIRTUAL, ..]) = stored.find(LAYOUT) {
        return refuse(
            "the dataset is virtual: its elements stand in other datasets, which are not read",
            "name those, or copy it into a dataset of its own with h5py",
        );
    }
    let header = file
        .ask(|library| library.get_or_parse_header(address))
        .map_err(damaged)?;
    if find(&header, |message| {
        matches!(message, HdfMessage::ExternalFiles(_)).then_some(())
    })
    .is_some()
    {
        return refuse(
            "the elements stand in other files, which are not read",
            "h5repack it into one file",
        );
    }
    let (shape, most) = shape(&header)?;
    let datatype = find(&header, |message| match message {
        HdfMessage::Datatype(said) => Some(said.datatype.clone()),
        _ => None,
    });
    let datatype = datatype.ok_or_else(|| damaged("the dataset has no datatype".into()))?;
    let raw = dtype::stored(file, stored).map_err(damaged)?;
    let (dtype, big_endian) = dtype::dtype(&datatype, &raw)
        .map_err(|(message, way_out)| (message, way_out.to_owned()))?;
    let size = dtype.itemsize();
    let bytes = element_count(&shape).and_then(|count| count.checked_mul(size as i64));
    let Some(bytes) = bytes else {
        return refuse(format!("the shape {shape:?} is too large"), DAMAGED);
    };
    let pipeline = find(&header, |message| match message {
        HdfMessage::FilterPipeline(pipeline) => Some(pipeline.filters.clone()),
        _ => None,
    });
    let pipeline = pipeline.unwrap_or_default();
    let (steps, names) = filters::steps(&pipeline, size)?;
    let filtered = !steps.is_empty();
    let storage = storage(file, stored, &header, (&shape, most), size, filtered)?;
    match &storage {
        Storage::Inline(data) if data.len() as i64 != bytes => {
            let have = data.len();
            return refuse(format!("the header holds {have} bytes of {bytes}"), DAMAGED);
        }
        Storage::Inline(_) | Storage::Contiguous(_) if filtered => {
            return refuse("a dataset without chunks has filters", DAMAGED);
        }
        _ => {}
    }
    Ok(Description {
        fill: fill(&header, dtype, big_endian)?,
        shape,
        dtype,
        big_endian,
        storage,
        steps,
        names,
        filters: pipeline,
    })
}

/// The first message that `pick` takes.
fn find<T>(header: &Arc<ObjectHeader>, pick: impl Fn(&HdfMessage) -> Option<T>) -> Option<T> {
    header.messages.iter().find_map(pick)
}

/// The lengths of the axes of the dataset at `address`, and what they may grow to; `None` if that cannot be
/// read.
pub fn lens(file: &File, address: u64) -> Option<(Shape, Option<Vec<u64>>)> {
    let header = file.ask(|library| library.get_or_parse_header(address));
    shape(&header.ok()?).ok()
}

/// Lengths of the axes, and what they may grow to.
fn shape(header: &Arc<ObjectHeader>) -> Result<(Shape, Option<Vec<u64>>), Refusal> {
    let space = find(header, |message| match message {
        HdfMessage::Dataspace(space) => Some(space.clone()),
        _ => None,
    });
    let Some(space) = space else {
        return refuse("the dataset has no shape", DAMAGED);
    };
    if space.dataspace_type == DataspaceType::Null {
        return refuse("the dataset is empty and has no shape", "name another one");
    }
    let lens = space.dims.iter().map(|&len| i64::try_from(len));
    match lens.collect::<Result<Shape, _>>() {
        Ok(shape) => Ok((shape, space.max_dims)),
        Err(_) => refuse("an axis has 2^63 elements or more", DAMAGED),
    }
}

/// Where the elements are.
fn storage(
    file: &File,
    stored: &Header,
    header: &Arc<ObjectHeader>,
    (shape, most): (&[i64], Option<Vec<u64>>),
    size: usize,
    filtered: bool,
) -> Result<Storage, Refusal> {
    let layout = find(header, |message| match message {
        HdfMessage::DataLayout(layout) => Some(layout.layout.clone()),
        _ => None,
    });
    let offset_size = file.superblock().offset_size;
    let nowhere = |address| Cursor::is_undefined_offset(address, offset_size);
    Ok(match layout {
        None => return refuse("the dataset has no layout", DAMAGED),
        Some(DataLayout::Compact { data }) => Storage::Inline(data),
        Some(DataLayout::Contiguous { address, .. }) if nowhere(address) => Storage::Nowhere,
        Some(DataLayout::Contiguous { address, .. }) => Storage::Contiguous(address),
        Some(DataLayout::Chunked {
            address,
            mut dims,
            chunk_indexing,
            ..
        }) => {
            // Older layouts have the size of an element as one axis more.
            if dims.len() == shape.len() + 1 {
                dims.pop();
            }
            let bytes = dims
                .iter()
                .try_fold(size as u64, |bytes, &len| bytes.checked_mul(len.into()));
            let Some(bytes) = bytes.filter(|&bytes| bytes > 0 && bytes <= u32::MAX.into()) else {
                return refuse(format!("chunks of {dims:?} are not possible"), DAMAGED);
            };
            if dims.len() != shape.len() || dims.is_empty() {
                let axes = shape.len();
                return refuse(
                    format!("chunks of {dims:?} do not cut {axes} axes"),
                    DAMAGED,
                );
            }
            let newer = filtered && chunk_indexing.is_some();
            Storage::Chunked(Chunked {
                address,
                kind: chunk_indexing,
                chunks: dims,
                shape: shape.iter().map(|&len| len as u64).collect(),
                most,
                bytes,
                filtered,
                bare_edges: newer && edges::are_bare(stored),
            })
        }
    })
}

/// What was never written; 0 where nothing else was asked for.
fn fill(header: &Arc<ObjectHeader>, dtype: DType, big_endian: bool) -> Result<Scalar, Refusal> {
    let value = find(header, |message| match message {
        HdfMessage::FillValue(FillValueMessage { value, .. }) => value.clone(),
        _ => None,
    });
    let Some(mut value) = value.filter(|value| !value.is_empty()) else {
        return Ok(Scalar::zero(dtype));
    };
    if value.len() != dtype.itemsize() {
        let have = value.len();
        return refuse(format!("the fill value has {have} bytes"), DAMAGED);
    }
    runs::make_native(dtype, big_endian, &mut value);
    Ok(Scalar::from_bytes(dtype, &value))
}
