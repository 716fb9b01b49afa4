//! By which steps were a chunk's elements encoded?
//!
//! One step for each filter, so that a chunk's mask of filters left out is one of steps. Absent:
//! filters that are not registered with the HDF Group.

use crate::codec::{Bitshuffle, Inner, Step};
use crate::fault::{self, guarded};
use hdf5_reader::filters::apply_pipeline_with_limit;
use hdf5_reader::messages::filter_pipeline::FilterDescription;
use std::sync::Arc;

/// A filter: its number, its name, and its step for elements of so many bytes.
type Row = (u16, &'static str, Make);

type Make = fn(&FilterDescription, usize) -> Result<Step, String>;

/// The filters that are read, by the numbers under which they are registered.
static FILTERS: &[Row] = &[
    (1, "deflate", |_, _| Ok(Step::Zlib)),
    (2, "shuffle", |filter, size| {
        let stated = filter.client_data.first();
        Ok(Step::Shuffle(stated.map_or(size, |&size| size as usize)))
    }),
    (3, "fletcher32", |_, _| Ok(Step::Fletcher32)),
    (4, "szip", |filter, size| Ok(foreign("szip", filter, size))),
    (5, "nbit", |filter, size| Ok(foreign("nbit", filter, size))),
    (6, "scaleoffset", |filter, size| {
        Ok(foreign("scaleoffset", filter, size))
    }),
    (307, "bzip2", |_, _| Ok(Step::Bzip2)),
    (32000, "lzf", |_, _| Ok(Step::Lzf)),
    (32001, "blosc", |_, _| Step::blosc()),
    (32004, "lz4", |_, _| Ok(Step::Lz4Blocks)),
    (32008, "bitshuffle", |filter, size| {
        bitshuffle(filter, size).map(Step::Bitshuffle)
    }),
    (32015, "zstd", |_, _| Ok(Step::Zstd)),
];

/// The steps of a pipeline, and their names.
///
/// # Errors
/// If a filter is not known: a sentence and a way out.
pub fn steps(
    filters: &[FilterDescription],
    itemsize: usize,
) -> Result<(Vec<Step>, Vec<String>), (String, String)> {
    let mut steps = Vec::with_capacity(filters.len());
    let mut names = Vec::with_capacity(filters.len());
    for filter in filters {
        let Some((_, name, step)) = FILTERS.iter().find(|(id, ..)| *id == filter.id) else {
            let named = filter.name.as_deref().map(fault::quote).unwrap_or_default();
            let message = format!("the filter {} {named} is not supported", filter.id);
            let known: Vec<&str> = FILTERS.iter().map(|(_, name, _)| *name).collect();
            return Err((
                message,
                format!("h5repack it with one of {}", known.join(", ")),
            ));
        };
        let step = step(filter, itemsize).map_err(|error| (error, "h5repack it".to_owned()))?;
        steps.push(step);
        names.push((*name).to_owned());
    }
    Ok((steps, names))
}

/// What bitshuffle is told: a version, the bytes of an element, the elements of a block, and what blocks are
/// compressed by.
fn bitshuffle(filter: &FilterDescription, itemsize: usize) -> Result<Bitshuffle, String> {
    let told = |k: usize| filter.client_data.get(k).map(|&told| told as usize);
    let size = told(2).unwrap_or(itemsize);
    let inner = match told(4).unwrap_or(0) {
        0 => Inner::Nothing,
        2 => Inner::Lz4,
        3 => Inner::Zstd,
        other => {
            return Err(format!(
                "bitshuffle with compressor {other} is not supported"
            ));
        }
    };
    if size == 0 {
        return Err("bitshuffle of elements without bytes is not possible".into());
    }
    let block = told(3).unwrap_or(0);
    Ok(Bitshuffle { size, block, inner })
}

/// A filter that the library undoes.
fn foreign(name: &'static str, filter: &FilterDescription, itemsize: usize) -> Step {
    let filters = [filter.clone()];
    Step::Foreign(
        name,
        Arc::new(move |encoded, most| {
            guarded("hdf5", || {
                apply_pipeline_with_limit(encoded, &filters, 0, itemsize, None, Some(most))
                    .map_err(|error| error.to_string())
            })
        }),
    )
}
