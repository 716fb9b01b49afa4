//! Does a plan hold together?
//!
//! A plan that was made elsewhere is data: what it refers to must be there, and every index have as
//! many axes as what it indexes. Absent: whether it computes what was asked for.

use crate::affine::Affine;
use crate::plan::{Input, Operand, Piece, Place, Plan, Stage, StageOutput, Within};
use crate::tile::Span;
use tilewright_core::{AxisGrid, Error, Kind, Result};

/// The highest level of a tree of leaves of 512 elements: no array has 2^63.
const DEEPEST: u32 = 53;

impl Plan {
    /// Checks that stages read what is there, with as many axes as it has, and that their kernels are
    /// well-formed.
    ///
    /// # Errors
    /// [`Kind::Internal`] with the stage and what does not fit.
    pub fn check(&self) -> Result<()> {
        for source in &self.sources {
            if let Place::Stored { grid, .. } = &source.place {
                ensure(hold(&grid.axes), "a source with wrong cuts")?;
            }
        }
        for (k, stage) in self.stages.iter().enumerate() {
            let cuts = hold(&stage.grid.axes) && hold(&stage.tiling.kept);
            ensure(cuts, "wrong cuts")?;
            stage.kernel.check()?;
            let place = |error: Error| error.fact("stage", format!("{k} {}", stage.label));
            self.stage(k, stage).map_err(place)?;
        }
        for root in &self.roots {
            ensure(
                self.has(*root, self.stages.len()),
                "a root that is no output",
            )?;
            let own = self.stages[root.stage].within.is_none();
            ensure(own, "a root within the tasks of another stage")?;
        }
        (self.stages.iter().enumerate()).try_for_each(|(k, stage)| {
            let place = |error: Error| error.fact("stage", format!("{k} {}", stage.label));
            self.turns(k, stage).map_err(place)
        })
    }

    /// Whether a stage runs in the turn of an earlier one, and reads what is there by then.
    fn turns(&self, k: usize, stage: &Stage) -> Result<()> {
        if let Some(first) = stage.abreast {
            let first = self.stages.get(first).filter(|_| first < k);
            let leads = |first: &Stage| first.within.is_none() && first.abreast.is_none();
            let fits = stage.within.is_none() && first.is_some_and(leads);
            ensure(fits, "a stage in the turn of no earlier one")?;
        }
        let pieces = stage.operands.iter().flat_map(|operand| &operand.pieces);
        for input in pieces.flat_map(Piece::inputs) {
            if let Input::Stage(output) = input {
                let part = self.stages[output.stage].within.is_some();
                let made = part || self.turn(output.stage) < self.turn(k);
                ensure(made, "a stage before one that it reads")?;
            }
        }
        Ok(())
    }

    /// Whether an output is one of the first stages.
    fn has(&self, output: StageOutput, stages: usize) -> bool {
        let stage = self
            .stages
            .get(output.stage)
            .filter(|_| output.stage < stages);
        stage.is_some_and(|stage| output.output < stage.outputs.len())
    }

    fn stage(&self, k: usize, stage: &Stage) -> Result<()> {
        let axes = stage.domain.len();
        ensure(!stage.outputs.is_empty(), "no output")?;
        ensure(
            stage.domain.iter().all(|&len| len >= 0),
            "a negative extent",
        )?;
        ensure(stage.kept <= axes, "more kept axes than axes")?;
        ensure(
            stage.grid.shape() == stage.domain,
            "a grid of another shape",
        )?;
        ensure(stage.tiling.lane < axes, "lanes along no axis")?;
        let tiled = stage.tiling.kept.len();
        let fits = match &stage.blocks {
            // One value is a block of one element.
            Some(blocks) => tiled >= blocks.cuts.made.axes.len(),
            None => tiled == stage.kept,
        };
        ensure(fits, "tiles of other axes")?;
        let deep = match stage.tiling.span {
            Span::Leaves(level) | Span::Chunks(level) => level > DEEPEST,
            Span::None | Span::Rows | Span::Parts(_) => false,
        };
        ensure(!deep, "tasks of more leaves than there can be")?;
        let in_parts = matches!(stage.tiling.span, Span::Parts(len) if len > 0);
        let whole = !matches!(stage.tiling.span, Span::Parts(_));
        let single = stage.rows.as_ref().is_some_and(|rows| rows.axes == 1);
        ensure(whole || in_parts && single, "parts of no rows")?;
        ensure(all_of(&stage.affines, axes), "an index of other axes")?;
        if let Some(rows) = &stage.rows {
            let ndim = stage.outputs[0].shape.len();
            let known = rows.walks.iter().flatten().all(|&axis| axis < ndim);
            ensure(known && rows.walks.len() == axes, "rows along no axis")?;
        }
        for operand in &stage.operands {
            self.operand(k, operand, axes)?;
        }
        match &stage.within {
            Some(within) => self.part(k, stage, within),
            None => Ok(()),
        }
    }

    fn operand(&self, k: usize, operand: &Operand, axes: usize) -> Result<()> {
        ensure(operand.along.coefs.len() == axes, "an index of other axes")?;
        for Piece {
            input,
            shape,
            maps,
            lookups,
            ..
        } in &operand.pieces
        {
            self.input(k, *input)?;
            let fits = maps.len() == shape.len() && all_of(maps, axes);
            ensure(fits, "an index of other axes")?;
            for lookup in lookups {
                self.input(k, lookup.input)?;
                let fits = lookup.maps.len() == lookup.shape.len() && all_of(&lookup.maps, axes);
                ensure(fits && lookup.axis < shape.len(), "indices of other axes")?;
            }
        }
        Ok(())
    }

    fn input(&self, k: usize, input: Input) -> Result<()> {
        match input {
            Input::Source(source) => {
                ensure(source < self.sources.len(), "a source that is not there")
            }
            Input::Stage(output) => {
                ensure(self.has(output, k), "an output of no earlier stage")?;
                // What is computed within tasks is read by them alone.
                let within = self.stages[output.stage].within.as_ref();
                let reader = self.stages[k].reader(k);
                let alone = within.is_none_or(|within| within.stage == reader);
                ensure(alone, "an output that is within the tasks of another stage")
            }
        }
    }

    fn part(&self, k: usize, stage: &Stage, within: &Within) -> Result<()> {
        let reader = self.stages.get(within.stage).filter(|_| within.stage > k);
        let reader = reader.filter(|reader| reader.within.is_none());
        let reads = |reader: &Stage| {
            within.maps.len() == stage.domain.len()
                && within.reach.len() == stage.domain.len()
                && within.reach.iter().all(|&reach| reach >= 0)
                && all_of(&within.maps, reader.domain.len())
        };
        ensure(reader.is_some_and(reads), "a part of no later stage's")?;
        let by_element = stage.rows.is_none() && stage.blocks.is_none() && !stage.reduces();
        let one = stage.outputs.len() == 1 && stage.outputs[0].shape == stage.domain;
        ensure(by_element && one, "a part of what is computed as a whole")
    }
}

/// Whether the cuts of every axis are some.
fn hold(axes: &[AxisGrid]) -> bool {
    axes.iter().all(AxisGrid::holds_together)
}

fn all_of(maps: &[Affine], axes: usize) -> bool {
    maps.iter().all(|map| map.coefs.len() == axes)
}

fn ensure(holds: bool, what: &str) -> Result<()> {
    match holds {
        true => Ok(()),
        false => Err(Error::new(Kind::Internal, format!("a plan with {what}"))),
    }
}
