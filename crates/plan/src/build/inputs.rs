//! Which arrays does a stage's body name?

use super::Planner;
use crate::plan::{Input, Place, Source, StageOutput};
use crate::program::Inputs;
use tilewright_core::{Error, Kind, Result, Scalar};
use tilewright_expr::attr::{Leaf, SourceRef};

/// The inputs of one stage.
pub(super) struct Names<'a> {
    pub planner: &'a mut Planner,
    pub arguments: &'a [StageOutput],
}

impl Inputs for Names<'_> {
    fn argument(&self, k: usize) -> Result<Input> {
        let output = self.arguments.get(k).copied();
        output
            .map(Input::Stage)
            .ok_or_else(|| Error::new(Kind::Internal, "a stage misses an input"))
    }

    fn source(&mut self, leaf: &Leaf, source: &SourceRef) -> Result<Input> {
        let place = match source {
            SourceRef::Stored {
                uri,
                identity,
                decode_bytes,
                grid,
                access,
                user,
            } => Place::Stored {
                uri: uri.to_string(),
                identity: identity.to_string(),
                grid: grid.clone(),
                decode_bytes: *decode_bytes,
                access: access.clone(),
                user: user
                    .as_ref()
                    .map(|user| intern(&mut self.planner.handles.sources, user.clone())),
            },
            SourceRef::Memory(array) => Place::Memory {
                handle: intern(&mut self.planner.handles.arrays, array.clone()),
            },
        };
        let source = Source {
            place,
            dtype: leaf.dtype,
            shape: leaf.whole.clone(),
        };
        Ok(Input::Source(intern(&mut self.planner.sources, source)))
    }

    fn literal(&mut self, leaf: &Leaf, elements: &[Scalar]) -> Result<Input> {
        let size = leaf.dtype.itemsize();
        let bytes = elements
            .iter()
            .flat_map(|e| e.bits().to_le_bytes()[..size].to_vec())
            .collect();
        let place = Place::Literal { bytes };
        let source = Source {
            place,
            dtype: leaf.dtype,
            shape: leaf.whole.clone(),
        };
        Ok(Input::Source(intern(&mut self.planner.sources, source)))
    }
}

/// The position of one among those that are known, which it joins.
pub(super) fn intern<T: PartialEq>(known: &mut Vec<T>, one: T) -> usize {
    known.iter().position(|k| *k == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    })
}
