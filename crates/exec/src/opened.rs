//! How does a run come by what its plan reads?
//!
//! Absent: which elements of it are read.

use crate::executor::RunOptions;
use std::sync::Arc;
use tilewright_core::{Error, Kind, Result};
use tilewright_io::Source;
use tilewright_plan::plan::Place;
use tilewright_plan::{Access, MemoryArray, Planned, UserSource};

/// A source as tasks read it.
pub enum Opened {
    /// A file or store, read chunk by chunk.
    Stored(Arc<dyn Source>),
    /// A file that lies open in memory.
    Mapped(Arc<dyn Source>),
    /// An array of this process.
    Memory(MemoryArray),
    /// Elements of the plan.
    Literal(Vec<u8>),
}

/// The source of the user's that a handle stands for.
pub fn own(user: &UserSource) -> Option<Arc<dyn Source>> {
    user.get()?.downcast_ref::<Arc<dyn Source>>().cloned()
}

/// Opens the sources of a plan.
///
/// # Errors
/// [`Kind::Source`] for one that is not there, or not as the plan says.
pub(crate) fn open(planned: &Planned, options: &RunOptions) -> Result<Vec<Opened>> {
    let handles = &planned.handles;
    let elsewhere = || {
        Error::new(
            Kind::Source,
            "the plan reads an array that is not in this process",
        )
        .way_out("plan it here")
    };
    let one = |source: &tilewright_plan::Source| match &source.place {
        Place::Stored {
            uri,
            identity,
            access,
            user,
            ..
        } => {
            let found = match user {
                Some(user) => handles
                    .sources
                    .get(*user)
                    .and_then(own)
                    .ok_or_else(elsewhere),
                None => (options.open)(uri, identity),
            }?;
            match access {
                Access::Mapped { strides, swapped } => lies_open(found, uri, strides, *swapped),
                Access::Chunks | Access::Distant => Ok(Opened::Stored(found)),
            }
        }
        Place::Memory { handle } => handles
            .arrays
            .get(*handle)
            .cloned()
            .map(Opened::Memory)
            .ok_or_else(elsewhere),
        Place::Literal { bytes } => Ok(Opened::Literal(bytes.clone())),
    };
    planned.plan.sources.iter().map(one).collect()
}

/// A source that kernels read where it lies, if it does so as the plan says.
fn lies_open(source: Arc<dyn Source>, uri: &str, strides: &[i64], swapped: bool) -> Result<Opened> {
    match source.in_place() {
        Some(place) if place.strides[..] == *strides && place.swapped == swapped => {
            Ok(Opened::Mapped(source))
        }
        _ => Err(Error::new(
            Kind::Source,
            "the plan reads a file through a map, which cannot be made here",
        )
        .fact("array", uri)
        .way_out("plan it here")),
    }
}

/// Finds a source that changed while it was read, which gave a mixture of both.
///
/// # Errors
/// [`Kind::Source`] with that source.
pub(crate) fn check_identities(sources: &[Opened]) -> Result<()> {
    sources.iter().try_for_each(|source| match source {
        Opened::Stored(source) | Opened::Mapped(source) => source.check_identity(),
        _ => Ok(()),
    })
}
