//! How is a part of a dataset written that exists?
//!
//! Chunks go into a hidden pile, whole: those that the part covers in part are merged with what is stored,
//! by the one task that writes them. `finish` puts them into the file, if the dataset is still what it
//! was. Absent: other chunks or filters than the dataset's own.

use super::change::Change;
use super::encode::Encoder;
use super::existing::Existing;
use super::file::File;
use super::index::Chunked;
use super::pile::Pile;
use super::source;
use super::target::Target;
use super::tree;
use crate::location::Location;
use crate::part::{self, Covering};
use crate::slot::Slot;
use crate::source::chunk_box;
use crate::{ArraySpec, Counters, Sink, SinkInfo, Source, fault};
use std::sync::Arc;
use tilewright_core::{Result, Shape};

struct PartSink {
    info: SinkInfo,
    location: Location,
    /// The dataset as it is, for the chunks that are covered in part.
    old: Arc<dyn Source>,
    /// What it is told by.
    identity: u64,
    encoder: Encoder,
    covering: Covering,
    slot: Slot<Pile>,
}

/// Starts a part of a dataset.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is no such dataset, the part is not one of it, its chunks
/// are packed in a way that is not written, or the file may not be written to.
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let uri = location.uri.as_str();
    let Some(existing) = Existing::open(location)? else {
        return Err(part::missing(uri));
    };
    existing.check_start()?;
    let target = Target::find(&existing.said, location)?;
    let old = source::open(location)?;
    let plan = plan(location, spec, &target, &*old)?;
    let identity = target
        .identity(&existing.said)
        .map_err(|refusal| target.refused(location, refusal))?;
    // A link leads to the file that is changed, or takes the place of another on its file system.
    let path = std::fs::canonicalize(&location.path);
    let path = path.map_err(|error| fault::writing(uri, &location.path, &error))?;
    let said = format!("{:?} of {identity:016x}", spec.part);
    let pile = Pile::open(location, &path, (spec, &said), None)?;
    Ok(Arc::new(PartSink {
        info: plan.info,
        location: location.clone(),
        old,
        identity,
        encoder: plan.encoder,
        covering: plan.covering,
        slot: Slot::new(uri, pile),
    }))
}

/// What a sink would take; nothing is written.
///
/// # Errors
/// Those of [`create`] that do not come from writing.
pub fn describe(location: &Location, spec: &ArraySpec) -> Result<SinkInfo> {
    if !location.path.exists() {
        return Err(part::missing(&location.uri));
    }
    let target = Target::find(&File::open(location)?, location)?;
    let old = source::open(location)?;
    plan(location, spec, &target, &*old).map(|plan| plan.info)
}

/// What a part takes, and where it goes.
struct Plan {
    info: SinkInfo,
    encoder: Encoder,
    covering: Covering,
}

fn plan(location: &Location, spec: &ArraySpec, target: &Target, old: &dyn Source) -> Result<Plan> {
    let uri = location.uri.as_str();
    let refused = |refusal| target.refused(location, refusal);
    let described = &target.described;
    let place = part::place(uri, spec, (&described.shape, described.dtype))?;
    let chunked = target.chunked().map_err(refused)?;
    target.check_room(&spec.part, &place.1).map_err(refused)?;
    let whole: Shape = chunked.chunks.iter().map(|&len| i64::from(len)).collect();
    let array = (&whole[..], described.dtype, described.fill);
    let encoder = Encoder::existing(array, described.big_endian, &described.filters);
    let encoder = encoder.map_err(|error| {
        let error = refused((error, "tilewright convert it first".into()));
        error.fact("filters", described.names.join(", "))
    })?;
    let covering = Covering::new(spec, place, whole, encoder.fill().to_vec());
    let info = SinkInfo {
        uri: uri.into(),
        format: "hdf5",
        shape: spec.shape.clone(),
        dtype: spec.dtype,
        grid: covering.grid.clone(),
        encode_bytes: (encoder.working_bytes() as u64)
            .saturating_add(covering.merging_bytes(old))
            .saturating_add(index_bytes(chunked, &covering)),
    };
    Ok(Plan {
        info,
        encoder,
        covering,
    })
}

/// Upper bound of the bytes that the new index takes, and the places from which it is made.
fn index_bytes(chunked: &Chunked, covering: &Covering) -> u64 {
    let all = tilewright_core::Grid::regular(&covering.shape, &covering.whole);
    let table = chunked.table_bytes(&all);
    table.saturating_add(tree::bytes(
        all.chunks().max(0) as u64,
        covering.whole.len(),
    ))
}

impl PartSink {
    fn publish(&self, pile: &Pile) -> Result<()> {
        let location = &self.location;
        let Some(existing) = Existing::open(location)? else {
            return Err(part::missing(&self.info.uri));
        };
        existing.check_start()?;
        let said = &existing.said;
        let target = Target::find(said, location)?;
        let refused = |refusal| target.refused(location, refusal);
        if target.identity(said).map_err(refused)? != self.identity {
            return Err(refused((
                "the dataset has changed since the store began".into(),
                "run it again when nothing else writes to it".into(),
            )));
        }
        let address = said.superblock().eof_address - said.base();
        let (new, at) = (pile.laid(address), address + pile.len());
        let (bytes, start) = target
            .changed(said, &self.covering.shape, &new, at)
            .map_err(refused)?;
        existing.change(&Change {
            pile,
            bytes,
            header: (said.base() + target.address, start),
        })
    }
}

impl Sink for PartSink {
    fn info(&self) -> &SinkInfo {
        &self.info
    }

    fn write_chunk(&self, chunk: &[i64], elements: &[u8], counters: &Counters) -> Result<()> {
        let info = &self.info;
        chunk_box(&info.uri, &info.grid, info.dtype, chunk, elements.len())?;
        self.slot.write(chunk, |pile| {
            if elements.is_empty() {
                return Ok(());
            }
            let stored = self.covering.stored(chunk);
            let (whole, merged) =
                (self.covering).merged(&*self.old, &stored, elements, counters)?;
            pile.put(&stored.chunk, counters, || {
                self.encoder.encode(&whole, &merged)
            })
        })
    }

    fn stands(&self, chunk: &[i64]) -> bool {
        let stored = self.covering.stored(chunk);
        let stands = |pile: &Pile| pile.stands(&stored.chunk);
        self.slot.ask(stands).unwrap_or(false)
    }

    fn finish(&self) -> Result<()> {
        self.slot.finish(|pile| self.publish(&pile))
    }

    fn abort(&self) {
        self.slot.abort();
    }
}
