//! `tilewright convert`: copies a stored array to another format.
//!
//! An expression that only reads, stored: what is said of memory, resuming and errors holds as for
//! `run`. Attributes and names of axes go along where the target has a place for them.

use super::session;
use super::store::{cancel_on_interrupt, in_part, read_chunks, read_region};
use crate::args::{self, Convert};
use crate::failure::Failure;
use crate::progress::Bar;
use tilewright::{Blosc, Codecs, Compression, DType, Store};

pub(super) fn convert(args: &Convert) -> Result<(), Failure> {
    let computing = |error: &tilewright::Error| Failure::computing(error);
    let info = tilewright::info(&args.source).map_err(|error| computing(&error))?;
    let mut array = if args.decode {
        tilewright::open_decoded(&args.source)
    } else {
        tilewright::open(&args.source)
    };
    if let Some(name) = &args.dtype {
        let dtype = DType::parse(name).ok_or_else(|| {
            let message = format!("unknown dtype {name:?}");
            Failure::argument(message, DType::ALL.map(DType::name).join(", "))
        })?;
        array = array.astype(dtype);
    }
    if let Some(error) = array.error() {
        return Err(computing(error));
    }
    let mut store = Store::to(&args.target).overwrite(args.overwrite);
    if let Some(chunks) = &args.chunks {
        store = store.chunks(read_chunks(chunks)?);
    }
    if let Some(codecs) = codecs(args)? {
        store = store.codecs(codecs);
    }
    let region = args.region.as_deref().map(read_region).transpose()?;
    let is_whole = region.is_none() && args.append.is_none();
    if is_whole {
        let mut attributes = info.attributes.all();
        attributes.retain(|name, value| store.keeps(name, value));
        if args.decode || info.scale.is_some() {
            for done in [
                "scale_factor",
                "add_offset",
                "_FillValue",
                "missing_value",
                "_Unsigned",
                "scl_slope",
                "scl_inter",
            ] {
                attributes.remove(done);
            }
        }
        store = store.described(attributes, info.dimension_names);
    }
    store = in_part(store, region.as_deref(), args.append);
    let bar = Bar::new(args.progress);
    let shown = bar.clone();
    let mut job = session(&args.how)?
        .job(&[array])
        .cancel(cancel_on_interrupt()?)
        .store(0, store);
    if args.progress != args::Progress::Never {
        job = job.progress(move |progress| shown.update(progress));
    }
    let finished = job.run();
    bar.finish();
    finished.map(|_| ()).map_err(|error| computing(&error))
}

/// How chunks are to be packed; `None` for what the format does by itself.
fn codecs(args: &Convert) -> Result<Option<Codecs>, Failure> {
    let asked = args.compression.is_some()
        || args.no_checksum
        || args.shards.is_some()
        || args.zarr_version.is_some();
    if !asked {
        return Ok(None);
    }
    let usual = Codecs::default();
    let version = args.zarr_version.unwrap_or(usual.zarr_version);
    let level = |usual: i32, range: std::ops::RangeInclusive<i32>| {
        let level = args.level.unwrap_or(usual);
        if range.contains(&level) {
            return Ok(level);
        }
        let (low, high) = (range.start(), range.end());
        let message = format!("--level {level} is out of range");
        Err(Failure::argument(message, format!("{low} to {high}")))
    };
    let compression = match args.compression {
        None => usual.compression,
        Some(args::Compression::None) => Compression::None,
        Some(args::Compression::Zstd) => Compression::Zstd(level(1, -7..=22)?),
        Some(args::Compression::Gzip) => Compression::Gzip(level(4, 0..=9)?.unsigned_abs()),
        Some(args::Compression::Blosc) => Compression::Blosc(Blosc {
            level: level(1, 0..=9)?.unsigned_abs() as u8,
            ..Blosc::default()
        }),
    };
    let shards = args.shards.as_deref().map(|text| {
        let lens = text.trim_matches(['(', ')']).split(',');
        let lens = lens.map(str::trim).filter(|len| !len.is_empty());
        lens.map(str::parse).collect::<Result<_, _>>().map_err(|_| {
            let message = format!("--shards {text:?} are no lengths");
            Failure::argument(message, "one length for each axis, such as 1000,1000")
        })
    });
    Ok(Some(Codecs {
        compression,
        checksum: !args.no_checksum && version == 3,
        shards: shards.transpose()?,
        zarr_version: version,
    }))
}
